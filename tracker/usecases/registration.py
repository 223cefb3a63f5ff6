"""Enter units and read documents; what is entered already stays as it is."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from tracker.domain.accounts import Actor
from tracker.domain.coverage import cover
from tracker.domain.demands import frame_of
from tracker.domain.errors import Rejected
from tracker.domain.events import DocumentRegistered
from tracker.domain.items import SpanRole
from tracker.domain.readings import Reading, check_reading
from tracker.domain.units import Unit, UnitRegistry
from tracker.store import event_log
from tracker.store.queries.units import present_ids
from tracker.store.tables.documents import DocumentRow, DocumentSpanRow
from tracker.store.tables.units import UnitAliasRow, UnitRow
from tracker.usecases.entering import enter_item


class Unclassified(Rejected):
    """Part of the document's text belongs to no item and no named background; facts: number, start, words."""

    code = "unclassified"


def register_units(session: Session, registry: UnitRegistry) -> int:
    """Enter the units that are not entered yet, with their aliases and keepers; return how many were new."""
    known = set(session.exec(select(UnitRow.code)))
    new = [unit for unit in registry.units if unit.code not in known]
    for unit in new:
        row = UnitRow(
            code=unit.code,
            full_name=unit.full_name,
            short_name=unit.short_name,
            kind=unit.kind.value,
            official_order=unit.order,
            tasked=unit.tasked,
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
    _enter_keepers(session, [unit for unit in new if unit.kept_by is not None])
    return len(new)


def _enter_keepers(session: Session, kept: Sequence[Unit]) -> None:
    """Say who keeps the new groups; a keeper may have been entered after its group."""
    rows = {row.code: row for row in session.exec(select(UnitRow))} if kept else {}
    for unit in kept:
        rows[unit.code].kept_by_unit_id = _id(rows[unit.kept_by or ""])


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
        ends_on=reading.ends_on,
        filing_on=reading.filing_on,
        text=reading.text,
        text_sha256=digest,
        origin=reading.origin.value,
    )
    session.add(document)
    session.flush()
    document_id = _id(document)
    for span in reading.declared:
        session.add(
            DocumentSpanRow(document_id=document_id, start_at=span.start, end_at=span.end, role=span.role.value)
        )
    units = present_ids(session)
    for item in reading.items:
        enter_item(session, reading, item, document_id=document_id, units=units, frame=frame_of(reading))
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


def _id(row: DocumentRow | UnitRow) -> int:
    assert row.id is not None
    return row.id
