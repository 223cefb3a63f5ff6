"""What events say of the schedules of targets."""

from collections.abc import Callable, Mapping

from tracker.domain.schedule_points import told_points
from tracker.store.history.log import Told
from tracker.store.history.state import State


def _points_set(state: State, told: Told) -> None:
    task = state.tasks.get(told.task_id or 0)
    if task is not None:
        state.points[told.facts["target_id"]] = told_points(told.facts)
        task.events.append(told.seq)


FOLDS: Mapping[str, Callable[[State, Told], None]] = {"schedule.points_set": _points_set}
