"""Items of a document become rows: what they print, whom they name, what they demand of whom."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.events.documents import SealedRow
from tracker.domain.items import DemandKind, UnitRole, is_dormant
from tracker.domain.lifecycle import TaskAction, TaskState, advance_task
from tracker.domain.readings.defaults import with_defaults
from tracker.domain.readings.demands import LEAD_BOUND, Bound, Cadence, EvidenceRequirement, Target
from tracker.domain.readings.item import Item
from tracker.domain.readings.reading import Reading
from tracker.domain.series import DocumentFrame
from tracker.store.demand_digests import demand_digests
from tracker.store.row_digests import row_digest
from tracker.store.tables.documents import (
    ItemBearerRow,
    ItemCadenceRow,
    ItemEvidenceRow,
    ItemGroupMemberRow,
    ItemGroupRow,
    ItemRow,
    ItemTargetRow,
    ItemUnitRow,
    QuestionRow,
)
from tracker.store.tables.tasks import TaskRow


def waits_for_an_event(item: Item, frame: DocumentFrame) -> bool:
    """Say whether the task of an item waits for an event before anything of it is owed."""
    kinds = frozenset(cadence.kind for cadence in item.cadences)
    return is_dormant(item.kind, kinds, emergency=frame.responds)


def enter_item(
    session: Session,
    reading: Reading,
    item: Item,
    *,
    document_id: int,
    units: dict[str, int],
    frame: DocumentFrame,
) -> None:
    """Enter an item with what it demands, as a proposed task; `units` maps codes of units to their ids."""
    row = _item_row(reading, item, document_id=document_id)
    session.add(row)
    session.flush()
    enter_units(session, item, item_id=_id(row), units=units)
    _enter_demands(session, item, item_id=_id(row), units=units, frame=frame)
    for question in item.questions:
        session.add(QuestionRow(item_id=_id(row), topic=question.topic.value, words=question.words))
    state = advance_task(TaskState.REGISTERED, TaskAction.PROPOSE)
    session.add(
        TaskRow(
            item_id=_id(row),
            document_id=document_id,
            state=state.value,
            dormant=waits_for_an_event(item, frame),
            due_on=row.deadline_on,
        )
    )


def sealed_items(session: Session, document_id: int) -> tuple[SealedRow, ...]:
    """Return the digests of a document's items as they are entered."""
    session.flush()
    wanted = select(ItemRow).where(col(ItemRow.document_id) == document_id).order_by(col(ItemRow.id))
    items = {_id(row): row for row in session.scalars(wanted)}
    demands = demand_digests(session, items)
    return tuple(SealedRow(id=id_, sha256=row_digest(row), demands=demands[id_]) for id_, row in items.items())


def _item_row(reading: Reading, item: Item, *, document_id: int) -> ItemRow:
    note_start, note_end = item.responsibility_span or (None, None)
    deadline = item.deadline
    return ItemRow(
        document_id=document_id,
        code=item.code,
        label=item.label,
        kind=item.kind.value,
        title=item.title,
        text=reading.item_text(item),
        start_at=item.span[0],
        end_at=item.span[1],
        responsibility=item.responsibility,
        responsibility_start_at=note_start,
        responsibility_end_at=note_end,
        lead_basis=item.lead_basis.value,
        deadline_on=deadline.on if deadline else None,
        deadline_basis=deadline.basis.value if deadline else None,
        deadline_quote=deadline.quote if deadline else None,
        deadline_bearer=(deadline.bound if deadline else LEAD_BOUND).bearer.value,
        outlives=item.outlives,
        level=item.level,
        scoring=item.scoring,
        note=item.note,
    )


