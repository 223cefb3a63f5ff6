"""Whichever lead a row asks for the completion, it asks no earlier than what was handed in in time is to be corrected.

One rule on two moments, whatever act gives either: it is asked after each of them.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.calendar import end_of_day
from tracker.domain.events.forms import BESIDE_CORRECTION
from tracker.domain.filings import ReportKind, ReportState, RequestState
from tracker.domain.owed import RowState
from tracker.steps.asking_rows import asks_for_completion
from tracker.steps.row_moments import moment_of, move_row
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.series import FormRow
from tracker.store.tables.tasks import AssignmentRow

_SAID = (ReportState.FILED.value, ReportState.ACCEPTED.value, ReportState.RETURNED.value)


def keep_behind_corrections(session: Session, leads: Sequence[AssignmentRow], *, actor: Actor, at: datetime) -> None:
    """Let the rows that ask the leads of a task for the completion be due no earlier than a correction that runs.

    What is past its moment, or lies with the office, stays. Records DueMoved.
    """
    session.flush()
    until = max(_corrections(session, leads), default=at)
    if until <= at:
        return
    for lead in leads:
        row, _period = asks_for_completion(session, lead) or (None, None)
        if row is None or row.state == RowState.FILED.value or row.pending_at is not None:
            continue
        if at < moment_of(session, row) < until:
            move_row(session, row, until, cause=BESIDE_CORRECTION, actor=actor, at=at)


def _corrections(session: Session, leads: Sequence[AssignmentRow]) -> Iterator[datetime]:
    """Yield until when completions are to be corrected that the leads handed in in time.

    Where more time is asked for one and not decided, that is until the day that is asked for.
    """
    for report in returned_completions(session, leads):
        row = session.get(FormRow, report.row_id) if report.row_id else None
        if row is None and report.correct_by is not None:
            yield end_of_day(report.correct_by)
        elif row is not None and row.state == RowState.RETURNED.value and not row.late:
            yield max(filter(None, (row.correction_due_at, _asked_until(session, row))))


def returned_completions(session: Session, shares: Sequence[AssignmentRow]) -> Sequence[ReportRow]:
    """Return the completions of shares that were given back and in whose place nothing came since."""
    later = aliased(ReportRow)
    wanted = select(ReportRow).where(
        col(ReportRow.assignment_id).in_([share.id for share in shares]),
        col(ReportRow.kind) == ReportKind.COMPLETION.value,
        is_one_of(col(ReportRow.state), ReportState.RETURNED.value),
        ~exists().where(
            col(later.id) > col(ReportRow.id),
            col(later.state).in_(_SAID),
            (col(later.row_id) == col(ReportRow.row_id))
            | (
                col(ReportRow.row_id).is_(None)
                & (col(later.assignment_id) == col(ReportRow.assignment_id))
                & (col(later.kind) == col(ReportRow.kind))
            ),
        ),
    )
    return session.scalars(wanted.order_by(col(ReportRow.id))).all()


def _asked_until(session: Session, row: FormRow) -> datetime | None:
    asked = select(col(RequestRow.new_due_at)).where(
        col(RequestRow.row_id) == row.id, is_one_of(col(RequestRow.state), RequestState.PENDING.value)
    )
    return max(filter(None, session.scalars(asked)), default=None)
