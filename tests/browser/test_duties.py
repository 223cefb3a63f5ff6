"""A day of each role in a real browser, named after its duty: its screens one after the other, with counted clicks.

The screens and their most clicks are `MOST` in `duties.py`; here the units, the city in `test_duties_of_the_city.py`.
TRACKER_SCREENSHOTS names a folder that keeps a picture of each. Not built, and so not gone through: 交接包 of one's own
(a head or an administrator hands over), 督查方案, 单位横比, 应急 as a page (its clocks are in 今天 and the lists),
订阅, PDF of a paper, 密钥 and 密级词表, 运行 (the commands and `/metrics` say it); 与上期对比 is a sentence of the
paper. Built, but without counted clicks: 考评 and 催办与升级 by ladder, whose pages `tests/integration` tries.
"""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from tests.browser.duties import FACT, NOW, OF_OCTOBER, Duty, issue_small, next_one, on_duty, sign_last
from tests.browser.test_main_path import PHONE, LiveSite, site
from tests.browser.waiting import every
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind
from tracker.usecases.filing import SubmitOne, submit_one
from tracker.usecases.inquiring import Ask, ask

__all__ = ["site"]
pytestmark = pytest.mark.browser
_FIRST, _SECOND, _THIRD, _NEW = (f"驻政办〔2022〕{number}号" for number in (99, 98, 97, 96))


def _busy_bureau(site: LiveSite) -> None:
    """September was accepted as less than claimed; October is due for three documents, a fourth is new."""
    lowered = site.city.file()
    site.city.accept(lowered, at=NOW - timedelta(days=1), claim=Claim.BEHIND, reason="只有1期")
    for number, at in ((_SECOND, OF_OCTOBER), (_THIRD, OF_OCTOBER), (_NEW, NOW - timedelta(hours=1))):
        issue_small(site, number, at)
    site.clock.at = NOW
    site.city.sweep(NOW)


def _write(page: Page) -> None:
    """Fill every row that stands open on the page; the fields of extensions are left alone."""
    for claim in every(page.locator("[name$=-claim]:visible")):
        claim.select_option("on_schedule")
    for fact in every(page.locator("[name$=-fact]:visible")):
        fact.fill(FACT)
    for number in every(page.locator("[inputmode=decimal]:visible")):
        number.fill("2")
    for day in every(page.locator("[name*=-on][type=date]:not([name^=x]):visible")):
        day.fill("2022-10-28")


def test_liaison(browser: Browser, site: LiveSite, tmp_path: Path) -> None:
    _busy_bureau(site)
    with on_duty(browser, site, "联络员", "swj") as liaison:
        _look_at_the_day(liaison)
        _ask_others(liaison)
        _object_and_ask_for_time(liaison)
        _report(liaison, tmp_path)
        _settle_in(liaison)
        site.clock.at += timedelta(days=1)
        _plead(liaison)
    with next_one(browser, site, "swj-head") as head:
        head.says("2 份", "申请 3 项", "（1个附件）", "本月已印发通报2期", "等统计口径", "不属我局职责")
        for _asked in range(3):
            head.click(head.page.locator("form[action^='/petitions/'][action$='/sign'] button").first)
            head.says("申请，等待批复")
        head.click(head.page.get_by_text("看内容"))
        head.says(FACT)
    with next_one(browser, site, "tjj") as asked:
        asked.says("请报10月签约项目数。", "催办")
    with next_one(browser, site, "office") as office:
        office.link("审核队列")
        office.says("本月已印发通报2期", "等统计口径", "不属我局职责", "催了一次没有反馈")


def _look_at_the_day(liaison: Duty) -> None:
    with liaison.screen("今天"):
        liaison.says("三日内", "核定低于自报", "新交办")
    with liaison.screen("异议"):
        liaison.click(liaison.page.locator("#new tr", has_text=_NEW).locator("a.clause"))
        liaison.page.get_by_label("理由及依据").fill("不属我局职责")
        liaison.button("提出异议")
        liaison.says("职责异议已送本单位负责人审签")
    with liaison.screen("批量签收"):
        liaison.button("签收已勾选的事项")
        liaison.says("已签收3项")
    with liaison.screen("任务详情"):
        liaison.link("一1 每月通报一次招商情况")
        liaison.says("在文件中查看", "承办单位", "经过")


