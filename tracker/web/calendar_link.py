"""The secret link for calendar programs 「日历订阅」: made and given up on 我的账号, opened without a log-in."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from tracker.domain.calendar import SHANGHAI, at_local, local_day
from tracker.domain.errors import NotFound
from tracker.store.queries.due_days import DueForm, due_forms, labels_of
from tracker.store.queries.units import units_acted_for
from tracker.usecases.calendar_links import give_up_calendar_link, make_calendar_link, open_calendar_link
from tracker.web.access import UNITS, actor, allow, moment, public, services
from tracker.web.icalendar import DayEvent, write_calendar
from tracker.wording.codes import TICKED_NAME
from tracker.wording.periods import period_label

pages = Blueprint("calendar_link", __name__)
_BEFORE, _AHEAD = timedelta(days=92), timedelta(days=366)


@pages.post("/me/calendar")
@allow(*UNITS)
def make() -> ResponseReturnValue:
    """Make a link and show it, this once: nobody can read it anywhere later."""
    with services().database.transaction() as session:
        key = make_calendar_link(session, actor=actor(), when=moment())
    return render_template("web/mine/calendar_link.html", link=url_for("calendar_link.show", key=key, _external=True))


@pages.post("/me/calendar/end")
@allow(*UNITS)
def give_up() -> ResponseReturnValue:
    with services().database.transaction() as session:
        give_up_calendar_link(session, actor=actor(), when=moment())
    flash("订阅地址已停用。")
    return redirect(url_for("mine.show"), 303)


@pages.get("/calendar/<key>.ics")
@public
def show(key: str) -> ResponseReturnValue:
    """Give what is due of the unit whose person made the link; nothing of matters that are not published."""
    now = services().clock.now()
    with services().database.reading() as session:
        unit_id = open_calendar_link(session, key=key)
    if unit_id is None:
        raise NotFound()
    today = local_day(now)
    since, until = at_local(today - _BEFORE, 0, 1), at_local(today + _AHEAD, 0, 1)
    with services().database.reading() as session:
        forms = due_forms(session, unit_ids=units_acted_for(session, unit_id), since=since, until=until)
        told = [form for form in forms if form.is_published]
        labels = labels_of(session, told)
    written = write_calendar("督查督办到期报送", [_event(form, labels, now=now) for form in told], now=now)
    return Response(written, content_type="text/calendar; charset=utf-8")


def _event(form: DueForm, labels: dict[int, str], *, now: datetime) -> DayEvent:
    """Tell of a form by numbers only. What opens it stays its name, however often its day is moved."""
    kind = "correction" if form.returned else "report"
    late = ("未补正：" if form.returned else "逾期：") if form.due_at <= now else ""
    act = "补正" if form.returned else "办结报送" if form.final else "报送"
    clauses = "、".join(dict.fromkeys(labels.get(row_id, TICKED_NAME) for row_id in form.row_ids))
    until = form.due_at.astimezone(SHANGHAI)
    hour = "" if (until.hour, until.minute) == (0, 0) else f"{until:%H:%M}前。"
    return DayEvent(
        uid=f"{kind}-{form.period_id}-{form.row_ids[0]}@tracker",
        on=form.day,
        summary=f"{late}{form.document_number} {period_label(form.code)}{act}",
        description=f"{hour}条款：{clauses}。请登录督查督办系统办理。",
    )
