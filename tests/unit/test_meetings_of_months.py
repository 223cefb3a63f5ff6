"""Which months a meeting is about, and how a decision is printed with the number that it brings."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest

from tests.support.random_months import SCHEME
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.months import Term
from tracker.domain.scoring.placing import ranked
from tracker.domain.scoring.plain import evenly
from tracker.domain.scoring.questions import Decision, Question
from tracker.domain.scoring.scheme import Meeting
from tracker.domain.scoring.several import PublishedMonth, meeting_rule, months_together, speakers, year_lines
from tracker.domain.scoring.written import Material, rules_for
from tracker.wording.scoring import note_parts


def _decision(question: str, option: str, version: int = 1) -> Decision:
    return Decision(
        question=question, option=option, decider="会议", decided_on=date(2022, 8, 30), reason="明确", version=version
    )


@pytest.mark.parametrize("begin", ["from_january", "before_january"])
@pytest.mark.parametrize("count", [2, 3])
def test_each_month_is_at_one_meeting_only(begin: str, count: int) -> None:
    source = SCHEME.questions[0].sources[0]
    meeting = Meeting(count, 2, 2, source)
    months = [Month(2022 + at // 12, at % 12 + 1) for at in range(36)]
    found = dict.fromkeys(months_together(meeting, one, begin=begin) for one in months)
    assert all(before[-1] < after[0] for before, after in pairwise(found))
    assert all(len(one) == count for one in found)


def test_a_changed_beginning_makes_no_month_the_matter_of_two_meetings() -> None:
    order = (Term(), _decision("meeting-order", "sum"))
    began = (Term(), _decision("meeting-months", "before_january"))
    changed = (Term("2022-10"), _decision("meeting-months", "from_january", version=2))
    met = [meeting_rule(SCHEME, [order, began, changed], Month(2022, number)).months for number in range(6, 13)]
    assert [[one.number for one in months] for months in dict.fromkeys(met)] == [[6, 7], [8, 9], [10], [11, 12]]


def _published(number: int, totals: str, *, ties: str = "skip") -> PublishedMonth:
    told = {body: Decimal(total) for body, total in zip("abcdef", totals.split(), strict=False)}
    ranks = ranked({one: Fraction(it) for one, it in told.items()}, ties=ties)
    return PublishedMonth(Month(2022, number), told, ranks, ties, {one: one.upper() for one in told})


@pytest.mark.parametrize(
    ("totals", "first", "last"),
    [
        ("9 8 8 7 6 6", "abc", "ef"),
        ("9 8 7 6 6 6", "ab", "def"),
        ("9 8 7 7", "ab", "cd"),
        ("9 9 9", "abc", ""),
        ("9 8 7", "ab", "c"),
    ],
)
def test_equal_places_speak_together_and_nobody_on_both_sides(totals: str, first: str, last: str) -> None:
    meeting = Meeting(2, 2, 2, SCHEME.questions[0].sources[0])
    [found] = speakers(meeting, [_published(8, totals)], order="last")
    assert ("".join(found.first), "".join(found.last)) == (first, last)


@pytest.mark.parametrize(("ties", "places"), [("skip", [1, 1, 3]), ("dense", [1, 1, 2])])
def test_sums_and_years_are_placed_as_the_months_were(ties: str, places: list[int]) -> None:
    meeting = Meeting(2, 1, 1, SCHEME.questions[0].sources[0])
    months = [_published(8, "9 8 1", ties=ties), _published(9, "8 9 1", ties=ties)]
    [found] = speakers(meeting, months, order="sum")
    assert [found.places[body] for body in "abc"] == places
    assert [one.rank for one in year_lines(months, how="mean")] == places


def _asking() -> list[tuple[Question, str]]:
    return [
        (question, option.code)
        for question in SCHEME.questions
        for option in question.options
        if option.asks_number or option.asks_weights
    ]


@pytest.mark.parametrize(("question", "code"), _asking())
def test_a_decision_is_printed_with_its_number_and_not_with_what_was_to_be_filled_in(
    question: Question, code: str
) -> None:
    option = next(one for one in question.options if one.code == code)
    decision = replace(_decision(question.code, code), number=Decimal(25) if option.asks_number else None)
    words = note_parts(SCHEME, decision)[1]
    assert "由决定" not in words
    assert "第几" not in words
    assert not option.asks_number or "25" in words


def test_numbers_of_a_column_have_equally_many_decimals() -> None:
    assert evenly([Decimal(75), Decimal("75.1"), Decimal("-0.25")]) == ["75.00", "75.10", "-0.25"]
    assert evenly([Decimal(8), Decimal("6.0")]) == ["8", "6"]


def test_a_decision_on_a_question_of_a_later_version_stops_no_month_that_began_before() -> None:
    earlier = replace(SCHEME, questions=tuple(one for one in SCHEME.questions if one.code != "meeting-months"))
    decisions = ((Term(), _decision("meeting-months", "from_january")), (Term(), _decision("meeting-order", "sum")))
    rules = rules_for(Material("2022-09", "", "", decisions, ()), earlier)
    assert [one.question for one in rules.decisions] == ["meeting-order"]
