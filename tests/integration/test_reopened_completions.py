"""Work that is taken up again is asked for anew, whatever other leads had handed in before it was accepted."""

from datetime import date, datetime

import pytest

from tests.support.completing import DAY, do, due_of, standing_at, stands, started
from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at
from tracker.domain.filings import ReportState
from tracker.domain.light_kinds import LightReason
from tracker.domain.progress import Work
from tracker.store.database import Database
from tracker.store.tables.filings import ReportRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import reopen_task

_UNTIL = date(2022, 12, 20)


def _accept(city: OwedCity, report_id: int, when: datetime) -> None:
    do(city, lambda session: accept_report(session, report_id=report_id, actor=OFFICE, at=when))


def _reopen(city: OwedCity, when: datetime, until: date | None) -> None:
    task_id = city.task_id()
    do(
        city,
        lambda session: reopen_task(
            session, task_id=task_id, reason="复核", actor=OFFICE, at=when, by=BY, new_deadline_on=until
        ),
    )


def _state(city: OwedCity, report_id: int) -> str:
    with city.database.reading() as session:
        return session.get_one(ReportRow, report_id).state


@pytest.mark.parametrize("until", [_UNTIL, None], ids=["with a new deadline", "with the old one"])
@pytest.mark.parametrize("first", [True, False], ids=["outside forms", "in its form"])
def test_what_another_lead_handed_in_before_speaks_for_no_later_work(
    database: Database, first: bool, until: date | None
) -> None:
    """Two leads ask to be done; the office accepts the one of them, and takes the work up again."""
    city = started(database, "swj", "wjw")
    due = due_of(city, "swj")
    city.file("wjw", "2022-11", when=due - 6 * DAY)
    told = {"wjw": city.complete("wjw", when=due - 3 * DAY), "swj": city.file("swj", "2022-11", when=due - 2 * DAY)}
    accepted, other = (told["swj"], told["wjw"]) if first else (told["wjw"], told["swj"])
    _accept(city, accepted, due - DAY)
    assert (_state(city, other), standing_at(city, due).work.work) == (ReportState.FILED, Work.COMPLETED_MET)
    _reopen(city, due + 2 * DAY, until)
    assert _state(city, other) == ReportState.RETURNED
    assert standing_at(city, due + 3 * DAY).work.work is not Work.COMPLETION_PENDING
    assert_reckoned(database)
    city.grow(at(12, 30))
    work, _light, lines = stands(city, at(3, 1, year=2023))
    assert work is Work.OVERDUE_WORK
    assert "市商务局" in lines
    held = [row for code in ("swj", "wjw") for row in city.rows(code).values() if row.pending_at is not None]
    assert held == []


def test_what_a_merger_brought_beside_the_accepted_one_speaks_for_no_later_work_either(database: Database) -> None:
    city = started(database, "swj", "wjw")
    due = due_of(city, "swj")
    city.file("wjw", "2022-11", when=due - 6 * DAY)
    brought = city.complete("wjw", when=due - 5 * DAY)
    accepted = city.complete("swj", when=due - 4 * DAY)
    city.merge("wjw", "swj", due - 3 * DAY)
    _accept(city, accepted, due - 2 * DAY)
    _reopen(city, due + 2 * DAY, _UNTIL)
    assert _state(city, brought) == ReportState.RETURNED
    city.grow(at(12, 30))
    assert stands(city, at(3, 1, year=2023)) == (Work.OVERDUE_WORK, LightReason.NOT_COMPLETED, ["市商务局"])
    assert_reckoned(database)
