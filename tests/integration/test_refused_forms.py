"""A refused form comes back on its page as it was sent, each fault beside its field, also after the log-in ended."""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import update
from werkzeug.test import TestResponse

from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME
from tests.support.site import PASSWORD, PASSWORD_HASH, Site, post
from tests.support.whole_refusals import ABOUT_NO_FIELD
from tracker.domain.accounts import Role
from tracker.store.tables.tasks import TaskRow
from tracker.web.entries import FIELD_OF_FORM, FIELD_OF_ROW
from tracker.web.forms import Form
from tracker.web.refused import FIELD_AT_FAULT
from tracker.web.schedules import _FIELD_OF_LINE
from tracker.wording.refusals import ERROR_SENTENCES

TASK = "/tasks/1"
_DOCUMENT = """驻马店市人民政府办公室
关于做好招商工作的通知
驻政办〔2022〕77号
各县区人民政府：
为做好工作，现通知如下。
一、主要任务
1.开展驻点招商。每月外出招商不少于2次，9月底前引进项目5个。（牵头单位：市商务局；责任单位：市统计局）
2022年9月1日
"""
# `tests/integration/test_acts_on_forms.py`, `test_boxes.py`
_BESIDE_ITS_ACT = {
    "extension_not_asked",
    "row_takes_nothing",
    "box_numbers_unreadable",
    "box_file_unknown",
    "box_file_expired",
}
_WITHOUT_A_MODEL = {"file", "not_secret", "text", "name"}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(fresh_sqlite(tmp_path), tmp_path)


def _send(
    client: FlaskClient, address: str, *, at: str, host: str = "localhost", **fields: str | list[str]
) -> TestResponse:
    """Send a form as a browser does, which says on which page it stood."""
    page = client.get(at).get_data(as_text=True)
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    return client.post(address, data={"csrf_token": token, **fields}, headers={"Referer": f"http://{host}{at}"})


def _form(answer: TestResponse, action: str) -> html.HtmlElement:
    document = html.document_fromstring(answer.get_data(as_text=True))
    return next(form for form in document.iter("form") if form.get("action") == action)


def _value(form: html.HtmlElement, name: str) -> str:
    field = next(field for field in form.iter("input", "textarea", "select") if field.get("name") == name)
    if field.tag == "select":
        return next((option.get("value") for option in field.iter("option") if option.get("selected")), "")
    return str(field.text_content().strip() if field.tag == "textarea" else field.get("value", ""))


def _fault(form: html.HtmlElement, name: str) -> str:
    field = next(field for field in form.iter("input", "textarea", "select") if field.get("name") == name)
    assert field.get("aria-describedby") == f"refused-{name}"
    return str(field.getprevious().text_content())


def test_each_fault_stands_beside_its_field_and_what_was_sent_in_it(site: Site) -> None:
    with site.client("office") as office:
        answer = _send(office, f"{TASK}/deadline", at=TASK, new_on="1022-10-01", reason=" ")
        form = _form(answer, f"{TASK}/deadline")
        assert answer.status_code == 400
        assert (_fault(form, "reason"), "1022年10月1日" in _fault(form, "new_on")) == ("请填写理由及依据。", True)
        assert _value(form, "new_on") == "1022-10-01"
        assert next(form.iterancestors("details")).get("open") is not None
        assert "没有保存" in answer.get_data(as_text=True)
        sent = {name: _value(form, name) for name in ("csrf_token", "seen")}
        again = office.post(f"{TASK}/deadline", data={**sent, "new_on": "2022-12-30", "reason": "会议议定"})
        assert again.status_code == 303


