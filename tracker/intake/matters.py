"""Blocks of labelled lines 「问题一：… 整改措施：… 责任单位：…」, in a list of problems or on a form: one item each."""

import re
from collections.abc import Iterator

from tracker.domain.items import ItemKind
from tracker.intake.background import is_closing
from tracker.intake.column_heads import DUTIES, Column, column_of
from tracker.intake.expressions import expression
from tracker.intake.headings import headings, kind_of
from tracker.intake.outline import Node
from tracker.intake.stretches import Record, Segment, title_of
from tracker.intake.tables import heading_over, labelled

# e.g. 问题一：管网老化
# e.g. （三）存在问题：管网老化
# e.g. 督办事项：二次供水问题
_BEGINS = expression(
    r"""(?P<number>(?:\d{1,3}[.．、]|[（(][一二三四五六七八九十\d]{1,3}[）)]|[一二三四五六七八九十]{1,3}、)?)
    [【\[]?(?P<name>(?:存在|反馈|具体|突出|整改)?问题|(?:督办|交办|督查|办理|整改|任务)事项|事项名称|督办内容|交办内容|督查内容|事项内容)
    (?P<which>[一二三四五六七八九十\d]{0,3})[】\]]?[:：]""",
    re.VERBOSE,
)
# e.g. 整改措施：
# e.g. 【责任单位】市城管局
_FIELD = expression(
    r"(?:\d{1,2}[.．、]|[（(][一二三四五六七八九十\d]{1,3}[）)])?(?:[【\[](?P<boxed>[^】\]\n]{2,10})[】\]][:：]?|(?P<plain>[^:：，。\n]{2,10})[:：])"
)
# A heading above blocks ends the one before it.
# e.g. 二、整改要求
# e.g. （二）工作要求
_HEADING = expression(
    r"(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十百]+[条章部]|附\s*件)"
)
_NO_WORDS = {*DUTIES, Column.TIME, Column.PACE, Column.OTHER, Column.NUMBER, Column.EVIDENCE}
_OVER = {"annex", "part", "han"}
_Line = tuple[int, int]


def matters(text: str, *, nodes: list[Node], title: str) -> Iterator[Segment]:
    """Yield an item for each block that names its matter and, in lines of their own, who answers for it."""
    block: list[_Line] = []
    start = 0
    for line in text.split("\n"):
        span = (start, start + len(line))
        begins = _BEGINS.match(line)
        if block and (begins or is_closing(line) or (_HEADING.match(line) and not _FIELD.match(line))):
            yield from _block(text, block, nodes=nodes, title=title)
            block = []
        if begins or block:
            block.append(span)
        start += len(line) + 1
    if block:
        yield from _block(text, block, nodes=nodes, title=title)


def _block(text: str, lines: list[_Line], *, nodes: list[Node], title: str) -> Iterator[Segment]:
    """Yield the block as an item, unless its measures say each for itself who answers for them."""
    words: list[_Line] = []
    facts: list[_Line] = []
    notes: list[str] = []
    places: list[_Line] = []
    seen: list[Column] = []
    current: Column | None = Column.PROBLEM
    begins = _BEGINS.match(text[slice(*lines[0])])
    assert begins
    for n, (start, end) in enumerate(lines):
        line = text[start:end]
        found = begins if n == 0 else _FIELD.match(line)
        column = Column.PROBLEM if n == 0 else column_of((found["boxed"] or found["plain"]) if found else "")
        if found and column:
            current = column
            start += found.end()
            seen.append(column)
        if current in _NO_WORDS:
            places.append((end - len(line), end))
            notes += labelled(current, text[start:end])
        elif text[start:end].strip():
            words.append((start, end))
            facts += [(start, end)] * (current is Column.PROBLEM and begins["name"].endswith("问题"))
    duties = [column for column in seen if column in DUTIES]
    if not words or not duties or len(duties) != len(set(duties)):
        return
    first = text[slice(*words[0])]
    over = heading_over(nodes, lines[0][0], kinds=_OVER)
    yield Segment(
        label=(over.label if over else "") + (begins["number"].rstrip(".．、") or begins["name"] + begins["which"]),
        kind=ItemKind.ACTION if over is None else kind_of(title, chain=[*headings(text, node=over), first]),
        title=title_of(first, marks=[]),
        start=lines[0][0],
        end=lines[-1][1],
        annotations=tuple(places),
        record=Record(tuple(words), tuple(notes), facts=tuple(facts) if Column.TASK in seen else ()),
    )
