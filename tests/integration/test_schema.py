"""The migrations and the tables in code say the same, on both databases."""

import re

from sqlalchemy import CheckConstraint, inspect, text
from sqlmodel import SQLModel

from tracker.store import schema
from tracker.store.database import Database

_CASTS = re.compile(r"::(?:character varying|text|numeric|integer)(?:\(\d+\))?(?:\[\])?")
_BETWEEN = re.compile(r"(\w+) between (\S+) and (\S+)")


def test_the_migrations_create_what_the_code_declares(database: Database) -> None:
    assert schema.differences(database) == []
    assert schema.is_current(database)


def test_every_check_of_the_code_stands_in_the_database_and_no_other(database: Database) -> None:
    assert _checks_of(database) == _declared_checks()


def test_a_second_upgrade_changes_nothing(database: Database) -> None:
    schema.upgrade(database)
    assert schema.differences(database) == []


def test_foreign_keys_are_held_again_after_an_upgrade(database: Database) -> None:
    with database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def _declared_checks() -> dict[str, dict[str, str]]:
    """Return the text of every CHECK in the code by table and name; alembic does not compare these."""
    return {
        table.name: {
            str(check.name): _plain(str(check.sqltext.compile(compile_kwargs={"literal_binds": True})))
            for check in table.constraints
            if isinstance(check, CheckConstraint)
        }
        for table in SQLModel.metadata.sorted_tables
    }


def _checks_of(database: Database) -> dict[str, dict[str, str]]:
    inspector = inspect(database.engine)
    return {
        table.name: {
            str(check["name"]): _plain(check["sqltext"]) for check in inspector.get_check_constraints(table.name)
        }
        for table in SQLModel.metadata.sorted_tables
    }


def _plain(check: str) -> str:
    """Return a condition without what the two databases add: casts, brackets, spaces, their own words for IN."""
    words = _CASTS.sub("", check.lower()).replace('"', "").replace("= any", "in").replace("array[", "").replace("]", "")
    words = " ".join(words.replace("(", " ").replace(")", " ").split()).replace(" ,", ",")
    return _BETWEEN.sub(r"\1 >= \2 and \1 <= \3", words)
