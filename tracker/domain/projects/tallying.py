"""All that the records of projects say for a month of evaluation, each entry with the projects behind it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import MappingProxyType

from tracker.domain.errors import BadInput
from tracker.domain.projects.checklists import Milestone
from tracker.domain.projects.counting import (
    NotCountable,
    checks_of,
    counted_figures,
    counted_inputs,
    members_of,
    not_done_when_due,
    occurrences,
)
from tracker.domain.projects.investments import YearUnknown
from tracker.domain.projects.lists import ProjectList, ProjectLists
from tracker.domain.projects.records import Project
from tracker.domain.scoring.entries import Entry, InputKind, Key, What
from tracker.domain.scoring.inputs import Check, Month, Occurrence
from tracker.domain.scoring.questions import Point
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.scheme import Cohort, FromProjects, Window


class ListsDiffer(BadInput):
    """The scheme counts projects of a list that is not kept here, or what no project has; facts: name."""

    code = "score_lists_differ"


@dataclass(frozen=True, slots=True)
class Found:
    """An entry as the records of projects have it, with the ids of the projects behind it.

    `without_value` are those of them whose value of the month is not on record; `years_unknown` what is counted of
    earlier years by less than their end; `falling` those whose values fall, so that they take something from it.
    """

    entry: Entry
    projects: tuple[int, ...]
    without_value: tuple[int, ...] = ()
    years_unknown: tuple[YearUnknown, ...] = ()
    falling: tuple[int, ...] = ()

    @property
    def behind(self) -> tuple[str, ...]:
        """The projects as an input keeps them."""
        return tuple(f"{_PROJECT}{one}" for one in self.projects)


_PROJECT = "project:"


def project_ids(behind: Iterable[str]) -> tuple[int, ...]:
    """Return the ids of the projects among what an input was counted from."""
    return tuple(int(one.removeprefix(_PROJECT)) for one in behind if one.startswith(_PROJECT))


@dataclass(frozen=True, slots=True)
class Tally:
    """`whats` are what was counted at all; `asked` the open questions before what could not be.

    `impossible` are numbers below 0, of cumulative values that fall; `unvalued` those behind which
    a project lacks its value of the month: an older one is no number of it. `uncompared` are the projects found untrue
    on site without a reported and a found value to compare. `unrecorded` has what is counted from lists on which no
    project stands for the month, with their names: that nothing was registered is no number.
    """

    found: tuple[Found, ...]
    whats: frozenset[What]
    asked: tuple[str, ...] = ()
    impossible: tuple[Found, ...] = ()
    unvalued: tuple[Found, ...] = ()
    uncompared: tuple[int, ...] = ()
    unrecorded: Mapping[What, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def empty_lists(self) -> tuple[str, ...]:
        """The names of lists on which no project stands for the month."""
        return tuple(dict.fromkeys(name for names in self.unrecorded.values() for name in names))

    def only(self, whats: Collection[What]) -> "Tally":
        """Return the part of some figures and kinds."""
        return replace(
            self,
            found=tuple(one for one in self.found if one.entry.what in whats),
            whats=self.whats & {*whats},
            impossible=tuple(one for one in self.impossible if one.entry.what in whats),
            unvalued=tuple(one for one in self.unvalued if one.entry.what in whats),
            unrecorded={what: names for what, names in self.unrecorded.items() if what in whats},
            uncompared=self.uncompared if any(kind is InputKind.CHECK for kind, _ in self.whats & {*whats}) else (),
        )


def tally(rules: Rules, projects: Iterable[Project], *, lists: ProjectLists, month: Month) -> Tally:
    """Count all that a scheme has counted from projects, in its order. Raises ListsDiffer."""
    objects = {one.unit for one in rules.scheme.objects}
    known = [one for one in projects if one.unit in objects]
    _check_lists(rules, lists)
    unrecorded = _unrecorded(rules, known, lists=lists, month=month)
    figures = [one for one in _figures(rules, known, lists=lists, month=month) if one.entry.what not in unrecorded]
    wanted = [one for one in rules.scheme.from_projects if not _asked(rules, one)]
    things = _things(rules, wanted, known, lists=lists, month=month)
    asked = {_asked(rules, one) for one in rules.scheme.from_projects} | _bases_open(rules)
    signed = {one.code for one in rules.scheme.figures if one.signed}
    unvalued = {one.entry.key for one in figures if one.without_value}
    below = {one.entry.key for one in figures if (one.entry.value or 0) < 0 and one.entry.code not in signed}
    impossible = below - unvalued
    return Tally(
        (*(one for one in figures if one.entry.key not in impossible | unvalued), *things),
        countable(rules) - {(_kind(one), one.kind) for one in rules.scheme.from_projects if _asked(rules, one)},
        tuple(one.code for one in rules.scheme.questions if one.code in asked),
        tuple(one for one in figures if one.entry.key in impossible),
        tuple(one for one in figures if one.entry.key in unvalued),
        _uncompared(rules, known, lists=lists, month=month),
        unrecorded,
    )


def _unrecorded(
    rules: Rules, known: list[Project], *, lists: ProjectLists, month: Month
) -> dict[What, tuple[str, ...]]:
    """Return what is counted from lists on which no project of any object stands for the month, with their names."""
    cohorts = {one.code: one for one in rules.scheme.cohorts}

    def is_empty(code: str, window: Window) -> bool:
        wanted, of_year = lists.meant(cohorts[code].project_list), cohorts[code].of_year(month.year)
        return not members_of(known, wanted, of_year=of_year, window=window, month=month)

    found: dict[What, tuple[str, ...]] = {}
    for figure in counted_figures(rules):
        if is_empty(figure.cohort, figure.window):
            found[InputKind.FIGURE, figure.code] = (cohorts[figure.cohort].project_list,)
    kinds: dict[What, list[str]] = {}
    for one in rules.scheme.from_projects:
        kinds.setdefault((_kind(one), one.kind), []).extend(one.cohorts)
    for what, codes in kinds.items():
        if all(is_empty(code, Window.TO_MONTH_END) for code in codes):
            found[what] = tuple(dict.fromkeys(cohorts[code].project_list for code in codes))
    return found


def _uncompared(rules: Rules, known: list[Project], *, lists: ProjectLists, month: Month) -> tuple[int, ...]:
    """Return the ids of the projects whose checks count by a scheme, and whose last one was untrue of no number."""
    cohorts = {one.code: one for one in rules.scheme.cohorts}
    found = set()
    for cohort in {cohorts[code] for one in rules.scheme.from_projects if not one.milestone for code in one.cohorts}:
        of_year, wanted = cohort.of_year(month.year), lists.meant(cohort.project_list)
        for member in members_of(known, wanted, of_year=of_year, window=Window.TO_MONTH_END, month=month):
            last = member.project.last_checks.get(month)
            if last and not last.true and not last.compares:
                found.add(member.project.id)
    return tuple(sorted(found))


def countable(rules: Rules) -> frozenset[What]:
    """Return the figures and kinds that a scheme has counted from projects, by what was decided."""
    figures = {(InputKind.FIGURE, one.code) for one in counted_figures(rules)}
    return frozenset(figures | {(_kind(one), one.kind) for one in rules.scheme.from_projects})


def _kind(one: FromProjects) -> InputKind:
    return InputKind.OCCURRENCE if one.milestone else InputKind.CHECK


def _asked(rules: Rules, one: FromProjects) -> str:
    """Return the code of the question that stands before counting: whether what was due before counts again."""
    if not one.milestone or rules.chosen(Point.DUE, one.mark) is not None:
        return ""
    return rules.question_on(one.mark, Point.DUE)


def _bases_open(rules: Rules) -> set[str]:
    """Return the codes of the questions that say which of several numbers of projects is wanted, and are open."""
    counted = {one.code for one in rules.scheme.figures if one.measure is not None}
    return {one.asked for one in rules.scheme.metrics if rules.base(one) is None and counted & {*one.every_base}}


def _check_lists(rules: Rules, lists: ProjectLists) -> None:
    for one in rules.scheme.cohorts:
        used = any(one.code == figure.cohort for figure in rules.scheme.figures if figure.measure is not None)
        used = used or any(one.code in told.cohorts for told in rules.scheme.from_projects)
        if used and lists.called(one.project_list) is None and lists.get(one.project_list) is None:
            raise ListsDiffer(name=one.project_list)


def _figures(rules: Rules, known: list[Project], *, lists: ProjectLists, month: Month) -> Iterator[Found]:
    try:
        numbers = counted_inputs(rules, known, lists=lists, month=month)
    except NotCountable as error:
        raise ListsDiffer(name=str(error)) from error
    for (code, unit), one in numbers.items():
        entry = Entry(kind=InputKind.FIGURE, code=code, object=unit, value=one.value)
        yield Found(entry, one.projects, one.without_value, one.years_unknown, one.falling)


def _things(
    rules: Rules, wanted: Iterable[FromProjects], known: list[Project], *, lists: ProjectLists, month: Month
) -> list[Found]:
    """Return what happened to projects, each once with all items for which it counts, in printed order."""
    order = {item.code: at for at, (_, item) in enumerate(rules.scheme.items())}
    items = {mark.code: item.code for item, mark in rules.scheme.marks()}
    cohorts = {one.code: one for one in rules.scheme.cohorts}
    by_reference = {one.reference: one for one in known}
    found: dict[Key, Found] = {}
    for one in wanted:
        for cohort in map(cohorts.__getitem__, one.cohorts):
            on_list = lists.meant(cohort.project_list)
            choice = rules.chosen(Point.DUE, one.mark) if one.milestone else None
            only = choice is not None and choice.choice == "month"
            for thing in _on(one, cohort, on_list, known, item=items[one.mark], month=month, only_this_month=only):
                entry, project = _entry(thing, by_reference), by_reference[thing.reference]
                before = found.get(entry.key)
                every = {*entry.items, *(before.entry.items if before else ())}
                entry = replace(entry, items=tuple(sorted(every, key=order.__getitem__)))
                found[entry.key] = Found(entry, (project.id,))
    return list(found.values())


def _on(
    one: FromProjects,
    cohort: Cohort,
    on_list: ProjectList,
    known: list[Project],
    *,
    item: str,
    month: Month,
    only_this_month: bool,
) -> Iterable[Occurrence | Check]:
    of_year = cohort.of_year(month.year)
    if not one.milestone:
        return checks_of(known, on_list, of_year=of_year, kind=one.kind, items=(item,), month=month)
    late = not_done_when_due(
        known,
        on_list,
        of_year=of_year,
        milestone=Milestone(one.milestone),
        month=month,
        only_this_month=only_this_month,
    )
    return occurrences(late, kind=one.kind, items=(item,))


def _entry(thing: Occurrence | Check, projects: Mapping[str, Project]) -> Entry:
    """Return a thing under its project's name: people read it in workings, and it is one in its county."""
    numbers: tuple[Decimal | None, Decimal | None] = (None, None)
    if isinstance(thing, Check):
        numbers = thing.reported, thing.found
    return Entry(
        kind=InputKind.CHECK if isinstance(thing, Check) else InputKind.OCCURRENCE,
        code=thing.kind,
        object=thing.object,
        value=numbers[0],
        found=numbers[1],
        reference=projects[thing.reference].name,
        items=thing.items,
    )
