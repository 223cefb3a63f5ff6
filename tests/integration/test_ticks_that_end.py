"""A tick ends with what its unit ticks for, wherever it stands then: open, under review or under correction."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.filings import Outcome, ReturnReason
from tracker.domain.plan_ends import PlanEnd
from tracker.domain.verdicts import Verdict
from tracker.steps.lapsing import lapse_expired
from tracker.store.database import Database
from tracker.store.tables.filings import CorrectionRow, ReportRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import suspend_task
from tracker.usecases.plan_ends import correct_plan_end
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import reassign_share, release_share

FORM = "2022H2"
TICKED_AT, ENDED_AT, RETURNED_AT = at(12, 28), at(1, 3, year=2023), at(1, 4, year=2023)


def _plan(database: Database, *, end: date = date(2022, 12, 31)) -> OwedCity:
    city = open_owed_city(database, reading=replace(small_reading(), plan_end=PlanEnd(end)))
    city.grow(TICKED_AT)
    return city


def _return(city: OwedCity, report_id: int, when: datetime) -> None:
    with city.database.transaction() as session:
        why = ReturnReason.NO_EVIDENCE
        return_report(session, report_id=report_id, reason="缺附件", reason_class=why, actor=OFFICE, at=when, by=BY)


def _accept(city: OwedCity, report_id: int, when: datetime, verdict: Verdict) -> None:
    with city.database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=when, verdict=verdict)


def _tick(city: OwedCity, report_id: int) -> tuple[str, bool]:
    """Return the state of the row that a tick is on, and whether a moment of a correction runs for it."""
    with city.database.reading() as session:
        row = session.get_one(FormRow, session.get_one(ReportRow, report_id).row_id)
        return row.state, row.correction_due_at is not None


def _lapse(city: OwedCity) -> None:
    with city.database.transaction() as session:
        assert lapse_expired(session, now=ENDED_AT, by=BY)


def _release(city: OwedCity) -> None:
    with city.database.transaction() as session:
        share_id = city.share("sp").id or 0
        release_share(session, assignment_id=share_id, reason="职能调整", actor=OFFICE, at=ENDED_AT, by=BY)


def _complete(city: OwedCity) -> None:
    report_id = city.complete("swj", when=ENDED_AT)
    _accept(city, report_id, ENDED_AT, Verdict(None, outcome=Outcome.MET, let_pass="已核"))


def _merge(city: OwedCity, old: str, new: str, when: datetime = ENDED_AT) -> None:
    city.merge(old, new, when)


def _go_up_in_the_lead(city: OwedCity) -> None:
    _merge(city, "sp", "swj")


_ENDS = [_lapse, _release, _complete, _go_up_in_the_lead]


@pytest.mark.parametrize("end", _ENDS)
def test_nothing_of_a_tick_that_ended_under_review_is_corrected(
    database: Database, end: Callable[[OwedCity], None]
) -> None:
    city = _plan(database)
    report_id = city.tick("sp", FORM, when=TICKED_AT)
    end(city)
    assert _tick(city, report_id) == ("filed", False)
    _return(city, report_id, RETURNED_AT)
    assert _tick(city, report_id) == ("stands", False)
    with database.reading() as session:
        assert session.get_one(ReportRow, report_id).correct_by is None
    assert_reckoned(database)


@pytest.mark.parametrize("end", _ENDS)
def test_a_tick_that_ended_under_review_is_accepted_all_the_same(
    database: Database, end: Callable[[OwedCity], None]
) -> None:
    city = _plan(database)
    report_id = city.tick("sp", FORM, when=TICKED_AT)
    end(city)
    _accept(city, report_id, RETURNED_AT, Verdict(None))
    assert _tick(city, report_id) == ("accepted", False)
    assert_reckoned(database)


def test_a_tick_that_goes_on_with_the_successor_is_corrected_there(database: Database) -> None:
    city = _plan(database, end=date(2023, 12, 31))
    report_id = city.tick("sp", FORM, when=TICKED_AT)
    _merge(city, "sp", "yc")
    _return(city, report_id, RETURNED_AT)
    assert _tick(city, report_id) == ("returned", True)
    assert_reckoned(database)


def _set_end(city: OwedCity, on: date, when: datetime) -> None:
    with city.database.transaction() as session:
        correct_plan_end(session, document_id=1, new_on=on, reason="更正", actor=OFFICE, at=when, by=BY)


def test_the_correction_of_a_tick_goes_on_where_the_end_that_ended_it_was_wrong(database: Database) -> None:
    city = _plan(database, end=date(2023, 12, 31))
    report_id = city.tick("sp", FORM, when=TICKED_AT)
    _return(city, report_id, at(12, 29))
    with database.reading() as session:
        due_at = session.scalars(select(col(CorrectionRow.due_at))).one()
    _set_end(city, date(2022, 12, 28), at(12, 30))
    with database.transaction() as session:
        assert lapse_expired(session, now=at(12, 30), by=BY)
    assert _tick(city, report_id) == ("stands", False)
    assert_reckoned(database)
    _set_end(city, date(2023, 12, 31), at(12, 31))
    assert _tick(city, report_id) == ("returned", True)
    with database.reading() as session:
        [correction] = session.scalars(select(CorrectionRow))
        [row] = session.scalars(select(FormRow).where(col(FormRow.state) == "returned"))
        assert (correction.ended_at, row.correction_due_at) == (None, due_at)
    assert_reckoned(database)


def test_a_tick_that_is_under_correction_when_its_unit_has_nothing_left_to_tick_for_stands(database: Database) -> None:
    city = _plan(database)
    report_id = city.tick("sp", FORM, when=TICKED_AT)
    _return(city, report_id, at(12, 29))
    _release(city)
    assert _tick(city, report_id) == ("stands", False)
    assert_reckoned(database)


@pytest.mark.parametrize("paused", [True, False])
def test_a_correction_of_a_tick_that_had_run_out_is_overdue_again_unless_the_work_is_paused(
    database: Database, paused: bool
) -> None:
    city, right_at = _plan(database, end=date(2023, 12, 31)), at(1, 10, year=2023)
    report_id = city.tick("sp", FORM, when=TICKED_AT)
    _return(city, report_id, at(12, 29))
    if paused:
        with database.transaction() as session:
            suspend_task(session, task_id=city.task_id(), reason="待定", actor=OFFICE, at=at(12, 30))
    _set_end(city, date(2022, 12, 28), at(1, 9, year=2023))
    with database.transaction() as session:
        assert lapse_expired(session, now=at(1, 9, year=2023), by=BY)
    _set_end(city, date(2023, 12, 31), right_at)
    with database.reading() as session:
        [due_at] = session.scalars(select(col(FormRow.correction_due_at)).where(col(FormRow.state) == "returned"))
    assert due_at is not None
    assert (due_at <= right_at) == (not paused)
    assert_reckoned(database)


def _hand_over(city: OwedCity, old: str, new: str) -> None:
    with city.database.transaction() as session:
        share_id, to = city.share(old).id or 0, city.unit_id(new)
        said = {"reason": "职能划转", "actor": OFFICE, "at": ENDED_AT, "by": BY}
        reassign_share(session, assignment_id=share_id, to_unit_id=to, **said)  # type: ignore[arg-type] # by name


@pytest.mark.parametrize("become_lead", [_merge, _hand_over])
@pytest.mark.parametrize(("old", "new"), [("swj", "sp"), ("sp", "swj")])
def test_who_leads_what_it_ticked_for_is_asked_for_no_tick(
    database: Database, become_lead: Callable[[OwedCity, str, str], None], old: str, new: str
) -> None:
    city = _plan(database, end=date(2023, 12, 31))
    become_lead(city, old, new)
    with database.reading() as session:
        ticks = (
            select(col(SeriesRow.unit_id))
            .join(PeriodRow, col(PeriodRow.series_id) == col(SeriesRow.id))
            .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
            .where(col(FormRow.assignment_id).is_(None), col(FormRow.state) == "open")
        )
        assert set(session.scalars(ticks)) == {city.unit_id("yc")}
    assert_reckoned(database)
