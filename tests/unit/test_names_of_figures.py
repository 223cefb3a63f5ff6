"""A figure is called what it is: its name says no other stretch of time, and nothing else, than what is counted."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.support.random_months import SCHEME
from tracker.domain.scoring.scheme import Figure, Measure, Window
from tracker.wording.scoring import WINDOWS

_SINCE = frozenset({Window.TO_MONTH_END, Window.YEAR_TO_MONTH})
_MEASURED = {
    Measure.PROJECTS: ("个数", "数量", "总数"),
    Measure.TOTAL_INVESTMENT: ("总投资",),
    Measure.PLANNED_INVESTMENT: ("年度计划投资",),
    Measure.INVESTED: ("完成投资",),
}
_FIGURES = {one.code: one for one in SCHEME.figures}


def _against(figure: Figure) -> Iterator[str]:
    """Go through what a name says otherwise than its window, or than what is counted of projects."""
    said = [window for window, words in WINDOWS.items() if words in figure.name.replace("元月至当月", "")]
    if "元月至当月" in figure.name:
        said = [Window.YEAR_TO_MONTH]
    if any(window is not figure.window for window in said):
        yield "another window"
    if "累计" in figure.name and figure.window not in _SINCE:
        yield "累计 of a single month"
    if figure.measure is Measure.INVESTED and ("累计" in figure.name) != (figure.window in _SINCE):
        yield "what was invested since, without 累计"
    if figure.measure is Measure.INVESTED and figure.window is Window.MONTH and "当月" not in figure.name:
        yield "what was invested in the month, without 当月"
    if figure.measure and not any(words in figure.name for words in _MEASURED[figure.measure]):
        yield "another measure"
    others = {words for measure, names in _MEASURED.items() if measure is not figure.measure for words in names}
    if figure.measure and figure.measure is not Measure.PROJECTS and any(words in figure.name for words in others):
        yield "another measure"


@pytest.mark.parametrize("code", _FIGURES)
def test_a_name_says_the_window_and_the_measure_of_its_figure(code: str) -> None:
    assert not [*_against(_FIGURES[code])], _FIGURES[code].name


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("industry-invested", "全市工业项目累计完成投资"),
        ("renewal-invested", "市级技改项目完成投资"),
        ("zone-building-invested", "在建亿元以上项目完成投资"),
        ("zone-new", "上年同月新增亿元以上制造业项目数量"),
        ("industry-year-plan", "全市工业项目总投资"),
        ("industry-invested-year", "全市工业项目当月完成投资"),
    ],
)
def test_a_name_that_says_something_else_is_found(code: str, name: str) -> None:
    assert [*_against(replace(_FIGURES[code], name=name))]
