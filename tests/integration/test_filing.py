"""A form's way: liaison, head of the unit, office, and back; and whom each step refuses."""

import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.office import FIRST, IN_TIME, ISSUED_AT, LATE, OFFICE, City, open_city
from tracker.domain.accounts import EVERY_UNIT, NotYourTask
from tracker.domain.calendar import local_day
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import AttachedFile, Entry
from tracker.domain.errors import NotFound
from tracker.domain.events.reports import NewsTold
from tracker.domain.filings import (
    AlreadyUnderway,
    FilingKind,
    MissedWordsRequired,
    NotAwaitingSignOff,
    NothingFiled,
    NotTakenYet,
    NotUnderReview,
    OnlyTheLead,
    Outcome,
    ReasonRequired,
    RowEnded,
)
from tracker.domain.lifecycle import TaskState
from tracker.domain.owed import overdue_from
from tracker.store import event_log
from tracker.store.database import Database
from tracker.store.queries.owed_lists import count_overdue, owed_by_units
from tracker.store.queries.series import series_views
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import CorrectionRow, FilingRow, ReportRow, ReportValueRow
from tracker.store.tables.series import SeriesRow
from tracker.store.tables.tasks import TaskRow
from tracker.usecases.filing import (
    SubmitForm,
    SubmitOne,
    acknowledge,
    send_back,
    sign_off,
    submit_form,
    submit_one,
    withdraw,
)

A_WEEK_LATER = datetime(2022, 10, 18, 1, 0, tzinfo=UTC)


@pytest.fixture
def city(database: Database) -> City:
    return open_city(database)


def _moment(city: City, code: str = "swj") -> datetime | None:
    """Return the stored moment of a series after comparing it with the domain's."""
    with city.database.reading() as session:
        series = city.series(code, session)
        view = series_views(session, [series.id or 0])[0]
        assert series.overdue_from == overdue_from(view)
        return series.overdue_from


def test_a_document_issued_late_in_a_month_begins_with_the_next(city: City) -> None:
    assert set(city.row_states()) == {"2022-09"}
    assert _moment(city) == datetime(2022, 10, 10, 16, 0, tzinfo=UTC)


def test_reports_are_taken_from_the_last_fifth_of_the_window_on(city: City) -> None:
    with pytest.raises(NotTakenYet):
        city.submit(at=datetime(2022, 9, 26, 15, 59, tzinfo=UTC))
    city.submit(at=datetime(2022, 9, 26, 16, 0, tzinfo=UTC), value_on=date(2022, 9, 27))


def test_a_signed_form_lies_with_the_office_and_is_owed_no_more(city: City) -> None:
    filing_id = city.file(at=IN_TIME)
    assert city.row_states()[FIRST] == "filed"
    assert _moment(city) is None
    with city.database.reading() as session:
        assert city.row("swj", session).late is False
        assert city.report_of(filing_id, session).late is False
        assert count_overdue(session, now=LATE, unit_ids=EVERY_UNIT) == 0


def test_values_and_files_are_kept_with_their_day(city: City) -> None:
    attached = AttachedFile("0" * 64, "通报.docx", 10, "application/msword")
    filing_id = city.file(files=(attached,))
    with city.database.reading() as session:
        report = city.report_of(filing_id, session)
        value = session.scalars(select(ReportValueRow).where(col(ReportValueRow.report_id) == report.id)).one()
        assert (value.value, value.value_on) == (2, date(2022, 9, 28))


def test_lateness_is_decided_by_the_first_filing_and_stays_after_a_return(city: City) -> None:
    filing_id = city.file(at=LATE)
    city.give_back(filing_id, at=LATE)
    again = city.file(at=datetime(2022, 10, 12, 1, 0, tzinfo=UTC))
    city.accept(again, at=datetime(2022, 10, 12, 2, 0, tzinfo=UTC))
    with city.database.reading() as session:
        row = city.row("swj", session)
        assert (row.state, row.late, row.filed_at) == ("accepted", True, LATE)


def test_a_punctual_form_that_is_returned_stays_punctual(city: City) -> None:
    city.give_back(city.file(at=IN_TIME), at=IN_TIME)
    city.file(at=A_WEEK_LATER)
    with city.database.reading() as session:
        assert city.row("swj", session).late is False
        assert session.scalars(select(col(CorrectionRow.outcome))).one() == "late"


def test_a_correction_has_a_moment_of_its_own(city: City) -> None:
    city.give_back(city.file(at=LATE), at=LATE)
    assert _moment(city) == datetime(2022, 10, 14, 16, 0, tzinfo=UTC)
    with city.database.reading() as session:
        before = count_overdue(session, now=datetime(2022, 10, 14, 15, 0, tzinfo=UTC), unit_ids=[city.unit_id("swj")])
        after = count_overdue(session, now=datetime(2022, 10, 14, 16, 0, tzinfo=UTC), unit_ids=[city.unit_id("swj")])
    assert (before, after) == (0, 1)


