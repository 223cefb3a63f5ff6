"""Running duties 「分工段落」: a stretch whose sentences give several named bodies a duty each."""

from dataclasses import replace
from itertools import pairwise

from tracker.domain.items import ItemKind
from tracker.intake.bodies import is_body, is_collective
from tracker.intake.expressions import expression
from tracker.intake.outline import Node
from tracker.intake.stretches import Segment, title_of

# e.g. 市住建局牵头推进审批改革
# e.g. 市税务局负责征缴
_DUTY = expression(
    r"(?:^|(?<=[。；\n]))(?P<unit>[\u4e00-\u9fff（）“”]{3,20}?)(?=负责(?!人|任)|牵头|具体负责|承担|要做好|要加强|要会同|统筹)"
)
_LEAST_DUTIES = 3


def running_duties(text: str, *, node: Node, end: int, kind: ItemKind) -> list[Segment]:
    """Make an item of each duty where a stretch gives at least three bodies one each."""
    body = text[node.text_start : end]
    duties = [duty for duty in _DUTY.finditer(body) if is_body(duty["unit"]) and not is_collective(duty["unit"])]
    if len({duty["unit"] for duty in duties}) < _LEAST_DUTIES:
        return []
    at = node.text_start
    found = []
    for duty, after in pairwise([*duties, None]):
        assert duty is not None
        stop = after.start() if after else len(body)
        title = title_of(body[duty.start() : stop], marks=[])
        found.append(Segment(node.label, kind, title, at + duty.start(), at + stop, (), duty["unit"]))
    found[0] = replace(found[0], start=node.start)
    return found
