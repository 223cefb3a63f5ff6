"""A row of the ledger says what one person should hear by one channel; the row's key makes it once.

In-app rows are written as sent, in the transaction of their cause: they cannot be lost or doubled. E-mail rows wait
to be handed over by a worker (`usecases.mail_outbox`).
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.deliveries import Outgoing
from tracker.store.queries.addressees import HEARING_ROLES
from tracker.store.queries.reminders import Recipient
from tracker.store.tables.events import ReminderRow, ReminderState


class Channel(StrEnum):
    IN_APP = "in_app"
    MAIL = "mail"


def channels_of(person: Recipient, outgoing: Outgoing) -> list[Channel]:
    """Return how somebody hears: on his page with messages where his role has one, by mail where he has an address."""
    here = [Channel.IN_APP] if person.role in HEARING_ROLES else []
    return [*here, *([Channel.MAIL] if outgoing.mail and person.address else [])]


def reminder_row(
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


def add_reminders(session: Session, rows: list[ReminderRow]) -> int:
    """Add the rows whose keys are new; return how many."""
    keys = [row.ukey for row in rows]
    known = set(session.scalars(select(col(ReminderRow.ukey)).where(col(ReminderRow.ukey).in_(keys))))
    fresh = [row for row in rows if row.ukey not in known]
    session.add_all(fresh)
    session.flush()
    return len(fresh)
