"""一次多报 in a real browser: all forms that are due with three clicks besides typing, on a desk and on a phone."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlmodel import col

from tests.browser.test_main_path import DESK, PHONE, LiveSite, _log_in, site
from tests.browser.waiting import every
from tracker.store.tables.filings import FilingRow

__all__ = ["site"]
NOW = datetime(2022, 11, 1, 1, 0, tzinfo=UTC)
_COUNT = """addEventListener("click", (event) => {
  if (event.isTrusted && event.detail > 0) sessionStorage.clicks = Number(sessionStorage.clicks ?? 0) + 1;
}, true)"""


def _owing_two_forms(site: LiveSite) -> None:
    """September is signed and filed, October and the quarter come due."""
    site.clock.at = NOW
    site.city.sweep(NOW)


def _open(browser: Browser, site: LiveSite, *, size: dict[str, int] = DESK, script: bool = True) -> Page:
    page = _log_in(browser, site, "swj", size=size, script=script)
    page.context.add_init_script(_COUNT)
    page.reload()
    page.get_by_role("link", name="一次多报").click()
    expect(page.get_by_role("heading", name="一次多报")).to_be_visible()
    return page


def _write(page: Page) -> None:
    for field in every(page.locator("[name$=-fact]")):
        field.fill("10月28日印发通报1期。")
    for claim in every(page.locator("[name$=-claim]")):
        claim.select_option("on_schedule")
    for number in every(page.locator("[inputmode=decimal]")):
        number.fill("2")
    for day in every(page.locator("[name*=-on][type=date]")):
        day.fill("2022-09-28")


def _states(site: LiveSite) -> list[str]:
    with site.services.database.reading() as session:
        return list(session.scalars(select(col(FilingRow.state))))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_all_forms_that_are_due_are_sent_with_three_clicks_besides_typing(
    browser: Browser, site: LiveSite, size: dict[str, int]
) -> None:
    _owing_two_forms(site)
    page = _open(browser, site, size=size)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="各表空白行都照上期").click()
    expect(page.get_by_role("heading", name="一次多报")).to_be_visible()
    _write(page)
    forms = len(every(page.locator("section.part")))
    page.get_by_role("button", name="全部送本单位负责人审签").click()
    expect(page.get_by_text(f"已送本单位负责人审签{forms}张表")).to_be_visible()
    assert forms > 1
    assert _states(site) == ["awaiting_sign_off"] * forms
    assert page.evaluate("sessionStorage.clicks") == "3"


def test_what_is_typed_is_kept_by_itself_for_the_page_and_for_each_form(browser: Browser, site: LiveSite) -> None:
    _owing_two_forms(site)
    page = _open(browser, site)
    page.locator("[name$=-fact]").first.fill("写了一半。")
    expect(page.locator("[data-kept]")).to_have_text(re.compile(r"草稿已保存 \d\d:\d\d"))
    page.reload()
    expect(page.locator("[name$=-fact]").first).to_have_value("写了一半。")
    page.get_by_role("link", name="单独填报、申请延期").first.click()
    expect(page.locator("[name$=-fact]").first).to_have_value("写了一半。")


def test_without_a_script_and_by_the_keyboard_it_is_sent_and_enter_in_a_field_sends_nothing(
    browser: Browser, site: LiveSite
) -> None:
    _owing_two_forms(site)
    page = _open(browser, site, script=False)
    for shut in every(page.locator("section.part > details:not([open]) > summary")):
        shut.press("Enter")
    _write(page)
    page.locator("[inputmode=decimal]").first.press("Enter")
    expect(page.locator("[name$=-fact]").first).to_have_value("10月28日印发通报1期。")
    assert _states(site) == []
    page.get_by_role("button", name="全部送本单位负责人审签").press("Enter")
    expect(page.get_by_text("已送本单位负责人审签")).to_be_visible()


def test_what_is_not_due_today_is_shut_until_something_stands_in_it(browser: Browser, site: LiveSite) -> None:
    _owing_two_forms(site)
    page = _open(browser, site, size=PHONE)
    shut = page.locator("section.part > details:not([open])")
    all_forms, waiting = len(every(page.locator("section.part"))), len(every(shut))
    assert 0 < waiting < all_forms
    expect(page.locator("section.part > details").first).to_have_attribute("open", "")
    shut.first.locator("> summary").click()
    expect(shut).to_have_count(waiting - 1)
    page.locator("section.part [name$=-fact]:visible").last.fill("写了一半。")
    expect(page.locator("[data-kept]")).to_have_text(re.compile(r"草稿已保存 \d\d:\d\d"))
    page.reload()
    expect(shut).to_have_count(waiting - 1)


def test_what_a_page_that_comes_back_holds_is_kept_though_nobody_touches_it(browser: Browser, site: LiveSite) -> None:
    """It was refused before the pause in which it would have been kept, or filled in by the last report."""
    _owing_two_forms(site)
    page = _open(browser, site)
    fact = page.locator("[name$=-fact]").first
    fact.fill("写了一半。")
    page.get_by_role("button", name="全部送本单位负责人审签").click()
    expect(page.locator(".err").first).to_be_visible()
    expect(fact).to_have_value("写了一半。")
    expect(page.locator("[data-kept]")).to_have_text(re.compile(r"草稿已保存 \d\d:\d\d"))
    page.goto(site.address + "/today")
    page.goto(site.address + "/forms")
    expect(fact).to_have_value("写了一半。")
