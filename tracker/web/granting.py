"""Rights of accounts, for the administrator of security: roles granted and taken back, log-ins of others ended."""

from datetime import UTC, datetime
from typing import Annotated

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.accounts import Role
from tracker.domain.passwords import code_as_typed, new_code
from tracker.gateways.passwords import hash_password
from tracker.store.queries.account_history import account_history
from tracker.store.queries.accounts import AccountState, present_log_ins
from tracker.usecases.accounts import end_log_ins_of, grant_role, take_back_role
from tracker.web.access import actor, allow, moment, services
from tracker.web.accounts import asked_state, found, is_to_stay, listed, role_choices
from tracker.web.form_fields import NoSuchChoice
from tracker.web.forms import Form, Reason, one_of, read_form
from tracker.web.one_time_codes import keep_code, take_code
from tracker.web.seen import check_account, note_seen
from tracker.wording.accounts import ACCOUNT_STATES
from tracker.wording.catalogue import ROLES

pages = Blueprint("granting", __name__)


class RoleForm(Form):
    role: Annotated[Role, one_of(Role)] = Field(title="角色")
    reason: Reason = Field(title="依据")


class BackForm(Form):
    reason: Reason = Field(title="依据")


@pages.get("/grants")
@allow(Role.SECURITY_ADMIN)
def index() -> ResponseReturnValue:
    """List the accounts that wait for a role, or those of another state where asked."""
    state = asked_state() if "state" in request.args else AccountState.PENDING
    return listed("granting.index", "web/granting/index.html", state=state)


@pages.get("/grants/<int:user_id>")
@allow(Role.SECURITY_ADMIN)
def show(user_id: int) -> ResponseReturnValue:
    one = found(user_id)
    with services().database.reading() as session:
        note_seen(session)
        log_ins = present_log_ins(session, user_id=user_id, now=datetime.now(UTC))
        history = account_history(session, user_id=user_id)
        last = is_to_stay(session, one)
    return render_template(
        "web/granting/account.html",
        account=one,
        last=last,
        log_ins=log_ins,
        history=history,
        choices=role_choices(),
        roles=ROLES,
        states=ACCOUNT_STATES,
        is_own=actor().user_id == user_id,
    )


@pages.post("/grants/<int:user_id>")
@allow(Role.SECURITY_ADMIN)
def grant(user_id: int) -> ResponseReturnValue:
    """Grant a role; where a one-time code waited for it, the next page shows its second half."""
    form, code = read_form(RoleForm), new_code()
    if form.role is Role.PENDING:  # that is taking back, which has a form of its own
        raise NoSuchChoice(field="角色")
    hashed = hash_password(code_as_typed(code))
    with services().database.transaction() as session:
        shown = grant_role(
            session,
            user_id=user_id,
            role=form.role,
            reason=form.reason,
            second_hash=hashed,
            policy=services().accounts,
            actor=actor(),
            when=moment(),
        )
        check_account(session, user_id)
    done = f"角色现为：{ROLES[form.role.value]}。"
    if shown is not None:
        keep_code(user_id, code, done)
        return redirect(url_for("granting.code", user_id=user_id), 303)
    flash(f"{done}本人下次登录起生效。")
    return redirect(url_for("granting.show", user_id=user_id), 303)


@pages.get("/grants/<int:user_id>/code")
@allow(Role.SECURITY_ADMIN)
def code(user_id: int) -> ResponseReturnValue:
    """Show the second half of a code that the form of before made, once."""
    one = found(user_id)
    shown, words = take_code(user_id)
    return render_template("web/granting/code.html", account=one, code=shown, words=words, policy=services().accounts)


@pages.post("/grants/<int:user_id>/take-back")
@allow(Role.SECURITY_ADMIN)
def take_back(user_id: int) -> ResponseReturnValue:
    form = read_form(BackForm)
    with services().database.transaction() as session:
        take_back_role(session, user_id=user_id, reason=form.reason, actor=actor(), when=moment())
        check_account(session, user_id)
    flash("角色已收回，账号转为待授权。")
    return redirect(url_for("granting.show", user_id=user_id), 303)


@pages.post("/grants/<int:user_id>/log-ins")
@allow(Role.SECURITY_ADMIN)
def end(user_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        ended = end_log_ins_of(session, user_id=user_id, actor=actor(), when=moment())
        check_account(session, user_id)
    flash(f"已结束{ended}个登录。" if ended else "该账号没有在用的登录。")
    return redirect(url_for("granting.show", user_id=user_id), 303)
