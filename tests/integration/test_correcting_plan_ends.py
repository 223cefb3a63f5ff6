"""The office corrects until when a registered document plans: windows, lapses, notices and the page follow."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select, text
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.eight_documents import issue
from tests.support.owed_city import BY, ISSUED_AT, LEADER, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.site import Site, post
from tracker.domain.accounts import NotYourTask
from tracker.domain.calendar import at_local, end_of_day, local_day
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind, ReasonRequired, ReturnReason
from tracker.domain.items import Basis, CadenceKind
from tracker.domain.owed import overdue_from
from tracker.domain.plan_ends import EndBeforeIssue, PlanEnd
from tracker.domain.readings.demands import Cadence
from tracker.domain.verdicts import Verdict
from tracker.steps.closing import ClosingUnderReview
from tracker.steps.growing import extend_due
from tracker.steps.lapsing import lapse_expired
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.series import series_views
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import archive_task, reopen_task, resume_task, suspend_task
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.merging import merge_units
from tracker.usecases.plan_ends import SamePlanEnd, ValidityPrinted, correct_plan_end
from tracker.usecases.report_demands import mark_key
from tracker.usecases.requesting import RequestExtension, dispute_share, refuse_request, request_extension
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import change_deadline, release_share

_TAKE_BACK = import_module("tracker.store.migrations.versions.0020_disputes_that_nobody_decides").upgrade

CORRECTED_AT, RETURNED_AT = at(9, 1), at(11, 2)
YEAR_END, AUTUMN_END = date(2022, 12, 31), date(2022, 10, 31)


def _plan(database: Database, *, ends_on: date | None = YEAR_END, kind: CadenceKind = CadenceKind.MONTHLY) -> OwedCity:
    reading = small_reading()
    first, second = reading.items
    cadence = Cadence(kind, Basis.STATED, 1, "每月通报一次")
    items = (replace(first, cadences=(cadence,), targets=()), second)
    return open_owed_city(database, reading=replace(reading, plan_end=PlanEnd(ends_on), items=items))


def _correct(
    city: OwedCity, new_on: date | None, *, when: datetime = CORRECTED_AT, reason: str = "原文为三年计划"
) -> int:
    with city.database.reading() as session:
        document_id = session.scalars(select(col(DocumentRow.id))).one() or 0
    with city.database.transaction() as session:
        return correct_plan_end(
            session, document_id=document_id, new_on=new_on, reason=reason, actor=OFFICE, at=when, by=BY
        )


def _sweep(city: OwedCity, now: datetime) -> int:
    with city.database.transaction() as session:
        return lapse_expired(session, now=now, by=BY)


def test_what_an_earlier_end_cut_off_is_asked_for_again_by_a_later_one(database: Database) -> None:
    city = _plan(database, ends_on=AUTUMN_END)
    city.grow(at(11, 1))
    assert list(city.states("swj")) == ["2022-09", "2022-10"]
    assert _correct(city, date(2024, 12, 31), when=at(10, 20)) == 0
    city.grow(at(12, 1))
    assert "2022-12" in city.states("swj")
    assert _sweep(city, at(1, 1, year=2023)) == 0
    assert city.task().state == "issued"
    assert_reckoned(database)


def test_a_plan_whose_end_is_brought_forward_lapses_by_it_and_its_closing_report_counts_from_then(
    database: Database,
) -> None:
    city = _plan(database)
    city.grow(at(11, 5))
    _correct(city, AUTUMN_END, when=at(11, 5))
    assert _sweep(city, at(11, 6)) == 2
    states = city.states("swj")
    assert (states["2022-11"], states["closing"]) == ("waived", "open")
    due_on = BY.calendar.add_workdays(date(2022, 11, 5), BY.policy.closing_workdays)
    with database.reading() as session:
        periods = session.scalars(select(PeriodRow).where(col(PeriodRow.code) == "closing"))
        [due_at] = {period.due_at for period in periods}
    assert due_at == end_of_day(due_on)
    assert_reckoned(database)


@pytest.mark.parametrize("kind", [CadenceKind.ONCE, CadenceKind.MIDTERM_AND_FINAL])
def test_the_one_report_at_the_end_of_a_plan_moves_with_it(database: Database, kind: CadenceKind) -> None:
    city = _plan(database, kind=kind)
    before = city.rows("swj")
    _correct(city, AUTUMN_END)
    after = city.rows("swj")
    owed = {code: row for code, row in after.items() if row.state == "open"}
    assert len(owed) == 1
    assert not set(owed) & {code for code, row in before.items() if after[code].state != "open"}
    _correct(city, YEAR_END, when=at(9, 2))
    assert {code for code, row in city.rows("swj").items() if row.state == "open"} == set(before)
    assert_reckoned(database)


MIDTERM_ASKED, LONGER = at(3, 1, year=2024), date(2026, 12, 31)


@pytest.mark.parametrize("paused", [True, False])
@pytest.mark.parametrize("dated", [True, False])
def test_a_mid_term_report_that_a_later_end_takes_back_is_nobodys_fault_and_comes_back_with_the_end(
    database: Database, paused: bool, dated: bool
) -> None:
    city = _plan(database, ends_on=date(2024, 12, 31), kind=CadenceKind.MIDTERM_AND_FINAL)

    def end(new_on: date, when: datetime) -> None:
        if not dated:
            _correct(city, new_on, when=when)
            return
        with database.transaction() as session:
            task_id = city.task_id()
            change_deadline(session, task_id=task_id, new_on=new_on, reason="会议议定", actor=LEADER, at=when, by=BY)

    if dated:
        end(date(2024, 12, 30), at(8, 26))
    city.grow(at(1, 10, year=2023))
    if paused:
        with database.transaction() as session:
            suspend_task(session, task_id=city.task_id(), reason="疫情", actor=OFFICE, at=at(6, 1, year=2023))
    city.grow(at(2, 20, year=2024))
    end(LONGER, MIDTERM_ASKED)
    assert city.states("swj")["2023midterm"] == "waived"
    end(date(2024, 12, 31), at(3, 2, year=2024))
    row = city.rows("swj")["2023midterm"]
    assert (row.state, row.due_at) == ("open", end_of_day(date(2024, 3, 15)))
    assert_reckoned(database)


def test_a_month_that_an_earlier_deadline_cut_off_is_owed_again_where_that_comes_back_in_time(
    database: Database,
) -> None:
    city = _plan(database)

    def end(new_on: date, when: datetime) -> None:
        with database.transaction() as session:
            task_id = city.task_id()
            change_deadline(session, task_id=task_id, new_on=new_on, reason="会议议定", actor=LEADER, at=when, by=BY)

    end(YEAR_END, at(8, 26))
    city.grow(at(10, 1))
    before = city.states("swj")
    end(date(2022, 10, 20), at(10, 5))
    assert city.states("swj")["2022-11"] == "waived"
    end(YEAR_END, at(10, 6))
    assert city.states("swj") == before
    assert_reckoned(database)


def _open_rows(database: Database) -> dict[int, date]:
    """Return the last day of the window of each row that is owed, by the row."""
    with database.reading() as session:
        rows = session.execute(
            select(col(FormRow.id), col(PeriodRow.ends_on))
            .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
            .where(col(FormRow.state) == "open")
        )
        return {row_id or 0: ends_on for row_id, ends_on in rows.all()}


RUNNING = (None, None, at(11, 1), date(2022, 12, 15))
AFTER_THE_OLD_END = (at(6, 15, year=2023), date(2022, 10, 1), at(6, 22, year=2023), date(2023, 9, 15))


@pytest.mark.parametrize(
    ("place", "given", "from_on", "corrected_at", "new_on"),
    [*((place, *RUNNING) for place in ("50", "51", "57")), *((place, *AFTER_THE_OLD_END) for place in ("48", "49"))],
)
def test_another_end_of_a_plan_asks_for_no_window_that_was_over_before(
    tmp_path: Path, place: str, given: datetime | None, from_on: date | None, corrected_at: datetime, new_on: date
) -> None:
    number = f"驻政办〔2022〕{place}号"
    city = issue(fresh_sqlite(tmp_path), [number], when=given, from_on=from_on)
    with city.database.transaction() as session:
        extend_due(session, now=corrected_at, by=BY)
    before = _open_rows(city.database)
    with city.database.transaction() as session:
        correct_plan_end(session, document_id=1, new_on=new_on, reason="原文为准", actor=OFFICE, at=corrected_at, by=BY)
    with city.database.transaction() as session:
        extend_due(session, now=corrected_at, by=BY)
    after = _open_rows(city.database)
    assert {
        ends_on for row, ends_on in after.items() if row not in before and ends_on < local_day(corrected_at)
    } == set()
    assert_reckoned(city.database)


def test_a_plan_without_an_end_never_lapses(database: Database) -> None:
    city = _plan(database)
    _correct(city, None)
    assert _sweep(city, at(1, 1, year=2023)) == 0
    with database.reading() as session:
        told = session.scalars(select(EventRow).where(col(EventRow.type) == "document.plan_end_corrected")).one()
    payload = json.loads(told.payload)
    assert (payload["old_on"], payload["new_on"], payload["reason"]) == ("2022-12-31", None, "原文为三年计划")


def test_what_lapsed_by_an_end_that_was_wrong_goes_on_and_owes_no_closing_report(database: Database) -> None:
    city = _plan(database)
    _sweep(city, at(1, 1, year=2023))
    assert (city.task().state, city.states("swj")["closing"]) == ("lapsed", "open")
    late = at(3, 1, year=2023)
    assert _correct(city, date(2024, 12, 31), when=late) == 2
    assert (city.task().state, city.states("swj")["closing"]) == ("in_progress", "waived")
    city.grow(at(4, 3, year=2023))
    assert "2023-03" in city.states("swj")
    assert _sweep(city, at(4, 3, year=2023)) == 0
    assert_reckoned(database)


def test_a_closing_report_is_decided_before_the_end_that_asked_for_it_is_corrected(database: Database) -> None:
    city = _plan(database)
    _sweep(city, at(1, 1, year=2023))
    report_id = city.file("swj", "closing", when=at(1, 5, year=2023))
    for other in (date(2024, 12, 31), date(2023, 1, 6), None):  # one that is past too asks for other rows
        with pytest.raises(ClosingUnderReview, match="市商务局"):
            _correct(city, other, when=at(1, 9, year=2023))
    with database.transaction() as session:
        why, when = ReturnReason.FIGURES, at(1, 10, year=2023)
        return_report(session, report_id=report_id, reason="计划未满", reason_class=why, actor=OFFICE, at=when, by=BY)
    assert (city.task().state, city.states("swj")["closing"]) == ("lapsed", "returned")
    assert_reckoned(database)
    assert _correct(city, date(2024, 12, 31), when=at(1, 11, year=2023)) == 2
    assert (city.task().state, city.states("swj")["closing"]) == ("in_progress", "waived")
    with database.reading() as session:
        assert fold(session, cut(session, as_of=at(1, 11, year=2023))).tasks[city.task_id()].state == "in_progress"
    city.grow(at(4, 3, year=2023))
    assert "2023-03" in city.states("swj")
    assert_reckoned(database)


def test_an_end_that_was_wrong_for_some_days_takes_nothing_from_what_is_owed(database: Database) -> None:
    city = _plan(database)
    city.grow(at(11, 5))
    assert city.states("swj")["2022-09"] == "open"  # due on 10 October
    _correct(city, AUTUMN_END, when=at(11, 5))
    assert _sweep(city, at(11, 6)) == 2
    assert city.states("swj")["2022-09"] == "missed"
    _correct(city, YEAR_END, when=at(11, 8))
    rows = city.rows("swj")
    assert (rows["2022-09"].state, rows["2022-09"].due_at, rows["closing"].state) == ("open", None, "waived")
    assert_reckoned(database)
    with database.reading() as session:
        state = fold(session, cut(session, as_of=at(11, 9)))
        [views] = [view for view in state.views() if view.series_id == 1]
        assert overdue_from(views) is not None


def test_what_lapsed_goes_on_for_the_day_that_is_its_last(database: Database) -> None:
    city = _plan(database)
    _sweep(city, at(1, 1, year=2023))
    assert _correct(city, date(2023, 1, 5), when=at(1, 5, year=2023)) == 2
    assert city.task().state == "in_progress"
    assert _sweep(city, at(1, 6, year=2023)) == 2
    assert (city.task().state, city.states("swj")["closing"]) == ("lapsed", "open")
    assert_reckoned(database)


def _ask_for_more_time(city: OwedCity) -> None:
    with city.database.transaction() as session:
        asked = RequestExtension(city.rows("swj")["2022-10"].id or 0, date(2022, 11, 30), "等待数据")
        request_extension(session, asked, actor=city.liaison("swj"), at=at(11, 2))


def _complete(city: OwedCity) -> None:
    content = RowContent(claim=Claim.DONE, text="11月1日印发方案1份。")
    with city.database.transaction() as session:
        done = SubmitOne(FilingKind.COMPLETION, Entry(city.share("swj").id or 0, content))
        filing_id = submit_one(session, done, actor=city.liaison("swj"), at=at(11, 2))
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at(11, 2))


def _pause(city: OwedCity) -> None:
    with city.database.transaction() as session:
        suspend_task(session, task_id=city.task_id(), reason="疫情", actor=OFFICE, at=at(11, 2))


def _have_returned(city: OwedCity, *, when: datetime = RETURNED_AT, code: str = "2022-10") -> None:
    report_id = city.file("swj", code, when=when - timedelta(hours=1), claim=Claim.ONGOING_ACTIVE)
    with city.database.transaction() as session:
        why = ReturnReason.NO_EVIDENCE
        return_report(session, report_id=report_id, reason="缺附件", reason_class=why, actor=OFFICE, at=when, by=BY)


def _dispute(city: OwedCity) -> None:
    said = {"reason": "非本部门职责", "actor": city.liaison("swj"), "at": at(8, 26), "by": BY}
    with city.database.transaction() as session:
        dispute_share(session, assignment_id=city.share("swj").id or 0, **said)  # type: ignore[arg-type] # by name


def _nothing(_city: OwedCity) -> None:
    """Let the unit do nothing."""


@pytest.mark.parametrize("done", [_nothing, _dispute, _ask_for_more_time, _complete, _pause, _have_returned])
def test_a_slip_of_the_office_leaves_a_unit_where_it_would_stand_without_it(
    database: Database, tmp_path: Path, done: Callable[[OwedCity], None]
) -> None:
    def stand(city: OwedCity) -> tuple[str, str, dict[str, tuple[str, bool]]]:
        rows = {
            code: (row.state, row.pending_at is None) for code, row in city.rows("swj").items() if code != "closing"
        }
        if done is _ask_for_more_time:  # the request became moot with the wrong end; what it was about is owed
            rows["2022-10"] = (rows["2022-10"][0], True)
        task = city.task().state.replace("in_progress", "issued")  # nobody had signed for it
        return task, city.share("swj").state, rows

    (tmp_path / "usual").mkdir()
    usual, slipped = _plan(fresh_sqlite(tmp_path / "usual")), _plan(database)
    for city in (usual, slipped):
        if done is _dispute:  # within two working days of 交办
            done(city)
        city.grow(at(11, 1))
        if done is not _dispute:
            done(city)
    _correct(slipped, AUTUMN_END, when=at(11, 5))
    assert _sweep(slipped, at(11, 6)) > 0
    slipped.grow(at(11, 6))
    _correct(slipped, YEAR_END, when=at(11, 8))
    for city in (usual, slipped):
        city.grow(at(11, 8))
        assert_reckoned(city.database)
    assert stand(slipped) == stand(usual)
    with database.reading() as session:
        views = {view.series_id: view for view in fold(session, cut(session, as_of=at(11, 9))).views()}
        stored = series_views(session, list(views))
        assert {view.series_id: overdue_from(view) for view in stored} == {
            series_id: overdue_from(view) for series_id, view in views.items()
        }


@pytest.mark.parametrize(
    ("returned_at", "due_on"),
    [
        pytest.param(at(10, 31), date(2022, 11, 3), id="it had run out before"),
        pytest.param(at(11, 2), date(2022, 11, 22), id="it would have run out meanwhile: ten working days from now"),
        pytest.param(at(11, 4), date(2022, 11, 9), id="it runs out later"),
    ],
)
def test_a_correction_that_a_wrong_end_had_ended_goes_on(
    database: Database, returned_at: datetime, due_on: date
) -> None:
    city = _plan(database)
    city.grow(at(10, 12))
    _have_returned(city, when=returned_at, code="2022-09")
    _correct(city, AUTUMN_END, when=at(11, 5))
    assert _sweep(city, at(11, 6)) > 0
    assert city.states("swj")["2022-09"] == "stands"
    _correct(city, YEAR_END, when=at(11, 8))
    row = city.rows("swj")["2022-09"]
    assert (row.state, row.settled_by, row.correction_due_at) == ("returned", None, end_of_day(due_on))
    assert_reckoned(database)
    with database.reading() as session:
        ids = [id_ for id_ in session.scalars(select(col(SeriesRow.id))) if id_]
        told = sorted(fold(session, cut(session, as_of=at(11, 9))).views(), key=lambda view: view.series_id)
        assert told == series_views(session, ids)
    city.file("swj", "2022-09", when=at(11, 9), claim=Claim.ONGOING_ACTIVE)
    assert city.states("swj")["2022-09"] == "filed"


def test_a_correction_on_which_more_time_was_asked_is_not_overdue_by_a_wrong_end(database: Database) -> None:
    city = _plan(database)
    city.grow(at(10, 12))
    _have_returned(city, when=at(10, 31), code="2022-09")  # to be corrected until 3 November
    with database.transaction() as session:
        asked = RequestExtension(city.rows("swj")["2022-09"].id or 0, date(2022, 11, 30), "等待数据")
        request_extension(session, asked, actor=city.liaison("swj"), at=at(11, 2))
    _correct(city, AUTUMN_END, when=at(11, 5))
    assert _sweep(city, at(11, 6)) > 0
    _correct(city, YEAR_END, when=at(11, 8))
    assert city.rows("swj")["2022-09"].correction_due_at == end_of_day(date(2022, 11, 22))
    assert_reckoned(database)


def test_a_correction_that_goes_on_after_a_wrong_end_is_not_overdue_by_a_second_one(database: Database) -> None:
    city = _plan(database)
    city.grow(at(10, 12))
    _have_returned(city, code="2022-09")
    for wrong, at_day in ((AUTUMN_END, 5), (date(2022, 11, 10), 14)):
        _correct(city, wrong, when=at(11, at_day))
        assert _sweep(city, at(11, at_day + 1)) > 0
        _correct(city, YEAR_END, when=at(11, at_day + 3))
        assert city.rows("swj")["2022-09"].correction_due_at == end_of_day(date(2022, 11, 22))
    assert_reckoned(database)


def test_a_task_that_was_reopened_after_a_pause_is_not_paused_by_a_later_slip(database: Database) -> None:
    """It lapsed while it was paused, and its closing report was accepted before the end was corrected."""
    city = _plan(database)
    _pause(city)
    _correct(city, AUTUMN_END, when=at(11, 5))
    _sweep(city, at(11, 6))
    report_id = city.file("swj", "closing", when=at(11, 7))
    with database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(11, 8), verdict=Verdict(Claim.DONE))
    assert city.task().state == "completed"
    _correct(city, YEAR_END, when=at(11, 8))
    with database.transaction() as session:
        reopen_task(session, task_id=city.task_id(), reason="尚未办结", actor=OFFICE, at=at(11, 9), by=BY)
    _correct(city, date(2022, 11, 20), when=at(11, 21))
    _sweep(city, at(11, 22))
    assert city.task().state == "lapsed"
    _correct(city, YEAR_END, when=at(11, 23))
    assert city.task().state == "in_progress"
    assert_reckoned(database)


def _ticking(city: OwedCity) -> dict[str, date]:
    """Return which units tick, with since when."""
    with city.database.reading() as session:
        ticks = (
            select(col(UnitRow.code), col(DutyRow.got_on))
            .join(SeriesRow, col(SeriesRow.unit_id) == col(UnitRow.id))
            .join(DutyRow, col(DutyRow.series_id) == col(SeriesRow.id))
            .where(col(DutyRow.assignment_id).is_(None), col(DutyRow.ended_at).is_(None))
        )
        return dict(session.execute(ticks).all())


@pytest.mark.parametrize("worked", [False, True])
def test_a_dispute_that_a_wrong_end_made_moot_is_decided_unless_the_unit_has_worked_since(
    database: Database, worked: bool
) -> None:
    city = _plan(database)
    _dispute(city)
    city.grow(at(11, 1))
    _correct(city, AUTUMN_END, when=at(11, 5))
    _sweep(city, at(11, 6))
    assert (city.task().state, city.share("swj").state) == ("lapsed", "received")
    if worked:
        report_id = city.file("swj", "closing", when=at(11, 7))
        with database.transaction() as session:
            why, when = ReturnReason.FIGURES, at(11, 7, hour=15)
            return_report(session, report_id=report_id, reason="x", reason_class=why, actor=OFFICE, at=when, by=BY)
    _correct(city, YEAR_END, when=at(11, 8))
    city.grow(at(12, 2))
    assert_reckoned(database)
    with database.reading() as session:
        [request] = session.scalars(select(RequestRow)).all()
        told = fold(session, cut(session, as_of=at(12, 2)))
        assert told.shares[city.share("swj").id or 0].state == city.share("swj").state
        assert {row_id for row_id, row in told.rows.items() if row.pending_at is not None} == {
            row.id for row in session.scalars(select(FormRow)) if row.pending_at is not None
        }
    if worked:
        assert (request.state, city.share("swj").state) == ("moot", "returned")
        assert all(row.pending_at is None for row in city.rows("swj").values())
        return
    assert (request.state, request.decided_at, city.share("swj").state) == ("pending", None, "disputed")
    asked = [row for row in city.rows("swj").values() if row.state == "open"]
    assert len(asked) == 4  # September to December
    assert all(row.pending_at is not None and row.due_at is None for row in asked)
    with database.transaction() as session:
        refuse_request(session, request_id=request.id or 0, reason="属本部门职责", actor=OFFICE, at=at(12, 2), by=BY)
    rows = city.rows("swj")
    assert {rows[code].due_at for code in ("2022-09", "2022-10")} == {end_of_day(date(2022, 12, 6))}
    assert city.share("swj").state == "received"
    assert_reckoned(database)


@pytest.mark.parametrize(
    ("wrong", "recorded", "codes"),
    [
        pytest.param(AUTUMN_END, date(2022, 11, 13), {"2022-10"}, id="a row, due on 3 November"),
        pytest.param(YEAR_END, date(2023, 1, 13), {"2022-12", "2022H2"}, id="ticks too, due on 5 January"),
    ],
)
def test_what_was_overdue_when_a_wrong_end_was_noted_stays_so_though_it_fell_due_after_that_end(
    database: Database, wrong: date, recorded: date, codes: set[str]
) -> None:
    city = _plan(database, ends_on=date(2024, 12, 31))
    noon = [at_local(recorded + timedelta(days=days), 12, 0) for days in range(3)]
    city.grow(noon[0])
    before = _overdue_rows(city, noon[0])
    assert {code for code, since in before if since > end_of_day(wrong)} == codes
    _correct(city, wrong, when=noon[0])
    _sweep(city, noon[1])
    assert {since for _code, since in _overdue_rows(city, noon[1]) if since > end_of_day(wrong)} == set()
    _correct(city, date(2024, 12, 31), when=noon[2])
    city.grow(noon[2])
    assert _overdue_rows(city, noon[2]) == before
    assert_reckoned(database)


def _overdue_rows(city: OwedCity, now: datetime) -> set[tuple[str, datetime]]:
    """Return the periods of open rows whose moments have passed, with these moments."""
    with city.database.reading() as session:
        found = session.execute(
            select(PeriodRow, FormRow)
            .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
            .where(col(FormRow.state) == "open", col(FormRow.required).is_(True))
        ).all()
    moments = {(period.code, row.due_at or period.due_at) for period, row in found}
    return {(code, due_at) for code, due_at in moments if due_at <= now}


def test_of_two_wrong_ends_the_first_says_what_was_overdue(database: Database) -> None:
    city = _plan(database)
    city.grow(at(11, 5))
    before = _overdue_rows(city, at(11, 5))
    _correct(city, AUTUMN_END, when=at(11, 5))
    _sweep(city, at(11, 6))
    _correct(city, date(2022, 11, 8), when=at(11, 10))
    _sweep(city, at(11, 10))
    _correct(city, YEAR_END, when=at(11, 11))
    assert _overdue_rows(city, at(11, 11)) == before
    assert_reckoned(database)


def test_what_fell_due_in_a_pause_is_waived_by_resuming_though_a_wrong_end_came_between(database: Database) -> None:
    city = _plan(database)
    city.grow(at(11, 1))
    _pause(city)
    _correct(city, AUTUMN_END, when=at(11, 5))
    _sweep(city, at(11, 6))
    _correct(city, YEAR_END, when=at(11, 8))
    with database.transaction() as session:
        resume_task(session, task_id=city.task_id(), reason="复工", actor=OFFICE, at=at(11, 9), by=BY)
    assert city.states("swj")["2022-10"] == "waived"
    assert _overdue_rows(city, at(11, 30)) == set()
    assert_reckoned(database)


def test_work_that_the_office_took_up_by_itself_is_not_overdue_by_a_later_correction_of_the_end(
    database: Database,
) -> None:
    city = _plan(database)
    _sweep(city, at(1, 1, year=2023))
    with database.transaction() as session:
        said = {"reason": "尚未办结", "actor": OFFICE, "at": at(1, 9, year=2023), "by": BY}
        reopen_task(session, task_id=city.task_id(), new_deadline_on=date(2023, 12, 20), **said)  # type: ignore[arg-type] # by name
    before = city.states("swj")
    _correct(city, date(2024, 12, 31), when=at(2, 1, year=2023))
    states = city.states("swj")
    assert {code: states[code] for code in before} == before
    assert_reckoned(database)


def test_a_unit_that_went_up_in_another_owes_nothing_again_and_the_successor_is_asked_anew(database: Database) -> None:
    city = _plan(database)
    city.grow(at(11, 1))
    _correct(city, AUTUMN_END, when=at(11, 5))
    _sweep(city, at(11, 6))
    with database.transaction() as session:
        both = {"from_unit_id": city.unit_id("swj"), "into_unit_id": city.unit_id("wjw")}
        merge_units(session, **both, on=date(2022, 11, 7), reason="机构改革", actor=OFFICE, at=at(11, 7))
    _correct(city, YEAR_END, when=at(11, 8))
    with database.reading() as session:
        open_rows = session.execute(
            select(col(SeriesRow.unit_id), col(PeriodRow.code), col(FormRow.due_at))
            .join(PeriodRow, col(PeriodRow.series_id) == col(SeriesRow.id))
            .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
            .where(col(FormRow.state) == "open", col(FormRow.assignment_id).is_not(None))
        ).all()
    assert {unit_id for unit_id, _code, _due_at in open_rows} == {city.unit_id("wjw")}
    arrears = end_of_day(date(2022, 11, 22))
    asked = {code: due_at for _unit_id, code, due_at in open_rows}
    assert (asked["2022-09"], asked["2022-10"], asked["2022-11"]) == (arrears, arrears, None)
    assert_reckoned(database)


def test_what_was_filed_in_dispute_waits_again_when_it_comes_back_after_a_wrong_end(database: Database) -> None:
    city = _plan(database)
    _dispute(city)
    city.grow(at(11, 1))
    report_id = city.file("swj", "2022-09", when=at(11, 2), claim=Claim.ONGOING_ACTIVE)
    _correct(city, AUTUMN_END, when=at(11, 5))
    _sweep(city, at(11, 6))
    _correct(city, YEAR_END, when=at(11, 8))
    with database.transaction() as session:
        why, when = ReturnReason.FIGURES, at(11, 9)
        return_report(session, report_id=report_id, reason="x", reason_class=why, actor=OFFICE, at=when, by=BY)
    row = city.rows("swj")["2022-09"]
    assert (row.state, row.pending_at) == ("returned", at(8, 26))
    with database.reading() as session:
        told = fold(session, cut(session, as_of=at(11, 9))).rows[row.id or 0]
        assert (told.state, told.pending_at) == ("returned", at(8, 26))
    assert_reckoned(database)


def test_a_share_left_in_dispute_by_an_earlier_version_is_its_units_again(tmp_path: Path) -> None:
    database = fresh_sqlite(tmp_path)
    city = _plan(database)
    _dispute(city)
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE request SET state = 'moot'"))
        with Operations.context(MigrationContext.configure(connection)):
            _TAKE_BACK()
    assert city.share("swj").state == "received"


def test_who_has_nothing_left_to_tick_for_ticks_no_more_when_a_wrong_end_is_corrected(database: Database) -> None:
    city, said = _plan(database), {"reason": "职能调整", "actor": OFFICE}
    given_on = local_day(ISSUED_AT)
    assert _ticking(city) == {"yc": given_on, "sp": given_on}
    with database.transaction() as session:
        share = city.share("yc").id or 0
        release_share(session, assignment_id=share, at=at(9, 5), by=BY, **said)  # type: ignore[arg-type] # by name
    _sweep(city, at(1, 1, year=2023))
    assert _ticking(city) == {}
    _correct(city, date(2023, 1, 31), when=at(1, 9, year=2023))
    assert _ticking(city) == {"sp": given_on}
    _sweep(city, at(2, 1, year=2023))
    with database.transaction() as session:
        archive_task(session, task_id=city.task_id(), at=at(2, 2, year=2023), **said)  # type: ignore[arg-type] # ditto
    _correct(city, date(2024, 12, 31), when=at(2, 3, year=2023))
    assert _ticking(city) == {}
    assert_reckoned(database)


def test_what_a_rhythm_that_was_replaced_left_owed_stays_so_through_a_slip_of_the_office(database: Database) -> None:
    city = _plan(database, ends_on=AUTUMN_END, kind=CadenceKind.IRREGULAR)
    city.grow(at(10, 1))
    with database.transaction() as session:
        mark_key(session, task_id=city.task_id(), reason="市长点题", actor=OFFICE, at=at(10, 5), by=BY)
    owed = {"2022Q3": "open", "2022-10": "open", "2022Q4": "waived"}
    assert city.states("swj") == owed
    _correct(city, YEAR_END, when=at(11, 3))
    states = city.states("swj")
    assert {code: states[code] for code in owed} == owed
    assert_reckoned(database)


def test_what_lapsed_stays_so_where_the_corrected_end_is_past_too(database: Database) -> None:
    city = _plan(database)
    _sweep(city, at(1, 1, year=2023))
    assert _correct(city, date(2022, 12, 1), when=at(1, 3, year=2023)) == 0
    assert (city.task().state, city.states("swj")["closing"]) == ("lapsed", "open")
    assert_reckoned(database)


@pytest.mark.parametrize(("month", "closing"), [(1, "waived"), (3, "missed")])
def test_a_lapsed_task_is_taken_up_again_towards_a_deadline_of_its_own(
    database: Database, month: int, closing: str
) -> None:
    city = _plan(database)
    _sweep(city, at(1, 1, year=2023))
    with database.transaction() as session:
        reopen_task(
            session,
            task_id=city.task_id(),
            reason="尚未办结",
            actor=OFFICE,
            at=at(month, 9, year=2023),
            by=BY,
            new_deadline_on=date(2023, 6, 30),
        )
    assert (city.task().state, city.states("swj")["closing"]) == ("in_progress", closing)
    assert _sweep(city, at(4, 1, year=2023)) == 0
    assert_reckoned(database)


def test_an_end_is_corrected_by_the_office_with_a_reason_to_another_day_that_can_be(database: Database) -> None:
    city = _plan(database)
    with pytest.raises(ReasonRequired):
        _correct(city, AUTUMN_END, reason=" ")
    with pytest.raises(SamePlanEnd):
        _correct(city, YEAR_END)
    with pytest.raises(EndBeforeIssue):
        _correct(city, date(2022, 1, 1))
    with database.transaction() as session, pytest.raises(NotYourTask):
        correct_plan_end(
            session, document_id=1, new_on=None, reason="x", actor=city.liaison("swj"), at=ISSUED_AT, by=BY
        )


def test_a_printed_validity_is_not_overruled_by_a_plan(database: Database) -> None:
    city = open_owed_city(database, expires_on=YEAR_END)
    with pytest.raises(ValidityPrinted):
        _correct(city, AUTUMN_END)


def test_the_office_corrects_the_end_on_the_documents_page_and_nobody_else(tmp_path: Path) -> None:
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    with site.client("office") as client:
        said = {"new_on": "2024-12-31", "reason": "原文为三年计划"}
        assert post(client, "/documents/1/plan-end", at="/documents/1", **said).status_code == 303
        page = client.get("/documents/1").get_data(as_text=True)
        assert "计划截止日期已更正" in page
        assert "计划截止2024年12月31日" in page
        again = post(client, "/documents/1/plan-end", at="/documents/1", **said)
        assert (again.status_code, "已经是2024年12月31日" in again.get_data(as_text=True)) == (409, True)
        wrong = post(client, "/documents/1/plan-end", at="/documents/1", new_on="2019-12-31", reason="x")
        assert "早于文件成文日期" in wrong.get_data(as_text=True)
        assert post(client, "/documents/99/plan-end", at="/documents/1", **said).status_code == 404
    for login in ("swj", "leader", "reader"):
        with site.client(login) as client:
            assert "更正计划截止日期" not in client.get("/documents/1").get_data(as_text=True)
            assert post(client, "/documents/1/plan-end", at="/today", **said).status_code in (403, 404)
