"""Praise and criticism by name on a paper's way: served before, answered for by those of the edition it corrects."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.calendar import local_day
from tracker.domain.circulars.content import Content
from tracker.domain.circulars.proposals import Proposal
from tracker.domain.events.namings import NamingEnded, NamingLeftOut, NamingServed
from tracker.domain.namings import NamingNotServed, NamingState, check_may_name
from tracker.store import event_log
from tracker.store.queries.circulars import chain_of
from tracker.store.queries.namings import keys_of
from tracker.store.queries.units import unit_names
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.namings import NamingRow


def serve_naming(
    session: Session,
    row: CircularRow,
    proposal: Proposal,
    *,
    unit_id: int,
    words: str,
    answer_by: date,
    actor: Actor,
    at: datetime,
) -> None:
    """Tell a unit what a draft would say of it. Records NamingServed."""
    naming = NamingRow(
        circular_id=row.id or 0,
        unit_id=unit_id,
        act=proposal.act.value,
        key=proposal.key,
        words=words,
        served_at=at,
        answer_by=answer_by,
    )
    session.add(naming)
    session.flush()
    event = NamingServed(
        unit_id=unit_id,
        naming_id=naming.id or 0,
        circular_id=naming.circular_id,
        act=naming.act,
        proposal=naming.key,
        words=words,
        answer_by=answer_by,
    )
    event_log.record(session, event, actor=actor, at=at)


def leave_out_objected(session: Session, row: CircularRow, key: str, *, actor: Actor, at: datetime) -> None:
    """Tell a unit that objected that its naming was taken out of the draft. Records NamingLeftOut."""
    naming = served_by_key(session, row, [key]).get(key)
    if naming is not None and naming.state == NamingState.OBJECTED.value:
        _left_out(session, row, naming, issued=False, actor=actor, at=at)


def tell_left_out(session: Session, row: CircularRow, *, actor: Actor, at: datetime) -> None:
    """Tell whom a paper that is issued does not name: what was served for it, or stood in the one that it corrects.

    Records NamingLeftOut for each; to be asked before `end_namings`.
    """
    said = set(keys_of(row))
    corrected = session.get(CircularRow, row.replaces_id) if row.replaces_id is not None else None
    before = set(keys_of(corrected)) if corrected is not None else set()
    own = select(col(NamingRow.key)).where(col(NamingRow.circular_id) == row.id)
    for naming in served_by_key(session, row, ({*session.scalars(own)} | before) - said).values():
        _left_out(session, row, naming, issued=True, actor=actor, at=at)


def _left_out(
    session: Session, row: CircularRow, naming: NamingRow, *, issued: bool, actor: Actor, at: datetime
) -> None:
    event = NamingLeftOut(unit_id=naming.unit_id, naming_id=naming.id or 0, circular_id=row.id or 0, issued=issued)
    event_log.record(session, event, actor=actor, at=at)


def end_namings(
    session: Session, *, circular_id: int, issued: bool, actor: Actor, at: datetime, redrafted: bool = False
) -> None:
    """Ask for no answer any more: of a paper that is issued where none came, of one that is put away of anybody.

    `redrafted` where it is put away for one that is made anew. Records NamingEnded for each.
    """
    over = [NamingState.SERVED.value] if issued else [one.value for one in NamingState if one is not NamingState.ENDED]
    wanted = select(NamingRow).where(col(NamingRow.circular_id) == circular_id, col(NamingRow.state).in_(over))
    for row in session.scalars(wanted.order_by(col(NamingRow.id)).with_for_update()):
        row.state = NamingState.ENDED.value
        event = NamingEnded(
            unit_id=row.unit_id, naming_id=row.id or 0, circular_id=circular_id, issued=issued, redrafted=redrafted
        )
        event_log.record(session, event, actor=actor, at=at)


def check_namings(session: Session, row: CircularRow, content: Content | None, *, at: datetime) -> None:
    """Refuse a paper on its way out that names a unit before it had its say, or against its objection without a word.

    A correction answers for what was served for the edition that it corrects: its figures are the same. Raises
    NamingNotServed, NamingTooEarly, NamingObjected.
    """
    keys = keys_of(row)
    if not keys:
        return
    served = served_by_key(session, row, keys)
    names = unit_names(session, {naming.unit_id for naming in served.values()})
    told = {one.key: one.unit for one in content.proposals} if content is not None else {}
    for key in keys:
        naming = served.get(key)
        if naming is None or (content is not None and naming.words != content.figures[key].words):
            raise NamingNotServed(unit=told.get(key, ""))
        check_may_name(
            NamingState(naming.state),
            unit=names[naming.unit_id],
            answer_by=naming.answer_by,
            kept=naming.kept_because is not None,
            today=local_day(at),
        )


def served_by_key(session: Session, row: CircularRow, keys: Collection[str]) -> dict[str, NamingRow]:
    """Return what was served under some keys for an edition or those that it corrects, locked; the newest of a key.

    What an issue cut off before its days were over counts for nothing: the unit could not answer it any more.
    """
    papers = {id_: session.get_one(CircularRow, id_) for id_ in chain_of(session, row)}
    wanted = select(NamingRow).where(col(NamingRow.circular_id).in_(papers), col(NamingRow.key).in_(keys))
    rows = session.scalars(wanted.order_by(col(NamingRow.id)).with_for_update())
    return {naming.key: naming for naming in rows if not _was_cut_off(naming, papers[naming.circular_id])}


def _was_cut_off(naming: NamingRow, paper: CircularRow) -> bool:
    ended = naming.state == NamingState.ENDED.value and paper.issued_at is not None
    return ended and paper.issued_at is not None and local_day(paper.issued_at) <= naming.answer_by
