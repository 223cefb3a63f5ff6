"""One task: its sentence, demands, units with their rows, values over time, reports and timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import EVERY_UNIT, EveryUnit, Role, Scope
from tracker.domain.calendar import local_day
from tracker.domain.courts import Court, Holder
from tracker.domain.downloads import Fetched
from tracker.domain.errors import NotFound
from tracker.domain.filings import FilingKind
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OPEN, TASK_OWING
from tracker.domain.owed import Paper
from tracker.domain.schedule import ScheduledTarget
from tracker.domain.schedule import standing as against_schedule
from tracker.store.queries.downloads import Fetcher, fetchers
from tracker.store.queries.instructions import writings_among
from tracker.store.queries.overtaking import on_task
from tracker.store.queries.report_values import ValueView
from tracker.store.queries.requirements import TargetDemanded
from tracker.store.queries.share_rows import own_share
from tracker.store.queries.task_ledger import standing_on
from tracker.store.queries.task_reports import TaskReport
from tracker.store.queries.task_rows import TaskRowLine, present
from tracker.store.queries.tasks import TaskShare, TaskView, task_view
from tracker.store.queries.units import unit_names
from tracker.store.queries.work import targets_of_task
from tracker.usecases.triggers import RecordTrigger, end_trigger, record_trigger
from tracker.web.access import EVERYBODY, acted_for, actor, allow, reads_for, services
from tracker.web.forms import Form, Reason, Time, Words, read_form
from tracker.web.news import acts_on
from tracker.web.seen import check_seen, note_seen
from tracker.web.timeline import timeline, units_of
from tracker.web.value_charts import Bar, Chart, Told, last_bars, value_chart
from tracker.wording.late_demands import late_words
from tracker.wording.standings import standing_words
from tracker.wording.task_ledger import court_words, since_words

pages = Blueprint("tasks", __name__)
_ASKED_FOR = frozenset({Paper.CORRECTION_OVERDUE, Paper.UNREPORTED, Paper.CORRECTION, Paper.NOT_DUE})


class EventForm(Form):
    occurred_at: Time = Field(title="发生时间")
    matter: Words = Field(title="情况")


class EndForm(Form):
    reason: Reason = Field(title="理由")


@dataclass(frozen=True, slots=True)
class ShareLine:
    """One unit's share: the row by which it is shown, and all its rows where the viewer may read them."""

    share: TaskShare
    now: TaskRowLine | None
    rows: tuple[TaskRowLine, ...]
    own: bool


@dataclass(frozen=True, slots=True)
class ValuePoint:
    """One value as it was reported; `standing` says how far it holds, `against` how it is to the schedule then."""

    unit_name: str
    value_on: date | None
    value: ValueView
    period_code: str | None
    standing: str
    against: str


@dataclass(frozen=True, slots=True)
class TargetLine:
    """A target with every value reported on it, the latest first."""

    metric: str
    op: str
    target: float
    unit: str | None
    points: tuple[ValuePoint, ...]
    chart: Chart | None
    bars: list[Bar]


@pages.get("/tasks/<int:task_id>")
@allow(*EVERYBODY - {Role.READER})
def show(task_id: int) -> ResponseReturnValue:
    now = services().clock.now()
    with services().database.reading() as session:
        note_seen(session)
        own = acted_for(session)
        view = task_view(session, task_id=task_id, unit_ids=reads_for(session), now=now)
        if view is None:
            raise NotFound()
        standing = standing_on(session, task_id=task_id, unit_ids=own, now=now, by=services().reckoning)
        share = None
        if not isinstance(own, EveryUnit):
            share = own_share(session, task_id=task_id, unit_ids=own, kind=FilingKind.UPDATE.value, now=now)
        units = unit_names(session, units_of(view.events))
        writings = writings_among(session, view.events)
        targets = _targets(view, targets_of_task(session, task_id), today=local_day(now))
        fetched = _fetched(session, view) if own is EVERY_UNIT else ()
    office = actor().role is Role.SUPERVISOR
    shares = _shares(view, own=own, now=now)
    return render_template(
        "web/tasks/task.html",
        view=view,
        standing=standing[0] if standing else None,
        court=_court(standing[1], today=local_day(now)) if standing else "",
        shares=shares,
        mine=next((line for line in shares if line.own), None),
        open_rows=_open_rows(shares, own=own, now=now) if view.head.state in TASK_OWING else [],
        missed_rows=[row for line in shares if line.own for row in line.rows if row.is_history],
        targets=targets,
        timeline=timeline(view.events, units=units, writings=writings),
        acts=acts_on(share),
        fetched=fetched,
        may_record=office and view.head.dormant and view.head.state in TASK_OPEN,
        may_end=office,
        ended_shares={state.value for state in ASSIGNMENT_ENDED},
    )


