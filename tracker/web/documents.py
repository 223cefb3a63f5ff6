"""Documents with their items in the text; the office approves and issues."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.accounts import Role
from tracker.domain.errors import NotFound
from tracker.store.queries.documents import document_lines, document_view
from tracker.store.queries.nobody import without_liaison
from tracker.store.queries.overtaking import on_plan_end
from tracker.usecases.issuing import issue_document, units_asked
from tracker.usecases.plan_ends import correct_plan_end
from tracker.usecases.registering import approve_document
from tracker.web.access import EVERYBODY, actor, allow, services, viewer
from tracker.web.forms import Form, OptionalDay, Reason, read_form
from tracker.web.late_registration import chosen_from_on
from tracker.web.months_of_documents import months_of_document
from tracker.web.seen import check_seen, note_seen

pages = Blueprint("documents", __name__)


class BasisForm(Form):
    basis: Reason = Field(title="批准人及依据")


class PlanEndForm(Form):
    new_on: OptionalDay = Field(title="计划截止日期")
    reason: Reason = Field(title="依据")


@pages.get("/documents")
@allow(*EVERYBODY)
def index() -> ResponseReturnValue:
    with services().database.reading() as session:
        return render_template("web/documents/index.html", documents=document_lines(session, viewer=viewer(session)))


@pages.get("/documents/<int:document_id>")
@allow(*EVERYBODY)
def show(document_id: int) -> ResponseReturnValue:
    with services().database.reading() as session:
        note_seen(session)
        view = document_view(session, document_id=document_id, viewer=viewer(session))
        office = actor().role is Role.SUPERVISOR
        unheard = without_liaison(session, units_asked(session, document_id=document_id)) if office else []
        evaluation = months_of_document(session, view.line.number) if view is not None else None
    if view is None:
        raise NotFound()
    states = {item.task_state for item in view.items}
    return render_template(
        "web/documents/document.html",
        view=view,
        items={item.code: item for item in view.items},
        may_approve=office and "proposed" in states,
        may_issue=office and "approved" in states,
        may_correct_end=office and view.line.expires_on is None,
        unheard=unheard,
        evaluation=evaluation,
    )


@pages.post("/documents/<int:document_id>/approve")
@allow(Role.SUPERVISOR)
def approve(document_id: int) -> ResponseReturnValue:
    form = read_form(BasisForm)
    with services().database.transaction() as session:
        view = document_view(session, document_id=document_id, viewer=viewer(session))
        if view is None:
            raise NotFound()
        number = view.line.number
        count = approve_document(session, number=number, basis=form.basis, actor=actor(), at=services().clock.now())
    flash(f"已立项{count}项。")
    return redirect(url_for("documents.show", document_id=document_id), 303)


@pages.post("/documents/<int:document_id>/issue")
@allow(Role.SUPERVISOR)
def issue(document_id: int) -> ResponseReturnValue:
    now = services().clock.now()
    with services().database.transaction() as session:
        view = document_view(session, document_id=document_id, viewer=viewer(session))
        if view is None:
            raise NotFound()
        count = issue_document(
            session,
            number=view.line.number,
            actor=actor(),
            at=now,
            by=services().reckoning,
            from_on=chosen_from_on(view.line.issued_on),
        )
        unheard = without_liaison(session, units_asked(session, document_id=document_id))
    lacking = f"{'、'.join(unheard)}没有联络员账号，请另行通知，并联系系统管理员开通。" if unheard else ""
    flash(f"已交办{count}项，各单位今天起可见。{lacking}")
    return redirect(url_for("documents.show", document_id=document_id), 303)


@pages.post("/documents/<int:document_id>/plan-end")
@allow(Role.SUPERVISOR)
def correct_end(document_id: int) -> ResponseReturnValue:
    form = read_form(PlanEndForm)
    with services().database.transaction() as session:
        taken_up = correct_plan_end(
            session,
            document_id=document_id,
            new_on=form.new_on,
            reason=form.reason,
            actor=actor(),
            at=services().clock.now(),
            by=services().reckoning,
        )
        check_seen(session, on_plan_end(document_id))
    more = f"已失效待结的{taken_up}项随之恢复办理，不再要求收尾报告。" if taken_up else ""
    flash(f"计划截止日期已更正，已通知各承办单位。{more}")
    return redirect(url_for("documents.show", document_id=document_id), 303)
