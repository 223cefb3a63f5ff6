"""Plays a scenario through the ordinary commands, day by day and deterministically."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from tracker.domain.accounts import Actor, Role
from tracker.domain.calendar import WorkdayCalendar, at_local, local_day
from tracker.domain.lifecycle import AssignmentState
from tracker.domain.policy import ReminderPolicy
from tracker.domain.reminders import digest_at
from tracker.domain.reports import NilReason, ReportKind
from tracker.gateways.clock import DemonstrationClock
from tracker.store.database import Database
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.tasks import AssignmentRow, PeriodRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.subscriptions import SUBSCRIPTIONS, Surroundings, follow
from tracker.usecases.extensions import RequestExtension, grant_extension, request_extension
from tracker.usecases.issuing import approve_document, issue_document
from tracker.usecases.outbox import deliveries_to_ring, fan_out
from tracker.usecases.reminding import Outgoing
from tracker.usecases.reporting import SubmitReport, acknowledge, sign_off, submit_report
from tracker.usecases.review import accept_report, return_report
from tracker.usecases.sweeping import sweep

_OFFICE = Actor(None, "督查员", Role.SUPERVISOR)
_LATE_BY_WORKDAYS = 4
_EXTENDED_BY_DAYS = 14


class Conduct(StrEnum):
    """How a unit behaves throughout the scenario."""

    PUNCTUAL = "punctual"
    LATE = "late"
    SILENT = "silent"
    SENT_BACK = "sent_back"
    EXTENDED = "extended"
    NIL = "nil"
    LAST_MINUTE = "last_minute"


@dataclass(frozen=True, slots=True)
class Scenario:
    """`conduct` says how many of a hundred units behave in which way."""

    starts_on: date
    ends_at: datetime
    issue_after_workdays: int
    approval_basis: str
    conduct: Mapping[Conduct, int]
    by_unit: Mapping[str, Conduct]

    def of_unit(self, code: str) -> Conduct:
        """Return a unit's fixed conduct, or draw it from its code; the same code always draws the same."""
        if code in self.by_unit:
            return self.by_unit[code]
        drawn = int.from_bytes(sha256(code.encode()).digest()[:4]) % sum(self.conduct.values())
        for conduct, share in self.conduct.items():
            if drawn < share:
                return conduct
            drawn -= share
        raise AssertionError("the shares add up to less than their sum")


