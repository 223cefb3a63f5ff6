"""A document's validity or its plan ends: its open tasks await their closing report 「失效待结」. No success."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlmodel import Session, col

from tracker.domain.accounts import SYSTEM
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.events.documents import DocumentEnded
from tracker.domain.events.tasks import TaskLapsed
from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TaskAction, TaskState, advance_task
from tracker.domain.windows import CLOSING, Reckoning
from tracker.steps.closing import ask_for_closing
from tracker.steps.resetting import DOCUMENT_EXPIRED
from tracker.steps.settling import settle_shares
from tracker.store import event_log
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow
from tracker.store.tables.tasks import RUNNING_TASK, AssignmentRow, TaskRow

_BATCH = 25


@dataclass(frozen=True, slots=True)
class _Lapse:
    """A task with its live shares; `ended_on` is the last day of its document or plan.

    `dated` where its deadline lies on or before that day: then it keeps its completion row. What the office has
    suspended could report nothing, and keeps none.
    """

    task: TaskRow
    ended_on: date
    dated: bool
    shares: tuple[AssignmentRow, ...]

    def since(self, by: Reckoning) -> datetime:
        """Return from when on it lapses: after the last day, or after the arrears of what was given later.

        What falls due between then and the pass that notes it is waived like what falls due later.
        """
        given = [share.got_on for share in self.shares if share.got_on and share.got_on > self.ended_on]
        arrears = [by.calendar.add_workdays(day, by.policy.arrears_workdays) for day in given]
        return end_of_day(max((self.ended_on, *arrears)))

    def keeps(self, row: FormRow, period: PeriodRow) -> bool:
        """Say whether a row is owed after the end: the completion by a deadline, a closing report to be corrected."""
        return period.code == CLOSING or (self.dated and row.final)


def lapse_expired(session: Session, *, now: datetime, by: Reckoning, limit: int = _BATCH) -> int:
    """Turn at most `limit` open tasks of documents that have ended into lapsed ones 「失效待结」; return how many.

    A document is valid through the whole day it expires on; a measure with a term of its own does not lapse. One that
    prints no validity ends with what it plans, but then a deadline is such a term, and the office may have decided
    that reports go on (`_plan_goes_on`). What was given after the end lapses once its arrears were due, and not at all
    where its deadline lies after the end: that deadline is a term of its own.

    Rows not yet due are waived, overdue ones stay 漏报, what is under review is decided, a running correction ends;
    each lead owes one closing report `closing_workdays` after the end, counted from the day before it is asked where
    that is later. A task whose deadline lies on or before the expiry keeps its completion row: it is 逾期未办结
    instead; not so one that is suspended, of which nothing is asked meanwhile. A task whose completion is under review
    lapses only once that is returned; its other rows end with the rest. Idempotent.

    Records TaskLapsed, DocumentEnded once a document, and what settling and opening record.
    """
    session.flush()
    closing: dict[tuple[int, int, date], list[tuple[AssignmentRow, TaskRow]]] = {}
    lapsed = _ended(session, today=local_day(now), by=by, limit=limit)
    for lapse in lapsed:
        ids = [share.id or 0 for share in lapse.shares]
        settle_shares(
            session,
            ids,
            cause=DOCUMENT_EXPIRED,
            actor=SYSTEM,
            at=now,
            keep=lapse.keeps,
            ended_at=min(now, lapse.since(by)),
        )
        task = lapse.task
        if task.state == TaskState.UNDER_REVIEW.value:
            continue
        task.state = advance_task(TaskState(task.state), TaskAction.LAPSE).value
        event = TaskLapsed(task_id=task.id, expired_on=lapse.ended_on, closing=not lapse.dated)
        event_log.record(session, event, actor=SYSTEM, at=now)
        ended = DocumentEnded(document_id=task.document_id, ended_on=lapse.ended_on)
        event_log.record(session, ended, actor=SYSTEM, at=now)
        leads = [share for share in lapse.shares if share.role == AssignmentRole.LEAD.value and not lapse.dated]
        for share in leads:
            closing.setdefault((share.unit_id, task.document_id, lapse.ended_on), []).append((share, task))
    for (unit_id, document_id, ended_on), owed in closing.items():
        ask_for_closing(session, unit_id, document_id, ended_on, owed, at=now, by=by)
    session.flush()
    return len(lapsed)


def has_run_out(session: Session, task: TaskRow, *, today: date) -> bool:
    """Tell whether a task has lapsed and owes its completion, though no pass has noted yet that its document ended.

    Nothing that is done in between makes it another than the pass would have: it can be paused no more. What was given
    after the end lapses later.
    """
    document, outlives = session.get_one(DocumentRow, task.document_id), session.get_one(ItemRow, task.item_id).outlives
    ended_on = document.expires_on
    if ended_on is None or outlives or ended_on >= today or not _completes_by(task, ended_on):
        return False
    return all(
        share.got_on is None or share.got_on <= ended_on
        for share in _live_shares(session, [task.id or 0])[task.id or 0]
    )


def _ended(session: Session, *, today: date, by: Reckoning, limit: int) -> list[_Lapse]:
    """Return the next tasks that lapse, by document; they stay locked until the transaction ends."""
    expires_on = col(DocumentRow.expires_on)
    last_on = func.coalesce(expires_on, col(DocumentRow.ends_on))
    arrears_on = by.calendar.add_workdays(today, -by.policy.arrears_workdays)
    # Asked by document, what has long lapsed costs a look into the index of running tasks, not a look at every task.
    ended = select(col(DocumentRow.id)).where(last_on < today)
    wanted = (
        select(TaskRow, last_on)
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(
            col(TaskRow.document_id).in_(ended),
            is_one_of(col(TaskRow.state), *RUNNING_TASK),
            (col(TaskRow.state) != TaskState.UNDER_REVIEW.value) | _has_live_duties(),
            col(ItemRow.outlives).is_(False),
            or_(expires_on.is_not(None), col(TaskRow.due_on).is_(None) & ~_plan_goes_on()),
            ~_has_share((col(AssignmentRow.got_on) > last_on) & (col(AssignmentRow.got_on) >= arrears_on)),
            or_(
                col(TaskRow.due_on).is_(None),
                col(TaskRow.due_on) <= last_on,
                _has_share(col(AssignmentRow.got_on) <= last_on),
            ),
        )
        .order_by(col(TaskRow.document_id), col(TaskRow.id))
        .limit(limit)
    )
    locked = [task.id for task, _ended_on in session.execute(wanted.with_for_update(of=TaskRow)).all()]
    # Asked again under the locks: while this pass waited, another act may have given a share or let one go.
    still = wanted.where(col(TaskRow.id).in_(locked)).execution_options(populate_existing=True)
    tasks = session.execute(still).all() if locked else []
    shares = _live_shares(session, [task.id or 0 for task, _ended_on in tasks])
    return [
        _Lapse(task, ended_on, _completes_by(task, ended_on), tuple(shares[task.id or 0])) for task, ended_on in tasks
    ]


def _completes_by(task: TaskRow, ended_on: date) -> bool:
    """Tell whether a task owes its completion by the end; what events start, or is suspended, never does."""
    asked = not task.dormant and task.state != TaskState.SUSPENDED.value
    return asked and task.due_on is not None and task.due_on <= ended_on


def _plan_goes_on() -> ColumnElement[bool]:
    """Find the tasks for which the office wants reports from a day after the plan's end, whom it does not end."""
    return _has_share(col(AssignmentRow.from_on) > col(DocumentRow.ends_on))


def _has_share(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists(
        select(col(AssignmentRow.id)).where(
            col(AssignmentRow.task_id) == col(TaskRow.id),
            which,
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        )
    )


def _has_live_duties() -> ColumnElement[bool]:
    """Find the tasks whose series still grow: one that is under review is settled once."""
    return exists(
        select(col(DutyRow.id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(DutyRow.assignment_id))
        .where(col(AssignmentRow.task_id) == col(TaskRow.id), col(DutyRow.ended_at).is_(None))
    )


def _live_shares(session: Session, task_ids: Sequence[int]) -> dict[int, list[AssignmentRow]]:
    found: dict[int, list[AssignmentRow]] = defaultdict(list)
    wanted = select(AssignmentRow).where(
        col(AssignmentRow.task_id).in_(task_ids),
        col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
    )
    for share in session.scalars(wanted.order_by(col(AssignmentRow.id))):
        found[share.task_id].append(share)
    return found
