"""Work whose completion is handed in, returned and asked for again: the small city with a deadline of 11 November."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.owed_city import BY, LEADER, OFFICE, OwedCity, at, open_owed_city
from tests.support.remembered import remembered
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.filings import RequestState, ReturnReason
from tracker.domain.light_kinds import LightReason
from tracker.domain.progress import Work
from tracker.store.database import Database
from tracker.store.history.export import exported_state
from tracker.store.history.log import cut
from tracker.store.queries.owed_lists import overdue_lines
from tracker.store.queries.work import TaskStanding, task_standings
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.series import PeriodRow
from tracker.usecases.requesting import RequestExtension, grant_extension, refuse_request, request_extension
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import change_deadline

DEADLINE = date(2022, 11, 11)
DAY = timedelta(days=1)


def do(city: OwedCity, act: Callable[[Session], object]) -> None:
    """Do an act in a transaction of its own."""
    with city.database.transaction() as session:
        act(session)


def started(database: Database, *leads: str, expires_on: date | None = None) -> OwedCity:
    """Return the city whose task is due on 11 November; its leads have reported for September and October."""
    remembered(database, lambda empty: _start(empty, leads, expires_on), "work with a deadline", leads, expires_on)
    return OwedCity(database)


def _start(database: Database, leads: tuple[str, ...], expires_on: date | None) -> None:
    city = open_owed_city(database, expires_on=expires_on)
    for code in leads[1:]:
        city.add_lead(code, at(9, 5))
    to_deadline(city, DEADLINE, at(9, 6))
    for period, day in (("2022-09", at(9, 28)), ("2022-10", at(10, 31))):
        city.grow(day)
        for code in leads:
            if city.states(code).get(period) == "open":
                city.file(code, period, when=day)
    city.grow(at(11, 5))


def to_deadline(city: OwedCity, day: date, when: datetime) -> None:
    """Let the leader move the deadline."""
    do(
        city,
        lambda session: change_deadline(
            session, task_id=city.task_id(), new_on=day, reason="会议议定", actor=LEADER, at=when, by=BY
        ),
    )


def give_back(city: OwedCity, report_id: int, when: datetime) -> None:
    """Let the office return a report."""
    do(
        city,
        lambda session: return_report(
            session,
            report_id=report_id,
            reason="没有验收",
            reason_class=ReturnReason.FIGURES,
            actor=OFFICE,
            at=when,
            by=BY,
        ),
    )


def due_of(city: OwedCity, code: str) -> datetime:
    """Return when the row is due that asks a lead for the completion, the last one of several."""
    row = [row for row in city.rows(code).values() if row.final][-1]
    with city.database.reading() as session:
        return row.due_at or session.get_one(PeriodRow, row.period_id).due_at


def stands(city: OwedCity, now: datetime) -> tuple[Work, LightReason, list[str]]:
    """Return the class, the light of time and whose completion stands in the list of what is overdue."""
    with city.database.reading() as session:
        [found] = task_standings(session, now=now, by=BY, task_ids=[city.task_id()])
        lines = overdue_lines(session, now=now, unit_ids=EVERY_UNIT, limit=99)
        told = exported_state(session, cut(session, as_of=now), by=BY)["work"]
    assert isinstance(told, dict)
    assert told[found.work.work.value] > 0  # the log tells it alike
    asked = [line.unit_name for line in lines if line.unit_name in found.leads.values()]
    return found.work.work, found.lights.time.reason, asked


def standing_at(city: OwedCity, now: datetime) -> TaskStanding:
    """Return how the task stands."""
    with city.database.reading() as session:
        [found] = task_standings(session, now=now, by=BY, task_ids=[city.task_id()])
        return found


def ask_for_more(city: OwedCity, code: str, period: str, until: date, when: datetime) -> None:
    """Let a unit ask for more time for one of its rows."""
    row_id = city.rows(code)[period].id or 0
    command = RequestExtension(row_id, until, "等验收")
    do(city, lambda session: request_extension(session, command, actor=city.liaison(code), at=when))


def decide_extension(city: OwedCity, *, granted: bool, when: datetime) -> None:
    """Let the one request that waits be decided by whose it is."""
    with city.database.transaction() as session:
        pending = col(RequestRow.state) == RequestState.PENDING.value
        request = session.scalars(select(RequestRow).where(pending)).one()
        actor, request_id = LEADER if request.by_leader else OFFICE, request.id or 0
        if granted:
            grant_extension(session, request_id=request_id, actor=actor, at=when, by=BY)
        else:
            refuse_request(session, request_id=request_id, reason="理由不足", actor=actor, at=when, by=BY)
