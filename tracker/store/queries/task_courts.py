"""In whose court each task is, from its leads' rows, reports and requests, and from what waits for a signature."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlmodel import Session, col

from tracker.domain.accounts import Scope
from tracker.domain.calendar import at_local
from tracker.domain.courts import Court, Hand, court_of
from tracker.domain.filings import FilingState, ReportState, RequestKind, RequestState
from tracker.domain.lifecycle import TaskState
from tracker.domain.owed import RowState
from tracker.store.queries.lead_facts import pressing_moment
from tracker.store.queries.scopes import within
from tracker.store.queries.work_shares import WorkShare
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.filings import FilingRow, ReportRow, RequestRow
from tracker.store.tables.tasks import TaskRow

_DECIDED = (ReportState.ACCEPTED.value, ReportState.RETURNED.value)


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for somebody, by share: since when a signature, since when a decision and whose, the last decision."""

    unsigned: Mapping[int, datetime]
    asked: Mapping[int, tuple[datetime, bool]]
    decided: Mapping[int, datetime]


def waits_of(session: Session, share_ids: Collection[int], *, unit_ids: Scope) -> Waits:
    """Return what of some shares waits; of envelopes that are not signed yet those of the scope's own units only."""
    unsigned = (
        select(col(ReportRow.assignment_id), func.min(col(ReportRow.written_at)))
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .where(
            is_one_of(col(FilingRow.state), FilingState.AWAITING_SIGN_OFF.value),
            within(unit_ids, col(FilingRow.unit_id)),
        )
        .where(col(ReportRow.assignment_id).in_(share_ids))
        .group_by(col(ReportRow.assignment_id))
    )
    of_work = and_(col(RequestRow.assignment_id).in_(share_ids), col(RequestRow.kind) != RequestKind.OBJECTION.value)
    asked = (
        select(col(RequestRow.assignment_id), col(RequestRow.asked_at), col(RequestRow.by_leader))
        .where(is_one_of(col(RequestRow.state), RequestState.PENDING.value), of_work)
        .order_by(col(RequestRow.asked_at).desc(), col(RequestRow.id).desc())  # the first is read last and kept
    )
    decided = (
        select(col(RequestRow.assignment_id), func.max(col(RequestRow.decided_at)))
        .where(col(RequestRow.decided_at).is_not(None), of_work)
        .group_by(col(RequestRow.assignment_id))
    )
    return Waits(
        {share_id or 0: at for share_id, at in session.execute(unsigned)},
        {share_id: (at, by_leader) for share_id, at, by_leader in session.execute(asked)},
        {share_id: at for share_id, at in session.execute(decided) if at is not None},
    )


def court_of_task(task: TaskRow, shares: Sequence[WorkShare], waits: Waits, *, now: datetime) -> Court:
    """Return who holds the ball of a task with these live shares."""
    return court_of(
        TaskState(task.state),
        [_hand(share, waits, now=now) for share in shares if share.is_lead],
        waits_for_event=task.dormant and not any(share.rows for share in shares),
        ended_at=task.completed_at,
    )


def _hand(share: WorkShare, waits: Waits, *, now: datetime) -> Hand:
    share_id = share.row.id or 0
    under_review = [report for report in share.reports if report.state == ReportState.FILED.value]
    since = [report.filed_at or report.written_at for report in under_review]
    since += [row.pending_at for row, _period in share.rows if row.pending_at is not None]
    asked_at, by_leader = waits.asked.get(share_id, (None, False))
    since += [asked_at] if asked_at is not None else []
    back = [report.decided_at for report in share.reports if report.state in _DECIDED and report.decided_at is not None]
    back += [at_local(share.row.got_on, 0, 0)] if share.row.got_on else []
    back += [waits.decided[share_id]] if share_id in waits.decided else []
    rows = ((pressing_moment(row, period), row.state) for row, period in share.rows)
    pressing = [at for at, state in rows if at is not None and (at <= now or state == RowState.RETURNED.value)]
    return Hand(
        unit=share.unit,
        presses_at=min(pressing, default=None),
        office_since=min(since, default=None),
        by_leader=by_leader and not under_review,
        unsigned_since=waits.unsigned.get(share_id),
        unit_since=max(back, default=None),
    )
