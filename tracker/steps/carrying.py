"""Carry over what is still in motion or owed of the reckoning before series; the rest of it is history."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.deadlines import due_day
from tracker.domain.filings import ReportState, RequestKind
from tracker.domain.legacy import LegacyPeriod, Standing, foremost, is_waived, keeps_its_moment, last_ended
from tracker.domain.owed import RowState
from tracker.domain.windows import Reckoning
from tracker.steps.for_the_leader import is_for_the_leader
from tracker.steps.shelving import Shelf, Spot
from tracker.store.queries.legacy import legacy_reports, live_legacy_periods, pending_legacy_extensions
from tracker.store.tables.filings import CorrectionRow, RequestRow
from tracker.store.tables.series import FormRow, LegacyExtensionRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow

_BY_SWITCH = "reckoning_switched"


@dataclass(slots=True)
class Carried:
    """How much moved, and how many owed periods were waived, by series; None where the share has none."""

    reviews: int = 0
    corrections: int = 0
    requests: int = 0
    kept: int = 0
    waived: dict[int | None, int] = field(default_factory=lambda: defaultdict(int))


def carry_over(session: Session, *, now: datetime, by: Reckoning) -> Carried:
    """Give legacy periods that go on their rows in the series that have been opened.

    The last that ended unfiled of a required row keeps its moment; what lies with the office, is under correction,
    waits for the head of the unit or for a decision moves with its reports and requests; what was reported early on
    a running window is not asked for again. Every other unfiled period is waived.
    """
    shelf = Shelf.load(session, now=now, by=by)
    legacy = live_legacy_periods(session)
    carrier = _Carrier(session, shelf, last_ended(legacy, today=local_day(now)))
    places: dict[tuple[int, str, int], list[tuple[Spot, LegacyPeriod]]] = defaultdict(list)
    for period in legacy:
        spot = shelf.find(period)
        if spot is None and (period.in_motion or carrier.is_owed(None, period)):
            spot = shelf.make(period)
        if spot is None:
            carrier.waive(None, [period])
        else:
            places[(*spot.key, period.assignment_id)].append((spot, period))
    for found in places.values():
        carrier.carry(found[0][0], [period for _spot, period in found])
    session.flush()
    return carrier.carried


@dataclass(frozen=True, slots=True)
class _Carrier:
    session: Session
    shelf: Shelf
    last: set[int]
    carried: Carried = field(default_factory=Carried)

    def is_owed(self, spot: Spot | None, period: LegacyPeriod) -> bool:
        """Tell whether an unfiled period is still owed: a clock, or of a required row in a window that has ended."""
        if not keeps_its_moment(period, is_last_ended=period.period_id in self.last):
            return False
        if period.is_event_bound:
            return True
        ended = spot is not None and (spot.same_rhythm or spot.window.ends_on < local_day(self.shelf.now))
        return ended and spot is not None and spot.duty is not None

    def waive(self, spot: Spot | None, periods: list[LegacyPeriod]) -> None:
        today = local_day(self.shelf.now)
        self.carried.waived[spot.series.id if spot else None] += sum(
            is_waived(period, today=today) for period in periods
        )

    def carry(self, spot: Spot, periods: list[LegacyPeriod]) -> None:
        """Let one row stand as the foremost of its periods stands; what the others leave unfiled is waived."""
        chosen = foremost(periods)
        row = self._existing(spot, chosen)
        if not self._goes_on(spot, chosen, row):
            self.waive(spot, periods)
            return
        self.waive(spot, [period for period in periods if period is not chosen and not period.in_motion])
        form = self.shelf.period(spot, chosen)
        row = row or self._new(spot, form, chosen)
        self._stand(row, form, chosen)
        for period in periods:
            if period.in_motion:
                self._tie(row, period)

    def _existing(self, spot: Spot, period: LegacyPeriod) -> FormRow | None:
        form = self.shelf.periods.get(spot.key)
        return self.shelf.rows.get((form.id or 0, period.assignment_id)) if form is not None else None

    def _goes_on(self, spot: Spot, period: LegacyPeriod, row: FormRow | None) -> bool:
        """Tell whether a period decides how a row stands.

        An account of progress says nothing about a row that asks for the completion: that stays asked for, and the
        account is decided without a row.
        """
        if row is not None and row.final and period.standing is not Standing.UNFILED and not period.completes:
            return False
        if period.in_motion or self.is_owed(spot, period):
            return True
        return row is not None and spot.same_rhythm and (period.standing is not Standing.UNFILED or period.extended)

    def _new(self, spot: Spot, form: PeriodRow, period: LegacyPeriod) -> FormRow:
        duty = spot.duty
        row = FormRow(
            period_id=form.id or 0,
            assignment_id=period.assignment_id,
            required=duty is not None or period.is_event_bound,
            act=duty.act if duty is not None else period.is_event_bound,
            soft=duty.soft if duty is not None else False,
        )
        self.session.add(row)
        self.session.flush()
        self.shelf.rows[row.period_id, row.assignment_id] = row
        return row

    def _stand(self, row: FormRow, form: PeriodRow, period: LegacyPeriod) -> None:
        """Put a row where its legacy period stood, with the moments it had."""
        moment = period.due_at if period.standing is Standing.UNFILED else _first_due(period)
        has_ended = period.ends_on < local_day(self.shelf.now)
        if moment is not None and ((has_ended and not row.final) or period.extended):
            row.due_at = moment if moment != form.due_at else None
        match period.standing:
            case Standing.UNFILED:
                self.carried.kept += row.required and not period.in_motion
                return
            case Standing.WAIVED:
                row.state, row.settled_by = RowState.WAIVED.value, _BY_SWITCH
                return
            case Standing.UNDER_REVIEW:
                row.state = RowState.FILED.value
            case Standing.REPORTED:
                row.state = RowState.ACCEPTED.value
            case Standing.RETURNED:
                row.state = RowState.RETURNED.value
                row.correction_due_at = period.due_at or end_of_day(period.ends_on)
        row.filed_at, row.late = period.filed_at, period.late
        if row.required and not row.final and form.frozen_at is None:
            form.frozen_at = period.filed_at

    def _tie(self, row: FormRow, period: LegacyPeriod) -> None:
        """Let the reports and requests on a legacy period be about its row."""
        for report, filing in legacy_reports(self.session, period.period_id):
            report.row_id, filing.period_id = row.id, row.period_id
            if report.state == ReportState.FILED.value:
                self.carried.reviews += 1
        if row.state == RowState.RETURNED.value and period.standing is Standing.RETURNED:
            self._correct(row, period)
        for asked in pending_legacy_extensions(self.session, [period.period_id]):
            self._ask(row, period, asked)

    def _correct(self, row: FormRow, period: LegacyPeriod) -> None:
        returned = [
            report
            for report, _filing in legacy_reports(self.session, period.period_id)
            if report.state == ReportState.RETURNED.value
        ]
        if not returned or row.correction_due_at is None:
            return
        latest = returned[-1]
        latest.correct_by = due_day(row.correction_due_at)
        self.session.add(
            CorrectionRow(
                row_id=row.id or 0,
                report_id=latest.id or 0,
                opened_at=latest.decided_at or self.shelf.now,
                due_at=row.correction_due_at,
            )
        )
        self.carried.corrections += 1

    def _ask(self, row: FormRow, period: LegacyPeriod, asked: LegacyExtensionRow) -> None:
        if row.pending_at is not None or row.state not in (RowState.OPEN.value, RowState.RETURNED.value):
            return
        share = self.session.get_one(AssignmentRow, period.assignment_id)
        task = self.session.get_one(TaskRow, share.task_id)
        self.session.add(
            RequestRow(
                kind=RequestKind.EXTENSION.value,
                assignment_id=period.assignment_id,
                row_id=row.id,
                reason=asked.reason,
                old_due_at=end_of_day(asked.old_due_on),
                new_due_at=end_of_day(asked.new_due_on),
                by_leader=period.extended or is_for_the_leader(self.session, row, task, asked.new_due_on),
                asked_by=asked.asked_by,
                asked_at=asked.asked_at,
            )
        )
        row.pending_at = asked.asked_at
        self.carried.requests += 1


def _first_due(period: LegacyPeriod) -> datetime | None:
    """Return the moment by which a first filing was in time; a return had moved the other."""
    return end_of_day(period.due_on) if period.due_on else None
