"""Nobody to remind 「无人可提醒」: which units have work and no liaison, and who keeps which leading group's office."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.accounts import Role
from tracker.store.queries.nobody import count_nobody, kept_groups, nobody_to_remind, possible_keepers
from tracker.store.queries.overtaking import on_unit
from tracker.usecases.keeping import SetKeeper, set_keeper
from tracker.web.access import actor, allow, services
from tracker.web.form_fields import NoSuchChoice, read_id
from tracker.web.forms import Form, Reason, Words, read_form
from tracker.web.seen import check_seen, note_seen

pages = Blueprint("nobody", __name__)
_NO_KEEPER = "0"


class KeeperForm(Form):
    keeper: Words = Field(title="单位")
    reason: Reason = Field(title="依据")


@pages.get("/nobody")
@allow(Role.SUPERVISOR)
def show() -> ResponseReturnValue:
    with services().database.reading() as session:
        note_seen(session)
        return render_template(
            "web/nobody/list.html",
            units=nobody_to_remind(session),
            groups=kept_groups(session),
            keepers=possible_keepers(session),
        )


@pages.post("/nobody/<int:unit_id>/keeper")
@allow(Role.SUPERVISOR)
def keep(unit_id: int) -> ResponseReturnValue:
    form = read_form(KeeperForm)
    keeper_id = None if form.keeper == _NO_KEEPER else read_id(form.keeper)
    if keeper_id is None and form.keeper != _NO_KEEPER:
        raise NoSuchChoice(field="单位")
    command = SetKeeper(unit_id, keeper_id, form.reason)
    with services().database.transaction() as session:
        set_keeper(session, command, actor=actor(), at=services().clock.now())
        check_seen(session, on_unit(unit_id))
    flash("已登记办公室所在单位。" if keeper_id else "已取消办公室所在单位。")
    return redirect(url_for("nobody.show"), 303)


@pages.app_template_global()
def nobody_count() -> int:
    """Return how many units nobody hears for, for the line on the desk."""
    with services().database.reading() as session:
        return count_nobody(session)
