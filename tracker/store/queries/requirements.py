"""What an item demands, each with its basis, its words and whom it binds 「谁来做」."""

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import label, select
from sqlmodel import Session, col

from tracker.domain.items import Basis, CadenceKind, DemandKind, UnitRole
from tracker.domain.series import at_least_monthly
from tracker.store.rows import as_views
from tracker.store.tables.documents import ItemBearerRow, ItemCadenceRow, ItemEvidenceRow, ItemTargetRow, ItemUnitRow
from tracker.store.tables.tasks import TaskRow
from tracker.store.tables.units import UnitRow

_Detail = TypeVar("_Detail", ItemCadenceRow, ItemTargetRow, ItemEvidenceRow)


@dataclass(frozen=True, slots=True)
class Demanded:
    """What every demand has; `named` are the bodies it names itself, as printed."""

    basis: str
    quote: str | None
    bearer: str
    named: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RhythmDemanded:
    kind: str
    n: int | None
    addressee: str | None
    by: Demanded


@dataclass(frozen=True, slots=True)
class TargetDemanded:
    target_id: int
    metric: str
    op: str
    value: float
    unit: str | None
    per: str | None
    measure: str | None
    by: Demanded


@dataclass(frozen=True, slots=True)
class EvidenceDemanded:
    what: str
    mandatory: bool
    by: Demanded


@dataclass(frozen=True, slots=True)
class AssignedLead:
    """A lead that the office named where the document prints none, with the reason."""

    unit_name: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Requirements:
    rhythms: tuple[RhythmDemanded, ...]
    targets: tuple[TargetDemanded, ...]
    evidence: tuple[EvidenceDemanded, ...]
    deadline_named: tuple[str, ...]
    assigned: tuple[AssignedLead, ...]


def requirements_of(session: Session, item_id: int) -> Requirements:
    """Return the demands of one item in the order of its words."""
    named = _named(session, item_id)
    key = bool(session.execute(select(col(TaskRow.is_key)).where(col(TaskRow.item_id) == item_id)).scalar())
    return Requirements(
        rhythms=tuple(
            RhythmDemanded(
                cadence_asked(row, key=key),
                row.n,
                row.addressee,
                Demanded(row.basis, row.quote, row.bearer, named.get((DemandKind.CADENCE.value, row.position), ())),
            )
            for row in _in_order(session, ItemCadenceRow, item_id)
        ),
        targets=tuple(
            TargetDemanded(
                row.id or 0,
                row.metric,
                row.op,
                row.value,
                row.unit,
                row.per,
                row.measure,
                Demanded("stated", row.quote, row.bearer, named.get((DemandKind.TARGET.value, row.position), ())),
            )
            for row in _in_order(session, ItemTargetRow, item_id)
        ),
        evidence=tuple(
            EvidenceDemanded(
                row.what,
                row.mandatory,
                Demanded(row.basis, row.quote, row.bearer, named.get((DemandKind.EVIDENCE.value, row.position), ())),
            )
            for row in _in_order(session, ItemEvidenceRow, item_id)
        ),
        deadline_named=named.get((DemandKind.DEADLINE.value, 0), ()),
        assigned=_assigned(session, item_id),
    )


def cadence_asked(row: ItemCadenceRow, *, key: bool) -> str:
    """Return the rhythm that holds: the office asks for its own of a key item at least monthly."""
    if key and row.basis == Basis.DEFAULT.value:
        return at_least_monthly(CadenceKind(row.kind)).value
    return row.kind


def _in_order(session: Session, table: type[_Detail], item_id: int) -> list[_Detail]:
    wanted = select(table).where(col(table.item_id) == item_id).order_by(col(table.position), col(table.id))
    return list(session.scalars(wanted))


def _named(session: Session, item_id: int) -> dict[tuple[str, int], tuple[str, ...]]:
    rows = session.execute(
        select(col(ItemBearerRow.demand), col(ItemBearerRow.demand_position), col(ItemBearerRow.printed))
        .where(col(ItemBearerRow.item_id) == item_id)
        .order_by(col(ItemBearerRow.id))
    )
    found: dict[tuple[str, int], tuple[str, ...]] = {}
    for demand, position, printed in rows:
        known = found.get((demand, position), ())
        found[demand, position] = known if printed in known else (*known, printed)
    return found


def _assigned(session: Session, item_id: int) -> tuple[AssignedLead, ...]:
    rows = session.execute(
        select(label("unit_name", col(UnitRow.short_name)), col(ItemUnitRow.reason))
        .join(UnitRow, col(UnitRow.id) == col(ItemUnitRow.unit_id))
        .where(col(ItemUnitRow.item_id) == item_id, col(ItemUnitRow.role) == UnitRole.ASSIGNED_LEAD.value)
        .order_by(col(ItemUnitRow.position))
    )
    return tuple(as_views(AssignedLead, rows))
