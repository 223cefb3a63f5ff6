"""The office says how a task is reported after 交办: 列为重点, 取消重点, and what waits or is undone."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, LEADER, OwedCity, at
from tests.support.report_demands import (
    K,
    ask_for_time,
    assert_told,
    choose,
    demanding_city,
    is_overdue,
    key,
    lift,
    nothing,
    open_rows,
    standing,
    write,
)
from tracker.store.database import Database
from tracker.store.queries.requirements import requirements_of
from tracker.store.tables.filings import RequestRow
from tracker.usecases.filing import sign_off
from tracker.usecases.moving_due import move_due
from tracker.usecases.requesting import dispute_share


def test_a_key_item_is_reported_monthly_from_the_running_window_on_and_nobody_is_overdue(database: Database) -> None:
    city = demanding_city(database)
    key(city, at(10, 12))
    assert city.states("swj") == {"2022Q4": "waived", "2022-10": "open", "2022-11": "open", "2023Q1": "waived"}
    assert not is_overdue(city, at(10, 12))
    assert (city.task().is_key, city.task().key_reason) == (True, "市长点题")
    with database.reading() as session:
        [asked] = requirements_of(session, city.task().item_id).rhythms
    assert (asked.kind, asked.by.basis) == ("monthly", "default")
    assert_told(city, at(10, 12))


def test_a_month_of_which_less_than_half_is_left_is_not_asked_for(database: Database) -> None:
    city = demanding_city(database)
    key(city, at(10, 25))
    assert open_rows(city) == ["2022-11"]


def test_what_is_no_key_item_any_more_is_reported_as_before_from_then_on(database: Database) -> None:
    city = demanding_city(database)
    key(city, at(10, 12))
    city.grow(at(11, 2))
    lift(city, at(11, 2))
    assert open_rows(city) == ["2022-10", "2022Q4", "2023Q1"]
    assert (city.task().is_key, city.task().key_reason) == (False, None)
    assert not is_overdue(city, at(11, 2))
    assert_told(city, at(11, 2))


def test_what_a_unit_owes_for_the_time_before_stays_owed_by_its_moment(database: Database) -> None:
    city = demanding_city(database, grown=at(1, 5, year=2023))
    key(city, at(1, 5, year=2023))
    assert open_rows(city) == ["2022Q4", "2023-01", "2023-02"]
    assert not is_overdue(city, at(1, 5, year=2023))
    lift(city, at(2, 10, year=2023))
    assert is_overdue(city, at(2, 10, year=2023))
    assert sorted(open_rows(city)) == ["2022Q4", "2023-01", "2023Q1", "2023Q2"]
    assert_told(city, at(2, 10, year=2023))


def _leader_moves(city: OwedCity) -> None:
    with city.database.transaction() as session:
        row_id, day = city.rows("swj")["2022Q4"].id or 0, date(2023, 3, 1)
        move_due(session, row_id=row_id, new_due_on=day, reason="统筹", actor=LEADER, at=at(10, 11))


def _dispute(city: OwedCity) -> None:
    with city.database.transaction() as session:
        share_id, liaison = city.share("swj").id or 0, city.liaison("swj")
        dispute_share(session, assignment_id=share_id, reason="职能不符", actor=liaison, at=at(8, 26), by=BY)


@pytest.mark.parametrize("before", [nothing, _leader_moves, _dispute])
@pytest.mark.parametrize("deadline_on", [None, date(2022, 11, 20)])
def test_an_act_that_is_undone_the_same_day_leaves_what_was_before(
    database: Database, before: Callable[[OwedCity], None], deadline_on: date | None
) -> None:
    city = demanding_city(database, deadline_on=deadline_on)
    before(city)
    before_it = standing(city)
    key(city, at(10, 12))
    keyed = standing(city)
    assert keyed != before_it
    lift(city, at(10, 12, hour=10))
    assert standing(city) == before_it
    key(city, at(10, 12, hour=11))
    assert standing(city) == keyed
    assert_told(city, at(10, 12, hour=11))
    lift(city, at(10, 12, hour=12))
    choose(city, K.BIMONTHLY, at(10, 12, hour=13))
    choose(city, K.QUARTERLY, at(10, 12, hour=14))
    assert standing(city) == before_it
    assert_told(city, at(10, 12, hour=14))


def test_a_report_that_waits_for_its_signature_is_signed_all_the_same(database: Database) -> None:
    city = demanding_city(database)
    filing_id = write(city, "2022Q4", at(12, 15))
    key(city, at(12, 15, hour=10))
    assert open_rows(city) == ["2022Q4", "2022-12", "2023-01"]
    with database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at(12, 15, hour=11))
    assert city.states("swj")["2022Q4"] == "filed"
    lift(city, at(12, 15, hour=12))
    assert city.states("swj")["2022Q4"] == "filed"
    assert_told(city, at(12, 15, hour=12))


def test_a_row_that_waits_for_an_extension_goes_on_waiting(database: Database) -> None:
    city = demanding_city(database)
    ask_for_time(city, "2022Q4", at(12, 1))
    key(city, at(12, 1, hour=10))
    row = city.rows("swj")["2022Q4"]
    assert (row.state, row.pending_at) == ("open", at(12, 1))
    with database.reading() as session:
        assert session.scalars(select(col(RequestRow.state))).all() == ["pending"]
    assert_told(city, at(12, 1, hour=10))
