"""Each column of each table is held against the log, or listed with the reason why it is not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Boolean, Column, Connection, Date, DateTime, Float, Integer, select, text, update
from sqlmodel import Session, SQLModel

from tests.support.readings import small_reading
from tests.support.rights import RIGHTS
from tests.support.two_bureaus import NOW, TwoBureaus
from tests.support.two_bureaus_life import open_two_bureaus
from tests.support.uncompared import listed, reason_for
from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import SYSTEM, Role
from tracker.domain.events.accounts import FactorSetUp
from tracker.domain.items import Basis
from tracker.domain.readings.demands import EvidenceRequirement
from tracker.store import event_log
from tracker.store.history.agreement import disagreements
from tracker.store.history.fold import fold
from tracker.store.history.log import Cut, last_event
from tracker.store.history.state import State
from tracker.store.row_digests import row_digest
from tracker.store.tables.second_factors import SecondFactorRow
from tracker.usecases.accounts import NewUser, create_account
from tracker.usecases.circulars.issuing import Drawn, keep_drawn
from tracker.usecases.registering import register_document
from tracker.usecases.sealing import seal_reminders
from tracker.wording.audit import TABLE_NAMES
from tracker.wording.audit_columns import COLUMN_NAMES

_TABLES = {table.name: table for table in SQLModel.metadata.sorted_tables}
# What has not happened in the city of the two bureaus yet.
_DONE = (
    *("verifying.verify_report", "answering.answer_question", "scheduling.set_points", "renaming.rename_unit"),
    *("publishing_calendar.publish_notices", "keeping.set_keeper", "circulars.deciding.send_back_circular"),
    *("circulars.issuing.withdraw_circular", "filing.send_back", "sharing.change_deadline", "merging.merge_units"),
)


# What an item demands is named with the item.
_NAMED_AS = dict.fromkeys(("item_target", "item_evidence", "item_cadence"), "item")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> TwoBureaus:
    city = open_two_bureaus(tmp_path_factory.mktemp("city"))
    for name in _DONE:
        right = RIGHTS[name]
        with city.database.transaction() as session:
            if right.before:
                right.before(city, session)
        with city.database.transaction() as session:
            right.do(city, session, city.actor(min(right.may)))
    with city.database.transaction() as session:
        new = NewUser("new", "新账号", Role.LIAISON, "hash", "jtj", email="new@zmd.gov.cn", is_code=True)
        user_id = create_account(session, new, policy=AccountPolicy(), actor=SYSTEM, when=Moment(now=NOW, at=NOW))
        factor = SecondFactorRow(user_id=user_id, sealed="sealed")
        session.add(factor)
        set_up = FactorSetUp(user_id=user_id, renewed=False, sealed=row_digest(factor))
        event_log.record(session, set_up, actor=SYSTEM, at=NOW)
        drawn = Drawn(sha256="f" * 64, name="通报.docx", remarks=(), deviations=())
        keep_drawn(session, circular_id=city.ids["swj.paper"], drawn=drawn, at=NOW)
        seal_reminders(session, at=NOW)
        reading = small_reading(number="驻政办〔2022〕196号")
        first, *others = reading.items
        photo = EvidenceRequirement("现场照片", Basis.DEFAULT, per="once")
        proven = replace(reading, items=(replace(first, evidence=(photo,)), *others))
        register_document(session, proven, actor=SYSTEM, at=NOW)
    return city


@pytest.fixture(scope="module")
def told(city: TwoBureaus) -> State:
    with city.database.reading() as session:
        until = Cut(as_of=datetime.max.replace(tzinfo=UTC), last_event=last_event(session))
        return fold(session, until)


def test_every_table_and_column_that_is_compared_has_a_word_of_people() -> None:
    compared = [
        (_NAMED_AS.get(table.name, table.name), column.name)
        for table in _TABLES.values()
        for column in table.columns
        if not reason_for(table.name, column.name)
    ]
    assert {table for table, _column in compared} <= TABLE_NAMES.keys()
    assert {column for _table, column in compared} - {"id"} <= COLUMN_NAMES.keys()
    assert not any(word.isascii() for word in (*TABLE_NAMES.values(), *COLUMN_NAMES.values()))


def test_every_table_and_column_that_is_listed_exists() -> None:
    columns = {(table.name, column.name) for table in _TABLES.values() for column in table.columns}
    assert {(table, column) for table, column in listed() if column != "*"} <= columns
    assert {table for table, _column in listed()} <= _TABLES.keys()


@pytest.mark.parametrize(
    "table", [name for name in _TABLES if any(not reason_for(name, c.name) for c in _TABLES[name].c)]
)
def test_a_value_that_was_changed_is_named(city: TwoBureaus, told: State, table: str) -> None:
    with city.database.engine.connect() as connection:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))  # until the end, which is taken back
        connection.execute(text("PRAGMA ignore_check_constraints = ON"))
        before = _found(connection, told)
        unnoticed = [
            column.name
            for column in _TABLES[table].columns
            if not reason_for(table, column.name) and not _is_named(connection, told, column, but=before)
        ]
        connection.rollback()
        connection.execute(text("PRAGMA ignore_check_constraints = OFF"))
    assert unnoticed == [], f"compare it with the log, or list it in tests/support/uncompared.py: {unnoticed}"


def _is_named(connection: Connection, told: State, column: Column[Any], *, but: set[tuple[str, int]]) -> bool:
    """Change a column in one row after the other until a change is named."""
    table = column.table
    rows = connection.execute(select(table).order_by(column.is_(None), *table.primary_key.columns)).mappings().all()
    for row in rows:
        here = [key == row[key.name] for key in table.primary_key.columns]
        with connection.begin_nested() as point:
            connection.execute(update(table).where(*here).values({column.name: _another(column, row[column.name])}))
            named = _found(connection, told) - but
            point.rollback()
        if any(name == _NAMED_AS.get(table.name, table.name) for name, _id in named):
            return True
    return False


def _found(connection: Connection, told: State) -> set[tuple[str, int]]:
    with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
        return {(found.table, found.row_id) for found in disagreements(session, told)}


def _another(column: Column[Any], value: Any) -> Any:  # Any: what the column holds
    """Return another value of the column's kind."""
    kind = column.type
    if isinstance(kind, Boolean):
        return not value
    if isinstance(kind, Integer):
        return (value or 0) + 1_000
    if isinstance(kind, Float):
        return (value or 0) + 1
    if isinstance(kind, DateTime) or "DateTime" in type(kind).__name__:
        return (value or NOW) + timedelta(days=1)
    if isinstance(kind, Date):
        return (value or date(2022, 9, 1)) + timedelta(days=1)
    return [] if isinstance(value, list) else {"x": 1} if isinstance(value, dict) else f"{value or ''}x"


def test_what_was_planted_is_named(city: TwoBureaus, told: State) -> None:
    """Leave that lets somebody act for another, a sheet, a request, an account: none of them is in the log."""
    for table in ("absence", "handover", "request", "person", "filing", "circular", "draft"):
        with city.database.engine.connect() as connection:
            columns = [column for column in _TABLES[table].columns if not column.primary_key]
            rows = connection.execute(select(_TABLES[table])).mappings().all()
            values = {column.name: rows[-1][column.name] for column in columns}
            unique: dict[str, str | None] = {column.name: "planted" for column in columns if column.unique}
            unique |= {"report_id": None, "kind": "dispute"} if table == "request" else {}
            connection.execute(_TABLES[table].insert().values({**values, **unique, "id": 90_000}))
            assert (table, 90_000) in _found(connection, told), table
            connection.rollback()