def test_a_return_before_the_due_day_leaves_the_due_day(city: City) -> None:
    city.give_back(city.file(at=IN_TIME), at=IN_TIME)
    assert _moment(city) == datetime(2022, 10, 10, 16, 0, tzinfo=UTC)


def test_each_return_is_a_correction_of_its_own(city: City) -> None:
    city.give_back(city.file(at=IN_TIME), at=IN_TIME)
    city.give_back(city.file(at=LATE), at=LATE)
    with city.database.reading() as session:
        outcomes = session.scalars(select(col(CorrectionRow.outcome)).order_by(col(CorrectionRow.id))).all()
    assert outcomes == ["late", None]


def test_a_later_account_ends_the_periods_before_as_history_with_a_word(city: City) -> None:
    city.sweep(datetime(2022, 11, 28, 1, 0, tzinfo=UTC))
    with city.database.transaction() as session:
        for name in ("2022-09", "2022-10", "2022-11"):
            city.row("swj", session, name=name).act = False
    november = datetime(2022, 11, 28, 2, 0, tzinfo=UTC)
    with pytest.raises(MissedWordsRequired):
        city.file(at=november, name="2022-11")
    city.file(at=november, name="2022-11", missed_words="人员调整漏报")
    states = city.row_states()
    assert (states["2022-09"], states["2022-10"], states["2022-11"]) == ("missed", "missed", "filed")


def test_what_is_to_be_done_each_time_stays_owed_since_the_oldest(city: City) -> None:
    november = datetime(2022, 11, 28, 1, 0, tzinfo=UTC)
    city.sweep(november)
    city.file(at=november, name="2022-11")
    assert _moment(city) == datetime(2022, 10, 10, 16, 0, tzinfo=UTC)
    with city.database.reading() as session:
        (line,) = owed_by_units(session, unit_ids=[city.unit_id("swj")], now=november)
    assert (line.code, line.owed.run) == ("2022-09", 2)


def test_one_envelope_at_a_time_waits_for_the_head(city: City) -> None:
    city.submit()
    with pytest.raises(AlreadyUnderway):
        city.submit()


def test_a_withdrawn_form_is_no_filing(city: City) -> None:
    filing_id = city.submit()
    with city.database.transaction() as session:
        withdraw(session, filing_id=filing_id, actor=city.liaison("swj"), at=IN_TIME)
    assert city.row_states()[FIRST] == "open"
    city.file(at=LATE)
    with city.database.reading() as session:
        assert city.row("swj", session).late is True


def test_what_the_head_sends_back_is_still_owed(city: City) -> None:
    filing_id = city.submit()
    with city.database.transaction() as session, pytest.raises(ReasonRequired):
        send_back(session, filing_id=filing_id, reason=" ", actor=city.head("swj"), at=IN_TIME)
    with city.database.transaction() as session:
        send_back(session, filing_id=filing_id, reason="数据不准", actor=city.head("swj"), at=IN_TIME)
    assert city.row_states()[FIRST] == "open"
    with city.database.transaction() as session, pytest.raises(NotAwaitingSignOff):
        send_back(session, filing_id=filing_id, reason="数据不准", actor=city.head("swj"), at=IN_TIME)


def test_a_stranger_finds_neither_form_nor_envelope(city: City) -> None:
    filing_id = city.submit()
    with city.database.transaction() as session:
        entry, period_id = city.entry("swj", session), city.period("swj", session).id or 0
        for actor in (city.liaison("tjj"), city.liaison("yc")):
            with pytest.raises(NotFound):
                submit_form(session, SubmitForm(period_id, (entry,)), actor=actor, at=IN_TIME)
            with pytest.raises(NotFound):
                withdraw(session, filing_id=filing_id, actor=actor, at=IN_TIME)
        with pytest.raises(NotFound):
            send_back(session, filing_id=filing_id, reason="x", actor=city.head("yc"), at=IN_TIME)
        with pytest.raises(NotYourTask):
            submit_form(session, SubmitForm(period_id, (entry,)), actor=OFFICE, at=IN_TIME)


def test_a_share_of_another_document_or_unit_is_not_reported_on(city: City) -> None:
    with city.database.transaction() as session:
        period_id = city.period("swj", session).id or 0
        foreign = Entry(city.assignment("yc", session).id or 0, RowContent(claim=Claim.ON_SCHEDULE, text="9月1日"))
        with pytest.raises(NotFound):
            submit_form(session, SubmitForm(period_id, (foreign,)), actor=city.liaison("swj"), at=IN_TIME)


def test_an_empty_form_is_refused(city: City) -> None:
    with city.database.transaction() as session:
        period_id = city.period("swj", session).id or 0
        with pytest.raises(NothingFiled):
            submit_form(session, SubmitForm(period_id, ()), actor=city.liaison("swj"), at=IN_TIME)


