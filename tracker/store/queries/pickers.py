"""What somebody may choose from: units and documents that have series, units as they are now."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, label, select
from sqlmodel import Session, col

from tracker.domain.accounts import Scope
from tracker.domain.unit_classes import Tasking, class_of
from tracker.domain.units import UnitKind
from tracker.store.queries.scopes import within
from tracker.store.rows import as_views
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.series import SeriesRow
from tracker.store.tables.units import UnitRow

_CHOICES = 100


@dataclass(frozen=True, slots=True)
class Choice:
    id: int
    name: str


def reporting_units(session: Session) -> list[Choice]:
    """Return the units that owe reports at all, in official order."""
    rows = session.execute(
        select(col(UnitRow.id), label("name", col(UnitRow.short_name)))
        .where(exists().where(col(SeriesRow.unit_id) == col(UnitRow.id)))
        .order_by(col(UnitRow.official_order), col(UnitRow.id))
    )
    return as_views(Choice, rows)


def present_units(session: Session) -> tuple[Choice, ...]:
    """Return every unit that there is now, in official order."""
    return tuple(Choice(unit.id or 0, unit.short_name) for unit in _units(session))


def takers(session: Session) -> tuple[Choice, ...]:
    """Return the units that may be given a share, in official order."""
    return tuple(
        Choice(unit.id or 0, unit.short_name)
        for unit in _units(session)
        if class_of(UnitKind(unit.kind), tasked=unit.tasked).may_task is not Tasking.NEVER
    )


def _units(session: Session) -> Sequence[UnitRow]:
    wanted = select(UnitRow).where(col(UnitRow.merged_into_unit_id).is_(None))
    return session.scalars(wanted.order_by(col(UnitRow.official_order), col(UnitRow.id))).all()


def document_choices(session: Session, *, unit_ids: Scope, chosen_id: int | None = None) -> list[Choice]:
    """Return the latest hundred documents with series of the units, and the chosen one if it is older."""
    of_units = within(unit_ids, col(SeriesRow.unit_id))
    series = exists().where(col(SeriesRow.document_id) == col(DocumentRow.id), of_units)
    documents = select(col(DocumentRow.id), label("name", col(DocumentRow.number)))
    latest = documents.where(series).order_by(col(DocumentRow.id).desc()).limit(_CHOICES)
    choices = as_views(Choice, session.execute(latest))
    if chosen_id is not None and chosen_id not in {choice.id for choice in choices}:
        choices += as_views(Choice, session.execute(documents.where(col(DocumentRow.id) == chosen_id, series)))
    return choices
