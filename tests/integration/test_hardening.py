"""What every answer tells a browser to refuse, whatever was asked and whatever came of it."""

from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from time import time

import pytest
from flask.testing import FlaskClient
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.site import PASSWORD, Site, post
from tracker.domain.account_policy import ABSOLUTE, IDLE
from tracker.store.tables.units import LoginRow
from tracker.web.access import public
from tracker.web.cookies import Cookie

_CSP = {
    "default-src": "'none'",
    "style-src": "'self'",
    "script-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self' data:",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
_TLS = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(fresh_sqlite(tmp_path), tmp_path)


def _is_hard(answer: TestResponse, about: object, *, static: bool = False) -> None:
    told = answer.headers
    rules = dict(rule.strip().split(" ", 1) for rule in told["Content-Security-Policy"].split(";"))
    assert rules == _CSP, about
    assert (told["X-Content-Type-Options"], told["X-Frame-Options"]) == ("nosniff", "DENY"), about
    assert told["Referrer-Policy"] == "same-origin", about
    assert told["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", about
    assert static or told["Cache-Control"] == "no-store", about
    assert not any(name.startswith("Access-Control-") for name, _value in told), about
    kind = answer.mimetype or ""
    if kind.startswith("text/"):
        assert "charset=utf-8" in told["Content-Type"].lower(), about
    assert kind or not answer.get_data(), about


def test_every_answer_is_hardened(site: Site) -> None:
    """Each route, as nobody and as each role, by each method: pages, refusals, redirects, files, what is not there."""

    @site.app.get("/fault")
    @public
    def fault() -> str:
        raise RuntimeError("a fault of the program")

    seen = set()
    for login in (None, "swj", "office", "auditor"):
        with site.client(login) as client:
            for address in _addresses(site):
                for method in _METHODS:
                    if (method, address) == ("POST", "/logout"):
                        continue
                    answer = client.open(address, method=method, headers=_TLS)
                    _is_hard(answer, (login, method, address), static=address.startswith("/static/"))
                    seen.add(answer.status_code)
                    answer.close()
    assert {200, 302, 400, 404, 405, 500} <= seen


def _addresses(site: Site) -> list[str]:
    built = []
    with site.app.test_request_context():
        for rule in site.app.url_map.iter_rules():
            values = {
                name: "app.css" if name == "filename" else "edit" if name == "act" else 1 for name in rule.arguments
            }
            built.append(
                site.app.url_map.bind("localhost").build(rule.endpoint, values, method=min(rule.methods or ()))
            )
    return sorted({*built, "/no-such-page", "/static/", "/static/../../wsgi.py", "/.git/config", "/tasks/x"})


def test_no_method_does_what_no_route_says(site: Site) -> None:
    with site.client("office") as office:
        for address in _addresses(site):
            for method in ("PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"):
                assert office.open(address, method=method).status_code in (400, 404, 405), (method, address)


def test_nobody_elses_word_about_who_asks_changes_what_he_may(site: Site) -> None:
    """Neither Origin nor a method or an address in a header decides anything."""
    with site.client("swj") as client:
        for name, value in (
            ("Origin", "http://localhost"),
            ("Origin", "null"),
            ("X-HTTP-Method-Override", "POST"),
            ("X-Original-URL", "/today"),
            ("X-Forwarded-User", "office"),
            ("Authorization", "Basic b2ZmaWNlOmNvcnJlY3QgaG9yc2U="),
        ):
            answer = client.get("/desk", headers={name: value})
            assert answer.status_code == HTTPStatus.NOT_FOUND, name
            assert "Access-Control-Allow-Origin" not in answer.headers
    with site.client() as nobody:
        answer = nobody.get("/desk?tracker_login=x&login=office&password=correct+horse")
        assert answer.status_code == HTTPStatus.FOUND, "nobody is let in by an address"


class _Earlier(TimestampSigner):
    """Signs as if it were some time ago."""

    ago = timedelta()

    def get_timestamp(self) -> int:
        return int(time() - self.ago.total_seconds())


def _token(client: FlaskClient, site: Site, ago: timedelta) -> str:
    client.get("/today")
    with client.session_transaction() as kept:
        mark = kept["csrf_token"]
    signer = type("_Signer", (_Earlier,), {"ago": ago})
    return str(URLSafeTimedSerializer(site.app.secret_key or "", salt="wtf-csrf-token", signer=signer).dumps(mark))


@pytest.mark.parametrize(
    ("ago", "taken"), [(timedelta(), True), (ABSOLUTE - timedelta(minutes=1), True), (ABSOLUTE * 1.1, False)]
)
def test_a_form_may_lie_open_as_long_as_a_log_in_lasts(site: Site, ago: timedelta, taken: bool) -> None:
    with site.client("swj") as liaison:
        sent = {"csrf_token": _token(liaison, site, ago), "assignment": "1"}
        answer = liaison.post("/today/acknowledge", data=sent)
        assert (answer.status_code == HTTPStatus.SEE_OTHER) is taken
        assert ("页面打开太久" in answer.get_data(as_text=True)) is not taken


def test_a_log_in_is_a_new_key_that_only_its_browser_has(site: Site) -> None:
    """Whatever key a browser brings along is none; ours are of 256 bits, and the database has their hashes only."""
    brought, keys = "x" * 43, set()
    for _ in range(2):
        with site.client() as client:
            client.set_cookie(Cookie.LOG_IN, brought)
            assert (
                post(client, "/login", at="/login", login="swj", password=PASSWORD).status_code == HTTPStatus.SEE_OTHER
            )
            kept = client.get_cookie(Cookie.LOG_IN)
            assert kept is not None
            keys.add(kept.value)
            page = client.get("/today")
            assert kept.value not in page.get_data(as_text=True) + page.request.url
    assert len(keys - {brought}) == 2
    assert all(len(key) >= 43 for key in keys)
    with site.services.database.reading() as session:
        stored = "\n".join(repr(row) for row in session.execute(text("SELECT * FROM login")))
    assert not [key for key in keys if key in stored]


@pytest.mark.parametrize(
    ("unused", "old", "goes_on"),
    [
        (IDLE - timedelta(minutes=1), IDLE, True),
        (IDLE + timedelta(minutes=1), IDLE * 2, False),
        (timedelta(), ABSOLUTE - timedelta(minutes=1), True),
        (timedelta(), ABSOLUTE + timedelta(minutes=1), False),
    ],
)
def test_a_log_in_ends_unused_and_in_any_case(site: Site, unused: timedelta, old: timedelta, goes_on: bool) -> None:
    with site.client("swj") as client:
        with site.services.database.transaction() as session:
            row = session.scalars(select(LoginRow)).one()
            row.last_seen_at -= unused
            row.created_at -= old
        assert (client.get("/today").status_code == HTTPStatus.OK) is goes_on
