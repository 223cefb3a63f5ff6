"""What is open with somebody, as a hand-over sheet names it."""

from collections.abc import Mapping, Sequence
from datetime import date

from tracker.domain.calendar import full_date
from tracker.domain.owed import Owed, OwedKind
from tracker.wording.catalogue import ENVELOPE_NAMES, REQUEST_KINDS
from tracker.wording.digests import asked_words
from tracker.wording.moments import due_words
from tracker.wording.periods import period_label

OPEN_NAMES: Mapping[str, str] = {
    "form": "待报送",
    "sent_back": "负责人退回",
    "instructed": "领导批示",
    "asked": "协办",
    "asking": "提请的协办",
    "served": "待签收、待答复文稿",
    "receipt": "待签收",
    "signature": "待审签",
    "approval": "待签批文稿",
    "request": "待批申请",
    "message": "未读消息",
    "paper": "在办文稿",
    "draft": "在拆解文件",
    "deputy": "受托代办",
}

_WHY_OPEN: Mapping[str, str] = {
    "form": "本期尚未报送",
    "sent_back": "负责人退回后尚未再送",
    "instructed": "尚未反馈",
    "asked": "尚未反馈",
    "asking": "对方尚未反馈齐",
    "served": "尚未签收或者答复",
    "message": "尚未阅读",
    "receipt": "交办后尚未签收",
    "signature": "待单位负责人审签",
    "approval": "待签批",
    "request": "待领导批复",
    "paper": "尚未印发",
    "draft": "尚未立项",
    "deputy": "代办期未满",
}
_WHY_OWED = {OwedKind.CORRECTION: "退回后尚未补正", OwedKind.UNREPORTED: "逾期未报", OwedKind.DUE: "本期尚未报送"}
_MOST_CLAUSES = 6


def why_open(kind: str, owed: Owed | None = None) -> str:
    """Say why something is not done; a form by what it owes."""
    return _WHY_OWED[owed.kind] if owed else _WHY_OPEN[kind]


def clauses(labels: Sequence[str]) -> str:
    """Name the items of a form by their numbers in the document, the first few of many; several may have one number."""
    numbers = list(dict.fromkeys(labels))
    if len(numbers) > _MOST_CLAUSES:
        return f"{'、'.join(numbers[:_MOST_CLAUSES])}等{len(labels)}项"
    return "、".join(numbers) + (f"，共{len(labels)}项" if len(labels) > len(numbers) else "")


def form_line(document: str, code: str) -> str:
    return f"{document}（{period_label(code)}）"


def owed_line(document: str, owed: Sequence[tuple[Owed, Sequence[str]]]) -> str:
    """Name a form by its document with every period that is owed, with its rows' names, the earliest moment first.

    E.g. …（2022年9月起共2期未报；另2022年11月，2022年12月5日（周一，含）前报送）; the first moment stands beside it.
    """
    first, *others = owed
    beside = [
        f"{_asked_words(*one)}，{due_words(one[0].due_at, today=None)}前"
        f"{'补正' if one[0].kind is OwedKind.CORRECTION else '报送'}"
        for one in others
    ]
    return f"{document}（{'；另'.join([_asked_words(*first), *beside])}）"


def _asked_words(owed: Owed, items: Sequence[str]) -> str:
    if owed.kind is OwedKind.UNREPORTED and owed.run > 1:
        return f"{period_label(owed.period.code)}起共{owed.run}期未报"
    return asked_words(owed, items)


def unread_line(unread: int) -> str:
    return f"{unread}条"


def own_work_words(work: int, *, unread: int) -> str:
    """Say how much names a person: 在办工作2项（…），未读消息51条; nothing where that is nothing."""
    told = (
        f"在办工作{work}项（在办文稿、在拆解文件、受托代办）" if work else "",
        f"未读消息{unread}条" if unread else "",
    )
    return "，".join(part for part in told if part)


def envelope_line(kind: str, document: str | None, code: str | None) -> str:
    """Name what waits for a signature: a form, or news, a reply, a request to be done."""
    return form_line(document, code) if document and code else ENVELOPE_NAMES[kind]


def inquiry_line(words: str, *, asker: str | None, asked_by: str, instructed_on: date | None) -> str:
    """Name what a unit is asked, by whom: 张市长2022年9月26日批示：…, 市商务局问：…."""
    who = f"{asked_by}{full_date(instructed_on)}批示" if instructed_on else f"{asker or '市政府督查室'}问"
    return f"{who}：{words}"


def asking_line(words: str, silent: Sequence[str]) -> str:
    """Name what a unit asks with those who are silent."""
    return f"{words}（{'、'.join(silent)}未反馈）"


def petition_line(kind: str, title: str) -> str:
    """Name what the unit asks for, as it waits for the head: 延期（…）."""
    return f"{REQUEST_KINDS[kind]}（{title}）"


def request_line(unit: str, label: str, title: str) -> str:
    return f"{unit}：{label} {title}"


def acting_words(deputy: str | None) -> str:
    """Say who acts for somebody who is away."""
    return f"由{deputy}代办" if deputy else "没有代办人"


def away_words(last_on: date, deputy: str | None) -> str:
    """Say beside a name until when somebody is away: 请假至2022年9月30日（含），由赵某代办."""
    return f"请假至{full_date(last_on)}（含），{acting_words(deputy)}"


def deputy_line(name: str, *, first_on: date, last_on: date) -> str:
    return f"代{name}办理，{full_date(first_on)}至{full_date(last_on)}"
