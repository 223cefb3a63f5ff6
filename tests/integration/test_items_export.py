"""The eight documents as `tracker.items/1`, from their texts and from the database: one shape, one contract."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from seeds.registry import SEEDS
from tests.support.eight_documents import REGISTRY, readings
from tests.support.items_schema import disagreements
from tests.support.readings import small_reading, small_registry
from tracker.domain.accounts import SYSTEM
from tracker.domain.readings.defaults import with_defaults
from tracker.domain.readings.export import export_drafts
from tracker.domain.readings.frames import frame_of
from tracker.domain.readings.item import Item, PrintedGroup
from tracker.domain.readings.reading import Reading
from tracker.intake import read_documents
from tracker.store.database import Database
from tracker.store.queries.registered_items import export_items, registered_items
from tracker.usecases.registering import register_document, register_units

AT = datetime(2022, 8, 25, 1, 0, tzinfo=UTC)
# What the intake reads nothing of; what only a draft is unsure of.
OF_REGISTERED = {
    "filing_on",
}
OF_DRAFTS = {"confidence", "doubts", "field", "words", "possible"}


@pytest.fixture
def city(database: Database) -> Database:
    with database.transaction() as session:
        register_units(session, REGISTRY, at=AT)
        for reading in readings().values():
            register_document(session, reading, actor=SYSTEM, at=AT)
    return database


def _of_texts() -> dict[str, object]:
    drafts = [
        draft
        for path in sorted((SEEDS / "documents").glob("*/text.txt"))
        for draft in read_documents(path.read_text(encoding="utf-8"))
    ]
    return export_drafts(drafts, REGISTRY)


def _keys(exported: Any) -> set[str]:  # Any: JSON
    """Return every name in a JSON object but those of fields that are free: marks of scoring, shares of confidence."""
    found: set[str] = set()
    if isinstance(exported, dict):
        for name, value in exported.items():
            found |= {name} | (set() if name in {"scoring", "confidence"} else _keys(value))
    elif isinstance(exported, list):
        found = {name for value in exported for name in _keys(value)}
    return found


def test_both_exports_agree_with_the_contract_and_with_each_other(city: Database) -> None:
    with city.reading() as session:
        registered = export_items(session)
    read = _of_texts()
    assert disagreements(registered) == []
    assert disagreements(read) == []
    assert _keys(registered) - _keys(read) == OF_REGISTERED
    assert _keys(read) - _keys(registered) == OF_DRAFTS
    assert json.loads(json.dumps(registered)) == registered


def _in_order(group: PrintedGroup) -> PrintedGroup:
    members = REGISTRY.in_official_order(REGISTRY.unit(code) for code in group.member_codes)
    return replace(group, member_codes=tuple(unit.code for unit in members))


def _entered(item: Item, reading: Reading) -> Item:
    """Return an item as it stands in the database: with the office's own demands, members in official order."""
    cadences, evidence = with_defaults(item, frame_of(reading))
    groups = tuple(map(_in_order, item.groups))
    return replace(item, cadences=cadences, evidence=evidence, groups=groups, questions=())


def test_a_registered_document_is_read_back_as_it_was_entered(city: Database) -> None:
    with city.reading() as session:
        found = registered_items(session)
    assert {reading.number for reading in found.readings} == set(readings())
    for reading in found.readings:
        entered = readings()[reading.number]
        assert reading == replace(entered, items=tuple(_entered(item, entered) for item in entered.items))


def test_an_unknown_number_gives_no_document(database: Database) -> None:
    with database.transaction() as session:
        register_units(session, small_registry(), at=AT)
        register_document(session, small_reading(), actor=SYSTEM, at=AT)
    with database.reading() as session:
        assert export_items(session, number="驻政办〔2022〕1号") == {"format": "tracker.items/1", "documents": []}
