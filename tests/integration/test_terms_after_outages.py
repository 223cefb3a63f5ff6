"""An outage gives the days for a unit's or a lead's word what it gives to reports, in acts and on pages."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.support.databases import fresh_sqlite
from tests.support.member_city import open_member_city
from tests.support.owed_city import BY, OFFICE, OwedCity, at
from tests.support.site import Site
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.errors import TrackerError
from tracker.domain.filings import FilingKind, ReturnReason
from tracker.domain.objections import ObjectionTooLate
from tracker.domain.outages import Outage, relief_after
from tracker.domain.progress import Work
from tracker.domain.terms import Terms
from tracker.domain.verdicts import Verdict
from tracker.domain.verifying import LeadOpinion, LeadWord, VerifyingTooLate
from tracker.steps.raising import DisputeTooLate
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.identities import unit_facts
from tracker.store.history.log import cut
from tracker.store.history.work import past_classes
from tracker.store.queries.work import task_standings
from tracker.store.tables.filings import ReportRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.objecting import object_to_claim
from tracker.usecases.recording_outages import record_outage
from tracker.usecases.requesting import dispute_share
from tracker.usecases.returning import return_report
from tracker.usecases.verifying import verify_report

_Word = Callable[[datetime], object]


def _strike(database: Database, day: date) -> None:
    """Record that the system was down on a day, from the morning to the afternoon."""
    outage = Outage(at(day.month, day.day), at(day.month, day.day, hour=15))
    when = at(day.month, day.day, hour=16)
    with database.transaction() as session:
        record_outage(session, outage, reason="机房断电", actor=OFFICE, at=when, by=BY)


def _dispute(city: OwedCity) -> _Word:
    share_id, liaison = city.share("swj").id or 0, city.liaison("swj")

    def say(when: datetime) -> None:
        with city.database.transaction() as session:
            dispute_share(session, assignment_id=share_id, reason="非我单位职责", actor=liaison, at=when, by=BY)

    return say


def _answer(city: OwedCity) -> _Word:
    report_id, liaison = city.file("swj", "2022-09", when=at(9, 27)), city.liaison("swj")
    with city.database.transaction() as session:
        verdict = Verdict(Claim.BEHIND, "只有1期")
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(9, 28), verdict=verdict)

    def say(when: datetime) -> None:
        with city.database.transaction() as session:
            object_to_claim(session, report_id=report_id, reason="已印发2期", actor=liaison, at=when, by=BY)

    return say


def _verify(city: OwedCity) -> _Word:
    report_id, liaison = city.file("yc", "2022-09", when=at(9, 27)), city.liaison("swj")

    def say(when: datetime) -> None:
        with city.database.transaction() as session:
            word = LeadWord(LeadOpinion.STANDS)
            verify_report(session, report_id=report_id, word=word, actor=liaison, at=when, by=BY)

    return say


@pytest.mark.parametrize(
    ("prepare", "last_on", "moved_to", "refusal"),
    [
        pytest.param(_dispute, date(2022, 8, 29), date(2022, 8, 30), DisputeTooLate, id="a dispute of a share"),
        pytest.param(
            _answer, date(2022, 9, 30), date(2022, 10, 8), ObjectionTooLate, id="an answer to a lowered claim"
        ),
        pytest.param(_verify, date(2022, 9, 29), date(2022, 9, 30), VerifyingTooLate, id="the word of a lead"),
    ],
)
def test_a_term_whose_last_day_fell_into_an_outage_ends_after_it(
    database: Database,
    prepare: Callable[[OwedCity], _Word],
    last_on: date,
    moved_to: date,
    refusal: type[TrackerError],
) -> None:
    say = prepare(open_member_city(database))
    after = at(moved_to.month, moved_to.day, hour=23)
    with pytest.raises(refusal):
        say(after)
    _strike(database, last_on)
    with pytest.raises(refusal):
        say(after + timedelta(hours=1))
    say(after)


def test_a_completion_without_a_row_is_corrected_after_an_outage(database: Database) -> None:
    city = open_member_city(database)
    entry = Entry(city.share("swj").id or 0, RowContent(claim=Claim.DONE, text="印发方案1份。"), city.values())
    with database.transaction() as session:
        done = SubmitOne(FilingKind.COMPLETION, entry)
        filing_id = submit_one(session, done, actor=city.liaison("swj"), at=at(9, 20))
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at(9, 20))
        report = session.scalars(select(ReportRow)).one()
        said = {"reason": "未见文件", "reason_class": ReturnReason.NO_SUBSTANCE, "actor": OFFICE, "at": at(9, 22)}
        return_report(session, report_id=report.id or 0, by=BY, **said)  # type: ignore[arg-type] # as above
        assert report.correct_by == date(2022, 9, 27)
    _strike(database, date(2022, 9, 27))
    for when, work in ((at(9, 28), Work.COMPLETION_PENDING), (at(9, 29), Work.NOT_STARTED)):
        with database.reading() as session:
            [stands] = task_standings(session, now=when, by=BY, task_ids=[city.task_id()])
            until = cut(session, as_of=when)
            past = past_classes(session, fold(session, until), units=unit_facts(session, until=until))
        assert (stands.work.work, past[city.task_id()].work) == (work, work)


def test_pages_offer_what_an_outage_still_lets_a_unit_say(tmp_path: Path) -> None:
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    site.clock.at = at(8, 30)
    with site.client("swj") as liaison:
        assert "提出异议" not in liaison.get("/tasks/1").get_data(as_text=True)
        _strike(site.services.database, date(2022, 8, 29))
        assert "提出异议" in liaison.get("/tasks/1").get_data(as_text=True)


def test_lists_begin_with_the_first_day_whose_term_still_runs() -> None:
    outages = (Outage(at(9, 29), at(9, 30)), Outage(at(10, 8), at(10, 8, hour=12)), Outage(at(10, 20), at(10, 21)))
    counted = Terms(BY.calendar, tuple(relief_after(one, calendar=BY.calendar, workdays=1) for one in outages))
    for today in (date(2022, 9, 20) + timedelta(days=n) for n in range(40)):
        first = counted.open_since(today, workdays=2).date() + timedelta(days=1)  # midnight in Shanghai is 16:00 UTC
        days = [today - timedelta(days=n) for n in range(20)]
        assert min(day for day in days if counted.last_day(day, workdays=2) >= today) == first
