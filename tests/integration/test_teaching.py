"""A correction teaches: the same issuer's next document is read so, until somebody takes it back."""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml.html import HtmlElement, fromstring
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.site import PASSWORD_HASH, Site, post
from tracker.domain.accounts import Role
from tracker.store.tables.documents import ItemUnitRow
from tracker.store.tables.drafts import DraftRow, read_content
from tracker.store.tables.events import EventRow
from tracker.store.tables.units import UnitRow

_HEAD = """{issuer}
关于做好消费促进工作的通知
驻政办〔2022〕{number}号
各县区人民政府：
为做好工作，现通知如下。
一、主要任务
"""
_ITEMS = (
    "1.开展消费节。每月组织活动不少于2次。（责任单位：市贸易促进口、市统计局）",
    "2.建设夜间街区。完成3条街区改造。（责任单位：市统计局、市贸易促进口）",
    "3.完善台账。建立企业台账。（责任单位：市统计局）",
    "4.加强宣传。宣传惠民政策，营造氛围。\n主抓科室：市商务局、市统计局",
    "5.发放补贴。每月公布补贴情况。\n主抓科室：市统计局",
)
_ISSUER, _OTHER = "驻马店市人民政府办公室", "驻马店市商务局"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    with made.services.database.transaction() as session:
        create_user(session, NewUser("zhuren", "主任", Role.SUPERVISOR, PASSWORD_HASH))
    return made


def _text(number: int, *, issuer: str = _ISSUER) -> str:
    return _HEAD.format(issuer=issuer, number=number) + "\n".join(_ITEMS) + "\n2022年9月1日\n"


def _upload(client: FlaskClient, number: int, *, issuer: str = _ISSUER) -> int:
    client.get("/drafts")
    sent = (BytesIO(_text(number, issuer=issuer).encode()), f"通知{number}.txt")
    answer = post(client, "/drafts", at="/drafts", file=sent)  # type: ignore[arg-type]  # a file among texts
    assert answer.status_code == 303, answer.get_data(as_text=True)
    found = re.search(r"/drafts/(\d+)", answer.headers["Location"])
    assert found
    return int(found[1])


def _page(client: FlaskClient, address: str) -> HtmlElement:
    return fromstring(client.get(address, follow_redirects=True).get_data(as_text=True))


def _form(client: FlaskClient, draft_id: int, place: int) -> dict[str, str | list[str]]:
    """Return what a browser sends of an item's form that nobody touched."""
    page = _page(client, f"/drafts/{draft_id}")
    [form] = [one for one in page.forms if "targets" in one.fields and one.fields["item"] == str(place)]
    sent: dict[str, str | list[str]] = {}
    for name, value in form.form_values():
        sent[name] = (
            value if name not in sent else [*([sent[name]] if isinstance(sent[name], str) else sent[name]), value]
        )
    return sent


def _save(client: FlaskClient, draft_id: int, place: int, **changed: str) -> TestResponse:
    sent = {**_form(client, draft_id, place), "act": "edit", **changed}
    return post(client, f"/drafts/{draft_id}/correct", at=f"/drafts/{draft_id}", **sent)


def _names(site: Site, draft_id: int) -> list[list[str | None]]:
    """Return for each item the printed leads and supports, and the units that they were taught to be."""
    with site.services.database.reading() as session:
        draft = read_content(session.get_one(DraftRow, draft_id).content)
    return [[name.printed for name in (*item.leads, *item.supports)] for item in draft.items]


def _codes(site: Site, draft_id: int) -> Mapping[str, str]:
    with site.services.database.reading() as session:
        draft = read_content(session.get_one(DraftRow, draft_id).content)
    names = [name for item in draft.items for name in (*item.leads, *item.supports)]
    return {name.printed: name.unit_code for name in names if name.unit_code is not None}


def _told(site: Site, *types: str) -> list[str]:
    with site.services.database.reading() as session:
        wanted = select(col(EventRow.payload)).where(col(EventRow.type).in_(types)).order_by(col(EventRow.seq))
        return list(session.scalars(wanted))


