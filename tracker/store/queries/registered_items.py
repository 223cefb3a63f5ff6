"""Registered documents as readings: what was entered of them, with the office's own demands added."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.items import (
    Basis,
    Bearer,
    CadenceKind,
    DemandKind,
    ItemKind,
    LeadBasis,
    Measure,
    Origin,
    SpanRole,
    UnitRole,
)
from tracker.domain.plan_ends import PlanEnd
from tracker.domain.readings.coverage import Span
from tracker.domain.readings.demands import (
    Addressee,
    Bound,
    Cadence,
    Deadline,
    EvidenceRequirement,
    NamedBearer,
    Target,
)
from tracker.domain.readings.export import Json, export_registered
from tracker.domain.readings.item import AssignedLead, Item, PrintedGroup, PrintedUnit
from tracker.domain.readings.reading import Reading
from tracker.store.queries.requirements import cadence_asked
from tracker.store.tables.documents import (
    DocumentRow,
    DocumentSpanRow,
    ItemBearerRow,
    ItemCadenceRow,
    ItemEvidenceRow,
    ItemGroupMemberRow,
    ItemGroupRow,
    ItemRow,
    ItemTargetRow,
    ItemUnitRow,
)
from tracker.store.tables.tasks import TaskRow
from tracker.store.tables.units import UnitRow

_Detail = TypeVar("_Detail", ItemUnitRow, ItemGroupRow, ItemCadenceRow, ItemTargetRow, ItemEvidenceRow)
_Place = tuple[int, str, int]
_Bearers = tuple[NamedBearer, ...]


@dataclass(frozen=True, slots=True)
class Registered:
    """Documents in order of registration; `names` are the full names of all units by their codes."""

    readings: tuple[Reading, ...]
    names: Mapping[str, str]


def registered_items(session: Session, *, number: str | None = None) -> Registered:
    """Return all registered documents with their items, or the one with that number; none where it is unknown.

    Rhythms and evidence are those that hold, the office's own among them; questions are not read.
    """
    wanted = select(DocumentRow).order_by(col(DocumentRow.id))
    if number is not None:
        wanted = wanted.where(col(DocumentRow.number) == number)
    units = session.scalars(select(UnitRow)).all()
    codes = {row.id or 0: row.code for row in units}
    readings = tuple(_Document(session, row, codes).reading() for row in session.scalars(wanted).all())
    return Registered(readings, {row.code: row.full_name for row in units})


def export_items(session: Session, *, number: str | None = None) -> Json:
    """Return all registered documents, or the one with that number, as `tracker.items/1`."""
    found = registered_items(session, number=number)
    return export_registered(found.readings, found.names)


class _Document:
    """Reads one document's rows once and makes items of them; `codes` are those of the units by their ids."""

    def __init__(self, session: Session, document: DocumentRow, codes: Mapping[int, str]) -> None:
        self._document, self._codes = document, codes
        self._items = session.scalars(
            select(ItemRow).where(col(ItemRow.document_id) == document.id).order_by(col(ItemRow.id))
        ).all()
        self._declared = session.scalars(
            select(DocumentSpanRow)
            .where(col(DocumentSpanRow.document_id) == document.id)
            .order_by(col(DocumentSpanRow.start_at))
        ).all()
        ids = [item.id for item in self._items]
        self._units = _by_item(_details(session, ItemUnitRow, ids))
        self._groups = _by_item(_details(session, ItemGroupRow, ids))
        self._cadences = _by_item(_details(session, ItemCadenceRow, ids))
        self._keys = set(session.scalars(select(col(TaskRow.item_id)).where(col(TaskRow.is_key))))
        self._targets = _by_item(_details(session, ItemTargetRow, ids))
        self._evidence = _by_item(_details(session, ItemEvidenceRow, ids))
        self._bearers = _bearers(session, ids, codes)
        self._members: dict[int, list[str]] = defaultdict(list)
        rows = session.scalars(select(ItemGroupMemberRow).join(UnitRow).order_by(col(UnitRow.official_order)))
        for member in rows:
            self._members[member.item_group_id].append(codes[member.unit_id])

    def reading(self) -> Reading:
        row = self._document
        return Reading(
            number=row.number,
            title=row.title,
            issuer=row.issuer,
            issued_on=row.issued_on,
            effective_on=row.effective_on,
            expires_on=row.expires_on,
            text=row.text,
            items=tuple(self._item(item, item.id or 0) for item in self._items),
            declared=tuple(Span(span.start_at, span.end_at, SpanRole(span.role)) for span in self._declared),
            plan_end=PlanEnd(row.ends_on),
            filing_on=row.filing_on,
            origin=Origin(row.origin),
        )

    def _item(self, row: ItemRow, item_id: int) -> Item:
        return Item(
            label=row.label,
            kind=ItemKind(row.kind),
            title=row.title,
            span=(row.start_at, row.end_at),
            lead_basis=LeadBasis(row.lead_basis),
            code=row.code,
            responsibility=row.responsibility,
            responsibility_span=_note(row),
            leads=tuple(PrintedUnit(u.printed, self._codes[u.unit_id]) for u in self._in_role(item_id, UnitRole.LEAD)),
            supports=tuple(
                PrintedUnit(u.printed, self._codes[u.unit_id]) for u in self._in_role(item_id, UnitRole.SUPPORT)
            ),
            groups=tuple(
                PrintedGroup(group.printed, tuple(self._members[group.id or 0]), group.inherited_from)
                for group in self._groups[item_id]
            ),
            assigned_leads=tuple(
                AssignedLead(u.printed, self._codes[u.unit_id], u.reason or "")
                for u in self._in_role(item_id, UnitRole.ASSIGNED_LEAD)
            ),
            cadences=tuple(self._cadence(cadence) for cadence in self._cadences[item_id]),
            deadline=self._deadline(row),
            targets=tuple(self._target(target) for target in self._targets[item_id]),
            evidence=tuple(self._requirement(demand) for demand in self._evidence[item_id]),
            level=row.level,
            scoring=row.scoring,
            note=row.note,
            outlives=row.outlives,
        )

    def _in_role(self, item_id: int, role: UnitRole) -> list[ItemUnitRow]:
        return [row for row in self._units[item_id] if row.role == role.value]

    def _cadence(self, row: ItemCadenceRow) -> Cadence:
        unit = row.addressee_unit_id
        return Cadence(
            CadenceKind(cadence_asked(row, key=row.item_id in self._keys)),
            Basis(row.basis),
            row.n,
            row.quote,
            self._bound((row.item_id, DemandKind.CADENCE.value, row.position), row.bearer),
            Addressee(row.addressee, self._codes[unit] if unit is not None else None) if row.addressee else None,
        )

    def _deadline(self, row: ItemRow) -> Deadline | None:
        if row.deadline_on is None or row.deadline_basis is None:
            return None
        bound = self._bound((row.id or 0, DemandKind.DEADLINE.value, 0), row.deadline_bearer)
        return Deadline(row.deadline_on, Basis(row.deadline_basis), row.deadline_quote, bound)

    def _target(self, row: ItemTargetRow) -> Target:
        return Target(
            row.metric,
            row.op,
            row.value,
            row.quote,
            row.unit,
            row.per,
            Measure(row.measure) if row.measure else None,
            self._bound((row.item_id, DemandKind.TARGET.value, row.position), row.bearer),
        )

    def _requirement(self, row: ItemEvidenceRow) -> EvidenceRequirement:
        bound = self._bound((row.item_id, DemandKind.EVIDENCE.value, row.position), row.bearer)
        return EvidenceRequirement(row.what, Basis(row.basis), row.quote, row.form, row.mandatory, row.per, bound)

    def _bound(self, place: _Place, bearer: str) -> Bound:
        return Bound(Bearer(bearer), self._bearers[place] if bearer == Bearer.NAMED.value else ())