def load_scenario(path: Path) -> Scenario:
    return TypeAdapter(Scenario).validate_python(tomllib.loads(path.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True)
class _Owed:
    """What of one period the player needs to know."""

    period: PeriodRow
    assignment: AssignmentRow
    unit: UnitRow
    title: str


class ScenarioPlayer:
    """Plays each working day in one transaction; a day that was played before is skipped by the clock."""

    def __init__(
        self,
        scenario: Scenario,
        *,
        database: Database,
        clock: DemonstrationClock,
        calendar: WorkdayCalendar,
        policy: ReminderPolicy,
    ) -> None:
        self._scenario, self._database, self._clock = scenario, database, clock
        self._calendar, self._policy = calendar, policy

    def play(self) -> int:
        """Play from the clock's day to the scenario's end; return how many days. Idempotent: the end stays the end."""
        days = 0
        for day in self._days():
            with self._database.transaction() as session:
                self._play_day(session, day)
                self._clock.move(session, to=min(at_local(day, 17, 30), self._scenario.ends_at))
            days += 1
        with self._database.transaction() as session:
            if self._clock.now() < self._scenario.ends_at:
                self._clock.move(session, to=self._scenario.ends_at)
            self._sweep(session, self._scenario.ends_at)
        self._tell()
        return days

    def _tell(self) -> None:
        """Let what follows from the scenario's events follow now, on the pages only."""
        around = Surroundings(self._calendar, self._policy, Outgoing(mail=False, machine_now=self._scenario.ends_at))
        with self._database.transaction() as session:
            while fan_out(session, SUBSCRIPTIONS, machine_now=self._scenario.ends_at):
                pass
            while waiting := deliveries_to_ring(session, machine_now=self._scenario.ends_at):
                for delivery_id in waiting:
                    follow(session, delivery_id, around)

    def _days(self) -> Iterator[date]:
        now = self._clock.now()
        day = max(self._scenario.starts_on, local_day(now))
        while at_local(day, 9, 0) < self._scenario.ends_at:
            if at_local(day, 9, 0) >= now and self._calendar.is_workday(day):
                yield day
            day += timedelta(days=1)

    def _play_day(self, session: Session, day: date) -> None:
        self._issue(session, day)
        session.flush()
        self._sweep(session, digest_at(day, policy=self._policy))
        session.flush()
        self._acknowledge(session, day)
        for owed in self._owed(session):
            self._act(session, owed, day)

    def _sweep(self, session: Session, at: datetime) -> None:
        """Make one pass; what happened in the scenario is told on the pages only, never by e-mail."""
        outgoing = Outgoing(mail=False, machine_now=at)
        sweep(session, now=at, calendar=self._calendar, policy=self._policy, outgoing=outgoing)

    def _issue(self, session: Session, day: date) -> None:
        at = at_local(day, 9, 0)
        for document in session.exec(select(DocumentRow).order_by(col(DocumentRow.id))):
            issued_on = document.issued_on or self._scenario.starts_on
            first = max(issued_on, self._scenario.starts_on)
            if self._calendar.add_workdays(first, self._scenario.issue_after_workdays) == day:
                basis = self._scenario.approval_basis
                approve_document(session, number=document.number, basis=basis, actor=_OFFICE, at=at)
                session.flush()
                issue_document(session, number=document.number, actor=_OFFICE, at=at)

    def _acknowledge(self, session: Session, day: date) -> None:
        pending = session.exec(
            select(AssignmentRow, UnitRow)
            .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
            .where(col(AssignmentRow.state) == AssignmentState.PENDING_RECEIPT.value)
            .order_by(col(AssignmentRow.id))
        ).all()
        for assignment, unit in pending:
            if self._scenario.of_unit(unit.code) is not Conduct.SILENT:
                acknowledge(session, assignment_id=assignment.id or 0, actor=_liaison(unit), at=at_local(day, 10, 0))

    def _owed(self, session: Session) -> list[_Owed]:
        rows = session.exec(
            select(PeriodRow, AssignmentRow, UnitRow, ItemRow.title)
            .select_from(PeriodRow)
            .join(AssignmentRow, col(AssignmentRow.id) == col(PeriodRow.assignment_id))
            .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
            .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
            .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
            .where(col(PeriodRow.state).in_(["open", "returned"]), col(PeriodRow.due_on).is_not(None))
            .order_by(col(PeriodRow.id))
        ).all()
        return [_Owed(*row) for row in rows]

    def _act(self, session: Session, owed: _Owed, day: date) -> None:
        """Do what this unit does on this day about one owed period."""
        assert owed.period.due_on is not None
        conduct = self._scenario.of_unit(owed.unit.code)
        due_on = owed.period.due_on
        if conduct is Conduct.SILENT:
            return
        if conduct is Conduct.LAST_MINUTE:
            self._catch_up(session, owed, day)
            return
        if owed.period.state == "returned":
            self._file(session, owed, day, verdict="accept")
        elif conduct is Conduct.LATE:
            if day >= self._calendar.add_workdays(due_on, _LATE_BY_WORKDAYS):
                self._file(session, owed, day, verdict="accept")
        elif conduct is Conduct.EXTENDED and owed.period.scheduled_on == due_on:
            if day == self._calendar.previous_workday(due_on):
                self._extend(session, owed, day)
        elif day == self._calendar.previous_workday(due_on):
            verdict = "return" if conduct is Conduct.SENT_BACK else "accept"
            self._file(session, owed, day, verdict=verdict, nil=conduct is Conduct.NIL)

    def _file(
        self, session: Session, owed: _Owed, day: date, *, verdict: str, nil: bool = False, signed: bool = True
    ) -> None:
        command = SubmitReport(
            assignment_id=owed.assignment.id or 0,
            kind=ReportKind.NIL if nil else ReportKind.PROGRESS,
            text="" if nil else f"围绕“{owed.title}”，已按要求推进，相关工作正在落实，具体情况见台账。",
            period_id=owed.period.id,
            nil_reason=NilReason.AWAITS_POLICY if nil else None,
        )
        report_id = submit_report(session, command, actor=_liaison(owed.unit), at=at_local(day, 10, 30))
        if signed:
            sign_off(session, report_id=report_id, actor=_head(owed.unit), at=at_local(day, 15, 0))
        if not self._office_decides(day):
            return
        at = at_local(day, 16, 30)
        if verdict == "accept":
            accept_report(session, report_id=report_id, actor=_OFFICE, at=at)
            return
        return_report(
            session,
            report_id=report_id,
            reason="进展缺少具体数据和佐证，请补充后再报。",
            actor=_OFFICE,
            at=at,
            calendar=self._calendar,
            policy=self._policy,
        )

    def _catch_up(self, session: Session, owed: _Owed, day: date) -> None:
        """File a third of what is late on the scenario's last working day, and ask for time for some of the rest."""
        assert owed.period.due_on is not None
        last = self._calendar.previous_workday(local_day(self._scenario.ends_at))
        number = owed.period.id or 0
        if day != last:
            return
        if owed.period.due_on < day and number % 3 == 0:
            self._file(session, owed, day, verdict="accept", signed=number % 2 == 0)
        elif owed.period.due_on >= day and number % 9 == 0:
            self._extend(session, owed, day)

    def _office_decides(self, day: date) -> bool:
        """The office needs two days: what reaches it last is still in its queue when the scenario ends."""
        return day < self._calendar.add_workdays(local_day(self._scenario.ends_at), -2)

    def _extend(self, session: Session, owed: _Owed, day: date) -> None:
        assert owed.period.due_on is not None
        new_due_on = self._calendar.next_workday(owed.period.due_on + timedelta(days=_EXTENDED_BY_DAYS))
        command = RequestExtension(owed.period.id or 0, new_due_on, "配套政策尚在会签，申请延期报送。")
        extension_id = request_extension(session, command, actor=_liaison(owed.unit), at=at_local(day, 10, 0))
        if self._office_decides(day):
            grant_extension(session, extension_id=extension_id, actor=_OFFICE, at=at_local(day, 16, 0))


def _liaison(unit: UnitRow) -> Actor:
    return Actor(None, "联络员", Role.LIAISON, unit.id, unit.short_name)


def _head(unit: UnitRow) -> Actor:
    return Actor(None, "负责人", Role.UNIT_HEAD, unit.id, unit.short_name)
