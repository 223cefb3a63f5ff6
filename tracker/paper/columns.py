"""The columns of annexes fit their words: no number, date, 文号 or name of a unit is broken where there is room for it.

Word processors break Chinese text at any character. So columns are as wide as the longest word in them, and a line
that would end inside a word is ended before it. Widths are twips of 五号 type; digits count as wide faces give them.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from tracker.paper.documents import Column
from tracker.paper.ooxml import CELL_CHARACTER, CELL_MARGIN, TYPE_AREA_WIDTH, room_in, row_lines

LANDSCAPE_WIDTH = 12756
_WIDE_DIGIT, _NARROW_DIGIT, _SPACE, _SLACK = 136, CELL_CHARACTER // 2, CELL_CHARACTER // 4, 30
_LEAST = 540
# A turned sheet is taken where an upright one leaves the widest column less than this part of its width.
_ENOUGH = 0.75
# A name of a unit may be broken that is longer than this part of the sheet; the later ones where room is short.
_PARTS_OF_NAMES = (5, 6, 7, 8)
# Of a table of more rows each line counts: a city's items fill a book else. Its columns are tried with so many rows.
MANY_ROWS = 60
# A row of more lines goes to the next page as a whole where it is not the first, and leaves this one half empty.
_TALL = 4
_SAMPLE, _STEP = 400, 105
# A longer word is a name, which stands in most cells alone.
_LONG_WORD = 8 * CELL_CHARACTER
_OPEN, _CLOSE = "（《〔“‘", "）》〕”’、，。；：！？%％"
_WORD = (
    # e.g. 三（四）17, 一2, 附件1一（十）
    r"(?:附件\d{1,2})?[一二三四五六七八九十]{1,3}(?:（[一二三四五六七八九十]{1,3}）\d{0,3}|\d{1,3}(?!\d))"
    r"|[\u4e00-\u9fff]{1,6}〔\d{4}〕\d+号|\d{4}年第\d+[周季]|\d{4}年(?:\d{1,2}月(?:\d{1,2}日起?)?)?|\d{1,2}月\d{1,2}日起?"
    r"|第\d+[\u4e00-\u9fff]|\d[\d.,]*(?:个工作日|个月|[\u4e00-\u9fff%％])?|[0-9A-Za-z][0-9A-Za-z.-]*"
)
_PIECE = re.compile(f"[{_OPEN}]*(?:{_WORD}|[^{_OPEN}]|[{_OPEN}])[{_CLOSE}—]*", re.DOTALL)
# What is said of a name, （督查室拟定）, may stand on the next line; 各县（区） is one word.
_NAME = re.compile("(?:（(?=[^）]{3})[^、；]*|(?:[^、；（]|（(?![^）]{3}))+)[、；]?")
# What a centred cell says in a word or two: 到期待核数（自报）.
_STATE = re.compile(f"[{_OPEN}]*(?:[\u4e00-\u9fff]{{1,6}}|[^{_OPEN}]|[{_OPEN}])[{_CLOSE}]*", re.DOTALL)
_DIGIT = re.compile("[0-9]")
_SIGNS = "×÷±°·"  # that Chinese faces draw as wide as a character
_BORDER = re.compile(r"(?<=[0-9A-Za-z])(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z])")


def fitted_columns(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, whole: int) -> tuple[Column, ...]:
    """Return the columns as wide as their longest words, what is left shared out as the given widths want it.

    Where there is no room for all words, long names of units are broken rather than numbers and dates; where that does
    not do, the given widths. Of a table of many rows, or of a tall one, what is left goes where it saves most lines.
    """
    if len(rows) > MANY_ROWS:
        return _of_few_lines(columns, rows, whole, _PARTS_OF_NAMES[-1]) or _shared_out(columns, rows, whole)
    shared = _shared_out(columns, rows, whole)
    if max(_lines_of(shared, rows), default=0) <= _TALL:
        return shared
    tried = (_of_few_lines(columns, rows, whole, part) for part in _PARTS_OF_NAMES)
    low = next((few for few in tried if few is not None), shared)
    return min(shared, low, key=lambda fitted: sum(_lines_of(fitted, rows)))


def _lines_of(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[int]:
    return [row_lines(columns, cells) for cells in wrapped_rows(columns, rows)]


def _shared_out(columns: Sequence[Column], rows: Sequence[Sequence[str]], whole: int) -> tuple[Column, ...]:
    """Return the columns as wide as their longest words and what is left as the given widths want it."""
    given = [column.width * whole // sum(each.width for each in columns) for column in columns]
    widest = max(range(len(columns)), key=given.__getitem__)
    for part in _PARTS_OF_NAMES:
        least = [_least(column, [cells[n] for cells in rows], whole // part) for n, column in enumerate(columns)]
        spare = whole - sum(least)
        if spare >= 0 and least[widest] + spare >= given[widest] // 2:
            break
    if spare < 0:
        widths = given
    else:
        wants = [max(0, wide - narrow) for wide, narrow in zip(given, least, strict=True)]
        total = sum(wants) or 1
        widths = [narrow + spare * want // total for narrow, want in zip(least, wants, strict=True)]
    widths[widest] += whole - sum(widths)
    return tuple(replace(column, width=width) for column, width in zip(columns, widths, strict=True))


def _of_few_lines(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], whole: int, part: int
) -> tuple[Column, ...] | None:
    """Return the columns with what their longest words leave given, step by step, to the one that shortens most rows.

    Names of units longer than one `part` of the whole may be broken. None where there is no room for all words.
    """
    least = [
        max(_of_head(column), _least(column, [cells[n] for cells in rows], whole // part))
        for n, column in enumerate(columns)
    ]
    if sum(least) > whole:
        return None
    sample = rows[:: -(-len(rows) // _SAMPLE)]
    widths = [[_width(cells[n]) for cells in sample] for n in range(len(columns))]
    lost = [_lost_at_ends(column, [cells[n] for cells in rows]) for n, column in enumerate(columns)]

    def lines(n: int, width: int) -> list[float]:
        """Return the lines of a column's cells, parts of them too: a step seldom saves a whole one."""
        room = room_in(replace(columns[n], width=width)) - lost[n]
        return [max(1, wide / max(CELL_CHARACTER, room)) for wide in widths[n]]

    high = [lines(n, width) for n, width in enumerate(least)]
    while sum(least) < whole:
        step = min(_STEP, whole - sum(least))
        tried = [lines(n, width + step) for n, width in enumerate(least)]
        rows_of = [map(max, *high[:n], more, *high[n + 1 :]) for n, more in enumerate(tried)]
        saves = [
            (sum(told), sum(more) - sum(high[n])) for n, (told, more) in enumerate(zip(rows_of, tried, strict=True))
        ]
        n = saves.index(min(saves))
        least[n], high[n] = least[n] + step, tried[n]
    return tuple(replace(column, width=width) for column, width in zip(columns, least, strict=True))


