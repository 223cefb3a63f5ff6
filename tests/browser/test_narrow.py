"""What a page says on a desk it says on a phone too: a narrow page leaves out decoration, never content."""

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import select
from sqlmodel import col

from tests.browser.test_main_path import DESK, PHONE, LiveSite, _log_in, site
from tests.support.office import IN_TIME
from tracker.domain.filings import FilingKind
from tracker.store.tables.units import UserRow
from tracker.usecases.filing import SubmitOne, submit_one

__all__ = ["site"]

# The words that are drawn, but for the heads of bars, which draw the number beside them.
_SAID = """() => {
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  const said = [];
  while (walk.nextNode()) {
    const range = document.createRange();
    range.selectNode(walk.currentNode);
    const drawn = range.getClientRects().length && !walk.currentNode.parentElement.closest("th.mid");
    if (drawn && walk.currentNode.data.trim()) said.push(walk.currentNode.data.trim());
  }
  return said;
}"""


def _said(page: Page, address: str) -> list[str]:
    page.goto(address)
    page.evaluate("for (const part of document.querySelectorAll('main details')) part.open = true")
    said: list[str] = page.evaluate(_SAID)
    return said


def _figures(site: LiveSite) -> None:
    """News with dated values wait for the head: what they are held against stands beside them."""
    with site.services.database.transaction() as session:
        news = SubmitOne(FilingKind.UPDATE, site.city.entry("swj", session))
        submit_one(session, news, actor=site.city.liaison("swj"), at=IN_TIME)


@pytest.mark.parametrize(
    ("login", "address"),
    [
        ("swj-head", "/sign-off"),
        ("swj-head", "/tasks/1"),
        ("office", "/"),
        ("office", "/review"),
        ("office", "/overview"),
        ("swj", "/"),
        ("leader", "/"),
    ],
)
def test_a_phone_hides_no_word_that_a_desk_shows(browser: Browser, site: LiveSite, login: str, address: str) -> None:
    _figures(site)
    said = [_said(_log_in(browser, site, login, size=size), site.address + address) for size in (DESK, PHONE)]
    lacking = set(said[0]) - set(said[1])
    assert not lacking
    if address == "/sign-off":
        assert "截至9月28日" in "".join("".join(said[1]).split())


def test_on_paper_what_is_to_be_reported_has_the_most_room_and_no_button_is_drawn(
    browser: Browser, site: LiveSite
) -> None:
    page = _log_in(browser, site, "swj", size={"width": 700, "height": 1000})  # about A4 within its margins
    page.goto(site.address + "/today")
    page.emulate_media(media="print")
    light, what = (page.locator("table.tasks thead th").nth(n).bounding_box() for n in (0, 1))
    assert light is not None
    assert what is not None
    assert what["width"] > 1.5 * light["width"]
    drawn = page.locator("main").evaluate(
        "(main) => [...main.querySelectorAll('button, .btn')].filter((one) => one.getClientRects().length).length"
    )
    assert drawn == 0


def test_in_large_print_a_phone_shows_by_when_on_few_lines(browser: Browser, site: LiveSite) -> None:
    with site.services.database.transaction() as session:
        session.scalars(select(UserRow).where(col(UserRow.login) == "swj")).one().large_print = True
    page = _log_in(browser, site, "swj", size=PHONE)
    page.goto(site.address + "/today")
    due = page.locator("table.tasks td.due b").first
    lines = due.evaluate(
        "(b) => { const r = document.createRange(); r.selectNodeContents(b);"
        " return new Set([...r.getClientRects()].map((one) => Math.round(one.top))).size; }"
    )
    assert lines <= 2, "the day, and at most its （含） on a line of its own"
