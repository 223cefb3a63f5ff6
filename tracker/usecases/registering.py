"""Units and documents are entered and approved; what is entered already stays as it is."""

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.errors import Rejected
from tracker.domain.events.documents import DocumentApproved, DocumentRegistered
from tracker.domain.events.drafts import DraftApproved
from tracker.domain.filings import check_reason
from tracker.domain.items import SpanRole
from tracker.domain.lifecycle import TaskAction, TaskState, advance_task
from tracker.domain.readings.checking import check_reading
from tracker.domain.readings.frames import frame_of
from tracker.domain.readings.obstacles import registrable
from tracker.domain.readings.reading import Reading
from tracker.domain.units import Unit, UnitRegistry
from tracker.steps.drafts import open_draft
from tracker.steps.entering import enter_item, sealed_items
from tracker.steps.superseding import supersede
from tracker.steps.tasking import tasks_of
from tracker.steps.telling_units import tell_units
from tracker.store import event_log
from tracker.store.queries.units import present_ids
from tracker.store.row_digests import row_digest
from tracker.store.tables.documents import (
    DocumentRow,
    DocumentSpanRow,
    ItemRow,
)
from tracker.store.tables.drafts import DraftState, read_content
from tracker.store.tables.units import UnitAliasRow, UnitRow


class Unclassified(Rejected):
    """Part of the document's text belongs to no item and no named background; facts: number, start, words."""

    code = "unclassified"


def register_units(session: Session, registry: UnitRegistry, *, at: datetime) -> int:
    """Enter the units that are not entered yet, with their aliases and keepers; return how many were new.

    Records UnitsEntered.
    """
    known = set(session.scalars(select(col(UnitRow.code))))
    new = [unit for unit in registry.units if unit.code not in known]
    rows = []
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
        rows.append(row)
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
    tell_units(session, rows, at=at)
    return len(new)


def tell_known_units(session: Session, *, at: datetime) -> int:
    """Tell the log once of the units that were entered before it was told of any; return how many.

    Records UnitsEntered.
    """
    return tell_units(session, at=at)


def _enter_keepers(session: Session, kept: Sequence[Unit]) -> None:
    """Say who keeps the new groups; a keeper may have been entered after its group."""
    rows = {row.code: row for row in session.scalars(select(UnitRow))} if kept else {}
    for unit in kept:
        rows[unit.code].kept_by_unit_id = _id(rows[unit.kept_by or ""])


def register_document(session: Session, reading: Reading, *, actor: Actor, at: datetime) -> bool:
    """Enter a read document with its items, each as a proposed task; False where its number is entered already.

    Records DocumentRegistered. Raises Unclassified, and what `check_reading` raises.
    """
    if session.scalars(select(col(DocumentRow.id)).where(col(DocumentRow.number) == reading.number)).first():
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
        ends_on=reading.plan_end.on,
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
    event = DocumentRegistered(
        document_id=document_id,
        number=reading.number,
        text_sha256=digest,
        items=len(reading.items),
        sealed=row_digest(document),
        sealed_items=sealed_items(session, document_id),
    )
    event_log.record(session, event, actor=actor, at=at)
    return True


def _refuse_unclassified(reading: Reading) -> None:
    for span in reading.cover():
        if span.role is SpanRole.UNCLASSIFIED:
            words = reading.text[span.start : span.end][:30]
            raise Unclassified(number=reading.number, start=span.start, words=words)


def _id(row: DocumentRow | UnitRow) -> int:
    assert row.id is not None
    return row.id


def approve_document(session: Session, *, number: str, basis: str, actor: Actor, at: datetime) -> int:
    """Approve every proposed task of a document; return how many.

    Source: 国务院令第733号 第十一条 (the approver and the basis are on record). Records DocumentApproved.
    Raises NotYourTask, ReasonRequired, NotRegistered, NothingToDo.
    """
    require_role(actor, Role.SUPERVISOR, act="approve")
    document, tasks = tasks_of(session, number=number, state=TaskState.PROPOSED)
    for task in tasks:
        task.state = advance_task(TaskState(task.state), TaskAction.APPROVE).value
    event = DocumentApproved(document_id=document, tasks=len(tasks), basis=check_reason(basis))
    event_log.record(session, event, actor=actor, at=at)
    return len(tasks)


_ASSIGNED_BECAUSE = "原文未列牵头单位，督查室拟定"


class SecondPersonNeeded(Rejected):
    """Whoever uploaded or corrected a draft may not approve it."""

    code = "second_person_needed"


class NumberTaken(Rejected):
    """A document of this number is registered; facts: number."""

    code = "number_taken"


def approve_draft(
    session: Session,
    *,
    draft_id: int,
    version: int,
    basis: str,
    registry: UnitRegistry,
    actor: Actor,
    at: datetime,
) -> int:
    """Register the document and approve its tasks 「立项」; return the document's id.

    Source: 国务院令第733号 第十一条 (approver and basis on record). Records DocumentRegistered, DocumentApproved and
    DraftApproved. Raises NotFound, DraftClosed, Stale, SecondPersonNeeded, NumberTaken, NothingToSupersede,
    SupersededAlready, DraftIncomplete and ReasonRequired.
    """
    require_role(actor, Role.SUPERVISOR, act="approve")
    row = open_draft(session, draft_id=draft_id, version=version)
    if actor.persons & set(row.hands):
        raise SecondPersonNeeded()
    basis = check_reason(basis)
    draft = read_content(row.content)
    prefix = _code_prefix(session, draft)
    reading = registrable(draft, registry, code_prefix=prefix, assigned_because=_ASSIGNED_BECAUSE)
    if not register_document(session, reading, actor=actor, at=at):
        raise NumberTaken(number=reading.number)
    session.flush()
    document_id = session.scalars(select(col(DocumentRow.id)).where(col(DocumentRow.number) == reading.number)).one()
    assert document_id is not None
    approve_document(session, number=reading.number, basis=basis, actor=actor, at=at)
    if draft.replaces:
        session.flush()
        supersede(session, number=draft.replaces, by_document_id=document_id, actor=actor, at=at)
    row.state, row.document_id = DraftState.APPROVED.value, document_id
    event = DraftApproved(draft_id=draft_id, document_id=document_id, basis=basis)
    event_log.record(session, event, actor=actor, at=at)
    return document_id


def _code_prefix(session: Session, draft: Reading) -> str:
    """Take the running number of the document; with its year, and a letter, where that is taken."""
    digits: list[str] = re.findall(r"\d+", draft.number) or ["0"]
    number, year = digits[-1], digits[0]
    wanted = [number, f"{year}-{number}", *(f"{year}-{number}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")]
    for prefix in wanted:
        taken = select(col(ItemRow.id)).where(col(ItemRow.code).startswith(f"{prefix}-0", autoescape=True))
        if session.scalars(taken).first() is None:
            return prefix
    raise NumberTaken(number=draft.number)
