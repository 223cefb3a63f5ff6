"""Background: what a line is that belongs to no item, so that nothing of a document stays unclassified."""

import re
from itertools import groupby
from operator import itemgetter

from tracker.domain.items import SpanRole
from tracker.domain.readings.coverage import Span
from tracker.intake.expressions import expression
from tracker.intake.guards import holds_any
from tracker.intake.outline import Node

# e.g. 本方案自印发之日起施行
# e.g. （此件公开发布）
# e.g. 以上任务由市政府督查室督促落实
# e.g. 参加人员：张三、李四
_CLOSING = expression(
    r"""^(?:[（(]此件
    |本(?:若干)?(?:意见|方案|办法|政策|政策措施|措施|通知|规定|预案|计划|细则)[^。]{0,12}自
    |以上(?:各项|各条|所有)?(?:任务|措施|工作|政策|事项)
    |此页无正文|抄送|分送|主办[:：]|印发|联系人|(?:参加|出席|列席|缺席)(?:人员|单位)?[:：]|主持人?[:：]|记录人?[:：])""",
    re.VERBOSE,
)
# e.g. 自2022年9月1日起施行
# e.g. 由市商务局负责解释
FINAL = expression(r"自(?:印发|发布|公布|\d{4}年)[^。]{0,20}(?:施行|实施|执行|生效)|由[^。]{2,30}负责解释")
# The date under a signature.
# e.g. 2022年8月13日
# e.g. 二〇二二年八月十三日
_DATE = expression(
    r"""\d{4}年\d{1,2}月\d{1,2}日
    |[〇○零一二三四五六七八九]{4}年[一二三四五六七八九十]+月[一二三四五六七八九十]+日""",
    re.VERBOSE,
)
# e.g. 附件：2022年招商引资目标任务分解表
_ANNEX = expression(r"^附\s*[件表][:：\d]")
# e.g. 附件：1.任务清单
_ANNEX_LIST = expression(r"^附\s*件[:：]")
# e.g. 附件1
_ANNEX_HEADING = expression(r"附\s*[件表录]\s*\d*")
_SIGNATURE = ("政府", "委员会", "办公室", "办公厅", "局", "部", "厅", "委", "办")
_LONGEST_SIGNATURE = 30
# A signature is one name; a line with a pause is an address or a list.
# e.g. 市委宣传部，市教育局
_PAUSES = expression("[，：:,、【】—]")
_DEFINES = ("是指", "所称")  # 本预案所称森林火灾，是指
# e.g. 为贯彻落实市委、市政府决策部署
_GROUNDS = expression(r"根据|依据|为(?:贯彻|落实|深入|进一步)")
_LINES_OF_GROUNDS = 12


def background(text: str, *, nodes: list[Node]) -> list[Span]:
    """Say of every paragraph what it is where no item takes it."""
    headings = {node.start for node in nodes if node.children}
    roles: list[tuple[int, SpanRole]] = []
    start = 0
    for place, line in enumerate(text.split("\n")):
        roles.append((start, _role(line, place=place, heading=start in headings)))
        start += len(line) + 1
    firsts = [next(lines) for _, lines in groupby(roles, key=itemgetter(1))]
    ends = [*(start for start, _ in firsts[1:]), len(text)]
    return [Span(start, end, role) for (start, role), end in zip(firsts, ends, strict=True) if start < end]


def _role(line: str, *, place: int, heading: bool) -> SpanRole:
    if _ANNEX_LIST.match(line):
        return SpanRole.ANNEX_LIST
    if is_closing(line) or FINAL.search(line):
        return SpanRole.CLOSING
    if heading or (len(line) <= 30 and not line.endswith(("。", "；"))):
        return SpanRole.HEADING
    if holds_any(line, _DEFINES):
        return SpanRole.DEFINITION
    if place < _LINES_OF_GROUNDS and _GROUNDS.search(line):
        return SpanRole.BASIS
    return SpanRole.BACKGROUND


def is_closing(line: str) -> bool:
    """Say whether a line closes a document: its date, its signature, its validity, a list of annexes."""
    if line.endswith("日") and _DATE.fullmatch(line):
        return True
    if _CLOSING.match(line) or (line.startswith("附") and _ANNEX.match(line)):
        return True
    return len(line) <= _LONGEST_SIGNATURE and line.endswith(_SIGNATURE) and not _PAUSES.search(line)


def is_heading_of_annex(line: str) -> bool:
    """Say whether a line holds nothing but an annex's mark."""
    return bool(_ANNEX_HEADING.fullmatch(line))
