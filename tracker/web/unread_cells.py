"""What was written in the workbook of a form where nothing is read: in its fixed cells, and outside its table."""

from collections.abc import Collection, Iterator, Mapping

from tracker.domain.jottings import digest
from tracker.gateways.filled_sheets import ReadLine, ReadSheet

_SHOWN = 5


def as_given_out(key: str, fixed: Mapping[str, str]) -> dict[str, str]:
    """Return by what the fixed cells of a line, by the heads of their columns, are known when they come back."""
    return {_name(key, head): digest(_plain(text)) for head, text in fixed.items()}


def changed_words(read: ReadLine, heads: Collection[str], seen: Mapping[str, str]) -> Iterator[str]:
    """Tell of fixed cells that say something else than when they were given out; one that was emptied says nothing."""
    cells = {head: read.cells[head] for head in heads if head in read.cells and _name(read.key, head) in seen}
    changed = (
        f"{cell.place}“{head}”"
        for head, cell in cells.items()
        if cell.text and digest(_plain(cell.text)) != seen[_name(read.key, head)]
    )
    if places := "、".join(changed):
        yield f"第{read.number}行：{places}是灰色栏，其中的改动没有读。请填在白色各栏。"


def outside_words(sheet: ReadSheet, heads: Collection[str]) -> Iterator[str]:
    """Tell of what was written on lines of the form in columns that it does not have, under a head or none."""
    lines = [line for line in sheet.lines if line.key]
    named = [cell.place for line in lines for head, cell in line.cells.items() if head not in heads and cell.text]
    places = [*named, *(place for line in lines for place in line.outside)]
    if places:
        more = f"等{len(places)}格" if len(places) > _SHOWN else ""
        yield f"{'、'.join(places[:_SHOWN])}{more}不在本表各栏之内，所写内容没有读。请填在本表的白色各栏。"


def _name(key: str, head: str) -> str:
    return f"{key}:{head}"


def _plain(text: str) -> str:
    """Leave out blanks and line breaks, which table programs write each in their own way."""
    return "".join(text.split())
