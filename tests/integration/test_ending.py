"""A task ends, pauses and goes on: what is owed for it follows in the same transaction."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.office import City
from tests.support.owed_city import BY, ISSUED_AT, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.standings import work_counts
from tracker.domain.accounts import NotYourTask
from tracker.domain.calendar import end_of_day
from tracker.domain.claims import Claim, ClaimLeavesOpen
from tracker.domain.events.forms import DueMoved
from tracker.domain.filings import Outcome, ReasonRequired, ReturnReason
from tracker.domain.items import Basis, CadenceKind, Duty
from tracker.domain.lifecycle import TransitionRefused
from tracker.domain.parts import NewShare
from tracker.domain.plan_ends import PlanEnd
from tracker.domain.progress import Work
from tracker.domain.readings.demands import Cadence
from tracker.domain.readings.item import PrintedUnit
from tracker.domain.readings.reading import Reading
from tracker.domain.verdicts import Verdict
from tracker.steps.lapsing import lapse_expired
from tracker.steps.tasks import DeadlineInThePast
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import (
    NewDeadlineNeeded,
    archive_task,
    cancel_task,
    close_task,
    reopen_task,
    resume_task,
    suspend_task,
)
from tracker.usecases.requesting import RequestExtension, request_extension
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import add_share, change_deadline


def _two_leads() -> Reading:
    """The small document whose second task, of 市卫健体委, is reported every month as the first one is."""
    first, second = small_reading().items
    monthly = Cadence(CadenceKind.MONTHLY, Basis.STATED, 1, "24小时内")
    return replace(small_reading(), items=(first, replace(second, kind=first.kind, level=None, cadences=(monthly,))))


def _correction_of(city: City, code: str) -> datetime | None:
    with city.database.reading() as session:
        return city.row(code, session).correction_due_at


def _with_deadline(database: Database, due_on: date) -> OwedCity:
    city = open_owed_city(database)
    with database.transaction() as session:
        change_deadline(
            session, task_id=city.task_id(), new_on=due_on, reason="会议议定", actor=OFFICE, at=at(8, 26), by=BY
        )
    return city


def _complete(city: OwedCity, period: str = "2022-09", *, day: int = 26) -> None:
    report_id = city.file("swj", period, when=at(9, day))
    with city.database.transaction() as session:
        accept_report(
            session, report_id=report_id, actor=OFFICE, at=at(9, day, hour=15), verdict=Verdict(outcome=Outcome.MET)
        )


def test_a_completed_task_is_struck_off_and_put_on_file_each_by_an_act_of_its_own(database: Database) -> None:
    city = _with_deadline(database, date(2022, 9, 30))
    with database.transaction() as session, pytest.raises(TransitionRefused):
        close_task(session, task_id=city.task_id(), reason="已办结", actor=OFFICE, at=at(9, 1))
    _complete(city)
    assert city.task().state == "completed"
    with database.transaction() as session:
        close_task(session, task_id=city.task_id(), reason="市政府同意销号", actor=OFFICE, at=at(9, 28))
    assert_reckoned(database)
    with database.transaction() as session:
        archive_task(session, task_id=city.task_id(), reason="年度归档", actor=OFFICE, at=at(9, 29))
    assert city.task().state == "archived"
    assert_reckoned(database)


def test_every_act_needs_the_office_and_a_reason(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        with pytest.raises(NotYourTask):
            suspend_task(session, task_id=city.task_id(), reason="x", actor=city.liaison("swj"), at=at(9, 1))
        with pytest.raises(ReasonRequired):
            cancel_task(session, task_id=city.task_id(), reason=" ", actor=OFFICE, at=at(9, 1))


def test_a_cancelled_task_keeps_what_was_missed_and_waives_the_rest(database: Database) -> None:
    city = open_owed_city(database)
    city.grow(at(10, 12))
    with database.transaction() as session:
        cancel_task(session, task_id=city.task_id(), reason="职能划转", actor=OFFICE, at=at(10, 12))
    assert city.states("swj") == {"2022-09": "missed", "2022-10": "waived", "2022-11": "waived"}
    assert {city.share(code).state for code in ("swj", "tjj", "yc", "sp")} == {"released"}
    assert_reckoned(database)


def test_a_tick_ends_with_the_last_share_it_ticks_for(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        cancel_task(session, task_id=city.task_id(), reason="职能划转", actor=OFFICE, at=at(9, 12))
    with database.reading() as session:
        ticks = session.scalars(select(FormRow).where(col(FormRow.assignment_id).is_(None))).all()
        duties = session.scalars(select(DutyRow).where(col(DutyRow.assignment_id).is_(None))).all()
    assert ticks
    assert {tick.state for tick in ticks} == {"waived"}
    assert all(duty.ended_at is not None for duty in duties)


def test_nothing_is_owed_while_a_task_is_suspended_and_what_fell_due_meanwhile_is_waived(database: Database) -> None:
    city = open_owed_city(database)
    city.grow(at(10, 2))
    with database.transaction() as session:
        suspend_task(session, task_id=city.task_id(), reason="疫情防控", actor=OFFICE, at=at(10, 2))
    with database.reading() as session:
        lead = select(SeriesRow).where(col(SeriesRow.unit_id) == city.unit_id("swj"))
        assert session.scalars(lead).one().overdue_from is None
    with database.transaction() as session:
        resume_task(session, task_id=city.task_id(), reason="复工", actor=OFFICE, at=at(11, 25), by=BY)
    states = city.states("swj")
    assert states["2022-09"] == states["2022-10"] == "waived"
    assert "open" not in {states.get("2022-11")}
    assert states["2022-12"] == "open"
    assert_reckoned(database)


def test_what_was_overdue_before_a_suspension_stays_missed(database: Database) -> None:
    city = open_owed_city(database)
    city.grow(at(10, 12))
    with database.transaction() as session:
        suspend_task(session, task_id=city.task_id(), reason="疫情防控", actor=OFFICE, at=at(10, 12))
    assert city.states("swj")["2022-09"] == "missed"
    assert_reckoned(database)


def test_what_the_office_had_yet_to_decide_is_not_missed_by_a_suspension(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        command = RequestExtension(city.rows("swj")["2022-09"].id or 0, date(2022, 10, 31), "数据未出")
        request_extension(session, command, actor=city.liaison("swj"), at=at(10, 10))
    with database.transaction() as session:
        suspend_task(session, task_id=city.task_id(), reason="疫情防控", actor=OFFICE, at=at(10, 12))
    row = city.rows("swj")["2022-09"]
    assert (row.state, row.pending_at) == ("open", at(10, 10))
    assert_reckoned(database)


@pytest.mark.parametrize(
    ("paused_at", "resumed_at", "until"),
    [
        (at(9, 30), at(11, 25), date(2022, 11, 30)),
        (at(9, 29, hour=15), at(9, 29, hour=16), date(2022, 10, 10)),  # a short pause takes no day from it
    ],
)
def test_a_correction_that_ran_out_in_a_pause_has_its_days_anew(
    database: Database, paused_at: datetime, resumed_at: datetime, until: date
) -> None:
    city = open_owed_city(database)
    report_id = city.file("swj", "2022-09", when=at(9, 28))
    with database.transaction() as session:
        return_report(
            session,
            report_id=report_id,
            reason="数字不符",
            reason_class=ReturnReason.FIGURES,
            actor=OFFICE,
            at=at(9, 29),
            by=BY,
        )
    with database.transaction() as session:
        suspend_task(session, task_id=city.task_id(), reason="疫情防控", actor=OFFICE, at=paused_at)
    with database.transaction() as session:
        resume_task(session, task_id=city.task_id(), reason="复工", actor=OFFICE, at=resumed_at, by=BY)
    assert city.rows("swj")["2022-09"].correction_due_at == end_of_day(until)
    assert_reckoned(database)


def test_a_task_that_goes_on_renews_its_own_corrections_and_tells_their_unit(database: Database) -> None:
    city, people = open_owed_city(database, reading=_two_leads()), City(database)
    for code, claim in (("swj", Claim.ON_SCHEDULE), ("wjw", Claim.ONGOING_ACTIVE)):
        people.give_back(people.file(code, claim=claim))
    kept = _correction_of(people, "wjw")
    with database.transaction() as session:
        suspend_task(session, task_id=city.task_id(), reason="疫情防控", actor=OFFICE, at=at(9, 30))
    with database.transaction() as session:
        resume_task(session, task_id=city.task_id(), reason="复工", actor=OFFICE, at=at(11, 25), by=BY)
    with database.reading() as session:
        moved = select(EventRow).where(col(EventRow.type) == DueMoved.type)
        told = [(event.unit_id, json.loads(event.payload)["row_id"]) for event in session.scalars(moved)]
    assert told == [(city.unit_id("swj"), city.rows("swj")["2022-09"].id)]
    assert _correction_of(people, "wjw") == kept


def test_a_reopened_task_begins_by_the_half_rule_and_asks_for_its_completion_again(database: Database) -> None:
    city = _with_deadline(database, date(2022, 9, 30))
    _complete(city)
    with database.transaction() as session:
        reopen_task(
            session,
            task_id=city.task_id(),
            reason="整改",
            actor=OFFICE,
            at=at(10, 12),
            by=BY,
            new_deadline_on=date(2022, 12, 31),
        )
    city.grow(at(12, 2))
    rows = city.rows("swj")
    assert city.task().state == "in_progress"
    assert city.share("swj").state == "working"
    assert {code: row.final for code, row in rows.items() if row.state == "open"} == {
        "2022-10": False,
        "2022-11": False,
        "2022-12": True,
    }
    assert rows["2022-09"].state == "accepted"
    assert_reckoned(database)


def test_a_task_reopened_with_its_old_deadline_owes_its_completion_in_ten_working_days(database: Database) -> None:
    city = _with_deadline(database, date(2022, 9, 30))
    _complete(city)
    with database.transaction() as session:
        reopen_task(session, task_id=city.task_id(), reason="整改", actor=OFFICE, at=at(11, 1), by=BY)
    row = city.rows("swj")["2022-09"]
    assert (row.state, row.final) == ("open", True)
    assert row.due_at == end_of_day(BY.calendar.add_workdays(date(2022, 11, 1), BY.policy.arrears_workdays))
    assert_reckoned(database)


def test_a_deadline_in_the_past_is_refused(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        suspend_task(session, task_id=city.task_id(), reason="x", actor=OFFICE, at=at(9, 1))
        with pytest.raises(DeadlineInThePast):
            resume_task(
                session,
                task_id=city.task_id(),
                reason="x",
                actor=OFFICE,
                at=at(9, 2),
                by=BY,
                new_deadline_on=date(2022, 9, 1),
            )


def test_a_task_may_end_today(database: Database) -> None:
    assert _with_deadline(database, at(8, 26).date()).task().due_on == date(2022, 8, 26)


def test_a_silent_member_does_not_block_the_completion_and_stays_missed(database: Database) -> None:
    city = _with_deadline(database, date(2022, 11, 30))
    with database.transaction() as session:
        share = NewShare(city.unit_id("wjw"), duty=Duty.REPORT)
        add_share(session, task_id=city.task_id(), share=share, reason="补", actor=OFFICE, at=at(8, 26), by=BY)
    city.grow(at(11, 4))
    _file_completion(city)
    assert city.task().state == "completed"
    assert set(city.states("swj").values()) <= {"accepted", "missed", "waived"}
    assert_reckoned(database)


def _file_completion(city: OwedCity) -> None:
    final = next(code for code, row in city.rows("swj").items() if row.final)
    report_id = city.file("swj", final, when=at(11, 8), missed_words="当月未形成进展")
    with city.database.transaction() as session:
        verdict = Verdict(outcome=Outcome.MET, let_pass="已完成全部目标")
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(11, 9), verdict=verdict)


def test_a_pending_request_of_an_ended_task_becomes_moot(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        row_id = city.rows("swj")["2022-09"].id or 0
        command = RequestExtension(row_id, date(2022, 10, 31), "数据未出")
        request_id = request_extension(session, command, actor=city.liaison("swj"), at=at(9, 28))
    with database.transaction() as session:
        cancel_task(session, task_id=city.task_id(), reason="职能划转", actor=OFFICE, at=at(10, 20))
    with database.reading() as session:
        assert session.get_one(RequestRow, request_id).state == "moot"
    assert city.states("swj")["2022-09"] == "waived"
    assert city.rows("swj")["2022-09"].pending_at is None
    assert_reckoned(database)


EXPIRES_ON = date(2022, 10, 31)


def _lapse(database: Database) -> int:
    with database.transaction() as session:
        return lapse_expired(session, now=at(11, 1), by=BY)


def test_expiry_waives_what_is_not_due_and_asks_the_lead_for_a_closing_report(database: Database) -> None:
    city = open_owed_city(database, expires_on=EXPIRES_ON)
    city.grow(at(10, 12))
    assert _lapse(database) == 2
    assert city.task().state == "lapsed"
    states = city.states("swj")
    assert (states["2022-09"], states["2022-10"], states["closing"]) == ("missed", "waived", "open")
    assert _lapse(database) == 0
    assert_reckoned(database)


def test_a_document_is_valid_through_the_whole_day_it_expires_on(database: Database) -> None:
    city = open_owed_city(database, expires_on=EXPIRES_ON)
    with database.transaction() as session:
        assert lapse_expired(session, now=at(10, 31, hour=23), by=BY) == 0
    assert city.task().state == "issued"


def test_a_completion_under_review_at_the_expiry_is_decided_and_lapses_only_when_returned(database: Database) -> None:
    city = open_owed_city(database, expires_on=EXPIRES_ON)
    with database.transaction() as session:
        change_deadline(
            session,
            task_id=city.task_id(),
            new_on=date(2022, 10, 31),
            reason="会议议定",
            actor=OFFICE,
            at=at(8, 26),
            by=BY,
        )
    city.grow(at(10, 2))
    report_id = city.file("swj", "2022-10", when=at(10, 26), missed_words="当月未形成进展")
    assert city.task().state == "under_review"
    _lapse(database)
    assert _lapse(database) == 0
    assert city.task().state == "under_review"
    with database.transaction() as session:
        return_report(
            session,
            report_id=report_id,
            reason="依据不足",
            reason_class=ReturnReason.NO_EVIDENCE,
            actor=OFFICE,
            at=at(11, 2),
            by=BY,
        )
    assert _lapse(database) == 1
    assert city.task().state == "lapsed"
    assert city.states("swj")["2022-10"] == "returned"
    assert_reckoned(database)


YEAR_END = date(2022, 12, 31)
NEW_YEAR = at(1, 1, year=2023)


def _with_the_year(*, expires: bool) -> Reading:
    """The small document, whose validity or plan ends with the year."""
    reading = small_reading()
    return replace(reading, expires_on=YEAR_END) if expires else replace(reading, plan_end=PlanEnd(YEAR_END))


def _plan(database: Database, *, when: datetime = ISSUED_AT, from_on: date | None = None) -> OwedCity:
    """Issue the small document as a plan of the year 2022."""
    return open_owed_city(
        database, reading=replace(small_reading(), plan_end=PlanEnd(YEAR_END)), when=when, from_on=from_on
    )


def _sweep(database: Database, now: datetime) -> int:
    with database.transaction() as session:
        return lapse_expired(session, now=now, by=BY)


def test_the_end_of_a_years_plan_lapses_what_has_no_deadline_and_asks_the_lead_for_a_closing_report(
    database: Database,
) -> None:
    city = _plan(database)
    city.grow(at(12, 10))
    assert _sweep(database, at(12, 31, hour=23)) == 0
    assert _sweep(database, NEW_YEAR) == 2
    assert city.task().state == "lapsed"
    states = city.states("swj")
    assert (states["2022-09"], states["2022-12"], states["closing"]) == ("missed", "waived", "open")
    assert _sweep(database, NEW_YEAR) == 0
    assert_reckoned(database)
    with database.reading() as session:
        assert work_counts(session, now=NEW_YEAR, by=BY)[Work.LAPSED] == 2
        due_at = session.scalars(select(col(PeriodRow.due_at)).where(col(PeriodRow.code) == "closing")).first()
        ended = session.scalars(select(EventRow).where(col(EventRow.type) == "document.ended")).all()
        folded = facts_as_of(session, as_of=NEW_YEAR)
    assert due_at == end_of_day(BY.calendar.add_workdays(YEAR_END, BY.policy.closing_workdays))
    assert len(ended) == 1
    assert [task.work.work for task in folded.tasks] == [Work.LAPSED, Work.LAPSED]


def test_a_deadline_is_a_term_of_its_own_in_a_years_plan(database: Database) -> None:
    city = _plan(database)
    with database.transaction() as session:
        change_deadline(
            session, task_id=city.task_id(), new_on=YEAR_END, reason="会议议定", actor=OFFICE, at=at(8, 26), by=BY
        )
    city.grow(at(12, 10))
    assert _sweep(database, NEW_YEAR) == 1
    assert city.task().state == "issued"
    assert city.states("swj")["2022-12"] == "open"
    assert_reckoned(database)


def test_a_plan_goes_on_where_the_office_wants_reports_from_a_day_after_its_end(database: Database) -> None:
    city = _plan(database, when=at(6, 15, year=2023), from_on=date(2023, 1, 1))
    assert _sweep(database, at(9, 1, year=2023)) == 0
    assert city.task().state == "issued"


@pytest.mark.parametrize("expires", [False, True])
def test_what_is_given_after_the_end_lapses_once_its_arrears_were_due_and_is_not_overdue_by_that(
    database: Database, expires: bool
) -> None:
    reading, given = _with_the_year(expires=expires), at(6, 15, year=2023)
    city = open_owed_city(database, reading=reading, when=given, from_on=date(2022, 11, 1))
    assert city.rows("swj")["2022-11"].due_at == end_of_day(date(2023, 6, 30))
    assert _sweep(database, at(6, 30, year=2023)) == 0
    assert _sweep(database, at(7, 1, year=2023)) == 2
    assert city.states("swj") == {"2022-11": "missed", "2022-12": "missed", "closing": "open"}
    with database.reading() as session:
        due_at = session.scalars(select(col(PeriodRow.due_at)).where(col(PeriodRow.code) == "closing")).first()
    assert due_at == end_of_day(BY.calendar.add_workdays(date(2023, 6, 30), BY.policy.closing_workdays))
    assert_reckoned(database)


def test_a_closing_report_that_is_returned_is_still_to_be_corrected_after_the_next_pass(database: Database) -> None:
    city = _plan(database)
    _sweep(database, NEW_YEAR)
    report_id = city.file("swj", "closing", when=at(1, 5, year=2023))
    with database.transaction() as session:
        return_report(
            session,
            report_id=report_id,
            reason="依据不足",
            reason_class=ReturnReason.NO_EVIDENCE,
            actor=OFFICE,
            at=at(1, 6, year=2023),
            by=BY,
        )
    _sweep(database, at(1, 7, year=2023))
    assert (city.task().state, city.states("swj")["closing"]) == ("lapsed", "returned")
    assert_reckoned(database)
    city.file("swj", "closing", when=at(1, 9, year=2023))
    assert city.task().state == "under_review"


def test_a_suspended_task_that_lapses_has_missed_nothing(database: Database) -> None:
    city = open_owed_city(database, expires_on=EXPIRES_ON)
    with database.transaction() as session:
        suspend_task(session, task_id=city.task_id(), reason="疫情防控", actor=OFFICE, at=at(9, 1))
    _lapse(database)
    assert city.states("swj")["2022-09"] == "waived"
    assert_reckoned(database)


def test_a_report_returned_after_the_end_stands(database: Database) -> None:
    city = open_owed_city(database)
    report_id = city.file("swj", "2022-09", when=at(9, 28))
    with database.transaction() as session:
        cancel_task(session, task_id=city.task_id(), reason="职能划转", actor=OFFICE, at=at(9, 29))
    with database.transaction() as session:
        return_report(
            session,
            report_id=report_id,
            reason="数字不符",
            reason_class=ReturnReason.FIGURES,
            actor=OFFICE,
            at=at(9, 30),
            by=BY,
        )
    assert city.states("swj")["2022-09"] == "stands"
    assert_reckoned(database)


def test_arrears_chosen_at_a_late_registration_are_due_ten_working_days_after_the_task_is_given(
    database: Database,
) -> None:
    issued_at = at(6, 15, year=2023)
    city = open_owed_city(database, when=issued_at, from_on=date(2023, 1, 1))
    rows = city.rows("swj")
    arrears = end_of_day(date(2023, 6, 30))
    assert rows["2023-01"].due_at == rows["2023-05"].due_at == arrears
    with database.reading() as session:
        dates = [row.overdue_from for row in session.scalars(select(SeriesRow)) if row.overdue_from]
    assert min(dates) > issued_at + timedelta(days=10)
    assert_reckoned(database)


def _closed_after(database: Database, *, expires: bool) -> OwedCity:
    """Let the document end with the year and the lead's closing report be accepted, which completes the task."""
    city = open_owed_city(database, reading=_with_the_year(expires=expires))
    city.grow(at(12, 10))
    _sweep(database, NEW_YEAR)
    report_id = city.file("swj", "closing", when=at(1, 5, year=2023))
    with database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(1, 6, year=2023))
    assert city.task().state == "completed"
    return city


