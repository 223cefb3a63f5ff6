"""Accounts, for the administrator of the system: whose they are, how they are opened; rights are granted elsewhere."""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from tracker.domain.absences import WITH_DEPUTIES
from tracker.domain.accounts import GRANTABLE, GUARDED, Role
from tracker.domain.entered import clean_words
from tracker.domain.errors import NotFound
from tracker.domain.passwords import code_as_typed, new_code
from tracker.gateways.passwords import hash_password
from tracker.store.queries.account_history import account_history
from tracker.store.queries.accounts import (
    Account,
    AccountState,
    account,
    account_lines,
    count_accounts,
    present_log_ins,
)
from tracker.store.queries.open_work import personal_work
from tracker.store.queries.pickers import present_units
from tracker.store.queries.reminders import count_unread
from tracker.store.queries.second_factors import factor_view
from tracker.store.queries.unused_accounts import UnusedAccount, is_last, reached_by_mail, unused_accounts
from tracker.usecases.accounts import NewUser, change_account, create_account, disable_account
from tracker.usecases.handing_over import check_handed_over
from tracker.usecases.renewing_access import enable_account, reset_account, reset_factor
from tracker.web.access import actor, allow, moment, services
from tracker.web.account_forms import AccountForm, DisableForm, NewAccountForm, WhyForm
from tracker.web.form_fields import choice_in
from tracker.web.forms import read_form
from tracker.web.one_time_codes import keep_code, take_code
from tracker.web.paging import paging
from tracker.web.seen import check_account, note_seen
from tracker.wording.accounts import ACCOUNT_STATES, ending_words
from tracker.wording.catalogue import ROLES
from tracker.wording.open_work import own_work_words

pages = Blueprint("accounts", __name__)
_PAGE = 50
_REGRANT = "角色须由安全保密管理员重新授予。"


def listed(endpoint: str, template: str, *, state: AccountState | None, **more: object) -> str:
    """Return a page with a list of accounts, of one state where asked; `endpoint` is its own, `more` what it shows."""
    words = clean_words(request.args.get("q", ""))[:40]
    before = services().accounts.stale_before(datetime.now(UTC))
    with services().database.reading() as session:
        total = count_accounts(session, stale_before=before, words=words, state=state)
        part = paging(total, size=_PAGE)
        lines = account_lines(
            session, stale_before=before, words=words, state=state, limit=part.length, offset=part.first
        )
        counts = {
            one: count_accounts(session, stale_before=before, words="", state=one) for one in (None, *AccountState)
        }
    return render_template(
        template,
        lines=lines,
        counts=counts,
        states=ACCOUNT_STATES,
        roles=ROLES,
        state=state,
        words=words,
        total=total,
        paging=part,
        policy=services().accounts,
        **more,
    )


def role_choices() -> dict[str, str]:
    """Return the roles that somebody may be granted, with their names."""
    return {role.value: ROLES[role.value] for role in Role if role in GRANTABLE}


def asked_state() -> AccountState | None:
    return choice_in(request.args.get("state", ""), AccountState, field="账号状态")


def endings(session: Session, unused: Sequence[UnusedAccount]) -> Sequence[tuple[UnusedAccount, str]]:
    """Say of accounts that nobody uses when each is disabled and whether its person was told, or why it is not."""
    reached = reached_by_mail(session, unused, mail=services().settings.smtp_url is not None)
    return [
        (one, ending_words(one.disabled_from, is_last=one.is_last, reached=how))
        for one, how in zip(unused, reached, strict=True)
    ]


@pages.get("/accounts")
@allow(Role.SYSTEM_ADMIN)
def index() -> ResponseReturnValue:
    policy, now = services().accounts, datetime.now(UTC)
    with services().database.reading() as session:
        before = policy.warn_before(now)
        unused = unused_accounts(session, before=before, policy=policy, now=now) if policy.disable_stale else []
        ending = endings(session, unused)
    return listed("accounts.index", "web/accounts/index.html", state=asked_state(), ending=ending)


@pages.get("/accounts/new")
@allow(Role.SYSTEM_ADMIN)
def new() -> ResponseReturnValue:
    with services().database.reading() as session:
        units = present_units(session)
    return render_template("web/accounts/new.html", units=units, roles=role_choices(), policy=services().accounts)


@pages.post("/accounts")
@allow(Role.SYSTEM_ADMIN)
def create() -> ResponseReturnValue:
    """Create an account without any right; the next page shows its one-time code."""
    form, code = read_form(NewAccountForm), new_code()
    wanted = NewUser(
        form.login,
        form.name,
        Role.PENDING,
        hash_password(code_as_typed(code)),
        email=form.email,
        asked_role=form.asked_role,
        is_code=True,
        unit_id=form.unit_id,
    )
    with services().database.transaction() as session:
        user_id = create_account(session, wanted, policy=services().accounts, actor=actor(), when=moment())
    return _to_code(user_id, code, "账号已开通，待安全保密管理员授予角色、告知后半部分后方可登录。")


def found(user_id: int) -> Account:
    """Return an account. Raises NotFound."""
    with services().database.reading() as session:
        one = account(session, user_id=user_id, stale_before=services().accounts.stale_before(datetime.now(UTC)))
    if one is None:
        raise NotFound()
    return one