def enter_units(session: Session, item: Item, *, item_id: int, units: dict[str, int]) -> None:
    """Enter the units and groups that an item names, and the leads that the office assigned."""
    named = [
        *((UnitRole.LEAD, n, unit.printed, unit.code, None) for n, unit in enumerate(item.leads)),
        *((UnitRole.SUPPORT, n, unit.printed, unit.code, None) for n, unit in enumerate(item.supports)),
        *(
            (UnitRole.ASSIGNED_LEAD, n, lead.printed, lead.code, lead.reason)
            for n, lead in enumerate(item.assigned_leads)
        ),
    ]
    for role, position, printed, code, reason in named:
        session.add(
            ItemUnitRow(
                item_id=item_id,
                role=role.value,
                position=position,
                printed=printed,
                unit_id=units[code],
                reason=reason,
            )
        )
    for position, group in enumerate(item.groups):
        row = ItemGroupRow(
            item_id=item_id, position=position, printed=group.printed, inherited_from=group.inherited_from
        )
        session.add(row)
        session.flush()
        for unit_id in dict.fromkeys(units[code] for code in group.member_codes):  # two may have become one
            session.add(ItemGroupMemberRow(item_group_id=_id(row), unit_id=unit_id))


def _enter_demands(session: Session, item: Item, *, item_id: int, units: dict[str, int], frame: DocumentFrame) -> None:
    cadences, evidence = with_defaults(item, frame)
    for position, cadence in enumerate(cadences):
        session.add(cadence_row(cadence, item_id=item_id, position=position, units=units))
    for position, target in enumerate(item.targets):
        session.add(target_row(target, item_id=item_id, position=position))
    for position, demand in enumerate(evidence):
        session.add(evidence_row(demand, item_id=item_id, position=position))
    enter_bearers(session, item, cadences, evidence, item_id=item_id, units=units)


def cadence_row(cadence: Cadence, *, item_id: int, position: int, units: dict[str, int]) -> ItemCadenceRow:
    """Return a rhythm as a row; an addressee that the registry does not know stays in words."""
    addressee = cadence.addressee
    return ItemCadenceRow(
        item_id=item_id,
        position=position,
        kind=cadence.kind.value,
        n=cadence.n,
        basis=cadence.basis.value,
        quote=cadence.quote,
        bearer=cadence.bound.bearer.value,
        addressee=addressee.printed if addressee else None,
        addressee_unit_id=units[addressee.unit_code] if addressee and addressee.unit_code else None,
    )


def target_row(target: Target, *, item_id: int, position: int) -> ItemTargetRow:
    """Return a number to be reached as a row."""
    return ItemTargetRow(
        item_id=item_id,
        position=position,
        metric=target.metric,
        op=target.op,
        value=target.value,
        unit=target.unit,
        per=target.per,
        quote=target.quote,
        measure=target.measure.value if target.measure else None,
        bearer=target.bound.bearer.value,
    )


def evidence_row(demand: EvidenceRequirement, *, item_id: int, position: int) -> ItemEvidenceRow:
    """Return what is to be made or handed in as a row."""
    return ItemEvidenceRow(
        item_id=item_id,
        position=position,
        what=demand.what,
        basis=demand.basis.value,
        quote=demand.quote,
        form=demand.form,
        mandatory=demand.mandatory,
        per=demand.per,
        bearer=demand.bound.bearer.value,
    )


def enter_bearers(
    session: Session,
    item: Item,
    cadences: Sequence[Cadence],
    evidence: Sequence[EvidenceRequirement],
    *,
    item_id: int,
    units: dict[str, int],
) -> None:
    """Enter the units that each demand names itself; the place of a demand is its place among its kind."""
    demands: list[tuple[DemandKind, int, Bound]] = [
        *((DemandKind.CADENCE, n, cadence.bound) for n, cadence in enumerate(cadences)),
        *((DemandKind.TARGET, n, target.bound) for n, target in enumerate(item.targets)),
        *((DemandKind.EVIDENCE, n, demand.bound) for n, demand in enumerate(evidence)),
    ]
    if item.deadline is not None:
        demands.append((DemandKind.DEADLINE, 0, item.deadline.bound))
    for kind, position, bound in demands:
        _enter_named(session, bound, kind, position, item_id=item_id, units=units)


def _enter_named(
    session: Session, bound: Bound, demand: DemandKind, position: int, *, item_id: int, units: dict[str, int]
) -> None:
    for named in bound.named:
        known: list[int | None] = [units[code] for code in named.unit_codes]
        for unit_id in known or [None]:
            session.add(
                ItemBearerRow(
                    item_id=item_id,
                    demand=demand.value,
                    demand_position=position,
                    printed=named.printed,
                    unit_id=unit_id,
                )
            )


def _id(row: ItemRow | ItemGroupRow) -> int:
    assert row.id is not None
    return row.id
