"""What time brings about, however often and in whatever order the sweeps run."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import col, select

from tests.support.office import CALENDAR, ISSUED_AT, OFFICE, POLICY, City, open_city
from tests.support.readings import small_reading, small_registry
from tracker.domain.accounts import SYSTEM, NotYourTask
from tracker.domain.errors import NotFound
from tracker.domain.lifecycle import TaskState
from tracker.store.database import Database
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import AssignmentRow, PeriodRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.deadlines import lapse_expired, open_periods, record_missed, record_overdue
from tracker.usecases.issuing import approve_document, issue_document
from tracker.usecases.registration import register_document, register_units
from tracker.usecases.triggers import NotWaiting, RecordTrigger, record_trigger


def _at(year: int, month: int, day: int, hour: int = 1) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.fixture
def city(database: Database) -> City:
    return open_city(database)


def _open(city: City, now: datetime) -> int:
    with city.database.transaction() as session:
        return open_periods(session, now=now, calendar=CALENDAR, policy=POLICY)


def _count(city: City, event_type: str) -> int:
    with city.database.reading() as session:
        return len(session.exec(select(EventRow.seq).where(col(EventRow.type) == event_type)).all())


def test_the_lead_carries_the_stated_cadence_and_the_members_the_offices(city: City) -> None:
    with city.database.reading() as session:
        rows = session.exec(
            select(UnitRow.code, PeriodRow.code, PeriodRow.due_on)
            .select_from(PeriodRow)
            .join(AssignmentRow)
            .join(UnitRow)
        )
        assert set(rows) == {
            ("swj", "2022-08", date(2022, 9, 5)),
            ("yc", "2022Q3", date(2022, 10, 10)),
            ("sp", "2022Q3", date(2022, 10, 10)),
        }


def test_opening_again_opens_nothing_and_a_new_month_leaves_the_old_row(city: City) -> None:
    assert _open(city, ISSUED_AT) == 0
    assert _open(city, _at(2022, 8, 31, 15)) == 0
    assert _open(city, _at(2022, 8, 31, 16)) == 1
    assert _open(city, _at(2022, 8, 31, 16)) == 0
    with city.database.reading() as session:
        assert city.period("swj", session).version == 1
        assert city.period("swj", session, name="2022-09").due_on == date(2022, 10, 10)


def test_a_sweep_after_a_long_silence_opens_all_that_should_exist(city: City) -> None:
    assert _open(city, _at(2022, 11, 1)) == 5


@pytest.mark.parametrize(("now", "events"), [(_at(2022, 9, 5, 15), 0), (_at(2022, 9, 5, 16), 1)])
def test_a_period_is_overdue_when_its_due_day_is_over_in_shanghai(city: City, now: datetime, events: int) -> None:
    for _ in range(3):
        with city.database.transaction() as session:
            record_overdue(session, now=now)
    assert _count(city, "period.overdue") == events


def test_an_overdue_month_is_missed_when_the_next_one_has_ended(city: City) -> None:
    for now, missed in [(_at(2022, 9, 30), 0), (_at(2022, 10, 1), 1), (_at(2022, 10, 1), 0)]:
        with city.database.transaction() as session:
            assert record_missed(session, now=now) == missed
    with city.database.reading() as session:
        assert city.period("swj", session).state == "missed"


def test_a_waiting_task_opens_no_period_until_its_event_is_recorded(city: City) -> None:
    _open(city, _at(2023, 6, 1))
    with city.database.reading() as session:
        waiting = city.assignment("wjw", session)
        assert session.exec(select(PeriodRow).where(PeriodRow.assignment_id == waiting.id)).all() == []
    happened = _at(2022, 10, 1, 4)
    command = RecordTrigger(task_id=waiting.task_id, occurred_at=happened, matter="发现一例输入病例")
    with city.database.transaction() as session:
        assert record_trigger(session, command, actor=OFFICE, at=_at(2022, 10, 1, 5), calendar=CALENDAR) == 1
    with city.database.reading() as session:
        period = session.exec(select(PeriodRow).where(PeriodRow.assignment_id == waiting.id)).one()
        assert (period.due_at, period.due_on) == (_at(2022, 10, 2, 4), date(2022, 10, 2))


def test_only_a_waiting_task_takes_an_event_and_only_from_the_office(city: City) -> None:
    command = RecordTrigger(task_id=1, occurred_at=ISSUED_AT, matter="无")
    with pytest.raises(NotWaiting), city.database.transaction() as session:
        record_trigger(session, command, actor=OFFICE, at=ISSUED_AT, calendar=CALENDAR)
    with pytest.raises(NotYourTask), city.database.transaction() as session:
        record_trigger(session, command, actor=city.liaison("swj"), at=ISSUED_AT, calendar=CALENDAR)
    unknown = RecordTrigger(task_id=99, occurred_at=ISSUED_AT, matter="无")
    with pytest.raises(NotFound), city.database.transaction() as session:
        record_trigger(session, unknown, actor=OFFICE, at=ISSUED_AT, calendar=CALENDAR)


def test_tasks_lapse_on_the_day_after_their_document_expires(database: Database) -> None:
    with database.transaction() as session:
        register_units(session, small_registry())
        reading = small_reading(expires_on=date(2022, 12, 31))
        register_document(session, reading, actor=SYSTEM, at=ISSUED_AT)
        approve_document(session, number=reading.number, basis="议定", actor=OFFICE, at=ISSUED_AT)
        issue_document(session, number=reading.number, actor=OFFICE, at=ISSUED_AT)
    for now, lapsed in [(_at(2022, 12, 31, 15), 0), (_at(2022, 12, 31, 16), 2), (_at(2023, 1, 5), 0)]:
        with database.transaction() as session:
            assert lapse_expired(session, now=now) == lapsed
    with database.reading() as session:
        assert {row.state for row in session.exec(select(TaskRow))} == {TaskState.LAPSED.value}
