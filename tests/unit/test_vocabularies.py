"""Whatever is said or decided for each member of an enumeration is said for all of them, wherever it stands.

CHECKs of both databases are held against the enumerations by `test_schema`, events against their words by
`test_pages_office`.
"""

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from enum import Enum, StrEnum
from pathlib import Path
from typing import Any

import pytest

import tracker

# Of which table, by module and name, some members say nothing, and why that is right.
_PARTIAL = {
    "web.guide._ASKED_OF_UNITS": "a role that is not named has its own chapter",
    "web.guide._FILES_UNDER_REPORTS": "a role that is not named has its own chapter",
    "domain.circulars.held._WAITS_FOR": "of its own work and of other causes nobody but the unit is waited for",
    "wording.score_short._MEANS": "only means are said shorter in a row of a circular; all other lines as on the pages",
    "intake.confidence._USUAL": "its kind, units in general and whom a demand binds are no field with a share",
    "intake.confidence._SHARES": "its kind, units in general and whom a demand binds are no field with a share",
    "wording.settings._OF_FAULTS": "a folder that is not private has a sentence for each variable",
    "wording.endings._OF_SHARES": "a share that goes on is no reason why a report is urged no more",
    "wording.endings._OF_TASKS": "nor is a task that goes on",
    "domain.projects.checklists._STARTED": "other kinds of works share one checklist",
    "domain.projects.imports.MILESTONES": "other columns tell no day on which something was reached",
    "wording.namings._OVERTAKEN": "praise is not held against what came since",
    "domain.circulars.meanings.PAPER_FIGURES": "what is not due is not counted",
    "domain.readings.defaults._BY_KIND": "other kinds of items have no rhythm of their own",
    "domain.leaving._BY_SHARE": "shares that go on let a report leave",
    "domain.leaving._BY_TASK": "tasks that go on let a report leave by their shares",
    "domain.lights._BY_TASK": "tasks that go on are judged by their shares",
    "domain.lights._BY_ROW": "open, filed and returned rows are judged by their moments",
    "steps.uniting_rows._WEIGHTS": "rows that ended weigh by what ended them",
    "domain.circulars.supervised._OF_CLASS": "what other classes bring follows from their rows or their deadline",
    "domain.progress._UNKNOWN": "what is merely due makes nothing unknown",
    "wording.digests._POSTS": "leaders, readers and the system sign no report",
    "store.history.facts._SPARED": "units of the other classes are named",
    "web.navigation._NAVIGATION": "the system opens no page",
    "intake.tables._FIELD_OF": "other columns are no field of an annotation",
    "web.login._HOME": "the system opens no page",
    "wording.catalogue.SETTLED": "only rows that an act ended are explained",
    "web.news._HINTS": "a form explains itself",
    "wording.catalogue.ROLES": "nobody logs in as the system",
    "wording.papers.PAPER_ASKS": "what goes up to the leaders asks nothing of a unit",
    "wording.refusals._NEEDS": "a paper that needs nothing is not refused, and one that takes either is told so",
    "domain.evidence_rhythms._NAMED": "evidence is asked for each time in rhythms of a calendar",
    "domain.evidence_rhythms._PATTERNS": "evidence is asked for each time in rhythms of a calendar",
    "domain.circulars.held._HOLDERS": "units are named themselves, and of what has ended or pauses nobody is",
    "wording.catalogue.SPAN_ROLES": "nobody declares that text is an item, names who is responsible, or is of no kind",
}
# An enumeration and a table of its codes that have at least this share in common are meant for each other.
_MEANT = 0.6
# A name that a module gives a value to at its top level: CADENCE_NAMES = {, WORK_NAMES: dict[Work, str] = {
_ASSIGNED = re.compile(r"^(\w+)(?:: [^=\n]+)? = ", re.MULTILINE)


def _modules() -> list[Any]:
    found = pkgutil.walk_packages(tracker.__path__, "tracker.")
    return [importlib.import_module(one.name) for one in found if ".migrations." not in one.name]


def _enumerations(modules: list[Any]) -> list[type[StrEnum]]:
    found = {
        value
        for module in modules
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, StrEnum) and value is not StrEnum
    }
    return sorted(found, key=lambda one: (one.__module__, one.__name__))


def _tables() -> Iterator[tuple[str, str, set[str], type[Enum]]]:
    """Yield each table by code or member once: where it stands, its name, its codes and the enumeration it is of."""
    modules = _modules()
    enumerations = _enumerations(modules)
    seen: set[int] = set()
    for module in modules:
        made_here = set(_ASSIGNED.findall(Path(module.__file__).read_text(encoding="utf-8")))
        for name, table in vars(module).items():
            if not isinstance(table, Mapping) or not table or name not in made_here or id(table) in seen:
                continue
            seen.add(id(table))
            if all(isinstance(key, StrEnum) for key in table) and len({type(key) for key in table}) == 1:
                yield module.__name__, name, {str(key) for key in table}, type(next(iter(table)))
            elif all(type(key) is str for key in table):
                codes = {str(key) for key in table}
                common, of = max(((_common(codes, one), one) for one in enumerations), key=lambda pair: pair[0])
                if common >= _MEANT and codes <= set(of):
                    yield module.__name__, name, codes, of


def _common(codes: set[str], of: type[StrEnum]) -> float:
    members = {member.value for member in of}
    return len(codes & members) / len(codes | members)


def _full(module: str, name: str) -> str:
    return f"{module.removeprefix('tracker.')}.{name}"


_FOUND = sorted(_tables(), key=lambda one: one[:2])


@pytest.mark.parametrize(("module", "name", "codes", "of"), _FOUND)
def test_what_is_said_for_some_members_is_said_for_all(module: str, name: str, codes: set[str], of: type[Enum]) -> None:
    missing = {str(member.value) for member in of} - codes
    assert not missing or _full(module, name) in _PARTIAL, (
        f"{module}.{name} says nothing of {sorted(missing)} of {of.__name__}"
    )


def test_no_exception_is_kept_that_nothing_needs() -> None:
    partial = {
        _full(module, name) for module, name, codes, of in _FOUND if {str(member.value) for member in of} - codes
    }
    assert set(_PARTIAL) <= partial
