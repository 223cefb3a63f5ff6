"""The city after a scenario's end: its units behave on as they did, whenever the demonstration clock moves."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from seeds.scenarios.deciding import OFFICE, decide_filing
from seeds.scenarios.leads import verify_members
from seeds.scenarios.player import ScenarioPlayer, say_nothing
from seeds.scenarios.scenario import Conduct, Scenario
from tracker.domain.calendar import at_local, end_of_day, local_day
from tracker.domain.deliveries import Outgoing
from tracker.domain.errors import TrackerError
from tracker.domain.filings import ReportState, RequestKind, RequestState
from tracker.domain.owed import RowView
from tracker.gateways.clock import DemonstrationClock
from tracker.services import Services
from tracker.store.queries.outages import terms
from tracker.store.queries.verifying import lies_before
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import CorrectionRow, FilingRow, ReportRow, RequestRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.requesting import grant_extension, refuse_request
from tracker.usecases.sweeping import Swept, sweep_through

_DECIDES_AFTER_WORKDAYS = 2
_REFUSES_ONE_IN = 4


class GoingOn(ScenarioPlayer):
    """Plays the working days between two moments of the clock, each unit in a transaction of its own.

    The office decides what has waited for two working days, so that a leap comes to the same as single days and its
    queue is never empty. Units in which a person has acted are left to that person.
    """

    def __init__(self, scenario: Scenario, *, services: Services, clock: DemonstrationClock) -> None:
        usual = {
            code: Conduct.PUNCTUAL if conduct is Conduct.LAST_MINUTE else conduct
            for code, conduct in scenario.by_unit.items()
        }
        super().__init__(replace(scenario, by_unit=usual), services=services, clock=clock)
        self._ends_at = scenario.ends_at
        self._led_by_people: frozenset[str] = frozenset()

    def go_on(
        self, *, since: datetime, to: datetime, outgoing: Outgoing, reached: Callable[[date], None] = say_nothing
    ) -> Swept:
        """Let the days pass that lie whole between two moments, telling each; return what the passes found to do.

        The clock moves with each day: what is cut off goes on from there. Before the scenario's end only passes run.
        """
        swept, passed = Swept(), since
        with self._database.reading() as session:
            self._led_by_people = _units_of_people(session)
        for day in self._days_between(since, to):
            reached(day)
            begins, ends = at_local(day, 10, 0), at_local(day, 17, 30)
            self._set_clock(begins)
            swept += sweep_through(self._database, since=passed, to=begins, by=self._by, outgoing=outgoing)
            self._live(day)
            self._set_clock(ends)
            passed = begins
        return swept + sweep_through(self._database, since=passed, to=to, by=self._by, outgoing=outgoing)

    def _days_between(self, since: datetime, to: datetime) -> Iterator[date]:
        day = local_day(max(since, self._ends_at))
        while at_local(day, 17, 30) <= to:
            if at_local(day, 10, 0) >= max(since, self._ends_at) and self._by.calendar.is_workday(day):
                yield day
            day += timedelta(days=1)

    def _set_clock(self, at: datetime) -> None:
        with self._database.transaction() as session:
            if self._clock.now() < at:
                self._clock.move(session, to=at)

    def _live(self, day: date) -> None:
        self._papers.issue_habitual(day, but=self._led_by_people)
        self._try(self._acknowledge, day)
        self._try(self._handle_papers, day)
        with self._database.reading() as session:
            owing = self._owing(session, until=end_of_day(self._by.calendar.next_workday(day)))
        for unit, views in owing:
            for view in views:
                if any(self._to_write(unit, view, day)):
                    self._try(self._act, unit, view, day)
        for report_id in self._unverified(day):
            self._try(self._verify, report_id, day)
        for filing_id in self._waiting(day):
            self._try(self._review, filing_id, day)
        for request_id in self._asked(day):
            self._try(self._answer, request_id, day)

    def _plays(self, unit: UnitRow) -> bool:
        return unit.short_name not in self._led_by_people

    def _try(self, act: Callable[..., object], *about: object) -> None:
        """Let somebody act; what the rules refuse just then is not done."""
        with suppress(TrackerError), self._database.transaction() as session:
            act(session, *about)

    def _after_signing(self, session: Session, filing_id: int, *, returns: bool, day: date) -> None:
        """Leave what comes: leads verify it on the next working day, and the office decides after two."""

    def _office_decides(self, day: date) -> bool:
        return False

    def _unverified(self, day: date) -> list[int]:
        """Return what was filed before a day and is still verified in time."""
        with self._database.reading() as session:
            counted = terms(session, by=self._by)
            since = counted.open_since(day, workdays=self._by.policy.lead_verifies_workdays)
            wanted = select(col(ReportRow.id)).where(
                col(ReportRow.state) == ReportState.FILED.value,
                col(ReportRow.filed_at) >= since,
                col(ReportRow.filed_at) < at_local(day, 0, 0),
            )
            waiting = lies_before(session, session.scalars(wanted).all())
        return sorted(waiting)

    def _verify(self, session: Session, report_id: int, day: date) -> None:
        verify_members(session, [report_id], at=at_local(day, 16, 0), by=self._by, plays=self._writes)

    def _is_the_day(self, conduct: Conduct, period_id: int, rows: Sequence[RowView], due_on: date, day: date) -> bool:
        """Whoever reports in time does so on the last working day before, or at once where that has gone by."""
        if conduct in (Conduct.LATE, Conduct.LAST_MINUTE):
            return super()._is_the_day(conduct, period_id, rows, due_on, day)
        return day >= self._by.calendar.previous_workday(due_on)

    def _since(self, day: date) -> datetime:
        return end_of_day(self._by.calendar.add_workdays(day, -_DECIDES_AFTER_WORKDAYS))

    def _waiting(self, day: date) -> list[int]:
        """Return the envelopes that have waited for the office, but not those of people."""
        wanted = (
            select(col(FilingRow.id), col(UnitRow.short_name))
            .join(ReportRow, col(ReportRow.filing_id) == col(FilingRow.id))
            .join(UnitRow, col(UnitRow.id) == col(FilingRow.unit_id))
            .where(col(ReportRow.state) == ReportState.FILED.value, col(ReportRow.filed_at) < self._since(day))
            .distinct()
            .order_by(col(FilingRow.id))
        )
        with self._database.reading() as session:
            return [id_ or 0 for id_, name in session.execute(wanted) if name not in self._led_by_people]

    def _review(self, session: Session, filing_id: int, day: date) -> None:
        filing = session.get_one(FilingRow, filing_id)
        corrected = (
            select(col(CorrectionRow.id))
            .join(ReportRow, col(ReportRow.row_id) == col(CorrectionRow.row_id))
            .where(col(ReportRow.filing_id) == filing_id, col(ReportRow.state) == ReportState.FILED.value)
        )
        conduct = self._conduct(session.get_one(UnitRow, filing.unit_id))
        returns = conduct is Conduct.SENT_BACK and session.scalars(corrected).first() is None
        decide_filing(session, filing_id, returns=returns, at=at_local(day, 16, 30), by=self._by)

    def _asked(self, day: date) -> list[int]:
        wanted = (
            select(col(RequestRow.id), col(UnitRow.short_name))
            .join(AssignmentRow, col(AssignmentRow.id) == col(RequestRow.assignment_id))
            .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
            .where(
                col(RequestRow.kind) == RequestKind.EXTENSION.value,
                col(RequestRow.state) == RequestState.PENDING.value,
                col(RequestRow.asked_at) < self._since(day),
            )
            .order_by(col(RequestRow.id))
        )
        with self._database.reading() as session:
            return [id_ or 0 for id_, name in session.execute(wanted) if name not in self._led_by_people]

    def _answer(self, session: Session, request_id: int, day: date) -> None:
        at = at_local(day, 16, 0)
        if request_id % _REFUSES_ONE_IN:
            grant_extension(session, request_id=request_id, actor=OFFICE, at=at, by=self._by)
        else:
            reason = "理由不充分，请按原时限报送。"
            refuse_request(session, request_id=request_id, reason=reason, actor=OFFICE, at=at, by=self._by)


def _units_of_people(session: Session) -> frozenset[str]:
    """Return the units in which somebody with an account has acted."""
    acted = select(col(EventRow.actor_unit)).where(col(EventRow.actor_id).is_not(None)).distinct()
    return frozenset(name for name in session.scalars(acted) if name)
