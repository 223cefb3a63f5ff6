"""The months of the demonstration, computed from its figures and decisions alone."""

from datetime import timedelta
from functools import cache
from pathlib import Path

from seeds.scenarios.evaluation import DECIDED_BEFORE, DECIDER, NUMBERS, REASON, answer_to
from seeds.scenarios.scenario import load_scenario
from seeds.scenarios.scored_figures import month_entries
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.questions import Decision
from tracker.domain.scoring.results import MonthResult
from tracker.domain.scoring.scheme import Scheme
from tracker.domain.scoring.written import Material, evaluate
from tracker.gateways.schemes import load_scheme

_ROOT = Path(__file__).parents[2]
_FOLDER = _ROOT / "seeds" / "documents" / "53"


@cache
def computed(number: int) -> tuple[Scheme, MonthResult]:
    """Return a month of 2022 as the scenario's office comes to it."""
    scheme = load_scheme(_FOLDER / "scheme.toml", text=_FOLDER / "text.txt")
    content = (_FOLDER / "scheme.toml").read_text(encoding="utf-8")
    material = Material(
        f"2022-{number:02d}", content, "", decisions_of(scheme), month_entries(scheme, Month(2022, number))
    )
    return scheme, evaluate(material, scheme).result


def decisions_of(scheme: Scheme) -> tuple[Decision, ...]:
    first = load_scenario(_ROOT / "seeds" / "scenarios" / "autumn-2022.toml").evaluated[0].opens_on
    day = first - timedelta(days=DECIDED_BEFORE)
    return tuple(
        Decision(one.code, answer_to(one).code, DECIDER, day, REASON, number=NUMBERS.get(one.code))
        for one in scheme.questions
    )
