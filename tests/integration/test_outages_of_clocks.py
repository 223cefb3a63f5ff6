"""An outage moves what is counted in working days, also where an event started it, and no clock of an emergency."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from tests.support.owed_city import BY, OFFICE, OwedCity, at
from tests.support.started_city import open_daily_city, open_started_city
from tracker.domain.calendar import end_of_day
from tracker.domain.items import CadenceKind
from tracker.domain.outages import Outage
from tracker.store.database import Database
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.usecases.recording_outages import Consequences, record_outage
from tracker.usecases.sharing import reassign_share


def _record(city: OwedCity, outage: Outage, *, when: datetime) -> Consequences:
    with city.database.transaction() as session:
        return record_outage(session, outage, reason="机房断电", actor=OFFICE, at=when, by=BY)


@pytest.mark.parametrize(
    ("kind", "moves"),
    [
        (CadenceKind.WITHIN_HOURS, False),
        (CadenceKind.DAILY, False),
        (CadenceKind.WITHIN_WORKDAYS, True),
        (CadenceKind.ON_EVENT, True),
    ],
)
def test_of_what_an_event_started_the_clocks_of_an_emergency_stay_and_working_days_move(
    database: Database, kind: CadenceKind, moves: bool
) -> None:
    city, row = open_started_city(database, kind, happened=at(10, 9, hour=8), recorded=at(10, 9))

    def due() -> datetime:
        with database.reading() as session:
            return session.get_one(PeriodRow, row.period_id).due_at

    before = due()
    assert at(10, 9) < before <= end_of_day(date(2022, 10, 12))
    _record(city, Outage(at(10, 9), at(10, 12)), when=at(10, 12))
    assert due() == (end_of_day(date(2022, 10, 13)) if moves else before)


@pytest.mark.parametrize(
    ("kind", "happened", "moves"),
    [
        (CadenceKind.WITHIN_HOURS, at(10, 12), False),  # due at 10
        (CadenceKind.WITHIN_WORKDAYS, at(10, 11), True),
    ],
)
@pytest.mark.parametrize("outage_first", [False, True])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_clock_that_comes_back_to_its_unit_is_due_as_if_the_unit_had_had_it_in_the_outage(
    database: Database, kind: CadenceKind, happened: datetime, moves: bool, outage_first: bool
) -> None:
    city, row = open_started_city(database, kind, happened=happened, recorded=happened)
    with database.reading() as session:
        before = session.get_one(PeriodRow, row.period_id).due_at
    given_back = _hand_over(city, row.assignment_id or 0, "swj")
    acts: list[Callable[[], object]] = [
        lambda: _record(city, Outage(at(10, 12, hour=8), at(10, 12)), when=at(10, 12)),
        lambda: _hand_over(city, given_back, "wjw"),
    ]
    for act in acts if outage_first else reversed(acts):
        act()
    with database.reading() as session:
        again = session.get_one(FormRow, row.id)
        due_at = again.due_at or session.get_one(PeriodRow, row.period_id).due_at
    assert (again.state, due_at) == ("open", end_of_day(date(2022, 10, 13)) if moves else before)


def _hand_over(city: OwedCity, assignment_id: int, code: str) -> int:
    said = {"reason": "职能划转", "actor": OFFICE, "at": at(10, 12), "by": BY}
    to = city.unit_id(code)
    with city.database.transaction() as session:
        return reassign_share(session, assignment_id=assignment_id, to_unit_id=to, **said)  # type: ignore[arg-type] # by name


def test_daily_reports_that_no_event_started_move(database: Database) -> None:
    city, row = open_daily_city(database, when=at(10, 11, hour=8))
    done = _record(city, Outage(at(10, 11), at(10, 13)), when=at(10, 14))
    moved = {move.form.period.id: move.new_due_at for move in done.moves}
    assert moved[row.period_id] == end_of_day(date(2022, 10, 14))
