"""What a leader's instruction asks: each writing of it, and the next week's of a standing one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.domain.accounts import SYSTEM, Actor
from tracker.domain.calendar import local_day
from tracker.domain.entries import AttachedFile
from tracker.domain.events.inquiries import InquiryEnded
from tracker.domain.events.instructions import InstructionGiven, InstructionRepeated
from tracker.domain.filings import ReportState
from tracker.domain.inquiries import AskedState
from tracker.domain.instructions import ASKED_ANEW, TASK_INSTRUCTED, Haste, haste_workdays
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TaskState
from tracker.domain.windows import Reckoning
from tracker.steps.asking import keep_asked
from tracker.steps.enclosing import enclose, enclosed_before
from tracker.steps.inquiries import close_asked
from tracker.steps.locking import lock_task
from tracker.store import event_log
from tracker.store.queries.units import present_units
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.instructions import InstructionRow
from tracker.store.tables.tasks import AssignmentRow

_WAITED_FOR = (AskedState.OPEN.value, AskedState.ANSWERED.value)
_ENDED = sorted(state.value for state in ASSIGNMENT_ENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """What a leader said on a day, whose words they are, and by which day, inclusive, units answer.

    `recorded_by` is who of the office wrote it down for him; `files` lie beside it, as the scan of his hand.
    """

    words: str
    given_by: str
    given_on: date
    haste: Haste
    answer_by: date
    recorded_by: str | None
    files: Sequence[AttachedFile] = ()


def write(
    session: Session,
    instruction: InstructionRow,
    writing: Writing,
    shares: Sequence[AssignmentRow],
    *,
    kind: type[InstructionGiven],
    actor: Actor,
    at: datetime,
) -> int:
    """Ask shares in a leader's words; what they were asked before is not waited for any more. Return the inquiry's id.

    The caller holds the task. Records an event of the kind, and InquiryEnded.
    """
    _end_earlier(session, instruction, shares, actor=actor, at=at)
    inquiry = InquiryRow(
        task_id=instruction.task_id,
        words=writing.words,
        answer_by=writing.answer_by,
        asked_by=writing.given_by,
        asked_at=at,
        instruction_id=instruction.id,
        given_on=writing.given_on,
        haste=writing.haste.value,
        recorded_by=writing.recorded_by,
    )
    asked = keep_asked(session, inquiry, shares)
    event = kind(
        task_id=instruction.task_id,
        instruction_id=instruction.id or 0,
        inquiry_id=inquiry.id or 0,
        leader_id=instruction.leader_id,
        given_by=writing.given_by,
        given_on=writing.given_on,
        haste=writing.haste.value,
        words=writing.words,
        answer_by=writing.answer_by,
        asked=asked,
        recorded_by=writing.recorded_by,
        files=enclose(session, writing.files, inquiry_id=inquiry.id, actor=actor, at=at),
    )
    event_log.record(session, event, actor=actor, at=at)
    return inquiry.id or 0


def open_asked(session: Session, instruction_id: int) -> list[AskedRow]:
    """Return whose answers to an instruction are waited for."""
    wanted = (
        select(AskedRow)
        .join(InquiryRow, col(InquiryRow.id) == col(AskedRow.inquiry_id))
        .where(col(InquiryRow.instruction_id) == instruction_id, col(AskedRow.state) == AskedState.OPEN.value)
    )
    return list(session.scalars(wanted.order_by(col(AskedRow.id)).execution_options(populate_existing=True)))


def _end_earlier(
    session: Session, instruction: InstructionRow, shares: Sequence[AssignmentRow], *, actor: Actor, at: datetime
) -> None:
    """Wait no more for what shares were asked before, but for an answer that lies with the head of its unit."""
    units = {share.id: share.unit_id for share in shares}
    open_ = open_asked(session, instruction.id or 0)
    written = set(
        session.scalars(
            select(col(ReportRow.answers_id)).where(
                col(ReportRow.answers_id).in_([asked.id for asked in open_]),
                col(ReportRow.state) == ReportState.AWAITING_SIGN_OFF.value,
            )
        )
    )
    for asked in open_:
        if asked.assignment_id not in units or asked.id in written:
            continue
        close_asked(asked, AskedState.ENDED, at=at, cause=ASKED_ANEW)
        event = InquiryEnded(
            task_id=instruction.task_id,
            unit_id=units[asked.assignment_id],
            inquiry_id=asked.inquiry_id,
            asked_id=asked.id or 0,
            cause=ASKED_ANEW,
        )
        event_log.record(session, event, actor=actor, at=at)


def repeat_standing(session: Session, *, now: datetime, by: Reckoning) -> int:
    """Ask anew where the day of a standing instruction 「长期」 is over; return how many, at most one at a time.

    Idempotent: what was asked anew has its day before it; a pass beside it waits for the task and looks again.
    Records InstructionRepeated and InquiryEnded.
    """
    for instruction_id, task_id in session.execute(_over(local_day(now))).all():
        task = lock_task(session, task_id)
        last = session.scalars(_last(instruction_id)).one()
        instruction = session.get_one(InstructionRow, instruction_id, populate_existing=True)
        if task is None or instruction.closed_at is not None or last.answer_by >= local_day(now):
            continue
        shares = _go_on(session, last) if TaskState(task.state) in TASK_INSTRUCTED else []
        if shares:
            writing = Writing(
                words=last.words,
                given_by=last.asked_by,
                given_on=last.given_on or local_day(last.asked_at),
                haste=Haste.STANDING,
                answer_by=by.calendar.add_workdays(local_day(now), haste_workdays(by.policy)[Haste.STANDING]),
                recorded_by=last.recorded_by,
                files=enclosed_before(session, inquiry_id=last.id or 0),
            )
            write(session, instruction, writing, shares, kind=InstructionRepeated, actor=SYSTEM, at=now)
            return 1
    return 0


def _over(today: date):  # type: ignore[no-untyped-def] # a statement of two numbers
    """Select the open instructions whose last writing is a standing one of which the day is over, with their tasks."""
    last = (
        select(func.max(col(InquiryRow.id)))
        .where(col(InquiryRow.instruction_id) == col(InstructionRow.id))
        .correlate(InstructionRow)
        .scalar_subquery()
    )
    return (
        select(col(InstructionRow.id), col(InstructionRow.task_id))
        .join(InquiryRow, col(InquiryRow.id) == last)
        .where(
            col(InstructionRow.closed_at).is_(None),
            col(InquiryRow.haste) == Haste.STANDING.value,
            col(InquiryRow.answer_by) < today,
        )
        .order_by(col(InstructionRow.id))
    )


def _last(instruction_id: int):  # type: ignore[no-untyped-def] # a statement of rows
    wanted = select(InquiryRow).where(col(InquiryRow.instruction_id) == instruction_id)
    return wanted.order_by(col(InquiryRow.id).desc()).limit(1)


def _go_on(session: Session, last: InquiryRow) -> list[AssignmentRow]:
    """Return the shares of the task that have the work of those last asked: a merger moved it, 免除 ended it."""
    asked = (
        select(col(AssignmentRow.unit_id))
        .join(AskedRow, col(AskedRow.assignment_id) == col(AssignmentRow.id))
        .where(col(AskedRow.inquiry_id) == last.id, col(AskedRow.state).in_(_WAITED_FOR))
    )
    units = present_units(session, session.scalars(asked).all())
    shares = select(AssignmentRow).where(
        col(AssignmentRow.task_id) == last.task_id,
        col(AssignmentRow.unit_id).in_(units),
        col(AssignmentRow.state).not_in(_ENDED),
    )
    return sorted(session.scalars(shares), key=lambda share: (units.index(share.unit_id), share.id or 0))
