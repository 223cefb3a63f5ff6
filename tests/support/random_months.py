"""Random months of the evaluation of 53号, in the engine's terms and in those of the plain second calculation.

Numbers are small so that ties and zeros are common; gaps and differences fall on the edges more often than not.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

from tests.support.naive_evaluation import BODIES, Happening, NaiveMonth, Visit
from tracker.domain.scoring.inputs import Check, Inputs, Month, Occurrence
from tracker.domain.scoring.marks import ActsMark, CasesMark, RankMark
from tracker.domain.scoring.questions import Decision, Option, Point, Question
from tracker.domain.scoring.scheme import Scheme
from tracker.gateways.schemes import load_scheme

_FOLDER = Path(__file__).parents[2] / "seeds" / "documents" / "53"
SCHEME = load_scheme(_FOLDER / "scheme.toml", text=_FOLDER / "text.txt")
# How far behind the schedule, and how far reported and found lie apart, in percent: around each edge of the text.
GAPS = [
    Decimal(text)
    for text in ["0", "0.999", "1", "1.001", "4.999", "5", "5.5", "19.999", "20", "20.001", "45", "60", "-3"]
]
_APART = [Decimal(text) for text in ["0", "4.99", "5", "5.01", "19.99", "20", "20.01", "35", "-5", "-20", "-21"]]


@dataclass(frozen=True)
class RandomMonth:
    inputs: Inputs
    decisions: tuple[Decision, ...]
    naive: NaiveMonth


def random_months(count: int, *, seed: int) -> Iterator[RandomMonth]:
    """Make months; every other one is an August or a September, where the rules turn."""
    random = Random(seed)
    for at in range(count):
        yield random_month(random, number=8 + at % 4 // 2 if at % 2 else 1 + at // 2 % 12)


def random_month(random: Random, *, number: int) -> RandomMonth:
    readings = {random.choice(["count_and_share", "both_shares"]), random.choice(["year_plan", "month"])}
    decisions = tuple(_decision(random, question, readings) for question in SCHEME.questions)
    figures = _figures(random)
    common = {f"{prefix}-schedule": Decimal(random.choice([50, 60, 75])) for prefix in ("provincial", "municipal")}
    schedule = next(one.option for one in decisions if one.question == "schedule")
    _set_gaps(random, figures, common, schedule, number)
    occurrences, checks = tuple(_occurrences(random)), tuple(_checks(random))
    naive = NaiveMonth(
        number,
        {key: Fraction(value) for key, value in figures.items()},
        {key: Fraction(value) for key, value in common.items()},
        {one.question: one.option for one in decisions},
        {one.question: Fraction(one.number) for one in decisions if one.number is not None},
        {one.question: {code: Fraction(share) for code, share in one.weights} for one in decisions},
        [_happening(one) for one in occurrences],
        [Visit(one.object, one.reference, [*one.items], Fraction(one.reported), Fraction(one.found)) for one in checks],
    )
    return RandomMonth(Inputs(Month(2022, number), figures, common, occurrences, checks), decisions, naive)


def decisions_of(scheme: Scheme, **options: str) -> tuple[Decision, ...]:
    """Decide every question: as told (with _ for -), else by its first option that asks for nothing more."""
    told = {code.replace("_", "-"): option for code, option in options.items()}
    return tuple(_told(one, told.get(one.code) or _plain(one).code) for one in scheme.questions)


def _plain(question: Question) -> Option:
    return next(one for one in question.options if not one.asks_number and not one.asks_weights)


def _told(question: Question, option: str) -> Decision:
    return Decision(question.code, option, "市重大项目办主任会议", date(2022, 9, 1), "会议议定")


def _decision(random: Random, question: Question, readings: Collection[str]) -> Decision:
    read = [one for one in question.options if question.point is Point.READING and one.code in readings]
    option = random.choice(read or question.options)
    number = Decimal(random.choice(["1", "2.5", "3"])) if option.asks_number else None
    weights = _weights(random, question, readings) if option.asks_weights else ()
    return Decision(question.code, option.code, "会议", date(2022, 9, 1), "议定", number=number, weights=weights)


def _weights(random: Random, question: Question, readings: Collection[str]) -> tuple[tuple[str, Decimal], ...]:
    mark = next(mark for _, mark in SCHEME.marks() if mark.code in question.covers and isinstance(mark, RankMark))
    metrics = next((told for choice, told in mark.readings if choice in readings), mark.readings[0][1])
    left = 100
    found = []
    for code in metrics[1:]:
        share = random.randint(0, left)
        left -= share
        found.append((code, Decimal(share) / 100))
    return ((metrics[0], Decimal(left) / 100), *found)


def _figures(random: Random) -> dict[tuple[str, str], Decimal]:
    found: dict[tuple[str, str], Decimal] = {}
    for figure in SCHEME.figures:
        if figure.common or figure.sum_of:
            continue
        top = random.choice([0, 2, 6, 30]) if random.random() < 0.3 else 30
        for unit in BODIES:
            low = -top if figure.signed else 0
            value = Decimal(random.randint(low, top)) if random.random() < 0.85 else Decimal(0)
            found[figure.code, unit] = value + (Decimal("0.5") if figure.unit == "万元" and value else 0)
    return found


def _set_gaps(
    random: Random,
    figures: dict[tuple[str, str], Decimal],
    common: dict[str, Decimal],
    schedule: str,
    number: int,
) -> None:
    """Let the investment lie behind the schedule by the gaps of the edges."""
    for prefix in ("provincial", "municipal"):
        for unit in BODIES:
            own = Decimal(random.choice([40, 80]))
            figures[f"{prefix}-schedule-own", unit] = own
            plan = Decimal(random.choice([0, 1200, 2400, 120000]))
            figures[f"{prefix}-planned", unit] = plan
            expected = {"twelfths": plan * number / 12, "announced": plan * common[f"{prefix}-schedule"] / 100}
            behind = plan * random.choice(GAPS) / 100
            figures[f"{prefix}-invested", unit] = max(Decimal(0), expected.get(schedule, plan * own / 100) - behind)
    if random.random() < 0.1:
        for unit in BODIES:
            figures["provincial-invested", unit] = Decimal(0)


def _occurrences(random: Random) -> Iterator[Occurrence]:
    acts = {kind for _, mark in SCHEME.marks() if isinstance(mark, ActsMark) for kind in mark.acts}
    cases = [(item.code, mark) for item, mark in SCHEME.marks() if isinstance(mark, CasesMark)]
    kinds: dict[str, list[str]] = {kind: ["2-4", "3-4"] for kind in acts}
    for item, mark in cases:
        for case in mark.cases:
            kinds.setdefault(case.kind, []).append(item)
    for unit in BODIES:
        for kind in sorted(kinds):
            for at in range(random.choice([0, 1, 1, 2] if kind in acts else [0, 0, 0, 1, 2, 6])):
                items = tuple(random.sample(kinds[kind], random.randint(1, len(kinds[kind]))))
                marks = Decimal(random.choice(["0.5", "2"])) if kind == "falsity" else None
                yield Occurrence(unit, kind, f"{unit}-{kind}-{at}", items, marks)


def _checks(random: Random) -> Iterator[Check]:
    items = [item.code for item, mark in SCHEME.marks() if mark.code.endswith("-site")]
    for unit in BODIES:
        for at in range(random.choice([0, 0, 1, 2, 4, 9])):
            one, percent = Decimal(random.choice([1000, 2000])), random.choice(_APART)
            other = one * (100 + percent) / 100
            reported, found = random.choice([(one, other), (other, one), (one, Decimal(0)), (Decimal(0), Decimal(0))])
            where = tuple(random.sample(items, random.randint(1, len(items))))
            yield Check(unit, "site", f"{unit}-project-{at}", where, reported, found)


def _happening(one: Occurrence) -> Happening:
    marks = None if one.marks is None else Fraction(one.marks)
    return Happening(one.object, one.kind, one.reference, [*one.items], marks)
