"""What the office gave back says nothing any more, neither its numbers nor its claim, until it is mended."""

import json
from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.events.shares import ShareMoved
from tracker.domain.filings import FilingKind, ReturnReason, day_spoken_of
from tracker.domain.items import AssignmentRole
from tracker.domain.progress import Work, WorkClass, WorkReason
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.identities import unit_facts
from tracker.store.history.log import cut
from tracker.store.history.work import past_classes
from tracker.store.queries.work import task_standings
from tracker.store.tables.events import EventRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.filing import SubmitOne, submit_one
from tracker.usecases.returning import return_report


@pytest.fixture
def city(database: Database) -> OwedCity:
    city = open_owed_city(database)
    city.grow(at(10, 31))
    return city


def _class(city: OwedCity, month: int, day: int) -> WorkClass:
    """Return the class of the lead's task at a moment, by the tables and by the log, which agree."""
    with city.database.reading() as session:
        [stands] = task_standings(session, now=at(month, day), by=BY, task_ids=[city.task_id()])
        until = cut(session, as_of=at(month, day))
        past = past_classes(session, fold(session, until), units=unit_facts(session, until=until))
        assert past[city.task_id()] == stands.work
        return stands.work


def _give_back(city: OwedCity, report_id: int, month: int, day: int) -> None:
    with city.database.transaction() as session:
        said = {"reason": "数字与统计口径不一致", "reason_class": ReturnReason.FIGURES}
        return_report(session, report_id=report_id, actor=OFFICE, at=at(month, day), by=BY, **said)  # type: ignore[arg-type] # by name


def test_a_returned_claim_counts_for_nothing_until_it_is_mended(city: OwedCity) -> None:
    report_id = city.file("swj", "2022-09", when=at(9, 29))
    found = _class(city, 9, 29)
    assert (found.work, found.own_claim) == (Work.ON_SCHEDULE, True)
    _give_back(city, report_id, 9, 30)
    found = _class(city, 9, 30)
    assert (found.work, found.reason, found.own_claim) == (Work.NOT_STARTED, WorkReason.NOT_DUE, False)
    city.file("swj", "2022-09", when=at(10, 9))
    assert _class(city, 10, 9).work is Work.ON_SCHEDULE
    assert_reckoned(city.database)


def test_what_was_confirmed_before_counts_again(city: OwedCity) -> None:
    first = city.file("swj", "2022-09", when=at(9, 29))
    with city.database.transaction() as session:
        accept_report(session, report_id=first, actor=OFFICE, at=at(9, 30))
    second = city.file("swj", "2022-10", when=at(11, 1))
    _give_back(city, second, 11, 2)
    found = _class(city, 11, 2)
    assert (found.work, found.own_claim) == (Work.ON_SCHEDULE, False)


def test_a_correction_that_runs_out_leaves_nothing_known(city: OwedCity) -> None:
    _give_back(city, city.file("swj", "2022-09", when=at(9, 29)), 9, 30)
    found = _class(city, 10, 20)
    assert (found.work, found.reason) == (Work.UNKNOWN, WorkReason.UNCORRECTED)


def _merge(city: OwedCity, into: str, day: int) -> None:
    city.merge("swj", into, at(10, day))


@pytest.mark.parametrize("into", ["wjw", "tjj", "yc"])
def test_what_was_accepted_of_a_lead_goes_on_counting_in_whatever_it_goes_up(city: OwedCity, into: str) -> None:
    report_id = city.file("swj", "2022-09", when=at(9, 29))
    with city.database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(9, 30))
    before = _class(city, 9, 30)
    _merge(city, into, 8)
    assert _class(city, 10, 8) == before
    assert city.share(into).state not in ("pending_receipt", "reassigned")
    assert_reckoned(city.database)


def test_of_two_reports_on_one_row_the_returned_one_counts_for_nothing(city: OwedCity) -> None:
    city.add_lead("wjw", at(8, 25))
    city.grow(at(10, 31))
    first = city.file("swj", "2022-09", when=at(9, 28), claim=Claim.DONE)
    city.file("wjw", "2022-09", when=at(9, 29))
    _merge(city, "wjw", 8)
    assert _class(city, 10, 8).reason is WorkReason.DONE_NOT_CLOSED
    _give_back(city, first, 10, 9)
    found = _class(city, 10, 9)
    assert (found.work, found.reason, found.own_claim) == (Work.ON_SCHEDULE, None, True)


@pytest.mark.parametrize(("old", "into", "goes_along"), [("yc", "swj", False), ("swj", "yc", True)])
def test_what_was_accepted_of_a_member_is_no_word_of_the_lead_in_which_it_goes_up(
    city: OwedCity, old: str, into: str, goes_along: bool
) -> None:
    city.merge(old, into, at(10, 8))
    with city.database.reading() as session:
        moved = session.scalars(select(col(EventRow.payload)).where(col(EventRow.type) == ShareMoved.type)).all()
    assert {json.loads(payload)["accepted_too"] for payload in moved} == {goes_along}


@pytest.mark.parametrize(("into", "claim"), [("yc", Claim.DONE), ("tjj", None)])
def test_what_a_unit_said_of_another_part_is_no_word_of_the_lead_that_it_becomes(
    city: OwedCity, into: str, claim: Claim | None
) -> None:
    report_id = city.file("swj", "2022-09", when=at(9, 29))
    with city.database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(9, 30))
    content = RowContent(text="9月30日签约2个项目，全部开工。", claim=claim)
    entry = Entry(city.share(into).id or 0, content, city.values(on=date(2022, 9, 30)))
    with city.database.transaction() as session:
        submit_one(session, SubmitOne(FilingKind.UPDATE, entry), actor=city.liaison(into), at=at(10, 1))
    before = _class(city, 10, 1)
    _merge(city, into, 8)
    assert city.share(into).role == AssignmentRole.LEAD.value
    assert _class(city, 10, 8) == before
    assert_reckoned(city.database)


def test_what_is_said_of_an_earlier_period_does_not_overtake_a_later_word() -> None:
    assert day_spoken_of(date(2022, 11, 20), date(2022, 10, 31)) < day_spoken_of(date(2022, 11, 9), date(2022, 11, 13))
    assert day_spoken_of(date(2022, 10, 15), date(2022, 10, 31)) < day_spoken_of(date(2022, 10, 20), None)