def test_a_name_that_is_corrected_once_is_known_in_the_issuers_next_document_until_it_is_taken_back(
    site: Site,
) -> None:
    with site.client("office") as office:
        first = _upload(office, 71)
        assert "市贸易促进口" in _page(office, f"/drafts/{first}").get_element_by_id("unknown").text_content()
        answer = _save(office, first, 0, leads="市商务局", learn="1")
        assert answer.status_code == 303, answer.get_data(as_text=True)
        page = _page(office, f"/drafts/{first}")
        assert "同一发文机关以后的文件照此识别，本件另有1项一并更正。" in page.text_content()
        assert "unknown" not in {one.get("id") for one in page.iter("section")}
        assert _names(site, first)[:2] == [["市商务局", "市统计局"], ["市统计局", "市贸易促进口"]]
        assert _codes(site, first) == {"市贸易促进口": "swj"}
        assert len(_told(site, "draft.corrected")) == 2

        second = _upload(office, 72)
        assert _codes(site, second) == {"市贸易促进口": "swj"}
        page = _page(office, f"/drafts/{second}")
        assert "“市贸易促进口”识别为市商务局" in page.text_content()
        assert not page.xpath("//section[@id='unknown']")
        assert (
            '"lessons": [1]' in _told(site, "draft.uploaded")[-1]
            or '"lessons":[1]' in _told(site, "draft.uploaded")[-1]
        )
        other = _upload(office, 73, issuer=_OTHER)
        assert _codes(site, other) == {}

        listed = _page(office, "/lessons").text_content()
        assert all(words in listed for words in ("市贸易促进口", "市商务局", _ISSUER, "通知71.txt", "督查员", "1件"))
        assert post(office, "/lessons/1/withdraw", at="/lessons").status_code == 303
        again = post(office, "/lessons/1/withdraw", at="/lessons")
        assert "已经撤销" in again.get_data(as_text=True)
        third = _upload(office, 74)
        assert _codes(site, third) == {}
        assert "市贸易促进口" in _page(office, f"/drafts/{third}").get_element_by_id("unknown").text_content()
        assert _codes(site, second) == {"市贸易促进口": "swj"}
    assert len(_told(site, "lesson.taught", "lesson.withdrawn")) == 2


def test_a_unit_that_a_lesson_names_gets_its_task(site: Site) -> None:
    with site.client("office") as office:
        first = _upload(office, 71)
        assert _save(office, first, 0, leads="市商务局", learn="1").status_code == 303
        assert _save(office, first, 3, assigned_leads="市商务局").status_code == 303
        assert _save(office, first, 4, assigned_leads="市商务局").status_code == 303
    with site.client("zhuren") as second:
        page = _page(second, f"/drafts/{first}").text_content()
        assert "沿用更正识别的单位名称，立项前请核对" in page
        [version] = _page(second, f"/drafts/{first}").xpath("(//input[@name='version'])[1]/@value")
        answer = post(second, f"/drafts/{first}/approve", at=f"/drafts/{first}", version=version, basis="市长批准")
        assert answer.status_code == 303, answer.get_data(as_text=True)
    with site.services.database.reading() as session:
        wanted = select(col(UnitRow.code)).join(ItemUnitRow, col(ItemUnitRow.unit_id) == col(UnitRow.id))
        printed = col(ItemUnitRow.printed) == "市贸易促进口"
        assert session.scalars(wanted.where(printed)).all() == ["swj"]


