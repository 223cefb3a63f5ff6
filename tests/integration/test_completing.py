"""A completion report under review: what its share would owe meanwhile lies with the office, too."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind, ReturnReason
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.leaving import NothingLeaves
from tracker.domain.light_kinds import LightColour, Waiting
from tracker.domain.owed import Paper, paper_class
from tracker.domain.parts import NewShare
from tracker.domain.progress import Work
from tracker.domain.verdicts import Verdict
from tracker.steps.entrusting import CompletionUnderReview
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.identities import unit_facts
from tracker.store.history.log import cut
from tracker.store.history.work import past_classes
from tracker.store.queries.owed_lists import count_overdue
from tracker.store.queries.series import series_views
from tracker.store.queries.work import task_standings
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import SeriesRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.requesting import RequestExtension, grant_extension, refuse_request, request_extension
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import add_share, reassign_share, release_share

HANDED_IN_AT = at(9, 20)


@pytest.fixture
def city(database: Database) -> OwedCity:
    """Let the lead hand in its completion on 20 September, before its first form is due on 10 October."""
    city = open_owed_city(database)
    city.grow(at(9, 1))
    _hand_in(city)
    return city


def _hand_in(city: OwedCity, *, signed: bool = True, when: datetime = HANDED_IN_AT) -> int:
    content = RowContent(claim=Claim.DONE, text="9月20日印发方案1份。")
    entry = Entry(city.share("swj").id or 0, content, city.values(on=local_day(when)))
    with city.database.transaction() as session:
        done = SubmitOne(FilingKind.COMPLETION, entry)
        filing_id = submit_one(session, done, actor=city.liaison("swj"), at=when)
        if signed:
            sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=when)
    return filing_id


def _give_back(city: OwedCity, report_id: int, *, when: datetime) -> None:
    with city.database.transaction() as session:
        return_report(
            session,
            report_id=report_id,
            reason="数字有误",
            reason_class=ReturnReason.FIGURES,
            actor=OFFICE,
            at=when,
            by=BY,
        )


def _completion(session: Session) -> int:
    return session.scalars(select(col(ReportRow.id)).where(col(ReportRow.kind) == "completion")).one() or 0


def test_nothing_of_the_lead_turns_overdue_while_the_office_has_its_completion(city: OwedCity) -> None:
    city.grow(at(12, 1))
    rows = city.rows("swj")
    assert len(rows) > 2
    assert all(row.pending_at == at(9, 20) for row in rows.values())
    with city.database.reading() as session:
        assert count_overdue(session, now=at(12, 1), unit_ids=[city.unit_id("swj")]) == 0
        light = task_standings(session, now=at(12, 1), by=BY, task_ids=[city.task_id()])[0].lights.time
    assert light.colour is not LightColour.RED
    assert light.waiting is Waiting.REVIEW
    assert_reckoned(city.database)


def test_what_waited_is_owed_again_with_grace_once_the_completion_is_returned(city: OwedCity) -> None:
    city.grow(at(10, 20))
    with city.database.transaction() as session:
        return_report(
            session,
            report_id=_completion(session),
            reason="未见印发文件",
            reason_class=ReturnReason.NO_SUBSTANCE,
            actor=OFFICE,
            at=at(10, 20),
            by=BY,
        )
    first = city.rows("swj")["2022-09"]
    assert (first.pending_at, first.due_at) == (None, end_of_day(date(2022, 10, 24)))
    assert city.rows("swj")["2022-10"].due_at is None
    assert_reckoned(city.database)


def test_a_completion_that_was_returned_and_left_so_hides_the_silence_of_its_lead_only_for_its_days(
    city: OwedCity,
) -> None:
    with city.database.transaction() as session:
        return_report(
            session,
            report_id=_completion(session),
            reason="未见印发文件",
            reason_class=ReturnReason.NO_SUBSTANCE,
            actor=OFFICE,
            at=at(9, 22),
            by=BY,
        )
    city.grow(at(12, 1))
    for moment, work in (
        (at(9, 26), Work.COMPLETION_PENDING),
        (at(10, 8), Work.NOT_STARTED),  # as if the lead had not asked: it has said nothing else
        (at(12, 1), Work.UNKNOWN),
    ):
        with city.database.reading() as session:
            [stands] = task_standings(session, now=moment, by=BY, task_ids=[city.task_id()])
            assert stands.work.work is work
            until = cut(session, as_of=moment)
            state, units = fold(session, until), unit_facts(session, until=until)
            assert past_classes(session, state, units=units)[city.task_id()].work is work


def test_an_accepted_completion_waives_what_waited(city: OwedCity) -> None:
    city.grow(at(10, 20))
    with city.database.transaction() as session:
        accept_report(session, report_id=_completion(session), actor=OFFICE, at=at(10, 20), verdict=Verdict())
    assert set(city.states("swj").values()) == {"waived"}
    assert city.task().state == "completed"


def test_what_was_filed_beside_a_completion_waits_no_more_once_that_is_accepted(city: OwedCity) -> None:
    city.file("swj", "2022-09", when=at(9, 28))
    with city.database.reading() as session:
        completion = session.scalars(select(col(ReportRow.id)).where(col(ReportRow.kind) == "completion")).one()
    assert city.rows("swj")["2022-09"].pending_at is not None
    with city.database.transaction() as session:
        accept_report(session, report_id=completion or 0, actor=OFFICE, at=at(9, 29), verdict=Verdict(Claim.DONE))
    row = city.rows("swj")["2022-09"]
    assert (row.state, row.pending_at) == ("filed", None)
    with city.database.reading() as session:
        told = fold(session, cut(session, as_of=at(9, 30))).rows[row.id or 0]
    assert (told.state, told.pending_at) == ("filed", None)
    assert_reckoned(city.database)


@pytest.mark.parametrize("granted", [False, True])
def test_an_extension_decided_meanwhile_leaves_the_row_with_the_office(database: Database, granted: bool) -> None:
    city = open_owed_city(database)
    city.grow(at(9, 1))
    row_id = city.rows("swj")["2022-09"].id or 0
    with database.transaction() as session:
        asked = RequestExtension(row_id, date(2022, 10, 20), "等口径")
        request_id = request_extension(session, asked, actor=city.liaison("swj"), at=at(9, 19))
    _hand_in(city)
    with database.transaction() as session:
        if granted:
            grant_extension(session, request_id=request_id, actor=OFFICE, at=at(9, 21), by=BY)
        else:
            refuse_request(session, request_id=request_id, reason="不同意", actor=OFFICE, at=at(9, 21), by=BY)
    assert city.rows("swj")["2022-09"].pending_at == at(9, 21)
    assert_reckoned(database)


def _papers(city: OwedCity, *, now: datetime) -> dict[str, Paper]:
    """Return the class of each form of the lead, the tables and the log having said the same."""
    with city.database.reading() as session:
        ids = session.scalars(select(col(SeriesRow.id)).where(col(SeriesRow.unit_id) == city.unit_id("swj"))).all()
        views = series_views(session, [id_ or 0 for id_ in ids])
        told = fold(session, cut(session, as_of=now)).views()
        assert [view for view in told if view.series_id in ids] == views
    return {form.code: paper_class(form, now=now) for view in views for form in view.periods}


def test_what_waits_with_a_completion_is_not_said_to_be_asked_for(database: Database) -> None:
    city = open_owed_city(database)
    city.grow(at(9, 1))
    returned = city.file("swj", "2022-09", when=at(9, 29))
    with database.transaction() as session:
        asked = RequestExtension(city.rows("swj")["2022-10"].id or 0, date(2022, 11, 20), "等口径")
        request_id = request_extension(session, asked, actor=city.liaison("swj"), at=at(9, 30))
    _hand_in(city, when=at(9, 30))
    city.grow(at(12, 1))
    _give_back(city, returned, when=at(10, 8))
    filed = city.file("swj", "2022-11", when=at(11, 30))
    papers = _papers(city, now=at(12, 20))
    assert papers.pop("2022-09") is Paper.CORRECTION
    assert papers.pop("2022-10") is Paper.PENDING
    assert papers.pop("2022-11") is Paper.UNDER_REVIEW
    assert set(papers.values()) == {Paper.HELD}
    with database.transaction() as session:
        refuse_request(session, request_id=request_id, reason="不同意", actor=OFFICE, at=at(12, 1), by=BY)
    assert _papers(city, now=at(12, 20))["2022-10"] is Paper.HELD
    _give_back(city, filed, when=at(12, 2))
    assert _papers(city, now=at(12, 20))["2022-11"] is Paper.CORRECTION
    assert_reckoned(database)


def test_a_completion_signed_after_its_lead_was_replaced_does_not_leave_the_unit(database: Database) -> None:
    city = open_owed_city(database)
    filing_id = _hand_in(city, signed=False)
    with database.transaction() as session:
        share_id, wjw = city.share("swj").id or 0, city.unit_id("wjw")
        said = {"reason": "职责调整", "actor": OFFICE, "at": at(9, 21), "by": BY}
        reassign_share(session, assignment_id=share_id, to_unit_id=wjw, **said)  # type: ignore[arg-type] # said once
    with pytest.raises(NothingLeaves), database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at(9, 22))
    with database.reading() as session:
        assert (
            session.scalars(select(col(ReportRow.state)).where(col(ReportRow.kind) == "completion")).one()
            == "awaiting_sign_off"
        )
    assert city.task().state != "under_review"


def test_a_lead_is_not_replaced_while_its_completion_is_under_review(city: OwedCity) -> None:
    share_id = city.share("swj").id or 0
    with pytest.raises(CompletionUnderReview), city.database.transaction() as session:
        reassign_share(
            session,
            assignment_id=share_id,
            to_unit_id=city.unit_id("wjw"),
            reason="职责调整",
            actor=OFFICE,
            at=at(9, 21),
            by=BY,
        )
    assert city.share("swj").state != "reassigned"
    with pytest.raises(CompletionUnderReview), city.database.transaction() as session:
        from_lead = {"reason": "免", "actor": OFFICE, "at": at(9, 21), "by": BY}
        _give_it_a_second_lead(session, city)
        release_share(session, assignment_id=share_id, **from_lead)  # type: ignore[arg-type] # said once


def _give_it_a_second_lead(session: Session, city: OwedCity) -> None:
    part = NewShare(city.unit_id("wjw"), AssignmentRole.LEAD, Duty.REPORT)
    add_share(session, task_id=city.task_id(), share=part, reason="补", actor=OFFICE, at=at(9, 21), by=BY)
