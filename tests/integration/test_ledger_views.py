"""A view of the ledger is its person's own: kept under a name, called otherwise, dropped, seen by nobody else."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.support.databases import fresh_sqlite
from tests.support.site import Site, post

_VIEW = re.compile(r"<b>我的视图</b>(.*?)</p>", re.DOTALL)
_LINK = re.compile(r'<a href="([^"]+)">([^<]+)</a>')
_ID = re.compile(r"/ledger/views/(\d+)/rename")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(fresh_sqlite(tmp_path), tmp_path)


def _views(client: FlaskClient) -> dict[str, str]:
    found = _VIEW.search(client.get("/ledger").get_data(as_text=True))
    return {name: address.replace("&amp;", "&") for address, name in _LINK.findall(found[1])} if found else {}


def _keep(client: FlaskClient, name: str, asked: str) -> int:
    return post(client, "/ledger/views", at="/ledger", name=name, asked=asked).status_code


def _id(client: FlaskClient) -> str:
    return str(_ID.findall(client.get("/ledger").get_data(as_text=True))[0])


def test_a_view_gives_again_what_was_asked_with_order_and_columns(site: Site) -> None:
    with site.client("office") as office:
        assert _views(office) == {}
        asked = "light=red&q=%E6%8B%9B%E5%95%86&sort=-due&show=lead&show=due"
        assert _keep(office, "招商逾期", asked) == 303
        assert _views(office) == {"招商逾期": f"/ledger?{asked}"}
        assert office.get(_views(office)["招商逾期"]).status_code == 200
        assert _keep(office, "招商逾期", "class=behind&nonsense=1&sort=purple") == 303
        assert _views(office) == {"招商逾期": "/ledger?class=behind"}


def test_a_view_is_called_otherwise_and_dropped_by_its_person_only(site: Site) -> None:
    office, leader = site.logged_in("office"), site.logged_in("leader")
    _keep(office, "甲", "light=red")
    _keep(office, "乙", "light=yellow")
    view = _id(office)
    assert _views(leader) == {}
    for act in ("rename", "drop"):
        assert post(leader, f"/ledger/views/{view}/{act}", at="/ledger", name="丙").status_code == 404
    assert post(office, f"/ledger/views/{view}/rename", at="/ledger", name="乙").status_code == 409
    assert post(office, f"/ledger/views/{view}/rename", at="/ledger", name=" 丙\n丁 ").status_code == 303
    assert set(_views(office)) == {"丙 丁", "乙"}
    assert post(office, f"/ledger/views/{view}/drop", at="/ledger").status_code == 303
    assert set(_views(office)) == {"乙"}


def test_a_view_needs_a_name_and_nobody_keeps_them_without_end(site: Site) -> None:
    with site.client("swj") as liaison:
        assert _keep(liaison, "  ", "light=red") == 400
        assert _keep(liaison, "长" * 21, "light=red") == 400
        assert _keep(liaison, "甲", "from=2022-13-99") == 400
        assert [_keep(liaison, f"第{number}个", "") for number in range(21)] == [303] * 20 + [409]
        assert _keep(liaison, "第0个", "light=red") == 303
