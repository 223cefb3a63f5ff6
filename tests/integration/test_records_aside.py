"""A month, and its correction, is not kept in silence beside records of projects that no mark counts."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlmodel import Session, col

from tests.support.counted_evaluation import Counted
from tests.support.counted_publishing import counted_in_check
from tests.support.office import OFFICE
from tests.support.projects import LISTS
from tests.support.published_evaluation import NOW, PUBLISHED_SCHEME, Publishing
from tests.support.site import post
from tests.support.small_evaluation import figure
from tracker.domain.projects.acts import Place, ProjectData, Told
from tracker.domain.projects.checklists import Build, Milestone
from tracker.domain.scoring.entries import Entry, InputKind
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.marks import CasesMark
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Item
from tracker.editions import content_kept
from tracker.gateways.schemes import read_scheme
from tracker.store.database import Database
from tracker.store.history.log import Cut, cut, last_event
from tracker.store.history.ranking import KeptMonth, kept_month, ranking_as_of
from tracker.store.queries.counted_months import held_against_projects
from tracker.store.queries.scoring import last_inputs
from tracker.store.queries.scoring_rules import rules_of
from tracker.store.queries.since_kept import moved_since, uncounted_records
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.projects import ProjectRow
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.usecases.correcting_months import open_correction
from tracker.usecases.project_entries import enter_project, place_project
from tracker.usecases.project_milestones import tell_reached

_REASON = "核对期满后补登，计入下月"
_LEFT = "驿城区项目个数（重点外资项目：外资乙）与计入的不同"
_Done = TypeVar("_Done")


@pytest.fixture
def house(database: Database, tmp_path: Path) -> Publishing:
    house = Publishing.begun(database, tmp_path)
    from tracker.cli.commands import register_commands  # noqa: PLC0415 # the commands of this application alone

    register_commands(house.site.app, house.site.services)
    return house


@pytest.fixture
def counted(house: Publishing) -> Counted:
    """The window for objections is over, everything is counted."""
    return counted_in_check(house, content=PUBLISHED_SCHEME)


def _do(house: Publishing, act: Callable[[Session], _Done]) -> _Done:
    with house.city.database.transaction() as session:
        return act(session)


def _kept(house: Publishing) -> list[tuple[int, str]]:
    """Return what each event that kept a result tells of the records that it left aside."""
    types = ("scoring.month_frozen", "scoring.correction_frozen")
    with house.city.database.reading() as session:
        of_types = select(col(EventRow.payload)).where(col(EventRow.type).in_(types))
        rows = session.scalars(of_types.order_by(col(EventRow.seq)))
        return [(one["uncounted"], one["uncounted_reason"]) for one in map(json.loads, rows)]


def test_a_month_is_kept_beside_records_that_no_mark_counts_only_for_a_reason(
    house: Publishing, counted: Counted
) -> None:
    office, month = house.site.logged_in("office"), f"/evaluation/{counted.worked.month_id}"
    _do(house, partial(counted.foreign, name="外资乙"))
    refused = post(office, f"{month}/freeze", at=f"{month}/freeze")
    assert (refused.status_code, "项目台账有1处与得分不一致" in refused.get_data(as_text=True)) == (409, True)
    command = house.site.app.test_cli_runner().invoke(args=["score", "freeze", "2022-09"])
    assert command.exit_code == 1
    assert "项目台账有1处与得分不一致" in command.output
    page = office.get(f"{month}/freeze").get_data(as_text=True)
    assert '<input type="hidden" name="uncounted" value="1">' in page
    for told, code in (({"uncounted": "2", "reason": _REASON}, 409), ({"uncounted": "1", "reason": " "}, 400)):
        assert post(office, f"{month}/freeze", at=f"{month}/freeze", **told).status_code == code
    assert _kept(house) == []
    told = {"uncounted": "1", "reason": _REASON}
    assert post(office, f"{month}/freeze", at=f"{month}/freeze", **told).status_code == 303
    assert _kept(house) == [(1, _REASON)]


def test_the_paper_says_what_was_left_aside_and_a_correction_is_asked_the_same(
    house: Publishing, counted: Counted
) -> None:
    month_id = counted.worked.month_id
    _do(house, partial(counted.foreign, name="外资乙"))
    done = house.site.app.test_cli_runner().invoke(
        args=["score", "freeze", "2022-09", "--uncounted", "1", "--reason", _REASON]
    )
    assert done.exit_code == 0, done.output
    paper = house.publish(month_id)
    with house.city.database.reading() as session:
        content = content_kept(house.site.services, session, session.get_one(CircularRow, paper))
    assert content is not None
    told = ["1", _REASON, _LEFT]
    assert [content.figures[one].words for one in ("left_aside", "left_because", "left_named")] == told
    page = house.site.logged_in("office").get(f"/evaluation/{month_id}").get_data(as_text=True)
    assert (f"<li>{_LEFT}</li>" in page, f"另有1处与得分不一致，理由：{_REASON}" in page) == (True, True)
    office, act = house.site.logged_in("office"), f"/published-months/{month_id}/correct/freeze"
    opened = partial(open_correction, month_id=month_id, reason="漏计", read=read_scheme, actor=OFFICE, at=NOW)
    _do(house, opened)

    def corrected(session: Session) -> None:
        seen = max(one.id or 0 for one in last_inputs(session, month_id))
        entry = figure("started", "sp", "1")
        counted.worked.enter(session, house.city.liaison("tjj"), entry, seen=seen, reason="漏报")

    _do(house, corrected)
    refused = post(office, act, at="/published-months", **house.shown(month_id))
    assert (refused.status_code, "项目台账有1处与得分不一致" in refused.get_data(as_text=True)) == (409, True)
    page = office.get(act).get_data(as_text=True)
    assert f'href="/evaluation/{month_id}/projects"' in page
    assert '<input type="hidden" name="uncounted" value="1">' in page
    projects = f"/evaluation/{month_id}/projects"
    assert post(office, f"/evaluation/{month_id}/count", at=projects).status_code == 303
    assert post(office, act, at="/published-months", **house.shown(month_id)).status_code == 303
    assert _kept(house) == [(1, _REASON), (0, "")]


def _freeze(house: Publishing, *, count: int) -> None:
    args = ["score", "freeze", "2022-09", "--uncounted", str(count), "--reason", _REASON]
    done = house.site.app.test_cli_runner().invoke(args=args)
    assert done.exit_code == 0, done.output


def _kept_month(house: Publishing, counted: Counted, session: Session) -> tuple[KeptMonth, Cut]:
    until = cut(session, as_of=house.site.clock.at)
    return kept_month(session, month_id=counted.worked.month_id, edition=None, until=until, read=read_scheme), until


def test_what_is_counted_on_no_list_for_a_body_before_is_named_by_kind_too(house: Publishing, counted: Counted) -> None:
    _do(house, partial(counted.provincial, name="省重点丁", planned=date(2022, 9, 20)))
    _freeze(house, count=2)
    with house.city.database.reading() as session:
        kept, until = _kept_month(house, counted, session)
        content = ranking_as_of(session, kept, until=until, replaced=None, read=read_scheme)
    assert content.figures["left_named"].words == (
        "驿城区计划开工项目个数（省级重点项目：省重点丁）与计入的不同；驿城区应开未开（省级重点项目：省重点丁）没有计入"
    )


def test_more_records_than_a_sentence_holds_are_counted_and_said_where_they_are(
    house: Publishing, counted: Counted
) -> None:
    for number in range(21):
        _do(house, partial(counted.provincial, name=f"省重点{number}号", planned=date(2022, 9, 20)))
    _freeze(house, count=22)
    with house.city.database.reading() as session:
        kept, until = _kept_month(house, counted, session)
        content = ranking_as_of(session, kept, until=until, replaced=None, read=read_scheme)
    assert "left_named" not in content.figures
    assert content.figures["left_where"].words == "逐处见督查系统“月度考评”2022年9月页面"
    page = house.site.logged_in("office").get(f"/evaluation/{counted.worked.month_id}").get_data(as_text=True)
    assert "不一致的22处" in page
    assert "省级重点项目：省重点0号、省重点1号、省重点2号、省重点3号、省重点4号等21个项目" in page


def test_the_sources_name_whose_the_records_are_and_for_whom_the_office_entered(
    house: Publishing, counted: Counted
) -> None:
    """Papers about results that were kept before this was told stay what they said, to the byte."""
    _do(house, partial(counted.foreign, name="外资乙"))

    def seen_on_site(session: Session) -> None:
        seen_there = Decimal(100)
        check = Entry(
            kind=InputKind.CHECK, code="site", object="sp", reference="外资丙", value=seen_there, found=seen_there
        )
        seen = max(one.id or 0 for one in last_inputs(session, counted.worked.month_id))
        counted.worked.enter(session, OFFICE, check, seen=seen)

    _do(house, seen_on_site)
    _freeze(house, count=1)
    with house.city.database.reading() as session:
        kept, until = _kept_month(house, counted, session)
        now = ranking_as_of(session, kept, until=until, replaced=None, read=read_scheme)
        facts = {key: value for key, value in kept.event.facts.items() if key != "uncounted_records"}
        older = replace(kept, event=replace(kept.event, facts=facts))
        before = ranking_as_of(session, older, until=until, replaced=None, read=read_scheme)
    told, stood = (
        " ".join(row[-1] for t in one.tables if t.kind == "sourced" for row in t.rows) for one in (now, before)
    )
    assert "市商务局项目台账" in told
    assert "市卫生健康体育委项目台账" in told, "he keeps the list that is printed for nobody"
    assert "督查室代市卫生健康体育委2022年10月8日报送（统计月报）" in told
    assert ("督查室2022年10月8日报送（统计月报）" in stood, "市卫生健康体育委" in stood) == (True, False)
    page = house.site.logged_in("office").get(f"/evaluation/{counted.worked.month_id}/objects/1").get_data(as_text=True)
    assert ("市卫生健康体育委，由项目计数" in page, "督查室，由项目计数" in page) == (True, False)
    assert "left_named" not in before.figures
    assert {"left_aside", "left_because"} <= before.figures.keys()


def test_a_check_of_a_kept_month_is_not_lost_in_silence(house: Publishing, counted: Counted) -> None:
    """A circular went out that praised a body while a deduction lay in the records, and nobody knew."""
    month_id = counted.worked.month_id
    project = _do(house, partial(counted.foreign, name="外资乙"))
    _do(house, lambda session: counted.invested(session, project, Month(2022, 9), 30_000_000))
    _freeze(house, count=1)
    office, month, place = house.site.logged_in("office"), f"/evaluation/{month_id}", f"/projects/{project}"
    assert "其后有" not in office.get(month).get_data(as_text=True), "what was left aside openly is told already"
    draft = house.draft(month_id)
    house.wait(hours=1)
    told = {"month": "2022-09", "day": "2022-10-18", "verdict": "false", "found": "2000", "words": "设备未到"}
    assert post(office, f"{place}/check", at=f"{place}/check", **told).status_code == 303
    frozen = "2022年9月考评结果已经冻结、通报没有印发，项目台账其后有1处与得分不一致，通报印发后由督查室更正才能计入"
    assert frozen in office.get(place).get_data(as_text=True)
    later = {"month": "2022-10", "invested": "3000", "source": "平台"}
    keeper = house.site.logged_in("swj")
    assert post(keeper, f"{place}/value", at=place, **later).status_code == 303
    assert "考评结果已经冻结" not in _read(keeper, place), "what is told of a later month changes no earlier one"
    for page in (month, f"/circulars/{draft}"):
        words = office.get(page).get_data(as_text=True)
        assert (frozen in words, "驿城区现场核查（重点外资项目：外资乙）" in words) == (True, True), page
    assert "2022年9月考评：印发月度考评通报（项目台账其后有1处与得分不一致）" in _read(office, "/desk")
    house.issue(draft)
    waits = "核对是否更正已通报的结果：项目台账其后有1处与得分不一致"
    assert waits in _read(office, "/desk")
    assert "其后有" not in _read(house.site.logged_in("swj"), month), "it is the office's to decide"
    assert "2022年9月考评结果已经通报" in _read(office, month)
    acts = f"/published-months/{month_id}/correct"
    house.wait(hours=1)
    assert post(office, acts, at="/published-months", reason="核对现场核查").status_code == 303
    assert post(office, f"{acts}/drop", at="/published-months").status_code == 303
    assert waits not in _read(office, "/desk"), "the office looked at it and left the month as it is"


def test_what_is_entered_in_the_instant_in_which_a_month_is_kept_is_told(house: Publishing, counted: Counted) -> None:
    """What came later stands later in the log, whatever two clocks say."""
    project = _do(house, partial(counted.foreign, name="外资乙"))
    _do(house, lambda session: counted.invested(session, project, Month(2022, 9), 30_000_000))
    _freeze(house, count=1)
    office, place = house.site.logged_in("office"), f"/projects/{project}"
    told = {"month": "2022-09", "day": "2022-10-18", "verdict": "false", "found": "2000", "words": "设备未到"}
    assert post(office, f"{place}/check", at=f"{place}/check", **told).status_code == 303
    assert "项目台账其后有1处与得分不一致" in _read(office, "/desk")


@pytest.mark.parametrize("act", ["entered late", "taken off", "value of the month before"])
def test_a_list_or_a_month_before_that_changes_a_kept_month_is_told(
    house: Publishing, counted: Counted, act: str
) -> None:
    """Told where it changes the month, whichever day stands in it; counted once, and not again for the next page."""
    project = _do(house, partial(counted.foreign, name="外资乙"))
    _freeze(house, count=1)
    house.publish(counted.worked.month_id)
    office = house.site.logged_in("office")
    assert "其后有" not in _read(office, "/desk")
    if act == "entered late":
        _do(house, partial(counted.foreign, name="外资丁"))
        words = "驿城区项目个数（重点外资项目：外资乙、外资丁）与计入的不同"
    elif act == "taken off":
        gone = _project(house, "外资甲")
        _do(house, lambda session: counted.off(session, gone))
        words = "驿城区项目个数（重点外资项目：外资甲、外资乙）与计入的不同"
    else:
        _do(house, lambda session: counted.invested(session, project, Month(2022, 8), 1_000_000))
        assert "其后有" not in _read(office, "/desk"), "no figure of the month is made of it"
        return
    for _again in range(2):
        assert "项目台账其后有1处与得分不一致" in _read(office, "/desk")
        assert words in _read(office, f"/evaluation/{counted.worked.month_id}")


def test_what_was_left_aside_with_other_values_is_another_record(house: Publishing, counted: Counted) -> None:
    """A second check of the same project says something else than the one that the office read."""
    project = _do(house, partial(counted.foreign, name="外资乙"))
    _do(house, lambda session: counted.invested(session, project, Month(2022, 9), 30_000_000))
    _do(house, lambda session: counted.checked(session, project, found=20_000_000))
    _freeze(house, count=2)
    office = house.site.logged_in("office")
    assert "其后有" not in _read(office, "/desk")
    told = {"month": "2022-09", "day": "2022-10-08", "verdict": "false", "found": "100", "words": "设备未到"}
    place = f"/projects/{project}"
    assert post(office, f"{place}/check", at=f"{place}/check", **told).status_code == 303
    assert "项目台账其后有1处与得分不一致" in _read(office, place), (
        "whoever enters another value of the same project is told"
    )
    assert "项目台账其后有1处与得分不一致" in _read(office, "/desk")
    assert "（重点外资项目：外资乙）" in _read(office, f"/evaluation/{counted.worked.month_id}"), "by its project"


def test_a_milestone_that_moves_out_of_a_kept_month_is_told(house: Publishing, counted: Counted) -> None:
    """Its former day may have counted, wherever the new one is."""
    project = _project(house, "省重点yc")
    told = partial(_started, house, project)
    _do(house, lambda session: told(session, date(2022, 9, 9)))
    with house.city.database.reading() as session:
        first = last_event(session)
    _do(house, lambda session: told(session, date(2022, 10, 8)))
    with house.city.database.reading() as session:
        assert moved_since(session, Month(2022, 9), first), "what counted before the change"
        assert not moved_since(session, Month(2022, 9), last_event(session))
        later = _project(house, "省重点sp")
    with house.city.database.reading() as session:
        second = last_event(session)
    _do(house, lambda session: _started(house, later, session, date(2022, 10, 8)))
    with house.city.database.reading() as session:
        assert not moved_since(session, Month(2022, 9), second), "told for the first time, of a later month"


def _started(house: Publishing, project_id: int, session: Session, on: date) -> None:
    told = Told(Milestone.STARTED, on, ())
    tell_reached(session, project_id, told, lists=LISTS, actor=OFFICE, at=house.site.clock.at)


def test_what_was_told_before_is_asked_of_many_events_at_once(house: Publishing, counted: Counted) -> None:
    """An export of a later year has a thousand projects, and each process reads all of it anew."""
    assert counted.worked.month_id
    with house.city.database.reading() as session:
        first = last_event(session)

    def listed(session: Session, number: int) -> None:
        data = ProjectData("", f"外资{number}号", "yc", Build.REFIT, 10_000, None, None, strategic=False)
        place, swj = Place("waizi", 2023, date(2023, 1, 1), 10_000), house.city.liaison("swj")
        enter_project(session, data, place, lists=LISTS, actor=swj, at=house.site.clock.at)

    asked = []
    for number in range(4):
        _do(house, partial(listed, number=number))
        with house.city.database.reading() as session:
            asked.append(_statements(session, lambda session: moved_since(session, Month(2022, 9), first)))
    assert asked == asked[:1] * 4


def _statements(session: Session, act: Callable[[Session], object]) -> int:
    """Count the statements of what asks the database."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        act(session)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def test_another_value_beside_a_new_project_is_told_to_whoever_enters_it(house: Publishing, counted: Counted) -> None:
    """The projects that differ are the new one alone; whose value is another stands behind the number all the same."""
    _freeze(house, count=0)
    _do(house, partial(counted.foreign, name="外资乙"))
    keeper, place = house.site.logged_in("swj"), f"/projects/{_project(house, '外资甲')}"
    value = {"month": "2022-09", "invested": "300", "source": "平台"}
    assert post(keeper, f"{place}/value", at=place, **value).status_code == 303
    assert "项目台账其后有1处与得分不一致" in _read(keeper, place)
    other = f"/projects/{_project(house, '外资丙')}"
    assert post(keeper, f"{other}/value", at=other, **value).status_code == 303
    assert "其后有" not in _read(keeper, other), "of another county nothing differs"


