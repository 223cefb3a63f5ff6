"""The ledger in a real browser, as the office and a liaison use it: in how many clicks, on a desk and on a phone."""

from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect
from pypdf import PdfReader

from tests.browser.test_main_path import DESK, PHONE, LiveSite, _log_in, site
from tests.browser.waiting import every

__all__ = ["site"]
pytestmark = pytest.mark.browser


def _titles(page: Page) -> list[str]:
    return [one.inner_text() for one in every(page.locator(".led .clause"))]


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
@pytest.mark.parametrize(
    ("login", "entry", "name"), [("office", "台账", "台账总表"), ("swj", "本单位台账", "本单位台账")]
)
def test_the_ledger_is_one_click_away_and_its_workbook_two(
    browser: Browser, site: LiveSite, login: str, entry: str, name: str, script: bool
) -> None:
    page = _log_in(browser, site, login, script=script)
    page.get_by_role("link", name=entry, exact=True).click()
    expect(page.locator("h1")).to_contain_text(name)
    titles = _titles(page)
    assert titles
    with page.expect_download() as sent:
        page.get_by_role("link", name="xlsx").click()
    sheet = load_workbook(BytesIO(Path(sent.value.path()).read_bytes())).active
    assert sheet is not None
    assert [row[3] for row in sheet.iter_rows(min_row=2, values_only=True)] == titles


def test_the_office_keeps_what_it_filtered_and_finds_it_again_in_two_clicks(browser: Browser, site: LiveSite) -> None:
    page = _log_in(browser, site, "office")
    page.get_by_role("link", name="台账", exact=True).click()
    page.select_option("#court", "liaison")
    page.fill("#q", _titles(page)[0][:4])
    page.keyboard.press("Enter")
    page.wait_for_url("**q=*")
    found, address = _titles(page), page.url.partition("?")[2]
    page.locator("summary", has_text="存为视图").click()
    page.fill("#view-name", "我盯的")
    with page.expect_navigation():
        page.get_by_role("button", name="存为视图").click()
    page.goto(site.address)
    page.get_by_role("link", name="台账", exact=True).click()
    page.get_by_role("link", name="我盯的").click()
    page.wait_for_url("**q=*")
    assert _titles(page) == found
    assert set(page.url.partition("?")[2].split("&")) <= set(address.split("&"))


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_each_line_is_a_card_on_a_phone_and_nothing_is_wider_than_the_screen(
    browser: Browser, site: LiveSite, size: dict[str, int]
) -> None:
    page = _log_in(browser, site, "office", size=size)
    for asked in ("", "?light=red&q=没有&from=2022-01-01", "?print=1", "?show=basis&show=rhythm"):
        page.goto(f"{site.address}/ledger{asked}")
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    page.goto(f"{site.address}/ledger")
    shown = page.locator(".led tbody tr").first.evaluate("row => getComputedStyle(row).display")
    assert shown == ("grid" if size is PHONE else "table-row")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_liaison_writes_news_of_any_task_of_hers_in_two_clicks(
    browser: Browser, site: LiveSite, size: dict[str, int]
) -> None:
    page = _log_in(browser, site, "swj", size=size)
    page.get_by_role("link", name="本单位台账", exact=True).click()
    news = every(page.locator(".led .news"))
    assert len(_titles(page)) == len(news)
    assert page.locator(".led").evaluate("table => table.offsetWidth <= table.closest('.panel').clientWidth")
    news[0].click()
    expect(page.get_by_role("heading", name="进展动态")).to_be_visible()
    expect(page.get_by_role("button", name="送本单位负责人审签")).to_be_enabled()
    office = _log_in(browser, site, "office", size=size)
    office.get_by_role("link", name="台账", exact=True).click()
    expect(office.locator(".led .clause").first).to_be_visible()
    expect(office.locator(".led .news")).to_have_count(0)


def test_a_card_leaves_out_what_a_task_does_not_have(browser: Browser, site: LiveSite) -> None:
    page = _log_in(browser, site, "office", size=PHONE)
    page.goto(f"{site.address}/ledger")
    for blank in every(page.locator(".led td.blank")):
        expect(blank).to_be_hidden()


def test_on_paper_it_lies_across_and_shows_no_controls(browser: Browser, site: LiveSite) -> None:
    page = _log_in(browser, site, "office")
    page.goto(f"{site.address}/ledger?print=1")
    sheet = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages[0]
    assert sheet.mediabox.width > sheet.mediabox.height
    assert "事项" in sheet.extract_text()
    assert "筛选" not in sheet.extract_text()
