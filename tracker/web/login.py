"""Log in and out."""

from dataclasses import replace

from flask import Blueprint, Response, flash, g, make_response, redirect, render_template, request, url_for
from flask import session as of_browser
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from tracker.domain.account_policy import ABSOLUTE, HALF, Moment
from tracker.domain.accounts import Role
from tracker.domain.passwords import Opening, WayIn
from tracker.gateways.passwords import hash_of_nobody, tried, turn
from tracker.usecases.logging_in import (
    Attempt,
    HalfOfCode,
    LoggedIn,
    Opened,
    WrongCredentials,
    begin_log_in,
    let_in,
    log_out,
    note_failure,
    who_is,
)
from tracker.usecases.own_account import email_waits
from tracker.usecases.renewing_access import told_of_renewal
from tracker.web.access import (
    LOGGED_IN,
    actor,
    allow,
    moment,
    must_change,
    must_set_up,
    public,
    services,
)
from tracker.web.came import came, device_for, know_device
from tracker.web.conflicts import sent, written_in
from tracker.web.cookies import Cookie, carried, forget, keep
from tracker.web.page_again import page_again
from tracker.web.refused import Kept, Refused, is_local
from tracker.wording.accounts import EMAIL_TO_CONFIRM, renewed_words

pages = Blueprint("login", __name__)
_STILL_HERE = "登录已过期，您填写的内容还在，请核对后重新提交。"
_NOT_HERE = "登录已过期，刚才的页面现在不能打开，您填写的内容在下面，可以复制。"
# Not "cookies": that takes those of every other site of the same domain too, and the mark by which we know the browser.
_CLEARED = '"cache", "storage"'
_HOME = {
    Role.LIAISON: "today.show",
    Role.UNIT_HEAD: "sign_off.queue",
    Role.SUPERVISOR: "desk.show",
    Role.LEADER: "leader.show",
    Role.READER: "circulars.index",
    Role.SYSTEM_ADMIN: "accounts.index",
    Role.SECURITY_ADMIN: "granting.index",
    Role.AUDIT_ADMIN: "audit.show",
    Role.PENDING: "mine.show",
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
        provider=services().settings.oidc_name if services().settings.oidc_issuer else "",
        left=request.args.get("left") == "provider",
    )


@pages.post("/login")
@public
def enter() -> ResponseReturnValue:
    """Check the password outside of any transaction: hashing takes longer than a write may."""
    name = request.form.get("login", "")
    attempt = Attempt(name, came().address, device_for(name))
    opened, when = _opened(attempt, request.form.get("password", ""))
    if opened.half:
        return half_in(opened.key, Kept.of_login(), request.form.get("next", ""))
    return welcome(opened.key, name, when)


def half_in(key: str, kept: Kept | None, wanted: str) -> Response:
    """Return the page that asks for a second factor, with the key of half a log-in."""
    response = make_response(second_page(kept, wanted=wanted))
    keep(response, Cookie.HALF_LOG_IN, key, seconds=int(HALF.total_seconds()))
    return response


def second_page(kept: Kept | None, *, wanted: str, words: str = "") -> str:
    """Return the page that asks whose password was right for his second factor."""
    return render_template("web/login/second.html", next=kept.page if kept else wanted, kept=kept, words=words)


def welcome(key: str, name: str, when: Moment, *, wanted: str | None = None) -> Response:
    """Return the first page of whoever was let in, or what he was writing, with the key of his log-in."""
    wanted, kept = request.form.get("next", "") if wanted is None else wanted, Kept.of_login()
    found = _who_came(key, when)
    g.actor, g.logged_in = found.actor, found
    with services().database.transaction() as session:
        told = told_of_renewal(session, user_id=found.actor.user_id or 0, has_code=found.must_change)
        waits = email_waits(session, user_id=found.actor.user_id or 0)
    if waits and not must_change():  # the page that asks for a new password shows nothing else, and says it then
        flash(EMAIL_TO_CONFIRM)
    for one in told:
        flash(renewed_words(one.act, by=one.by, reason=one.reason))
    if kept is not None and not must_change() and not must_set_up():
        response = make_response(_given_back(kept))
    else:
        response = make_response(redirect(wanted if is_local(wanted) else url_for(_HOME[found.actor.role]), 303))
    know_device(response, name)
    keep(response, Cookie.LOG_IN, key, seconds=int(ABSOLUTE.total_seconds()))
    return response


def _opened(attempt: Attempt, password: str) -> tuple[Opened, Moment]:
    """Return the key of a new log-in, or of half a one, and since when; the one that the browser had ends.

    Raises WrongCredentials, HalfOfCode, CodeExpired, PasswordsClosed, TooManyLogIns.
    """
    database, policy, settings = services().database, services().accounts, services().settings
    with turn():
        when = moment()
        with database.transaction() as session:
            begun = begin_log_in(session, attempt, policy=policy, when=when, demonstration=settings.is_demo)
        if begun is None:
            raise WrongCredentials()
        found = tried(begun.way or WayIn(hash_of_nobody()), password)
    if begun.way is None or found is not Opening.YES:
        half = found is Opening.HALF
        failed = replace(begun, why_not="half_code") if half else begun
        with database.transaction() as session:
            note_failure(session, attempt, failed, policy=policy, secret=settings.secret_key, when=when)
        raise HalfOfCode() if half else WrongCredentials()
    provider = settings.oidc_issuer is not None
    with database.transaction() as session:
        log_out(session, key=carried(Cookie.LOG_IN), came=came(), when=when)
        return let_in(session, attempt, begun, came=came(), policy=policy, when=when, provider=provider), when


def _who_came(key: str, when: Moment) -> LoggedIn:
    with services().database.reading() as session:
        found = who_is(session, key=key, now=when.now, address=came().address)
    assert found is not None
    return found


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
    """End the log-in and let the browser forget what it kept of it."""
    with services().database.transaction() as session:
        key, when = carried(Cookie.LOG_IN), moment()
        found = who_is(session, key=key, now=when.now)
        log_out(session, key=key, came=came(), when=when)
    by_provider = found is not None and found.by_provider
    response = make_response(redirect(url_for("login.form", left="provider" if by_provider else None), 303))
    forget(response, Cookie.LOG_IN)
    of_browser.clear()
    response.headers["Clear-Site-Data"] = _CLEARED
    return response


@pages.get("/")
@allow(*LOGGED_IN)
def home() -> ResponseReturnValue:
    return redirect(url_for(_HOME[actor().role]))
