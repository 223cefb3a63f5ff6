"""A new edition takes the place of the document in force, once."""

from dataclasses import replace

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col

from tests.support.owed_city import OFFICE, assert_reckoned, at, open_owed_city
from tests.support.readings import NUMBER, edition_of, small_reading
from tracker.domain.readings.reading import Reading
from tracker.steps.superseding import NothingToSupersede, SupersededAlready, supersede
from tracker.store.database import Database
from tracker.store.tables.documents import DocumentRow, ItemSuccessionRow
from tracker.store.tables.tasks import TaskRow
from tracker.usecases.ending import cancel_task, suspend_task
from tracker.usecases.registering import register_document

_SECOND, _THIRD = "驻政办〔2022〕109号", "驻政办〔2022〕119号"


def _supersede(session: Session, replaced: str, number: str, *, reading: Reading | None = None) -> None:
    reading = edition_of(reading or small_reading(), number=number)
    register_document(session, reading, actor=OFFICE, at=at(9, 5))
    document_id = session.scalars(select(col(DocumentRow.id)).where(col(DocumentRow.number) == number)).one() or 0
    supersede(session, number=replaced, by_document_id=document_id, actor=OFFICE, at=at(9, 5))


def test_a_document_is_replaced_once_and_then_by_way_of_its_last_edition(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        suspend_task(session, task_id=city.task_id(), reason="疫情防控", actor=OFFICE, at=at(9, 1))
    with database.transaction() as session:
        _supersede(session, NUMBER, _SECOND)
    with pytest.raises(SupersededAlready) as refused, database.transaction() as session:
        _supersede(session, NUMBER, _THIRD)
    assert refused.value.facts == {"number": NUMBER, "by_number": _SECOND}
    with database.transaction() as session:
        _supersede(session, _SECOND, _THIRD)
    with database.reading() as session:
        states = session.scalars(select(col(TaskRow.state)).order_by(col(TaskRow.id))).all()
    assert states == ["cancelled"] * 4 + ["proposed"] * 2
    assert_reckoned(database)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)  # SQLite lets one writer in
def test_of_two_editions_at_once_the_later_one_waits_also_where_no_task_is_open_and_no_item_goes_on(
    database: Database,
) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        for task in session.scalars(select(TaskRow)):
            cancel_task(session, task_id=task.id or 0, reason="另文部署", actor=OFFICE, at=at(9, 1))
        for number in (_SECOND, _THIRD):
            register_document(session, edition_of(_unlike(), number=number), actor=OFFICE, at=at(9, 5))
        ids = dict(session.execute(select(col(DocumentRow.number), col(DocumentRow.id))).all())

    def replace_by(session: Session, number: str) -> None:
        supersede(session, number=NUMBER, by_document_id=ids[number] or 0, actor=OFFICE, at=at(9, 5))

    with database.transaction() as first:
        replace_by(first, _SECOND)
        with pytest.raises(OperationalError, match="lock timeout"), database.transaction() as second:
            second.execute(text("SET LOCAL lock_timeout = '20ms'"))
            replace_by(second, _THIRD)
    with pytest.raises(SupersededAlready), database.transaction() as second:
        replace_by(second, _THIRD)
    assert_reckoned(city.database)


def _unlike() -> Reading:
    """Return a document that has not one item in common with the small one."""
    text, reading = "市商务局负责整理档案。", small_reading()
    item = replace(reading.items[0], span=(0, len(text)), responsibility="市商务局", responsibility_span=(0, 4))
    item = replace(item, supports=(), groups=(), cadences=(), targets=(), title="整理档案")
    return replace(reading, text=text, items=(item,), declared=())


def test_a_document_is_replaced_once_also_where_no_item_goes_on(database: Database) -> None:
    open_owed_city(database)
    with database.transaction() as session:
        _supersede(session, NUMBER, _SECOND, reading=_unlike())
    with database.reading() as session:
        assert session.scalars(select(ItemSuccessionRow)).all() == []
    with pytest.raises(SupersededAlready) as refused, database.transaction() as session:
        _supersede(session, NUMBER, _THIRD)
    assert refused.value.facts == {"number": NUMBER, "by_number": _SECOND}


def test_neither_an_unknown_document_nor_the_new_one_itself_is_replaced(database: Database) -> None:
    open_owed_city(database)
    with database.reading() as session:
        document_id = session.scalars(select(col(DocumentRow.id))).one() or 0
    for number in (NUMBER, _SECOND):
        with pytest.raises(NothingToSupersede), database.transaction() as session:
            supersede(session, number=number, by_document_id=document_id, actor=OFFICE, at=at(9, 5))
