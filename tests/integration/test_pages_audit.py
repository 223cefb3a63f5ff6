"""The administrator of audit finds who did what, sees nothing of what matters say, and holds the log against itself."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, text
from sqlmodel import col

from tests.support.event_types import event_classes
from tests.support.office import IN_TIME, LATE, OFFICE
from tests.support.owed_city import LEADER
from tests.support.site import Site, post
from tracker.domain.audit import WITH_ADDRESS, Trail, trail_of
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.new_editions import NewEdition
from tracker.domain.events.base import Event
from tracker.store.database import Database
from tracker.store.queries.audit_trail import OBJECTS
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.units import UserRow
from tracker.usecases.circulars.deciding import send_back_circular, submit_circular
from tracker.usecases.circulars.drafting import draft_circular
from tracker.wording.audit import object_words
from tracker.wording.audit_events import Names, outcome_words, setting_words

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
    assert "反馈1（状态）：与事件不一致" in page
    assert "returned" not in page


def test_an_end_before_the_start_is_said_beside_the_field(site: Site) -> None:
    with site.client("auditor") as auditor:
        answer = auditor.get("/audit?since=2022-10-02&until=2022-10-01")
        assert answer.status_code == 400
        assert 'id="until-err">截止日期不能早于起始日期。' in answer.get_data(as_text=True)
        assert auditor.get("/audit/export?since=2022-10-02&until=2022-10-01").status_code == 400


def _listed(site: Site, asked: str) -> str:
    return _page(site, f"/audit?{asked}").partition("核对是否被改动")[2]


def test_the_log_is_looked_through_by_the_account_acted_upon_and_by_object(site: Site) -> None:
    assert "账号 auditor" in _listed(site, "login=auditor")
    assert "账号 auditor" not in _listed(site, "login=swj")
    assert "没有符合条件的记录" in _listed(site, "login=nobody-of-that-name")
    assert "第1号报送" in _listed(site, "kind=filing_id&number=1")
    assert "没有符合条件的记录" in _listed(site, "kind=filing_id&number=11")
    assert "第1号任务" in _listed(site, "kind=task_id&number=1")
    assert _WORDS not in _listed(site, "kind=report_id&number=1")


@pytest.mark.parametrize(
    ("asked", "where", "words"),
    [
        ("since=abc", "since", "自应按2022-11-01的格式填写"),
        ("until=1822-01-01", "until", "1822年1月1日"),
        ("trail=x", "trail", "类别"),
        ("kind=x&number=1", "kind", "对象"),
        ("number=5", "kind", "请选是哪一类对象的编号"),
        ("kind=task_id", "number", "请填对象编号"),
        ("kind=task_id&number=abc", "number", "没有编号为abc的这类对象"),
        ("kind=task_id&number=" + "9" * 23, "number", "没有编号为"),
        ("kind=circular_id&number=驻政办督〔2022〕77号", "number", "没有编号为驻政办督〔2022〕77号的这类对象"),
    ],
)
def test_what_is_not_understood_of_a_question_is_refused_beside_its_field(
    site: Site, asked: str, where: str, words: str
) -> None:
    with site.client("auditor") as auditor:
        answer = auditor.get(f"/audit?{asked}")
        assert answer.status_code == 400
        assert re.search(rf'id="{where}-err">[^<]*{re.escape(words)}', answer.get_data(as_text=True))
        assert "登录成功" not in answer.get_data(as_text=True), "the whole log seems to be the answer"
        assert auditor.get(f"/audit/export?{asked}").status_code == 400


def test_a_paper_is_found_by_its_printed_number(site: Site) -> None:
    site.city.accept(1, at=IN_TIME)
    site.clock.at = LATE
    with site.client("office") as office:
        assert post(office, "/circulars", at="/circulars", type="supervision").status_code == 303
    with site.services.database.transaction() as session:
        session.get_one(CircularRow, 1).number = "驻政办督〔2022〕7号"
    assert "第1号文稿" in _listed(site, "kind=circular_id&number=驻政办督〔2022〕7号")


def test_what_was_done_to_accounts_and_what_was_fetched_is_said(site: Site) -> None:
    at = f"/accounts/{_account(site, 'swj')}"
    with site.client("sysadmin") as administrator:
        unit_id = str(site.city.unit_id("tjj"))
        changed = post(administrator, at, at=at, name="联络员", unit_id=unit_id, email="")
        assert changed.status_code == 303, changed.get_data(as_text=True)
    with site.client("auditor") as auditor:
        auditor.get("/audit/export")
    page = _listed(site, "")
    for words in (
        "收回角色：联络员",
        "由联络员改为待授权；原因：所属单位变更",
        "单位由市商务局改为市统计局",
        "审计记录",
    ):
        assert words in page, words
    assert "授予或者收回角色" not in page
    taken = _listed(site, "trail=accounts&login=swj")
    assert taken.count("127.0.0.1") == 2  # the change, and the role that it took back


def _account(site: Site, login: str) -> int:
    with site.services.database.reading() as session:
        return session.scalars(select(col(UserRow.id)).where(col(UserRow.login) == login)).one() or 0


def _example(kind: type[Event]) -> Mapping[str, Any]:  # Any: what the events of a class carry
    """Return the facts of an event as the log keeps them, each of its kind."""
    given: dict[str, Any] = {}
    for one, hint in get_type_hints(kind).items():
        if one == "type":
            continue
        words = str(hint)
        if "datetime.datetime" in words or hint is datetime:
            given[one] = datetime(2022, 10, 1, tzinfo=UTC)
        elif "datetime.date" in words or hint is date:
            given[one] = date(2022, 10, 1)
        elif "tuple" in words:
            given[one] = (1,) if "int" in words else ()
        else:
            given[one] = True if hint is bool else 7 if "int" in words else _CODES.get(one, "x")
    return json.loads(json.dumps(kind(**given).payload()))  # type: ignore[no-any-return]


_CODES = {"role": "liaison", "old_role": "reader", "asked_role": "leader", "what": "paper", "why": "password"}
_CODES |= {"kind": "pair", "cause": "left"}
_ON_ACCOUNTS_FILES_AND_SETTINGS = [
    kind for kind in event_classes() if trail_of(kind.type) not in (Trail.MATTERS, Trail.PAPERS)
]


@pytest.mark.parametrize("kind", _ON_ACCOUNTS_FILES_AND_SETTINGS, ids=lambda kind: str(kind.type))
def test_each_event_on_accounts_files_and_settings_says_its_object_and_its_outcome(kind: type[Event]) -> None:
    facts, names = _example(kind), Names({7: "li"}, {7: "市商务局"})
    of_account = trail_of(kind.type) in (Trail.ACCOUNTS, Trail.LOG_INS)
    told = object_words(
        login="li" if of_account else None,
        setting=setting_words(kind.type, facts, names),
        task_id=None,
        objects=tuple((name, facts[name]) for name in OBJECTS if facts.get(name) is not None),
        paper=None,
    )
    assert told, "say in tracker/wording/audit_events.py what it is about"
    assert outcome_words(kind.type, facts, names), "say in tracker/wording/audit_events.py how it came out"
    told_ids = {"for_id", "to_id", "deputy_id"} & facts.keys()
    assert not told_ids or "账号 li" in outcome_words(kind.type, facts, names)


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