def test_a_label_that_was_unknown_is_read_from_then_on_also_in_the_items_of_the_same_draft(site: Site) -> None:
    with site.client("office") as office:
        first = _upload(office, 71)
        assert _names(site, first)[3:] == [[], []]
        [label] = {one.get("value") for one in _page(office, f"/drafts/{first}").xpath("//input[@name='strange']")}
        assert label == "主抓科室"
        answer = _save(office, first, 3, leads="市商务局", supports="市统计局", speaks="duty")
        assert answer.status_code == 303, answer.get_data(as_text=True)
        assert _names(site, first)[3:] == [["市商务局", "市统计局"], ["市统计局"]]
        second = _upload(office, 72)
        assert _names(site, second)[3:] == [["市商务局", "市统计局"], ["市统计局"]]
        assert not _page(office, f"/drafts/{second}").xpath("//input[@name='strange']")
        assert "责任单位" in _page(office, "/lessons").text_content()
        answer = _save(office, first, 2, strange="牵头科室", speaks="lead")
        assert "没有“牵头科室”这个栏目" in answer.get_data(as_text=True)


def test_a_name_of_the_table_of_unknown_ones_may_hold_for_one_issuer_alone(site: Site) -> None:
    with site.client("office") as office:
        first = _upload(office, 71)
        with site.services.database.reading() as session:
            unit_id = session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == "swj")).one()
        sent = {"name": "市贸易促进口", "here": "市贸易促进口", "version": "1"}
        at = f"/drafts/{first}"
        refused = post(office, f"{at}/units", at=at, **sent, choice="kind:市政府部门")
        assert "新建、暂不登记的不能沿用" in refused.get_data(as_text=True)
        answer = post(office, f"{at}/units", at=at, **sent, choice=f"unit:{unit_id}")
        assert answer.status_code == 303, answer.get_data(as_text=True)
        assert _codes(site, first) == {"市贸易促进口": "swj"}
        other = _upload(office, 72, issuer=_OTHER)
        at = f"/drafts/{other}"
        taken = post(office, f"{at}/units", at=at, name="市贸易促进口", choice=f"unit:{unit_id}", version="1")
        assert f"“市贸易促进口”在“{_ISSUER}”的文件中已登记沿用更正" in taken.get_data(as_text=True)


@pytest.mark.parametrize(
    ("place", "changed", "words"),
    [
        (2, {"leads": "市商务局"}, "“市统计局”已经是名册中的单位名称"),
        (0, {"leads": "市没有局"}, "名册里没有“市没有局”"),
        (0, {"leads": "市商务局、市教育局"}, "改前改后个数一致"),
        (0, {"supports": ""}, "改前改后个数一致"),
        (0, {}, "改前改后个数一致"),
    ],
)
def test_what_is_unclear_or_known_otherwise_is_not_taught_and_nothing_is_saved(
    site: Site, place: int, changed: dict[str, str], words: str
) -> None:
    with site.client("office") as office:
        first = _upload(office, 71)
        before = _names(site, first)
        answer = _save(office, first, place, **changed, learn="1")
        assert words in answer.get_data(as_text=True)
        assert _names(site, first) == before
        assert _told(site, "lesson.taught", "draft.corrected") == []


def test_what_was_taught_is_not_taught_otherwise_nor_without_an_issuer(site: Site) -> None:
    with site.client("office") as office:
        first = _upload(office, 71)
        other = _upload(office, 72)
        assert _save(office, first, 0, leads="市商务局", learn="1").status_code == 303
        assert "已登记为另外的含义" in _save(office, other, 0, leads="市卫生健康体育委", learn="1").get_data(
            as_text=True
        )
        assert _save(office, other, 0, leads="市商务局", learn="1").status_code == 303
        assert len(_told(site, "lesson.taught")) == 1
        bare = _upload(office, 73)
        [version] = _page(office, f"/drafts/{bare}").xpath("(//input[@name='version'])[1]/@value")
        head = {"number": "驻政办〔2022〕73号", "title": "通知", "issued_on": "2022-09-01"}
        at = f"/drafts/{bare}"
        assert post(office, f"{at}/correct", at=at, act="head", version=version, **head).status_code == 303
        answer = _save(office, bare, 0, leads="市商务局", learn="1")
        assert "没有发文机关的文件不能沿用更正" in answer.get_data(as_text=True)
