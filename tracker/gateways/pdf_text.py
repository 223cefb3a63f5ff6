"""The text layer of a PDF: paragraphs and rows of tables in reading order, page furniture left out."""

from itertools import pairwise
from pathlib import Path

from pypdf import PageObject, PdfReader

from tracker.gateways.pdf_furniture import without_furniture
from tracker.gateways.pdf_lines import Line, in_columns, lines_of
from tracker.gateways.pdf_page import Fragment, Page, read_page
from tracker.gateways.pdf_paragraphs import paragraphs
from tracker.gateways.pdf_tables import RuledTable, continued, ruled_tables
from tracker.inspection.pdf_objects import BROKEN, open_pdf
from tracker.inspection.refusals import FileDamaged, PdfTooLong, ScanWithoutText

MAX_PAGES = 600
_LEAST_CHARACTERS_A_PAGE = 15


def read_pdf(path: Path) -> str:
    """Return the text layer of a PDF; marks of layout tell paragraphs and cells.

    Raises FileDamaged, FileEncrypted, ScanWithoutText, PdfTooLong.
    """
    try:
        with path.open("rb") as file:
            reader = open_pdf(file)
            if len(reader.pages) > MAX_PAGES:
                raise PdfTooLong(max_pages=MAX_PAGES)
            pages = _pages(reader)
    except (*BROKEN, RecursionError) as error:
        raise FileDamaged from error
    characters = sum(len(line.text.strip()) for lines in pages for line in lines)
    if characters < _LEAST_CHARACTERS_A_PAGE * max(1, len(pages)):
        raise ScanWithoutText()
    return paragraphs(without_furniture(pages))


def read_pages(path: Path) -> list[list[str]]:
    """Return the lines of each page, page furniture left in. Raises FileDamaged."""
    try:
        return [
            [" ".join(filter(None, line.text.split(" "))) for line in _plain_lines(page)]
            for page in PdfReader(path).pages
        ]
    except (*BROKEN, RecursionError) as error:
        raise FileDamaged from error


def _plain_lines(page: PageObject) -> list[Line]:
    read = read_page(page)
    return in_columns(lines_of(_straight(read)), middle=read.middle)


def _pages(reader: PdfReader) -> list[list[Line]]:
    read = [read_page(page) for page in reader.pages]
    tables = [ruled_tables(page) for page in read]
    for above, below in pairwise(tables):
        if above and below:
            continued(above[-1], below[0])
    return [_around(page, ruled) for page, ruled in zip(read, tables, strict=True)]


def _around(page: Page, tables: list[RuledTable]) -> list[Line]:
    """Return the lines of a page with its tables between them."""
    if not tables:
        return in_columns(lines_of(_straight(page)), middle=page.middle)
    outside = [each for each in _straight(page) if not any(table.holds(each) for table in tables)]
    lines: list[Line] = []
    running = lines_of(outside)
    for table in tables:
        above = [line for line in running if line.y > table.ys[0]]
        running = [line for line in running if line.y <= table.ys[0]]
        lines += [*in_columns(above, middle=page.middle), *table.lines()]
    return [*lines, *in_columns(running, middle=page.middle)]


def _straight(page: Page) -> list[Fragment]:
    """Leave out what runs down the margin."""
    return [each for each in page.fragments if not each.turned]
