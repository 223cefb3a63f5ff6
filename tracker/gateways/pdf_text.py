"""The text layer of a PDF: lines in reading order, columns one after the other, page furniture left out."""

import re
import statistics
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from pypdf import PageObject, PdfReader

from tracker.domain.errors import BadInput
from tracker.inspection.pdf_objects import BROKEN, open_pdf
from tracker.inspection.refusals import FileDamaged

MAX_PAGES = 600
_LEAST_CHARACTERS_A_PAGE = 15
_EDGE_LINES = 2
_SAME_LINE = 0.5
_LEAST_COLUMN_LINES = 4
_CROSSING_SHARE = 0.25
_BARE_NUMBER = re.compile(r"[—\-–－─·\s]*(?:第\s?)?\d{1,4}\s?页?(?:\s?[/共，]{1,2}\s?\d{1,4}\s?页)?[—\-–－─·\s]*")


class ScanWithoutText(BadInput):
    """Pages are pictures: a scan."""

    code = "scan_without_text"


class PdfTooLong(BadInput):
    """Facts: max_pages."""

    code = "pdf_too_long"


@dataclass(slots=True)
class _Fragment:
    """Words that stand together; `x`, `y` is where they begin, in points from the lower left corner."""

    x: float
    y: float
    size: float
    text: str

    @property
    def right(self) -> float:
        return self.x + self.size * sum(_width(character) for character in self.text)


@dataclass(slots=True)
class _Line:
    y: float
    left: float
    right: float
    text: str


def read_pdf(path: Path) -> str:
    """Return the lines of a PDF's text layer.

    Raises FileDamaged, FileEncrypted, ScanWithoutText, PdfTooLong.
    """
    try:
        with path.open("rb") as file:
            reader = open_pdf(file)
            if len(reader.pages) > MAX_PAGES:
                raise PdfTooLong(max_pages=MAX_PAGES)
            pages = [_page_lines(page) for page in reader.pages]
    except (*BROKEN, RecursionError) as error:
        raise FileDamaged from error
    characters = sum(len(line.text.strip()) for lines in pages for line in lines)
    if characters < _LEAST_CHARACTERS_A_PAGE * max(1, len(pages)):
        raise ScanWithoutText()
    return "\n".join(line.text for lines in _without_furniture(pages) for line in lines)


def read_pages(path: Path) -> list[list[str]]:
    """Return the lines of each page, page furniture left in. Raises FileDamaged."""
    try:
        return [[line.text for line in _page_lines(page)] for page in PdfReader(path).pages]
    except (*BROKEN, RecursionError) as error:
        raise FileDamaged from error


def _page_lines(page: PageObject) -> list[_Line]:
    fragments: list[_Fragment] = []

    def visit(text: str, matrix: list[float], text_matrix: list[float], _font: object, size: float) -> None:
        if text.strip():
            x = text_matrix[4] * matrix[0] + text_matrix[5] * matrix[2] + matrix[4]
            y = text_matrix[4] * matrix[1] + text_matrix[5] * matrix[3] + matrix[5]
            scale = abs(text_matrix[3] * matrix[3]) or abs(text_matrix[0]) or 1.0
            for row, part in enumerate(text.strip("\n").split("\n")):
                if part.strip():
                    fragments.append(_Fragment(x, y - row * size * scale * 1.2, max(1.0, size * scale), part))

    page.extract_text(visitor_text=visit)
    lines = _lines(fragments)
    return _in_columns(lines, middle=float(page.mediabox.left) + float(page.mediabox.width) / 2)


def _lines(fragments: list[_Fragment]) -> list[_Line]:
    """Put fragments of one height together from left to right; a wide gap starts another line (the next column)."""
    lines: list[_Line] = []
    for row in _rows(fragments):
        size = statistics.median(fragment.size for fragment in row)
        current: _Line | None = None
        for fragment in sorted(row, key=lambda each: each.x):
            if current is not None and fragment.x - current.right < 1.6 * size:
                gap = " " if fragment.x - current.right > 0.4 * size else ""
                current.text += gap + fragment.text
                current.right = max(current.right, fragment.right)
            else:
                current = _Line(fragment.y, fragment.x, fragment.right, fragment.text)
                lines.append(current)
    return lines


def _rows(fragments: list[_Fragment]) -> list[list[_Fragment]]:
    rows: list[list[_Fragment]] = []
    for fragment in sorted(fragments, key=lambda each: (-each.y, each.x)):
        if rows and abs(rows[-1][0].y - fragment.y) < _SAME_LINE * max(fragment.size, rows[-1][0].size):
            rows[-1].append(fragment)
        else:
            rows.append([fragment])
    return rows


def _in_columns(lines: list[_Line], *, middle: float) -> list[_Line]:
    """Read the left column before the right one, between lines that cross the middle of the page."""
    left = [line for line in lines if line.right <= middle + 4]
    right = [line for line in lines if line.left >= middle - 4]
    crossing = len(lines) - len(left) - len(right)
    if min(len(left), len(right)) < _LEAST_COLUMN_LINES or crossing > _CROSSING_SHARE * len(lines):
        return _joined_rows(lines)
    ordered: list[_Line] = []
    block: list[_Line] = []
    for line in lines:
        if line in left or line in right:
            block.append(line)
            continue
        ordered += [*(each for each in block if each in left), *(each for each in block if each in right), line]
        block = []
    return [*ordered, *(each for each in block if each in left), *(each for each in block if each in right)]


def _joined_rows(lines: list[_Line]) -> list[_Line]:
    """Without columns, pieces of one height are the cells of a row."""
    joined: list[_Line] = []
    for line in lines:
        if joined and abs(joined[-1].y - line.y) < 1 and line.left >= joined[-1].right:
            joined[-1] = _Line(line.y, joined[-1].left, line.right, f"{joined[-1].text} {line.text}")
        else:
            joined.append(line)
    return joined


def _without_furniture(pages: list[list[_Line]]) -> list[list[_Line]]:
    """Drop page numbers, and lines that head or foot at least half of the pages."""
    edges = Counter(
        _without_digits(line.text) for lines in pages for line in {id(each): each for each in _edges(lines)}.values()
    )
    often = {words for words, times in edges.items() if len(pages) > 1 and times >= max(2, len(pages) // 2)}
    kept = []
    for lines in pages:
        marked = {
            id(line)
            for line in _edges(lines)
            if _BARE_NUMBER.fullmatch(line.text) or _without_digits(line.text) in often
        }
        kept.append([line for line in lines if id(line) not in marked])
    return kept


def _edges(lines: list[_Line]) -> list[_Line]:
    by_height = sorted(lines, key=lambda line: -line.y)
    return by_height[:_EDGE_LINES] + by_height[-_EDGE_LINES:]


def _without_digits(words: str) -> str:
    return re.sub(r"[\d\s—\-–]", "", words)


def _width(character: str) -> float:
    return 1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5
