"""What a browser is told to keep, and over which line: cookies, TLS, whose word about a client is taken."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.keys import SECRET_KEY
from tests.support.site import PASSWORD, Site, post
from tracker.settings import load_settings
from tracker.web.access import public
from tracker.web.app import create_app

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


def _log_in(client: FlaskClient) -> TestResponse:
    page = client.get("/login", base_url="https://tracker.example")
    token = page.get_data(as_text=True).split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    fields = {"csrf_token": token, "login": "swj", "password": PASSWORD}
    answer = client.post(
        "/login", data=fields, base_url="https://tracker.example", headers={"Referer": "https://tracker.example/login"}
    )
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return answer


def test_production_keeps_every_cookie_to_tls_and_to_this_host(site: Site, tmp_path: Path) -> None:
    with _browser(_app(site, tmp_path), **_TLS) as client:
        given = [*client.get("/login").headers.getlist("Set-Cookie"), *_log_in(client).headers.getlist("Set-Cookie")]
    names = {one.partition("=")[0] for one in given}
    assert names == {"__Host-session", "__Host-tracker_login"}
    for one in given:
        parts = {part.strip() for part in one.split(";")[1:]}
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= parts, one
        assert not any(part.startswith("Domain") for part in parts), one


def test_a_demonstration_over_plain_http_has_names_that_a_browser_takes(site: Site) -> None:
    with site.client("swj") as client:
        assert client.get_cookie("tracker_login") is not None
        assert client.get("/today").status_code == 200
        given = client.get("/login").headers.getlist("Set-Cookie")
        assert not any("__Host-" in one or "Secure" in one for one in given)


def test_logging_out_clears_what_the_browser_kept(site: Site) -> None:
    with site.client("swj") as client:
        left = post(client, "/logout", at="/today")
        assert left.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
        assert client.get_cookie("tracker_login") is None


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
    assert told == client
    assert (forwarded == "") is (told == peer)
