"""Two accounts of one series wait for the head: in whatever order he signs or gives back, none of them is lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.support.office import FIRST, City
from tests.support.owed_city import OwedCity, assert_reckoned, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.filings import MissedWordsRequired
from tracker.domain.owed import is_overdue
from tracker.store.database import Database
from tracker.store.queries.forms import form_view
from tracker.store.queries.series import series_views
from tracker.usecases.filing import send_back, sign_off, withdraw

SECOND, THIRD = "2022-10", "2022-11"
NOW = datetime(2022, 11, 1, 1, 0, tzinfo=UTC)


@pytest.fixture
def city(database: Database) -> City:
    """市商务局 owes accounts of September, overdue, and of October, open: the rhythm of a short document."""
    reading = small_reading(expires_on=date(2023, 1, 31))
    monthly, waiting = reading.items
    open_owed_city(database, reading=replace(reading, items=(replace(monthly, cadences=()), waiting)))
    made = City(database)
    made.sweep(NOW)
    return made


def _later(hours: int) -> datetime:
    return NOW + timedelta(hours=hours)


def _sign(city: City, filing_id: int, hours: int) -> None:
    with city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=_later(hours))


def _send_back(city: City, filing_id: int, hours: int) -> None:
    with city.database.transaction() as session:
        send_back(session, filing_id=filing_id, reason="写明文号", actor=city.head("swj"), at=_later(hours))


def _withdraw(city: City, filing_id: int, hours: int) -> None:
    with city.database.transaction() as session:
        withdraw(session, filing_id=filing_id, actor=city.liaison("swj"), at=_later(hours))


def _ends(city: City, name: str, hours: int) -> tuple[str, ...]:
    with city.database.reading() as session:
        period_id, units = city.period("swj", session, name=name).id or 0, [city.unit_id("swj")]
        view = form_view(session, period_id=period_id, unit_ids=units, now=_later(hours))
    assert view is not None
    return view.ends


def _overdue(city: City, hours: int) -> bool:
    with city.database.reading() as session:
        (view,) = series_views(session, [city.series("swj", session).id or 0])
        return is_overdue(view, now=_later(hours))


def test_what_waits_for_the_head_is_not_missed_and_no_word_is_asked_on_it(city: City) -> None:
    assert _ends(city, SECOND, 0) == (FIRST,)
    with pytest.raises(MissedWordsRequired):
        city.submit(at=NOW, name=SECOND)
    city.submit(at=NOW)
    assert _ends(city, SECOND, 0) == ()
    city.submit(at=NOW, name=SECOND)
    assert_reckoned(city.database)


@pytest.mark.parametrize("later_first", [False, True])
@pytest.mark.parametrize("words", ["", "人员调整漏报"])
def test_both_leave_in_any_order_each_late_or_not_as_it_is(city: City, later_first: bool, words: str) -> None:
    earlier = city.submit(at=NOW)
    later = city.submit(at=_later(1), name=SECOND, missed_words=words)
    for hours, filing_id in enumerate((later, earlier) if later_first else (earlier, later), start=2):
        _sign(city, filing_id, hours)
        assert_reckoned(city.database)
    with city.database.reading() as session:
        rows = [city.row("swj", session, name=name) for name in (FIRST, SECOND)]
        assert [(row.state, row.late) for row in rows] == [("filed", True), ("filed", False)]


@pytest.mark.parametrize("stop", [_send_back, _withdraw])
@pytest.mark.parametrize("later_first", [False, True])
def test_an_earlier_account_that_comes_back_is_owed_until_it_is_made_up_for(
    city: City, later_first: bool, stop: Callable[[City, int, int], None]
) -> None:
    earlier, later = city.submit(at=NOW), city.submit(at=_later(1), name=SECOND)
    if later_first:
        _sign(city, later, 2)
        stop(city, earlier, 3)
    else:
        stop(city, earlier, 2)
        _sign(city, later, 3)
    assert (city.row_states()[FIRST], city.row_states()[SECOND]) == ("open", "filed")
    assert _overdue(city, 4)
    assert_reckoned(city.database)
    city.file(at=_later(5))
    assert city.row_states()[FIRST] == "filed"
    assert not _overdue(city, 6)
    assert_reckoned(city.database)


def test_an_earlier_account_that_came_back_ends_with_the_word_on_the_next(city: City) -> None:
    earlier, later = city.submit(at=NOW), city.submit(at=NOW, name=SECOND)
    _sign(city, later, 1)
    _send_back(city, earlier, 2)
    november = datetime(2022, 11, 28, 1, 0, tzinfo=UTC)
    city.sweep(november)
    with pytest.raises(MissedWordsRequired):
        city.file(at=november, name=THIRD)
    city.file(at=november, name=THIRD, missed_words="人员调整漏报")
    assert city.row_states()[FIRST] == "missed"
    assert_reckoned(city.database)


def test_a_correction_of_the_later_account_ends_nothing(city: City) -> None:
    earlier, later = city.submit(at=NOW), city.submit(at=NOW, name=SECOND)
    _sign(city, later, 1)
    _send_back(city, earlier, 2)
    city.give_back(later, at=_later(3))
    city.file(at=_later(4), name=SECOND, missed_words="人员调整漏报")
    assert (city.row_states()[FIRST], city.row_states()[SECOND]) == ("open", "filed")
    assert_reckoned(city.database)


def test_a_successor_signs_the_later_of_two_accounts_that_came_to_it(city: City) -> None:
    earlier, later = city.submit(at=NOW), city.submit(at=NOW, name=SECOND)
    OwedCity(city.database).merge("swj", "tjj", _later(1))
    for filing_id in (later, earlier):
        with city.database.transaction() as session:
            sign_off(session, filing_id=filing_id, actor=city.head("tjj"), at=_later(2))
        assert_reckoned(city.database)
    states = {**city.row_states(), **city.row_states("tjj")}
    assert (states[FIRST], states[SECOND]) == ("filed", "filed")


def test_words_on_one_period_end_no_other_that_was_under_way(city: City) -> None:
    november = datetime(2022, 11, 28, 1, 0, tzinfo=UTC)
    city.sweep(november)
    october = city.submit(at=november, name=SECOND, missed_words="9月人员调整")
    third = city.submit(at=november + timedelta(hours=1), name=THIRD, missed_words="9月人员调整")
    with city.database.transaction() as session:
        at = november + timedelta(hours=2)
        send_back(session, filing_id=october, reason="写明文号", actor=city.head("swj"), at=at)
    with city.database.transaction() as session:
        sign_off(session, filing_id=third, actor=city.head("swj"), at=november + timedelta(hours=3))
    assert (city.row_states()[FIRST], city.row_states()[SECOND]) == ("missed", "open")
    assert_reckoned(city.database)


@pytest.mark.parametrize("stop", [_send_back, _withdraw])
@pytest.mark.parametrize("apart", [0, 1])
@pytest.mark.parametrize("earlier_first", [False, True])
def test_an_earlier_account_with_a_word_on_it_that_came_back_meanwhile_is_not_missed(
    city: City, earlier_first: bool, apart: int, stop: Callable[[City, int, int], None]
) -> None:
    """The word may be written though both are; moments may be equal, as where a demonstration's clock stands."""
    if earlier_first:
        earlier = city.submit(at=NOW)
    later = city.submit(at=_later(apart), name=SECOND, missed_words="人员调整漏报")
    if not earlier_first:
        earlier = city.submit(at=_later(2 * apart))
    stop(city, earlier, 3 * apart)
    _sign(city, later, 4 * apart)
    assert (city.row_states()[FIRST], city.row_states()[SECOND]) == ("open", "filed")
    assert_reckoned(city.database)
    city.file(at=_later(5))
    assert city.row_states()[FIRST] == "filed"
    assert_reckoned(city.database)
