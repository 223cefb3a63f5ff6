"""What is written into forms and not sent yet, with where it stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, label, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.accounts import own_name
from tracker.domain.filings import FilingKind
from tracker.domain.jottings import OLDER
from tracker.store.queries.units import units_acted_for
from tracker.store.rows import as_view
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.jottings import JottingRow
from tracker.store.tables.series import PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow, UserRow


@dataclass(frozen=True, slots=True)
class Jotting:
    """What stands in one field; `assignment_id` is None of what is said of a form as a whole."""

    jotting_id: int
    field: str
    assignment_id: int | None
    text: str
    written_by: str
    written_at: datetime


@dataclass(frozen=True, slots=True)
class JottingOfUnit:
    """The same with the form on which it stands, and who has that form, or that share, now (`holder_id`)."""

    jotting_id: int
    field: str
    assignment_id: int | None
    text: str
    written_by: str
    written_at: datetime
    kind: str
    period_id: int | None
    code: str | None
    task_id: int | None
    document_number: str
    document_title: str
    item_label: str | None
    item_title: str | None
    holder_id: int


def jottings_on(
    session: Session, *, kind: FilingKind, period_id: int | None = None, assignment_id: int | None = None
) -> tuple[Jotting, ...]:
    """Return what is kept of the form of a period, or of a share's page of a kind, in the order of its fields."""
    wanted = select(
        label("jotting_id", col(JottingRow.id)),
        col(JottingRow.field),
        col(JottingRow.assignment_id),
        col(JottingRow.text),
        col(JottingRow.written_by),
        col(JottingRow.written_at),
    ).order_by(col(JottingRow.id))
    if period_id is not None:
        wanted = wanted.where(col(JottingRow.period_id) == period_id)
    else:
        wanted = wanted.where(
            col(JottingRow.period_id).is_(None),
            col(JottingRow.assignment_id) == assignment_id,
            col(JottingRow.kind) == kind.value,
        )
    return tuple(as_view(Jotting, row) for row in session.execute(wanted))


def written_by_oneself(session: Session, written: Mapping[str, str], *, user_id: int | None) -> frozenset[str]:
    """Return the fields, given with the names under which they are kept, that an account wrote itself.

    A draft keeps names: they say so only where nobody else who writes on the same pages bears the person's.
    """
    me = session.get(UserRow, user_id) if user_id is not None else None
    if me is None or me.unit_id is None:
        return frozenset()
    keeper_id = session.get_one(UnitRow, me.unit_id).kept_by_unit_id
    near = units_acted_for(session, me.unit_id) | ({keeper_id} if keeper_id is not None else set())
    alike = select(col(UserRow.id)).where(col(UserRow.unit_id).in_(near), col(UserRow.name) == me.name)
    if len(session.scalars(alike).all()) > 1:
        return frozenset()
    return frozenset(name for name, by in written.items() if own_name(by) == me.name)


def jottings_of_units(session: Session, *, unit_ids: Collection[int]) -> tuple[JottingOfUnit, ...]:
    """Return all that was written in units and is not sent, form by form, share by share."""
    return tuple(as_view(JottingOfUnit, row) for row in session.execute(_of_units(unit_ids)))


def jotted_rows(session: Session, *, unit_ids: Collection[int]) -> dict[int, int]:
    """Count by its period on how many rows of a form something is written; what is said of the whole counts as one.

    What newer words of its writer took the place of is not to be sent.
    """
    rows = select(
        col(JottingRow.period_id), func.count(func.distinct(func.coalesce(col(JottingRow.assignment_id), 0)))
    ).where(col(JottingRow.unit_id).in_(unit_ids), col(JottingRow.period_id).is_not(None), col(JottingRow.text) != "")
    rows = rows.where(~col(JottingRow.field).startswith(OLDER))
    found = session.execute(rows.group_by(col(JottingRow.period_id)))
    return {period_id: count for period_id, count in found if period_id is not None}


def _of_units(unit_ids: Collection[int]) -> Select[*tuple[Any, ...]]:  # Any: more columns than are counted
    of_item = aliased(DocumentRow)
    statement = select(
        label("jotting_id", col(JottingRow.id)),
        col(JottingRow.field),
        col(JottingRow.assignment_id),
        col(JottingRow.text),
        col(JottingRow.written_by),
        col(JottingRow.written_at),
        col(JottingRow.kind),
        col(JottingRow.period_id),
        col(PeriodRow.code),
        col(AssignmentRow.task_id),
        func.coalesce(col(DocumentRow.number), of_item.number).label("document_number"),
        func.coalesce(col(DocumentRow.title), of_item.title).label("document_title"),
        col(ItemRow.label).label("item_label"),
        col(ItemRow.title).label("item_title"),
        func.coalesce(col(SeriesRow.unit_id), col(AssignmentRow.unit_id)).label("holder_id"),
    )
    return (
        statement.outerjoin(PeriodRow, col(PeriodRow.id) == col(JottingRow.period_id))
        .outerjoin(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        .outerjoin(DocumentRow, col(DocumentRow.id) == col(SeriesRow.document_id))
        .outerjoin(AssignmentRow, col(AssignmentRow.id) == col(JottingRow.assignment_id))
        .outerjoin(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .outerjoin(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .outerjoin(of_item, of_item.id == col(TaskRow.document_id))  # type: ignore[arg-type] # an alias has the columns
        .where(col(JottingRow.unit_id).in_(unit_ids))
        .order_by(
            col(JottingRow.period_id).is_(None),
            col(JottingRow.period_id),
            col(JottingRow.kind),
            col(JottingRow.assignment_id),
            col(JottingRow.id),
        )
    )
