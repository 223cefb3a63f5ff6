"""The office serves praise and criticism on whom a draft would name; the unit answers, the office decides."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import WorkdayCalendar, local_day
from tracker.domain.circulars.content import Content, tokens
from tracker.domain.circulars.editions import EditionRefused, EditionState, TextAct
from tracker.domain.circulars.paragraphs import Paragraph, ending_chapter, paragraphs
from tracker.domain.circulars.proposals import CHAPTERS, Proposal
from tracker.domain.errors import NotFound, Stale
from tracker.domain.events.namings import NamingAnswered, NamingKept
from tracker.domain.filings import check_reason
from tracker.domain.namings import (
    NamingIncludedAlready,
    NamingServedAlready,
    NamingState,
    NoNamingToAnswer,
    NoObjectionToKeep,
    NoSuchProposal,
    NothingToServe,
    answer_day,
    check_naming_answer,
)
from tracker.steps.blame_that_holds import check_praise
from tracker.steps.editions import changed, refuse_overtaken
from tracker.steps.naming_units import leave_out_objected, serve_naming, served_by_key
from tracker.store import event_log
from tracker.store.queries.circulars import find_edition
from tracker.store.queries.namings import has_head
from tracker.store.queries.units import units_named, units_read_for
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.namings import NamingRow
from tracker.wording.papers import paper_said


def serve_namings(
    session: Session,
    *,
    circular_id: int,
    version: int,
    keys: Sequence[str],
    content: Content,
    calendar: WorkdayCalendar,
    actor: Actor,
    at: datetime,
) -> None:
    """Tell each unit what a draft would say of it, word for word, to be answered within two full working days.

    Not of a draft that can go out no more. Records NamingServed for each. Raises NotFound, Stale, EditionRefused,
    NothingToServe, NoSuchProposal, NamingServedAlready, PraiseOvertaken, at the transaction's end ExcusedSince,
    SpanToldOtherwise.
    """
    row = _draft(session, circular_id, version, actor)
    refuse_overtaken(session, row)
    if not keys:
        raise NothingToServe()
    served, answer_by = served_by_key(session, row, keys), answer_day(local_day(at), calendar)
    own = select(NamingRow).where(col(NamingRow.circular_id) == circular_id)
    told = {(one.unit_id, one.act) for one in session.scalars(own)}
    for key in dict.fromkeys(keys):
        proposal = _proposal(content, key)
        if key in served:
            raise NamingServedAlready(unit=proposal.unit)
        found = units_named(session, [proposal.unit])
        if len(found) != 1:
            raise NoSuchProposal(words=proposal.unit)
        if (found[0], proposal.act.value) in told:  # another unit's, which went up in this one
            raise NamingServedAlready(unit=proposal.unit)
        told.add((found[0], proposal.act.value))
        check_praise(session, proposal, unit_id=found[0], at=at)
        words = content.figures[key].words
        serve_naming(session, row, proposal, unit_id=found[0], words=words, answer_by=answer_by, actor=actor, at=at)


def answer_naming(
    session: Session,
    *,
    naming_id: int,
    agrees: bool,
    words: str,
    actor: Actor,
    at: datetime,
    version: int | None = None,
) -> None:
    """Agree to what would be said of the unit, or object and say why, as long as the paper is a draft.

    A liaison answers once, and where the unit has a head agreeing is a proposal that waives no day. The head may
    answer, and object, until the days are over, whatever was answered before: that is the unit's word then, and what
    the office said to an earlier answer is taken back. `version` is that of what the page showed.

    Records NamingAnswered. Raises NotYourTask, NotFound, Stale, NoNamingToAnswer, ReasonRequired, ReasonTooLong.
    """
    require_role(actor, Role.LIAISON, Role.UNIT_HEAD, act="answer_naming")
    wanted = select(NamingRow).where(
        col(NamingRow.id) == naming_id, col(NamingRow.unit_id).in_(units_read_for(session, actor.unit_id))
    )
    circular_id = session.scalars(wanted.with_only_columns(col(NamingRow.circular_id))).first()
    if circular_id is None:
        raise NotFound()
    paper = session.get_one(CircularRow, circular_id, with_for_update=True)  # before its namings, as whoever submits it
    row = session.scalars(wanted.with_for_update()).one()
    if version is not None and version != row.version:
        raise Stale()
    said = check_naming_answer(words, agrees=agrees)
    proposed = agrees and actor.role is not Role.UNIT_HEAD and has_head(session, unit_id=row.unit_id)
    state = NamingState.SERVED if proposed else NamingState.AGREED if agrees else NamingState.OBJECTED
    is_over = row.state == NamingState.ENDED.value or paper.state != EditionState.DRAFT.value
    if is_over or local_day(at) > row.answer_by or _is_answered(row, state, said, actor):
        raise NoNamingToAnswer()
    row.state, row.kept_because, row.kept_by = state.value, None, None
    row.answer, row.answered_by, row.answered_at = said, actor.name, at
    event = NamingAnswered(
        unit_id=row.unit_id,
        naming_id=naming_id,
        circular_id=circular_id,
        agrees=agrees,
        words=said or "",
        proposed=proposed,
    )
    event_log.record(session, event, actor=actor, at=at)


def _is_answered(row: NamingRow, state: NamingState, said: str | None, actor: Actor) -> bool:
    """Tell whether a liaison comes too late, or a head says again what he said."""
    if row.answered_at is None:
        return False
    same = (row.state, row.answer, row.answered_by) == (state.value, said, actor.name)
    return same or actor.role is not Role.UNIT_HEAD


def keep_naming(session: Session, *, naming_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Say why a unit is named in spite of its objection, as long as the paper is a draft.

    Records NamingKept. Raises NotYourTask, NotFound, NoObjectionToKeep, ReasonRequired, ReasonTooLong.
    """
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    wanted = select(col(NamingRow.circular_id)).where(col(NamingRow.id) == naming_id)
    circular_id = session.scalars(wanted).first()
    if circular_id is None:
        raise NotFound()
    paper = session.get_one(CircularRow, circular_id, with_for_update=True)  # before its namings, as above
    row = session.get_one(NamingRow, naming_id, with_for_update=True)
    is_draft = paper.state == EditionState.DRAFT.value
    if row.state != NamingState.OBJECTED.value or row.kept_because is not None or not is_draft:
        raise NoObjectionToKeep()
    row.kept_because, row.kept_by = check_reason(reason), actor.name
    event = NamingKept(unit_id=row.unit_id, naming_id=naming_id, circular_id=row.circular_id, reason=row.kept_because)
    event_log.record(session, event, actor=actor, at=at)


