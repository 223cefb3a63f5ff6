"""The application on the city of the two bureaus, and a client for each account."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.accounts import log_in
from tests.support.site import TEMPLATES
from tests.support.two_bureaus import INSIDE, OFFICE_WORD, OURS, THEIRS, TwoBureaus
from tests.support.ways import ALL, PLACES, WAYS
from tracker.store.tables.units import UserRow
from tracker.web.app import create_app
from tracker.web.cookies import Cookie

# What stands in matters only: the lists of accounts name people, whose names bear the words of their bureaus.
_MATTERS = (INSIDE, OURS.number, THEIRS.number, OFFICE_WORD)
# What must not be on any page of an account: the words of the other bureau, what a lead wrote, the office's own.
HIDDEN: Mapping[str, tuple[str, ...]] = {
    "swj": (THEIRS.word, OFFICE_WORD),
    "swj-head": (THEIRS.word, OFFICE_WORD),
    "jtj": (OURS.word, OFFICE_WORD),
    "jtj-head": (OURS.word, OFFICE_WORD),
    "tjj": (INSIDE, OFFICE_WORD),
    "yc": (INSIDE, OFFICE_WORD),
    "nobody": (OURS.word, THEIRS.word, OFFICE_WORD),
    "reader": (OURS.word, THEIRS.word, OFFICE_WORD),
    "sysadmin": _MATTERS,
    "secadmin": _MATTERS,
    "auditor": _MATTERS,
    "pending": (OURS.word, THEIRS.word, OFFICE_WORD),
}


class Entrance:
    """The application on a city, and a client for each account."""

    def __init__(self, city: TwoBureaus) -> None:
        self.city, self.app = city, create_app(city.services)
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.app.testing = True
        self.app.jinja_env.bytecode_cache = TEMPLATES
        with city.database.transaction() as session:
            people = session.scalars(select(UserRow).where(col(UserRow.login).in_(ALL))).all()
            self.roles = {user.login: user.role for user in people}
            self.keys = {user.login: log_in(session, user_id=user.id or 0, now=datetime.now(UTC)) for user in people}

    def client(self, login: str | None) -> FlaskClient:
        client = self.app.test_client()
        if login is not None:
            client.set_cookie(Cookie.LOG_IN, self.keys[login])
        return client

    def look(self, login: str | None, address: str) -> TestResponse:
        """Open a page as somebody."""
        return self.client(login).get(address, buffered=True)

    def go(self, login: str | None, name: str, *, ids: Mapping[str, int] | None = None) -> TestResponse:
        """Take a way as somebody, or as nobody who is known; `ids` are what the names in its address stand for."""
        way, method = WAYS[name], name.partition(" ")[0]
        address = address_of(self.app, name, ids or self.city.ids) + way.asked % self.city.ids
        fields = {key % self.city.ids: value % self.city.ids for key, value in way.fields.items()}
        return self.client(login).open(address, method=method, data=fields if method == "POST" else None, buffered=True)

    @staticmethod
    def pages(*, but: Iterable[str] = ()) -> list[str]:
        return [name for name in WAYS if name.startswith("GET") and name not in but]


def endpoint_of(name: str) -> str:
    return name.partition(":")[0].partition(" ")[2]


def address_of(app: Flask, name: str, ids: Mapping[str, int]) -> str:
    """Fill in the address of a way with what its places name."""
    method, endpoint = name.partition(" ")[0], endpoint_of(name)
    places = {**PLACES, **WAYS[name].places}
    [rule] = [rule for rule in app.url_map.iter_rules(endpoint) if method in (rule.methods or ())]
    values: dict[str, object] = {}
    for argument in sorted(rule.arguments):
        assert argument in places, f"say in tests/support/ways.py, PLACES, what <{argument}> of {rule.rule} stands for"
        named = places[argument]
        values[argument] = named.strip("'") if named.startswith("'") else ids[named]
    return app.url_map.bind("localhost").build(endpoint, values, method=method)
