"""What the correction of a published month waits for is said wherever a month's is, from what freezing would take."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.office import CALENDAR, OFFICE
from tests.support.published_evaluation import NOW, Publishing, corrected_figures
from tests.support.site import PASSWORD_HASH, post
from tests.support.small_evaluation import SOURCE, Worked, decided, figure, filled, in_check, opened
from tracker.domain.accounts import SYSTEM, Role
from tracker.domain.scoring.entries import Entry, InputKind, Sourced
from tracker.editions import content_kept, differs_from_log
from tracker.gateways.schemes import read_scheme
from tracker.steps.scoring import keep_inputs
from tracker.store.database import Database
from tracker.store.queries.scoring import last_inputs, standing_inputs
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.usecases.objecting_to_marks import answer_objection, object_to_marks
from tracker.usecases.scoring_inputs import say_none, take_back

_CRITICISM = Entry(kind=InputKind.OCCURRENCE, code="criticism", object="yc", reference="第9期", items=("1-2",))
_CHECK = Entry(
    kind=InputKind.CHECK,
    code="site",
    object="yc",
    reference="项目甲",
    items=("1-3",),
    value=Decimal(9),
    found=Decimal(9),
)


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Publishing:
    return Publishing.begun(database, tmp_path)


@pytest.fixture
def worked(house: Publishing) -> Worked:
    """September is published, and the office has begun to correct it."""
    worked = house.published()
    _act(house, worked, "correct", reason="核对")
    return worked


def _act(house: Publishing, worked: Worked, act: str, **fields: str) -> tuple[int, str]:
    address = f"/published-months/{worked.month_id}/{act}"
    if act == "correct/freeze":
        fields = house.shown(worked.month_id) | fields
    answered = post(house.site.logged_in("office"), address, at="/published-months", **fields)
    return answered.status_code, answered.get_data(as_text=True)


def _page(house: Publishing, address: str, login: str = "office") -> str:
    return house.site.logged_in(login).get(address).get_data(as_text=True)


def _lede(house: Publishing, worked: Worked, login: str = "office") -> str:
    return _page(house, f"/evaluation/{worked.month_id}", login).partition('<p class="lede">')[2].partition("</p>")[0]


def _back(house: Publishing, worked: Worked, code: str) -> None:
    """Take back what was handed in last of a figure or kind."""
    with house.city.database.transaction() as session:
        row = [one for one in standing_inputs(session, worked.month_id) if one.code == code][-1]
        given = {"reason": "误报", "read": read_scheme, "calendar": CALENDAR, "actor": OFFICE}
        if code in ("projects", "criticism"):
            given["actor"] = house.city.liaison("swj")
        take_back(session, row.id or 0, at=house.wait(hours=1), **given)  # type: ignore[arg-type] # by name


def _everywhere(house: Publishing, worked: Worked, words: str) -> list[bool]:
    """Tell whether the office reads words on its desk, in both lists and on the month's page."""
    pages = ("/desk", "/evaluation", "/published-months", f"/evaluation/{worked.month_id}")
    return [words in _page(house, page) for page in pages]


def test_a_figure_that_a_correction_lacks_is_named_to_the_office_and_asked_back_from_its_supplier(
    house: Publishing, worked: Worked
) -> None:
    month, offered = f"/evaluation/{worked.month_id}", "核对并冻结更正结果</a>"
    assert offered not in _page(house, "/published-months"), "nothing is another yet"
    _back(house, worked, "projects")
    said = "更正已通报的结果：收齐数据，还缺1个"
    assert _everywhere(house, worked, said) == [True] * 4
    assert "所缺的1个数" in _page(house, month)
    for address in (month, "/today"):
        assert "补报更正所缺的数据：还缺1个数" in _page(house, address, "swj"), address
    assert "补报更正所缺的数据" not in _page(house, month, "tjj")
    assert offered not in _page(house, "/published-months")
    with house.city.database.transaction() as session:
        corrected_figures(worked, session, seen=max(one.id or 0 for one in last_inputs(session, worked.month_id)))
    assert _everywhere(house, worked, "更正已通报的结果：冻结更正结果") == [True, True, False, True]
    assert offered in _page(house, "/published-months")
    assert "补报更正所缺的数据" not in _page(house, month, "swj")


def test_what_stands_twice_in_a_correction_with_different_numbers_is_told_as_in_a_month(
    house: Publishing, worked: Worked
) -> None:
    with house.city.database.transaction() as session:
        row, told = session.get_one(ScoreMonthRow, worked.month_id), (_CHECK, replace(_CHECK, found=Decimal(20)))
        inputs = [(Sourced(one, SOURCE), None) for one in told]
        keep_inputs(session, row, inputs, reason="", unit_id=None, actor=SYSTEM, at=house.wait(hours=1))
    assert _everywhere(house, worked, "更正已通报的结果：核对报数不一致的事项1件") == [True] * 4
    assert "核对并冻结更正结果</a>" not in _page(house, "/published-months")


