"""What a merger or a wrong end of a plan leaves behind: log and tables agree, and nobody pays for either."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind, ReturnReason
from tracker.domain.outages import Outage
from tracker.domain.plan_ends import PlanEnd
from tracker.steps.closing import ClosingUnderReview
from tracker.steps.lapsing import lapse_expired
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.series import series_views
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.series import SeriesRow
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.plan_ends import correct_plan_end
from tracker.usecases.recording_outages import record_outage
from tracker.usecases.requesting import dispute_share, refuse_request
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import MergedDispute, grant_dispute

YEAR_END, WRONG_END = date(2022, 12, 31), date(2022, 10, 10)


def _plan(database: Database) -> OwedCity:
    reading = small_reading()
    monthly, waiting = reading.items
    items = (replace(monthly, targets=()), waiting)
    return open_owed_city(database, reading=replace(reading, plan_end=PlanEnd(YEAR_END), items=items))


def _merge(city: OwedCity, old: str, new: str, when: datetime) -> None:
    city.merge(old, new, when)


def _dispute(city: OwedCity, code: str, when: datetime) -> None:
    with city.database.transaction() as session:
        share = city.share(code).id or 0
        dispute_share(session, assignment_id=share, reason="非本部门职责", actor=city.liaison(code), at=when, by=BY)


def _let_lapse(city: OwedCity, when: datetime) -> None:
    """Set an end that is past, and let the pass of that day note it."""
    _end(city, WRONG_END, when)
    with city.database.transaction() as session:
        lapse_expired(session, now=when, by=BY)


def _end(city: OwedCity, on: date, when: datetime) -> None:
    with city.database.transaction() as session:
        correct_plan_end(session, document_id=1, new_on=on, reason="更正", actor=OFFICE, at=when, by=BY)


def _send_back(city: OwedCity, report_id: int, when: datetime) -> None:
    with city.database.transaction() as session:
        why = ReturnReason.NO_EVIDENCE
        return_report(session, report_id=report_id, reason="缺附件", reason_class=why, actor=OFFICE, at=when, by=BY)


def _assert_told_alike(city: OwedCity, now: datetime) -> None:
    assert_reckoned(city.database)
    with city.database.reading() as session:
        ids = [id_ for id_ in session.scalars(select(col(SeriesRow.id))) if id_]
        state = fold(session, cut(session, as_of=now))
        assert state.views() == series_views(session, ids)


@pytest.mark.parametrize("into", ["wjw", "tjj"])
def test_an_outage_after_a_merger_moves_the_form_of_the_successor_in_the_log_too(database: Database, into: str) -> None:
    city = _plan(database)
    city.grow(at(10, 9))
    _merge(city, "swj", into, at(10, 9))
    with database.transaction() as session:
        outage = Outage(at(10, 10), at(10, 11))
        record_outage(session, outage, reason="机房断电", actor=OFFICE, at=at(10, 11), by=BY)
    _assert_told_alike(city, at(10, 11))


def test_a_closing_report_is_not_owed_where_the_completion_was_filed_while_the_end_was_wrong(
    database: Database,
) -> None:
    city = _plan(database)
    city.grow(at(10, 14))
    _let_lapse(city, at(10, 15))
    content = RowContent(claim=Claim.DONE, text="10月15日印发方案1份。")
    with database.transaction() as session:
        done = SubmitOne(FilingKind.COMPLETION, Entry(city.share("swj").id or 0, content))
        filing_id = submit_one(session, done, actor=city.liaison("swj"), at=at(10, 16))
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at(10, 16))
    with pytest.raises(ClosingUnderReview, match="市商务局"):
        _end(city, YEAR_END, at(10, 17))
    with database.reading() as session:
        report_id = session.scalars(select(col(ReportRow.id)).order_by(col(ReportRow.id).desc())).first() or 0
    _send_back(city, report_id, at(10, 18))
    _end(city, YEAR_END, at(10, 18))
    assert city.states("swj")["closing"] == "waived"
    assert city.task().state == "in_progress"
    _assert_told_alike(city, at(10, 18))


def test_what_was_returned_while_the_end_was_wrong_waits_for_the_dispute_again(database: Database) -> None:
    city = _plan(database)
    _dispute(city, "swj", at(8, 26))
    city.grow(at(10, 4))
    report_id = city.file("swj", "2022-09", when=at(10, 8), claim=Claim.ONGOING_ACTIVE)
    _let_lapse(city, at(10, 12))
    _send_back(city, report_id, at(10, 13))
    _end(city, YEAR_END, at(10, 14))
    row = city.rows("swj")["2022-09"]
    assert (city.share("swj").state, row.state, row.pending_at) == ("disputed", "returned", at(8, 26))
    _assert_told_alike(city, at(10, 14))
    with database.reading() as session:
        request_id = session.scalars(select(col(RequestRow.id))).one() or 0
    with database.transaction() as session:
        refuse_request(session, request_id=request_id, reason="职责明确", actor=OFFICE, at=at(10, 24), by=BY)
    row = city.rows("swj")["2022-09"]
    assert row.pending_at is None
    assert row.correction_due_at is not None
    assert row.correction_due_at > at(10, 24), "time after the refusal"
    _assert_told_alike(city, at(10, 24))


def test_a_dispute_that_came_by_two_mergers_came_with_a_merger(database: Database) -> None:
    city = _plan(database)
    _dispute(city, "swj", at(8, 26))
    _merge(city, "swj", "wjw", at(8, 29))
    _merge(city, "wjw", "tjj", at(8, 30))
    with database.reading() as session:
        request_id = session.scalars(select(col(RequestRow.id))).one() or 0
    with pytest.raises(MergedDispute), database.transaction() as session:
        grant_dispute(session, request_id=request_id, reason="职责不符", actor=OFFICE, at=at(8, 31), by=BY)


def test_of_two_disputes_of_one_share_the_log_too_says_that_the_second_is_undecided(database: Database) -> None:
    city = _plan(database)
    city.add_lead("wjw", at(8, 25))
    for code in ("swj", "wjw"):
        _dispute(city, code, at(8, 26))
    _merge(city, "swj", "wjw", at(10, 12))
    share = city.share("wjw").id or 0
    with database.reading() as session:
        requests = [id_ or 0 for id_ in session.scalars(select(col(RequestRow.id)).order_by(col(RequestRow.id)))]
    for request_id, state in zip(requests, ("disputed", "received"), strict=True):
        with database.transaction() as session:
            refuse_request(session, request_id=request_id, reason="职责明确", actor=OFFICE, at=at(10, 13), by=BY)
        with database.reading() as session:
            assert fold(session, cut(session, as_of=at(10, 13))).shares[share].state == state
        assert city.share("wjw").state == state
