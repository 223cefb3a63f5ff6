"""Inquiries as pages and queries see them: what was asked, of which units, and what of it somebody may see."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, label, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.accounts import EveryUnit, Scope
from tracker.domain.events.inquiries import InquiryAsked, about_inquiry
from tracker.store.queries.enclosures import Enclosure, enclosed_in_writings
from tracker.store.queries.form_parts import Report, reports_of_answers
from tracker.store.queries.leads import tasks_led_by
from tracker.store.queries.origins import Origin, origins
from tracker.store.rows import as_view
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

_AS_KEPT = (
    *("words", "answer_by", "asked_by", "asked_at"),
    *("coordination_words", "coordination_by", "coordination_at", "decision", "decided_by", "decided_at"),
    *("instruction_id", "given_on", "haste", "recorded_by"),
)
_LEFT = ("filed", "accepted", "returned")
WAITS = "awaiting_sign_off"
ASKING, _ASKER = aliased(AssignmentRow), aliased(UnitRow)


@dataclass(frozen=True, slots=True)
class AskedUnit:
    """Where an inquiry stands with one unit; `answer` is what has left it.

    `written` is what was written last where it has not left: its head still signs it, sent it back, or it was
    withdrawn. Nobody outside the unit reads that. `unit_name` is of whoever answered, after a merger too, before that
    of whoever has to; `unit_id` is as of now.
    """

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
    written: Report | None

    @property
    def waiting(self) -> bool:
        """Whether an answer lies with the head."""
        return self.written is not None and self.written.state == WAITS

    @property
    def sent_back(self) -> Report | None:
        """The answer that the head sent back and nobody has written anew."""
        return self.written if self.written is not None and self.written.state == "sent_back" else None


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One inquiry with the units it asks, in official order; of one that asks others too a unit sees itself only.

    `asker` is None where the office asked, and where it is a writing of the leader's instruction `instruction_id`, whom
    `asked_by` names then; `asker_unit_id` is the unit whose inquiry it is now. `asker` names whom an answer goes to
    while one is waited for, then whoever asked, though it went up in another since. What it tells the office of those
    who are silent they do not read. `files` lie beside a leader's writing.
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
    instruction_id: int | None
    given_on: date | None
    haste: str | None
    recorded_by: str | None
    units: tuple[AskedUnit, ...]
    files: tuple[Enclosure, ...]

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


def heads() -> Select[Any]:  # Any: `Inquiry` types the columns
    """Select inquiries, the latest first."""
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
        .outerjoin(ASKING, col(ASKING.id) == col(InquiryRow.assignment_id))
        .outerjoin(_ASKER, col(_ASKER.id) == col(ASKING.unit_id))
        .order_by(col(InquiryRow.id).desc())
    )


def writings_for(unit_ids: Scope) -> ColumnElement[bool]:
    """Return the condition on inquiries that selects the leaders' writings a scope reads: a unit what asks itself."""
    written = col(InquiryRow.instruction_id).is_not(None)
    if isinstance(unit_ids, EveryUnit):
        return written
    asked = (
        select(col(AskedRow.inquiry_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(AskedRow.assignment_id))
        .where(col(AssignmentRow.unit_id).in_(list(unit_ids)))
    )
    return and_(written, col(InquiryRow.id).in_(asked))


def these(inquiry_ids: Iterable[int | None]) -> Select[Any]:  # Any: as of `heads`
    """Select inquiries by ids that were looked up first, for which there are partial indexes."""
    return heads().where(col(InquiryRow.id).in_(list(inquiry_ids)))


def filled(
    session: Session,
    wanted: Select[Any],  # Any: as of `heads`
    unit_ids: Scope,
    *,
    as_asked: bool = False,
    asked_id: int | None = None,
) -> tuple[Inquiry, ...]:
    """Return inquiries with the units that a viewer may see in them; one of which he may see none is left out.

    `as_asked`: with those only who are still asked; `asked_id` with that one only.
    """
    found_heads = session.execute(wanted).all()
    led: set[int] = set()
    if not isinstance(unit_ids, EveryUnit) and not as_asked:
        led = set(session.scalars(tasks_led_by(unit_ids)))
    units: dict[int, list[AskedUnit]] = {head.inquiry_id: [] for head in found_heads}
    # Of what a leader instructs on a task its leads read what he asks of them.
    tasks = {head.inquiry_id: head.task_id for head in found_heads if head.instruction_id is None}
    for unit in _units(session, units):
        mine = unit.unit_id in unit_ids
        if as_asked and not (mine and unit.state == "open"):
            continue
        if asked_id in (None, unit.asked_id) and (mine or tasks.get(unit.inquiry_id) in led):
            units[unit.inquiry_id].append(unit)
    written = [head.inquiry_id for head in found_heads if head.instruction_id is not None]
    files = enclosed_in_writings(session, written)
    found = [
        as_view(Inquiry, head, units=tuple(units[head.inquiry_id]), files=files.get(head.inquiry_id, ()))
        for head in found_heads
    ]
    over = _askers(session, [one.inquiry_id for one in found if one.asker and not one.open])
    found = [replace(one, asker=over.get(about_inquiry(one.inquiry_id), one.asker)) for one in found]
    seen = (one if isinstance(unit_ids, EveryUnit) or one.task_id in led else _without_plea(one) for one in found)
    return tuple(one for one in seen if one.units)


def _without_plea(inquiry: Inquiry) -> Inquiry:
    """Return an inquiry without what its lead tells the office of those who are silent."""
    return replace(inquiry, coordination_words=None, coordination_by=None)


def _askers(session: Session, inquiry_ids: Collection[int]) -> dict[str | None, str]:
    """Return by what events are about inquiries which units asked them: it was recorded, a merger moves the share."""
    if not inquiry_ids:
        return {}
    told = (
        select(col(EventRow.about), col(UnitRow.short_name))
        .join(UnitRow, col(UnitRow.id) == col(EventRow.unit_id))
        .where(
            col(EventRow.about).in_([about_inquiry(id_) for id_ in inquiry_ids]),
            col(EventRow.type) == InquiryAsked.type,
        )
    )
    return dict(session.execute(told).all())


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
    reports = reports_of_answers(session, [row.asked_id for row in rows])
    for report in reports:
        answers[report.answers_id or 0].append(report)
    by = origins(session, [report.report_id for report in reports if report.state in _LEFT])
    return [_unit(row, answers[row.asked_id], by) for row in rows]


def _unit(row: Any, reports: list[Report], by: Mapping[int | None, Origin]) -> AskedUnit:  # Any: a row of `_units`
    answer = next((report for report in reports if report.state in _LEFT), None)
    last = next(iter(reports), None)
    written = last if last is not None and last.state not in _LEFT else None
    unit = as_view(AskedUnit, row, answer=answer, written=written)
    return unit if answer is None else replace(unit, unit_name=by[answer.report_id].unit)
