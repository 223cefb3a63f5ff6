"""The review queue in a real browser, row by row: by keyboard with counted keys, without JavaScript, desk and phone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_main_path import DESK, PHONE, LiveSite, _log_in, served
from tests.support.databases import fresh_sqlite
from tests.support.office import City
from tests.support.owed_city import OFFICE
from tests.support.review_city import file_reports, open_review_city
from tracker.store.tables.filings import ReportRow
from tracker.usecases.accepting import accept_report

pytestmark = pytest.mark.browser


class ReviewSite(LiveSite):
    """The reports that wait, by unit."""

    reports: dict[str, int]

    def told(self, unit: str) -> tuple[str, str | None, str | None]:
        with self.services.database.reading() as session:
            report = session.get_one(ReportRow, self.reports[unit])
            return report.state, report.verified_claim, report.verified_reason


@pytest.fixture
def site(tmp_path: Path) -> Iterator[ReviewSite]:
    """Three reports wait: of 驿城区, of 遂平县, of 市商务局."""
    database = fresh_sqlite(tmp_path)
    open_review_city(database)
    live = ReviewSite(database, tmp_path, city=City(database))
    live.reports = file_reports(live)
    with served(live):
        yield live


class Keys:
    """A person at a keyboard whose keys are counted; the characters of what is written are not."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.count += 1
            self.page.keyboard.press(key)


def _stands_at(page: Page, unit: str) -> None:
    expect(page.locator("h1")).to_contain_text(unit)
    expect(page.locator("body")).to_have_class("by-keys")  # the script is there


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_three_rows_are_decided_without_the_mouse(browser: Browser, site: ReviewSite, size: dict[str, int]) -> None:
    page = _log_in(browser, site, "office", size=size)
    page.goto(f"{site.address}/review")
    page.get_by_role("link", name="逐行审核").click()
    keys = Keys(page)
    _stands_at(page, "驿城区")
    expect(page.get_by_text("除日期和数字外与上期相同").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    if size is DESK:
        bottom = page.evaluate("document.querySelector('.closeup').getBoundingClientRect().bottom")
        assert bottom <= size["height"], "a row of ordinary length stands on one screen"
    keys.press("a", "Enter")
    _stands_at(page, "遂平县")
    expect(page.locator(".lede")).to_contain_text("待审核共 2 行")
    keys.press("d", "ArrowDown", "Tab")
    page.keyboard.type("只有推进会jk，没有签约")  # the letters of keys are letters here
    keys.press("Enter")
    _stands_at(page, "市商务局")
    keys.press("r", "ArrowDown", "Tab")
    page.keyboard.type("缺台账")
    keys.press("Enter")
    expect(page.get_by_text("后面没有待审核的行")).to_be_visible()
    expect(page.get_by_text("没有等待督查室办理的事项")).to_be_visible()
    assert keys.count == 2 + 4 + 4
    assert site.told("yc") == ("accepted", "on_schedule", None)
    assert site.told("sp") == ("accepted", "behind", "只有推进会jk，没有签约")
    assert site.told("swj")[0] == "returned"


def test_keys_move_on_and_back_and_stay_out_of_the_way(browser: Browser, site: ReviewSite) -> None:
    page = _log_in(browser, site, "office")
    page.goto(f"{site.address}/review/rows")
    keys = Keys(page)
    _stands_at(page, "驿城区")
    keys.press("j")
    _stands_at(page, "遂平县")
    keys.press("k")
    _stands_at(page, "驿城区")
    keys.press("2")
    expect(page.get_by_role("img", name="现场.png")).to_be_visible()
    keys.press("2")
    expect(page.get_by_role("img", name="现场.png")).to_be_hidden()
    with page.expect_popup() as opened:
        keys.press("1")
    assert re.search(r"/evidence/\d+/preview$", opened.value.url)
    page.bring_to_front()
    keys.press("r")
    expect(page.locator("select[name=reason_class]")).to_be_focused()
    keys.press("Escape")
    expect(page.locator("select[name=reason_class]")).to_be_hidden()
    expect(page.locator("summary", has_text="退回")).to_be_focused()
    page.get_by_role("button", name="停用快捷键").click()
    keys.press("j")
    page.reload()
    expect(page.get_by_role("button", name="启用快捷键")).to_be_visible()
    keys.press("a")
    expect(page.get_by_role("button", name="通过")).not_to_be_focused()
    expect(page.locator("h1")).to_contain_text("驿城区")


def test_tab_goes_through_the_whole_page_and_shows_where_it_is(browser: Browser, site: ReviewSite) -> None:
    page = _log_in(browser, site, "office")
    page.goto(f"{site.address}/review/rows")
    _stands_at(page, "驿城区")
    shown = "getComputedStyle(document.activeElement).boxShadow !== 'none'"
    inside = "document.activeElement !== document.body"
    reached = 0
    for _step in range(80):
        page.keyboard.press("Tab")
        if not page.evaluate(inside):
            break
        reached += 1
        assert page.evaluate(shown), page.evaluate("document.activeElement.outerHTML")
    assert 15 < reached < 80, "nothing holds the focus"


def test_what_a_colleague_decides_meanwhile_is_said_and_skipped(browser: Browser, site: ReviewSite) -> None:
    page = _log_in(browser, site, "office")
    page.goto(f"{site.address}/review/rows")
    _stands_at(page, "驿城区")
    with site.services.database.transaction() as session:
        accept_report(session, report_id=site.reports["sp"], actor=OFFICE, at=site.clock.now())
    Keys(page).press("a", "Enter")
    _stands_at(page, "市商务局")
    expect(page.get_by_text("遂平县“一1 每月通报一次招商情况”已由督查员办理（审核通过），本次跳过。")).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_the_same_by_plain_forms(browser: Browser, site: ReviewSite, size: dict[str, int]) -> None:
    page = _log_in(browser, site, "office", size=size, script=False)
    page.goto(f"{site.address}/review/rows")
    expect(page.get_by_text("快捷键")).to_be_hidden()
    page.locator("summary", has_text="现场.png").click()
    expect(page.get_by_role("img", name="现场.png")).to_be_visible()
    page.get_by_role("button", name="通过").click()
    expect(page.locator("h1")).to_contain_text("遂平县")
    page.locator("summary", has_text="退回").click()
    page.locator("select[name=reason_class]").select_option("figures")
    page.locator("form[action$=return] textarea").fill("与上期相同")
    page.get_by_role("button", name="退回本行").click()
    expect(page.locator("h1")).to_contain_text("市商务局")
    page.get_by_role("link", name="上一行").click()
    expect(page.locator("h1")).to_contain_text("遂平县")
    expect(page.get_by_text("本行已办理")).to_be_visible()
