"""Periods of the reckoning before series, with what was handed in and asked for on them."""

from collections import defaultdict
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.domain.filings import ReportKind
from tracker.domain.items import CadenceKind
from tracker.domain.legacy import LegacyPeriod
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING, TaskState
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.series import LegacyExtensionRow, LegacyPeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


def count_legacy_periods(session: Session) -> int:
    """Count every legacy period, of ended tasks too."""
    return int(session.execute(select(func.count()).select_from(LegacyPeriodRow)).scalar_one())


def live_legacy_periods(session: Session) -> list[LegacyPeriod]:
    """Return the legacy periods of shares that go on, in order of their ids."""
    handed_in = _reports(session)
    asked = _extensions(session)
    rows = session.execute(
        select(LegacyPeriodRow, col(AssignmentRow.unit_id), col(TaskRow.document_id), col(TaskRow.state))
        .join(AssignmentRow, col(AssignmentRow.id) == col(LegacyPeriodRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(
            col(TaskRow.state).in_([state.value for state in TASK_OWING]),
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        )
        .order_by(col(LegacyPeriodRow.id))
    )
    return [
        LegacyPeriod(
            period_id=row.id,
            assignment_id=row.assignment_id,
            unit_id=unit_id,
            document_id=document_id,
            kind=CadenceKind(row.kind),
            code=row.code,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            due_on=row.due_on,
            due_at=row.due_at,
            state=row.state,
            lapsed=task_state == TaskState.LAPSED.value,
            filed_at=min((at for _state, _kind, at in handed_in[row.id] if at is not None), default=row.filed_at),
            late=row.late,
            report_states=tuple(state for state, _kind, _at in handed_in[row.id]),
            completes=any(kind == ReportKind.COMPLETION.value for _state, kind, _at in handed_in[row.id]),
            pending="pending" in asked[row.id],
            extended="granted" in asked[row.id],
        )
        for row, unit_id, document_id, task_state in rows
    ]


def pending_legacy_extensions(session: Session, period_ids: list[int]) -> list[LegacyExtensionRow]:
    """Return the undecided requests on some legacy periods."""
    wanted = select(LegacyExtensionRow).where(
        col(LegacyExtensionRow.period_id).in_(period_ids), col(LegacyExtensionRow.state) == "pending"
    )
    return list(session.scalars(wanted.order_by(col(LegacyExtensionRow.id))))


def legacy_reports(session: Session, period_id: int) -> list[tuple[ReportRow, FilingRow]]:
    """Return the reports on a legacy period with their envelopes, oldest first."""
    rows = session.execute(
        select(ReportRow, FilingRow)
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .where(col(FilingRow.legacy_period_id) == period_id)
        .order_by(col(ReportRow.id))
    )
    return [(report, filing) for report, filing in rows]


def _reports(session: Session) -> dict[int, list[tuple[str, str, datetime | None]]]:
    """Return the state and kind of the reports on each period, oldest first, and when each left the unit."""
    found: dict[int, list[tuple[str, str, datetime | None]]] = defaultdict(list)
    rows = session.execute(
        select(col(FilingRow.legacy_period_id), col(ReportRow.state), col(ReportRow.kind), col(ReportRow.filed_at))
        .join(ReportRow, col(ReportRow.filing_id) == col(FilingRow.id))
        .where(col(FilingRow.legacy_period_id).is_not(None))
        .order_by(col(ReportRow.id))
    )
    for period_id, state, kind, filed_at in rows:
        found[period_id].append((state, kind, filed_at))
    return found


def _extensions(session: Session) -> dict[int, set[str]]:
    found: dict[int, set[str]] = defaultdict(set)
    for period_id, state in session.execute(select(col(LegacyExtensionRow.period_id), col(LegacyExtensionRow.state))):
        found[period_id].add(state)
    return found
