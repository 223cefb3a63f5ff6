"""The page 「无人可提醒」: whom nobody hears for, and who keeps which group."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import render_template
from sqlalchemy import select
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.site import Site, post
from tracker.domain.units import UnitKind
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UnitRow


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """The two counties have no accounts; 驿城区 is a leading group here."""
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    with site.city.database.transaction() as session:
        group = session.scalars(select(UnitRow).where(col(UnitRow.code) == "yc")).one()
        group.kind = UnitKind.LEADING_GROUP.value
    yield site
    site.city.database.dispose()


def test_the_office_sees_whom_nobody_hears_for_and_what_can_be_done(site: Site) -> None:
    with site.client("office") as client:
        page = client.get("/nobody").get_data(as_text=True)
    assert "<b>2 个单位</b>有承办事项" in page
    assert "请系统管理员为该单位开通联络员账号。" in page
    assert f'action="/nobody/{site.city.unit_id("yc")}/keeper"' in page
    assert f'action="/nobody/{site.city.unit_id("sp")}/keeper"' not in page


def test_naming_a_keeper_takes_the_group_off_the_list_and_shows_who_keeps_it(site: Site) -> None:
    group, keeper = site.city.unit_id("yc"), site.city.unit_id("tjj")
    with site.client("office") as client:
        answer = post(client, f"/nobody/{group}/keeper", at="/nobody", keeper=str(keeper), reason="办公室设在市统计局")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/nobody")
        page = client.get("/nobody").get_data(as_text=True)
    assert "已登记办公室所在单位。" in page
    assert "<b>1 个单位</b>有承办事项" in page
    assert '<td role="cell">市统计局</td>' in page


def test_a_keeper_without_a_reason_is_refused(site: Site) -> None:
    group, keeper = site.city.unit_id("yc"), site.city.unit_id("tjj")
    with site.client("office") as client:
        answer = post(client, f"/nobody/{group}/keeper", at="/nobody", keeper=str(keeper), reason="")
    assert answer.status_code == 400


@pytest.mark.parametrize("login", ["swj", "swj-head", "leader", "reader"])
def test_only_the_office_sees_the_page(site: Site, login: str) -> None:
    with site.client(login) as client:
        assert client.get("/nobody").status_code == 404


def test_the_line_for_the_desk_counts_them_and_is_gone_when_everybody_hears(site: Site) -> None:
    with site.app.test_request_context():
        assert ">2 个单位无人可提醒</a>" in render_template("web/nobody/line.html")
    with site.city.database.transaction() as session:
        for share in session.scalars(select(AssignmentRow)):
            share.state = "released"
    with site.app.test_request_context():
        assert render_template("web/nobody/line.html").strip() == ""
