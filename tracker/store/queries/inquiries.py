"""Inquiries 「协办」 on tasks: what was asked of whom, where it stands, and what waits for a unit or the office."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, label, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.accounts import EveryUnit, Scope
from tracker.domain.events.inquiries import (
    CoordinationDecided,
    InquiryAsked,
    InquiryWithdrawn,
    about_inquiry,
)
from tracker.store.queries.form_parts import Report, reports_of_answers
from tracker.store.queries.leads import is_lead_now, tasks_led_by
from tracker.store.rows import as_view
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

_AS_KEPT = (
    *("words", "answer_by", "asked_by", "asked_at"),
    *("coordination_words", "coordination_by", "coordination_at", "decision", "decided_by", "decided_at"),
)
# What is told of all units of an inquiry at once.
_OF_ALL = (InquiryAsked, InquiryWithdrawn, CoordinationDecided)
_LEFT = ("filed", "accepted", "returned")
_WAITS = "awaiting_sign_off"
_ASKING, _ASKER = aliased(AssignmentRow), aliased(UnitRow)


@dataclass(frozen=True, slots=True)
class AskedUnit:
    """Where an inquiry stands with one unit; `answer` is what has left it, `waiting` what its head still signs."""

    asked_id: int
    inquiry_id: int
    assignment_id: int
    unit_id: int
    unit_name: str
    state: str
    reminded_at: datetime | None
    closed_at: datetime | None
    cause: str | None
    answer: Report | None
    waiting: bool


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One inquiry with the units it asks, in official order; of one that asks others too a unit sees itself only.

    `asker` is None where the office asked; `asker_unit_id` is the unit that did. What it tells the office of those who
    are silent they do not read.
    """

    inquiry_id: int
    task_id: int
    document_number: str
    item_label: str
    item_title: str
    item_text: str
    assignment_id: int | None
    asker_unit_id: int | None
    asker: str | None
    words: str
    answer_by: date
    asked_by: str
    asked_at: datetime
    coordination_words: str | None
    coordination_by: str | None
    coordination_at: datetime | None
    decision: str | None
    decided_by: str | None
    decided_at: datetime | None
    units: tuple[AskedUnit, ...]

    @property
    def open(self) -> tuple[AskedUnit, ...]:
        return tuple(unit for unit in self.units if unit.state == "open")

    @property
    def answered(self) -> tuple[AskedUnit, ...]:
        return tuple(unit for unit in self.units if unit.answer is not None)

    @property
    def counted(self) -> tuple[AskedUnit, ...]:
        """The units whose answer was or is waited for."""
        return tuple(unit for unit in self.units if unit.answer is not None or unit.state in ("open", "decided"))

    @property
    def to_coordinate(self) -> bool:
        """Whether the office has the ball."""
        return self.coordination_at is not None and self.decided_at is None and bool(self.open)


def inquiries_on(session: Session, *, task_id: int, unit_ids: Scope) -> tuple[Inquiry, ...]:
    """Return the inquiries on a task that a viewer may read, the latest first."""
    return _filled(session, _heads().where(col(InquiryRow.task_id) == task_id), unit_ids)


