"""A registered document is read anew by a mended reading of the same text."""

import json
from dataclasses import replace

from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import at, open_owed_city
from tests.support.readings import small_reading
from tracker.steps.rereading import reread_documents
from tracker.store.database import Database
from tracker.store.history.identities import item_facts
from tracker.store.history.log import cut
from tracker.store.tables.documents import ItemRow
from tracker.store.tables.events import EventRow


def test_a_mended_title_reaches_the_registered_item_and_the_log_keeps_the_old_one(database: Database) -> None:
    open_owed_city(database)
    reading = small_reading()
    monthly, waiting = reading.items
    mended = replace(reading, items=(replace(monthly, title="每月通报招商情况"), waiting))
    for _time in range(2):
        with database.transaction() as session:
            reread_documents(session, [mended], at=at(10, 12))
    with database.reading() as session:
        titles = session.scalars(select(col(ItemRow.title)).order_by(col(ItemRow.id))).all()
        reread = select(col(EventRow.payload)).where(col(EventRow.type) == "document.reread")
        told = session.scalars(reread.order_by(col(EventRow.seq)))
        first, second = (json.loads(payload) for payload in told)
        before, after = (item_facts(session, [1], until=cut(session, as_of=at(10, day)))[1] for day in (11, 12))
    assert (before.title, after.title) == (monthly.title, "每月通报招商情况")
    assert list(titles) == ["每月通报招商情况", waiting.title]
    change = {"item": monthly.code, "old_title": monthly.title, "new_title": "每月通报招商情况"}
    assert (first["titles"], first["changed"]) == ([change], [monthly.code])
    assert (second["titles"], second["changed"]) == ([], [])
