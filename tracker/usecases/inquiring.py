"""A lead, or the office, asks other units of a task 「协办」: ask, remind, withdraw, and have the office coordinate."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound
from tracker.domain.events.inquiries import (
    CoordinationAsked,
    CoordinationDecided,
    InquiryAsked,
    InquiryReminded,
    InquiryWithdrawn,
)
from tracker.domain.filings import RowEnded
from tracker.domain.inquiries import (
    AskedAlready,
    AskedState,
    CoordinationSought,
    InquiryOver,
    NobodyAsked,
    NothingToCoordinate,
    NotToBeAsked,
    NotYetSilent,
    RemindedToday,
    check_answer_by,
    check_inquiry_words,
)
from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING, AssignmentState, TaskState
from tracker.steps.asking import chosen_shares, keep_asked
from tracker.steps.inquiries import close_asked
from tracker.steps.locking import lock_task
from tracker.store import event_log
from tracker.store.queries.leads import is_lead_now
from tracker.store.queries.units import units_acted_for
from tracker.store.tables.documents import ItemRow
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow

_ASKERS = (Role.LIAISON, Role.UNIT_HEAD, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked on a task, of which shares in it, and by which day, inclusive, an answer is wanted."""

    task_id: int
    shares: Collection[int]
    words: str
    answer_by: date


def ask(session: Session, command: Ask, *, actor: Actor, at: datetime) -> int:
    """Ask units of a task, as its lead or as the office; return the inquiry's id.

    Records InquiryAsked. Raises NotYourTask, NotFound, InquiryWordsMissing, ReasonTooLong, DayOutOfBounds,
    WantedDayPast, NobodyAsked, RowEnded, NotToBeAsked, AskedAlready.
    """
    require_role(actor, *_ASKERS, act="inquire")
    task, own = _task(session, command.task_id, actor=actor)
    words = check_inquiry_words(command.words)
    check_answer_by(command.answer_by, today=local_day(at))
    shares = _askable(session, task, command.shares)
    inquiry = InquiryRow(
        task_id=task.id or 0,
        assignment_id=own.id if own is not None else None,
        words=words,
        answer_by=command.answer_by,
        asked_by=actor.name,
        asked_at=at,
    )
    _check_not_asked(session, inquiry, shares)
    asked = keep_asked(session, inquiry, shares)
    event = InquiryAsked(
        task_id=inquiry.task_id,
        unit_id=_unit_of(own),
        inquiry_id=inquiry.id or 0,
        assignment_id=inquiry.assignment_id,
        words=words,
        answer_by=inquiry.answer_by,
        asked=asked,
    )
    event_log.record(session, event, actor=actor, at=at)
    return inquiry.id or 0


def remind(session: Session, *, asked_id: int, actor: Actor, at: datetime) -> int:
    """Remind a unit of what it was asked 「催一次」, once a day, as who asked; return the task's id.

    Records InquiryReminded. Raises NotYourTask, NotFound, InquiryOver, RemindedToday.
    """
    inquiry_id = session.scalars(select(col(AskedRow.inquiry_id)).where(col(AskedRow.id) == asked_id)).first()
    inquiry, _own, open_ = _mine(session, inquiry_id, actor=actor)
    row = next((row for row in open_ if row.id == asked_id), None)
    if row is None:
        raise _over(session, inquiry, asked_id)
    if row.reminded_at is not None and local_day(row.reminded_at) == local_day(at):
        raise RemindedToday()
    row.reminded_at = at
    share = session.get_one(AssignmentRow, row.assignment_id)
    event = InquiryReminded(
        task_id=inquiry.task_id, unit_id=share.unit_id, inquiry_id=inquiry.id or 0, asked_id=asked_id
    )
    event_log.record(session, event, actor=actor, at=at)
    return inquiry.task_id


