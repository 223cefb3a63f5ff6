"""Months of the invented scheme in the small city, brought as far as a test needs."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.office import BY, OFFICE, City
from tests.support.projects import LISTS
from tests.support.small_scheme import SMALL_SCHEME
from tracker.domain.accounts import SYSTEM, Actor
from tracker.domain.scoring.entries import Entry, Evidence, InputKind, Sourced
from tracker.domain.scoring.months import read_month
from tracker.gateways.schemes import read_scheme
from tracker.steps.scoring import scheme_of, silent_of
from tracker.store.tables.scoring import ScoreInputRow, ScoreMonthRow
from tracker.usecases.scoring_inputs import Entered, enter_inputs, say_none
from tracker.usecases.scoring_months import draft_ranking, freeze_month, open_check, open_month
from tracker.usecases.scoring_rules import Ruling, decide, keep_scheme

OPENED = datetime(2022, 10, 8, 1, 0, tzinfo=UTC)
CHECKING = datetime(2022, 10, 12, 1, 0, tzinfo=UTC)  # three working days end on the 17th
AFTER = datetime(2022, 10, 18, 1, 0, tzinfo=UTC)
SOURCE = Evidence("统计月报")


@dataclass(frozen=True, slots=True)
class Worked:
    """The small city with its scheme, and a month of it."""

    city: City
    month_id: int

    def enter(self, session: Session, actor: Actor, *entries: Entry, seen: int = 0, reason: str = "") -> Entered:
        told = [Sourced(one, SOURCE) for one in entries]
        return enter_inputs(
            session,
            self.month_id,
            told,
            seen=seen,
            reason=reason,
            read=read_scheme,
            calendar=BY.calendar,
            actor=actor,
            at=OPENED,
        )


def figure(code: str, county: str, value: str) -> Entry:
    return Entry(kind=InputKind.FIGURE, code=code, object=county, value=Decimal(value))


def meeting(county: str, reference: str = "9月推进会") -> Entry:
    return Entry(kind=InputKind.OCCURRENCE, code="meeting", object=county, reference=reference)


def ruling(question: str, option: str, *, seen: int = 0, first_month: str = "") -> Ruling:
    return Ruling(
        scheme="small",
        question=question,
        option=option,
        decider="张主任",
        decided_on=date(2022, 10, 8),
        reason="会议研究",
        seen=seen,
        first_month=first_month,
    )


def due(month: str) -> date:
    """Return by when the inputs of a month are asked for: after it is over."""
    return max(date(2022, 10, 20), read_month(month).last_day + timedelta(days=10))


def keep_small_scheme(session: Session, *, content: str = SMALL_SCHEME) -> bool:
    return keep_scheme(session, content, read=read_scheme, at=OPENED)


def opened(city: City, *, month: str = "2022-09", content: str = SMALL_SCHEME) -> Worked:
    """Open a month of the small scheme, the first time with its rules."""
    with city.database.transaction() as session:
        keep_small_scheme(session, content=content)
        month_id = open_month(
            session,
            scheme="small",
            month=month,
            inputs_by=due(month),
            read=read_scheme,
            actor=OFFICE,
            at=OPENED,
        )
    return Worked(city, month_id)


def decided(city: City) -> None:
    with city.database.transaction() as session:
        for question, option in (("ties", "skip"), ("over-full", "allowed")):
            decide(session, ruling(question, option), read=read_scheme, actor=OFFICE, at=OPENED)


def filled(worked: Worked) -> None:
    """Hand in everything, each by its supplier: 驿城区 has 3 of 4 projects, 遂平县 2 of 2 and no meeting."""
    city = worked.city
    with city.database.transaction() as session:
        worked.enter(session, city.liaison("swj"), figure("projects", "yc", "3"), figure("projects", "sp", "2"))
        worked.enter(session, city.liaison("tjj"), figure("started", "yc", "3"), figure("started", "sp", "2"))
        worked.enter(session, OFFICE, figure("planned", "yc", "4"), figure("planned", "sp", "2"), meeting("yc"))
        nothing_else(session, worked.month_id)


def history_of(session: Session, month_id: int, *, kind: InputKind, code: str) -> list[ScoreInputRow]:
    """Return all that was ever handed in of one figure or kind in a month, in the order it came."""
    wanted = select(ScoreInputRow).where(
        col(ScoreInputRow.month_id) == month_id, col(ScoreInputRow.kind) == kind.value, col(ScoreInputRow.code) == code
    )
    return list(session.scalars(wanted.order_by(col(ScoreInputRow.id))))


def nothing_else(session: Session, month_id: int) -> None:
    """Say of all kinds of which nothing is handed in that nothing happened."""
    month = session.get_one(ScoreMonthRow, month_id)
    kinds = silent_of(session, month, scheme_of(session, month, read_scheme))
    say_none(session, month_id, kinds, read=read_scheme, actor=SYSTEM, at=OPENED)


def in_check(city: City) -> Worked:
    """Bring a month to where the counties check it."""
    worked = opened(city)
    decided(city)
    filled(worked)
    with city.database.transaction() as session:
        draft_ranking(session, worked.month_id, read=read_scheme, actor=OFFICE, at=CHECKING)
        open_check(
            session,
            worked.month_id,
            read=read_scheme,
            calendar=BY.calendar,
            workdays=3,
            actor=OFFICE,
            at=CHECKING,
        )
    return worked


def frozen(city: City) -> Worked:
    worked = in_check(city)
    with city.database.transaction() as session:
        freeze_month(session, worked.month_id, read=read_scheme, lists=LISTS, actor=OFFICE, at=AFTER)
    return worked
