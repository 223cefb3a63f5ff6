"""The demonstration after its scenario: units behave on, a leap is as good as single days, people are left alone."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from seeds.registry import SEEDS
from seeds.scenarios.going_on import GoingOn
from seeds.scenarios.papers import PaperOffice
from seeds.scenarios.scenario import load_scenario
from tests.support.owed_city import assert_reckoned
from tests.support.played_autumn import ENDS_AT, PlayedAutumn, services_of
from tracker.domain.accounts import Actor, Role
from tracker.domain.calendar import at_local, end_of_day
from tracker.domain.deliveries import Outgoing
from tracker.gateways.clock import DemonstrationClock
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.services import Services
from tracker.store import event_log
from tracker.store.database import Database
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import IS_OPEN_DELIVERY, DeliveryRow, EventRow
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.series import PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.deliveries import backlog
from tracker.usecases.filing import acknowledge

SOME_DAYS, A_WEEK = (at_local(date(2022, 11, day), 18, 0) for day in (4, 10))
REPORTS = "shangwuju"  # one of the units that report in that week
ITS_DAY = at_local(date(2022, 11, 8), 9, 0)


def _services(database: Database) -> Services:
    folder = Path(database.engine.url.database or "").parent
    clock = DemonstrationClock(database, starts_at=ENDS_AT)
    return services_of(database, clock, folder=folder, evidence=EvidenceFiles(folder / "evidence"))


def _papers(database: Database) -> list[tuple[str, str | None]]:
    """Return the papers issued after the scenario, with whom they are written to."""
    with database.reading() as session:
        later = select(col(CircularRow.type), col(CircularRow.unit_name)).where(col(CircularRow.issued_at) > ENDS_AT)
        return list(session.execute(later.order_by(col(CircularRow.id))).all())


def _advance(database: Database, since: datetime, to: datetime) -> None:
    scenario = load_scenario(SEEDS / "scenarios" / "autumn-2022.toml")
    clock = DemonstrationClock(database, starts_at=ENDS_AT)
    GoingOn(scenario, services=_services(database), clock=clock).go_on(
        since=since, to=to, outgoing=Outgoing(mail=False, machine_now=to)
    )


def _told(database: Database) -> list[tuple[str, datetime, str]]:
    """Return what happened after the scenario, but for the numbers of rows."""
    with database.reading() as session:
        events = session.scalars(
            select(EventRow).where(col(EventRow.occurred_at) > ENDS_AT).order_by(col(EventRow.seq))
        )
        return sorted((event.type, event.occurred_at, event.actor_unit or "") for event in events)


@pytest.fixture
def autumn(played_autumn: PlayedAutumn, tmp_path: Path) -> Database:
    return played_autumn.open(ENDS_AT, tmp_path)


def test_units_report_and_the_office_decides_after_the_scenario(autumn: Database) -> None:
    _advance(autumn, ENDS_AT, A_WEEK)
    with autumn.reading() as session:
        filed = session.scalars(select(ReportRow).where(col(ReportRow.filed_at) > ENDS_AT)).all()
        states = {report.state for report in filed}
        wrote = select(col(UnitRow.code)).join(FilingRow, col(FilingRow.unit_id) == col(UnitRow.id))
        assert REPORTS in session.scalars(wrote.where(col(FilingRow.written_at) > ENDS_AT)).all()
        assert list(event_log.broken_links(session)) == []
    assert len(filed) > 50
    assert {"accepted", "returned", "filed"} <= states
    assert_reckoned(autumn)


def test_the_office_urges_on_its_day_and_a_day_played_again_urges_nobody_twice(autumn: Database) -> None:
    with autumn.transaction() as session:
        DemonstrationClock(autumn, starts_at=ENDS_AT).move(session, to=ITS_DAY)
    _advance(autumn, ITS_DAY, ITS_DAY + timedelta(hours=9))
    urged = _papers(autumn)
    assert {kind for kind, _unit in urged} == {"urge"}
    with autumn.reading() as session:
        notes = session.scalars(select(col(CircularRow.note)).where(col(CircularRow.type) == "urge")).all()
    assert all("联系人：" in note and "联系电话：" in note for note in notes), "whom a unit asks about a slip"
    PaperOffice(_services(autumn), begins_on=date(2022, 8, 15)).issue_habitual(ITS_DAY.date())
    assert _papers(autumn) == urged


def test_a_unit_that_is_left_alone_is_not_urged(autumn: Database) -> None:
    with autumn.reading() as session:
        everybody = session.scalars(select(col(UnitRow.short_name))).all()
    PaperOffice(_services(autumn), begins_on=date(2022, 8, 15)).issue_habitual(ITS_DAY.date(), but=everybody)
    assert _papers(autumn) == []


def test_a_leap_comes_to_the_same_as_single_days(autumn: Database, played_autumn: PlayedAutumn, tmp_path: Path) -> None:
    _advance(autumn, ENDS_AT, SOME_DAYS)
    (tmp_path / "daily").mkdir()
    daily = played_autumn.open(ENDS_AT, tmp_path / "daily")
    now = ENDS_AT
    while now < SOME_DAYS:
        then = min(now + timedelta(days=1), SOME_DAYS)
        _advance(daily, now, then)
        now = then
    assert _told(daily) == _told(autumn)


def test_a_unit_in_which_a_person_acts_is_left_to_that_person(autumn: Database) -> None:
    """The same unit reports where nobody has acted for it, as the first test sees."""
    with autumn.reading() as session:
        unit_id = session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == REPORTS)).one() or 0
    with autumn.transaction() as session:
        unit = session.get_one(UnitRow, unit_id)
        share = session.scalars(select(AssignmentRow).where(col(AssignmentRow.unit_id) == unit_id)).all()[0]
        share.state = "pending_receipt"
        person = Actor(7, "王五", Role.LIAISON, unit.id, unit.short_name)
        acknowledge(session, assignment_id=share.id or 0, actor=person, at=ENDS_AT)
        waiting = session.scalars(select(AssignmentRow).where(col(AssignmentRow.unit_id) == unit_id)).all()[1]
        waiting.state, waiting.version = "pending_receipt", waiting.version + 1
    _advance(autumn, ENDS_AT, A_WEEK)
    with autumn.reading() as session:
        later = select(FilingRow).where(col(FilingRow.unit_id) == unit_id, col(FilingRow.written_at) > ENDS_AT)
        assert session.scalars(later).all() == []
        assert session.get_one(AssignmentRow, waiting.id).state == "pending_receipt"


def test_a_keeper_reports_for_the_group_it_keeps(autumn: Database) -> None:
    with autumn.transaction() as session:
        owed = (
            select(PeriodRow, col(UnitRow.id))
            .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
            .join(UnitRow, col(UnitRow.id) == col(SeriesRow.unit_id))
            .where(col(UnitRow.kept_by_unit_id).is_not(None), col(SeriesRow.overdue_from) > ENDS_AT)
        )
        period, group_id = session.execute(owed.order_by(col(PeriodRow.due_at))).all()[-1]
        period.opens_at, period.due_at = ENDS_AT, end_of_day(date(2022, 11, 3))
    _advance(autumn, ENDS_AT, SOME_DAYS)
    with autumn.reading() as session:
        written = select(col(FilingRow.state)).where(
            col(FilingRow.unit_id) == group_id, col(FilingRow.written_at) > ENDS_AT
        )
        assert "filed" in session.scalars(written).all()


def test_what_a_scenario_leaves_to_the_workers_waits_since_it_was_played(autumn: Database) -> None:
    """Its events are of 2022; how long something waits is told by the machine's clock, and it may be rung at once."""
    with autumn.reading() as session:
        left = session.scalars(select(DeliveryRow).where(text(IS_OPEN_DELIVERY))).all()
        waiting = backlog(session, machine_now=datetime.now(UTC))
    assert left
    assert {delivery.rung_at for delivery in left} == {None}
    assert waiting.lag_s < timedelta(hours=6).total_seconds()
