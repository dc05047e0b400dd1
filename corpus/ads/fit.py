"""Fits the weights of rules/strip/ad-block.toml and the points of characters beside it, rules/strip/ad-wording.txt, both at once:
python3 corpus/ads/fit.py [--write] [FOLDER OF CLEAN TEXT ...]

Reads the kinds of evidence from the rule itself and looks at lines as the detector does. Needs regex, numpy, scipy and scikit-learn.
Without --write it changes nothing, and prints how well texts of trades it has not learnt from are told: cross-validation by trade, and
by document for clean text.
"""

import argparse
import collections
import pathlib
import re
import tomllib

import numpy
import regex
from scipy import sparse
from sklearn.linear_model import LogisticRegression

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULE, WORDING = ROOT / "rules/strip/ad-block.toml", ROOT / "rules/strip/ad-wording.txt"
# Kinds whose weights are set by hand: what has a rule of its own.
SET = {"notice", "prompt"}
LONG, REACH, LONGEST = 40, 3, 240
FOLDS = 5
# Texts that hold a character that is given points.
SEEN, SEEN_IN_ADS = 100, 3
# What a line of corpus/clean/ weighs: it holds more kinds of text than the folders, in fewer lines.
CLEAN = 3.0
# What the bias is raised by: among what is fitted on, advertisements are far fewer than on pages that hold them.
RAISED = 250


def simplified():
    lines = (ROOT / "src/lexicon/traditional.txt").read_text().splitlines()
    return {ord(line[0]): line[1] for line in lines if len(line) == 2}


SIMPLIFIED = simplified()
FULL_WIDTH = {code: chr(code + 0xFEE0) for code in range(0x21, 0x7F)}


def characters(lines):
    """Characters of a text, as src/pass/strip/wording.rs counts them."""
    text = re.sub("[0-9０-９]", "０", re.sub("[A-Za-zＡ-Ｚａ-ｚ]", "Ａ", "".join(lines)))
    return {c for c in text.translate(FULL_WIDTH) if not c.isspace()}


class Scale:
    """What a line holds, or a block: the same as src/pass/strip/evidence.rs."""

    def __init__(self, params):
        kinds = params["evidence"]
        self.names = [kind["kind"] for kind in kinds]
        self.regexes = [regex.compile("|".join(f"(?:{p})" for p in kind["patterns"])) for kind in kinds]
        where = lambda wanted: [i for i, kind in enumerate(kinds) if wanted(kind)]
        self.counted = where(lambda kind: kind.get("counts") == "for")
        self.against = where(lambda kind: kind.get("counts") == "against")
        self.sells = where(lambda kind: kind.get("sells"))
        self.throughout = set(where(lambda kind: kind.get("throughout")))
        self.together, self.records = list(params["together"]), list(params["records"])
        self.recorded = [self.names.index(name) for name in self.records]
        self.terms = self.names + self.together + ["records " + name for name in self.records]
        self.known = {}

    def kinds(self, text):
        if text not in self.known:
            self.known[text] = [int(bool(r.search(text))) for r in self.regexes]
        return self.known[text]

    def shared(self, kinds, long):
        counted, against = (sum(kinds[i] for i in side) for side in (self.counted, self.against))
        sells = any(kinds[i] for i in self.sells)
        values = dict(long=long, two_kinds=counted >= 2, three_kinds=counted >= 3, against=against >= 1, two_against=against >= 2,
                      unopposed=sells and not against)
        return [int(values[name]) for name in self.together]

    def record(self, lines, at):
        quiet = lambda kinds: not any(kinds[i] for i in self.sells)
        own = self.kinds(lines[at])
        near = [self.kinds(lines[i]) for i in range(max(0, at - REACH), min(len(lines), at + REACH + 1)) if i != at]
        return [int(bool(quiet(own) and own[i] and any(k[i] and quiet(k) for k in near))) for i in self.recorded]

    def line(self, lines, at):
        kinds = self.kinds(lines[at])
        return kinds + self.shared(kinds, len(lines[at]) > LONG) + self.record(lines, at)

    def block(self, lines):
        columns = zip(*(self.kinds(line) for line in lines))
        kinds = [(min if i in self.throughout else max)(column) for i, column in enumerate(columns)]
        records = [sum(column) for column in zip(*(self.record(lines, at) for at in range(len(lines))))]
        records = [int(count > 0 and count * 5 >= len(lines) * 2) for count in records]
        return kinds + self.shared(kinds, all(len(line) > LONG for line in lines)) + records


def lines_of(text):
    return [line.strip().translate(SIMPLIFIED) for line in text.splitlines() if line.strip()]


Example = collections.namedtuple("Example", "held characters ad weight fold whole size")


