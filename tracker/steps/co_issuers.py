"""Organs that issue a paper together: named, asked, no more asked, and whether all of them signed its words.

Whoever comes here has locked the paper; its co-issuers are locked after it.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.circulars.joint import (
    AskEnd,
    CoIssuerChanged,
    CoIssuerState,
    DropCause,
    NotCountersigned,
    Purpose,
    WithdrawalNotCountersigned,
)
from tracker.domain.events.joint import CoIssuerDropped, CoIssuerNamed, CountersignAsked, CountersignEnded
from tracker.store import event_log
from tracker.store.queries.units import present_units
from tracker.store.row_digests import DIGESTED, digest_of, row_digest
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.co_issuers import CoIssuerRow
from tracker.store.tables.units import UnitRow

_S = CoIssuerState
# What changes when a paper is numbered is none of the words that were signed.
_NUMBERED = frozenset({"series", "year", "running_number"})


def standing(session: Session, circular_id: int, purpose: Purpose) -> list[CoIssuerRow]:
    """Return the co-issuers of a paper that were not dropped, in their order, locked."""
    wanted = select(CoIssuerRow).where(
        col(CoIssuerRow.circular_id) == circular_id,
        col(CoIssuerRow.purpose) == purpose.value,
        col(CoIssuerRow.state) != _S.DROPPED.value,
    )
    rows = session.scalars(wanted.order_by(col(CoIssuerRow.id)).with_for_update()).all()
    return sorted(rows, key=lambda row: (row.place, row.id or 0))


def text_digest(row: CircularRow, names: Sequence[str]) -> str:
    """Return the digest of all that co-issuers sign: words, figures, whom it goes to, and who issues it."""
    said = {name: getattr(row, name) for name in DIGESTED["circular"] if name not in _NUMBERED}
    return digest_of({**said, "facts_sha256": row.facts_sha256, "organs": list(names)})


def withdrawal_digest(row: CircularRow, reason: str) -> str:
    """Return the digest of what is signed where a paper is to be withdrawn."""
    return digest_of({"paper": row_digest(row), "number": row.number, "reason": reason})


def name_co_issuer(
    session: Session,
    row: CircularRow,
    *,
    unit_id: int,
    name: str,
    place: int,
    purpose: Purpose = Purpose.ISSUE,
    actor: Actor,
    at: datetime,
) -> CoIssuerRow:
    """Put a unit among those that issue a paper. Records CoIssuerNamed."""
    named = CoIssuerRow(circular_id=row.id or 0, unit_id=unit_id, purpose=purpose.value, place=place, name=name)
    session.add(named)
    session.flush()
    event = CoIssuerNamed(
        unit_id=unit_id,
        co_issuer_id=named.id or 0,
        circular_id=named.circular_id,
        purpose=named.purpose,
        place=place,
        name=name,
    )
    event_log.record(session, event, actor=actor, at=at)
    return named


def ask(
    session: Session,
    one: CoIssuerRow,
    *,
    digest: str,
    answer_by: date,
    matter: str = "",
    actor: Actor,
    at: datetime,
) -> None:
    """Ask the head of a co-issuer to countersign. Records CountersignAsked."""
    one.state, one.digest, one.matter = _S.ASKED.value, digest, matter or None
    one.asked_by, one.asked_at, one.answer_by = actor.name, at, answer_by
    one.answer = one.answered_by = one.answered_at = None
    event = CountersignAsked(
        unit_id=one.unit_id,
        co_issuer_id=one.id or 0,
        circular_id=one.circular_id,
        purpose=one.purpose,
        digest=digest,
        answer_by=answer_by,
        matter=matter,
    )
    event_log.record(session, event, actor=actor, at=at)


def end_ask(
    session: Session, one: CoIssuerRow, because: AskEnd, *, reason: str = "", actor: Actor, at: datetime
) -> None:
    """Let what was asked or signed count no more; the organ stays a co-issuer. Records CountersignEnded."""
    answered = one.state == _S.AGREED.value
    one.state, one.digest = _S.NAMED.value, None
    one.asked_by = one.asked_at = one.answer_by = None
    one.answer = one.answered_by = one.answered_at = None
    event = CountersignEnded(
        unit_id=one.unit_id,
        co_issuer_id=one.id or 0,
        circular_id=one.circular_id,
        because=because.value,
        answered=answered,
        reason=reason,
    )
    event_log.record(session, event, actor=actor, at=at)


def drop(session: Session, one: CoIssuerRow, cause: DropCause, *, reason: str = "", actor: Actor, at: datetime) -> None:
    """Take a unit out of those that issue a paper. Records CoIssuerDropped."""
    shown = one.state in (_S.ASKED.value, _S.AGREED.value)
    one.state, one.dropped_because = _S.DROPPED.value, reason or None
    event = CoIssuerDropped(
        unit_id=one.unit_id,
        co_issuer_id=one.id or 0,
        circular_id=one.circular_id,
        cause=cause.value,
        shown=shown,
        reason=reason,
    )
    event_log.record(session, event, actor=actor, at=at)


def lapse_where_changed(session: Session, row: CircularRow, *, actor: Actor, at: datetime) -> None:
    """Let count no more what was asked or signed of other words than a draft has now. Records CountersignEnded.

    What a head gave back stays as his word until he is asked anew.
    """
    organs = standing(session, row.id or 0, Purpose.ISSUE)
    digest = text_digest(row, [one.name for one in organs])
    for one in organs:
        if one.state in (_S.ASKED.value, _S.AGREED.value) and one.digest != digest:
            end_ask(session, one, AskEnd.CHANGED, actor=actor, at=at)


def drop_all(session: Session, circular_id: int, cause: DropCause, *, actor: Actor, at: datetime) -> None:
    """Ask nobody any more: of a draft that is put away, of an issued paper that another took the place of.

    Records CoIssuerDropped for each.
    """
    purpose = Purpose.ISSUE if cause is DropCause.DISCARDED else Purpose.WITHDRAWAL
    for one in standing(session, circular_id, purpose):
        drop(session, one, cause, actor=actor, at=at)


def pass_on(session: Session, wrong: CircularRow, row: CircularRow, *, actor: Actor, at: datetime) -> None:
    """Name for a correction the organs that issued what it corrects, or who has their work now."""
    passed: set[int] = set()
    for one in standing(session, wrong.id or 0, Purpose.ISSUE):
        [present] = present_units(session, [one.unit_id])
        if present in passed:
            continue
        passed.add(present)
        name = session.get_one(UnitRow, present).full_name
        name_co_issuer(session, row, unit_id=present, name=name, place=one.place, actor=actor, at=at)


def check_named_today(session: Session, organs: Sequence[CoIssuerRow]) -> None:
    """Refuse a paper with an organ that went up in another, or bears another name by now. Raises CoIssuerChanged."""
    for one in organs:
        unit = session.get_one(UnitRow, one.unit_id)
        if unit.merged_into_unit_id is not None or unit.full_name != one.name:
            raise CoIssuerChanged(unit=one.name)


def check_countersigned(session: Session, row: CircularRow) -> None:
    """Refuse a paper whose co-issuers have not all agreed to its words. Raises CoIssuerChanged, NotCountersigned."""
    organs = standing(session, row.id or 0, Purpose.ISSUE)
    check_named_today(session, organs)
    digest = text_digest(row, [one.name for one in organs])
    open_ = [one.name for one in organs if one.state != _S.AGREED.value or one.digest != digest]
    if open_:
        raise NotCountersigned(units="、".join(open_))


def check_withdrawal_countersigned(session: Session, row: CircularRow, reason: str) -> None:
    """Refuse to withdraw a joint paper for a reason that not all organs signed. Raises WithdrawalNotCountersigned."""
    digest = withdrawal_digest(row, reason)
    signed = {
        present
        for one in standing(session, row.id or 0, Purpose.WITHDRAWAL)
        if one.state == _S.AGREED.value and one.digest == digest
        for present in present_units(session, [one.unit_id])
    }
    organs = standing(session, row.id or 0, Purpose.ISSUE)
    open_ = [one.name for one in organs if present_units(session, [one.unit_id])[0] not in signed]
    if open_:
        raise WithdrawalNotCountersigned(units="、".join(open_))
