"""The event log: chained, append-only, one row a fact."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from tracker.domain.accounts import SYSTEM
from tracker.domain.events.base import Event
from tracker.domain.events.documents import DocumentRegistered
from tracker.store import event_log
from tracker.store.database import Database
from tracker.store.log_guards import missing_guards
from tracker.store.tables.events import ChainHeadRow, EventRow

AT = datetime(2022, 8, 24, 1, 0, tzinfo=UTC)


def _registered(document_id: int) -> Event:
    return DocumentRegistered(document_id=document_id, number="驻政办〔2022〕1号", text_sha256="0" * 64, items=3)


def _record(database: Database, *events: Event) -> None:
    with database.transaction() as session:
        for event in events:
            event_log.record(session, event, actor=SYSTEM, at=AT)


def _tamper(database: Database, statement: str) -> None:
    """Change the log as someone would who owns the database: the guards go first."""
    with database.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("DROP TRIGGER event_no_update"))
            connection.execute(text("DROP TRIGGER event_no_delete"))
        else:
            connection.execute(text("ALTER TABLE event DISABLE TRIGGER event_append_only"))
        connection.execute(text(statement))


def _broken_at(database: Database) -> int | None:
    with database.reading() as session:
        link = next(event_log.broken_links(session), None)
    return link.seq if link else None


_WEAKENED = {
    "sqlite": (
        ("DROP TRIGGER event_no_delete",),
        (
            "DROP TRIGGER event_no_delete",
            "CREATE TRIGGER event_no_delete BEFORE DELETE ON event WHEN 0 BEGIN SELECT RAISE(ABORT, 'x'); END",
        ),
    ),
    "postgresql": (
        ("DROP TRIGGER event_append_only ON event",),
        ("ALTER TABLE event DISABLE TRIGGER event_append_only",),
        (
            "CREATE OR REPLACE FUNCTION refuse_event_change() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RETURN NEW; END'",
        ),
    ),
}


def test_a_guard_that_is_gone_or_does_nothing_is_missed(database: Database) -> None:
    with database.engine.connect() as connection:
        assert missing_guards(connection) == []
        for statements in _WEAKENED[connection.dialect.name]:
            for statement in statements:
                connection.exec_driver_sql(statement)
            assert missing_guards(connection) in (["event_no_delete"], ["event_append_only"])
            connection.rollback()
        assert missing_guards(connection) == []


def test_a_chain_of_events_verifies(database: Database) -> None:
    _record(database, _registered(1), _registered(2))
    _record(database, _registered(3))
    assert _broken_at(database) is None
    with database.reading() as session:
        assert [row.seq for row in session.scalars(select(EventRow).order_by("seq"))] == [1, 2, 3]


def test_the_same_fact_is_recorded_once(database: Database) -> None:
    _record(database, _registered(1), _registered(1))
    _record(database, _registered(1))
    with database.reading() as session:
        assert session.scalars(select(ChainHeadRow)).one().seq == 1


def test_a_failed_transaction_leaves_no_event(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        event_log.record(session, _registered(1), actor=SYSTEM, at=AT)
        session.add(ChainHeadRow(id=1, seq=0, hash=""))
    with database.reading() as session:
        assert session.scalars(select(EventRow)).all() == []


@pytest.mark.parametrize("statement", ["UPDATE event SET actor = 'x' WHERE seq = 1", "DELETE FROM event WHERE seq = 1"])
def test_the_database_itself_refuses_changes(database: Database, statement: str) -> None:
    _record(database, _registered(1))
    with pytest.raises(DatabaseError, match="append-only"), database.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE event SET actor = 'somebody else' WHERE seq = 2", 2),
        ("UPDATE event SET payload = '{}' WHERE seq = 1", 1),
        ("DELETE FROM event WHERE seq = 2", 3),
        ("DELETE FROM event WHERE seq = 3", 3),
    ],
)
def test_verification_names_the_first_broken_link(database: Database, statement: str, broken: int) -> None:
    _record(database, _registered(1), _registered(2), _registered(3))
    _tamper(database, statement)
    assert _broken_at(database) == broken
