"""Who of one's unit handles a task 「转办」: on its page, on forms and in the unit's ledger, for that unit alone."""

from collections.abc import Mapping

from flask import Blueprint, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.store.queries.belonging import check_share_of_task
from tracker.store.queries.handlers import Colleague, Handler, colleagues, handlers
from tracker.store.queries.units import units_acted_for
from tracker.usecases.handling import set_handler
from tracker.web.access import UNITS, actor, allow, services
from tracker.web.forms import Form, OptionalId, Version, Words, read_form

pages = Blueprint("handling", __name__)


class HandlerForm(Form):
    handler: Words = Field(title="经办科室、人员")
    person: OptionalId = Field(title="本单位账号")
    version: Version = Field(title="版本")


@pages.app_context_processor
def _offer() -> dict[str, object]:
    return {"handlers_of_unit": handlers_of_unit, "colleagues": _colleagues}


@pages.post("/tasks/<int:task_id>/shares/<int:assignment_id>/handler")
@allow(*UNITS)
def set_for(task_id: int, assignment_id: int) -> ResponseReturnValue:
    form = read_form(HandlerForm)
    with services().database.transaction() as session:
        check_share_of_task(session, task_id, assignment_id=assignment_id)
        set_handler(
            session,
            assignment_id=assignment_id,
            words=form.handler,
            person_id=form.person,
            version=form.version,
            actor=actor(),
            at=services().clock.now(),
        )
    flash("经办人员已登记，本单位台账和填报表中可以看到。")
    return redirect(url_for("tasks.show", task_id=task_id), 303)


def handlers_of_unit() -> Mapping[int, Handler]:
    """Return who handles the tasks of the viewer's unit, by task; asked once for a page, nothing for others."""
    if actor().role not in UNITS:
        return {}
    if "handlers" not in g:
        with services().database.reading() as session:
            g.handlers = handlers(session, unit_ids=units_acted_for(session, actor().unit_id))
    found: Mapping[int, Handler] = g.handlers
    return found


def _colleagues() -> list[Colleague]:
    unit_id = actor().unit_id
    if unit_id is None:
        return []
    with services().database.reading() as session:
        return colleagues(session, unit_id=unit_id)
