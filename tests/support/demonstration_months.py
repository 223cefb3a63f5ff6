"""The months of the demonstration, computed from its figures, projects and decisions alone."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path

from seeds.scenarios.evaluation import DECIDED_BEFORE, DECIDER, NUMBERS, REASON, answer_to, handed_in
from seeds.scenarios.projects import Mark, SeedProject
from seeds.scenarios.scenario import load_scenario
from tracker.domain.projects.counting import TEN_THOUSAND
from tracker.domain.projects.records import Listing, Project, Reached, SiteCheck, last_day
from tracker.domain.projects.tallying import tally
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.months import Term
from tracker.domain.scoring.questions import Decision
from tracker.domain.scoring.results import MonthResult
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Scheme
from tracker.domain.scoring.written import Material, evaluate
from tracker.gateways.project_lists import load_project_lists
from tracker.gateways.schemes import load_scheme

_ROOT = Path(__file__).parents[2]
_FOLDER = _ROOT / "seeds" / "documents" / "53"
SCENARIO = load_scenario(_ROOT / "seeds" / "scenarios" / "autumn-2022.toml")
_LISTS = load_project_lists(_ROOT / "config" / "project_lists.toml")


@cache
def computed(number: int) -> tuple[Scheme, MonthResult]:
    """Return a month of 2022 as the scenario's office comes to it."""
    scheme = load_scheme(_FOLDER / "scheme.toml", text=_FOLDER / "text.txt")
    content = (_FOLDER / "scheme.toml").read_text(encoding="utf-8")
    month = next(one for one in SCENARIO.evaluated if one.month == f"2022-{number:02d}")
    told, decisions = handed_in(scheme, month, SCENARIO.projects), decisions_of(scheme)
    known = {one.key for one in told}
    counted = tally(Rules(scheme, decisions), demonstration_projects(), lists=_LISTS, month=Month(2022, number))
    entries = (*told, *(one.entry for one in counted.found if one.entry.key not in known))
    material = Material(month.month, content, "", tuple((Term(), one) for one in decisions), entries)
    return scheme, evaluate(material, scheme).result


@cache
def demonstration_projects() -> tuple[Project, ...]:
    """Return the projects of the scenario as its last month has them, made without a database."""
    return tuple(_project(at, one) for at, one in enumerate(SCENARIO.projects, start=1))


def _project(id_: int, told: SeedProject) -> Project:
    planned = None if told.planned is None else told.planned * TEN_THOUSAND
    confirmed = Mark.UNCONFIRMED not in told.marks
    values = {Month(2022, number): value * TEN_THOUSAND for number, value in told.values.items()}
    return Project(
        id_,
        "",
        told.name,
        told.unit,
        told.build,
        told.total * TEN_THOUSAND,
        told.planned_start,
        told.planned_finish,
        Mark.STRATEGIC in told.marks,
        None,
        tuple(Listing(code, since.year, since, planned) for code, since in told.since.items()),
        values,
        {one: Reached(on, frozenset(told.ticks(one)), confirmed) for one, on in told.reached.items()},
        _checks(told, values),
    )


def _checks(told: SeedProject, values: Mapping[Month, int]) -> tuple[SiteCheck, ...]:
    if told.visit is None:
        return ()
    month, found = Month(2022, told.visit.month), told.visit.found
    reported, seen = values.get(month), None if found is None else found * TEN_THOUSAND
    return (SiteCheck(1, month, last_day(month), found is None, reported, seen),)


def decisions_of(scheme: Scheme) -> tuple[Decision, ...]:
    first = SCENARIO.evaluated[0].opens_on
    day = first - timedelta(days=DECIDED_BEFORE)
    return tuple(
        Decision(one.code, answer_to(one).code, DECIDER, day, REASON, number=NUMBERS.get(one.code))
        for one in scheme.questions
    )
