"""Messages to a person about leave, standing in for somebody, and work that was handed over."""

from collections.abc import Iterable, Sequence

from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.domain.deliveries import Delivery
from tracker.domain.events.absences import AbsenceEnded, AbsenceSet, WorkHandedOver
from tracker.domain.events.accounts import AccountChanged, AccountDisabled, RoleGranted
from tracker.steps.document_notices import Notice
from tracker.store.queries.absences import Absence, heads_of, lost_deputies
from tracker.store.tables.absences import AbsenceRow
from tracker.store.tables.units import UserRow
from tracker.wording.notices import leave_words, notice_reason, notice_subject

_DEPUTY, _OTHER_DEPUTY = ".deputy", ".other_deputy"
_LOST = "account.role_granted"


def of_leave(session: Session, event: AbsenceSet | AbsenceEnded, delivery: Delivery) -> list[Notice]:
    """Tell the deputy for whom he may act when, and whoever is away where another entered or ended it.

    Leave that goes on with another deputy has not ended: who is away is told of the other, or that there is none.
    """
    row = session.get_one(AbsenceRow, event.absence_id)
    names = _names(session, (event.user_id, event.deputy_id))
    deputy = names.get(event.deputy_id or 0, "")
    said = leave_words(first_on=row.first_on, last_on=row.last_on, reason=row.reason, deputy=deputy)
    found = []
    if event.deputy_id is not None:
        found.append(_notice(event.type + _DEPUTY, names[event.user_id], said, event.deputy_id, delivery))
    goes_on = isinstance(event, AbsenceEnded) and event.goes_on
    if delivery.actor_id != event.user_id and not goes_on:
        words = event.type + (_OTHER_DEPUTY if isinstance(event, AbsenceSet) and event.follows else "")
        found.append(_notice(words, names[event.user_id], said, event.user_id, delivery))
    return found


def of_hand_over(session: Session, event: WorkHandedOver, delivery: Delivery) -> list[Notice]:
    """Tell who has somebody's work from now on, and whose work it was."""
    names = _names(session, (event.user_id, event.to_id))
    item = f"{names[event.user_id]}移交{names[event.to_id]}"
    return [_notice(event.type, item, event.reason, user_id, delivery) for user_id in (event.to_id, event.user_id)]


def of_lost_deputy(
    session: Session, event: RoleGranted | AccountDisabled | AccountChanged, delivery: Delivery
) -> list[Notice]:
    """Tell who is away, his deputy and their heads that nobody acts for him, since one of the accounts is another.

    With a move by the pages the role goes back, which tells it: of a change that of the command line only is told.
    """
    if isinstance(event, AccountChanged) and (event.old_unit_id == event.new_unit_id or delivery.actor_id is not None):
        return []
    told: dict[int, list[Absence]] = {}
    for one in lost_deputies(session, user_id=event.user_id, since=local_day(delivery.at)):
        both = {one.user_id, one.deputy_id or one.user_id}
        units = {session.get_one(UserRow, user_id).unit_id for user_id in both}
        for user_id in both.union(*(heads_of(session, unit_id=unit_id) for unit_id in units)):
            told.setdefault(user_id, []).append(one)
    return [_lost(leave, user_id, delivery) for user_id, leave in sorted(told.items())]


def _lost(leave: Sequence[Absence], user_id: int, delivery: Delivery) -> Notice:
    """Word one message about all leave of which its reader is told."""
    item = "、".join(f"{one.deputy}不再代{one.name}办理" for one in leave)
    days = (leave_words(first_on=one.first_on, last_on=one.last_on, reason=one.reason, deputy="") for one in leave)
    return _notice(_LOST, item, "；".join(days), user_id, delivery)


def _notice(words: str, item: str, said: str, user_id: int, delivery: Delivery) -> Notice:
    subject, reason = notice_subject(words, item=item), notice_reason(words, said=said)
    return Notice(None, delivery.seq, subject, reason, (), person_id=user_id)


def _names(session: Session, user_ids: Iterable[int | None]) -> dict[int, str]:
    return {user_id: session.get_one(UserRow, user_id).name for user_id in user_ids if user_id is not None}
