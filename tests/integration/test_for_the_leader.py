"""What only the leader decides is held against what is granted, not only against what was asked for."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, LEADER, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.accounts import Actor, NotYourTask
from tracker.domain.calendar import end_of_day
from tracker.domain.items import Basis
from tracker.domain.plan_ends import PlanEnd
from tracker.domain.readings.demands import Deadline
from tracker.steps.for_the_leader import LeaderDecides
from tracker.store.database import Database
from tracker.store.tables.filings import RequestRow
from tracker.usecases.moving_due import move_due
from tracker.usecases.requesting import RequestExtension, grant_extension, request_extension
from tracker.usecases.sharing import change_deadline

PRINTED, EARLIER = date(2022, 10, 31), date(2022, 9, 30)
WITHIN, PAST = date(2022, 10, 28), date(2022, 11, 15)
ASKED, DECIDED = at(10, 8), at(10, 9)


@pytest.fixture(params=["deadline", "expiry"])
def city(database: Database, request: pytest.FixtureRequest) -> OwedCity:
    """The document prints 31 October, as the item's deadline or as its own last day; each month is reported."""
    by_item = request.param == "deadline"
    reading = small_reading(expires_on=None if by_item else PRINTED)
    deadline = Deadline(PRINTED, Basis.STATED, "全年") if by_item else None
    item = replace(reading.items[0], deadline=deadline, targets=())
    city = open_owed_city(database, reading=replace(reading, items=(item, *reading.items[1:])))
    city.grow(at(10, 2))
    return city


@pytest.fixture
def completing(city: OwedCity) -> OwedCity:
    """The office wants the work done by 30 September: its completion is due on 10 October."""
    with city.database.transaction() as session:
        change_deadline(
            session, task_id=city.task_id(), new_on=EARLIER, reason="会议议定", actor=OFFICE, at=at(9, 1), by=BY
        )
    assert city.rows("swj")["2022-09"].final
    return city


def _ask(city: OwedCity, until: date, *, when: datetime = ASKED) -> RequestRow:
    with city.database.transaction() as session:
        command = RequestExtension(city.rows("swj")["2022-09"].id or 0, until, "等统计口径")
        request_id = request_extension(session, command, actor=city.liaison("swj"), at=when)
    with city.database.reading() as session:
        return session.get_one(RequestRow, request_id)


def _grant(city: OwedCity, request: RequestRow, *, by: Actor, day: date | None = None) -> None:
    with city.database.transaction() as session:
        grant_extension(
            session, request_id=request.id or 0, actor=by, at=DECIDED, by=BY, new_due_on=day, reason="统筹安排"
        )


def _move(city: OwedCity, day: date, *, by: Actor) -> None:
    with city.database.transaction() as session:
        row_id = city.rows("swj")["2022-09"].id or 0
        move_due(session, row_id=row_id, new_due_on=day, reason="统筹安排", actor=by, at=DECIDED)


def _due_at(city: OwedCity) -> datetime | None:
    return city.rows("swj")["2022-09"].due_at


def test_a_completion_past_a_printed_date_is_asked_of_the_leader(completing: OwedCity) -> None:
    asked = _ask(completing, PAST)
    assert asked.by_leader
    with pytest.raises(LeaderDecides):
        _grant(completing, asked, by=OFFICE)
    _grant(completing, asked, by=LEADER)
    assert _due_at(completing) == end_of_day(PAST)
    assert_reckoned(completing.database)


def test_the_office_grants_another_day_than_was_asked_up_to_the_printed_date_only(completing: OwedCity) -> None:
    asked = _ask(completing, WITHIN)
    with pytest.raises(NotYourTask):
        _grant(completing, asked, by=LEADER)
    with pytest.raises(LeaderDecides):
        _grant(completing, asked, by=OFFICE, day=PAST)
    _grant(completing, asked, by=OFFICE, day=PRINTED)
    assert _due_at(completing) == end_of_day(PRINTED)
    assert_reckoned(completing.database)


def test_a_second_extension_is_asked_of_the_leader(completing: OwedCity) -> None:
    _grant(completing, _ask(completing, date(2022, 10, 20)), by=OFFICE)
    again = _ask(completing, WITHIN, when=at(10, 10))
    assert again.by_leader
    _grant(completing, again, by=LEADER)
    assert _due_at(completing) == end_of_day(WITHIN)


def test_the_leader_alone_moves_a_completion_to_after_the_printed_date(completing: OwedCity) -> None:
    _move(completing, PRINTED, by=OFFICE)
    with pytest.raises(LeaderDecides):
        _move(completing, PAST, by=OFFICE)
    _move(completing, PAST, by=LEADER)
    assert _due_at(completing) == end_of_day(PAST)
    _move(completing, date(2022, 11, 8), by=OFFICE)  # less time is the office's to give
    assert _due_at(completing) == end_of_day(date(2022, 11, 8))
    assert_reckoned(completing.database)


def test_the_end_of_a_plan_is_the_offices_own_and_binds_no_deadline(database: Database) -> None:
    city = open_owed_city(database, reading=replace(small_reading(), plan_end=PlanEnd(PRINTED)))
    facts = {"new_on": PAST, "reason": "会议议定", "actor": OFFICE, "at": at(9, 1), "by": BY}
    with database.transaction() as session:
        change_deadline(session, task_id=city.task_id(), **facts)  # type: ignore[arg-type] # by name
    assert city.task().due_on == PAST
    assert_reckoned(database)


def test_an_ordinary_report_gets_time_past_the_printed_date_from_the_office(city: OwedCity) -> None:
    assert not city.rows("swj")["2022-09"].final
    asked = _ask(city, PAST)
    assert not asked.by_leader
    _grant(city, asked, by=OFFICE)
    assert _due_at(city) == end_of_day(PAST)
    _move(city, date(2022, 11, 30), by=OFFICE)
    with city.database.reading() as session:
        states = session.scalars(select(col(RequestRow.state)).order_by(col(RequestRow.id))).all()
    assert states == ["granted"]
