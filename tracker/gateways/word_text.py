"""The visible text of a Word file, in reading order: paragraphs with their numbers, tables row by row and cell by cell.

Source: ECMA-376 part 1, 17.2–17.5. What is deleted, moved away or hidden is left out; each container is read once.
"""

import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from tracker.domain.readings.layout import CELL, MERGED
from tracker.gateways.word_chunks import chunk_lines
from tracker.gateways.word_numbering import Numbering
from tracker.gateways.word_package import M, R, W, WordPackage
from tracker.gateways.word_styles import Styles, is_hidden
from tracker.gateways.word_symbols import symbol
from tracker.gateways.word_tables import cells_of, filled, rows_of
from tracker.inspection.refusals import FileDamaged

_COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_LEFT_OUT = {
    *(f"{W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "sdtEndPr", "sectPr", "rt", "tblPr")),
    f"{W}instrText",
    *(f"{W}{name}" for name in ("customXmlPr", "smartTagPr", "delText", "delInstrText", "customXmlDelRangeStart")),
    f"{_COMPATIBLE}Fallback",
}  # fmt: skip
_MARKS = {
    f"{W}tab": " ",
    f"{W}ptab": " ",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
    f"{M}den": "/",  # a fraction is written in one line
}
_NOTES = {f"{W}footnoteReference": "footnotes", f"{W}endnoteReference": "endnotes"}
_NO_NOTE = {"separator", "continuationSeparator", "continuationNotice"}
_DEEPEST_CHUNK = 3


def read_docx(path: Path) -> str:
    """Return paragraphs and rows of tables as they are shown. Raises FileDamaged and what `WordText` refuses."""
    try:
        with zipfile.ZipFile(path) as package:
            return "\n".join(WordText(WordPackage(package)).lines())
    except (KeyError, ValueError, etree.LxmlError, zipfile.BadZipFile, OSError, RecursionError) as error:
        raise FileDamaged() from error


class WordText:
    """Reads one document; lines are asked for once."""

    def __init__(self, package: WordPackage, *, depth: int = 0) -> None:
        self._package = package
        self._depth = depth
        self._styles = Styles(package.part("styles"))
        self._numbers = Numbering(package.part("numbering"), self._styles)
        self._notes: list[tuple[str, str]] = []

    def lines(self) -> Iterator[str]:
        """Yield paragraphs and rows of tables. Raises KeyError, MemberNotAllowed and lxml's errors."""
        yield from self._blocks(self._package.body())
        for n, (kind, number) in enumerate(self._notes, start=1):
            words = self._note(kind, number)
            if words:
                yield f"注{n}：{words}"

    def _blocks(self, element: etree._Element) -> Iterator[str]:
        begun = ""
        for child in element:
            if child.tag in _LEFT_OUT:
                continue
            if child.tag == f"{W}p":
                first, *rest = self._paragraph(child)
                if _mark_deleted(child):
                    begun += first
                    continue
                yield begun + first
                begun = ""
                yield from rest
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag == f"{W}altChunk":
                yield from self._chunk(child.get(f"{R}id", ""))
            else:
                yield from self._blocks(child)
        if begun:
            yield begun

    def _table(self, table: etree._Element) -> Iterator[str]:
        """Yield a line for each row; a row of one cell is no row, but what stands in it."""
        above: list[str] = []
        for row in rows_of(table):
            cells = list(cells_of(row))
            if len(cells) == 1 and cells[0].columns == 1:
                yield from self._blocks(cells[0].element)
                above = []
                continue
            words = [self._cell(cell.element) for cell in cells]
            above = filled(cells, words, above)
            if any(above):
                yield CELL.join(above)

    def _cell(self, cell: etree._Element) -> str:
        """Return a cell's words in one line; of a table inside of it each merged cell once."""
        parts = [part for line in self._blocks(cell) for part in line.split(CELL) if not part.startswith(MERGED)]
        return " ".join(" ".join(parts).split())

    def _paragraph(self, paragraph: etree._Element) -> Iterator[str]:
        words: list[str] = []
        boxes: list[etree._Element] = []
        hidden = self._styles.hides(self._styles.style_of(paragraph))
        self._collect(paragraph, words, boxes, hidden=hidden)
        text = "".join(words)
        yield (self._numbers.next_label(paragraph) if text.strip() else "") + text
        for box in boxes:
            yield from self._blocks(box)

    def _collect(self, element: etree._Element, words: list[str], boxes: list[etree._Element], *, hidden: bool) -> None:
        """Gather the visible words of a paragraph; text boxes come after it."""
        for child in element:
            tag = child.tag
            if tag in _LEFT_OUT or (tag == f"{W}r" and self._is_hidden(child, hidden=hidden)):
                continue
            if tag == f"{W}txbxContent":
                boxes.append(child)
                continue
            words.append(_said_by(child))
            if tag in _NOTES:
                self._notes.append((_NOTES[tag], child.get(f"{W}id", "")))
            self._collect(child, words, boxes, hidden=hidden)

    def _is_hidden(self, run: etree._Element, *, hidden: bool) -> bool:
        properties = run.find(f"{W}rPr")
        own = is_hidden(properties)
        if own is not None:
            return own
        style = properties.find(f"{W}rStyle") if properties is not None else None
        return hidden or (style is not None and self._styles.hides(style.get(f"{W}val", "")))

    def _note(self, kind: str, number: str) -> str:
        root = self._package.part(kind)
        for note in () if root is None else root:
            if note.get(f"{W}id") == number and note.get(f"{W}type") not in _NO_NOTE:
                return " ".join(" ".join(self._blocks(note)).split())
        return ""

    def _chunk(self, relation: str) -> Iterator[str]:
        """Yield the text of a part that is taken in as a whole; what cannot be read is refused."""
        name, content = self._package.chunk(relation)
        yield from chunk_lines(name, content, deeper=self._deeper if self._depth < _DEEPEST_CHUNK else None)

    def _deeper(self, package: WordPackage) -> Iterator[str]:
        return WordText(package, depth=self._depth + 1).lines()


def _said_by(element: etree._Element) -> str:
    """Return the characters that an element itself stands for."""
    if element.tag in {f"{W}t", f"{M}t"}:
        return str(element.text or "")
    return symbol(element.get(f"{W}char", "")) if element.tag == f"{W}sym" else _MARKS.get(element.tag, "")


def _mark_deleted(paragraph: etree._Element) -> bool:
    """Say whether the end of a paragraph was deleted: its words go on in the next one."""
    return paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None
