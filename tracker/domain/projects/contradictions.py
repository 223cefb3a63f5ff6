"""What does not fit together in the records of a project. Nothing here decides anything: people look at it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from tracker.domain.projects.checklists import Milestone, checklist
from tracker.domain.projects.records import Project, last_day, month_of
from tracker.domain.scoring.inputs import Month


class ContradictionKind(StrEnum):
    FALLING = "falling"  # the cumulative value of a month is below that of a month before it in the year
    SEEN_OTHERWISE = "seen_otherwise"  # found on site: another value than reported
    UNTRUE = "untrue"  # found on site: not as reported
    UNTICKED = "unticked"  # reported as reached, and the document's standard is not confirmed
    OUT_OF_ORDER = "out_of_order"  # a later milestone has an earlier day
    OVER_TOTAL = "over_total"  # more than the whole project is to cost
    FAR = "far"  # ten times the value of the month before: may well be, and is asked back where it is entered
    OVER_PLAN = "over_plan"  # more than the year's plan: may well be, and is only pointed at


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One of them. `told` and `against` are money in 元 where it compares values; `month` is that which it is about."""

    kind: ContradictionKind
    month: Month | None = None
    told: int | None = None
    against: int | None = None
    milestone: Milestone | None = None

    @property
    def only_pointed_at(self) -> bool:
        """Tell what is no contradiction by itself."""
        return self.kind in (ContradictionKind.OVER_PLAN, ContradictionKind.FAR)

    @property
    def stands(self) -> bool:
        """Tell what is about how a project stands, until it is mended, and not about one month's value or check."""
        return self.kind in (ContradictionKind.UNTICKED, ContradictionKind.OUT_OF_ORDER)

    def gap(self, base: str) -> Fraction | None:
        """Return how far what was told lies from what was found, as a share of the `base`, which was decided.

        It is `reported` or `found`, as in `Point.DIFFERENCE_BASE`; None where that is 0, or nothing is compared.
        """
        if self.kind is not ContradictionKind.SEEN_OTHERWISE or self.told is None or self.against is None:
            return None
        whole = self.told if base == "reported" else self.against
        return Fraction(abs(self.told - self.against), whole) if whole else None


TIMES_FAR = 10  # a digit too many
_ORDER = (Milestone.STARTED, Milestone.IN_PRODUCTION, Milestone.AT_CAPACITY)


def contradictions(project: Project, *, until: Month) -> tuple[Contradiction, ...]:
    """Return what contradicts itself in the records until the end of a month."""
    return (*_of_values(project, until), *_of_checks(project, until), *_of_milestones(project, until))


def strange_value(told: int, month: Month, *, before: int | None, total: int | None) -> tuple[Contradiction, ...]:
    """Return what makes the cumulative value of a month, in 元, be asked back when it is entered.

    `before` is the last value of an earlier month of the year, `total` what the whole project is to cost.
    """
    found = []
    if before is not None and told < before:
        found.append(Contradiction(ContradictionKind.FALLING, month, told, before))
    if before and told >= TIMES_FAR * before:
        found.append(Contradiction(ContradictionKind.FAR, month, told, before))
    if total and told > total:
        found.append(Contradiction(ContradictionKind.OVER_TOTAL, month, told, total))
    return tuple(found)


def contradictions_of(projects: Iterable[Project], *, month: Month) -> tuple[tuple[Project, Contradiction], ...]:
    """Return what contradicts itself in a month of projects, and what still stands at its end from before.

    What was found of an earlier month's value or check is that month's: nothing of it counts in this one.
    """
    return tuple(
        (project, found)
        for project in projects
        for found in contradictions(project, until=month)
        if found.month == month or found.stands
    )


def _of_values(project: Project, until: Month) -> list[Contradiction]:
    found, months = [], sorted(month for month in project.values if month <= until)
    for before, month in pairwise(months):
        told, against = project.values[month], project.values[before]
        if before.year == month.year and told < against:
            found.append(Contradiction(ContradictionKind.FALLING, month, told, against))
    last = project.value_at(until)
    if last and project.total and last[1] > project.total:
        found.append(Contradiction(ContradictionKind.OVER_TOTAL, last[0], last[1], project.total))
    plans = {one.planned for one in project.listings if one.year == until.year and one.planned}
    if last and plans and last[1] > max(plans):
        found.append(Contradiction(ContradictionKind.OVER_PLAN, last[0], last[1], max(plans)))
    return found


def _of_checks(project: Project, until: Month) -> list[Contradiction]:
    found = []
    for month, check in sorted(project.last_checks.items()):
        if month > until:
            continue
        if check.found is not None and check.reported is not None and check.found != check.reported:
            kind = ContradictionKind.SEEN_OTHERWISE
            found.append(Contradiction(kind, month, check.reported, check.found))
        elif not check.true:
            found.append(Contradiction(ContradictionKind.UNTRUE, month))
    return found


def _of_milestones(project: Project, until: Month) -> list[Contradiction]:
    found = []
    for milestone, reached in sorted(project.reached.items()):
        if reached.on is None or reached.on > last_day(until):
            continue
        if not checklist(milestone, project.build).is_met(reached.ticked):
            found.append(Contradiction(ContradictionKind.UNTICKED, month_of(reached.on), milestone=milestone))
    days = [(one, told.on) for one in _ORDER if (told := project.reached.get(one)) is not None and told.on]
    for (_, before), (milestone, day) in pairwise(days):
        if day < before:
            found.append(Contradiction(ContradictionKind.OUT_OF_ORDER, month_of(day), milestone=milestone))
    return found