def withdraw_inquiry(session: Session, *, inquiry_id: int, actor: Actor, at: datetime) -> int:
    """Want no answer any more of those who have not answered 「撤回」, as who asked; return the task's id.

    Records InquiryWithdrawn. Raises NotYourTask, NotFound, InquiryOver.
    """
    inquiry, own, open_ = _mine(session, inquiry_id, actor=actor)
    if inquiry.instruction_id is not None:  # which its leader ends
        raise NotFound()
    if not open_:
        raise _over(session, inquiry)
    for row in open_:
        close_asked(row, AskedState.WITHDRAWN, at=at)
    event = InquiryWithdrawn(
        task_id=inquiry.task_id, unit_id=_unit_of(own), inquiry_id=inquiry.id or 0, asked=_ids(open_)
    )
    event_log.record(session, event, actor=actor, at=at)
    return inquiry.task_id


def ask_for_coordination(session: Session, *, inquiry_id: int, words: str, actor: Actor, at: datetime) -> int:
    """Ask the office to coordinate 「提请协调」 once the day wanted is over and a unit silent, as the lead that asked.

    Return the task's id. Records CoordinationAsked. Raises NotYourTask, NotFound, InquiryWordsMissing, ReasonTooLong,
    InquiryOver, CoordinationSought, NotYetSilent.
    """
    words = check_inquiry_words(words)
    require_role(actor, Role.LIAISON, Role.UNIT_HEAD, act="inquire")
    inquiry, own, open_ = _mine(session, inquiry_id, actor=actor)
    if not open_:
        raise _over(session, inquiry)
    if inquiry.coordination_at is not None:
        raise CoordinationSought()
    if local_day(at) <= inquiry.answer_by:
        raise NotYetSilent(answer_by=inquiry.answer_by)
    inquiry.coordination_words, inquiry.coordination_by, inquiry.coordination_at = words, actor.name, at
    event = CoordinationAsked(
        task_id=inquiry.task_id, unit_id=_unit_of(own), inquiry_id=inquiry.id or 0, words=words, silent=_ids(open_)
    )
    event_log.record(session, event, actor=actor, at=at)
    return inquiry.task_id


def decide_coordination(session: Session, *, inquiry_id: int, words: str, actor: Actor, at: datetime) -> int:
    """Say as the office what is to be done; nobody waits for an answer of the silent units any more.

    Return the task's id. Records CoordinationDecided. Raises NotYourTask, InquiryWordsMissing, ReasonTooLong, NotFound,
    NothingToCoordinate.
    """
    require_role(actor, Role.SUPERVISOR, act="coordinate")
    words = check_inquiry_words(words)
    inquiry, own = _inquiry(session, inquiry_id)
    open_ = _open(session, inquiry)
    if inquiry.coordination_at is None or not open_:
        raise NothingToCoordinate()
    inquiry.decision, inquiry.decided_by, inquiry.decided_at = words, actor.name, at
    for row in open_:
        close_asked(row, AskedState.DECIDED, at=at)
    event = CoordinationDecided(
        task_id=inquiry.task_id, unit_id=_unit_of(own), inquiry_id=inquiry.id or 0, words=words, silent=_ids(open_)
    )
    event_log.record(session, event, actor=actor, at=at)
    return inquiry.task_id


def _over(session: Session, inquiry: InquiryRow, asked_id: int | None = None) -> InquiryOver:
    """Return the refusal that says why no answer is waited for, of one who was asked or of all."""
    wanted = select(col(AskedRow.state)).where(col(AskedRow.inquiry_id) == inquiry.id)
    one = wanted if asked_id is None else wanted.where(col(AskedRow.id) == asked_id)
    states = session.scalars(one.distinct().order_by(col(AskedRow.state)))
    return InquiryOver(asked_states="、".join(states), instructed=inquiry.instruction_id is not None)


def _unit_of(own: AssignmentRow | None) -> int | None:
    """Return whose timeline an event of a whole inquiry belongs to: that of who asked; the office has none."""
    return own.unit_id if own is not None else None


def _ids(rows: Sequence[AskedRow]) -> tuple[int, ...]:
    return tuple(row.id or 0 for row in rows)


