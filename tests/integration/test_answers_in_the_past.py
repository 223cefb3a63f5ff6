"""What an answer of the office settles, and a day that is past already: none gives time that nobody decided."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.office import BY, CALENDAR, OFFICE, City, open_city
from tests.support.readings import NUMBER, small_reading, small_registry
from tracker.domain.accounts import EVERY_UNIT, SYSTEM
from tracker.domain.calendar import end_of_day
from tracker.domain.entered import DayOutOfBounds
from tracker.domain.errors import BadInput
from tracker.domain.intervals import OnlyCompletionLeft
from tracker.domain.items import CadenceKind, QuestionTopic
from tracker.steps.tasks import DeadlineInThePast
from tracker.store.database import Database
from tracker.store.queries.owed_lists import count_overdue
from tracker.store.tables.documents import QuestionRow
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow
from tracker.store.tables.tasks import TaskRow
from tracker.usecases.answering import Answer, DeadlineBeforeIssue, answer_question
from tracker.usecases.issuing import issue_document
from tracker.usecases.registering import approve_document, register_document, register_units
from tracker.wording.refusals import sentence

NOW = datetime(2022, 9, 29, 2, 0, tzinfo=UTC)
MUCH_LATER = datetime(2022, 11, 8, 2, 0, tzinfo=UTC)


def _answer(city: City, day: date, *, at: datetime = NOW) -> None:
    with city.database.transaction() as session:
        question = QuestionRow(item_id=1, topic=QuestionTopic.DATE.value, words="没有写明期限。")
        session.add(question)
        session.flush()
        command = Answer(question_id=question.id or 0, words="按此办理", day=day)
        answer_question(session, command, actor=OFFICE, at=at, by=BY)


def _open_finals(city: City) -> list[datetime]:
    with city.database.reading() as session:
        wanted = select(FormRow, PeriodRow).join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        finals = session.execute(wanted.where(col(FormRow.final), col(FormRow.state) == "open")).all()
        return [row.due_at or period.due_at for row, period in finals]


def _overdue(city: City, at: datetime) -> int:
    with city.database.reading() as session:
        return count_overdue(session, now=at, unit_ids=EVERY_UNIT)


@pytest.mark.parametrize("day", [date(2022, 8, 24), date(2022, 8, 31), date(2022, 9, 20)])
@pytest.mark.parametrize("at", [NOW, MUCH_LATER])
def test_no_answer_gives_an_issued_task_a_day_that_is_past(database: Database, day: date, at: datetime) -> None:
    city = open_city(database)
    city.sweep(at)
    before = _overdue(city, at)
    with pytest.raises(DeadlineInThePast) as refused:
        _answer(city, day, at=at)
    said = sentence(refused.value)
    assert said.startswith("期限")
    assert f"{day.month}月{day.day}日" in said
    assert said.endswith("已过，请填今天或者以后的日期。")
    assert _overdue(city, at) == before


def test_before_issue_a_past_day_says_what_the_document_meant_and_issuing_gives_ten_working_days(
    database: Database,
) -> None:
    with database.transaction() as session:
        register_units(session, small_registry(), at=NOW)
        register_document(session, small_reading(), actor=SYSTEM, at=NOW)
        approve_document(session, number=NUMBER, basis="会议议定", actor=OFFICE, at=NOW)
    city = City(database)
    _answer(city, date(2022, 9, 20), at=MUCH_LATER)
    with database.transaction() as session:
        issue_document(session, number=NUMBER, actor=OFFICE, at=MUCH_LATER, by=BY)
    arrears = CALENDAR.add_workdays(MUCH_LATER.date(), BY.policy.arrears_workdays)
    assert _open_finals(city) == [end_of_day(arrears)]
    assert _overdue(city, MUCH_LATER) == 0


def test_an_answer_about_the_interval_gives_an_overdue_row_no_time(database: Database) -> None:
    city = open_city(database)
    city.sweep(MUCH_LATER)
    before = _overdue(city, MUCH_LATER)
    assert before
    with database.transaction() as session:
        task = session.get_one(TaskRow, 1)
        task.due_on = date(2022, 9, 20)
        question = QuestionRow(item_id=1, topic=QuestionTopic.INTERVAL.value, words="没有写明间隔。")
        session.add(question)
        session.flush()
        command = Answer(question_id=question.id or 0, words="按季报", interval=CadenceKind.QUARTERLY)
        with pytest.raises(OnlyCompletionLeft):
            answer_question(session, command, actor=OFFICE, at=MUCH_LATER, by=BY)
        answer_question(session, replace(command, interval=None), actor=OFFICE, at=MUCH_LATER, by=BY)
    assert _overdue(city, MUCH_LATER) == before


@pytest.mark.parametrize(
    ("day", "refusal"),
    [
        (date(2022, 8, 23), DeadlineBeforeIssue),
        (date(1900, 1, 1), DayOutOfBounds),
        (date(9999, 12, 31), DayOutOfBounds),
    ],
)
def test_a_day_before_the_document_or_of_another_century_is_refused(
    database: Database, day: date, refusal: type[BadInput]
) -> None:
    city = open_city(database)
    with pytest.raises(refusal) as refused:
        _answer(city, day)
    assert sentence(refused.value).startswith("期限")
    with city.database.reading() as session:
        assert session.get_one(TaskRow, 1).due_on is None


def test_an_answer_settles_the_item_that_its_question_is_about_and_no_other(database: Database) -> None:
    open_city(database)
    days = {1: date(2022, 12, 31), 2: date(2022, 12, 30)}
    with database.transaction() as session:
        asked = {
            item_id: QuestionRow(item_id=item_id, topic=QuestionTopic.DATE.value, words="没有写明期限。")
            for item_id in days
        }
        session.add_all(asked.values())
        session.flush()
        duties = session.scalars(select(DutyRow).where(col(DutyRow.assignment_id).is_not(None))).all()
        for item_id, settled in ((2, {2}), (1, {1, 2})):
            command = Answer(question_id=asked[item_id].id or 0, words="按此办理", day=days[item_id])
            answer_question(session, command, actor=OFFICE, at=NOW, by=BY)
            due = {task.item_id: task.due_on for task in session.scalars(select(TaskRow))}
            assert due == {item: day if item in settled else None for item, day in days.items()}
            assert {item for item, question in asked.items() if question.answered_at is not None} == settled
            assert {duty.until_on for duty in duties} == {due[1]}, "the duties are those of the first item"
