"""Listed duties 「部门职责」: lines that name a body and what it is for, where a stretch lists several."""

import re
from itertools import pairwise

from tracker.domain.items import ItemKind
from tracker.intake.bodies import is_unit
from tracker.intake.expressions import expression
from tracker.intake.outline import Node
from tracker.intake.stretches import Segment, title_of

_VERB = "负责|指导|协助|组织|承担|做好|履行|参与|配合|牵头|协调|督促|统一|贯彻|研究|审定|按照|在|为|执行|监督|制定"
# e.g. 市应急管理局：负责组织协调森林火灾扑救
# e.g. 市指挥部下设办公室，主要职责：承担日常工作
_DUTY = expression(
    rf"""(?:(?<=[。；\n])|(?<![\s\S]))
    (?P<unit>[\u4e00-\u9fff（）()]{{2,30}}?)(?P<heads>下设办公室，)?(?:主要职责是?)?[:：]
    (?={_VERB})""",
    re.VERBOSE,
)
# The colon of a duty, which few stretches have, is found at less cost than what stands before it.
# e.g. ：负责
_COLON = expression(f"[:：](?={_VERB})")


def listed_duties(text: str, *, node: Node, end: int) -> list[Segment]:
    """Make an item of each line that names a body and its duty, where a stretch lists several."""
    body = text[node.text_start : end]
    if not _COLON.search(body):
        return []
    duties = [duty for duty in _DUTY.finditer(body) if is_unit(duty["unit"])]
    if len(duties) < 2:
        return []
    found = []
    for duty, after in pairwise([*duties, None]):
        assert duty is not None
        line_end = body.find("\n", duty.end())
        stop = min(line_end if line_end >= 0 else len(body), after.start() if after else len(body))
        unit = duty["unit"] + ("办公室" if duty["heads"] else "")
        title = f"{unit}主要职责" if "职责" in duty.group() else title_of(body[duty.end() : stop], marks=[])
        at = node.text_start
        found.append(Segment(node.label, ItemKind.DUTY, title, at + duty.start(), at + stop, (), unit))
    return found
