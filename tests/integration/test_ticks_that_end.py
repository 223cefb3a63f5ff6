"""A tick ends with what its unit ticks for, wherever it stands then: open, under review or under correction."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.filings import Outcome, ReturnReason
from tracker.domain.plan_ends import PlanEnd
from tracker.domain.verdicts import Verdict
from tracker.steps.lapsing import lapse_expired
from tracker.store.database import Database
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import FormRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.merging import merge_units
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import release_share

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
    with city.database.transaction() as session:
        ids = {"from_unit_id": city.unit_id(old), "into_unit_id": city.unit_id(new)}
        merge_units(session, **ids, on=when.date(), reason="机构改革", actor=OFFICE, at=when)


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
