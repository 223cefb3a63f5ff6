"""The leader's page in a real browser, with counted clicks: 批示 in two, its answer from 今天, the echo on the page."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_inquiries import Clicks
from tests.browser.test_main_path import DESK, PHONE, LiveSite, _log_in, site

__all__ = ["site"]
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_leader_instructs_in_two_clicks_and_the_answer_comes_back(
    browser: Browser, site: LiveSite, size: dict[str, int]
) -> None:
    site.clock.at += timedelta(days=35)  # nobody has reported: long overdue
    leader = Clicks(_log_in(browser, site, "leader", size=size))
    expect(leader.page.get_by_role("heading", name="一页")).to_be_visible()  # his home
    _fits(leader.page, size)
    leader.count += 1
    leader.page.locator("#late .card a.btn").first.click()
    leader.page.fill("#words", "请说明为何未报，三日内补报。")
    _fits(leader.page, size)
    leader.button("发出批示")
    assert leader.count <= 2
    expect(leader.page.get_by_text("1个单位已反馈0个，还差市商务局")).to_be_visible()
    _fits(leader.page, size)

    unit = Clicks(_log_in(browser, site, "swj", size=size))
    expect(unit.page.get_by_text("请说明为何未报，三日内补报。").first).to_be_visible()
    _fits(unit.page, size)
    unit.link("反馈")
    _fits(unit.page, size)
    unit.page.fill("#fact", "因人员调整漏报，今日已补报。")
    unit.button("送本单位负责人审签")
    assert unit.count <= 3
    expect(unit.page.get_by_text("已送本单位负责人审签")).to_be_visible()
    head = _log_in(browser, site, "swj-head", size=size)
    expect(head.get_by_text("因人员调整漏报，今日已补报。").first).to_be_visible()
    head.get_by_role("button", name="同意报出").click()
    expect(head.get_by_text("已审签报出")).to_be_visible()

    leader.page.goto(f"{site.address}/leader")
    expect(leader.page.get_by_text("1 条新反馈")).to_be_visible()
    expect(leader.page.get_by_text("因人员调整漏报，今日已补报。").first).to_be_visible()
    _fits(leader.page, size)
    leader.button("已阅")
    expect(leader.page).to_have_url(f"{site.address}/leader")
    expect(leader.page.get_by_text("1 条新反馈")).to_have_count(0)

    office = _log_in(browser, site, "office", size=size)
    expect(office.get_by_text("领导批示未了结")).to_be_visible()
    _fits(office, size)


def _fits(page: Page, size: dict[str, int]) -> None:
    page.wait_for_load_state("load")  # before its styles are there a page is as wide as its buttons
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
