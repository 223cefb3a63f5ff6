"""Reminders 「提醒」: a row says what one person should hear by one channel; the row's key makes it once.

In-app rows are written as sent, in the transaction of their cause: they cannot be lost or doubled. E-mail rows wait
to be handed over by a worker (`usecases.handing_over`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import update
from sqlmodel import Session, col, select

from tracker.domain.calendar import WorkdayCalendar, local_day
from tracker.domain.items import CadenceKind
from tracker.domain.lifecycle import PeriodState
from tracker.domain.policy import ReminderPolicy
from tracker.domain.reminders import (
    DigestEntry,
    DigestHeading,
    ReminderFacts,
    digest_at,
    digest_entry,
    digest_key,
    in_quiet_hours,
    notice_key,
)
from tracker.messages import digest_reason, digest_subject, reminder_sentence
from tracker.store.queries.reminding import (
    OwedForReminder,
    Recipient,
    happened_to_periods,
    liaisons,
    owed_for_reminders,
)
from tracker.store.tables.events import ReminderRow, ReminderState

DIGEST = "digest"
_MANY = 20
_SHOWN_OF_MANY = 10
_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_ORDER = list(DigestHeading)
MERGED = "过期合并"


class Channel(StrEnum):
    IN_APP = "in_app"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """How messages leave: `mail` is False where no SMTP server is set; `machine_now` paces the workers.

    The demonstration's time and the machine's differ, so a row is planned by the one and tried by the other.
    """

    mail: bool
    machine_now: datetime


@dataclass(frozen=True, slots=True)
class _Line:
    entry: DigestEntry
    owed: OwedForReminder


def plan_digests(
    session: Session,
    *,
    now: datetime,
    calendar: WorkdayCalendar,
    policy: ReminderPolicy,
    outgoing: Outgoing,
) -> int:
    """Write today's digests that should exist by now and do not; return how many rows.

    Nothing before the digest's time and on days off. An e-mail of an earlier day that never left is cancelled,
    because the newer one says it all. Idempotent by the rows' keys.
    """
    today = local_day(now)
    planned_for = digest_at(today, policy=policy)
    if now < planned_for or not calendar.is_workday(today):
        return 0
    lines = _lines_by_unit(session, now=now, calendar=calendar, policy=policy)
    rows: list[ReminderRow] = []
    for person in liaisons(session):
        if mine := lines.get(person.unit_id):
            rows += _digest_rows(person, mine, planned_for=planned_for, outgoing=outgoing)
    return _add(session, rows)


def notify(
    session: Session,
    *,
    rule: str,
    subject_id: int,
    unit_id: int,
    subject: str,
    reason: str,
    tasks: Sequence[str],
    at: datetime,
    calendar: WorkdayCalendar,
    policy: ReminderPolicy,
    outgoing: Outgoing,
) -> int:
    """Write one message about one thing to each liaison of a unit; return how many rows.

    The in-app row is there at once; an e-mail waits for the end of the quiet hours. Idempotent by the rows' keys.
    """
    rows = []
    for person in liaisons(session, unit_id=unit_id):
        for channel in _channels(person, outgoing):
            planned_for = at
            if channel is Channel.MAIL and in_quiet_hours(at, policy=policy, calendar=calendar):
                planned_for = _after_quiet_hours(at, calendar=calendar, policy=policy)
            key = notice_key(rule, subject_id=subject_id, user_id=person.user_id, channel=channel)
            rows.append(
                _row(
                    key,
                    kind=rule,
                    person=person,
                    channel=channel,
                    subject=subject,
                    reason=reason,
                    content={"tasks": list(tasks), "lines": []},
                    planned_for=planned_for,
                    outgoing=outgoing,
                )
            )
    return _add(session, rows)


def mark_read(session: Session, *, user_id: int, at: datetime) -> None:
    """Note that a person has opened the list of their messages."""
    session.execute(
        update(ReminderRow)
        .where(
            col(ReminderRow.recipient_id) == user_id,
            col(ReminderRow.channel) == Channel.IN_APP.value,
            col(ReminderRow.read_at).is_(None),
        )
        .values(read_at=at)
    )


def _lines_by_unit(
    session: Session, *, now: datetime, calendar: WorkdayCalendar, policy: ReminderPolicy
) -> dict[int, list[_Line]]:
    today = local_day(now)
    since = digest_at(calendar.previous_workday(today), policy=policy)
    opened = happened_to_periods(session, "period.opened", since=since, until=now)
    returned = happened_to_periods(session, "report.returned", since=since, until=now)
    lines: dict[int, list[_Line]] = {}
    for owed in owed_for_reminders(session):
        facts = ReminderFacts(
            kind=CadenceKind(owed.kind),
            period_state=PeriodState(owed.state),
            starts_on=owed.starts_on,
            ends_on=owed.ends_on,
            due_at=owed.due_at,
            opened_at=opened.get(owed.period_id, _LONG_AGO),
            returned_at=returned.get(owed.period_id),
            paused=owed.paused,
        )
        entry = digest_entry(facts, today=today, policy=policy, calendar=calendar)
        if entry is not None:
            lines.setdefault(owed.unit_id, []).append(_Line(entry, owed))
    return lines


def _digest_rows(
    person: Recipient, lines: list[_Line], *, planned_for: datetime, outgoing: Outgoing
) -> Iterable[ReminderRow]:
    lines = sorted(lines, key=lambda line: _ORDER.index(line.entry.heading))
    counts = {heading: sum(line.entry.heading is heading for line in lines) for heading in _ORDER}
    shown = lines[:_SHOWN_OF_MANY] if len(lines) > _MANY else lines
    content: dict[str, object] = {
        "tasks": list(dict.fromkeys(line.owed.item_code for line in lines)),
        "lines": [_shown(line) for line in shown],
        "more": len(lines) - len(shown),
    }
    for channel in _channels(person, outgoing):
        yield _row(
            digest_key(on=local_day(planned_for), user_id=person.user_id, channel=channel),
            kind=DIGEST,
            person=person,
            channel=channel,
            subject=digest_subject(counts),
            reason=digest_reason(person.unit_name, counts),
            content=content,
            planned_for=planned_for,
            outgoing=outgoing,
        )


def _shown(line: _Line) -> dict[str, object]:
    entry, owed = line.entry, line.owed
    item = f"{owed.item_label}“{owed.item_title}”"
    sentence = reminder_sentence(entry, document=owed.document_number, item=item, period=owed.code)
    return {"heading": entry.heading.value, "task_id": owed.task_id, "sentence": sentence, "level": entry.level}


def _channels(person: Recipient, outgoing: Outgoing) -> list[Channel]:
    return [Channel.IN_APP, *([Channel.MAIL] if outgoing.mail and person.address else [])]


def _row(
    key: str,
    *,
    kind: str,
    person: Recipient,
    channel: Channel,
    subject: str,
    reason: str,
    content: dict[str, object],
    planned_for: datetime,
    outgoing: Outgoing,
) -> ReminderRow:
    here = channel is Channel.IN_APP
    return ReminderRow(
        ukey=key,
        kind=kind,
        channel=channel.value,
        recipient_id=person.user_id,
        recipient=f"{person.unit_name} {person.name}",
        address=None if here else person.address,
        subject=subject,
        reason=reason,
        content=content,
        planned_for=planned_for,
        planned_on=local_day(planned_for),
        state=(ReminderState.SENT if here else ReminderState.PENDING).value,
        next_at=outgoing.machine_now,
        sent_at=planned_for if here else None,
    )


def _add(session: Session, rows: list[ReminderRow]) -> int:
    """Add the rows whose keys are new; e-mail digests replace earlier ones that never left."""
    keys = [row.ukey for row in rows]
    known = set(session.exec(select(ReminderRow.ukey).where(col(ReminderRow.ukey).in_(keys))))
    fresh = [row for row in rows if row.ukey not in known]
    superseded = [row for row in fresh if row.kind == DIGEST and row.channel == Channel.MAIL.value]
    if superseded:
        session.execute(
            update(ReminderRow)
            .where(
                col(ReminderRow.kind) == DIGEST,
                col(ReminderRow.channel) == Channel.MAIL.value,
                col(ReminderRow.state) == ReminderState.PENDING.value,
                col(ReminderRow.planned_on) < superseded[0].planned_on,
                col(ReminderRow.recipient_id).in_([row.recipient_id for row in superseded]),
            )
            .values(state=ReminderState.CANCELLED.value, last_error=MERGED)
        )
    session.add_all(fresh)
    session.flush()
    return len(fresh)


def _after_quiet_hours(at: datetime, *, calendar: WorkdayCalendar, policy: ReminderPolicy) -> datetime:
    """Return the next digest's time: single messages held overnight go out with it."""
    day = local_day(at)
    while not calendar.is_workday(day) or digest_at(day, policy=policy) < at:
        day += timedelta(days=1)
    return digest_at(day, policy=policy)
