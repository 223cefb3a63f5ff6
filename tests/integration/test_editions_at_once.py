"""Two people who decide on one paper at the same moment: one does, the others are told so, and no number is lost."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from tests.support.readings import NUMBER
from tests.support.site import Site
from tests.support.together import together
from tracker.store.database import Database
from tracker.store.tables.circulars import CircularRow, NumberSeriesRow
from tracker.store.tables.events import EventRow
from tracker.usecases.circulars.drafting import note_check

_AT_ONCE = 4
_WORDS = {"title": "重点工作推进情况", "addressees": "各县区", "copies": "", "note": "", "urgency": ""}


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    site = Site(database, tmp_path)
    site.app.config["WTF_CSRF_ENABLED"] = False
    with site.client("office") as office:
        assert office.post("/circulars", data={"type": "supervision"}).status_code == 303
    return site


def _edition(site: Site) -> CircularRow:
    with site.services.database.reading() as session:
        return session.scalars(select(CircularRow)).one()


def _to_be_issued(site: Site) -> None:
    with site.client("office") as office:
        office.post("/circulars/1/submit", data={"version": "1"})
    with site.client("leader") as leader:
        assert leader.post("/circulars/1/approve", data={"version": "2", "basis": "同意"}).status_code == 303


def _all_at_once(site: Site, login: str, act: Callable[[FlaskClient, int], int]) -> list[int]:
    clients = [site.logged_in(login) for _ in range(_AT_ONCE)]
    return sorted(together(*(partial(act, client, n) for n, client in enumerate(clients))))


def test_a_paper_is_issued_once_with_one_number(site: Site) -> None:
    _to_be_issued(site)
    codes = _all_at_once(
        site, "office", lambda client, _n: client.post("/circulars/1/issue", data={"version": "3"}).status_code
    )
    assert codes == [303, *[409] * (_AT_ONCE - 1)]
    with site.services.database.reading() as session:
        assert session.scalars(select(col(NumberSeriesRow.last))).all() == [1]
        issued = session.scalars(select(EventRow).where(col(EventRow.type) == "circular.issued")).all()
    assert (len(issued), _edition(site).version, _edition(site).running_number) == (1, 4, 1)


def test_nobodys_words_are_overwritten_unseen(site: Site) -> None:
    sentences = [str(words) for _level, words in _edition(site).statements]

    def edit(client: FlaskClient, n: int) -> int:
        form = {"version": "1", **_WORDS, "title": f"第{n}人的标题", "text": sentences}
        return client.post("/circulars/1/edit", data=form).status_code

    assert _all_at_once(site, "office", edit) == [303, *[409] * (_AT_ONCE - 1)]
    assert _edition(site).version == 2


def test_what_a_check_of_its_layout_found_is_kept_with_that_draft_and_those_words(site: Site) -> None:
    with site.client("office") as office:
        assert office.post("/circulars", data={"type": "supervision", "document": NUMBER}).status_code == 303
    with site.services.database.transaction() as session:
        for version, remark in ((1, "第2页仅有一行"), (2, "第3页仅有一行")):
            note_check(session, circular_id=1, version=version, remarks=[remark], deviations=[])
    with site.services.database.reading() as session:
        remarks = session.scalars(select(col(CircularRow.remarks)).order_by(col(CircularRow.id))).all()
    assert remarks == [["第2页仅有一行"], []]


@pytest.mark.parametrize("act", ["submit", "discard", "approve", "send-back", "withdraw", "correct"])
def test_every_decision_on_a_paper_is_taken_once(site: Site, act: str) -> None:
    version = {"submit": 1, "discard": 1, "approve": 2, "send-back": 2, "withdraw": 4, "correct": 4}[act]
    if version == 2:
        with site.client("office") as office:
            office.post("/circulars/1/submit", data={"version": "1"})
    if version == 4:
        _to_be_issued(site)
        with site.client("office") as office:
            office.post("/circulars/1/issue", data={"version": "3"})
    form = {"version": str(version), "basis": "同意", "reason": "有误"}
    login = "leader" if act in ("approve", "send-back", "withdraw") else "office"
    codes = _all_at_once(site, login, lambda client, _n: client.post(f"/circulars/1/{act}", data=form).status_code)
    assert codes == [303, *[409] * (_AT_ONCE - 1)]


def test_a_draft_that_a_colleague_shortened_is_a_conflict_and_no_bad_input(site: Site) -> None:
    sentences = [str(words) for _level, words in _edition(site).statements]
    with site.client("office") as office:
        shorter = {"version": "1", **_WORDS, "text": ["", *sentences[1:]]}
        assert office.post("/circulars/1/edit", data=shorter).status_code == 303
        assert len(_edition(site).statements) < len(sentences)
        late = office.post("/circulars/1/edit", data={"version": "1", **_WORDS, "text": sentences})
    assert late.status_code == 409
    assert "修改文稿" in late.get_data(as_text=True)
