"""Nobody gets more time for the clock of an emergency: what is known is reported in time."""

from dataclasses import replace
from datetime import date

import pytest
from sqlmodel import col, select

from tests.support.owed_city import BY, OFFICE, OwedCity, at, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.cadences import RHYTHMS
from tracker.domain.items import Basis, CadenceKind
from tracker.domain.readings import Cadence
from tracker.messages import sentence
from tracker.store.database import Database
from tracker.store.queries.forms import form_view
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import TaskRow
from tracker.usecases.requesting import EmergencyClock, RequestExtension, request_extension
from tracker.usecases.triggers import RecordTrigger, record_trigger

_K = CadenceKind
HAPPENED, NOW = at(10, 11, hour=8), at(10, 11)
LATER = date(2022, 10, 31)


def _started(database: Database, kind: CadenceKind) -> tuple[OwedCity, FormRow]:
    """Let an event start the clock of a response step; return the first row that it asks of the lead."""
    reading = small_reading()
    step = replace(reading.items[1], cadences=(Cadence(kind, Basis.STATED, 1, "24小时内"),))
    city = open_owed_city(database, reading=replace(reading, items=(reading.items[0], step)))
    with database.transaction() as session:
        task_id = session.exec(select(TaskRow.id).where(col(TaskRow.dormant))).one() or 0
        event = RecordTrigger(task_id, HAPPENED, "甲地发生疫情")
        record_trigger(session, event, actor=OFFICE, at=NOW, calendar=BY.calendar)
        rows = (
            select(FormRow)
            .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
            .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
            .where(col(SeriesRow.trigger_id).is_not(None))
            .order_by(col(PeriodRow.starts_on))
        )
        return city, session.exec(rows).all()[0]


def _extendable(city: OwedCity, row: FormRow, code: str) -> bool:
    with city.database.reading() as session:
        form = form_view(session, period_id=row.period_id, unit_ids=[city.unit_id(code)], now=NOW)
    assert form is not None
    return next(one.extendable for one in form.rows if one.row_id == row.id)


def _ask(city: OwedCity, row: FormRow, code: str) -> None:
    with city.database.transaction() as session:
        command = RequestExtension(row.id or 0, LATER, "人手不足")
        request_extension(session, command, actor=city.liaison(code), at=NOW)


@pytest.mark.parametrize("kind", [_K.WITHIN_HOURS, _K.DAILY, _K.EVERY_2_DAYS])
def test_the_clock_of_an_emergency_is_not_extended_and_no_form_offers_it(database: Database, kind: CadenceKind) -> None:
    city, row = _started(database, kind)
    assert not _extendable(city, row, "wjw")
    with pytest.raises(EmergencyClock) as refused:
        _ask(city, row, "wjw")
    assert "不办理延期" in sentence(refused.value)
    with database.reading() as session:
        assert session.exec(select(RequestRow)).all() == []
        assert session.get_one(FormRow, row.id).pending_at is None


@pytest.mark.parametrize("kind", [_K.WITHIN_WORKDAYS, _K.ON_EVENT])
def test_what_an_event_asks_for_in_working_days_may_be_extended(database: Database, kind: CadenceKind) -> None:
    city, row = _started(database, kind)
    assert _extendable(city, row, "wjw")
    _ask(city, row, "wjw")


def test_daily_reports_that_no_event_started_may_be_extended(database: Database) -> None:
    reading = small_reading()
    daily = replace(reading.items[0], cadences=(Cadence(_K.DAILY, Basis.STATED, 1, "每月通报一次"),))
    city = open_owed_city(database, reading=replace(reading, items=(daily, reading.items[1])), when=at(10, 11, hour=8))
    row = next(iter(city.rows("swj").values()))
    assert _extendable(city, row, "swj")
    _ask(city, row, "swj")


def test_hour_clocks_and_reports_by_the_day_are_emergency_clocks() -> None:
    assert {kind for kind in _K if RHYTHMS[kind].emergency} == {_K.WITHIN_HOURS, _K.DAILY, _K.EVERY_2_DAYS}
