"""Every way for every role: to a thing of one's own, of another unit, and to one that does not exist.

What is expected stands in docs/rights.md.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine, event, select
from sqlmodel import col
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.support.two_bureaus import OURS
from tests.support.two_bureaus_life import open_two_bureaus
from tests.support.ways import DRAWN, PUBLIC
from tests.support.ways_in import Entrance
from tracker.store.tables.tasks import TaskRow

_TABLE = Path(__file__).parents[2] / "docs" / "rights.md"
_ROLES = ("liaison", "unit_head", "office", "leader", "reader", "sysadmin", "secadmin", "auditor", "pending")
_OWN = {"liaison": "swj", "unit_head": "swj-head"}
_FOREIGN = {"liaison": ("jtj", "nobody"), "unit_head": ("jtj-head",)}
_NO_SUCH_ID = 999_999
_CLOSED, _OPEN = {404}, {200, 302, 303, 409}
# An address that a page leads to: <a href="/tasks/12?x=1">
_LINK = re.compile(r'<a [^>]*?href="(/[^"#]*)')


def _rows(heading: str) -> Mapping[str, list[str]]:
    """Return the rows of the table under a heading of the document, by their first cells."""
    part = _TABLE.read_text(encoding="utf-8").split(heading, 1)[1].split("\n## ", 1)[0]
    lines = [line for line in part.splitlines() if line.startswith("| `")]
    cells = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines]
    return {name: rest for name, *rest in cells}


_RIGHTS, _STATES = _rows("# Rights"), _rows("## Before 交办")


@pytest.fixture(scope="module")
def entrance(tmp_path_factory: pytest.TempPathFactory) -> Entrance:
    return Entrance(open_two_bureaus(tmp_path_factory.mktemp("city")))


def test_every_route_has_a_row_and_every_row_a_route(entrance: Entrance) -> None:
    routes = {
        f"{method} {rule.endpoint}"
        for rule in entrance.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }
    assert _RIGHTS.keys() == routes - PUBLIC, "say in docs/rights.md for whom each way is open"


@pytest.mark.parametrize("name", sorted(_RIGHTS.keys() - {way.partition(":")[0] for way in DRAWN}))
def test_a_way_is_open_as_far_as_the_table_says(entrance: Entrance, name: str) -> None:
    for role, word in zip(_ROLES, _RIGHTS[name], strict=True):
        own = _OWN.get(role, role)
        missing = _go(entrance, own, name, missing=True)
        if word == "–":
            _is_missing(_go(entrance, own, name), missing, (name, role))
            assert missing.status_code == 404, (name, role)
        elif word in ("own", "readable"):
            _open(entrance, own, name)
            for other in _FOREIGN[role]:
                if _names_things(entrance, name):
                    (foreign, work), (nothing, least) = _foreign_and_nothing(entrance, other, name)
                    _is_missing(foreign, nothing, (name, other))
                    assert work == least or name.startswith("POST"), (name, other)
                elif name.startswith("GET"):
                    assert OURS.word not in _text(_go(entrance, other, name)), (name, other)
        elif word == "all":
            _open(entrance, own, name)
        if word in ("readable", "published"):
            _only_what_was_published(entrance, name, (own, *_FOREIGN.get(role, ())))
        if _names_things(entrance, name) and name.startswith("GET"):
            assert missing.status_code == 404, (name, role)
    stranger = _go(entrance, None, name)
    assert stranger.status_code == (302 if name.startswith("GET") else 403), name


@pytest.mark.parametrize("name", _STATES)
def test_a_thing_is_seen_in_each_of_its_states_by_whom_the_table_says(entrance: Entrance, name: str) -> None:
    ids = entrance.city.ids
    with entrance.city.database.reading() as session:
        waiting = select(col(TaskRow.id)).where(col(TaskRow.document_id) == ids["approved document"])
        unissued = session.scalars(waiting).first()
    things = {
        "document_id": (ids["approved document"], ids["swj.document"], None),
        "task_id": (unissued, ids["swj.working task"], ids["swj.closed task"]),
        "circular_id": (ids["drafted paper"], ids["swj.paper"], None),
        "evidence_id": (ids["swj.evidence"], ids["swj.working evidence"], ids["swj.lowered evidence"]),
    }
    [rule] = entrance.app.url_map.iter_rules(name.partition(" ")[2])
    [argument] = rule.arguments
    for thing, words in zip(things[argument], _STATES[name], strict=True):
        if thing is not None:
            address = entrance.app.url_map.bind("localhost").build(rule.endpoint, {argument: thing})
            seen = {login for login in entrance.keys if entrance.look(login, address).status_code != 404}
            seen -= {"second", "sp", "sp-head"}  # as the office, and as another county
            assert seen == set(words.split(", ")), (name, thing)


@pytest.mark.parametrize("login", ["swj", "swj-head", "jtj", "tjj", "yc", "nobody", "reader", "leader", "office"])
def test_whatever_a_page_lists_can_be_opened(entrance: Entrance, login: str) -> None:
    opened: dict[str, int] = {}
    places = entrance.app.url_map.bind("localhost")
    for name in entrance.pages(but=DRAWN):
        answer = entrance.go(login, name)
        if answer.status_code != 200 or answer.mimetype != "text/html":
            continue
        for link in set(_LINK.findall(answer.get_data(as_text=True))):
            try:
                endpoint, _values = places.match(link.partition("?")[0])
            except HTTPException:
                raise AssertionError(f"{name} leads {login} to {link}, which is nothing") from None
            if link not in opened and f"GET {endpoint}" not in DRAWN:
                opened[link] = entrance.look(login, link.replace("&amp;", "&")).status_code
            assert opened.get(link, 200) in _OPEN, (name, login, link)


@pytest.mark.parametrize("login", ["swj", "tjj", "jtj", "reader", "leader", "office"])
def test_an_export_holds_what_its_page_shows(entrance: Entrance, login: str) -> None:
    for document_id in (1, entrance.city.of(OURS, "document"), entrance.city.ids["jtj.document"]):
        page = entrance.look(login, f"/documents/{document_id}")
        table = entrance.look(login, f"/documents/{document_id}/breakdown.xlsx")
        assert page.status_code == table.status_code
        if page.status_code == 200:
            sheet = load_workbook(BytesIO(table.data)).worksheets[0]
            titles = {str(row[1]) for row in sheet.iter_rows(values_only=True) if row[1] and row[1] != "事项"}
            shown = page.get_data(as_text=True)
            assert titles, login
            assert all(title in shown for title in titles), login


def _go(entrance: Entrance, login: str | None, name: str, *, missing: bool = False) -> TestResponse:
    return entrance.go(login, name, ids=dict.fromkeys(entrance.city.ids, _NO_SUCH_ID) if missing else None)


def _names_things(entrance: Entrance, name: str) -> bool:
    """Tell whether an address names a thing by its id."""
    [rule] = [
        r for r in entrance.app.url_map.iter_rules(name.partition(" ")[2]) if name.split()[0] in (r.methods or ())
    ]
    return any(argument.endswith("_id") for argument in rule.arguments)


def _open(entrance: Entrance, login: str, name: str) -> None:
    """What is sent changes something: acts are tried on copies of their own by `test_ways`."""
    if name.startswith("GET"):
        assert _go(entrance, login, name).status_code in _OPEN, (name, login)


def _is_missing(answer: TestResponse, missing: TestResponse, about: object) -> None:
    assert answer.status_code == missing.status_code, about
    assert answer.status_code in _CLOSED, about
    assert _words(answer) == _words(missing), about


def _words(answer: TestResponse) -> str:
    """Return what an answer says, but for its token, its own number and the ids of the address."""
    said = re.sub(r'csrf_token" value="[^"]*"', "", answer.get_data(as_text=True))
    return re.sub(r"[0-9a-f]{16}|\d+", "", said)


def _text(answer: TestResponse) -> str:
    return bytes(answer.data).decode(errors="ignore")


def _only_what_was_published(entrance: Entrance, name: str, logins: tuple[str, ...]) -> None:
    if "documents" in name or "ledgers" in name:
        [rule] = entrance.app.url_map.iter_rules(name.partition(" ")[2])
        for login in logins:
            for document_id, status in ((1, 200), (entrance.city.ids["approved document"], 404)):
                address = entrance.app.url_map.bind("localhost").build(rule.endpoint, {"document_id": document_id})
                assert entrance.look(login, address).status_code == status, (name, login, document_id)


def _foreign_and_nothing(entrance: Entrance, login: str, name: str) -> list[tuple[TestResponse, int]]:
    """Return what a foreign and a missing thing answer, with the work of each.

    Once in a while a request notes that its log-in is in use, which is work of its own: then both are counted anew.
    """
    found = [_counted(entrance, login, name, missing=missing) for missing in (False, True)]
    if found[0][1] != found[1][1]:
        found = [_counted(entrance, login, name, missing=missing) for missing in (False, True)]
    return found


def _counted(entrance: Entrance, login: str, name: str, *, missing: bool = False) -> tuple[TestResponse, int]:
    with _statements(entrance.city.database.engine) as asked:
        answer = _go(entrance, login, name, missing=missing)
    return answer, len(asked)


@contextmanager
def _statements(engine: Engine) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)
