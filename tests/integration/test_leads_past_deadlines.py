"""What decides whether a lead is named for a deadline: a correction in its days, and when it first said it was done."""

from datetime import datetime, timedelta

from tests.support.completing import DAY, due_of, give_back, started
from tests.support.owed_city import OwedCity
from tracker.domain.calendar import local_day
from tracker.domain.circulars.led import LeadPart, LedFacts
from tracker.domain.progress import Work
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of

_HOUR = timedelta(hours=1)


def _leads(city: OwedCity, at: datetime) -> LedFacts:
    with city.database.reading() as session:
        return facts_as_of(session, as_of=at).leads


def _part(city: OwedCity, at: datetime) -> LeadPart:
    [part] = [part for part in _leads(city, at).parts if part.unit == "市商务局"]
    return part


def test_who_was_given_a_late_completion_back_has_the_days_for_correcting_it(database: Database) -> None:
    city = started(database, "swj")
    due = due_of(city, "swj")
    report_id = city.file("swj", "2022-11", when=due + 3 * DAY)
    assert _part(city, due + 3 * DAY + _HOUR).completed_on == local_day(due + 3 * DAY)
    give_back(city, report_id, due + 4 * DAY)
    until = city.rows("swj")["2022-11"].correction_due_at
    assert until is not None
    running, over = _part(city, until - _HOUR), _part(city, until + _HOUR)
    assert (running.work.work, running.mending) == (Work.OVERDUE_WORK, True)
    assert (over.work.work, over.mending) == (Work.OVERDUE_WORK, False)
    assert running.completed_on is None, "given back for its content it says nothing was done"


def test_who_is_given_it_back_again_has_used_his_days(database: Database) -> None:
    city = started(database, "swj")
    due = due_of(city, "swj")
    give_back(city, city.file("swj", "2022-11", when=due + 3 * DAY), due + 4 * DAY)
    until = city.rows("swj")["2022-11"].correction_due_at
    assert until is not None
    give_back(city, city.file("swj", "2022-11", when=until - 2 * _HOUR), until - _HOUR)
    again = city.rows("swj")["2022-11"].correction_due_at
    assert again is not None
    assert again > until
    assert not _part(city, until - _HOUR / 2).mending


def test_of_a_completion_told_on_no_form_a_return_counts_as_of_any(database: Database) -> None:
    city = started(database, "swj")
    asked = due_of(city, "swj") - 10 * DAY
    report_id = city.complete("swj", when=asked)
    assert _part(city, asked + _HOUR).completed_on == local_day(asked)
    give_back(city, report_id, asked + 2 * _HOUR)
    leads = _leads(city, asked + 3 * _HOUR)
    assert (leads.held_up, [one.unit for one in leads.given_back]) == (frozenset({"市商务局"}), ["市商务局"])
    assert _part(city, asked + 3 * _HOUR).completed_on is None
    assert _part(city, asked + 3 * _HOUR).mending
    city.complete("swj", when=asked + DAY)
    assert _part(city, asked + DAY + _HOUR).completed_on == local_day(asked + DAY)


def test_before_anything_was_filed_nothing_is_mended(database: Database) -> None:
    city = started(database, "swj")
    late = _part(city, due_of(city, "swj") + DAY)
    assert (late.work.work, late.mending, late.completed_on) == (Work.OVERDUE_WORK, False, None)
