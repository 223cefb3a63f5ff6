"""A head's day on a phone: one envelope read and signed in two clicks, all in three, what is red below."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlmodel import col

from tests.browser.test_main_path import DESK, PHONE, LiveSite, _log_in, site
from tests.browser.test_many_forms import _COUNT, NOW
from tests.browser.waiting import every
from tracker.domain.claims import RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind
from tracker.store.tables.filings import FilingRow
from tracker.usecases.filing import SubmitOne, submit_one

__all__ = ["site"]


def _waiting(site: LiveSite, count: int, *, text: str = "") -> None:
    """September's form is overdue; news of the lead waits for the head."""
    site.clock.at = NOW
    site.city.sweep(NOW)
    for n in range(count):
        with site.services.database.transaction() as session:
            share = site.city.assignment("swj", session)
            entry = Entry(share.id or 0, RowContent(claim=None, text=text or f"第{n + 1}次调度。"), {}, ())
            submit_one(session, SubmitOne(FilingKind.UPDATE, entry), actor=site.city.liaison("swj"), at=NOW)


def _open(browser: Browser, site: LiveSite, *, size: dict[str, int] = PHONE, script: bool = True) -> Page:
    page = _log_in(browser, site, "swj-head", size=size, script=script)
    page.context.add_init_script(_COUNT)
    page.reload()
    expect(page.get_by_role("heading", name="待我审签")).to_be_visible()
    return page


def _states(site: LiveSite) -> list[str]:
    with site.services.database.reading() as session:
        return list(session.scalars(select(col(FilingRow.state)).order_by(col(FilingRow.id))))


def test_one_is_read_and_signed_with_two_clicks_and_all_the_others_with_two(browser: Browser, site: LiveSite) -> None:
    _waiting(site, 4)
    page = _open(browser, site)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_text("第1次调度。")).to_be_hidden()
    page.get_by_text("看内容").first.click()
    expect(page.get_by_text("第1次调度。")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("button", name="同意报出").first.click()
    expect(page.get_by_text("已审签报出。")).to_be_visible()
    assert page.evaluate("sessionStorage.clicks") == "2"
    page.get_by_role("link", name="全选 3 份").click()
    page.get_by_role("button", name="同意所选").click()
    expect(page.get_by_text("已审签报出3份")).to_be_visible()
    assert page.evaluate("sessionStorage.clicks") == "4"
    assert _states(site) == ["filed"] * 4


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_one_that_is_long_is_signed_or_sent_back_from_any_place_in_it(
    browser: Browser, site: LiveSite, size: dict[str, int]
) -> None:
    _waiting(site, 1, text="10月28日召开调度会，议定事项3项。\n" * 200)
    page = _open(browser, site, size=size)
    sign, back = page.get_by_role("button", name="同意报出"), page.locator("summary", has_text="退回联络员")
    assert page.evaluate("document.documentElement.scrollHeight > 4 * innerHeight")
    for share in (0, 0.5):
        page.evaluate(f"scrollTo(0, {share} * document.documentElement.scrollHeight)")
        expect(sign).to_be_in_viewport(ratio=1)
        expect(back).to_be_in_viewport(ratio=1)
    sign.click()
    expect(page.get_by_text("已审签报出。")).to_be_visible()


def test_what_is_red_is_one_click_away_with_who_holds_the_ball(browser: Browser, site: LiveSite) -> None:
    _waiting(site, 1)
    page = _open(browser, site)
    page.get_by_role("link", name=re.compile(r"逾期 \d+ 份")).click()
    expect(page.get_by_role("heading", name=re.compile("本单位逾期"))).to_be_in_viewport()
    expect(page.get_by_text("现由市商务局联络员办理").first).to_be_visible()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_without_a_script_some_are_ticked_and_signed_and_one_is_sent_back_with_a_reason(
    browser: Browser, site: LiveSite, size: dict[str, int]
) -> None:
    _waiting(site, 3)
    page = _open(browser, site, size=size, script=False)
    for box in every(page.get_by_role("checkbox"))[:2]:
        box.check()
    page.get_by_role("button", name="同意所选").click()
    expect(page.get_by_text("已审签报出2份")).to_be_visible()
    page.locator("summary", has_text="退回联络员").click()
    page.get_by_label("理由").fill("请写明日期")
    page.get_by_role("button", name="退回联络员").click()
    expect(page.get_by_text("已退回联络员，理由一并送达。")).to_be_visible()
    assert _states(site) == ["filed", "filed", "sent_back"]
