"""「双因素验证」 of one's own account: set up, replaced, given up, each with the password."""

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from pydantic import Field

from tracker.domain.account_policy import RECOVERY_CODES, SET_UP
from tracker.domain.errors import BadInput
from tracker.domain.passwords import code_as_typed, new_code
from tracker.gateways.passwords import hash_password, turn
from tracker.gateways.second_factor import matching_counter, new_secret, picture, seal, unseal
from tracker.store.queries.second_factors import factor_view
from tracker.usecases.own_factor import (
    FactorNotConfirmed,
    FactorSetUpEnded,
    FactorWrong,
    Shown,
    begin_set_up,
    confirm_set_up,
    count_own_guess,
    kept_factor,
    pending_secret,
    remove_factor,
)
from tracker.web.access import LOGGED_IN, actor, allow, logged_in, moment, must_set_up, services
from tracker.web.forms import Form, Secret, read_form
from tracker.web.mine import present_password
from tracker.web.one_time_codes import forget_recovery_codes, keep_recovery_codes, kept_recovery_codes
from tracker.web.second_step import look_at, turn_to_look

pages = Blueprint("factor", __name__)
_GROUP = 4
_MINUTES = int(SET_UP.total_seconds()) // 60


class PasswordWrong(BadInput):
    """The present password is not the one that was typed, or too many were tried."""

    code = "password_wrong"


class BeginForm(Form):
    password: Secret = Field(title="登录密码")
    factor_code: Secret = Field(title="验证码")


class ConfirmForm(Form):
    factor_code: Secret = Field(title="验证码")


@pages.get("/me/factor")
@allow(*LOGGED_IN)
def show() -> ResponseReturnValue:
    secret = _pending()[1]
    with services().database.reading() as session:
        factor = factor_view(session, user_id=actor().user_id or 0)
    return render_template(
        "web/mine/factor.html",
        factor=factor,
        login=logged_in().login,
        must_set_up=must_set_up(),
        demanded=services().accounts.demands_factor(actor().role),
        policy=services().accounts,
        secret=" ".join(secret[start : start + _GROUP] for start in range(0, len(secret), _GROUP)) if secret else "",
        picture=Markup(picture(secret, login=logged_in().login)) if secret else "",
        minutes=_MINUTES,
        recovery_codes=RECOVERY_CODES,
    )


def _pending() -> tuple[str, str | None]:
    """Return the secret that waits to be confirmed, sealed and open; empty and None where there is none."""
    now = datetime.now(UTC)
    with services().database.reading() as session:
        sealed = pending_secret(session, log_in_id=logged_in().log_in_id, actor=actor(), now=now)
    if sealed is None:
        return "", None
    return sealed, unseal(sealed, user_id=actor().user_id or 0, key=services().settings.secret_key)


@pages.post("/me/factor")
@allow(*LOGGED_IN)
def begin() -> ResponseReturnValue:
    """Show a new secret to whoever typed the password, and a code where he has a factor."""
    form = read_form(BeginForm)
    _check_password(form.password)
    shown = _shown(form.factor_code)
    sealed = seal(new_secret(), user_id=actor().user_id or 0, key=services().settings.secret_key)
    with services().database.transaction() as session:
        begin_set_up(
            session,
            sealed=sealed,
            shown=shown,
            log_in_id=logged_in().log_in_id,
            policy=services().accounts,
            actor=actor(),
            when=moment(),
        )
    return redirect(url_for("factor.show"), 303)


def _check_password(typed: str) -> None:
    if present_password(typed) is None:
        raise PasswordWrong()


def _shown(typed: str) -> Shown | None:
    """Return what was shown of the present factor, None where there is none. Raises FactorWrong."""
    policy = services().accounts
    with turn_to_look(typed):
        now = datetime.now(UTC)
        with services().database.transaction() as session:
            kept = kept_factor(session, actor().user_id or 0)
            if kept is None:
                return None
            counted = count_own_guess(session, policy=policy, actor=actor(), now=now)
        shown = look_at(kept, typed, now=now) if counted else None
    if shown is None:
        raise FactorWrong()
    return shown


@pages.post("/me/factor/confirm")
@allow(*LOGGED_IN)
def confirm() -> ResponseReturnValue:
    """Take a secret whose code was right; the next page shows recovery codes, of which only hashes are kept."""
    form = read_form(ConfirmForm)
    sealed, secret = _pending()
    if secret is None:
        raise FactorSetUpEnded()
    counter = matching_counter(secret, form.factor_code, now=datetime.now(UTC))
    if counter is None:
        raise FactorNotConfirmed()
    made = _recovery_codes()
    with turn():
        hashed = [(code[:_GROUP], hash_password(code_as_typed(code))) for code in made]
    with services().database.transaction() as session:
        confirm_set_up(
            session,
            sealed=sealed,
            counter=counter,
            codes=hashed,
            log_in_id=logged_in().log_in_id,
            actor=actor(),
            when=moment(),
        )
    keep_recovery_codes(made)
    return redirect(url_for("factor.codes"), 303)


@pages.get("/me/factor/codes")
@allow(*LOGGED_IN)
def codes() -> ResponseReturnValue:
    """Show the recovery codes that were just made, until their person says that he has them."""
    return render_template("web/mine/recovery_codes.html", codes=kept_recovery_codes(), minutes=_MINUTES)


@pages.post("/me/factor/codes")
@allow(*LOGGED_IN)
def leave_codes() -> ResponseReturnValue:
    forget_recovery_codes()
    return redirect(url_for("login.home"), 303)


def _recovery_codes() -> list[str]:
    """Return codes of which no two begin with the same group, by which they are found."""
    codes: dict[str, str] = {}
    while len(codes) < RECOVERY_CODES:
        code = new_code()
        codes[code[:_GROUP]] = code
    return list(codes.values())


@pages.post("/me/factor/remove")
@allow(*LOGGED_IN)
def remove() -> ResponseReturnValue:
    form = read_form(BeginForm)
    _check_password(form.password)
    shown = _shown(form.factor_code)
    with services().database.transaction() as session:
        remove_factor(
            session,
            shown=shown,
            log_in_id=logged_in().log_in_id,
            policy=services().accounts,
            actor=actor(),
            when=moment(),
        )
    flash("双因素验证已取消，其他登录已结束。")
    return redirect(url_for("mine.show"), 303)
