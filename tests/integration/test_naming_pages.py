"""Praise and criticism on the pages: proposed, served, answered, kept against an objection, and only then published."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select, update
from sqlmodel import col

from tests.support.answered_urge import answer_urge
from tests.support.audience_city import SWJ, AudienceCity, own_audience_city
from tests.support.office import CALENDAR, POLICY
from tests.support.readings import NUMBER
from tracker.domain.calendar import at_local
from tracker.domain.deliveries import ClaimedDelivery, Outgoing
from tracker.domain.entered import LONGEST_REASON
from tracker.domain.events.namings import NamingServed
from tracker.editions import content_kept
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import EventRow, ReminderRow
from tracker.store.tables.namings import NamingRow
from tracker.usecases.deliveries import delivered
from tracker.usecases.notices import announce

_DRAFTED = at_local(date(2022, 10, 20), 9, 0)  # a Thursday; an urge was to be answered by the 18th
_AFTER = at_local(date(2022, 10, 25), 9, 0)
_SAID = "对驻政办函〔2022〕1号（要求于2022年10月18日前答复）"
_WHY = "18日已经电话答复市政府督查室"


@pytest.fixture
def city(tmp_path: Path) -> Iterator[AudienceCity]:
    with own_audience_city(tmp_path, at=_DRAFTED) as made:
        yield made


def _page(client: FlaskClient, address: str) -> html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return html.document_fromstring(answer.get_data(as_text=True))


def _text(client: FlaskClient, address: str) -> str:
    return str(_page(client, address).text_content())


def _act(city: AudienceCity, client: FlaskClient, id_: int, act: str, **fields: str) -> str:
    """Do an act on a paper as its page now stands; return what is said of it."""
    with city.site.services.database.reading() as session:
        version = session.get_one(CircularRow, id_).version
    answer = client.post(f"/circulars/{id_}/{act}", data={"version": str(version), **fields}, follow_redirects=True)
    return str(html.document_fromstring(answer.get_data(as_text=True)).text_content())


def _draft(city: AudienceCity) -> tuple[int, str]:
    """Draft a 督查通报 by its page; return it and the key of its one proposal."""
    with city.site.client("office") as office:
        assert office.post("/circulars", data={"type": "supervision"}).status_code == 303
        with city.site.services.database.reading() as session:
            id_ = max(session.scalars(select(col(CircularRow.id))))  # type: ignore[type-var]  # kept rows have ids
        page = _page(office, f"/circulars/{id_}")
        [box] = page.xpath("//input[@form='serve-namings']")
        assert box.get("checked") is None, "nobody is named unless somebody ticks it"
        return id_ or 0, str(box.get("value"))


def _naming(city: AudienceCity) -> NamingRow:
    with city.site.services.database.reading() as session:
        return session.scalars(select(NamingRow)).one()


def test_a_unit_reads_what_would_be_said_objects_and_is_named_only_with_a_reason(city: AudienceCity) -> None:
    id_, key = _draft(city)
    with city.site.client("office") as office:
        assert "请勾选要送单位核对" in _act(city, office, id_, "serve-namings")
        assert "已写入正文" in _act(city, office, id_, "include-naming", proposal=key)
        assert "尚未送该单位核对" in _act(city, office, id_, "submit")
        assert "已送1个单位核对" in _act(city, office, id_, "serve-namings", proposal=key)
        assert "期限未满" in _act(city, office, id_, "submit")
    address = f"/namings/{_naming(city).id}"
    with city.site.client("swj") as liaison:
        assert _SAID in _text(liaison, "/today")
        assert "核对拟通报内容" in _text(liaison, "/due?month=2022-10")
        assert f"{_SAID}" in _text(liaison, address)
        assert liaison.get(f"/circulars/{id_}").status_code == 404, "the draft itself is nobody's"
        silent = liaison.post(f"{address}/answer", data={"naming_answer": "objected", "naming_words": " "})
        assert silent.status_code == 400
        assert "理由" in silent.get_data(as_text=True)
        told = liaison.post(
            f"{address}/answer", data={"naming_answer": "objected", "naming_words": _WHY}, follow_redirects=True
        )
        assert "异议已送督查室" in told.get_data(as_text=True)
        assert _SAID not in _text(liaison, "/today")
        assert "有异议" in _text(liaison, address)
        again = liaison.post(f"{address}/answer", data={"naming_answer": "agreed", "naming_words": ""})
        assert again.status_code == 409
    city.site.clock.at = _AFTER
    with city.site.client("office") as office:
        assert _WHY in _text(office, f"/circulars/{id_}")
        assert "提出异议" in _act(city, office, id_, "submit")
        kept = office.post(f"{address}/keep", data={"reason": "电话不是书面答复"}, follow_redirects=True)
        assert "仍予点名的理由" in kept.get_data(as_text=True)
        assert "已送批" in _act(city, office, id_, "submit")
    with city.site.client("leader") as leader:
        seen = _text(leader, f"/circulars/{id_}")
        assert _WHY in seen
        assert "电话不是书面答复" in seen
        assert "已写入" in seen
        assert "已签批" in _act(city, leader, id_, "approve", basis="同意")
    with city.site.client("swj") as liaison:
        assert "电话不是书面答复" in _text(liaison, address)


def test_who_agrees_is_named_at_once_and_the_head_may_answer_too(city: AudienceCity) -> None:
    id_, key = _draft(city)
    with city.site.client("office") as office:
        _act(city, office, id_, "serve-namings", proposal=key)
        _act(city, office, id_, "include-naming", proposal=key)
    address = f"/namings/{_naming(city).id}"
    with city.site.client("swj-head") as head:
        assert _SAID in _text(head, "/sign-off")
        answer = head.post(f"{address}/answer", data={"naming_answer": "agreed"}, follow_redirects=True)
        assert "属实，没有异议" in answer.get_data(as_text=True)
    with city.site.client("office") as office:
        assert "移出" in _text(office, f"/circulars/{id_}")
        assert "已送批" in _act(city, office, id_, "submit")


def test_what_has_changed_since_is_shown_to_office_and_leader_before_they_act(city: AudienceCity) -> None:
    id_, key = _draft(city)
    with city.site.client("office") as office:
        _act(city, office, id_, "serve-namings", proposal=key)
        _act(city, office, id_, "include-naming", proposal=key)
        assert "送达后情况有变化" not in _text(office, f"/circulars/{id_}")
    city.site.clock.at = _AFTER
    with city.site.client("office") as office:
        assert "已送批" in _act(city, office, id_, "submit")
    answer_urge(city, at=_AFTER)
    said = "所列催办单有的已经答复"
    for login in ("office", "leader"):
        with city.site.client(login) as client:
            shown = _text(client, f"/circulars/{id_}")
            assert "送达后情况有变化" in shown, login
            assert said in shown, login
    with city.site.client("leader") as leader:
        assert said in _act(city, leader, id_, "approve", basis="同意")
        assert "退回" in _act(city, leader, id_, "send-back", reason="情况有变")
    with city.site.client("office") as office:
        assert said in _act(city, office, id_, "submit")
        _act(city, office, id_, "leave-out-naming", proposal=key)
        assert "已送批" in _act(city, office, id_, "submit")


_BY_HAND = {"blame": "市商务局领导不重视、推进不力，予以通报批评。", "praise": "市统计局工作成效突出，予以表扬。"}


def _saved(city: AudienceCity, id_: int, **fields: str) -> str:
    """Save a draft with its words as they stand and some fields of its form changed; return what is said of it."""
    with city.site.services.database.reading() as session:
        row = session.get_one(CircularRow, id_)
    form = {"version": str(row.version), "title": row.title, "text": [str(one[1]) for one in row.statements], **fields}
    with city.site.client("office") as office:
        answer = office.post(f"/circulars/{id_}/edit", data=form, follow_redirects=True)
    return str(html.document_fromstring(answer.get_data(as_text=True)).text_content())


@pytest.mark.parametrize("act", sorted(_BY_HAND))
def test_nobody_is_praised_or_criticised_by_words_that_somebody_typed(city: AudienceCity, act: str) -> None:
    id_, _key = _draft(city)
    words = _BY_HAND[act]
    for fields in (
        {"added": words, "cited": f"{NUMBER}一1"},
        {"added": words.replace("市商务局", SWJ).replace("市统计局", "驻马店市统计局"), "cited": f"{NUMBER}一1"},
        {"title": words.rstrip("。")},
        {"note": words},
    ):
        assert "须先送该单位核对" in _saved(city, id_, **fields), fields
    assert "已保存修改" in _saved(city, id_, added="本月未点名批评任何单位。", cited=f"{NUMBER}一1")


def test_a_figure_that_lists_units_is_not_turned_into_criticism(city: AudienceCity) -> None:
    id_, _key = _draft(city)
    with city.site.services.database.reading() as session:
        row = session.get_one(CircularRow, id_)
        content = content_kept(city.site.services, session, row)
    assert content is not None
    said = [str(one[1]) for one in row.statements]
    lists = [n for n, words in enumerate(said) if "{" in words and "市商务投资局" in content.fill(words)]
    assert lists, "a sentence that lists who is overdue"
    said[lists[0]] = f"{said[lists[0]].rstrip('。')}，予以通报批评。"
    assert "须先送该单位核对" in _saved(city, id_, text=said)  # type: ignore[arg-type]  # one field for each paragraph


def test_what_was_typed_before_goes_no_further(city: AudienceCity) -> None:
    """A draft that was written before such words were refused, or approved, is stopped at each later step."""
    id_, _key = _draft(city)
    steps: tuple[tuple[str, str, dict[str, str]], ...] = (
        ("office", "submit", {}),
        ("leader", "approve", {"basis": "同意"}),
        ("office", "issue", {}),
    )
    for login, act, fields in steps:
        _typed(city, id_, _BY_HAND["blame"])
        with city.site.client(login) as client:
            assert "须先送该单位核对" in _act(city, client, id_, act, **fields)
        _typed(city, id_, "")
        with city.site.client(login) as client:
            _act(city, client, id_, act, **fields)
    with city.site.services.database.reading() as session:
        assert session.get_one(CircularRow, id_).state == "issued"


def _typed(city: AudienceCity, id_: int, words: str) -> None:
    """Put a paragraph by hand at a paper's end past the use case, or take it away."""
    with city.site.services.database.transaction() as session:
        kept = [one for one in session.get_one(CircularRow, id_).statements if len(one) < 3]
        changed = [*kept, [0, words, [f"{NUMBER}一1"]]] if words else kept
        session.execute(update(CircularRow).where(col(CircularRow.id) == id_).values(statements=changed))


