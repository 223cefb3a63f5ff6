"""What lies with the office stays there until nothing of it is undecided, whatever ends, pauses or is decided first."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.calendar import end_of_day
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind, Outcome, RequestState, ReturnReason, TaskPaused
from tracker.domain.items import Basis, CadenceKind, ItemKind
from tracker.domain.leaving import NothingLeaves
from tracker.domain.lifecycle import TaskState
from tracker.domain.owed import SeriesView
from tracker.domain.readings.demands import Cadence, Deadline
from tracker.domain.readings.reading import Reading
from tracker.domain.verdicts import Verdict
from tracker.steps.lapsing import lapse_expired
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.forms import form_view
from tracker.store.queries.owed_lists import count_overdue
from tracker.store.queries.series import series_views
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.series import FormRow, SeriesRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import cancel_task, resume_task, suspend_task
from tracker.usecases.filing import SubmitForm, SubmitOne, sign_off, submit_form, submit_one
from tracker.usecases.requesting import (
    RequestExtension,
    dispute_share,
    grant_extension,
    refuse_request,
    request_extension,
)
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import change_deadline

EXPIRES_ON, DEADLINE_ON = date(2022, 12, 20), date(2022, 11, 16)
AFTER = at(12, 21)


def _moments(views: list[SeriesView]) -> dict[int, tuple[datetime | None, bool]]:
    return {row.row_id: (row.moment, row.pending) for view in views for period in view.periods for row in period.rows}


def _assert_told_alike(city: OwedCity, *, now: datetime) -> None:
    """The tables and the log say the same of every row that is still owed."""
    assert_reckoned(city.database)
    with city.database.reading() as session:
        ids = [id_ for id_ in session.scalars(select(col(SeriesRow.id))) if id_ is not None]
        rows = _moments(series_views(session, ids, open_only=True))
        told = _moments(fold(session, cut(session, as_of=now)).views())
    assert {id_: told[id_] for id_ in rows} == rows


def _overdue(city: OwedCity, now: datetime) -> int:
    with city.database.reading() as session:
        return count_overdue(session, now=now, unit_ids=[city.unit_id("swj")])


def _dated(database: Database) -> OwedCity:
    """The task of a document that expires on 20 December is due on 16 November, its last row on 5 December."""
    city = open_owed_city(database, expires_on=EXPIRES_ON)
    with database.transaction() as session:
        change_deadline(
            session, task_id=city.task_id(), new_on=DEADLINE_ON, reason="会议议定", actor=OFFICE, at=at(8, 26), by=BY
        )
    city.grow(at(11, 2))
    return city


def _final(city: OwedCity) -> int:
    return next(row.id or 0 for row in city.rows("swj").values() if row.final)


def _ask(city: OwedCity, row_id: int, *, when: datetime, until: date) -> int:
    with city.database.transaction() as session:
        command = RequestExtension(row_id, until, "等统计口径")
        return request_extension(session, command, actor=city.liaison("swj"), at=when)


def _lapse(city: OwedCity, now: datetime = AFTER) -> None:
    with city.database.transaction() as session:
        lapse_expired(session, now=now, by=BY)


def _ask_to_be_done(city: OwedCity, when: datetime, *, code: str = "swj") -> int:
    """Write the request to be done and sign it."""
    with city.database.transaction() as session:
        content = RowContent(claim=Claim.DONE, text="9月15日全部完成，共3期。")
        command = SubmitOne(FilingKind.COMPLETION, Entry(city.share(code).id or 0, content, city.values()))
        filing_id = submit_one(session, command, actor=city.liaison(code), at=when)
        sign_off(session, filing_id=filing_id, actor=city.head(code), at=when)
    return filing_id


def test_what_was_asked_for_a_row_that_is_owed_on_after_the_end_is_still_decided(database: Database) -> None:
    city = _dated(database)
    asked = at(11, 28)
    request_id = _ask(city, _final(city), when=asked, until=date(2022, 12, 28))
    _lapse(city)
    assert _overdue(city, AFTER) == 0
    with database.reading() as session:
        assert session.get_one(RequestRow, request_id).state == RequestState.PENDING.value
    _assert_told_alike(city, now=AFTER)


def test_a_dispute_of_a_share_that_is_owed_on_after_the_end_is_still_decided(database: Database) -> None:
    city = _dated(database)
    with database.transaction() as session:
        share_id = city.share("swj").id or 0
        dispute_share(
            session, assignment_id=share_id, reason="非本单位职责", actor=city.liaison("swj"), at=at(8, 26), by=BY
        )
    _lapse(city)
    assert _overdue(city, AFTER) == 0
    _assert_told_alike(city, now=AFTER)


def test_a_dispute_holds_what_its_share_comes_to_owe_meanwhile_since_the_moment_it_was_asked(
    database: Database,
) -> None:
    city, disputed, seen = open_owed_city(database), at(8, 26), at(10, 10)
    with database.transaction() as session:
        share_id = city.share("swj").id or 0
        dispute_share(
            session, assignment_id=share_id, reason="非我单位职责", actor=city.liaison("swj"), at=disputed, by=BY
        )
    city.grow(seen)
    rows = city.rows("swj").values()
    assert len(rows) > 2
    assert {row.pending_at for row in rows} == {disputed}
    for day in (date(2022, 10, 20), date(2022, 12, 20)):  # what the first ends the second asks for again
        with database.transaction() as session:
            task_id = city.task_id()
            change_deadline(session, task_id=task_id, new_on=day, reason="会议议定", actor=OFFICE, at=seen, by=BY)
    again = [row for row in city.rows("swj").values() if row.state == "open"]
    assert {row.pending_at for row in again} == {disputed}
    assert _overdue(city, at(12, 30)) == 0
    _assert_told_alike(city, now=seen)


def test_what_was_filed_during_a_dispute_that_goes_on_after_the_end_is_late_or_not_by_its_decision(
    database: Database,
) -> None:
    city = _dated(database)
    with database.transaction() as session:
        share_id, liaison = city.share("swj").id or 0, city.liaison("swj")
        request_id = dispute_share(
            session, assignment_id=share_id, reason="非本单位职责", actor=liaison, at=at(8, 26), by=BY
        )
    city.file("swj", "2022-09", when=at(11, 3))
    _lapse(city)
    filed = city.rows("swj")["2022-09"]
    assert (filed.late, filed.pending_at) == (None, at(8, 26))
    _assert_told_alike(city, now=AFTER)
    with database.transaction() as session:
        refuse_request(session, request_id=request_id, reason="职责明确", actor=OFFICE, at=AFTER, by=BY)
    assert city.rows("swj")["2022-09"].late is False


def test_a_completion_under_review_holds_the_row_that_is_owed_on_after_the_end(database: Database) -> None:
    city = _dated(database)
    report_id = city.file("swj", "2022-09", when=at(9, 28))
    with database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(9, 28))
    city.file("swj", "2022-10", when=at(10, 28))
    _ask_to_be_done(city, at(11, 10))
    _lapse(city)
    assert _overdue(city, at(1, 31, year=2023)) == 0
    _assert_told_alike(city, now=AFTER)


def test_a_completion_of_work_that_was_suspended_meanwhile_is_neither_written_nor_signed(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        content = RowContent(claim=Claim.DONE, text="9月15日全部完成，共3期。")
        command = SubmitOne(FilingKind.COMPLETION, Entry(city.share("swj").id or 0, content, city.values()))
        filing_id = submit_one(session, command, actor=city.liaison("swj"), at=at(9, 19))
    with database.transaction() as session:
        suspend_task(session, task_id=city.task_id(), reason="疫情防控", actor=OFFICE, at=at(9, 20))
    with database.transaction() as session, pytest.raises(NothingLeaves):
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at(9, 21))
    with database.transaction() as session, pytest.raises(TaskPaused):
        news = replace(command, kind=FilingKind.UPDATE)
        submit_one(session, news, actor=city.liaison("swj"), at=at(9, 21))
    with database.transaction() as session:
        resume_task(session, task_id=city.task_id(), reason="恢复", actor=OFFICE, at=at(9, 26), by=BY)
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at(9, 26))
    assert city.task().state == TaskState.UNDER_REVIEW.value
    _assert_told_alike(city, now=at(9, 27))


def _two_in_a_form() -> Reading:
    """市商务局 leads two monthly tasks, the first of which is to be done by the end of September."""
    reading = small_reading()
    first, second = reading.items
    deadline = Deadline(date(2022, 9, 30), Basis.STATED, "每月通报一次")
    monthly = Cadence(CadenceKind.MONTHLY, Basis.STATED, 1, "发生疫情")
    other = replace(second, kind=ItemKind.ACTION, level=None, leads=first.leads, cadences=(monthly,))
    return replace(reading, items=(replace(first, targets=(), deadline=deadline), other))


def _write_both(city: OwedCity, when: datetime) -> int:
    final, *_later = (row for row in city.rows("swj").values() if row.final)
    with city.database.transaction() as session:
        rows = session.scalars(select(FormRow).where(col(FormRow.period_id) == final.period_id, col(FormRow.required)))
        entries = [
            Entry(
                row.assignment_id or 0,
                RowContent(claim=Claim.DONE if row.final else Claim.ONGOING_ACTIVE, text="9月15日召开推进会。"),
            )
            for row in rows
        ]
        assert len(entries) == 2
        command = SubmitForm(final.period_id, tuple(entries))
        return submit_form(session, command, actor=city.liaison("swj"), at=when)


def test_a_completion_of_work_suspended_meanwhile_drops_out_and_the_rest_of_its_form_leaves(
    database: Database,
) -> None:
    city = open_owed_city(database, reading=_two_in_a_form())
    filing_id = _write_both(city, at(9, 28))
    final = _final(city)
    with database.transaction() as session:
        suspend_task(session, task_id=city.task_id(), reason="疫情防控", actor=OFFICE, at=at(9, 28))
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at(9, 29))
    with database.reading() as session:
        told = {report.kind: report.state for report in _reports(session)}
    assert told == {"completion": "withdrawn", "progress": "filed"}
    assert city.states("swj")["2022-09"] == "open"
    _assert_told_alike(city, now=at(9, 29))
    with database.transaction() as session:
        resume_task(session, task_id=city.task_id(), reason="恢复", actor=OFFICE, at=at(9, 30), by=BY)
    with database.reading() as session:
        period_id = city.rows("swj")["2022-09"].period_id
        form = form_view(session, period_id=period_id, unit_ids=[city.unit_id("swj")], now=at(9, 30))
        assert form is not None
        [draft] = [row.draft for row in form.rows if row.row_id == final]
    assert draft is not None
    assert draft.text == "9月15日召开推进会。"
    _assert_told_alike(city, now=at(9, 30))


def _reports(session: Session) -> list[ReportRow]:
    return list(session.scalars(select(ReportRow)))


def _led_by_two() -> Reading:
    reading = small_reading()
    first, second = reading.items
    lead, other = first.leads[0], first.supports[0]
    return replace(reading, items=(replace(first, leads=(lead, other), supports=()), second))


def test_a_task_stays_under_review_while_another_leads_completion_is(database: Database) -> None:
    city = open_owed_city(database, reading=_led_by_two())
    first, _second = (_ask_to_be_done(city, at(9, 16), code=code) for code in ("swj", "tjj"))
    with database.transaction() as session:
        reports = {report.filing_id: report.id or 0 for report in _reports(session)}
        return_report(
            session,
            report_id=reports[first],
            reason="缺少数据",
            reason_class=ReturnReason.FIGURES,
            actor=OFFICE,
            at=at(9, 17),
            by=BY,
        )
    assert city.task().state == TaskState.UNDER_REVIEW.value
    with database.reading() as session:
        assert (
            fold(session, cut(session, as_of=at(9, 17, hour=12))).tasks[city.task_id()].state is TaskState.UNDER_REVIEW
        )
    with database.transaction() as session:
        second = next(id_ for filing_id, id_ in reports.items() if filing_id != first)
        accept_report(session, report_id=second, actor=OFFICE, at=at(9, 20), verdict=Verdict(outcome=Outcome.MET))
    assert city.task().state == TaskState.COMPLETED.value
    _assert_told_alike(city, now=at(9, 21))


@pytest.mark.parametrize("granted", [True, False])
@pytest.mark.parametrize("extension_first", [True, False])
def test_a_row_waits_until_its_extension_and_the_dispute_of_its_share_are_both_decided(
    database: Database, granted: bool, extension_first: bool
) -> None:
    city = open_owed_city(database)
    row_id = city.rows("swj")["2022-09"].id or 0
    extension = _ask(city, row_id, when=at(8, 25, hour=10), until=date(2022, 10, 12))
    with database.transaction() as session:
        share_id = city.share("swj").id or 0
        dispute = dispute_share(
            session, assignment_id=share_id, reason="非本单位职责", actor=city.liaison("swj"), at=at(8, 26), by=BY
        )

    def decide_extension(when: datetime) -> None:
        with database.transaction() as session:
            if granted:
                grant_extension(session, request_id=extension, actor=OFFICE, at=when, by=BY)
            else:
                refuse_request(session, request_id=extension, reason="理由不足", actor=OFFICE, at=when, by=BY)

    def uphold(when: datetime) -> None:
        with database.transaction() as session:
            refuse_request(session, request_id=dispute, reason="职责明确", actor=OFFICE, at=when, by=BY)

    first, second = (decide_extension, uphold) if extension_first else (uphold, decide_extension)
    first(at(10, 11))
    assert _overdue(city, at(10, 18)) == 0
    _assert_told_alike(city, now=at(10, 18))
    second(at(10, 19))
    assert city.rows("swj")["2022-09"].due_at == end_of_day(date(2022, 10, 21))
    assert _overdue(city, at(10, 24)) == 1
    _assert_told_alike(city, now=at(10, 24))


def test_a_filing_made_while_both_are_undecided_is_judged_by_the_later_decision(database: Database) -> None:
    city = open_owed_city(database)
    row_id = city.rows("swj")["2022-09"].id or 0
    extension = _ask(city, row_id, when=at(8, 25, hour=10), until=date(2022, 10, 12))
    with database.transaction() as session:
        share_id = city.share("swj").id or 0
        dispute = dispute_share(
            session, assignment_id=share_id, reason="非本单位职责", actor=city.liaison("swj"), at=at(8, 26), by=BY
        )
    city.file("swj", "2022-09", when=at(10, 18))
    with database.transaction() as session:
        grant_extension(session, request_id=extension, actor=OFFICE, at=at(10, 9), by=BY)
    assert city.rows("swj")["2022-09"].late is None
    with database.transaction() as session:
        refuse_request(session, request_id=dispute, reason="职责明确", actor=OFFICE, at=at(10, 19), by=BY)
    assert city.rows("swj")["2022-09"].late is False


@pytest.mark.parametrize("passed_on", [date(2022, 12, 21), date(2023, 1, 9)])
def test_what_falls_due_after_the_end_is_waived_however_late_the_pass_comes(
    database: Database, passed_on: date
) -> None:
    city = open_owed_city(database, expires_on=EXPIRES_ON)
    city.grow(at(12, 1))
    _lapse(city, at(passed_on.month, passed_on.day, year=passed_on.year))
    states = city.states("swj")
    assert (states["2022-11"], states["2022-12"]) == ("missed", "waived")
    assert_reckoned(database)


@pytest.mark.parametrize("waits_for", ["dispute", "completion"])
@pytest.mark.parametrize("ends", ["refused", "share"])
def test_what_is_filed_and_accepted_meanwhile_waits_no_longer_than_the_rest(
    database: Database, waits_for: str, ends: str
) -> None:
    city = open_owed_city(database)
    city.grow(at(10, 2))
    share_id, liaison = city.share("swj").id or 0, city.liaison("swj")
    if waits_for == "dispute":
        with database.transaction() as session:
            dispute_share(session, assignment_id=share_id, reason="非本单位职责", actor=liaison, at=at(8, 26), by=BY)
    else:
        _ask_to_be_done(city, at(9, 20))
    report_id = city.file("swj", "2022-09", when=at(10, 18))
    with database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(10, 18, hour=10))
    assert (city.rows("swj")["2022-09"].state, city.rows("swj")["2022-09"].late) == ("accepted", None)
    with database.transaction() as session:
        _decide(session, city, waits_for, ends=ends)
    row = city.rows("swj")["2022-09"]
    assert (row.state, row.pending_at, row.late) == ("accepted", None, False)
    _assert_told_alike(city, now=at(10, 19))


def _decide(session: Session, city: OwedCity, waits_for: str, *, ends: str) -> None:
    """Decide against the unit, or end what waits with the task."""
    when = at(10, 19)
    if ends == "share":
        cancel_task(session, task_id=city.task_id(), reason="不再需要", actor=OFFICE, at=when)
    elif waits_for == "dispute":
        request_id = session.scalars(select(col(RequestRow.id))).one() or 0
        refuse_request(session, request_id=request_id, reason="职责明确", actor=OFFICE, at=when, by=BY)
    else:
        completion = session.scalars(select(col(ReportRow.id)).where(col(ReportRow.kind) == "completion")).one() or 0
        reason_class = ReturnReason.NO_EVIDENCE
        return_report(
            session, report_id=completion, reason="缺少数据", reason_class=reason_class, actor=OFFICE, at=when, by=BY
        )


def test_a_lead_whose_dispute_was_refused_before_it_signed_for_the_task_completes_it(database: Database) -> None:
    city = open_owed_city(database)
    share_id, liaison = city.share("swj").id or 0, city.liaison("swj")
    with database.transaction() as session:
        request_id = dispute_share(
            session, assignment_id=share_id, reason="非本单位职责", actor=liaison, at=at(8, 26), by=BY
        )
        refuse_request(session, request_id=request_id, reason="职责明确", actor=OFFICE, at=at(8, 26), by=BY)
    _ask_to_be_done(city, at(9, 20))
    assert city.task().state == "under_review"
    with database.transaction() as session:
        report_id = session.scalars(select(col(ReportRow.id)).where(col(ReportRow.kind) == "completion")).one() or 0
        verdict = Verdict(outcome=Outcome.MET)
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(9, 21), verdict=verdict)
    assert city.task().state == "completed"
    assert set(city.states("swj").values()) == {"waived"}
    _assert_told_alike(city, now=at(9, 21))
