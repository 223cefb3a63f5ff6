"""What a liaison asks for on the pages: the head sees and signs it, the liaison where it stands and what came back."""

import html
import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.office import FIRST, IN_TIME
from tests.support.owed_city import OFFICE, at
from tests.support.site import Site, post
from tracker.domain.claims import Claim
from tracker.domain.petitions import PetitionState
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.petitions import PetitionRow
from tracker.usecases.ending import suspend_task

REASON = "等统计口径"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    made = Site(fresh_sqlite(tmp_path), tmp_path)
    made.clock.at = IN_TIME
    return made


def _words(client: FlaskClient, address: str) -> str:
    return re.sub(r"\s+", "", html.unescape(re.sub(r"<[^>]+>", "", client.get(address).get_data(as_text=True))))


def _form(site: Site) -> tuple[str, int]:
    with site.services.database.reading() as session:
        period_id = site.city.period("swj", session, name=FIRST).id
        return f"/periods/{period_id}/form", site.city.row("swj", session).id or 0


def _ask(site: Site, client: FlaskClient, day: str = "2022-10-20", reason: str = REASON) -> None:
    form, row = _form(site)
    sent = {"period_id": form.split("/")[2], f"x{row}-new_due_on": day, f"x{row}-reason": reason}
    assert post(client, f"/rows/{row}/extension", at=form, **sent).status_code == 303


def _states(site: Site) -> tuple[list[str], int]:
    with site.services.database.reading() as session:
        petitions = session.scalars(select(col(PetitionRow.state)).order_by(col(PetitionRow.id))).all()
        return list(petitions), len(session.scalars(select(RequestRow)).all())


def test_the_head_sees_what_is_asked_and_signs_it(site: Site) -> None:
    liaison, head, office = (site.logged_in(login) for login in ("swj", "swj-head", "office"))
    _ask(site, liaison)
    form, row = _form(site)
    page = _words(head, "/sign-off")
    for words in (
        "申请1项待审签",
        "延期申请",
        REASON,
        "现时限10月10日",
        "申请延至10月20日",
        "10月10日（周一，含）前报出",
    ):
        assert words in page, words
    assert REASON not in _words(office, "/review") + _words(office, "/tasks/1") + _words(office, "/changes")
    assert "10月20日（周四，含），待本单位负责人审签；审签报出后才停止计时" in _words(liaison, form)
    assert f"x{row}-reason" not in liaison.get(form).get_data(as_text=True)
    for address in ("/today", "/tasks/1"):
        assert "申请待本单位负责人审签" in _words(liaison, address), address
    assert "申请1项等本单位负责人审签" in _words(liaison, "/today")
    assert post(head, "/petitions/1/sign", at="/sign-off").status_code == 303
    assert REASON in _words(office, "/review")
    assert _states(site) == ([PetitionState.SIGNED.value], 1)


def test_what_was_asked_for_is_not_shown_as_unsent_beside_what_is_half_written(site: Site) -> None:
    form, row = _form(site)
    with site.services.database.reading() as session:
        fact = f"a{site.city.assignment('swj', session).id}-fact"
    plea = {f"x{row}-new_due_on": "2022-10-20", f"x{row}-reason": REASON}
    sent = {"period_id": form.split("/")[2], **plea, fact: "写了一半。"}
    for login, waits in (("swj", "待本单位负责人审签"), ("swj-head", "已申请延至10月20日")):
        answer = post(site.logged_in(login), f"/rows/{row}/extension", at=form, **sent)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200
        assert "写了一半。</textarea>" in page
        assert waits in page
        assert "没有送出的内容" not in page, login
        if login == "swj":
            assert post(site.logged_in("swj"), "/petitions/1/withdraw", at=form).status_code == 303


def test_what_came_back_stands_on_today_and_in_the_form_with_the_reason(site: Site) -> None:
    liaison, head = site.logged_in("swj"), site.logged_in("swj-head")
    _ask(site, liaison)
    form, row = _form(site)
    refused = post(head, "/petitions/1/send-back", at="/sign-off", reason=" ")
    assert refused.status_code == 400
    assert post(head, "/petitions/1/send-back", at="/sign-off", reason="先与统计局对接").status_code == 303
    assert "负责人退回的申请" in _words(liaison, "/today")
    site.work()
    assert "单位负责人退回申请" in _words(liaison, "/notices")
    page = liaison.get(form).get_data(as_text=True)
    assert "先与统计局对接" in page
    assert re.search(rf'name="x{row}-new_due_on"[^>]*value="2022-10-20"', page)
    assert re.search(rf'name="x{row}-reason"[^>]*value="{REASON}"', page)
    _ask(site, liaison, reason="已与统计局对接，等其口径")
    assert "负责人退回的申请" not in _words(liaison, "/today")
    assert _states(site) == ([PetitionState.SENT_BACK.value, PetitionState.AWAITING_SIGN_OFF.value], 0)


