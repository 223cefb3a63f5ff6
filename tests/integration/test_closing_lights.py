"""A closing report is late by the moment that presses: light and list say the same of a lapsed task."""

from datetime import date, datetime

from tests.support.completing import ask_for_more, decide_extension, give_back, stands
from tests.support.owed_city import BY, OwedCity, assert_reckoned, at, open_owed_city
from tracker.domain.deliveries import Outgoing
from tracker.domain.light_kinds import LightReason
from tracker.domain.progress import Work
from tracker.store.database import Database
from tracker.usecases.sweeping import sweep

_RED = (Work.LAPSED, LightReason.CLOSING_OVERDUE, ["市商务局"])
_AWAITED: tuple[Work, LightReason, list[str]] = (Work.LAPSED, LightReason.LAPSED_AWAITS_CLOSING, [])


def _sweep(city: OwedCity, now: datetime) -> None:
    sweep(city.database, now=now, by=BY, outgoing=Outgoing(mail=False, machine_now=now))


def _lapsed(database: Database) -> OwedCity:
    """The document ended on 20 December; the closing report is due by 12 January."""
    city = open_owed_city(database, expires_on=date(2022, 12, 20))
    for period, day in (("2022-09", at(9, 28)), ("2022-10", at(10, 31)), ("2022-11", at(11, 28))):
        _sweep(city, day)
        city.file("swj", period, when=day)
    _sweep(city, at(12, 22))
    return city


def test_a_closing_report_that_is_corrected_is_late_with_its_correction(database: Database) -> None:
    city = _lapsed(database)
    give_back(city, city.file("swj", "closing", when=at(1, 11, year=2023)), at(1, 12, year=2023))
    corrected_by = city.rows("swj")["closing"].correction_due_at
    assert corrected_by is not None
    assert stands(city, at(1, 14, year=2023)) == _AWAITED
    assert stands(city, corrected_by) == _RED
    assert_reckoned(database)


def test_a_closing_report_waits_for_the_answer_to_more_time(database: Database) -> None:
    city = _lapsed(database)
    until = date(2023, 2, 10)
    ask_for_more(city, "swj", "closing", until, at(1, 10, year=2023))
    assert stands(city, at(2, 1, year=2023)) == _AWAITED
    decide_extension(city, granted=True, when=at(2, 1, year=2023))
    assert stands(city, at(2, 2, year=2023)) == _AWAITED
    assert stands(city, at(2, 13, year=2023)) == _RED