def asked_of_units(session: Session, *, unit_ids: Collection[int]) -> tuple[Inquiry, ...]:
    """Return what units are asked and have not answered, each with them only: the one wanted first."""
    mine = (
        select(col(AskedRow.inquiry_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(AskedRow.assignment_id))
        .where(is_one_of(col(AskedRow.state), "open"), col(AssignmentRow.unit_id).in_(unit_ids))
    )
    found = _filled(session, _these(session.scalars(mine)), unit_ids, as_asked=True)
    return tuple(sorted(found, key=lambda one: (one.answer_by, one.inquiry_id)))


def open_of_askers(session: Session, *, unit_ids: Scope) -> tuple[Inquiry, ...]:
    """Return what units, or with every unit the office, asked and is not answered by all: the one wanted first."""
    open_ = select(col(AskedRow.inquiry_id)).where(is_one_of(col(AskedRow.state), "open"))
    theirs = (
        col(InquiryRow.assignment_id).is_(None)
        if isinstance(unit_ids, EveryUnit)
        else and_(col(_ASKING.unit_id).in_(list(unit_ids)), is_lead_now(_ASKING))
    )
    found = _filled(session, _these(session.scalars(open_)).where(theirs), unit_ids)
    return tuple(sorted(found, key=lambda one: (one.answer_by, one.inquiry_id)))


def asked_by_units(session: Session, *, unit_ids: Collection[int], since: datetime) -> tuple[Inquiry, ...]:
    """Return what units asked as leads from a time on, answered or open, the first asked first."""
    theirs = and_(col(_ASKING.unit_id).in_(list(unit_ids)), is_lead_now(_ASKING))
    found = _filled(session, _heads().where(theirs, col(InquiryRow.asked_at) >= since), unit_ids)
    return tuple(one for one in reversed(found) if one.counted)


def to_coordinate(session: Session, *, unit_ids: Scope) -> tuple[Inquiry, ...]:
    """Return what the office was asked to coordinate and has not decided, the earliest asked first."""
    asked = select(col(InquiryRow.id)).where(
        col(InquiryRow.coordination_at).is_not(None), col(InquiryRow.decided_at).is_(None)
    )
    found = [one for one in _filled(session, _these(session.scalars(asked)), unit_ids) if one.to_coordinate]
    return tuple(sorted(found, key=lambda one: (one.coordination_at or one.asked_at, one.inquiry_id)))


def inquiry_asked(session: Session, *, asked_id: int, unit_ids: Collection[int]) -> Inquiry | None:
    """Return the inquiry that asks a unit, with that unit only; None where it is none of these."""
    own = (
        select(col(AskedRow.inquiry_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(AskedRow.assignment_id))
        .where(col(AskedRow.id) == asked_id, col(AssignmentRow.unit_id).in_(unit_ids))
    )
    return next(iter(_filled(session, _heads().where(col(InquiryRow.id).in_(own)), unit_ids, asked_id=asked_id)), None)


def count_asked(
    session: Session, *, unit_ids: Collection[int], wanted: tuple[date, date] | None = None
) -> dict[int, int]:
    """Return by unit how many inquiries wait for its answer; what lies with its head is not counted.

    With `wanted` those whose day lies between two, both inclusive.
    """
    days = () if wanted is None else (col(InquiryRow.answer_by).between(*wanted),)
    counted = (
        select(col(AssignmentRow.unit_id), func.count())
        .join(AskedRow, col(AskedRow.assignment_id) == col(AssignmentRow.id))
        .join(InquiryRow, col(InquiryRow.id) == col(AskedRow.inquiry_id))
        .where(
            is_one_of(col(AskedRow.state), "open"),
            col(AssignmentRow.unit_id).in_(list(unit_ids)),
            ~_lies_with_the_head(),
            *days,
        )
        .group_by(col(AssignmentRow.unit_id))
    )
    return dict(session.execute(counted).all())


def own_inquiry(session: Session, *, inquiry_id: int, unit_ids: Collection[int]) -> Inquiry | None:
    """Return an inquiry of units that lead its task; None where they did not ask it."""
    mine = and_(col(_ASKING.unit_id).in_(list(unit_ids)), is_lead_now(_ASKING))
    return next(iter(_filled(session, _heads().where(col(InquiryRow.id) == inquiry_id, mine), unit_ids)), None)


def told_to(session: Session, *, task_id: int, unit_ids: Collection[int]) -> ColumnElement[bool]:
    """Return the condition on events of inquiries on a task that units read: a lead all, who is asked what asks it."""
    own = col(EventRow.unit_id).in_(list(unit_ids))
    asked = select(col(AskedRow.inquiry_id)).join(AssignmentRow, col(AssignmentRow.id) == col(AskedRow.assignment_id))
    mine = session.scalars(
        asked.where(col(AssignmentRow.task_id) == task_id, col(AssignmentRow.unit_id).in_(list(unit_ids)))
    )
    whole = and_(
        col(EventRow.type).in_([kind.type for kind in _OF_ALL]),
        col(EventRow.about).in_([about_inquiry(inquiry_id) for inquiry_id in mine]),
    )
    return or_(own, whole, col(EventRow.task_id).in_(tasks_led_by(unit_ids)))


def _lies_with_the_head() -> ColumnElement[bool]:
    answer = exists().where(col(ReportRow.answers_id) == col(AskedRow.id), col(ReportRow.state) == _WAITS)
    return answer.correlate(AskedRow)


def _heads() -> Select[Any]:  # Any: `Inquiry` types the columns
    return (
        select(
            label("inquiry_id", col(InquiryRow.id)),
            col(InquiryRow.task_id),
            label("document_number", col(DocumentRow.number)),
            label("item_label", col(ItemRow.label)),
            label("item_title", col(ItemRow.title)),
            label("item_text", col(ItemRow.text)),
            col(InquiryRow.assignment_id),
            label("asker_unit_id", col(_ASKER.id)),
            label("asker", col(_ASKER.short_name)),
            *(col(getattr(InquiryRow, name)) for name in _AS_KEPT),
        )
        .join(TaskRow, col(TaskRow.id) == col(InquiryRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .outerjoin(_ASKING, col(_ASKING.id) == col(InquiryRow.assignment_id))
        .outerjoin(_ASKER, col(_ASKER.id) == col(_ASKING.unit_id))
        .order_by(col(InquiryRow.id).desc())
    )


def _these(inquiry_ids: Iterable[int | None]) -> Select[Any]:  # Any: as of `_heads`
    """Select inquiries by ids that were looked up first, for which there are partial indexes."""
    return _heads().where(col(InquiryRow.id).in_(list(inquiry_ids)))


def _filled(
    session: Session,
    wanted: Select[Any],  # Any: as of `_heads`
    unit_ids: Scope,
    *,
    as_asked: bool = False,
    asked_id: int | None = None,
) -> tuple[Inquiry, ...]:
    """Return inquiries with the units that a viewer may see in them; one of which he may see none is left out."""
    heads = session.execute(wanted).all()
    led: set[int] = set()
    if not isinstance(unit_ids, EveryUnit) and not as_asked:
        led = set(session.scalars(tasks_led_by(unit_ids)))
    units: dict[int, list[AskedUnit]] = {head.inquiry_id: [] for head in heads}
    tasks = {head.inquiry_id: head.task_id for head in heads}
    for unit in _units(session, units):
        mine = unit.unit_id in unit_ids
        if as_asked and not (mine and unit.state == "open"):
            continue
        if asked_id in (None, unit.asked_id) and (mine or tasks[unit.inquiry_id] in led):
            units[unit.inquiry_id].append(unit)
    found = (as_view(Inquiry, head, units=tuple(units[head.inquiry_id])) for head in heads)
    seen = (one if isinstance(unit_ids, EveryUnit) or one.task_id in led else _without_plea(one) for one in found)
    return tuple(one for one in seen if one.units)


def _without_plea(inquiry: Inquiry) -> Inquiry:
    """Return an inquiry without what its lead tells the office of those who are silent."""
    return replace(inquiry, coordination_words=None, coordination_by=None)


def _units(session: Session, inquiry_ids: Iterable[int]) -> list[AskedUnit]:
    rows = session.execute(
        select(
            label("asked_id", col(AskedRow.id)),
            col(AskedRow.inquiry_id),
            col(AskedRow.assignment_id),
            label("unit_id", col(UnitRow.id)),
            label("unit_name", col(UnitRow.short_name)),
            col(AskedRow.state),
            col(AskedRow.reminded_at),
            col(AskedRow.closed_at),
            col(AskedRow.cause),
        )
        .join(AssignmentRow, col(AssignmentRow.id) == col(AskedRow.assignment_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(col(AskedRow.inquiry_id).in_(list(inquiry_ids)))
        .order_by(col(UnitRow.official_order), col(UnitRow.id), col(AskedRow.id))
    ).all()
    answers: dict[int, list[Report]] = defaultdict(list)
    for report in reports_of_answers(session, [row.asked_id for row in rows]):
        answers[report.answers_id or 0].append(report)
    return [_unit(row, answers[row.asked_id]) for row in rows]


def _unit(row: Any, reports: list[Report]) -> AskedUnit:  # Any: a row of `_units`
    answer = next((report for report in reports if report.state in _LEFT), None)
    waiting = any(report.state == _WAITS for report in reports)
    return as_view(AskedUnit, row, answer=answer, waiting=waiting)
