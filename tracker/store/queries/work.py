"""How the work stands 「办理情况」: the class and the lights of tasks, decided by the domain on what the rows say."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from sqlalchemy import ColumnElement, select, true
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.filings import Outcome
from tracker.domain.items import Duty
from tracker.domain.lifecycle import AssignmentState, TaskState
from tracker.domain.lights import Light, Lights
from tracker.domain.progress import WorkClass, earliest, lead_works, work_class
from tracker.domain.schedule import UNKNOWN, Point, ScheduledTarget, Standing, StandingKind, standing
from tracker.domain.windows import Reckoning
from tracker.domain.work_facts import TaskFacts
from tracker.store.queries.lead_facts import final_row, lead_facts, overdue_kind
from tracker.store.queries.points import points_of_items
from tracker.store.queries.shares import scheduled_targets
from tracker.store.queries.work_lights import lights_of, support_lights_of
from tracker.store.queries.work_shares import (
    Speaker,
    Standings,
    WorkShare,
    latest_values,
    live_shares,
    speakers,
)
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import TaskRow

_CHUNK = 400
_WORST = (StandingKind.BEHIND, StandingKind.EXCESS, StandingKind.ON, StandingKind.UNKNOWN)


@dataclass(frozen=True, slots=True)
class TaskStanding:
    """One issued task with its class and its lights, the worst of its leads'; leads by their units, in official order.

    `lead_lights` and `lead_works` are those of each lead, by its unit: whose delay, and whose work it is that the task
    shows. `support_lights` are those of units that do not lead, by their unit, and count in none of the others.
    """

    task_id: int
    code: str
    label: str
    title: str
    document_id: int
    document: str
    leads: Mapping[int, str]
    work: WorkClass
    lights: Lights
    lead_lights: Mapping[int, Lights]
    lead_works: Mapping[int, WorkClass]
    support_lights: Mapping[int, Light]


@dataclass(frozen=True, slots=True)
class JudgedTask:
    """One issued task with its live shares, leads first, from which its standing was judged."""

    task: TaskRow
    item: ItemRow
    shares: Sequence[WorkShare]
    standing: TaskStanding


def task_standings(
    session: Session,
    *,
    now: datetime,
    by: Reckoning,
    document_id: int | None = None,
    task_ids: Iterable[int] | None = None,
) -> list[TaskStanding]:
    """Return the issued tasks of the city, of one document, or some tasks, in reading order of the documents."""
    among = true() if task_ids is None else col(TaskRow.id).in_(list(task_ids))
    return [one.standing for one in judged_tasks(session, among, now=now, by=by, document_id=document_id)]


def targets_of_task(session: Session, task_id: int) -> dict[int, ScheduledTarget]:
    """Return the numbers of a task with their schedules as they stand now, by the ids of the targets."""
    task = session.get_one(TaskRow, task_id)
    points = points_of_items(session, [task.item_id])
    return scheduled_targets(session, {task.item_id: task.due_on}, points=points).get(task.item_id, {})


def judged_tasks(
    session: Session, among: ColumnElement[bool], *, now: datetime, by: Reckoning, document_id: int | None = None
) -> list[JudgedTask]:
    """Return the issued tasks that a condition selects, judged, in reading order of the documents."""
    wanted = (
        select(col(TaskRow.id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(col(TaskRow.issued_at).is_not(None), among)
        .order_by(col(TaskRow.document_id), col(ItemRow.start_at), col(TaskRow.id))
    )
    if document_id is not None:
        wanted = wanted.where(col(TaskRow.document_id) == document_id)
    ids = [id_ or 0 for id_ in session.scalars(wanted)]
    found: list[JudgedTask] = []
    for start in range(0, len(ids), _CHUNK):
        found += _chunk(session, ids[start : start + _CHUNK], now=now, by=by)
    return found


def _chunk(session: Session, ids: Sequence[int], *, now: datetime, by: Reckoning) -> list[JudgedTask]:
    tasks = {
        row.TaskRow.id: row
        for row in session.execute(
            select(TaskRow, ItemRow, DocumentRow)
            .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
            .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
            .where(col(TaskRow.id).in_(ids))
        )
    }
    shares = live_shares(session, ids)
    deadlines = {item.id: task.due_on for task, item, _document in tasks.values() if item.id is not None}
    standings = worst_standings(session, shares, deadlines, points=points_of_items(session, deadlines), now=now)
    before = _before_archiving(session, [id_ for id_ in ids if tasks[id_][0].state == TaskState.ARCHIVED.value])
    return [
        JudgedTask(
            tasks[id_][0],
            tasks[id_][1],
            shares[id_],
            standing_of(tasks[id_], shares[id_], standings, now=now, by=by, told_before=before),
        )
        for id_ in ids
    ]


def _before_archiving(session: Session, task_ids: Sequence[int]) -> dict[int, TaskState]:
    """Return what archived tasks were that ended without success, by the last word of the log on that."""
    if not task_ids:
        return {}
    ends = {
        "task.cancelled": TaskState.CANCELLED,
        "task.superseded": TaskState.CANCELLED,
        "task.lapsed": TaskState.LAPSED,
    }
    told = select(col(EventRow.task_id), col(EventRow.type)).where(
        col(EventRow.task_id).in_(task_ids), col(EventRow.type).in_([*ends, "task.closed"])
    )
    rows = session.execute(told.order_by(col(EventRow.seq)))
    return {task_id or 0: ends.get(kind, TaskState.CLOSED) for task_id, kind in rows}


def standing_of(
    told: tuple[TaskRow, ItemRow, DocumentRow],
    shares: Sequence[WorkShare],
    standings: Standings,
    *,
    now: datetime,
    by: Reckoning,
    told_before: Mapping[int, TaskState] = MappingProxyType({}),
) -> TaskStanding:
    """Judge a task by its live shares, leads first, and by how their values stand, by voice."""
    task, item, document = told
    facts = _facts(task, document, shares, standings, now=now, told_before=told_before)
    shown, of_leads = lights_of(facts, shares, standings, now=now, by=by)
    return TaskStanding(
        task_id=task.id or 0,
        code=item.code,
        label=item.label,
        title=item.title,
        document_id=document.id or 0,
        document=document.number,
        leads={share.row.unit_id: share.unit for share in shares if share.is_lead},
        work=work_class(facts, now=now),
        lights=shown,
        lead_lights=of_leads,
        lead_works=_works_of_leads(facts, shares, now=now),
        support_lights=support_lights_of(facts, shares, now=now, by=by),
    )


def _works_of_leads(facts: TaskFacts, shares: Sequence[WorkShare], *, now: datetime) -> dict[int, WorkClass]:
    found: dict[int, WorkClass] = {}
    for (share, _voice), work in zip(speakers(shares), lead_works(facts, now=now), strict=True):
        unit_id = share.row.unit_id
        found[unit_id] = earliest((found[unit_id], work)) if unit_id in found else work
    return found


def class_of(
    told: tuple[TaskRow, ItemRow, DocumentRow],
    shares: Sequence[WorkShare],
    standings: Standings,
    *,
    now: datetime,
    told_before: Mapping[int, TaskState] = MappingProxyType({}),
) -> WorkClass:
    """Judge a task as `standing_of` does, without its lights."""
    task, _item, document = told
    return work_class(_facts(task, document, shares, standings, now=now, told_before=told_before), now=now)


def worst_standings(
    session: Session,
    shares: Mapping[int, Sequence[WorkShare]],
    deadlines: Mapping[int, date | None],
    *,
    points: Mapping[int, Sequence[Point]],
    now: datetime,
) -> Standings:
    """Return how the latest values of leads stand against the schedules of their items, the worst of each voice.

    `deadlines` are those of the tasks by item, `points` what the office had set by `now`, by target.
    """
    targets = {
        target_id: target
        for mine in scheduled_targets(session, deadlines, points=points).values()
        for target_id, target in mine.items()
    }
    found: dict[Speaker, Standing] = {}
    for speaker, target_id, told in latest_values(share for mine in shares.values() for share in mine):
        if target_id not in targets:
            continue
        stands = standing(targets[target_id], told.value, told.on, today=local_day(now), period=told.period)
        found[speaker] = min(found.get(speaker, UNKNOWN), stands, key=lambda one: _WORST.index(one.kind))
    return found


def _facts(
    task: TaskRow,
    document: DocumentRow,
    shares: Sequence[WorkShare],
    standings: Standings,
    *,
    now: datetime,
    told_before: Mapping[int, TaskState],
) -> TaskFacts:
    leads = [share for share in shares if share.is_lead]
    finals = [pair for share in leads if (pair := final_row(share, deadline_on=task.due_on)) is not None]
    return TaskFacts(
        task_state=TaskState(task.state),
        archived_from=told_before.get(task.id or 0),
        outcome=Outcome(task.outcome) if task.outcome else None,
        deadline_on=None if task.dormant else task.due_on,
        statistic=any(row.due_at is not None and row.due_at > period.due_at for row, period in finals),
        waits_for_event=task.dormant and not any(share.rows for share in shares),
        received=any(share.row.state != AssignmentState.PENDING_RECEIPT.value for share in leads),
        leads=tuple(
            lead_facts(
                share, voice, standings.get((share.row.id or 0, voice), UNKNOWN), deadline_on=task.due_on, now=now
            )
            for share, voice in speakers(shares)
        ),
        members_silent=sum(
            not share.is_lead and share.row.duty == Duty.REPORT.value and overdue_kind(share, now=now) is not None
            for share in shares
        ),
    )
