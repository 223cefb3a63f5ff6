"""Break a document down 「文件拆解」: upload, correct, approve by a second person. Every correction is an event."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.drafts import Draft, to_reading
from tracker.domain.errors import NotFound, Rejected, Stale
from tracker.domain.events import DraftApproved, DraftCorrected, DraftDiscarded, DraftUploaded, UnitRegistered
from tracker.domain.filings import check_reason
from tracker.domain.units import UnitKind, UnitRegistry
from tracker.store import event_log
from tracker.store.queries.unit_names import lock_names
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.drafts import DraftRow, DraftState
from tracker.store.tables.units import UnitAliasRow, UnitRow
from tracker.usecases.issuing import approve_document
from tracker.usecases.registration import register_document
from tracker.usecases.superseding import supersede

_DRAFTS = TypeAdapter(Draft)
_ASSIGNED_BECAUSE = "原文未列牵头单位，督查室拟定"
_LONGEST_TRACE = 300


class DraftClosed(Rejected):
    """The draft was approved or discarded already."""

    code = "draft_closed"


class SecondPersonNeeded(Rejected):
    """Whoever uploaded or corrected a draft may not approve it."""

    code = "second_person_needed"


class NumberTaken(Rejected):
    """A document of this number is registered; facts: number."""

    code = "number_taken"


class NameTaken(Rejected):
    """A unit's name stands for a registered unit already; facts: name."""

    code = "name_taken"


