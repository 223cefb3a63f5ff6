"""Break a document down 「文件拆解」: upload, correct, approve by a second person. Every correction is an event."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.events.drafts import DraftDiscarded, DraftUploaded
from tracker.domain.events.units import UnitRegistered
from tracker.domain.filings import check_reason
from tracker.domain.readings.reading import Reading
from tracker.domain.units import NameTaken, UnitKind
from tracker.steps.drafts import Correction, keep_corrections, open_draft
from tracker.steps.lessons import count_lessons, refuse_taught
from tracker.steps.telling_units import entered_unit
from tracker.store import event_log
from tracker.store.queries.unit_names import held_name, lock_names
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.drafts import DraftRow, DraftState, content_of, read_content
from tracker.store.tables.units import UnitAliasRow, UnitRow


class DraftedAlready(Rejected):
    """The same was uploaded or entered already and nobody has worked on it: it was sent twice."""

    code = "drafted_already"


def upload_draft(
    session: Session, draft: Reading, *, file_name: str, file_sha256: str, actor: Actor, at: datetime
) -> int:
    """Keep what the intake read of a file; return the draft's id.

    A registered document of the same title under another number is proposed as the one it replaces. Records
    DraftUploaded. Raises DraftedAlready at the end of the transaction.
    """
    require_role(actor, Role.SUPERVISOR, act="break_down")
    draft = replace(draft, replaces=_earlier_edition(session, draft))
    row = DraftRow(
        file_name=file_name,
        file_sha256=file_sha256,
        content=content_of(draft),
        hands=sorted(actor.persons),
        uploaded_by=actor.name,
        uploaded_at=at,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    _check_not_drafted(session, row)
    event = DraftUploaded(
        draft_id=row.id,
        file_name=file_name,
        file_sha256=file_sha256,
        items=len(draft.items),
        lessons=count_lessons(session, draft),
    )
    event_log.record(session, event, actor=actor, at=at)
    return row.id


def _check_not_drafted(session: Session, row: DraftRow) -> None:
    """Refuse what was sent twice, be it at the same moment. Raises DraftedAlready."""
    same = select(col(DraftRow.id)).where(
        col(DraftRow.id) != row.id,
        col(DraftRow.state) == DraftState.OPEN.value,
        col(DraftRow.file_sha256) == row.file_sha256,
        col(DraftRow.file_name) == row.file_name,
        col(DraftRow.content) == row.content,
    )

    def check() -> None:
        if session.scalars(same).first() is not None:
            raise DraftedAlready()

    event_log.check_last(session, check)


def correct(
    session: Session,
    change: Callable[[Reading], Reading],
    *,
    draft_id: int,
    version: int,
    act: str,
    place: int | None = None,
    about: str = "",
    actor: Actor,
    at: datetime,
) -> bool:
    """Apply one correction; `place` is the item it concerns, from 0, `about` what the log is told besides.

    Records DraftCorrected; where nothing changes, nothing is written, and False returned.
    Raises NotFound, DraftClosed, Stale, and what the change itself refuses.
    """
    require_role(actor, Role.SUPERVISOR, act="break_down")
    row = open_draft(session, draft_id=draft_id, version=version)
    before = read_content(row.content)
    after = change(before)
    if after == before:
        return False
    step = Correction(before=before, after=after, place=place, about=about)
    keep_corrections(session, row, [step], act=act, actor=actor, at=at)
    return True


def _earlier_edition(session: Session, draft: Reading) -> str | None:
    wanted = select(col(DocumentRow.number)).where(
        col(DocumentRow.title) == draft.title, col(DocumentRow.number) != draft.number
    )
    return session.scalars(wanted.order_by(col(DocumentRow.id).desc())).first()


def discard_draft(session: Session, *, draft_id: int, version: int, reason: str, actor: Actor, at: datetime) -> None:
    """Put a draft away. Records DraftDiscarded. Raises NotFound, DraftClosed, Stale, ReasonRequired."""
    require_role(actor, Role.SUPERVISOR, act="break_down")
    row = open_draft(session, draft_id=draft_id, version=version)
    row.state = DraftState.DISCARDED.value
    event = DraftDiscarded(draft_id=draft_id, reason=check_reason(reason))
    event_log.record(session, event, actor=actor, at=at)


def register_unit(session: Session, *, name: str, kind: UnitKind, actor: Actor, at: datetime) -> None:
    """Enter a body that a document names and the registry does not know. Records UnitRegistered.

    Raises NameTaken, NameTaught.
    """
    require_role(actor, Role.SUPERVISOR, act="break_down")
    _refuse_taken(session, name)
    last = max(session.scalars(select(col(UnitRow.official_order))).all(), default=0)
    code = "u" + hashlib.sha256(name.encode()).hexdigest()[:8]
    unit = UnitRow(code=code, full_name=name, short_name=name, kind=kind.value, official_order=last + 10)
    session.add(unit)
    session.flush()
    event = UnitRegistered(name=name, alias=False, entered=(entered_unit(unit),))
    event_log.record(session, event, actor=actor, at=at)


def register_alias(session: Session, *, name: str, unit_id: int, actor: Actor, at: datetime) -> None:
    """Enter one more name of a registered unit. Records UnitRegistered.

    Raises NotFound, NameTaken, NameTaught.
    """
    require_role(actor, Role.SUPERVISOR, act="break_down")
    if session.get(UnitRow, unit_id) is None:
        raise NotFound()
    _refuse_taken(session, name)
    session.add(UnitAliasRow(unit_id=unit_id, name=name))
    event_log.record(session, UnitRegistered(name=name, alias=True, unit_id=unit_id), actor=actor, at=at)


def _refuse_taken(session: Session, name: str) -> None:
    lock_names(session)
    if not name or held_name(session, [name]) is not None:
        raise NameTaken(name=name)
    refuse_taught(session, [name])