def is_to_stay(session: Session, one: Account) -> bool:
    """Tell whether nobody else can log in with its role of the three administrators: no page takes it out of use."""
    line = one.line
    return line.active and is_last(session, user_id=line.user_id, role=line.role, now=datetime.now(UTC))


def _regrant_words(user_id: int) -> str:
    return _REGRANT if found(user_id).line.role == Role.PENDING else ""


def _to_code(user_id: int, code: str, words: str) -> ResponseReturnValue:
    keep_code(user_id, code, words)
    return redirect(url_for("accounts.code", user_id=user_id), 303)


@pages.get("/accounts/<int:user_id>/code")
@allow(Role.SYSTEM_ADMIN)
def code(user_id: int) -> ResponseReturnValue:
    """Show the code that a form of before made, once."""
    one = found(user_id)
    shown, words = take_code(user_id)
    return render_template("web/accounts/code.html", account=one, code=shown, words=words, policy=services().accounts)


@pages.get("/accounts/<int:user_id>")
@allow(Role.SYSTEM_ADMIN)
def show(user_id: int) -> ResponseReturnValue:
    one = found(user_id)
    with services().database.reading() as session:
        note_seen(session)
        units = present_units(session)
        log_ins = present_log_ins(session, user_id=user_id, now=datetime.now(UTC))
        factor = factor_view(session, user_id=user_id)
        work = personal_work(session, user_id=user_id, now=services().clock.now())
        unread = count_unread(session, user_id=user_id, of_work=True)
        history = account_history(session, user_id=user_id)
        last = is_to_stay(session, one)
    return render_template(
        "web/accounts/account.html",
        last=last,
        left=own_work_words(len(work), unread=unread),
        with_deputies=WITH_DEPUTIES,
        guarded=GUARDED,
        account=one,
        units=units,
        log_ins=log_ins,
        factor=factor,
        history=history,
        states=ACCOUNT_STATES,
        roles=ROLES,
        is_own=actor().user_id == user_id,
        policy=services().accounts,
    )


@pages.post("/accounts/<int:user_id>")
@allow(Role.SYSTEM_ADMIN)
def change(user_id: int) -> ResponseReturnValue:
    form = read_form(AccountForm)
    moves = form.unit_id != found(user_id).unit_id
    with services().database.transaction() as session:
        if moves and not form.anyway:
            check_handed_over(session, user_id=user_id, at=services().clock.now())
        waits = change_account(
            session,
            user_id=user_id,
            name=form.name,
            unit_id=form.unit_id,
            email=form.email,
            actor=actor(),
            when=moment(),
        )
        check_account(session, user_id)
    flash("已保存。所属单位已变更，角色须由安全保密管理员重新授予。" if waits else "已保存。")
    return redirect(url_for("accounts.show", user_id=user_id), 303)


@pages.post("/accounts/<int:user_id>/disable")
@allow(Role.SYSTEM_ADMIN)
def disable(user_id: int) -> ResponseReturnValue:
    form = read_form(DisableForm)
    with services().database.transaction() as session:
        if not form.anyway:
            check_handed_over(session, user_id=user_id, at=services().clock.now())
        disable_account(session, user_id=user_id, reason=form.reason, actor=actor(), when=moment())
        check_account(session, user_id)
    flash("账号已停用，已登录的一并退出。")
    return redirect(url_for("accounts.show", user_id=user_id), 303)


@pages.post("/accounts/<int:user_id>/enable")
@allow(Role.SYSTEM_ADMIN)
def enable(user_id: int) -> ResponseReturnValue:
    form, code = read_form(WhyForm), new_code()
    hashed = hash_password(code_as_typed(code))
    with services().database.transaction() as session:
        enable_account(
            session,
            user_id=user_id,
            code_hash=hashed,
            reason=form.reason,
            policy=services().accounts,
            actor=actor(),
            when=moment(),
        )
        check_account(session, user_id)
    return _to_code(user_id, code, f"账号已启用，原密码作废。{_REGRANT}")


@pages.post("/accounts/<int:user_id>/reset")
@allow(Role.SYSTEM_ADMIN)
def reset(user_id: int) -> ResponseReturnValue:
    form, code = read_form(WhyForm), new_code()
    hashed = hash_password(code_as_typed(code))
    with services().database.transaction() as session:
        reset_account(
            session,
            user_id=user_id,
            code_hash=hashed,
            reason=form.reason,
            policy=services().accounts,
            actor=actor(),
            when=moment(),
        )
        check_account(session, user_id)
    return _to_code(user_id, code, f"密码已重置，原密码作废，已登录的一并退出。{_REGRANT}")


@pages.post("/accounts/<int:user_id>/factor/reset")
@allow(Role.SYSTEM_ADMIN)
def reset_second(user_id: int) -> ResponseReturnValue:
    form = read_form(WhyForm)
    with services().database.transaction() as session:
        reset_factor(
            session,
            user_id=user_id,
            reason=form.reason,
            policy=services().accounts,
            actor=actor(),
            when=moment(),
        )
        check_account(session, user_id)
    flash(f"双因素验证已重置，已登录的一并退出；本人下次登录时，页面予以提示。{_regrant_words(user_id)}")
    return redirect(url_for("accounts.show", user_id=user_id), 303)