def test_nobody_else_sees_it_and_nothing_unknown_is_taken(city: AudienceCity) -> None:
    id_, key = _draft(city)
    with city.site.client("office") as office:
        assert office.get(f"/circulars/{id_}").status_code == 200
        assert "没有" in _act(city, office, id_, "serve-namings", proposal="naming_zz")
        for fields in ({}, {"proposal": "naming_zz"}, {"proposal": "\x00"}):
            _act(city, office, id_, "include-naming", **fields)
        _act(city, office, id_, "serve-namings", proposal=key)
    address = f"/namings/{_naming(city).id}"
    for login in ("tjj", "wjw-head", "reader", "office", "leader"):
        with city.site.client(login) as client:
            assert client.get(address).status_code == 404, login
            data = {"naming_answer": "agreed", "naming_words": ""}
            assert client.post(f"{address}/answer", data=data).status_code == 404, login
    with city.site.client("swj") as liaison:
        for bad in ({"naming_answer": "ended"}, {}, {"naming_answer": "objected", "naming_words": "长" * 9000}):
            assert liaison.post(f"{address}/answer", data=bad).status_code == 400
    assert _naming(city).state == "served"


def _refused(client: FlaskClient, page: str, action: str, **fields: str) -> html.HtmlElement:
    """Send a form as it stands on its page, to be refused; return it as it came back."""
    [form] = _page(client, page).xpath("//form[@action=$action]", action=action)
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
    id_, key = _draft(city)
    own, long = f"/circulars/{id_}", "长" * (LONGEST_REASON + 1)
    with city.site.client("office") as office:
        assert _faults(_refused(office, own, f"{own}/serve-namings")).keys() == {"proposal"}
        _act(city, office, id_, "serve-namings", proposal=key)
    page = f"/namings/{_naming(city).id}"
    answer, keep = f"{page}/answer", f"{page}/keep"
    with city.site.client("swj-head") as head:
        for fields in ({"naming_answer": "objected", "naming_words": words} for words in (" ", long)):
            back = _refused(head, page, answer, **fields)
            assert _faults(back).keys() == {"naming_words"}
            assert _words(back) == fields["naming_words"].strip()
            assert back.xpath(".//input[@checked]/@value") == ["objected"]
        back = _refused(head, page, answer, naming_words=_WHY)
        assert (list(_faults(back)), _words(back)) == (["naming_answer"], _WHY)
        head.post(answer, data={"naming_answer": "objected", "naming_words": _WHY})
    with city.site.client("office") as office:
        for words in (" ", long):
            back = _refused(office, own, keep, reason=words)
            assert (list(_faults(back)), _words(back)) == (["reason"], words.strip())


def test_the_message_leads_to_what_would_be_said(city: AudienceCity) -> None:
    id_, key = _draft(city)
    with city.site.client("office") as office:
        _act(city, office, id_, "serve-namings", proposal=key)
    with city.site.services.database.transaction() as session:
        seq = session.scalars(select(col(EventRow.seq)).where(col(EventRow.type) == NamingServed.type)).one()
        delivery = delivered(session, ClaimedDelivery(id=1, reaction="notice", attempts=1, event_seq=seq))
        announce(session, delivery, calendar=CALENDAR, policy=POLICY, outgoing=Outgoing(False, _DRAFTED))
    with city.site.services.database.reading() as session:
        told = session.scalars(select(ReminderRow).where(col(ReminderRow.kind) == "naming.served")).all()
    assert {row.content["naming_id"] for row in told} == {_naming(city).id}
    with city.site.client("swj") as liaison:
        page = _page(liaison, "/notices")
        assert page.xpath(f"//a[@href='/namings/{_naming(city).id}']")