def test_a_finding_that_is_no_sentence_comes_back_as_written_with_its_class_and_its_tick(site: Site) -> None:
    """What was found untrue 「弄虚作假」 may cost a unit its name: the office says what was found and how."""
    site.clock.at, filing_id = IN_TIME, site.city.file()
    with site.services.database.reading() as session:
        report_id = site.city.report_of(filing_id, session).id
    returns = f"/reports/{report_id}/return"
    with site.client("office") as office:
        for at in ("/review", f"/review/rows/{report_id}"):
            answer = _send_filled(office, returns, at=at, reason="数据造假", reason_class="falsified")
            form = _form(answer, returns)
            assert (answer.status_code, _value(form, "reason")) == (400, "数据造假")
            assert _value(form, "reason_class") == "falsified"
            assert "不少于10字，现有4字" in _fault(form, "reason")
    with site.services.database.transaction() as session:
        task = session.get_one(TaskRow, 1)
        task.state, task.completed_at = "completed", IN_TIME
    with site.client("office") as office:
        answer = _send_filled(office, f"{TASK}/acts/reopen", at=TASK, reason="造假", falsified="1")
        form = _form(answer, f"{TASK}/acts/reopen")
        assert (answer.status_code, _value(form, "reason")) == (400, "造假")
        assert "不少于10字，现有2字" in _fault(form, "reason")
        assert form.xpath(".//input[@name='falsified']/@checked")


def _send_filled(client: FlaskClient, address: str, *, at: str, **fields: str) -> TestResponse:
    """Send the form of a page with what it bears besides."""
    form = next(
        one
        for one in html.document_fromstring(client.get(at).get_data(as_text=True)).iter("form")
        if one.get("action") == address
    )
    own = {one.get("name"): one.get("value", "") for one in form.xpath(".//input[@type='hidden']")}
    return client.post(address, data={**own, **fields}, headers={"Referer": f"http://localhost{at}"})


@pytest.mark.parametrize("at", ["/documents/1", "/drafts/1"])
def test_who_approves_without_saying_by_whose_word_finds_the_page_again_and_which_field_lacks(
    site: Site, at: str
) -> None:
    with site.services.database.transaction() as session:
        session.execute(update(TaskRow).values(state="proposed"))
        create_user(session, NewUser("zhuren", "张三", Role.SUPERVISOR, PASSWORD_HASH))
    with site.client("office") as office:
        file = (BytesIO(_DOCUMENT.encode()), "通知.txt")
        assert post(office, "/drafts", at="/drafts", file=file).status_code == 303  # type: ignore[arg-type] # a file
    with site.client("zhuren") as second:
        answer = _send(second, f"{at}/approve", at=at, basis=" ", **({"version": "1"} if at == "/drafts/1" else {}))
        form = _form(answer, f"{at}/approve")
        assert (answer.status_code, _fault(form, "basis")) == (400, "请填写批准人及依据。")


def test_what_the_act_refuses_stands_where_the_table_or_the_label_says(site: Site) -> None:
    with site.client("office") as office:
        answer = _send(office, f"{TASK}/deadline", at=TASK, new_on="2022-08-01", reason="会议议定")
        form = _form(answer, f"{TASK}/deadline")
        assert "已过" in _fault(form, "new_on")
        assert (_value(form, "new_on"), _value(form, "reason")) == ("2022-08-01", "会议议定")
        same = _send(
            office,
            "/units/rename",
            at="/units",
            unit_id="4",
            full_name="",
            short_name="x",
            valid_from="2022-08-01",
            reason="改革",
        )
        form = _form(same, "/units/rename")
        assert _fault(form, "full_name")
        assert (_value(form, "unit_id"), _value(form, "short_name")) == ("4", "x")


def test_a_refusal_of_no_field_stands_at_the_head_of_the_form(site: Site) -> None:
    with site.client("office") as office:
        action = f"{TASK}/targets/1/points"
        answer = _send(office, action, at=TASK, reason="会议议定")
        form = _form(answer, action)
        assert (answer.status_code, form[0].get("role")) == (409, "alert")
        assert _value(form, "reason") == "会议议定"


