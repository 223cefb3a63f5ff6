"""Newer rules of a scheme ask or offer something else: what months of the earlier ones decided goes on holding."""

import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import Session, col
from werkzeug.test import TestResponse

from tests.support.office import OFFICE, open_city
from tests.support.published_evaluation import NOW, PUBLISHED_SCHEME, Publishing
from tests.support.readings import NUMBER
from tests.support.site import Site, post
from tests.support.small_evaluation import AFTER, CHECKING, filled, keep_small_scheme, opened, ruling
from tests.support.small_scheme import SMALL_SCHEME
from tracker.auditing import table_findings
from tracker.domain.events.scoring import ScoringRulesRenewed
from tracker.domain.scoring.entries import Entry, InputKind, suppliers
from tracker.domain.scoring.months import MonthBeforeScheme, MonthNotReady, read_month
from tracker.domain.scoring.rules import InvalidDecision
from tracker.gateways.filled_score_books import BookFaulty, told_in
from tracker.gateways.schemes import read_scheme
from tracker.gateways.score_books import book_of
from tracker.gateways.score_sheets import read_score_book
from tracker.rankings import meeting_waits, year_told
from tracker.steps.complete_months import MonthIncomplete
from tracker.steps.decided_months import MonthDecidedAlready
from tracker.store.database import Database
from tracker.store.queries.scoring_rules import rules_of
from tracker.store.tables.events import EventRow
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.usecases.renewing_rules import RulesLackInputs, RulesNewest, renew_rules
from tracker.usecases.scoring_months import draft_ranking
from tracker.usecases.scoring_rules import DecidedBackwards, decide


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Publishing:
    site = Site(database, tmp_path, city=open_city(database))
    site.clock.at = NOW
    assert site.city is not None
    return Publishing(site, site.city)


def _do(house: Publishing, act: Callable[[Session], object]) -> None:
    with house.city.database.transaction() as session:
        act(session)


def _newer(house: Publishing, before: str, after: str) -> None:
    content = PUBLISHED_SCHEME.replace(before, after, 1)
    assert content != PUBLISHED_SCHEME
    _do(house, lambda session: keep_small_scheme(session, content=content))


def _again(house: Publishing, question: str, option: str, *, seen: int, first_month: str, last_month: str = "") -> None:
    told = replace(ruling(question, option, seen=seen, first_month=first_month), last_month=last_month)
    _do(house, lambda session: decide(session, told, read=read_scheme, actor=OFFICE, at=AFTER))


_OFFICE = '  { code = "office", words'


def test_who_issues_a_kept_month_is_decided_again_until_its_paper_is_out(house: Publishing) -> None:
    worked = house.frozen("2022-09")
    _newer(house, _OFFICE, '  { code = "county", words = "县政府", choice = "county" },\n' + _OFFICE)
    house.decide("issuer", "county")
    _again(house, "issuer", "office", seen=1, first_month="2022-09")
    house.publish(worked.month_id)
    with pytest.raises(MonthDecidedAlready):
        _again(house, "issuer", "office", seen=2, first_month="2022-09")


def test_what_no_rule_of_a_month_offers_leaves_what_was_decided_before(house: Publishing) -> None:
    first = house.frozen("2022-09")
    house.decide("issuer", "office")
    _newer(house, _OFFICE, '  { code = "county", words = "县政府", choice = "county" },\n' + _OFFICE)
    with pytest.raises(InvalidDecision):
        _again(house, "issuer", "county", seen=1, first_month="2022-09")
    _again(house, "issuer", "county", seen=1, first_month="2022-10")
    assert house.publish(first.month_id)


@pytest.mark.parametrize(
    "answer", ['{ code = "sum", words = "两个月之和"', '{ code = "mean", words = "平均"', '{ code = "skip", words']
)
def test_pages_of_months_that_are_out_stand_where_newer_rules_drop_their_answer(house: Publishing, answer: str) -> None:
    worked = house.frozen("2022-09")
    house.decide("issuer", "office")
    house.publish(worked.month_id)
    _newer(house, answer, answer.replace('", words', '-2", words', 1))
    office, months = house.site.logged_in("office"), "/published-months"
    for address in (months, f"{months}/small/year/2022", f"{months}/small/meeting/2022-09", "/evaluation", "/desk"):
        assert office.get(address).status_code in (200, 404, 409), address
    assert office.get(months).status_code == 200


def _evaluated(house: Publishing, month_id: int) -> str:
    return house.site.logged_in("office").get(f"/evaluation/{month_id}/questions").get_data(as_text=True)