def test_a_row_of_a_later_year_that_begins_by_the_month_is_told(house: Publishing, counted: Counted) -> None:
    """On a list of no year a project stands since the day that is said, whatever year the row is of."""
    with house.city.database.reading() as session:
        first = last_event(session)
    place = Place("waizi", 2023, date(2022, 6, 1), 10_000)
    data = ProjectData("", "外资己", "yc", Build.REFIT, 10_000, None, None, strategic=False)
    swj = house.city.liaison("swj")
    _do(house, lambda session: enter_project(session, data, place, lists=LISTS, actor=swj, at=house.site.clock.at))
    with house.city.database.reading() as session:
        assert moved_since(session, Month(2022, 9), first)
        assert not moved_since(session, Month(2022, 5), first)
        second, project = last_event(session), _project(house, "外资己")
    away = replace(place, since=date(2023, 1, 1))
    moved = partial(place_project, project_id=project, place=away, reason="更正", lists=LISTS, actor=swj)
    _do(house, lambda session: moved(session, at=house.site.clock.at))
    with house.city.database.reading() as session:
        assert moved_since(session, Month(2022, 9), second), "it stood there before it was moved"
        assert not moved_since(session, Month(2022, 5), second)


def test_the_reason_is_for_the_records_that_were_shown(house: Publishing, counted: Counted) -> None:
    """As many others in the meantime are not what the office read."""
    office, page = house.site.logged_in("office"), f"/evaluation/{counted.worked.month_id}/freeze"
    project = _do(house, partial(counted.foreign, name="外资乙"))
    shown = _read(office, page)
    assert f"<li>{_LEFT}</li>" in shown
    digest = shown.partition('name="records" value="')[2].partition('"')[0]
    _do(house, lambda session: counted.off(session, project))
    _do(house, partial(counted.foreign, name="外资戊", county="sp"))
    told = {"uncounted": "1", "reason": _REASON, "records": digest}
    told["csrf_token"] = shown.partition('name="csrf_token" value="')[2].partition('"')[0]
    refused = office.post(page, data=told, headers={"Referer": f"http://localhost{page}"})
    again = refused.get_data(as_text=True)
    assert (refused.status_code, "外资戊" in again, _REASON in again) == (409, True, True)
    assert _kept(house) == []