def test_of_two_the_second_sees_both_sides_and_keeps_what_was_written(site: Site) -> None:
    with site.client("office") as office:
        sent = {"new_on": "2022-12-30", "reason": "会议议定"}
        page = office.get(TASK).get_data(as_text=True)
        token, seen = (re.findall(rf'name="{name}" value="([^"]*)"', page)[0] for name in ("csrf_token", "seen"))
        assert post(office, f"{TASK}/deadline", at=TASK, new_on="2022-12-29", reason="先办").status_code == 303
        answer = office.post(
            f"{TASK}/deadline",
            data={"csrf_token": token, "seen": seen, **sent},
            headers={"Referer": f"http://localhost{TASK}"},
        )
        assert answer.status_code == 409
        assert "先办" in answer.get_data(as_text=True)
        form = _form(answer, f"{TASK}/deadline")
        assert {name: _value(form, name) for name in sent} == sent
        assert _value(form, "seen") != seen


@pytest.mark.parametrize("host", ["elsewhere.example", ""])
def test_without_a_page_of_ours_the_texts_are_shown_to_be_copied(site: Site, host: str) -> None:
    with site.client("office") as office:
        answer = _send(office, f"{TASK}/deadline", at=TASK, host=host, new_on="2022-08-01", reason="会议议定")
        assert (answer.status_code, "可以复制" in answer.get_data(as_text=True)) == (400, True)


@pytest.mark.parametrize("worst", ["\x00<script>alert(1)</script>", "9" * 5000, "²", '"><b>', "\n一\n二"])
def test_whatever_was_sent_comes_back_as_text(site: Site, worst: str) -> None:
    with site.client("office") as office:
        page = office.get(TASK).get_data(as_text=True)
        token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        sent = {"csrf_token": token, "new_on": "2022-08-01", "reason": worst}
        answer = office.post(f"{TASK}/deadline", data=sent, headers={"Referer": f"http://localhost{TASK}"})
        assert answer.status_code == 400
        assert "<script>alert(1)" not in answer.get_data(as_text=True)
        kept = re.sub(r"[\x00-\x1f]", "", worst)
        assert re.sub(r"\s", "", _value(_form(answer, f"{TASK}/deadline"), "reason")) == kept


def _expired(site: Site, client: FlaskClient) -> TestResponse:
    page = client.get(TASK).get_data(as_text=True)
    token = page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    client.delete_cookie("tracker_login")
    sent = {"csrf_token": token, "new_on": "2022-12-30", "reason": "会议议定", "password": "x"}
    return client.post(f"{TASK}/deadline", data=sent, headers={"Referer": f"http://localhost{TASK}"})


def _log_in(client: FlaskClient, page: TestResponse, login: str, password: str = PASSWORD) -> TestResponse:
    fields = {field.get("name"): field.get("value", "") for field in _form(page, "/login").iter("input")}
    return client.post("/login", data={**fields, "login": login, "password": password})


def test_after_the_log_in_ended_the_form_comes_back_filled_and_nothing_is_done(site: Site) -> None:
    with site.client("office") as office:
        expired = _expired(site, office)
        assert (expired.status_code, "登录已过期" in expired.get_data(as_text=True)) == (403, True)
        wrong = _log_in(office, expired, "office", "falsch")
        assert "账号或密码不正确" in wrong.get_data(as_text=True)
        answer = _log_in(office, wrong, "office")
        form = _form(answer, f"{TASK}/deadline")
        assert answer.get_data(as_text=True).count("您填写的内容还在，请核对后重新提交。") == 1
        assert (_value(form, "new_on"), _value(form, "reason")) == ("2022-12-30", "会议议定")
        assert "会议议定" not in office.get(TASK).get_data(as_text=True)
        sent = {name: _value(form, name) for name in ("csrf_token", "seen", "new_on", "reason")}
        assert office.post(f"{TASK}/deadline", data=sent).status_code == 303


def test_somebody_else_who_logs_in_sees_what_was_written_only_where_the_page_is_theirs(site: Site) -> None:
    with site.client("office") as office:
        answer = _log_in(office, _expired(site, office), "reader")
        page = answer.get_data(as_text=True)
        assert (answer.status_code, "可以复制" in page, "会议议定" in page, "更多" in page) == (200, True, True, False)