_OTHER_BODY = SMALL_SCHEME.replace('unit = "sp"\nname = "遂平县"', 'unit = "gj"\nname = "公安局"', 1)
_THIRD = '  { code = "third", words = "第三种", choice = "dense" },\n'
_WITH_THIRD = SMALL_SCHEME.replace('  { code = "dense"', f'{_THIRD}  {{ code = "dense"', 1)


def _draft(house: Publishing, month_id: int) -> None:
    _do(house, partial(draft_ranking, month_id=month_id, read=read_scheme, actor=OFFICE, at=CHECKING))


def _renew(house: Publishing, month_id: int) -> None:
    _do(house, partial(renew_rules, month_id=month_id, read=read_scheme, actor=OFFICE, at=CHECKING))


def test_a_month_that_is_collected_takes_the_newest_rules_over_with_all_that_was_handed_in(house: Publishing) -> None:
    earlier = opened(house.city, month="2022-08")
    filled(earlier)
    later = opened(house.city, month="2022-09", content=_WITH_THIRD)
    house.decide("over-full", "allowed")
    house.decide("ties", "third")
    filled(later)
    _draft(house, later.month_id)
    with pytest.raises(MonthIncomplete):
        _draft(house, earlier.month_id)
    with pytest.raises(MonthDecidedAlready):
        _again(house, "ties", "skip", seen=1, first_month="2022-08")
    assert "第三种（本月所依规则没有这一选项）" in _evaluated(house, earlier.month_id)
    office = house.site.logged_in("office")
    address = f"/evaluation/{earlier.month_id}"
    assert "改用新版规则" in office.get(address).get_data(as_text=True)
    assert post(office, f"{address}/rules", at=address).status_code == 303
    assert f"{address}/rules" not in office.get(address).get_data(as_text=True)
    assert "没有这一选项" not in _evaluated(house, earlier.month_id)
    _draft(house, earlier.month_id)
    with house.city.database.reading() as session:
        told = session.scalars(select(EventRow).where(col(EventRow.type) == ScoringRulesRenewed.type)).one()
        assert not list(table_findings(session))
    assert json.loads(told.payload)["unit_ids"]


def test_a_month_keeps_its_rules_where_they_are_the_newest_or_its_draft_is_made(house: Publishing) -> None:
    worked = house.frozen("2022-09")
    with pytest.raises(MonthNotReady):
        _renew(house, worked.month_id)
    later = opened(house.city, month="2022-10", content=PUBLISHED_SCHEME)
    with pytest.raises(RulesNewest):
        _renew(house, later.month_id)


def test_newer_rules_that_take_not_all_that_was_handed_in_leave_a_month_as_it_is(house: Publishing) -> None:
    worked = opened(house.city)
    filled(worked)
    _do(house, lambda session: keep_small_scheme(session, content=_OTHER_BODY))
    with pytest.raises(RulesLackInputs) as refused:
        _renew(house, worked.month_id)
    assert "遂平县" in str(refused.value.facts["inputs"])
    assert "驿城区" not in str(refused.value.facts["inputs"])
    assert house.site.logged_in("office").get(f"/evaluation/{worked.month_id}").status_code == 200


def test_a_month_of_earlier_rules_is_decided_by_what_these_offer(house: Publishing) -> None:
    earlier = opened(house.city)
    filled(earlier)
    dropped = SMALL_SCHEME.replace('code = "skip", words', 'code = "skip-2", words', 1)
    _do(house, lambda session: keep_small_scheme(session, content=dropped))
    house.decide("over-full", "allowed")
    office, address = house.site.logged_in("office"), f"/evaluation/{earlier.month_id}/questions"
    told = {"decider": "张主任", "decided_on": "2022-10-08", "reason": "会议研究", "first_month": ""}
    titles = [one.code for one in read_scheme(SMALL_SCHEME).questions]
    answer = post(office, f"{address}/{titles.index('ties') + 1}", at=address, version="0", option="skip", **told)
    assert answer.status_code == 303
    _draft(house, earlier.month_id)


def test_a_decision_leaves_drafted_months_alone_to_which_it_is_no_answer(house: Publishing) -> None:
    earlier = opened(house.city, month="2022-08")
    filled(earlier)
    only_new = SMALL_SCHEME.replace('code = "skip", words', 'code = "skip-2", words', 1)
    later = opened(house.city, month="2022-09", content=only_new)
    house.decide("over-full", "allowed")
    house.decide("ties", "skip-2")
    filled(later)
    _draft(house, later.month_id)
    _again(house, "ties", "skip", seen=1, first_month="2022-08")
    _draft(house, earlier.month_id)
    with pytest.raises(MonthDecidedAlready):
        _again(house, "ties", "dense", seen=2, first_month="2022-08")


