"""Tables in raw text: rows whose heads are known keep their cells, forms become lines of fields, others plain lines.

A row keeps a tab between its cells in the normalised text, as many in each row as in the heads above it; what a merged
cell says stands in each row that it reaches. A head that is repeated on the next page is left out, and a row that was
broken between pages is made whole.
"""

import re
import unicodedata
from collections.abc import Sequence

from tracker.domain.readings.layout import CELL, MERGED, unmarked
from tracker.intake.column_heads import DUTIES, Column, column_of, columns_of, is_form, is_head_row

# Columns of plain text are two blanks apart, or a wide one.
# e.g. 改造管网  市城管局
_WIDE_GAP = re.compile(r"(?<=\S)(?: {2,}|[ ]*\u3000+[ \u3000]*)(?=\S)")
# e.g. 序号 任务 牵头单位
_ANY_GAP = re.compile(r"[ \u3000\xa0]+")
# e.g. 财 政 局
_SPACED_OUT = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff](?: |$))")
# A blank beside a Chinese character is one of layout, except between names.
# e.g. 改造 60公里
_BLANK_BESIDE_CJK = re.compile(r"(?<=[\u2e80-\u9fff，。；：、（）]) +| +(?=[\u2e80-\u9fff，。；：、（）])")
# e.g. 市财政局  市水利局
_BLANKS = re.compile(r"[ \u3000\xa0\n]+")
_LEAST_HEADS_OF_PLAIN_TEXT = 3
# e.g. 12
# e.g. （三）
_NUMBER = re.compile(r"[（(]?(?:\d{1,3}|[一二三四五六七八九十]{1,3})[）).．、]?")
# A line that begins a new stretch of the document ends the columns of plain text.
# e.g. 二、保障措施
# e.g. 附件2
_NEW_STRETCH = re.compile(
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
            again = table is not None and [*map(_bare, found[0].heads[0])] == [*map(_bare, table.heads[0])]
            if not again:
                out += [CELL.join(row) for row in found[0].heads]
            else:
                assert table is not None
                found[0].above = table.above
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
            out += _form(run) or [_plain(each) for each in run[:1]]
            at += len(run) if _form(run) else 1
            continue
        form = _plain_form(lines, at)
        if form:
            out += form
            at += len(form)
            continue
        if table and table.starts is not None and line.strip():
            table = None
        out.append(line)
        at += 1
    return out


def cells_of(line: str) -> list[str]:
    """Return the cells of a canonical row."""
    return line.split(CELL)


def _heads(lines: Sequence[str], at: int) -> tuple[_Table, int] | None:
    """Return the table whose heads begin here and the line behind them."""
    line = lines[at]
    if CELL in line:
        first = [_clean(unmarked(cell), names=False) for cell in line.split(CELL)]
        if not is_head_row(first):
            return None
        rows = [first]
        if at + 1 < len(lines) and CELL in lines[at + 1]:
            second = [_clean(unmarked(cell), names=False) for cell in lines[at + 1].split(CELL)]
            if len(second) == len(first) and is_head_row(second) and columns_of([first, second]):
                rows.append(second)
        columns = columns_of(rows)
        return (_Table(rows, columns, None), at + len(rows)) if columns else None
    words = [word for word in _ANY_GAP.split(line.strip(" \u3000\xa0")) if word]
    if len(words) < _LEAST_HEADS_OF_PLAIN_TEXT or not all(map(column_of, words)):
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
    bare = line.strip(" \u3000\xa0")
    if table.starts is None or not bare or _NEW_STRETCH.match(bare):
        return None
    pieces = _WIDE_GAP.split(bare)
    if len(pieces) == wanted:
        return pieces
    words = _ANY_GAP.split(bare)
    if len(words) == wanted and (len(pieces) < 2 or _NUMBER.fullmatch(words[0])):
        return words
    if len(pieces) > 1 and _WIDE_GAP.search(line):
        return _by_place(line, table.starts)
    return _by_kind(words, table.columns) if _NUMBER.fullmatch(words[0]) and len(words) > 2 else None


def _by_place(line: str, starts: list[int]) -> list[str] | None:
    """Put the pieces of a line under the heads above which they stand; None where two stand under one."""
    cells = [""] * len(starts)
    place = 0
    for piece in _WIDE_GAP.split(line.rstrip()):
        start = line.index(piece, place)
        place = start + len(piece)
        words = piece.lstrip(" \u3000")
        left = _display(line[:start]) + _display(piece[: len(piece) - len(words)])
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
    said = {_clean(unmarked(cell), names=False) for cell in row} - {""}
    begins = bool(row[0].strip())
    if row[0].startswith(MERGED) and not any(row[1:]):
        return
    if len(said) == 1 and (begins or _whole(row)) and (begins or not table.above):
        out.append(said.pop())
        return
    cells = []
    for n, cell in enumerate(row):
        words = _clean(unmarked(cell), names=names[n])
        over = cell.startswith(MERGED) and n and _bare(words) == _bare(unmarked(row[n - 1]))
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
    end = at
    while end < len(lines) and CELL in lines[end]:
        end += 1
    return list(lines[at:end])


def _form(rows: Sequence[str]) -> list[str]:
    """Return the fields of a form, a line each; nothing where the rows are none."""
    pairs: list[tuple[str, str]] = []
    for row in rows:
        cells: list[str] = []
        for cell in row.split(CELL):
            if not (cell.startswith(MERGED) and cells and _bare(cells[-1]) == _bare(unmarked(cell))):
                cells.append(unmarked(cell).strip())
        if len(cells) > 1 and len(cells) % 2 == 0 and all(map(column_of, cells[::2])):
            pairs += list(zip(cells[::2], cells[1::2], strict=True))
        elif [cell for cell in cells if cell]:
            pairs.append(("", " ".join(cell for cell in cells if cell)))
    if len(rows) < 2 or not is_form(pairs):
        return []
    return [f"{_bare(label)}：{_clean(value, names=True)}" if label else value for label, value in pairs]


def _plain_form(lines: Sequence[str], at: int) -> list[str]:
    """Return the fields of a form whose labels and values stand two blanks apart, one pair a line."""
    pairs = []
    for line in lines[at : at + 30]:
        parts = _WIDE_GAP.split(line.strip(" \u3000"))
        if len(parts) != 2 or column_of(parts[0]) is None or column_of(parts[1]) is not None:
            break
        pairs.append((parts[0], parts[1]))
    return [f"{_bare(label)}：{value.strip()}" for label, value in pairs] if len(pairs) > 1 and is_form(pairs) else []


def _plain(line: str) -> str:
    """Return a row of an unknown table as a line of words; what a merged cell says stands once."""
    return " ".join(cell.strip() for cell in line.split(CELL) if cell.strip() and not cell.startswith(MERGED))


def _is_one_cell(line: str) -> bool:
    return len({_bare(unmarked(cell)) for cell in line.split(CELL)} - {""}) == 1


def _clean(cell: str, *, names: bool) -> str:
    """Return a cell's words without blanks of layout; between names one stays."""
    words = _BLANKS.sub(" ", cell).strip()
    if names:
        return _BLANKS.sub("", words) if _SPACED_OUT.search(words) else words
    return _BLANK_BESIDE_CJK.sub("", words)


def _bare(words: str) -> str:
    return _BLANKS.sub("", words)


def _starts(line: str, words: list[str]) -> list[int]:
    """Return where each head begins, in half characters."""
    found, place = [], 0
    for word in words:
        at = line.index(word, place)
        found.append(_display(line[:at]))
        place = at + len(word)
    return found


def _display(words: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in words)