def upload_draft(
    session: Session, draft: Draft, *, file_name: str, file_sha256: str, actor: Actor, at: datetime
) -> int:
    """Keep what the intake read of a file; return the draft's id.

    A registered document of the same title under another number is proposed as the one it replaces. Records
    DraftUploaded.
    """
    require_role(actor, Role.SUPERVISOR, act="break_down")
    draft = replace(draft, replaces=_earlier_edition(session, draft))
    row = DraftRow(
        file_name=file_name,
        file_sha256=file_sha256,
        content=_DRAFTS.dump_json(draft).decode(),
        hands=[actor.user_id or 0],
        uploaded_by=actor.name,
        uploaded_at=at,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    event = DraftUploaded(draft_id=row.id, file_name=file_name, file_sha256=file_sha256, items=len(draft.items))
    event_log.record(session, event, actor=actor, at=at)
    return row.id


def read_draft(row: DraftRow) -> Draft:
    return _DRAFTS.validate_json(row.content)


def correct(
    session: Session,
    change: Callable[[Draft], Draft],
    *,
    draft_id: int,
    version: int,
    act: str,
    place: int | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Apply one correction; `place` is the item it concerns, from 0.

    Records DraftCorrected. Raises NotFound, DraftClosed, Stale, and what the change itself refuses.
    """
    require_role(actor, Role.SUPERVISOR, act="break_down")
    row = _open(session, draft_id=draft_id, version=version)
    before = read_draft(row)
    after = change(before)
    row.content = _DRAFTS.dump_json(after).decode()
    row.version += 1
    row.hands = sorted({*row.hands, actor.user_id or 0})
    event = DraftCorrected(
        draft_id=draft_id,
        act=act,
        item=None if place is None else place + 1,
        before=_trace(before, place),
        after=_trace(after, place),
    )
    event_log.record(session, event, actor=actor, at=at)


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
    row = _open(session, draft_id=draft_id, version=version)
    if (actor.user_id or 0) in row.hands:
        raise SecondPersonNeeded()
    basis = check_reason(basis)
    draft = read_draft(row)
    prefix = _code_prefix(session, draft)
    reading = to_reading(draft, registry, code_prefix=prefix, assigned_because=_ASSIGNED_BECAUSE)
    if not register_document(session, reading, actor=actor, at=at):
        raise NumberTaken(number=reading.number)
    session.flush()
    document_id = session.exec(select(DocumentRow.id).where(col(DocumentRow.number) == reading.number)).one()
    assert document_id is not None
    approve_document(session, number=reading.number, basis=basis, actor=actor, at=at)
    if draft.replaces:
        session.flush()
        supersede(session, number=draft.replaces, by_document_id=document_id, actor=actor, at=at)
    row.state, row.document_id = DraftState.APPROVED.value, document_id
    row.version += 1
    event = DraftApproved(draft_id=draft_id, document_id=document_id, basis=basis)
    event_log.record(session, event, actor=actor, at=at)
    return document_id


def _earlier_edition(session: Session, draft: Draft) -> str | None:
    wanted = select(DocumentRow.number).where(
        col(DocumentRow.title) == draft.title, col(DocumentRow.number) != draft.number
    )
    return session.exec(wanted.order_by(col(DocumentRow.id).desc())).first()


def discard_draft(session: Session, *, draft_id: int, version: int, reason: str, actor: Actor, at: datetime) -> None:
    """Put a draft away. Records DraftDiscarded. Raises NotFound, DraftClosed, Stale, ReasonRequired."""
    require_role(actor, Role.SUPERVISOR, act="break_down")
    row = _open(session, draft_id=draft_id, version=version)
    row.state = DraftState.DISCARDED.value
    row.version += 1
    event = DraftDiscarded(draft_id=draft_id, reason=check_reason(reason))
    event_log.record(session, event, actor=actor, at=at)


def register_unit(session: Session, *, name: str, kind: UnitKind, actor: Actor, at: datetime) -> None:
    """Enter a body that a document names and the registry does not know. Records UnitRegistered. Raises NameTaken."""
    require_role(actor, Role.SUPERVISOR, act="break_down")
    _refuse_taken(session, name)
    last = max(session.exec(select(UnitRow.official_order)).all(), default=0)
    code = "u" + hashlib.sha256(name.encode()).hexdigest()[:8]
    session.add(UnitRow(code=code, full_name=name, short_name=name, kind=kind.value, official_order=last + 10))
    event_log.record(session, UnitRegistered(name=name, alias=False), actor=actor, at=at)


def register_alias(session: Session, *, name: str, unit_id: int, actor: Actor, at: datetime) -> None:
    """Enter one more name of a registered unit. Records UnitRegistered. Raises NotFound, NameTaken."""
    require_role(actor, Role.SUPERVISOR, act="break_down")
    if session.get(UnitRow, unit_id) is None:
        raise NotFound()
    _refuse_taken(session, name)
    session.add(UnitAliasRow(unit_id=unit_id, name=name))
    event_log.record(session, UnitRegistered(name=name, alias=True, unit_id=unit_id), actor=actor, at=at)


def _open(session: Session, *, draft_id: int, version: int) -> DraftRow:
    row = session.get(DraftRow, draft_id, with_for_update=True)
    if row is None:
        raise NotFound()
    if row.state != DraftState.OPEN.value:
        raise DraftClosed()
    if row.version != version:
        raise Stale()
    return row


def _refuse_taken(session: Session, name: str) -> None:
    lock_names(session)
    full = select(UnitRow.id).where((col(UnitRow.full_name) == name) | (col(UnitRow.short_name) == name))
    alias = select(UnitAliasRow.id).where(col(UnitAliasRow.name) == name, col(UnitAliasRow.document).is_(None))
    if not name or session.exec(full).first() or session.exec(alias).first():
        raise NameTaken(name=name)


def _code_prefix(session: Session, draft: Draft) -> str:
    """Take the running number of the document; with its year, and a letter, where that is taken."""
    digits: list[str] = re.findall(r"\d+", draft.number) or ["0"]
    number, year = digits[-1], digits[0]
    wanted = [number, f"{year}-{number}", *(f"{year}-{number}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")]
    for prefix in wanted:
        taken = select(ItemRow.id).where(col(ItemRow.code).startswith(f"{prefix}-0", autoescape=True))
        if session.exec(taken).first() is None:
            return prefix
    raise NumberTaken(number=draft.number)


def _trace(draft: Draft, place: int | None) -> str:
    """Write down what a correction concerned, briefly."""
    if place is None or not 0 <= place < len(draft.items):
        days = [day.isoformat() if day else "" for day in (draft.issued_on, draft.expires_on, draft.plan_end.on)]
        return " ".join([draft.number, draft.title, str(len(draft.items)), "/".join(days)])[-_LONGEST_TRACE:]
    item = draft.items[place]
    words = [item.label, item.kind.value, item.title, "、".join(item.leads), "、".join(item.supports)]
    words += ["、".join(item.groups), "、".join(c.kind.value for c in item.cadences)]
    words += [item.deadline.on.isoformat() if item.deadline else "", f"{item.span[0]}-{item.span[1]}"]
    return " | ".join(words)[:_LONGEST_TRACE]
