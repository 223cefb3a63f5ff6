"""Figures and lights: an earlier cut stays as it was, the office's own delay burdens nobody, silence is one line."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from seeds.demonstration import create_demonstration_accounts
from tests.support.databases import fresh_sqlite, open_database
from tests.support.eight_documents import PLAN_49, REGISTRY, Documents, at, issue
from tests.support.office import BY, CALENDAR, OFFICE
from tests.support.once import made_once
from tests.support.owed_city import assert_reckoned
from tests.support.played_autumn import ENDS_AT, PlayedAutumn
from tests.support.recount import forget_digests
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.calendar import end_of_day
from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.deliveries import Outgoing
from tracker.domain.filings import ReturnReason
from tracker.domain.light_kinds import LightColour, LightReason, Waiting
from tracker.domain.progress import Work, WorkReason
from tracker.steps.digests import plan_digests
from tracker.store.database import Database
from tracker.store.history.contents import content_as_of
from tracker.store.history.facts import facts_as_of
from tracker.store.queries.owed_lists import count_overdue, overdue_lines
from tracker.store.queries.units import units_acted_for
from tracker.store.queries.work import task_standings
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.units import UnitRow, UserRow
from tracker.usecases.requesting import RequestExtension, grant_extension, request_extension
from tracker.usecases.returning import return_report

GOAL, WEEKLY, BUREAU = "49-01", "49-17", "zhaoshangju"


def _circular(database: Database, *, as_of: datetime, unit: str | None = None) -> Content:
    kind = CircularType.URGE if unit else CircularType.SUPERVISION
    with database.reading() as session:
        return content_as_of(
            session, kind=kind, scope=Scope(unit), as_of=as_of, up_to=None, previous=None, calendar=CALENDAR
        )


def _ask(city: Documents, row: FormRow, *, until: date, when: datetime) -> int:
    with city.database.transaction() as session:
        command = RequestExtension(row.id or 0, until, "数据尚在核实")
        return request_extension(session, command, actor=city.liaison(BUREAU), at=when)


def test_a_return_long_after_the_cut_leaves_its_figures_as_they_were(
    played_autumn: PlayedAutumn, tmp_path: Path
) -> None:
    database = played_autumn.open(ENDS_AT, tmp_path)
    with database.reading() as session:
        seen = facts_as_of(session, as_of=ENDS_AT)
    city = Documents(database)
    period = next(period for _s, period, row in city.rows(WEEKLY, BUREAU) if row.state == "open")
    filing_id = city.file(BUREAU, period.id or 0, when=at(11, 7))
    with database.transaction() as session:
        report_id = session.scalars(select(col(ReportRow.id)).where(col(ReportRow.filing_id) == filing_id)).first()
        return_report(
            session,
            report_id=report_id or 0,
            reason="缺少数据",
            reason_class=ReturnReason.NO_EVIDENCE,
            actor=OFFICE,
            at=at(11, 9),
            by=BY,
        )
    with database.reading() as session:
        again = facts_as_of(session, as_of=ENDS_AT)
        assert (again.forms, again.overdue, again.tasks) == (seen.forms, seen.overdue, seen.tasks)
        filed = facts_as_of(session, as_of=at(11, 8))
        [form] = [form for form in filed.forms if form.period_id == period.id]
    assert (form.late, form.moment) == (True, period.due_at)


def test_the_offices_silence_on_an_extension_makes_nobody_overdue_or_late(tmp_path: Path) -> None:
    city = issue(fresh_sqlite(tmp_path), [PLAN_49])
    city.sweep(at(11, 8))
    period, row = next((period, row) for series, period, row in city.rows(WEEKLY, BUREAU) if period.code == "2022W45")
    for earlier in sorted(
        {p.id or 0 for s, p, _r in city.rows(WEEKLY, BUREAU) if s.kind == "weekly" and p.ends_on < period.starts_on}
    ):
        city.file(BUREAU, earlier, when=at(11, 9))
    request_id = _ask(city, row, until=date(2022, 12, 9), when=at(11, 10))
    for now in (at(11, 17), at(12, 1)):
        city.sweep(now)
        with city.database.reading() as session:
            weekly = [
                line
                for line in overdue_lines(session, now=now, unit_ids=[city.unit_id(BUREAU)], limit=99)
                if line.period_id == period.id
            ]
            unit = session.scalars(select(col(UnitRow.full_name)).where(col(UnitRow.code) == BUREAU)).one()
        assert weekly == []
        urged = _circular(city.database, as_of=now, unit=unit)
        assert all("45周" not in str(cells) for table in urged.tables for cells in table.rows)
    with city.database.transaction() as session:
        grant_extension(session, request_id=request_id, actor=OFFICE, at=at(12, 1, hour=10), by=BY)
    city.file(BUREAU, period.id or 0, when=at(12, 2))
    with city.database.reading() as session:
        kept = session.get_one(FormRow, row.id)
        assert (kept.state, kept.late) == ("filed", False)
    assert_reckoned(city.database)


def test_an_undecided_extension_of_the_completion_stops_its_clock(tmp_path: Path) -> None:
    city = issue(fresh_sqlite(tmp_path), [PLAN_49])
    city.sweep(at(1, 10, year=2023))
    final = next(row for _series, _period, row in city.rows(GOAL, BUREAU) if row.final)
    _ask(city, final, until=date(2023, 3, 31), when=at(1, 31, year=2023))
    past = at(2, 10, year=2023)
    assert final.due_at is not None
    assert final.due_at < past
    time = city.standing(GOAL, now=past).lights.time
    assert time.reason is not LightReason.NOT_COMPLETED


def test_the_light_of_a_row_says_that_its_extension_lies_with_the_office(tmp_path: Path) -> None:
    city = issue(fresh_sqlite(tmp_path), [PLAN_49])
    first = city.rows("49-06", BUREAU)[0]
    _ask(city, first[2], until=date(2022, 11, 30), when=at(10, 9))
    found = city.standing("49-06", now=at(10, 20)).lights.time
    assert (found.waiting, found.colour) == (Waiting.EXTENSION, LightColour.YELLOW)


@pytest.mark.parametrize("code", ["48-17", "48-28", "48-30", "48-32"])
def test_lasting_work_is_never_called_not_begun_and_never_red(
    played_autumn: PlayedAutumn, tmp_path: Path, code: str
) -> None:
    found = Documents(played_autumn.open(ENDS_AT, tmp_path)).standing(code, now=ENDS_AT)
    assert found.work.work is not Work.UNKNOWN
    assert found.work.reason is not WorkReason.NOT_DUE
    assert found.lights.shown.colour is not LightColour.RED


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Documents]:
    """The eight documents with nobody signing or reporting until the end of 2023; tests only look at it."""
    folder = made_once(tmp_path_factory, "silent_year", _be_silent)
    database = open_database(f"sqlite:///{folder / 'tracker.db'}")
    yield Documents(database)
    database.dispose()


def _be_silent(folder: Path) -> None:
    city = issue(fresh_sqlite(folder))
    with city.database.transaction() as session:
        create_demonstration_accounts(session, REGISTRY, hash_password=lambda _password: "-", at=at(8, 15))
    for month in (10, 11, 12):
        city.sweep(at(month, 20))
    for month in range(1, 13):
        city.sweep(at(month, 28, year=2023))
    city.database.dispose()


def test_a_year_of_silence_is_one_line_a_series_with_its_count_of_periods(silent: Documents) -> None:
    now = at(12, 28, year=2023)
    with silent.database.reading() as session:
        lines = overdue_lines(session, now=now, unit_ids=EVERY_UNIT, limit=9_999)
        acted_for = {unit_id: units_acted_for(session, unit_id) for unit_id in session.scalars(select(col(UnitRow.id)))}
        series_of = Counter(session.scalars(select(col(SeriesRow.unit_id))))
        units = dict(session.execute(select(col(UserRow.id), col(UserRow.unit_id))).all())
        periods = len(session.scalars(select(col(PeriodRow.id)).where(col(PeriodRow.due_at) <= now)).all())
        assert count_overdue(session, now=now, unit_ids=EVERY_UNIT) == len(lines)
    with silent.database.transaction() as session:
        forget_digests(session)
        digests = plan_digests(session, now=now, by=BY, outgoing=Outgoing(mail=False, machine_now=now)).rows
        session.rollback()
    assert len(lines) == len({line.series_id for line in lines}) <= series_of.total()
    assert sum(line.owed.run for line in lines) > 3 * len(lines)
    assert max(line.owed.run for line in lines) >= 12
    assert periods > 4 * len(lines)
    assert _circular(silent.database, as_of=now).counts["overdue"] == len(lines)
    for digest in digests:
        if (unit_id := units[digest.recipient_id]) is not None:
            content: Any = digest.content  # Any: JSON
            assert len(content["lines"]) + content["more"] <= sum(series_of[unit] for unit in acted_for[unit_id])


def test_two_silent_quarters_make_lasting_work_yellow_and_nothing_ever_makes_it_red(silent: Documents) -> None:
    found = silent.standing("52-32", now=at(2, 1, year=2023)).lights
    assert (found.progress.colour, found.progress.reason) == (LightColour.YELLOW, LightReason.SILENT)
    assert found.progress.facts == {"quarters": 2}
    assert found.time.colour is LightColour.YELLOW


def test_a_task_that_nobody_signed_for_lights_up_on_the_second_working_day(tmp_path: Path) -> None:
    city = issue(fresh_sqlite(tmp_path), [PLAN_49])
    given = at(8, 16)
    with city.database.reading() as session:
        fresh = task_standings(session, now=given, by=BY)
        later = task_standings(session, now=end_of_day(date(2022, 8, 17)), by=BY)
    assert {one.work.work for one in fresh} == {Work.NOT_STARTED}
    assert {one.work.reason for one in fresh} == {WorkReason.NOT_RECEIVED}
    assert {one.lights.time.reason for one in later} == {LightReason.RECEIPT_OVERDUE}
    assert {one.lights.shown.colour for one in later} == {LightColour.YELLOW}


def test_the_opening_sentence_counts_the_documents_in_hand_and_says_so_when_nothing_is_due_yet(tmp_path: Path) -> None:
    city = issue(fresh_sqlite(tmp_path), [PLAN_49])
    content = _circular(city.database, as_of=at(8, 16, hour=12))
    assert (content.counts["documents"], content.counts["days"], content.counts["reports_due"]) == (1, 0, 0)
    assert "rate" not in content.figures


def test_nothing_is_filed_in_the_name_of_a_body_above_the_city(played_autumn: PlayedAutumn, tmp_path: Path) -> None:
    database = played_autumn.open(ENDS_AT, tmp_path)
    with database.reading() as session:
        above = select(col(UnitRow.id)).where(col(UnitRow.code).in_(["sheng-zhihuibu", "sheng-zhihuibu-ban"]))
        ids = list(session.scalars(above))
        assert session.scalars(select(col(SeriesRow.id)).where(col(SeriesRow.unit_id).in_(ids))).all() == []
        assert session.scalars(select(col(FilingRow.id)).where(col(FilingRow.unit_id).in_(ids))).all() == []
