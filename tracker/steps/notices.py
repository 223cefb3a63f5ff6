"""Single messages 「消息」: what happened to one thing, told to whoever hears for a unit; when an e-mail may leave."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlmodel import Session

from tracker.domain.calendar import WorkdayCalendar, local_day
from tracker.domain.deliveries import Outgoing
from tracker.domain.policy import ReminderPolicy
from tracker.domain.reminders import (
    digest_at,
    in_quiet_hours,
    notice_key,
)
from tracker.steps.reminders import Channel, add_reminders, channels_of, reminder_row
from tracker.store.queries.addressees import Hearing, Route, addressees, office_people, one_person
from tracker.store.tables.events import ReminderRow
from tracker.wording.digests import (
    stand_in_reason,
)


def notify(
    session: Session,
    *,
    rule: str,
    subject_id: int,
    unit_id: int | None,
    subject: str,
    reason: str,
    tasks: Sequence[str],
    at: datetime,
    mail_at: datetime,
    outgoing: Outgoing,
    leads_to: Mapping[str, int] | None = None,
    to_heads: bool = False,
    person_id: int | None = None,
    to_anybody: bool = False,
) -> int:
    """Write one message about one thing to whoever hears for a unit, None for the office; return how many rows.

    With `person_id` that person alone hears, `to_anybody` by mail where he has no page with messages; with `to_heads`
    the unit's heads hear besides. For a unit the office does not stand in: it caused the message, and its desk names
    whom nobody hears for. The in-app row is there at once, an e-mail leaves at `mail_at`. `leads_to` names the page
    where it goes on by the id of its task, period or paper. Idempotent by the rows' keys.
    """
    if person_id is not None:
        hearing = one_person(session, user_id=person_id, anybody=to_anybody)
    else:
        hearing = _hearing(session, unit_id, to_heads=to_heads, on=local_day(at))
    if hearing.route is Route.OFFICE:
        return 0
    return tell(
        session,
        hearing,
        unit_id=unit_id,
        rule=rule,
        subject_id=subject_id,
        subject=subject,
        reason=reason,
        tasks=tasks,
        at=at,
        mail_at=mail_at,
        outgoing=outgoing,
        leads_to=leads_to,
    )


def _hearing(session: Session, unit_id: int | None, *, to_heads: bool, on: date) -> Hearing:
    if unit_id is None:
        return office_people(session)
    known = addressees(session, unit_id=unit_id, on=on)
    return known.with_heads(unit_id) if to_heads else known.for_unit(unit_id)


def tell(
    session: Session,
    hearing: Hearing,
    *,
    unit_id: int | None,
    rule: str,
    subject_id: int | str,
    subject: str,
    reason: str,
    tasks: Sequence[str],
    at: datetime,
    mail_at: datetime,
    outgoing: Outgoing,
    leads_to: Mapping[str, int] | None = None,
) -> int:
    """Write one message about one thing to the given people; return how many rows. Idempotent by the rows' keys."""
    rows: list[ReminderRow] = []
    for person in hearing.people:
        for channel in channels_of(person, outgoing):
            # One event may speak to a keeper and to the group it keeps: whoever stands in has a key for each unit.
            own = "" if person.unit_id == unit_id else f":for-{unit_id}"
            rows.append(
                reminder_row(
                    notice_key(rule, subject_id=subject_id, user_id=person.user_id, channel=channel) + own,
                    kind=rule,
                    person=person,
                    channel=channel,
                    subject=subject,
                    reason=reason + stand_in_reason(hearing.route.value, [hearing.unit_name]),
                    content={"tasks": list(tasks), "lines": [], **(leads_to or {})},
                    planned_for=mail_at if channel is Channel.MAIL else at,
                    outgoing=outgoing,
                )
            )
    return add_reminders(session, rows)


def after_quiet_hours(at: datetime, *, calendar: WorkdayCalendar, policy: ReminderPolicy) -> datetime:
    """Return when an e-mail may leave: at once, in quiet hours at the next digest's time."""
    if not in_quiet_hours(at, policy=policy, calendar=calendar):
        return at
    day = local_day(at)
    while not calendar.is_workday(day) or digest_at(day, policy=policy) < at:
        day += timedelta(days=1)
    return digest_at(day, policy=policy)
