"""Which months a meeting is about, and how a decision is printed with the number that it brings."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from tests.support.random_months import SCHEME
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.plain import evenly
from tracker.domain.scoring.questions import Decision, Question
from tracker.domain.scoring.scheme import Meeting
from tracker.domain.scoring.several import meeting_rule, months_together
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
    order = ("", _decision("meeting-order", "sum"))
    began = ("", _decision("meeting-months", "before_january"))
    changed = ("2022-10", _decision("meeting-months", "from_january", version=2))
    met = [meeting_rule(SCHEME, [order, began, changed], Month(2022, number)).months for number in range(6, 13)]
    assert [[one.number for one in months] for months in dict.fromkeys(met)] == [[6, 7], [8, 9], [10], [11, 12]]


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
    decisions = (_decision("meeting-months", "from_january"), _decision("meeting-order", "sum"))
    rules = rules_for(Material("2022-09", "", "", decisions, ()), earlier)
    assert [one.question for one in rules.decisions] == ["meeting-order"]
