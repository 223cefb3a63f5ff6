"""A returned report shows by when it is corrected only where somebody corrects it, on the page and in its story."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.support.announced import announced
from tests.support.databases import fresh_sqlite
from tests.support.office import City
from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.site import Site
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind, ReturnReason
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.parts import NewShare
from tracker.domain.plan_ends import PlanEnd
from tracker.steps.lapsing import lapse_expired
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import cancel_task
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import add_share, release_share

LATER = at(1, 9, year=2023)


def _return(city: OwedCity, report_id: int) -> None:
    with city.database.transaction() as session:
        said = {"reason": "缺少数据", "reason_class": ReturnReason.FIGURES, "actor": OFFICE, "at": LATER, "by": BY}
        return_report(session, report_id=report_id, **said)  # type: ignore[arg-type] # by name


def _cancel(city: OwedCity) -> None:
    with city.database.transaction() as session:
        cancel_task(session, task_id=city.task_id(), reason="职能划转", actor=OFFICE, at=LATER)


def _another_lead(city: OwedCity) -> None:
    with city.database.transaction() as session:
        lead = NewShare(city.unit_id("wjw"), AssignmentRole.LEAD, Duty.REPORT)
        add_share(session, task_id=city.task_id(), share=lead, reason="共同牵头", actor=OFFICE, at=at(9, 1), by=BY)


def _unasked_completion(city: OwedCity) -> int:
    content = RowContent(text="9月15日全部建成并投入使用。", claim=Claim.DONE)
    when = at(9, 26)
    with city.database.transaction() as session:
        command = SubmitOne(FilingKind.COMPLETION, Entry(city.share("swj").id or 0, content, city.values()))
        filing_id = submit_one(session, command, actor=city.liaison("swj"), at=when)
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=when)
    return 1


def _cancelled_first(city: OwedCity) -> None:
    report_id = city.file("swj", "2022-09", when=at(9, 27))
    _cancel(city)
    _return(city, report_id)


def _cancelled_after(city: OwedCity) -> None:
    _return(city, city.file("swj", "2022-09", when=at(9, 27)))
    _cancel(city)


def _share_ended_first(city: OwedCity) -> None:
    report_id = city.file("swj", "2022-09", when=at(9, 27))
    _another_lead(city)
    with city.database.transaction() as session:
        share_id = city.share("swj").id or 0
        release_share(session, assignment_id=share_id, reason="职能划转", actor=OFFICE, at=at(10, 9), by=BY)
    _return(city, report_id)


def _completion_of_a_cancelled_task(city: OwedCity) -> None:
    report_id = _unasked_completion(city)
    _cancel(city)
    _return(city, report_id)


def _another_leads_closing_report_was_accepted(city: OwedCity) -> None:
    _another_lead(city)
    with city.database.transaction() as session:
        lapse_expired(session, now=at(1, 1, year=2023), by=BY)
    mine, other = (city.file(code, "closing", when=at(1, 5, year=2023)) for code in ("swj", "wjw"))
    with city.database.transaction() as session:
        accept_report(session, report_id=other, actor=OFFICE, at=at(1, 6, year=2023))
    assert city.task().state == "completed"
    _return(city, mine)


def _goes_on(city: OwedCity) -> None:
    _return(city, city.file("swj", "2022-09", when=at(9, 27)))


def _completion_that_goes_on(city: OwedCity) -> None:
    _return(city, _unasked_completion(city))


_ENDED: list[Callable[[OwedCity], None]] = [
    _cancelled_first,
    _cancelled_after,
    _share_ended_first,
    _completion_of_a_cancelled_task,
    _another_leads_closing_report_was_accepted,
]


@pytest.mark.parametrize("play", [*_ENDED, _goes_on, _completion_that_goes_on])
def test_a_day_of_correction_is_shown_where_there_is_one(tmp_path: Path, play: Callable[[OwedCity], None]) -> None:
    plan = replace(small_reading(), plan_end=PlanEnd(date(2022, 12, 31)))
    city = open_owed_city(fresh_sqlite(tmp_path), reading=plan)
    site = Site(city.database, tmp_path, city=City(city.database))
    play(city)
    assert_reckoned(city.database)
    site.clock.at = LATER
    told = announced(city.database, "report.given_back", to=())
    for login in ("swj", "office"):
        with site.client(login) as client:
            page = client.get(f"/tasks/{city.task_id()}").get_data(as_text=True)
        reports, story = page.split('id="h-log"')
        days, stands = (("前补正" in reports, "前补正" in story), ("不需补正" in reports, "不需补正" in story))
        if play is _cancelled_after:  # there was a day when it was returned, and that is history
            assert (days, stands) == ((False, True), (True, False))
        else:
            goes_on = play not in _ENDED
            assert (days, stands) == ((goes_on, goes_on), (not goes_on, not goes_on))
    if play is not _cancelled_after:
        assert all(("不需补正" in row.reason) == (play in _ENDED) for row in told)
        assert told or play is _share_ended_first
