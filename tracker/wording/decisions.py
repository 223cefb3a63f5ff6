"""What a decision says besides who made it: what holds now, and until when there is something to do."""

from collections.abc import Sequence
from datetime import datetime

from tracker.domain.claims import Claim
from tracker.domain.filings import Outcome, ReturnReason
from tracker.wording.codes import RETURN_REASONS
from tracker.wording.moments import due_words
from tracker.wording.periods import period_label, report_label
from tracker.wording.work import CLAIM_NAMES, OUTCOME_NAMES

_ROWS_NAMED = 3
# Of a returned report that nobody corrects any more.
_NOT_CORRECTED = "不需补正，以已报内容为准"
# Of a row whose extension was decided while a dispute of its share, or another extension of it, is undecided.
STILL_PAUSED = "本单位另有异议或申请尚未答复，答复前不计逾期。"

SUSPENDED_CORRECTION = "该事项正在中止，恢复办理后再补正，时限届时另行告知。"


def left_to_report_words(rows: Sequence[tuple[str, datetime, bool]]) -> str:
    """Say by when rows are reported or corrected, each by its period's code and moment; nothing where none is left."""
    told = [
        f"{period_label(code)}请于{due_words(due_at, today=None)}前{'补正' if correction else '报送'}"
        for code, due_at, correction in rows[:_ROWS_NAMED]
    ]
    more = f"；另有{len(rows) - _ROWS_NAMED}期见“今天”清单" if len(rows) > _ROWS_NAMED else ""
    return f"{'；'.join(told)}{more}。" if told else ""


def named_otherwise_words(asked_due_at: datetime, *, reason: str) -> str:
    """Say that another day was granted than the one asked for, and why where somebody said so."""
    why = f"：{reason}" if reason else "。"
    return f"申请延至{due_words(asked_due_at, today=None)}，批复另定日期{why}"


def returned_for_words(reason: str, reason_class: str | None) -> str:
    """Say why a report came back, with the class under which it did: 没有写实事（无实质内容）."""
    return f"{reason}（{RETURN_REASONS[reason_class]}）" if reason_class else reason


def return_class_words(reason_class: str, *, unfit: bool) -> str:
    """Say under which class a report came back, and what a second return for want of substance counts as."""
    counted = ""
    if unfit:
        counted = f"两次因{RETURN_REASONS[reason_class]}退回，记为未按要求报送。"
    elif reason_class == ReturnReason.NO_SUBSTANCE.value:
        counted = f"再次因{RETURN_REASONS[reason_class]}退回的，记为未按要求报送。"
    return f"退回类别：{RETURN_REASONS[reason_class]}。{counted}"


def not_corrected_words(reason_class: str | None, *, reopened: bool = False) -> str:
    """Say that a returned report is corrected no more; what was found untrue does not hold for that."""
    if reopened:
        return "事项已经重启，须重新办理、据实报送"
    return "不需补正" if reason_class == ReturnReason.FALSIFIED.value else _NOT_CORRECTED


def correction_words(
    due_at: datetime | None, *, beside: bool, reason_class: str | None = None, reopened: bool = False
) -> str:
    """Say by when a returned report is corrected; None where what it was about has ended, or another is `beside` it.

    Or where it had been accepted, and the work is taken up again because it was untrue: `reopened`.
    """
    if reopened:
        return f"{not_corrected_words(reason_class, reopened=True)}。"
    if due_at is None and beside:
        return "同一事项另有反馈已报，本件不需补正。"
    if due_at is None:
        return f"该事项已经了结或者不再由本单位承办，{not_corrected_words(reason_class)}。"
    return f"请于{due_words(due_at, today=None)}前补正后再报。"


def former_unit_words(unit: str) -> str:
    """Say that a report was made by a unit that went up in the one that reads of it."""
    return f"该反馈由并入本单位的{unit}报送。"


def taken_back_words(code: str) -> str:
    """Say that a report was accepted and is so no more; `code` is that of its form's period, empty of none."""
    return f"{report_label(code)}曾经审核认可，经查实不实，认可和所报数值取消。"


def claim_held_words(claim: str | None) -> str:
    """Say which claim holds after an answer to a lowered one."""
    return f"现按“{_name(claim)}”认定。"


def claim_lowered_words(claim: str | None, *, own: str) -> str:
    """Say which claim holds, and which one the unit made."""
    return f"自报“{_name(own)}”，核定为“{_name(claim)}”。"


def outcome_lowered_words(outcome: str, *, own: str) -> str:
    """Say which outcome holds, and which one the unit reported."""
    return f"自报“{OUTCOME_NAMES[Outcome(own)]}”，核定为“{OUTCOME_NAMES[Outcome(outcome)]}”。"


def outcome_words(outcome: str) -> str:
    """Say whether what a task aimed at was met."""
    return f"认定结果为{OUTCOME_NAMES[Outcome(outcome)]}。"


def _name(claim: str | None) -> str:
    return CLAIM_NAMES[Claim(claim)] if claim else "未定"
