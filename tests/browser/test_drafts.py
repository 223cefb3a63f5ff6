"""The workbench in a real browser: its doubts by keyboard alone, and what is clicked and filled in from upload to 交办.

Three documents of thirty items that nobody issued: a clean one, one whose words leave much open, a table.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.test_main_path import LiveSite, _log_in, site
from tests.browser.waiting import every
from tests.support.accounts import NewUser, create_user
from tests.support.site import PASSWORD_HASH
from tracker.domain.accounts import Role

__all__ = ["site"]
pytestmark = pytest.mark.browser
MANY = 30
_UNITS = ("市商务局", "市统计局", "市卫生健康体育委")
_HEAD = """驻马店市人民政府办公室文件
驻政办〔2022〕8{n}号
驻马店市人民政府办公室关于印发2022年{what}工作方案的通知
各县区人民政府：
现将方案印发给你们，请认真贯彻执行。
"""


def _clean() -> list[str]:
    lines = ["一、重点任务"]
    for n in range(1, MANY + 1):
        lead, support = _UNITS[n % 3], _UNITS[(n + 1) % 3]
        words = f"{n}.建设第{n}处便民服务点。9月底前建成并投入使用。"
        lines.append(f"{words}（牵头单位：{lead}；配合单位：{support}）")
    return lines


def _dirty() -> list[str]:
    """Return what a clean one says with an unknown name, an unknown label, collectives and items without anybody."""
    lines = ["一、重点任务"]
    for n in range(1, MANY + 1):
        lead = _UNITS[n % 3]
        ends = {
            1: f"（牵头单位：市便民服务口；配合单位：{lead}）",
            2: f"（牵头单位：{lead}；配合单位：市便民服务口）",
            3: f"\n主抓科室：{lead}",
            4: f"\n主抓科室：{lead}",
            5: f"（责任单位：{lead}，各专班成员单位）",
            6: f"（责任单位：{lead}、各工作组成员单位",
            7: "",
            8: "",
        }
        lines.append(f"{n}.建设第{n}处便民服务点。9月底前建成并投入使用。" + ends.get(n, f"（牵头单位：{lead}）"))
    return lines


def _file(folder: Path, kind: str) -> Path:
    if kind != "table":
        n, lines = (1, _clean()) if kind == "clean" else (2, _dirty())
        path = folder / f"{kind}.txt"
        path.write_text(_HEAD.format(n=n, what="便民服务") + "\n".join([*lines, "2022年9月1日\n"]), encoding="utf-8")
        return path
    document = Document()
    for line in _HEAD.format(n=4, what="便民服务").strip().split("\n"):
        document.add_paragraph(line)
    document.add_paragraph("2022年9月1日")
    document.add_paragraph("任务分解表")
    table = document.add_table(rows=1, cols=5)
    rows = [("序号", "工作任务", "牵头单位", "配合单位", "完成时限")]
    for n in range(1, MANY + 1):
        words = f"建设第{n}处便民服务点，建成并投入使用。"
        rows.append((str(n), words, _UNITS[n % 3], _UNITS[(n + 1) % 3], "2022年9月底"))
    for n, row in enumerate(rows):
        cells = table.rows[0].cells if n == 0 else table.add_row().cells
        for cell, words in zip(cells, row, strict=True):
            cell.text = words
    path = folder / "table.docx"
    document.save(str(path))
    return path


class Counting:
    """What a person clicks, and which fields that person fills in or chooses."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.fields = page, 0, 0

    def click(self, target: Locator) -> None:
        target.first.click()
        self.page.wait_for_load_state()
        self.clicks += 1

    def button(self, name: str) -> None:
        self.click(self.page.get_by_role("button", name=name))

    def fill(self, target: Locator, words: str) -> None:
        target.first.fill(words)
        self.fields += 1


def _upload(counting: Counting, file: Path) -> None:
    page = counting.page
    counting.click(page.get_by_role("link", name="文件", exact=True))
    counting.click(page.get_by_role("link", name="拆解新文件"))
    page.set_input_files("#file", file)
    counting.fields += 1
    counting.button("上传并拆解")
    page.wait_for_url("**/drafts/*")
    expect(page.get_by_text(f"{MANY} 项").first).to_be_visible()


