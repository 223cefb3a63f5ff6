"""Which duties follow the calendar, and by which of them a unit ticks."""

from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, OFFICE, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.started_city import open_started_city
from tracker.domain.accounts import SYSTEM
from tracker.domain.items import CadenceKind
from tracker.steps.asked_windows import duties_by_calendar, running_tick
from tracker.store.database import Database
from tracker.store.tables.series import DutyRow, SeriesRow
from tracker.usecases.issuing import issue_document
from tracker.usecases.registering import approve_document, register_document

DAY = at(9, 5)


def _issue_another(database: Database) -> None:
    other = small_reading(number="驻政办〔2022〕98号")
    with database.transaction() as session:
        register_document(session, other, actor=SYSTEM, at=DAY)
        approve_document(session, number=other.number, basis="市政府常务会议议定", actor=OFFICE, at=DAY)
        issue_document(session, number=other.number, actor=OFFICE, at=DAY, by=BY)


def test_of_a_document_those_duties_follow_the_calendar_that_run_and_no_event_starts_one(database: Database) -> None:
    open_started_city(database, CadenceKind.DAILY, happened=DAY, recorded=DAY)
    _issue_another(database)
    with database.transaction() as session:
        every = select(DutyRow, SeriesRow).join(SeriesRow, col(SeriesRow.id) == col(DutyRow.series_id))
        duties = session.execute(every.order_by(col(DutyRow.id))).all()
        assert all(series.trigger_id is None for _duty, series in duties)
        own = [duty for duty, series in duties if series.document_id == 1]
        assert 1 < len(own) < len(duties)
        own[0].ended_at = DAY
        assert [duty.id for duty, _series in duties_by_calendar(session, 1)] == [duty.id for duty in own[1:]]


def test_a_unit_ticks_by_its_own_tick_of_a_document_while_that_runs(database: Database) -> None:
    city = open_owed_city(database)
    _issue_another(database)
    counties = [city.unit_id(code) for code in ("sp", "yc")]
    with database.transaction() as session:
        for document_id in (2, 1):
            assert running_tick(session, city.unit_id("swj"), document_id) is None
            for unit_id in counties:
                tick = running_tick(session, unit_id, document_id)
                assert tick is not None
                assert tick.assignment_id is None
                series = session.get_one(SeriesRow, tick.series_id)
                assert (series.unit_id, series.document_id) == (unit_id, document_id)
        assert tick is not None
        tick.ended_at = DAY
        session.flush()
        assert running_tick(session, counties[-1], 1) is None
        assert running_tick(session, counties[0], 1) is not None
