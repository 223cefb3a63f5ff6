"""A database in which the office's word on a completion had taken the place of the unit's gets both back."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.support.databases import create_postgres, drop_postgres
from tracker.store import schema
from tracker.store.database import Database

_BEFORE, _AT = "0021", "2022-09-28 01:00:00"
# id: kind, state, outcome as it stood, and what the unit had filed.
_REPORTS = {
    1: ("completion", "accepted", "met", "unmet"),
    2: ("completion", "accepted", "unmet", "unmet"),
    3: ("completion", "filed", "met", "met"),
    4: ("progress", "accepted", None, None),
    5: ("completion", "accepted", "met", None),
}

_UNIT = (
    "INSERT INTO unit (id, code, full_name, short_name, kind, official_order, needs_sign_off)"
    " VALUES (1, 'swj', '市商务局', '市商务局', '市政府部门', 1, true)"
)
_FILING = (
    "INSERT INTO filing (id, version, unit_id, kind, state, ticked, written_by, written_at)"
    f" VALUES (1, 1, 1, 'completion', 'filed', 0, 'x', '{_AT}')"
)
_REPORT = (
    "INSERT INTO report (id, version, filing_id, kind, state, outcome, text, written_by, written_at, late)"
    f" VALUES (:id, 1, 1, :kind, :state, :outcome, 'x', 'x', '{_AT}', false)"
)
_EVENT = (
    "INSERT INTO event (seq, type, occurred_at, actor, payload, previous_hash, hash)"
    f" VALUES (:seq, 'report.filed', '{_AT}', 'x', :payload, '', '')"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the time before, with completions of which the log tells what their units filed."""
    if request.param == "sqlite":
        database, name = Database(f"sqlite:///{tmp_path / 'old.db'}"), None
    else:
        database, name = create_postgres(request.getfixturevalue("postgres_url"))
    schema.upgrade_to(database, _BEFORE)
    with database.engine.begin() as connection:
        connection.execute(text(_UNIT))
        connection.execute(text(_FILING))
        for id_, (kind, state, outcome, filed) in _REPORTS.items():
            facts = {"id": id_, "kind": kind, "state": state, "outcome": outcome}
            connection.execute(text(_REPORT), facts)
            payload = json.dumps({"report_id": id_, "kind": kind, "outcome": filed})
            connection.execute(text(_EVENT), {"seq": id_, "payload": payload})
    yield database
    database.dispose()
    if name is not None:
        drop_postgres(request.getfixturevalue("postgres_url"), name)


def _outcomes(database: Database, column: str) -> dict[int, str | None]:
    with database.engine.connect() as connection:
        return {row.id: getattr(row, column) for row in connection.execute(text("SELECT * FROM report"))}


def test_each_completion_has_what_its_unit_filed_and_what_the_office_decided(old: Database) -> None:
    schema.upgrade(old)
    assert schema.differences(old) == []
    assert _outcomes(old, "outcome") == {1: "unmet", 2: "unmet", 3: "met", 4: None, 5: "met"}
    assert _outcomes(old, "verified_outcome") == {1: "met", 2: "unmet", 3: None, 4: None, 5: "met"}