def test_a_correction_is_dropped_only_when_it_was_said_again_that_nothing_happened(
    house: Publishing, worked: Worked
) -> None:
    month, swj = f"/evaluation/{worked.month_id}", house.city.liaison("swj")
    with house.city.database.transaction() as session:
        worked.enter(session, swj, _CRITICISM)
    _back(house, worked, "criticism")
    status, said = _act(house, worked, "correct/drop")
    assert (status, "重新说明“本月没有”" in said, "批评" in said) == (409, True, True)
    assert "补报更正所缺的数据：1类事项没有报" in _page(house, month, "swj")
    with house.city.database.transaction() as session:
        kinds, at = [(InputKind.OCCURRENCE, "criticism")], house.wait(hours=1)
        say_none(session, worked.month_id, kinds, read=read_scheme, actor=swj, at=at)
    assert _act(house, worked, "correct/drop")[0] == 303
    assert _act(house, worked, "correct", reason="再次更正")[0] == 303
    with house.city.database.transaction() as session:
        corrected_figures(worked, session, seen=max(one.id or 0 for one in last_inputs(session, worked.month_id)))
    assert _act(house, worked, "correct/freeze")[0] == 303


def test_a_published_month_shows_nothing_of_a_correction_that_was_dropped(house: Publishing, worked: Worked) -> None:
    month = f"/evaluation/{worked.month_id}"

    def supplied() -> str:
        return _page(house, month).partition('id="h-suppliers"')[2].partition("</section>")[0]

    before = supplied()
    with house.city.database.transaction() as session:
        last = max(one.id or 0 for one in last_inputs(session, worked.month_id))
        row = session.get_one(ScoreMonthRow, worked.month_id)
        rows = [one for one in last_inputs(session, worked.month_id) if one.code == "projects" and one.object == "sp"]
        told = Sourced(Entry(kind=InputKind.FIGURE, code="projects", object="sp", value=Decimal(2)), SOURCE)
        at = house.wait(hours=1)
        keep_inputs(session, row, [(told, rows[0].id)], reason="原数无误", unit_id=None, actor=SYSTEM, at=at)
        assert max(one.id or 0 for one in last_inputs(session, worked.month_id)) > last
    assert supplied() != before
    assert _act(house, worked, "correct/drop")[0] == 303
    assert supplied() == before


def test_a_month_with_a_kept_correction_does_not_say_of_its_first_result_that_nothing_moves_any_more(
    house: Publishing, worked: Worked
) -> None:
    with house.city.database.transaction() as session:
        corrected_figures(worked, session, seen=max(one.id or 0 for one in last_inputs(session, worked.month_id)))
    assert _act(house, worked, "correct/freeze")[0] == 303
    page = _page(house, f"/evaluation/{worked.month_id}")
    assert ("数据、决定和得分不再变动" in page, "<p>原结果已于" in page) == (False, True)


def test_that_the_check_is_over_is_said_with_its_day_and_no_day_is_said_twice(house: Publishing) -> None:
    with house.city.database.transaction() as session:
        create_user(session, NewUser("yc-head", "负责人", Role.UNIT_HEAD, PASSWORD_HASH, "yc"))
    worked = in_check(house.city)
    house.site.clock.at = NOW - timedelta(days=4)
    assert _lede(house, worked, "yc-head").count("10月17日") == 1
    assert _lede(house, worked).count("核对期至2022年10月17日") == 1
    house.site.clock.at = NOW
    assert "核对期已于2022年10月17日结束" in _lede(house, worked, "yc-head")
    assert "各考评对象核对" not in _lede(house, worked, "yc-head")
    assert _lede(house, worked).count("核对期已于2022年10月17日结束") == 1
    _back(house, worked, "projects")
    assert "还缺1个数" in _lede(house, worked, "swj"), "also after the drafting a figure may be taken back"


def test_that_the_day_for_inputs_is_over_is_said_once_wherever_the_month_is_told(house: Publishing) -> None:
    worked = opened(house.city)
    for late in (False, True):
        house.site.clock.at = NOW + timedelta(days=10 * late)
        for login in ("office", "swj"):
            assert _lede(house, worked, login).count("10月20日") == 1
        said = "数据报送期限2022年10月20日已过"
        assert [said in _page(house, page) for page in ("/desk", "/evaluation")] == [late] * 2
    decided(house.city)
    filled(worked)
    assert "已过，收齐" not in _page(house, "/desk")


