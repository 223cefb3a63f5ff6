"""What a unit owes from the day a real document is issued: by the words, by the day, and in few forms."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.databases import fresh_sqlite, open_database
from tests.support.eight_documents import PLAN_49, PLAN_50, Documents, at, issue, readings
from tests.support.office import BY, CALENDAR, OFFICE
from tests.support.once import made_once
from tests.support.reading_demands import item_demands
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.cadences import Span
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.deadlines import due_day
from tracker.domain.items import Basis, CadenceKind
from tracker.domain.readings.frames import frame_of
from tracker.domain.windows import period_window
from tracker.store.database import Database
from tracker.store.queries.demands import task_demands
from tracker.store.queries.owed_lists import count_overdue, overdue_lines, owed_by_units
from tracker.store.queries.registered_items import export_items
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import TaskRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.triggers import RecordTrigger, end_trigger, record_trigger

COUNTIES = (
    "yicheng", "suiping", "xiping", "shangcai", "runan", "pingyu", "zhengyang", "queshan", "biyang", "xincai",
    "shifanqu", "jingkaiqu", "gaoxinqu",
)  # fmt: skip


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Documents]:
    """The eight documents as they were issued, passed through to 1 November 2022; tests only look at it."""
    folder = made_once(tmp_path_factory, "issued_documents", _issue_and_sweep)
    database = open_database(f"sqlite:///{folder / 'tracker.db'}")
    yield Documents(database)
    database.dispose()


def _issue_and_sweep(folder: Path) -> None:
    city = issue(fresh_sqlite(folder))
    city.sweep(at(11, 1))
    city.database.dispose()


def _due_days(city: Documents, item: str, unit: str) -> dict[tuple[str, str | None], list[date]]:
    found: dict[tuple[str, str | None], list[date]] = defaultdict(list)
    for series, period, row in city.rows(item, unit):
        found[series.kind, series.addressee].append(due_day(row.due_at or period.due_at))
    return dict(found)


def test_the_four_circulars_of_one_measure_are_four_series_of_the_bureau_to_the_office(issued: Documents) -> None:
    due = _due_days(issued, "49-17", "zhaoshangju")
    assert set(due) == {(kind, None) for kind in ("weekly", "monthly", "bimonthly", "quarterly")}
    weekly = [date(2022, month, day) for month, day in ((9, 7), (9, 15), (9, 21), (9, 28), (10, 10), (10, 12))]
    assert [day for day in due["weekly", None] if day >= date(2022, 9, 1)][:6] == weekly
    assert due["monthly", None][:3] == [date(2022, 9, 5), date(2022, 10, 10), date(2022, 11, 3)]
    assert due["bimonthly", None][0] == date(2022, 11, 3)
    assert due["quarterly", None][0] == date(2022, 10, 10)
    assert set(issued.shares("49-17")) == {"zhaoshangju"}


def test_no_window_that_ended_before_the_unit_had_the_task_is_asked_for(issued: Documents) -> None:
    with issued.database.reading() as session:
        rows = session.execute(
            select(col(DocumentRow.number), PeriodRow)
            .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
            .join(DocumentRow, col(DocumentRow.id) == col(SeriesRow.document_id))
        ).all()
        given = {
            number: local_day(issued_at)
            for number, issued_at in session.execute(
                select(col(DocumentRow.number), col(TaskRow.issued_at)).join(TaskRow)
            )
            if issued_at is not None
        }
    assert rows
    assert [period.code for number, period in rows if period.ends_on < given[number]] == []


@pytest.mark.parametrize("code", COUNTIES[:10])
def test_a_countys_quarter_is_about_six_forms_and_under_twenty_required_rows(issued: Documents, code: str) -> None:
    """Counted in the rows that stand in the tables, for what falls due for the fourth quarter of 2022."""
    with issued.database.reading() as session:
        rows = session.execute(
            select(col(SeriesRow.id), col(FormRow.assignment_id))
            .join(PeriodRow, col(PeriodRow.series_id) == col(SeriesRow.id))
            .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
            .join(UnitRow, col(UnitRow.id) == col(SeriesRow.unit_id))
            .where(
                col(UnitRow.code) == code,
                col(FormRow.required).is_(True),
                col(FormRow.assignment_id).is_not(None),
                col(SeriesRow.kind).not_in(["half_yearly", "yearly"]),
                col(PeriodRow.ends_on) > date(2022, 9, 30),
                col(PeriodRow.ends_on) <= date(2022, 12, 31),
            )
        ).all()
    series = {series_id for series_id, _share in rows}
    assert 1 <= len(series) <= 6, len(series)
    assert len(set(rows)) < 20, len(set(rows))


def test_an_item_without_rhythm_is_one_quarterly_row_of_its_lead_whatever_units_stand_beside_it(
    issued: Documents,
) -> None:
    shares = issued.shares("48-16")
    supports = [code for code, share in shares.items() if share.role == "support" and share.duty == "reply"]
    assert (len(supports), len(shares)) == (3, 17)
    assert [(series.kind, row.required) for series, _period, row in issued.rows("48-16", "shangwuju")] == [
        ("quarterly", True),
        ("quarterly", True),
    ]
    assert all(issued.rows("48-16", code) == [] for code in (*supports, *COUNTIES))
    with issued.database.reading() as session:
        exported: Any = export_items(session, number="驻政办〔2022〕48号")  # Any: JSON
        [item] = [one for document in exported["documents"] for one in document["items"] if one["code"] == "48-16"]
        ticks = session.execute(
            select(col(SeriesRow.kind), col(FormRow.id))
            .join(PeriodRow, col(PeriodRow.series_id) == col(SeriesRow.id))
            .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
            .join(UnitRow, col(UnitRow.id) == col(SeriesRow.unit_id))
            .join(DocumentRow, col(DocumentRow.id) == col(SeriesRow.document_id))
            .where(col(UnitRow.code) == "xincai", col(DocumentRow.number) == "驻政办〔2022〕48号")
        ).all()
    [rhythm] = item["cadence"]
    assert (rhythm["kind"], rhythm["basis"], rhythm["bearer"], rhythm["quote"]) == (
        "quarterly",
        "default",
        "lead",
        None,
    )
    assert [kind for kind, _row in ticks] == ["half_yearly"]


def test_a_rhythm_is_exported_with_whom_it_binds_and_a_clock_per_case_with_its_number(issued: Documents) -> None:
    with issued.database.reading() as session:
        exported: Any = export_items(session)  # Any: JSON
    rhythms = {item["code"]: item["cadence"] for document in exported["documents"] for item in document["items"]}
    inspections = rhythms["53-23"][0]
    assert (inspections["basis"], inspections["bearer"]) == ("stated", "group")
    assert inspections["quote"]
    [per_case] = rhythms["54-16"]
    assert (per_case["kind"], per_case["n"], per_case["basis"]) == ("within_workdays", 1, "stated")


def test_the_rows_of_an_issued_item_demand_what_was_read(issued: Documents) -> None:
    with issued.database.reading() as session:
        unit_ids = {unit.code: unit.id or 0 for unit in session.scalars(select(UnitRow))}
        codes = dict(session.execute(select(col(TaskRow.id), col(ItemRow.code)).join(ItemRow)).all())
        kept = {codes[task.task_id]: task.demands for task in task_demands(session, [id_ or 0 for id_ in codes])}
    read = {
        item.code: item_demands(item, unit_ids=unit_ids, frame=frame_of(reading))
        for reading in readings().values()
        for item in reading.items
    }
    assert set(kept) == set(read)
    for code, demands in kept.items():
        printed = tuple(rhythm for rhythm in demands.rhythms if rhythm.basis is not Basis.DEFAULT)
        assert replace(demands, rhythms=printed, shares=read[code].shares) == read[code], code


def test_the_counties_own_rhythm_binds_the_counties_and_not_the_bureau(issued: Documents) -> None:
    assert {series.kind for series, *_ in issued.rows("49-06", "zhaoshangju")} == {"quarterly"}
    for code in COUNTIES:
        assert {series.kind for series, *_ in issued.rows("49-06", code)} == {"monthly", "yearly"}, code
        assert all(row.act for _series, _period, row in issued.rows("49-06", code))


@pytest.mark.parametrize("item", ["48-31", "49-24", "51-11", "53-05"])
def test_members_that_only_share_lasting_work_or_a_rule_have_no_row_of_it(issued: Documents, item: str) -> None:
    members = [code for code in issued.shares(item) if code in COUNTIES]
    assert len(members) == 13
    assert [code for code in members if issued.rows(item, code)] == []


def test_an_evaluation_is_one_series_of_each_organiser_and_not_open_years_ahead(issued: Documents) -> None:
    with issued.database.reading() as session:
        found = session.execute(
            select(col(UnitRow.code), PeriodRow)
            .join(SeriesRow, col(SeriesRow.unit_id) == col(UnitRow.id))
            .join(PeriodRow, col(PeriodRow.series_id) == col(SeriesRow.id))
            .where(col(SeriesRow.kind) == CadenceKind.MIDTERM_AND_FINAL.value)
        ).all()
        owed = owed_by_units(session, unit_ids=EVERY_UNIT, now=at(11, 1))
    assert {code for code, _period in found} == {"cangongwei", "canlian"}
    assert len(found) == 4
    assert all(local_day(period.opens_at) >= date(2023, 7, 1) for _code, period in found)
    assert [line for line in owed if line.kind == CadenceKind.MIDTERM_AND_FINAL.value] == []


def test_a_plan_issued_ten_months_late_finds_nobody_guilty_and_asks_for_arrears_in_ten_working_days(
    database: Database,
) -> None:
    issued_at = at(6, 15, year=2023)
    city = issue(database, [PLAN_49], when=issued_at, from_on=date(2023, 1, 1))
    city.sweep(issued_at + timedelta(hours=1))
    arrears = end_of_day(date(2023, 6, 30))
    with database.reading() as session:
        assert count_overdue(session, now=issued_at + timedelta(hours=1), unit_ids=EVERY_UNIT) == 0
        moments = [moment for moment in session.scalars(select(col(SeriesRow.overdue_from))) if moment is not None]
        assert count_overdue(session, now=arrears, unit_ids=EVERY_UNIT) > 0
    assert min(moments) > end_of_day(date(2023, 6, 20))
    goal = city.rows("49-01", "zhaoshangju")
    assert [(row.final, row.due_at or period.due_at) for _series, period, row in goal] == [(True, arrears)]
    with database.reading() as session:
        ended = select(PeriodRow, FormRow).join(FormRow).where(col(PeriodRow.ends_on) < local_day(issued_at))
        assert {row.due_at or period.due_at for period, row in session.execute(ended)} == {arrears}
    weekly = [
        row.due_at or period.due_at
        for series, period, row in city.rows("49-17", "zhaoshangju")
        if series.kind == "weekly" and (row.due_at or period.due_at) <= arrears
    ]
    assert weekly.count(arrears) > 20
    with database.reading() as session:
        lines = overdue_lines(session, now=arrears, unit_ids=[city.unit_id("zhaoshangju")], limit=99)
    assert [line.owed.run for line in lines if line.kind == "weekly"] == [len(weekly)]


def test_the_third_quarter_of_an_unpublished_year_is_due_after_the_national_day() -> None:
    window = period_window(CadenceKind.QUARTERLY, Span(date(2027, 7, 1), date(2027, 9, 30)), by=BY)
    assert not CALENDAR.is_workday(date(2027, 10, 1))
    assert window.due_on > date(2027, 10, 5)
    last = period_window(CadenceKind.QUARTERLY, Span(date(2026, 10, 1), date(2026, 12, 31)), by=BY)
    assert last.due_on > date(2027, 1, 5)


@pytest.mark.parametrize(("item", "step_days"), [("50-42", 1), ("50-48", 2)])
def test_daily_and_two_daily_reports_run_from_the_recorded_event_to_its_end(
    database: Database, item: str, step_days: int
) -> None:
    city = issue(database, [PLAN_50])
    unit = "linyeju"
    begins_at = at(9, 8, hour=20)
    with database.transaction() as session:
        command = RecordTrigger(city.task_id(item), begins_at, "疫情达到响应级别")
        record_trigger(session, command, actor=OFFICE, at=begins_at, calendar=CALENDAR)
    city.sweep(at(9, 22))
    rows = [entry for entry in city.rows(item, unit) if entry[0].trigger_id is not None]
    due = [due_day(row.due_at or period.due_at) for _series, period, row in rows]
    steps = {later - earlier for earlier, later in pairwise(due)}
    assert steps == {timedelta(days=step_days)}
    assert len([day for day in due if day < date(2022, 9, 22)]) >= 14 // step_days - 1
    with database.reading() as session:
        [line] = [one for one in owed_by_units(session, unit_ids=[city.unit_id(unit)], now=at(9, 22)) if one.owed.since]
    assert line.owed.run == len([day for day in due if day < date(2022, 9, 22)])
    trigger_id = rows[0][0].trigger_id or 0
    with database.transaction() as session:
        end_trigger(session, trigger_id=trigger_id, reason="响应终止", actor=OFFICE, at=at(9, 22, hour=10))
    city.sweep(at(10, 12))
    assert max(row.due_at or period.due_at for _s, period, row in city.rows(item, unit) if _s.trigger_id) <= at(9, 26)