def _reopen(city: OwedCity, *, until: date | None = None) -> None:
    on = at(2, 1, year=2023)
    with city.database.transaction() as session:
        reopen_task(session, task_id=city.task_id(), reason="整改", actor=OFFICE, at=on, by=BY, new_deadline_on=until)


@pytest.mark.parametrize("expires", [False, True])
def test_a_task_reopened_after_the_end_owes_its_completion_by_a_new_deadline_and_does_not_lapse_again(
    database: Database, expires: bool
) -> None:
    city = _closed_after(database, expires=expires)
    with pytest.raises(NewDeadlineNeeded):
        _reopen(city)
    assert city.task().state == "completed"
    _reopen(city, until=date(2023, 6, 30))
    rows = city.rows("swj")
    assert [row.state for row in rows.values() if row.state == "open"]
    city.grow(at(6, 20, year=2023))
    assert [code for code, row in city.rows("swj").items() if row.state == "open" and row.final] == ["2023-06"]
    for day in (at(2, 2, year=2023), at(3, 31, year=2023), at(7, 1, year=2023), at(9, 1, year=2023)):
        assert _sweep(database, day) == 0
    assert city.task().state == "in_progress"
    assert_reckoned(database)


def test_a_suspended_task_goes_on_after_the_end_towards_a_deadline_ahead_only(database: Database) -> None:
    city = _plan(database)
    with database.transaction() as session:
        change_deadline(
            session, task_id=city.task_id(), new_on=date(2022, 11, 30), reason="议定", actor=OFFICE, at=at(8, 26), by=BY
        )
        suspend_task(session, task_id=city.task_id(), reason="疫情防控", actor=OFFICE, at=at(9, 1))
    with pytest.raises(NewDeadlineNeeded), database.transaction() as session:
        resume_task(session, task_id=city.task_id(), reason="复工", actor=OFFICE, at=at(2, 1, year=2023), by=BY)
    assert city.task().state == "suspended"


