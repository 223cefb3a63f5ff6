"""What a circular says as of a cut-off: computed from the log, by the calendar as it was known then."""

import json
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlmodel import Session, col

from tracker.domain.calendar import WorkdayCalendar
from tracker.domain.circulars.comparing import Previous
from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.figures import compute
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.events.calendar import CalendarPublished
from tracker.store.history.facts import facts_as_of
from tracker.store.history.log import Cut, cut, reckoned_since
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import EventRow
from tracker.wording.papers import cited_number


def content_as_of(
    session: Session,
    *,
    kind: CircularType,
    scope: Scope,
    as_of: datetime,
    up_to: int | None,
    previous: CircularRow | None,
    calendar: WorkdayCalendar,
) -> Content:
    """Compute a circular from the log up to a cut-off; one of a time before the present reckoning is not compared.

    Days are counted by the calendar as it was known at the cut-off.

    Raises ScopeMissing, NothingToSay, BeforeTheReckoning.
    """
    facts = facts_as_of(session, as_of=as_of, up_to=up_to, scope=scope)
    before = None
    since = reckoned_since(session)
    if previous is not None and previous.number and (since is None or previous.as_of >= since):
        then = facts_as_of(session, as_of=previous.as_of, up_to=previous.last_event, scope=scope)
        before = Previous(cited_number(previous.number, series=previous.series, year=previous.year), then)
    known = calendar.before(turned_after(session, cut(session, as_of=as_of, last=up_to)))
    return compute(kind, facts, scope=scope, calendar=known, previous=before)


def content_of(session: Session, row: CircularRow, *, calendar: WorkdayCalendar) -> Content:
    """Compute an edition's figures again: the same at any later time."""
    return content_as_of(
        session,
        kind=CircularType(row.type),
        scope=Scope(row.unit_name, row.document_number),
        as_of=row.as_of,
        up_to=row.last_event,
        previous=session.get(CircularRow, row.previous_id) if row.previous_id else None,
        calendar=calendar,
    )


def turned_after(session: Session, until: Cut) -> dict[date, bool]:
    """Return the days that notices turned after a cut, and of each whether it turned off, the first time."""
    told = (
        select(col(EventRow.payload))
        .where(col(EventRow.type) == CalendarPublished.type)
        .where(or_(col(EventRow.seq) > until.last_event, col(EventRow.occurred_at) > until.as_of))
        .order_by(col(EventRow.seq))
    )
    found: dict[date, bool] = {}
    for payload in session.scalars(told):
        for change in json.loads(payload)["days"]:
            found.setdefault(date.fromisoformat(change["day"]), bool(change["off"]))
    return found
