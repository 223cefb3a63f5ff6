"""Messages of hour clocks: the policy's hours before the moment and after it, at night and on days off too."""

from datetime import datetime, timedelta

from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.domain.deliveries import Outgoing
from tracker.domain.policy import ReminderPolicy
from tracker.domain.quoting import quoted
from tracker.domain.reminders import clock_hour
from tracker.steps.notices import tell
from tracker.store.queries.addressees import Addressees, addressees
from tracker.store.queries.owed_lists import OwedLine, hour_clocks
from tracker.wording.digests import clock_words
from tracker.wording.notices import CLOCK_NEAR, CLOCK_PASSED, notice_reason, notice_subject

_CATCH_UP = timedelta(days=1)  # what a pass comes later for is left to the digest


def tell_of_clocks(session: Session, *, now: datetime, policy: ReminderPolicy, outgoing: Outgoing) -> int:
    """Write what units should hear by now of hour clocks that nothing was reported on; return how many rows.

    After the moment the head of the unit hears too. A pass that comes late says only the last of what it missed.
    Idempotent: the key names the form, its moment and the hour.
    """
    if not policy.clock_hours:
        return 0
    first, last = (timedelta(hours=hours) for hours in (policy.clock_hours[0], policy.clock_hours[-1]))
    clocks = hour_clocks(session, since=now - last - _CATCH_UP, until=now - first, now=now)
    people = addressees(session, on=local_day(now)) if clocks else None
    written = 0
    for clock in clocks:
        hours = clock_hour(clock.owed.due_at, now=now, policy=policy)
        if people is not None and hours is not None:
            written += _tell(session, clock, people, hours=hours, now=now, outgoing=outgoing)
    return written


def _tell(
    session: Session, clock: OwedLine, people: Addressees, *, hours: int, now: datetime, outgoing: Outgoing
) -> int:
    rule = CLOCK_NEAR if hours < 0 else CLOCK_PASSED
    hearing = people.for_unit(clock.unit_id) if hours < 0 else people.with_heads(clock.unit_id)
    named = "、".join(f"{item.label}{quoted(item.title)}" for item in clock.items)
    return tell(
        session,
        hearing,
        unit_id=clock.unit_id,
        rule=rule,
        subject_id=f"{clock.period_id}:{clock.owed.due_at.isoformat()}:{hours}",
        subject=notice_subject(rule, item=f"{clock.document_number} {named}"),
        reason=notice_reason(rule, said=clock_words(clock.owed.due_at, at=now)),
        tasks=[item.code for item in clock.items],
        at=now,
        mail_at=now,
        outgoing=outgoing,
    )
