"""An event recorded late: nobody is late for a demand that he could not know, on both databases."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.eight_documents import Documents, issue
from tests.support.office import BY, CALENDAR, OFFICE, City, open_city
from tracker.domain.accounts import EVERY_UNIT, Role
from tracker.domain.calendar import at_local, end_of_day
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.tables import Tables
from tracker.domain.deliveries import Outgoing
from tracker.domain.triggers import AskedLate
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of
from tracker.store.queries.owed_lists import count_overdue
from tracker.store.tables.events import ReminderRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.usecases.sweeping import sweep, sweep_through
from tracker.usecases.triggers import RecordTrigger, end_trigger, record_trigger
from tracker.wording.late_demands import late_words
from tracker.wording.periods import period_label

PLAN_50 = "驻政办〔2022〕50号"
OF_3_WORKDAYS, DAILY, TWO_DAILY = "50-29", "50-42", "50-48"
OCCURRED, RECORDED = at_local(date(2022, 10, 30), 20, 30), at_local(date(2022, 11, 1), 9, 0)
A_MONTH_BEFORE = RECORDED - timedelta(days=31)


def _record(database: Database, task_id: int, occurred_at: datetime, *, at: datetime = RECORDED) -> AskedLate:
    with database.transaction() as session:
        command = RecordTrigger(task_id, occurred_at, "暴雨")
        return record_trigger(session, command, actor=OFFICE, at=at, calendar=CALENDAR).late


def _windows(database: Database) -> list[PeriodRow]:
    """Return the windows of the series that events started, the earliest first."""
    with database.reading() as session:
        wanted = select(PeriodRow).join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        of_events = wanted.where(col(SeriesRow.trigger_id).is_not(None))
        return list(session.scalars(of_events.order_by(col(PeriodRow.due_at), col(PeriodRow.id))))


def _overdue(database: Database, *, at: datetime) -> tuple[int, int]:
    """Count the overdue series by the lists and by the papers."""
    with database.reading() as session:
        return count_overdue(session, now=at, unit_ids=EVERY_UNIT), len(facts_as_of(session, as_of=at).overdue)


def _sweep(database: Database, at: datetime) -> None:
    sweep(database, now=at, by=BY, outgoing=Outgoing(mail=False, machine_now=at))


@pytest.fixture
def city(database: Database) -> City:
    city = open_city(database)
    _sweep(database, RECORDED - timedelta(minutes=1))
    return city


@pytest.fixture
def plan_50(database: Database) -> Documents:
    documents = issue(database, [PLAN_50])
    _sweep(database, RECORDED - timedelta(minutes=1))
    return documents


def test_an_hour_clock_that_had_run_out_runs_for_the_same_hours_from_the_recording_on(city: City) -> None:
    database = city.database
    before = _overdue(database, at=RECORDED)
    late = _record(database, 2, OCCURRED)
    assert _overdue(database, at=RECORDED) == before
    assert _overdue(database, at=RECORDED + timedelta(hours=1)) == before
    [window] = _windows(database)
    assert window.scheduled_at == OCCURRED + timedelta(hours=24)
    assert window.due_at == RECORDED + timedelta(hours=24)
    assert _overdue(database, at=window.due_at - timedelta(minutes=1)) == before
    assert _overdue(database, at=window.due_at) == (before[0] + 1, before[1] + 1)
    assert late_words(late) == (
        "24小时时限（2022年10月31日20时30分前）在登记时已过，自登记时起按24小时另行计算，应于2022年11月2日9时00分前报送"
    )
    assert period_label(window.code) == "2022年10月30日20时30分事件"


def test_papers_name_the_hours_of_a_clock_and_count_its_days_off_too(database: Database) -> None:
    open_city(database)
    _record(database, 2, at_local(date(2022, 9, 29), 20, 30), at=at_local(date(2022, 9, 29), 20, 30))
    cut_at = at_local(date(2022, 10, 8), 10, 0)
    with database.reading() as session:
        facts = facts_as_of(session, as_of=cut_at)
    assert next(task.cadence for task in facts.tasks if task.task_id == 2) == "24小时内"
    [urged] = Tables(facts, CALENDAR).of(CircularType.URGE)
    assert [row[4:] for row in urged.rows] == [("2022年9月29日20时30分事件", "2022年9月30日20时30分", "8天")]
    [faults] = Tables(facts, CALENDAR).of(CircularType.RECTIFICATION)
    assert [row[4] for row in faults.rows] == ["逾期8天未报"]


@pytest.mark.parametrize("left", [timedelta(minutes=1), timedelta(hours=24)])
def test_an_hour_clock_that_had_not_run_out_stays_by_the_text(city: City, left: timedelta) -> None:
    occurred_at = RECORDED + left - timedelta(hours=24)
    late = _record(city.database, 2, occurred_at)
    [window] = _windows(city.database)
    assert window.due_at == window.scheduled_at == RECORDED + left
    assert late_words(late) == ""


def test_the_messages_of_a_clock_follow_the_moment_that_is_asked(city: City) -> None:
    with city.database.transaction() as session:
        create_user(session, NewUser("lian", "李四", Role.LIAISON, "hash", "wjw", "lian@example.org"))
    _record(city.database, 2, OCCURRED)
    due_at = RECORDED + timedelta(hours=24)
    for hours in (-23, -6, -2, 1):
        _sweep(city.database, due_at + timedelta(hours=hours))
    with city.database.reading() as session:
        clocks = select(ReminderRow).where(col(ReminderRow.kind).in_(["clock.near", "clock.passed"]))
        told = list(session.scalars(clocks.order_by(col(ReminderRow.planned_for), col(ReminderRow.id))))
    assert [(row.planned_for - due_at) / timedelta(hours=1) for row in told] == [-6, -2, 1]
    assert "请于2022年11月2日9时00分前报送" in told[0].reason


def test_a_clock_of_working_days_that_had_run_out_counts_from_the_day_of_the_recording(
    database: Database, plan_50: Documents
) -> None:
    before = _overdue(database, at=RECORDED)
    late = _record(database, plan_50.task_id(OF_3_WORKDAYS), at_local(date(2022, 10, 26), 9, 0))
    assert _overdue(database, at=RECORDED) == before
    windows = _windows(database)
    assert {window.scheduled_at for window in windows} == {end_of_day(date(2022, 10, 31))}
    assert {window.due_at for window in windows} == {end_of_day(date(2022, 11, 4))}
    assert late_words(late) == (
        "3个工作日时限（2022年10月31日（周一，含）前）在登记时已过，自登记之日起按3个工作日另行计算，应于2022年11月4日（周五，含）前报送"
    )


def test_a_clock_of_working_days_that_ends_on_the_day_of_the_recording_stays_by_the_text(
    database: Database, plan_50: Documents
) -> None:
    _record(database, plan_50.task_id(OF_3_WORKDAYS), at_local(date(2022, 10, 27), 9, 0))
    assert {window.due_at for window in _windows(database)} == {end_of_day(date(2022, 11, 1))}


@pytest.mark.parametrize(
    ("item", "first_on", "next_on"),
    [(DAILY, date(2022, 11, 1), date(2022, 11, 2)), (TWO_DAILY, date(2022, 10, 31), date(2022, 11, 2))],
)
def test_windows_of_a_running_rhythm_that_were_over_at_the_recording_are_never_opened(
    database: Database, plan_50: Documents, item: str, first_on: date, next_on: date
) -> None:
    before = _overdue(database, at=RECORDED)
    late = _record(database, plan_50.task_id(item), A_MONTH_BEFORE)
    assert _overdue(database, at=RECORDED) == before
    days = {window.starts_on for window in _windows(database)}
    assert days == {first_on, next_on}
    opens = f"从2022年{first_on.month}月{first_on.day}日开始的一期起报"
    assert late_words(late) == f"登记前已经结束的各期不要求报送，{opens}"
    _sweep(database, RECORDED + timedelta(days=5))
    assert min(window.starts_on for window in _windows(database)) == first_on


@pytest.mark.parametrize("item", [DAILY, TWO_DAILY])
def test_a_running_rhythm_whose_event_is_recorded_the_same_day_leaves_nothing_out(
    database: Database, plan_50: Documents, item: str
) -> None:
    late = _record(database, plan_50.task_id(item), RECORDED - timedelta(hours=8))
    assert late_words(late) == ""
    assert min(window.starts_on for window in _windows(database)) == date(2022, 11, 1)


@pytest.mark.parametrize("days", [1, 6], ids=["day by day", "leap"])
def test_a_leap_opens_the_windows_that_single_days_open(database: Database, plan_50: Documents, days: int) -> None:
    _record(database, plan_50.task_id(TWO_DAILY), A_MONTH_BEFORE)
    for passed in range(0, 6, days):
        since, to = (RECORDED + timedelta(days=n) for n in (passed, passed + days))
        sweep_through(database, since=since, to=to, by=BY, outgoing=Outgoing(mail=False, machine_now=to))
    days_of = sorted({window.starts_on.isoformat() for window in _windows(database)})
    assert days_of == ["2022-10-31", "2022-11-02", "2022-11-04", "2022-11-06", "2022-11-08"]


def test_an_event_that_is_over_when_it_is_recorded_leaves_nothing_owed(database: Database, plan_50: Documents) -> None:
    _record(database, plan_50.task_id(DAILY), A_MONTH_BEFORE)
    with database.transaction() as session:
        trigger_id = session.scalars(
            select(col(SeriesRow.trigger_id)).where(col(SeriesRow.trigger_id).is_not(None))
        ).first()
        end_trigger(session, trigger_id=trigger_id or 0, reason="响应终止", actor=OFFICE, at=RECORDED)
    _sweep(database, RECORDED + timedelta(days=5))
    with database.reading() as session:
        of_events = (
            select(col(FormRow.state)).join(PeriodRow).join(SeriesRow).where(col(SeriesRow.trigger_id).is_not(None))
        )
        assert set(session.scalars(of_events)) == {"waived"}
