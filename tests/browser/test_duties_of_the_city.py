"""A day of the office, of a leader on a phone, of a reader and of the three administrators, as in `test_duties.py`."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from docx import Document
from playwright.sync_api import Browser, expect
from sqlalchemy import select
from sqlmodel import col

from tests.browser.breaking_down import decide_all
from tests.browser.duties import FACT, NOW, OF_OCTOBER, Duty, issue_small, next_one, on_duty, sign_last
from tests.browser.test_main_path import DOCUMENT, PHONE, LiveSite, site
from tests.browser.waiting import every
from tests.support.accounts import NewUser, create_user
from tests.support.office import BY, ISSUED_AT, OFFICE
from tests.support.site import PASSWORD_HASH, post
from tracker.domain.accounts import Role
from tracker.store.tables.tasks import AssignmentRow
from tracker.usecases.requesting import RequestExtension, dispute_share, grant_extension, request_extension

__all__ = ["site"]
pytestmark = pytest.mark.browser
OTHER = "驻政办〔2022〕98号"
ORDER = "请说明为何未报，三日内补报。"


def _ask_for_time(site: LiveSite, period: str, until: date) -> None:
    with site.services.database.transaction() as session:
        row_id = site.city.row("swj", session, name=period).id or 0
        command = RequestExtension(row_id, until, "等统计口径")
        request_extension(session, command, actor=site.city.liaison("swj"), at=site.clock.at)


def _busy_office(site: LiveSite) -> None:
    """September of the lead waits for review, late; October for more time; the share of 市统计局 is disputed."""
    site.city.sweep(NOW)
    site.city.file("swj", at=NOW, text=FACT)
    site.clock.at = NOW
    _ask_for_time(site, "2022-10", date(2022, 11, 10))
    issue_small(site, OTHER, NOW - timedelta(hours=1))
    with site.services.database.transaction() as session:
        share = session.scalars(select(AssignmentRow).order_by(col(AssignmentRow.id).desc())).all()
        own = next(one.id for one in share if one.unit_id == site.city.unit_id("swj")) or 0
        liaison = site.city.liaison("swj")
        dispute_share(session, assignment_id=own, reason="不属我局职责", actor=liaison, at=NOW, by=BY)


def test_office(browser: Browser, site: LiveSite) -> None:
    _busy_office(site)
    with on_duty(browser, site, "督查室", "office") as office:
        _look_around(office)
        _decide(office)
        _write_a_paper(office, site)
        _break_down(office)
    with site.services.database.transaction() as session:
        create_user(session, NewUser("zhuren", "主任", Role.SUPERVISOR, PASSWORD_HASH))
    with on_duty(browser, site, "立项交办", "zhuren") as second, second.screen("立项与交办"):
        second.link("文件拆解待立项")
        second.page.fill("#basis", "市长批准")
        second.button("立项")
        second.button("全部交办")
        second.says("各单位今天起可见")
    with next_one(browser, site, "swj") as liaison:
        liaison.says("新交办", "11月10日（周四，含）")


def _look_around(office: Duty) -> None:
    with office.screen("督查台"):
        office.says("等我办", "报送待审核", "延期申请", "将发出的提醒")
    with office.screen("明日消息"):
        office.link("将发出的提醒")
        office.says("看了不发")
    with office.screen("台账总表"):
        office.click(office.page.get_by_role("link", name="台账", exact=True))
        office.says("每月通报一次招商情况")
    with office.screen("日历与规则"):
        office.link("工作日历")
        office.link("2023年")
        office.says("春节")


def _decide(office: Duty) -> None:
    with office.screen("延期裁定"):
        office.link("延期申请")
        office.says("等统计口径")
        office.click(office.page.get_by_role("button", name="同意").locator("visible=true"))
        office.says("已同意延期，其他期次的时限不变。")
    with office.screen("异议裁定"):
        office.link("职责异议")
        office.says("不属我局职责")
        office.page.locator("#main details", has_text="维持原分工").get_by_label("理由").fill("文件已明确由你局牵头")
        office.button("答复维持")
        office.says("已答复单位。")
    with office.screen("审核队列"):
        office.link("审核队列")
        office.link("逐行审核")
        office.says(FACT)
        office.count = 0  # from here on it is one for each row
        office.button("通过")
        office.says("没有等待督查室办理的事项")


def _write_a_paper(office: Duty, site: LiveSite) -> None:
    page = office.page
    with office.screen("通报工作台"):
        office.click(page.get_by_role("link", name="通报", exact=True))
        office.button("拟出草稿")
        office.says("数据截至", "数字来源")
        office.button("送批")
        office.says("待签批")
        _send(site, "leader", "/approve", "/circulars/1", version="2", basis="同意印发。")
        page.reload()
        office.button("编号并印发")
        office.says("正在排印")
        site.work()
    with office.screen("溯源"):
        office.click(page.get_by_role("link", name="通报", exact=True))
        office.click(page.locator("#main th a"))
        office.says("每个数字都由截止时的台账和事件算出")


def _break_down(office: Duty) -> None:
    page = office.page
    with office.screen("文件拆解"):
        office.click(page.get_by_role("link", name="文件", exact=True))
        office.link("拆解新文件")
        page.set_input_files("#file", DOCUMENT)
        office.button("上传并拆解")
        for choice in every(page.locator("select[name=choice]")):
            choice.select_option(label="新建单位 · 市政府部门")
        office.button("按所选登记")
        decide_all(page, office.click)
        office.says("可以立项")
        expect(page.locator("details.entry")).not_to_have_count(0)
        office.count = -(-office.count // len(every(page.locator("details.entry"))))  # what that is for each item


def _send(site: LiveSite, login: str, act: str, at: str, **fields: str) -> None:
    with site.client(login) as client:
        assert post(client, at + act, at=at, **fields).status_code == 303


def _much_to_approve(site: LiveSite) -> None:
    """The lead asked for time a second time; a paper waits; what another document asks for is long overdue."""
    site.clock.at = OF_OCTOBER
    _ask_for_time(site, "2022-09", date(2022, 10, 20))
    with site.services.database.transaction() as session:
        grant_extension(session, request_id=1, actor=OFFICE, at=OF_OCTOBER, by=BY)
    _ask_for_time(site, "2022-09", date(2022, 11, 10))
    issue_small(site, OTHER, ISSUED_AT)
    site.clock.at = NOW
    site.city.sweep(NOW)
    _send(site, "office", "", "/circulars", type="supervision")
    _send(site, "office", "/submit", "/circulars/1", version="1")


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_leader_on_a_phone(browser: Browser, site: LiveSite, script: bool) -> None:
    _much_to_approve(site)
    with on_duty(browser, site, "领导", "leader", size=PHONE, script=script) as leader:
        _read_the_page(leader)
        with leader.screen("批示"):
            leader.click(leader.page.locator("#late .card a.btn"))
            leader.page.fill("#words", ORDER)
            leader.button("发出批示")
            leader.says("1个单位已反馈0个，还差市商务局")
        _approve_all(leader)
        _answer(site)
        with leader.screen("批示回音"):
            leader.says("1 条新反馈", "因人员调整漏报，今日已补报。")
            leader.button("已阅")
            leader.says("已阅。")
    with next_one(browser, site, "office") as office:
        office.says("领导批示未了结", "已签批待印发")


def _read_the_page(leader: Duty) -> None:
    with leader.screen("一页"):
        leader.says("三句话", "1 项", "2 件", "为何", "球在", "已做")
    with leader.screen("红项详情"):
        leader.click(leader.page.locator("#late .card a.clause"))
        leader.says("现在", "逾期", "承办单位")
    with leader.screen("文件进度"):
        leader.click(leader.page.locator("section[aria-labelledby=h-doc] a.clause"))
        leader.says("每月通报一次招商情况")
    with leader.screen("通报存档"):
        leader.click(leader.page.get_by_role("link", name="通报", exact=True))
        leader.says("在办文稿")


def _approve_all(leader: Duty) -> None:
    with leader.screen("待我批"):
        leader.click(leader.page.get_by_role("link", name="待我批", exact=True))
        leader.says("等统计口径", "督查通报")
    with leader.screen("同意延期"):
        leader.click(leader.page.get_by_role("link", name="待我批", exact=True))
        leader.click(leader.page.locator("form[action$=grant] button.main"))
        leader.says("已同意延期，其他期次的时限不变。")
    with leader.screen("签批文稿"):
        leader.click(leader.page.locator("section[aria-labelledby=h-wait] a"))
        leader.page.fill("#approve-basis", "同意印发。")
        leader.button("同意印发")
        leader.says("已签批，可以印发。")


def _answer(site: LiveSite) -> None:
    _send(site, "swj", "", "/asked/1", fact="因人员调整漏报，今日已补报。")
    sign_last(site, "swj")


def test_reader(browser: Browser, site: LiveSite) -> None:
    for number, at in ((1, OF_OCTOBER), (2, NOW)):
        site.clock.at = at
        site.city.sweep(at)
        page = f"/circulars/{number}"
        _send(site, "office", "", "/circulars", type="supervision")
        _send(site, "office", "/submit", page, version="1")
        _send(site, "leader", "/approve", page, version="2", basis="同意印发。")
        _send(site, "office", "/issue", page, version="3")
        site.work()
    with on_duty(browser, site, "阅文", "reader") as reader:
        with reader.screen("通报列表"):
            reader.says("已印发 2 件，最新的在前", "2022年11月1日 09:00")
        with reader.screen("通报下载"):
            assert Document(BytesIO(reader.download("Word"))).paragraphs
        with reader.screen("通报页"):
            reader.click(reader.page.locator("#main th a"))
            reader.says("数据截至", "与上期", "下载 Word")
    with next_one(browser, site, "office") as office:
        office.page.goto(f"{site.address}/circulars/2")
        office.says("下载情况", "阅文")


def test_three_administrators(browser: Browser, site: LiveSite) -> None:
    with on_duty(browser, site, "系统管理员", "sysadmin") as system, system.screen("账号与组织"):
        system.link("开通账号")
        for field, words in (("login", "lisi"), ("name", "李四")):
            system.page.fill(f"#{field}", words)
        system.page.select_option("#unit_id", label="市商务局")
        system.page.select_option("#asked_role", label="联络员")
        system.click(system.page.get_by_role("button", name="开通", exact=True))
        system.says("前半部分")
    with on_duty(browser, site, "安全保密管理员", "secadmin") as security, security.screen("权限与密钥"):
        security.click(security.page.get_by_role("link", name="lisi"))
        security.page.fill("#g-reason", "单位来函")
        security.button("授予")
        security.says("后半部分")
    with on_duty(browser, site, "审计管理员", "auditor") as audit:
        with audit.screen("审计台"):
            audit.says("lisi", "授予角色：联络员")
            audit.button("核对是否被改动")
            audit.says("记录首尾衔接，各表与记录一致")
        with audit.screen("审计导出"):
            assert audit.download("导出")
