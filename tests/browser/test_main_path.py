"""The main path in a real browser: by mouse and keyboard, with and without JavaScript, on a desk and on a phone."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import pytest
from docx import Document
from playwright.sync_api import Browser, Locator, Page, expect
from werkzeug.serving import make_server

from tests.browser.breaking_down import decide_all
from tests.browser.waiting import every
from tests.support.accounts import NewUser, create_user
from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME, LATE
from tests.support.site import PASSWORD, PASSWORD_HASH, Site
from tracker.domain.accounts import Role
from tracker.domain.deliveries import Outgoing
from tracker.usecases.sweeping import sweep

pytestmark = pytest.mark.browser
DOCUMENT = Path(__file__).parents[1] / "data" / "intake" / "development" / "city-work-report-2022.txt"
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


class LiveSite(Site):
    """The application behind a real socket."""

    address = ""


@contextmanager
def served(live: LiveSite) -> Iterator[None]:
    """Let a site answer on a socket."""
    server = make_server("127.0.0.1", 0, live.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    live.address = f"http://127.0.0.1:{server.server_port}"
    yield
    server.shutdown()
    thread.join(10)
    server.server_close()
    live.services.database.dispose()


@pytest.fixture
def site(tmp_path: Path) -> Iterator[LiveSite]:
    live = LiveSite(fresh_sqlite(tmp_path), tmp_path)
    live.clock.at = IN_TIME
    with served(live):
        yield live


def _log_in(browser: Browser, site: LiveSite, login: str, *, size: dict[str, int] = DESK, script: bool = True) -> Page:
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]}, locale="zh-CN", java_script_enabled=script
    )
    page = context.new_page()
    page.goto(site.address)
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "登录" not in page.title()
    return page


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_the_liaison_with_a_file_to_the_office_and_the_circular(
    browser: Browser, site: LiveSite, tmp_path: Path, script: bool
) -> None:
    paper = tmp_path / "8月通报.docx"
    document = Document()
    document.add_paragraph("8月份招商情况通报")
    document.save(str(paper))

    liaison = _log_in(browser, site, "swj", script=script)
    liaison.get_by_role("link", name="填报").first.click()
    _write(liaison, "9月28日印发8月份招商情况通报1期。")
    liaison.set_input_files("[name$=-e0]", paper)
    liaison.get_by_text("我确认所传材料不含国家秘密").click()
    liaison.get_by_role("button", name="送本单位负责人审签").click()
    expect(liaison.get_by_text("已送本单位负责人审签")).to_be_visible()

    head = _log_in(browser, site, "swj-head", script=script)
    head.get_by_role("button", name="同意报出").click()
    expect(head.get_by_text("已审签报出")).to_be_visible()  # signed before the office looks
    office = _log_in(browser, site, "office", script=script)
    office.get_by_role("link", name="审核队列").click()
    office.get_by_role("button", name="全部通过").click()
    expect(office.get_by_text("没有等待督查室办理的事项")).to_be_visible()
    office.goto(f"{site.address}/tasks/1")
    with office.expect_download() as evidence:
        office.get_by_role("link", name="8月通报.docx").first.click()
    assert Path(evidence.value.path()).read_bytes() == paper.read_bytes()

    office.get_by_role("link", name="通报", exact=True).click()
    office.get_by_role("button", name="拟出草稿").click()
    office.get_by_role("button", name="送批").click()
    leader = _log_in(browser, site, "leader", script=script)
    leader.goto(f"{site.address}/circulars/1")
    leader.fill("#approve-basis", "同意印发。")
    with leader.expect_navigation():
        leader.get_by_role("button", name="同意印发").click()
    office.goto(f"{site.address}/circulars/1")
    office.get_by_role("button", name="编号并印发").click()
    expect(office.get_by_text("正在排印，通常需数秒")).to_be_visible()
    office.locator("summary", has_text="拟更正稿").click()
    office.fill("#correct-reason", "标题有误")
    site.work()
    if not script:  # nothing loads the page again by itself, for somebody may be writing on it
        office.get_by_role("link", name="刷新查看").click()
    with office.expect_download() as issued:
        office.get_by_role("link", name="下载 Word").click()
    expect(office.locator("#correct-reason")).to_have_value("标题有误" if script else "")
    circular = Document(str(issued.value.path()))
    assert any("督查" in paragraph.text for paragraph in circular.paragraphs)


@pytest.mark.parametrize("script", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_an_act_beside_a_form_and_the_enter_key_lose_nothing_of_what_is_written(
    browser: Browser, site: LiveSite, script: bool
) -> None:
    liaison = _log_in(browser, site, "swj", script=script)
    liaison.get_by_role("link", name="填报").first.click()
    _write(liaison, "9月28日印发8月份招商情况通报1期。")
    liaison.locator("[name$=-new_due_on]").first.fill("2022-10-20")
    reason = liaison.locator("[name^=x][name$=-reason]").first
    reason.fill("等统计口径")
    with liaison.expect_navigation():
        reason.press("Enter")
    expect(liaison.get_by_text("延期申请已送本单位负责人审签")).to_be_hidden()
    liaison.get_by_role("button", name="申请延期").first.click()
    expect(liaison.get_by_text("延期申请已送本单位负责人审签")).to_be_visible()
    expect(liaison.locator("[name$=-fact]").first).to_have_value("9月28日印发8月份招商情况通报1期。")
    liaison.get_by_role("button", name="送本单位负责人审签").click()
    expect(liaison.get_by_text("已送本单位负责人审签")).to_be_visible()


def _write(page: Page, fact: str) -> None:
    """Fill the first row of a form: the claim, its fact and every number with its day."""
    page.locator("[name$=-claim]").first.select_option("on_schedule")
    page.locator("[name$=-fact]").first.fill(fact)
    for number in every(page.locator("[inputmode=decimal]")):
        number.fill("1")
    for day in every(page.locator("[name*=-on][type=date]")):
        day.fill("2022-09-28")


def test_a_refused_report_comes_back_with_what_was_written(browser: Browser, site: LiveSite) -> None:
    page = _log_in(browser, site, "swj")
    page.get_by_role("link", name="填报").first.click()
    _write(page, "9月28日印发通报1期。")
    page.locator("[inputmode=decimal]").first.fill("四成")
    page.get_by_role("button", name="送本单位负责人审签").click()
    expect(page.get_by_role("alert").first).to_contain_text("写的内容都在下面，改好再送")
    expect(page.locator(".err").first).to_contain_text("数字")
    expect(page.locator("[name$=-fact]").first).to_have_value("9月28日印发通报1期。")
    page.locator("[inputmode=decimal]").first.fill("2")
    page.get_by_role("button", name="送本单位负责人审签").click()
    expect(page.get_by_text("已送本单位负责人审签")).to_be_visible()


def test_what_was_written_survives_a_log_in_that_ended(browser: Browser, site: LiveSite) -> None:
    page = _log_in(browser, site, "swj")
    page.get_by_role("link", name="填报").first.click()
    page.locator("[name$=-fact]").first.fill("写了很久的一段进展情况。")
    page.context.clear_cookies()
    page.get_by_role("button", name="送本单位负责人审签").click()
    expect(page.get_by_role("alert")).to_contain_text("重新登录后接着填")
    page.fill("[name=login]", "swj")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_text("您填写的内容还在，请核对后重新提交。")).to_be_visible()
    expect(page.locator("[name$=-fact]").first).to_have_value("写了很久的一段进展情况。")
    page.get_by_role("button", name="送本单位负责人审签").click()  # it is a whole form again, refused as any
    expect(page.get_by_role("alert").first).to_contain_text("写的内容都在下面，改好再送")


def test_what_a_page_carries_hidden_is_not_shown(browser: Browser, site: LiveSite) -> None:
    page = _log_in(browser, site, "office")
    page.goto(f"{site.address}/outages")
    for name, value in (("from_at", "2022-08-20T08:00"), ("until_at", "2022-08-21T08:00"), ("reason", "机房断电")):
        page.locator(f"[name={name}]").fill(value)
    page.get_by_role("button", name="查看影响").click()
    expect(page.get_by_role("button", name="确认登记")).to_be_visible()
    expect(page.locator("textarea[hidden]")).to_have_value("机房断电")
    expect(page.locator("textarea[hidden]")).to_be_hidden()
    expect(page.locator(".lede")).to_contain_text("机房断电")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(
    ("login", "paths"),
    [
        ("swj-head", ["/sign-off", "/tasks/1"]),
        ("swj", ["/today", "/periods/1/form", "/tasks?overdue=1", "/notices", "/documents/1", "/tasks/1"]),
        (
            "office",
            [
                "/desk",
                "/review",
                "/tasks?overdue=1",
                "/overview",
                "/questions",
                "/calendar",
                "/nobody",
                "/reminders",
                "/documents",
                "/circulars",
                "/tasks/1",
            ],
        ),
    ],
)
def test_no_page_is_wider_than_its_screen(
    browser: Browser, site: LiveSite, login: str, paths: list[str], size: dict[str, int]
) -> None:
    site.clock.at = LATE
    sweep(
        site.services.database,
        now=LATE,
        by=site.services.reckoning,
        outgoing=Outgoing(mail=False, machine_now=LATE),
    )
    page = _log_in(browser, site, login, size=size)
    for path in paths:
        answer = page.goto(site.address + path)
        assert answer is not None
        assert answer.status == 200, path
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], path


def test_a_file_of_thirty_items_is_broken_down_and_approved_in_few_clicks(browser: Browser, site: LiveSite) -> None:
    """Counts what a person does: every click, and every field that has to be filled in."""
    with site.services.database.transaction() as session:
        create_user(session, NewUser("zhuren", "主任", Role.SUPERVISOR, PASSWORD_HASH))
    page = _log_in(browser, site, "office")
    done = 0

    def click(name: str, role: Literal["button", "link"] = "button") -> None:
        nonlocal done
        page.get_by_role(role, name=name).first.click()
        page.wait_for_load_state()
        done += 1

    click("文件", "link")
    click("拆解新文件", "link")
    page.set_input_files("#file", DOCUMENT)
    click("上传并拆解")
    unknown = every(page.locator("select[name=choice]"))
    for choice in unknown:
        choice.select_option(label="新建单位 · 市政府部门")
    click("按所选登记")

    def press(button: Locator) -> None:
        nonlocal done
        button.first.click()
        done += 2  # and the field beside it

    decide_all(page, press)
    page = _log_in(browser, site, "zhuren")
    page.goto(f"{site.address}/drafts/1")
    page.fill("#basis", "市长批准")
    click("立项")
    click("全部交办")
    expect(page.get_by_text("各单位今天起可见")).to_be_visible()
    # Six clicks; a click and a field for the lead, the words that may be missed and each of four collectives; a choice
    # for each unknown unit; besides, the file is chosen and the basis written.
    assert done == 18


def test_selecting_words_fills_the_field_and_without_script_they_are_pasted(browser: Browser, site: LiveSite) -> None:
    page = _log_in(browser, site, "office")
    page.goto(f"{site.address}/drafts")
    page.set_input_files("#file", DOCUMENT)
    page.get_by_role("button", name="上传并拆解").click()
    page.locator("[data-source] mark").first.click(click_count=3)
    expect(page.locator("#words")).to_have_value(re.compile(r".{4}", re.DOTALL))  # the page's policy lets nobody eval
    size = page.viewport_size
    assert size is not None
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