def _ask_others(liaison: Duty) -> None:
    with liaison.screen("提请协办"):
        liaison.link("提请协办")
        liaison.page.fill("#words", "请报10月签约项目数。")
        liaison.page.fill("#answer_by", "2022-11-01")
        liaison.page.get_by_label("全部（3个单位）").check()
        liaison.button("发出")
        liaison.says("3个单位已反馈0个")
    with liaison.screen("催协办"):
        liaison.link("看反馈")
        liaison.act_on("button", "催一次", "市统计局")
        liaison.says("今天已催")


def _object_and_ask_for_time(liaison: Duty) -> None:
    with liaison.screen("核定异议"):
        liaison.click(liaison.page.locator("#lowered a.clause"))
        liaison.page.get_by_label("异议及依据").fill("本月已印发通报2期")
        liaison.button("提出核定异议")
        liaison.says("核定异议已送本单位负责人审签")
    with liaison.screen("延期"):
        liaison.act_on("link", "填报", _THIRD)
        liaison.page.locator("[name$=-new_due_on]").fill("2022-11-10")
        liaison.page.locator("[name^=x][name$=-reason]").fill("等统计口径")
        liaison.button("申请延期")
        liaison.says("延期申请已送本单位负责人审签")


def _report(liaison: Duty, folder: Path) -> None:
    page = liaison.page
    with liaison.screen("表格下载"):
        liaison.act_on("link", "填报", _FIRST)
        book = liaison.download("下载Excel")
    with liaison.screen("表格传回"):
        filled = _filled(book, folder)
        liaison.act_on("link", "填报", _FIRST)
        liaison.link("上传填好的Excel")
        page.set_input_files("#file", filled)
        liaison.button("核对")
        liaison.says("读到1个事项，1个有改动")
        liaison.button("填入草稿")
        expect(page.locator("[name$=-fact]").first).to_have_value("表中写的一件实事。")
    with liaison.screen("填报"):
        liaison.act_on("link", "填报", _FIRST)
        _write(page)
        liaison.button("送本单位负责人审签")
        liaison.says("已送本单位负责人审签")


def _filled(book: bytes, folder: Path) -> Path:
    """Write a fact into the workbook of a form, in the column 实事."""
    found = load_workbook(BytesIO(book))
    sheet = found.active
    assert sheet is not None
    [head] = [cell for row in sheet.iter_rows() for cell in row if cell.value == "实事"]
    sheet.cell(head.row + 1, head.column).value = "表中写的一件实事。"
    found.save(folder / "填好的表.xlsx")
    return folder / "填好的表.xlsx"


def _settle_in(liaison: Duty) -> None:
    page = liaison.page
    with liaison.screen("佐证箱"):
        liaison.link("佐证箱")
        page.set_input_files("#file", {"name": "10月通报.txt", "mimeType": "text/plain", "buffer": FACT.encode()})
        liaison.tick("我确认所传材料不含国家秘密")
        liaison.button("存入佐证箱")
        liaison.says("10月通报.txt", "还没有用过")
    with liaison.screen("附佐证"):
        liaison.link("一次多报")
        page.locator("[name$=-b0]").first.fill("1")
        liaison.button("暂存")
        liaison.says("10月通报.txt")
    with liaison.screen("一次多报"):
        liaison.link("一次多报")
        _write(page)
        liaison.button("全部送本单位负责人审签")
        liaison.says("已送本单位负责人审签")
    with liaison.screen("台账下载"):
        liaison.link("本单位台账")
        assert load_workbook(BytesIO(liaison.download("xlsx"))).active is not None
    _set_up(liaison)


def _set_up(liaison: Duty) -> None:
    page = liaison.page
    with liaison.screen("我的设置"):
        liaison.link("我的账号")
        page.select_option("#digest_hour", index=1)
        liaison.button("保存设置")
        liaison.says("使用设置已保存")
    with liaison.screen("请假代办"):
        liaison.link("我的账号")
        page.fill("#first_on", "2022-11-07")
        page.fill("#last_on", "2022-11-08")
        page.fill("#reason", "培训")
        liaison.click(page.get_by_role("button", name="登记", exact=True))
        liaison.says("已登记请假")
    with liaison.screen("日历订阅"):
        liaison.link("我的账号")
        liaison.button("生成订阅地址")
        liaison.says("订阅地址")


