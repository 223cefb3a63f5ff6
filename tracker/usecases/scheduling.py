"""The office's own points of a target's schedule 「序时节点」: set, changed, and given up again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete

from tracker.domain.accounts import Actor
from tracker.domain.errors import NotFound
from tracker.domain.events.tasks import SchedulePointsSet
from tracker.domain.filings import check_reason
from tracker.domain.lifecycle import TASK_GOES_ON, TaskNotOpen, TaskState
from tracker.domain.schedule import Point
from tracker.domain.schedule_points import PointsNotTaken, PointsUnchanged, check_points
from tracker.steps.tasks import load_task
from tracker.store import event_log
from tracker.store.queries.points import points_of_items
from tracker.store.queries.shares import scheduled_targets
from tracker.store.tables.columns import touched
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.tasks import TargetPointRow


@dataclass(frozen=True, slots=True)
class SetPoints:
    """What the office expects of a target of a task by which day; without points its measure says it again."""

    task_id: int
    target_id: int
    points: Sequence[Point]
    reason: str


def set_points(session: Session, command: SetPoints, *, actor: Actor, at: datetime) -> None:
    """Set the points of a target instead of those it had; what was filed, claimed and confirmed stays as it is.

    From that moment values are held against them, those of earlier days too. Records SchedulePointsSet. Raises
    NotYourTask, ReasonRequired, NotFound, TaskNotOpen, PointsUnchanged and what `check_points` raises.
    """
    reason = check_reason(command.reason)
    task = load_task(session, command.task_id, actor=actor)
    row = session.get(ItemTargetRow, command.target_id)
    if row is None or row.item_id != task.item_id:
        raise NotFound()
    if TaskState(task.state) not in TASK_GOES_ON:
        raise TaskNotOpen()
    set_before = points_of_items(session, [task.item_id])
    known = scheduled_targets(session, {task.item_id: task.due_on}, points={})
    target = known.get(task.item_id, {}).get(command.target_id)
    if target is None:
        raise PointsNotTaken(metric=row.metric)
    points = check_points(target, command.points, metric=row.metric)
    if points == tuple(set_before.get(command.target_id, ())):
        raise PointsUnchanged(metric=row.metric)
    _replace(session, command.target_id, points, reason=reason, actor=actor, at=at)
    touched(task)
    event = SchedulePointsSet(
        task_id=task.id,
        target_id=command.target_id,
        metric=row.metric,
        op=row.op,
        unit=row.unit,
        points=points,
        reason=reason,
    )
    event_log.record(session, event, actor=actor, at=at)


def _replace(
    session: Session, target_id: int, points: Sequence[Point], *, reason: str, actor: Actor, at: datetime
) -> None:
    session.execute(delete(TargetPointRow).where(col(TargetPointRow.target_id) == target_id))
    for point in points:
        session.add(
            TargetPointRow(
                target_id=target_id, due_on=point.day, value=point.value, reason=reason, set_by=actor.name, set_at=at
            )
        )