def test_agenda_and_year_name_the_bodies_of_the_months_that_are_out(house: Publishing) -> None:
    worked = house.frozen("2022-09")
    house.decide("issuer", "office")
    house.publish(worked.month_id)
    _newer(house, 'unit = "sp"\nname = "遂平县"', 'unit = "gj"\nname = "公安局"')
    office = house.site.logged_in("office")
    with house.city.database.reading() as session:
        months = meeting_waits(session, "small", read_month("2022-09"))
        year = year_told(session, "small", 2022)
    assert months is not None
    assert "遂平县" in {cell for row in year.rows for cell in row}
    assert office.get("/published-months").status_code == 200
    assert office.get("/published-months/small/year/2022").status_code == 200


def test_who_ranked_a_month_that_is_out_goes_on_reading_it_where_newer_rules_name_another(house: Publishing) -> None:
    worked = house.frozen("2022-09")
    _newer(house, 'organiser = "wjw"', 'organiser = "tjj"')
    body = house.site.logged_in("wjw")
    assert body.get(f"/evaluation/{worked.month_id}").status_code == 200
    assert "/evaluation" in body.get("/today").get_data(as_text=True)


def test_a_month_that_newer_rules_do_not_reach_is_decided_for_itself(house: Publishing) -> None:
    """The newer rules begin later, and their answer was decided first: it is none for the month before them."""
    earlier = opened(house.city, month="2022-08")
    filled(earlier)
    later = opened(house.city, month="2022-09", content=_WITH_THIRD.replace("[2022, 1]", "[2022, 9]", 1))
    house.decide("over-full", "allowed")
    house.decide("ties", "third")
    filled(later)
    _draft(house, later.month_id)
    with pytest.raises(MonthBeforeScheme):
        _renew(house, earlier.month_id)
    with pytest.raises(MonthDecidedAlready):
        _again(house, "ties", "skip", seen=1, first_month="2022-08")
    with pytest.raises(DecidedBackwards):
        _again(house, "ties", "skip", seen=1, first_month="2022-08", last_month="2022-07")
    _again(house, "ties", "skip", seen=1, first_month="2022-08", last_month="2022-08")
    assert "只适用于2022年8月" in _evaluated(house, earlier.month_id)
    _draft(house, earlier.month_id)
    with house.city.database.reading() as session:
        held = {
            one.month: {it.question: it.option for it in rules_of(session, one, read_scheme).decisions}["ties"]
            for one in session.scalars(select(ScoreMonthRow))
        }
        assert not list(table_findings(session))
    assert held == {"2022-08": "skip", "2022-09": "third"}


def test_an_answer_that_newer_rules_ask_a_number_with_is_none_for_them(house: Publishing) -> None:
    earlier = house.frozen("2022-09")
    asking = PUBLISHED_SCHEME.replace(_OFFICE, '  { code = "office", asks_number = true, words', 1)
    later = opened(house.city, month="2022-10", content=asking)
    told = replace(ruling("issuer", "office"), month="2022-09")
    _do(house, lambda session: decide(session, told, read=read_scheme, actor=OFFICE, at=AFTER))
    office = house.site.logged_in("office")
    for page in ("", "/questions", "/inputs"):
        assert office.get(f"/evaluation/{later.month_id}{page}").status_code == 200
    assert office.get("/desk").status_code == 200
    assert house.publish(earlier.month_id)


def test_rules_of_another_document_number_stand_on_the_page_of_their_own(house: Publishing) -> None:
    """The document of the earlier rules is on record; the newer ones are those of another."""
    on_record = PUBLISHED_SCHEME.replace('document = "测政办〔2022〕1号"', f'document = "{NUMBER}"', 1)
    worked = replace(house, content=on_record).frozen("2022-09")
    later = opened(house.city, month="2022-10", content=PUBLISHED_SCHEME)
    office = house.site.logged_in("office")
    page = office.get("/documents/1").get_data(as_text=True)
    assert f"/evaluation/{worked.month_id}" in page
    assert f"/evaluation/{later.month_id}" not in page
    assert f"/evaluation/{later.month_id}" in office.get("/evaluation").get_data(as_text=True)


