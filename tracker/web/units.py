"""The office keeps the list of units: mergers and new names."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.store.queries.overtaking import on_unit
from tracker.store.queries.pickers import present_units
from tracker.usecases.merging import merge_units
from tracker.usecases.renaming import rename_unit
from tracker.web.access import actor, allow, services
from tracker.web.form_fields import day_of, id_of
from tracker.web.seen import check_seen, note_seen

pages = Blueprint("units", __name__)


@pages.get("/units")
@allow(Role.SUPERVISOR)
def index() -> ResponseReturnValue:
    with services().database.reading() as session:
        note_seen(session)
        units = present_units(session)
    return render_template("web/units/index.html", units=units)


@pages.post("/units/merge")
@allow(Role.SUPERVISOR)
def merge() -> ResponseReturnValue:
    with services().database.transaction() as session:
        moved = merge_units(
            session,
            from_unit_id=id_of("from_unit_id", field="单位"),
            into_unit_id=id_of("into_unit_id", field="单位"),
            on=day_of("merged_on", field="合并日期"),
            reason=request.form.get("reason", ""),
            actor=actor(),
            at=services().clock.now(),
        )
    flash(f"已办理合并，划转承办事项{moved}项，人员账号一并划转。")
    return redirect(url_for("units.index"), 303)


@pages.post("/units/rename")
@allow(Role.SUPERVISOR)
def rename() -> ResponseReturnValue:
    unit_id = id_of("unit_id", field="单位")
    with services().database.transaction() as session:
        rename_unit(
            session,
            unit_id=unit_id,
            full_name=request.form.get("full_name", ""),
            short_name=request.form.get("short_name", ""),
            valid_from=day_of("valid_from", field="启用日期"),
            reason=request.form.get("reason", ""),
            actor=actor(),
            at=services().clock.now(),
        )
        check_seen(session, on_unit(unit_id))
    flash("已更名，此前的记录仍用原名称。")
    return redirect(url_for("units.index"), 303)
