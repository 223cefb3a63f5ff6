"""An act on the page of a form leaves what is written there and was not sent where it stands."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from lxml.html import HtmlElement
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.office import FIRST, IN_TIME
from tests.support.site import Site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    return made


@pytest.fixture
def liaison(site: Site) -> Iterator[FlaskClient]:
    with site.client("swj") as client:
        yield client


@pytest.fixture
def page(site: Site) -> str:
    with site.services.database.reading() as session:
        return f"/periods/{site.city.period('swj', session, name=FIRST).id}/form"


def _form(answer: TestResponse) -> HtmlElement:
    document = html.document_fromstring(answer.get_data(as_text=True))
    return next(form for form in document.iter("form") if re.fullmatch(r"/periods/\d+/form", form.get("action")))


def _written(form: HtmlElement) -> dict[str, str]:
    """Write something into every field that people write in, and return what a browser sends of the form."""
    for one in form.iter("textarea", "input", "select"):
        if one.tag == "textarea" or one.get("type") == "text":
            one.value = f"写在{one.name}"
        elif one.get("type") == "date":
            one.value = "2022-09-27"
        elif one.tag == "select":
            one.value = one.value_options[-1]
        elif one.get("type") == "checkbox":
            one.checked = True
    return dict(form.form_values())


def _act(name: str, form: HtmlElement) -> str:
    actions = (str(one.get("formaction", "")) for one in form.iter("button"))
    return next(action for action in actions if action.endswith(name))


def test_every_act_on_the_page_of_a_form_sends_all_that_is_written_on_it(liaison: FlaskClient, page: str) -> None:
    document = html.document_fromstring(liaison.get(page).get_data(as_text=True))
    acts = [form.get("action") for form in document.iter("form") if form.get("method") == "post"]
    assert [action for action in acts if action != "/logout"] == [page]
    links = {link.get("href") for link in document.xpath("//form//a[contains(@class, 'btn')]")}
    assert not links, "a link takes nothing along"


def test_more_time_is_asked_for_and_what_was_written_stays(site: Site, liaison: FlaskClient, page: str) -> None:
    form = _form(liaison.get(page))
    asks = _act("/extension", form)
    sent = _written(form) | {f"x{asks.split('/')[2]}-new_due_on": "2022-10-20"}
    answer = liaison.post(asks, data=sent)
    assert answer.status_code == HTTPStatus.OK
    assert "延期申请已送本单位负责人审签" in answer.get_data(as_text=True)
    own = {name for name in sent if name.startswith(f"x{asks.split('/')[2]}-")} | {"csrf_token"}
    assert dict(_form(answer).form_values()).items() >= {n: t for n, t in sent.items() if n not in own}.items()


def test_a_refused_request_for_more_time_leaves_all_where_it_was(liaison: FlaskClient, page: str) -> None:
    form = _form(liaison.get(page))
    sent = _written(form)
    answer = liaison.post(_act("/extension", form), data=sent)
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    [fault] = _form(answer).xpath(f".//*[@id='refused-x{_act('/extension', form).split('/')[2]}-new_due_on']")
    assert "不构成延期" in fault.text_content()
    assert dict(_form(answer).form_values()).items() >= {n: t for n, t in sent.items() if n != "csrf_token"}.items()


def test_where_nothing_stands_unsent_an_act_leads_back_to_the_page(liaison: FlaskClient, page: str) -> None:
    form = _form(liaison.get(page))
    asks = _act("/extension", form)
    key = f"x{asks.split('/')[2]}-"
    sent = dict(form.form_values()) | {f"{key}new_due_on": "2022-10-20", f"{key}reason": "待会签"}
    answer = liaison.post(asks, data=sent)
    assert (answer.status_code, answer.headers["Location"]) == (HTTPStatus.SEE_OTHER, page)


def test_files_that_were_chosen_are_named_to_be_chosen_again(liaison: FlaskClient, page: str) -> None:
    form = _form(liaison.get(page))
    asks = _act("/extension", form)
    key = f"x{asks.split('/')[2]}-"
    file = next(one.name for one in form.iter("input") if one.get("type") == "file")
    sent = dict(form.form_values()) | {f"{key}new_due_on": "2022-10-20", f"{key}reason": "待会签"}
    answer = liaison.post(asks, data={**sent, file: (BytesIO(b"x"), "台账.txt")}, content_type="multipart/form-data")
    assert "刚才选的台账.txt没有保存，请重新选择" in answer.get_data(as_text=True)


def test_the_last_report_begins_blank_rows_only(site: Site, liaison: FlaskClient) -> None:
    site.city.accept(site.city.file())
    site.clock.at = IN_TIME.replace(month=10, day=28)
    site.city.sweep(site.clock.at)
    with site.services.database.reading() as session:
        page = f"/periods/{site.city.period('swj', session, name='2022-10').id}/form"
    form = _form(liaison.get(page))
    first = next(form.iter("button"))
    assert (first.get("formaction"), first.get("name")) == (f"{page}/again", None), "Enter in a field asks for nothing"
    [fact] = (one.name for one in form.iter("textarea") if one.name.endswith("-fact"))
    blank = dict(form.form_values())
    begun = dict(_form(liaison.post(f"{page}/again", data=blank | {"again": "yes"})).form_values())
    assert begun[fact].strip() == "9月28日印发通报1期。"
    kept = dict(_form(liaison.post(f"{page}/again", data=blank | {"again": "yes", fact: "10月新写"})).form_values())
    assert kept[fact].strip() == "10月新写"
    entered = dict(_form(liaison.post(f"{page}/again", data=blank | {fact: "10月新写"})).form_values())
    assert entered[fact].strip() == "10月新写"


def test_a_form_with_words_for_more_time_is_not_sent_past_them(liaison: FlaskClient, page: str) -> None:
    form = _form(liaison.get(page))
    key = f"x{_act('/extension', form).split('/')[2]}-"
    answer = liaison.post(page, data=dict(form.form_values()) | {f"{key}reason": "待会签"})
    assert answer.status_code == HTTPStatus.BAD_REQUEST
    assert dict(_form(answer).form_values())[f"{key}reason"] == "待会签"
    [fault] = _form(answer).xpath(f".//*[@id='refused-{key}reason']")
    assert "请先“申请延期”" in fault.text_content()


def test_what_is_written_while_the_form_waits_for_the_head_outlives_its_withdrawal(
    site: Site, liaison: FlaskClient, page: str
) -> None:
    site.city.submit()
    form = _form(liaison.get(page))
    withdraws, sent = _act("/withdraw", form), _written(form)
    answer = liaison.post(withdraws, data=sent)
    back = dict(_form(answer).form_values())
    assert "已撤回" in answer.get_data(as_text=True)
    assert back.items() >= {name: text for name, text in sent.items() if name.startswith("x")}.items()
    assert any(name.endswith("-fact") and text.strip() for name, text in back.items()), "with what was withdrawn"


def test_a_log_in_that_ended_brings_an_act_back_with_all_that_was_written(liaison: FlaskClient, page: str) -> None:
    form = _form(liaison.get(page))
    asks, sent = _act("/extension", form), _written(form)
    liaison.delete_cookie("tracker_login")
    expired = liaison.post(asks, data=sent, headers={"Referer": f"http://localhost{asks}"})
    kept = html.document_fromstring(expired.get_data(as_text=True)).xpath("//input[@name='kept_fields']/@value")
    assert kept
    assert f"写在{next(name for name in sent if name.endswith('-reason'))}".encode("unicode_escape").decode() in kept[0]


def test_a_day_off_that_is_asked_for_and_given_is_told_to_both(site: Site, page: str) -> None:
    liaison, office = site.logged_in("swj"), site.logged_in("office")
    form = _form(liaison.get(page))
    asks = _act("/extension", form)
    key = f"x{asks.split('/')[2]}-"
    sent = dict(form.form_values()) | {f"{key}new_due_on": "2022-10-22", f"{key}reason": "待会签"}
    hint = "10月22日（周六）不是工作日，此前最后一个工作日是10月21日（周五）。"
    liaison.post(asks, data=sent)
    head = site.logged_in("swj-head")
    queue = html.document_fromstring(head.get("/sign-off").get_data(as_text=True))
    assert hint in queue.text_content()
    [signs] = [form for form in queue.forms if str(form.action).endswith("/sign")]
    head.post(signs.action, data=dict(signs.form_values()))
    assert hint in liaison.get(page).get_data(as_text=True)
    queue = html.document_fromstring(office.get("/review").get_data(as_text=True))
    assert hint in queue.text_content()
    [grant] = [form for form in queue.forms if str(form.action).endswith("/grant") and "new_due_on" in form.fields]
    granted = dict(grant.form_values()) | {"new_due_on": "2022-10-29"}
    answer = office.post(grant.action, data=granted, follow_redirects=True).get_data(as_text=True)
    assert "10月29日（周六）不是工作日，此前最后一个工作日是10月28日（周五）。" in answer
