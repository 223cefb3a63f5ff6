"""Every handler of errors answers while the database is away: it may ask for what it says besides, never need it."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, g, make_response
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException, NotFound

from tests.support.databases import fresh_sqlite
from tests.support.keys import SECRET_KEY
from tests.support.office import IN_TIME
from tests.support.site import Site
from tracker.domain.accounts import Actor, Role
from tracker.domain.errors import Forbidden, Rejected, TrackerError, Unavailable
from tracker.domain.errors import NotFound as NoneSuch
from tracker.gateways.clock import DemonstrationClock
from tracker.gateways.unified_log_in import ProviderDown
from tracker.settings import load_settings
from tracker.store.database import Database
from tracker.usecases.logging_in import WrongCredentials
from tracker.web.access import LoginExpired
from tracker.web.app import create_app
from tracker.web.cookies import Cookie
from tracker.web.second_step import SecondStepWrong

_WRITTEN = "因机构改革，责任分工正在调整，申请顺延。"
# One of each kind that is answered by words of its own, and of what is answered by another page than that of errors.
_ERRORS: dict[type[Exception], tuple[Exception, ...]] = {
    TrackerError: (
        *(NoneSuch(), Forbidden(), Rejected(), Unavailable(), LoginExpired()),
        *(WrongCredentials(), ProviderDown(), SecondStepWrong()),
    ),
    DBAPIError: (OperationalError(None, None, sqlite3.OperationalError()),),
    CSRFError: (CSRFError(),),
    IntegrityError: (IntegrityError(None, None, Exception()),),
    NoConnectionFree: (NoConnectionFree(),),
    OSError: (OSError(28, "no space left"),),
    OverflowError: (OverflowError(),),
    DataError: (DataError(None, None, Exception()),),
    HTTPException: (NotFound(),),
}
_FORMS = ("/tasks/1/deadline", "/login", "/login/second", "/logout")


@pytest.fixture(params=["demo", "production"])
def app(request: pytest.FixtureRequest, tmp_path: Path) -> Flask:
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    environ = {
        "TRACKER_MODE": request.param,
        "TRACKER_SECRET_KEY": SECRET_KEY,
        "TRACKER_DATA_DIR": str(tmp_path / "away"),
    }
    away = Database(f"sqlite:///{tmp_path / 'away.db'}")
    clock = DemonstrationClock(away, starts_at=IN_TIME) if request.param == "demo" else site.clock
    return create_app(replace(site.services, settings=load_settings(environ), database=away, clock=clock))


def _cookie(app: Flask) -> str:
    demo = app.extensions["tracker"].settings.is_demo
    return f"{'' if demo else '__Host-'}{Cookie.LOG_IN}"


@pytest.mark.parametrize("who", [None, Actor(1, "李某", Role.LIAISON, unit_id=1, unit_name="市商务局")])
def test_every_handler_answers(app: Flask, who: Actor | None) -> None:
    untried = set(app.error_handler_spec[None][None]) - set(_ERRORS)
    assert not untried, "a handler that nobody tries here"
    headers = {"Cookie": f"{_cookie(app)}=a log-in of before", "Referer": "http://localhost/tasks/1"}
    for error in (found for errors in _ERRORS.values() for found in errors):
        for address in _FORMS if isinstance(error, CSRFError) else _FORMS[:1]:
            with app.test_request_context(address, method="POST", data={"reason": _WRITTEN}, headers=headers):
                g.actor = who
                answer = make_response(app.handle_user_exception(error))
                assert answer.status_code != 500, (error, address)


@pytest.mark.parametrize("form", _FORMS)
def test_a_form_with_a_stale_mark_is_told_that_the_database_is_away(app: Flask, form: str) -> None:
    with app.test_client() as client:
        client.set_cookie(_cookie(app), "a log-in of before")
        sent = {"csrf_token": "of yesterday", "reason": _WRITTEN}
        answer = client.post(form, data=sent, headers={"Referer": "http://localhost/tasks/1"})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert "数据库暂时不可用" in page
    assert _WRITTEN in page
