"""Praise and criticism on the pages: proposed, served, answered, kept against an objection, and only then published."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from sqlmodel import col

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
from tracker.domain.entered import LONGEST_REASON
from tracker.domain.events.namings import NamingServed
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.served_papers import ServedPaperRow
from tracker.usecases.deliveries import delivered
from tracker.usecases.notices import announce


@pytest.fixture
def city(tmp_path: Path) -> Iterator[AudienceCity]:
    with own_audience_city(tmp_path, at=DRAFTED_AT) as made:
        yield made


def test_the_ground_says_whether_and_when_the_unit_signed_for_what_urged_it(city: AudienceCity) -> None:
    with city.site.services.database.reading() as session:
        urge = select(col(CircularRow.id)).where(col(CircularRow.number) == "驻政办函〔2022〕1号")
        served = session.scalars(select(ServedPaperRow).where(col(ServedPaperRow.circular_id).in_(urge))).one()
    with city.site.client("swj") as liaison:
        received = liaison.post(f"/served/{served.id}/receive", data={"version": str(served.version)})
        assert received.status_code == 303
    id_, _key = drafted_by_page(city)
    with city.site.client("office") as office:
        assert SAID.replace("尚未签收", "2022年10月20日签收") in text_of(office, f"/circulars/{id_}")


def test_a_unit_reads_what_would_be_said_objects_and_is_named_only_with_a_reason(city: AudienceCity) -> None:
    id_, key = drafted_by_page(city)
    with city.site.client("office") as office:
        assert "请勾选要送单位核对" in act_on(city, office, id_, "serve-namings")
        assert "已写入正文" in act_on(city, office, id_, "include-naming", proposal=key)
        assert "尚未送该单位核对" in act_on(city, office, id_, "submit")
        assert "已送1个单位核对" in act_on(city, office, id_, "serve-namings", proposal=key)
        assert "期限未满" in act_on(city, office, id_, "submit")
    address = f"/namings/{naming_row(city).id}"
    with city.site.client("swj") as liaison:
        assert SAID in text_of(liaison, "/today")
        assert "核对拟通报内容" in text_of(liaison, "/due?month=2022-10")
        assert f"{SAID}" in text_of(liaison, address)
        assert liaison.get(f"/circulars/{id_}").status_code == 404, "the draft itself is nobody's"
        silent = liaison.post(f"{address}/answer", data={"naming_answer": "objected", "naming_words": " "})
        assert silent.status_code == 400
        assert "请在“说明”中写明哪一处不实" in silent.get_data(as_text=True)
        told = liaison.post(
            f"{address}/answer", data={"naming_answer": "objected", "naming_words": WHY}, follow_redirects=True
        )
        assert "异议已送督查室" in told.get_data(as_text=True)
        assert SAID not in text_of(liaison, "/today")
        assert "有异议" in text_of(liaison, address)
        again = liaison.post(f"{address}/answer", data={"naming_answer": "agreed", "naming_words": ""})
        assert again.status_code == 409
    city.site.clock.at = AFTER
    with city.site.client("office") as office:
        assert WHY in text_of(office, f"/circulars/{id_}")
        assert "提出异议" in act_on(city, office, id_, "submit")
        kept = office.post(f"{address}/keep", data={"reason": "电话不是书面答复"}, follow_redirects=True)
        assert "仍予点名的理由" in kept.get_data(as_text=True)
        assert "已送批" in act_on(city, office, id_, "submit")
    with city.site.client("leader") as leader:
        seen = text_of(leader, f"/circulars/{id_}")
        assert WHY in seen
        assert "电话不是书面答复" in seen
        assert "已写入" in seen
        assert "已签批" in act_on(city, leader, id_, "approve", basis="同意")
    with city.site.client("swj") as liaison:
        assert "电话不是书面答复" in text_of(liaison, address)


def test_who_agrees_is_named_at_once_and_the_head_may_answer_too(city: AudienceCity) -> None:
    id_, key = drafted_by_page(city)
    with city.site.client("office") as office:
        act_on(city, office, id_, "serve-namings", proposal=key)
        act_on(city, office, id_, "include-naming", proposal=key)
    address = f"/namings/{naming_row(city).id}"
    with city.site.client("swj-head") as head:
        assert SAID in text_of(head, "/sign-off")
        answer = head.post(f"{address}/answer", data={"naming_answer": "agreed"}, follow_redirects=True)
        assert "属实，没有异议" in answer.get_data(as_text=True)
    with city.site.client("office") as office:
        assert "移出" in text_of(office, f"/circulars/{id_}")
        assert "已送批" in act_on(city, office, id_, "submit")


def test_nobody_else_sees_it_and_nothing_unknown_is_taken(city: AudienceCity) -> None:
    id_, key = drafted_by_page(city)
    with city.site.client("office") as office:
        assert office.get(f"/circulars/{id_}").status_code == 200
        assert "没有" in act_on(city, office, id_, "serve-namings", proposal="naming_zz")
        for fields in ({}, {"proposal": "naming_zz"}, {"proposal": "\x00"}):
            act_on(city, office, id_, "include-naming", **fields)
        act_on(city, office, id_, "serve-namings", proposal=key)
    address = f"/namings/{naming_row(city).id}"
    for login in ("tjj", "wjw-head", "reader", "office", "leader"):
        with city.site.client(login) as client:
            assert client.get(address).status_code == 404, login
            data = {"naming_answer": "agreed", "naming_words": ""}
            assert client.post(f"{address}/answer", data=data).status_code == 404, login
    with city.site.client("swj") as liaison:
        for bad in ({"naming_answer": "ended"}, {}, {"naming_answer": "objected", "naming_words": "长" * 9000}):
            assert liaison.post(f"{address}/answer", data=bad).status_code == 400
    assert naming_row(city).state == "served"


def _refused(client: FlaskClient, page: str, action: str, **fields: str) -> html.HtmlElement:
    """Send a form as it stands on its page, to be refused; return it as it came back."""
    [form] = page_of(client, page).xpath("//form[@action=$action]", action=action)
    shown = {one.get("name"): one.get("value") for one in form.iter("input") if one.get("type") == "hidden"}
    answer = client.post(action, data={**shown, **fields}, headers={"Referer": f"http://localhost{page}"})
    assert answer.status_code == 400, (action, fields)
    [back] = html.document_fromstring(answer.get_data(as_text=True)).xpath("//form[@action=$action]", action=action)
    return back


def _faults(form: html.HtmlElement) -> dict[str, str]:
    """Return what stands beside the fields of a form, by their names."""
    at_fault = form.getroottree().xpath("//*[@aria-invalid='true']")
    said = {one.get("name"): one.get("aria-describedby", "") for one in at_fault}
    return {name: form.getroottree().getroot().get_element_by_id(id_).text_content() for name, id_ in said.items()}


def _words(form: html.HtmlElement) -> str:
    return str(form.xpath("string(.//textarea)")).strip()


def test_each_form_about_namings_that_is_refused_comes_back_with_the_fault_beside_its_field(
    city: AudienceCity,
) -> None:
    id_, key = drafted_by_page(city)
    own, long = f"/circulars/{id_}", "长" * (LONGEST_REASON + 1)
    with city.site.client("office") as office:
        assert _faults(_refused(office, own, f"{own}/serve-namings")).keys() == {"proposal"}
        act_on(city, office, id_, "serve-namings", proposal=key)
    page = f"/namings/{naming_row(city).id}"
    answer, keep = f"{page}/answer", f"{page}/keep"
    with city.site.client("swj-head") as head:
        for fields in ({"naming_answer": "objected", "naming_words": words} for words in (" ", long)):
            back = _refused(head, page, answer, **fields)
            assert _faults(back).keys() == {"naming_words"}
            assert _words(back) == fields["naming_words"].strip()
            assert back.xpath(".//input[@checked]/@value") == ["objected"]
        back = _refused(head, page, answer, naming_words=WHY)
        assert (list(_faults(back)), _words(back)) == (["naming_answer"], WHY)
        head.post(answer, data={"naming_answer": "objected", "naming_words": WHY})
    with city.site.client("office") as office:
        for words in (" ", long):
            back = _refused(office, own, keep, reason=words)
            assert (list(_faults(back)), _words(back)) == (["reason"], words.strip())


def test_the_message_leads_to_what_would_be_said(city: AudienceCity) -> None:
    id_, key = drafted_by_page(city)
    with city.site.client("office") as office:
        act_on(city, office, id_, "serve-namings", proposal=key)
    with city.site.services.database.transaction() as session:
        seq = session.scalars(select(col(EventRow.seq)).where(col(EventRow.type) == NamingServed.type)).one()
        delivery = delivered(session, ClaimedDelivery(id=1, reaction="notice", attempts=1, event_seq=seq))
        announce(session, delivery, calendar=CALENDAR, policy=POLICY, outgoing=Outgoing(False, DRAFTED_AT))
    with city.site.services.database.reading() as session:
        told = session.scalars(select(ReminderRow).where(col(ReminderRow.kind) == "naming.served")).all()
    assert {row.content["naming_id"] for row in told} == {naming_row(city).id}
    with city.site.client("swj") as liaison:
        page = page_of(liaison, "/notices")
        assert page.xpath(f"//a[@href='/namings/{naming_row(city).id}']")
