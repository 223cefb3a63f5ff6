"""One thing has one set of numbers: it is not handed in twice by any door, and a month that has it so is still read."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.support.office import CALENDAR
from tests.support.two_bureaus import NOW
from tests.support.two_bureaus_life import open_two_bureaus
from tests.support.ways_in import Entrance
from tracker.domain.accounts import SYSTEM
from tracker.domain.scoring.entries import Entry, Evidence, InputKind, Sourced, ToldTwice
from tracker.gateways.schemes import read_scheme
from tracker.steps.complete_months import MonthIncomplete, complete_result
from tracker.steps.scoring import keep_inputs
from tracker.store.queries.scoring import material_of, standing_inputs
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.usecases.scoring_inputs import enter_inputs, take_back

_CHECK = Entry(
    kind=InputKind.CHECK,
    code="site",
    object="swj",
    reference="项目甲",
    items=("1-3",),
    value=Decimal(10),
    found=Decimal(10),
)
_OTHER = replace(_CHECK, found=Decimal(20))
_UNSEEN = ("项目\u200b甲", " 项目甲", "项目甲\ufe0f", "项目甲\u3164")


@pytest.fixture
def entrance(tmp_path: Path) -> Iterator[Entrance]:
    made = Entrance(open_two_bureaus(tmp_path))
    yield made
    made.city.database.dispose()


def _month(entrance: Entrance) -> int:
    return entrance.city.ids["swj.score month"]


def _enter(entrance: Entrance, *entries: Entry, seen: int = 999, reason: str = "") -> None:
    told = [Sourced(one, Evidence("核查记录")) for one in entries]
    with entrance.city.database.transaction() as session:
        enter_inputs(
            session,
            _month(entrance),
            told,
            seen=seen,
            reason=reason,
            read=read_scheme,
            calendar=CALENDAR,
            actor=SYSTEM,
            at=NOW,
        )


def _checks(entrance: Entrance) -> list[str]:
    with entrance.city.database.reading() as session:
        return [one.reference for one in standing_inputs(session, _month(entrance)) if one.kind == "check"]


def _kept_twice(entrance: Entrance) -> list[int]:
    """Keep what no door lets in any more, as earlier versions did."""
    with entrance.city.database.transaction() as session:
        month = session.get_one(ScoreMonthRow, _month(entrance))
        told = [(Sourced(one, Evidence("核查记录")), None) for one in (_CHECK, _OTHER)]
        return keep_inputs(session, month, told, reason="", unit_id=None, actor=SYSTEM, at=NOW)


@pytest.mark.parametrize("second", ["项目甲", *_UNSEEN])
@pytest.mark.parametrize("found", ["10", "20"])
def test_the_form_refuses_the_second_beside_its_field(entrance: Entrance, second: str, found: str) -> None:
    form = f"/evaluation/{_month(entrance)}/inputs"
    sent = {"k2-words": "核查记录", "version": "999"}
    for number, (name, value) in enumerate((("项目甲", "10"), (second, found))):
        key = f"k2r{number}-"
        sent |= {f"{key}object": "swj", f"{key}reference": name, f"{key}reported": "10", f"{key}found": value}
    answer = entrance.client("office").post(form, data=sent, headers={"Referer": f"http://localhost{form}"})
    assert answer.status_code == 400
    page = answer.get_data(as_text=True)
    assert 'id="refused-k2r1-reference">项目甲填了两次，同一件事、同一个项目只填一次。' in page
    assert _checks(entrance) == []


@pytest.mark.parametrize("other", [_CHECK, _OTHER, *(replace(_OTHER, reference=name) for name in _UNSEEN)])
def test_whoever_enters_it_hands_nothing_in_twice(entrance: Entrance, other: Entry) -> None:
    with pytest.raises(ToldTwice):
        _enter(entrance, _CHECK, other)
    assert _checks(entrance) == []
    _enter(entrance, _CHECK)
    _enter(entrance, replace(other, found=Decimal(30)), reason="核实")
    assert _checks(entrance) == ["项目甲"], "a name that looks the same corrects, and is kept as it looks"


@pytest.mark.parametrize("second", ["项目甲", *_UNSEEN])
def test_the_workbook_refuses_it_by_its_cell(entrance: Entrance, second: str) -> None:
    client, address = entrance.client("office"), f"/evaluation/{_month(entrance)}/inputs"
    book: Any = load_workbook(BytesIO(client.get(f"{address}.xlsx").data))
    for row, name in ((3, "项目甲"), (4, second)):
        for place, value in enumerate(("市商务局", "现场核查", name, None, 10, 10, "记录"), start=1):
            book["现场核查"].cell(row, place).value = value
    filled = BytesIO()
    book.save(filled)
    filled.seek(0)
    answer = client.post(f"{address}/upload", data={"file": (filled, "表.xlsx"), "not_secret": "yes"})
    assert answer.status_code == 400
    assert "与“现场核查”A3重复" in answer.get_data(as_text=True)


def test_a_month_whose_inputs_contradict_each_other_is_read_and_says_where(entrance: Entrance) -> None:
    kept = _kept_twice(entrance)
    month = f"/evaluation/{_month(entrance)}"
    own = (
        "/desk",
        "/evaluation",
        month,
        f"{month}/ranking",
        f"{month}/objects/1",
        f"{month}/inputs",
        f"{month}/freeze",
    )
    for login, addresses in (("office", own), ("swj", ("/", *own[1:3], *own[4:6])), ("leader", own[1:5])):
        for address in addresses:
            if login in entrance.keys:
                assert entrance.look(login, address).status_code in (200, 302), (login, address)
    page = entrance.look("office", month).get_data(as_text=True)
    assert "现场核查“项目甲”报了两次，数不一致" in page
    desk = entrance.look("office", "/desk").get_data(as_text=True)
    assert ("核对报数不一致的事项1件" in desk, "还缺1个" in desk) == (True, False), "what is there twice is not missing"
    assert "报数不一致的事项1件" in entrance.look("office", "/evaluation").get_data(as_text=True)
    assert "“项目甲”报数不一致" in entrance.look("swj", f"{month}/objects/1").get_data(as_text=True)
    with entrance.city.database.reading() as session, pytest.raises(MonthIncomplete):
        row = session.get_one(ScoreMonthRow, _month(entrance))
        complete_result(session, row, material_of(session, row), read_scheme)
    assert _ended(entrance, kept[1]) == ["项目甲"]
    assert "报数不一致" not in entrance.look("office", "/desk").get_data(as_text=True)
    _enter(entrance, _OTHER, reason="核实")
    assert _checks(entrance) == ["项目甲"], "what stands is corrected, not what was taken back"


def _ended(entrance: Entrance, input_id: int) -> list[str]:
    with entrance.city.database.transaction() as session:
        take_back(session, input_id, reason="误报", read=read_scheme, calendar=CALENDAR, actor=SYSTEM, at=NOW)
    return _checks(entrance)
