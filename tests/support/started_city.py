"""The small city where an event starts a clock, or where daily reports stand in the document."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, OFFICE, OwedCity, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.items import Basis, CadenceKind
from tracker.domain.readings.demands import Cadence
from tracker.store.database import Database
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import TaskRow
from tracker.usecases.triggers import RecordTrigger, record_trigger


def open_started_city(
    database: Database, kind: CadenceKind, *, happened: datetime, recorded: datetime
) -> tuple[OwedCity, FormRow]:
    """Let an event start the clock of a response step; return the first row that it asks of the lead, 市卫健体委."""
    reading = small_reading()
    step = replace(reading.items[1], cadences=(Cadence(kind, Basis.STATED, 1, "24小时内"),))
    city = open_owed_city(database, reading=replace(reading, items=(reading.items[0], step)))
    with database.transaction() as session:
        task_id = session.scalars(select(col(TaskRow.id)).where(col(TaskRow.dormant))).one() or 0
        event = RecordTrigger(task_id, happened, "甲地发生疫情")
        record_trigger(session, event, actor=OFFICE, at=recorded, calendar=BY.calendar)
        rows = (
            select(FormRow)
            .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
            .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
            .where(col(SeriesRow.trigger_id).is_not(None))
            .order_by(col(PeriodRow.starts_on))
        )
        return city, session.scalars(rows).all()[0]


def open_daily_city(database: Database, *, when: datetime) -> tuple[OwedCity, FormRow]:
    """Issue the document with daily reports that no event started; return the first row of the lead, 市商务局."""
    reading = small_reading()
    daily = replace(reading.items[0], cadences=(Cadence(CadenceKind.DAILY, Basis.STATED, 1, "每月通报一次"),))
    city = open_owed_city(database, reading=replace(reading, items=(daily, reading.items[1])), when=when)
    return city, next(iter(city.rows("swj").values()))
