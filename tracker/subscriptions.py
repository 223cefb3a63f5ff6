"""Which reaction follows which event: the whole wiring of the event log in one table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from tracker import editions
from tracker.bootstrap import Services
from tracker.domain.calendar import WorkdayCalendar
from tracker.domain.policy import ReminderPolicy
from tracker.usecases import notices
from tracker.usecases.outbox import ClaimedDelivery, claim_delivery, finish
from tracker.usecases.reminding import Outgoing


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a reaction may work with besides its session."""

    calendar: WorkdayCalendar
    policy: ReminderPolicy
    outgoing: Outgoing


Reaction = Callable[[Session, ClaimedDelivery, Surroundings], None]
Work = Callable[[Services, ClaimedDelivery], None]


def _notice(session: Session, delivery: ClaimedDelivery, around: Surroundings) -> None:
    notices.announce(session, delivery, calendar=around.calendar, policy=around.policy, outgoing=around.outgoing)


def _draw(services: Services, delivery: ClaimedDelivery) -> None:
    editions.draw(services, int(str(delivery.payload["circular_id"])))


REACTIONS: Mapping[str, Reaction] = {"notice": _notice}
# What takes seconds is done outside of any transaction; done twice it changes nothing.
WORKS: Mapping[str, Work] = {"drawing": _draw}

SUBSCRIPTIONS: Mapping[str, tuple[str, ...]] = {
    "calendar.published": ("notice",),
    "circular.issued": ("drawing",),
    "document.ended": ("notice",),
    "document.plan_end_corrected": ("notice",),
    "document.issued": ("notice",),
    "due.moved": ("notice",),
    "filing.stopped": ("notice",),
    "outage.recorded": ("notice",),
    "report.given_back": ("notice",),
    "reports.stayed": ("notice",),
    "request.granted": ("notice",),
    "request.refused": ("notice",),
    "trigger.recorded": ("notice",),
    "share.added": ("notice",),
    "share.ended": ("notice",),
    "share.lowered": ("notice",),
    "task.deadline_changed": ("notice",),
    "schedule.points_set": ("notice",),
    "task.key_marked": ("notice",),
    "task.key_lifted": ("notice",),
    "task.interval_set": ("notice",),
    "task.suspended": ("notice",),
    "task.resumed": ("notice",),
    "task.reopened": ("notice",),
    "task.cancelled": ("notice",),
    "task.lapsed": ("notice",),
    "task.completed": ("notice",),
    "report.verified": ("notice",),
}


def follow(session: Session, delivery_id: int, around: Surroundings) -> bool:
    """Do one delivery in the caller's transaction; False where it is taken or done already."""
    claimed = claim_delivery(session, delivery_id=delivery_id, machine_now=around.outgoing.machine_now)
    if claimed is None or not finish(session, claimed):
        return False
    REACTIONS[claimed.reaction](session, claimed, around)
    return True
