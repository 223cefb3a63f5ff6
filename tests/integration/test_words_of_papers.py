"""Words of a paper that somebody typed: held against what its type promises, whom it is served on, and what prints."""

import html
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.office import LATE
from tests.support.site import Site, post
from tracker.store.tables.circulars import CircularRow

_PAGE = "/circulars/1"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    site.clock.at = LATE
    return site


def _draft(site: Site, office: FlaskClient, kind: str = "urge", **about: str) -> dict[str, str | list[str]]:
    """Draft a paper; return the words of its form as the page has them."""
    post(office, "/circulars", at="/circulars", type=kind, **(about or {"unit": "市商务局"}))
    row = _row(site)
    words: dict[str, str | list[str]] = {name: getattr(row, name) for name in ("title", "addressees", "copies", "note")}
    return {**words, "text": [str(one[1]) for one in row.statements]}


def _row(site: Site) -> CircularRow:
    with site.services.database.reading() as session:
        return session.get_one(CircularRow, 1)


def _save(office: FlaskClient, site: Site, **fields: str | list[str]) -> TestResponse:
    sent = {"added_after": "1", "urgency": "", **fields}
    return post(office, f"{_PAGE}/edit", at=_PAGE, version=str(_row(site).version), **sent)


def _said(answer: TestResponse) -> str:
    return html.unescape(re.sub("<[^>]+>", "", answer.get_data(as_text=True)))


def _submitted(office: FlaskClient, site: Site) -> TestResponse:
    version = str(_row(site).version)
    token = office.get("/circulars").get_data(as_text=True).split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    return office.post(f"{_PAGE}/submit", data={"csrf_token": token, "version": version})


@pytest.mark.parametrize(
    ("cleared", "said"), [("{answer_by}", "正文没有写明答复时限"), ("", "正文没有一段文字")], ids=["day", "text"]
)
def test_a_paper_that_wants_an_answer_goes_out_with_text_and_day_or_not_at_all(
    site: Site, cleared: str, said: str
) -> None:
    with site.client("office") as office:
        words = _draft(site, office)
        assert _save(office, site, **{**words, "text": ["" if cleared in one else one for one in words["text"]]})
        assert said in _said(office.get(_PAGE))
        refused = _submitted(office, site)
        assert (refused.status_code, said in _said(refused), _row(site).state) == (409, True, "draft")
        gone = re.findall(r'name="put_back" value="(\d+)"', office.get(_PAGE).get_data(as_text=True))
        left = [str(one[1]) for one in _row(site).statements]
        assert _save(office, site, **{**words, "text": left, "put_back": gone}).status_code == 303
        assert [str(one[1]) for one in _row(site).statements] == words["text"]
        assert _submitted(office, site).status_code == 303


@pytest.mark.parametrize("addressees", ["", "驻马店市统计局", "各县区人民政府"])
def test_a_paper_to_one_unit_names_that_unit(site: Site, addressees: str) -> None:
    with site.client("office") as office:
        words = _draft(site, office)
        _save(office, site, **{**words, "addressees": addressees})
        said = "主送没有写驻马店市商务局"
        assert said in _said(office.get(_PAGE))
        refused = _submitted(office, site)
        assert (refused.status_code, said in _said(refused), _row(site).state) == (409, True, "draft")
        _save(office, site, **{**words, "addressees": "驻马店市商务局"})
        assert said not in _said(office.get(_PAGE))
        assert _submitted(office, site).status_code == 303


def test_a_unit_that_is_named_and_not_served_is_said_before_a_paper_goes_on(site: Site) -> None:
    with site.client("office") as office:
        words = _draft(site, office)
        assert "不向其送达" not in _said(office.get(_PAGE))
        _save(office, site, **{**words, "addressees": "市商务局、驻马店市统计局"})
        assert "主送写有市统计局，本件印发后不向其送达" in _said(office.get(_PAGE))


def test_units_that_are_served_and_in_no_way_meant_are_said(site: Site) -> None:
    with site.client("office") as office:
        words = _draft(site, office, "notice", document="驻政办〔2022〕99号")
        for addressees, told in (("各县区人民政府", True), ("市直有关部门", False), (str(words["addressees"]), False)):
            _save(office, site, **{**words, "addressees": addressees})
            assert ("主送没有写" in _said(office.get(_PAGE))) == told, addressees


@pytest.mark.parametrize(
    "brace", ["｛overdue｝", "{{ config }}", "{% for x in y %}", "{Total}", "{{7*7}}", "﹛overdue﹜"]
)
def test_braces_that_are_no_figure_do_not_go_to_print(site: Site, brace: str) -> None:
    with site.client("office") as office:
        words = _draft(site, office)
        text = words["text"]
        refused = _save(office, site, **{**words, "text": [text[0] + brace, *text[1:]]})
        assert (refused.status_code, "写成{overdue}的样子" in _said(refused)) == (400, True)
        by_hand = {"added": f"正在补报{brace}。", "cited": "驻政办〔2022〕99号一1"}
        assert _save(office, site, **words, **by_hand).status_code == 400
        for name in ("title", "addressees", "copies", "note"):
            refused = _save(office, site, **{**words, name: f"甲{brace}"})
            assert (refused.status_code, "不能用花括号" in _said(refused)) == (400, True), name
        assert _row(site).version == 1


def test_a_draft_that_was_kept_with_such_braces_does_not_go_out(site: Site) -> None:
    with site.client("office") as office:
        _draft(site, office)
        with site.services.database.transaction() as session:
            row = session.get_one(CircularRow, 1)
            row.statements = [[0, f"{row.statements[0][1]}｛overdue｝"], *row.statements[1:]]
        assert "写成{overdue}的样子" in _said(office.get(_PAGE))
        assert _submitted(office, site).status_code == 400


@pytest.mark.parametrize(
    ("fields", "name", "said"),
    [
        ({"title": " "}, "title", "请填写标题。"),
        ({"title": "长" * 2001}, "title", "公文标题不能超过150字"),
        ({"note": "{x}"}, "note", "附注中不能用花括号"),
        ({"addressees": "{x}"}, "addressees", "主送中不能用花括号"),
        ({"urgency": "十万火急"}, "urgency", "紧急程度“十万火急”不在可选范围内"),
    ],
)
def test_a_fault_stands_beside_its_field(site: Site, fields: dict[str, str], name: str, said: str) -> None:
    with site.client("office") as office:
        words = _draft(site, office)
        token = office.get(_PAGE).get_data(as_text=True).split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
        form = {"csrf_token": token, "version": "1", "urgency": "", "added_after": "1", **words, **fields}
        answer = office.post(f"{_PAGE}/edit", data=form, headers={"Referer": f"http://localhost{_PAGE}"})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 400
        [field] = re.findall(rf'<[^>]*name="{name}"[^>]*>', page)
        [described] = re.findall(r'aria-describedby="([^"]+)"', field)
        assert said in html.unescape(page.split(f'id="{described}"', 1)[1][:400])
        assert _row(site).version == 1