def test_what_the_office_dismissed_stays_dismissed_and_whoever_enters_is_told_of_his_own(
    house: Publishing, counted: Counted
) -> None:
    month_id = counted.worked.month_id
    _freeze(house, count=0)
    house.publish(month_id)
    project = _do(house, partial(counted.foreign, name="外资乙"))
    office, acts = house.site.logged_in("office"), f"/published-months/{month_id}/correct"
    assert "项目台账其后有1处与得分不一致" in _read(office, "/desk")
    assert post(office, acts, at="/published-months", reason="核对").status_code == 303
    assert post(office, f"{acts}/drop", at="/published-months").status_code == 303
    _do(house, lambda session: counted.invested(session, project, Month(2022, 8), 1_000_000))
    assert "其后有" not in _read(office, "/desk"), "looked at and left, whatever comes that no mark is made of"
    _do(house, partial(counted.foreign, name="外资丁"))
    assert "项目台账其后有1处与得分不一致" in _read(office, "/desk"), "more than was dismissed"
    value = {"month": "2022-09", "invested": "100", "source": "平台"}
    place = f"/projects/{_project(house, '省重点yc')}"
    assert post(office, f"{place}/value", at=place, **value).status_code == 303
    assert "考评结果已经通报" not in _read(office, place), "the difference is another's"