def include_naming(
    session: Session, *, circular_id: int, version: int, key: str, content: Content, actor: Actor, at: datetime
) -> None:
    """Put the sentence of a proposal into a draft, last in the chapter to which it belongs.

    It may stand there before it is served or answered; the paper goes no further until it is. Records CircularChanged.
    Raises NotFound, Stale, EditionRefused, NoSuchProposal, NamingIncludedAlready.
    """
    row, proposal = _draft(session, circular_id, version, actor), _proposal(content, key)
    told = paragraphs(row.statements)
    if any(key in tokens(one.words) for one in told):
        raise NamingIncludedAlready()
    told = ending_chapter(told, CHAPTERS[proposal.act], Paragraph(0, proposal.statement))
    _keep(session, row, told, content, TextAct.INCLUDE_NAMING, actor=actor, at=at)


def leave_out_naming(
    session: Session, *, circular_id: int, version: int, key: str, content: Content, actor: Actor, at: datetime
) -> None:
    """Take the sentence of a proposal out of a draft; what was served and answered stays, who objected hears of it.

    Records CircularChanged, NamingLeftOut. Raises NotFound, Stale, EditionRefused, NoSuchProposal.
    """
    row = _draft(session, circular_id, version, actor)
    before = paragraphs(row.statements)
    told = [one for one in before if key not in tokens(one.words)]
    if len(told) == len(before):
        raise NoSuchProposal(words=key)
    _keep(session, row, told, content, TextAct.LEAVE_OUT_NAMING, actor=actor, at=at)
    leave_out_objected(session, row, key, actor=actor, at=at)


def _draft(session: Session, circular_id: int, version: int, actor: Actor) -> CircularRow:
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    row = find_edition(session, circular_id=circular_id, version=version)
    if row.state != EditionState.DRAFT.value:
        raise EditionRefused(state=row.state, action="edit")
    return row


def _proposal(content: Content, key: str) -> Proposal:
    for one in content.proposals:
        if one.key == key:
            return one
    raise NoSuchProposal(words=key[:20])


def _keep(
    session: Session,
    row: CircularRow,
    told: Sequence[Paragraph],
    content: Content,
    act: TextAct,
    *,
    actor: Actor,
    at: datetime,
) -> None:
    row.statements = [one.kept() for one in told]
    row.said = paper_said(row.type, [content.fill(one.words) for one in told])
    changed(session, row, act, "", actor=actor, at=at)
