"""The demonstration's months are counted from its projects, each mark with those behind it."""

from pathlib import Path

import pytest
from sqlalchemy import select

from seeds.registry import SEEDS
from seeds.scenarios.scenario import EvaluatedMonth, load_scenario
from tests.support.played_autumn import ENDS_AT, PlayedAutumn
from tracker.domain.projects.tallying import countable
from tracker.domain.scoring.entries import InputKind, InputSource
from tracker.gateways.project_lists import load_project_lists
from tracker.gateways.project_sheets import parse_export, read_within
from tracker.gateways.schemes import read_scheme
from tracker.store.database import Database
from tracker.store.queries.counted_months import held_against_projects
from tracker.store.queries.scoring import entry_of, standing_inputs
from tracker.store.queries.scoring_rules import month_named, newest_schemes, rules_of
from tracker.store.tables.projects import ProjectImportRow

_LISTS = load_project_lists(SEEDS.parent / "config" / "project_lists.toml")
_MONTHS = load_scenario(SEEDS / "scenarios" / "autumn-2022.toml").evaluated


@pytest.fixture
def autumn(played_autumn: PlayedAutumn, tmp_path: Path) -> Database:
    return played_autumn.open(ENDS_AT, tmp_path)


@pytest.mark.parametrize("month", _MONTHS, ids=[one.month for one in _MONTHS])
def test_what_is_counted_is_what_the_month_has_but_for_what_was_handed_in_otherwise(
    autumn: Database, month: EvaluatedMonth
) -> None:
    with autumn.reading() as session:
        row = month_named(session, scheme=newest_schemes(session)[0].code, month=month.month)
        assert row is not None
        rules = rules_of(session, row, read_scheme)
        held = held_against_projects(session, row, rules, lists=_LISTS)
        inputs = [(entry_of(one), InputSource(one.source), one.behind) for one in standing_inputs(session, row.id or 0)]
    assert not held.recount.changes
    assert {(one.entry.object, one.entry.code) for one in held.recount.differing} == {
        (one.object, one.figure) for one in month.handed_in
    }
    counted = [(entry, behind) for entry, source, behind in inputs if source is InputSource.COUNTED]
    assert {entry.what for entry, _ in counted if entry.kind is InputKind.FIGURE} <= countable(rules)
    assert all(behind for entry, behind in counted if entry.value or entry.kind is not InputKind.FIGURE)
    assert held.tally.uncompared == ()
    assert held.tally.impossible == ()


def test_the_projects_came_by_exports_that_are_kept_and_read_as_they_were_taken_over(
    autumn: Database, played_autumn: PlayedAutumn
) -> None:
    with autumn.reading() as session:
        exports = list(session.scalars(select(ProjectImportRow)))
    assert len(exports) > len(_LISTS.lists)
    for one in exports:
        assert one.taken_at is not None
        rows = read_within(str(played_autumn.evidence.path(one.sha256)))
        read = parse_export(rows, unit_named=lambda name: name)
        assert read.rows
        assert (read.faults, read.unknown) == ((), ())
