"""The head's page: several envelopes signed at once, each by itself, none unseen; the unit's red lines below."""

import html
import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.office import IN_TIME, City
from tests.support.owed_city import OFFICE, OwedCity, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.site import Site, post
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind
from tracker.store.tables.filings import FilingRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.usecases.ending import cancel_task
from tracker.usecases.filing import SubmitOne, sign_off, submit_one

NOW = at(9, 29)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    database = fresh_sqlite(tmp_path)
    open_owed_city(database, reading=small_reading())
    made = Site(database, tmp_path, city=City(database))
    made.clock.at = NOW
    return made


def _news(site: Site, count: int) -> list[int]:
    """Let the liaison send news of the lead's share, which wait for the head; return the envelopes."""
    city, sent = OwedCity(site.services.database), []
    for n in range(count):
        with site.services.database.transaction() as session:
            share = session.scalars(
                select(AssignmentRow).where(col(AssignmentRow.unit_id) == city.unit_id("swj"))
            ).first()
            assert share is not None
            entry = Entry(share.id or 0, RowContent(claim=None, text=f"第{n + 1}次调度，共{count}次。"), {}, ())
            command = SubmitOne(FilingKind.UPDATE, entry)
            sent.append(submit_one(session, command, actor=city.liaison("swj"), at=NOW))
    return sent


def _page(site: Site, address: str = "/sign-off") -> str:
    with site.client("swj-head") as head:
        return html.unescape(head.get(address).get_data(as_text=True))


def _ticks(page: str) -> list[str]:
    return re.findall(r'name="envelope" value="([^"]+)"', page)


def _chosen(ticks: list[str]) -> dict[str, Any]:  # Any: of several with one name a list
    return {"envelope": ticks}


def _states(site: Site) -> dict[int, str]:
    with site.services.database.reading() as session:
        return {row.id or 0: row.state for row in session.scalars(select(FilingRow))}


def test_all_that_waits_is_ticked_and_signed_with_one_button(site: Site) -> None:
    sent = _news(site, 3)
    page = _page(site, "/sign-off?all=1")
    assert len(re.findall(r'name="envelope" [^>]+ checked', page)) == 3
    with site.client("swj-head") as head:
        answer = post(head, "/sign-off", at="/sign-off", **_chosen(_ticks(page)))
        assert answer.status_code == 303
        assert "已审签报出3份" in html.unescape(head.get("/sign-off").get_data(as_text=True))
    assert _states(site) == dict.fromkeys(sent, "filed")


def test_one_that_a_colleague_decided_meanwhile_comes_back_with_the_reason_and_holds_up_none(site: Site) -> None:
    first, second, third = _news(site, 3)
    ticks = _ticks(_page(site))
    with site.client("swj-head") as head:
        assert post(head, f"/filings/{second}/send-back", at="/sign-off", reason="请核对").status_code == 303
        answer = post(head, "/sign-off", at="/sign-off", **_chosen(ticks))
    told = html.unescape(answer.get_data(as_text=True))
    assert answer.status_code == 409
    assert "这份报送已经审签、退回或者撤回" in told
    assert "已审签报出2份" in told
    assert _states(site) == {first: "filed", second: "sent_back", third: "filed"}


def test_nobody_signs_what_he_has_not_seen(site: Site) -> None:
    """The office ended the task after the page was shown: of the form other rows leave than the page said."""
    form = site.city.submit(at=NOW)
    [news] = _news(site, 1)
    ticks = _ticks(_page(site))
    with site.services.database.transaction() as session:
        share = site.city.assignment("swj", session)
        cancel_task(session, task_id=share.task_id, reason="职能划转", actor=OFFICE, at=NOW)
    with site.client("swj-head") as head:
        together = post(head, "/sign-off", at="/sign-off", **_chosen(ticks))
        shown = next(tick.partition("-")[2] for tick in ticks if tick.startswith(f"{form}-"))
        alone = post(head, f"/filings/{form}/sign", at="/sign-off", shown=shown)
        unmarked = post(head, "/sign-off", at="/sign-off", envelope=str(news))
    for answer in (together, alone, unmarked):
        assert answer.status_code == 409
        assert "本页打开以后，这份报送可以报出的内容有变化" in html.unescape(answer.get_data(as_text=True))
    assert _states(site) == {form: "awaiting_sign_off", news: "awaiting_sign_off"}


