"""Who holds the ball of each task: the tables' word beside the log's, for tests that hold one against the other."""

from dataclasses import replace
from datetime import datetime

from sqlmodel import Session

from tests.support.owed_city import BY
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.courts import Court, Holder
from tracker.store.history.fold import fold
from tracker.store.history.identities import unit_facts
from tracker.store.history.log import cut
from tracker.store.history.work import past_work
from tracker.store.queries.task_ledger import ledger_tasks


def assert_courts_told_alike(session: Session, *, now: datetime) -> None:
    """The log tells as the ledger does who holds each ball since when, but for who it is within a unit."""
    until = cut(session, as_of=now)
    told = past_work(session, fold(session, until), units=unit_facts(session, until=until)).courts
    shown = {one.standing.task_id: one.court for one in ledger_tasks(session, unit_ids=EVERY_UNIT, now=now, by=BY)}
    inside = {id_ for id_, court in shown.items() if any(one.holder is Holder.HEAD for one in court.every)}
    assert {id_: _outside(court, known=id_ not in inside) for id_, court in told.items()} == {
        id_: _outside(court, known=id_ not in inside) for id_, court in shown.items()
    }


def _outside(court: Court, *, known: bool) -> Court:
    """Leave out what stays within units: whether a head or a liaison has it, since when, and thus of which lead."""
    if court.unit is None:
        return court
    return replace(court, holder=Holder.LIAISON) if known else Court(Holder.LIAISON)
