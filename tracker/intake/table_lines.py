"""Tables in raw text: rows whose heads are known keep their cells, forms become lines of fields, others plain lines.

A row keeps a tab between its cells in the normalised text, as many in each row as in the heads above it; what a merged
cell says stands in each row that it reaches. A head that is repeated on the next page is left out, and a row that was
broken between pages is made whole.
"""

import re
from collections.abc import Sequence

from tracker.domain.readings.layout import CELL, MERGED, unmarked
from tracker.intake.cell_words import WIDE_GAP, bare, clean, display, has_blank
from tracker.intake.column_heads import DUTIES, Column, column_of, columns_of, is_form, is_head_row
from tracker.intake.expressions import expression
from tracker.intake.form_lines import fields_of_form, labelled_pairs

# e.g. 序号 任务 牵头单位
_ANY_GAP = expression(r"[ \u3000\xa0]+")
_LEAST_HEADS_OF_PLAIN_TEXT = 3
_MOST_COLUMNS = 60
# e.g. 12
# e.g. （三）
_NUMBER = expression(r"[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[）).．、]?")
# A line that begins a new stretch of the document ends the columns of plain text.
# e.g. 二、保障措施
# e.g. 附件2
_NEW_STRETCH = expression(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|附\s*件|第[一二三四五六七八九十百]+[条章]|注[:：]"
)


class _Table:
    """The heads that are in force, and where their columns begin in plain text."""

    def __init__(self, heads: list[list[str]], columns: tuple[Column | None, ...], starts: list[int] | None) -> None:
        self.heads = heads
        self.columns = columns
        self.starts = starts
        self.above: list[str] = []


def table_lines(lines: Sequence[str]) -> list[str]:
    """Return the lines with every table in its canonical form, everything else without a tab."""
    out: list[str] = []
    table: _Table | None = None
    at = 0
    while at < len(lines):
        found = _heads(lines, at)
        if found is not None:
            if table is not None and [*map(bare, found[0].heads[0])] == [*map(bare, table.heads[0])]:
                found[0].above = table.above
            else:
                out += [CELL.join(row) for row in found[0].heads]
            table, at = found
            continue
        line = lines[at]
        row = _row(line, table) if table else None
        if table and row is not None:
            _put(out, table, row)
            at += 1
            continue
        if CELL in line:
            table = None if not _is_one_cell(line) else table
            run = _run(lines, at)
            out += fields_of_form(run) or [_plain(each) for each in run]
            at += len(run)
            continue
        pairs = labelled_pairs(lines, at)
        if len(pairs) > 1:
            out += (
                [f"{bare(label)}：{words.strip()}" for label, words in pairs]
                if is_form(pairs)
                else lines[at : at + len(pairs)]
            )
            at += len(pairs)
            continue
        if table and table.starts is not None and line.strip():
            table = None
        out.append(line)
        at += 1
    return out


def _heads(lines: Sequence[str], at: int) -> tuple[_Table, int] | None:
    """Return the table whose heads begin here and the line behind them."""
    line = lines[at]
    if CELL in line:
        first = [clean(unmarked(cell), names=False) for cell in line.split(CELL)]
        if len(first) > _MOST_COLUMNS or not is_head_row(first):
            return None
        rows = [first]
        if at + 1 < len(lines) and CELL in lines[at + 1]:
            second = [clean(unmarked(cell), names=False) for cell in lines[at + 1].split(CELL)]
            if len(second) == len(first) and is_head_row(second) and columns_of([first, second]):
                rows.append(second)
        columns = columns_of(rows)
        return (_Table(rows, columns, None), at + len(rows)) if columns else None
    if not has_blank(line):
        return None
    words = [word for word in _ANY_GAP.split(line.strip(" \u3000\xa0")) if word]
    if not _LEAST_HEADS_OF_PLAIN_TEXT <= len(words) <= _MOST_COLUMNS or not all(map(column_of, words)):
        return None
    columns = columns_of([words])
    return (_Table([words], columns, _starts(line, words)), at + 1) if columns else None


def _row(line: str, table: _Table) -> list[str] | None:
    """Return the cells of a line that is a row under these heads, marks of merged cells left on."""
    wanted = len(table.columns)
    if CELL in line:
        cells = line.split(CELL)
        cells += [""] * (wanted - len(cells)) if wanted - len(cells) <= 2 else []
        return cells if len(cells) == wanted else None
    words_only = line.strip(" \u3000\xa0")
    if table.starts is None or not words_only or _NEW_STRETCH.match(words_only):
        return None
    pieces = WIDE_GAP.split(words_only)
    if len(pieces) == wanted:
        return pieces
    words = _ANY_GAP.split(words_only)
    if len(words) == wanted and (len(pieces) < 2 or _NUMBER.fullmatch(words[0])):
        return words
    if len(pieces) > 1 and WIDE_GAP.search(line):
        return _by_place(line, table.starts)
    return _by_kind(words, table.columns) if _NUMBER.fullmatch(words[0]) and len(words) > 2 else None


