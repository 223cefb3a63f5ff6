"""What becomes of an objection, of a proposal that was overtaken, of a paper: who is told, and what pages say of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.answered_urge import answer_urge
from tests.support.audience_city import AudienceCity, own_audience_city
from tests.support.naming_pages import (
    AFTER,
    DRAFTED_AT,
    SAID,
    WHY,
    act_on,
    drafted_by_page,
    naming_row,
    page_of,
    text_of,
)
from tests.support.office import CALENDAR, POLICY
from tracker.domain.deliveries import ClaimedDelivery, Outgoing
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.units import UserRow
from tracker.usecases.deliveries import delivered
from tracker.usecases.notices import announce


@pytest.fixture
def city(tmp_path: Path) -> Iterator[AudienceCity]:
    with own_audience_city(tmp_path, at=DRAFTED_AT) as made:
        yield made


def _hear(city: AudienceCity, *kinds: str) -> list[tuple[str, str]]:
    """Write the messages of all events of some kinds; return who hears which of them."""
    with city.site.services.database.transaction() as session:
        seqs = session.scalars(select(col(EventRow.seq)).where(col(EventRow.type).in_(kinds))).all()
        for seq in seqs:
            delivery = delivered(session, ClaimedDelivery(id=1, reaction="notice", attempts=1, event_seq=seq))
            announce(session, delivery, calendar=CALENDAR, policy=POLICY, outgoing=Outgoing(False, DRAFTED_AT))
    with city.site.services.database.reading() as session:
        told = select(col(UserRow.login), col(ReminderRow.subject)).join(
            UserRow, col(UserRow.id) == col(ReminderRow.recipient_id)
        )
        rows = session.execute(told.where(col(ReminderRow.kind).in_(kinds)).order_by(col(ReminderRow.id)))
        return [(login, subject) for login, subject in rows]


def _objected(city: AudienceCity) -> tuple[int, str, str]:
    """Draft, serve and include; the unit objects. Return the paper, the key and the naming's page."""
    id_, key = drafted_by_page(city)
    with city.site.client("office") as office:
        act_on(city, office, id_, "serve-namings", proposal=key)
        act_on(city, office, id_, "include-naming", proposal=key)
    address = f"/namings/{naming_row(city).id}"
    with city.site.client("swj") as liaison:
        liaison.post(f"{address}/answer", data={"naming_answer": "objected", "naming_words": WHY})
    return id_, key, address


def test_the_office_is_told_of_an_objection_and_finds_it_on_its_desk_until_it_is_answered(city: AudienceCity) -> None:
    id_, key, address = _objected(city)
    assert [who for who, said in _hear(city, "naming.answered") if "提出异议" in said] == ["office"]
    with city.site.client("office") as office:
        desk = page_of(office, "/desk")
        [link] = [one for one in desk.xpath("//a") if f"/circulars/{id_}#h-namings" == one.get("href")]
        assert "点名异议待答复" in link.getparent().getparent().text_content()
        act_on(city, office, id_, "leave-out-naming", proposal=key)
        assert "点名异议待答复" not in text_of(office, "/desk"), "taken out of the text"
        act_on(city, office, id_, "include-naming", proposal=key)
        assert "点名异议待答复" in text_of(office, "/desk")
        office.post(f"{address}/keep", data={"reason": "电话不是书面答复"})
        assert "点名异议待答复" not in text_of(office, "/desk")


def test_who_objected_hears_that_it_is_left_out_and_how_it_ended(city: AudienceCity) -> None:
    id_, key, address = _objected(city)
    with city.site.client("office") as office:
        act_on(city, office, id_, "leave-out-naming", proposal=key)
    assert {who for who, said in _hear(city, "naming.left_out") if "已移出" in said} == {"swj", "swj-head"}
    with city.site.client("swj") as liaison:
        assert "已将这项内容移出通报稿" in text_of(liaison, address)
    _issue(city, id_)
    assert {who for who, said in _hear(city, "naming.left_out") if "没有点名本单位" in said} == {"swj", "swj-head"}
    with city.site.client("swj") as liaison:
        assert "没有写入这项内容" in text_of(liaison, address)


def test_the_page_of_who_is_named_says_where_and_that_the_paper_was_withdrawn(city: AudienceCity) -> None:
    id_, _key, address = _objected(city)
    city.site.clock.at = AFTER
    with city.site.client("office") as office:
        office.post(f"{address}/keep", data={"reason": "电话不是书面答复"})
    _issue(city, id_)
    assert not _hear(city, "naming.left_out"), "the paper itself tells"
    with city.site.client("swj") as liaison:
        assert "已在驻政办督〔2022〕" in text_of(liaison, address)
    with city.site.client("leader") as leader:
        act_on(city, leader, id_, "withdraw", reason="另行印发")
    with city.site.client("swj") as liaison:
        assert "该通报已撤回" in text_of(liaison, address)


