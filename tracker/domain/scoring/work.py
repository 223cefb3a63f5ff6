"""What all kinds of rule work with, and the shapes of their answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tracker.domain.scoring.counting import Counted
from tracker.domain.scoring.inputs import Inputs
from tracker.domain.scoring.marks import Mark
from tracker.domain.scoring.metrics import Measured, measured
from tracker.domain.scoring.placing import Choices
from tracker.domain.scoring.questions import Point
from tracker.domain.scoring.results import ItemResult, Lacking, MarkResult, State, Step, StepKind
from tracker.domain.scoring.rules import Chosen, Rules

Results = dict[str, MarkResult]  # by object


@dataclass(frozen=True, slots=True)
class Work:
    """A month under computation; `done` holds the items before this one, by (item, object)."""

    rules: Rules
    inputs: Inputs
    counted: Counted
    done: Mapping[tuple[str, str], ItemResult]

    @property
    def units(self) -> tuple[str, ...]:
        """The codes of the evaluated objects, in the scheme's order."""
        return tuple(one.unit for one in self.rules.scheme.objects)

    def choice(self, point: Point, mark: Mark) -> Chosen:
        """Return what holds on a point. Only for marks before which no question stands."""
        chosen = self.rules.chosen(point, mark.code)
        if chosen is None:
            raise LookupError(f"{point} is open for {mark.code}")
        return chosen

    def measure(self, metric: str) -> dict[str, Measured]:
        """Return a metric of all objects."""
        return {unit: measured(self.rules, self.inputs, metric, unit) for unit in self.units}

    def placing(self, mark: Mark, *, zero_base: bool) -> Choices:
        """Return what was decided about placing; without rates nothing is to be said about their bases."""
        return Choices(
            ties=self.choice(Point.TIES, mark).choice,
            all_zero=self.choice(Point.ALL_ZERO, mark).choice,
            zero_base=self.choice(Point.ZERO_BASE, mark).choice if zero_base else "zero",
        )


def computed(
    mark: Mark, marks: Decimal, working: Iterable[Step], *told: Measured, rank: int | None = None
) -> MarkResult:
    """Return what a rule gives, with the figures it looked at and their working before its own."""
    return MarkResult(
        mark.code,
        State.COMPUTED,
        marks,
        rank,
        inputs=tuple(used for one in told for used in one.used),
        working=(*(step for one in told for step in one.working), *working),
    )


def lacking(mark: Mark, missing: Iterable[Lacking], *told: Measured) -> MarkResult:
    """Return that figures are missing, with those that are there."""
    used = tuple(used for one in told for used in one.used)
    return MarkResult(mark.code, State.LACKING, inputs=used, lacking=tuple(dict.fromkeys(missing)))


def no_base(choice: str) -> Step:
    """Say what is decided where a rate has no base."""
    return Step(StepKind.NOT_RANKED, {"choice": choice})
