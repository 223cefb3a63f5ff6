"""What the office expects of targets on the way 「序时节点」, as it stands now."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from tracker.domain.items import Measure
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_GOES_ON, TaskState
from tracker.domain.schedule import Point, ScheduledTarget
from tracker.store.queries.asked_of_shares import binding_targets, targets_by_share
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.tasks import AssignmentRow, TargetPointRow, TaskRow

_POINTS = (
    select(col(TargetPointRow.target_id), col(TargetPointRow.due_on), col(TargetPointRow.value))
    .join(ItemTargetRow, col(ItemTargetRow.id) == col(TargetPointRow.target_id))
    .where(col(ItemTargetRow.item_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(TargetPointRow.target_id), col(TargetPointRow.due_on))
)


def points_of_items(session: Session, item_ids: Iterable[int]) -> dict[int, list[Point]]:
    """Return the points of the numbers of items, by target, the first day first."""
    found: dict[int, list[Point]] = defaultdict(list)
    for target_id, day, value in session.execute(_POINTS, {"ids": list(item_ids)}):
        found[target_id].append(Point(day, value))
    return found


def units_bound_by(session: Session, *, task_id: int, target_id: int) -> list[int]:
    """Return the units whose share of a task goes on and is bound by one of its numbers."""
    wanted = (
        select(col(AssignmentRow.id), col(AssignmentRow.unit_id))
        .where(
            col(AssignmentRow.task_id) == task_id,
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        )
        .order_by(col(AssignmentRow.id))
    )
    shares = session.execute(wanted).all()
    bound = binding_targets(session, targets_by_share(session, [id_ for id_, _unit_id in shares]))
    return [unit_id for id_, unit_id in shares if target_id in bound.get(id_, ())]


@dataclass(frozen=True, slots=True)
class TargetSchedule:
    """A target with the points that hold, who set them and why; `changeable` where the office may set others.

    `reach_on` is the target's day, None where it has none.
    """

    target_id: int
    metric: str
    op: str
    value: float
    unit: str | None
    reach_on: date | None
    points: tuple[Point, ...]
    reason: str
    set_by: str
    set_at: datetime | None
    changeable: bool


def schedules_of_task(session: Session, task_id: int) -> tuple[TargetSchedule, ...]:
    """Return the numbers of a task that can have points, in reading order; limits and counts per window have none."""
    task = session.get_one(TaskRow, task_id)
    changeable = TaskState(task.state) in TASK_GOES_ON
    targets = select(ItemTargetRow).where(
        col(ItemTargetRow.item_id) == task.item_id, col(ItemTargetRow.measure).is_not(None)
    )
    rows = session.scalars(
        select(TargetPointRow)
        .join(ItemTargetRow, col(ItemTargetRow.id) == col(TargetPointRow.target_id))
        .where(col(ItemTargetRow.item_id) == task.item_id)
        .order_by(col(TargetPointRow.due_on))
    )
    by_target: dict[int, list[TargetPointRow]] = defaultdict(list)
    for row in rows:
        by_target[row.target_id].append(row)
    return tuple(
        found
        for target in session.scalars(targets.order_by(col(ItemTargetRow.position), col(ItemTargetRow.id)))
        if (found := _schedule(target, by_target[target.id or 0], reach_on=task.due_on, changeable=changeable))
    )


def _schedule(
    row: ItemTargetRow, points: list[TargetPointRow], *, reach_on: date | None, changeable: bool
) -> TargetSchedule | None:
    target = ScheduledTarget(measure=Measure(str(row.measure)), op=row.op, value=row.value, reach_on=reach_on)
    if not target.takes_points:
        return None
    held = tuple(target.under([Point(point.due_on, point.value) for point in points]).points)
    last = points[-1] if held else None
    return TargetSchedule(
        target_id=row.id or 0,
        metric=row.metric,
        op=row.op,
        value=row.value,
        unit=row.unit,
        reach_on=reach_on,
        points=held,
        reason=last.reason if last else "",
        set_by=last.set_by if last else "",
        set_at=last.set_at if last else None,
        changeable=changeable,
    )
