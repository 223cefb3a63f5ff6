"""Half-done input in a real browser: typing is kept, a reload has it, a broken line is said, two people choose."""

import re

from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser.test_main_path import DESK, LiveSite, _log_in, site
from tests.support.accounts import NewUser, create_user
from tests.support.site import PASSWORD, PASSWORD_HASH
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


def _pad(page: Page, size: int) -> None:
    """Let a page hold more than a browser sends of one that is left: fields beside those that somebody writes."""
    page.evaluate(
        """(size) => {
          const one = document.createElement("textarea");
          one.name = "a0-fact";
          one.value = "x".repeat(size);
          document.querySelector("form[data-keep]").append(one);
        }""",
        size,
    )


def test_of_a_large_page_that_is_left_at_once_the_last_words_are_kept(browser: Browser, site: LiveSite) -> None:
    page = _open(browser, site)
    _pad(page, 100_000)
    page.locator("[name$=-fact]").first.fill("刚写就走。")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        page.get_by_role("link", name="今天").click()
    assert answered.value.status == 200
    page.wait_for_url("**/today")
    page.reload()
    expect(page.get_by_text("草稿 1 行").first).to_be_visible()
    expect(page.get_by_text("草稿已保存")).to_have_count(0)
    page.get_by_role("link", name="填报").first.click()
    expect(page.locator("[name$=-fact]").first).to_have_value("刚写就走。")
    expect(page.get_by_text("草稿已保存")).to_have_count(0)


def test_a_tick_taken_back_is_kept_of_a_page_that_is_left_and_no_other_is_touched(
    browser: Browser, site: LiveSite
) -> None:
    page = _open(browser, site)
    page.evaluate(
        """() => document.querySelector("form[data-keep]").insertAdjacentHTML("beforeend",
          '<input type="checkbox" name="one" value="yes" checked><input type="checkbox" name="other" checked>')"""
    )
    with page.expect_request(lambda request: request.method == "POST") as asked:
        page.locator("[name=one]").uncheck()
        page.get_by_role("link", name="今天").click()
    sent = asked.value.post_data or ""
    assert 'name="changed_only"' in sent
    assert re.search(r'name="one"\r\n\r\n\r\n', sent)
    assert 'name="other"' not in sent


def test_what_is_too_long_to_be_sent_of_a_page_that_is_left_is_warned_of(browser: Browser, site: LiveSite) -> None:
    page = _open(browser, site)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.locator("[name$=-fact]").first.fill("长" * 30_000)
    page.get_by_role("link", name="今天").click(no_wait_after=True)
    expect(page.locator("[data-kept]")).to_contain_text("没有保存")
    assert asked == ["beforeunload"]
    assert page.url.endswith("/form")


def test_after_a_log_in_in_another_window_it_is_kept_and_sent_at_once(browser: Browser, site: LiveSite) -> None:
    page = _open(browser, site)
    page.context.clear_cookies()
    fact = page.locator("[name$=-fact]").first
    fact.fill("登录过期以后写的。")
    expect(page.locator("[data-kept]")).to_contain_text("没有保存：登录已过期")
    other = page.context.new_page()
    other.goto(site.address)
    other.fill("[name=login]", "swj")
    other.fill("[name=password]", PASSWORD)
    with other.expect_navigation():
        other.keyboard.press("Enter")
    page.get_by_role("button", name="暂存").click()
    expect(page.get_by_text(_KEPT)).to_be_visible()
    expect(page.get_by_text("已经过期")).to_have_count(0)
    expect(fact).to_have_value("登录过期以后写的。")


def test_by_itself_too_it_is_kept_after_a_log_in_in_another_window(browser: Browser, site: LiveSite) -> None:
    page = _open(browser, site)
    page.context.clear_cookies()
    other = page.context.new_page()
    other.goto(site.address)
    other.fill("[name=login]", "swj")
    other.fill("[name=password]", PASSWORD)
    with other.expect_navigation():
        other.keyboard.press("Enter")
    page.locator("[name$=-fact]").first.fill("重新登录以后写的。")
    expect(page.locator("[data-kept]")).to_have_text(_KEPT)


def test_a_form_that_a_colleague_sent_is_said_once_and_not_asked_for_again(browser: Browser, site: LiveSite) -> None:
    page = _open(browser, site)
    page.evaluate("window.setTimeout = ((real) => (act, pause) => real(act, pause / 20))(window.setTimeout)")
    site.city.submit()
    tried: list[str] = []
    page.on("request", lambda request: tried.append(request.url) if request.method == "POST" else None)
    page.locator("[name$=-fact]").first.fill("同事已经送了。")
    said = page.locator("[data-kept]")
    expect(said).to_have_text(
        re.compile(
            r"没有保存：本表已由.+于2022年.+ \d\d:\d\d送本单位负责人审签；.+再填再送。填写的内容还在本页，请不要关闭。"
        )
    )
    page.locator("[name$=-fact]").first.fill("同事已经送了，再写。")
    page.wait_for_timeout(2_000)
    assert len(tried) == 1
