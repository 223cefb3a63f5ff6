"""A refused form comes back however it was refused: twice, after hours, by somebody who is away, with too many rows."""

from collections.abc import Iterator
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import EnvironBuilder, TestResponse, run_wsgi_app

from tests.support.databases import fresh_sqlite
from tests.support.site import PASSWORD, Site
from tracker.domain.items import QuestionTopic
from tracker.store.tables.documents import QuestionRow

TASK, ACTION = "/tasks/1", "/tasks/1/deadline"
SENT = {"new_on": "2022-08-01", "reason": "会议议定"}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(fresh_sqlite(tmp_path), tmp_path)


@pytest.fixture
def office(site: Site) -> Iterator[FlaskClient]:
    with site.client("office") as client:
        yield client


def _at(address: str) -> dict[str, str]:
    return {"Referer": f"http://localhost{address}"}


def _form(answer: TestResponse, action: str = ACTION) -> html.HtmlElement:
    document = html.document_fromstring(answer.get_data(as_text=True))
    return next(form for form in document.iter("form") if form.get("action") == action)


def _fields(form: html.HtmlElement) -> dict[str, str]:
    """Return what a browser would send of a form whose fields are all filled in."""
    return {
        one.get("name"): one.text_content().strip() if one.tag == "textarea" else one.get("value", "")
        for one in form.iter("input", "textarea")
        if one.get("name") and one.get("type") not in ("checkbox", "radio", "file")
    }


def test_a_form_that_is_refused_twice_comes_back_twice(office: FlaskClient) -> None:
    fields = {**_fields(_form(office.get(TASK))), **SENT}
    first = office.post(ACTION, data=fields, headers=_at(TASK))
    second = office.post(ACTION, data=_fields(_form(first)), headers=_at(ACTION))
    assert (first.status_code, second.status_code) == (400, 400)
    assert _fields(_form(second)).items() >= SENT.items()
    third = office.post(ACTION, data={**_fields(_form(second)), "new_on": "2022-12-30"}, headers=_at(ACTION))
    assert third.status_code == HTTPStatus.SEE_OTHER


def test_another_form_of_a_page_that_came_back_comes_back_too(office: FlaskClient) -> None:
    first = office.post(ACTION, data={**_fields(_form(office.get(TASK))), **SENT}, headers=_at(TASK))
    other = "/tasks/1/acts/suspend"
    second = office.post(other, data={**_fields(_form(first, other)), "reason": ""}, headers=_at(ACTION))
    assert second.status_code == HTTPStatus.BAD_REQUEST
    assert "请填写理由及依据。" in _form(second, other).text_content()


def test_what_came_back_after_a_log_in_and_is_refused_comes_back(office: FlaskClient) -> None:
    fields = {**_fields(_form(office.get(TASK))), **SENT}
    office.delete_cookie("tracker_login")
    expired = office.post(ACTION, data=fields, headers=_at(TASK))
    log_in = {**_fields(_form(expired, "/login")), "login": "office", "password": PASSWORD}
    back = office.post("/login", data=log_in, headers=_at(ACTION))
    refused = office.post(ACTION, data=_fields(_form(back)), headers=_at("/login"))
    assert refused.status_code == HTTPStatus.BAD_REQUEST
    assert _fields(_form(refused)).items() >= SENT.items()


def test_a_page_that_lay_open_for_hours_comes_back_filled(office: FlaskClient) -> None:
    fields = {**_fields(_form(office.get(TASK))), **SENT, "new_on": "2022-12-30"}
    office.application.config["WTF_CSRF_TIME_LIMIT"] = -1
    answer = office.post(ACTION, data=fields, headers=_at(TASK))
    office.application.config["WTF_CSRF_TIME_LIMIT"] = 3600
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert _fields(_form(answer))["reason"] == SENT["reason"]
    assert office.post(ACTION, data=_fields(_form(answer)), headers=_at(ACTION)).status_code == HTTPStatus.SEE_OTHER


def test_after_hours_the_log_in_has_ended_too_and_still_nothing_is_lost(office: FlaskClient) -> None:
    fields = {**_fields(_form(office.get(TASK))), **SENT}
    office.delete_cookie("tracker_login")
    office.application.config["WTF_CSRF_TIME_LIMIT"] = -1
    answer = office.post(ACTION, data=fields, headers=_at(TASK))
    office.application.config["WTF_CSRF_TIME_LIMIT"] = 3600
    log_in = {**_fields(_form(answer, "/login")), "login": "office", "password": PASSWORD}
    back = office.post("/login", data=log_in, headers=_at(ACTION))
    assert _fields(_form(back)).items() >= SENT.items()


