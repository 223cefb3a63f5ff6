"""The office issues a paper with other organs 「联合印发」: names them, asks their heads, who countersign 「会签」."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import WorkdayCalendar, local_day
from tracker.domain.circulars.editions import EditionRefused, EditionState, TextAct
from tracker.domain.circulars.issuers import MadeOf
from tracker.domain.circulars.joint import (
    COUNTERSIGN_WORKDAYS,
    AskEnd,
    CoIssuerAlready,
    CoIssuersOfCorrection,
    CoIssuerState,
    CoIssuerWithoutHead,
    CountersignWordsMissing,
    DropCause,
    NobodyToCountersign,
    NothingToCountersign,
    Organ,
    Purpose,
    check_may_co_issue,
    retitled,
)
from tracker.domain.entered import LONGEST_REASON, clean_words
from tracker.domain.errors import NotFound, Stale
from tracker.domain.events.joint import Countersigned
from tracker.domain.filings import ReasonTooLong, check_reason
from tracker.domain.units import UnitKind
from tracker.steps import co_issuers
from tracker.steps.editions import changed
from tracker.steps.issuers_words import say_it_to_others
from tracker.store import event_log
from tracker.store.queries.circulars import find_edition
from tracker.store.queries.co_issuers import issuing_names
from tracker.store.queries.namings import has_head
from tracker.store.queries.units import present_units, units_read_for
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.co_issuers import CoIssuerRow
from tracker.store.tables.units import UnitRow

_S = CoIssuerState
_MAY_ASK = (EditionState.DRAFT.value, EditionState.SUBMITTED.value)


def name_co_issuer(
    session: Session,
    *,
    circular_id: int,
    version: int,
    unit: str,
    host: str,
    kinds: Collection[UnitKind],
    made: MadeOf | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Name a unit, by its full name, as one that issues a draft with the `host`; `kinds` are those of its level.

    A title that begins with the organs names it too; `made` is what the paper was made of: it is addressed and ordered
    no more. What others signed counts no more. Records CoIssuerNamed, CircularChanged, CountersignEnded. Raises
    NotFound, Stale, EditionRefused, CoIssuersOfCorrection, MayNotCoIssue, CoIssuerWithoutHead, CoIssuerAlready,
    OrdersItsIssuers, NamesItsIssuer.
    """
    row = _draft(session, circular_id, version, actor)
    found = session.scalars(select(UnitRow).where(col(UnitRow.full_name) == unit)).first()
    if found is None or found.id is None:
        raise NotFound()
    gone = found.merged_into_unit_id is not None
    check_may_co_issue(unit, UnitKind(found.kind), gone=gone, host=host, addressed=row.unit_name, kinds=kinds)
    if not has_head(session, unit_id=found.id):
        raise CoIssuerWithoutHead(unit=unit)
    organs = co_issuers.standing(session, circular_id, Purpose.ISSUE)
    if any(one.unit_id == found.id for one in organs):
        raise CoIssuerAlready(unit=unit)
    before = _organs(session, organs)
    issued_by = issuing_names(session, circular_id, host=host)
    place = max((one.place for one in organs), default=0) + 1
    co_issuers.name_co_issuer(session, row, unit_id=found.id, name=unit, place=place, actor=actor, at=at)
    row.title = retitled(row.title, host, before=before, now=[*before, (unit, UnitKind(found.kind))])
    say_it_to_others(session, row, made, host=host, before=issued_by)
    changed(session, row, TextAct.JOIN, unit, actor=actor, at=at)


def drop_co_issuer(
    session: Session,
    *,
    co_issuer_id: int,
    version: int,
    reason: str,
    host: str,
    made: MadeOf | None = None,
    actor: Actor,
    at: datetime,
) -> None:
    """Take a unit out of those that issue a draft, with a reason, which it is told where it had the words before it.

    What the paper was made of, `made`, addresses and orders it again.

    Records CoIssuerDropped, CircularChanged, CountersignEnded. Raises NotFound, Stale, EditionRefused,
    CoIssuersOfCorrection, NothingToCountersign, ReasonRequired, ReasonTooLong.
    """
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    paper, one = _found(session, co_issuer_id, None)
    _check_open_to_change(paper)
    if one.version != version:
        raise Stale()
    if one.state == _S.DROPPED.value or one.purpose != Purpose.ISSUE.value:
        raise NothingToCountersign()
    because = check_reason(reason)
    before = _organs(session, co_issuers.standing(session, one.circular_id, Purpose.ISSUE))
    issued_by = issuing_names(session, one.circular_id, host=host)
    co_issuers.drop(session, one, DropCause.DROPPED, reason=because, actor=actor, at=at)
    paper.title = retitled(paper.title, host, before=before, now=[organ for organ in before if organ[0] != one.name])
    session.flush()
    say_it_to_others(session, paper, made, host=host, before=issued_by)
    changed(session, paper, TextAct.PART, one.name, actor=actor, at=at)


def ask_countersigns(
    session: Session, *, circular_id: int, version: int, calendar: WorkdayCalendar, actor: Actor, at: datetime
) -> int:
    """Ask the head of each co-issuer that has not signed the words as they are; return how many.

    Records CountersignAsked for each. Raises NotFound, Stale, CoIssuerChanged, NobodyToCountersign.
    """
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    row = find_edition(session, circular_id=circular_id, version=version)
    organs = co_issuers.standing(session, circular_id, Purpose.ISSUE)
    co_issuers.check_named_today(session, organs)
    digest = co_issuers.text_digest(row, [one.name for one in organs])
    wanted = [one for one in organs if one.state in (_S.NAMED.value, _S.RETURNED.value)]
    if not wanted or row.state not in _MAY_ASK:
        raise NobodyToCountersign()
    answer_by = calendar.add_workdays(local_day(at), COUNTERSIGN_WORKDAYS)
    for one in wanted:
        co_issuers.ask(session, one, digest=digest, answer_by=answer_by, actor=actor, at=at)
    return len(wanted)


