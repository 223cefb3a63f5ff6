"""Exports of projects on their page: what is taken is what was shown, and what its heads say is asked back."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.support.databases import fresh_sqlite
from tests.support.project_pages import put, send, take
from tests.support.project_pages import words as words_of
from tests.support.site import Site
from tracker.domain.entered import LONGEST_REASON
from tracker.domain.scoring.inputs import Month
from tracker.store.queries.projects import EVERY_PROJECT, projects
from tracker.store.tables.projects import ProjectRow, SiteCheckRow

FIRST = ("P1", "外资甲", "遂平县", 1.5, 5000, 1200, None)
SECOND = ("P2", "外资乙", "驿城区", 0.8, 3000, 90, None)
AUGUST = Month(2022, 8)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(fresh_sqlite(tmp_path), tmp_path)


def _was(client: FlaskClient, page: str) -> str:
    found = re.search(r'name="was" value="([^"]*)"', client.get(page).get_data(as_text=True))
    assert found
    return found[1]


def _take(client: FlaskClient, page: str, was: str, **fields: str) -> TestResponse:
    return send(client, f"{page}/take", page=page, was=was, **fields)


def _value(site: Site, name: str) -> int | None:
    with site.services.database.reading() as session:
        return next(one for one in projects(session, scope=EVERY_PROJECT) if one.name == name).values.get(AUGUST)


def test_what_others_changed_since_the_check_was_shown_is_not_written_over(site: Site) -> None:
    with site.client("swj") as client:
        take(client, FIRST, SECOND)
        page = put(client, (*FIRST[:5], 1500, None), (*SECOND[:5], 100, None)).headers["Location"]
        was = _was(client, page)
        told = {"month": "2022-08", "invested": "1300", "source": "县区更正", "reason": "漏计"}
        assert send(client, "/projects/1/value", page="/projects/1", **told).status_code == 303
        answer = _take(client, page, was)
        words = words_of(answer)
        assert answer.status_code == 409
        assert "核对以后他人有改动，涉及外资甲；没有导入任何内容" in words
        assert "1300→1500" in words, "the check is shown anew"
        assert (_value(site, "外资甲"), _value(site, "外资乙")) == (13_000_000, 900_000)
        again = re.search(r'name="was" value="([^"]*)"', words)
        assert again
        assert again[1] != was
        assert _take(client, page, again[1]).status_code == 303
        assert (_value(site, "外资甲"), _value(site, "外资乙")) == (15_000_000, 1_000_000)


def test_what_was_new_when_it_was_shown_is_not_taken_as_a_change(site: Site) -> None:
    with site.client("swj") as client:
        page, other = (put(client, (*FIRST[:5], value, None)).headers["Location"] for value in (1, 2))
        was = _was(client, page)
        assert _take(client, other, _was(client, other)).status_code == 303
        assert "涉及外资甲" in words_of(_take(client, page, was))
        assert _take(client, page, "").status_code == 409, "a page that showed no plan"
        assert _value(site, "外资甲") == 20_000


def test_a_head_that_names_another_month_is_asked_back(site: Site) -> None:
    with site.client("swj") as client:
        page = put(client, FIRST, month="2022-07").headers["Location"]
        assert "列名所写的时间与所选的2022年7月不一致：“1-8月累计完成投资（万元）”" in words_of(client.get(page))
        answer = _take(client, page, _was(client, page))
        assert answer.status_code == 400
        assert "月份选错的请重新上传" in words_of(answer)
        assert _take(client, page, _was(client, page), other_period="yes").status_code == 303
        fitting = put(client, SECOND).headers["Location"]
        assert "other_period" not in words_of(client.get(fitting))


def test_values_that_cannot_well_be_are_asked_back_beside_the_month_before(site: Site) -> None:
    """Nonsense in money, 14020 → 10 or 99999999 of 15000 in all, went into the ledger without a word."""
    with site.client("swj") as client:
        first = put(client, ("P1", "外资甲", "遂平县", 1.5, 5000, 14020, None), month="2022-07").headers["Location"]
        assert "strange_values" not in words_of(client.get(first))
        assert _take(client, first, _was(client, first), other_period="yes").status_code == 303
        for value, said in (
            (10, "2022年8月累计完成投资10万元，少于此前月份的14020万元"),
            (99999999, "2022年8月累计完成投资99999999万元，超过项目总投资15000万元"),
            (140200, "相差十倍以上"),
        ):
            page = put(client, ("P1", "外资甲", "遂平县", 1.5, 5000, value, None)).headers["Location"]
            shown = words_of(client.get(page))
            assert (said in shown, "2022年7月累计14020万元" in shown) == (True, True)
            refused = _take(client, page, _was(client, page))
            assert (refused.status_code, "有1个项目的累计完成投资须核对" in words_of(refused)) == (400, True)
        assert _take(client, page, _was(client, page), strange_values="yes").status_code == 303
        fields = {"month": "2022-08", "invested": "20", "source": "月报", "reason": "更正"}
        assert send(client, "/projects/1/value", page="/projects/1", **fields).status_code == 303
        assert "请再核对：2022年8月累计完成投资20万元，少于此前月份的14020万元" in words_of(client.get("/projects/1"))


def test_a_total_below_what_was_invested_is_asked_back_too(site: Site) -> None:
    with site.client("swj") as client:
        take(client, FIRST)
        page = put(client, (*FIRST[:3], 0.1, *FIRST[4:])).headers["Location"]
        assert "2022年8月累计完成投资1200万元，超过项目总投资1000万元" in words_of(client.get(page))
        assert _take(client, page, _was(client, page)).status_code == 400


def test_names_that_look_the_same_are_one_project(site: Site) -> None:
    with site.client("swj") as client:
        take(client, ("", *FIRST[1:]))
        page = put(client, ("", "外\u200b资甲\ufeff", *FIRST[2:])).headers["Location"]
        assert "新增0个、有变化0个" in words_of(client.get(page))
        fields = {"name": "外资\u2060甲", "build": "refit", "county": "sp", "list": "waizi", "since": "2022-08"}
        assert send(client, "/projects", page="/projects/new", **fields).status_code == 409
    with site.services.database.reading() as session:
        assert [one.name for one in session.scalars(select(ProjectRow))] == ["外资甲"]


@pytest.mark.parametrize(
    ("login", "form", "field", "fields"),
    [
        ("office", "check", "words", {"month": "2022-08", "day": "2022-09-01", "verdict": "false"}),
        ("swj", "value", "source", {"month": "2022-08", "invested": "1"}),
        ("swj", "value", "reason", {"month": "2022-08", "invested": "1", "source": "平台"}),
    ],
)
def test_words_are_bounded_and_never_cut(site: Site, login: str, form: str, field: str, fields: dict[str, Any]) -> None:
    with site.client("swj") as client:
        take(client, FIRST)
    page = "/projects/1/check" if form == "check" else "/projects/1"
    with site.client(login) as client:
        long = "漏" * (LONGEST_REASON + 1)
        answer = send(client, f"/projects/1/{form}", page=page, **fields, **{field: long})
        assert answer.status_code == 400
        assert f"不能超过{LONGEST_REASON}字" in words_of(answer)
        assert long in words_of(answer)
        whole = send(client, f"/projects/1/{form}", page=page, **fields, **{field: long[1:]})
        assert whole.status_code == 303, words_of(whole)
    if form == "check":
        with site.services.database.reading() as session:
            [check] = session.scalars(select(SiteCheckRow))
        assert (check.words, check.checked_on) == (long[1:], date(2022, 9, 1))
