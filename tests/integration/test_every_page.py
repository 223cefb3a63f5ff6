"""Every page of a city that has been at work for months opens for everybody who may see it."""

import re
from collections import Counter, deque
from collections.abc import Mapping
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import String, select
from sqlmodel import Session, SQLModel, col
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


# A due day of which nobody knows whether it counts itself: 2022年10月31日前, 10月31日（周一）前, 10月31日（预估）前.
_OPEN_DAY = re.compile(r"\d月\d{1,2}日(?:（(?:周.|预估)+）)?前")
# Tables in which words of documents, of papers and of people stand; what the system itself says is in none of them.
_NOT_QUOTED = {"delivery", "event", "reminder", "search_text"}
_BESIDE = 6
_TAG = re.compile(r"<script.*?</script>|<[^>]*>", re.DOTALL)


@pytest.mark.timeout(900)  # beside other work the walk takes several times as long
def test_every_page_opens_for_everybody(played_autumn: PlayedAutumn, tmp_path: Path) -> None:
    database = played_autumn.open(ENDS_AT, tmp_path)
    services = services_of(database, FixedClock(ENDS_AT), folder=tmp_path, evidence=played_autumn.evidence)
    app = create_app(services)
    app.testing = True  # what fails is raised, not answered
    with database.transaction() as session:
        people = session.scalars(select(UserRow).where(col(UserRow.active)).order_by(col(UserRow.id))).all()
        keys = {user.login: log_in(session, user_id=user.id or 0, now=datetime.now(UTC)) for user in people}
    assert set(_THOROUGH) <= set(keys)
    seen, texts = Counter[str](), dict[str, str]()
    for login, key in keys.items():
        with app.test_client() as client:
            client.set_cookie(Cookie.LOG_IN, key)
            if login in _THOROUGH:
                seen += _walk(client, _start(client), each=_OF_ONE_KIND, depth=9, texts=texts)
            else:
                seen += _walk(client, ["/"], each=1, depth=1, texts=texts)
    assert len(seen) > 25, seen
    with database.reading() as session:
        assert _open_days(texts, quoted=_quoted(session)) == {}


def _quoted(session: Session) -> str:
    """Return all words that people and documents wrote."""
    columns = [
        column
        for table in SQLModel.metadata.sorted_tables
        if table.name not in _NOT_QUOTED
        for column in table.columns
        if isinstance(column.type, String)
    ]
    words = (str(word) for column in columns for word in session.scalars(select(column).where(column.is_not(None))))
    return "".join("\n".join(words).split(" "))


def _open_days(texts: Mapping[str, str], *, quoted: str) -> dict[str, list[str]]:
    """Return by page where the interface itself names a due day and leaves open whether that day counts."""
    found = {
        address: [
            around
            for day in _OPEN_DAY.finditer(text)
            if (around := text[max(0, day.start() - _BESIDE) : day.end() + 2]) not in quoted
        ]
        for address, text in texts.items()
    }
    return {address: words for address, words in found.items() if words}


def _said(page: str) -> str:
    """Return the words of a page, one beside the other as they are read."""
    return "".join(unescape(_TAG.sub("", page)).split())


def _start(client: FlaskClient) -> list[str]:
    """Return the first page, and the pages that need no id where there is a thing to show."""
    rules = [rule for rule in client.application.url_map.iter_rules() if "GET" in (rule.methods or ())]
    return ["/", *sorted(rule.rule for rule in rules if not rule.arguments and rule.endpoint not in _NO_PAGE)]


def _walk(client: FlaskClient, addresses: list[str], *, each: int, depth: int, texts: dict[str, str]) -> Counter[str]:
    """Open pages and what they lead to, of each kind so many; return how many of each kind opened.

    What they say is put into `texts` by their addresses.
    """
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
        page = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        texts[f"{address} {len(texts)}"] = _said(page)
        found = _LINK.findall(page)
        for link in map(unescape, found):
            if far < depth and link not in known:
                known.add(link)
                waiting.append((link, far + 1))
    return opened
