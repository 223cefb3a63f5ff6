"""The workbench: upload, correct, a second person approves, issue; nothing half done, nothing overwritten."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml.html import fromstring
from sqlalchemy import select
from sqlmodel import col
from werkzeug.test import TestResponse

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import OFFICE
from tests.support.readings import small_reading
from tests.support.site import PASSWORD_HASH, Site, post
from tracker.domain.accounts import Role
from tracker.domain.errors import BadInput, Stale
from tracker.domain.items import SpanRole
from tracker.domain.plan_ends import EndBeforeIssue, PlanEnd
from tracker.domain.readings.checking import check_reading
from tracker.domain.readings.corrections import (
    NoSuchItem,
    SpanTaken,
    WordsNotFound,
    add_item,
    assign_lead,
    declare,
    declare_rest,
    drop_item,
    merge_with_next,
    replace_item,
    split_item,
)
from tracker.domain.readings.item import AssignedLead, Doubt, DoubtField
from tracker.domain.readings.obstacles import DraftIncomplete, Obstacle, problems, registrable
from tracker.domain.readings.reading import Reading
from tracker.intake import read_documents
from tracker.store.database import Database
from tracker.store.queries.drafts import open_drafts
from tracker.store.queries.registry import unit_registry
from tracker.store.tables.documents import DocumentRow, ItemRow, ItemSuccessionRow
from tracker.store.tables.drafts import DraftRow, read_content
from tracker.store.tables.events import EventRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.usecases.drafting import correct, upload_draft
from tracker.usecases.registering import SecondPersonNeeded, approve_draft

AT = datetime(2022, 9, 2, 1, 0, tzinfo=UTC)
TEXT = """驻马店市人民政府办公室
关于做好招商工作的通知
驻政办〔2022〕77号
各县区人民政府：
为做好工作，现通知如下。
一、主要任务
1.开展驻点招商。每月外出招商不少于2次，9月底前引进项目5个。（责任单位：市商务局、统计局）
2.优化服务。建立企业台账。（责任单位：市卫健体委、市不知名办）
3.加强宣传。宣传招商政策，营造氛围。
2022年9月1日
"""


@pytest.fixture
def draft() -> Reading:
    (found,) = read_documents(TEXT)
    return found


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    with made.services.database.transaction() as session:
        create_user(session, NewUser("zhuren", "主任", Role.SUPERVISOR, PASSWORD_HASH))
    return made


def test_items_are_split_merged_dropped_added_and_every_character_stays_classified(draft: Reading) -> None:
    assert [item.label for item in draft.items] == ["一1", "一2", "一3"]
    split = split_item(draft, 0, second_begins="9月底前引进")
    assert [item.title[:8] for item in split.items[:2]] == ["开展驻点招商", "9月底前引进项目"]
    assert split.items[1].responsibility_span is not None
    merged = merge_with_next(split, 0)
    assert merged.items[0].span == draft.items[0].span
    dropped = drop_item(draft, 2)
    assert len(dropped.items) == 2
    again = add_item(dropped, words="3.加强宣传。宣传招商政策，营造氛围。", label="一3")
    assert again.items[2].title == "加强宣传"
    for each in (split, merged, dropped, again):
        assert SpanRole.UNCLASSIFIED not in {span.role for span in each.cover()}


def test_a_lead_that_is_proposed_for_all_takes_the_place_of_none_that_is_printed_or_chosen(draft: Reading) -> None:
    printed, _named, bare = draft.items
    assert [bool(item.leads) for item in (printed, bare)] == [True, False]
    chosen = replace(bare, assigned_leads=(AssignedLead("市统计局"),))
    doubted = replace(bare, doubts=(Doubt(DoubtField.LEAD, 0.4),))
    changed = assign_lead(replace(draft, items=(printed, chosen, doubted)), " 市商务局 ")
    kept = tuple(entry for entry in bare.confidence if entry.field is not DoubtField.LEAD)
    assigned = replace(bare, assigned_leads=(AssignedLead("市商务局"),), doubts=(), confidence=kept)
    assert changed.items == (printed, chosen, assigned)


def test_a_correction_that_does_not_fit_the_text_is_refused(draft: Reading) -> None:
    who = draft.items[0].responsibility_span
    assert who is not None
    refused: tuple[tuple[Callable[[], object], type[BadInput]], ...] = (
        (lambda: split_item(draft, 0, second_begins=draft.text[slice(*who)]), WordsNotFound),
        (lambda: split_item(draft, 0, second_begins="原文没有的话"), WordsNotFound),
        (lambda: split_item(draft, 9, second_begins="招商"), NoSuchItem),
        (lambda: add_item(draft, words="开展驻点招商", label="x"), SpanTaken),
        (lambda: declare(draft, words="", role=SpanRole.BASIS), WordsNotFound),
        (lambda: merge_with_next(draft, 2), NoSuchItem),
    )
    for change, error in refused:
        with pytest.raises(error):
            change()


def test_what_blocks_approval_is_named(draft: Reading, site: Site) -> None:
    with site.services.database.reading() as session:
        registry = unit_registry(session, groups=())
    found = problems(draft, registry)
    assert [(problem.obstacle, problem.item, problem.words) for problem in found] == [
        (Obstacle.UNKNOWN_UNIT, 1, "市不知名办"),
        (Obstacle.NO_LEAD, 2, ""),
    ]
    with pytest.raises(DraftIncomplete):
        registrable(draft, registry, code_prefix="77", assigned_because="x")
    open_words = Reading(**{name: getattr(draft, name) for name in draft.__slots__} | {"declared": ()})
    assert Obstacle.UNCLASSIFIED in {problem.obstacle for problem in problems(open_words, registry)}
    assert Obstacle.UNCLASSIFIED not in {problem.obstacle for problem in problems(declare_rest(open_words), registry)}


def _upload(client: FlaskClient, content: bytes, name: str = "通知.txt") -> TestResponse:
    page = client.get("/drafts").get_data(as_text=True)
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    return client.post("/drafts", data={"csrf_token": token, "file": (BytesIO(content), name)})


def _version(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found[1]


def _choices(client: FlaskClient, name: str) -> tuple[list[str], list[str]]:
    """Return what an unknown name may be entered as, and what a browser sends where nobody chooses."""
    page = fromstring(client.get("/drafts/1").get_data(as_text=True))
    [row] = [row for row in page.xpath("//tr[.//select[@name='choice']]") if name in row.text_content()]
    options = row.xpath(".//option")
    chosen = [option for option in options if "selected" in option.attrib] or options[:1]
    return [option.text for option in options], [option.get("value") for option in chosen]


@pytest.mark.parametrize("printed", ["市统计计局", "市统汁局", "市不知名办"])
def test_a_name_that_nobody_knows_becomes_a_unit_by_choice_only_and_the_approver_is_told(
    site: Site, printed: str
) -> None:
    with site.client("office") as office:
        _upload(office, TEXT.replace("市不知名办", printed).encode())
        offered, [sent] = _choices(office, printed)
        assert not sent.startswith("kind:")
        sure = printed == "市统计计局"
        assert (offered[0] == "就是市统计局") == sure
        assert ("就是市统计局" in offered) == (printed != "市不知名办")
        if not sure:
            refused = post(office, "/drafts/1/units", at="/drafts/1", name=printed, choice=sent)
            assert (refused.status_code, printed in refused.get_data(as_text=True)) == (400, True)
        post(office, "/drafts/1/units", at="/drafts/1", name=printed, choice="later")
        choice = sent if sure else "kind:市政府部门"
        post(office, "/drafts/1/units", at="/drafts/1", name=printed, choice=choice)
        told = f"“{printed}”即市统计局" if sure else f"新建单位：{printed}（市政府部门）"
        assert f"已登记1个单位名称：{told}。" in office.get("/drafts/1").get_data(as_text=True)
    with site.client("zhuren") as second:
        assert f"<li>{told}</li>" in second.get("/drafts/1").get_data(as_text=True)


def test_what_may_be_missed_stands_first_and_blocks_until_it_is_an_item_or_somebody_answers_for_it(site: Site) -> None:
    missed = "市商务局要于9月底前建立储煤台账。"
    other = "市统计局每季度通报一次招商情况。"
    text = TEXT.replace("一、主要任务", f"{missed}\n{other}\n一、主要任务").replace("、市不知名办", "")
    with site.client("office") as office:
        _upload(office, text.encode())
        page = office.get("/drafts/1").get_data(as_text=True)
        assert "可能漏项<span" in page
        assert "写明了单位和要做的事" in page
        assert "还有 3 处须处理" in page

        def decide(**said: str) -> TestResponse:
            version = _version(office.get("/drafts/1").get_data(as_text=True))
            return post(office, "/drafts/1/correct", at="/drafts/1", version=version, **said)

        assert decide(act="adopt", possible="0").status_code == 303
        assert decide(act="adopt", possible="0").status_code == 400
        assert decide(act="adopt", possible="x").status_code == 400
        refused = decide(act="settle", possible="1", role="background")
        assert (refused.status_code, "填写认定人" in refused.get_data(as_text=True)) == (400, True)
        assert decide(act="settle", possible="1", role="background", decided_by="张三").status_code == 303
        assert "可能漏项" not in office.get("/drafts/1").get_data(as_text=True)
    with site.services.database.reading() as session:
        row = session.get(DraftRow, 1)
        assert row is not None
        draft = read_content(row.content)
        told = session.scalars(select(col(EventRow.payload)).where(col(EventRow.type) == "draft.corrected")).all()
    (added,) = [item for item in draft.items if item.label == "补1"]
    assert [lead.printed for lead in added.leads] == ["市商务局"]
    assert added.deadline is not None
    assert added.deadline.on == date(2022, 9, 30)
    assert any("张三" in payload for payload in told)


def test_from_an_unknown_file_to_the_units(site: Site) -> None:
    with site.client("office") as office:
        assert _upload(office, TEXT.encode()).headers["Location"] == "/drafts/1"
        page = office.get("/drafts/1").get_data(as_text=True)
        assert "名册里没有：市不知名办" in page
        assert page.index("优化服务") < page.rindex("开展驻点招商")
        assert "还有 2 处须处理" in page
        units = {"name": "市不知名办", "choice": "unit:2"}
        assert post(office, "/drafts/1/units", at="/drafts/1", **units).status_code == 303
        assert post(office, "/drafts/1/units", at="/drafts/1", **units).status_code == 409
        edit = {"act": "edit", "item": "2", "version": _version(page), "label": "一3", "title": "加强宣传"}
        assert post(office, "/drafts/1/correct", at="/drafts/1", **edit, assigned_leads="市商务局").status_code == 303
        page = office.get("/drafts/1").get_data(as_text=True)
        assert "可以立项" in page
        assert "须由另一位督查员立项" in page
        own = {"version": _version(page), "basis": "市长批准"}
        assert post(office, "/drafts/1/approve", at="/drafts/1", **own).status_code == 409
    with site.client("zhuren") as second:
        page = second.get("/drafts/1").get_data(as_text=True)
        answer = post(second, "/drafts/1/approve", at="/drafts/1", version=_version(page), basis="市长批准")
        assert answer.status_code == 303
        document = answer.headers["Location"]
        assert post(second, f"{document}/issue", at=document).status_code == 303
        assert second.get("/drafts/1").status_code == 302
    with site.services.database.reading() as session:
        row = session.scalars(select(DocumentRow).where(col(DocumentRow.number) == "驻政办〔2022〕77号")).one()
        items = session.scalars(select(ItemRow).where(col(ItemRow.document_id) == row.id)).all()
        assert [item.code for item in items] == ["77-01", "77-02", "77-03"]
        tasks = session.scalars(select(TaskRow).where(col(TaskRow.document_id) == row.id)).all()
        shares = session.scalars(
            select(AssignmentRow).where(col(AssignmentRow.task_id).in_([t.id for t in tasks]))
        ).all()
        assert len(shares) == 5
        types = list(
            session.scalars(
                select(col(EventRow.type)).where(col(EventRow.type).startswith("draft.")).order_by(col(EventRow.seq))
            )
        )
        assert types == ["draft.uploaded", "draft.corrected", "draft.approved"]


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.txt", "文件是空的"),
        ("没有事项。".encode(), "a.txt", "没有读到公文事项"),
        (b"MZ\x90\x00", "a.exe", "不接收"),
        (b"%PDF-1.7 broken", "a.pdf", "文件已损坏"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence_and_nothing_is_kept(
    site: Site, content: bytes, name: str, words: str
) -> None:
    with site.client("office") as office:
        answer = _upload(office, content, name)
        assert answer.status_code == 400
        assert words in answer.get_data(as_text=True)
    with site.services.database.reading() as session:
        assert session.scalars(select(DraftRow)).all() == []


def test_only_the_office_breaks_documents_down(site: Site) -> None:
    for login in ("swj", "leader", "reader"):
        with site.client(login) as other:
            assert other.get("/drafts").status_code == 404


_EXTENDED = (
    "驻马店市人民政府办公室\n关于印发招商方案的通知\n驻政办〔2022〕78号\n各县区：\n一、重点任务\n"
    "（一）加强统筹。建立招商机制。（责任单位：市商务局；以下均需各县区人民政府负责落实，以下不再列出）\n"
    "（二）优化服务。每月通报一次招商情况。（责任单位：市统计局）\n"
    "（三）加强宣传。每季度通报一次招商情况。（责任单位：市商务局，各县区人民政府）\n2022年9月1日\n"
)


def test_a_group_stays_extended_by_its_item_through_corrections(site: Site) -> None:
    with site.client("office") as office:
        _upload(office, _EXTENDED.encode())
        edit = {"act": "edit", "item": "1", "title": "优化服务", "leads": "市统计局、市商务局"}
        edit["groups"] = "各县区人民政府\n各成员单位"
        for form in (edit, {"act": "merge", "item": "1"}):
            version = _version(office.get("/drafts/1").get_data(as_text=True))
            assert post(office, "/drafts/1/correct", at="/drafts/1", version=version, **form).status_code == 303
        assert ">各县区人民政府\n各成员单位</textarea>" in office.get("/drafts/1").get_data(as_text=True)
    with site.services.database.reading() as session:
        draft = read_content(session.scalars(select(col(DraftRow.content))).one())
    first, joined = draft.items
    assert [lead.printed for lead in joined.leads] == ["市统计局", "市商务局"]
    assert [(group.printed, group.inherited_from) for group in joined.groups] == [
        ("各县区人民政府", first.label),
        ("各成员单位", None),
    ]
    names = [name for item in draft.items for name in (*item.leads, *item.supports)]
    assert {name.unit_code for name in names} == {None}


def _confirm_first(draft: Reading) -> Reading:
    return replace_item(draft, 0, draft.items[0])


def test_two_people_correcting_at_once_lose_nothing(database: Database, draft: Reading) -> None:
    with database.transaction() as session:
        upload_draft(session, draft, file_name="a.txt", file_sha256="0" * 64, actor=OFFICE, at=AT)
        session.flush()
    with database.transaction() as session:
        correct(session, lambda d: drop_item(d, 2), draft_id=1, version=1, act="drop", actor=OFFICE, at=AT)
    with database.transaction() as session, pytest.raises(Stale):
        correct(session, _confirm_first, draft_id=1, version=1, act="edit", place=0, actor=OFFICE, at=AT)


def test_approval_needs_a_second_person(site: Site, draft: Reading) -> None:
    database = site.services.database
    with database.transaction() as session:
        upload_draft(session, draft, file_name="a.txt", file_sha256="0" * 64, actor=OFFICE, at=AT)
        registry = unit_registry(session, groups=())
        with pytest.raises(SecondPersonNeeded):
            approve_draft(session, draft_id=1, version=1, basis="批准", registry=registry, actor=OFFICE, at=AT)


def test_a_new_edition_shows_what_changes_and_takes_over_the_tasks(site: Site) -> None:
    first = site.services.database
    old = (
        "驻马店市人民政府办公室\n招商工作方案\n驻政办〔2022〕100号\n2022年9月1日\n一、主要任务\n"
        "1.每月通报一次招商情况，全年不少于2次。（责任单位：市商务局、市统计局，各县区人民政府）\n"
        "2.建立全市招商项目清单并向社会公开。（责任单位：市统计局）"
    )
    with site.client("office") as office:
        assert _upload(office, old.encode()).status_code == 303
        page = office.get("/drafts/1").get_data(as_text=True)
        assert "与驻政办〔2022〕99号比较" in page
        for words in ("未变 1 项", "新增", "删去", "发生疫情后24小时内报告"):
            assert words in page
        members = {"act": "members", "group": "各县区人民政府", "names": "市统计局", "version": _version(page)}
        assert post(office, "/drafts/1/correct", at="/drafts/1", **members).status_code == 303
    with site.client("zhuren") as second:
        page = second.get("/drafts/1").get_data(as_text=True)
        assert "可以立项" in page
        answer = post(second, "/drafts/1/approve", at="/drafts/1", version=_version(page), basis="市长批准")
        assert answer.status_code == 303
        assert "文件被新版替代" in second.get("/tasks/1").get_data(as_text=True)
    with first.reading() as session:
        states = session.scalars(select(col(TaskRow.state)).order_by(col(TaskRow.id))).all()
        assert states == ["cancelled", "cancelled", "approved", "approved"]
        succession = session.scalars(select(ItemSuccessionRow)).one()
        assert (succession.old_item_id, succession.new_item_id) == (1, 3)
        assert set(session.scalars(select(col(FormRow.state)))) == {"waived"}
    with site.client("swj") as liaison:
        assert "每月通报一次招商情况" not in liaison.get("/today").get_data(as_text=True)


def test_an_edition_of_a_document_that_is_not_registered_is_refused(site: Site) -> None:
    with site.client("office") as office:
        _upload(office, TEXT.replace("市不知名办", "市统计局").encode())
        page = office.get("/drafts/1").get_data(as_text=True)
        assign = post(
            office, "/drafts/1/correct", at="/drafts/1", act="assign", version=_version(page), unit="市商务局"
        )
        assert assign.status_code == 303, assign.get_data(as_text=True)
        page = office.get("/drafts/1").get_data(as_text=True)
        head = {"number": "驻政办〔2022〕77号", "title": "关于做好招商工作的通知", "replaces": "没有的文号"}
        renamed = post(office, "/drafts/1/correct", at="/drafts/1", act="head", version=_version(page), **head)
        assert renamed.status_code == 303, renamed.get_data(as_text=True)
    with site.client("zhuren") as second:
        page = second.get("/drafts/1").get_data(as_text=True)
        assert "没有登记这个文号的文件" in page
        answer = post(second, "/drafts/1/approve", at="/drafts/1", version=_version(page), basis="市长批准")
        assert answer.status_code == 400
    with site.services.database.reading() as session:
        assert len(session.scalars(select(DocumentRow)).all()) == 1


def test_the_end_of_a_plan_is_read_asked_corrected_and_kept_through_registration(site: Site) -> None:
    def save(client: FlaskClient, **head: str) -> str:
        version = _version(client.get("/drafts/1").get_data(as_text=True))
        own = {"number": "驻政办〔2022〕77号", "issued_on": "2022-09-01"}
        said = {"act": "head", "version": version, **own, **head}
        assert post(client, "/drafts/1/correct", at="/drafts/1", **said).status_code == 303
        return client.get("/drafts/1").get_data(as_text=True)

    asked, question = "2022年重点招商办法", "不能确定计划到哪一天为止，请在“文件信息”中填写"
    text = TEXT.replace("关于做好招商工作的通知", f"关于印发{asked}的通知").replace("市不知名办", "市统计局")
    with site.client("office") as office:
        _upload(office, text.encode())
        page = office.get("/drafts/1").get_data(as_text=True)
        assert question in page
        assert "还有 1 处须处理" in page
        page = save(office, title=asked, ends_on="")
        assert question not in page
        page = save(office, title="2022年招商工作方案", ends_on="")
        assert "根据“2022年招商工作方案”读出" in page
        assert 'name="ends_on" type="date" value="2022-12-31"' in page
        assert "由督查室填写" in save(office, title="2022年招商工作方案", ends_on="2022-10-31")
        page = office.get("/drafts/1").get_data(as_text=True)
        assign = {"act": "assign", "version": _version(page), "unit": "市商务局"}
        assert post(office, "/drafts/1/correct", at="/drafts/1", **assign).status_code == 303
    with site.client("zhuren") as second:
        page = second.get("/drafts/1").get_data(as_text=True)
        answer = post(second, "/drafts/1/approve", at="/drafts/1", version=_version(page), basis="市长批准")
        assert answer.status_code == 303, answer.get_data(as_text=True)
        document = answer.headers["Location"]
        assert post(second, f"{document}/issue", at=document).status_code == 303
        listed = second.get("/documents").get_data(as_text=True)
        assert re.search(r"<td[^>]*>2022年10月31日</td>", listed)
        assert not re.search(r">\d{4}-\d{2}-\d{2}<", listed)
    with site.services.database.reading() as session:
        row = session.scalars(select(DocumentRow).where(col(DocumentRow.number) == "驻政办〔2022〕77号")).one()
        assert row.ends_on == date(2022, 10, 31)
        series = select(col(SeriesRow.id)).where(col(SeriesRow.document_id) == row.id)
        periods = session.scalars(select(PeriodRow).where(col(PeriodRow.series_id).in_(series))).all()
        assert periods
        assert all(period.starts_on <= row.ends_on for period in periods)


@pytest.mark.parametrize(("field", "name"), [("ends_on", "计划截止日期"), ("expires_on", "有效期至")])
def test_an_end_before_the_documents_own_day_is_refused_on_the_page_and_at_registration(
    site: Site, field: str, name: str
) -> None:
    with site.client("office") as office:
        _upload(office, TEXT.encode())
        head = {"number": "驻政办〔2022〕77号", "title": "招商工作方案", "issued_on": "2022-09-01", field: "2022-08-31"}
        version = _version(office.get("/drafts/1").get_data(as_text=True))
        answer = post(office, "/drafts/1/correct", at="/drafts/1", act="head", version=version, **head)
        assert answer.status_code == 400
        assert f"{name}2022年8月31日早于文件成文日期2022年9月1日，请核对。" in answer.get_data(as_text=True)
    before = small_reading(number="驻政办〔2022〕98号")

    def ending(on: date | None) -> Reading:
        return replace(before, plan_end=PlanEnd(on)) if field == "ends_on" else replace(before, expires_on=on)

    with pytest.raises(EndBeforeIssue):
        check_reading(ending(date(2022, 8, 23)))
    check_reading(ending(before.issued_on))


def test_a_draft_that_is_approved_or_put_away_is_no_longer_on_the_workbench(database: Database) -> None:
    with database.transaction() as session:
        for name, state in (("a", "open"), ("b", "approved"), ("c", "discarded"), ("d", "open")):
            id_ = upload_draft(session, small_reading(), file_name=name, file_sha256="", actor=OFFICE, at=AT)
            session.get_one(DraftRow, id_).state = state
    with database.reading() as session:
        assert [line.file_name for line in open_drafts(session)] == ["d", "a"]
