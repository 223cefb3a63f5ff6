"""The office keeps the list of units: mergers and new names."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.accounts import Role
from tracker.store.queries.overtaking import on_unit
from tracker.store.queries.pickers import present_units
from tracker.usecases.merging import merge_units
from tracker.usecases.renaming import rename_unit
from tracker.web.access import actor, allow, services
from tracker.web.forms import Day, Form, Id, Reason, Words, read_form
from tracker.web.seen import check_seen, note_seen

pages = Blueprint("units", __name__)


class MergerForm(Form):
    from_unit_id: Id = Field(title="被合并单位")
    into_unit_id: Id = Field(title="并入单位")
    merged_on: Day = Field(title="合并日期")
    reason: Reason = Field(title="依据")


class NewNameForm(Form):
    unit_id: Id = Field(title="单位")
    full_name: Words = Field(title="新全称")
    short_name: Words = Field(title="新简称")
    valid_from: Day = Field(title="启用日期")
    reason: Reason = Field(title="依据")


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
    form = read_form(MergerForm)
    with services().database.transaction() as session:
        moved = merge_units(
            session,
            from_unit_id=form.from_unit_id,
            into_unit_id=form.into_unit_id,
            on=form.merged_on,
            reason=form.reason,
            actor=actor(),
            at=services().clock.now(),
        )
    flash(f"已办理合并，划转承办事项{moved}项，人员账号一并划转。")
    return redirect(url_for("units.index"), 303)


@pages.post("/units/rename")
@allow(Role.SUPERVISOR)
def rename() -> ResponseReturnValue:
    form = read_form(NewNameForm)
    with services().database.transaction() as session:
        rename_unit(
            session,
            unit_id=form.unit_id,
            full_name=form.full_name,
            short_name=form.short_name,
            valid_from=form.valid_from,
            reason=form.reason,
            actor=actor(),
            at=services().clock.now(),
        )
        check_seen(session, on_unit(form.unit_id))
    flash("已更名，此前的记录仍用原名称。")
    return redirect(url_for("units.index"), 303)
