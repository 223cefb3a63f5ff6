"""Every route for every account: a thing of another unit is not there, what is another role's is refused."""

import re
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile, is_zipfile

import pytest
from werkzeug.test import TestResponse

from tests.support.two_bureaus import OURS, THEIRS, all_rows
from tests.support.two_bureaus_life import open_two_bureaus
from tests.support.unexported import UNEXPORTED
from tests.support.ways import ALL, DRAWN, PUBLIC, WAYS
from tests.support.ways_in import HIDDEN, Entrance

_REFUSED, _STOPPED, _OPEN = {403, 404}, {409}, {200, 302, 303}


@pytest.fixture(scope="module")
def entrance(tmp_path_factory: pytest.TempPathFactory) -> Entrance:
    return Entrance(open_two_bureaus(tmp_path_factory.mktemp("city")))


def test_every_route_is_among_the_ways(entrance: Entrance) -> None:
    routes = {
        f"{method} {rule.endpoint}"
        for rule in entrance.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint != "static"
    }
    known = {name.partition(":")[0] for name in WAYS}
    missing = sorted(routes - known - PUBLIC)
    assert not missing, f"say in tests/support/ways.py for whom each is open, of a thing of 市商务局: {missing}"
    assert known | PUBLIC <= routes, "a way in tests/support/ways.py is no route any more"
    assert not known & PUBLIC
    assert {f"GET {name}" for name in UNEXPORTED} <= known
    assert all(way.may <= ALL for way in WAYS.values())


@pytest.mark.parametrize("name", WAYS)
def test_a_way_is_closed_to_everybody_else_and_nothing_is_changed(entrance: Entrance, name: str) -> None:
    way, changes = WAYS[name], name.startswith("POST")
    beside = [other for key, other in WAYS.items() if key.partition(":")[0] == name.partition(":")[0]]
    roles = {entrance.roles[login] for other in beside for login in other.may}
    before = all_rows(entrance.city.database) if changes else {}
    for login in sorted(ALL - way.may):
        answer = entrance.go(login, name)
        wanted = _STOPPED if login in way.stopped else _REFUSED if entrance.roles[login] in roles else {404}
        assert answer.status_code in wanted, f"{login} got {answer.status} at {name}"
        assert _shown(answer, login) == [], f"{login} is shown what is not his at {name}"
    stranger = entrance.go(None, name)
    assert stranger.status_code == (403 if changes else 302), f"somebody unknown got {stranger.status} at {name}"
    if changes:
        assert all_rows(entrance.city.database) == before, f"{name} changed something for whom it refused"


@pytest.mark.parametrize("name", [name for name in WAYS if name.startswith("GET") and name not in DRAWN])
def test_a_page_opens_for_its_own_and_shows_them_nothing_else(entrance: Entrance, name: str) -> None:
    way = WAYS[name]
    for login in sorted(way.may):
        answer = entrance.go(login, name)
        opened = _STOPPED if login in way.stopped else _OPEN
        assert answer.status_code in opened, f"{login} got {answer.status} at {name}"
        assert _shown(answer, login) == [], f"{login} is shown what is not his at {name}"
        assert _is_exported(answer, name), (
            f"{name} has a table that {login} cannot have as Excel: link to it, or say why"
        )
        if login in way.own:
            [word] = {OURS.word, THEIRS.word} - set(HIDDEN[login])
            assert word in _text(answer), f"{login} finds nothing of his own at {name}: the test shows nothing"


def _is_exported(answer: TestResponse, name: str) -> bool:
    """Tell whether a page without a table, or with a link to what it lists as Excel, or one that need not have it."""
    endpoint = name.partition(":")[0].removeprefix("GET ")
    if endpoint in UNEXPORTED or answer.mimetype != "text/html" or answer.status_code != 200:
        return True
    page = answer.get_data(as_text=True)
    return "<table" not in page or re.search(r'href="[^"]*(\.xlsx|/export)\b', page) is not None


@pytest.mark.parametrize("name", [name for name in WAYS if name.startswith("POST") and WAYS[name].may])
def test_an_act_is_open_to_its_own(tmp_path: Path, name: str) -> None:
    """Each of them changes something where the form is complete; else one of them is not turned away at the door."""
    way = WAYS[name]
    for place, login in enumerate(sorted(way.may) if way.done else [min(way.may)]):
        folder = tmp_path / str(place)
        folder.mkdir()
        entrance = Entrance(open_two_bureaus(folder))
        before = all_rows(entrance.city.database)
        answer = entrance.go(login, name)
        if way.done:
            assert answer.status_code == 303, (login, answer.status, _alert(answer))
            assert all_rows(entrance.city.database) != before, f"{name} changed nothing for {login}"
        else:
            assert answer.status_code in _OPEN | {400, 409}, (login, answer.status, _alert(answer))


def _text(answer: TestResponse) -> str:
    """Return what an answer says, of an Excel or Word file what is written in its parts."""
    if not is_zipfile(BytesIO(answer.data)):
        return bytes(answer.data).decode(errors="ignore")
    with ZipFile(BytesIO(answer.data)) as parts:
        # A workbook may write each character by its number.
        return unescape("".join(parts.read(name).decode(errors="ignore") for name in parts.namelist()))


def _shown(answer: TestResponse, login: str) -> list[str]:
    said = _text(answer)
    return [word for word in HIDDEN.get(login, ()) if word in said]


def _alert(answer: TestResponse) -> list[str]:
    return re.findall(r'role="alert">([^<]*)', answer.get_data(as_text=True))
