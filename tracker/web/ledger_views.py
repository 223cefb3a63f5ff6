"""Views of the ledger of tasks: those that everybody has, and those that somebody keeps under names of his own."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session
from werkzeug.datastructures import MultiDict

from tracker.domain.accounts import Role
from tracker.domain.courts import Holder
from tracker.domain.items import AssignmentRole
from tracker.domain.light_kinds import LightColour
from tracker.domain.progress import Work
from tracker.store.queries.saved_views import saved_views
from tracker.usecases.saved_views import drop_view, keep_view, rename_view
from tracker.web.access import EVERYBODY, UNITS, actor, allow, services
from tracker.web.forms import Form, Words, read_form
from tracker.web.ledger_question import LedgerQuestion, Sort, Term, read_question

pages = Blueprint("ledger_views", __name__)
READERS = EVERYBODY - {Role.READER}


class ViewForm(Form):
    name: Words = Field(title="视图名称")


class NewViewForm(ViewForm):
    """A view to be kept; `asked` is the question, as it stands behind the address."""

    asked: Words = Field(title="条件")


@dataclass(frozen=True, slots=True)
class View:
    name: str
    address: str
    view_id: int | None = None


@pages.post("/ledger/views")
@allow(*READERS)
def keep() -> ResponseReturnValue:
    form = read_form(NewViewForm)
    # Whatever was sent, what is kept is a question that the page can ask. Raises what a day that is none raises.
    question = read_question(MultiDict(parse_qsl(form.asked)))
    asked = question.address("").removeprefix("?")
    with services().database.transaction() as session:
        keep_view(session, user_id=actor().user_id or 0, name=form.name, asked=asked, at=services().clock.now())
    flash("已存为视图，列在“我的视图”。")
    return redirect(question.address(url_for("task_ledger.show")), 303)


@pages.post("/ledger/views/<int:view_id>/rename")
@allow(*READERS)
def rename(view_id: int) -> ResponseReturnValue:
    name = read_form(ViewForm).name
    with services().database.transaction() as session:
        rename_view(session, user_id=actor().user_id or 0, view_id=view_id, name=name)
    flash("视图已改名。")
    return redirect(url_for("task_ledger.show"), 303)


@pages.post("/ledger/views/<int:view_id>/drop")
@allow(*READERS)
def drop(view_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        drop_view(session, user_id=actor().user_id or 0, view_id=view_id)
    flash("视图已删除，台账中的任务不受影响。")
    return redirect(url_for("task_ledger.show"), 303)


def own_views(session: Session) -> list[View]:
    """Return the views that the viewer keeps."""
    kept = saved_views(session, user_id=actor().user_id or 0)
    here = url_for("task_ledger.show")
    return [View(one.name, f"{here}?{one.asked}" if one.asked else here, one.view_id) for one in kept]


def ready_views() -> list[View]:
    """Return the views that everybody of a role has."""
    views = {
        "逾期": LedgerQuestion(light=LightColour.RED),
        "未达序时": LedgerQuestion(work=Work.BEHIND),
        "在督查室": LedgerQuestion(holder=Holder.OFFICE),
        "本周到期": LedgerQuestion(term=Term.WEEK, sort=Sort.DUE),
        "重点": LedgerQuestion(key=True),
    }
    if actor().role is Role.LEADER:
        views["待市领导批"] = LedgerQuestion(holder=Holder.LEADER)
    if actor().role in UNITS:
        views["我经办的"] = LedgerQuestion(mine=True)
        views["本单位牵头"] = LedgerQuestion(role=AssignmentRole.LEAD)
    return [View(name, question.address(url_for("task_ledger.show"))) for name, question in views.items()]