def _by_place(line: str, starts: list[int]) -> list[str] | None:
    """Put the pieces of a line under the heads above which they stand; None where two stand under one."""
    cells = [""] * len(starts)
    pieces = WIDE_GAP.split(line.rstrip())
    if len(pieces) > len(starts):
        return None
    place = 0
    for piece in pieces:
        start = line.index(piece, place)
        place = start + len(piece)
        words = piece.lstrip(" \u3000")
        left = display(line[:start]) + display(piece[: len(piece) - len(words)])
        column = min(range(len(starts)), key=lambda n: abs(starts[n] - left))
        if cells[column]:
            return None
        cells[column] = words
    return cells


def _by_kind(words: list[str], columns: tuple[Column | None, ...]) -> list[str] | None:
    """Put the words of a row that lacks cells where its number, its task and its time must stand; names stay apart.

    Which body stands in which of several columns cannot be told then: they are left to the task's own words.
    """
    if len(words) > len(columns) or columns[0] is not Column.NUMBER:
        return None
    cells = [""] * len(columns)
    cells[0], rest = words[0], words[1:]
    places = [n for n, column in enumerate(columns) if column is Column.TIME]
    if places and re.search(r"\d月|\d年|季度|长期|持续|年底|立行立改", rest[-1]):  # e.g. 10月底前
        cells[places[-1]] = rest.pop()
    task = next((n for n, column in enumerate(columns) if column in {Column.TASK, Column.PROBLEM, Column.METRIC}), None)
    if task is None or not rest:
        return None
    duties = [n for n, column in enumerate(columns) if column in DUTIES]
    if len(duties) == 1 and len(rest) > 1:
        cells[duties[0]] = rest.pop()
    cells[task] = " ".join(rest)
    return cells


def _put(out: list[str], table: _Table, row: list[str]) -> None:
    """Add a row; one that goes on from the row above is joined to it, one of a single cell is a line of its own."""
    names = [column in DUTIES for column in table.columns]
    said = {clean(unmarked(cell), names=False) for cell in row} - {""}
    begins = bool(row[0].strip())
    if row[0].startswith(MERGED) and not any(row[1:]):
        return
    if len(said) == 1 and (begins or _whole(row)) and (begins or not table.above):
        out.append(said.pop())
        return
    cells = []
    for n, cell in enumerate(row):
        words = clean(unmarked(cell), names=names[n])
        over = cell.startswith(MERGED) and n and bare(words) == bare(unmarked(row[n - 1]))
        from_above = n < len(table.above) and table.above[n] == words
        cells.append("" if over and not from_above else words)
    if table.above and _goes_on(cells, table):
        for n, words in enumerate(cells):
            if words and words != table.above[n]:
                table.above[n] += (
                    "、"
                    if names[n] and table.above[n] and not table.above[n].endswith("、") and _complete(table.above[n])
                    else ""
                ) + words
        _replace_last_row(out, table.above)
        return
    if any(cells):
        table.above = cells
        out.append(CELL.join(cells))


def _goes_on(cells: list[str], table: _Table) -> bool:
    """Say whether a row without a number is the rest of the one above: it names no body and no time, or no task."""
    if Column.NUMBER not in table.columns:
        return False
    number = table.columns.index(Column.NUMBER)
    if cells[number]:
        return False
    tasks = [n for n, column in enumerate(table.columns) if column in {Column.TASK, Column.PROBLEM, Column.METRIC}]
    if not any(cells[n] for n in tasks):
        return True
    others = [n for n, column in enumerate(table.columns) if column in {*DUTIES, Column.TIME}]
    return not any(cells[n] for n in others)


def _replace_last_row(out: list[str], row: list[str]) -> None:
    for n in range(len(out) - 1, -1, -1):
        if CELL in out[n]:
            out[n] = CELL.join(row)
            return


def _complete(names: str) -> bool:
    """Say whether a cell's names are whole, so that another may follow."""
    return names.endswith(("局", "委", "办", "府", "部", "会", "司", "院", "心", "位", "门", "）", ")"))


def _whole(row: list[str]) -> bool:
    """Say whether one cell was merged over all columns."""
    return all(cell.startswith(MERGED) for cell in row[1:])


def _run(lines: Sequence[str], at: int) -> list[str]:
    """Return the rows from here up to the next heads."""
    end = at + 1
    while end < len(lines) and CELL in lines[end] and _heads(lines, end) is None:
        end += 1
    return list(lines[at:end])


def _plain(line: str) -> str:
    """Return a row of an unknown table as a line of words; what a merged cell says stands once."""
    return " ".join(cell.strip() for cell in line.split(CELL) if cell.strip() and not cell.startswith(MERGED))


def _is_one_cell(line: str) -> bool:
    return len({bare(unmarked(cell)) for cell in line.split(CELL)} - {""}) == 1


def _starts(line: str, words: list[str]) -> list[int]:
    """Return where each head begins, in half characters."""
    found, place = [], 0
    for word in words:
        at = line.index(word, place)
        found.append(display(line[:at]))
        place = at + len(word)
    return found
