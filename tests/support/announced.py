"""What an event makes the system tell, to liaisons that there are."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.owed_city import BY
from tracker.domain.accounts import Role
from tracker.domain.deliveries import ClaimedDelivery, Outgoing
from tracker.store.database import Database
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.usecases.deliveries import delivered
from tracker.usecases.notices import announce

LIAISONS = ("swj", "tjj", "yc")


OUTGOING = Outgoing(mail=False, machine_now=datetime(2022, 11, 1, tzinfo=UTC))


def announced(
    database: Database, event_type: str, *, to: Sequence[str] = LIAISONS, which: int = 0
) -> list[ReminderRow]:
    """Do what follows from one event of a type, with liaisons of these units; return the messages about it."""
    with database.transaction() as session:
        for code in to:
            create_user(session, NewUser(code, "联络员", Role.LIAISON, "hash", code))
    with database.transaction() as session:
        wanted = select(EventRow).where(col(EventRow.type) == event_type).order_by(col(EventRow.seq))
        event = session.scalars(wanted).all()[which]
        delivery = delivered(session, ClaimedDelivery(id=1, reaction="notice", attempts=1, event_seq=event.seq))
        announce(session, delivery, calendar=BY.calendar, policy=BY.policy, outgoing=OUTGOING)
    with database.reading() as session:
        return list(session.scalars(select(ReminderRow).where(col(ReminderRow.kind) == event_type)))
