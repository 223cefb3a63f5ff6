"""What the office sees of inquiries 「协办」: those that it is to coordinate, and those that it asked itself."""

from datetime import datetime

from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.calendar import local_day
from tracker.store.queries.inquiries import open_of_askers, to_coordinate
from tracker.store.queries.inquiry_views import Inquiry
from tracker.web.access import services
from tracker.web.asked_together import standing_of
from tracker.web.clocks import OfficeClock, office_clock


def pleas() -> list[tuple[Inquiry, OfficeClock]]:
    """Return what the office is to coordinate, each with its clock."""
    now = services().clock.now()
    with services().database.reading() as session:
        found = to_coordinate(session, unit_ids=EVERY_UNIT)
    return [(one, coordination_clock(one, now=now)) for one in found]


def coordination_clock(inquiry: Inquiry, *, now: datetime) -> OfficeClock:
    since = inquiry.coordination_at or now
    workdays = services().policy.coordination_workdays
    return office_clock(since, workdays=workdays, now=now, services=services())


def office_asks() -> list[tuple[Inquiry, str, bool]]:
    """Return what the office asked and is not answered by all: how each stands, and whether its day is over."""
    today = local_day(services().clock.now())
    with services().database.reading() as session:
        found = open_of_askers(session, unit_ids=EVERY_UNIT)
    return [(one, standing_of(one), one.answer_by < today) for one in found]
