"""A paper is served on whom it is for, signed for, answered by the word of the unit's head, and the answer is read."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from lxml.html import HtmlElement
from sqlalchemy import select
from sqlmodel import Session, col
from werkzeug.test import TestResponse

from tests.support.audience_city import AudienceCity, open_audience_city, own_audience_city
from tests.support.office import BY, LATE, OFFICE
from tests.support.site import post
from tracker.auditing import table_findings
from tracker.domain.accounts import EVERY_UNIT, Actor, Role
from tracker.domain.calendar import local_day
from tracker.domain.entered import LONGEST_REASON
from tracker.domain.served_papers import LONGEST_ANSWER, NoPaperAnswerWaiting, PaperAnswerChanged, PaperReceivedAlready
from tracker.steps.digest_counts import counts_beside
from tracker.store.database import Database
from tracker.store.queries.served_papers import ServedPaper, papers_with_units, services_of_paper
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.served_papers import ServedPaperRow
from tracker.store.tables.units import UnitRow, UserRow
from tracker.usecases.circulars.issuing import withdraw_circular
from tracker.usecases.merging import merge_units
from tracker.usecases.served_papers import (
    read_answer,
    receive_paper,
    send_back_answer,
    sign_answer,
    take_back_answer,
    write_answer,
)

_WORDS = "9月份情况已于10月17日补报，原因是统计口径迟到，责任人为投资科。"
_ANSWER_ON = date(2022, 10, 18)  # as its words have it
_NO_HTML = "<i>x</i>"


@pytest.fixture
def city(database: Database, tmp_path: Path) -> AudienceCity:
    return open_audience_city(database, tmp_path)


@pytest.fixture
def own_city(tmp_path: Path) -> Iterator[AudienceCity]:
    with own_audience_city(tmp_path, at=LATE) as made:
        yield made


def _served(city: AudienceCity, paper: str) -> dict[str, ServedPaper]:
    """Return with whom a paper stands, by the short name of the unit."""
    with city.site.services.database.reading() as session:
        found = services_of_paper(session, circular_id=city.papers[paper], unit_ids=EVERY_UNIT)
    return {one.unit_name: one for one in found}


def _urge(city: AudienceCity) -> ServedPaper:
    [paper] = _served(city, "urge").values()
    return paper


def _actor(city: AudienceCity, login: str) -> Actor:
    with city.site.services.database.reading() as session:
        user = session.scalars(select(UserRow).where(col(UserRow.login) == login)).one()
        return Actor(user.id, user.name, Role(user.role), unit_id=user.unit_id)


def _write(city: AudienceCity, session: Session, words: str) -> None:
    """Write the answer of 市商务投资局 by its page as it now stands."""
    paper, liaison = _urge(city), _actor(city, "swj")
    write_answer(session, served_id=paper.served_id, version=paper.version, words=words, actor=liaison, at=LATE)


def _agrees(city: AudienceCity) -> list[str]:
    with city.site.services.database.reading() as session:
        return [
            f"{one.kind} {one.facts}" for one in table_findings(session) if one.facts.get("table") == "served_paper"
        ]


def test_a_paper_is_answered_by_the_head_and_each_step_is_in_the_log(city: AudienceCity) -> None:
    paper = _urge(city)
    assert (paper.state, paper.wants_answer, paper.answer_on) == ("served", True, _ANSWER_ON)
    liaison, head, office = (_actor(city, login) for login in ("swj", "swj-head", "office"))
    given, database = {"served_id": paper.served_id, "at": LATE}, city.site.services.database
    with database.transaction() as session:
        receive_paper(session, **given, actor=liaison)  # type: ignore[arg-type]  # by name
    with pytest.raises(PaperReceivedAlready), database.transaction() as session:
        receive_paper(session, **given, actor=head)  # type: ignore[arg-type]  # by name
    with database.transaction() as session:
        _write(city, session, f"  {_WORDS}\x00 ")
    with database.transaction() as session:
        shown = _urge(city).version
        send_back_answer(session, **given, version=shown, reason="写明责任人", actor=head)  # type: ignore[arg-type]  # by name
    assert _urge(city).sent_back_because == "写明责任人"
    with database.transaction() as session:
        _write(city, session, _WORDS)
    with database.transaction() as session:
        take_back_answer(session, **given, actor=liaison)  # type: ignore[arg-type]  # by name
    with database.transaction() as session:
        _write(city, session, _WORDS)
    shown = _urge(city).version
    with pytest.raises(PaperAnswerChanged), database.transaction() as session:
        sign_answer(session, **given, shown=shown - 1, actor=head)  # type: ignore[arg-type]  # by name
    with database.transaction() as session:
        sign_answer(session, **given, shown=shown, actor=head)  # type: ignore[arg-type]  # by name
    with pytest.raises(NoPaperAnswerWaiting), database.transaction() as session:
        sign_answer(session, **given, shown=shown, actor=head)  # type: ignore[arg-type]  # by name
    with database.transaction() as session:
        read_answer(session, **given, actor=office)  # type: ignore[arg-type]  # by name
    paper = _urge(city)
    assert (paper.state, paper.answer, paper.signed_by, paper.read_by) == ("answered", _WORDS, head.name, office.name)
    assert _agrees(city) == []


def test_an_answer_is_late_from_the_day_after_its_day_on(city: AudienceCity) -> None:
    paper = _urge(city)
    assert [paper.is_late(_ANSWER_ON + timedelta(days=days)) for days in (0, 1)] == [False, True]
    [assigned] = _served(city, "assignment to a unit").values()
    assert not assigned.wants_answer
    assert not assigned.is_late(_ANSWER_ON + timedelta(days=99))


def test_a_paper_that_is_withdrawn_or_corrected_asks_for_nothing_more(city: AudienceCity) -> None:
    assert {one.state for one in _served(city, "withdrawn urge").values()} == {"ended"}
    assert {one.state for one in _served(city, "corrected urge").values()} == {"ended"}
    assert {one.state for one in _served(city, "correction").values()} == {"served"}
    database = city.site.services.database
    with database.transaction() as session:
        _write(city, session, _WORDS)
    with database.transaction() as session:
        row = session.get_one(CircularRow, city.papers["urge"])
        withdraw_circular(
            session, circular_id=row.id or 0, version=row.version, reason="有误", actor=_actor(city, "leader"), at=LATE
        )
    assert {one.state for one in _served(city, "urge").values()} == {"ended"}
    assert _agrees(city) == []


def test_what_went_to_a_group_or_to_a_unit_that_is_gone_is_answered_by_who_acts_for_it(city: AudienceCity) -> None:
    for paper, login in (("urge to a group", "tjj"), ("urge to a unit that is gone", "wjw")):
        [served] = _served(city, paper).values()
        with city.site.services.database.transaction() as session:
            given = {"served_id": served.served_id, "version": served.version, "at": LATE}
            write_answer(session, **given, words=_WORDS, actor=_actor(city, login))  # type: ignore[arg-type]  # by name
        assert {one.state for one in _served(city, paper).values()} == {"written"}


def test_a_digest_counts_papers_and_one_whose_day_comes_makes_a_digest_by_itself(city: AudienceCity) -> None:
    with city.site.services.database.reading() as session:
        [unit_id] = session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == "swj")).all()
        first, later = (
            counts_beside(session, [unit_id or 0], now=LATE + timedelta(days=days), by=BY) for days in (0, 30)
        )
    assert first.papers[unit_id or 0] > 2
    assert unit_id not in first.soon
    assert unit_id in later.soon


def _page(client: FlaskClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.get_data(as_text=True)


def _annex(page: str) -> list[list[str]]:
    """Return the cells of the annex that a page shows."""
    tables = html.document_fromstring(page).xpath('//details[summary[starts-with(., "附件")]]//table')
    return [[cell.text_content() for cell in row.iter("td")] for table in tables for row in table.xpath("./tbody/tr")]


def test_each_finds_on_his_own_pages_what_is_to_be_done(own_city: AudienceCity) -> None:
    city, paper = own_city, _urge(own_city)
    own = f"/circulars/{paper.circular_id}"
    with city.site.client("swj") as liaison:
        assert "文稿待签收、待答复" in _page(liaison, "/today")
        page = _page(liaison, own)
        assert "未签收" in page
        annex = _annex(page)
        assert annex
        assert all(annex), "the rows, not their number alone"
        assert f"答复催办单{paper.number}" in _page(liaison, "/due?month=2022-10")
        shown = str(paper.version)
        sent = post(liaison, f"/served/{paper.served_id}/answer", at=own, version=shown, paper_answer=_NO_HTML)
        assert sent.status_code == 303
        assert "答复待本单位负责人审签" in _page(liaison, "/today")
    with city.site.client("swj-head") as head:
        queue = _page(head, "/sign-off")
        assert "文稿答复 1 份" in queue
        assert _NO_HTML not in queue
        assert _annex(queue) == annex, "who signs sees what is demanded and of what"
        assert "来文要求" in queue
        shown = str(_urge(city).version)
        signed = post(head, f"/served/{paper.served_id}/sign", at="/sign-off", shown=shown)
        assert (signed.status_code, signed.headers["Location"]) == (303, "/sign-off")
        assert "文稿答复" not in _page(head, "/sign-off")
    with city.site.client("office") as office:
        assert "文稿答复待阅" in _page(office, "/desk")
        unread = _page(office, "/circulars?unread=1")
        assert "待阅答复1" in unread
        assert "只列有待阅答复的 1 件" in unread
        assert "/circulars?unread=1#h-issued" in _page(office, "/circulars")
        assert post(office, f"/served/{paper.served_id}/read", at=own).status_code == 303
        assert "文稿答复待阅" not in _page(office, "/desk")
        assert "待阅答复" not in _page(office, "/circulars?unread=1")
    with city.site.client("tjj") as other:
        assert post(other, f"/served/{paper.served_id}/receive", at="/today").status_code == 404


def _sent_by_page(client: FlaskClient, page: str, action: str, **fields: str) -> TestResponse:
    """Send a form as it stands on its page, with these words."""
    document = html.document_fromstring(_page(client, page))
    [form] = document.xpath("//form[@action=$action]", action=action)
    shown = {one.get("name"): one.get("value") for one in form.iter("input") if one.get("type") == "hidden"}
    return client.post(action, data={**shown, **fields}, headers={"Referer": f"http://localhost{page}"})


def _came_back(answer: TestResponse, action: str, field: str) -> HtmlElement:
    """Return the field of a form that came back on its page, with its fault beside it."""
    document = html.document_fromstring(answer.get_data(as_text=True))
    [form] = document.xpath("//form[@action=$action]", action=action)
    [one] = form.xpath(".//*[@name=$field]", field=field)
    return one


def test_a_refused_answer_and_a_refused_reason_come_back_with_the_fault_beside_them(own_city: AudienceCity) -> None:
    city, paper = own_city, _urge(own_city)
    own, answer = f"/circulars/{paper.circular_id}", f"/served/{paper.served_id}/answer"
    give_back = f"/served/{paper.served_id}/give-back"
    with city.site.client("swj") as liaison:
        for words in (" ", "长" * (LONGEST_ANSWER + 1)):
            refused = _sent_by_page(liaison, own, answer, paper_answer=words)
            field = _came_back(refused, answer, "paper_answer")
            assert (refused.status_code, field.get("aria-invalid")) == (400, "true")
            assert (field.text or "").strip() == words.strip()
        assert _sent_by_page(liaison, own, answer, paper_answer=_WORDS).status_code == 303
    with city.site.client("swj-head") as head:
        for words in (" ", "长" * (LONGEST_REASON + 1)):
            refused = _sent_by_page(head, "/sign-off", give_back, reason=words)
            field = _came_back(refused, give_back, "reason")
            assert (refused.status_code, field.get("aria-invalid")) == (400, "true")
            assert (field.text or "").strip() == words.strip()
            assert next(field.iterancestors("details")).get("open"), "nobody has to look for it"


def test_whoever_writes_on_a_page_that_a_colleague_has_overtaken_is_shown_both_sides(own_city: AudienceCity) -> None:
    """An answer that was written, and taken or given back, since; a reason for giving back another answer."""
    city, paper = own_city, _urge(own_city)
    own, answer = f"/circulars/{paper.circular_id}", f"/served/{paper.served_id}/answer"
    give_back, back = f"/served/{paper.served_id}/give-back", f"/served/{paper.served_id}/take-back"
    stale = {"version": str(paper.version)}
    liaison, head = city.site.logged_in("swj"), city.site.logged_in("swj-head")
    assert _sent_by_page(liaison, own, answer, paper_answer="甲写的答复").status_code == 303
    hers = {"version": str(_urge(city).version)}
    assert _sent_by_page(liaison, own, back).status_code == 303
    late = _sent_by_page(liaison, own, answer, paper_answer="乙写的答复", **stale)
    assert late.status_code == 409
    for words in ("乙写的答复", "现为：甲写的答复", "这件事最近的办理情况"):
        assert words in late.get_data(as_text=True)
    assert _urge(city).answer == "甲写的答复"
    assert _sent_by_page(liaison, own, answer, paper_answer="乙写的答复，再看过").status_code == 303
    late = _sent_by_page(head, "/sign-off", give_back, reason="甲的答复没有写原因", **hers)
    assert late.status_code == 409
    for words in ("甲的答复没有写原因", "乙写的答复，再看过", "这件事最近的办理情况"):
        assert words in late.get_data(as_text=True)
    assert (_urge(city).state, _urge(city).sent_back_because) == ("written", None)
    assert _sent_by_page(head, "/sign-off", give_back, reason="没有写原因").status_code == 303
    late = _sent_by_page(liaison, own, answer, paper_answer="丙写的答复", **stale)
    assert (late.status_code, "没有写原因" in late.get_data(as_text=True)) == (409, True)


def test_a_successor_is_shown_what_was_done_before_the_merger(own_city: AudienceCity) -> None:
    city, paper = own_city, _urge(own_city)
    own, answer = f"/circulars/{paper.circular_id}", f"/served/{paper.served_id}/answer"
    liaison = city.site.logged_in("swj")
    assert _sent_by_page(liaison, own, answer, paper_answer="甲写的答复").status_code == 303
    assert _sent_by_page(liaison, own, f"/served/{paper.served_id}/take-back").status_code == 303
    with city.site.services.database.transaction() as session:
        ids = dict(session.execute(select(col(UnitRow.code), col(UnitRow.id))).all())
        into = ids["jtj"] or 0
        day = local_day(LATE)
        merge_units(
            session, from_unit_id=ids["swj"] or 0, into_unit_id=into, on=day, reason="机构改革", actor=OFFICE, at=LATE
        )
    stale = {"version": str(paper.version)}
    late = _sent_by_page(city.site.logged_in("jtj"), own, answer, paper_answer="乙写的答复", **stale)
    assert late.status_code == 409
    for words in ("乙写的答复", "这件事最近的办理情况", "甲写的答复"):
        assert words in late.get_data(as_text=True)


def test_what_a_unit_has_not_signed_is_no_other_side_for_the_office(own_city: AudienceCity) -> None:
    city, paper = own_city, _urge(own_city)
    with city.site.client("swj") as liaison:
        own = f"/circulars/{paper.circular_id}"
        assert _sent_by_page(liaison, own, f"/served/{paper.served_id}/answer", paper_answer=_WORDS).status_code == 303
    with city.site.client("office") as office:
        refused = office.post(f"/served/{paper.served_id}/read")
        assert (refused.status_code, _WORDS in refused.get_data(as_text=True)) == (409, False)


def _withdrawn(city: AudienceCity, paper: str) -> None:
    with city.site.services.database.transaction() as session:
        row, leader = session.get_one(CircularRow, city.papers[paper]), _actor(city, "leader")
        withdraw_circular(session, circular_id=row.id or 0, version=row.version, reason="有误", actor=leader, at=LATE)


@pytest.mark.parametrize("left", ["take-back", "give-back", "with the head", "signed"])
def test_what_a_unit_wrote_stays_with_it_when_its_paper_is_withdrawn_and_with_the_office_if_signed(
    own_city: AudienceCity, left: str
) -> None:
    city, paper = own_city, _urge(own_city)
    own, at = f"/circulars/{paper.circular_id}", f"/served/{paper.served_id}"
    liaison, head = city.site.logged_in("swj"), city.site.logged_in("swj-head")
    assert _sent_by_page(liaison, own, f"{at}/answer", paper_answer=_WORDS).status_code == 303
    if left == "take-back":
        assert _sent_by_page(liaison, own, f"{at}/take-back").status_code == 303
    if left == "give-back":
        assert _sent_by_page(head, "/sign-off", f"{at}/give-back", reason="写明责任人").status_code == 303
    if left == "signed":
        assert _sent_by_page(head, "/sign-off", f"{at}/sign").status_code == 303
    _withdrawn(city, "urge")
    for client in (liaison, head):
        page = _page(client, own)
        assert _WORDS in page
        assert ("没有报出" in page) == (left != "signed")
        assert ("写明责任人" in page) == (left == "give-back")
    assert (_WORDS in _page(city.site.logged_in("office"), own)) == (left == "signed")


def test_an_answer_whose_day_has_not_passed_is_not_owed_yet(own_city: AudienceCity) -> None:
    city = own_city
    with city.site.client("office") as office:
        assert "催办、整改逾期未答复" not in _page(office, "/desk")
        assert "答复催办单" in _page(office, f"/due?month={_ANSWER_ON:%Y-%m}")


def test_a_late_answer_is_marked_on_every_page(own_city: AudienceCity) -> None:
    city = own_city
    city.site.clock.at = LATE + timedelta(days=30)
    assert local_day(city.site.clock.at) > _ANSWER_ON
    with city.site.client("swj") as liaison:
        assert "（其中逾期" in _page(liaison, "/today")
    with city.site.client("office") as office:
        assert "逾期答复1" in _page(office, "/circulars")
        owed = _page(office, "/desk").split("催办、整改逾期未答复")[1].split("</tr>")[0]
        assert "含）前答复" in owed
        assert "00:00" not in owed
        owed = _page(office, "/circulars?owed=1")
        assert "只列有单位逾期未答复的" in owed
        assert "逾期答复" in owed
        calendar = _page(office, f"/due?month={_ANSWER_ON:%Y-%m}")
        assert f"答复催办单{_urge(city).number}" in calendar


def test_a_head_for_whom_an_answer_alone_waits_is_not_told_that_nothing_does(own_city: AudienceCity) -> None:
    paper = _urge(own_city)
    with own_city.site.client("swj") as liaison:
        at = f"/circulars/{paper.circular_id}"
        sent = _sent_by_page(liaison, at, f"/served/{paper.served_id}/answer", paper_answer=_WORDS)
        assert sent.status_code == 303
    with own_city.site.client("swj-head") as head:
        queue = _page(head, "/sign-off")
    assert "文稿答复 1 份" in queue
    assert "没有等待审签的报送" not in queue
    assert "另有" not in queue.split("</p>", 1)[0]


def test_who_made_a_paper_and_how_stands_on_its_page_for_its_makers_alone(city: AudienceCity) -> None:
    made = ("<dt>拟稿</dt>", "，规则 ")
    for login, sees in (("office", True), ("swj", False)):
        with city.site.client(login) as reader:
            page = reader.get(f"/circulars/{city.papers['urge']}").get_data(as_text=True)
        assert [words in page for words in made] == [sees] * len(made), login
        assert "<dt>数据截至</dt>" in page


def test_the_head_sees_what_was_served_and_waits_for_receipt_or_answer(own_city: AudienceCity) -> None:
    """Nobody shall be criticised for a slip that his own page never showed."""
    city, paper = own_city, _urge(own_city)
    address = f"/circulars/{paper.circular_id}"
    city.site.clock.at = LATE + timedelta(days=1)
    with city.site.client("swj-head") as head:
        queue = html.document_fromstring(_page(head, "/sign-off"))
        [lede] = queue.xpath('//p[@class="lede"]')
        said = "".join(lede.text_content().split())
        assert re.search(r"送达本单位的文稿\d+件，待签收\d+件，待答复\d+件。", said), said
        assert _rows(queue, address) == ["签收："], "he signs for it himself"
        assert post(head, f"/served/{paper.served_id}/receive", at="/sign-off").status_code == 303
        queue = html.document_fromstring(_page(head, "/sign-off"))
        assert _rows(queue, address) == ["待联络员填写答复，再由您审签"]
        city.site.clock.at = LATE + timedelta(days=30)
        assert "已过期限" in _page(head, "/sign-off")
        with city.site.services.database.transaction() as session:
            _write(city, session, _WORDS)
        queue = html.document_fromstring(_page(head, "/sign-off"))
        assert _rows(queue, address) == [], "its answer lies with him"
        assert queue.xpath(f'//section[@id="answer-{paper.served_id}"]')


def test_papers_that_are_only_to_be_signed_for_are_so_with_one_click(own_city: AudienceCity) -> None:
    """Those that are to be answered stay; one that was signed for meanwhile holds up none of the others."""
    city, unit_id = own_city, own_city.site.city.unit_id("swj")
    with city.site.client("swj") as liaison:
        [form] = html.document_fromstring(_page(liaison, "/today")).xpath('//form[@action="/served/receive"]')
        listed = [int(one) for one in form.xpath('.//input[@name="served"]/@value')]
        waiting = _waiting(city, unit_id)
        assert len(listed) > 1
        assert sorted(listed) == sorted(one.served_id for one in waiting if one.to_receive and not one.to_answer)
        assert form.xpath("string(.//button)") == f"一并签收{len(listed)}件"
        head = _actor(city, "swj-head")
        with city.site.services.database.transaction() as session:
            receive_paper(session, served_id=listed[0], actor=head, at=LATE)
        data = {
            "served": [str(one) for one in listed],
            "csrf_token": form.xpath('string(.//input[@name="csrf_token"])'),
        }
        assert liaison.post("/served/receive", data=data).location == "/today"
        page = _page(liaison, "/today")
        assert f"已签收{len(listed) - 1}件。有的文稿未能签收" in page
        assert 'action="/served/receive"' not in page
    left = _waiting(city, unit_id)
    assert left
    assert all(one.to_answer for one in left)
    with city.site.client("swj-head") as other:
        page = _page(other, "/sign-off")
        assert page.count("一并签收") == (sum(one.to_receive for one in left) > 1), "the head signs for these too"


def _waiting(city: AudienceCity, unit_id: int) -> list[ServedPaper]:
    with city.site.services.database.reading() as session:
        return list(papers_with_units(session, unit_ids=[unit_id]))


def _rows(page: HtmlElement, address: str) -> list[str]:
    """Return what may be done about a paper by the rows of those that wait for receipt or answer."""
    rows = page.xpath(f'//section[@id="papers"]//tbody/tr[.//a[starts-with(@href, "{address}#")]]')
    return ["".join(row.xpath("./td[last()]")[0].text_content().split()).split("催办单")[0] for row in rows]


def test_answers_to_several_papers_are_signed_with_one_tick_for_all(own_city: AudienceCity) -> None:
    """Each by itself, as with its own button: one that was rewritten meanwhile comes back and holds up no other."""
    city, unit_id = own_city, own_city.site.city.unit_id("swj")
    asked = [one for one in _waiting(city, unit_id) if one.to_answer]
    assert len(asked) > 1
    with city.site.client("swj") as liaison:
        for one in asked:
            own, address = f"/circulars/{one.circular_id}", f"/served/{one.served_id}/answer"
            assert _sent_by_page(liaison, own, address, paper_answer=_WORDS).status_code == 303
    with city.site.client("swj-head") as head:
        assert f"全选文稿答复 {len(asked)} 份" in _page(head, "/sign-off")
        queue = html.document_fromstring(_page(head, "/sign-off?all=1"))
        ticked = queue.xpath('//input[@name="answer"][@checked]/@value')
        assert sorted(int(one.partition("-")[0]) for one in ticked) == sorted(one.served_id for one in asked)
        stale, *others = ticked
        with city.site.services.database.transaction() as session:
            paper = next(one for one in asked if str(one.served_id) == stale.partition("-")[0])
            answer = {"served_id": paper.served_id, "actor": _actor(city, "swj"), "at": LATE}
            take_back_answer(session, **answer)  # type: ignore[arg-type]  # by name
            session.flush()
            version = session.get_one(ServedPaperRow, paper.served_id).version
            write_answer(session, version=version, words="另一句。", **answer)  # type: ignore[arg-type]  # by name
        refused = post(head, "/sign-off", at="/sign-off", answer=ticked)
        page = html.document_fromstring(refused.get_data(as_text=True))
        assert refused.status_code == 409
        [section] = page.xpath('//section[starts-with(@id, "answer-")]')
        assert section.get("id") == f"answer-{paper.served_id}"
        assert section.xpath('.//p[@role="alert"]'), "the reason stands beside it"
        with city.site.services.database.reading() as session:
            states = [session.get_one(ServedPaperRow, int(one.partition("-")[0])).state for one in (*others, stale)]
        assert states == [*("answered" for _ in others), "written"]
        assert post(head, "/sign-off", at="/sign-off", answer="99999-1").status_code == 404
        for nonsense in ("x", f"{paper.served_id}-", f"{paper.served_id}-{'9' * 5000}"):
            assert post(head, "/sign-off", at="/sign-off", answer=nonsense).status_code in (303, 409)
