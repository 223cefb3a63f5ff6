"""What a browser is told to keep, and over which line: cookies, TLS, whose word about a client is taken."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
import requests
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.commands import ROOT
from tests.support.databases import fresh_sqlite
from tests.support.keys import SECRET_KEY
from tests.support.office import IN_TIME
from tests.support.oidc_provider import CLIENT, CLIENT_SECRET, oidc_provider
from tests.support.site import PASSWORD, Site, post
from tracker.domain.account_policy import AccountPolicy, FactorRule
from tracker.gateways.second_factor import new_secret, seal
from tracker.settings import Mode, load_settings
from tracker.store.tables.second_factors import SecondFactorRow
from tracker.store.tables.units import UserRow
from tracker.web.access import public
from tracker.web.app import create_app
from tracker.web.came import device_for
from tracker.web.cookies import Cookie

_HERE = "https://tracker.example"
_TLS = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(fresh_sqlite(tmp_path), tmp_path)


def _app(site: Site, folder: Path, **variables: str) -> Flask:
    """Return the application as production, or whatever the variables make of it."""
    environ = {"TRACKER_MODE": "production", "TRACKER_SECRET_KEY": SECRET_KEY, "TRACKER_DATA_DIR": str(folder / "var")}
    return create_app(replace(site.services, settings=load_settings({**environ, **variables})))


@contextmanager
def _browser(app: Flask, **headers: str) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        client.environ_base |= {f"HTTP_{name.replace('-', '_').upper()}": value for name, value in headers.items()}
        yield client


class _Told:
    """A browser by TLS that remembers whatever it was told to keep or to forget."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client
        self.told: list[str] = []

    def get(self, address: str) -> TestResponse:
        return self._heard(self._client.get(address, base_url=_HERE))

    def post(self, address: str, *, at: str = "/login", **fields: str) -> TestResponse:
        token = self.get(at).get_data(as_text=True).split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        headers, data = {"Referer": f"{_HERE}{at}"}, {"csrf_token": token, **fields}
        return self._heard(self._client.post(address, data=data, headers=headers, base_url=_HERE))

    def _heard(self, answer: TestResponse) -> TestResponse:
        self.told += answer.headers.getlist("Set-Cookie")
        return answer

    @property
    def names(self) -> set[str]:
        return {one.partition("=")[0] for one in self.told}


def _with_factor(site: Site, login: str) -> str:
    """Let an account have a second factor; return its secret."""
    secret = new_secret()
    with site.services.database.transaction() as session:
        user = session.scalars(select(UserRow).where(col(UserRow.login) == login)).one()
        sealed = seal(secret, user_id=user.id or 0, key=SECRET_KEY)
        session.add(SecondFactorRow(user_id=user.id or 0, sealed=sealed, confirmed_at=IN_TIME, last_counter=0))
    return secret


def _go_every_way(browser: _Told, secret: str) -> None:
    """Log in by each way there is, and out again."""
    assert browser.post("/login", login="swj", password=PASSWORD).status_code == 303
    assert browser.post("/logout", at="/today").status_code == 303
    assert browser.post("/login", login="leader", password=PASSWORD).status_code == 200
    code = pyotp.TOTP(secret).at(datetime.now(UTC))
    assert browser.post("/login/second", factor_code=code).status_code == 303
    there = requests.get(browser.get("/login/unified").location or "", allow_redirects=False, timeout=5)
    assert browser.get(there.headers["Location"].removeprefix(_HERE)).status_code == 303


@pytest.mark.parametrize("mode", list(Mode))
def test_every_cookie_there_is_is_kept_by_one_rule(site: Site, tmp_path: Path, mode: Mode) -> None:
    site.services = replace(site.services, accounts=AccountPolicy(second_factor=FactorRule.VOLUNTARY))
    secret = _with_factor(site, "leader")
    with oidc_provider() as provider:
        oidc = {"ISSUER": provider.issuer, "CLIENT_ID": CLIENT, "CLIENT_SECRET": CLIENT_SECRET}
        app = _app(site, tmp_path, TRACKER_MODE=mode, **{f"TRACKER_OIDC_{name}": value for name, value in oidc.items()})
        with _browser(app, **_TLS) as client:
            browser = _Told(client)
            _go_every_way(browser, secret)
    bound = "" if mode is Mode.DEMO else "__Host-"
    assert browser.names == {f"{bound}{name}" for name in ("session", *Cookie)}
    for one in browser.told:
        parts = {part.strip() for part in one.split(";")[1:]}
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts, one
        assert not any(part.startswith("Domain") for part in parts), one


