"""All open work of a person goes to another one of his unit, in one act, with a sheet that says what it was."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, text
from sqlmodel import Session, col

from tracker.domain.absences import ActingForAnother, Person, fits
from tracker.domain.accounts import Actor
from tracker.domain.calendar import full_date, local_day
from tracker.domain.errors import NotFound
from tracker.domain.events.absences import WorkHandedOver
from tracker.domain.filings import check_reason
from tracker.domain.handovers import (
    HandedOverAlready,
    OpenKind,
    OpenLine,
    OpenWorkLeft,
    ReceiverAway,
    ReceiverUnfit,
)
from tracker.steps.absences import Leave, change_deputy, person_kept_by
from tracker.steps.accounts import load_account
from tracker.store import event_log
from tracker.store.queries.absences import absences_of, away_within, person
from tracker.store.queries.open_work import open_work, personal_work
from tracker.store.queries.reminders import count_unread, is_of_work
from tracker.store.row_digests import row_digest
from tracker.store.tables.absences import AbsenceRow, HandoverRow
from tracker.store.tables.events import IS_UNREAD, ReminderRow
from tracker.wording.open_work import acting_words


def hand_over(
    session: Session,
    *,
    user_id: int,
    to_id: int,
    reason: str,
    actor: Actor,
    at: datetime,
    although_away: bool = False,
) -> int:
    """Hand over all that is open with a person; return the id of the sheet. Records WorkHandedOver.

    What waits for the unit waits for the other in his role already, and stands on the sheet. Unread messages go to his
    list, and so does standing in for others where he may. Who drafted a paper or had a hand in a document stays as it
    is, for he may not approve it. `although_away`: also to somebody who is away today. Raises NotYourTask, NotFound,
    ActingForAnother, ReceiverUnfit, ReceiverAway, ReasonRequired, HandedOverAlready.
    """
    giver = person_kept_by(session, user_id, actor=actor, act="hand_over")
    if actor.for_id is not None:
        raise ActingForAnother()
    check_reason(reason)
    receiver = _receiver(session, giver, to_id)
    if not although_away:
        _check_here(session, to_id, at=at)
    lines = open_work(session, giver, now=at, to_id=to_id)
    _check_not_done(session, lines, from_id=user_id, to_id=to_id)
    kept = [line.as_kept() for line in lines]
    row = _sheet(giver, to_id, reason, kept, by=actor.name, at=at)
    session.add(row)
    session.flush()
    unread, moved = _hand_over_messages(session, user_id, to_id, at=at)
    _hand_over_standing_in(session, giver, receiver, actor=actor, at=at)
    event = WorkHandedOver(
        handover_id=row.id or 0,
        user_id=user_id,
        to_id=to_id,
        messages=unread,
        message_ids=moved,
        listed=sum(line.kind is not OpenKind.MESSAGE for line in lines),
        reason=reason,
        address=actor.address,
        sealed=row_digest(row),
    )
    event_log.record(session, event, actor=actor, at=at)
    return row.id or 0


def _sheet(giver: Person, to_id: int, reason: str, lines: list[list[str]], *, by: str, at: datetime) -> HandoverRow:
    return HandoverRow(
        from_id=giver.user_id,
        to_id=to_id,
        unit_id=giver.unit_id,
        reason=reason,
        lines=lines,
        handed_by=by,
        handed_at=at,
    )


def _receiver(session: Session, giver: Person, to_id: int) -> Person:
    """Return who takes the work over, both accounts locked. Raises NotFound, ReceiverUnfit."""
    for one in sorted({giver.user_id, to_id}):
        load_account(session, one)
    receiver = person(session, user_id=to_id)
    if receiver is None:
        raise NotFound()
    if not fits(receiver, absent=giver):
        raise ReceiverUnfit()
    return receiver


def _check_here(session: Session, to_id: int, *, at: datetime) -> None:
    """Refuse a receiver who is away today. Raises ReceiverAway."""
    today = local_day(at)
    for leave in absences_of(session, user_id=to_id, since=today):
        if leave.first_on <= today:
            raise ReceiverAway(name=leave.name, until=full_date(leave.last_on), deputy=acting_words(leave.acting))


def _check_not_done(session: Session, lines: Sequence[OpenLine], *, from_id: int, to_id: int) -> None:
    """Refuse a hand-over that would do nothing beyond the last one: of two who hand over at once, one does.

    What is the unit's stands on the sheet of each; messages and standing in have gone over. Raises HandedOverAlready.
    """
    either = (col(HandoverRow.from_id) == from_id) | (col(HandoverRow.to_id) == from_id)
    last = session.scalars(select(HandoverRow).where(either).order_by(col(HandoverRow.id).desc())).first()
    if last is None or (last.from_id, last.to_id) != (from_id, to_id):
        return
    goes_over = {OpenKind.MESSAGE, OpenKind.DEPUTY}
    if all(line.kind not in goes_over and line.as_kept() in last.lines for line in lines):
        raise HandedOverAlready()


def _hand_over_messages(session: Session, from_id: int, to_id: int, *, at: datetime) -> tuple[int, tuple[int, ...]]:
    """Put unread messages of work into another's list; return how many they were, and which are his now.

    What he was told himself is not told twice. `recipient` stays: it says in the ledger to whom the message was sent.
    The log has sealed to whom a message is, so that the event names each that moves (`store/reminder_digests.py`).
    """
    theirs = select(col(ReminderRow.kind), col(ReminderRow.subject), col(ReminderRow.planned_for)).where(
        col(ReminderRow.recipient_id) == to_id, col(ReminderRow.channel) == "in_app"
    )
    told = {tuple(one) for one in session.execute(theirs)}
    unread = select(ReminderRow).where(col(ReminderRow.recipient_id) == from_id, text(IS_UNREAD), is_of_work())
    rows = session.scalars(unread.order_by(col(ReminderRow.id)).with_for_update()).all()
    moved: list[int] = []
    for row in rows:
        if (row.kind, row.subject, row.planned_for) in told:
            row.read_at = at
        else:
            row.recipient_id = to_id
            moved.append(row.id or 0)
    return len(rows), tuple(moved)


def _hand_over_standing_in(session: Session, giver: Person, receiver: Person, *, actor: Actor, at: datetime) -> None:
    """Let the receiver be the deputy where the giver was; where he may not be one, nobody is."""
    wanted = select(AbsenceRow).where(
        col(AbsenceRow.deputy_id) == giver.user_id,
        col(AbsenceRow.ended_at).is_(None),
        col(AbsenceRow.last_on) >= local_day(at),
    )
    for row in session.scalars(wanted.order_by(col(AbsenceRow.id)).with_for_update()).all():
        first_on = max(row.first_on, local_day(at))
        away = away_within(session, first_on=first_on, last_on=row.last_on)
        unable = receiver.user_id == row.user_id or receiver.user_id in away
        leave = Leave(
            first_on=first_on,
            last_on=row.last_on,
            deputy_id=None if unable else receiver.user_id,
            reason=row.reason,
        )
        change_deputy(session, row, leave, actor=actor, at=at)


def check_handed_over(session: Session, *, user_id: int, at: datetime) -> None:
    """Refuse to go on while something that names a person is open with him, or unread. Raises OpenWorkLeft."""
    left = personal_work(session, user_id=user_id, now=at)
    unread = count_unread(session, user_id=user_id, of_work=True)
    if left or unread:
        raise OpenWorkLeft(open=len(left), unread=unread)
