"""A registered document is read anew by a mended reading of the same text."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, OFFICE, at, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.items import Basis, CadenceKind, ItemKind
from tracker.domain.readings.demands import Cadence
from tracker.domain.readings.item import PrintedUnit
from tracker.steps.rereading import reread_documents
from tracker.store.database import Database
from tracker.store.history.identities import item_facts
from tracker.store.history.log import cut
from tracker.store.tables.documents import ItemRow, QuestionRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import TaskRow, TriggerRow
from tracker.usecases.triggers import RecordTrigger, record_trigger


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


@pytest.mark.parametrize("begun", [False, True])
def test_a_step_that_is_read_as_a_task_waits_no_more_but_where_its_event_has_come(
    database: Database, begun: bool
) -> None:
    open_owed_city(database)
    with database.transaction() as session:
        other = TriggerRow(task_id=1, occurred_at=at(9, 5), matter="别的事件", recorded_by="督查员")
        session.add(other)
        if begun:
            event = RecordTrigger(2, at(9, 5), "甲地发生疫情")
            record_trigger(session, event, actor=OFFICE, at=at(9, 5), calendar=BY.calendar)
    monthly, waiting = small_reading().items
    cadence = Cadence(CadenceKind.MONTHLY, Basis.STATED, 1, "24小时内")
    mended = replace(waiting, kind=ItemKind.ACTION, level=None, cadences=(cadence,))
    with database.transaction() as session:
        before = session.get_one(TaskRow, 2).dormant
        reread_documents(session, [replace(small_reading(), items=(monthly, mended))], at=at(10, 12))
    with database.reading() as session:
        assert (before, session.get_one(TaskRow, 2).dormant) == (True, begun)


def test_about_a_unit_that_the_words_bind_now_the_office_is_asked_once(database: Database) -> None:
    open_owed_city(database)
    monthly, waiting = small_reading().items
    bound = replace(waiting, leads=(*waiting.leads, PrintedUnit("市统计局", "tjj")))
    for day in (12, 13):
        with database.transaction() as session:
            reread_documents(session, [replace(small_reading(), items=(monthly, bound))], at=at(10, day))
    with database.reading() as session:
        asked = session.execute(select(col(QuestionRow.item_id), col(QuestionRow.topic), col(QuestionRow.words))).all()
        reread = select(col(EventRow.payload)).where(col(EventRow.type) == "document.reread")
        told = [json.loads(payload)["questions"] for payload in session.scalars(reread.order_by(col(EventRow.seq)))]
    assert [(item_id, topic, "还涉及市统计局" in words) for item_id, topic, words in asked] == [(2, "bearer", True)]
    assert told == [1, 0]
