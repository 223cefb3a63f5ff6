"""Inquiries 「协办」 on tasks: what was asked of whom, where it stands, and what waits for a unit or the office."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlmodel import Session, col

from tracker.domain.accounts import EveryUnit, Scope
from tracker.domain.events.inquiries import (
    CoordinationDecided,
    InquiryAsked,
    InquiryWithdrawn,
    about_inquiry,
)
from tracker.domain.events.instructions import InstructionGiven, InstructionRepeated
from tracker.store.queries.inquiry_views import ASKING, WAITS, Inquiry, filled, heads, these
from tracker.store.queries.leads import is_lead_now, tasks_led_by
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.tasks import AssignmentRow

# What is told of all units of an inquiry at once.
_OF_ALL = (InquiryAsked, InquiryWithdrawn, CoordinationDecided, InstructionGiven, InstructionRepeated)


def inquiries_on(session: Session, *, task_id: int, unit_ids: Scope) -> tuple[Inquiry, ...]:
    """Return the inquiries on a task that a viewer may read, the latest first."""
    return filled(session, heads().where(col(InquiryRow.task_id) == task_id), unit_ids)


def asked_of_units(session: Session, *, unit_ids: Collection[int]) -> tuple[Inquiry, ...]:
    """Return what units are asked and have not answered, each with them only: the one wanted first."""
    mine = (
        select(col(AskedRow.inquiry_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(AskedRow.assignment_id))
        .where(is_one_of(col(AskedRow.state), "open"), col(AssignmentRow.unit_id).in_(unit_ids))
    )
    found = filled(session, these(session.scalars(mine)), unit_ids, as_asked=True)
    return tuple(sorted(found, key=lambda one: (one.answer_by, one.inquiry_id)))


def open_of_askers(session: Session, *, unit_ids: Scope) -> tuple[Inquiry, ...]:
    """Return what units, or with every unit the office, asked and is not answered by all: the one wanted first."""
    open_ = select(col(AskedRow.inquiry_id)).where(is_one_of(col(AskedRow.state), "open"))
    theirs = (
        and_(col(InquiryRow.assignment_id).is_(None), col(InquiryRow.instruction_id).is_(None))
        if isinstance(unit_ids, EveryUnit)
        else and_(col(ASKING.unit_id).in_(list(unit_ids)), is_lead_now(ASKING))
    )
    found = filled(session, these(session.scalars(open_)).where(theirs), unit_ids)
    return tuple(sorted(found, key=lambda one: (one.answer_by, one.inquiry_id)))


def asked_by_units(session: Session, *, unit_ids: Collection[int], since: datetime) -> tuple[Inquiry, ...]:
    """Return what units asked as leads from a time on, answered or open, the first asked first."""
    theirs = and_(col(ASKING.unit_id).in_(list(unit_ids)), is_lead_now(ASKING))
    found = filled(session, heads().where(theirs, col(InquiryRow.asked_at) >= since), unit_ids)
    return tuple(one for one in reversed(found) if one.counted)


def to_coordinate(session: Session, *, unit_ids: Scope) -> tuple[Inquiry, ...]:
    """Return what the office was asked to coordinate and has not decided, the earliest asked first."""
    asked = select(col(InquiryRow.id)).where(
        col(InquiryRow.coordination_at).is_not(None), col(InquiryRow.decided_at).is_(None)
    )
    found = [one for one in filled(session, these(session.scalars(asked)), unit_ids) if one.to_coordinate]
    return tuple(sorted(found, key=lambda one: (one.coordination_at or one.asked_at, one.inquiry_id)))


def inquiry_asked(session: Session, *, asked_id: int, unit_ids: Collection[int]) -> Inquiry | None:
    """Return the inquiry that asks a unit, with that unit only; None where it is none of these."""
    own = (
        select(col(AskedRow.inquiry_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(AskedRow.assignment_id))
        .where(col(AskedRow.id) == asked_id, col(AssignmentRow.unit_id).in_(unit_ids))
    )
    return next(iter(filled(session, heads().where(col(InquiryRow.id).in_(own)), unit_ids, asked_id=asked_id)), None)


def asked_read_by(session: Session, *, asked_id: int, unit_ids: Scope) -> Inquiry | None:
    """Return the inquiry that asks a unit, with that unit only, as a scope reads it; None where it reads none."""
    asked = select(col(AskedRow.inquiry_id)).where(col(AskedRow.id) == asked_id)
    return next(iter(filled(session, heads().where(col(InquiryRow.id).in_(asked)), unit_ids, asked_id=asked_id)), None)


def asked_days(session: Session, *, unit_ids: Collection[int]) -> dict[int, list[date]]:
    """Return by unit until when each inquiry that waits for its answer wants it, the earliest first.

    What lies with its head does not wait.
    """
    found: dict[int, list[date]] = {}
    asked = (
        select(col(AssignmentRow.unit_id), col(InquiryRow.answer_by))
        .join(AskedRow, col(AskedRow.assignment_id) == col(AssignmentRow.id))
        .join(InquiryRow, col(InquiryRow.id) == col(AskedRow.inquiry_id))
        .where(
            is_one_of(col(AskedRow.state), "open"),
            col(AssignmentRow.unit_id).in_(list(unit_ids)),
            ~_lies_with_the_head(),
        )
        .order_by(col(InquiryRow.answer_by))
    )
    for unit_id, day in session.execute(asked):
        found.setdefault(unit_id, []).append(day)
    return found


def own_inquiry(session: Session, *, inquiry_id: int, unit_ids: Collection[int]) -> Inquiry | None:
    """Return an inquiry of units that lead its task; None where they did not ask it."""
    mine = and_(col(ASKING.unit_id).in_(list(unit_ids)), is_lead_now(ASKING))
    return next(iter(filled(session, heads().where(col(InquiryRow.id) == inquiry_id, mine), unit_ids)), None)


def of_inquiries() -> ColumnElement[bool]:
    """Return the condition on events of inquiries and instructions, which are read by `told_to`'s rule alone."""
    return col(EventRow.type).startswith("inquiry.") | col(EventRow.type).startswith("instruction.")


