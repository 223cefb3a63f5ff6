"""What changed on tasks since somebody was there last 「上次以来」, as he may read it."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, label, or_, select
from sqlmodel import Session, col

from tracker.domain.accounts import EveryUnit, Scope
from tracker.store.queries.inquiries import of_inquiries, told_to
from tracker.store.queries.overtaking import log_head, read_by
from tracker.store.queries.scopes import read_by_all, tasks_listed_for
from tracker.store.queries.tasks import TaskEvent, event_told
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import TaskRow

MOST_EVENTS = 300
_LONGEST_LOG = 20_000  # events that are looked through, back from the last one
# What the machinery notes of what others did is told by what they did.
_BY_PEOPLE = (
    *("assignment.received", "due.moved", "inquiry.", "instruction.", "news.told", "question.answered", "report."),
    *("reports.stayed", "petition.", "request.", "schedule.points_set", "share.", "task.", "trigger."),
)


@dataclass(frozen=True, slots=True)
class ChangedTask:
    """A task with what happened on it, the newest first."""

    task_id: int
    document_number: str
    label: str
    title: str
    events: tuple[TaskEvent, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """The tasks on which something happened, that of the newest first; `more` where only the last events were read."""

    tasks: tuple[ChangedTask, ...]
    more: bool


def changes_since(session: Session, *, since: int, unit_ids: Scope, user_id: int) -> Changes:
    """Return what others did on the tasks that a scope reads after an event of the log.

    Of more than `MOST_EVENTS` the last ones; nothing is looked for far back in the log.
    """
    start = max(since, log_head(session) - _LONGEST_LOG)
    rows = session.execute(_happened(session, start, unit_ids, user_id).limit(MOST_EVENTS + 1)).all()
    told: dict[int, list[TaskEvent]] = defaultdict(list)
    for row in rows[:MOST_EVENTS]:
        told[row.task_id].append(event_told(row))
    newest = {row.task_id: row for row in reversed(rows[:MOST_EVENTS])}
    tasks = tuple(
        ChangedTask(
            task_id=id_,
            document_number=newest[id_].document_number,
            label=newest[id_].label,
            title=newest[id_].title,
            events=tuple(events),
        )
        for id_, events in told.items()
    )
    return Changes(tasks, more=len(rows) > MOST_EVENTS or start > since)


def _happened(session: Session, start: int, unit_ids: Scope, user_id: int) -> "Select[*tuple[object, ...]]":
    wanted = (
        select(
            col(EventRow.type),
            col(EventRow.occurred_at),
            col(EventRow.actor),
            col(EventRow.actor_unit),
            col(EventRow.payload),
            label("task_id", col(TaskRow.id)),
            label("document_number", col(DocumentRow.number)),
            label("label", col(ItemRow.label)),
            label("title", col(ItemRow.title)),
        )
        .join(TaskRow, col(TaskRow.id) == col(EventRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(EventRow.seq) > start, or_(*_kinds()), col(EventRow.actor_id).is_distinct_from(user_id))
        .order_by(col(EventRow.seq).desc())
    )
    if isinstance(unit_ids, EveryUnit):
        return wanted.where(read_by_all())
    told = told_to(session, task_id=None, unit_ids=unit_ids)
    return wanted.where(tasks_listed_for(unit_ids), or_(read_by(list(unit_ids)), and_(of_inquiries(), told)))


def _kinds() -> Iterator[ColumnElement[bool]]:
    kind = col(EventRow.type)
    for name in _BY_PEOPLE:
        yield kind.startswith(name, autoescape=True) if name.endswith(".") else kind == name