def test_the_paper_of_a_correction_tells_at_each_step_of_objections_and_is_not_sent_or_signed_beside_one(
    house: Publishing, worked: Worked
) -> None:
    with house.city.database.transaction() as session:
        corrected_figures(worked, session, seen=max(one.id or 0 for one in last_inputs(session, worked.month_id)))
    assert _act(house, worked, "correct/freeze")[0] == 303
    house.wait(hours=1)
    month, waits, since = f"/evaluation/{worked.month_id}", "还有1件异议没有答复", "拟稿以后又有1件"
    draft = [house.draft(worked.month_id)]

    def paper() -> str:
        return f"/circulars/{draft[-1]}"

    def does(act: str, login: str = "office") -> tuple[int, bool, bool]:
        with house.city.database.reading() as session:
            version = str(session.get_one(CircularRow, draft[-1]).version)
        told = {"version": version, "basis": "同意", "reason": "核对"}
        answered = post(house.site.logged_in(login), f"{paper()}/{act}", at="/circulars", **told)
        page = answered.get_data(as_text=True)
        return answered.status_code, waits in page, since in page

    def objects() -> int:
        with house.city.database.transaction() as session:
            given = {"object_code": "yc", "item": "1-1", "words": "少计", "read": read_scheme}
            by = {"actor": house.city.head("yc"), "at": house.wait(hours=1)}
            return object_to_marks(session, worked.month_id, **given, **by)  # type: ignore[arg-type] # by name

    def answers(objection: int, *, upheld: bool) -> None:
        given = {"answer": "已核对", "read": read_scheme, "actor": OFFICE, "at": house.wait(hours=1)}
        with house.city.database.transaction() as session:
            answer_objection(session, objection, upheld=upheld, **given)  # type: ignore[arg-type] # by name

    def made_anew() -> str:
        """Give the draft up and draft the paper from what holds now; return what it says of objections since."""
        assert does("discard") == (303, False, False)
        house.wait(hours=1)
        draft.append(house.draft(worked.month_id))
        with house.city.database.reading() as session:
            row = session.get_one(CircularRow, draft[-1])
            assert not differs_from_log(house.site.services, session, row)
            return (row.said or "").partition("核定以后提出异议")[2].partition("。")[0]

    first = objects()
    page = _page(house, paper())
    assert (waits in page, f"{month}#h-objections" in page, ">送批</button>" in page) == (True, True, False)
    assert does("submit") == (409, True, False)
    answers(first, upheld=False)
    for login in ("office", "leader"):
        assert since in _page(house, paper(), login)
    assert does("submit") == (409, False, True), "it says nothing of the objection"
    assert made_anew() == "1件，经核实维持更正后的结果1件"
    assert does("submit") == (303, False, False)
    assert does("approve", "leader") == (303, False, False)
    second = objects()
    for login in ("office", "leader"):
        assert waits in _page(house, paper(), login)
    assert does("issue") == (409, True, False)
    answers(second, upheld=True)
    left = "又有1件异议属实，本件所载的得分没有改正"
    for login in ("office", "leader"):
        assert left in _page(house, paper(), login)
    assert does("issue") == (409, False, True), "what the leader approved covers nothing that came after it"
    assert does("send-back", "leader") == (303, False, False)
    held = "2件，经核实维持更正后的结果1件、属实1件（本通报所载得分没有改正，需要改正的另行更正）"
    assert made_anew() == held
    for act, login in (("submit", "office"), ("approve", "leader")):
        assert does(act, login) == (303, False, False)
    assert left in _page(house, paper())
    assert does("issue") == (303, False, False)
    assert left not in _page(house, paper())


def test_the_annex_of_corrected_inputs_has_the_bodies_in_the_order_of_the_scheme(
    house: Publishing, worked: Worked
) -> None:
    with house.city.database.transaction() as session:
        told = [figure("projects", unit, "7") for unit in ("yc", "sp")]
        seen = max(one.id or 0 for one in last_inputs(session, worked.month_id))
        worked.enter(session, house.city.liaison("swj"), *told, seen=seen, reason="核实后更正")
    assert _act(house, worked, "correct/freeze")[0] == 303
    house.wait(hours=1)
    draft = house.draft(worked.month_id)
    with house.city.database.reading() as session:
        row = session.get_one(CircularRow, draft)
        content = content_kept(house.site.services, session, row)
        assert content is not None
        (inputs,) = [one for one in content.tables if one.kind == "corrected_inputs"]
        assert [one[1] for one in inputs.rows] == ["驿城区", "遂平县"]
        assert not differs_from_log(house.site.services, session, row)
        frozen = session.scalars(select(EventRow).where(col(EventRow.type) == "scoring.correction_frozen")).one()
        assert json.loads(frozen.payload)["changed_inputs"] == 2
