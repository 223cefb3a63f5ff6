"""What decides whether a lead is named for a deadline: a correction in its days, and when it first said it was done."""

from datetime import datetime, timedelta

from tests.support.completing import DAY, due_of, give_back, started
from tests.support.owed_city import OwedCity
from tracker.domain.calendar import local_day
from tracker.domain.circulars.led import LeadPart
from tracker.domain.progress import Work
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of

_HOUR = timedelta(hours=1)


def _part(city: OwedCity, at: datetime) -> LeadPart:
    with city.database.reading() as session:
        [part] = [part for part in facts_as_of(session, as_of=at).leads.parts if part.unit == "市商务局"]
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
    assert over.completed_on == local_day(due + 3 * DAY), "its first day, whatever became of it"


def test_before_anything_was_filed_nothing_is_mended(database: Database) -> None:
    city = started(database, "swj")
    late = _part(city, due_of(city, "swj") + DAY)
    assert (late.work.work, late.mending, late.completed_on) == (Work.OVERDUE_WORK, False, None)