def _task(session: Session, task_id: int, *, actor: Actor) -> tuple[TaskRow, AssignmentRow | None]:
    """Return a task, locked, with the lead's share by which the actor asks; the office has none."""
    task = lock_task(session, task_id)
    if task is None:
        raise NotFound()
    own = None
    if actor.role is not Role.SUPERVISOR:
        mine = units_acted_for(session, actor.unit_id)
        wanted = select(AssignmentRow).where(
            col(AssignmentRow.task_id) == task_id, col(AssignmentRow.unit_id).in_(mine), is_lead_now()
        )
        own = session.scalars(wanted.order_by(col(AssignmentRow.id))).first()
        if own is None:
            raise NotFound()
    elif task.issued_at is None:
        raise NotFound()
    if TaskState(task.state) not in TASK_OWING:
        item = session.get_one(ItemRow, task.item_id)
        raise RowEnded(item=item.label, reason=task.state)
    return task, own


def _check_not_asked(session: Session, inquiry: InquiryRow, shares: Collection[AssignmentRow]) -> None:
    """Refuse what was sent twice, while its task is locked. Raises AskedAlready."""
    open_ = (
        select(col(InquiryRow.id), col(AskedRow.assignment_id))
        .join(AskedRow, col(AskedRow.inquiry_id) == col(InquiryRow.id))
        .where(
            col(InquiryRow.task_id) == inquiry.task_id,
            col(InquiryRow.instruction_id).is_(None),
            col(InquiryRow.assignment_id).is_not_distinct_from(inquiry.assignment_id),
            col(InquiryRow.words) == inquiry.words,
            col(InquiryRow.answer_by) == inquiry.answer_by,
            col(AskedRow.state) == AskedState.OPEN.value,
        )
    )
    asked: dict[int | None, set[int]] = defaultdict(set)
    for inquiry_id, share_id in session.execute(open_):
        asked[inquiry_id].add(share_id)
    if {share.id or 0 for share in shares} in asked.values():
        raise AskedAlready()


def _askable(session: Session, task: TaskRow, shares: Collection[int]) -> list[AssignmentRow]:
    """Return shares of a task that may be asked, in official order of their units."""
    if not shares:
        raise NobodyAsked()
    found = chosen_shares(session, task.id or 0, shares)
    for share, unit in found:
        if share.role == AssignmentRole.LEAD.value or AssignmentState(share.state) in ASSIGNMENT_ENDED:
            raise NotToBeAsked(unit=unit.short_name)
    return [share for share, _unit in found]


def _mine(
    session: Session, inquiry_id: int | None, *, actor: Actor
) -> tuple[InquiryRow, AssignmentRow | None, list[AskedRow]]:
    """Return an inquiry that the actor's side asked, its work locked, with what of it is open."""
    require_role(actor, *_ASKERS, act="inquire")
    inquiry, own = _inquiry(session, inquiry_id)
    if own is None:
        if actor.role is not Role.SUPERVISOR:
            raise NotFound()
    elif own.unit_id not in units_acted_for(session, actor.unit_id):
        raise NotFound()
    return inquiry, own, _open(session, inquiry)


def _inquiry(session: Session, inquiry_id: int | None) -> tuple[InquiryRow, AssignmentRow | None]:
    """Return an inquiry, its work locked, with the share by which it was asked."""
    inquiry = session.get(InquiryRow, inquiry_id) if inquiry_id is not None else None
    if inquiry is None:
        raise NotFound()
    lock_task(session, inquiry.task_id)
    session.refresh(inquiry)
    return inquiry, session.get(AssignmentRow, inquiry.assignment_id) if inquiry.assignment_id else None


def _open(session: Session, inquiry: InquiryRow) -> list[AskedRow]:
    wanted = select(AskedRow).where(
        col(AskedRow.inquiry_id) == inquiry.id, col(AskedRow.state) == AskedState.OPEN.value
    )
    return list(session.scalars(wanted.order_by(col(AskedRow.id)).execution_options(populate_existing=True)))
