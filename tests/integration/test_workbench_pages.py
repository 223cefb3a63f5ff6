"""The workbench on large drafts, and collectives whose members the office has to say."""

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml.html import HtmlElement, fromstring
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.integration.test_drafting import AT, TEXT
from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import OFFICE
from tests.support.site import PASSWORD_HASH, Site, post
from tracker.domain.accounts import Role
from tracker.domain.items import ItemKind
from tracker.domain.readings.item import Doubt, DoubtField, Item, as_printed
from tracker.domain.readings.reading import Reading
from tracker.store.tables.documents import ItemGroupMemberRow
from tracker.store.tables.drafts import DraftRow, read_content
from tracker.store.tables.events import EventRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.drafting import upload_draft

MANY = 2000


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    with made.services.database.transaction() as session:
        create_user(session, NewUser("zhuren", "主任", Role.SUPERVISOR, PASSWORD_HASH))
    return made


def _keep(site: Site, draft: Reading) -> None:
    with site.services.database.transaction() as session:
        upload_draft(session, draft, file_name="a.txt", file_sha256="", actor=OFFICE, at=AT)


def _large() -> Reading:
    """Return a draft of very many items, of which the last sixty are in doubt."""
    words = [f"{n}.推进第{n}项工作，建立台账，每月报送情况，确保按时完成全部建设任务。\n" for n in range(1, MANY + 1)]
    items, at = [], 0
    for n, line in enumerate(words):
        doubts = (Doubt(DoubtField.LEAD, 0.4, f"第{n}"),) if n >= MANY - 60 else ()
        item = Item(str(n + 1), ItemKind.ACTION, f"推进第{n + 1}项工作", (at, at + len(line)), doubts=doubts)
        items.append(replace(item, leads=as_printed(["市商务局"])))
        at += len(line)
    return Reading("驻政办〔2022〕70号", "大方案", None, AT.date(), None, None, "".join(words), tuple(items), ())


def _send(client: FlaskClient, address: str, *, at: str, **fields: str | list[str]) -> TestResponse:
    """Send a form as a browser does, which says on which page it stood."""
    [token] = _page(client, at).xpath("(//input[@name='csrf_token'])[1]/@value")
    sent = {**fields, "csrf_token": token}
    return client.post(address, data=sent, headers={"Referer": f"http://localhost{at}"})


def _page(client: FlaskClient, address: str) -> HtmlElement:
    return fromstring(client.get(address, follow_redirects=True).get_data(as_text=True))


def _labels(page: HtmlElement) -> list[str]:
    return [one.text for one in page.xpath("//details[@data-source-at]/summary/span[@class='l']")]


def test_a_large_draft_comes_in_pages_the_doubtful_first_and_any_item_can_be_jumped_to(site: Site) -> None:
    _keep(site, _large())
    with site.client("office") as office:
        raw = office.get("/drafts/1").get_data(as_text=True)
        assert len(raw.encode()) < 600_000
        first = fromstring(raw)
        assert _labels(first) == [str(n) for n in range(MANY - 59, MANY - 9)]
        assert "共 40 页" in first.text_content()
        [following] = first.xpath("//a[text()='下一页']/@href")
        assert _labels(_page(office, following))[:11] == [*map(str, range(MANY - 9, MANY + 1)), "1"]
        found = _page(office, "/drafts/1?label=777")
        assert "777" in _labels(found)
        assert found.xpath("//details[@id='e776'][@open]")
        assert "没有序号为“九九”的事项" in _page(office, "/drafts/1?label=九九").text_content()
        assert _labels(_page(office, "/drafts/1?page=999"))[-1] == str(MANY - 60)


