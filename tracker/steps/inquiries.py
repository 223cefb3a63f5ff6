"""What becomes of inquiries when units answer, when what they are about ends, and when units merge."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, or_, select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.errors import NotFound
from tracker.domain.events.inquiries import UNITED, InquiryAnswered, InquiryEnded
from tracker.domain.filings import ReportState
from tracker.domain.inquiries import AnswerWaits, AskedState, InquiryOver
from tracker.domain.instructions import OUTLIVED
from tracker.store import event_log
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.tasks import AssignmentRow

_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
# Asked of shares or by them; each task that ends asks, and where a document lapses these are many.
_OPEN = (
    select(AskedRow, InquiryRow)
    .join(InquiryRow, col(InquiryRow.id) == col(AskedRow.inquiry_id))
    .where(
        is_one_of(col(AskedRow.state), AskedState.OPEN.value),
        or_(col(AskedRow.assignment_id).in_(_IDS), col(InquiryRow.assignment_id).in_(_IDS)),
    )
    .order_by(col(AskedRow.id))
    .execution_options(populate_existing=True)
)


def note_answer(session: Session, report: ReportRow, *, actor: Actor, at: datetime) -> None:
    """Close what a report answers, where it does, as it leaves its unit; what is over is answered by nobody.

    But what a leader instructed is: he did not take it back, though the work was stopped before the head signed. The
    caller has locked the share's work. Records InquiryAnswered.
    """
    if report.answers_id is None:
        return
    asked = session.get_one(AskedRow, report.answers_id, populate_existing=True)
    stopped = asked.state == AskedState.ENDED.value and _is_instructed(session, asked)
    if asked.state != AskedState.OPEN.value and not stopped:
        return
    close_asked(asked, AskedState.ANSWERED, at=at)
    share = session.get_one(AssignmentRow, report.assignment_id)
    event = InquiryAnswered(
        task_id=share.task_id,
        unit_id=share.unit_id,
        inquiry_id=asked.inquiry_id,
        asked_id=asked.id or 0,
        report_id=report.id or 0,
    )
    event_log.record(session, event, actor=actor, at=at)


def _is_instructed(session: Session, asked: AskedRow) -> bool:
    return session.get_one(InquiryRow, asked.inquiry_id).instruction_id is not None


def close_asked(asked: AskedRow, state: AskedState, *, at: datetime, cause: str | None = None) -> None:
    asked.state, asked.closed_at, asked.cause = state.value, at, cause


def end_inquiries(session: Session, assignment_ids: Sequence[int], *, cause: str, actor: Actor, at: datetime) -> None:
    """End what is asked of shares or by them: their work has ended, or is suspended. Records InquiryEnded.

    What a leader instructed is answered also when the work is done.
    """
    for asked, inquiry in session.execute(_OPEN, {"ids": list(assignment_ids)}).all():
        if inquiry.instruction_id is not None and cause in OUTLIVED:
            continue
        _end(session, asked, inquiry, cause=cause, actor=actor, at=at)


def move_inquiries(session: Session, shares: Mapping[int, int], *, actor: Actor, at: datetime) -> None:
    """Let what is open be asked of the shares that go on, and by them; the share of each is found by its old id.

    What one unit would ask itself ends, and so does what it was asked already by the same inquiry. Records
    InquiryEnded.
    """
    for asked, inquiry in session.execute(_OPEN, {"ids": sorted({*shares, *shares.values()})}).all():
        moved = asked.assignment_id in shares and shares[asked.assignment_id] != asked.assignment_id
        asked.assignment_id = shares.get(asked.assignment_id, asked.assignment_id)
        if inquiry.assignment_id is not None:
            inquiry.assignment_id = shares.get(inquiry.assignment_id, inquiry.assignment_id)
        session.flush()
        if asked.assignment_id == inquiry.assignment_id or (moved and _is_asked_already(session, asked)):
            _end(session, asked, inquiry, cause=UNITED, actor=actor, at=at)


def _is_asked_already(session: Session, asked: AskedRow) -> bool:
    same = select(col(AskedRow.id)).where(
        col(AskedRow.inquiry_id) == asked.inquiry_id,
        col(AskedRow.assignment_id) == asked.assignment_id,
        col(AskedRow.id) != asked.id,
        col(AskedRow.state).in_([AskedState.OPEN.value, AskedState.ANSWERED.value]),
    )
    return session.scalars(same).first() is not None


def _end(session: Session, asked: AskedRow, inquiry: InquiryRow, *, cause: str, actor: Actor, at: datetime) -> None:
    close_asked(asked, AskedState.ENDED, at=at, cause=cause)
    share = session.get_one(AssignmentRow, asked.assignment_id)
    event = InquiryEnded(
        task_id=inquiry.task_id,
        unit_id=share.unit_id,
        inquiry_id=inquiry.id or 0,
        asked_id=asked.id or 0,
        cause=cause,
    )
    event_log.record(session, event, actor=actor, at=at)


def check_asked(session: Session, asked_id: int, *, assignment_id: int | None) -> None:
    """Refuse an answer to what a share is not asked, or not any more; one answer at a time waits for its signature.

    The caller has locked the share's work. Raises NotFound, InquiryOver, AnswerWaits.
    """
    asked = session.get(AskedRow, asked_id, populate_existing=True)
    if asked is None or asked.assignment_id != assignment_id:
        raise NotFound()
    if asked.state != AskedState.OPEN.value:
        raise InquiryOver(asked_states=asked.state, instructed=_is_instructed(session, asked))
    underway = (
        select(FilingRow, col(ReportRow.text))
        .join(ReportRow, col(ReportRow.filing_id) == col(FilingRow.id))
        .where(col(ReportRow.answers_id) == asked_id, col(ReportRow.state) == ReportState.AWAITING_SIGN_OFF.value)
    )
    for filing, said in session.execute(underway):
        raise AnswerWaits(by=filing.written_by, sent_at=filing.written_at, said=said)
