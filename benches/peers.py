"""Runs jiaokan and tools of others over the same mixed text and the same pages, and prints one table.

Usage: python3 benches/peers.py [--jiaokan PROGRAM] [--mixed FILE.jsonl] [--pages FILE...] [--runs N] [--only WORDS]
                                [--venvs FOLDER] [--write FILE]

Each tool is installed from PyPI into an environment of its own under --venvs (target/peers), at the version that PEERS names, and is
asked for what comes nearest to a repair of Chinese text. Each runs in one process on one thread, from JSONL to JSONL, on the documents of
--mixed (made by `cargo bench --bench mixed` when none is given) as far as its megabytes in PEERS go, with `wc -lm` of the same text
before each run. Its start, measured on one document, is told apart from the rest. Then:

  pages   seconds for five pages, start and all: specimens of corpus/ unless --pages names others
  mended  of the defects of the specimens in corpus/ that have a certain repair, how many it makes
  kept    of the snippets that must stay as they are, how many stay
  clean   of the documents of corpus/clean, how many come out as they went in; blanks at line ends and blank lines do not count

jiaokan's rules were made with these specimens before their makers' eyes, those of others were not: read the last three columns as a
description of what each tool is for. --write puts the table into a file, between the comments `peers` and `/peers`.
"""

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ["text-layer-river-dredging", "text-layer-library-feature", "text-layer-grain-wire", "vision-tea-picking", "vision-bridge-and-ads"]
DATA_JUICER = ["py-data-juicer==1.6.1", "aiohttp"]
DATATROVE = ["datatrove==0.10.1", "spacy", "jieba", "nltk", "orjson", "tldextract", "regex", "xxhash"]

# The thresholds of FineWeb2 for Chinese: configs/cmn_Hani.yml of huggingface/fineweb-2, and what its pipeline sets for all languages.
FINEWEB2 = {
    "repetition": {
        "dup_para_frac": 0,
        "dup_line_char_frac": 0,
        "dup_para_char_frac": 0,
        "dup_line_frac": 0.287,
        "top_n_grams": [(2, 0.256), (3, 0.201), (4, 0.171)],
        "dup_n_grams": [(5, 0.198), (6, 0.182), (7, 0.167), (8, 0.154), (9, 0.14), (10, 0.127)],
    },
    "fineweb": {"short_line_thr": 999, "char_duplicates_ratio": 0.1, "line_punct_thr": 0.106, "new_line_ratio": 0.178},
    "gopher": {
        "min_avg_word_length": 1,
        "max_avg_word_length": 5,
        "max_non_alpha_words_ratio": 0.735,
        "min_stop_words": 2,
        "stop_words": list("的年在月是和日了於·為有被人中为他與後也而由"),
    },
}

# Name, what to install, what runs, megabytes of mixed text (what takes about half a minute), and what it is.
PEERS = [
    ("jiaokan", [], "clean", 26, "`jiaokan clean --threads 1`"),
    ("data-juicer", DATA_JUICER, "dj-repair", 6, "`dj-process`: whitespace_normalization, fix_unicode, remove_repeat_sentences mappers"),
    ("data-juicer", DATA_JUICER, "dj-select", 6, "`dj-process`: whitespace_normalization mapper, character_repetition filter, document_deduplicator"),
    ("datatrove", DATATROVE, "fineweb2", 2, "the filters of FineWeb2 for `cmn_Hani`: Gopher repetition, FineWeb quality, Gopher quality"),
    ("datatrove", DATATROVE, "c4", 4, "C4QualityFilter, language `cmn_Hani`, lines without a final mark kept, as it knows no Chinese ones"),
    ("ftfy", ["ftfy==6.3.1"], "ftfy", 13, "`fix_text`, its defaults"),
    ("ftfy", ["ftfy==6.3.1"], "ftfy-chinese", 13, "`fix_text(uncurl_quotes=False, fix_character_width=False, normalization=None)`"),
    ("autocorrect", ["autocorrect-py==2.14.0"], "autocorrect", 26, "`autocorrect_py.format`"),
    ("autocorrect", ["autocorrect-py==2.14.0"], "autocorrect-lint", 13, "`autocorrect_py.lint_for`; changes nothing"),
]


