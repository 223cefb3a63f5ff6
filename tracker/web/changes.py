"""What changed since the viewer was here last 「上次以来」: one line on his first page, and the list behind it."""

from dataclasses import dataclass

from flask import Blueprint, g, render_template
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.store.queries.changes import ChangedTask, Changes, changes_since
from tracker.store.queries.instructions import writings_among
from tracker.store.queries.units import unit_names
from tracker.web.access import EVERYBODY, actor, allow, logged_in, reads_for, services
from tracker.web.timeline import TimelineEntry, timeline, units_of

pages = Blueprint("changes", __name__)


@dataclass(frozen=True, slots=True)
class Told:
    """A task with what happened on it, in words."""

    task: ChangedTask
    entries: tuple[TimelineEntry, ...]


@pages.get("/changes")
@allow(*EVERYBODY - {Role.READER})
def show() -> ResponseReturnValue:
    found, told = told_since()
    return render_template("web/changes/list.html", told=told, found=found)


def told_since() -> tuple[Changes | None, list[Told]]:
    """Return what changed since the viewer was here last, and the same in words."""
    found, units, writings = _found(), dict[int, str](), frozenset[int]()
    if found is not None:
        with services().database.reading() as session:
            events = [event for task in found.tasks for event in task.events]
            units, writings = unit_names(session, units_of(events)), writings_among(session, events)
    tasks = found.tasks if found else ()
    return found, [Told(task, timeline(task.events, units=units, writings=writings)) for task in tasks]


@pages.app_context_processor
def _tell() -> dict[str, object]:
    return {"changes": _found}


def _found() -> Changes | None:
    """Return what changed since the log-in before; None where the viewer was never here. Asked once for a page."""
    since = logged_in().since_event
    if since is None:
        return None
    if "changes" not in g:
        with services().database.reading() as session:
            g.changes = changes_since(session, since=since, unit_ids=reads_for(session), user_id=actor().user_id or 0)
    found: Changes = g.changes
    return found
