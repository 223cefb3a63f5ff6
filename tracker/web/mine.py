"""「我的账号」: what everybody sees and changes of his own account."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field

from tracker.domain.entered import clean_words
from tracker.domain.passwords import Opening, PasswordsDiffer, check_password, normal, spellings
from tracker.gateways.passwords import hash_password, matches, tried, turn
from tracker.store.queries.account_history import account_history
from tracker.store.queries.accounts import present_log_ins
from tracker.store.queries.addressees import HEARING_ROLES
from tracker.store.queries.second_factors import factor_view
from tracker.usecases.calendar_links import has_calendar_link
from tracker.usecases.own_account import (
    HourNotOffered,
    OldPasswordWrong,
    OwnSettings,
    change_password,
    choose_settings,
    confirm_email,
    count_old_password,
    email_waits,
    end_others,
    end_own,
    note_old_password,
    own_settings,
    present_and_former,
)
from tracker.web.absences import own_leave
from tracker.web.access import LOGGED_IN, UNITS, actor, allow, logged_in, moment, services
from tracker.web.accounts import found
from tracker.web.forms import Form, Secret, read_by, read_form
from tracker.web.seen import note_seen
from tracker.wording.accounts import EMAIL_TO_CONFIRM
from tracker.wording.catalogue import ROLES

pages = Blueprint("mine", __name__)


class PasswordForm(Form):
    old_password: Secret = Field(title="原密码")
    new_password: Secret = Field(title="新密码")
    new_again: Secret = Field(title="再次输入新密码")


class EmailForm(Form):
    email: Annotated[str, read_by(lambda text, _label: clean_words(text))] = Field(title="电子邮箱")


def _hour(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise HourNotOffered()
    return int(text)


class SettingsForm(Form):
    digest_hour: Annotated[int | None, read_by(lambda text, _label: _hour(text))] = Field(title="每日摘要时间")
    large_print: Annotated[bool, read_by(lambda text, _label: bool(text))] = Field(title="大字")


@pages.get("/me")
@allow(*LOGGED_IN)
def show() -> ResponseReturnValue:
    user_id = actor().user_id or 0
    with services().database.reading() as session:
        note_seen(session)
        log_ins = present_log_ins(session, user_id=user_id, now=datetime.now(UTC))
        factor = factor_view(session, user_id=user_id)
        history = account_history(session, user_id=user_id)
        settings = own_settings(session, user_id=user_id)
        has_link = has_calendar_link(session, user_id=user_id)
    return render_template(
        "web/mine/account.html",
        account=found(user_id),
        log_ins=log_ins,
        factor=factor,
        history=history,
        present_id=logged_in().log_in_id,
        must_change=logged_in().must_change,
        roles=ROLES,
        policy=services().accounts,
        settings=settings,
        has_link=has_link,
        may_link=actor().role in UNITS,
        digest=services().policy if actor().role in HEARING_ROLES else None,
        **own_leave(),
    )


@pages.post("/me/password")
@allow(*LOGGED_IN)
def change() -> ResponseReturnValue:
    """Take another password; whether it may be one is looked at outside of any transaction, for that takes long."""
    form, who = read_form(PasswordForm), actor()
    had_to = logged_in().must_change
    if normal(form.new_password) != normal(form.new_again):
        raise PasswordsDiffer()
    present, hashed = _chosen(form)
    with services().database.transaction() as session:
        ended = change_password(
            session,
            present_hash=present,
            password_hash=hashed,
            log_in_id=logged_in().log_in_id,
            actor=who,
            when=moment(),
        )
        waits = had_to and email_waits(session, user_id=who.user_id or 0)
    flash("密码已修改。" + (f"其他{ended}个登录已结束。" if ended else ""))
    if waits:
        flash(EMAIL_TO_CONFIRM)
    return redirect(url_for("login.home" if had_to else "mine.show"), 303)


def _chosen(form: PasswordForm) -> tuple[str, str]:
    """Return the hashes of the present password and of the new one. Raises OldPasswordWrong and why it may not be."""
    line, policy = found(actor().user_id or 0).line, services().accounts
    with turn():
        right = present_password(form.old_password)
        if right is None:
            raise OldPasswordWrong()
        present, former = right
        chosen = check_password(
            form.new_password,
            names=(line.login, line.name),
            common=services().common_passwords,
            policy=policy,
            is_former=lambda password: any(matches(kept, said) for said in spellings(password) for kept in former),
        )
        return present, hash_password(chosen)


def present_password(typed: str) -> tuple[str, Sequence[str]] | None:
    """Return the present hash and those of former passwords where the present password was typed, else None.

    Guesses are counted, for whoever sits at a log-in that was left open may be somebody else.
    """
    user_id, policy = actor().user_id or 0, services().accounts
    with turn():
        now = datetime.now(UTC)
        with services().database.transaction() as session:
            present = present_and_former(session, user_id=user_id, policy=policy)
            counted = count_old_password(session, user_id=user_id, policy=policy, now=now)
        if not counted or tried(present.way, typed) is not Opening.YES:
            return None
    with services().database.transaction() as session:
        note_old_password(session, user_id=user_id, policy=policy, now=now)
    return present.way.first_hash, present.former


@pages.post("/me/email")
@allow(*LOGGED_IN)
def confirm() -> ResponseReturnValue:
    """Take the mail address that another entered, which stands on the page that was sent."""
    form = read_form(EmailForm)
    with services().database.transaction() as session:
        confirm_email(session, email=form.email, actor=actor(), when=moment())
    flash(f"已确认，今后邮件发送至{form.email}。" if form.email else "已确认，今后不再发送邮件。")
    return redirect(url_for("mine.show"), 303)


@pages.post("/me/settings")
@allow(*LOGGED_IN)
def choose() -> ResponseReturnValue:
    form = read_form(SettingsForm)
    chosen = OwnSettings(form.digest_hour, form.large_print)
    with services().database.transaction() as session:
        choose_settings(session, chosen=chosen, policy=services().policy, actor=actor(), when=moment())
    flash("使用设置已保存。")
    return redirect(url_for("mine.show"), 303)


@pages.post("/me/log-ins/<int:log_in_id>/end")
@allow(*LOGGED_IN)
def end(log_in_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        end_own(session, log_in_id=log_in_id, actor=actor(), when=moment())
    flash("该登录已结束。")
    return redirect(url_for("mine.show"), 303)


@pages.post("/me/log-ins/end")
@allow(*LOGGED_IN)
def end_all_others() -> ResponseReturnValue:
    with services().database.transaction() as session:
        ended = end_others(
            session,
            present_id=logged_in().log_in_id,
            actor=actor(),
            when=moment(),
        )
    flash(f"其他{ended}个登录已结束。" if ended else "没有其他登录。")
    return redirect(url_for("mine.show"), 303)
