"""Who does a duty in a browser: clicks counted against the most a screen may take, complaints heard, pictures kept."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Locator, expect
from sqlalchemy import select
from sqlmodel import col

from tests.browser.pictures import keep_picture
from tests.browser.test_inquiries import Clicks
from tests.browser.test_main_path import DESK, LiveSite, _log_in
from tests.support.office import BY, OFFICE
from tests.support.readings import small_reading
from tracker.domain.accounts import SYSTEM
from tracker.store.tables.filings import FilingRow
from tracker.usecases.filing import sign_off
from tracker.usecases.issuing import issue_document
from tracker.usecases.registering import approve_document, register_document

NOW = datetime(2022, 11, 1, 1, 0, tzinfo=UTC)
OF_OCTOBER = datetime(2022, 10, 8, 1, 0, tzinfo=UTC)
FACT = "10月28日印发通报1期。"
# The most clicks that a screen may take, from the page after the log-in, by duty; typing and choosing in fields (also
# whom to ask, by ticks) are none. 0 is that page itself. Of a queue, those for one of what lies in it.
MOST: Mapping[str, Mapping[str, int]] = {
    "联络员": {
        "今天": 0,
        "批量签收": 2,
        "填报": 2,
        "任务详情": 1,
        "佐证箱": 2,
        "附佐证": 2,
        "一次多报": 2,
        "延期": 2,
        "异议": 2,
        "核定异议": 2,
        "提请协办": 2,
        "催协办": 2,
        "提请协调": 2,
        "台账下载": 2,
        "表格下载": 2,
        "表格传回": 3,
        "我的设置": 2,
        "请假代办": 2,
        "日历订阅": 2,
    },
    "协办单位": {"今天": 0, "协办反馈": 2, "任务详情": 1},
    "单位负责人": {"一页": 0, "待我审签": 1, "退回联络员": 1, "红项详情": 1, "通报存档": 1},
    "督查室": {
        "督查台": 0,
        "明日消息": 1,
        "文件拆解": 1,
        "审核队列": 1,
        "延期裁定": 2,
        "异议裁定": 2,
        "通报工作台": 4,
        "溯源": 2,
        "台账总表": 1,
        "日历与规则": 2,
    },
    "立项交办": {"立项与交办": 3},
    "领导": {
        "一页": 0,
        "待我批": 1,
        "同意延期": 1,
        "签批文稿": 1,
        "批示": 2,
        "批示回音": 1,
        "红项详情": 1,
        "文件进度": 1,
        "通报存档": 1,
    },
    "阅文": {"通报列表": 0, "通报页": 1, "通报下载": 1},
    "系统管理员": {"账号与组织": 2},
    "安全保密管理员": {"权限与密钥": 2},
    "审计管理员": {"审计台": 1, "审计导出": 1},
}
# Where a screen takes more than that: how many, and why.
LONGER: Mapping[tuple[str, str], tuple[int, str]] = {
    ("联络员", "佐证箱"): (3, "that the file holds no secret is said by a tick of its own, as the law asks"),
    ("联络员", "表格传回"): (4, "the report is read before anything is kept; taking it over is a click of its own"),
    ("单位负责人", "退回联络员"): (2, "the reason has its field in a fold, so that many papers fit on a phone"),
    ("领导", "同意延期"): (2, "the list is not the page after the log-in, which says of all what waits"),
    ("领导", "签批文稿"): (2, "a paper is opened before it is signed"),
}
_BAD = frozenset({"error", "warning"})


class Duty(Clicks):
    """A person at work from his first page on; what the browser complains of is heard."""

    def __init__(
        self, browser: Browser, site: LiveSite, name: str, login: str, *, size: Mapping[str, int], script: bool
    ) -> None:
        super().__init__(_log_in(browser, site, login, size=dict(size), script=script))
        self.name, self.script, self.home = name, script, self.page.url
        self.seen: set[str] = set()
        self._screen = ""
        self.complaints: list[str] = []
        self.page.on("console", lambda line: self.complaints.append(line.text) if line.type in _BAD else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    @contextmanager
    def screen(self, name: str) -> Iterator[None]:
        """Go through a screen from the first page on, in as many clicks as it may take."""
        self.page.goto(self.home)
        self.count, self._screen = 0, name
        yield
        self._keep_picture()
        self.seen.add(name)
        assert self.count <= MOST[self.name][name] or (self.name, name) in LONGER, f"{name}: {self.count} clicks"
        if longer := LONGER.get((self.name, name)):
            assert self.count == longer[0], f"{name}: {self.count} clicks; {longer[1]}"

    def button(self, name: str) -> None:
        self._keep_picture()  # as it is filled in, before what was written is sent
        super().button(name)

    def click(self, place: Locator) -> None:
        self.count += 1
        place.first.click()

    def act_on(self, role: Literal["link", "button"], act: str, what: str) -> None:
        """Click the link or button of an act that has what it is about in words for the ear behind its own."""
        self.click(self.page.get_by_role(role, name=re.compile(rf"{re.escape(act)}\s*：{re.escape(what)}")))

    def keys_on(self, place: Locator) -> None:
        """Go to a field or button by the keyboard alone."""
        for _step in range(80):
            self.page.keyboard.press("Tab")
            if place.evaluate("one => one === document.activeElement"):
                return
        raise AssertionError("the keyboard does not come there")

    def says(self, *words: str) -> None:
        """Expect each of these words to be seen."""
        for each in words:
            expect(self.page.get_by_text(each).locator("visible=true").first).to_be_visible()

    def download(self, name: str) -> bytes:
        with self.page.expect_download() as sent:
            self.link(name)
        return Path(sent.value.path()).read_bytes()

    def _keep_picture(self) -> None:
        """Keep what is seen now under the duty, the screen and the clicks that led there."""
        if self.script and self.name:
            keep_picture(self.page, f"{self.name}-{len(self.seen) + 1:02}-{self._screen}-{self.count}")


@contextmanager
def on_duty(
    browser: Browser, site: LiveSite, name: str, login: str, *, size: Mapping[str, int] = DESK, script: bool = True
) -> Iterator[Duty]:
    """Log somebody in; in the end he has seen every screen of his duty, and the browser complained of nothing."""
    duty = Duty(browser, site, name, login, size=size, script=script)
    yield duty
    assert duty.complaints == []
    assert sorted(MOST[name].keys() - duty.seen) == []
    duty.page.context.close()


@contextmanager
def next_one(browser: Browser, site: LiveSite, login: str, *, size: Mapping[str, int] = DESK) -> Iterator[Duty]:
    """Log in whoever is next in the circle, to see what came to him."""
    duty = Duty(browser, site, "", login, size=size, script=True)
    yield duty
    assert duty.complaints == []
    duty.page.context.close()


def issue_small(site: LiveSite, number: str, at: datetime) -> None:
    """Register, approve and issue the small document once more, by another number."""
    with site.services.database.transaction() as session:
        register_document(session, small_reading(number=number), actor=SYSTEM, at=at)
        approve_document(session, number=number, basis="市政府常务会议议定", actor=OFFICE, at=at)
        issue_document(session, number=number, actor=OFFICE, at=at, by=BY)


def sign_last(site: LiveSite, unit: str) -> None:
    """Sign what was handed to a head last."""
    with site.services.database.transaction() as session:
        filing_id = session.scalars(select(col(FilingRow.id)).order_by(col(FilingRow.id).desc())).first() or 0
        sign_off(session, filing_id=filing_id, actor=site.city.head(unit), at=site.clock.at)