def test_cookies_are_set_and_read_in_one_place() -> None:
    """What went another way would not be held to the rule, nor tried above."""
    ways = re.compile(r"set_cookie\(|delete_cookie\(|\.cookies\b(?! import)|Set-Cookie")
    found = [path.name for path in (ROOT / "tracker").rglob("*.py") if ways.search(path.read_text(encoding="utf-8"))]
    assert found == ["cookies.py"]


def test_a_demonstration_over_plain_http_has_names_that_a_browser_takes(site: Site) -> None:
    with site.client("swj") as client:
        assert client.get_cookie("tracker_login") is not None
        assert client.get("/today").status_code == 200
        given = client.get("/login").headers.getlist("Set-Cookie")
        assert not any("__Host-" in one or "Secure" in one for one in given)


def test_logging_out_clears_what_the_browser_kept_but_that_it_is_known(site: Site) -> None:
    with site.client("swj") as client:
        left = post(client, "/logout", at="/today")
        assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
        kept = {name: client.get_cookie(name) is not None for name in (Cookie.LOG_IN, "session", Cookie.DEVICE)}
    assert kept == {"tracker_login": False, "session": False, "tracker_device": True}


def test_a_browser_is_known_by_what_a_key_of_before_signed(site: Site, tmp_path: Path) -> None:
    before, now = SECRET_KEY, SECRET_KEY[::-1]
    with _browser(_app(site, tmp_path), **_TLS) as client:
        browser = _Told(client)
        browser.post("/login", login="swj", password=PASSWORD)
        mark = client.get_cookie(f"__Host-{Cookie.DEVICE}", "tracker.example")
    assert mark is not None
    carried = {"Cookie": f"__Host-{Cookie.DEVICE}={mark.value}"}
    for variables, known in (({}, False), ({"TRACKER_SECRET_KEY_FALLBACKS": before}, True)):
        app = _app(site, tmp_path, TRACKER_SECRET_KEY=now, **variables)
        with app.test_request_context("/login", headers=carried):
            assert (device_for("swj") is not None) is known


@pytest.mark.parametrize(
    ("proxies", "peer", "headers", "secure", "client"),
    [
        (None, "127.0.0.1", _TLS, True, "203.0.113.9"),
        (None, "127.0.0.1", {"X-Forwarded-For": "203.0.113.9"}, False, "203.0.113.9"),
        (None, "203.0.113.5", _TLS, False, "203.0.113.5"),
        (None, "127.0.0.1", {**_TLS, "X-Forwarded-For": "127.0.0.1, 6.6.6.6, 203.0.113.9"}, True, "203.0.113.9"),
        ("10.0.0.0/24", "10.0.0.7", {**_TLS, "X-Forwarded-For": "203.0.113.9, 10.0.0.8"}, True, "203.0.113.9"),
        ("10.0.0.0/24", "127.0.0.1", _TLS, False, "127.0.0.1"),
        ("unix", "", _TLS, True, "203.0.113.9"),
        ("10.0.0.0/24", "", _TLS, False, ""),
        (None, "::ffff:127.0.0.1", {**_TLS, "X-Forwarded-For": "::ffff:203.0.113.9"}, True, "203.0.113.9"),
        (None, "127.0.0.1", {**_TLS, "X-Forwarded-For": "203.0.113.9, <script>"}, True, "127.0.0.1"),
        (None, "127.0.0.1", {"X-Forwarded-Proto": "https, http"}, False, "127.0.0.1"),
    ],
)
def test_only_a_trusted_proxy_says_who_asks_and_that_it_was_by_tls(
    site: Site, tmp_path: Path, proxies: str | None, peer: str, headers: dict[str, str], secure: bool, client: str
) -> None:
    app = _app(site, tmp_path, **({} if proxies is None else {"TRACKER_TRUSTED_PROXIES": proxies}))

    @app.get("/who-asks")
    @public
    def who_asks() -> list[str]:
        return [request.remote_addr or "", request.headers.get("X-Forwarded-For", "")]

    with app.test_client() as browser:
        answer = browser.get("/who-asks", headers=headers, environ_overrides={"REMOTE_ADDR": peer})
    assert ("Strict-Transport-Security" in answer.headers) is secure
    told, forwarded = answer.get_json()
    assert (told, forwarded) == (client, "")
