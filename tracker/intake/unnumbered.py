"""Paragraphs under no number 「无编号段落」: goals of a preamble, requests of a letter, closing demands."""

from dataclasses import replace

from tracker.domain.items import ItemKind
from tracker.intake.annotations import annotations
from tracker.intake.background import is_closing
from tracker.intake.bodies import names_of
from tracker.intake.expressions import expression
from tracker.intake.goals import goals
from tracker.intake.outline import Node
from tracker.intake.shared_annotations import Borrowing
from tracker.intake.stretches import Segment, title_of

_PREAMBLE, _NO_LABEL = "引言", "—"
_SHORTEST = 14
# e.g. 力争2024年新增贷款突破300亿元
# e.g. 2025年主要预期目标是
_AIMS = expression(r"力争|目标(?:是|为|：)|到20\d\d年(?:底|末)?[，,]|确保20\d\d年|确保到|努力实现")
# What has been reached, or what others decided, is no goal of this paper.
# e.g. 截至2023年底
_REACHED = expression(r"截至|已(?:经)?(?:完成|建成|达到|突破)|去年|上年")
# e.g. 市城管局、柳东区人民政府：
_ADDRESSEES = expression(r"^(?P<who>[\u4e00-\u9fff（）、，]{3,120})[:：]$")
# e.g. 请你们高度重视，立即组织整改
# e.g. 请于10月18日前书面反馈
_REQUEST = expression(
    r"请(?:你|贵|各|于|在|按|认真|立即|抓紧|尽快|务必|及时|遵照|结合|[\u4e00-\u9fff]{2,12}(?:局|委|办|政府|区|县))"
    r"|责成|务必|限(?:你|于)|要求你|须于|应于|特此(?:督办|要求)"
)
# e.g. 现将方案印发给你们，请认真落实
# e.g. 《云泽市节水方案》已经市政府同意，现印发给你们
_PASSES_ON = expression(r"[^。]{0,80}(?:现将|印发给你|转发给你|现予?印发|现转发)")
# A closing paragraph speaks of many, or of the whole.
# e.g. \n各县区、各部门要提高站位
# e.g. \n以上任务由督查室督办
_CLOSING_LINE = expression(
    r"\n(?:各(?!项|类|种|环节)[\u4e00-\u9fff（）、]{1,30}(?:要|应|须|于|将|结合)|以上(?:各项|任务|工作|政策|措施)|上述(?:各项|任务|工作|政策|措施)"
    r"|本(?:措施|方案|办法|意见|通知|规定|计划)|对(?:工作|未|推进|落实)[^。\n]{2,30}(?:的|，))"
)


def preamble_goals(text: str, *, nodes: list[Node]) -> list[Segment]:
    """Make items of the goals that a preamble states before the first number."""
    found: list[Segment] = []
    start, stop = 0, nodes[0].start if nodes else 0
    for line in text[:stop].split("\n"):
        end = start + len(line)
        aims = _AIMS.search(line)
        if aims and len(line) > _SHORTEST and not _REACHED.search(line):
            begins = start + max(line.rfind("。", 0, aims.start()) + 1, 0)
            node = Node("preamble", _PREAMBLE, begins, begins, end, None)
            found += [replace(goal, title=goal.title[:60]) for goal in goals(text, node=node, end=end)]
        start = end + 1
    return found


def letter(text: str) -> list[Segment]:
    """Make an item of each paragraph of a letter that asks its addressees for something."""
    to, start = "", 0
    found: list[Segment] = []
    for line in text.split("\n"):
        end = start + len(line)
        addressees = _ADDRESSEES.match(line)
        if addressees and any(names_of(addressees["who"])):
            to = addressees["who"]
        elif to and len(line) > _SHORTEST and _asks(line):
            title = title_of(line[_asked(line) :], marks=[])
            found.append(Borrowing(_NO_LABEL, ItemKind.ACTION, title, start, end, (), addressees=to))
        start = end + 1
    return found


def _asks(line: str) -> bool:
    """Say whether a paragraph asks the addressees for something of its own and passes on no other paper."""
    return bool(_REQUEST.search(line)) and not _PASSES_ON.match(line) and not is_closing(line)


def _asked(line: str) -> int:
    request = _REQUEST.search(line)
    return request.start() if request else 0


def closing_cut(text: str, *, start: int, end: int) -> int:
    """Return where an item ends whose annotation is followed by paragraphs that close the document or the chapter."""
    closing = [found.start() for found in _CLOSING_LINE.finditer(text, start, end)]
    # Few items hold a line that might close something: only those are asked for their annotations.
    notes = annotations(text[start:end]) if closing else []
    if not notes:
        return end
    return next((place for place in closing if place >= start + notes[-1][1]), end)


def closing_demands(text: str, *, start: int, end: int) -> list[Segment]:
    """Make an item of each closing paragraph that demands something of bodies."""
    found = []
    for line in text[start:end].split("\n"):
        stop = start + len(line)
        if len(line) > _SHORTEST and not is_closing(line) and _DEMANDS.search(line) and not _ITS_OWN.match(line):
            found.append(Segment(_NO_LABEL, ItemKind.SAFEGUARD, title_of(line, marks=[]), start, stop, ()))
        start = stop + 1
    return found


# e.g. 市财政局要做好资金保障
# e.g. 各牵头单位于每月25日前报送
_DEMANDS = expression(
    r"(?:局|委|办|部|厅|政府|单位|部门|县区|乡镇|街道|各地|各县)(?:也|都|均)?(?:要|应|须|于|负责|牵头|将|结合|每)"
)
# e.g. 本措施自2024年10月1日起施行
_ITS_OWN = expression(r"本(?:措施|方案|办法|意见|通知|规定|计划)")