def told_to(session: Session, *, task_id: int | None, unit_ids: Collection[int]) -> ColumnElement[bool]:
    """Return the condition on events of inquiries and instructions, on a task or on all, that units read.

    A lead reads all that is told of inquiries, who is asked what asks it.
    """
    own = col(EventRow.unit_id).in_(list(unit_ids))
    asked = (
        select(col(AskedRow.inquiry_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(AskedRow.assignment_id))
        .where(col(AssignmentRow.unit_id).in_(list(unit_ids)))
    )
    # What a leader instructs is read by those whom he asks.
    instructed = select(col(InquiryRow.id)).where(col(InquiryRow.instruction_id).is_not(None))
    if task_id is not None:
        asked = asked.where(col(AssignmentRow.task_id) == task_id)
        instructed = instructed.where(col(InquiryRow.task_id) == task_id)
    whole = and_(
        col(EventRow.type).in_([kind.type for kind in _OF_ALL]),
        col(EventRow.about).in_([about_inquiry(id_) for id_ in session.scalars(asked.distinct())]),
    )
    of_leads = and_(
        col(EventRow.task_id).in_(tasks_led_by(unit_ids)),
        col(EventRow.type).startswith("inquiry."),
        col(EventRow.about).not_in([about_inquiry(id_ or 0) for id_ in session.scalars(instructed)]),
    )
    return or_(own, whole, of_leads)


def _lies_with_the_head() -> ColumnElement[bool]:
    answer = exists().where(col(ReportRow.answers_id) == col(AskedRow.id), col(ReportRow.state) == WAITS)
    return answer.correlate(AskedRow)
