"""《数字溯源表》 as Excel: every figure of a circular with the facts behind it, one fact a row."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

from tracker.domain.circulars.content import BETWEEN_CODES, Figure
from tracker.domain.entered import clean_words

_HEADS = ("正文位置", "数字或名称", "口径", "事项", "单位", "期次", "应报日期", "状态", "事件序号")
_WIDTHS = (12, 18, 34, 40, 30, 22, 12, 24, 24)


def write_sources(
    figures: Iterable[tuple[str, Figure]], *, head: Sequence[tuple[str, str]], cited: Mapping[str, str]
) -> bytes:
    """Return the workbook; `figures` are pairs of where a figure stands and what it is, `head` names the circular.

    `cited` are the items by the codes under which the figures keep them.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("数字溯源表")
    for letter, width in zip("ABCDEFGHI", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    for name, value in head:
        sheet.append([name, _text(value)])
    sheet.append([])
    cells = []
    for words in _HEADS:
        cell = WriteOnlyCell(sheet, words)
        cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)
    for place, figure in figures:
        first = [_text(place), _text(figure.words), _text(figure.meaning)]
        if not figure.sources:
            sheet.append(first)
        for source in figure.sources:
            due = source.due_on.isoformat() if source.due_on else ""
            events = "、".join(map(str, source.events))
            items = "；".join(cited.get(code, code) for code in source.item_code.split(BETWEEN_CODES))
            fact = (items, source.unit, source.period, due, source.status, events)
            sheet.append([*first, *map(_text, fact)])
    packed = BytesIO()
    book.save(packed)
    return packed.getvalue()


def _text(value: str) -> str:
    """Keep a text a text: one that begins like a formula is shown, not computed; no sheet holds control characters."""
    value = clean_words(value)
    return f"'{value}" if value[:1] in "=+-@" else value
