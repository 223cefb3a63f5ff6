"""An extension asked for on the last day: nothing is held against the unit while the office decides."""

from datetime import date, datetime, timedelta

import pytest

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.filings import ExtensionTooLate, NotAnExtension
from tracker.domain.owed import Paper, overdue_from
from tracker.steps.raising import DisputeTooLate
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.owed_lists import count_overdue
from tracker.store.queries.paper import paper_counts, paper_lines
from tracker.store.queries.series_page import series_page
from tracker.store.tables.series import PeriodRow
from tracker.usecases.moving_due import DueBeforeOpening, move_due
from tracker.usecases.requesting import (
    RequestExtension,
    dispute_share,
    grant_extension,
    refuse_request,
    request_extension,
)

ON_THE_DUE_DAY = at(10, 10, hour=23)
DECIDED = at(10, 20)
UNTIL = date(2022, 10, 31)


@pytest.fixture
def city(database: Database) -> OwedCity:
    """The lead's first form is due on 10 October, the next one on 3 November."""
    city = open_owed_city(database)
    city.grow(at(10, 2))
    return city


def _ask(city: OwedCity) -> int:
    command = RequestExtension(city.rows("swj")["2022-09"].id or 0, UNTIL, "等统计口径")
    with city.database.transaction() as session:
        return request_extension(session, command, actor=city.liaison("swj"), at=ON_THE_DUE_DAY)


def test_nothing_is_held_against_a_unit_that_asked_on_the_due_day_and_is_granted_ten_days_later(city: OwedCity) -> None:
    following = city.rows("swj")["2022-10"]
    request_id = _ask(city)
    with city.database.reading() as session:
        assert count_overdue(session, now=at(10, 19), unit_ids=EVERY_UNIT) == 0
        counts = paper_counts(paper_lines(session, now=at(10, 19), unit_id=city.unit_id("swj")))
        assert (counts.parts[Paper.PENDING], counts.parts[Paper.UNREPORTED]) == (1, 0)
    with city.database.transaction() as session:
        grant_extension(session, request_id=request_id, actor=OFFICE, at=DECIDED, by=BY)
    city.file("swj", "2022-09", when=at(10, 31, hour=20))
    row = city.rows("swj")["2022-09"]
    assert (row.due_at, row.late) == (end_of_day(UNTIL), False)
    assert city.rows("swj")["2022-10"] == following
    assert_reckoned(city.database)


def test_a_later_look_back_holds_nothing_against_it_either(city: OwedCity) -> None:
    request_id = _ask(city)
    with city.database.transaction() as session:
        refuse_request(session, request_id=request_id, reason="理由不充分", actor=OFFICE, at=DECIDED, by=BY)
    with city.database.reading() as session:
        views = fold(session, cut(session, as_of=at(10, 19))).views()
    [overdue_on] = [overdue_from(view) for view in views if view.unit_id == city.unit_id("swj")]
    assert overdue_on == end_of_day(date(2022, 11, 3))


def test_what_is_filed_while_the_office_decides_is_late_or_not_by_the_decision(city: OwedCity) -> None:
    request_id = _ask(city)
    city.file("swj", "2022-09", when=at(10, 18))
    assert city.rows("swj")["2022-09"].late is None
    with city.database.transaction() as session:
        refuse_request(session, request_id=request_id, reason="理由不充分", actor=OFFICE, at=DECIDED, by=BY)
    assert city.rows("swj")["2022-09"].late is False


def test_an_extension_asked_for_after_the_due_day_is_refused(city: OwedCity) -> None:
    command = RequestExtension(city.rows("swj")["2022-09"].id or 0, UNTIL, "等统计口径")
    with pytest.raises(ExtensionTooLate), city.database.transaction() as session:
        request_extension(session, command, actor=city.liaison("swj"), at=at(10, 11, hour=0))


def test_no_time_is_granted_that_the_unit_has_anyway(city: OwedCity) -> None:
    request_id = _ask(city)
    with pytest.raises(NotAnExtension), city.database.transaction() as session:
        grant_extension(
            session, request_id=request_id, actor=OFFICE, at=at(10, 10), by=BY, new_due_on=date(2022, 10, 10)
        )


def test_a_share_is_disputed_until_the_second_working_day_after_it_was_given_is_over(city: OwedCity) -> None:
    def dispute(when: datetime) -> None:
        with city.database.transaction() as session:
            share_id, liaison = city.share("swj").id or 0, city.liaison("swj")
            dispute_share(session, assignment_id=share_id, reason="非我单位职责", actor=liaison, at=when, by=BY)

    with pytest.raises(DisputeTooLate):
        dispute(at(8, 30, hour=0))
    dispute(at(8, 29, hour=23))
    assert city.share("swj").state == "disputed"


def test_the_office_moves_no_row_to_before_its_form_takes_reports(city: OwedCity) -> None:
    row_id = city.rows("swj")["2022-10"].id or 0
    with city.database.reading() as session:
        form = session.get_one(PeriodRow, city.rows("swj")["2022-10"].period_id)
        page = series_page(session, series_id=form.series_id, unit_ids=EVERY_UNIT, now=at(10, 5))
    assert page is not None
    earliest = next(row.earliest_on for period in page.periods for row in period.rows if row.row_id == row_id)
    assert earliest == local_day(form.opens_at)

    def move(day: date) -> None:
        with city.database.transaction() as session:
            move_due(session, row_id=row_id, new_due_on=day, reason="急需", actor=OFFICE, at=at(10, 5))

    with pytest.raises(DueBeforeOpening):
        move(earliest - timedelta(days=1))
    move(earliest)
    assert city.rows("swj")["2022-10"].due_at == end_of_day(earliest)
