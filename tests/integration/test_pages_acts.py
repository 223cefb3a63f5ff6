"""What is done after 交办, each act through the form of its page: what changes then, and whom it refuses."""

import re
from datetime import date
from pathlib import Path

import pytest
from lxml import html
from sqlalchemy import select
from sqlmodel import col

from tests.support.acts import (
    ACTS,
    OF_TASK,
    TASK,
    changed_from,
    completed,
    disputed,
    filled_in,
    key,
    left_open,
    send_form,
    site_of_acts,
    standing_of,
)
from tests.support.databases import fresh_sqlite
from tests.support.owed_city import at
from tests.support.site import Site, post
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.series import FormRow
from tracker.store.tables.tasks import TaskRow

EVERYBODY = ("office", "leader", "reader", "swj", "swj-head", "tjj")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return site_of_acts(fresh_sqlite(tmp_path), tmp_path)


@pytest.mark.parametrize(("name", "login"), [(name, login) for name, act in ACTS.items() for login in act.by])
def test_an_act_is_done_through_its_form_and_changes_what_it_says(site: Site, name: str, login: str) -> None:
    act = ACTS[name]
    act.before(site)
    before = standing_of(site)
    with site.client(login) as client:
        answer = send_form(client, act.page, *filled_in(site, act))
        assert answer.status_code == 303, answer.get_data(as_text=True)
        assert client.get(answer.headers["Location"]).status_code == 200
    assert changed_from(before, standing_of(site)) == act.changes


@pytest.mark.parametrize("login", EVERYBODY)
def test_the_others_are_neither_offered_an_act_nor_heard(site: Site, login: str) -> None:
    disputed(site)
    before = standing_of(site)
    own = {act.address for act in ACTS.values() if login in act.by}
    with site.client(login) as client:
        for name, act in ACTS.items():
            if act.address in own:
                continue
            address, fields = filled_in(site, act)
            assert f'action="{address}"' not in client.get(act.page).get_data(as_text=True), name
            assert post(client, address, at=OF_TASK, **fields).status_code in (403, 404), name
    assert changed_from(before, standing_of(site)) == {}


@pytest.mark.parametrize("name", {act.address: name for name, act in ACTS.items()}.values())
def test_an_act_without_a_reason_changes_nothing(site: Site, name: str) -> None:
    act = ACTS[name]
    act.before(site)
    before = standing_of(site)
    address, fields = filled_in(site, act)
    with site.client(act.by[0]) as client:
        assert send_form(client, act.page, address, {**fields, "reason": " "}).status_code == 400
    assert changed_from(before, standing_of(site)) == {}


def test_an_act_that_does_not_fit_the_task_is_not_offered_and_is_refused(site: Site) -> None:
    with site.client("office") as client:
        assert "/tasks/1/acts/close" not in client.get(OF_TASK).get_data(as_text=True)
        assert post(client, "/tasks/1/acts/close", at=OF_TASK, reason="已办结").status_code == 409
        assert post(client, "/tasks/1/acts/forget", at=OF_TASK, reason="已办结").status_code == 404
    assert standing_of(site)["task"] == "issued"


def test_a_deadline_past_the_printed_day_is_moved_by_the_leader_only(site: Site) -> None:
    with site.services.database.transaction() as session:
        session.get_one(ItemRow, session.get_one(TaskRow, TASK).item_id).deadline_on = date(2022, 9, 30)
    answers = {}
    for login in ("office", "leader"):
        with site.client(login) as client:
            fields = {"new_on": "2022-10-31", "reason": "会议议定"}
            answers[login] = send_form(client, OF_TASK, "/tasks/1/deadline", fields).status_code
    assert answers == {"office": 409, "leader": 303}


