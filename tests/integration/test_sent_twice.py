"""What makes something new is made once, however often its button is pressed: at once, and one after the other."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tests.support.office import IN_TIME
from tests.support.readings import NUMBER
from tests.support.site import Site
from tests.support.together import together
from tracker.store.database import Database
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.drafts import DraftRow
from tracker.store.tables.filings import FilingRow
from tracker.store.tables.inquiries import InquiryRow
from tracker.store.tables.instructions import InstructionRow

_AT_ONCE = 4


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    site = Site(database, tmp_path)
    site.clock.at, site.clock.step = IN_TIME, timedelta(microseconds=1700)
    site.app.config["WTF_CSRF_ENABLED"] = False
    return site


def _share(site: Site, code: str) -> int:
    with site.services.database.reading() as session:
        return site.city.assignment(code, session).id or 0


def _ask(site: Site, words: str) -> tuple[str, str, dict[str, str], type]:
    fields = {"words": words, "answer_by": "2022-10-20", "asked": str(_share(site, "tjj"))}
    return "office", "/tasks/1/inquiries", fields, InquiryRow


def _tell(site: Site, words: str) -> tuple[str, str, dict[str, str], type]:
    key = f"a{_share(site, 'swj')}-"
    fields = {f"{key}fact": f"9月27日{words}，印发纪要1期。", f"{key}v1": "1", f"{key}on1": "2022-09-27"}
    return "swj", "/tasks/1/update", fields, FilingRow


def _write_down(_site: Site, words: str) -> tuple[str, str, dict[str, str], type]:
    fields = {"source": "领导批示", "number": "驻政办〔2022〕77号", "title": words, "issued_on": "2022-09-01"}
    line = {"words": words, "leads": "市商务局", "supports": "", "due_on": "2022-12-31", "rhythm": ""}
    return "office", "/ledgers", fields | line, DraftRow


def _draft(_site: Site, words: str) -> tuple[str, str, dict[str, str], type]:
    breakdown = {"type": "assignment", "unit": "市商务局", "document": NUMBER}
    return "office", "/circulars", {"type": "supervision"} if words == "召开调度会" else breakdown, CircularRow


def _instruct(site: Site, words: str) -> tuple[str, str, dict[str, str], type]:
    fields = {"words": words, "given_on": "2022-09-28", "haste": "ordinary", "asked": str(_share(site, "swj"))}
    return "leader", "/tasks/1/instruct", fields, InstructionRow


_MAKING = (_ask, _tell, _write_down, _draft, _instruct)
_Making = Callable[[Site, str], tuple[str, str, dict[str, str], type]]


def _post(client: FlaskClient, address: str, fields: dict[str, str]) -> int:
    return client.post(address, data=fields).status_code


def _count(site: Site, table: type) -> int:
    with site.services.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_of_several_at_once_one_is_made_and_the_others_are_told(site: Site) -> None:
    for making in _MAKING:
        login, address, fields, table = making(site, "召开调度会")
        clients = [site.logged_in(login) for _ in range(_AT_ONCE)]
        codes = together(*(partial(_post, client, address, fields) for client in clients))
        assert sorted(codes) == [303, *[409] * (_AT_ONCE - 1)], address
        assert _count(site, table) == 1


@pytest.mark.parametrize("making", _MAKING)
def test_after_the_first_the_same_is_refused_and_something_else_is_not(site: Site, making: _Making) -> None:
    login, address, fields, table = making(site, "召开调度会")
    _login, _address, others, _table = making(site, "开展督导")
    client = site.logged_in(login)
    assert [_post(client, address, sent) for sent in (fields, fields, others)] == [303, 409, 303]
    assert _count(site, table) == 2


def test_a_draft_is_wanted_again_once_its_facts_are_others_or_a_while_has_passed(site: Site) -> None:
    login, address, fields, table = _draft(site, "召开调度会")
    client = site.logged_in(login)
    assert [_post(client, address, fields) for _ in range(2)] == [303, 409]
    site.city.file(at=site.clock.at)
    assert [_post(client, address, fields) for _ in range(2)] == [303, 409]
    site.clock.at += timedelta(minutes=11)
    assert [_post(client, address, fields) for _ in range(2)] == [303, 409]
    assert _count(site, table) == 3


@pytest.mark.parametrize(
    "other", [{"next_step": "再开一次会", "next_on": "2022-10-20"}, {"v1": "2"}, {"claim": "on_schedule"}]
)
def test_what_differs_anywhere_is_not_the_same(site: Site, other: dict[str, str]) -> None:
    login, address, fields, table = _tell(site, "召开调度会")
    key = f"a{_share(site, 'swj')}-"
    client = site.logged_in(login)
    changed = fields | {key + name: text for name, text in other.items()}
    assert [_post(client, address, sent) for sent in (fields, changed)] == [303, 303]
    assert _count(site, table) == 2
