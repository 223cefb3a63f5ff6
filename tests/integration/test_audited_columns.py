"""Each column of each table is held against the log, or listed with the reason why it is not."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    PrimaryKeyConstraint,
    RowMapping,
    UniqueConstraint,
    and_,
    false,
    select,
    text,
    update,
)
from sqlmodel import Session, SQLModel

from tests.support import scoring_acts as scored
from tests.support.agreement import disagreements
from tests.support.readings import small_reading
from tests.support.rights import RIGHTS
from tests.support.two_bureaus import NOW, TwoBureaus
from tests.support.two_bureaus_life import open_two_bureaus
from tests.support.uncompared import listed, reason_for
from tracker.auditing import of_row
from tracker.domain.account_policy import AccountPolicy, Moment
from tracker.domain.accounts import SYSTEM, Role
from tracker.domain.events.accounts import FactorSetUp
from tracker.domain.items import Basis
from tracker.domain.readings.demands import EvidenceRequirement
from tracker.store import event_log
from tracker.store.history.fold import fold
from tracker.store.history.log import Cut, last_event
from tracker.store.history.put_in import OLDER, UNTOLD
from tracker.store.history.state import State
from tracker.store.row_digests import DIGESTED, row_digest
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.second_factors import SecondFactorRow
from tracker.usecases.accounts import NewUser, create_account
from tracker.usecases.circulars.issuing import Drawn, keep_drawn
from tracker.usecases.registering import register_document
from tracker.usecases.sealing import seal_reminders
from tracker.wording.audit import finding_words, place_words

_TABLES = {table.name: table for table in SQLModel.metadata.sorted_tables}
# What has not happened in the city of the two bureaus yet.
_DONE = (
    *("project_entries.give_value", "project_milestones.confirm_reached", "project_exports.take_export"),
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
        scored.objected(city, session)
        session.flush()
        scored.answer(city, session, city.actor("office"))
        scored.take_back(city, session, city.actor("swj"))
        scored.enter_again(city, session, city.actor("swj"))
        scored.freeze(city, session, city.actor("office"))
        scored.publish(city, session)
        scored.correct(city, session, city.actor("office"))
        scored.enter_corrected(city, session, SYSTEM)
        scored.freeze_again(city, session, city.actor("office"))
        scored.open_month(city, session, city.actor("office"))
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


def test_every_table_and_column_that_is_listed_exists() -> None:
    columns = {(table.name, column.name) for table in _TABLES.values() for column in table.columns}
    assert {(table, column) for table, column in listed() if column != "*"} <= columns
    assert {table for table, _column in listed()} <= _TABLES.keys()


def _compared() -> list[tuple[str, str]]:
    return [
        (table.name, column.name)
        for table in _TABLES.values()
        for column in table.columns
        if not reason_for(table.name, column.name)
    ]


@pytest.mark.parametrize(("table", "column"), _compared())
def test_a_value_that_was_changed_is_named_in_whichever_row(
    city: TwoBureaus, told: State, table: str, column: str
) -> None:
    with _tampering(city) as connection:
        before, rows = _found(connection, told), _rows(connection, table)
        expected = {_name(table, row) for row in rows if not _is_excepted(connection, table, column, row)}
        _change(connection, _TABLES[table].c[column], rows)
        named = _found(connection, told) - before
    unnoticed = sorted(expected - {id_ for name, id_ in named if name == _NAMED_AS.get(table, table)})
    assert rows, "nothing is shown where there is no row"
    assert unnoticed == [], f"compare it with the log, or list it in tests/support/uncompared.py: {unnoticed}"


@contextmanager
def _tampering(city: TwoBureaus) -> Iterator[Connection]:
    """Yield a connection by which anything is written; all of it is taken back."""
    with city.database.engine.connect() as connection:
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))  # until the end, which is taken back
        connection.execute(text("PRAGMA ignore_check_constraints = ON"))
        yield connection
        connection.rollback()
        connection.execute(text("PRAGMA ignore_check_constraints = OFF"))


def _rows(connection: Connection, table: str) -> list[RowMapping]:
    found = connection.execute(select(_TABLES[table]).order_by(*_TABLES[table].primary_key.columns))
    return list(found.mappings())


def _change(connection: Connection, column: Column[Any], rows: Sequence[RowMapping]) -> None:
    table = column.table
    for number, row in enumerate(rows):
        here = [key == row[key.name] for key in table.primary_key.columns]
        another = _another(column, row[column.name], number)
        connection.execute(update(table).where(*here).values({column.name: another}))


def _name(table: str, row: RowMapping | dict[str, Any]) -> int:  # Any: what columns hold
    """Return under which number a row is named: rows that say something together by that of which they say it."""
    by = {"report_value": "report_id", "target_point": "target_id", "second_factor": "user_id", "calendar_year": "year"}
    by |= dict.fromkeys(_NAMED_AS, "item_id") | {"share_handler": "assignment_id", "lead_verification": "report_id"}
    return int(row[by.get(table, "id")])


def _is_excepted(connection: Connection, table: str, column: str, row: RowMapping) -> bool:
    """Tell whether no event says what a row holds there; `docs/security.md` tells people so."""
    untold = connection.execute(select(_TABLES[table]).where(_of(table, row), UNTOLD.get(table, false()))).first()
    if untold is not None:
        return (table, column) not in _OPENING
    if table == "report_value":
        report = ReportRow.__table__  # type: ignore[attr-defined] # SQLModel gives each table class one
        here = connection.execute(select(report.c.state).where(report.c.id == row["report_id"])).scalar_one()
        return here in ("awaiting_sign_off", "withdrawn", "sent_back")
    return any(name == table and (not columns or column in columns) and fits(row) for name, columns, fits in _NOT_YET)


# What makes a row one that has to be told, or stands before that.
_OPENING = {
    *(("question", name) for name in ("answer", "answered_by", "answered_at")),
    *(("second_factor", "sealed"), ("task", "issued_at"), ("task", "due_on"), ("report", "state")),
}
_WORDED = ({*DIGESTED["circular"], "facts_sha256"}) - {"year", "running_number"}
# Rows of which no event says that yet: table, columns, which rows.
_NOT_YET: tuple[tuple[str, Collection[str], Callable[[RowMapping], bool]], ...] = (
    ("circular", _WORDED, lambda row: row["issued_at"] is None),
    ("filing", ("ticked",), lambda row: row["filed_at"] is None),
    ("person", (), lambda row: row["login"] != "new"),  # who was there before there was an event of it
    ("item_cadence", (), lambda row: row["basis"] == Basis.DEFAULT.value),  # the office's own, which events tell
)


def _of(table: str, row: RowMapping) -> ColumnElement[bool]:
    return and_(*(key == row[key.name] for key in _TABLES[table].primary_key.columns))


def _found(connection: Connection, told: State) -> set[tuple[str, int]]:
    """Return where the tables disagree with the log; each finding is one that can be said."""
    with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
        found = list(disagreements(session, told))
    for one in found:
        assert finding_words(of_row(one))
        assert place_words(of_row(one))
    return {(one.table, one.row_id) for one in found}


def _another(column: Column[Any], value: Any, number: int = 0) -> Any:  # Any: what the column holds
    """Return another value of the column's kind, for each row its own."""
    kind = column.type
    if isinstance(kind, Boolean):
        return not value
    if isinstance(kind, Integer):
        return (value or 0) + 1_000 * (number + 1)
    if isinstance(kind, Float):
        return (value or 0) + 1
    if isinstance(kind, DateTime) or "DateTime" in type(kind).__name__:
        return (value or NOW) + timedelta(days=1 + number)
    if isinstance(kind, Date):
        return (value or date(2022, 9, 1)) + timedelta(days=1 + number)
    return (
        [] if isinstance(value, list) and value else {"x": 1} if isinstance(kind, JSON) else f"{value or ''}x{number}"
    )


