"""Who is asking, and which roles may come in: every route carries a rule, one without is refused."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session
from structlog.contextvars import bind_contextvars

from tracker.domain.absences import WITH_DEPUTIES, ActingOver
from tracker.domain.account_policy import Moment
from tracker.domain.accounts import (
    ADMINISTRATORS,
    EVERY_UNIT,
    ON_MATTERS,
    WAITING,
    Actor,
    Role,
    Scope,
    acting_for,
)
from tracker.domain.audiences import OF_UNITS, OVERSEERS
from tracker.domain.calendar import local_day
from tracker.domain.errors import Forbidden, NotFound
from tracker.services import Services
from tracker.store.queries.absences import Absence, may_act_for
from tracker.store.queries.audiences import Viewer, viewer_of
from tracker.store.queries.units import units_acted_for, units_read_for
from tracker.usecases.absences import end_acting
from tracker.usecases.logging_in import SEEN_EVERY, LoggedIn, keep_alive, who_is
from tracker.web.came import came
from tracker.web.cookies import Cookie, carried

_HSTS = "max-age=31536000; includeSubDomains"
_RULE = "tracker_roles"
_View = TypeVar("_View", bound=Callable[..., ResponseReturnValue])


class LoginExpired(Forbidden):
    """A form came from somebody whose log-in has ended."""

    code = "login_expired"


class PasswordToBeChanged(Forbidden):
    """Nothing is open to whoever has a one-time code or an expired password but to choose a new one."""

    code = "password_to_be_changed"


class FactorToBeSetUp(Forbidden):
    """Nothing is open to whoever must have a second factor and has none but to set one up."""

    code = "factor_to_be_set_up"


# What is open to whoever has to choose a password first, or to set up a second factor.
_OPEN_TO_WHO_MUST_CHANGE = frozenset({"mine.show", "mine.change", "login.leave"})
_OPEN_TO_WHO_SETS_UP = frozenset({"factor.show", "factor.begin", "factor.confirm", "login.leave"})
# Where everybody is himself, for whomever he acts: his account, his second factor, his leave, his deputies.
_AS_ONESELF = frozenset({"mine", "factor", "absences", "calendar_link"})
# Whoever works on matters: nobody of the three administrators is let in where documents or tasks stand.
EVERYBODY = ON_MATTERS
LOGGED_IN = EVERYBODY | ADMINISTRATORS | WAITING
UNITS = OF_UNITS
OFFICE = frozenset({Role.SUPERVISOR})


def allow(*roles: Role) -> Callable[[_View], _View]:
    """Let these roles use a route."""

    def mark(view: _View) -> _View:
        setattr(view, _RULE, frozenset(roles))
        return view

    return mark


def public(view: _View) -> _View:
    """Let everybody use a route, logged in or not."""
    setattr(view, _RULE, None)
    return view


def services() -> Services:
    """Return the services this application was built on."""
    found = current_app.extensions["tracker"]
    assert isinstance(found, Services)
    return found


def actor() -> Actor:
    """Return the person who is logged in; only routes with a rule for roles may ask."""
    found = g.actor
    assert isinstance(found, Actor)
    return found


def logged_in() -> LoggedIn:
    """Return the log-in that the request at hand carries; only routes with a rule for roles may ask."""
    found = g.logged_in
    assert isinstance(found, LoggedIn)
    return found


def moment() -> Moment:
    """Return the host's and the office's time, as acts on accounts take them."""
    return Moment(now=datetime.now(UTC), at=services().clock.now())


def acted_for(session: Session) -> Scope:
    """Return the units whose papers the viewer may read: every one for the office and the leaders, else his own."""
    return EVERY_UNIT if actor().role in OVERSEERS else units_acted_for(session, actor().unit_id)


def reads_for(session: Session) -> Scope:
    """Return the units whose tasks the viewer reads: those that he acts for, and what went up in them."""
    return EVERY_UNIT if actor().role in OVERSEERS else units_read_for(session, actor().unit_id)


def viewer(session: Session) -> Viewer:
    """Return for whom lists and look-ups select what may be read."""
    return viewer_of(session, actor())


def may_use(endpoint: str, role: Role) -> bool:
    """Tell whether a role may use a route; one that is for everybody is no page of a person."""
    return role in (getattr(current_app.view_functions[endpoint], _RULE, None) or ())


def guard(app: Flask) -> None:
    """Check every request against its route's rule before the view runs."""

    @app.before_request
    def check() -> ResponseReturnValue | None:
        g.actor = None
        if request.endpoint is None or request.endpoint == "static":
            return None
        roles = getattr(app.view_functions[request.endpoint], _RULE)
        if roles is None:
            return None
        g.actor = who()
        if g.actor is None or not _may_go_on():
            return _elsewhere()
        g.actor = in_whose_name(g.actor)
        _refuse_acting_over(g.actor)
        if g.actor.role not in roles:
            raise NotFound()
        return None

    @app.after_request
    def harden(response):  # type: ignore[no-untyped-def] # Flask hands in its own response class
        response.headers["Content-Security-Policy"] = (
            "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
            "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        )
        # For browsers that do not know `frame-ancestors`.
        response.headers["X-Frame-Options"] = "DENY"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        if request.is_secure:
            response.headers["Strict-Transport-Security"] = _HSTS
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store"
        return response


def _may_go_on() -> bool:
    if must_change():
        return request.endpoint in _OPEN_TO_WHO_MUST_CHANGE
    return not must_set_up() or request.endpoint in _OPEN_TO_WHO_SETS_UP


def _elsewhere() -> ResponseReturnValue:
    """Lead whoever is not let in to where he logs in, chooses a password, or sets up a second factor.

    Raises LoginExpired, PasswordToBeChanged, FactorToBeSetUp.
    """
    refusal: Forbidden = FactorToBeSetUp()
    place = url_for("factor.show")
    if g.actor is None:
        refusal, place = LoginExpired(), url_for("login.form", next=request.full_path.removesuffix("?"))
    elif must_change():
        refusal, place = PasswordToBeChanged(), url_for("mine.show")
    if request.method != "GET":
        raise refusal
    return redirect(place)


def in_whose_name(person: Actor) -> Actor:
    """Return a person as he acts: as the deputy of whom he chose, while he is that; on pages of his own as himself."""
    chosen = logged_in().acting_for_id
    if chosen is None or request.blueprint in _AS_ONESELF:
        return person
    absent = next((one for one in acts_for(person) if one.user_id == chosen), None)
    return acting_for(person, user_id=chosen, name=absent.name) if absent else person


def _refuse_acting_over(actor: Actor) -> None:
    """Let nobody do in his own name unasked what he meant to do in another's. Raises ActingOver."""
    if logged_in().acting_for_id is None or actor.for_id is not None or request.blueprint in _AS_ONESELF:
        return
    with services().database.transaction() as session:
        end_acting(session, log_in_id=logged_in().log_in_id, actor=actor, at=services().clock.now())
    if request.method != "GET":
        raise ActingOver()


def acts_for(person: Actor) -> list[Absence]:
    """Return for whom a person may act today; asked once a request."""
    if "acts_for" not in g:
        g.acts_for = []
        if person.role in WITH_DEPUTIES:
            today = local_day(services().clock.now())
            with services().database.reading() as session:
                g.acts_for = may_act_for(session, user_id=person.user_id or 0, on=today)
    found: list[Absence] = g.acts_for
    return found


def must_change() -> bool:
    """Tell whether whoever is logged in has to choose a password first."""
    found = g.get("logged_in")
    return found is not None and bool(found.must_change)


def must_set_up() -> bool:
    """Tell whether whoever is logged in has to set up a second factor before anything else."""
    found, log_in = g.get("actor"), g.get("logged_in")
    if found is None or log_in is None:
        return False
    return not log_in.has_factor and services().accounts.demands_factor(found.role)


def who() -> Actor | None:
    """Return whose log-in the request at hand carries; None where there is none, or where it has ended."""
    key = carried(Cookie.LOG_IN)
    if not key:
        return None
    now = datetime.now(UTC)
    with services().database.reading() as session:
        found = who_is(session, key=key, now=now, address=came().address)
    if found is None:
        return None
    if found.unseen_for > SEEN_EVERY:
        with services().database.transaction() as session:
            keep_alive(session, key=key, now=now)
    g.logged_in = found
    bind_contextvars(login=found.login, unit=found.actor.unit_name)
    return found.actor