def examples(scale, folders):
    """Lines and blocks with what they hold. `fold` keeps apart what cross-validation must not part."""
    found = []

    def learn(lines, ad, fold):
        size = sum(map(len, lines))
        found.append(Example(scale.block(lines), characters(lines), ad, 1.0, fold, True, size))
        for at in range(len(lines) if len(lines) > 1 else 0):
            found.append(Example(scale.line(lines, at), characters(lines[at]), ad, 0.4, fold, False, size))

    trades = {}
    for text in tomllib.loads((ROOT / "corpus/ads/training.toml").read_text())["text"]:
        if text["class"] not in SET:
            learn(lines_of(text["text"]), text["class"] == "ad", trades.setdefault(text["trade"], len(trades) % FOLDS))
    files = sorted((ROOT / "corpus/clean").rglob("*.txt"))
    files = [file for file in files if not {"classifieds", "cards-posters"} & set(file.parts)]
    files += [file for folder in folders for file in sorted(pathlib.Path(folder).rglob("*")) if file.is_file()]
    labelled = len(found)
    for number, file in enumerate(files):
        lines, fold = lines_of(file.read_text(errors="replace")), number % FOLDS
        weight = CLEAN if ROOT in file.parents else 1.0
        short = [len(line) <= LONGEST for line in lines]
        for at in range(len(lines)):
            if short[at]:
                found.append(Example(scale.line(lines, at), characters(lines[at]), False, weight, fold, False, 0))
        for at in range(0, len(lines) - 4, 6):
            block = lines[at : at + 2 + at // 6 % 3]
            if all(len(line) <= 100 for line in block):
                found.append(Example(scale.block(block), characters(block), False, weight, fold, False, 0))
    return found, labelled


def matrix(scale, found):
    """Columns of the evidence and of the characters that are given points."""
    seen, in_ads = collections.Counter(), collections.Counter()
    for example in found:
        seen.update(example.characters)
        if example.ad and example.whole:
            in_ads.update(example.characters)
    chars = sorted(c for c in seen if seen[c] >= SEEN or in_ads[c] >= SEEN_IN_ADS)
    place = {c: i for i, c in enumerate(chars)}
    held = numpy.array([example.held for example in found], numpy.float32)
    held[:, [scale.names.index(name) for name in SET]] = 0
    rows = [[place[c] for c in example.characters if c in place] for example in found]
    ends = numpy.cumsum([0] + [len(row) for row in rows])
    ones = sparse.csr_matrix((numpy.ones(ends[-1], numpy.float32), numpy.concatenate(rows), ends), (len(rows), len(chars)))
    return sparse.hstack([sparse.csr_matrix(held), ones]).tocsr(), chars


def write(points, bias):
    text = RULE.read_text()
    for name, value in points.items():
        if name in SET:
            continue
        key = name.removeprefix("records ")
        kind = rf'(kind     = "{re.escape(name)}"\nweight   = )-?\d+'
        term = rf"(?m)^({re.escape(key)} *= )-?\d+$"
        text = re.sub(kind if f'"{name}"\nweight' in text else term, rf"\g<1>{value}", text)
    RULE.write_text(re.sub(r"(?m)^(bias *= )-?\d+$", rf"\g<1>{bias}", text))


def write_wording(points):
    rows = collections.defaultdict(list)
    for c, value in points.items():
        rows[value].append(c)
    rows = [f"{value} {''.join(rows[value])}" for value in sorted(rows, reverse=True) if value]
    WORDING.write_text("# Points of the characters of advertisements, hundredths of log-odds, made by corpus/ads/fit.py.\n"
                       "# ０ is any digit, Ａ any letter; traditional characters count as simplified ones.\n" + "\n".join(rows) + "\n")


def told(found, labelled, sums):
    """Prints what bounds would find: characters of advertisements, and lines and blocks of clean text."""
    clean = numpy.sort(sums[labelled:])[::-1]
    texts = [(example, total) for example, total in zip(found[:labelled], sums) if example.whole]
    for wrong in (10, 30, 100, 300):
        hit = [example for example, total in texts if total > clean[wrong]]
        right = sum(example.size for example in hit if example.ad)
        recall = right / sum(example.size for example, _ in texts if example.ad)
        precision = right / max(1, sum(example.size for example in hit))
        print(f"  {wrong} of {len(clean)} clean lines and blocks, of texts precision {precision:.3f} recall {recall:.3f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", help="folders of clean text")
    parser.add_argument("--write", action="store_true", help="write the weights into the rule")
    options = parser.parse_args()
    scale = Scale(tomllib.loads(RULE.read_text())["params"])
    found, labelled = examples(scale, options.folders)
    rows, chars = matrix(scale, found)
    ads, weights, folds = (numpy.array([getattr(example, name) for example in found]) for name in ("ad", "weight", "fold"))
    fresh = lambda: LogisticRegression(C=0.3, max_iter=300, solver="liblinear", random_state=1)
    for title, used in (("the kinds of evidence alone", rows[:, : len(scale.terms)]), ("with the points of characters", rows)):
        if options.write:
            break
        sums = numpy.zeros(len(ads))
        for fold in range(FOLDS):
            model = fresh().fit(used[folds != fold], ads[folds != fold], sample_weight=weights[folds != fold])
            sums[folds == fold] = model.decision_function(used[folds == fold])
        print(f"not learnt from, {title}:")
        told(found, labelled, sums)
    model = fresh().fit(rows, ads, sample_weight=weights)
    print("learnt from:")
    told(found, labelled, model.decision_function(rows))
    values = [round(100 * weight) for weight in model.coef_[0]]
    points, bias = dict(zip(scale.terms, values)), RAISED + round(100 * model.intercept_[0])
    print("  ".join(f"{name} {value:+}" for name, value in [("bias", bias), *sorted(points.items(), key=lambda p: -p[1])]))
    if options.write:
        write(points, bias)
        write_wording(dict(zip(chars, values[len(scale.terms) :])))


if __name__ == "__main__":
    main()
