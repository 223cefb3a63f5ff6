"""While an event goes on, its clocks run for whoever has the work: after 改派, 补协办, 重启 and a corrected end."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.eight_documents import Documents, issue
from tests.support.office import BY, CALENDAR, OFFICE, open_city
from tests.support.owed_city import OwedCity, assert_reckoned, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.calendar import at_local, local_day
from tracker.domain.claims import Claim
from tracker.domain.deliveries import Outgoing
from tracker.domain.items import AssignmentRole, Basis, CadenceKind, Duty
from tracker.domain.parts import NewShare
from tracker.domain.readings.demands import Cadence
from tracker.domain.units import UnitKind
from tracker.steps.event_clocks import extend_triggered
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.owed_lists import count_overdue
from tracker.store.queries.series import series_views
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow, TriggerRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.ending import resume_task, suspend_task
from tracker.usecases.filing import SubmitForm, sign_off, submit_form
from tracker.usecases.plan_ends import correct_plan_end
from tracker.usecases.sharing import add_share, reassign_share
from tracker.usecases.sweeping import sweep_through
from tracker.usecases.triggers import RecordTrigger, end_trigger, record_trigger

PLAN_50, DAILY = "驻政办〔2022〕50号", "50-42"
RECORDED = at_local(date(2022, 11, 1), 9, 0)


@pytest.fixture
def plan(database: Database) -> Documents:
    """A response goes on whose units report each day."""
    documents = issue(database, [PLAN_50])
    _pass(documents.database, RECORDED - timedelta(hours=1), RECORDED)
    _record(documents.database, _task(documents.database, DAILY))
    return documents


def _pass(database: Database, since: datetime, to: datetime) -> None:
    sweep_through(database, since=since, to=to, by=BY, outgoing=Outgoing(mail=False, machine_now=to))


def _task(database: Database, code: str) -> int:
    with database.reading() as session:
        wanted = select(col(TaskRow.id)).join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        return session.scalars(wanted.where(col(ItemRow.code) == code)).one() or 0


def _record(database: Database, task_id: int, *, at: datetime = RECORDED) -> None:
    with database.transaction() as session:
        command = RecordTrigger(task_id, at, "暴雨")
        record_trigger(session, command, actor=OFFICE, at=at, calendar=CALENDAR)


def _rows(database: Database) -> dict[int, dict[date, str]]:
    """Return the state of each row of the event by unit and first day of its window."""
    with database.reading() as session:
        rows = session.execute(
            select(col(SeriesRow.unit_id), col(PeriodRow.starts_on), col(FormRow.state))
            .join(PeriodRow, col(PeriodRow.series_id) == col(SeriesRow.id))
            .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
            .where(col(SeriesRow.trigger_id).is_not(None))
            .order_by(col(PeriodRow.starts_on))
        )
        found: dict[int, dict[date, str]] = {}
        for unit_id, day, state in rows.all():
            found.setdefault(unit_id, {})[day] = state
        return found


def _a_reporting_share(database: Database) -> tuple[int, int]:
    """Return a share of the response that reports, and its unit."""
    with database.reading() as session:
        wanted = select(col(AssignmentRow.id), col(AssignmentRow.unit_id)).where(
            col(AssignmentRow.task_id) == _task(database, DAILY),
            col(AssignmentRow.duty) == Duty.REPORT.value,
            col(AssignmentRow.role) == AssignmentRole.LEAD.value,
        )
        share_id, unit_id = session.execute(wanted.order_by(col(AssignmentRow.id))).first() or (0, 0)
        return share_id or 0, unit_id


def _stranger(database: Database) -> int:
    """Return a department without a share of the response."""
    with database.reading() as session:
        held = select(col(AssignmentRow.unit_id)).where(col(AssignmentRow.task_id) == _task(database, DAILY))
        wanted = select(col(UnitRow.id)).where(
            col(UnitRow.kind) == UnitKind.CITY_DEPARTMENT.value, col(UnitRow.id).not_in(held)
        )
        return session.scalars(wanted.order_by(col(UnitRow.id))).first() or 0


def _agree(database: Database, at: datetime) -> None:
    """The log tells the same as the tables, and nothing is reckoned wrong."""
    assert_reckoned(database)
    with database.reading() as session:
        stored = series_views(session, [id_ or 0 for id_ in session.scalars(select(col(SeriesRow.id)))])
        told = {view.series_id: view for view in fold(session, cut(session, as_of=at)).views()}
    assert {view.series_id for view in stored} == set(told)


def test_who_takes_a_response_over_reports_each_day_from_then_on(plan: Documents) -> None:
    share_id, old = _a_reporting_share(plan.database)
    new, handed_at = _stranger(plan.database), RECORDED + timedelta(days=2, hours=2)
    _pass(plan.database, RECORDED, handed_at)
    with plan.database.reading() as session:
        before = count_overdue(session, now=handed_at, unit_ids=EVERY_UNIT)
    with plan.database.transaction() as session:
        reassign_share(
            session, assignment_id=share_id, to_unit_id=new, reason="职能划转", actor=OFFICE, at=handed_at, by=BY
        )
    with plan.database.reading() as session:
        assert count_overdue(session, now=handed_at, unit_ids=EVERY_UNIT) <= before
    _pass(plan.database, handed_at, handed_at + timedelta(days=3))
    rows = _rows(plan.database)
    assert "open" not in rows[old].values()
    assert list(rows[new]) == [date(2022, 11, day) for day in range(3, 8)]
    _agree(plan.database, handed_at + timedelta(days=3))


def test_a_unit_that_is_added_reports_each_day_too(plan: Documents) -> None:
    new, at = _stranger(plan.database), RECORDED + timedelta(hours=2)
    with plan.database.transaction() as session:
        part = NewShare(new, AssignmentRole.LEAD, Duty.REPORT)
        task_id = _task(plan.database, DAILY)
        add_share(session, task_id=task_id, share=part, reason="工作需要", actor=OFFICE, at=at, by=BY)
    _pass(plan.database, at, at + timedelta(days=2))
    assert list(_rows(plan.database)[new]) == [date(2022, 11, day) for day in range(1, 5)]
    _agree(plan.database, at + timedelta(days=2))


def test_a_response_goes_on_where_the_plan_did_not_end_after_all(plan: Documents) -> None:
    _share_id, unit = _a_reporting_share(plan.database)
    back_at = at_local(date(2022, 11, 6), 9, 0)

    def end(new_on: date | None, at: datetime) -> None:
        with plan.database.transaction() as session:
            correct_plan_end(session, document_id=1, new_on=new_on, reason="原文为准", actor=OFFICE, at=at, by=BY)

    with plan.database.reading() as session:
        old_end = session.get_one(DocumentRow, 1).ends_on
    end(date(2022, 11, 2), RECORDED + timedelta(hours=1))
    _pass(plan.database, RECORDED, back_at)
    assert date(2022, 11, 5) not in _rows(plan.database)[unit]
    end(old_end, back_at)
    with plan.database.reading() as session:
        running = session.scalars(select(TriggerRow)).one()
        assert running.ended_at is None
    _pass(plan.database, back_at, back_at + timedelta(days=3))
    days = _rows(plan.database)[unit]
    assert {day for day, state in days.items() if state == "open" and day >= local_day(back_at)} == {
        date(2022, 11, day) for day in range(6, 11)
    }
    assert not {date(2022, 11, 4), date(2022, 11, 5)} & set(days)
    _agree(plan.database, back_at + timedelta(days=3))


def test_what_was_paused_goes_on_and_what_was_ended_does_not(plan: Documents) -> None:
    _share_id, unit = _a_reporting_share(plan.database)
    task_id, at = _task(plan.database, DAILY), RECORDED + timedelta(days=1)
    with plan.database.transaction() as session:
        suspend_task(session, task_id=task_id, reason="核实", actor=OFFICE, at=at)
    _pass(plan.database, at, at + timedelta(days=2))
    resumed_at = at + timedelta(days=2, hours=1)
    with plan.database.transaction() as session:
        resume_task(session, task_id=task_id, reason="继续", actor=OFFICE, at=resumed_at, by=BY)
    _pass(plan.database, resumed_at, resumed_at + timedelta(days=2))
    assert _rows(plan.database)[unit][local_day(resumed_at) + timedelta(days=2)] == "open"
    ended_at = resumed_at + timedelta(days=2, hours=1)
    with plan.database.transaction() as session:
        trigger_id = session.scalars(select(col(TriggerRow.id))).one() or 0
        end_trigger(session, trigger_id=trigger_id, reason="响应终止", actor=OFFICE, at=ended_at)
    share_id, _unit = _a_reporting_share(plan.database)
    new = _stranger(plan.database)
    with plan.database.transaction() as session:
        reassign_share(
            session, assignment_id=share_id, to_unit_id=new, reason="职能划转", actor=OFFICE, at=ended_at, by=BY
        )
    assert new not in _rows(plan.database)


@pytest.fixture
def daily(database: Database) -> tuple[OwedCity, int]:
    """The small city, one of whose tasks is reported on each day since an event; its id."""
    first, second = small_reading().items
    each_day = Cadence(CadenceKind.DAILY, Basis.STATED, 1, "24小时内报告")
    reading = replace(small_reading(), items=(first, replace(second, cadences=(each_day,))))
    city = open_owed_city(database, reading=reading)
    with database.reading() as session:
        task_id = session.scalars(select(col(TaskRow.id)).where(col(TaskRow.dormant))).one() or 0
    _record(database, task_id)
    return city, task_id


def _grow(city: OwedCity, at: datetime) -> None:
    with city.database.transaction() as session:
        extend_triggered(session, now=at)


def test_a_scheduler_that_stood_still_leaves_out_no_day(daily: tuple[OwedCity, int]) -> None:
    city, _task_id = daily
    at = RECORDED + timedelta(days=4)
    _grow(city, at)
    days = _rows(city.database)[city.unit_id("wjw")]
    assert days == {date(2022, 11, day): "open" for day in range(1, 7)}
    _agree(city.database, at)


def test_of_a_pause_each_day_is_told_and_none_is_owed(daily: tuple[OwedCity, int]) -> None:
    city, task_id = daily
    with city.database.transaction() as session:
        suspend_task(session, task_id=task_id, reason="核实", actor=OFFICE, at=RECORDED + timedelta(hours=1))
    at = RECORDED + timedelta(days=3)
    _grow(city, at)
    with city.database.transaction() as session:
        resume_task(session, task_id=task_id, reason="继续", actor=OFFICE, at=at, by=BY)
    days = _rows(city.database)[city.unit_id("wjw")]
    waived = {date(2022, 11, day): "waived" for day in range(1, 4)}
    assert days == {**waived, date(2022, 11, 4): "open", date(2022, 11, 5): "open"}
    _agree(city.database, at)


@pytest.mark.parametrize("reported", [False, True])
def test_a_single_clock_is_asked_of_who_takes_over_unless_it_was_reported(database: Database, reported: bool) -> None:
    city = open_city(database)
    _pass(database, RECORDED - timedelta(hours=1), RECORDED)
    with database.reading() as session:
        share = city.assignment("wjw", session)
    _record(database, share.task_id)
    handed_at = RECORDED + timedelta(hours=3)
    if reported:
        reported_at = handed_at - timedelta(hours=1)
        with database.transaction() as session:
            [period_id] = session.scalars(
                select(col(PeriodRow.id)).join(SeriesRow).where(col(SeriesRow.trigger_id).is_not(None))
            )
            form = SubmitForm(period_id or 0, (city.entry("wjw", session, claim=Claim.ONGOING_ACTIVE),))
            filing_id = submit_form(session, form, actor=city.liaison("wjw"), at=reported_at)
            sign_off(session, filing_id=filing_id, actor=city.head("wjw"), at=reported_at)
    with database.transaction() as session:
        reassign_share(
            session,
            assignment_id=share.id or 0,
            to_unit_id=city.unit_id("tjj"),
            reason="职能划转",
            actor=OFFICE,
            at=handed_at,
            by=BY,
        )
    rows = _rows(database)
    assert (city.unit_id("tjj") in rows) is not reported
    if not reported:
        with database.reading() as session:
            due = set(
                session.scalars(
                    select(col(PeriodRow.due_at)).join(SeriesRow).where(col(SeriesRow.trigger_id).is_not(None))
                )
            )
        assert due == {RECORDED + timedelta(hours=24)}
    assert_reckoned(database)
