"""A look at what a month would come to with another decision; nothing of it is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from flask import request

from tracker.domain.calendar import local_day
from tracker.domain.entered import read_exact
from tracker.domain.errors import BadInput
from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.questions import BESIDE_MARKS, Decision, Question
from tracker.domain.scoring.rules import check_bounds
from tracker.domain.scoring.scheme import Scheme
from tracker.web.access import services
from tracker.web.scoring_views import MonthSeen
from tracker.wording.refusals import sentence
from tracker.wording.score_sheets import ObjectSheet
from tracker.wording.score_views import object_sheets


@dataclass(frozen=True, slots=True)
class Tried:
    """A look with another decision: what it is in words, or why it cannot be; `chosen` is what the address asks for."""

    chosen: str
    number: str
    words: str = ""
    refused: str = ""
    sheets: Mapping[str, ObjectSheet] | None = None


def triable(scheme: Scheme) -> tuple[Question, ...]:
    """Return the questions on which marks hang; of the others no answer moves a place."""
    return tuple(one for one in scheme.questions if one.point not in BESIDE_MARKS)


def tried_in(seen: MonthSeen) -> Tried:
    """Compute the month with the decision that the address asks for; nothing of it is kept."""
    chosen, number = request.args.get("try", ""), request.args.get("number", "")
    question_code, _, option_code = chosen.partition("|")
    question = next((one for one in triable(seen.scheme) if one.code == question_code), None)
    option = next((one for one in question.options if one.code == option_code), None) if question else None
    if question is None or option is None:
        return Tried("", "")
    try:
        value: Decimal | None = read_exact(number, field="数值") if option.asks_number else None
        decision = Decision(
            question=question.code,
            option=option.code,
            decider="试算",
            decided_on=local_day(services().clock.now()),
            reason="试算",
            number=value,
        )
        check_bounds(seen.scheme, decision)
        result = seen.tried([decision]).result
    except BadInput as fault:
        return Tried(chosen, number, refused=sentence(fault))
    words = f"{question.title}：{option.words}" + (f"：{number_text(value)}" if value is not None else "")
    sheets = {one.object: one for one in object_sheets(seen.scheme, result)}
    return Tried(chosen, number if option.asks_number else "", words, sheets=sheets)
