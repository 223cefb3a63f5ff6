"""One task as a page shows it, and only to those who may see it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, and_, label, or_, select
from sqlmodel import Session, col

from tracker.domain.accounts import EveryUnit, Scope
from tracker.store.queries.inquiries import of_inquiries, told_to
from tracker.store.queries.requirements import Requirements, requirements_of
from tracker.store.queries.scopes import of_shared_work, read_by_all, tasks_for, within
from tracker.store.queries.task_reports import TaskReport, task_reports
from tracker.store.queries.task_rows import LegacyLine, TaskRowLine, legacy_lines, task_rows
from tracker.store.rows import as_view, as_views
from tracker.store.tables.documents import DocumentRow, ItemRow, QuestionRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow, TriggerRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class TaskHead:
    task_id: int
    state: str
    dormant: bool
    due_on: date | None
    item_id: int
    item_code: str
    label: str
    title: str
    text: str
    responsibility: str | None
    lead_basis: str
    document_id: int
    document_number: str
    document_title: str
    note: str | None
    outcome: str | None
    deadline_bearer: str
    key_reason: str | None


@dataclass(frozen=True, slots=True)
class TaskShare:
    assignment_id: int
    unit_id: int
    unit_name: str
    role: str
    duty: str
    proposed: bool
    state: str


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """One fact of the timeline; `facts` is what the event carries."""

    type: str
    occurred_at: datetime
    actor: str
    actor_unit: str | None
    facts: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class TaskQuestion:
    question_id: int
    words: str
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskTrigger:
    """An event that a waiting task waited for; it runs until `ended_at`."""

    trigger_id: int
    occurred_at: datetime
    matter: str
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskView:
    head: TaskHead
    shares: tuple[TaskShare, ...]
    requirements: Requirements
    rows: tuple[TaskRowLine, ...]
    reports: tuple[TaskReport, ...]
    questions: tuple[TaskQuestion, ...]
    triggers: tuple[TaskTrigger, ...]
    legacy: tuple[LegacyLine, ...]
    events: tuple[TaskEvent, ...]


def task_view(session: Session, *, task_id: int, unit_ids: Scope, now: datetime) -> TaskView | None:
    """Return a task with its units, rows and timeline; None where it does not exist.

    A viewer who acts for units sees what is theirs: a task they have no share in is as good as missing, and reports,
    files and events of other units are left out; a lead reads the news and replies of the others.
    """
    head = _head(session, task_id, unit_ids)
    if head is None:
        return None
    return TaskView(
        head=head,
        shares=_shares(session, task_id),
        requirements=requirements_of(session, head.item_id),
        rows=task_rows(session, task_id=task_id, now=now),
        reports=task_reports(session, task_id=task_id, unit_ids=unit_ids),
        questions=_questions(session, head.item_id),
        triggers=_triggers(session, task_id),
        legacy=legacy_lines(session, task_id=task_id, unit_ids=unit_ids),
        events=_events(session, task_id, unit_ids),
    )


def _head(session: Session, task_id: int, unit_ids: Scope) -> TaskHead | None:
    row = session.execute(
        select(
            label("task_id", col(TaskRow.id)),
            col(TaskRow.state),
            col(TaskRow.dormant),
            col(TaskRow.due_on),
            label("item_id", col(ItemRow.id)),
            label("item_code", col(ItemRow.code)),
            col(ItemRow.label),
            col(ItemRow.title),
            col(ItemRow.text),
            col(ItemRow.responsibility),
            col(ItemRow.lead_basis),
            label("document_id", col(DocumentRow.id)),
            label("document_number", col(DocumentRow.number)),
            label("document_title", col(DocumentRow.title)),
            col(ItemRow.note),
            col(TaskRow.outcome),
            col(ItemRow.deadline_bearer),
            col(TaskRow.key_reason),
        )
        .select_from(TaskRow)
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(TaskRow.id) == task_id, tasks_for(unit_ids))
    ).first()
    return as_view(TaskHead, row) if row else None


def _shares(session: Session, task_id: int) -> tuple[TaskShare, ...]:
    rows = session.execute(
        select(
            label("assignment_id", col(AssignmentRow.id)),
            label("unit_id", col(UnitRow.id)),
            label("unit_name", col(UnitRow.short_name)),
            col(AssignmentRow.role),
            col(AssignmentRow.duty),
            col(AssignmentRow.proposed),
            col(AssignmentRow.state),
        )
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(col(AssignmentRow.task_id) == task_id)
        .order_by(col(AssignmentRow.role), col(UnitRow.official_order), col(UnitRow.id))
    )
    return tuple(as_views(TaskShare, rows))


def _questions(session: Session, item_id: int) -> tuple[TaskQuestion, ...]:
    rows = session.execute(
        select(
            label("question_id", col(QuestionRow.id)),
            col(QuestionRow.words),
            col(QuestionRow.answer),
            col(QuestionRow.answered_by),
            col(QuestionRow.answered_at),
        )
        .where(col(QuestionRow.item_id) == item_id)
        .order_by(col(QuestionRow.id))
    )
    return tuple(as_views(TaskQuestion, rows))


def _triggers(session: Session, task_id: int) -> tuple[TaskTrigger, ...]:
    rows = session.execute(
        select(
            label("trigger_id", col(TriggerRow.id)),
            col(TriggerRow.occurred_at),
            col(TriggerRow.matter),
            col(TriggerRow.ended_at),
        )
        .where(col(TriggerRow.task_id) == task_id)
        .order_by(col(TriggerRow.id).desc())
    )
    return tuple(as_views(TaskTrigger, rows))


def _events(session: Session, task_id: int, unit_ids: Scope) -> tuple[TaskEvent, ...]:
    wanted = (
        select(
            col(EventRow.type),
            col(EventRow.occurred_at),
            col(EventRow.actor),
            col(EventRow.actor_unit),
            col(EventRow.payload),
        )
        .where(col(EventRow.task_id) == task_id)
        .order_by(col(EventRow.seq).desc())
    )
    if isinstance(unit_ids, EveryUnit):
        wanted = wanted.where(read_by_all())
    else:
        own = col(EventRow.unit_id).is_(None) | within(unit_ids, col(EventRow.unit_id)) | of_shared_work(unit_ids)
        told = told_to(session, task_id=task_id, unit_ids=unit_ids)
        wanted = wanted.where(or_(and_(~of_inquiries(), own), and_(of_inquiries(), told)))
    return tuple(event_told(row) for row in session.execute(wanted))


def event_told(row: Row[str, datetime, str, str | None, str]) -> TaskEvent:
    """Return an event of the log as the timeline tells it."""
    return TaskEvent(
        type=row.type,
        occurred_at=row.occurred_at,
        actor=row.actor,
        actor_unit=row.actor_unit,
        facts=json.loads(row.payload),
    )