def test_an_envelope_of_another_unit_is_not_signed_and_not_named(site: Site) -> None:
    [news] = _news(site, 1)
    [tick] = _ticks(_page(site)) or [f"{news}-0"]
    with site.client("wjw-head") as stranger:
        answer = post(stranger, "/sign-off", at="/sign-off", envelope=tick)
    assert answer.status_code == 404
    assert "进展动态" not in html.unescape(answer.get_data(as_text=True))
    assert _states(site) == {news: "awaiting_sign_off"}


def test_the_first_sentence_counts_what_waits_is_due_and_is_red_and_leads_to_who_holds_the_ball(site: Site) -> None:
    site.clock.at = at(11, 1)
    site.city.sweep(site.clock.at)
    page = _page(site)
    assert "没有等待审签的报送，本单位" in page
    assert re.search(r'href="#red"><b>逾期 \d+ 份', page)
    assert "现由市商务局联络员办理" in page


def test_the_statements_of_the_page_do_not_grow_with_what_waits(site: Site) -> None:
    _news(site, 1)
    _statements(site)  # the first log-in has none before it, since which something changed
    few = _statements(site)
    _news(site, 4)
    assert _statements(site) <= few + 2  # of what a process asks once a second


def _statements(site: Site) -> int:
    seen: list[str] = []

    def note(*told: object) -> None:
        seen.append(str(told[2]))

    engine = site.services.database.engine
    event.listen(engine, "before_cursor_execute", note)
    _page(site)
    event.remove(engine, "before_cursor_execute", note)
    return len(seen)


def test_the_head_sees_what_came_back_and_what_counts_for_less_than_he_signed(tmp_path: Path) -> None:
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    site.clock.at = IN_TIME
    assert "督查室退回" not in _page(site)
    site.city.give_back(site.city.file())
    page = _page(site)
    assert "督查室退回" in page
    assert "缺少数据" in page
    corrected = site.city.submit()
    page = _page(site)
    assert "由联络员补正后再送审签" not in page, "the correction lies before him"
    assert "退回后补正" in page
    with site.services.database.transaction() as session:
        sign_off(session, filing_id=corrected, actor=site.city.head("swj"), at=site.clock.at)
    site.city.accept(corrected, claim=Claim.BEHIND, reason="与台账不符")
    page = _page(site)
    assert "督查室退回" not in page
    assert "核定低于自报" in page
    assert "与台账不符" in page


def test_what_comes_again_says_why_it_was_sent_back(site: Site) -> None:
    [sent] = _news(site, 1)
    assert "上次退回联络员" not in _page(site)
    with site.client("swj-head") as head:
        assert post(head, f"/filings/{sent}/send-back", at="/sign-off", reason="写明地点").status_code == 303
    _news(site, 1)
    page = _page(site)
    assert "上次退回联络员：<b>写明地点</b>" in page


def test_so_does_a_form(tmp_path: Path) -> None:
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    site.clock.at = IN_TIME
    for reason in ("佐证不全", "写明单位"):
        sent = site.city.submit()
        with site.client("swj-head") as head:
            assert post(head, f"/filings/{sent}/send-back", at="/sign-off", reason=reason).status_code == 303
    site.city.submit()
    page = _page(site)
    assert "上次退回联络员：<b>写明单位</b>" in page
    assert "佐证不全" not in page


def test_of_what_was_signed_since_the_reason_is_not_told_again(tmp_path: Path) -> None:
    """The office asks for a correction: what the head had sent back before he signed is mended."""
    site = Site(fresh_sqlite(tmp_path), tmp_path)
    site.clock.at = IN_TIME
    sent = site.city.submit()
    with site.client("swj-head") as head:
        assert post(head, f"/filings/{sent}/send-back", at="/sign-off", reason="写明单位").status_code == 303
    signed = site.city.submit()
    assert "上次退回联络员" in _page(site)
    with site.services.database.transaction() as session:
        sign_off(session, filing_id=signed, actor=site.city.head("swj"), at=site.clock.at)
    site.city.give_back(signed)
    site.city.submit()
    assert "待我审签" in _page(site)
    assert "上次退回联络员" not in _page(site)


def test_nor_of_news_that_was_signed_since(site: Site) -> None:
    [sent] = _news(site, 1)
    with site.client("swj-head") as head:
        assert post(head, f"/filings/{sent}/send-back", at="/sign-off", reason="写明地点").status_code == 303
    [signed] = _news(site, 1)
    with site.services.database.transaction() as session:
        sign_off(session, filing_id=signed, actor=site.city.head("swj"), at=site.clock.at)
    _news(site, 1)
    assert "上次退回联络员" not in _page(site)
