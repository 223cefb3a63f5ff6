"""As each role, every link is followed and every form is sent, as it stands and with the worst there is.

Nothing ends in an error of the server, and nothing that comes back says what is another unit's.
"""

import shutil
from collections import Counter, deque
from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.support.two_bureaus_life import open_two_bureaus
from tests.support.ways import DRAWN
from tests.support.ways_in import HIDDEN, Entrance

_PEOPLE = (
    "swj",
    "swj-head",
    "tjj",
    "jtj",
    "nobody",
    "reader",
    "office",
    "leader",
    "sysadmin",
    "secadmin",
    "auditor",
    "pending",
)
_EACH = 2  # of a kind of page or form, so many
_WORST = ("²", "9" * 5000, "nan", "\x00\x1b一", "9999-12-31", "</textarea><form>", str(2**63))
_NO_PAGE = ("static", "health.healthz", "health.metrics")
_NOT_SENT = ("login.enter", "login.leave")


class _Crawl:
    """What one person finds; the database is put back before each form."""

    def __init__(self, entrance: Entrance, folder: Path, login: str) -> None:
        self.entrance, self.folder, self.login = entrance, folder, login
        self.places = entrance.app.url_map.bind("localhost")
        self.sent = Counter[str]()

    def walk(self) -> Counter[str]:
        """Follow links from the first page and from whatever needs no id."""
        rules = [rule for rule in self.entrance.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
        waiting = deque(["/", *(rule.rule for rule in rules if not rule.arguments and rule.endpoint not in _NO_PAGE)])
        known, opened = set(waiting), Counter[str]()
        while waiting:
            address = waiting.popleft()
            kind = self._kind(address, "GET")
            if opened[kind] >= _EACH or f"GET {kind}" in DRAWN:
                continue
            answer = self._checked(self.entrance.look(self.login, address), address)
            opened[kind] += answer.status_code == 200
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            page = html.fromstring(answer.get_data(as_text=True))
            links = [str(link) for link in page.xpath("//a/@href") if str(link).startswith("/")]
            fresh = [link.partition("#")[0] for link in links if link.partition("#")[0] not in known]
            known.update(fresh)
            waiting.extend(dict.fromkeys(fresh))
            for form in page.forms:
                self._send(form, address)
        return opened

    def _send(self, form: HtmlElement, page: str) -> None:
        method = (form.get("method") or "get").upper()
        action = str(form.get("action") or page).partition("?")[0]
        kind = f"{method} {self._kind(action, method)}"
        if method != "POST" or kind.partition(" ")[2] in _NOT_SENT or self.sent[kind] >= _EACH:
            return
        self.sent[kind] += 1
        stands = {name: value for name, value in form.form_values() if isinstance(value, str)}
        written = [name for name in stands if name not in ("csrf_token", "seen", "version")]
        plausible = {name: stands[name] or "工作需要" for name in stands}
        worst = [{**plausible, **dict.fromkeys(written, bad)} for bad in _WORST[: 1 + self.sent[kind] * 3]]
        for fields in (stands, plausible, *worst):
            self._again()
            client = self.entrance.client(self.login)
            self._checked(client.post(action, data=fields, buffered=True), f"{kind} of {page}")
        self._again()

    def _checked(self, answer: TestResponse, about: str) -> TestResponse:
        assert answer.status_code < 500, (self.login, about, answer.status)
        said = answer.get_data(as_text=True) if str(answer.mimetype).startswith("text/") else ""
        assert [word for word in HIDDEN.get(self.login, ()) if word in said] == [], (self.login, about)
        return answer

    def _kind(self, address: str, method: str) -> str:
        try:
            return str(self.places.match(address.partition("?")[0], method=method)[0])
        except HTTPException:
            raise AssertionError(f"{self.login} is led to {address}, which is nothing") from None

    def _again(self) -> None:
        self.entrance.city.database.dispose()
        for ending in ("-wal", "-shm"):
            (self.folder / f"city.db{ending}").unlink(missing_ok=True)
        shutil.copyfile(self.folder / "kept.db", self.folder / "city.db")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("login", _PEOPLE)
def test_whatever_somebody_follows_or_sends_is_answered_with_what_is_his(tmp_path: Path, login: str) -> None:
    entrance = Entrance(open_two_bureaus(tmp_path))
    with entrance.city.database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    entrance.city.database.dispose()
    shutil.copyfile(tmp_path / "city.db", tmp_path / "kept.db")
    crawl = _Crawl(entrance, tmp_path, login)
    opened = crawl.walk()
    assert len(opened) > 0, login
    if login in ("swj", "office"):
        assert len(opened) > 8, opened
        assert len(crawl.sent) > 5, crawl.sent
