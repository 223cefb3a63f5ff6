"""The secret link for calendar programs: what it gives, to whom it opens, and how it is taken back."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME
from tests.support.site import Site
from tracker.domain.account_policy import Moment
from tracker.domain.accounts import SYSTEM
from tracker.domain.items import Origin
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.units import UserRow
from tracker.usecases.accounts import disable_account
from tracker.web.icalendar import DayEvent, write_calendar


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.app.config["WTF_CSRF_ENABLED"] = False
    made.clock.at = IN_TIME
    yield made
    made.services.database.dispose()


def _made(site: Site, login: str = "swj") -> str:
    with site.client(login) as client:
        answer = client.post("/me/calendar")
    [link] = re.findall(r'readonly value="([^"]+)"', answer.get_data(as_text=True))
    path: str = urlsplit(link).path
    return path


def _status(site: Site, address: str) -> int:
    return site.app.test_client().get(address).status_code


def _events(site: Site, address: str) -> list[dict[str, str]]:
    """Read a calendar back: unfolded, each line a name and a text."""
    answer = site.app.test_client().get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n"))
    text = answer.data.replace(b"\r\n ", b"").decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    found = [block.split("\r\n") for block in re.findall(r"BEGIN:VEVENT\r\n(.*?)\r\nEND:VEVENT", text, re.DOTALL)]
    return [{line.partition(":")[0]: line.partition(":")[2] for line in lines} for lines in found]


def test_a_link_gives_days_and_numbers_and_no_words_of_documents(site: Site) -> None:
    link = _made(site)
    events = _events(site, link)
    assert events
    assert all(event["DTSTART;VALUE=DATE"].isdigit() and "驻政办" in event["SUMMARY"] for event in events)
    assert len({event["UID"] for event in events}) == len(events)
    assert [event["UID"] for event in _events(site, link)] == [event["UID"] for event in events]
    with site.services.database.reading() as session:
        titles = session.scalars(select(col(DocumentRow.title))).all()
    assert not any(title in "".join(event.values()) for title in titles for event in events)


def test_what_is_internal_is_withheld(site: Site) -> None:
    link = _made(site)
    with site.services.database.transaction() as session:
        for document in session.scalars(select(DocumentRow)):
            document.origin = Origin.INTERNAL.value
    assert _events(site, link) == []


def test_only_the_digest_of_the_key_is_kept_and_told(site: Site) -> None:
    key = _made(site).removeprefix("/calendar/").removesuffix(".ics")
    assert len(key) >= 43  # 256 bits
    with site.services.database.reading() as session:
        user = session.scalars(select(UserRow).where(col(UserRow.login) == "swj")).one()
        [told] = session.scalars(select(EventRow).where(col(EventRow.type) == "account.calendar_link_set")).all()
    assert user.calendar_sha256
    assert user.calendar_sha256 in str(told.payload)
    assert key not in str(told.payload) + str(user.calendar_sha256)


def test_a_link_that_is_renewed_given_up_or_of_a_disabled_account_is_not_there(site: Site) -> None:
    first, second = _made(site), _made(site)
    assert (_status(site, first), _status(site, second)) == (404, 200)
    with site.client("swj") as client:
        assert client.post("/me/calendar/end").status_code == 303
    assert _status(site, second) == 404
    third = _made(site)
    when = Moment(now=datetime.now(UTC), at=site.clock.now())
    with site.services.database.transaction() as session:
        user = session.scalars(select(UserRow).where(col(UserRow.login) == "swj")).one()
        disable_account(session, user_id=user.id or 0, reason="离职", actor=SYSTEM, when=when)
        user.active = True  # as by an administrator who enables it again
    assert _status(site, third) == 404


def test_a_role_that_has_no_unit_has_no_link(site: Site) -> None:
    with site.client("office") as client:
        assert client.post("/me/calendar").status_code == 404
        assert "日历订阅" not in client.get("/me").get_data(as_text=True)


def test_links_that_are_no_more_shut_nobody_out(site: Site) -> None:
    link = _made(site)
    guesser: FlaskClient = site.app.test_client()
    for number in range(60):
        assert guesser.get(f"/calendar/guess{number}.ics").status_code == 404
    assert guesser.get(link).status_code == 200
    with site.client("swj") as client:
        assert client.get("/today").status_code == 200


def test_texts_are_escaped_and_long_lines_folded_between_characters() -> None:
    words = "一,二;三\\四\n" * 12
    written = write_calendar("名", [DayEvent("x@tracker", IN_TIME.date(), words, words)], now=IN_TIME)
    assert all(len(line) <= 75 and line.decode() for line in written.split(b"\r\n") if line)
    assert "SUMMARY:" + "一\\,二\\;三\\\\四\\n" * 12 in written.replace(b"\r\n ", b"").decode()
