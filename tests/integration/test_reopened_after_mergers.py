"""What had ended before its unit went up in another is the successor's once it is taken up again 「重启」."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.filings import Outcome, ReturnReason
from tracker.domain.items import Basis, CadenceKind, ItemKind
from tracker.domain.readings.demands import Cadence
from tracker.domain.verdicts import Verdict
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.owed_lists import overdue_lines
from tracker.store.queries.series import series_views
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import close_task, reopen_task
from tracker.usecases.returning import return_report

COMPLETED_AT, GOES_ON_AT = at(9, 16), at(9, 20)


def _complete(city: OwedCity) -> None:
    report_id = city.complete("swj", when=COMPLETED_AT)
    with city.database.transaction() as session:
        verdict = Verdict(None, outcome=Outcome.MET, let_pass="已核")
        accept_report(session, report_id=report_id, actor=OFFICE, at=COMPLETED_AT, verdict=verdict)


def _merge(city: OwedCity, old: str, new: str, when: datetime = GOES_ON_AT) -> None:
    city.merge(old, new, when)


def _reopen(city: OwedCity, when: datetime = GOES_ON_AT) -> None:
    with city.database.transaction() as session:
        reopen_task(session, task_id=city.task_id(), reason="复核", actor=OFFICE, at=when, by=BY)


def _assert_told_alike(city: OwedCity) -> None:
    assert_reckoned(city.database)
    with city.database.reading() as session:
        ids = [id_ for id_ in session.scalars(select(col(SeriesRow.id)).order_by(col(SeriesRow.id))) if id_]
        told = sorted(fold(session, cut(session, as_of=at(12, 31, year=2023))).views(), key=lambda view: view.series_id)
        assert told == series_views(session, ids)


def _shares(city: OwedCity) -> set[tuple[str, str, str]]:
    """Return the unit, role and duty of the live shares of the task."""
    with city.database.reading() as session:
        wanted = (
            select(col(UnitRow.code), col(AssignmentRow.role), col(AssignmentRow.duty))
            .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
            .where(
                col(AssignmentRow.task_id) == city.task_id(),
                col(AssignmentRow.state).not_in(["reassigned", "released"]),
            )
        )
        return {(code, role, duty) for code, role, duty in session.execute(wanted)}


def _owed(city: OwedCity) -> set[tuple[str, str, str, str]]:
    """Return whose open rows there are: the unit, the rhythm, the window, and whether the row is of a share."""
    with city.database.reading() as session:
        wanted = (
            select(col(UnitRow.code), col(SeriesRow.key), col(PeriodRow.code), col(FormRow.assignment_id))
            .join(SeriesRow, col(SeriesRow.unit_id) == col(UnitRow.id))
            .join(PeriodRow, col(PeriodRow.series_id) == col(SeriesRow.id))
            .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
            .where(col(FormRow.state) == "open")
        )
        return {(unit, key, code, "share" if share else "tick") for unit, key, code, share in session.execute(wanted)}


@pytest.mark.parametrize(
    "mergers",
    [
        (("swj", "wjw"),),  # the lead, into a unit that has no part of the task
        (("swj", "tjj"),),  # into one that replies
        (("sp", "yc"),),  # a member, into another
        (("sp", "wjw"),),
        (("sp", "swj"),),  # a member, into the lead
        (("swj", "tjj"), ("tjj", "wjw")),  # twice
        (("sp", "wjw"), ("yc", "wjw")),  # several into one
    ],
)
def test_a_task_comes_to_the_same_whether_its_units_merge_before_or_after_it_is_taken_up_again(
    tmp_path: Path, mergers: tuple[tuple[str, str], ...]
) -> None:
    found = []
    for order in ("before", "after"):
        (tmp_path / order).mkdir()
        city = open_owed_city(fresh_sqlite(tmp_path / order))
        _complete(city)
        if order == "after":
            _reopen(city)
        for old, new in mergers:
            _merge(city, old, new)
        _assert_told_alike(city)
        if order == "before":
            _reopen(city)
        _assert_told_alike(city)
        found.append((_shares(city), _owed(city)))
    assert found[0] == found[1]
    assert {unit for unit, *_part in found[0][0]}.isdisjoint(old for old, _new in mergers)


def test_nobody_is_overdue_in_the_name_of_a_unit_that_is_gone(database: Database) -> None:
    city = open_owed_city(database)
    _complete(city)
    with database.transaction() as session:
        close_task(session, task_id=city.task_id(), reason="销号", actor=OFFICE, at=COMPLETED_AT)
    _merge(city, "swj", "tjj")
    _merge(city, "tjj", "wjw")
    _reopen(city)
    city.grow(at(1, 10, year=2023))
    _assert_told_alike(city)
    with database.reading() as session:
        late = {line.unit_id for line in overdue_lines(session, now=at(1, 10, year=2023), unit_ids=EVERY_UNIT, limit=9)}
    assert city.unit_id("wjw") in late
    assert late.isdisjoint({city.unit_id("swj"), city.unit_id("tjj")})


def test_what_lay_with_the_office_is_corrected_by_the_successor(database: Database) -> None:
    city = open_owed_city(database)
    city.grow(at(9, 27))
    report_id = city.file("swj", "2022-09", when=at(9, 27))
    city = _completed_and_merged(city)
    with database.transaction() as session:
        why = ReturnReason.NO_EVIDENCE
        when = at(10, 11)
        return_report(session, report_id=report_id, reason="缺附件", reason_class=why, actor=OFFICE, at=when, by=BY)
    assert city.states("tjj")["2022-09"] == "returned"
    _assert_told_alike(city)


def _completed_and_merged(city: OwedCity) -> OwedCity:
    """Complete the task, let its lead go up in the unit that replies, and take it up again."""
    report_id = city.complete("swj", when=at(9, 28))
    with city.database.transaction() as session:
        verdict = Verdict(None, outcome=Outcome.MET, let_pass="已核")
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(9, 29), verdict=verdict)
    _merge(city, "swj", "tjj", when=at(9, 30))
    _reopen(city, when=at(10, 10))
    return city


def test_a_share_is_found_in_a_series_that_went_over_whole_with_another(database: Database) -> None:
    """Two items in one monthly form, of which one was completed; the successor has a part of that one."""
    reading = small_reading()
    first, second = reading.items
    monthly = (Cadence(CadenceKind.MONTHLY, Basis.DEFAULT),)
    other = replace(second, kind=ItemKind.ACTION, level=None, leads=first.leads, cadences=monthly)
    city = open_owed_city(database, reading=replace(reading, items=(first, other)))
    _complete(city)
    _merge(city, "swj", "tjj")
    ended = city.share("swj")
    with database.reading() as session:  # its rows stand in the form that went over with the other item
        owners = select(col(SeriesRow.unit_id)).join(PeriodRow, col(PeriodRow.series_id) == col(SeriesRow.id))
        rows = owners.join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
        assert set(session.scalars(rows.where(col(FormRow.assignment_id) == ended.id))) == {city.unit_id("tjj")}
    assert ended.unit_id == city.unit_id("swj")
    _reopen(city)
    _assert_told_alike(city)
    city.grow(at(10, 12))
    assert city.states("tjj")["2022-10"] == "open"
    with database.reading() as session:
        gone = select(AssignmentRow).where(col(AssignmentRow.unit_id) == city.unit_id("swj"))
        assert [share.state for share in session.scalars(gone)] == ["reassigned"]
    _assert_told_alike(city)
