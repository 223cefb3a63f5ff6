"""The liaison's first page 「今天」: what must be done, in five lists."""

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.store.queries.worklists import NewAssignment, new_assignments, owed_by_unit
from tracker.usecases.reporting import acknowledge
from tracker.web.access import actor, allow, services
from tracker.web.presentation import OwedLine, date_words, owed_line

pages = Blueprint("today", __name__)


@dataclass(frozen=True, slots=True)
class OwedList:
    key: str
    name: str
    hint: str
    lines: tuple[OwedLine, ...]


@dataclass(frozen=True, slots=True)
class TodayView:
    day: str
    lists: tuple[OwedList, ...]
    new: tuple[NewAssignment, ...]
    later: tuple[OwedLine, ...]


@pages.get("/today")
@allow(Role.LIAISON)
def show() -> ResponseReturnValue:
    unit_id = actor().unit_id
    assert unit_id is not None
    now = services().clock.now()
    with services().database.reading() as session:
        lines = [owed_line(row, now=now, services=services()) for row in owed_by_unit(session, unit_id=unit_id)]
        new = tuple(new_assignments(session, unit_id=unit_id))
    return render_template("web/today/today.html", view=_view(date_words(local_day(now)), lines, new))


@pages.post("/today/acknowledge")
@allow(Role.LIAISON)
def acknowledge_selected() -> ResponseReturnValue:
    chosen = [int(value) for value in request.form.getlist("assignment") if value.isdigit()]
    with services().database.transaction() as session:
        for assignment_id in chosen:
            acknowledge(session, assignment_id=assignment_id, actor=actor(), at=services().clock.now())
    flash(f"已签收{len(chosen)}项。" if chosen else "没有勾选任何事项。")
    return redirect(url_for("today.show"), 303)


def _view(day: str, lines: list[OwedLine], new: tuple[NewAssignment, ...]) -> TodayView:
    """Put each line into the first list it belongs to."""
    rest = list(lines)

    def take(name: str) -> tuple[OwedLine, ...]:
        taken = tuple(line for line in rest if getattr(line, name))
        rest[:] = [line for line in rest if not getattr(line, name)]
        return taken

    lists = (
        OwedList("late", "逾期", "越早补报，越不升级", take("is_overdue")),
        OwedList("back", "退回", "按退回理由补正后再报", take("is_returned")),
        OwedList("today", "今日必报", "单位负责人今天可审签", take("is_today")),
        OwedList("soon", "三日内", "三个工作日内到期", take("is_soon")),
    )
    return TodayView(day, lists, new, tuple(rest))