def test_a_browser_that_was_closed_gets_a_form_that_it_can_send(office: FlaskClient) -> None:
    fields = {**_fields(_form(office.get(TASK))), **SENT, "new_on": "2022-12-30"}
    office.delete_cookie("session")
    answer = office.post(ACTION, data=fields, headers=_at(TASK))
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert office.post(ACTION, data=_fields(_form(answer)), headers=_at(ACTION)).status_code == HTTPStatus.SEE_OTHER


def test_a_form_that_breaks_off_on_its_way_is_no_error_of_the_server(site: Site) -> None:
    site.app.testing = True
    for kind in ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data"):
        environ = EnvironBuilder(
            ACTION, method="POST", data=b"reason=x", content_type=kind, headers=[*_at(TASK).items()]
        ).get_environ()
        environ["CONTENT_LENGTH"] = "4000"
        _content, status, _headers = run_wsgi_app(site.app, environ)
        assert status[:3] in ("400", "403", "408"), kind


def test_rows_for_which_the_page_has_no_place_are_shown_to_be_copied(office: FlaskClient) -> None:
    fields = {**_fields(_form(office.get(TASK))), **SENT}
    answer = office.post(ACTION, data={**fields, "reason": ["会议议定", "又及"]}, headers=_at(TASK))
    assert "又及" in answer.get_data(as_text=True)


def test_a_choice_that_is_no_longer_offered_becomes_no_other_one(office: FlaskClient) -> None:
    form = _form(office.get("/units"), "/units/rename")
    fields = {
        **_fields(form),
        "unit_id": "99",
        "full_name": "市商务局",
        "short_name": "商务局",
        "valid_from": "2022-08-01",
    }
    answer = office.post("/units/rename", data=fields, headers=_at("/units"))
    [unit] = [one for one in _form(answer, "/units/rename").iter("select") if one.get("name") == "unit_id"]
    assert [option.get("value") for option in unit.iter("option") if option.get("selected")] == [""]


def test_a_wrong_password_comes_back_to_the_log_in(site: Site) -> None:
    with site.client() as nobody:
        fields = {
            **_fields(_form(nobody.get("/login?next=/tasks/1"), "/login")),
            "login": "office",
            "password": "falsch",
        }
        answer = nobody.post("/login", data=fields, headers=_at("/login"))
        again = _fields(_form(answer, "/login"))
        assert (again["next"], again["login"], again["password"]) == ("/tasks/1", "office", "")
        assert "账号或密码不正确" in answer.get_data(as_text=True)


def test_passwords_are_not_carried_through_a_log_in(office: FlaskClient) -> None:
    fields = {**_fields(_form(office.get(TASK))), **SENT, "password": "geheim"}
    office.delete_cookie("tracker_login")
    assert "geheim" not in office.post(ACTION, data=fields, headers=_at(TASK)).get_data(as_text=True)


@pytest.mark.parametrize("referrer", ["http://[", "http://localhost//elsewhere.example/", "http://localhost/%00", "x"])
def test_whatever_a_browser_says_of_its_page_is_no_error_of_the_server(office: FlaskClient, referrer: str) -> None:
    fields = {**_fields(_form(office.get(TASK))), **SENT}
    answer = office.post(ACTION, data=fields, headers={"Referer": referrer})
    assert (answer.status_code, "可以复制" in answer.get_data(as_text=True)) == (400, True)


@pytest.mark.parametrize("page", ["//elsewhere.example/", "/static/app.css", "/nowhere", "/units", "\x00", ""])
def test_the_page_that_a_form_names_is_one_of_ours_with_this_form(office: FlaskClient, page: str) -> None:
    fields = {**_fields(_form(office.get(TASK))), **SENT, "page_of_form": page}
    answer = office.post(ACTION, data=fields, headers=_at(ACTION))
    assert (answer.status_code, SENT["reason"] in answer.get_data(as_text=True)) == (400, True)


def test_all_of_several_choices_come_back(office: FlaskClient, site: Site) -> None:
    with site.services.database.transaction() as session:
        session.add(QuestionRow(item_id=1, topic=QuestionTopic.MEMBERS.value, words="没有写明，请明确。"))
    fields = {**_fields(_form(office.get("/questions"), "/questions/1/answer")), "answer": "", "unit": ["1", "4", "99"]}
    answer = office.post("/questions/1/answer", data=fields, headers=_at("/questions"))
    [units] = (one for one in _form(answer, "/questions/1/answer").iter("select") if one.get("name") == "unit")
    assert [one.get("value") for one in units.iter("option") if one.get("selected")] == ["1", "4"]


