"""What a decided request was decided to be, and what it has in common with one that waits."""

from collections.abc import Mapping

from tracker.domain.filings import RequestKind, RequestState
from tracker.domain.precedents import Likeness

LIKENESS_NAMES: Mapping[Likeness, str] = {
    Likeness.SAME_TASK: "同一事项",
    Likeness.SAME_UNIT_AND_DOCUMENT: "本单位、同一文件",
    Likeness.SAME_UNIT: "本单位",
    Likeness.SAME_DOCUMENT: "同一文件",
}
DECISION_NAMES: Mapping[tuple[str, str], str] = {
    (RequestKind.EXTENSION.value, RequestState.GRANTED.value): "同意延期",
    (RequestKind.EXTENSION.value, RequestState.REFUSED.value): "不同意延期",
    (RequestKind.DISPUTE.value, RequestState.GRANTED.value): "异议成立",
    (RequestKind.DISPUTE.value, RequestState.REFUSED.value): "维持原分工",
    (RequestKind.OBJECTION.value, RequestState.GRANTED.value): "恢复自报",
    (RequestKind.OBJECTION.value, RequestState.REFUSED.value): "维持核定",
}
