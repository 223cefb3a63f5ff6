"""What a person decides on the workbench before a document may be approved."""

from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.waiting import every


def decide_all(page: Page, click: Callable[[Locator], None]) -> None:
    """Propose the lead that is missing, list what may be missed as background, say who each collective is.

    `click` presses a button that sends a form.
    """
    headless = page.locator("details.entry", has_text="没有牵头单位，请拟定").first
    headless.evaluate("one => { one.open = true }")
    headless.get_by_role("textbox", name="督查室拟定牵头单位").fill("市商务局")
    click(headless.get_by_role("button", name="核对无误，保存"))
    expect(page.get_by_text("已核对无误")).to_be_visible()
    for words in every(page.locator("#possible input[name=decided_by]")):
        words.fill("督查室主任")
        click(page.get_by_role("button", name="列为背景"))
        expect(page.get_by_text("已列为背景")).to_be_visible()
    unknown = page.locator("#groups details", has_text="成员未登记")
    for _group in every(unknown):
        unknown.first.evaluate("one => { one.open = true }")
        unknown.first.locator("textarea[name=names]").fill("市商务局")
        click(unknown.first.get_by_role("button", name="登记成员"))
        page.wait_for_load_state()
        expect(page.get_by_text("的成员单位1个")).to_be_visible()
    expect(page.get_by_text("可以立项").first).to_be_visible()
