"""The printed words of a paper, read from its Word file: sentences of the text, rows of the annexes."""

import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY, _HEADING, _ANNEX, _TITLE = "OfficialBody", "OfficialLevel", "OfficialAnnexTitle", "OfficialTitle"
# What begins so goes on with what the sentence before it said.
_GOES_ON = ("其中，",)


@dataclass(frozen=True, slots=True)
class PrintedTable:
    title: str
    heads: tuple[str, ...]
    rows: tuple[dict[str, str], ...]


@dataclass(frozen=True, slots=True)
class PrintedPaper:
    title: str
    addressees: str
    headings: tuple[str, ...]
    paragraphs: tuple[tuple[str, ...], ...]  # the sentences of each
    annexes: tuple[str, ...]  # as the text lists them
    tables: tuple[PrintedTable, ...]


def read_paper(file: Path) -> PrintedPaper:
    with zipfile.ZipFile(file) as package:
        body = etree.fromstring(package.read("word/document.xml")).find(f"{_W}body")
    assert body is not None
    told: list[tuple[str, str]] = []
    tables, title = [], ""
    for block in body:
        if block.tag == f"{_W}tbl":
            if title:
                tables.append(_table(block, title))
                title = ""
        elif block.tag == f"{_W}p":
            style, words = _style(block), _words(block)
            title = title + words if style == _ANNEX else title
            told.append((style, words))
    text = [words for style, words in told if style == _BODY]
    first = next((n for n, words in enumerate(text) if words.startswith("附件：")), len(text))
    flush = [words for style, words in told if style == "OfficialFlush" and words.endswith("：")]
    return PrintedPaper(
        title="".join(words for style, words in told if style == _TITLE),
        addressees=flush[0][:-1] if flush else "",
        headings=tuple(words for style, words in told if style.startswith(_HEADING)),
        paragraphs=tuple(tuple(_sentences(words)) for words in text[:first]),
        annexes=tuple(re.sub(r"^(?:附件：)?(?:\d+\.)?", "", words) for words in text[first:]),
        tables=tuple(tables),
    )


def outside_brackets(words: str, sign: str) -> list[str]:
    """Split at a sign that stands in no brackets and no quotation."""
    parts, depth = [""], 0
    for letter in words:
        depth += (letter in "（“《") - (letter in "）”》")
        if letter == sign and not depth:
            parts.append("")
        else:
            parts[-1] += letter
    return [part for part in parts if part]


def _sentences(words: str) -> list[str]:
    found: list[str] = []
    for sentence in outside_brackets(words, "。"):
        if found and sentence.startswith(_GOES_ON):
            found[-1] += f"。{sentence}"
        else:
            found.append(sentence)
    return found


def _style(block: etree._Element) -> str:
    style = block.find(f"{_W}pPr/{_W}pStyle")
    return str(style.get(f"{_W}val")) if style is not None else ""


def _words(block: etree._Element) -> str:
    return "".join(text.text or "" for text in block.iter(f"{_W}t"))


def _table(block: etree._Element, title: str) -> PrintedTable:
    lines = [[_words(cell) for cell in row.iter(f"{_W}tc")] for row in block.iter(f"{_W}tr")]
    heads, rows = tuple(lines[0]), lines[1:]
    return PrintedTable(title, heads, tuple(dict(zip(heads, cells, strict=True)) for cells in rows))
