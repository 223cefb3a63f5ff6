"""A question answered with a day that is past already: the completion is asked for, and nobody is late at once."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import col, select

from tests.support.office import BY, CALENDAR, OFFICE, City, open_city
from tracker.domain.calendar import end_of_day
from tracker.domain.entered import DayOutOfBounds
from tracker.domain.errors import BadInput
from tracker.domain.items import QuestionTopic
from tracker.messages import sentence
from tracker.store.database import Database
from tracker.store.queries.owed_lists import count_overdue
from tracker.store.tables.documents import ItemCadenceRow, QuestionRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import TaskRow
from tracker.usecases.answering import Answer, DeadlineBeforeIssue, answer_question

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
        finals = session.exec(wanted.where(col(FormRow.final), col(FormRow.state) == "open")).all()
        return [row.due_at or period.due_at for row, period in finals]


def _overdue(city: City, at: datetime) -> int:
    with city.database.reading() as session:
        return count_overdue(session, now=at, unit_ids=None)


@pytest.mark.parametrize("day", [date(2022, 8, 24), date(2022, 8, 31), date(2022, 9, 20)])
@pytest.mark.parametrize("at", [NOW, MUCH_LATER])
def test_the_completion_is_due_ten_working_days_after_the_answer(database: Database, day: date, at: datetime) -> None:
    city = open_city(database)
    city.sweep(at)
    before = _overdue(city, at)
    _answer(city, day, at=at)
    arrears = CALENDAR.add_workdays(at.date(), BY.policy.arrears_workdays)
    finals = _open_finals(city)
    assert finals
    assert min(finals) >= end_of_day(arrears)
    assert _overdue(city, at) <= before
    city.sweep(end_of_day(arrears))
    assert _overdue(city, end_of_day(CALENDAR.add_workdays(at.date(), 40))) > 0


def test_a_task_without_a_rhythm_is_asked_for_its_completion_once(database: Database) -> None:
    city = open_city(database)
    with city.database.transaction() as session:
        for cadence in session.exec(select(ItemCadenceRow).where(col(ItemCadenceRow.item_id) == 1)).all():
            session.delete(cadence)
    _answer(city, date(2022, 9, 20), at=MUCH_LATER)
    finals = _open_finals(city)
    assert finals
    assert min(finals) >= end_of_day(CALENDAR.add_workdays(MUCH_LATER.date(), BY.policy.arrears_workdays))


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
