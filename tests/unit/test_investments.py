"""What was invested in a window hangs on values; those that are not on record are named."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.support.random_months import SCHEME, decisions_of
from tracker.domain.projects.checklists import Build, Milestone
from tracker.domain.projects.investments import Invested, YearUnknown, invested
from tracker.domain.projects.records import Listing, Project, Reached
from tracker.domain.projects.tallying import Tally, tally
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Window
from tracker.gateways.project_lists import load_project_lists
from tracker.wording.score_flags import lacking_flags

_LISTS = load_project_lists(Path(__file__).parents[2] / "config" / "project_lists.toml")
_SEPTEMBER = Month(2022, 9)


def _project(values: Mapping[Month, int], *listings: Listing, finished: date | None = None) -> Project:
    reached = {Milestone.FINISHED: Reached(finished, frozenset(), True)} if finished else {}
    return Project(
        1, "", "项目1", "suiping", Build.INDUSTRIAL, total=900, listings=listings, values=values, reached=reached
    )


def _done(
    values: Mapping[int, int], window: Window, month: int = 9, *, finished: date | None = None
) -> tuple[int, bool]:
    """Return what was done of values of 2022 by their months, and whether that is known."""
    told = _project({Month(2022, number): amount for number, amount in values.items()})
    found = invested(told, window, Month(2022, month), since=None, finished=finished)
    return found.amount, found.is_known


@pytest.mark.parametrize(
    ("values", "month", "found"),
    [
        ({8: 50, 9: 90}, 9, (40, True)),
        ({7: 50, 9: 90}, 9, (40, False)),  # that would be two months' work
        ({9: 90}, 9, (90, False)),  # and that of the whole year
        ({7: 50, 8: 60}, 9, (0, False)),
        ({1: 20}, 1, (20, True)),  # nothing stands before January
    ],
)
def test_what_was_done_in_a_month_hangs_on_two_values(
    values: Mapping[int, int], month: int, found: tuple[int, bool]
) -> None:
    assert _done(values, Window.MONTH, month) == found


@pytest.mark.parametrize(
    ("values", "finished", "known", "month_known"),
    [
        ({8: 50}, date(2022, 8, 20), True, True),
        ({7: 50}, date(2022, 8, 20), False, False),  # what was done in August was never said
        ({7: 50}, date(2022, 7, 20), True, True),
        ({}, date(2022, 8, 20), False, False),
        ({}, date(2021, 8, 20), True, True),  # in a later year nothing is done
        ({8: 50}, date(2022, 9, 1), False, False),
        ({9: 50}, date(2022, 7, 20), True, False),
    ],
)
def test_the_last_value_stands_where_it_reaches_the_month_in_which_a_project_was_finished(
    values: Mapping[int, int], finished: date, known: bool, month_known: bool
) -> None:
    for window, is_known in (
        (Window.YEAR_TO_MONTH, known),
        (Window.TO_MONTH_END, known),
        (Window.MONTH, month_known),
    ):
        assert _done(values, window, finished=finished)[1] is is_known, window


@pytest.mark.parametrize(
    ("values", "since", "finished", "unknown"),
    [
        ({Month(2021, 12): 5, _SEPTEMBER: 7}, 2021, None, ()),
        ({_SEPTEMBER: 7}, 2021, None, (YearUnknown(1, 2021, None),)),
        ({Month(2021, 5): 5, _SEPTEMBER: 7}, 2021, None, (YearUnknown(1, 2021, Month(2021, 5)),)),
        ({Month(2021, 5): 5}, 2021, date(2021, 5, 9), ()),  # nobody reports after that
        ({Month(2020, 12): 3, _SEPTEMBER: 7}, None, None, (YearUnknown(1, 2021, None),)),
        ({_SEPTEMBER: 7}, None, None, ()),
        ({_SEPTEMBER: 7}, 2022, None, ()),
    ],
)
def test_an_earlier_year_whose_end_is_not_on_record_is_named(
    values: Mapping[Month, int], since: int | None, finished: date | None, unknown: tuple[YearUnknown, ...]
) -> None:
    found = invested(_project(values), Window.TO_MONTH_END, _SEPTEMBER, since=since, finished=finished)
    assert found == Invested(sum(values.values()), True, unknown)


def _told(project: Project, **answers: str) -> Tally:
    told = [
        replace(one, option=answers.get(one.question.replace("-", "_"), one.option)) for one in decisions_of(SCHEME)
    ]
    return tally(Rules(SCHEME, tuple(told)), [project], lists=_LISTS, month=_SEPTEMBER)


def test_what_a_figure_leaves_out_of_an_earlier_year_is_said_beside_it() -> None:
    last = Listing("zhongyang", 2021, date(2021, 1, 1), 100)
    for values, words in (
        ({_SEPTEMBER: 7}, "“项目1”没有2021年的数值，2021年按0计"),
        ({Month(2021, 5): 5, _SEPTEMBER: 7}, "“项目1”2021年的数值只到5月，2021年按5月的累计数计"),
        ({Month(2021, 12): 5, _SEPTEMBER: 7}, None),
    ):
        project = _project(values, last)
        told = _told(project, rate_base="year_plan")
        (found,) = [
            one for one in told.found if one.entry.code == "central-previous-invested" and one.entry.object == "suiping"
        ]
        assert found.projects == (1,)
        flags = [one for one in lacking_flags(SCHEME, told, {1: project}) if "上年度" in one.words]
        expected = [] if words is None else [f"遂平县上年度中央预算内项目累计完成投资已计入：{words}"]
        assert [one.words for one in flags] == expected
        assert all(one.only_pointed_at and one.projects == (1,) for one in flags)


def test_a_project_without_the_value_of_the_month_before_is_named() -> None:
    listing = Listing("gongye", 2022, date(2022, 1, 1), 100)
    project = _project({Month(2022, 7): 50, _SEPTEMBER: 90}, listing)
    told = _told(project, reading_industry="month")
    assert [one.entry.code for one in told.unvalued if one.entry.object == "suiping"] == ["industry-invested"]
    (flag,) = lacking_flags(SCHEME, told, {1: project})
    assert flag.words == "遂平县全市工业项目当月完成投资：“项目1”缺当月或者上月的累计完成投资，未计"
