"""Makes a large corpus with planted copies, and measures what `jiaokan index` finds of them.

Usage: python3 corpus/planted.py make SOURCE FOLDER [--size MB] [--seed N]
       python3 corpus/planted.py measure FOLDER [--jiaokan PROGRAM] [--runs N]

`make` takes the clauses of all .txt files in SOURCE, puts them together at random into paragraphs that nobody wrote, and writes these as
documents of about 20 KB into FOLDER/corpus. Every thirtieth paragraph, roughly, comes again in a later document: as it is, with one,
three, five or ten of a hundred characters replaced, added or left out, or with one numeral replaced by another, which makes it another
paragraph and no copy. FOLDER/truth.jsonl says which, and where. The same
source, size and seed make the same files. Take text that is free, and much of it, or the clauses repeat: ten million characters will do.

`measure` indexes FOLDER/corpus on one thread and on all, counts lines with `wc -lm` and sorts them with `sort -u` in the same run, and
prints megabytes a second, peak memory, and by edit rate how many of the planted copies are listed, once as candidates that sketches
agree on and once as what is left when the texts are compared; precision is the share of listed pairs that were planted.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from pathlib import Path

CLAUSE = re.compile(r"[^，。；：！？、\s“”‘’「」『』（）()《》〈〉【】…—]+")
HAN = re.compile(r"[\u4e00-\u9fff]")
RATES = [0, 1, 3, 5, 10]
# In the truth, what one numeral makes another paragraph.
NUMERAL = "numeral"
NUMERALS = "一二三四五六七八九0123456789"
DOCUMENT = 20_000
EVERY = 30


def clauses(source):
    """Clauses of Han at large, and the characters to make errors with."""
    found, characters = [], Counter()
    for path in sorted(Path(source).rglob("*.txt")):
        text = path.read_text("utf-8", errors="ignore")
        for clause in dict.fromkeys(CLAUSE.findall(text)):
            if 5 <= len(clause) <= 20 and len(HAN.findall(clause)) * 5 >= len(clause) * 4:
                found.append(clause)
        characters.update(HAN.findall(text))
    return sorted(set(found)), [c for c, _ in characters.most_common(3000)]


def damaged(text, rate, characters, dice):
    """`text` with `rate` of a hundred characters changed; marks stay."""
    places = [at for at, c in enumerate(text) if HAN.match(c)]
    count = max(1, round(len(places) * rate / 100))
    out = list(text)
    for at in dice.sample(places, min(count, len(places))):
        kind = dice.random()
        if kind < 0.6:
            out[at] = dice.choice([c for c in dice.choices(characters, k=3) if c != text[at]] or characters)
        elif kind < 0.8:
            out[at] = ""
        else:
            out[at] += dice.choice(characters)
    return "".join(out)


def renumbered(text, dice):
    """`text` with one numeral replaced by another; as it is when it has none."""
    places = [at for at, c in enumerate(text) if c in NUMERALS]
    if not places:
        return text
    at = dice.choice(places)
    kind = NUMERALS[:9] if text[at] in NUMERALS[:9] else NUMERALS[9:]
    return text[:at] + dice.choice([c for c in kind if c != text[at]]) + text[at + 1 :]


def make(arguments):
    dice = random.Random(arguments.seed)
    pool, characters = clauses(arguments.source)
    if len(pool) < 1000:
        sys.exit(f"{arguments.source}: only {len(pool)} clauses in its .txt files: name a folder with more text")
    folder = Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=False)
    written, number, planted, waiting = 0, 0, 0, []
    with open(folder / "truth.jsonl", "w", encoding="utf-8") as truth:
        while written < arguments.size * 1_000_000:
            path = f"corpus/{number // 1000:03}/{number:06}.txt"
            lines, length, fresh = [], 0, []
            while length < DOCUMENT:
                due = len(waiting) > 200 and dice.random() < 1.0 / EVERY or len(waiting) > 2000
                if due:
                    at = dice.randrange(len(waiting))
                    waiting[at], waiting[-1] = waiting[-1], waiting[at]
                    text, original, rate = waiting.pop()
                    if rate == NUMERAL:
                        text = renumbered(text, dice)
                    elif rate:
                        text = damaged(text, rate, characters, dice)
                    record = {"rate": rate, "original": original, "copy": [path, len(lines) + 1]}
                    truth.write(json.dumps(record) + "\n")
                    planted += 1
                else:
                    picked = dice.choices(pool, k=dice.randint(4, 24))
                    text = "".join(c + ("。" if n % 4 == 3 else "，") for n, c in enumerate(picked))[:-1] + "。"
                    if dice.random() < 1.0 / EVERY:
                        rate = dice.choice([*RATES, NUMERAL])
                        if rate != NUMERAL or any(c in NUMERALS for c in text):
                            fresh.append((text, [path, len(lines) + 1], rate))
                lines.append(text)
                length += len(text.encode())
            waiting += fresh
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            written += file.write_bytes(("\n".join(lines) + "\n").encode())
            number += 1
    print(f"{written / 1e6:.1f} MB in {number} documents of {len(pool)} clauses, {planted} planted copies")


def run(words, **more):
    """Seconds on the clock and of a processor, and the peak of memory in MB."""
    begun = time.monotonic()
    process = subprocess.Popen(words, **more)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(words[:3])}: exit code {os.waitstatus_to_exitcode(status)}")
    return time.monotonic() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def measure(arguments):
    folder = Path(arguments.folder)
    program = str(Path(arguments.jiaokan).resolve())
    size = sum(file.stat().st_size for file in (folder / "corpus").rglob("*.txt")) / 1e6
    quiet = {"stderr": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "cwd": folder}
    index = folder / "planted.idx"
    names = tempfile.NamedTemporaryFile("w", suffix=".names")
    names.write("\0".join(str(file) for file in sorted((folder / "corpus").rglob("*.txt"))))
    names.flush()
    everything = tempfile.NamedTemporaryFile(suffix=".txt", dir=folder)
    subprocess.run(f"xargs -0 cat < {names.name}", shell=True, stdout=everything, check=True)
    plans = {
        "wc -lm": ["wc", "-lm", everything.name],
        "sort -u": ["sort", "-u", "--parallel=1", everything.name, "-o", "/dev/null"],
        "index, 1 thread": [program, "index", "corpus", "-o", "planted.idx", "--threads", "1"],
        "index, all threads": [program, "index", "corpus", "-o", "planted.idx"],
    }
    locale = {**os.environ, "LC_ALL": "C.UTF-8"}
    costs = defaultdict(list)
    for _ in range(arguments.runs):
        for name, words in plans.items():
            environment = {**locale, "LC_ALL": "C"} if name == "sort -u" else locale
            costs[name].append(run(words, env=environment, **quiet))
    print(f"{size:.1f} MB, index {index.stat().st_size / 1e6:.1f} MB; medians of {arguments.runs}")
    middle = {name: sorted(runs)[len(runs) // 2] for name, runs in costs.items()}
    for name, (wall, cpu, memory) in middle.items():
        by_wc, by_sort = (middle[other][1] / cpu for other in ("wc -lm", "sort -u"))
        print(f"{name:20} {size / wall:7.1f} MB/s  {size / cpu:7.1f} MB per processor second  {memory:7.1f} MB memory  "
              f"speed to wc -lm {by_wc:.2f}, to sort -u {by_sort:.2f}")
    listed = {}
    for name, more in (("exact", []), ("near", ["--near"])):
        with tempfile.TemporaryFile() as out:
            words = [program, "index", "show", "planted.idx", "--top", "0", "--places", "0", "--format", "json", *more]
            cost = run(words, cwd=folder, stdout=out)
            out.seek(0)
            listed[name] = json.load(out)
            print(f"listing {name}: {cost[0]:.1f} s, {cost[2]:.1f} MB memory, {len(listed[name])} entries")
    planted = [json.loads(line) for line in open(folder / "truth.jsonl", encoding="utf-8")]
    source = {tuple(one["copy"]): tuple(one["original"]) for one in planted if one["rate"] != NUMERAL}
    root = lambda place: root(source[place]) if place in source else place
    place = lambda one: (one["path"], one["line"])
    exact = {}
    right = wrong = 0
    for number, group in enumerate(listed["exact"]):
        roots = Counter(root(place(one)) for one in group["places"])
        right += max(roots.values()) - 1
        wrong += sum(roots.values()) - max(roots.values())
        exact.update((place(one), number) for one in group["places"])
    pairs = {frozenset(place(one) for one in pair["places"]) for pair in listed["near"]}
    sound = sum(len({root(one) for one in pair}) == 1 for pair in pairs)
    # Of paragraphs that are the same, the first stands for all.
    first = {}
    for at, number in sorted(exact.items()):
        first.setdefault(number, at)
    same = lambda at: first[exact[at]] if at in exact else at
    for rate in RATES:
        ours = [one for one in planted if one["rate"] == rate]
        ends = [(tuple(one["original"]), tuple(one["copy"])) for one in ours]
        if rate == 0:
            found = sum(a in exact and exact[a] == exact.get(b) for a, b in ends)
        else:
            found = sum(frozenset((same(a), same(b))) in pairs for a, b in ends)
        print(f"{rate:3} % of characters changed: {found} of {len(ours)} found, recall {found / max(1, len(ours)):.4f}")
    ours = [one for one in planted if one["rate"] == NUMERAL]
    taken = sum(frozenset((same(tuple(one["original"])), same(tuple(one["copy"])))) in pairs for one in ours)
    print(f"one numeral is another: {taken} of {len(ours)} taken for copies")
    print(f"exact: {right} copies right, {wrong} wrong, precision {right / max(1, right + wrong):.4f}")
    print(f"near, texts compared: {len(pairs)} pairs, {sound} of planted copies, precision {sound / max(1, len(pairs)):.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser("make")
    making.add_argument("source")
    making.add_argument("folder")
    making.add_argument("--size", type=int, default=100, metavar="MB")
    making.add_argument("--seed", type=int, default=1, metavar="N")
    making.set_defaults(run=make)
    measuring = commands.add_parser("measure")
    measuring.add_argument("folder")
    measuring.add_argument("--jiaokan", default="target/release/jiaokan", metavar="PROGRAM")
    measuring.add_argument("--runs", type=int, default=3, metavar="N")
    measuring.set_defaults(run=measure)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
