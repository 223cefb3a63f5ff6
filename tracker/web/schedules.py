"""The points that hold for the numbers of a task 「序时节点」 on its page, and the office's form that sets them."""

import re

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.accounts import Role
from tracker.domain.entered import read_day, read_number
from tracker.domain.errors import BadInput
from tracker.domain.schedule import Point
from tracker.domain.schedule_points import MOST_POINTS
from tracker.store.queries.overtaking import on_task
from tracker.store.queries.points import TargetSchedule, schedules_of_task
from tracker.usecases.scheduling import SetPoints, set_points
from tracker.web.access import actor, allow, services
from tracker.web.forms import Form, Reason, read_form
from tracker.web.seen import check_seen

pages = Blueprint("schedules", __name__)
_FEWEST_LINES, _SPARE_LINES = 4, 2
_LINE_FIELD = re.compile(r"(?:on|value)([1-9][0-9]{0,8})")


class ReasonForm(Form):
    reason: Reason = Field(title="理由")


class TooManyPoints(BadInput):
    """There are more lines than a schedule has; facts: most."""

    code = "too_many_points"


class PointIncomplete(BadInput):
    """A line has a day without a value or a value without a day; facts: field."""

    code = "point_incomplete"


@pages.app_context_processor
def _offer() -> dict[str, object]:
    """Give the task's page what it shows, and how many lines the form of a target has."""
    return {"schedules_of": _schedules_of, "lines_of": _lines_of}


@pages.post("/tasks/<int:task_id>/targets/<int:target_id>/points")
@allow(Role.SUPERVISOR)
def save(task_id: int, target_id: int) -> ResponseReturnValue:
    """Set the points of the lines that are filled in; none gives the schedule back to the target's measure."""
    points = _points()
    command = SetPoints(task_id, target_id, points, read_form(ReasonForm).reason)
    with services().database.transaction() as session:
        set_points(session, command, actor=actor(), at=services().clock.now())
        check_seen(session, on_task(task_id))
    done = "序时节点已设定" if points else "已恢复按目标计算序时"
    flash(f"{done}，已通知承担该目标的单位。")
    return redirect(url_for("tasks.show", task_id=task_id), 303)


def _points() -> list[Point]:
    """Return the points of the lines that are filled in. Raises TooManyPoints and what a line raises."""
    sent = [(_LINE_FIELD.fullmatch(name), text) for name, text in request.form.items()]
    filled_in = {int(field[1]) for field, text in sent if field and text.strip()}
    if any(number > MOST_POINTS for number in filled_in):
        raise TooManyPoints(most=MOST_POINTS)
    return [point for number in sorted(filled_in) if (point := _line(number)) is not None]


def _line(number: int) -> Point | None:
    day, value = (request.form.get(f"{name}{number}", "").strip() for name in ("on", "value"))
    field = f"序时节点第{number}行"
    if not day and not value:
        return None
    if not day or not value:
        raise PointIncomplete(field=field)
    return Point(read_day(day, field=f"{field}的日期"), read_number(value, field=f"{field}的数值"))


def _schedules_of(task_id: int) -> tuple[TargetSchedule, ...]:
    with services().database.reading() as session:
        return schedules_of_task(session, task_id)


def _lines_of(schedule: TargetSchedule) -> int:
    return min(MOST_POINTS, max(_FEWEST_LINES, len(schedule.points) + _SPARE_LINES))
