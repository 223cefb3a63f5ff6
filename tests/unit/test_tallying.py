"""What projects say for a month by the scheme of 53号, and what counting again changes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.support.random_months import SCHEME, decisions_of
from tests.support.small_scheme import SMALL_SCHEME
from tracker.domain.projects.checklists import Build, Milestone
from tracker.domain.projects.records import Listing, Project, Reached, SiteCheck
from tracker.domain.projects.recounting import Standing, recount
from tracker.domain.projects.tallying import Tally, project_ids, tally
from tracker.domain.scoring.doubts import DoubtKind, doubts
from tracker.domain.scoring.entries import InputKind, InputSource
from tracker.domain.scoring.inputs import Inputs, Month
from tracker.domain.scoring.plain import as_plain
from tracker.domain.scoring.rules import Rules
from tracker.gateways.project_lists import load_project_lists
from tracker.gateways.schemes import read_scheme
from tracker.wording.score_flags import figure_flags, lacking_flags

LISTS = load_project_lists(Path(__file__).parents[2] / "config" / "project_lists.toml")
AUGUST = Month(2022, 8)
RULES = Rules(SCHEME, decisions_of(SCHEME, late_due="month"))


def _project(number: int, *lists: str, unit: str = "suiping", **more: object) -> Project:
    listings = tuple(Listing(one, 2022, date(2022, 8, 1), planned=10_000) for one in lists)
    plain = Project(number, "", f"项目{number}", unit, Build.INDUSTRIAL, listings=listings)
    return replace(plain, **more)  # type: ignore[arg-type]  # of whatever field


def _tally(*projects: Project, rules: Rules = RULES) -> Tally:
    return tally(rules, projects, lists=LISTS, month=AUGUST)


def test_a_project_on_two_lists_is_handed_in_once_for_all_its_items() -> None:
    check = SiteCheck(1, AUGUST, date(2022, 9, 1), False, 20_000, 10_000)
    due = _project(1, "shiji", "shengji", "gongye", planned_start=date(2022, 8, 1), checks=(check,))
    found = {one.entry.code: one for one in _tally(due).found if one.entry.kind is not InputKind.FIGURE}
    assert found.keys() == {"late_start", "site"}
    assert found["late_start"].entry.items == ("2-2", "3-2")
    assert found["site"].entry.items == ("1-14", "2-5", "3-5")
    assert (found["site"].entry.value, found["site"].entry.found) == (Decimal(2), Decimal(1))
    assert project_ids(found["site"].behind) == (1,)
    figures = {(one.entry.code, one.entry.object): one for one in _tally(due).found}
    assert figures["provincial-to-start", "suiping"].projects == (1,)
    assert figures["provincial-to-start", "xiping"].entry.value == 0


def test_whether_what_was_due_before_counts_is_asked() -> None:
    due = _project(1, "shengji", planned_start=date(2022, 3, 1))
    undecided = Rules(SCHEME, tuple(one for one in RULES.decisions if one.question != "late-due"))
    told = _tally(due, rules=undecided)
    assert told.asked == ("late-due",)
    assert (InputKind.OCCURRENCE, "late_start") not in told.whats
    again = Rules(SCHEME, decisions_of(SCHEME, late_due="year_to_month"))
    for rules, count in ((RULES, 0), (again, 1)):
        assert sum(one.entry.code == "late_start" for one in _tally(due, rules=rules).found) == count


def test_a_number_below_zero_is_named_and_not_handed_in() -> None:
    falling = _project(1, "gongye", values={Month(2022, 7): 30_000, AUGUST: 10_000})
    told = _tally(falling, rules=Rules(SCHEME, decisions_of(SCHEME, reading_industry="month")))
    (one,) = told.impossible
    assert (one.entry.code, one.entry.value) == ("industry-invested", Decimal(-2))
    assert one.entry.key not in {found.entry.key for found in told.found}
    (flag,) = [one for one in lacking_flags(SCHEME, told, {1: falling}) if "为负" in one.words]
    assert flag.projects == (1,)


def test_a_project_without_a_value_of_the_month_is_named_and_nothing_is_counted_by_an_older_one() -> None:
    old = _project(1, "shengji", values={Month(2022, 7): 30_000})
    for others in ((), (_project(2, "shengji", values={AUGUST: 40_000}),)):
        told = _tally(old, *others)
        codes = {one.entry.code for one in told.unvalued}
        assert {one.entry.object for one in told.unvalued} == {"suiping"}
        assert codes
        assert not [one for one in told.found if one.entry.code in codes and one.entry.object == "suiping"]
        words = {one.words for one in lacking_flags(SCHEME, told, {1: old})}
        assert "遂平县省级重点项目累计完成投资：“项目1”没有该项数值，未计" in words


def test_the_last_value_of_a_finished_project_stands() -> None:
    done = {Milestone.FINISHED: Reached(date(2022, 7, 20), frozenset(), True)}
    over = _project(1, "shengji", values={Month(2022, 7): 30_000}, reached=done)
    assert _tally(over).unvalued == ()


def test_whoever_is_not_evaluated_is_not_counted() -> None:
    told = _tally(_project(1, "shengji", unit="shangwuju"), _project(2, "shengji"))
    assert {one.entry.object for one in told.found} == {one.unit for one in SCHEME.objects}
    assert {number for one in told.found for number in one.projects} == {2}


def test_counting_again_leaves_what_people_entered() -> None:
    told = _tally(_project(1, "waizi"))
    (one,) = [one for one in told.found if (one.entry.code, one.entry.object) == ("foreign-count", "suiping")]
    told = replace(told, found=(one,))
    other = replace(one.entry, value=Decimal(5))
    counted, entered = InputSource.COUNTED, InputSource.ENTERED
    for standing, kept, same, differing in (
        (None, 1, 0, 0),
        (Standing(1, one.entry, counted, one.behind), 0, 1, 0),
        (Standing(1, one.entry, counted, ("project:2",)), 1, 0, 0),
        (Standing(1, other, counted, one.behind), 1, 0, 0),
        (Standing(1, one.entry, entered), 0, 1, 0),
        (Standing(1, other, entered), 0, 0, 1),
        (Standing(1, other, entered, void=True), 1, 0, 0),
    ):
        found = recount(told, [standing] if standing else [])
        assert (len(found.keep), found.same, len(found.differing)) == (kept, same, differing)


def test_what_was_taken_back_by_hand_is_not_counted_again() -> None:
    check = SiteCheck(1, AUGUST, date(2022, 9, 1), False, 20_000, 10_000)
    told = _tally(_project(1, "shengji", checks=(check,))).only({(InputKind.CHECK, "site")})
    (one,) = told.found
    found = recount(told, [Standing(1, one.entry, InputSource.ENTERED, void=True)])
    assert (found.keep, [other.entered for other in found.differing]) == ((), [None])


def test_checks_that_compare_nothing_are_told_to_whoever_counts_checks() -> None:
    untrue = SiteCheck(1, AUGUST, date(2022, 9, 1), False)
    told = _tally(_project(1, "shengji", "waizi", checks=(untrue,)))
    assert told.only({(InputKind.CHECK, "site")}).uncompared == (1,)
    assert told.only({(InputKind.FIGURE, "foreign-count")}).uncompared == ()


def test_the_target_of_the_month_is_held_against_the_projects_that_were_planned_in_it() -> None:
    before = _project(1, listings=(Listing("chubei", 2022, date(2022, 7, 31)),))
    told = _tally(before, _project(2, "chubei"), _project(3, "chubei"), _project(4, "chubei", unit="xiping"))
    found = {one.entry.object: one.projects for one in told.found if one.entry.code == "reserve"}
    assert (found["suiping"], found["xiping"], found["biyang"]) == ((2, 3), (4,), ())


def test_a_kind_is_counted_where_a_project_stands_on_one_of_its_lists() -> None:
    kind = (InputKind.CHECK, "site")
    check = SiteCheck(1, AUGUST, date(2022, 9, 1), False, 20_000, 10_000)
    assert kind not in _tally(_project(1, "waizi", checks=(check,))).unrecorded
    assert kind in _tally(_project(1, "chubei", checks=(check,))).unrecorded


def test_falling_figures_and_rates_above_100_percent_are_flagged() -> None:
    key = ("provincial-invested", "suiping")
    before = Inputs(Month(2022, 7), {key: Decimal(300)})
    now = Inputs(AUGUST, {key: Decimal(210), ("provincial-planned", "suiping"): Decimal(200)})
    found = doubts(RULES, now, before=before)
    assert {one.kind for one in found} == {DoubtKind.FALLING, DoubtKind.OVER_WHOLE}
    flags = figure_flags(SCHEME, found)
    assert flags[0].words == "遂平县省级重点项目累计完成投资本月210万元，少于上月的300万元"
    assert [one.only_pointed_at for one in flags] == [False, True]
    assert doubts(RULES, replace(now, figures={key: Decimal(300)}), before=before) == ()


def test_a_scheme_from_before_is_read_and_has_its_former_digest() -> None:
    scheme = read_scheme(SMALL_SCHEME)
    assert scheme.from_projects == ()
    told = as_plain(scheme)
    assert isinstance(told, dict)
    assert "from_projects" not in told
