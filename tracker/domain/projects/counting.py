"""From projects to the inputs of a month: each number with the projects behind it.

What a window means for a list follows the document's words. A list that grows month by month (三个一批, 谋划储备): its
当月 are the projects that came in this month, and a state counts once it is reached until the month's end, so that a
rate never has more above than below. A list that stands for the year: 当月 are those that stand in it. States of
元月至当月 are reached within the year (53号 附件2一（二）: 元月至当月累计开工项目数占全年计划开工项目总数).

Above and below a rate stand the same projects and years. Whoever came onto a list after the month is not of it, in
whatever window. The plan is that of the evaluated year; of last year's projects it is last year's, with what the
list plans for them since. What was done until the month's end (截至当月末) goes by what it is divided by: of a plan it
is what was done since the January of that year (附件1一（七）: 年度计划投资完成率), else all that was ever done,
whenever the project was listed anew.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tracker.domain.projects.checklists import Milestone
from tracker.domain.projects.investments import YearUnknown, invested
from tracker.domain.projects.lists import ProjectList, ProjectLists
from tracker.domain.projects.records import Listing, Project, came, first_day, last_day, standing
from tracker.domain.scoring.inputs import Check, Month, Occurrence
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Cohort, Figure, Measure, Window

TEN_THOUSAND = 10_000  # 元 in a 万元
_DAY_ONE = date(1, 1, 1)
STRATEGIC, IN_STATISTICS = "strategic", "in_statistics"
# By the plan of the evaluated year, in whichever of its months: one that starts early counts as planned too.
PLANNED_START, PLANNED_FINISH = "planned_start", "planned_finish"
STATES = frozenset({STRATEGIC, IN_STATISTICS, PLANNED_START, PLANNED_FINISH, *Milestone})


class NotCountable(ValueError):
    """A scheme asks of projects what no record says; the message names the figure and what it asks."""

    def __init__(self, figure: str, *, what: str) -> None:
        super().__init__(f"figure {figure!r} asks for {what!r}, which no project has")


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of one object with the ids of the projects behind it.

    `without_value` are those that count with an older value of the year, or with none, because the month's or the
    year's is missing. `years_unknown` are earlier years of which it has less than their end, or nothing. `falling` are
    those that take something from the number, because their cumulative values fall.
    """

    value: Decimal
    projects: tuple[int, ...]
    without_value: tuple[int, ...] = ()
    years_unknown: tuple[YearUnknown, ...] = ()
    falling: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Member:
    """A project as it stands on one list."""

    project: Project
    listing: Listing
    of: ProjectList

    @property
    def finished(self) -> date | None:
        """The day on which it was finished, as the list counts that."""
        return _reached(self, Milestone.FINISHED)


def counted_inputs(
    rules: Rules, projects: Iterable[Project], *, lists: ProjectLists, month: Month
) -> Mapping[tuple[str, str], Counted]:
    """Return by (figure, object) every number of a month that the scheme has counted from projects, as was decided.

    An object without projects counts zero. Raises NotCountable, NoSuchList.
    """
    scheme, by_plan = rules.scheme, _by_plan(rules)
    known, cohorts = tuple(projects), {one.code: one for one in scheme.cohorts}
    by_object: dict[str, list[Project]] = {one.unit: [] for one in scheme.objects}
    for project in known:
        by_object.setdefault(project.unit, []).append(project)
    return {
        (figure.code, one.unit): counted(
            figure,
            by_object[one.unit],
            cohort=cohorts[figure.cohort],
            lists=lists,
            month=month,
            by_plan=figure.code in by_plan,
        )
        for figure in counted_figures(rules)
        for one in scheme.objects
    }


def counted_figures(rules: Rules) -> list[Figure]:
    """Return the figures that are counted from projects by what was decided.

    What was invested until the month's end is not, while it is open what it is divided by, and so of which years it is.
    """
    waiting = {one.figure for one in rules.scheme.metrics if rules.base(one) is None}
    return [
        one
        for one in rules.scheme.figures
        if one.measure is not None
        and one.code not in rules.unused
        and not (one.code in waiting and one.measure is Measure.INVESTED and one.window is Window.TO_MONTH_END)
    ]


def _by_plan(rules: Rules) -> frozenset[str]:
    """Return the codes of the figures that are divided by the plan of a year."""
    plans = {one.code for one in rules.scheme.figures if one.measure is Measure.PLANNED_INVESTMENT}
    return frozenset(one.figure for one in rules.scheme.metrics if rules.base(one) in plans)


def counted(
    figure: Figure,
    projects: Iterable[Project],
    *,
    cohort: Cohort,
    lists: ProjectLists,
    month: Month,
    by_plan: bool = False,
) -> Counted:
    """Count or add up one figure; money in 万元. `by_plan`: it is divided by the plan of a year.

    Raises NotCountable, NoSuchList.
    """
    for state in figure.states:
        if state not in STATES:
            raise NotCountable(figure.code, what=state)
    wanted = lists.meant(cohort.project_list)
    of_year = cohort.of_year(month.year)
    members = members_of(projects, wanted, of_year=of_year, window=figure.window, month=month)
    members = [one for one in members if all(_has(one, state, figure.window, month) for state in figure.states)]
    ids = tuple(one.project.id for one in members)
    if figure.measure is Measure.PROJECTS:
        return Counted(Decimal(len(members)), ids)
    year = of_year or month.year
    if figure.measure is Measure.INVESTED:
        since = year if by_plan else None
        done = [invested(one.project, figure.window, month, since=since, finished=one.finished) for one in members]
        lacking = tuple(id_ for id_, one in zip(ids, done, strict=True) if not one.is_known)
        unknown = tuple(told for one in done for told in one.years_unknown)
        falling = tuple(id_ for id_, one in zip(ids, done, strict=True) if one.amount < 0)
        return Counted(_in_ten_thousands(sum(one.amount for one in done)), ids, lacking, unknown, falling)
    if figure.measure is Measure.TOTAL_INVESTMENT:
        amounts = [one.project.total for one in members]
    elif figure.measure is Measure.PLANNED_INVESTMENT:
        amounts = [_planned(one, year, month) for one in members]
    else:
        raise NotCountable(figure.code, what=str(figure.measure))
    lacking = tuple(one.project.id for one, amount in zip(members, amounts, strict=True) if amount is None)
    return Counted(_in_ten_thousands(sum(amount or 0 for amount in amounts)), ids, lacking)


