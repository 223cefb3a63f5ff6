"""Suppliers correct a published month on its pages: told why, by form and by workbook, and not a moment longer."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.accounts import NewUser, create_user
from tests.support.office import CALENDAR, OFFICE
from tests.support.published_evaluation import NOW, Publishing, corrected_figures
from tests.support.site import PASSWORD_HASH, post
from tests.support.small_evaluation import Worked, figure
from tracker.auditing import month_difference
from tracker.domain.accounts import Role
from tracker.domain.scoring.publishing import CorrectionObjected, ObjectedSinceDrafted
from tracker.gateways.schemes import read_scheme
from tracker.store.database import Database
from tracker.store.queries.scoring import corrections_of, last_inputs, standing_inputs
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import ReminderRow
from tracker.store.tables.scoring import ScoreMonthRow, ScoreObjectionRow
from tracker.store.tables.units import UserRow
from tracker.usecases.circulars.drafting import discard_circular
from tracker.usecases.scoring_inputs import take_back
from tracker.usecases.scoring_months import open_month

REASON = "遂平县项目少计两个"


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Publishing:
    return Publishing.begun(database, tmp_path)


@pytest.fixture
def worked(house: Publishing) -> Worked:
    """September is published, and the office has begun to correct it."""
    worked = house.published()
    assert _act(house, worked, "correct", reason=REASON) == 303
    return worked


def _act(house: Publishing, worked: Worked, act: str, **fields: str) -> int:
    address = f"/published-months/{worked.month_id}/{act}"
    if act == "correct/freeze":
        fields = house.shown(worked.month_id) | fields
    return post(house.site.logged_in("office"), address, at="/published-months", **fields).status_code


def _page(client: FlaskClient, address: str) -> str:
    return client.get(address).get_data(as_text=True)


def _heard(house: Publishing, kind: str) -> dict[str, str]:
    house.site.work()
    with house.city.database.reading() as session:
        rows = session.execute(
            select(col(UserRow.login), col(ReminderRow.reason))
            .join(ReminderRow, col(ReminderRow.recipient_id) == col(UserRow.id))
            .where(col(ReminderRow.kind) == kind)
        )
        return {str(login): str(reason) for login, reason in rows}


def test_the_suppliers_are_told_that_a_correction_is_open_and_why_and_that_it_is_not_any_more(
    house: Publishing, worked: Worked
) -> None:
    heard = _heard(house, "scoring.correction_opened")
    assert {"swj", "swj-head", "tjj"} <= set(heard)
    assert all(REASON in reason for reason in heard.values())
    assert _act(house, worked, "correct/drop") == 303
    assert set(_heard(house, "scoring.correction_dropped")) == set(heard)


def test_a_published_month_takes_corrected_figures_by_form_while_its_correction_is_open(
    house: Publishing, worked: Worked
) -> None:
    month = f"/evaluation/{worked.month_id}"
    form, supplier = f"{month}/inputs", house.site.logged_in("swj")
    for address in (month, form):
        page = _page(supplier, address)
        assert (REASON in page, "不再接收" in page) == (True, False), address
    told = {"version": "99", "f0-sp": "5", "s0-words": "核对台账", "reason": "少计两个", "not_secret": "yes"}
    assert post(supplier, form, at=form, **told).status_code == 303
    page = _page(house.site.logged_in("office"), f"{month}/objects/2")
    assert "核对台账" not in page, "what was published stands, and so does where it came from"
    assert "更正已通报的结果" in _page(house.site.logged_in("office"), "/desk")
    assert _act(house, worked, "correct/freeze") == 303
    assert post(supplier, form, at=month, **told).status_code == 409
    assert "不再接收、更正数据" in _page(supplier, form)


def test_a_published_month_takes_corrected_figures_by_workbook_while_its_correction_is_open(
    house: Publishing, worked: Worked
) -> None:
    form, supplier = f"/evaluation/{worked.month_id}/inputs", house.site.logged_in("swj")
    book: Any = load_workbook(BytesIO(supplier.get(f"{form}.xlsx").data))
    book["数据"]["F3"].value, book["数据"]["H3"].value = 5, "更正的月报"
    filled = BytesIO()
    book.save(filled)
    filled.seek(0)
    token = _page(supplier, f"{form}/upload").split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    told = {"file": (filled, "表.xlsx"), "not_secret": "yes", "csrf_token": token}
    page = supplier.post(f"{form}/upload", data=told).get_data(as_text=True)
    ticket = page.partition('name="ticket" value="')[2].partition('"')[0]
    fields = {"ticket": ticket, "reason": "少计三个", "csrf_token": token}
    assert supplier.post(f"{form}/workbook", data=fields).status_code == 303
    assert 'value="5"' in _page(supplier, form)


def test_a_paper_whose_month_has_a_newer_result_is_not_corrected_but_leads_to_the_new_paper(
    house: Publishing, worked: Worked
) -> None:
    """Its 更正稿 would keep the old marks; what says the new ones is another paper about the month."""
    with house.city.database.transaction() as session:
        old = session.scalars(select(CircularRow)).one()
        seen = max(one.id or 0 for one in last_inputs(session, worked.month_id))
        corrected_figures(worked, session, seen=seen)
    office, paper, draft = house.site.logged_in("office"), f"/circulars/{old.id}", f"month={worked.month_id}#h-new"
    fields = {"version": str(old.version), "reason": "分数有误"}
    assert "拟出更正稿" in _page(office, paper), "while figures come in, its words may be corrected"
    assert _act(house, worked, "correct/freeze") == 303
    page = _page(office, paper)
    assert "拟出更正稿" not in page
    for where in (paper, "/published-months", f"/evaluation/{worked.month_id}"):
        assert f"/circulars?{draft}" in _page(office, where), where
    assert "印发更正后的月度考评通报" in _page(office, f"/evaluation/{worked.month_id}")
    refused = post(office, f"{paper}/correct", at="/circulars", **fields)
    assert refused.status_code == 409
    assert "更正结果已经冻结，原通报所载是更正前的得分" in refused.get_data(as_text=True)
    chosen = _page(office, f"/circulars?month={worked.month_id}")
    assert '<option value="ranking" selected>' in chosen
    assert f'<option value="{worked.month_id}" selected>' in chosen
    drafted = {"type": "ranking", "month": str(worked.month_id), "unit": "", "document": "", "office": "office"}
    assert post(office, "/circulars", at="/circulars", **drafted).status_code == 303


def test_what_was_taken_back_in_a_correction_is_silence_again_until_somebody_says_nothing_happened(
    house: Publishing, worked: Worked
) -> None:
    city, month, reason = house.city, f"/evaluation/{worked.month_id}", "电话核实，没有召开"
    office = house.site.logged_in("office")
    assert "类事项没有报" not in _page(office, month), "when it was published, each kind was answered"

    def back(session: Session) -> None:
        row = next(one for one in standing_inputs(session, worked.month_id) if one.code == "meeting")
        given = {"reason": "没有召开", "read": read_scheme, "calendar": CALENDAR, "actor": OFFICE}
        take_back(session, row.id or 0, at=house.wait(hours=1), **given)  # type: ignore[arg-type] # by name

    with city.database.transaction() as session:
        back(session)
    refused = post(
        office,
        f"/published-months/{worked.month_id}/correct/freeze",
        at="/published-months",
        **house.shown(worked.month_id),
    )
    assert refused.status_code == 409
    assert "有1类事项没有报，也没有说明“本月没有”" in refused.get_data(as_text=True)
    page = _page(office, month)
    assert "收齐事项，1类没有报" in page
    assert f'action="{month}/silent"' in page
    assert f'action="{month}/silent"' not in _page(house.site.logged_in("swj"), month)
    assert post(office, f"{month}/silent", at=month, reason=reason).status_code == 303
    assert f'action="{month}/silent"' not in _page(office, month)
    assert _act(house, worked, "correct/freeze") == 303
    with city.database.reading() as session:
        row = session.get_one(ScoreMonthRow, worked.month_id)
        (kept,) = corrections_of(session, worked.month_id)
        assert reason in (kept.result or "")
        assert reason not in (row.result or "")
        assert month_difference(session, row) is None


def test_what_waits_for_its_circular_stands_on_the_desk_until_it_is_out(house: Publishing) -> None:
    first, office = house.frozen("2022-08"), house.site.logged_in("office")
    house.decide("issuer", "office")
    wait = "2022年8月考评：印发月度考评通报"
    assert wait in _page(office, "/desk")
    house.publish(first.month_id)
    assert wait not in _page(office, "/desk")
    house.wait(hours=1)
    assert _act(house, first, "correct", reason=REASON) == 303
    with house.city.database.transaction() as session:
        seen = max(one.id or 0 for one in last_inputs(session, first.month_id))
        corrected_figures(first, session, seen=seen)
    house.wait(hours=1)
    assert _act(house, first, "correct/freeze") == 303
    wait = "2022年8月考评：印发更正后的月度考评通报"
    assert wait in _page(office, "/desk")
    house.publish(first.month_id)
    assert wait not in _page(office, "/desk")


def test_each_body_whose_marks_a_correction_changes_hears_what_and_why_and_reads_it_before_it_is_out(
    house: Publishing, worked: Worked
) -> None:
    """Its marks are not sent for check again, so that nobody would know before the paper is out."""
    with house.city.database.transaction() as session:
        for code in ("yc", "sp"):
            create_user(session, NewUser(f"{code}-head", "负责人", Role.UNIT_HEAD, PASSWORD_HASH, code))
        seen = max(one.id or 0 for one in last_inputs(session, worked.month_id))
        corrected_figures(worked, session, seen=seen)
    assert _act(house, worked, "correct/freeze") == 303
    heard = _heard(house, "scoring.correction_frozen")
    assert {"yc-head", "sp-head"} <= set(heard), "liaisons and heads"
    assert "名次由第1名更正为第2名" in heard["yc-head"]
    assert f"更正原因：{REASON}" in heard["yc-head"]
    assert "swj" not in heard, "who only supplies has no marks"
    page = f"/evaluation/{worked.month_id}/objects"
    own = _page(house.site.logged_in("yc-head"), f"{page}/1")
    assert ("得分和名次更正前后" in own, "更正通报印发前原结果仍然有效" in own, "提出异议" in own) == (True, True, True)
    other = _page(house.site.logged_in("yc-head"), f"{page}/2")
    assert ("得分和名次更正前后" in other, "提出异议" in other) == (False, False), "others' come with the paper"
    head, item = house.site.logged_in("yc-head"), own.partition('name="objected" value="')[2].partition('"')[0]
    told = {"objected": item, "reason": "多计"}
    assert post(head, f"{page}/1/objections", at=f"{page}/1", **told).status_code == 303
    house.wait(hours=1)
    draft = house.draft(worked.month_id)
    with pytest.raises(CorrectionObjected):
        house.issue(draft)
    with house.city.database.reading() as session:
        (objection,) = session.scalars(select(ScoreObjectionRow))
    answered = {"verdict": "refused", "reason": "核对无误"}
    office, answer = house.site.logged_in("office"), f"/evaluation/objections/{objection.id}/answer"
    assert post(office, answer, at=f"/evaluation/{worked.month_id}", **answered).status_code == 303
    with pytest.raises(ObjectedSinceDrafted):
        house.issue(draft)
    with house.city.database.transaction() as session:
        version = session.get_one(CircularRow, draft).version
        discard_circular(session, circular_id=draft, version=version, actor=OFFICE, at=house.wait(hours=1))
    house.issue(house.draft(worked.month_id))
    assert "得分和名次更正前后" in _page(house.site.logged_in("yc-head"), f"{page}/2")


def test_a_correction_whose_data_were_put_back_is_dropped(house: Publishing, worked: Worked) -> None:
    """It can not be kept, as nothing differs: one that could not be dropped either would stay open for ever."""
    with house.city.database.transaction() as session:
        seen = max(one.id or 0 for one in last_inputs(session, worked.month_id))
        corrected_figures(worked, session, seen=seen)
    assert _act(house, worked, "correct/drop") == 409
    with house.city.database.transaction() as session:
        seen = max(one.id or 0 for one in last_inputs(session, worked.month_id))
        put_back = figure("projects", "sp", "2")
        worked.enter(session, worked.city.liaison("swj"), put_back, seen=seen, reason="原数无误")
    assert _act(house, worked, "correct/freeze") == 409
    assert _act(house, worked, "correct/drop") == 303
    with house.city.database.reading() as session:
        assert month_difference(session, session.get_one(ScoreMonthRow, worked.month_id)) is None
    house.wait(hours=1)
    assert _act(house, worked, "correct", reason=REASON) == 303


def test_no_correction_is_kept_beside_an_objection_that_waits_and_one_that_comes_later_is_told_when_it_is_mended(
    house: Publishing, worked: Worked
) -> None:
    with house.city.database.transaction() as session:
        create_user(session, NewUser("yc-head", "负责人", Role.UNIT_HEAD, PASSWORD_HASH, "yc"))
        seen = max(one.id or 0 for one in last_inputs(session, worked.month_id))
        corrected_figures(worked, session, seen=seen)
    page, month = f"/evaluation/{worked.month_id}/objects/1", f"/evaluation/{worked.month_id}"
    head, office = house.site.logged_in("yc-head"), house.site.logged_in("office")
    item = _page(head, page).partition('name="objected" value="')[2].partition('"')[0]

    def objects(verdict: str) -> None:
        assert post(head, f"{page}/objections", at=page, objected=item, reason="多计").status_code == 303
        if verdict == "refused":
            assert _act(house, worked, "correct/freeze") == 409
        with house.city.database.reading() as session:
            last = session.scalars(select(ScoreObjectionRow).order_by(col(ScoreObjectionRow.id).desc())).first()
        assert last is not None
        answer = f"/evaluation/objections/{last.id}/answer"
        assert post(office, answer, at=month, verdict=verdict, reason="已核对").status_code == 303

    objects("refused")
    assert _act(house, worked, "correct/freeze") == 303
    objects("upheld")
    assert "印发更正后的月度考评通报，印发以后再开始一次更正，落实属实的异议1件" in _page(office, month)
    for client in (office, head):
        assert "本次更正的结果已经冻结：更正通报印发以后再开始一次更正" in _page(client, month)


def test_a_correction_that_lacks_a_figure_says_so(house: Publishing, worked: Worked) -> None:
    with house.city.database.transaction() as session:
        row = next(one for one in standing_inputs(session, worked.month_id) if one.code == "planned")
        given = {"reason": "误报", "read": read_scheme, "calendar": CALENDAR, "actor": OFFICE}
        take_back(session, row.id or 0, at=house.wait(hours=1), **given)  # type: ignore[arg-type] # by name
    address = f"/published-months/{worked.month_id}/correct/freeze"
    refused = post(house.site.logged_in("office"), address, at="/published-months", **house.shown(worked.month_id))
    assert "缺数据1个" in refused.get_data(as_text=True)


def test_a_figure_that_is_strange_beside_the_month_before_is_asked_back_from_whoever_handed_it_in(
    house: Publishing, worked: Worked
) -> None:
    with house.city.database.transaction() as session:
        october = open_month(
            session,
            scheme="small",
            month="2022-10",
            inputs_by=date(2022, 11, 5),
            read=read_scheme,
            actor=OFFICE,
            at=NOW,
        )
    form, supplier = f"/evaluation/{october}/inputs", house.site.logged_in("swj")
    page = ""
    for value, reason in (("3", ""), ("40", "少计")):
        assert "请再核对" not in page
        version = _page(supplier, form).partition('name="version" value="')[2].partition('"')[0]
        told = {"version": version, "s0-words": "台账", "not_secret": "yes", "f0-sp": value, "reason": reason}
        assert post(supplier, form, at=form, **told).status_code == 303
        page = _page(supplier, form)
    assert "请再核对：遂平县项目个数本月40个，上月2个，相差十倍以上" in page
