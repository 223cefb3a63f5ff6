"""The pages of a month say what its marks lack, of the records of projects or of whom, and when its circular is due."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pytest
from sqlmodel import Session

from tests.support.accounts import NewUser, create_user
from tests.support.counted_evaluation import SEPTEMBER, Counted, countable
from tests.support.office import OFFICE, open_city
from tests.support.site import PASSWORD_HASH, Site, post
from tests.support.small_evaluation import AFTER, OPENED, figure, opened, ruling
from tests.support.small_scheme import SMALL_SCHEME
from tracker.domain.accounts import Role
from tracker.gateways.schemes import read_scheme
from tracker.store.database import Database
from tracker.usecases.scoring_rules import decide

_DUE = """
[[questions]]
code = "circular-due"
point = "office"
title = "什么时候印发"
words = "什么时候印发，没有规定。"
sources = ["1"]
options = [
  { code = "day", words = "次月第几日前", decided = "次月{number}日前", choice = "day", asks_number = true },
  { code = "none", words = "不定日期", choice = "none" },
]

[[settled]]
"""
_Done = TypeVar("_Done")


@pytest.fixture
def counted(database: Database) -> Counted:
    return countable(open_city(database))


@pytest.fixture
def site(counted: Counted, database: Database, tmp_path: Path) -> Site:
    made = Site(database, tmp_path, city=counted.city)
    made.clock.at = OPENED
    return made


def _do(counted: Counted, act: Callable[[Session], _Done]) -> _Done:
    with counted.city.database.transaction() as session:
        return act(session)


def _pages(site: Site, counted: Counted, who: str = "office") -> list[str]:
    month = f"/evaluation/{counted.worked.month_id}"
    return [site.logged_in(who).get(one).get_data(as_text=True) for one in (month, f"{month}/freeze")]


def _invested(session: Session, counted: Counted) -> int:
    project_id = counted.foreign(session, "外资甲")
    counted.invested(session, project_id, SEPTEMBER, 2_000_000)
    return project_id


def test_a_check_on_site_that_came_after_the_count_is_told_before_the_month_is_kept(
    counted: Counted, site: Site
) -> None:
    _do(counted, counted.rule)
    project_id = _do(counted, lambda session: _invested(session, counted))
    _do(counted, counted.count)
    assert not any("与得分不一致" in page for page in _pages(site, counted))
    _do(counted, lambda session: counted.checked(session, project_id, found=1_000_000))
    month, freeze = _pages(site, counted)
    assert all("项目台账有1处与得分不一致" in page for page in (month, freeze))
    assert "<b>从项目台账计数，" in month
    assert "与得分不一致" not in _pages(site, counted, "swj")[0], "the office alone freezes"
    address = f"/evaluation/{counted.worked.month_id}"
    assert post(site.logged_in("office"), f"{address}/count", at=f"{address}/projects").status_code == 303
    assert not any("与得分不一致" in page for page in _pages(site, counted))


def test_what_was_entered_otherwise_than_the_records_have_it_is_told_there_too(counted: Counted, site: Site) -> None:
    _do(counted, counted.rule)
    swj = counted.city.liaison("swj")
    _do(counted, lambda session: counted.worked.enter(session, swj, figure("projects", "yc", "3")))
    _do(counted, lambda session: _invested(session, counted))
    _do(counted, counted.count)
    assert all("有1处填报与项目台账不一致" in page for page in _pages(site, counted))


def test_before_a_month_is_over_nothing_is_missing(counted: Counted, site: Site) -> None:
    _do(counted, counted.rule)
    _do(counted, lambda session: _invested(session, counted))
    assert any("与得分不一致" in page for page in _pages(site, counted))
    site.clock.at = AFTER.replace(month=9)
    assert not any("与得分不一致" in page for page in _pages(site, counted))


@pytest.mark.parametrize("number", [Decimal(20), None])
def test_the_day_that_was_decided_for_the_circular_is_a_term(
    database: Database, tmp_path: Path, number: Decimal | None
) -> None:
    city = open_city(database)
    worked = opened(city, content=SMALL_SCHEME.replace("[[settled]]\n", _DUE.lstrip(), 1))
    site, address = Site(database, tmp_path, city=city), f"/evaluation/{worked.month_id}"
    site.clock.at = OPENED
    told = replace(ruling("circular-due", "none" if number is None else "day"), number=number)
    with database.transaction() as session:
        decide(session, told, read=read_scheme, actor=OFFICE, at=OPENED)
    due = "通报应于10月20日（周四，含）前印发"
    page = site.logged_in("office").get(address).get_data(as_text=True)
    assert (due in page, "已经过期" in page) == (number is not None, False)
    desk = site.logged_in("office").get("/desk").get_data(as_text=True)
    assert (due in desk, "已经过期" in desk) == (number is not None, False), "the desk tells the day too"
    lede = desk.partition('<p class="lede">')[2].partition("</p>")[0]
    lede = "".join(re.sub(r"<[^>]+>", "", lede).split())
    assert re.search(r"考评：[^；。]*[^\d项]。按建制顺序", lede), (
        f"a month is one thing, without a count behind it: {lede}"
    )
    site.clock.at = OPENED + timedelta(days=13)
    for one in (address, "/desk"):
        assert ("已经过期" in site.logged_in("office").get(one).get_data(as_text=True)) == (number is not None)


def test_the_organiser_is_asked_for_what_he_may_hand_in_and_under_his_own_name(counted: Counted, site: Site) -> None:
    client, address = site.logged_in("wjw"), f"/evaluation/{counted.worked.month_id}"
    for page in (client.get(one).get_data(as_text=True) for one in (address, "/today")):
        assert "前报送数据：1类事项没有报" in page
        assert "还缺" not in page
    month, form = (client.get(one).get_data(as_text=True) for one in (address, f"{address}/inputs"))
    assert "<b>已过</b>" not in month
    site.clock.at += timedelta(days=60)
    month_late, today = (client.get(one).get_data(as_text=True) for one in (address, "/today"))
    lede = month_late.partition('<p class="lede">')[2].partition("</p>")[0]
    assert lede.count("数据报送期限") == 1, "the day is said once"
    assert "已过，请尽快报送：1类事项没有报" in today
    name = "市卫生健康体育委"
    assert (f">{name}</a>" in month, ">督查室</a>" in month) == (True, False)
    assert f'<span class="sub">{name}</span>' in form
    assert ">督查室</a>" in site.logged_in("office").get(address).get_data(as_text=True)


def test_an_evaluated_body_is_led_to_its_projects_before_the_first_is_on_record(counted: Counted, site: Site) -> None:
    with counted.city.database.transaction() as session:
        create_user(session, NewUser("yc", "联络员", Role.LIAISON, PASSWORD_HASH, "yc"))
    for login, led in (("yc", True), ("wjw", False)):
        page = site.logged_in(login).get("/today").get_data(as_text=True)
        assert ('href="/projects"' in page) is led, login
