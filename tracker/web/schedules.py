"""The points that hold for the numbers of a task 「序时节点」 on its page, and the office's form that sets them."""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

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
from tracker.web.forms import Form, Reason, RefusedForm, read_form
from tracker.web.seen import check_seen
from tracker.wording.refusals import sentence

pages = Blueprint("schedules", __name__)
_FEWEST_LINES, _SPARE_LINES = 4, 2
_Value = TypeVar("_Value")
# Beside which field of its line a refusal of a point stands.
_FIELD_OF_LINE = {
    "points_do_not_rise": "on",
    "point_after_target": "on",
    "point_of_another_year": "on",
    "point_unlike_target": "value",
    "point_past_target": "value",
    "point_turns_back": "value",
}
_LINE_FIELD = re.compile(r"(?:on|value)([1-9][0-9]{0,8})")


class ReasonForm(Form):
    reason: Reason = Field(title="理由及依据")


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
    lines = _lines()
    points = list(lines.values())
    command = SetPoints(task_id, target_id, points, read_form(ReasonForm).reason)
    with services().database.transaction() as session:
        try:
            set_points(session, command, actor=actor(), at=services().clock.now())
        except BadInput as fault:
            raise _at_its_line(fault, lines) from None
        check_seen(session, on_task(task_id))
    done = "序时节点已设定" if points else "已恢复按目标计算序时"
    flash(f"{done}，已通知承担该目标的单位。")
    return redirect(url_for("tasks.show", task_id=task_id), 303)


def _at_its_line(fault: BadInput, lines: Mapping[int, Point]) -> BadInput:
    """Return a fault of a point as one of the field of its line: the last line of its day."""
    field = _FIELD_OF_LINE.get(fault.code)
    at = [number for number, point in lines.items() if point.day == fault.facts.get("day")]
    return RefusedForm({f"{field}{at[-1]}": sentence(fault)}) if field and at else fault


def _lines() -> dict[int, Point]:
    """Return the points of the lines that are filled in, by their numbers. Raises TooManyPoints, RefusedForm."""
    sent = [(_LINE_FIELD.fullmatch(name), text) for name, text in request.form.items()]
    filled_in = {int(field[1]) for field, text in sent if field and text.strip()}
    if any(number > MOST_POINTS for number in filled_in):
        raise TooManyPoints(most=MOST_POINTS)
    errors: dict[str, str] = {}
    points = {number: _line(number, errors) for number in sorted(filled_in)}
    if errors:
        raise RefusedForm(errors)
    return {number: point for number, point in points.items() if point is not None}


def _line(number: int, errors: dict[str, str]) -> Point | None:
    """Return the point of a line; what is wrong with it goes to `errors`, by the names of its fields."""
    named = f"序时节点第{number}行"
    day = _read(f"on{number}", lambda text: read_day(text, field=f"{named}的日期"), errors, named=named)
    value = _read(f"value{number}", lambda text: read_number(text, field=f"{named}的数值"), errors, named=named)
    return Point(day, value) if day is not None and value is not None else None


def _read(field: str, read: Callable[[str], _Value], errors: dict[str, str], *, named: str) -> _Value | None:
    text = request.form.get(field, "").strip()
    try:
        if not text:
            raise PointIncomplete(field=named)
        return read(text)
    except BadInput as fault:
        errors[field] = sentence(fault)
        return None


def _schedules_of(task_id: int) -> tuple[TargetSchedule, ...]:
    with services().database.reading() as session:
        return schedules_of_task(session, task_id)


def _lines_of(schedule: TargetSchedule) -> int:
    return min(MOST_POINTS, max(_FEWEST_LINES, len(schedule.points) + _SPARE_LINES))
