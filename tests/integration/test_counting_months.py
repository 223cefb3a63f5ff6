"""A month counted from the records of projects, on both databases: what is written, what is left, and who may."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TypeVar

import pytest
from sqlmodel import Session

from tests.support.agreement import disagreements
from tests.support.counted_evaluation import SEPTEMBER, Counted, countable
from tests.support.office import BY, LEADER, OFFICE, City, open_city
from tests.support.projects import LISTS
from tests.support.small_evaluation import AFTER, CHECKING, figure, history_of, meeting, nothing_else
from tests.support.together import together
from tracker.domain.accounts import NotYourTask
from tracker.domain.errors import TrackerError
from tracker.domain.projects.contradictions import ContradictionKind
from tracker.domain.scoring.aside import RecordsUncounted
from tracker.domain.scoring.entries import Entry, InputKind, InputSource
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.months import InputsClosed
from tracker.domain.scoring.written import evaluate, first_difference
from tracker.gateways.schemes import read_scheme
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.counted_months import Held, flags_of_month
from tracker.store.queries.scoring import last_inputs, material_of, standing_inputs
from tracker.store.tables.scoring import ScoreInputRow, ScoreMonthRow
from tracker.usecases.scoring_counts import count_from_projects
from tracker.usecases.scoring_inputs import take_back
from tracker.usecases.scoring_months import draft_ranking, freeze_month, open_check
from tracker.wording.score_flags import asked_words, differing_flags, lacking_flags, project_flags, unrecorded_flags
from tracker.wording.score_views import object_sheets
from tracker.wording.scoring_months import COUNTED_REASON

_Done = TypeVar("_Done")


@pytest.fixture
def counted(database: Database) -> Counted:
    return countable(open_city(database))


def _do(city: City, act: Callable[[Session], _Done]) -> _Done:
    with city.database.transaction() as session:
        return act(session)


def _standing(counted: Counted) -> dict[tuple[str, str, str], ScoreInputRow]:
    with counted.city.database.reading() as session:
        return {(one.code, one.object, one.reference): one for one in standing_inputs(session, counted.worked.month_id)}


def _written(held: Held) -> tuple[int, int, int, int]:
    new = sum(before is None for _, before in held.recount.keep)
    return new, len(held.recount.keep) - new, len(held.recount.withdraw), held.recount.same


def _projects(counted: Counted) -> dict[str, int]:
    def enter(session: Session) -> dict[str, int]:
        found = {
            "甲": counted.foreign(session, "外资甲"),
            "乙": counted.foreign(session, "外资乙", county="sp"),
            "丙": counted.provincial(session, "省重点丙", planned=date(2022, 9, 1)),
            "丁": counted.provincial(session, "省重点丁", planned=date(2022, 3, 1)),
        }
        counted.invested(session, found["甲"], SEPTEMBER, 2_000_000)
        counted.checked(session, found["甲"], found=1_000_000)
        return found

    return _do(counted.city, enter)


def test_a_month_is_counted_and_only_what_differs_is_counted_again(counted: Counted) -> None:
    ids = _projects(counted)
    _do(counted.city, counted.rule)
    assert _written(_do(counted.city, counted.count)) == (6, 0, 0, 0)
    found = _standing(counted)
    told = {key: (row.value, row.found, row.items, row.behind, row.source) for key, row in found.items()}
    assert told == {
        ("projects", "yc", ""): ("1", None, "", f"project:{ids['甲']}", "counted"),
        ("projects", "sp", ""): ("1", None, "", f"project:{ids['乙']}", "counted"),
        ("planned", "yc", ""): ("2", None, "", f"project:{ids['丙']}\nproject:{ids['丁']}", "counted"),
        ("planned", "sp", ""): ("0", None, "", "", "counted"),
        ("late_start", "yc", "省重点丙"): (None, None, "1-2", f"project:{ids['丙']}", "counted"),
        ("site", "yc", "外资甲"): ("200", "100", "1-3", f"project:{ids['甲']}", "counted"),
    }
    assert _written(_do(counted.city, counted.count)) == (0, 0, 0, 6)
    _do(counted.city, partial(counted.off, project_id=ids["甲"]))
    assert _written(_do(counted.city, counted.count)) == (0, 1, 1, 4)
    with counted.city.database.reading() as session:
        history = history_of(session, counted.worked.month_id, kind=InputKind.FIGURE, code="projects")
        checks = history_of(session, counted.worked.month_id, kind=InputKind.CHECK, code="site")
    assert [(row.object, row.value, row.reason) for row in history] == [
        ("yc", "1", ""),
        ("sp", "1", ""),
        ("yc", "0", COUNTED_REASON),
    ]
    assert [(row.void, row.source, row.reason) for row in checks] == [
        (False, "counted", ""),
        (True, "counted", COUNTED_REASON),
    ]


def test_a_list_without_projects_for_the_month_is_named_and_no_zero_is_written(counted: Counted) -> None:
    city, worked, swj = counted.city, counted.worked, counted.city.liaison("swj")
    _do(city, counted.rule)
    _do(city, lambda session: worked.enter(session, swj, figure("projects", "yc", "3")))
    held = _do(city, counted.count)
    assert _written(held) == (0, 0, 0, 0)
    assert held.tally.empty_lists == ("重点外资项目", "省级重点项目")
    assert held.recount.differing == ()
    assert [one.words for one in unrecorded_flags(held.tally)] == [
        "项目台账没有本月“重点外资项目”、“省级重点项目”的项目，不按0计，请报送单位填报或者先登记项目"
    ]
    _do(city, partial(counted.foreign, name="外资甲"))
    held = _do(city, counted.count)
    assert held.tally.empty_lists == ("省级重点项目",)
    assert _standing(counted)["projects", "sp", ""].value == "0"  # 遂平县 has none on a list that is kept
    (flag,) = differing_flags(held.rules.scheme, held.recount.differing)
    assert flag.words == "驿城区项目个数：填报3个，项目台账1个"


def test_an_entered_occurrence_contradicts_no_list_that_is_not_kept(counted: Counted) -> None:
    city, worked = counted.city, counted.worked
    _do(city, counted.rule)
    late = Entry(kind=InputKind.OCCURRENCE, code="late_start", object="yc", reference="省重点丙", items=("1-2",))
    _do(city, lambda session: worked.enter(session, OFFICE, late))
    assert _do(city, counted.count).recount.differing == ()
    _do(city, partial(counted.provincial, name="省重点丁"))
    assert [one.entry for one in _do(city, counted.count).recount.differing] == [late]


def test_what_was_counted_goes_when_its_list_is_empty(counted: Counted) -> None:
    gone = _do(counted.city, partial(counted.foreign, name="外资甲"))
    _do(counted.city, counted.count)
    _do(counted.city, lambda session: counted.off(session, gone))
    held = _do(counted.city, counted.count)
    assert [one.entry.object for one in held.recount.withdraw] == ["yc", "sp"]
    assert not _standing(counted)


def test_a_figure_with_the_same_number_of_other_projects_is_corrected(counted: Counted) -> None:
    first = _do(counted.city, partial(counted.foreign, name="外资甲"))
    _do(counted.city, counted.count)

    def exchange(session: Session) -> int:
        counted.off(session, first)
        return counted.foreign(session, "外资戊")

    other = _do(counted.city, exchange)
    assert _written(_do(counted.city, counted.count)) == (0, 1, 0, 1)
    row = _standing(counted)["projects", "yc", ""]
    assert (row.value, row.behind) == ("1", f"project:{other}")


@pytest.mark.parametrize(
    ("option", "references"), [("month", {"省重点丙"}), ("year_to_month", {"省重点丙", "省重点丁"})]
)
def test_what_was_due_before_counts_as_the_office_decided(counted: Counted, option: str, references: set[str]) -> None:
    _projects(counted)
    held = _do(counted.city, counted.count)
    assert held.tally.asked == ("late-due",)
    assert asked_words(held.rules.scheme, held.tally) == ["应开未开是否含以前月份到期的"]
    assert not [key for key in _standing(counted) if key[0] == "late_start"]
    _do(counted.city, partial(counted.rule, option=option))
    assert _do(counted.city, counted.count).tally.asked == ()
    assert {key[2] for key in _standing(counted) if key[0] == "late_start"} == references


def test_what_people_entered_is_told_beside_and_not_overwritten(counted: Counted) -> None:
    _projects(counted)
    city, worked = counted.city, counted.worked
    _do(city, counted.rule)
    swj = city.liaison("swj")
    _do(city, lambda session: worked.enter(session, swj, figure("projects", "yc", "3"), figure("projects", "sp", "1")))
    held = _do(city, counted.count)
    assert _written(held) == (4, 0, 0, 1)
    (flag,) = differing_flags(held.rules.scheme, held.recount.differing)
    assert flag.words == "驿城区项目个数：填报3个，项目台账1个"
    row = _standing(counted)["projects", "yc", ""]
    assert (row.value, row.source) == ("3", InputSource.ENTERED.value)
    back = partial(take_back, read=read_scheme, calendar=BY.calendar, at=CHECKING)
    _do(city, partial(back, input_id=row.id or 0, reason="误报", actor=swj))
    assert _written(_do(city, counted.count)) == (0, 1, 0, 5)  # a figure that was taken back is open to be counted
    late = _standing(counted)["late_start", "yc", "省重点丙"]
    _do(
        city,
        partial(back, input_id=late.id or 0, reason="已批准延期", actor=OFFICE),
    )
    held = _do(city, counted.count)
    assert _written(held) == (0, 0, 0, 5)
    (flag,) = differing_flags(held.rules.scheme, held.recount.differing)
    assert flag.words == "驿城区应开未开“省重点丙”：填报已由人工撤回，项目台账有"
    assert ("late_start", "yc", "省重点丙") not in _standing(counted)


def test_what_lacks_a_value_is_named_and_what_contradicts_itself_flagged(counted: Counted) -> None:
    ids = _projects(counted)

    def more(session: Session) -> None:
        counted.checked(session, ids["乙"], found=None)
        counted.invested(session, ids["甲"], Month(2022, 8), 9_000_000)

    _do(counted.city, more)
    held = _do(counted.city, counted.count)
    lacking = lacking_flags(held.rules.scheme, held.tally, held.projects)
    assert [(one.words, one.projects) for one in lacking] == [
        (
            "外资乙现场核查不属实，但缺上报数（登记累计完成投资）或者核查落实数（重新登记核查并填写），无从比对，未计",
            (ids["乙"],),
        )
    ]
    with counted.city.database.reading() as session:
        row = session.get_one(ScoreMonthRow, counted.worked.month_id)
        flags = flags_of_month(session, row, held.rules, held.projects.values())
    kinds = {(project.name, one.kind) for project, one in flags.of_projects}
    assert {
        ("外资甲", ContradictionKind.FALLING),
        ("外资甲", ContradictionKind.SEEN_OTHERWISE),
        ("外资甲", ContradictionKind.OVER_PLAN),
        ("外资甲", ContradictionKind.OVER_TOTAL),
        ("外资乙", ContradictionKind.UNTRUE),
    } == kinds
    told = project_flags(held.rules, flags.of_projects)
    assert {one.words[:8] for one in told if one.only_pointed_at} == {"驿城区“外资甲”"}
    (seen,) = [one.words for one in told if "现场核查落实" in one.words]
    assert "相差100.00%（以核查落实数为基数）" in seen, "by which the marks go in this scheme"


def test_the_office_counts_everything_and_a_supplier_its_own(counted: Counted) -> None:
    _projects(counted)
    city = counted.city
    _do(city, counted.rule)
    for actor in (LEADER, city.liaison("yc"), city.liaison("tjj")):
        with pytest.raises(NotYourTask):
            _do(city, partial(counted.count, actor=actor))
    assert _written(_do(city, partial(counted.count, actor=city.liaison("swj")))) == (2, 0, 0, 0)
    assert {key[0] for key in _standing(counted)} == {"projects"}
    assert _written(_do(city, counted.count)) == (4, 0, 0, 2)


def _in_check(counted: Counted) -> None:
    city = counted.city
    _do(city, counted.rule)
    _do(city, counted.count)

    def rest(session: Session) -> None:
        entries = (figure("started", "yc", "1"), figure("started", "sp", "0"))
        counted.worked.enter(session, city.liaison("tjj"), *entries)
        counted.worked.enter(session, OFFICE, meeting("yc"))
        nothing_else(session, counted.worked.month_id)
        draft_ranking(session, counted.worked.month_id, read=read_scheme, actor=OFFICE, at=CHECKING)
        month_id, calendar = counted.worked.month_id, BY.calendar
        open_check(session, month_id, read=read_scheme, calendar=calendar, workdays=3, actor=OFFICE, at=CHECKING)

    _do(city, rest)


def _freeze(counted: Counted) -> None:
    freeze = partial(
        freeze_month, month_id=counted.worked.month_id, read=read_scheme, lists=LISTS, actor=OFFICE, at=AFTER
    )
    _do(counted.city, freeze)


def test_a_frozen_month_keeps_the_projects_behind_each_mark_and_is_counted_no_more(counted: Counted) -> None:
    ids = _projects(counted)
    _in_check(counted)
    _freeze(counted)
    _do(counted.city, partial(counted.foreign, name="外资己"))
    with pytest.raises(InputsClosed):
        _do(counted.city, counted.count)
    with counted.city.database.reading() as session:
        row = session.get_one(ScoreMonthRow, counted.worked.month_id)
        material = material_of(session, row)
        assert {one.table for one in disagreements(session, fold(session, cut(session, as_of=AFTER)))} == set()
    again = evaluate(material, read_scheme(material.content))
    assert first_difference(row.result or "", again.text) is None
    assert f"project:{ids['甲']}" in (row.result or "")
    first = object_sheets(again.rules.scheme, again.result, behind=again.behind)[0]
    parts = {part.mark: part.projects for annex in first.annexes for item in annex.items for part in item.parts}
    assert parts == {
        "1-1-count": (ids["甲"],),
        "1-1-rate": tuple(sorted((ids["丙"], ids["丁"]))),
        "1-2-acts": (),
        "1-2-cases": (),
        "1-2-late": (ids["丙"],),
        "1-3-site": (ids["甲"],),
    }


def test_two_who_count_at_once_write_everything_once(counted: Counted) -> None:
    _projects(counted)
    _do(counted.city, counted.rule)
    together(*[lambda: _do(counted.city, counted.count)] * 3)
    with counted.city.database.reading() as session:
        rows = last_inputs(session, counted.worked.month_id)
    assert len(rows) == 6
    assert {one.replaces_id for one in rows} == {None}


def test_counting_and_freezing_at_once_leave_a_month_that_replays(counted: Counted) -> None:
    _projects(counted)
    _in_check(counted)

    def count() -> None:
        with pytest.raises(InputsClosed):
            for number in range(200):
                _do(counted.city, partial(counted.foreign, name=f"外资第{number}"))
                _do(counted.city, counted.count)

    def freeze() -> None:
        for _ in range(200):  # what was registered and not counted yet is told first
            with suppress(RecordsUncounted):
                _freeze(counted)
                break

    together(count, freeze)
    with counted.city.database.reading() as session:
        row = session.get_one(ScoreMonthRow, counted.worked.month_id)
        material = material_of(session, row)
    assert evaluate(material, read_scheme(material.content)).text == row.result


def test_a_list_that_is_not_kept_is_refused_with_its_name(counted: Counted) -> None:
    few = replace(LISTS, lists=LISTS.lists[:1])
    act = partial(count_from_projects, month_id=counted.worked.month_id, read=read_scheme, lists=few, actor=OFFICE)
    act = partial(act, calendar=BY.calendar)
    with pytest.raises(TrackerError) as refused:
        _do(counted.city, partial(act, at=CHECKING))
    assert refused.value.facts == {"name": "省级重点项目"}
