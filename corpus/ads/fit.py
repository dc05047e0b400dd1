"""Fits the weights of rules/strip/ad-block.toml and writes them into it: python3 corpus/ads/fit.py [FOLDER OF CLEAN TEXT ...]

Reads the kinds of evidence from the rule itself and looks at lines as the detector does. Needs regex, numpy and scikit-learn.
Without --write it prints the weights, and how well texts of trades it has not learnt from are told (cross-validation by trade).
"""

import argparse
import pathlib
import random
import re
import tomllib

import numpy
import regex
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.model_selection import GroupKFold

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULE = ROOT / "rules/strip/ad-block.toml"
# Kinds whose weights are set by hand: what has a rule of its own.
SET = {"notice", "prompt"}
LONG, REACH = 40, 3


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
        self.gone, self.known = frozenset(), {}

    def kinds(self, text):
        if text not in self.known:
            self.known[text] = [int(bool(r.search(text))) for r in self.regexes]
        return [0 if i in self.gone else held for i, held in enumerate(self.known[text])]

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
    return [line.strip() for line in text.splitlines() if line.strip()]


def is_prose(line):
    return len(line) > 240 or len(line) > 80 and line.rstrip("”’）)")[-1:] in "。！？…" and "。" in line[:-1]


def examples(scale, folders, chance):
    """Rows, whether they are advertisements, what they weigh, and what must not be parted in cross-validation."""
    rows = []

    def learn(lines, ad, weight, group):
        share = weight / len(lines) ** 0.5
        rows.extend((scale.line(lines, at), ad, share, group) for at in range(len(lines)))
        if len(lines) > 1:
            rows.append((scale.block(lines), ad, weight * 0.7, group))

    trade = scale.names.index("trade")
    for text in tomllib.loads((ROOT / "corpus/ads/training.toml").read_text())["text"]:
        if text["class"] in SET:
            continue
        lines, ad = lines_of(text["text"]), text["class"] == "ad"
        learn(lines, ad, 1.0, text["trade"])
        # Once more without the trade, and three times without some of what it says.
        for weight, gone in [(0.5, {trade})] * ad + [(1 / 3, None)] * (3 * ad):
            if gone is None:
                gone = {i for i in scale.counted if chance.random() < 0.15} | ({trade} if chance.random() < 0.5 else set())
            scale.gone = frozenset(gone)
            learn(lines, ad, weight, text["trade"])
            scale.gone = frozenset()
    files = sorted((ROOT / "corpus/clean").rglob("*.txt"))
    files = [file for file in files if not {"classifieds", "cards-posters"} & set(file.parts)]
    for folder in folders:
        found = sorted(pathlib.Path(folder).rglob("*.txt"))
        files += chance.sample(found, min(200, len(found)))
    for file in files:
        lines = lines_of(file.read_text(errors="replace"))
        for at in chance.sample(range(len(lines)), min(15, len(lines))):
            if not is_prose(lines[at]):
                rows.append((scale.line(lines, at), False, 0.1, str(file)))
    matrix = numpy.array([row[0] for row in rows], float)
    matrix[:, [scale.names.index(name) for name in SET]] = 0
    return matrix, *(numpy.array([row[i] for row in rows]) for i in (1, 2, 3))


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="*", help="folders of clean text")
    parser.add_argument("--write", action="store_true", help="write the weights into the rule")
    options = parser.parse_args()
    scale = Scale(tomllib.loads(RULE.read_text())["params"])
    matrix, ads, weights, groups = examples(scale, options.folders, random.Random(7))
    fresh = lambda: LogisticRegression(C=1, max_iter=3000)
    unseen = numpy.zeros(len(ads))
    for learnt, kept in GroupKFold(6).split(matrix, ads, groups):
        model = fresh().fit(matrix[learnt], ads[learnt], sample_weight=weights[learnt])
        unseen[kept] = model.decision_function(matrix[kept])
    print(f"{len(ads)} lines and blocks; average precision on trades not learnt from {average_precision_score(ads, unseen):.3f}")
    model = fresh().fit(matrix, ads, sample_weight=weights)
    points = {name: round(100 * weight) for name, weight in zip(scale.terms, model.coef_[0])}
    bias = round(100 * model.intercept_[0])
    print("  ".join(f"{name} {value:+}" for name, value in [("bias", bias), *sorted(points.items(), key=lambda p: -p[1])]))
    if options.write:
        write(points, bias)


if __name__ == "__main__":
    main()