def test_what_the_log_in_carries_may_be_halves_of_characters(office: FlaskClient) -> None:
    fields = _fields(_form(office.get("/login"), "/login"))
    for action in (ACTION, "/nowhere"):
        kept = {"next": TASK, "kept_action": action, "kept_fields": '[["reason", "\\ud800\\u0000一"]]'}
        answer = office.post("/login", data={**fields, **kept, "login": "office", "password": PASSWORD})
        assert (answer.status_code, "一" in answer.get_data(as_text=True)) == (200, True)


def test_a_fault_is_read_out_beside_the_hints_of_its_field(office: FlaskClient) -> None:
    page = office.get("/outages")
    hinted = {one.get("name"): one.get("aria-describedby") for one in _form(page, "/outages/preview").iter("input")}
    assert hinted["from_at"]
    answer = office.post("/outages/preview", data=_fields(_form(page, "/outages/preview")), headers=_at("/outages"))
    [field] = (one for one in _form(answer, "/outages/preview").iter("input") if one.get("name") == "from_at")
    assert field.get("aria-describedby") == f"refused-from_at {hinted['from_at']}"


@pytest.mark.parametrize("away", [True, False], ids=["the log-in ended", "a fault of one's own"])
def test_what_a_colleague_decided_meanwhile_is_not_overwritten_by_what_came_back(
    office: FlaskClient, *, away: bool
) -> None:
    opened = {**_fields(_form(office.get(TASK))), "new_on": "2022-12-20"}
    meanwhile = {**_fields(_form(office.get(TASK))), "new_on": "2022-12-30", "reason": "会议议定"}
    assert office.post(ACTION, data=meanwhile, headers=_at(TASK)).status_code == HTTPStatus.SEE_OTHER
    back = office.post(ACTION, data={**opened, "reason": " "}, headers=_at(TASK))
    if away:
        office.delete_cookie("tracker_login")
        expired = office.post(ACTION, data={**opened, "reason": "领导要求"}, headers=_at(TASK))
        log_in = {**_fields(_form(expired, "/login")), "login": "office", "password": PASSWORD}
        back = office.post("/login", data=log_in, headers=_at(ACTION))
    again = office.post(ACTION, data={**_fields(_form(back)), "reason": "领导要求"}, headers=_at(ACTION))
    assert again.status_code == HTTPStatus.CONFLICT
    after = office.post(ACTION, data=_fields(_form(again)), headers=_at(ACTION))
    assert after.status_code == HTTPStatus.SEE_OTHER, "whoever has seen it decides"


@pytest.mark.parametrize(
    "wanted", ["/\t/evil.example", "/\n/x", "/\r/x", "/\t/[x", "//evil.example", "/\\evil.example"]
)
def test_a_log_in_leads_to_no_page_of_others(office: FlaskClient, wanted: str) -> None:
    fields = {**_fields(_form(office.get("/login"), "/login")), "login": "office", "password": PASSWORD}
    answer = office.post("/login", data={**fields, "next": wanted}, headers=_at("/login"))
    assert (answer.status_code, answer.headers["Location"]) == (HTTPStatus.SEE_OTHER, "/desk")


@pytest.mark.parametrize("page", ["/tasks/1?x=\x01", "/tasks/1?x=\uffff", "/tasks/1", "/\t/[x"])
def test_signs_that_no_document_may_hold_are_no_error_of_the_server(office: FlaskClient, page: str) -> None:
    fields = {
        **_fields(_form(office.get(TASK))),
        "new_on": "2022-08-01",
        "reason": "会议\uffff议定",
        "page_of_form": page,
    }
    assert office.post(ACTION, data=fields, headers=_at(TASK)).status_code == HTTPStatus.BAD_REQUEST


def test_who_sent_a_file_as_the_log_in_ended_is_told_that_it_is_to_be_chosen_again(office: FlaskClient) -> None:
    fields = {**_fields(_form(office.get(TASK))), **SENT}
    office.delete_cookie("tracker_login")
    without = office.post(ACTION, data=fields, headers=_at(TASK)).get_data(as_text=True)
    file = {"files": (BytesIO(b"x"), "a.txt")}
    with_file = office.post(ACTION, data={**fields, **file}, headers=_at(TASK)).get_data(as_text=True)
    assert ("附件没有留下" in without, "附件没有留下" in with_file) == (False, True)
