"""Every page of a city that has been at work for months opens for everybody who may see it."""

import re
from collections import Counter, deque
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col
from werkzeug.exceptions import HTTPException

from tests.support.accounts import log_in
from tests.support.played_autumn import ENDS_AT, PlayedAutumn, services_of
from tests.support.site import FixedClock
from tracker.store.tables.units import UserRow
from tracker.web.app import create_app
from tracker.web.cookies import Cookie

_OF_ONE_KIND = 3
_NO_PAGE = ("static", "health.healthz", "health.readyz", "health.metrics")
# An address of the site that a page leads to: <a href="/tasks/12?x=1&amp;y=2">
_LINK = re.compile(r'<a [^>]*?href="(/[^"#]*)')
# One account of each role, and whether every kind of page is looked at; of the rest their first page and its links.
_THOROUGH = ("ducha", "zhuren", "leader", "reader", "shangwuju", "shangwuju-head", "xitong", "anquan", "shenji")


def test_every_page_opens_for_everybody(played_autumn: PlayedAutumn, tmp_path: Path) -> None:
    database = played_autumn.open(ENDS_AT, tmp_path)
    services = services_of(database, FixedClock(ENDS_AT), folder=tmp_path, evidence=played_autumn.evidence)
    app = create_app(services)
    app.testing = True  # what fails is raised, not answered
    with database.transaction() as session:
        people = session.scalars(select(UserRow).where(col(UserRow.active)).order_by(col(UserRow.id))).all()
        keys = {user.login: log_in(session, user_id=user.id or 0, now=datetime.now(UTC)) for user in people}
    assert set(_THOROUGH) <= set(keys)
    seen = Counter[str]()
    for login, key in keys.items():
        with app.test_client() as client:
            client.set_cookie(Cookie.LOG_IN, key)
            if login in _THOROUGH:
                seen += _walk(client, _start(client), each=_OF_ONE_KIND, depth=9)
            else:
                seen += _walk(client, ["/"], each=1, depth=1)
    assert len(seen) > 25, seen


def _start(client: FlaskClient) -> list[str]:
    """Return the first page, and the pages that need no id where there is a thing to show."""
    rules = [rule for rule in client.application.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return ["/", *sorted(rule.rule for rule in rules if not rule.arguments and rule.endpoint not in _NO_PAGE)]


def _walk(client: FlaskClient, addresses: list[str], *, each: int, depth: int) -> Counter[str]:
    """Open pages and what they lead to, of each kind so many; return how many of each kind opened."""
    waiting = deque((address, 0) for address in addresses)
    known, opened = set(addresses), Counter[str]()
    places = client.application.url_map.bind("localhost")
    while waiting:
        address, far = waiting.popleft()
        try:
            kind = str(places.match(address.partition("?")[0])[0])
        except HTTPException:
            raise AssertionError(f"a link leads nowhere: {address}") from None
        if opened[kind] >= each:
            continue
        answer = client.get(address, buffered=True)  # files that are sent are closed again
        assert answer.status_code in ((200, 302, 303) if far else (200, 302, 303, 400, 404, 409)), (
            address,
            answer.status,
        )
        if answer.status_code >= 300:
            continue
        opened[kind] += 1
        found = _LINK.findall(answer.get_data(as_text=True)) if answer.mimetype == "text/html" else []
        for link in map(unescape, found):
            if far < depth and link not in known:
                known.add(link)
                waiting.append((link, far + 1))
    return opened