def members_of(
    projects: Iterable[Project],
    wanted: ProjectList,
    *,
    of_year: int | None,
    window: Window,
    month: Month,
) -> list[_Member]:
    """Return the projects of a list in a window, by their ids: those listed for a year, or for any.

    Those that left the list until the month's end, or came onto it later, are none, also of what is of the whole year:
    `standing` says which row of a project says so. Who left a batch and came back is of the month in which it `came`.
    """
    begins, ends = _span(window, month)[0], last_day(month)
    if not wanted.batch:
        begins = _DAY_ONE
    found = (
        _Member(project, listing, wanted)
        for project in projects
        if (listing := standing(project.listings, wanted.code, on=ends, year=of_year))
        and begins <= (came(project.listings, wanted.code, year=of_year) or listing.since)
    )
    return sorted(found, key=lambda one: one.project.id)


def _span(window: Window, month: Month) -> tuple[date, date]:
    """Return the first and the last day of a window."""
    january, december = Month(month.year, 1), Month(month.year, 12)
    if window is Window.MONTH:
        return first_day(month), last_day(month)
    if window is Window.TO_MONTH_END:
        return _DAY_ONE, last_day(month)
    return first_day(january), last_day(month if window is Window.YEAR_TO_MONTH else december)


def _has(member: _Member, state: str, window: Window, month: Month) -> bool:
    begins, ends = _span(window, month)
    project = member.project
    if state == STRATEGIC:
        return project.strategic
    if state in (PLANNED_START, PLANNED_FINISH):
        planned = project.planned_start if state == PLANNED_START else project.planned_finish
        return planned is not None and planned.year == month.year
    reached = project.in_statistics if state == IN_STATISTICS else _reached(member, Milestone(state))
    if window is Window.MONTH:
        begins = _DAY_ONE  # 已开工, 已投产 of this month's list
    return reached is not None and begins <= reached <= ends


def _reached(member: _Member, milestone: Milestone) -> date | None:
    asked = member.of.confirmed and milestone in (Milestone.STARTED, Milestone.FINISHED)
    return member.project.reached_on(milestone, confirmed=asked)


def _planned(member: _Member, since: int, month: Month) -> int | None:
    """Return what a list plans for the years since one in 元, as `invested` has what was done in them.

    None where the plan of the first is not on record: that of an earlier year is none of it. A year in which the
    project left the list plans nothing.
    """
    project, code, ends = member.project, member.of.code, last_day(month)
    rows = [standing(project.listings, code, on=ends, year=year) for year in range(since, month.year + 1)]
    plans = [one.planned for one in rows if one]
    if rows[0] is None or None in plans:
        return None
    return sum(one or 0 for one in plans)


def _in_ten_thousands(amount: int) -> Decimal:
    return Decimal(amount) / TEN_THOUSAND


def not_done_when_due(
    projects: Iterable[Project],
    wanted: ProjectList,
    *,
    of_year: int | None,
    milestone: Milestone,
    month: Month,
    only_this_month: bool,
) -> list[Project]:
    """Return what of a list was due by the plan of the year to be started or finished, and was not: 应开未开, 应竣未竣.

    `only_this_month`: due in this very month, else in it or before it in the year (53号 附件2一（二）: 对当月应开未开、
    应竣未竣的项目). A project whose start is not confirmed counts as not started.
    """
    due_first = first_day(month if only_this_month else Month(month.year, 1))
    members = members_of(projects, wanted, of_year=of_year, window=Window.YEAR_TO_MONTH, month=month)
    found = []
    for member in members:
        project = member.project
        planned = project.planned_start if milestone is Milestone.STARTED else project.planned_finish
        done = _reached(member, milestone)
        if planned is not None and due_first <= planned <= last_day(month) and (done is None or done > last_day(month)):
            found.append(project)
    return found


def occurrences(projects: Iterable[Project], *, kind: str, items: tuple[str, ...]) -> tuple[Occurrence, ...]:
    """Return projects as what happened to their objects, handed in for items."""
    return tuple(Occurrence(one.unit, kind, one.reference, items) for one in projects)


def checks_of(
    projects: Iterable[Project],
    wanted: ProjectList,
    *,
    of_year: int | None,
    kind: str,
    items: tuple[str, ...],
    month: Month,
) -> tuple[Check, ...]:
    """Return what on-site checks of a month's report found, for what stands on a list, of the year asked; in 万元.

    Where nothing was reported there is nothing to compare.
    """
    members = members_of(projects, wanted, of_year=of_year, window=Window.TO_MONTH_END, month=month)
    found = []
    for member in members:
        last = member.project.last_checks.get(month)
        if last and last.compares:
            found.append(
                Check(
                    member.project.unit,
                    kind,
                    member.project.reference,
                    items,
                    _in_ten_thousands(last.reported or 0),
                    _in_ten_thousands(last.found or 0),
                )
            )
    return tuple(found)