def test_an_end_that_comes_again_asks_anew_for_a_closing_report_that_was_decided(database: Database) -> None:
    city = _closed_after(database, expires=False)
    with database.transaction() as session:
        document = session.scalars(select(DocumentRow)).one()
        document.ends_on = date(2023, 12, 31)  # past the log, which therefore tells otherwise
    _reopen(city)
    assert _sweep(database, at(12, 31, year=2023)) == 0
    assert _sweep(database, at(1, 1, year=2024)) == 1
    row = city.rows("swj")["closing"]
    due_at = end_of_day(BY.calendar.add_workdays(date(2023, 12, 31), BY.policy.closing_workdays))
    assert (city.task().state, row.state, row.due_at) == ("lapsed", "open", due_at)
    with database.reading() as session:
        told = fold(session, cut(session, as_of=at(1, 1, year=2024))).rows[row.id or 0]
    assert (told.state, told.due_at) == ("open", due_at)
    city.file("swj", "closing", when=at(1, 5, year=2024))
    assert city.task().state == "under_review"


def test_each_lead_of_a_document_closes_what_it_led(database: Database) -> None:
    open_owed_city(database, reading=replace(_two_leads(), expires_on=EXPIRES_ON))
    _lapse(database)
    with database.reading() as session:
        closing = (
            select(col(SeriesRow.unit_id), col(AssignmentRow.unit_id))
            .join(PeriodRow, col(PeriodRow.series_id) == col(SeriesRow.id))
            .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
            .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
            .where(col(PeriodRow.code) == "closing")
        )
        asked = session.execute(closing).all()
    assert len(asked) == 2
    assert all(asked_unit == unit for asked_unit, unit in asked)


