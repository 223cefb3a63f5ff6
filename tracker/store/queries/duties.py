"""The live duties of series: what puts rows into their periods."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.domain.filings import ReportKind, ReportState, RequestKind, RequestState
from tracker.domain.items import AssignmentRole, CadenceKind
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OPEN, AssignmentState
from tracker.domain.series import DocumentFrame, FormKey, RowDuty
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import ItemRow
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.series import DutyRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


@dataclass(frozen=True, slots=True)
class LiveDuty:
    """A duty with its series; `tick_only` where the form has nothing but the tick.

    `held_at` is since when the office has the ball: by an undecided dispute of its share, or a lead's completion under
    review. `outlives` where the measure has a term of its own, so that its document's end does not end its windows.
    """

    series_id: int
    document_id: int
    assignment_id: int | None
    task_id: int | None
    row_duty: RowDuty
    got_on: date
    from_on: date | None
    tick_only: bool
    held_at: datetime | None
    outlives: bool

    def within(self, frame: DocumentFrame) -> DocumentFrame:
        """Return the frame that bounds the windows: without an end for a measure that outlives its document."""
        return replace(frame, expires_on=None, ends_on=None) if self.outlives else frame


def live_duties(session: Session, series_ids: Sequence[int]) -> list[LiveDuty]:
    """Return the duties of series whose task and share go on, ticks last."""
    wanted = (
        select(DutyRow, SeriesRow, col(TaskRow.id), col(ItemRow.outlives))
        .join(SeriesRow, col(SeriesRow.id) == col(DutyRow.series_id))
        .outerjoin(AssignmentRow, col(AssignmentRow.id) == col(DutyRow.assignment_id))
        .outerjoin(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .outerjoin(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(
            col(SeriesRow.id).in_(series_ids),
            col(DutyRow.ended_at).is_(None),
            col(DutyRow.assignment_id).is_(None)
            | (
                col(TaskRow.state).in_([state.value for state in TASK_OPEN])
                & col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED])
            ),
        )
        .order_by(col(DutyRow.series_id), col(DutyRow.assignment_id).is_(None), col(DutyRow.id))
    )
    required = _shares_of_series(session, series_ids)
    held = {**_completing(session, series_ids), **_disputed(session, series_ids)}
    return [
        LiveDuty(
            series_id=duty.series_id,
            document_id=series.document_id,
            assignment_id=duty.assignment_id,
            task_id=task_id,
            row_duty=_row_duty(duty, series),
            got_on=duty.got_on,
            from_on=duty.from_on,
            tick_only=not required.get(duty.series_id),
            held_at=held.get(duty.assignment_id),
            outlives=bool(outlives),
        )
        for duty, series, task_id, outlives in session.execute(wanted)
    ]


def _shares_of_series(session: Session, series_ids: Sequence[int]) -> dict[int, int]:
    """Count the shares that each series reports on, ticks apart."""
    of_shares = (
        select(col(DutyRow.series_id), func.count())
        .where(col(DutyRow.series_id).in_(series_ids), col(DutyRow.assignment_id).is_not(None))
        .group_by(col(DutyRow.series_id))
    )
    return dict(session.execute(of_shares).all())


def _row_duty(duty: DutyRow, series: SeriesRow) -> RowDuty:
    return RowDuty(
        unit_id=series.unit_id,
        form=FormKey(CadenceKind(series.kind), series.addressee, series.addressee_unit_id),
        act=duty.act,
        soft=duty.soft,
        until=duty.until_on,
        completes=duty.completes,
        statistic=duty.statistic,
        counted=duty.counted,
    )


def _completing(session: Session, series_ids: Sequence[int]) -> dict[int | None, datetime | None]:
    """Return when the completion report of each lead's share that is under review left its unit."""
    rows = session.execute(
        select(col(ReportRow.assignment_id), col(ReportRow.filed_at))
        .join(DutyRow, col(DutyRow.assignment_id) == col(ReportRow.assignment_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .where(
            col(DutyRow.series_id).in_(series_ids),
            col(AssignmentRow.role) == AssignmentRole.LEAD.value,
            col(ReportRow.kind) == ReportKind.COMPLETION.value,
            is_one_of(col(ReportRow.state), ReportState.FILED.value),
        )
    )
    return dict(rows.all())


def _disputed(session: Session, series_ids: Sequence[int]) -> dict[int | None, datetime]:
    """Return when each disputed share of these series was disputed."""
    rows = session.execute(
        select(col(RequestRow.assignment_id), col(RequestRow.asked_at))
        .join(DutyRow, col(DutyRow.assignment_id) == col(RequestRow.assignment_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(RequestRow.assignment_id))
        .where(
            col(DutyRow.series_id).in_(series_ids),
            # A merger brings the dispute of a part to a share that is not in dispute itself.
            col(AssignmentRow.state) == AssignmentState.DISPUTED.value,
            col(RequestRow.kind) == RequestKind.DISPUTE.value,
            col(RequestRow.state) == RequestState.PENDING.value,
        )
    )
    return dict(rows.all())
