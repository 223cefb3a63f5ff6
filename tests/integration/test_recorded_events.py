"""When an event that starts clocks may have happened, and that it is recorded once, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.eight_documents import issue
from tests.support.office import CALENDAR, OFFICE, open_city
from tests.support.owed_city import open_owed_city
from tests.support.readings import small_reading
from tracker.domain.calendar import end_of_day
from tracker.domain.errors import Rejected, TrackerError
from tracker.domain.triggers import (
    EventBeforeIssue,
    EventInTheFuture,
    EventRecordedAlready,
    EventStillRunning,
    EventTooOld,
)
from tracker.store.database import Database
from tracker.store.tables.series import PeriodRow, SeriesRow
from tracker.store.tables.tasks import TriggerRow
from tracker.usecases.triggers import RecordTrigger, end_trigger, record_trigger
from tracker.wording.refusals import sentence

NOW = datetime(2022, 10, 20, 2, 0, tzinfo=UTC)
PLAN_50 = "驻政办〔2022〕50号"


def _record(database: Database, task_id: int, occurred_at: datetime, *, now: datetime = NOW) -> None:
    with database.transaction() as session:
        command = RecordTrigger(task_id, occurred_at, "暴雨")
        record_trigger(session, command, actor=OFFICE, at=now, calendar=CALENDAR)


@pytest.mark.parametrize(
    ("occurred_at", "refusal"),
    [
        (datetime(22, 11, 1, tzinfo=UTC), EventBeforeIssue),
        (datetime(1022, 11, 1, tzinfo=UTC), EventBeforeIssue),
        (datetime(2022, 8, 23, 15, 59, tzinfo=UTC), EventBeforeIssue),
        (datetime(2022, 9, 18, 15, 59, tzinfo=UTC), EventTooOld),
        (NOW + timedelta(minutes=1), EventInTheFuture),
    ],
)
def test_an_event_of_another_time_is_refused_in_words(
    database: Database, occurred_at: datetime, refusal: type[TrackerError]
) -> None:
    open_city(database)
    with pytest.raises(refusal) as refused:
        _record(database, 2, occurred_at)
    assert "发生时间" in sentence(refused.value)
    with database.reading() as session:
        assert session.scalars(select(TriggerRow)).all() == []


def test_an_event_of_a_month_ago_and_one_of_this_minute_are_recorded(database: Database) -> None:
    open_city(database)
    _record(database, 2, datetime(2022, 9, 18, 16, 0, tzinfo=UTC))
    _record(database, 2, NOW)


def test_an_event_is_recorded_once_and_another_starts_clocks_of_its_own(database: Database) -> None:
    open_city(database)
    _record(database, 2, NOW - timedelta(hours=2))
    with pytest.raises(EventRecordedAlready) as refused:
        _record(database, 2, NOW - timedelta(hours=2))
    assert sentence(refused.value) == "2022年10月20日8时00分发生的事件已经登记，不用再次登记。"
    _record(database, 2, NOW - timedelta(hours=1))
    with database.reading() as session:
        assert len(session.scalars(select(PeriodRow).where(col(PeriodRow.code).startswith("E"))).all()) == 2


def test_daily_reports_run_for_one_event_at_a_time(database: Database) -> None:
    city = issue(database, [PLAN_50])
    task_id = city.task_id("50-42")
    _record(database, task_id, NOW - timedelta(days=1))
    with pytest.raises(EventStillRunning) as refused:
        _record(database, task_id, NOW)
    assert "2022年10月19日10时00分发生的事件尚未终止响应" in sentence(refused.value)
    with database.transaction() as session:
        trigger = session.scalars(select(TriggerRow)).one()
        end_trigger(session, trigger_id=trigger.id or 0, reason="响应终止", actor=OFFICE, at=NOW)
    _record(database, task_id, NOW)


def test_of_two_posts_at_once_one_is_recorded(database: Database) -> None:
    open_city(database)

    def post(_n: int) -> bool:
        try:
            _record(database, 2, NOW)
        except Rejected:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(post, range(4))) == [False, False, False, True]


def test_a_step_for_which_the_document_states_no_clock_is_reported_on_in_three_working_days(database: Database) -> None:
    reading = small_reading()
    step = replace(reading.items[1], cadences=())
    city = open_owed_city(database, reading=replace(reading, items=(reading.items[0], step)))
    _record(city.database, 2, NOW)
    with database.reading() as session:
        asked = (
            select(col(SeriesRow.kind), col(PeriodRow.due_at))
            .join(PeriodRow, col(PeriodRow.series_id) == col(SeriesRow.id))
            .where(col(SeriesRow.trigger_id).is_not(None))
        )
        assert session.execute(asked).all() == [("on_event", end_of_day(date(2022, 10, 25)))]
