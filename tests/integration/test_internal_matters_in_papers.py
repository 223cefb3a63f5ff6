"""A paper that everybody reads counts what internal documents ask for, and names none of it."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.databases import fresh_sqlite
from tests.support.owed_city import at, open_owed_city
from tests.support.papers import paper, said
from tests.support.readings import NUMBER, small_reading
from tracker.domain.circulars.content import Content
from tracker.domain.circulars.kinds import KINDS, Annex, Circle, CircularType
from tracker.domain.items import Origin
from tracker.store.database import Database
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UnitRow

AS_OF = at(11, 1)
_NAMES = (NUMBER, "招商工作方案", "一1", "招商情况")


@pytest.fixture
def minutes(tmp_path: Path) -> Database:
    """A city that owes the report of September for what minutes ask of it."""
    database = fresh_sqlite(tmp_path)
    open_owed_city(database, reading=replace(small_reading(), origin=Origin.INTERNAL)).grow(AS_OF)
    return database


def _words(content: Content) -> str:
    return "\n".join([said(content), *(cell for table in content.tables for row in table.rows for cell in row)])


@pytest.mark.parametrize("unit", [None, "市商务局"])
def test_a_paper_that_everybody_reads_names_nothing_of_an_internal_document(
    minutes: Database, unit: str | None
) -> None:
    open_to_all = [
        kind
        for kind, rules in KINDS.items()
        if Circle.EVERYBODY in (rules.readers.to_unit, rules.readers.otherwise) and Annex.BLAMED in rules.annexes
    ]
    assert open_to_all == [CircularType.SUPERVISION]
    content = paper(minutes, CircularType.SUPERVISION, unit=unit, as_of=AS_OF)
    assert content.counts["withheld"] == content.counts["overdue"] > 0
    assert content.holds_against == ()
    words = _words(content)
    assert not [name for name in _NAMES if name in words]
    assert "系领导批示、会议议定事项等内部事项的反馈，另行通报，不在此列名" in words
    assert "要于" not in words


def test_whoever_may_open_the_document_reads_its_names(minutes: Database) -> None:
    about = paper(minutes, CircularType.SUPERVISION, document=NUMBER, as_of=AS_OF)
    upwards = paper(minutes, CircularType.SPECIAL, as_of=AS_OF)
    for content in (about, upwards):
        assert content.counts["withheld"] == 0
        assert content.counts["blamed"] == content.counts["overdue"]
        assert all(name in _words(content) for name in ("一1", "招商情况"))


@pytest.mark.parametrize("kind", [CircularType.SUPERVISION, CircularType.BREAKDOWN, CircularType.ASSIGNMENT])
def test_a_paper_about_an_internal_document_goes_to_who_carries_it_out(minutes: Database, kind: CircularType) -> None:
    content = paper(minutes, kind, document=NUMBER, as_of=AS_OF)
    with minutes.reading() as session:
        units = select(col(UnitRow.short_name)).join(AssignmentRow, col(AssignmentRow.unit_id) == col(UnitRow.id))
        sharers = set(session.scalars(units).all())
    assert content.goes_to
    assert set(content.goes_to) <= sharers
    assert KINDS[kind].is_order or set(content.goes_to) == sharers


def test_what_was_published_is_named(tmp_path: Path) -> None:
    database = fresh_sqlite(tmp_path)
    open_owed_city(database).grow(AS_OF)
    content = paper(database, CircularType.SUPERVISION, as_of=AS_OF)
    assert content.counts["withheld"] == 0
    assert all(name in _words(content) for name in (NUMBER, "一1", "招商情况"))
