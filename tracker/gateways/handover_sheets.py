"""Hand-over sheets 「交接单」 as workbooks that are printed on A4, signed and filed."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side

from tracker.domain.entered import clean_words

_THIN = Side(style="thin")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)


def handover_workbook(
    *,
    title: str,
    facts: Sequence[str],
    columns: Sequence[str],
    widths: Sequence[float],
    rows: Sequence[Sequence[str]],
    tail: Sequence[str],
) -> bytes:
    """Return a sheet: a title, lines of facts, a table with a grid, lines below it; every cell is text."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = title
    for words in (title, *facts):
        _whole_line(sheet, words, len(columns))
    sheet.cell(1, 1).font, sheet.cell(1, 1).alignment = Font(bold=True, size=18), Alignment(horizontal="center")
    head = sheet.max_row + 1
    for row in (columns, *rows):
        sheet.append([clean_words(cell) for cell in row])
    for line in sheet.iter_rows(min_row=head):
        for cell in line:
            cell.data_type, cell.border = "s", _GRID
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=cell.row == head)
    for words in tail:
        _whole_line(sheet, words, len(columns))
    for cell, width in zip(sheet[head], widths, strict=True):
        sheet.column_dimensions[cell.column_letter].width = width
    sheet.print_title_rows = f"{head}:{head}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.oddFooter.center.text = "第&P页，共&N页"
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def _whole_line(sheet: Any, words: str, columns: int) -> None:
    row = sheet.max_row + (1 if sheet.cell(1, 1).value is not None else 0)
    cell = sheet.cell(row, 1, clean_words(words))
    cell.data_type, cell.alignment = "s", Alignment(wrap_text=True, vertical="center")
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
    sheet.row_dimensions[row].height = 27