_TOLD_OF = sorted({*(table for table, _column in _compared()), "reminder"} - _NAMED_AS.keys())


@pytest.mark.parametrize("table", _TOLD_OF)
def test_a_row_that_was_put_in_is_named(city: TwoBureaus, told: State, table: str) -> None:
    """A copy of the last row of each table that events tell of, under a number and with names of its own."""
    with _tampering(city) as connection:
        row = dict([row for row in _rows(connection, table) if not _is_excepted(connection, table, "", row)][-1])
        row.update({name: _another(_TABLES[table].c[name], row[name], 90) for name in _unique(table)})
        row |= {"id": -1} if table == "reminder" else {}  # what comes after those that are sealed is not sealed yet
        connection.execute(_TABLES[table].insert().values(row))
        assert (table, _name(table, row)) in _found(connection, told)


@pytest.mark.parametrize("table", OLDER)
@pytest.mark.parametrize("key", [0, -1])
def test_no_row_is_older_than_all_by_a_number_that_none_is_given(
    city: TwoBureaus, told: State, table: str, key: int
) -> None:
    """Rows before the first that was told may be of earlier versions, but their numbers begin with 1."""
    with _tampering(city) as connection:
        row = dict(_rows(connection, table)[-1])
        row.update({name: _another(_TABLES[table].c[name], row[name], 90) for name in _unique(table)}, id=key)
        connection.execute(_TABLES[table].insert().values(row))
        assert (table, _name(table, row)) in _found(connection, told)


def _unique(table: str) -> set[str]:
    """Return columns in which a copy differs: its number, and one of those that are unique together."""
    together = [
        [column.name for column in constraint.columns]
        for constraint in _TABLES[table].constraints
        if isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint)
    ]
    together += [[column.name for column in index.columns] for index in _TABLES[table].indexes if index.unique]
    return {names[-1] for names in together} | {column.name for column in _TABLES[table].columns if column.unique}
