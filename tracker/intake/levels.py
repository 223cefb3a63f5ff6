"""Response levels 「响应级别」 of an emergency plan: which level words name, and the items of each level."""

from tracker.domain.items import ItemKind
from tracker.intake.expressions import expression
from tracker.intake.outline import Node
from tracker.intake.stretches import Segment, title_of

# e.g. Ⅰ级应急响应
# e.g. 四级预警信息
_LEVEL = expression(r"(Ⅳ|Ⅲ|Ⅱ|Ⅰ|IV|III|II|I|[一二三四])级(?=[^，。]{0,6}响应|预警信息)")
_LEVELS = {"Ⅰ": "I", "Ⅱ": "II", "Ⅲ": "III", "Ⅳ": "IV", "一": "I", "二": "II", "三": "III", "四": "IV"}
# e.g. Ⅰ级预警信息由省指挥部办公室提出
_WHO_STARTS = expression(r"由[^。]+(?:发布|提出|启动|组织)")
_LEAST_OPENING = 30


def level_of(words: str) -> str | None:
    """Return the response level that the words of an emergency plan name: I to IV."""
    found = _LEVEL.search(words)
    return _LEVELS.get(found[1], found[1]) if found else None


def steps_of_levels(text: str, *, node: Node, end: int) -> list[Segment]:
    """Make an item of each line where every level has a line of its own: Ⅰ级预警信息由省指挥部提出…"""
    found = []
    start = node.text_start
    for line in text[node.text_start : end].split("\n"):
        if _LEVEL.match(line) and _WHO_STARTS.search(line):
            title = title_of(line, marks=[])
            found.append(Segment(node.label, ItemKind.RESPONSE_STEP, title, start, start + len(line), ()))
        start += len(line) + 1
    return found if len(found) > 1 else []


def opening_of_level(text: str, *, node: Node, heading: str) -> list[Segment]:
    """Make an item, step 0, of the words with which a response level begins, before its numbered steps."""
    body = text[node.text_start : node.end].strip()
    if node.kind != "decimal" or not level_of(heading) or len(body) < _LEAST_OPENING:
        return []
    stop = node.start + len(text[node.start : node.end].rstrip())
    return [Segment(f"{node.label}/0", ItemKind.RESPONSE_STEP, title_of(body, marks=[]), node.start, stop, ())]
