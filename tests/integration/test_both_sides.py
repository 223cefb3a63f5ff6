"""Whoever was overtaken sees beside what he wrote what it would replace; no text stands where it does not belong."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from openpyxl import load_workbook
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.office import BY, OFFICE
from tests.support.site import PASSWORD, Site
from tracker.domain.circulars.content import Figure
from tracker.domain.outages import Outage
from tracker.gateways.ledger_files import workbook
from tracker.gateways.source_files import write_sources
from tracker.usecases.recording_outages import record_outage
from tracker.usecases.requesting import RequestExtension, refuse_request, request_extension

LEDGER = {"source": "会议议定事项", "number": "纪要〔2022〕1号", "title": "会议", "issued_on": "2022-08-20"}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(fresh_sqlite(tmp_path), tmp_path)


@pytest.fixture
def first(site: Site) -> FlaskClient:
    return site.logged_in("office")


@pytest.fixture
def second(site: Site) -> FlaskClient:
    return site.logged_in("office")


def _form(answer: TestResponse, action: str, *having: str, place: int = 0) -> html.HtmlElement:
    forms = html.document_fromstring(answer.get_data(as_text=True)).iter("form")
    found = [one for one in forms if one.get("action") == action and set(having) <= {x.get("name") for x in one.iter()}]
    return found[place]


def _sent(form: html.HtmlElement, **over: str | Sequence[str]) -> MultiDict[str, str]:
    """Return what a browser sends of a form, with other words in some fields."""
    fields: MultiDict[str, str] = MultiDict()
    for one in form.iter("input", "textarea", "select"):
        if not one.get("name") or one.get("type") in ("file", "checkbox", "radio"):
            continue
        if one.tag == "select":
            options = list(one.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            fields.add(one.get("name"), chosen[0].get("value", chosen[0].text) if chosen else "")
        else:
            fields.add(
                one.get("name"), (one.text or "").lstrip("\n") if one.tag == "textarea" else one.get("value", "")
            )
    for name, value in over.items():
        fields.setlist(name, [value] if isinstance(value, str) else list(value))
    return fields


def _post(client: FlaskClient, action: str, fields: Mapping[str, str], page: str) -> TestResponse:
    return client.post(action, data=fields, headers={"Referer": f"http://localhost{page}"})


def _paper(client: FlaskClient) -> str:
    form = _form(client.get("/circulars"), "/circulars", "type")
    assert (
        _post(client, "/circulars", _sent(form, type="supervision"), "/circulars").status_code == HTTPStatus.SEE_OTHER
    )
    return "/circulars/1"


def _draft(client: FlaskClient, words: Sequence[str]) -> str:
    rows = {
        "words": words,
        "leads": ["市商务局"] * len(words),
        "supports": [""] * len(words),
        "due_on": ["2022-12-01"] * len(words),
        "rhythm": ["每月"] * len(words),
    }
    answer = _post(client, "/ledgers", _sent(_form(client.get("/ledgers"), "/ledgers", "words"), **LEDGER, **rows), "/")
    assert answer.status_code == HTTPStatus.SEE_OTHER
    return str(answer.headers["Location"])


def test_paragraphs_of_a_paper_that_has_others_now_are_copied_not_put_in_their_places(
    first: FlaskClient, second: FlaskClient
) -> None:
    page = _paper(first)
    action = f"{page}/edit"
    old = _sent(_form(second.get(page), action))
    texts = old.getlist("text")
    less = _sent(_form(first.get(page), action), text=[texts[0], "", *texts[2:]])
    assert _post(first, action, less, page).status_code == HTTPStatus.SEE_OTHER
    mine = _sent(_form(second.get(page), action), text=[*texts[:-1], f"{texts[-1]}乙改"])
    mine.setlist("version", old.getlist("version"))
    refused = _post(second, action, mine, page)
    assert refused.status_code == HTTPStatus.CONFLICT
    assert "乙改" in refused.get_data(as_text=True)
    assert not html.document_fromstring(refused.get_data(as_text=True)).xpath(f"//form[@action='{action}']")


def test_after_a_log_in_too(first: FlaskClient, second: FlaskClient) -> None:
    page = _paper(first)
    action = f"{page}/edit"
    mine = _sent(_form(second.get(page), action))
    texts = mine.getlist("text")
    less = _sent(_form(first.get(page), action), text=[texts[0], "", *texts[2:]])
    assert _post(first, action, less, page).status_code == HTTPStatus.SEE_OTHER
    second.delete_cookie("tracker_login")
    log_in = _form(_post(second, action, mine, page), "/login")
    back = _post(second, "/login", _sent(log_in, login="office", password=PASSWORD), action).get_data(as_text=True)
    assert texts[-1] in back
    assert not html.document_fromstring(back).xpath(f"//form[@action='{action}']")


def test_what_a_colleague_wrote_in_other_fields_stands_beside_them(first: FlaskClient, second: FlaskClient) -> None:
    page = _draft(first, ["推进一件事", "推进二件事"])
    action = f"{page}/correct"
    old = _sent(_form(second.get(page), action, "issuer"), title="乙标题")
    theirs = _sent(_form(first.get(page), action, "issuer"), issuer="甲机关")
    assert _post(first, action, theirs, page).status_code == HTTPStatus.SEE_OTHER
    form = _form(_post(second, action, old, page), action, "issuer")
    hints = [hint.text for hint in form.xpath(".//span[@class='hint']") if (hint.text or "").startswith("现为：")]
    assert hints == ["现为：会议", "现为：甲机关"]
    assert _sent(form)["title"] == "乙标题"


def test_what_is_no_longer_on_the_page_comes_back_in_no_other_form(first: FlaskClient, second: FlaskClient) -> None:
    page = _draft(first, ["推进一件事", "推进二件事", "推进三件事"])
    action = f"{page}/correct"
    edits = ("item", "leads")
    mine = _sent(_form(second.get(page), action, *edits, place=2), label="乙号", title="乙的事项", act="edit")
    gone = next(
        form
        for form in html.document_fromstring(first.get(page).get_data(as_text=True)).iter("form")
        if form.get("action") == action and form.xpath(".//*[@name='act'][@value='drop']")
    )
    assert _post(first, action, _sent(gone, act="drop"), page).status_code == HTTPStatus.SEE_OTHER
    refused = _post(second, action, mine, page)
    assert refused.status_code == HTTPStatus.CONFLICT
    assert "乙的事项" in refused.get_data(as_text=True)
    assert not html.document_fromstring(refused.get_data(as_text=True)).xpath("//form//*[@value='乙号']")


def test_the_decision_for_which_an_act_is_refused_stands_first(site: Site, first: FlaskClient) -> None:
    with site.services.database.reading() as session:
        series, row = site.city.series("swj", session).id, site.city.row("swj", session).id or 0
    page = f"/series/{series}"
    action = f"{page}/rows/{row}/due"
    site.clock.at = datetime(2022, 9, 28, 1, tzinfo=UTC)
    with site.services.database.transaction() as session:
        asked = RequestExtension(row, date(2022, 10, 14), "待会签")
        request_extension(session, asked, actor=site.city.liaison("swj"), at=site.clock.at)
        refuse_request(session, request_id=1, reason="不宜延期", actor=OFFICE, at=site.clock.at, by=BY)
    mine = _sent(_form(first.get(page), action), new_due_on="2022-10-20", reason="会议议定")
    outage = Outage(datetime(2022, 10, 10, 1, tzinfo=UTC), datetime(2022, 10, 11, 4, tzinfo=UTC))
    site.clock.at = datetime(2022, 10, 12, 1, tzinfo=UTC)
    with site.services.database.transaction() as session:
        record_outage(session, outage, reason="机房断电", actor=OFFICE, at=site.clock.at, by=BY)
    refused = _post(first, action, mine, page)
    assert refused.status_code == HTTPStatus.CONFLICT
    lines = html.document_fromstring(refused.get_data(as_text=True)).xpath("//ol[@class='events']/li")
    assert "10月12日" in lines[0].text_content()


def test_whoever_has_to_wait_with_his_log_in_keeps_what_was_written(first: FlaskClient) -> None:
    page, action = "/tasks/1", "/tasks/1/deadline"
    mine = _sent(_form(first.get(page), action), new_on="2022-12-30", reason="独特的理由")
    first.delete_cookie("tracker_login")
    answer = _post(first, action, mine, page)
    for _time in range(7):
        answer = _post(first, "/login", _sent(_form(answer, "/login"), login="office", password="错"), "/login")
    assert "尝试次数过多" in answer.get_data(as_text=True)
    assert "独特的理由" in dict(json.loads(_sent(_form(answer, "/login"))["kept_fields"])).values()


@pytest.mark.parametrize("sign", ["\x01", "\x0b", "\ufffe", "\uffff"])
def test_no_sign_that_a_sheet_cannot_hold_is_taken_from_a_form(first: FlaskClient, sign: str) -> None:
    page = _draft(first, [f"推进{sign}一件事"])
    action = f"{page}/correct"
    head = _sent(_form(first.get(page), action, "issuer"), title=f"会{sign}议")
    assert _post(first, action, head, page).status_code == HTTPStatus.SEE_OTHER
    words = first.get(page).get_data(as_text=True)
    assert ("推进一件事" in words, sign in words) == (True, False)
    # What was kept before is left out where it is drawn.
    sheets = (
        workbook([[f"推进{sign}一件事"]], title="任务分解表", columns=("事项",), widths=(10,)),
        write_sources([("标题", Figure("title", f"会{sign}议", "名称", ()))], head=[("名称", f"会{sign}议")], cited={}),
    )
    for sheet in sheets:
        book = load_workbook(BytesIO(sheet))
        assert {"推进一件事", "会议"} & {cell for row in book[book.sheetnames[0]].values for cell in row}