def test_the_form_of_an_ending_names_what_ends_beside_its_button(site: Site) -> None:
    site.clock.at = at(11, 12)
    site.city.sweep(site.clock.at)
    with site.client("office") as office:
        page = re.sub(r"<[^>]+>", "", office.get(f"/tasks/{TASK}").get_data(as_text=True))
    with site.services.database.reading() as session:
        share = site.city.assignment("swj", session)
        rows = session.scalars(select(FormRow).where(col(FormRow.assignment_id) == share.id)).all()
    assert len(rows) == 4
    ends = "未报4行（其中2行已逾期，记为漏报，其余免报）"
    assert f"撤销后即结束：4个单位，{ends}" in page
    assert f"办理后该单位结束：{ends}" in page


def test_the_form_to_reopen_asks_for_a_deadline_once_the_document_is_over(site: Site) -> None:
    completed(site)
    asked = 'name="new_on" type="date" required'
    with site.client("office") as office:
        form = f'action="/tasks/{TASK}/acts/reopen"'
        page = office.get(OF_TASK).get_data(as_text=True)
        assert asked not in page[page.index(form) :].split("</form>", 1)[0]
        with site.services.database.transaction() as session:
            task = session.get_one(TaskRow, TASK)
            session.get_one(DocumentRow, task.document_id).ends_on = date(2022, 8, 25)
        page = office.get(OF_TASK).get_data(as_text=True)
        assert asked in page[page.index(form) :].split("</form>", 1)[0]
        answer = send_form(office, OF_TASK, f"/tasks/{TASK}/acts/reopen", {"reason": "整改"})
        assert answer.status_code == 400
        assert "已于2022年8月25日期满，继续办理须填写新时限" in answer.get_data(as_text=True)


def test_a_completion_that_was_accepted_is_found_untrue_with_a_tick_where_there_is_one(site: Site) -> None:
    completed(site)
    address, said = f"/tasks/{TASK}/acts/reopen", "现场核查，全部项目均未开工，合同系补签"
    with site.client("office") as office:
        assert send_form(office, OF_TASK, address, {"reason": said, "falsified": "1"}).status_code == 303
    with site.client("swj") as liaison:
        words = html.document_fromstring(liaison.get(OF_TASK).get_data(as_text=True)).text_content()
        assert f"{said}（弄虚作假）（不需补正）" in words
        assert f"弄虚作假：{said}" in words
        assert "事项已经重启，须重新办理、据实报送" in words


def test_no_completion_is_found_untrue_where_none_was_accepted(site: Site) -> None:
    with site.services.database.transaction() as session:
        session.get_one(TaskRow, TASK).state = "lapsed"
    with site.client("office") as office:
        page = html.document_fromstring(office.get(OF_TASK).get_data(as_text=True))
        [form] = page.xpath(f"//form[@action='/tasks/{TASK}/acts/reopen']")
        assert not form.xpath(".//input[@name='falsified']")


def test_a_key_item_bears_its_mark_and_why_on_its_page_and_in_the_lists(site: Site) -> None:
    key(site)
    site.clock.at = at(11, 12)
    site.city.sweep(site.clock.at)
    with site.client("office") as office:
        pages = [
            office.get(address).get_data(as_text=True) for address in (OF_TASK, "/tasks?overdue=1", "/documents/1")
        ]
    assert all('<span class="tag">重点</span>' in page for page in pages)
    assert ["市长点题" in page for page in pages] == [True, True, False]


def test_an_interval_that_nobody_offers_or_that_is_printed_is_refused_in_words(site: Site) -> None:
    fields = {"reason": "统筹报送", "interval": "quarterly"}
    with site.client("office") as office:
        assert "以文件为准，不能另定" in office.get(OF_TASK).get_data(as_text=True)
        printed = post(office, "/tasks/1/interval", at=OF_TASK, **fields)
        assert printed.status_code == 409
        assert "文件已写明该事项的报送要求（每月）" in printed.get_data(as_text=True)
        left_open(site)
        for kind, words in (("daily", "报送间隔只能在每旬"), ("often", "请从列出的选项中选择报送间隔")):
            refused = post(office, "/tasks/1/interval", at=OF_TASK, **{**fields, "interval": kind})
            assert (refused.status_code, words in refused.get_data(as_text=True)) == (400, True)
