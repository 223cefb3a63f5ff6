"""Log in and out."""

from datetime import UTC, datetime

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.gateways.passwords import hash_of_nobody, matches
from tracker.usecases.accounts import ABSOLUTE, WrongCredentials, find_login, log_in, log_out, note_failure
from tracker.web.access import COOKIE, EVERYBODY, actor, allow, public, services

pages = Blueprint("login", __name__)
_HOME = {
    Role.LIAISON: "today.show",
    Role.UNIT_HEAD: "sign_off.queue",
    Role.SUPERVISOR: "desk.show",
    Role.LEADER: "desk.show",
    Role.READER: "circulars.index",
}


@pages.get("/login")
@public
def form() -> ResponseReturnValue:
    return render_template(
        "web/login/form.html",
        is_demo=services().settings.is_demo,
        example_unit=services().example_login,
        next=request.args.get("next", ""),
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
    wanted = request.form.get("next", "")
    local = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    response = make_response(redirect(wanted if local else url_for(_HOME[Role(user.role)]), 303))
    response.set_cookie(
        COOKIE, key, max_age=int(ABSOLUTE.total_seconds()), httponly=True, samesite="Lax", secure=request.is_secure
    )
    return response


@pages.post("/logout")
@public
def leave() -> ResponseReturnValue:
    with services().database.transaction() as session:
        log_out(session, key=request.cookies.get(COOKIE, ""), now=datetime.now(UTC))
    response = make_response(redirect(url_for("login.form"), 303))
    response.delete_cookie(COOKIE)
    return response


@pages.get("/")
@allow(*EVERYBODY)
def home() -> ResponseReturnValue:
    return redirect(url_for(_HOME[actor().role]))