def _details(session: Session, table: type[_Detail], ids: list[int | None]) -> list[_Detail]:
    wanted = select(table).where(col(table.item_id).in_(ids)).order_by(col(table.item_id), col(table.position))
    return list(session.scalars(wanted).all())


def _bearers(session: Session, ids: list[int | None], codes: Mapping[int, str]) -> dict[_Place, _Bearers]:
    """Return the bearers that each demand names, a collective once with all its members."""
    found: dict[_Place, dict[str, list[str]]] = defaultdict(dict)
    wanted = select(ItemBearerRow).where(col(ItemBearerRow.item_id).in_(ids)).order_by(col(ItemBearerRow.id))
    for row in session.scalars(wanted):
        named = found[row.item_id, row.demand, row.demand_position].setdefault(row.printed, [])
        if row.unit_id is not None:
            named.append(codes[row.unit_id])
    bearers = {
        place: tuple(NamedBearer(printed, tuple(units)) for printed, units in named.items())
        for place, named in found.items()
    }
    return defaultdict(tuple, bearers)


def _by_item(rows: Iterable[_Detail]) -> dict[int, list[_Detail]]:
    grouped: dict[int, list[_Detail]] = defaultdict(list)
    for row in rows:
        grouped[row.item_id].append(row)
    return grouped


def _note(row: ItemRow) -> tuple[int, int] | None:
    if row.responsibility_start_at is None or row.responsibility_end_at is None:
        return None
    return row.responsibility_start_at, row.responsibility_end_at
