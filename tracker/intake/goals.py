"""Goals 「工作目标」: clauses with a number of their own, or numbered goals → one item each."""

from dataclasses import replace

from tracker.domain.items import ItemKind
from tracker.intake.expressions import expression
from tracker.intake.outline import Node
from tracker.intake.stretches import Segment, title_of

_ONE_GOAL = {"arabic", "circle", "bracket_arabic"}
# e.g. 签约项目400个
_NUMBER = expression(r"\d")
# e.g. 实际到位省外资金346.8亿元
# e.g. 增长3%
# but not 2022年
_QUANTIFIED = expression(r"\d(?:\.\d+)?(?:[%％‰]|个百分点|(?![年月日号届次、.）)])[万亿]?[\u4e00-\u9fff])")
# A full stop of Latin script ends a clause, a decimal point does not.
# e.g. 实际到位市外资金770.8亿元，
_CLAUSE = expression(r"(?:[^；;。，,\n.]|\.(?=\d))+")
# A rate goes with the amount before it.
# e.g. 增长5%
# e.g. 其中省外资金100亿元
_GOES_ON = expression(r"(?:同比|较上年|比上年)?(?:增长|增速|占(?![^，。；]{2,40}分别)|提高|下降)|其中")
# A year before the amount is the beginning of its clause.
# e.g. 到2025年
# e.g. 2021年年底前
_YEAR_FIRST = expression(r"(?:到|至)?\d{4}年(?:底|末|年底|年末)?(?:之?前)?$")


def goals(text: str, *, node: Node, end: int) -> list[Segment]:
    """Make an item of each clause with a number of its own; a numbered goal is one item."""
    body = text[node.text_start : end]
    if node.kind in _ONE_GOAL:
        return (
            [Segment(node.label, ItemKind.GOAL, title_of(body, marks=[]), node.start, end, ())]
            if _NUMBER.search(body)
            else []
        )
    found: list[Segment] = []
    carried: int | None = None
    last = 0
    for clause in _CLAUSE.finditer(body):
        words = clause.group()
        place = node.text_start + clause.start()
        if _QUANTIFIED.search(words):
            start = place if carried is None else carried
            if found and place == last + 1 and _GOES_ON.match(words):
                found[-1] = replace(found[-1], end=node.text_start + clause.end())
                last = found[-1].end
                continue
            found.append(Segment(node.label, ItemKind.GOAL, words.strip(), start, node.text_start + clause.end(), ()))
            carried, last = None, node.text_start + clause.end()
        else:
            begins = _YEAR_FIRST.search(words.strip())
            goes_on = carried is not None and body[clause.start() - 1] in "，,"
            carried = carried if goes_on else place if begins else None
    return found
