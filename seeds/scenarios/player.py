"""Plays a scenario through the ordinary commands, day by day and deterministically."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import select, text, update
from sqlmodel import Session, col

from seeds.scenarios.accounts import entry_for, is_proved, proof_of
from seeds.scenarios.deciding import OFFICE, decide_filing
from seeds.scenarios.evaluation import EvaluationOffice
from seeds.scenarios.leads import verify_members
from seeds.scenarios.matters import matters_of
from seeds.scenarios.papers import PaperOffice
from seeds.scenarios.people import acting_unit, head, liaison
from seeds.scenarios.proofs import attach
from seeds.scenarios.scenario import Conduct, Scenario
from seeds.scenarios.serving import Recipients, handle_papers
from seeds.scenarios.words import EXTENSIONS, MISSED, UNPROVED
from tracker.domain.calendar import at_local, local_day
from tracker.domain.deadlines import due_day
from tracker.domain.deliveries import Outgoing
from tracker.domain.entries import Entry
from tracker.domain.lifecycle import TaskState
from tracker.domain.owed import RowState, RowView, SeriesView, takes_reports
from tracker.domain.reminders import digest_at
from tracker.gateways.clock import DemonstrationClock
from tracker.services import Services
from tracker.store.queries.addressees import chosen_hours
from tracker.store.queries.receipts import awaiting_receipt
from tracker.store.queries.series import series_views
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.events import IS_OPEN_DELIVERY, DeliveryRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import FormRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.subscriptions import REACTIONS, SUBSCRIPTIONS, Surroundings, follow
from tracker.usecases.deliveries import deliveries_to_ring, fan_out
from tracker.usecases.filing import SubmitForm, acknowledge, sign_off, submit_form
from tracker.usecases.issuing import issue_document
from tracker.usecases.keeping_evidence import put_in_box
from tracker.usecases.registering import approve_document
from tracker.usecases.requesting import RequestExtension, grant_extension, request_extension
from tracker.usecases.sweeping import sweep

_LATE_BY_WORKDAYS, _EXTENDED_BY_DAYS, _UNDECIDED_WORKDAYS = 4, 14, 2


def say_nothing(_day: date) -> None:
    """Tell nobody which day has been reached."""


class ScenarioPlayer:
    """Plays each working day in transactions of its own; a day that was played before is skipped by the clock."""

    def __init__(self, scenario: Scenario, *, services: Services, clock: DemonstrationClock) -> None:
        self._scenario, self._database, self._clock = scenario, services.database, clock
        self._by, self._evidence = services.reckoning, services.evidence
        self._papers = PaperOffice(services, begins_on=scenario.starts_on)
        self._evaluation = EvaluationOffice(services, self._papers, scenario)

    def play(self, *, reached: Callable[[date], None] = say_nothing) -> int:
        """Play from the clock's day to the scenario's end, telling each day; return how many.

        Idempotent: the end stays the end.
        """
        days = 0
        for day in self._days():
            reached(day)
            self._play_day(day)
            with self._database.transaction() as session:
                self._clock.move(session, to=min(at_local(day, 17, 30), self._scenario.ends_at))
            days += 1
        self._evaluation.act_before(self._scenario.ends_at)
        with self._database.transaction() as session:
            if self._clock.now() < self._scenario.ends_at:
                self._clock.move(session, to=self._scenario.ends_at)
        self._sweep(self._scenario.ends_at)
        self._tell()
        return days

    def _tell(self) -> None:
        """Let what follows from the scenario's events follow now, on the pages only."""
        now = datetime.now(UTC)  # by the machine's clock workers and pages tell for how long something has waited
        outgoing = Outgoing(mail=False, machine_now=now)
        around = Surroundings(self._by.calendar, self._by.policy, outgoing)
        with self._database.transaction() as session:
            while fan_out(session, SUBSCRIPTIONS, machine_now=now):
                pass
            while waiting := deliveries_to_ring(session, machine_now=now):
                for delivery_id in waiting:
                    # What takes seconds, as drawing papers does, waits for the workers of `make run`.
                    if session.get_one(DeliveryRow, delivery_id).reaction in REACTIONS:
                        follow(session, delivery_id, around)
            session.execute(update(DeliveryRow).where(text(IS_OPEN_DELIVERY)).values(rung_at=None))

    def _days(self) -> Iterator[date]:
        now = self._clock.now()
        day = max(self._scenario.starts_on, local_day(now))
        while at_local(day, 9, 0) < self._scenario.ends_at:
            if at_local(day, 9, 0) >= now and self._by.calendar.is_workday(day):
                yield day
            day += timedelta(days=1)

    def _play_day(self, day: date) -> None:
        with self._database.transaction() as session:
            self._issue(session, day)
        self._sweep(digest_at(day, policy=self._by.policy))
        self._papers.issue_assignment(day)
        self._papers.issue_habitual(day)
        self._evaluation.act(day)
        with self._database.transaction() as session:
            self._acknowledge(session, day)
        with self._database.transaction() as session:
            self._handle_papers(session, day)
        with self._database.transaction() as session:
            for unit, views in self._owing(session):
                for view in views:
                    self._act(session, unit, view, day)
        self._sweep_for_who_chose_an_hour(day)

    def _sweep_for_who_chose_an_hour(self, day: date) -> None:
        """Let the digests go that people want later than the others', once what the day brought is done."""
        with self._database.reading() as session:
            hours = chosen_hours(session)
        if hours:
            self._sweep(at_local(day, 17, 30))

    def _sweep(self, at: datetime) -> None:
        """Make one pass; what happened in the scenario is told on the pages only, never by e-mail."""
        sweep(self._database, now=at, by=self._by, outgoing=Outgoing(mail=False, machine_now=at))

    def _issue(self, session: Session, day: date) -> None:
        at = at_local(day, 9, 0)
        proposed = select(col(TaskRow.document_id)).where(col(TaskRow.state) == TaskState.PROPOSED.value)
        wanted = select(DocumentRow).where(col(DocumentRow.id).in_(proposed)).order_by(col(DocumentRow.id))
        for document in session.scalars(wanted).all():
            first = max(document.issued_on or self._scenario.starts_on, self._scenario.starts_on)
            if self._by.calendar.add_workdays(first, self._scenario.issue_after_workdays) == day:
                basis = self._scenario.approval_basis
                approve_document(session, number=document.number, basis=basis, actor=OFFICE, at=at)
                session.flush()
                issue_document(session, number=document.number, actor=OFFICE, at=at, by=self._by)

    def _acknowledge(self, session: Session, day: date) -> None:
        pending = session.execute(
            select(AssignmentRow, UnitRow)
            .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
            .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
            .where(awaiting_receipt())
            .order_by(col(AssignmentRow.id))
        ).all()
        for assignment, unit in pending:
            acting = acting_unit(session, unit)
            if acting is not None and self._plays(acting) and self._conduct(acting) is not Conduct.SILENT:
                acknowledge(session, assignment_id=assignment.id or 0, actor=liaison(acting), at=at_local(day, 10, 0))

    def _handle_papers(self, session: Session, day: date) -> None:
        handle_papers(session, day, by=Recipients(self._plays, self._conduct), calendar=self._by.calendar)

    def _plays(self, unit: UnitRow) -> bool:
        """Say whether the player acts for a unit."""
        return True

    def _writes(self, unit: UnitRow) -> bool:
        """Say whether the player acts for a unit that writes at all."""
        return self._plays(unit) and self._conduct(unit).reports

    def _owing(self, session: Session, *, until: datetime | None = None) -> list[tuple[UnitRow, list[SeriesView]]]:
        """Return the series that owe something, `until` a moment where one is given, by whose people write for them.

        Whoever never writes is left out.
        """
        wanted = (
            select(col(SeriesRow.id), UnitRow)
            .join(UnitRow, col(UnitRow.id) == col(SeriesRow.unit_id))
            .where(col(SeriesRow.overdue_from).is_not(None))
            .order_by(col(UnitRow.official_order), col(UnitRow.id), col(SeriesRow.id))
        )
        if until is not None:
            wanted = wanted.where(col(SeriesRow.overdue_from) <= until)
        owing: dict[int, tuple[UnitRow, list[int]]] = {}
        for series_id, unit in session.execute(wanted):
            acting = acting_unit(session, unit)
            if acting is not None and self._writes(acting):
                owing.setdefault(unit.id or 0, (acting, []))[1].append(series_id or 0)
        ids = [series_id for _unit, series in owing.values() for series_id in series]
        views = {view.series_id: view for view in series_views(session, ids, open_only=True)}
        return [(unit, [views[series_id] for series_id in series]) for unit, series in owing.values()]

    def _conduct(self, unit: UnitRow) -> Conduct:
        return self._scenario.of_unit(unit.code)

    def _act(self, session: Session, unit: UnitRow, series: SeriesView, day: date) -> None:
        """Do what this unit does on this day about one series: nothing, a form, a correction, a request."""
        for period_id, due_on, rows in self._to_write(unit, series, day):
            self._report(session, unit, series, period_id, rows, self._conduct(unit), due_on=due_on, day=day)

    def _to_write(self, unit: UnitRow, series: SeriesView, day: date) -> Iterator[tuple[int, date, Sequence[RowView]]]:
        """Yield the rows that a unit reports on this day, by their period and the day on which they are due."""
        conduct = self._conduct(unit)
        for period in series.periods:
            due: dict[date, list[RowView]] = defaultdict(list)
            for row in period.rows:
                if row.moment is not None and takes_reports(period, row, now=at_local(day, 10, 30)):
                    due[due_day(row.moment)].append(row)
            for due_on, rows in sorted(due.items()):
                if self._is_the_day(conduct, period.period_id, rows, due_on, day):
                    yield period.period_id, due_on, rows

    def _is_the_day(self, conduct: Conduct, period_id: int, rows: Sequence[RowView], due_on: date, day: date) -> bool:
        calendar = self._by.calendar
        if conduct is Conduct.LAST_MINUTE:
            last = calendar.previous_workday(local_day(self._scenario.ends_at))
            return day == last and period_id % 3 == 0
        if any(row.state is RowState.RETURNED for row in rows):
            return day >= calendar.previous_workday(due_on)
        if conduct is Conduct.LATE:
            return day >= calendar.add_workdays(due_on, _LATE_BY_WORKDAYS)
        return day == calendar.previous_workday(due_on)

    def _report(
        self,
        session: Session,
        unit: UnitRow,
        series: SeriesView,
        period_id: int,
        rows: Sequence[RowView],
        conduct: Conduct,
        *,
        due_on: date,
        day: date,
    ) -> None:
        returned = any(row.state is RowState.RETURNED for row in rows)
        if conduct is Conduct.EXTENDED and not returned and not self._was_extended(session, rows):
            rows = self._extend(session, unit, rows, due_on=due_on, day=day)
        entries = self._entries(session, unit, rows, conduct, returned=returned, day=day)
        ticked = any(row.task_id is None for row in rows) or not returned
        if not entries and not any(row.task_id is None for row in rows):
            return
        command = SubmitForm(period_id=period_id, entries=entries, ticked=ticked, missed_words=MISSED)
        filing_id = submit_form(session, command, actor=liaison(unit), at=at_local(day, 10, 30))
        if conduct is Conduct.LAST_MINUTE and period_id % 2:
            return
        sign_off(session, filing_id=filing_id, actor=head(unit), at=at_local(day, 15, 0))
        self._after_signing(session, filing_id, returns=conduct is Conduct.SENT_BACK and not returned, day=day)

    def _entries(
        self, session: Session, unit: UnitRow, rows: Sequence[RowView], conduct: Conduct, *, returned: bool, day: date
    ) -> tuple[Entry, ...]:
        matters = matters_of(session, [row.row_id for row in rows], year=day.year)
        entries = []
        for row in rows:
            matter = matters.get(row.row_id)
            if matter is not None:
                entry = entry_for(matter, conduct=conduct, final=row.final, day=day, calendar=self._by.calendar)
                if returned or is_proved(matter, conduct=conduct, day=day):
                    proof = proof_of(matter, entry, unit=unit.full_name, day=day)
                    file = attach(proof, evidence=self._evidence)
                    put_in_box(session, file, unit_id=unit.id or 0, actor=liaison(unit), at=at_local(day, 10, 0))
                    entry = replace(entry, files=(file,))
                entries.append(replace(entry, evidence_reason=UNPROVED))
        return tuple(entries)

    def _after_signing(self, session: Session, filing_id: int, *, returns: bool, day: date) -> None:
        """Let leads verify and the office decide on the day of filing; both leave something of the last days undone."""
        decides = self._office_decides(day)
        ids = session.scalars(select(col(ReportRow.id)).where(col(ReportRow.filing_id) == filing_id)).all()
        told = [id_ or 0 for id_ in ids if decides or (id_ or 0) % 2]
        verify_members(session, told, at=at_local(day, 16, 0), by=self._by, plays=self._writes)
        if decides:
            decide_filing(session, filing_id, returns=returns, at=at_local(day, 16, 30), by=self._by)

    def _was_extended(self, session: Session, rows: Sequence[RowView]) -> bool:
        own = select(col(FormRow.id)).where(
            col(FormRow.id).in_([row.row_id for row in rows]), col(FormRow.due_at).is_not(None)
        )
        return session.scalars(own).first() is not None

    def _extend(
        self, session: Session, unit: UnitRow, rows: Sequence[RowView], *, due_on: date, day: date
    ) -> Sequence[RowView]:
        """Ask for more time on the first row and report on the others."""
        asked = next((row for row in rows if row.task_id is not None and row.required), None)
        if asked is None:
            return rows
        new_due_on = self._by.calendar.next_workday(due_on + timedelta(days=_EXTENDED_BY_DAYS))
        reason = EXTENSIONS[asked.row_id % len(EXTENSIONS)].format(n=asked.row_id % 4 + 2)
        command = RequestExtension(asked.row_id, new_due_on, reason)
        request_id = request_extension(session, command, actor=liaison(unit), at=at_local(day, 10, 0))
        if self._office_decides(day):
            grant_extension(session, request_id=request_id, actor=OFFICE, at=at_local(day, 16, 0), by=self._by)
        return [row for row in rows if row is not asked]

    def _office_decides(self, day: date) -> bool:
        """The office needs two days: what reaches it last is still in its queue when the scenario ends."""
        return day < self._by.calendar.add_workdays(local_day(self._scenario.ends_at), -_UNDECIDED_WORKDAYS)
