"""What a published month still waits for: the desk and the month's page say the same, and both fall silent again."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.office import OFFICE
from tests.support.published_evaluation import NOW, PUBLISHED_SCHEME, Publishing
from tests.support.site import post
from tests.support.small_evaluation import Worked, figure, ruling
from tracker.gateways.schemes import read_scheme
from tracker.store.database import Database
from tracker.store.queries.scoring import last_inputs, months_under_way
from tracker.usecases.objecting_to_marks import answer_objection, object_to_marks, settle_objection
from tracker.usecases.scoring_rules import decide

_DUE = """
[[questions]]
code = "circular-due"
point = "office"
title = "通报的印发期限"
words = "没有规定。"
sources = ["1"]
options = [
  { code = "day", words = "次月几日", choice = "day", asks_number = true, least = 1, most = 28, whole = true },
  { code = "free", words = "不定期限", choice = "free" },
]
"""


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Publishing:
    return Publishing.begun(database, tmp_path)


@pytest.fixture
def worked(house: Publishing) -> Worked:
    """September is published."""
    return house.published()


def _page(house: Publishing, address: str) -> str:
    return house.site.logged_in("office").get(address).get_data(as_text=True)


def _says(house: Publishing, worked: Worked, words: str) -> list[bool]:
    """Return whether the desk and the month's page say what comes next."""
    return [words in _page(house, address) for address in ("/desk", f"/evaluation/{worked.month_id}")]


def _under_way(house: Publishing) -> list[str]:
    with house.city.database.reading() as session:
        return [one.month for one in months_under_way(session)]


def _object(house: Publishing, worked: Worked) -> int:
    with house.city.database.transaction() as session:
        return object_to_marks(
            session,
            worked.month_id,
            object_code="yc",
            item="1-1",
            words="少计一个项目",
            read=read_scheme,
            actor=house.city.head("yc"),
            at=house.wait(hours=1),
        )


def _answer(house: Publishing, objection: int, *, upheld: bool) -> None:
    with house.city.database.transaction() as session:
        answer_objection(
            session,
            objection,
            upheld=upheld,
            answer="已核对",
            read=read_scheme,
            actor=OFFICE,
            at=house.wait(hours=1),
        )


def _act(house: Publishing, worked: Worked, act: str, **fields: str) -> None:
    address = f"/published-months/{worked.month_id}/{act}"
    fields |= house.shown(worked.month_id)
    answered = post(house.site.logged_in("office"), address, at="/published-months", **fields)
    assert answered.status_code == 303


def test_an_objection_to_a_published_month_is_the_offices_next_step_until_it_is_answered(
    house: Publishing, worked: Worked
) -> None:
    assert _under_way(house) == []
    objection = _object(house, worked)
    assert _says(house, worked, "答复异议1件") == [True, True]
    _answer(house, objection, upheld=False)
    assert _says(house, worked, "答复异议") == [False, False]
    assert _under_way(house) == []


def test_an_objection_upheld_against_a_published_month_waits_until_its_correction_is_out(
    house: Publishing, worked: Worked
) -> None:
    objection = _object(house, worked)
    _answer(house, objection, upheld=True)
    assert _says(house, worked, "落实属实的异议1件：先开始更正本月结果") == [True, True]
    _act(house, worked, "correct", reason="异议属实")
    assert _says(house, worked, "更正已通报的结果：落实属实的异议1件") == [True, True]
    with house.city.database.transaction() as session:
        seen = max(one.id or 0 for one in last_inputs(session, worked.month_id))
        worked.enter(session, house.city.liaison("swj"), figure("projects", "yc", "4"), seen=seen, reason="少计一个")
    house.wait(hours=1)
    _act(house, worked, "correct/freeze")
    assert _says(house, worked, "印发更正后的月度考评通报") == [True, True]
    house.publish(worked.month_id)
    assert _says(house, worked, "落实属实的异议") == [False, False]
    assert "已经印发" in _page(house, f"/evaluation/{worked.month_id}")


def test_an_objection_that_changes_no_mark_waits_no_more_once_that_is_written_down(
    house: Publishing, worked: Worked
) -> None:
    objection = _object(house, worked)
    _answer(house, objection, upheld=True)
    with house.city.database.transaction() as session:
        at = house.wait(hours=1)
        settle_objection(session, objection, reason="已在上月计入", read=read_scheme, actor=OFFICE, at=at)
    assert _says(house, worked, "落实属实的异议") == [False, False]
    assert _under_way(house) == []


def test_a_dropped_correction_leaves_nothing_under_way(house: Publishing, worked: Worked) -> None:
    _act(house, worked, "correct", reason="核对")
    assert _under_way(house) == ["2022-09"]
    _act(house, worked, "correct/drop")
    assert _under_way(house) == []


def test_what_was_decided_beside_the_marks_after_freezing_is_shown_with_the_month(house: Publishing) -> None:
    house = Publishing(house.site, house.city, PUBLISHED_SCHEME + _DUE)
    worked = house.frozen("2022-09")
    house.decide("issuer", "office")
    month = f"/evaluation/{worked.month_id}"
    assert "按决定，通报应于" not in _page(house, month)
    with house.city.database.transaction() as session:
        told = replace(ruling("circular-due", "day"), number=Decimal(25))
        decide(session, told, read=read_scheme, actor=OFFICE, at=NOW)
    assert "按决定，通报应于10月25日" in _page(house, month)
    assert "10月25日" in _page(house, "/desk")
    notes = _page(house, f"{month}/ranking")
    assert "通报的印发期限：" in notes
    assert "怎么计入年度：" not in notes