def test_who_was_heard_and_is_left_out_of_a_correction_is_told(city: AudienceCity) -> None:
    id_, key, address = _objected(city)
    city.site.clock.at = AFTER
    with city.site.client("office") as office:
        office.post(f"/namings/{naming_row(city).id}/keep", data={"reason": "电话不是书面答复"})
    _issue(city, id_)
    with city.site.client("office") as office:
        act_on(city, office, id_, "correct", reason="点名有误")
        with city.site.services.database.reading() as session:
            correction = max(session.scalars(select(col(CircularRow.id))))  # type: ignore[type-var]  # kept rows have ids
        act_on(city, office, correction or 0, "leave-out-naming", proposal=key)
    _issue(city, correction or 0)
    assert {who for who, said in _hear(city, "naming.left_out") if "不再点名本单位" in said} == {"swj", "swj-head"}
    with city.site.client("swj") as liaison:
        assert "更正时已删去这项内容，不再据此通报。" in text_of(liaison, address)
    with city.site.client("office") as office:
        assert office.post("/circulars", data={"type": "supervision"}).status_code == 303
        with city.site.services.database.reading() as session:
            later = max(session.scalars(select(col(CircularRow.id))))  # type: ignore[type-var]  # kept rows have ids
        boxes = page_of(office, f"/circulars/{later}").xpath("//input[@form='serve-namings']")
        assert boxes == [], "what the office struck out is not proposed by the next paper"
        act_on(city, office, later or 0, "discard")
    with city.site.client("leader") as leader:
        act_on(city, leader, correction or 0, "withdraw", reason="另行印发")
    with city.site.client("swj") as liaison:
        assert "更正时已删去这项内容，不再据此通报。" in text_of(liaison, address)
    with city.site.client("office") as office:
        assert office.post("/circulars", data={"type": "supervision"}).status_code == 303
        boxes = page_of(office, f"/circulars/{(later or 0) + 1}").xpath("//input[@form='serve-namings']")
        assert boxes == [], "nor once the correction is withdrawn: the unit was told so"


def _issue(city: AudienceCity, id_: int) -> None:
    steps: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("office", "submit", {}),
        ("leader", "approve", {"basis": "同意"}),
        ("office", "issue", {}),
    )
    for login, act, fields in steps:
        with city.site.client(login) as client:
            act_on(city, client, id_, act, **fields)
    with city.site.services.database.reading() as session:
        assert session.get_one(CircularRow, id_).state == "issued"


def test_what_has_changed_since_is_shown_to_office_and_leader_before_they_act(city: AudienceCity) -> None:
    id_, key = drafted_by_page(city)
    with city.site.client("office") as office:
        act_on(city, office, id_, "serve-namings", proposal=key)
        act_on(city, office, id_, "include-naming", proposal=key)
        assert "送达后情况有变化" not in text_of(office, f"/circulars/{id_}")
    city.site.clock.at = AFTER
    with city.site.client("office") as office:
        assert "已送批" in act_on(city, office, id_, "submit")
    answer_urge(city, at=AFTER)
    said = "所列催办单有的已经答复"
    for login in ("office", "leader"):
        with city.site.client(login) as client:
            shown = text_of(client, f"/circulars/{id_}")
            assert "送达后情况有变化" in shown, login
            assert said in shown, login
    with city.site.client("leader") as leader:
        assert said in act_on(city, leader, id_, "approve", basis="同意")
        assert "退回" in act_on(city, leader, id_, "send-back", reason="情况有变")
    with city.site.client("office") as office:
        assert said in act_on(city, office, id_, "submit")
        act_on(city, office, id_, "leave-out-naming", proposal=key)
        assert "已送批" in act_on(city, office, id_, "submit")


def test_what_a_liaison_agrees_to_waits_for_the_head(city: AudienceCity) -> None:
    id_, key = drafted_by_page(city)
    with city.site.client("office") as office:
        act_on(city, office, id_, "serve-namings", proposal=key)
        act_on(city, office, id_, "include-naming", proposal=key)
    address = f"/namings/{naming_row(city).id}"
    with city.site.client("swj") as liaison:
        told = liaison.post(f"{address}/answer", data={"naming_answer": "agreed"}, follow_redirects=True)
        assert "本单位负责人可以改答" in told.get_data(as_text=True)
        assert SAID not in text_of(liaison, "/today")
        assert not page_of(liaison, address).xpath("//input[@name='naming_answer']")
    with city.site.client("office") as office:
        assert "联络员核对属实" in text_of(office, f"/circulars/{id_}")
        assert "期限未满" in act_on(city, office, id_, "submit")
    with city.site.client("swj-head") as head:
        assert SAID in text_of(head, "/sign-off")
        [version] = page_of(head, address).xpath("//form[contains(@action, '/answer')]//input[@name='version']/@value")
        data = {"naming_answer": "objected", "naming_words": WHY, "version": version}
        assert "异议已送督查室" in head.post(f"{address}/answer", data=data, follow_redirects=True).get_data(
            as_text=True
        )
        assert head.post(f"{address}/answer", data={**data, "naming_words": "又"}).status_code == 409