def _plead(liaison: Duty) -> None:
    with liaison.screen("提请协调"):
        liaison.link("看反馈")
        liaison.page.get_by_label("需要协调的问题").fill("催了一次没有反馈")
        liaison.button("提请协调")
        liaison.says("提请督查室协调")


def test_liaison_by_keyboard_alone(browser: Browser, site: LiveSite) -> None:
    site.clock.at = NOW
    site.city.sweep(NOW)
    with next_one(browser, site, "swj") as liaison:
        page = liaison.page
        liaison.keys_on(page.get_by_role("link", name="填报").first)
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="送本单位负责人审签")).to_be_visible()
        liaison.keys_on(page.locator("[name$=-v1]").first)
        page.keyboard.type("2")  # up to the last day of the month, as the page proposes
        liaison.keys_on(page.locator("[name$=-claim]").first)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        liaison.keys_on(page.locator("[name$=-fact]").first)
        page.keyboard.type(FACT)
        liaison.keys_on(page.get_by_role("button", name="送本单位负责人审签"))
        page.keyboard.press("Enter")
        liaison.says("已送本单位负责人审签")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_supporting_unit(browser: Browser, site: LiveSite, script: bool) -> None:
    site.clock.at = NOW
    with site.services.database.transaction() as session:
        shares = [site.city.assignment(code, session).id or 0 for code in ("tjj", "yc")]
        words = "请报10月签约项目数（累计）。"
        ask(session, Ask(1, shares, words, date(2022, 11, 4)), actor=site.city.liaison("swj"), at=NOW)
    with on_duty(browser, site, "协办单位", "tjj", script=script) as unit:
        with unit.screen("今天"):
            unit.says("市商务局", words, "11月4日（周五，含）")
        with unit.screen("任务详情"):
            unit.click(unit.page.locator("#asked a.clause"))
            unit.says("在文件中查看", "协办往来（1）")
        with unit.screen("协办反馈"):
            unit.act_on("link", "反馈", "请报10月")
            unit.page.fill("#fact", "截至10月31日累计签约3个项目。")
            unit.button("送本单位负责人审签")
            unit.says("已送本单位负责人审签")
    sign_last(site, "tjj")
    with next_one(browser, site, "swj") as lead:
        lead.says("2个单位已反馈1个，还差驿城区")
        lead.link("看反馈")
        lead.says("截至10月31日累计签约3个项目。")


def test_head_on_a_phone(browser: Browser, site: LiveSite) -> None:
    site.clock.at = NOW
    site.city.sweep(NOW)
    with site.services.database.transaction() as session:
        share = site.city.assignment("swj", session).id or 0
        news = Entry(share, RowContent(claim=None, text="10月29日调度1次。"), {}, ())
        submit_one(session, SubmitOne(FilingKind.UPDATE, news), actor=site.city.liaison("swj"), at=NOW)
    site.city.submit("swj", at=NOW, text=FACT)
    with on_duty(browser, site, "单位负责人", "swj-head", size=PHONE) as head:
        with head.screen("一页"):
            head.says("2 份", "本单位逾期", "现由市商务局")
        with head.screen("红项详情"):
            head.click(head.page.locator("#red a.clause"))
            head.says("2022年9月", "逾期")
        with head.screen("通报存档"):
            head.link("通报")
            head.says("还没有印发通报")
        with head.screen("退回联络员"):
            card = head.page.locator("section[id^=f]", has_text="进展动态")
            head.click(card.locator("summary", has_text="退回联络员"))
            card.get_by_label("理由").fill("请写明议定事项")
            head.click(card.get_by_role("button", name="退回联络员"))
            head.says("已退回联络员，理由一并送达")
        with head.screen("待我审签"):
            head.says(FACT)
            head.button("同意报出")
            head.says("已审签报出", "没有等待审签的报送")
    with next_one(browser, site, "swj", size=PHONE) as liaison:
        liaison.says("负责人退回", "请写明议定事项")
    with next_one(browser, site, "office") as office:
        office.says("报送待审核")
        office.link("审核队列")
        office.says("市商务局", FACT)