def test_what_was_decided_stays_in_words_when_no_month_goes_by_the_rules_that_had_them(house: Publishing) -> None:
    worked = opened(house.city)
    house.decide("ties", "skip")
    dropped = SMALL_SCHEME.replace('code = "skip", words = "并列占位"', 'code = "skip-2", words = "并列后空位"', 1)
    _do(house, lambda session: keep_small_scheme(session, content=dropped))
    _renew(house, worked.month_id)
    assert "并列占位（本月所依规则没有这一选项）" in _evaluated(house, worked.month_id)


def test_a_table_of_other_bodies_is_refused_with_the_cell_that_would_be_lost(tmp_path: Path) -> None:
    rules = read_scheme(SMALL_SCHEME)
    held = [Entry(kind=InputKind.FIGURE, code="projects", object=unit, value=Decimal(2)) for unit in ("yc", "sp")]
    asked = [(InputKind.FIGURE, "projects")]
    owners = dict.fromkeys(suppliers(rules), "市商务局")
    file = tmp_path / "数据表.xlsx"
    file.write_bytes(book_of(rules, month="2022-09", seen=0, entries=held, none_said=(), asked=asked, owners=owners))
    book = read_score_book(file, name=file.name)
    assert len(told_in(book, rules, read_month("2022-09")).entries) == 2
    with pytest.raises(BookFaulty) as refused:
        told_in(book, read_scheme(_OTHER_BODY), read_month("2022-09"))
    assert [words for _place, words in refused.value.cells] == ["“遂平县”不是本月表格的列，请删去或者重新下载表格填写"]


def test_who_supplies_a_month_in_check_is_not_changed_under_it(house: Publishing) -> None:
    told = house.content.replace('point = "office"', 'point = "office"\nmarks_annexes = ["1"]', 1).replace(
        'choice = "group" }', 'choice = "group", unit = "tjj" }', 1
    )
    worked = opened(house.city, content=told)
    filled(worked)
    for question, option in (("ties", "skip"), ("over-full", "allowed"), ("issuer", "office")):
        house.decide(question, option)
    _draft(house, worked.month_id)
    with pytest.raises(MonthDecidedAlready):
        _again(house, "issuer", "group", seen=1, first_month="2022-09")
    _again(house, "issuer", "group", seen=1, first_month="2022-10")


def test_what_the_paper_of_a_kept_month_goes_by_stands_as_decided_on_its_page(house: Publishing) -> None:
    worked = house.frozen("2022-09")
    assert "还有1项没有决定" in _evaluated(house, worked.month_id)
    house.decide("issuer", "office")
    page = _evaluated(house, worked.month_id)
    assert "还有1项没有决定" not in page
    assert page.count("本月适用") == len(read_scheme(house.content).questions)


def test_the_meeting_that_a_paper_promised_is_not_changed_by_a_later_decision(house: Publishing) -> None:
    first = house.frozen("2022-08")
    house.decide("issuer", "office")
    house.publish(first.month_id)
    with house.city.database.reading() as session:
        held = meeting_waits(session, "small", read_month("2022-08"))
    assert held == "与2022年9月合开"
    with pytest.raises(MonthDecidedAlready):
        _again(house, "meeting-months", "from_january", seen=1, first_month="2022-09", last_month="2022-09")
    with pytest.raises(MonthDecidedAlready):
        _again(house, "meeting-order", "each", seen=1, first_month="2022-09")
    _again(house, "meeting-order", "each", seen=1, first_month="2022-10")


def test_months_of_a_decision_are_refused_beside_their_fields_and_held_also_of_the_first(house: Publishing) -> None:
    worked = opened(house.city)
    office, address = house.site.logged_in("office"), f"/evaluation/{worked.month_id}/questions"
    place = [one.code for one in read_scheme(SMALL_SCHEME).questions].index("ties") + 1
    told = {"option": "skip", "decider": "张主任", "decided_on": "2022-10-08", "reason": "会议研究"}

    def send(**more: str) -> TestResponse:
        return post(office, f"{address}/{place}", at=address, **(told | more))

    _again(house, "ties", "skip", seen=0, first_month="", last_month="2022-08")
    wrong = send(version="1", first_month="2022-13", last_month="abc")
    assert wrong.status_code == 400
    assert wrong.get_data(as_text=True).count("月份应写成") >= 2
    empty = send(version="1", first_month="", last_month="", decided_on="2030-01-01")
    assert empty.status_code == 400
    words = empty.get_data(as_text=True)
    assert ("请填写自哪一月起执行。" in words, "还没有到" in words, "填写的是“”" in words) == (True, True, False)
    assert send(version="1", first_month="2022-09", last_month="").status_code == 303
