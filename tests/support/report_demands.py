"""The small city with a task that is reported as its document or the office says, and what may be said of it."""

import json
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.items import Basis, CadenceKind
from tracker.domain.readings.demands import Cadence, Deadline
from tracker.domain.readings.reading import Reading
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.series import series_views
from tracker.store.tables.events import EventRow
from tracker.store.tables.series import DutyRow, FormRow, SeriesRow
from tracker.usecases.filing import SubmitForm, submit_form
from tracker.usecases.report_demands import lift_key, mark_key, set_interval
from tracker.usecases.requesting import RequestExtension, request_extension

K = CadenceKind
_GROWN = at(10, 8)
IRREGULAR = Cadence(K.IRREGULAR, Basis.STATED, None, "每月通报一次")


def open_reading(*cadences: Cadence, deadline_on: date | None = None) -> Reading:
    """The small document, whose first task reports as these cadences say; without any in the office's own rhythm."""
    reading = small_reading()
    first, second = reading.items
    deadline = Deadline(deadline_on, Basis.STATED, "每月通报一次") if deadline_on else None
    return replace(reading, items=(replace(first, cadences=cadences, targets=(), deadline=deadline), second))


def demanding_city(
    database: Database, *cadences: Cadence, grown: datetime = _GROWN, deadline_on: date | None = None
) -> OwedCity:
    city = open_owed_city(database, reading=open_reading(*cadences, deadline_on=deadline_on))
    city.grow(grown)
    return city


def key(city: OwedCity, when: datetime) -> None:
    with city.database.transaction() as session:
        mark_key(session, task_id=city.task_id(), reason="市长点题", actor=OFFICE, at=when, by=BY)


def lift(city: OwedCity, when: datetime) -> None:
    with city.database.transaction() as session:
        lift_key(session, task_id=city.task_id(), reason="已见成效", actor=OFFICE, at=when, by=BY)


def choose(city: OwedCity, kind: CadenceKind, when: datetime) -> None:
    with city.database.transaction() as session:
        set_interval(session, task_id=city.task_id(), interval=kind, reason="统筹报送", actor=OFFICE, at=when, by=BY)


def assert_told(city: OwedCity, when: datetime) -> None:
    """The log tells the task and its series as the tables have them."""
    assert_reckoned(city.database)
    task = city.task()
    with city.database.reading() as session:
        told = fold(session, cut(session, as_of=when))
        assert told.tasks[task.id or 0].key_reason == task.key_reason
        ids = [id_ or 0 for id_ in session.scalars(select(col(SeriesRow.id)).order_by(col(SeriesRow.id)))]
        views = series_views(session, ids)
        assert sorted(told.views(), key=lambda view: view.series_id) == views


def open_rows(city: OwedCity) -> list[str]:
    return [period for period, state in city.states("swj").items() if state == "open"]


def is_overdue(city: OwedCity, when: datetime) -> bool:
    with city.database.reading() as session:
        found = session.scalars(select(col(SeriesRow.overdue_from)).where(col(SeriesRow.overdue_from).is_not(None)))
        return any(since <= when for since in found if since is not None)


def standing(city: OwedCity) -> list[tuple[object, ...]]:
    """Return what is owed for the task: its rows that are not ended and the days with which its duties began."""
    with city.database.reading() as session:
        rows = session.scalars(select(FormRow).order_by(col(FormRow.id))).all()
        duties = session.scalars(select(DutyRow).order_by(col(DutyRow.id))).all()
        return [
            *((row.id, row.state, row.due_at, row.final, row.pending_at) for row in rows if row.state != "waived"),
            *((duty.id, duty.got_on, duty.from_on, duty.until_on) for duty in duties if duty.ended_at is None),
        ]


def write(city: OwedCity, period: str, when: datetime) -> int:
    """Let 市商务局 write a form that its head has not signed yet; return the envelope's id."""
    row = city.rows("swj")[period]
    content = RowContent(text="9月15日召开推进会，签约3个项目。", claim=Claim.ONGOING_ACTIVE)
    with city.database.transaction() as session:
        command = SubmitForm(row.period_id, (Entry(row.assignment_id or 0, content),))
        return submit_form(session, command, actor=city.liaison("swj"), at=when)


def ask_for_time(city: OwedCity, period: str, when: datetime) -> None:
    with city.database.transaction() as session:
        command = RequestExtension(city.rows("swj")[period].id or 0, date(2023, 2, 10), "数据未出")
        request_extension(session, command, actor=city.liaison("swj"), at=when)


def nothing(demanding_city: OwedCity) -> None:
    """Nothing has been asked."""


def told(city: OwedCity, type_: str) -> dict[str, object]:
    with city.database.reading() as session:
        payload = session.scalars(select(col(EventRow.payload)).where(col(EventRow.type) == type_)).one()
    return dict(json.loads(payload))
