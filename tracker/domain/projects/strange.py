"""What cannot well be of investments: asked back before an export is taken over, or after a check on site."""

from dataclasses import dataclass

from tracker.domain.errors import BadInput
from tracker.domain.projects.contradictions import TIMES_FAR, Contradiction, ContradictionKind, strange_value
from tracker.domain.projects.frames import Frame
from tracker.domain.projects.imports import Column, ImportPlan, RowPlan
from tracker.domain.projects.records import Project
from tracker.domain.scoring.inputs import Month


class StrangeValues(BadInput):
    """Values of an export are strange, and nobody said that they are right; facts: count."""

    code = "export_strange_values"


@dataclass(frozen=True, slots=True)
class Beside:
    """A row of an export beside the last value of the year before its month, and what is strange in it."""

    former: tuple[Month, int] | None
    strange: tuple[Contradiction, ...]


def former_value(project: Project | None, month: Month) -> tuple[Month, int] | None:
    """Return the last cumulative value, in 元, of an earlier month of the year, with its month."""
    if project is None or month.number == 1:
        return None
    return project.value_at(Month(month.year, month.number - 1))


def strange_found(project: Project, month: Month, found: int) -> tuple[Contradiction, ...]:
    """Return what makes a value found on site, in 元, be asked back: what was reported of the month is far from it.

    Where nothing was, an earlier month of the year is what it is held against.
    """
    reported = project.values.get(month)
    if reported is None:
        former = former_value(project, month)
        return strange_value(found, month, before=former[1] if former else None, total=project.total)
    far = found != reported and max(found, reported) >= TIMES_FAR * min(found, reported)
    asked = (Contradiction(ContradictionKind.SEEN_OTHERWISE, month, reported, found),) if far else ()
    return (*asked, *strange_value(found, month, before=None, total=project.total))


def beside_row(plan: RowPlan, frame: Frame) -> Beside:
    """Hold what a row says of investments against what is on record; what it leaves as it is is not asked back."""
    former, told = former_value(plan.project, frame.month), _money(plan, Column.INVESTED)
    if told is None or not {one.column for one in plan.differences} & {Column.INVESTED, Column.TOTAL}:
        return Beside(former if told is not None else None, ())
    known = plan.project.total if plan.project else None
    total = _money(plan, Column.TOTAL) or known
    return Beside(former, strange_value(told, frame.month, before=former[1] if former else None, total=total))


def strange_rows(plan: ImportPlan, frame: Frame) -> int:
    """Return how many rows of an export say something strange."""
    return sum(bool(beside_row(one, frame).strange) for one in plan.rows)


def _money(plan: RowPlan, column: Column) -> int | None:
    told = plan.row.told.get(column)
    return told if isinstance(told, int) and not isinstance(told, bool) else None
