"""What takes longer says that it is under way, and is begun once however often it is pressed."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import request
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.test_main_path import LiveSite, _log_in, served
from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME

pytestmark = pytest.mark.browser
_SLOW_S = 2.0
# Presses at once, again at once and again once it was said, and writes down what is said meanwhile.
_PRESS = """one => {
  const told = document.querySelector('p.busy[role=status]'), said = [];
  const look = () => {
    said.push([told.textContent, one.textContent, one.getAttribute('aria-disabled')]);
    sessionStorage.setItem('said', JSON.stringify(said));
  };
  new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  one.click();
  one.click();
  setTimeout(() => one.click(), 1000);
}"""


class _SlowSite(LiveSite):
    """A site that takes its time for what is asked while it `is_slow`; `begun` says what that was."""

    is_slow = False

    def __init__(self, folder: Path) -> None:
        super().__init__(fresh_sqlite(folder), folder)
        self.clock.at, self.begun = IN_TIME, list[str]()
        self.app.before_request(self._take_time)

    def _take_time(self) -> None:
        if self.is_slow and not request.path.startswith(("/static", "/circulars/")):
            self.begun.append(f"{request.method} {request.path}")
            time.sleep(_SLOW_S)


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[_SlowSite]:
    site = _SlowSite(tmp_path)
    with served(site):
        yield site


def _press(slow: _SlowSite, control: Locator) -> None:
    control.wait_for()
    slow.is_slow = True
    control.evaluate(_PRESS)


def _said(page: Page) -> Any:  # Any: what the page wrote down
    return page.evaluate("JSON.parse(sessionStorage.getItem('said'))")


def test_a_draft_that_takes_time_says_so_and_is_drafted_once(browser: Browser, slow: _SlowSite) -> None:
    page = _log_in(browser, slow, "office")
    page.goto(f"{slow.address}/circulars")
    with page.expect_navigation(url="**/circulars/*"):
        _press(slow, page.get_by_role("button", name="拟出草稿"))
    words = "正在生成草稿，约需数秒…"
    assert [words, words, "true"] in _said(page)
    assert slow.begun == ["POST /circulars"]
    slow.is_slow = False
    # Left and returned to: the draft is in the list, and another may be drafted.
    page.go_back()
    page.reload()
    expect(page.get_by_role("heading", name="在办文稿")).to_be_visible()
    expect(page.get_by_role("button", name="拟出草稿")).to_be_visible()
    page.context.close()


def test_a_workbook_that_takes_time_says_so_and_the_page_goes_on(browser: Browser, slow: _SlowSite) -> None:
    page = _log_in(browser, slow, "office")
    page.goto(f"{slow.address}/ledger")
    link = page.get_by_role("link", name="xlsx")
    with page.expect_download():
        _press(slow, link)
    assert ["正在生成…", "正在生成…", "true"] in _said(page)
    assert slow.begun == ["GET /ledger.xlsx"]
    page.keyboard.press("Escape")
    expect(page.locator("p.busy[role=status]")).to_have_text("")
    expect(link).to_have_text("xlsx")
    page.context.close()


def test_a_page_that_takes_time_says_so(browser: Browser, slow: _SlowSite) -> None:
    page = _log_in(browser, slow, "office")
    with page.expect_navigation(url="**/overview"):
        _press(slow, page.get_by_role("navigation", name="主导航").get_by_role("link", name="全貌"))
    assert ["正在打开…", "全貌", None] in _said(page)
    assert slow.begun == ["GET /overview"]
    page.context.close()