def _settle(counting: Counting) -> None:
    """Settle what blocks a dirty document; each once, for what stands in several items."""
    page = counting.page
    entry = page.locator("#e0")
    entry.evaluate("one => { one.open = true }")
    counting.fill(entry.locator("[name=leads]"), "市商务局")
    counting.click(entry.locator("[name=learn]"))
    counting.click(entry.get_by_role("button", name="核对无误，保存"))
    expect(page.get_by_text("本件另有1项一并更正")).to_be_visible()
    entry = page.locator("#e2")
    entry.evaluate("one => { one.open = true }")
    counting.fill(entry.locator("[name=leads]"), "市商务局")
    entry.locator("[name=speaks]").select_option(label="牵头单位")
    counting.fields += 1
    counting.click(entry.get_by_role("button", name="核对无误，保存"))
    expect(page.get_by_text("本件另有1项一并更正")).to_be_visible()
    counting.fill(page.locator("#unit"), "市商务局")
    counting.button("统一拟定")
    unknown = page.locator("#groups details", has_text="成员未登记")
    for _group in every(unknown):
        unknown.first.evaluate("one => { one.open = true }")
        counting.fill(unknown.first.locator("textarea[name=names]"), "市商务局")
        counting.click(unknown.first.get_by_role("button", name="登记成员"))
        expect(page.get_by_text("的成员单位1个")).to_be_visible()
    _one_by_one(page, lambda stop: _confirmed(counting, stop))


def _confirmed(counting: Counting, stop: Locator) -> None:
    stop.evaluate("one => { one.open = true }")
    counting.click(stop.get_by_role("button", name="核对无误，保存"))


def _one_by_one(page: Page, settle: Callable[[Locator], None]) -> None:
    """Settle what stands in doubt, the first again and again, until nothing does."""
    stops = page.locator("#items [data-stop]")
    for left in range(stops.count(), 0, -1):
        expect(stops).to_have_count(left)
        settle(stops.first)
    expect(stops).to_have_count(0)


# Clicks and fields that each kind may take, both persons', approval and 交办 included.
@pytest.mark.parametrize(("kind", "clicks", "fields"), [("clean", 5, 2), ("table", 5, 2), ("dirty", 12, 8)])
def test_from_upload_to_issue_a_document_of_thirty_items_takes_few_clicks_and_fields(
    browser: Browser, site: LiveSite, tmp_path: Path, kind: str, clicks: int, fields: int
) -> None:
    with site.services.database.transaction() as session:
        create_user(session, NewUser("zhuren", "主任", Role.SUPERVISOR, PASSWORD_HASH))
    first = Counting(_log_in(browser, site, "office"))
    _upload(first, _file(tmp_path, kind))
    if kind == "dirty":
        _settle(first)
    expect(first.page.get_by_text("可以立项").first).to_be_visible()
    second = Counting(_log_in(browser, site, "zhuren"))
    second.page.goto(f"{site.address}/drafts/1")
    second.fill(second.page.locator("#basis"), "市长批准")
    second.button("立项")
    second.button("全部交办")
    expect(second.page.get_by_text("各单位今天起可见")).to_be_visible()
    counted = first.clicks + second.clicks, first.fields + second.fields
    assert counted[0] <= clicks, counted
    assert counted[1] <= fields, counted


def test_doubts_are_gone_through_by_keyboard_alone(browser: Browser, site: LiveSite, tmp_path: Path) -> None:
    page = _log_in(browser, site, "office")
    _upload(Counting(page), _file(tmp_path, "dirty"))
    address = page.url
    page.goto(f"{address}?page=1#items")  # the address itself would load nothing anew
    stops = page.locator("#items [data-stop]")
    doubted = stops.count()
    assert doubted > 3
    _focus_first(page)
    page.keyboard.press("j")
    expect(stops.nth(1).locator("summary")).to_be_focused()
    page.keyboard.press("k")
    expect(stops.nth(0).locator("summary")).to_be_focused()
    page.keyboard.press("e")
    expect(page.locator("#items details[open] .field :focus")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(stops.nth(0).locator("summary")).to_be_focused()
    page.keyboard.press("c")
    expect(page.get_by_text("已核对无误")).to_be_visible()
    expect(stops.first.locator("summary")).to_be_focused()


def _focus_first(page: Page) -> None:
    """Get into the list as a keyboard does."""
    expect(page.locator("#items [data-stop]").first.locator("summary")).to_be_focused()