def test_an_accepted_row_is_closed(city: City) -> None:
    city.accept(city.file())
    with pytest.raises(RowEnded):
        city.submit()


def test_the_office_decides_once(city: City) -> None:
    filing_id = city.file()
    city.accept(filing_id)
    with pytest.raises(NotUnderReview):
        city.give_back(filing_id)


def test_accepting_a_completion_ends_every_row_of_the_task(city: City) -> None:
    with city.database.transaction() as session:
        news = city.entry("swj", session, claim=Claim.DONE, text="9月28日全部完成", outcome=Outcome.MET)
        filing_id = submit_one(session, SubmitOne(FilingKind.COMPLETION, news), actor=city.liaison("swj"), at=IN_TIME)
    with city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=IN_TIME)
        assert session.get_one(TaskRow, 1).state == TaskState.UNDER_REVIEW.value
    city.accept(filing_id, at=LATE)
    with city.database.reading() as session:
        task = session.get_one(TaskRow, 1)
        assert (task.state, task.outcome) == (TaskState.COMPLETED.value, "met")
    assert city.row_states("swj") == {FIRST: "waived"}
    assert city.row_states("yc") == {"2022H2": "waived", "2023H1": "waived"}
    with city.database.reading() as session:
        assert count_overdue(session, now=A_WEEK_LATER, unit_ids=EVERY_UNIT) == 0
    city.sweep(datetime(2022, 12, 1, 1, 0, tzinfo=UTC))
    assert set(city.row_states("swj")) == {FIRST}


def test_only_a_lead_completes_and_only_a_support_replies(city: City) -> None:
    content = RowContent(claim=Claim.DONE, text="9月28日完成")
    with city.database.transaction() as session:
        for code, kind in (("yc", FilingKind.COMPLETION), ("tjj", FilingKind.COMPLETION), ("swj", FilingKind.REPLY)):
            entry = Entry(city.assignment(code, session).id or 0, content)
            with pytest.raises(OnlyTheLead):
                submit_one(session, SubmitOne(kind, entry), actor=city.liaison(code), at=IN_TIME)


def test_news_counts_as_no_filing(city: City) -> None:
    with city.database.transaction() as session:
        entry = city.entry("swj", session, text="8月16日道路已通车", value_on=local_day(ISSUED_AT))
        submit_one(session, SubmitOne(FilingKind.UPDATE, entry), actor=city.liaison("swj"), at=ISSUED_AT)
    assert city.row_states()[FIRST] == "open"
    with city.database.reading() as session:
        assert session.scalars(select(col(FilingRow.kind))).one() == "update"


def test_the_log_tells_of_which_report_news_is(city: City) -> None:
    with city.database.transaction() as session:
        entry = city.entry("swj", session, value_on=local_day(ISSUED_AT))
        filing_id = submit_one(session, SubmitOne(FilingKind.UPDATE, entry), actor=city.liaison("swj"), at=ISSUED_AT)
    with city.database.reading() as session:
        payload = session.scalars(select(col(EventRow.payload)).where(col(EventRow.type) == NewsTold.type)).one()
        told, report = json.loads(payload), city.report_of(filing_id, session)
    assert (told["filing_id"], told["report_id"], told["assignment_id"]) == (filing_id, report.id, report.assignment_id)


def test_receipt_is_given_once_and_starts_the_task_with_its_lead(city: City) -> None:
    with city.database.transaction() as session:
        share = city.assignment("swj", session).id or 0
        acknowledge(session, assignment_id=share, actor=city.liaison("swj"), at=ISSUED_AT)
        assert session.get_one(TaskRow, 1).state == TaskState.IN_PROGRESS.value
        with pytest.raises(NotFound):
            acknowledge(session, assignment_id=share, actor=city.liaison("yc"), at=ISSUED_AT)


def test_the_log_tells_the_whole_way_and_holds(city: City) -> None:
    filing_id = city.file()
    city.give_back(filing_id)
    city.accept(city.file(at=LATE), at=LATE)
    with city.database.reading() as session:
        assert list(event_log.broken_links(session)) == []
        reports = session.scalars(select(col(ReportRow.state)).order_by(col(ReportRow.id))).all()
    assert reports == ["returned", "accepted"]


def test_sweeping_twice_finds_nothing_more(city: City) -> None:
    city.sweep(LATE)
    again = city.sweep(LATE)
    assert (again.opened, again.overdue, again.lapsed) == (0, 0, 0)
    with city.database.reading() as session:
        assert session.scalars(select(SeriesRow).where(col(SeriesRow.overdue_noted).is_not(None))).all()


def test_one_period_ahead_always_exists(city: City) -> None:
    city.sweep(datetime(2022, 9, 1, 1, 0, tzinfo=UTC))
    assert set(city.row_states()) == {"2022-09", "2022-10"}
    city.sweep(datetime(2022, 10, 1, 1, 0, tzinfo=UTC))
    assert set(city.row_states()) == {"2022-09", "2022-10", "2022-11"}
