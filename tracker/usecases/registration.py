"""Enter units and read documents; what is entered already stays as it is."""

import hashlib
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.domain.accounts import Actor
from tracker.domain.coverage import cover
from tracker.domain.defaults import with_defaults
from tracker.domain.errors import Rejected
from tracker.domain.events import DocumentRegistered
from tracker.domain.items import SpanRole, UnitRole, is_dormant
from tracker.domain.lifecycle import TaskAction, TaskState, advance_task
from tracker.domain.readings import Reading, ReadItem, check_reading
from tracker.domain.units import UnitRegistry
from tracker.store import event_log
from tracker.store.tables.documents import (
    DocumentRow,
    DocumentSpanRow,
    ItemCadenceRow,
    ItemEvidenceRow,
    ItemGroupMemberRow,
    ItemGroupRow,
    ItemRow,
    ItemTargetRow,
    ItemUnitRow,
)
from tracker.store.tables.tasks import TaskRow
from tracker.store.tables.units import UnitAliasRow, UnitRow


class Unclassified(Rejected):
    """Part of the document's text belongs to no item and no named background; facts: number, start, words."""

    code = "unclassified"


def register_units(session: Session, registry: UnitRegistry) -> int:
    """Enter the units that are not entered yet, with their aliases; return how many were new."""
    known = set(session.exec(select(UnitRow.code)))
    new = [unit for unit in registry.units if unit.code not in known]
    for unit in new:
        row = UnitRow(
            code=unit.code,
            full_name=unit.full_name,
            short_name=unit.short_name,
            kind=unit.kind.value,
            official_order=unit.order,
        )
        session.add(row)
        session.flush()
        for alias in unit.aliases:
            session.add(
                UnitAliasRow(
                    unit_id=_id(row),
                    name=alias.name,
                    valid_from=alias.valid_from,
                    valid_to=alias.valid_to,
                    document=alias.document,
                    note=alias.note,
                )
            )
    return len(new)


def register_document(session: Session, reading: Reading, *, actor: Actor, at: datetime) -> bool:
    """Enter a read document with its items, each as a proposed task; False where its number is entered already.

    Records DocumentRegistered. Raises Unclassified, and what `check_reading` raises.
    """
    if session.exec(select(DocumentRow.id).where(col(DocumentRow.number) == reading.number)).first():
        return False
    check_reading(reading)
    _refuse_unclassified(reading)
    digest = hashlib.sha256(reading.text.encode()).hexdigest()
    document = DocumentRow(
        number=reading.number,
        title=reading.title,
        issuer=reading.issuer,
        issued_on=reading.issued_on,
        effective_on=reading.effective_on,
        expires_on=reading.expires_on,
        text=reading.text,
        text_sha256=digest,
    )
    session.add(document)
    session.flush()
    document_id = _id(document)
    for span in reading.declared:
        session.add(
            DocumentSpanRow(document_id=document_id, start_at=span.start, end_at=span.end, role=span.role.value)
        )
    units = {row.code: _id(row) for row in session.exec(select(UnitRow))}
    for item in reading.items:
        _enter_item(session, reading, item, document_id=document_id, units=units)
    event_log.record(
        session,
        DocumentRegistered(
            document_id=document_id, number=reading.number, text_sha256=digest, items=len(reading.items)
        ),
        actor=actor,
        at=at,
    )
    return True


def _refuse_unclassified(reading: Reading) -> None:
    for span in cover(reading.text, reading.item_spans(), reading.declared):
        if span.role is SpanRole.UNCLASSIFIED:
            words = reading.text[span.start : span.end][:30]
            raise Unclassified(number=reading.number, start=span.start, words=words)


def _enter_item(session: Session, reading: Reading, item: ReadItem, *, document_id: int, units: dict[str, int]) -> None:
    note_start, note_end = item.responsibility_span or (None, None)
    deadline = item.deadline
    row = ItemRow(
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
        level=item.level,
        scoring=item.scoring,
        note=item.note,
    )
    session.add(row)
    session.flush()
    _enter_units(session, item, item_id=_id(row), units=units)
    _enter_demands(session, item, item_id=_id(row))
    state = advance_task(TaskState.REGISTERED, TaskAction.PROPOSE)
    kinds = frozenset(cadence.kind for cadence in item.cadences)
    session.add(
        TaskRow(
            item_id=_id(row),
            document_id=document_id,
            state=state.value,
            dormant=is_dormant(item.kind, kinds),
            due_on=row.deadline_on,
        )
    )


def _enter_units(session: Session, item: ReadItem, *, item_id: int, units: dict[str, int]) -> None:
    named = [
        *((UnitRole.LEAD, n, unit.printed, unit.unit_code, None) for n, unit in enumerate(item.leads)),
        *((UnitRole.SUPPORT, n, unit.printed, unit.unit_code, None) for n, unit in enumerate(item.supports)),
        *(
            (UnitRole.ASSIGNED_LEAD, n, lead.printed, lead.unit_code, lead.reason)
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
        for code in group.member_codes:
            session.add(ItemGroupMemberRow(item_group_id=_id(row), unit_id=units[code]))


def _enter_demands(session: Session, item: ReadItem, *, item_id: int) -> None:
    cadences, evidence = with_defaults(item)
    for position, cadence in enumerate(cadences):
        session.add(
            ItemCadenceRow(
                item_id=item_id,
                position=position,
                kind=cadence.kind.value,
                n=cadence.n,
                basis=cadence.basis.value,
                quote=cadence.quote,
            )
        )
    for position, target in enumerate(item.targets):
        session.add(
            ItemTargetRow(
                item_id=item_id,
                position=position,
                metric=target.metric,
                op=target.op,
                value=target.value,
                unit=target.unit,
                per=target.per,
                quote=target.quote,
            )
        )
    for position, demand in enumerate(evidence):
        session.add(
            ItemEvidenceRow(
                item_id=item_id,
                position=position,
                what=demand.what,
                basis=demand.basis.value,
                quote=demand.quote,
                form=demand.form,
                mandatory=demand.mandatory,
                per=demand.per,
            )
        )


def _id(row: DocumentRow | ItemRow | ItemGroupRow | UnitRow) -> int:
    assert row.id is not None
    return row.id
