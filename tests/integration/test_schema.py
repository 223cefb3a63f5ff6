"""The migrations and the tables in code say the same, on both databases."""

from tracker.store import schema
from tracker.store.database import Database


def test_the_migrations_create_what_the_code_declares(database: Database) -> None:
    assert schema.differences(database) == []
    assert schema.is_current(database)


def test_a_second_upgrade_changes_nothing(database: Database) -> None:
    schema.upgrade(database)
    assert schema.differences(database) == []