def test_a_closing_report_asked_later_is_due_later(database: Database) -> None:
    reading = small_reading(expires_on=EXPIRES_ON)
    first, second = reading.items
    both = (first, replace(second, leads=(PrintedUnit("市卫健体委", "swj"),)))
    open_owed_city(database, reading=replace(reading, items=both))
    for day in (at(11, 1), at(11, 10)):
        with database.transaction() as session:
            assert lapse_expired(session, now=day, by=BY, limit=1) == 1
    with database.reading() as session:
        [period] = session.scalars(select(PeriodRow).where(col(PeriodRow.code) == "closing"))
        rows = session.scalars(
            select(FormRow).where(col(FormRow.period_id) == period.id).order_by(col(FormRow.id))
        ).all()
    later = end_of_day(BY.calendar.add_workdays(date(2022, 11, 9), BY.policy.closing_workdays))
    assert [row.due_at for row in rows] == [None, later]
    assert period.due_at < later
    assert_reckoned(database)


def test_a_completion_is_not_lowered_to_a_claim_that_only_a_running_task_makes(database: Database) -> None:
    city = _with_deadline(database, date(2022, 9, 30))
    report_id = city.file("swj", "2022-09", when=at(9, 26))
    with pytest.raises(ClaimLeavesOpen), database.transaction() as session:
        verdict = Verdict(Claim.ON_SCHEDULE, "尚有一项未完成", Outcome.UNMET)
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(9, 27), verdict=verdict)
    assert city.task().state == "under_review"
