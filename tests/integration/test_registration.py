"""From a reading to issued tasks, and back out as `tracker.items/1`."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from tests.support.office import BY
from tests.support.readings import NUMBER, TEXT, small_reading, small_registry
from tracker.domain.accounts import SYSTEM, Actor, NotYourTask, Role
from tracker.domain.filings import ReasonRequired
from tracker.domain.lifecycle import AssignmentState, TaskState
from tracker.domain.readings.checking import LabelTwice, NoLead, QuoteNotInText, SpanOutOfText
from tracker.steps.tasking import NothingToDo, NotRegistered
from tracker.store.database import Database
from tracker.store.queries.registered_items import export_items
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.issuing import issue_document
from tracker.usecases.registering import Unclassified, approve_document, register_document, register_units

AT = datetime(2022, 8, 25, 1, 0, tzinfo=UTC)
OFFICE = Actor(None, "督查员", Role.SUPERVISOR)


@pytest.fixture
def city(database: Database) -> Database:
    with database.transaction() as session:
        register_units(session, small_registry(), at=AT)
    return database


def _register(city: Database) -> None:
    with city.transaction() as session:
        assert register_document(session, small_reading(), actor=SYSTEM, at=AT)


def test_registering_twice_changes_nothing(city: Database) -> None:
    _register(city)
    with city.transaction() as session:
        assert register_units(session, small_registry(), at=AT) == 0
        assert not register_document(session, small_reading(), actor=SYSTEM, at=AT)


def test_unclassified_words_block_registration(city: Database) -> None:
    reading = replace(small_reading(), declared=())
    with pytest.raises(Unclassified) as refusal, city.transaction() as session:
        register_document(session, reading, actor=SYSTEM, at=AT)
    assert refusal.value.facts["words"] == "一、主要任务\n"
    with city.reading() as session:
        assert session.scalars(select(DocumentRow)).all() == []


def test_a_reading_that_contradicts_its_text_is_refused(city: Database) -> None:
    reading = small_reading()
    first, second = reading.items
    broken = {
        QuoteNotInText: replace(first, responsibility="责任单位：市教育局"),
        NoLead: replace(first, leads=()),
        SpanOutOfText: replace(first, span=(0, len(TEXT) + 1)),
    }
    for error, item in broken.items():
        with pytest.raises(error), city.transaction() as session:
            register_document(session, replace(reading, items=(item, second)), actor=SYSTEM, at=AT)
    twice = replace(reading, items=(replace(first, span=(0, 5), responsibility=None, cadences=(), targets=()), second))
    again = replace(twice, items=(twice.items[0], replace(second, label=first.label)))
    with pytest.raises(LabelTwice), city.transaction() as session:
        register_document(session, again, actor=SYSTEM, at=AT)


def test_issuing_gives_each_unit_one_assignment(city: Database) -> None:
    _register(city)
    with city.transaction() as session:
        assert approve_document(session, number=NUMBER, basis="市长批示", actor=OFFICE, at=AT) == 2
        assert issue_document(session, number=NUMBER, actor=OFFICE, at=AT, by=BY) == 2
    with city.reading() as session:
        units = {row.id: row.code for row in session.scalars(select(UnitRow))}
        shares = {
            (row.task_id, units[row.unit_id], row.role, row.duty) for row in session.scalars(select(AssignmentRow))
        }
        assert shares == {
            (1, "swj", "lead", "report"),
            (1, "tjj", "support", "reply"),
            (1, "yc", "support", "report"),
            (1, "sp", "support", "report"),
            (2, "wjw", "lead", "report"),
        }
        states = {row.state for row in session.scalars(select(AssignmentRow))}
        assert states == {AssignmentState.PENDING_RECEIPT.value}
        tasks = session.scalars(select(TaskRow).order_by("id")).all()
        assert [(task.state, task.dormant) for task in tasks] == [
            (TaskState.ISSUED.value, False),
            (TaskState.ISSUED.value, True),
        ]


def test_approval_needs_the_office_a_basis_and_proposed_tasks(city: Database) -> None:
    _register(city)
    liaison = Actor(7, "王某", Role.LIAISON, 1)
    with pytest.raises(NotYourTask), city.transaction() as session:
        approve_document(session, number=NUMBER, basis="市长批示", actor=liaison, at=AT)
    with pytest.raises(ReasonRequired), city.transaction() as session:
        approve_document(session, number=NUMBER, basis="  ", actor=OFFICE, at=AT)
    with pytest.raises(NothingToDo), city.transaction() as session:
        issue_document(session, number=NUMBER, actor=OFFICE, at=AT, by=BY)
    with pytest.raises(NotRegistered), city.transaction() as session:
        approve_document(session, number="驻政办〔2022〕100号", basis="市长批示", actor=OFFICE, at=AT)


def test_the_export_repeats_what_was_read(city: Database) -> None:
    _register(city)
    with city.reading() as session:
        exported = export_items(session, number=NUMBER)["documents"]
    assert isinstance(exported, list)
    (document,) = exported
    first, second = document["items"]
    assert document["text"] == TEXT
    assert first["text"] == "1.每月通报一次招商情况，全年不少于2次。"
    assert first["leads"] == [{"printed": "市商务局", "unit": "驻马店市商务局"}]
    assert first["groups"][0]["members"] == ["驿城区人民政府", "遂平县人民政府"]
    assert first["cadence"] == [
        {"kind": "monthly", "n": 1, "basis": "stated", "quote": "每月通报一次", "addressee": None, "bearer": "lead"}
    ]
    assert first["targets"][0]["value"] == 2
    assert second["leads"] == [{"printed": "市卫健体委", "unit": "驻马店市卫生健康体育委员会"}]
    assert [(span["role"], TEXT[span["start"] : span["end"]]) for span in document["coverage"]] == [
        ("heading", "一、主要任务\n"),
        ("item", "1.每月通报一次招商情况，全年不少于2次。"),
        ("responsibility", "（责任单位：市商务局、市统计局，各县区人民政府）\n"),
        ("item", "2.发生疫情后24小时内报告。"),
        ("responsibility", "（责任单位：市卫健体委）"),
    ]
