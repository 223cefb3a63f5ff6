"""The small city at work: its people, and a document that has been issued."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlmodel import Session, col, select

from seeds.policy import load_policy
from seeds.registry import load_calendar
from tests.support.readings import NUMBER, small_reading, small_registry
from tracker.domain.accounts import SYSTEM, Actor, Role
from tracker.store.database import Database
from tracker.store.tables.tasks import AssignmentRow, PeriodRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.deadlines import open_periods
from tracker.usecases.issuing import approve_document, issue_document
from tracker.usecases.registration import register_document, register_units

SEEDS = Path(__file__).parents[2] / "seeds"
CALENDAR = load_calendar(SEEDS / "calendar.toml")
POLICY = load_policy(SEEDS / "policy.toml")
OFFICE = Actor(1, "督查员", Role.SUPERVISOR)
ISSUED_AT = datetime(2022, 8, 25, 1, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class City:
    """A database in which the small document is issued and its first periods are open."""

    database: Database

    def liaison(self, code: str) -> Actor:
        return Actor(10, f"{code}联络员", Role.LIAISON, self._unit_id(code), code)

    def head(self, code: str) -> Actor:
        return Actor(11, f"{code}负责人", Role.UNIT_HEAD, self._unit_id(code), code)

    def assignment(self, code: str, session: Session) -> AssignmentRow:
        wanted = select(AssignmentRow).join(UnitRow).where(col(UnitRow.code) == code)
        return session.exec(wanted).one()

    def period(self, code: str, session: Session, *, name: str = "2022-08") -> PeriodRow:
        wanted = select(PeriodRow).join(AssignmentRow).join(UnitRow)
        return session.exec(wanted.where(col(UnitRow.code) == code, col(PeriodRow.code) == name)).one()

    def _unit_id(self, code: str) -> int | None:
        with self.database.reading() as session:
            return session.exec(select(UnitRow.id).where(col(UnitRow.code) == code)).one()


def open_city(database: Database) -> City:
    """Register, approve and issue the small document and open what should be open by then."""
    with database.transaction() as session:
        register_units(session, small_registry())
        register_document(session, small_reading(), actor=SYSTEM, at=ISSUED_AT)
        approve_document(session, number=NUMBER, basis="市政府常务会议议定", actor=OFFICE, at=ISSUED_AT)
        issue_document(session, number=NUMBER, actor=OFFICE, at=ISSUED_AT)
        session.flush()
        open_periods(session, now=ISSUED_AT, calendar=CALENDAR, policy=POLICY)
    return City(database)
