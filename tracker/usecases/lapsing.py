"""A document's validity ends: its open tasks await their closing report 「失效待结」. Expiry is not success."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists
from sqlalchemy import select as sql_select
from sqlmodel import Session, col, select

from tracker.domain.accounts import SYSTEM
from tracker.domain.calendar import at_local, end_of_day, local_day
from tracker.domain.events import TaskLapsed
from tracker.domain.items import AssignmentRole, CadenceKind
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TaskAction, TaskState, advance_task
from tracker.domain.reporting_events import FormOpened, OpenedRow, RowsAdded, SeriesOpened
from tracker.domain.windows import CLOSING, Reckoning, closing_window
from tracker.store import event_log
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import RUNNING_TASK, AssignmentRow, TaskRow
from tracker.usecases.opening import opened_row
from tracker.usecases.settling import settle_shares

_BATCH = 25


def lapse_expired(session: Session, *, now: datetime, by: Reckoning, limit: int = _BATCH) -> int:
    """Turn at most `limit` open tasks of expired documents into lapsed ones 「失效待结」; return how many.

    A document is valid through the whole day it expires on; a measure with a term of its own does not lapse. Rows not
    yet due are waived, overdue ones stay 漏报, what is under review is decided, a running correction ends; each lead
    owes one closing report `closing_workdays` after the expiry. A task whose deadline lies on or before the expiry
    keeps its completion row: it is 逾期未办结 instead. A task whose completion is under review lapses only once that is
    returned; its other rows end with the rest. Idempotent.

    Records TaskLapsed and what settling and opening record.
    """
    session.flush()
    # Asked by document, what has long lapsed costs a look into the index of running tasks, not a look at every task.
    expired = sql_select(col(DocumentRow.id)).where(col(DocumentRow.expires_on) < local_day(now))
    wanted = (
        select(TaskRow, DocumentRow)
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(
            col(TaskRow.document_id).in_(expired),
            is_one_of(col(TaskRow.state), *RUNNING_TASK),
            (col(TaskRow.state) != TaskState.UNDER_REVIEW.value) | _has_live_duties(),
            col(ItemRow.outlives).is_(False),
        )
        .order_by(col(TaskRow.document_id), col(TaskRow.id))
        .limit(limit)
        .with_for_update(of=TaskRow)
    )
    lapsed = session.exec(wanted).all()
    closing: dict[tuple[int, int, date], list[tuple[AssignmentRow, TaskRow]]] = {}
    for task, document in lapsed:
        assert document.expires_on is not None
        shares = list(session.exec(_live_shares(task)))
        dated = task.due_on is not None and task.due_on <= document.expires_on
        settle_shares(
            session,
            [share.id or 0 for share in shares],
            cause="document_expired",
            actor=SYSTEM,
            at=now,
            keep_final=dated,
        )
        if task.state == TaskState.UNDER_REVIEW.value:
            continue
        task.state = advance_task(TaskState(task.state), TaskAction.LAPSE).value
        task.version += 1
        event = TaskLapsed(task_id=task.id, expired_on=document.expires_on, closing=not dated)
        event_log.record(session, event, actor=SYSTEM, at=now)
        if not dated:
            for share in shares:
                if share.role == AssignmentRole.LEAD.value:
                    closing.setdefault((share.unit_id, document.id or 0, document.expires_on), []).append((share, task))
    for (unit_id, document_id, expired_on), owed in closing.items():
        _ask_for_closing(session, unit_id, document_id, expired_on, owed, at=now, by=by)
    session.flush()
    return len(lapsed)


def _has_live_duties() -> ColumnElement[bool]:
    """Find the tasks whose series still grow: one that is under review is settled once."""
    return exists(
        sql_select(col(DutyRow.id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(DutyRow.assignment_id))
        .where(col(AssignmentRow.task_id) == col(TaskRow.id), col(DutyRow.ended_at).is_(None))
    )


def _live_shares(task: TaskRow):  # type: ignore[no-untyped-def] # the statement's type is sqlmodel's own
    return select(AssignmentRow).where(
        col(AssignmentRow.task_id) == task.id,
        col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
    )


def _ask_for_closing(
    session: Session,
    unit_id: int,
    document_id: int,
    expired_on: date,
    owed: Iterable[tuple[AssignmentRow, TaskRow]],
    *,
    at: datetime,
    by: Reckoning,
) -> None:
    """Open one closing form a lead and document, a row for each lapsed task."""
    key = f"{CadenceKind.ONCE.value}/{CLOSING}"
    known = select(SeriesRow).where(
        col(SeriesRow.unit_id) == unit_id, col(SeriesRow.document_id) == document_id, col(SeriesRow.key) == key
    )
    series = session.exec(known).first()
    if series is None:
        series = SeriesRow(unit_id=unit_id, document_id=document_id, kind=CadenceKind.ONCE.value, key=key)
        session.add(series)
        session.flush()
        opened = SeriesOpened(unit_id=unit_id, series_id=series.id or 0, document_id=document_id, kind=series.kind)
        event_log.record(session, opened, actor=SYSTEM, at=at)
    period = session.exec(
        select(PeriodRow).where(col(PeriodRow.series_id) == series.id, col(PeriodRow.code) == CLOSING)
    ).first()
    window = closing_window(expired_on, by=by)
    due_at = end_of_day(window.due_on)
    if period is None:
        period = PeriodRow(
            series_id=series.id or 0,
            code=CLOSING,
            starts_on=expired_on,
            ends_on=expired_on,
            opens_at=at_local(window.opens_on, 0, 0),
            scheduled_at=due_at,
            due_at=due_at,
        )
        session.add(period)
        session.flush()
        _tell(session, period, _add_rows(session, period, owed), unit_id=unit_id, at=at)
        return
    if rows := _add_rows(session, period, owed):
        event = RowsAdded(unit_id=unit_id, series_id=period.series_id, period_id=period.id or 0, rows=rows)
        event_log.record(session, event, actor=SYSTEM, at=at)


def _add_rows(
    session: Session,
    period: PeriodRow,
    owed: Iterable[tuple[AssignmentRow, TaskRow]],
) -> tuple[OpenedRow, ...]:
    rows: list[OpenedRow] = []
    for share, task in owed:
        there = select(FormRow.id).where(col(FormRow.period_id) == period.id, col(FormRow.assignment_id) == share.id)
        if session.exec(there).first() is not None:
            continue
        row = FormRow(period_id=period.id or 0, assignment_id=share.id, act=True, final=True)
        session.add(row)
        session.flush()
        rows.append(opened_row(row, task.id))
    return tuple(rows)


def _tell(session: Session, period: PeriodRow, rows: tuple[OpenedRow, ...], *, unit_id: int, at: datetime) -> None:
    event = FormOpened(
        unit_id=unit_id,
        series_id=period.series_id,
        period_id=period.id or 0,
        code=period.code,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        opens_at=period.opens_at,
        due_at=period.due_at,
        rows=rows,
    )
    event_log.record(session, event, actor=SYSTEM, at=at)


def ask_for_closing_of_lapsed(session: Session, *, now: datetime, by: Reckoning) -> int:
    """Ask the leads of tasks that lapsed before series were reckoned for their closing report; return how many owe one.

    It is due as if the document had expired today, so that nobody is overdue by the switch itself. Idempotent.
    Records what opening records.
    """
    wanted = (
        select(TaskRow, AssignmentRow, DocumentRow)
        .join(AssignmentRow, col(AssignmentRow.task_id) == col(TaskRow.id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(
            col(TaskRow.state) == TaskState.LAPSED.value,
            col(AssignmentRow.role) == AssignmentRole.LEAD.value,
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        )
        .order_by(col(AssignmentRow.id))
    )
    closing: dict[tuple[int, int], list[tuple[AssignmentRow, TaskRow]]] = {}
    for task, share, document in session.exec(wanted).all():
        if task.due_on is None or document.expires_on is None or task.due_on > document.expires_on:
            closing.setdefault((share.unit_id, task.document_id), []).append((share, task))
    for (unit_id, document_id), owed in closing.items():
        _ask_for_closing(session, unit_id, document_id, local_day(now), owed, at=now, by=by)
    return sum(len(owed) for owed in closing.values())
