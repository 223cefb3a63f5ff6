"""Log in and out."""

from datetime import UTC, datetime

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from tracker.domain.accounts import Actor, Role
from tracker.gateways.passwords import hash_of_nobody, matches
from tracker.usecases.accounts import ABSOLUTE, WrongCredentials, find_login, log_in, log_out, note_failure, who_is
from tracker.web.access import COOKIE, LOGGED_IN, actor, allow, public, services
from tracker.web.conflicts import sent, written_in
from tracker.web.page_again import page_again
from tracker.web.refused import Kept, Refused, is_local

pages = Blueprint("login", __name__)
_STILL_HERE = "登录已过期，您填写的内容还在，请核对后重新提交。"
_NOT_HERE = "登录已过期，刚才的页面现在不能打开，您填写的内容在下面，可以复制。"
_HOME = {
    Role.LIAISON: "today.show",
    Role.UNIT_HEAD: "sign_off.queue",
    Role.SUPERVISOR: "desk.show",
    Role.LEADER: "desk.show",
    Role.READER: "circulars.index",
    Role.SYSTEM_ADMIN: "accounts.index",
    Role.SECURITY_ADMIN: "granting.index",
    Role.AUDIT_ADMIN: "audit.show",
}


@pages.get("/login")
@public
def form() -> ResponseReturnValue:
    return _page(None, wanted=request.args.get("next", ""))


def log_in_again(kept: Kept | None, *, words: str) -> str:
    """Return the form for the log-in as it was sent, which carries what somebody sent whose log-in had ended."""
    return _page(kept, wanted=sent().get("next", ""), words=words, login=sent().get("login", ""))


def _page(kept: Kept | None, *, wanted: str, words: str = "", login: str = "") -> str:
    return render_template(
        "web/login/form.html",
        is_demo=services().settings.is_demo,
        example_unit=services().example_login,
        next=kept.page if kept else wanted,
        login=login,
        kept=kept,
        words=words,
    )


@pages.post("/login")
@public
def enter() -> ResponseReturnValue:
    """Check the password outside of any transaction: hashing takes longer than a write may."""
    now = datetime.now(UTC)
    name, password = request.form.get("login", ""), request.form.get("password", "")
    with services().database.transaction() as session:
        user = find_login(session, login=name, now=now)
    if user is None or not matches(user.password_hash, password):
        if user is None:
            matches(hash_of_nobody(), password)
        with services().database.transaction() as session:
            note_failure(session, login=name, now=now)
        raise WrongCredentials()
    assert user.id is not None
    with services().database.transaction() as session:
        key = log_in(session, user_id=user.id, now=now)
    wanted, kept = request.form.get("next", ""), Kept.of_login()
    if kept is not None:
        g.actor = _who_came(key, now)
        response = make_response(_given_back(kept))
    else:
        response = make_response(redirect(wanted if is_local(wanted) else url_for(_HOME[Role(user.role)]), 303))
    response.set_cookie(
        COOKIE, key, max_age=int(ABSOLUTE.total_seconds()), httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response


def _who_came(key: str, now: datetime) -> Actor | None:
    with services().database.reading() as session:
        found = who_is(session, key=key, now=now)
    return found.actor if found is not None else None


def _given_back(kept: Kept) -> str:
    """Return the page on which somebody was writing, filled in; nothing of it is done."""
    fields = kept.sent() or MultiDict()
    page = page_again(Refused(kept.action, fields, _STILL_HERE, _STILL_HERE), back=kept.page)
    if page is not None:
        return page
    return render_template(
        "web/errors/error.html",
        words=_NOT_HERE,
        status=200,
        clash=None,
        written=written_in(fields),
        back=kept.page,
        request_id=None,
    )


@pages.post("/logout")
@public
def leave() -> ResponseReturnValue:
    with services().database.transaction() as session:
        log_out(session, key=request.cookies.get(COOKIE, ""), now=datetime.now(UTC))
    response = make_response(redirect(url_for("login.form"), 303))
    response.delete_cookie(COOKIE)
    return response


@pages.get("/")
@allow(*LOGGED_IN)
def home() -> ResponseReturnValue:
    return redirect(url_for(_HOME[actor().role]))