def test_a_month_is_kept_where_records_differ_in_what_gives_no_marks(house: Publishing, counted: Counted) -> None:
    with house.city.database.reading() as session:
        row = session.get_one(ScoreMonthRow, counted.worked.month_id)
        held = held_against_projects(session, row, rules_of(session, row, read_scheme), lists=LISTS)
        assert uncounted_records(held) == ()
    _do(house, partial(counted.provincial, name="省重点丁", planned=date(2022, 9, 20)))
    with house.city.database.reading() as session:
        row = session.get_one(ScoreMonthRow, counted.worked.month_id)
        held = held_against_projects(session, row, rules_of(session, row, read_scheme), lists=LISTS)
    assert {one.code for one in uncounted_records(held)} == {"planned", "late_start"}
    cases = [mark for _, mark in held.rules.scheme.marks() if isinstance(mark, CasesMark)]
    marks = [replace(mark, months=(1,)) for mark in cases]
    assert marks
    elsewhere = replace(held, rules=_with_marks(held.rules, marks))
    assert {one.code for one in uncounted_records(elsewhere)} == {"planned"}


def _with_marks(rules: Rules, marks: list[CasesMark]) -> Rules:
    """Return rules with some marks in the place of those of the same code."""
    known = {one.code: one for one in marks}

    def item(one: Item) -> Item:
        return replace(one, marks=tuple(known.get(mark.code, mark) for mark in one.marks))

    annexes = tuple(replace(one, items=tuple(map(item, one.items))) for one in rules.scheme.annexes)
    return replace(rules, scheme=replace(rules.scheme, annexes=annexes))


def _project(house: Publishing, name: str) -> int:
    with house.city.database.reading() as session:
        return session.scalars(select(col(ProjectRow.id)).where(col(ProjectRow.name) == name)).one() or 0


def _read(client: FlaskClient, page: str) -> str:
    return client.get(page).get_data(as_text=True)