def test_after_an_item_is_found_right_the_next_in_doubt_stands_first(site: Site) -> None:
    _keep(site, _large())
    with site.client("office") as office:
        form = next(f for f in _page(office, "/drafts/1?page=2").forms if f.fields.get("item") == str(MANY - 10))
        sent = {**dict(form.form_values()), "act": "confirm"}
        answer = post(office, form.action, at="/drafts/1?page=2", **sent)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/drafts/1?page=2#items")
        assert _labels(_page(office, answer.headers["Location"]))[0] == str(MANY - 8)
        faulty = {**sent, "version": "2", "item": str(MANY - 9), "act": "edit", "targets": "不成样子"}
        refused = _send(office, form.action, at="/drafts/1?page=2", **faulty)
        assert refused.status_code == 400
        [field] = fromstring(refused.get_data(as_text=True)).xpath("//textarea[@aria-invalid='true']")
        assert (field.get("name"), field.text.strip()) == ("targets", "不成样子")
        assert next(field.iterancestors("details")).get("open") is not None


_GROUPED = (
    TEXT.replace("市商务局、统计局", "市商务局、统计局，各专班成员单位")
    .replace("、市不知名办", "、市统计局")
    .replace("营造氛围。", "营造氛围。（责任单位：市商务局，各专班成员单位）")
)


def _file(text: str) -> Any:  # Any: a file among texts
    return BytesIO(text.encode()), "通知.txt"


def _decide(client: FlaskClient, **said: str | list[str]) -> str:
    found = re.search(r'name="version" value="(\d+)"', client.get("/drafts/1").get_data(as_text=True))
    assert found
    answer = _send(client, "/drafts/1/correct", at="/drafts/1", version=found[1], **said)
    return answer.get_data(as_text=True) if answer.status_code == 400 else str(answer.status_code)


def test_a_collective_without_members_blocks_by_name_until_they_are_chosen_and_each_gets_its_share(
    site: Site,
) -> None:
    group = "各专班成员单位"
    with site.client("office") as office:
        page = office.get("/drafts").get_data(as_text=True)
        assert post(office, "/drafts", at="/drafts", file=_file(_GROUPED)).status_code == 303, page
        page = office.get("/drafts/1").get_data(as_text=True)
        assert "集体成员未登记，请选定：各专班成员单位" in page
        assert "还有 2 处须处理" in page
    with site.client("zhuren") as second:
        answer = post(second, "/drafts/1/approve", at="/drafts", version="1", basis="市长批准")
        assert f"集体“{group}”的成员单位还没有登记" in answer.get_data(as_text=True)
    with site.client("office") as office:
        assert "请选定集体" in _decide(office, act="members", group=group)
        refused = _decide(office, act="members", group=group, names="市统计局、市没有局")
        assert "名册里没有“市没有局”" in refused
        assert "市统计局、市没有局</textarea>" in refused
        assert "草稿中没有集体" in _decide(office, act="members", group="各没有", names="市统计局")
        with site.services.database.reading() as session:
            code = session.scalars(select(col(UnitRow.code)).where(col(UnitRow.short_name) == "市商务局")).one()
        assert _decide(office, act="members", group=group, names="市统计局", member=[code]) == "303"
        page = office.get("/drafts/1").get_data(as_text=True)
        assert "可以立项" in page
        assert "2 个单位：" in page
    with site.client("zhuren") as second:
        version = re.search(r'name="version" value="(\d+)"', second.get("/drafts/1").get_data(as_text=True))
        assert version
        answer = post(second, "/drafts/1/approve", at="/drafts/1", version=version[1], basis="市长批准")
        assert answer.status_code == 303, answer.get_data(as_text=True)
    with site.services.database.reading() as session:
        assert len(session.scalars(select(ItemGroupMemberRow)).all()) >= 4
        draft = read_content(session.get_one(DraftRow, 1).content)
        told = session.scalars(select(col(EventRow.payload)).where(col(EventRow.type) == "draft.corrected")).all()
    assert {one.member_codes for item in draft.items for one in item.groups if one.printed == group} != {()}
    assert any(group in payload and "市统计局" in payload for payload in told)
