"""Projects: what counts as reached, what a month's figures count, what contradicts itself, what an export changes."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tracker.domain.accounts import Role
from tracker.domain.projects.acts import Place
from tracker.domain.projects.checklists import Build, Milestone, Tick, checklist
from tracker.domain.projects.contradictions import ContradictionKind, contradictions, contradictions_of
from tracker.domain.projects.counting import NotCountable, checks_of, counted, members_of, not_done_when_due
from tracker.domain.projects.frames import Frame
from tracker.domain.projects.imports import Column, ExportRow, FaultKind, plan_import
from tracker.domain.projects.lists import Keeper, ProjectList, ProjectLists, keeps_any, kept_by
from tracker.domain.projects.placing import place_of
from tracker.domain.projects.records import (
    Listing,
    Project,
    Reached,
    SiteCheck,
    answered_lists,
    first_day,
)
from tracker.domain.scoring.inputs import Check, Month
from tracker.domain.scoring.scheme import Cohort, Figure, Measure, Window
from tracker.wording.projects import contradiction_words

BATCH = ProjectList("kaigong", "“开工一批”项目", "", "", ("fagaiwei",), ("开工一批",), batch=True, yearly=True)
PROVINCE = ProjectList("shengji", "省级重点项目", "", "", (), ("省重点",), confirmed=True, yearly=True)
LISTS = ProjectLists("驻政办〔2022〕53号", "zhongdaxiangmuban", "tongjiju", (BATCH, PROVINCE))
AUGUST, SEPTEMBER = Month(2022, 8), Month(2022, 9)
STARTED = frozenset({Tick.GROUND_BROKEN, Tick.NOT_PREPARATION, Tick.NOT_CLEARANCE})
YI = 100_000_000  # 元


def project(number: int = 1, *, of: str = "shengji", since: date = date(2022, 1, 1), **more: object) -> Project:
    listing = Listing(of, 2022, since, planned=2 * YI)
    plain = Project(
        number, f"P{number}", f"项目{number}", "suiping", Build.INDUSTRIAL, total=5 * YI, listings=(listing,)
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # of whatever field


def started(on: date, *, ticked: frozenset[str] = STARTED, confirmed: bool = True) -> dict[Milestone, Reached]:
    return {Milestone.STARTED: Reached(on, ticked, confirmed)}


def figure(measure: Measure, window: Window, *states: str) -> Figure:
    return Figure("f", "数", "个", window, "c", measure, states)


def count(measure: Measure, window: Window, *states: str, of: list[Project], name: str = "省重点") -> Decimal:
    cohort = Cohort("c", name, 0)
    return counted(figure(measure, window, *states), of, cohort=cohort, lists=LISTS, month=AUGUST).value


@pytest.mark.parametrize(
    ("build", "ticked", "met"),
    [
        (Build.INDUSTRIAL, {Tick.GROUND_BROKEN, Tick.NOT_PREPARATION, Tick.NOT_CLEARANCE}, True),
        (Build.INDUSTRIAL, {Tick.PILES_DRIVEN, Tick.NOT_PREPARATION, Tick.NOT_CLEARANCE}, True),
        (Build.INDUSTRIAL, {Tick.NOT_PREPARATION, Tick.NOT_CLEARANCE}, False),
        (Build.INDUSTRIAL, {Tick.GROUND_BROKEN, Tick.NOT_PREPARATION}, False),
        (Build.EARTHWORKS, {Tick.GROUND_BROKEN, Tick.NOT_PREPARATION, Tick.NOT_CLEARANCE}, False),
        (Build.EARTHWORKS, {Tick.EARTH_MOVED, Tick.NOT_PREPARATION, Tick.NOT_CLEARANCE}, True),
        (Build.REFIT, {Tick.EQUIPMENT_THERE}, True),
    ],
)
def test_a_start_is_what_the_document_calls_one(build: Build, ticked: set[str], met: bool) -> None:
    assert checklist(Milestone.STARTED, build).is_met(ticked) is met


def test_capacity_asks_for_trial_acceptance_and_hand_over() -> None:
    asked = checklist(Milestone.AT_CAPACITY, Build.INDUSTRIAL)
    assert asked.ticks == (Tick.LINES_BUILT, Tick.TRIAL_RUN, Tick.ACCEPTED, Tick.IN_PRODUCTION_HANDS)
    assert not any(asked.is_met(set(asked.ticks) - {one}) for one in asked.ticks)
    assert checklist(Milestone.FINISHED, Build.GENERAL).is_met(())


def test_a_start_counts_once_its_checklist_is_met_and_it_is_confirmed() -> None:
    on = date(2022, 8, 31)
    told = [
        project(1, reached=started(on)),
        project(2, reached=started(on, ticked=frozenset())),
        project(3, reached=started(on, confirmed=False)),
        project(4, reached=started(date(2022, 9, 1))),
        project(5, reached=started(date(2021, 12, 31))),
        project(6),
    ]
    assert count(Measure.PROJECTS, Window.YEAR_TO_MONTH, "started", of=told) == 1
    assert count(Measure.PROJECTS, Window.TO_MONTH_END, "started", of=told) == 2  # that of the year before too


def test_a_list_that_needs_no_confirmation_counts_without_one() -> None:
    told = [project(of="kaigong", since=date(2022, 8, 5), reached=started(date(2022, 8, 6), confirmed=False))]
    assert count(Measure.PROJECTS, Window.MONTH, "started", of=told, name="开工一批") == 1


def test_the_month_of_a_batch_is_what_came_in_and_of_a_standing_list_what_stands() -> None:
    july = project(1, of="kaigong", since=date(2022, 7, 31), reached=started(date(2022, 7, 31)))
    august = project(2, of="kaigong", since=date(2022, 8, 1))
    september = project(3, of="kaigong", since=date(2022, 9, 1))
    told = [july, august, september]
    assert count(Measure.PROJECTS, Window.MONTH, of=told, name="“开工一批”项目") == 1
    assert count(Measure.PROJECTS, Window.MONTH, "started", of=told, name="开工一批") == 0
    assert count(Measure.PROJECTS, Window.TO_MONTH_END, of=told, name="开工一批") == 2
    assert count(Measure.PROJECTS, Window.MONTH, of=[project()]) == 1


@pytest.mark.parametrize(
    ("since", "until", "back", "ever_new"),
    [
        (date(2022, 6, 5), date(2022, 7, 20), date(2022, 8, 2), False),
        (date(2022, 7, 5), date(2022, 7, 20), date(2022, 8, 2), True),  # gone by the end of its month, counted in none
        (date(2022, 7, 5), date(2022, 7, 5), date(2022, 8, 2), True),  # it never came
        (date(2022, 8, 2), date(2022, 8, 9), date(2022, 8, 20), True),
        (date(2021, 12, 5), date(2021, 12, 20), date(2022, 8, 2), True),  # on the list of another year
    ],
)
def test_who_comes_back_onto_a_batch_is_not_new_in_that_month(
    since: date, until: date, back: date, ever_new: bool
) -> None:
    rows = (Listing("kaigong", since.year, since, until=until), Listing("kaigong", 2022, back))
    told = [project(1, listings=rows)]
    for window, number in ((Window.MONTH, int(ever_new)), (Window.YEAR_TO_MONTH, 1), (Window.TO_MONTH_END, 1)):
        assert count(Measure.PROJECTS, window, of=told, name="开工一批") == number
    members = members_of(told, replace(BATCH, yearly=False), of_year=None, window=Window.MONTH, month=AUGUST)
    assert bool(members) is ever_new


def test_two_years_of_one_list_are_two_cohorts() -> None:
    last_year = project(1, listings=(Listing("shengji", 2021, date(2021, 1, 1)),))
    for year, number in ((0, 2), (-1, 1)):
        asked = figure(Measure.PROJECTS, Window.TO_MONTH_END)
        cohort = Cohort("c", "省级重点项目", year)
        found = counted(asked, [last_year, project(2)], cohort=cohort, lists=LISTS, month=AUGUST)
        assert found.projects == (number,)


def test_a_project_off_the_list_counts_no_more() -> None:
    gone = Listing("shengji", 2022, date(2022, 1, 1), until=date(2022, 8, 31))
    later = Listing("shengji", 2022, date(2022, 1, 1), until=date(2022, 9, 1))
    told = [project(1, listings=(gone,)), project(2, listings=(later,))]
    assert count(Measure.PROJECTS, Window.TO_MONTH_END, of=told) == 1


def test_money_is_added_exactly_and_says_which_values_lack() -> None:
    told = [
        project(1, values={Month(2022, 7): 100, AUGUST: 10_001}),
        project(2, values={Month(2022, 7): 20_000}),
        project(3, values={Month(2021, 12): 9 * YI, SEPTEMBER: YI}),
    ]
    cohort = Cohort("c", "省重点", 0)
    asked = figure(Measure.INVESTED, Window.YEAR_TO_MONTH)
    found = counted(asked, told, cohort=cohort, lists=LISTS, month=AUGUST)
    assert (found.value, found.projects, found.without_value) == (Decimal("3.0001"), (1, 2, 3), (2, 3))
    assert count(Measure.INVESTED, Window.MONTH, of=told) == Decimal("0.9901")
    assert count(Measure.PLANNED_INVESTMENT, Window.YEAR, of=told) == 60_000
    assert count(Measure.TOTAL_INVESTMENT, Window.YEAR, of=told) == 150_000


def test_a_year_without_its_plan_leaves_the_plan_of_several_years_unknown() -> None:
    asked, cohort = figure(Measure.PLANNED_INVESTMENT, Window.TO_MONTH_END), Cohort("c", "省重点", -1)
    for plans, value in (((YI, YI), 20_000), ((YI, None), None), ((None, YI), None)):
        rows = tuple(
            Listing("shengji", year, date(year, 1, 1), plan) for year, plan in zip((2021, 2022), plans, strict=True)
        )
        found = counted(asked, [project(1, listings=rows)], cohort=cohort, lists=LISTS, month=AUGUST)
        assert (found.value, found.without_value) == (Decimal(value or 0), () if value else (1,))


def test_what_should_have_started_by_its_plan_is_found() -> None:
    plan: Mapping[str, Any] = {"planned_start": date(2022, 8, 1)}  # Any: fields of whatever type
    told = [
        project(1, **plan),
        project(2, **plan, reached=started(date(2022, 8, 31))),
        project(3, **plan, reached=started(date(2022, 8, 31), confirmed=False)),
        project(4, planned_start=date(2022, 3, 1)),
        project(5, planned_start=date(2022, 9, 1)),
        project(6),
    ]
    for only, ids in ((True, [1, 3]), (False, [1, 3, 4])):
        due = not_done_when_due(
            told, PROVINCE, of_year=2022, milestone=Milestone.STARTED, month=AUGUST, only_this_month=only
        )
        assert [one.id for one in due] == ids
    assert count(Measure.PROJECTS, Window.YEAR, "planned_start", of=told) == 5
    assert count(Measure.PROJECTS, Window.YEAR_TO_MONTH, "planned_start", "started", of=told) == 1


def test_a_figure_that_no_record_has_is_refused() -> None:
    with pytest.raises(NotCountable):
        count(Measure.PROJECTS, Window.MONTH, "haunted", of=[])


def test_the_last_check_of_a_month_is_handed_in() -> None:
    checks = (
        SiteCheck(1, AUGUST, date(2022, 9, 1), False, 20_000, 10_000),
        SiteCheck(2, AUGUST, date(2022, 8, 31), False, 20_000, 15_000),  # entered last: the day of the first is wrong
        SiteCheck(3, SEPTEMBER, date(2022, 9, 3), False, 20_000, 1),
    )
    told = project(checks=checks)
    (found,) = _checked(told)
    assert (found.reference, found.reported, found.found) == ("project:1", Decimal(2), Decimal("1.5"))
    (flag,) = contradictions(told, until=AUGUST)
    assert (flag.told, flag.against) == (20_000, 15_000), "what it mends is no contradiction any more"


def test_a_check_that_finds_all_true_takes_the_one_before_it_back() -> None:
    checks = (
        SiteCheck(1, AUGUST, date(2022, 9, 1), False, 20_000, 10_000),
        SiteCheck(2, AUGUST, date(2022, 9, 2), True, 20_000),
    )
    told = project(checks=checks)
    assert _checked(told) == ()
    assert contradictions(told, until=AUGUST) == ()


def _checked(told: Project) -> tuple[Check, ...]:
    return checks_of([told], PROVINCE, of_year=2022, kind="site", items=("2-5",), month=AUGUST)


def test_contradictions_are_found_and_more_than_the_plan_is_only_pointed_at() -> None:
    told = project(
        total=2 * YI,
        values={Month(2021, 12): 9 * YI, Month(2022, 6): 5 * YI, AUGUST: 3 * YI},
        checks=(
            SiteCheck(1, Month(2022, 7), date(2022, 9, 1), False),
            SiteCheck(2, AUGUST, date(2022, 9, 1), False, 3 * YI, 2 * YI),
        ),
        reached={**started(date(2022, 8, 1), ticked=frozenset()), Milestone.IN_PRODUCTION: Reached(date(2022, 7, 1))},
    )
    found = {one.kind: one for one in contradictions(told, until=AUGUST)}
    assert found.keys() == {*ContradictionKind} - {ContradictionKind.FAR}, "that is asked where it is entered"
    assert found[ContradictionKind.FALLING].month == AUGUST
    seen = found[ContradictionKind.SEEN_OTHERWISE]
    assert (seen.gap("reported"), seen.gap("found")) == (Fraction(1, 3), Fraction(1, 2))
    assert "相差50.00%（以核查落实数为基数）" in contradiction_words(seen, base="found")
    assert "相差33.33%（以上报数为基数）" in contradiction_words(seen, base="reported")
    assert "%" not in contradiction_words(seen), "of what it is a part, somebody decides"
    assert [kind for kind, one in found.items() if one.only_pointed_at] == [ContradictionKind.OVER_PLAN]
    assert ContradictionKind.FALLING not in {one.kind for one in contradictions(told, until=Month(2022, 7))}


def test_a_month_has_no_contradictions_of_an_earlier_one_but_what_stands_and_that_says_since_when() -> None:
    told = project(
        values={Month(2022, 6): 5 * YI, AUGUST: 3 * YI, SEPTEMBER: 4 * YI},
        checks=(SiteCheck(1, AUGUST, date(2022, 9, 1), False, 3 * YI, 2 * YI),),
        reached=started(date(2022, 8, 1), ticked=frozenset()),
    )
    in_august = {one.kind for _, one in contradictions_of([told], month=AUGUST)}
    assert {ContradictionKind.FALLING, ContradictionKind.SEEN_OTHERWISE} < in_august
    (left,) = [one for _, one in contradictions_of([told], month=SEPTEMBER) if not one.only_pointed_at]
    assert contradiction_words(left) == "2022年8月已报开工，但未按标准核对"


@pytest.mark.parametrize(
    ("role", "unit", "lists"),
    [
        (Role.LIAISON, "fagaiwei", {"kaigong"}),
        (Role.UNIT_HEAD, "fagaiwei", {"kaigong"}),
        (Role.LIAISON, "shangwuju", set()),
        (Role.LIAISON, "suiping", set()),
        (Role.SUPERVISOR, None, {"shengji"}),  # the document prints nobody who supplies it
        (Role.LIAISON, "zhongdaxiangmuban", {"shengji"}),
        (Role.LEADER, None, set()),
        (Role.LEADER, "fagaiwei", set()),
    ],
)
def test_a_list_is_kept_by_whom_the_document_names(role: Role, unit: str | None, lists: set[str]) -> None:
    assert {one.code for one in kept_by(Keeper(role, unit), LISTS)} == lists


def test_what_stands_on_no_list_is_the_organisers() -> None:
    assert keeps_any(Keeper(Role.SUPERVISOR, None), LISTS, codes=())
    assert not keeps_any(Keeper(Role.LIAISON, "fagaiwei"), LISTS, codes=())


FRAME = Frame("shengji", AUGUST, date(2022, 1, 1), 2022)
TODAY = date(2022, 9, 8)


def row(number: int, name: str, *, code: str = "", unit: str = "suiping", **told: object) -> ExportRow:
    return ExportRow(number, code, name, unit, {Column(key): value for key, value in told.items()})  # type: ignore[misc]


def test_an_export_says_what_it_would_change_and_the_same_again_changes_nothing() -> None:
    known = project(1, values={AUGUST: 100})
    plan = plan_import(
        [row(2, "项目1", code="P1", invested=120, total=5 * YI), row(3, "新项目", planned=7)],
        [known, project(2)],
        frame=FRAME,
        today=TODAY,
    )
    first, second = plan.rows
    assert [(one.column, one.before, one.after) for one in first.differences] == [(Column.INVESTED, 100, 120)]
    assert second.is_new
    assert [one.id for one in plan.absent] == [2]
    assert (
        plan_import([row(2, "项目1", code="P1", invested=100)], [known], frame=FRAME, today=TODAY).rows[0].differences
        == ()
    )


def test_a_project_without_a_code_is_known_by_county_and_name() -> None:
    known = replace(project(1), code="")
    (plan,) = plan_import([row(2, "项目1", code="P9")], [known], frame=FRAME, today=TODAY).rows
    assert plan.project is known
    assert [one.column for one in plan.differences] == [Column.CODE]


def test_rows_that_name_one_project_twice_or_two_as_one_or_what_has_not_come_are_faults() -> None:
    known = [project(1), project(2)]
    kinds = {
        FaultKind.TWICE: [row(2, "甲"), row(3, "甲")],
        FaultKind.TWO_PROJECTS: [row(2, "项目2", code="P1")],
        FaultKind.MOVED: [row(2, "项目1", code="P1", unit="xiping")],
        FaultKind.AHEAD: [row(2, "丙", finished=TODAY, started=date(2022, 9, 9))],
    }
    for kind, rows in kinds.items():
        assert {one.kind for one in plan_import(rows, known, frame=FRAME, today=TODAY).faults} == {kind}
    assert [one.kind for one in plan_import([row(2, "项目1", code="P9")], known, frame=FRAME, today=TODAY).faults] == [
        FaultKind.TWO_PROJECTS
    ]


@pytest.mark.parametrize(
    ("until", "answered"),
    [(None, True), (date(2022, 8, 20), True), (date(2021, 1, 1), True), (date(2020, 12, 31), False)],
)
def test_who_keeps_a_list_answers_for_what_was_on_it_until_the_year_after(until: date | None, answered: bool) -> None:
    rows = [Listing("waizi", 2020, date(2020, 1, 5), until=until)]
    former = Listing("waizi", 2019, date(2019, 1, 5))  # that nobody ended says nothing any more
    for known in (rows, [former, *rows], [*rows, former]):
        assert answered_lists(known, today=date(2022, 11, 1)) == ({"waizi"} if answered else set())


def test_a_project_that_was_taken_off_comes_back_with_an_export_only_where_somebody_says_so() -> None:
    left = Listing("shengji", 2022, date(2022, 1, 1), 2 * YI, until=date(2022, 8, 20))
    for month in (AUGUST, SEPTEMBER):
        frame, known = replace(FRAME, month=month), project(1, values={month: 90}, listings=(left,))
        told = [row(2, "项目1", code="P1", invested=100, planned=3 * YI)]
        for back, columns in (((), {Column.INVESTED}), ((2,), {None, Column.PLANNED, Column.INVESTED})):
            plan = plan_import(told, [known], frame=frame, today=TODAY, back=back)
            (one,) = plan.rows
            assert (one.off, {each.column for each in one.differences}) == (left.until, columns)
            place = Place("shengji", 2022, first_day(month), 3 * YI, back=True) if back else None
            assert place_of(one, frame) == place
        assert plan_import([], [known], frame=frame, today=TODAY).absent == ()
    july = replace(FRAME, month=Month(2022, 7))
    (one,) = plan_import(told, [known], frame=july, today=TODAY).rows
    assert (one.off, place_of(one, july)) == (None, Place("shengji", 2022, left.since, 3 * YI))


@pytest.mark.parametrize("yearly", [False, True])
def test_who_stands_on_a_list_for_an_export_of_the_next_year_is_asked_as_it_is_counted(yearly: bool) -> None:
    january, wanted = Month(2023, 1), replace(PROVINCE, yearly=yearly)
    frame = Frame.of(wanted, january, date(2023, 1, 1))
    former = Listing("shengji", 2022, date(2022, 1, 1), 2 * YI)
    left, again = replace(former, until=date(2022, 8, 20)), Listing("shengji", 2023, date(2023, 3, 1))
    told = [row(2, "项目1", code="P1", planned=3 * YI)]
    for rows, off in (((former,), None), ((left,), left.until), ((left, again), None)):
        known = project(1, listings=rows)
        (one,) = plan_import(told, [known], frame=frame, today=date(2023, 2, 8)).rows
        assert one.off == (None if yearly else off)
        comes = again not in rows and one.off is None
        assert (None in {each.column for each in one.differences}) is comes
        assert (place_of(one, frame) is None) is (one.off is not None)
        absent = plan_import([], [known], frame=frame, today=date(2023, 2, 8)).absent
        assert bool(absent) is (again in rows or (not yearly and off is None))