@pages.post("/tasks/<int:task_id>/trigger")
@allow(Role.SUPERVISOR)
def trigger(task_id: int) -> ResponseReturnValue:
    """Record what a waiting task waits for; the form's time is Shanghai wall clock."""
    form = read_form(EventForm)
    command = RecordTrigger(task_id, form.occurred_at, form.matter)
    now = services().clock.now()
    with services().database.transaction() as session:
        started = record_trigger(session, command, actor=actor(), at=now, calendar=services().calendar)
        check_seen(session, on_task(task_id))
    late = late_words(started.late)
    flash(f"已登记，{started.forms}份反馈开始计时。" + (f"{late}。" if late else ""))
    return redirect(url_for("tasks.show", task_id=task_id), 303)


@pages.post("/triggers/<int:trigger_id>/end")
@allow(Role.SUPERVISOR)
def end(trigger_id: int) -> ResponseReturnValue:
    """Record that an event is over: no further daily form opens."""
    reason, now = read_form(EndForm).reason, services().clock.now()
    with services().database.transaction() as session:
        task_id = end_trigger(session, trigger_id=trigger_id, reason=reason, actor=actor(), at=now)
    flash("已终止响应，尚未到期的逐日反馈免报。")
    return redirect(url_for("tasks.show", task_id=task_id), 303)


def _court(court: Court, *, today: date) -> str:
    """Say who has to take the next step, and since when: 市商务局负责人，自10月31日; nothing where all is done."""
    if court.holder is Holder.ENDED:
        return ""
    since = since_words(court, today=today)
    return "，".join(part for part in (court_words(court), since) if part)


def _shares(view: TaskView, *, own: Scope, now: datetime) -> list[ShareLine]:
    """Put each unit's rows to its share; other units' rows are shown to a unit as their state only."""
    lines = []
    for share in view.shares:
        rows = [row for row in view.rows if row.assignment_id == share.assignment_id]
        readable = share.unit_id in own
        mine = readable and own is not EVERY_UNIT
        lines.append(ShareLine(share, present(rows, now=now), tuple(rows) if readable else (), mine))
    return lines


def _open_rows(shares: Sequence[ShareLine], *, own: Scope, now: datetime) -> list[TaskRowLine]:
    """Return the rows on which the viewer's unit may report now."""
    return [
        row
        for line in shares
        if line.own
        for row in line.rows
        if row.paper in _ASKED_FOR
        and not row.is_history
        and (row.opens_at <= now or row.final or row.paper is Paper.CORRECTION)
    ]


def _fetched(session: Session, view: TaskView) -> tuple[tuple[str, tuple[Fetcher, ...]], ...]:
    """Return who fetched which file under the reports on a task, by the names of files that somebody fetched."""
    names = {file.evidence_id: file.name for row in view.reports for file in row.report.files}
    found = fetchers(session, Fetched.EVIDENCE, names)
    return tuple((names[id_], people) for id_, people in sorted(found.items()))


def _targets(view: TaskView, scheduled: Mapping[int, ScheduledTarget], *, today: date) -> list[TargetLine]:
    found = []
    for target in view.requirements.targets:
        schedule = scheduled.get(target.target_id)
        points = _points(view.reports, target, schedule, today=today)
        told = [
            Told(one.unit_name, day, one.value.value)
            for one in reversed(points)
            if (day := one.value.judged_on) is not None and one.standing != "returned"
        ]
        chart = value_chart(schedule, told, unit=target.unit) if schedule else None
        bars = last_bars(target.value, told)
        found.append(TargetLine(target.metric, target.op, target.value, target.unit, tuple(points), chart, bars))
    return found


def _points(
    reports: Sequence[TaskReport], target: TargetDemanded, schedule: ScheduledTarget | None, *, today: date
) -> list[ValuePoint]:
    def against(value: ValueView) -> str:
        if schedule is None:
            return ""
        return standing_words(
            schedule,
            against_schedule(schedule, value.value, value.value_on, today=today, period=value.period),
            unit=target.unit,
        )

    return [
        ValuePoint(row.unit_name, value.value_on, value, row.period_code, row.standing, against(value))
        for row in reports
        if row.report.state not in ("sent_back", "withdrawn")
        for value in row.report.values
        if value.target_id == target.target_id
    ]
