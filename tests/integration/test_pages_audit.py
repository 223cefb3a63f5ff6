"""The administrator of audit finds who did what, sees nothing of what matters say, and holds the log against itself."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from tests.support.event_types import event_classes
from tests.support.office import IN_TIME, OFFICE
from tests.support.owed_city import LEADER
from tests.support.site import Site, post
from tracker.domain.audit import WITH_ADDRESS, trail_of
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.kinds import CircularType
from tracker.store.database import Database
from tracker.store.queries.audit_trail import OBJECTS
from tracker.usecases.circulars.deciding import send_back_circular, submit_circular
from tracker.usecases.circulars.drafting import NewEdition, draft_circular
from tracker.wording.audit import object_words

_WORDS = "9月28日印发通报1期。"


@pytest.fixture
def site(database: Database, tmp_path: Path) -> Site:
    site = Site(database, tmp_path)
    site.city.file(text=_WORDS)
    return site


def _page(site: Site, address: str = "/audit") -> str:
    with site.client("auditor") as auditor:
        answer = auditor.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


def test_who_did_what_when_and_whence_is_found_and_no_matter_is_told(site: Site) -> None:
    page = _page(site)
    for words in ("登录成功", "账号 auditor", "127.0.0.1", "报出", "第1号任务，第1号报送", "联络员"):
        assert words in page
    assert _WORDS not in page
    assert "推介" not in page


def test_the_log_is_looked_through_by_kind_day_and_person(site: Site) -> None:
    assert "报出" not in _page(site, "/audit?trail=log_ins").partition("记录")[2]
    assert "登录成功" not in _page(site, "/audit?trail=matters").partition("核对是否")[2]
    assert "没有符合条件的记录" in _page(site, "/audit?since=2030-01-01")
    assert "没有符合条件的记录" in _page(site, "/audit?until=2001-01-01")
    assert "没有符合条件的记录" in _page(site, "/audit?who=%25")
    assert "联络员" in _page(site, "/audit?who=%E8%81%94%E7%BB%9C&since=2022-01-01")


def test_a_day_that_is_none_is_refused_with_a_sentence(site: Site) -> None:
    with site.client("auditor") as auditor:
        answer = auditor.get("/audit?since=2022-13-01")
    assert answer.status_code == 400
    assert "自" in answer.get_data(as_text=True)


def test_the_log_is_held_against_itself_and_the_tables(site: Site) -> None:
    with site.client("auditor") as auditor:
        assert "没有发现改动" in post(auditor, "/audit/verify", at="/audit").get_data(as_text=True)
    with site.services.database.engine.begin() as connection:
        connection.execute(text("UPDATE report SET state = 'returned' WHERE id = 1"))
    with site.client("auditor") as auditor:
        page = post(auditor, "/audit/verify", at="/audit").get_data(as_text=True)
    assert "反馈1（state）：与事件不一致" in page
    assert "returned" not in page


def test_nobody_else_reads_the_log(site: Site) -> None:
    for login in ("swj", "office", "leader", "reader"):
        with site.client(login) as client:
            assert client.get("/audit").status_code == 404


def test_what_was_found_is_exported_and_that_it_was_is_in_the_log(site: Site) -> None:
    with site.client("auditor") as auditor:
        sent = auditor.get("/audit/export?trail=matters")
        book = load_workbook(BytesIO(sent.get_data()))
        rows = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr] # it has a sheet
    assert rows[0][4] == "事项"
    assert "报出" in [row[4] for row in rows]
    assert "登录成功" not in [row[4] for row in rows]
    assert "下载文件" in _page(site, "/audit?trail=files")


def test_acts_on_papers_are_told_apart_with_type_and_id_and_nothing_of_their_words(site: Site) -> None:
    edition = NewEdition(
        type=CircularType.NOTICE,
        office="office",
        scope=Scope(),
        as_of=IN_TIME,
        last_event=1,
        facts_sha256="f" * 64,
        template_version="t",
        rule_version="r",
        series="驻政办督",
        title="关于通报的通知",
        addressees="各县区",
        copies="",
        note="",
        statements=[(0, "共{total}项。")],
    )
    with site.services.database.transaction() as session:
        id_ = draft_circular(session, edition, actor=OFFICE, at=IN_TIME)
    with site.services.database.transaction() as session:
        submit_circular(session, circular_id=id_, version=1, content=None, actor=OFFICE, at=IN_TIME)
    with site.services.database.transaction() as session:
        send_back_circular(session, circular_id=id_, version=2, reason="文字不通", actor=LEADER, at=IN_TIME)
    page = _page(site, "/audit?trail=papers")
    assert all(words in page for words in ("文稿拟稿", "文稿送批", "文稿退回修改", f"第{id_}号文稿（督办通知单）"))
    assert not any(words in page for words in ("文稿变动", "关于通报的通知", "文字不通", "各县区"))
    with site.client("auditor") as auditor:
        book = load_workbook(BytesIO(auditor.get("/audit/export?trail=papers").get_data()))
    rows = list(book.active.iter_rows(values_only=True))  # type: ignore[union-attr] # it has a sheet
    assert (rows[0][5], {row[5] for row in rows[1:]}) == ("对象", {f"第{id_}号文稿（督办通知单）"})


def test_the_page_says_of_which_acts_the_address_is_kept_and_no_other_event_has_one(site: Site) -> None:
    page = _page(site)
    assert "登录、账号和权限、下载和导出另记地址，其他事项不记地址" in page
    assert "从何处办理" not in page
    kept = {trail_of(kind.type) for kind in event_classes() if "address" in kind.__dataclass_fields__}
    assert kept == set(WITH_ADDRESS)


def test_whatever_an_event_is_about_has_a_word() -> None:
    objects = tuple((name, 7) for name in OBJECTS)
    told = object_words(login=None, task_id=1, objects=objects, paper=("notice", "驻政办督〔2022〕1号"))
    assert told.startswith("第1号任务，第7号文稿（督办通知单 驻政办督〔2022〕1号），")
    assert told.count("第7号") == len(OBJECTS)
