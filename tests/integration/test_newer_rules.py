"""Newer rules of a scheme ask or offer something else: what months of the earlier ones decided goes on holding."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import Session

from tests.support.office import OFFICE, open_city
from tests.support.published_evaluation import NOW, PUBLISHED_SCHEME, Publishing
from tests.support.site import Site
from tests.support.small_evaluation import AFTER, keep_small_scheme, ruling
from tracker.gateways.schemes import read_scheme
from tracker.store.database import Database
from tracker.usecases.scoring_rules import MonthDecidedAlready, decide


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


def _again(house: Publishing, question: str, option: str, *, seen: int, first_month: str) -> None:
    told = ruling(question, option, seen=seen, first_month=first_month)
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
    _again(house, "issuer", "county", seen=1, first_month="2022-09")
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
