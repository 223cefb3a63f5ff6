"""Every event of a whole autumn is read back from the log as it was recorded."""

import json
from pathlib import Path

from sqlalchemy import select

from tests.support.played_autumn import ENDS_AT, PlayedAutumn
from tracker.domain.events.decoding import decode
from tracker.store.tables.events import EventRow


def test_every_event_of_a_played_autumn_is_read_back(played_autumn: PlayedAutumn, tmp_path: Path) -> None:
    with played_autumn.open(ENDS_AT, tmp_path).reading() as session:
        rows = session.scalars(select(EventRow)).all()
    types = {row.type for row in rows}
    assert len(types) > 20
    for row in rows:
        event = decode(row.type, json.loads(row.payload))
        assert (event.payload(), event.key()) == (json.loads(row.payload), row.key)
        assert (event.task_id, event.unit_id) == (row.task_id, row.unit_id)
