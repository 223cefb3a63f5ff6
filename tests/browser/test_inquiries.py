"""协办 in a real browser, with counted clicks: a lead asks in three, a unit answers in two; on desk and phone."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser.test_main_path import DESK, PHONE, LiveSite, _log_in, site

__all__ = ["site"]
pytestmark = pytest.mark.browser


class Clicks:
    """A person on a page whose clicks are counted; typing is not."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def link(self, name: str) -> None:
        self.count += 1
        self.page.get_by_role("link", name=name).first.click()

    def button(self, name: str) -> None:
        self.count += 1
        self.page.get_by_role("button", name=name).first.click()

    def tick(self, name: str) -> None:
        self.count += 1
        self.page.get_by_label(name).check()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_lead_asks_a_unit_answers_its_head_signs_and_the_lead_quotes(
    browser: Browser, site: LiveSite, size: dict[str, int], tmp_path: Path
) -> None:
    lead = Clicks(_log_in(browser, site, "swj", size=size))
    lead.page.goto(f"{site.address}/tasks/1")
    lead.link("协办往来")
    lead.page.fill("#words", "请报9月签约项目数（累计），附项目清单，不要照片。")
    lead.page.fill("#answer_by", "2022-10-09")
    lead.tick("全部（3个单位）")
    lead.button("发出")
    assert lead.count <= 3
    expect(lead.page.get_by_text("3个单位已反馈0个").first).to_be_visible()

    paper = tmp_path / "项目清单.txt"
    paper.write_text("1个项目", encoding="utf-8")
    unit = Clicks(_log_in(browser, site, "tjj", size=size))
    _fits(unit.page, size)
    unit.link("反馈")
    unit.page.fill("#fact", "截至9月27日累计签约3个项目。")
    unit.button("送本单位负责人审签")
    assert unit.count <= 3
    expect(unit.page.get_by_text("已送本单位负责人审签")).to_be_visible()
    _sign(browser, site, size)

    lead.page.goto(f"{site.address}/today")
    expect(lead.page.get_by_text("3个单位已反馈1个，还差驿城区、遂平县")).to_be_visible()
    _fits(lead.page, size)
    lead.link("看反馈")
    _fits(lead.page, size)
    lead.link("把1家的反馈带进")
    quoted = lead.page.locator("[name$=-fact]").first
    expect(quoted).to_have_value("据市统计局反馈：截至9月27日累计签约3个项目。\n驿城区、遂平县未反馈。")
    lead.page.get_by_role("button", name="带入1家的反馈").first.click()
    expect(lead.page.get_by_text("没有重复写入")).to_be_attached()
    row = lead.page.locator(f"#{lead.page.url.partition('#')[2]}")
    expect(row.locator("[name$=-fact]")).to_have_value(
        "据市统计局反馈：截至9月27日累计签约3个项目。\n驿城区、遂平县未反馈。"
    )
    expect(row).to_be_in_viewport()
    assert abs(row.evaluate("one => one.getBoundingClientRect().top")) < size["height"] / 2, "it stands at the row"


def test_whoever_leaves_an_answer_that_was_not_sent_is_asked_first(browser: Browser, site: LiveSite) -> None:
    lead = _log_in(browser, site, "swj", size=DESK)
    lead.goto(f"{site.address}/tasks/1/inquiries")
    lead.fill("#words", "请报9月签约项目数（累计）。")
    lead.fill("#answer_by", "2022-10-09")
    lead.get_by_label("全部（3个单位）").check()
    lead.get_by_role("button", name="发出").click()
    page = _log_in(browser, site, "tjj", size=DESK)
    page.get_by_role("link", name="反馈").first.click()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.fill("#fact", "截至9月27日累计签约3个项目。")
    page.get_by_role("link", name="今天").click(no_wait_after=True)
    expect(page.locator("#fact")).to_have_value("截至9月27日累计签约3个项目。")
    page.wait_for_timeout(500)
    assert asked == ["beforeunload"]
    page.get_by_role("button", name="送本单位负责人审签").click()
    expect(page.get_by_text("已送本单位负责人审签")).to_be_visible()
    assert asked == ["beforeunload"], "what is sent is not lost"


def _sign(browser: Browser, site: LiveSite, size: dict[str, int]) -> None:
    head = _log_in(browser, site, "tjj-head", size=size)
    expect(head.get_by_text("截至9月27日累计签约3个项目。")).to_be_visible()
    head.get_by_role("button", name="同意报出").click()
    expect(head.get_by_role("button", name="同意报出")).to_have_count(0)  # signed before whoever asked looks


def test_the_office_coordinates_from_its_desk(browser: Browser, site: LiveSite) -> None:
    lead = _log_in(browser, site, "swj")
    lead.goto(f"{site.address}/tasks/1/inquiries")
    lead.fill("#words", "请报9月签约项目数")
    lead.fill("#answer_by", "2022-09-28")
    lead.get_by_label("市统计局").check()
    lead.get_by_role("button", name="发出").click()
    expect(lead.get_by_text("1个单位已反馈0个").first).to_be_visible()
    site.clock.at += timedelta(days=1)
    lead.reload()
    lead.fill("[name=words] >> nth=0", "催了一次没有反馈")
    lead.get_by_role("button", name="提请协调").click()
    office = Clicks(_log_in(browser, site, "office"))
    expect(office.page.get_by_role("heading", name="协办待协调")).to_be_visible()
    office.link("每月通报一次招商情况")
    office.page.fill("[id^=d]", "请市统计局今天下班前提供。")
    office.button("答复双方")
    assert office.count <= 3
    expect(office.page.get_by_text("协调意见已送双方")).to_be_visible()


def _fits(page: Page, size: dict[str, int]) -> None:
    page.wait_for_load_state("load")  # before its styles are there a page is as wide as its buttons
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
