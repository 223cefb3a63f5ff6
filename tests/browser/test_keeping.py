"""Half-done input in a real browser: typing is kept, a reload has it, a broken line is said, two people choose."""

import re

from playwright.sync_api import Browser, Page, expect

from tests.browser.test_main_path import DESK, LiveSite, _log_in, site
from tests.support.accounts import NewUser, create_user
from tests.support.site import PASSWORD_HASH
from tracker.domain.accounts import Role

__all__ = ["site"]
_KEPT = re.compile(r"草稿已保存 \d\d:\d\d")


def _open(browser: Browser, site: LiveSite, login: str = "swj", *, script: bool = True) -> Page:
    page = _log_in(browser, site, login, size=DESK, script=script)
    page.get_by_role("link", name="填报").first.click()
    page.wait_for_url("**/form")
    page.wait_for_load_state("load")  # whoever loses the line sooner has no script that could say so
    return page


def test_what_is_typed_is_kept_by_itself_and_stands_after_a_reload(browser: Browser, site: LiveSite) -> None:
    page = _open(browser, site)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.locator("[name$=-fact]").first.fill("写了一半。")
    page.locator("[name$=-claim]").first.select_option("on_schedule")
    expect(page.locator("[data-kept]")).to_have_text(_KEPT)
    page.reload()
    expect(page.locator("[name$=-fact]").first).to_have_value("写了一半。")
    expect(page.locator("[name$=-claim]").first).to_have_value("on_schedule")
    expect(page.get_by_text("草稿 联络员")).to_be_visible()
    page.locator("[name$=-fact]").first.fill("走开以前写的。")
    page.get_by_role("link", name="今天").click()
    expect(page.get_by_text("草稿 1 行").first).to_be_visible()
    page.get_by_role("link", name="填报").first.click()
    expect(page.locator("[name$=-fact]").first).to_have_value("走开以前写的。")
    assert errors == []


def test_a_broken_line_is_said_and_what_is_written_stays(browser: Browser, site: LiveSite) -> None:
    page = _open(browser, site)
    page.context.set_offline(True)
    page.locator("[name$=-fact]").first.fill("断网时写的。")
    expect(page.locator("[data-kept]")).to_contain_text("没有保存：网络不通")
    expect(page.locator("[name$=-fact]").first).to_have_value("断网时写的。")
    page.context.set_offline(False)
    expect(page.locator("[data-kept]")).to_have_text(_KEPT)
    page.context.clear_cookies()
    page.locator("[name$=-fact]").first.fill("登录过期以后写的。")
    expect(page.locator("[data-kept]")).to_contain_text("没有保存：登录已过期")
    expect(page.locator("[name$=-fact]").first).to_have_value("登录过期以后写的。")


def test_two_people_on_one_form_see_each_other_and_choose(browser: Browser, site: LiveSite) -> None:
    with site.services.database.transaction() as session:
        create_user(session, NewUser("swj-b", "李四", Role.LIAISON, PASSWORD_HASH, "swj"))
    mine, other = _open(browser, site), _open(browser, site, "swj-b")
    other.locator("[name$=-fact]").first.fill("李四写的。")
    expect(other.locator("[data-kept]")).to_have_text(_KEPT)
    mine.locator("[name$=-fact]").first.fill("张三写的。")
    expect(mine.get_by_text("两人填写不同，请选定")).to_be_visible()
    expect(mine.get_by_text("对方填写（李四")).to_be_visible()
    expect(mine.locator("[name$=-fact]").first).to_have_value("张三写的。")
    mine.get_by_label("对方填写（李四").check()
    expect(mine.locator("[name$=-fact]").first).to_have_value("李四写的。")
    expect(mine.get_by_text("两人填写不同，请选定")).to_have_count(0)
    expect(mine.locator("[data-kept]")).to_have_text(_KEPT)
    mine.locator("[name$=-claim]").first.select_option("on_schedule")
    expect(mine.locator("[data-kept]")).to_have_text(_KEPT)
    other.locator("[name$=-fact]").first.fill("李四又改了。")
    expect(other.locator("[name$=-claim]").first).to_have_value("on_schedule")


def test_without_a_script_the_button_keeps_it(browser: Browser, site: LiveSite) -> None:
    page = _open(browser, site, script=False)
    page.locator("[name$=-fact]").first.fill("写了一半。")
    page.get_by_role("button", name="暂存").click()
    expect(page.get_by_text("草稿已保存")).to_be_visible()
    expect(page.locator("[name$=-fact]").first).to_have_value("写了一半。")
