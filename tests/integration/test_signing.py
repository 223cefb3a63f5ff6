"""What happens to the reports of an envelope when the head of the unit signs it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.office import FIRST, IN_TIME, LATE, OFFICE, City, open_city
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind
from tracker.domain.leaving import NothingLeaves
from tracker.domain.owed import Paper, paper_class
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.series import series_views
from tracker.store.tables.filings import ReportRow
from tracker.usecases.accepting import accept_filing
from tracker.usecases.ending import cancel_task, suspend_task
from tracker.usecases.filing import SubmitForm, SubmitOne, sign_off, submit_form, submit_one


@pytest.fixture
def city(database: Database) -> City:
    return open_city(database)


def _sign(city: City, code: str, filing_id: int) -> None:
    head = city.head(code)
    with city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=head, at=LATE)


@pytest.mark.parametrize(("ended_at", "state"), [(IN_TIME, "waived"), (LATE, "missed")])
def test_a_row_that_ended_before_the_signature_is_not_signed_and_ends_as_it_would_have(
    city: City, ended_at: datetime, state: str
) -> None:
    filing_id = city.submit(at=IN_TIME)
    with city.database.transaction() as session:
        cancel_task(session, task_id=1, reason="职能划转", actor=OFFICE, at=ended_at)
    with pytest.raises(NothingLeaves):
        _sign(city, "swj", filing_id)
    assert city.row_states()[FIRST] == state
    with city.database.reading() as session:
        assert city.report_of(filing_id, session).state == "awaiting_sign_off"


def test_a_form_signed_during_a_suspension_makes_nothing_missed_that_fell_due_meanwhile(city: City) -> None:
    october = datetime(2022, 10, 28, 1, 0, tzinfo=UTC)
    city.sweep(october)
    with city.database.transaction() as session:
        for name in (FIRST, "2022-10"):
            city.row("swj", session, name=name).act = False
        city.row("swj", session).due_at = october + timedelta(days=3)
    filing_id = city.submit(at=october, name="2022-10")
    with city.database.transaction() as session:
        suspend_task(session, task_id=1, reason="疫情防控", actor=OFFICE, at=october + timedelta(days=1))
    head = city.head("swj")
    with city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=head, at=october + timedelta(days=4))
    assert city.row_states()[FIRST] == "open"


def test_a_reply_goes_to_the_lead_and_waits_for_no_review(city: City) -> None:
    with city.database.transaction() as session:
        share_id = city.assignment("tjj", session).id or 0
        entry = Entry(share_id, RowContent(text="9月28日已提供数据"))
        filing_id = submit_one(session, SubmitOne(FilingKind.REPLY, entry), actor=city.liaison("tjj"), at=IN_TIME)
    _sign(city, "tjj", filing_id)
    with city.database.reading() as session:
        assert session.scalars(select(col(ReportRow.state))).one() == "accepted"


def test_a_voluntary_word_after_the_due_day_leaves_a_form_that_was_filed_in_time(city: City) -> None:
    in_time, later = datetime(2022, 12, 28, 1, 0, tzinfo=UTC), datetime(2023, 2, 1, 1, 0, tzinfo=UTC)
    city.sweep(in_time)
    liaison, head = city.liaison("yc"), city.head("yc")
    with city.database.reading() as session:
        form, share_id = city.period("yc", session, name="2022H2"), city.assignment("yc", session).id or 0
    word = Entry(share_id, RowContent(claim=Claim.ONGOING_ACTIVE, text="1月30日走访企业5家。"))
    for when, entries in ((in_time, ()), (later, (word,))):
        with city.database.transaction() as session:
            filed = SubmitForm(form.id or 0, entries, ticked=not entries)
            filing_id = submit_form(session, filed, actor=liaison, at=when)
            sign_off(session, filing_id=filing_id, actor=head, at=when)
            accept_filing(session, filing_id=filing_id, actor=OFFICE, at=when)
    with city.database.reading() as session:
        [view] = series_views(session, [form.series_id])
        told = next(one for one in fold(session, cut(session, as_of=later)).views() if one.series_id == view.series_id)
    assert view == told
    [filed_form] = [period for period in view.periods if period.code == "2022H2"]
    assert [row.late for row in filed_form.rows] == [False, False]
    assert paper_class(filed_form, now=later) is Paper.ON_TIME


def test_of_an_envelope_that_cannot_leave_is_named_what_it_speaks_of_and_nothing_else(city: City) -> None:
    filing_id = city.submit(at=IN_TIME)
    with city.database.transaction() as session:
        news = Entry(city.assignment("wjw", session).id or 0, RowContent(text="9月28日开展演练1次。"))
        submit_one(session, SubmitOne(FilingKind.UPDATE, news), actor=city.liaison("wjw"), at=IN_TIME)
        cancel_task(session, task_id=1, reason="职能划转", actor=OFFICE, at=IN_TIME)
    with pytest.raises(NothingLeaves) as refused:
        _sign(city, "swj", filing_id)
    assert refused.value.facts["items"] == "一1"