def records(path):
    with open(path, encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def work(what, source, target):
    """What runs in the environment of a tool: reads records, writes records."""
    if what in ("fineweb2", "c4"):
        from datatrove.executor import LocalPipelineExecutor
        from datatrove.pipeline.filters import C4QualityFilter, FineWebQualityFilter, GopherQualityFilter, GopherRepetitionFilter
        from datatrove.pipeline.readers import JsonlReader
        from datatrove.pipeline.writers import JsonlWriter

        if what == "c4":
            filters = [C4QualityFilter(language="cmn_Hani", filter_no_terminal_punct=False)]
        else:
            filters = [
                GopherRepetitionFilter(language="cmn_Hani", **FINEWEB2["repetition"]),
                FineWebQualityFilter(language="cmn_Hani", **FINEWEB2["fineweb"]),
                GopherQualityFilter(language="cmn_Hani", **FINEWEB2["gopher"]),
            ]
        folder = os.path.dirname(target)
        reader = JsonlReader(os.path.dirname(source), glob_pattern=os.path.basename(source))
        writer = JsonlWriter(folder, output_filename=os.path.basename(target), compression=None)
        log = tempfile.mkdtemp(dir=folder)
        LocalPipelineExecutor([reader, *filters, writer], tasks=1, workers=1, logging_dir=log, skip_completed=False).run()
        return
    if what.startswith("ftfy"):
        import ftfy

        options = {} if what == "ftfy" else {"uncurl_quotes": False, "fix_character_width": False, "normalization": None}
        mend = lambda text: ftfy.fix_text(text, **options)
    elif what == "autocorrect":
        import autocorrect_py

        mend = autocorrect_py.format
    else:
        import autocorrect_py

        def mend(text):
            autocorrect_py.lint_for(text, "text")
            return text

    with open(target, "w", encoding="utf-8") as file:
        for record in records(source):
            record["text"] = mend(record["text"])
            file.write(json.dumps(record, ensure_ascii=False) + "\n")


DJ = """project_name: peers
dataset_path: {source}
export_path: {target}
work_dir: {folder}/work
text_keys: text
np: 1
open_tracer: false
process:
  - whitespace_normalization_mapper:
"""
DJ_STEPS = {
    "dj-repair": "  - fix_unicode_mapper:\n  - remove_repeat_sentences_mapper:\n      lowercase: false\n",
    "dj-select": "  - character_repetition_filter:\n      rep_len: 10\n      max_ratio: 0.5\n  - document_deduplicator:\n",
}


def command(peer, venv, jiaokan, source, target):
    """The words that run a tool from `source` to `target`."""
    _, _, what, _, _ = peer
    if what == "clean":
        return [jiaokan, "clean", source, "-o", target, "--threads", "1"]
    if what.startswith("dj-"):
        settings = Path(target).with_suffix(".yaml")
        settings.write_text(DJ.format(source=source, target=target, folder=settings.parent) + DJ_STEPS[what])
        return [f"{venv}/bin/dj-process", "--config", str(settings)]
    return [f"{venv}/bin/python", os.path.abspath(__file__), "--work", what, source, target]


def run(words):
    """User seconds and peak megabytes of a program and of what it starts."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
    with tempfile.TemporaryFile() as log:
        child = subprocess.Popen(words, stdout=log, stderr=log, env=environment)
        _, status, used = os.wait4(child.pid, 0)
        if os.waitstatus_to_exitcode(status) not in (0, 1):
            log.seek(0)
            sys.exit(f"{' '.join(words)} failed:\n{log.read().decode(errors='replace')[-3000:]}")
    return used.ru_utime, used.ru_maxrss / 1024


def put(path, texts):
    """Texts as records; the bytes of the texts."""
    with open(path, "w", encoding="utf-8") as file:
        for number, text in enumerate(texts):
            file.write(json.dumps({"id": f"{number}", "text": text}, ensure_ascii=False) + "\n")
    return sum(len(text.encode()) for text in texts)


def got(path):
    """The texts by number of what came out, which may be fewer."""
    if not os.path.exists(path):
        return {}
    return {int(record["id"]): record["text"] for record in records(path)}


def bare(text):
    return re.sub(r"\n+", "\n", re.sub(r"[ \t\u3000]+(?=\n|$)", "", text)).strip()


def specimens():
    for path in sorted((ROOT / "corpus").glob("*.toml")):
        yield path.with_suffix(".txt").read_bytes().decode("utf-8", errors="replace"), tomllib.loads(path.read_text("utf-8"))


def install(peer, folder):
    name, needs, *_ = peer
    venv = folder / name
    if needs and not (venv / "ready").exists():
        print(f"installing {' '.join(needs)}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=True)
        subprocess.run([venv / "bin/pip", "install", "--quiet", *needs], check=True)
        (venv / "ready").touch()
    return venv


def measured(peer, venv, options, folder, mixed, pages):
    name, _, what, size, about = peer
    path = lambda stem: str(folder / f"{what}-{stem}.jsonl")
    words = lambda stem: command(peer, venv, options.jiaokan, path(stem), path(f"{stem}-out"))

    def go(stem, texts):
        if not os.path.exists(path(stem)):
            put(path(stem), texts)
        Path(path(f"{stem}-out")).unlink(missing_ok=True)
        return run(words(stem))

    texts, bytes_ = [], 0
    for text in mixed:
        if bytes_ >= size * 1e6:
            break
        texts.append(text)
        bytes_ += len(text.encode())
    (folder / f"{what}.txt").write_text("".join(texts), encoding="utf-8")
    go("one", texts[:1])  # What is fetched or compiled at the first run does not count.
    users, ratios, starts, peaks, yards = [], [], [], [], []
    for _ in range(options.runs):
        # wc is too fast to be timed on a few megabytes once.
        times = max(1, round(60 / size))
        yard = run(["wc", "-lm", *[str(folder / f"{what}.txt")] * times])[0] / times
        start, _ = go("one", texts[:1])
        user, peak = go("mixed", texts)
        print(f"{name} {what}: {user:.2f} s user, start {start:.2f}, {peak:.0f} MB; wc {yard:.3f}", file=sys.stderr)
        users.append(user), starts.append(start), peaks.append(peak), yards.append(yard), ratios.append(yard / user)
    user, start = statistics.median(users), statistics.median(starts)
    page_times = [go("pages", pages)[0] for _ in range(options.runs)]

    whole = list(specimens())
    go("specimens", [text for text, _ in whole])
    out = got(path("specimens-out"))
    mends = [(at, one["becomes"]) for at, (text, notes) in enumerate(whole) for one in notes.get("defect", []) if one.get("becomes", text) not in text]
    keeps = [(at, one["text"]) for at, (_, notes) in enumerate(whole) for one in notes.get("keep", [])]
    done = lambda items: sum(snippet in out.get(at, "") for at, snippet in items)
    clean = [p.read_text("utf-8") for p in sorted((ROOT / "corpus/clean").rglob("*")) if p.suffix in (".txt", ".md")]
    go("clean", clean)
    out_clean = got(path("clean-out"))
    same = sum(bare(out_clean.get(at, "")) == bare(text) for at, text in enumerate(clean))
    net = bytes_ / 1e6 / max(user - start, 0.01)
    return "| {} | {} | {:.1f} | {:.2f} | {:.2f} | {:.2f} | {:.4f} ({:.4f} to {:.4f}) | {:.0f} | {:.2f} | {} | {} | {} |".format(
        f"{name} {options.versions[name]}", about, bytes_ / 1e6, user, start, net,
        statistics.median(ratios), min(ratios), max(ratios), max(peaks),
        statistics.median(page_times), f"{done(mends)}/{len(mends)}", f"{done(keeps)}/{len(keeps)}", f"{same}/{len(clean)}",
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jiaokan", default=str(ROOT / "target/release/jiaokan"))
    parser.add_argument("--mixed")
    parser.add_argument("--pages", nargs="+", default=[str(ROOT / f"corpus/{name}.txt") for name in PAGES])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--only", default="")
    parser.add_argument("--scale", type=float, default=1.0, help="take this share of the megabytes")
    parser.add_argument("--venvs", type=Path, default=ROOT / "target/peers")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--work", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        return work(*options.work)
    wanted = [word for word in options.only.split(",") if word]
    peers = [peer for peer in PEERS if not wanted or any(word in peer[2] or word in peer[0] for word in wanted)]
    peers = [(name, needs, what, size * options.scale, about) for name, needs, what, size, about in peers]
    options.venvs = options.venvs.resolve()
    version = subprocess.run([options.jiaokan, "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    options.versions = {"jiaokan": version}
    for name, needs, *_ in peers:
        options.versions.setdefault(name, needs[0].split("==")[1] if needs else version)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        if not options.mixed:
            options.mixed = str(folder / "mixed.jsonl")
            making = ["cargo", "bench", "--quiet", "--bench", "mixed", "--", "--size", "30", options.mixed]
            subprocess.run(making, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        mixed = []
        for record in records(options.mixed):
            mixed.append(record["text"])
            if len(mixed) == 6000:
                break
        pages = [Path(page).read_text("utf-8") for page in options.pages]
        rows = [measured(peer, install(peer, options.venvs), options, folder, mixed, pages) for peer in peers]
    head = (
        f"{len(pages)} pages of {sum(len(page.encode()) for page in pages) / 1e3:.0f} KB; {options.runs} runs of each, the median.\n\n"
        "| tool | what it does | MB | user s | of it start | MB/s without start | x `wc -lm` | peak MB | pages s | mended | kept | clean |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|---|\n"
    )
    table = head + "\n".join(rows) + "\n"
    print(table)
    if options.write:
        page = options.write.read_text("utf-8")
        before, rest = page.split("<!-- peers -->", 1)
        after = rest.split("<!-- /peers -->", 1)[1]
        options.write.write_text(f"{before}<!-- peers -->\n\n{table}\n<!-- /peers -->{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