@pytest.mark.parametrize("bad", ["{", "[1]", "[[1]]", "null", "[" * 5000])
def test_what_the_log_in_form_carries_may_be_anything(site: Site, bad: str) -> None:
    with site.app.test_client() as client:
        page = client.get("/login")
        fields = {field.get("name"): field.get("value", "") for field in _form(page, "/login").iter("input")}
        sent = {
            **fields,
            "login": "office",
            "password": PASSWORD,
            "next": TASK,
            "kept_action": "/x",
            "kept_fields": bad,
        }
        assert client.post("/login", data=sent).status_code == 303


def test_nobody_elsewhere_puts_words_into_the_log_in(site: Site) -> None:
    with site.app.test_client() as client:
        words = json.dumps([["reason", "外来的话"]])
        sent = {"login": "office", "next": TASK, "kept_action": f"{TASK}/deadline", "kept_fields": words}
        answer = client.post("/login", data=sent, headers={"Referer": "http://elsewhere.example/"})
        assert (answer.status_code, "kept_fields" in answer.get_data(as_text=True)) == (400, False)


def test_of_several_forms_to_one_address_the_one_that_was_sent_is_filled(site: Site) -> None:
    """The queue has 通过 and 核定 for each report, with the same address."""
    site.clock.at = IN_TIME
    site.city.file(at=IN_TIME, code="swj")
    with site.client("office") as office:
        page = html.document_fromstring(office.get("/review").get_data(as_text=True))
        forms = (form for form in page.iter("form") if form.xpath(".//select[@name='claim']"))
        lowering = next(forms)
        address = str(lowering.get("action"))
        own = {one.get("name"): one.get("value", "") for one in lowering.iter("input")}
        sent = {**own, "claim": "nonsense", "reason": "九月未见进展"}
        answer = office.post(address, data=sent, headers={"Referer": "http://localhost/review"})
        assert answer.status_code == 400
        document = html.document_fromstring(answer.get_data(as_text=True))
        fields = document.iter("textarea", "input")
        filled = [field for field in fields if "九月未见进展" in html.tostring(field, encoding="unicode")]
        assert [next(field.iterancestors("form")).get("action") for field in filled] == [address]


def _of_lines(answer: TestResponse, action: str) -> dict[str, str]:
    form = _form(answer, action)
    return {one.get("id", "").removeprefix("refused-"): one.text_content() for one in form.xpath(".//*[@role='alert']")}


@pytest.mark.parametrize(
    ("sent", "places"),
    [
        ({"on1": "2022-09-30"}, {"value1"}),
        ({"value2": "1", "on1": "bald", "value1": "x"}, {"on1", "value1", "on2"}),
        ({"on1": "2022-10-31", "value1": "1", "on2": "2022-09-30", "value2": "2"}, {"on2"}),
        ({"on1": "2022-10-31", "value1": "900"}, {"value1"}),
    ],
)
def test_a_fault_of_a_schedule_stands_at_its_line(site: Site, sent: dict[str, str], places: set[str]) -> None:
    with site.client("office") as office:
        action = f"{TASK}/targets/1/points"
        answer = _send(office, action, at=TASK, reason="会议议定", **sent)
        assert answer.status_code == 400
        assert _of_lines(answer, action).keys() == places


def _forms(kind: type[Form]) -> Iterator[type[Form]]:
    for one in kind.__subclasses__():
        yield one
        yield from _forms(one)


def test_the_table_of_fields_names_refusals_and_fields_that_there_are() -> None:
    fields = {name for model in _forms(Form) for name in model.model_fields}
    assert FIELD_AT_FAULT.keys() <= ERROR_SENTENCES.keys()
    assert {field for named in FIELD_AT_FAULT.values() for field in named} <= fields | _WITHOUT_A_MODEL


def test_a_refusal_stands_beside_a_field_or_is_about_none() -> None:
    beside = (
        FIELD_AT_FAULT.keys() | FIELD_OF_ROW.keys() | FIELD_OF_FORM.keys() | _FIELD_OF_LINE.keys() | _BESIDE_ITS_ACT
    )
    labelled = {code for code, words in ERROR_SENTENCES.items() if "{field}" in words}
    about_none = set(ABOUT_NO_FIELD.split())
    assert not about_none & (beside | labelled)
    assert beside | labelled | about_none == ERROR_SENTENCES.keys(), "say beside which field it stands"