def test_a_form_is_sent_with_what_came_back_untouched_in_it(site: Site) -> None:
    liaison, head = site.logged_in("swj"), site.logged_in("swj-head")
    _ask(site, liaison)
    assert post(head, "/petitions/1/send-back", at="/sign-off", reason="不必延期").status_code == 303
    form, row = _form(site)
    with site.services.database.reading() as session:
        share = site.city.assignment("swj", session).id
    own = {f"a{share}-claim": "on_schedule", f"a{share}-fact": "9月28日印发通报1期。", "not_secret": "yes"}
    own |= {f"a{share}-v1": "2", f"a{share}-on1": "2022-09-28", f"a{share}-evidence_reason": "材料正在整理"}
    more = {f"x{row}-new_due_on": "2022-10-20", f"x{row}-reason": REASON}
    changed = post(liaison, form, at=form, **own, **{**more, f"x{row}-reason": "另有原因"})
    assert (changed.status_code, "请先“申请延期”" in html.unescape(changed.get_data(as_text=True))) == (400, True)
    assert post(liaison, form, at=form, **own, **more).status_code == 303


def test_a_withdrawn_one_is_filled_in_again_and_leads_back_to_the_form(site: Site) -> None:
    liaison = site.logged_in("swj")
    _ask(site, liaison)
    form, row = _form(site)
    answer = post(liaison, "/petitions/1/withdraw", at="/today")
    assert (answer.status_code, answer.headers["Location"]) == (303, form)
    assert re.search(rf'name="x{row}-reason"[^>]*value="{REASON}"', liaison.get(form).get_data(as_text=True))
    assert _states(site) == ([PetitionState.WITHDRAWN.value], 0)


def test_what_is_too_late_by_now_says_so_and_is_only_sent_back(site: Site) -> None:
    liaison, head = site.logged_in("swj"), site.logged_in("swj-head")
    _ask(site, liaison)
    site.clock.at = at(10, 11)
    page = head.get("/sign-off").get_data(as_text=True)
    assert "/petitions/1/sign" not in page
    assert "已过可以报出的时限" in page
    answer = post(head, "/petitions/1/sign", at="/sign-off")
    assert (answer.status_code, "延期" in answer.get_data(as_text=True)) == (409, True)
    assert _states(site) == ([PetitionState.AWAITING_SIGN_OFF.value], 0)


def test_what_it_is_about_having_stopped_the_liaison_reads_it(site: Site) -> None:
    liaison, head = site.logged_in("swj"), site.logged_in("swj-head")
    _ask(site, liaison)
    with site.services.database.transaction() as session:
        suspend_task(session, task_id=1, reason="疫情防控", actor=OFFICE, at=IN_TIME)
    assert "所涉事项已经了结或者另有申请在批" in _words(liaison, "/today")
    assert "/petitions/1/sign" not in head.get("/sign-off").get_data(as_text=True)
    assert post(head, "/petitions/1/send-back", at="/sign-off", reason="已中止").status_code == 303


def test_all_that_waits_is_signed_with_one_button(site: Site) -> None:
    liaison, head = site.logged_in("swj"), site.logged_in("swj-head")
    _ask(site, liaison)
    site.city.submit()
    page = head.get("/sign-off?all=1").get_data(as_text=True)
    [mark] = re.findall(r'name="envelope" value="([^"]+)" checked', page)
    assert re.search(r'name="petition" value="1" checked', page)
    answer = post(head, "/sign-off", at="/sign-off", envelope=mark, petition="1")
    # The report leaves first: what has been reported needs no more time.
    assert (answer.status_code, "不欠报送" in answer.get_data(as_text=True)) == (409, True)
    assert "已审签报出1份" in answer.get_data(as_text=True)


def test_several_petitions_are_signed_with_one_button(site: Site) -> None:
    site.clock.at = at(8, 26)
    liaison, head = site.logged_in("swj"), site.logged_in("swj-head")
    _ask(site, liaison)
    with site.services.database.reading() as session:
        share = site.city.assignment("swj", session).id
    assert post(liaison, f"/tasks/1/shares/{share}/dispute", at="/tasks/1", reason="非我局职责").status_code == 303
    assert f"/shares/{share}/dispute" not in liaison.get("/tasks/1").get_data(as_text=True)
    page = head.get("/sign-off").get_data(as_text=True)
    assert len(re.findall(r'name="petition" value="[12]"', page)) == 2
    answer = post(head, "/sign-off", at="/sign-off", petition="1")
    assert answer.status_code == 303
    assert "已审签报出1份：延期（" in head.get("/sign-off").get_data(as_text=True)
    assert _states(site) == ([PetitionState.SIGNED.value, PetitionState.AWAITING_SIGN_OFF.value], 1)


def test_a_lowered_claim_is_answered_by_way_of_the_head_and_comes_back_filled(site: Site) -> None:
    site.city.accept(site.city.file(), at=IN_TIME, claim=Claim.BEHIND, reason="只有1期")
    liaison, head = site.logged_in("swj"), site.logged_in("swj-head")
    assert post(liaison, "/tasks/1/reports/1/objection", at="/tasks/1", reason="已印发2期").status_code == 303
    page = _words(head, "/sign-off")
    for words in ("核定异议申请", "自报达序时→核定未达序时只有1期", "已印发2期"):
        assert words in page, words
    assert "/reports/1/objection" not in liaison.get("/tasks/1").get_data(as_text=True)
    assert post(head, "/petitions/1/send-back", at="/sign-off", reason="附上文号").status_code == 303
    page = liaison.get("/tasks/1").get_data(as_text=True)
    assert "附上文号" in page
    assert ">已印发2期</textarea>" in page