def ask_withdrawal(
    session: Session,
    *,
    circular_id: int,
    version: int,
    reason: str,
    calendar: WorkdayCalendar,
    actor: Actor,
    at: datetime,
) -> int:
    """Ask the organs that issued a paper to countersign that it is withdrawn, and why; return how many.

    Records CoIssuerNamed and CountersignAsked. Raises NotFound, Stale, EditionRefused, NobodyToCountersign,
    ReasonRequired, ReasonTooLong.
    """
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    row = find_edition(session, circular_id=circular_id, version=version)
    if row.state != EditionState.ISSUED.value:
        raise EditionRefused(state=row.state, action="withdraw")
    because = check_reason(reason)
    digest = co_issuers.withdrawal_digest(row, because)
    answer_by = calendar.add_workdays(local_day(at), COUNTERSIGN_WORKDAYS)
    asked = {one.unit_id: one for one in co_issuers.standing(session, circular_id, Purpose.WITHDRAWAL)}
    count = 0
    for organ in co_issuers.standing(session, circular_id, Purpose.ISSUE):
        [unit_id] = present_units(session, [organ.unit_id])
        one = asked.get(unit_id)
        if one is None:
            given = {"unit_id": unit_id, "name": organ.name, "place": organ.place, "purpose": Purpose.WITHDRAWAL}
            one = co_issuers.name_co_issuer(session, row, **given, actor=actor, at=at)  # type: ignore[arg-type] # by name
            asked[unit_id] = one
        elif one.digest == digest and one.state in (_S.ASKED.value, _S.AGREED.value):
            continue
        co_issuers.ask(session, one, digest=digest, answer_by=answer_by, matter=because, actor=actor, at=at)
        count += 1
    if not count:
        raise NobodyToCountersign()
    return count


def take_back_countersign(
    session: Session, *, co_issuer_id: int, version: int, reason: str, actor: Actor, at: datetime
) -> None:
    """Ask a co-issuer no more for now, with a reason, which it is told.

    Records CountersignEnded, of a withdrawal CoIssuerDropped. Raises NotFound, Stale, NothingToCountersign,
    ReasonRequired, ReasonTooLong.
    """
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    _paper, one = _found(session, co_issuer_id, None)
    if one.version != version:
        raise Stale()
    if one.state != _S.ASKED.value:
        raise NothingToCountersign()
    because = check_reason(reason)
    if one.purpose == Purpose.WITHDRAWAL.value:
        co_issuers.drop(session, one, DropCause.DROPPED, reason=because, actor=actor, at=at)
    else:
        co_issuers.end_ask(session, one, AskEnd.TAKEN_BACK, reason=because, actor=actor, at=at)


def countersign(
    session: Session,
    *,
    co_issuer_id: int,
    version: int,
    agrees: bool,
    words: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Countersign 「会签」 for one's unit: agree, or give the words back and say why.

    `version` is that of what the page showed. Records Countersigned. Raises NotYourTask, NotFound,
    NothingToCountersign, CountersignWordsMissing, ReasonTooLong.
    """
    require_role(actor, Role.UNIT_HEAD, act="countersign")
    paper, one = _found(session, co_issuer_id, units_read_for(session, actor.unit_id))
    issued = one.purpose == Purpose.WITHDRAWAL.value
    open_to = (EditionState.ISSUED.value,) if issued else _MAY_ASK
    if one.state != _S.ASKED.value or one.version != version or paper.state not in open_to:
        raise NothingToCountersign()
    said = clean_words(words)
    if not agrees and not said:
        raise CountersignWordsMissing()
    if len(said) > LONGEST_REASON:
        raise ReasonTooLong(most=LONGEST_REASON, length=len(said))
    one.state = (_S.AGREED if agrees else _S.RETURNED).value
    one.answer, one.answered_by, one.answered_at = said or None, actor.name, at
    event = Countersigned(
        unit_id=one.unit_id,
        co_issuer_id=co_issuer_id,
        circular_id=one.circular_id,
        purpose=one.purpose,
        agrees=agrees,
        words=said,
    )
    event_log.record(session, event, actor=actor, at=at)


def _organs(session: Session, rows: Sequence[CoIssuerRow]) -> list[Organ]:
    return [(one.name, UnitKind(session.get_one(UnitRow, one.unit_id).kind)) for one in rows]


def _draft(session: Session, circular_id: int, version: int, actor: Actor) -> CircularRow:
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    row = find_edition(session, circular_id=circular_id, version=version)
    _check_open_to_change(row)
    return row


def _check_open_to_change(row: CircularRow) -> None:
    if row.state != EditionState.DRAFT.value:
        raise EditionRefused(state=row.state, action="edit")
    if row.replaces_id is not None:
        raise CoIssuersOfCorrection()


def _found(session: Session, co_issuer_id: int, unit_ids: Collection[int] | None) -> tuple[CircularRow, CoIssuerRow]:
    """Return a co-issuer and its paper, locked, the paper first; of some units only where any are given.

    Raises NotFound.
    """
    wanted = select(CoIssuerRow).where(col(CoIssuerRow.id) == co_issuer_id)
    if unit_ids is not None:
        wanted = wanted.where(col(CoIssuerRow.unit_id).in_(list(unit_ids)))
    circular_id = session.scalars(wanted.with_only_columns(col(CoIssuerRow.circular_id))).first()
    if circular_id is None:
        raise NotFound()
    paper = session.get_one(CircularRow, circular_id, with_for_update=True)
    return paper, session.scalars(wanted.with_for_update()).one()
