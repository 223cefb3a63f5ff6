"""The registered items as `tracker.items/1`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeVar

from sqlmodel import Session, col, select

from tracker.domain.coverage import ItemSpan, Span, cover
from tracker.domain.items import Bearer, DemandKind, SpanRole, UnitRole
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

FORMAT = "tracker.items/1"

_Detail = TypeVar("_Detail", ItemUnitRow, ItemGroupRow, ItemCadenceRow, ItemTargetRow, ItemEvidenceRow)
_Place = tuple[int, str, int]
Json = dict[str, object]


def export_items(session: Session, *, number: str | None = None) -> Json:
    """Return all registered documents, or the one with that number, in order of registration.

    The shape is the contract `tracker.items/1`; an unknown number gives an empty list.
    """
    wanted = select(DocumentRow).order_by(col(DocumentRow.id))
    if number is not None:
        wanted = wanted.where(col(DocumentRow.number) == number)
    documents = [_Exporter(session, document).document() for document in session.exec(wanted).all()]
    return {"format": FORMAT, "documents": documents}


class _Exporter:
    """Reads one document's rows once and shapes them."""

    def __init__(self, session: Session, document: DocumentRow) -> None:
        self._document = document
        self._items = session.exec(
            select(ItemRow).where(col(ItemRow.document_id) == document.id).order_by(col(ItemRow.id))
        ).all()
        self._declared = session.exec(
            select(DocumentSpanRow).where(col(DocumentSpanRow.document_id) == document.id)
        ).all()
        ids = [item.id for item in self._items]
        self._units = _by_item(_details(session, ItemUnitRow, ids))
        self._groups = _by_item(_details(session, ItemGroupRow, ids))
        self._cadences = _by_item(_details(session, ItemCadenceRow, ids))
        self._keys = set(session.exec(select(TaskRow.item_id).where(col(TaskRow.is_key))))
        self._targets = _by_item(_details(session, ItemTargetRow, ids))
        self._evidence = _by_item(_details(session, ItemEvidenceRow, ids))
        self._bearers = _bearers(session, ids)
        self._names = {row.id: row.full_name for row in session.exec(select(UnitRow))}
        self._members: dict[int, list[str]] = defaultdict(list)
        rows = session.exec(select(ItemGroupMemberRow).join(UnitRow).order_by(col(UnitRow.official_order)))
        for member in rows:
            self._members[member.item_group_id].append(self._names[member.unit_id])

    def document(self) -> Json:
        row = self._document
        return {
            "number": row.number,
            "title": row.title,
            "issuer": row.issuer,
            "issued_on": _iso(row.issued_on),
            "effective_on": _iso(row.effective_on),
            "expires_on": _iso(row.expires_on),
            "ends_on": _iso(row.ends_on),
            "filing_on": _iso(row.filing_on),
            "text": row.text,
            "items": [self._item(item) for item in self._items],
            "coverage": list(self._coverage()),
        }

    def _coverage(self) -> Iterator[Json]:
        declared = [Span(span.start_at, span.end_at, SpanRole(span.role)) for span in self._declared]
        for span in cover(self._document.text, [_item_span(item) for item in self._items], declared):
            entry: Json = {"start": span.start, "end": span.end, "role": span.role.value}
            if span.items:
                entry["items"] = list(span.items)
            yield entry

    def _item(self, item: ItemRow) -> Json:
        assert item.id is not None
        units = self._units[item.id]
        return {
            "code": item.code,
            "label": item.label,
            "kind": item.kind,
            "title": item.title,
            "text": item.text,
            "span": [item.start_at, item.end_at],
            "responsibility": item.responsibility,
            "leads": self._named(units, UnitRole.LEAD),
            "lead_basis": item.lead_basis,
            "supports": self._named(units, UnitRole.SUPPORT),
            "groups": [
                {
                    "printed": group.printed,
                    "inherited_from": group.inherited_from,
                    "members": self._members[group.id or 0],
                }
                for group in self._groups[item.id]
            ],
            "cadence": [
                {
                    "kind": cadence_asked(row, key=item.id in self._keys),
                    "n": row.n,
                    "basis": row.basis,
                    "quote": row.quote,
                    "addressee": row.addressee,
                    **self._bound(item.id, DemandKind.CADENCE, row.position, bearer=row.bearer),
                }
                for row in self._cadences[item.id]
            ],
            "deadline": {
                "on": _iso(item.deadline_on),
                "basis": item.deadline_basis,
                "quote": item.deadline_quote,
                **(
                    self._bound(item.id, DemandKind.DEADLINE, 0, bearer=item.deadline_bearer)
                    if item.deadline_on
                    else {}
                ),
            },
            "targets": [
                {**_target(row), **self._bound(item.id, DemandKind.TARGET, row.position, bearer=row.bearer)}
                for row in self._targets[item.id]
            ],
            "evidence": [
                {
                    "what": row.what,
                    "basis": row.basis,
                    "quote": row.quote,
                    **self._bound(item.id, DemandKind.EVIDENCE, row.position, bearer=row.bearer),
                }
                for row in self._evidence[item.id]
            ],
            "level": item.level,
            "scoring": item.scoring,
            "assigned_leads": [
                {"unit": self._names[row.unit_id], "reason": row.reason}
                for row in units
                if row.role == UnitRole.ASSIGNED_LEAD.value
            ],
        }

    def _bound(self, item_id: int, demand: DemandKind, position: int, *, bearer: str) -> Json:
        bound: Json = {"bearer": bearer}
        if bearer == Bearer.NAMED.value:
            bound["bearers"] = self._bearers[item_id, demand.value, position]
        return bound

    def _named(self, rows: Iterable[ItemUnitRow], role: UnitRole) -> list[Json]:
        return [{"printed": row.printed, "unit": self._names[row.unit_id]} for row in rows if row.role == role.value]


def _details(session: Session, table: type[_Detail], ids: list[int | None]) -> list[_Detail]:
    wanted = select(table).where(col(table.item_id).in_(ids)).order_by(col(table.item_id), col(table.position))
    return list(session.exec(wanted).all())


def _bearers(session: Session, ids: list[int | None]) -> dict[_Place, list[str]]:
    """Return the printed bearers of each demand, a collective once."""
    found: dict[_Place, list[str]] = defaultdict(list)
    wanted = select(ItemBearerRow).where(col(ItemBearerRow.item_id).in_(ids)).order_by(col(ItemBearerRow.id))
    for row in session.exec(wanted):
        place = (row.item_id, row.demand, row.demand_position)
        if row.printed not in found[place]:
            found[place].append(row.printed)
    return found


def _by_item(rows: Iterable[_Detail]) -> dict[int, list[_Detail]]:
    grouped: dict[int, list[_Detail]] = defaultdict(list)
    for row in rows:
        grouped[row.item_id].append(row)
    return grouped


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _item_span(item: ItemRow) -> ItemSpan:
    if item.responsibility_start_at is None or item.responsibility_end_at is None:
        return ItemSpan(item.code, item.start_at, item.end_at)
    note = (item.responsibility_start_at, item.responsibility_end_at)
    return ItemSpan(item.code, item.start_at, item.end_at, note)


def _target(row: ItemTargetRow) -> Json:
    value = int(row.value) if row.value.is_integer() else row.value
    measure = {"measure": row.measure} if row.measure else {}
    return {
        **measure,
        "metric": row.metric,
        "op": row.op,
        "value": value,
        "unit": row.unit,
        "per": row.per,
        "quote": row.quote,
    }
