"""Several news of one task wait, come back and are mended side by side, each with its words and its own reason."""

import html
import re
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME
from tests.support.site import Site, post
from tracker.domain.claims import RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind
from tracker.usecases.filing import SubmitOne, submit_one

_OLDER, _NEWER = "9月26日与甲公司会谈，初步达成合作意向并约定10月再议", "9月27日乙公司来访"
_STEP = timedelta(minutes=1)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at, made.clock.step = IN_TIME, _STEP
    return made


def _tell(site: Site, text: str) -> int:
    city = site.city
    with city.database.transaction() as session:
        entry = Entry(city.assignment("swj", session).id or 0, RowContent(claim=None, text=text))
        command = SubmitOne(FilingKind.UPDATE, entry)
        return submit_one(session, command, actor=city.liaison("swj"), at=site.clock.now())


def _task(site: Site) -> tuple[int, int]:
    with site.city.database.reading() as session:
        share = site.city.assignment("swj", session)
        return share.task_id, share.id or 0


def _shown(site: Site, address: str) -> str:
    with site.client("swj") as client:
        return html.unescape(client.get(address).get_data(as_text=True))


def _fact(site: Site) -> str:
    """Return what stands in the field of the facts on the page on which news are told."""
    task_id, share_id = _task(site)
    page = _shown(site, f"/tasks/{task_id}/update")
    found = re.search(rf'<textarea[^>]*name="a{share_id}-fact"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return found[1].strip()


def _send_back(site: Site, filing_id: int, reason: str) -> None:
    with site.client("swj-head") as head:
        assert post(head, f"/filings/{filing_id}/send-back", at="/sign-off", reason=reason).status_code == 303


def _take_back(site: Site, filing_id: int) -> str:
    """Take news back and return the page that follows."""
    with site.client("swj") as liaison:
        answer = post(liaison, f"/filings/{filing_id}/withdraw", at="/today")
        assert answer.status_code == 303
        return html.unescape(liaison.get(answer.location).get_data(as_text=True))


def test_each_that_came_back_is_written_on_under_its_own_reason(site: Site) -> None:
    older, newer = _tell(site, _OLDER), _tell(site, _NEWER)
    _send_back(site, older, "写明甲公司全称")
    _send_back(site, newer, "写明来访人数")
    page = _shown(site, f"/tasks/{_task(site)[0]}/update")
    assert _NEWER in page
    assert "写明来访人数" in page
    assert "写明甲公司全称" not in page
    assert "另有1份进展动态没有报出" in page
    _tell(site, "9月27日乙公司3人来访")
    page = _shown(site, f"/tasks/{_task(site)[0]}/update")
    assert _fact(site) == _OLDER
    assert "写明甲公司全称" in page
    assert "另有" not in page
    today = _shown(site, "/today")
    assert "写明甲公司全称" in today
    assert "写明来访人数" not in today


def test_no_reason_stands_over_a_blank_page_once_the_mended_one_was_sent(site: Site) -> None:
    _send_back(site, _tell(site, _OLDER), "写明甲公司全称")
    _tell(site, "9月26日与甲有限公司会谈")
    assert _fact(site) == ""
    assert "写明甲公司全称" not in _shown(site, f"/tasks/{_task(site)[0]}/update")


def test_two_that_wait_or_came_back_are_told_apart_by_how_they_begin(site: Site) -> None:
    older, newer = _tell(site, _OLDER), _tell(site, _NEWER)
    today = _shown(site, "/today")
    assert f"“{_OLDER[:19]}…”" in today
    assert f"“{_NEWER}”" in today
    _send_back(site, older, "请改")
    _send_back(site, newer, "请改")
    panel = _shown(site, "/today").split('id="sent-back"', 1)[1].split("</section>", 1)[0]
    assert f"“{_OLDER[:19]}…”" in panel
    assert f"“{_NEWER}”" in panel


def test_the_page_shows_the_words_of_that_which_was_taken_back_though_another_waits(site: Site) -> None:
    older, _newer = _tell(site, _OLDER), _tell(site, _NEWER)
    page = _take_back(site, older)
    assert "内容保留在填报页面" in page
    assert _fact(site) == _OLDER


def test_of_two_that_were_taken_back_the_page_shows_the_one_of_which_it_says_so(site: Site) -> None:
    older, newer = _tell(site, _OLDER), _tell(site, _NEWER)
    _take_back(site, newer)
    assert _fact(site) == _NEWER
    assert "内容保留在填报页面" in _take_back(site, older)
    assert _fact(site) == _OLDER


def test_where_other_words_stand_on_the_page_it_is_said_where_those_taken_back_are(site: Site) -> None:
    older, (task_id, share_id) = _tell(site, _OLDER), _task(site)
    address, half = f"/tasks/{task_id}/update", "9月28日丙公司"
    with site.client("swj") as liaison:
        post(liaison, f"{address}/keep", at=address, **{f"a{share_id}-fact": half})
    page = _take_back(site, older)
    assert "内容保留在填报页面" not in page
    assert "填报页面上另有内容" in page
    told = page.split("反馈和动态", 2)[2]
    assert re.search(rf"已撤回</span>.*{_OLDER}", told, re.DOTALL)
    assert _fact(site) == half