def _lost_at_ends(column: Column, cells: Sequence[str]) -> int:
    """Return what a line loses at its end before a word that is not broken; of many rows few have a long one."""
    least = CELL_CHARACTER // 2
    return least if len(cells) > MANY_ROWS else max(least, min(_longest(cells, column), _LONG_WORD) // 4)


def _of_head(column: Column) -> int:
    """Return the width that a head needs to stand in two lines, 序号 in one."""
    return max(2, -(-len(column.head) // 2)) * column.character + 2 * CELL_MARGIN + _SLACK


def needs_a_turned_sheet(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> bool:
    """Tell whether the words leave too little room on an upright sheet for the column that has most of it."""
    least = [
        _least(column, [cells[n] for cells in rows], TYPE_AREA_WIDTH // _PARTS_OF_NAMES[0])
        for n, column in enumerate(columns)
    ]
    widest = max(range(len(columns)), key=lambda n: columns[n].width)
    left = TYPE_AREA_WIDTH - sum(least) + least[widest]
    return left < max(least[widest], _ENOUGH * columns[widest].width)


def wrapped_rows(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """Return the rows with line breaks where a line would end inside a word."""
    return [tuple(_wrapped(column, cell) for column, cell in zip(columns, cells, strict=True)) for cells in rows]


def _wrapped(column: Column, cell: str) -> str:
    room = room_in(column)
    if _width(cell) <= room:
        return cell
    pieces = _pieces(column, cell)
    if not any(_breaks_inside(pieces, room, digit) for digit in (_WIDE_DIGIT, _NARROW_DIGIT)):
        return cell
    lines: list[str] = [""]
    for piece in pieces:
        if lines[-1] and _width(lines[-1] + piece) > room:
            lines.append("")
        lines[-1] += piece
    return "\n".join(lines)


def _breaks_inside(pieces: Sequence[str], room: int, digit: int) -> bool:
    """Tell whether lines filled character by character end inside a word that has room on a line."""
    used = 0
    for piece in pieces:
        wide = _width(piece, digit)
        if used + wide <= room:
            used += wide
            continue
        if len(piece) > 1 and used and wide <= room:
            return True
        used = wide % room
    return False


def _least(column: Column, cells: Sequence[str], longest_name: int) -> int:
    """Return the width that a column's longest word needs; names of units that are longer than given may be broken."""
    longest = _longest(cells, column)
    if _is_of_names(column):
        longest = min(longest, longest_name * CELL_CHARACTER // column.character)
    return max(_LEAST, longest * column.character // CELL_CHARACTER + 2 * CELL_MARGIN + _SLACK)


def _longest(cells: Sequence[str], column: Column) -> int:
    return max((_width(piece) for cell in set(cells) for piece in _pieces(column, cell)), default=0)


def _pieces(column: Column, cell: str) -> list[str]:
    if _is_of_names(column):
        return _NAME.findall(cell)
    return (_STATE if column.align == "center" and not _DIGIT.search(cell) else _PIECE).findall(cell)


def wrapped_heads(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Return the columns with heads that do not fit on one line in lines of like length: 未达/序时, not 未达序/时."""
    return tuple(replace(column, head=_balanced(column)) for column in columns)


def _balanced(column: Column) -> str:
    each = max(1, room_in(column) // CELL_CHARACTER)
    lines = -(-len(column.head) // each)
    size = -(-len(column.head) // lines)
    return "\n".join(column.head[n : n + size] for n in range(0, len(column.head), size))


def _is_of_names(column: Column) -> bool:
    return "单位" in column.head


def _width(text: str, digit: int = _WIDE_DIGIT) -> int:
    wide = sum(CELL_CHARACTER if ord(character) > 0x2000 or character in _SIGNS else digit for character in text)
    return wide + _SPACE * len(_BORDER.findall(text))
