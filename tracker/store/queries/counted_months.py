"""A month of evaluation beside the records of projects: what counting would change, and what contradicts itself."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.domain.projects.contradictions import Contradiction, contradictions_of
from tracker.domain.projects.lists import ProjectLists
from tracker.domain.projects.records import Project
from tracker.domain.projects.recounting import Recount, Standing, recount
from tracker.domain.projects.tallying import Tally, countable, tally
from tracker.domain.scoring.doubts import Doubt, doubts
from tracker.domain.scoring.entries import InputSource, What, inputs_of
from tracker.domain.scoring.inputs import Inputs, Month
from tracker.domain.scoring.months import MonthState, read_month
from tracker.domain.scoring.rules import Rules
from tracker.store.queries.projects import EVERY_PROJECT, projects
from tracker.store.queries.scoring import entry_of, last_inputs, standing_inputs
from tracker.store.queries.scoring_rules import month_named
from tracker.store.tables.scoring import ScoreMonthRow, ScoreSchemeRow


@dataclass(frozen=True, slots=True)
class Held:
    """A month held against the records of projects, for some of its figures and kinds.

    `projects` are those that are evaluated, by id.
    """

    month: Month
    rules: Rules
    tally: Tally
    recount: Recount
    projects: dict[int, Project]


@dataclass(frozen=True, slots=True)
class Flags:
    """What contradicts itself in a month's projects and figures, for people to look at."""

    of_projects: tuple[tuple[Project, Contradiction], ...]
    of_figures: tuple[Doubt, ...]


def held_against_projects(
    session: Session, row: ScoreMonthRow, rules: Rules, *, lists: ProjectLists, whats: Collection[What] | None = None
) -> Held:
    """Count a month from the projects as they are on record now, without writing anything. Raises ListsDiffer."""
    known = evaluated_projects(session, rules)
    wanted = countable(rules) if whats is None else whats
    counted = tally(rules, known, lists=lists, month=read_month(row.month)).only(wanted)
    standing = [
        Standing(
            one.id or 0,
            entry_of(one),
            InputSource(one.source),
            tuple(one.behind.split("\n")) if one.behind else (),
            one.void,
        )
        for one in last_inputs(session, row.id or 0)
    ]
    return Held(read_month(row.month), rules, counted, recount(counted, standing), {one.id: one for one in known})


def month_collected(session: Session, document: str) -> Month | None:
    """Return the newest month of which the evaluation by a document collects its data, None where it collects none."""
    wanted = (
        select(func.max(col(ScoreMonthRow.month)))
        .join(ScoreSchemeRow, col(ScoreSchemeRow.id) == col(ScoreMonthRow.scheme_id))
        .where(col(ScoreMonthRow.state) == MonthState.COLLECTING.value, col(ScoreSchemeRow.document) == document)
    )
    found = session.scalar(wanted)
    return read_month(found) if found else None


def evaluated_projects(session: Session, rules: Rules) -> list[Project]:
    """Return the projects of the bodies that a scheme evaluates."""
    objects = {one.unit for one in rules.scheme.objects}
    return [one for one in projects(session, scope=EVERY_PROJECT) if one.unit in objects]


def flags_of_month(session: Session, row: ScoreMonthRow, rules: Rules, known: Collection[Project]) -> Flags:
    """Return what contradicts itself: reported against seen, cumulative values that fall, rates above 100 %."""
    return Flags(contradictions_of(known, month=read_month(row.month)), doubts_of_month(session, row, rules))


def doubts_of_month(session: Session, row: ScoreMonthRow, rules: Rules) -> tuple[Doubt, ...]:
    """Return what looks wrong in the figures that stand in a month, also beside those of the month before."""
    month = read_month(row.month)
    inputs = inputs_of(month, [entry_of(one) for one in standing_inputs(session, row.id or 0)])
    return doubts(rules, inputs, before=_month_before(session, row.scheme, month))


def _month_before(session: Session, scheme: str, month: Month) -> Inputs | None:
    """Return the inputs of the month before in the same year."""
    if month.number == 1:
        return None
    earlier = Month(month.year, month.number - 1)
    row = month_named(session, scheme=scheme, month=str(earlier))
    return inputs_of(earlier, [entry_of(one) for one in standing_inputs(session, row.id or 0)]) if row else None
