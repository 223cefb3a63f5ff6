"""Whatever people act on counts each act, though no act counts by itself."""

import pytest
from sqlalchemy import select

from tests.support.owed_city import open_owed_city
from tracker.domain.errors import Stale
from tracker.store.database import Database
from tracker.store.tables.columns import touched
from tracker.store.tables.tasks import AssignmentRow, TaskRow


def test_a_row_that_a_transaction_changes_counts_it_once_however_often_it_is_flushed(database: Database) -> None:
    city = open_owed_city(database)
    before, others = city.task().version, city.share("swj").version
    with database.transaction() as session:
        task = session.get_one(TaskRow, city.task_id())
        for reason in ("市长点题", "市长批示"):
            task.key_reason = reason
            session.flush()
    assert (city.task().version, city.share("swj").version) == (before + 1, others)


def test_what_only_reads_or_writes_the_same_again_counts_nothing(database: Database) -> None:
    city = open_owed_city(database)
    before = city.task().version
    with database.transaction() as session:
        task = session.get_one(TaskRow, city.task_id())
        task.state = str(task.state)
    assert city.task().version == before


def test_an_act_on_what_belongs_to_a_row_counts_where_it_says_so(database: Database) -> None:
    city = open_owed_city(database)
    before = city.task().version
    with database.transaction() as session:
        touched(session.get_one(TaskRow, city.task_id()))
    assert city.task().version == before + 1


def test_a_row_that_came_into_being_in_the_transaction_begins_with_one(database: Database) -> None:
    open_owed_city(database)
    with database.reading() as session:
        assert {share.version for share in session.scalars(select(AssignmentRow))} == {1}


def test_of_two_who_read_a_row_one_is_refused(database: Database) -> None:
    city = open_owed_city(database)
    with database.reading() as session:
        read = session.get_one(TaskRow, city.task_id())
        session.expunge(read)
    with database.transaction() as session:
        session.get_one(TaskRow, city.task_id()).key_reason = "先"
    with pytest.raises(Stale), database.transaction() as session:
        session.add(read)
        read.key_reason = "后"
    assert city.task().key_reason == "先"
