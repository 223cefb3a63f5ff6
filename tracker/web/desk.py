"""The office's desk 「督查台」: what is overdue, where, what waits, and the list behind every figure."""

from collections import Counter
from datetime import UTC, date, datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import EVERY_UNIT, Role
from tracker.domain.calendar import at_local, local_day
from tracker.domain.deadlines import due_day
from tracker.domain.deliveries import Outgoing
from tracker.domain.errors import NotFound
from tracker.store.queries.editions_under_way import waiting_for
from tracker.store.queries.filings import review_backlog
from tracker.store.queries.newly_overdue import newly_overdue
from tracker.store.queries.owed_lists import count_overdue
from tracker.store.queries.receipts import count_unreceived
from tracker.store.queries.requests import request_backlog
from tracker.store.queries.rollups import by_document, by_unit, parts_of_week
from tracker.usecases.coming_digests import coming_digests
from tracker.web.access import OFFICE, actor, allow, services
from tracker.web.clocks import late_before
from tracker.web.office_waits import office_waits
from tracker.web.presentation import date_words, list_line
from tracker.web.trend import trend_shown
from tracker.wording.digests import heading_name
from tracker.wording.moments import late_span

pages = Blueprint("desk", __name__)
_DOCUMENTS = 20
_NEWLY = 10


@pages.get("/desk")
@allow(Role.SUPERVISOR, Role.LEADER)
def show() -> ResponseReturnValue:
    now = services().clock.now()
    today = local_day(now)
    late = late_before(workdays=services().policy.review_workdays, now=now, services=services())
    with services().database.reading() as session:
        closed, review, editions = _last_close(today), review_backlog(session), waiting_for(session, actor())
        newly, newly_in_all = newly_overdue(session, since=closed, now=now, limit=_NEWLY)
        units, documents = by_unit(session, now=now), by_document(session, now=now, limit=_DOCUMENTS)
        return render_template(
            "web/desk/desk.html",
            day=date_words(today),
            overdue=count_overdue(session, now=now, unit_ids=EVERY_UNIT),
            waits=office_waits(session, review=review, editions=editions) if actor().role in OFFICE else (),
            closed=closed,
            newly=[list_line(line, now=now, services=services()) for line in newly],
            newly_in_all=newly_in_all,
            unreceived=count_unreceived(session, unit_ids=EVERY_UNIT, now=now, by=services().reckoning),
            receipt_workdays=services().policy.receipt_workdays,
            coming_on=services().calendar.next_workday(today),
            review=review,
            review_late=review_backlog(session, filed_before=late),
            requests=request_backlog(session),
            editions=editions,
            units=units,
            documents=documents,
            all_documents=len(documents) < _DOCUMENTS,
            **trend_shown(session),
            late={line.since: _late(line.since, now=now) for line in (*units, *documents)},
        )


def _last_close(today: date) -> datetime:
    """Return when the office closed on the last working day before today."""
    hour = services().policy.quiet_from
    return at_local(services().calendar.previous_workday(today), hour.hour, hour.minute)


@pages.get("/desk/coming")
@allow(Role.SUPERVISOR)
def coming() -> ResponseReturnValue:
    """Show which digests will go out on the next working day as things stand; looking writes nothing."""
    day = services().calendar.next_workday(local_day(services().clock.now()))
    outgoing = Outgoing(mail=services().settings.smtp_url is not None, machine_now=datetime.now(UTC))
    with services().database.reading() as session:
        digests = coming_digests(session, on=day, by=services().reckoning, outgoing=outgoing)
    kinds: Counter[str] = Counter()
    for one in digests:
        kinds.update({heading_name(code): count for code, count in one.headings.items()})
    return render_template(
        "web/desk/coming.html",
        day=day,
        day_words=date_words(day),
        digests=digests,
        kinds=kinds,
        units=Counter(one.unit_name for one in digests),
    )


def _late(since: datetime, *, now: datetime) -> str:
    workdays = services().calendar.workdays_between(due_day(since), local_day(now))
    return late_span(since, at=now, workdays=workdays)


@pages.get("/desk/weeks/<week>")
@allow(Role.SUPERVISOR, Role.LEADER)
def week_parts(week: str) -> ResponseReturnValue:
    """Show what a week's figure is made of."""
    with services().database.reading() as session:
        parts = parts_of_week(session, week=week)
    if not parts:
        raise NotFound()
    return render_template("web/desk/week.html", week=week, parts=parts)
