"""Above and below every rate that is counted stand the same projects and the same years."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.random_months import SCHEME, decisions_of
from tracker.domain.projects.checklists import Build, Milestone, checklist
from tracker.domain.projects.counting import TEN_THOUSAND
from tracker.domain.projects.records import Listing, Project, Reached, SiteCheck
from tracker.domain.projects.tallying import Tally, tally
from tracker.domain.scoring.entries import InputKind
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Metric, MetricKind
from tracker.gateways.project_lists import load_project_lists

_LISTS = load_project_lists(Path(__file__).parents[2] / "config" / "project_lists.toml")
_AUGUST, _LAST_YEAR = Month(2022, 8), Month(2021, 12)
_BOTH, _NEW, _LATE, _GONE, _OLD, _LEFT = range(1, 7)
_BASES = ("year_plan", "total", "platform")
_ANSWERS = [(base, reading) for base in _BASES for reading in ("year_plan", "month")]


def _rules(base: str, reading: str) -> Rules:
    answers = {"rate-base": base, "reading-industry": reading, "reading-strategic": "both_shares"}
    told = [replace(one, option=answers.get(one.question, one.option)) for one in decisions_of(SCHEME)]
    return Rules(SCHEME, tuple(told))


def _in(year: int, number: int) -> int:
    """Return what a project plans and does in a year, in 元: no two sums of it are equal."""
    return int(10 ** (number + 10 * (year - 2021))) * TEN_THOUSAND


def _listings(code: str, number: int) -> tuple[Listing, ...]:
    last = Listing(code, 2021, date(2021, 3, 1), _in(2021, number))
    now = Listing(code, 2022, date(2022, 8, 5), _in(2022, number))
    return {
        _BOTH: (last, now),
        _NEW: (now,),
        _LATE: (replace(now, since=date(2022, 9, 1)),),
        _GONE: (replace(last, until=date(2022, 8, 20)), replace(now, until=date(2022, 8, 31))),
        _OLD: (last,),
        # Nobody ends the row of a year that is over: who takes a project off ends that of this year.
        _LEFT: (last, replace(now, until=date(2022, 8, 31))),
    }[number]


def _project(code: str, number: int) -> Project:
    """Return a project that did all that was planned of it, in the years in which it stood there to their end."""
    listings = _listings(code, number)
    stood = [one.year for one in listings if number == _GONE or one.until is None]
    done = {year: _in(year, number) for year in stood}
    ticks = {one: frozenset(checklist(one, Build.INDUSTRIAL).ticks) for one in Milestone}
    values = {_AUGUST: done.get(2022, 0)} | ({_LAST_YEAR: done[2021]} if 2021 in done else {})
    return Project(
        number,
        "",
        f"项目{number}",
        "suiping",
        Build.INDUSTRIAL,
        total=sum(done.values()),
        planned_start=date(2022, 8, 1),
        planned_finish=date(2022, 8, 1),
        strategic=True,
        listings=listings,
        values=values,
        reached={one: Reached(date(2022, 8, 10), ticks[one], True) for one in Milestone},
    )


def _told(rules: Rules, code: str, *numbers: int) -> Tally:
    return tally(rules, [_project(code, one) for one in numbers], lists=_LISTS, month=_AUGUST)


def _counted_rates(rules: Rules) -> Iterator[tuple[Metric, str, str]]:
    """Go through the rates of which both sides are counted, with what is below and the list."""
    figures = {one.code: one for one in SCHEME.figures}
    lists = {one.code: _LISTS.meant(one.project_list).code for one in SCHEME.cohorts}
    read = {code for _, mark in SCHEME.marks() for code in rules.metrics_of(mark)}
    for metric in SCHEME.metrics:
        base = rules.base(metric)
        if metric.kind is MetricKind.RATE and metric.code in read and base:
            above, below = figures[metric.figure], figures[base]
            if above.measure is not None and below.measure is not None:
                yield metric, base, lists[above.cohort]


@pytest.mark.parametrize(("base", "reading"), _ANSWERS)
def test_where_all_that_was_planned_is_done_every_rate_is_exactly_100_percent(base: str, reading: str) -> None:
    rules, rates = _rules(base, reading), 0
    for metric, below, code in _counted_rates(rules):
        cohort = next(one.cohort for one in SCHEME.figures if one.code == metric.figure)
        of_any_year = next(one.year for one in SCHEME.cohorts if one.code == cohort) is None
        numbers = [_BOTH, _NEW, _LATE, _GONE, _LEFT] + ([] if of_any_year else [_OLD])
        told = _told(rules, code, *numbers)
        found = {one.entry.code: one for one in told.found if one.entry.object == "suiping"}
        assert found[metric.figure].projects == found[below].projects, metric.code
        assert found[metric.figure].entry.value == found[below].entry.value, metric.code
        assert found[below].projects == ((_BOTH, _OLD, _LEFT) if cohort == "central-previous" else (_BOTH, _NEW))
        rates += 1
    assert rates >= 16


def test_all_that_was_ever_done_is_divided_by_the_whole_whenever_it_was_listed() -> None:
    for number in (_BOTH, _OLD):
        for metric, below, code in _counted_rates(_rules("total", "month")):
            if below == "zone-building-total":
                told = _told(_rules("total", "month"), code, number)
                found = {one.entry.code: one.entry.value for one in told.found if one.entry.object == "suiping"}
                assert found[metric.figure] == found[below] == Decimal(_project(code, number).total or 0) / TEN_THOUSAND


def test_the_plan_of_another_year_is_none_of_this_one_and_the_project_is_named() -> None:
    rules, named = _rules("year_plan", "year_plan"), set()
    for _, below, code in _counted_rates(rules):
        figure = next(one for one in SCHEME.figures if one.code == below)
        cohort = next(one for one in SCHEME.cohorts if one.code == figure.cohort)
        if figure.measure == "planned_investment" and cohort.year is None:
            told = _told(rules, code, _BOTH, _OLD)
            (lacking,) = [one for one in told.unvalued if one.entry.code == below]
            assert lacking.without_value == (_OLD,)
            assert below not in {one.entry.code for one in told.found if one.entry.object == "suiping"}
            named.add(below)
    assert named == {"982-planned", "zone-building-year-plan", "industry-year-plan", "renewal-year-plan"}


def test_what_is_done_until_the_months_end_waits_for_what_it_is_divided_by() -> None:
    rules = _rules("total", "month")
    undecided = Rules(SCHEME, tuple(one for one in rules.decisions if one.question != "rate-base"))
    for asked, there in ((undecided, False), (rules, True)):
        codes = {one.entry.code for one in _told(asked, "kaifaqu-zaijian", _BOTH).found}
        assert ("zone-building-invested" in codes) is there


def test_who_comes_onto_a_list_after_the_month_changes_nothing_of_it() -> None:
    rules = _rules("year_plan", "year_plan")
    for one in _LISTS.lists:
        assert _told(rules, one.code, _BOTH, _LATE) == _told(rules, one.code, _BOTH), one.name


def test_a_project_taken_off_a_list_counts_there_no_more_whatever_row_of_another_year_nobody_ended() -> None:
    rules = _rules("year_plan", "year_plan")
    of_last_year = {one.code for one in SCHEME.cohorts if one.year == -1}
    cohorts = {one.code: one.cohort for one in SCHEME.figures}
    for one in _LISTS.lists:
        found = [told for told in _told(rules, one.code, _BOTH, _LEFT).found if _LEFT in told.projects]
        assert {cohorts[told.entry.code] for told in found} <= of_last_year, one.name


def test_nothing_happens_to_a_project_that_does_not_stand_on_the_list_that_is_asked() -> None:
    rules = _rules("year_plan", "year_plan")
    seen = SiteCheck(1, _AUGUST, date(2022, 9, 1), False, 20_000, 10_000)
    silent = replace(seen, reported=None, found=None)
    cohorts = {one.code: one for one in SCHEME.cohorts}
    asked: dict[str, set[tuple[str, int | None]]] = {}
    for rule in SCHEME.from_projects:
        for cohort in (cohorts[code] for code in rule.cohorts):
            asked.setdefault(_LISTS.meant(cohort.project_list).code, set()).add((rule.kind, cohort.year))
    for code in (one.code for one in _LISTS.lists):
        kinds, of_last_year = (
            {kind for kind, year in asked.get(code, ()) if (year == -1) is last} for last in (False, True)
        )
        for number, found in {
            _NEW: kinds,
            _BOTH: kinds | of_last_year,
            _LATE: set(),
            _GONE: set(),
            _OLD: of_last_year | {kind for kind, year in asked.get(code, ()) if year is None},
            _LEFT: of_last_year,  # its row of last year is that by which it stands there
        }.items():
            project = replace(_project(code, number), reached={}, checks=(seen,))
            told = tally(rules, [project], lists=_LISTS, month=_AUGUST)
            things = {one.entry.code for one in told.found if one.entry.kind is not InputKind.FIGURE}
            assert things == found, (code, number)
            assert not {one.entry.what for one in told.found} & {*told.unrecorded}, (code, number)
            uncounted = tally(rules, [replace(project, checks=(silent,))], lists=_LISTS, month=_AUGUST).uncompared
            assert uncounted == ((number,) if "site" in found else ()), (code, number)


def test_lists_of_a_year_are_those_of_which_the_scheme_asks_one() -> None:
    for one in SCHEME.cohorts:
        assert _LISTS.meant(one.project_list).yearly == (one.year is not None), one.code
