"""A demonstration of the time before goes on as the scenario that was played there."""

from importlib import import_module

import pytest
from sqlalchemy import text

from tracker.store.database import Database

_KEEP = import_module("tracker.store.migrations.versions.0019_which_scenario_was_played").KEEP
_RECEIVED = (
    "INSERT INTO event (seq, type, occurred_at, actor, actor_id, actor_unit, payload, previous_hash, hash)"
    " VALUES (1, 'assignment.received', '2022-08-17 02:00:00', '联络员', :person, '新蔡县', '{}', '', '')"
)


@pytest.mark.parametrize(
    ("received_by", "scenario"),
    [("nobody", "autumn-2022"), ("the scenario", "silent-year"), ("a person", "autumn-2022")],
)
def test_the_county_that_only_acknowledges_tells_which_was_played(
    database: Database, received_by: str, scenario: str
) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO demonstration_clock (id, now) VALUES (1, '2022-11-01 01:00:00')"))
        if received_by != "nobody":
            connection.execute(text(_RECEIVED), {"person": 7 if received_by == "a person" else None})
        connection.execute(text(_KEEP))
        assert connection.execute(text("SELECT scenario FROM demonstration_clock")).scalar_one() == scenario
