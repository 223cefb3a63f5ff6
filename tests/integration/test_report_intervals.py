"""How often a task is reported whose document leaves it to the office 「报送间隔」."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, LEADER, OFFICE, OwedCity, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.report_demands import (
    IRREGULAR,
    K,
    assert_told,
    choose,
    demanding_city,
    is_overdue,
    key,
    lift,
    nothing,
    open_reading,
    open_rows,
    standing,
    told,
)
from tracker.domain.accounts import SYSTEM
from tracker.domain.errors import Rejected
from tracker.domain.intervals import (
    IntervalNotAsked,
    IntervalPrinted,
    KeyIsMonthly,
    NotForTheOffice,
    OnlyCompletionLeft,
    ReportsNotOpen,
)
from tracker.domain.items import Basis, CadenceKind, QuestionTopic
from tracker.domain.plan_ends import PlanEnd
from tracker.domain.readings.demands import Cadence
from tracker.steps.rereading import reread_documents
from tracker.store.database import Database
from tracker.store.queries.report_demands import interval_of_office
from tracker.store.tables.documents import ItemCadenceRow, QuestionRow
from tracker.store.tables.tasks import TaskRow
from tracker.usecases.answering import Answer, answer_question
from tracker.usecases.ending import suspend_task
from tracker.usecases.issuing import issue_document
from tracker.usecases.plan_ends import correct_plan_end
from tracker.usecases.registering import approve_document, register_document
from tracker.usecases.report_demands import KeyAlready, NotKey, SameInterval, set_interval
from tracker.usecases.sharing import change_deadline
from tracker.wording.refusals import sentence


@pytest.mark.parametrize(
    ("kind", "first"),
    [
        (K.EVERY_10_DAYS, "2022-10T2"),
        (K.MONTHLY, "2022-10"),
        (K.BIMONTHLY, "2022B6"),
        (K.HALF_YEARLY, "2022H2"),
        (K.YEARLY, "2022"),
    ],
)
@pytest.mark.parametrize("cadences", [(), (IRREGULAR,), (Cadence(K.CONTINUOUS, Basis.STATED, None, "每月通报一次"),)])
def test_the_office_chooses_how_often_is_reported_where_the_document_leaves_it_open(
    database: Database, kind: CadenceKind, first: str, cadences: tuple[Cadence, ...]
) -> None:
    city = demanding_city(database, *cadences)
    choose(city, kind, at(10, 12))
    assert min(open_rows(city)) == first
    assert "2022Q4" not in open_rows(city)
    assert not is_overdue(city, at(10, 12))
    assert_told(city, at(10, 12))


def test_lasting_work_that_is_a_key_item_is_reported_monthly(database: Database) -> None:
    city = demanding_city(database, IRREGULAR)
    key(city, at(10, 12))
    assert open_rows(city) == ["2022-10", "2022-11"]
    choose(city, K.EVERY_10_DAYS, at(10, 12, hour=10))
    assert min(open_rows(city)) == "2022-10T2"
    with pytest.raises(KeyIsMonthly), database.transaction():
        choose(city, K.QUARTERLY, at(10, 12, hour=11))


def test_a_printed_interval_is_not_the_offices_to_change_but_the_item_may_be_a_key_item(database: Database) -> None:
    city = demanding_city(database, Cadence(K.MONTHLY, Basis.STATED, 1, "每月通报一次"), grown=at(9, 2))
    with pytest.raises(IntervalPrinted) as refused:
        choose(city, K.QUARTERLY, at(9, 2))
    assert "文件已写明该事项的报送要求（每月）" in sentence(refused.value)
    before_it = standing(city)
    key(city, at(9, 2))
    assert standing(city) == before_it
    assert told(city, "task.key_marked")["changes"] == []


def test_what_waits_for_an_event_has_no_interval(database: Database) -> None:
    demanding_city(database)
    with database.transaction() as session, pytest.raises(IntervalNotAsked):
        set_interval(session, task_id=2, interval=K.MONTHLY, reason="x", actor=OFFICE, at=at(10, 12), by=BY)


def _suspend(city: OwedCity) -> None:
    with city.database.transaction() as session:
        suspend_task(session, task_id=city.task_id(), reason="疫情防控", actor=OFFICE, at=at(10, 9))


def _mark(city: OwedCity) -> None:
    key(city, at(10, 9))


@pytest.mark.parametrize(
    ("before", "act", "refusal"),
    [
        (_suspend, lambda city: key(city, at(10, 12)), ReportsNotOpen),
        (_suspend, lambda city: choose(city, K.MONTHLY, at(10, 12)), ReportsNotOpen),
        (nothing, lambda city: key(city, at(11, 21)), OnlyCompletionLeft),
        (_mark, lambda city: key(city, at(10, 12)), KeyAlready),
        (nothing, lambda city: lift(city, at(10, 12)), NotKey),
        (nothing, lambda city: choose(city, K.QUARTERLY, at(10, 12)), SameInterval),
        (nothing, lambda city: choose(city, K.DAILY, at(10, 12)), NotForTheOffice),
    ],
)
def test_what_does_not_fit_is_refused_in_words_and_changes_nothing(
    database: Database,
    before: Callable[[OwedCity], None],
    act: Callable[[OwedCity], None],
    refusal: type[Rejected],
) -> None:
    city = demanding_city(database, deadline_on=date(2022, 11, 20))
    before(city)
    before_it = standing(city)
    with pytest.raises(refusal) as refused:
        act(city)
    assert sentence(refused.value)
    assert standing(city) == before_it


def test_the_log_tells_whose_forms_change_and_from_which_period_on(database: Database) -> None:
    city = demanding_city(database)
    choose(city, K.MONTHLY, at(10, 25))
    said = told(city, "task.interval_set")
    assert (said["interval"], said["reason"]) == ("monthly", "统筹报送")
    change = {"unit_id": city.unit_id("swj"), "old": ["quarterly"], "new": ["monthly"], "first": "2022-11"}
    assert said["changes"] == [change]


def test_the_period_from_which_a_form_changes_is_that_of_the_task_and_not_of_another(database: Database) -> None:
    city = demanding_city(database)
    other = small_reading(number="驻政办〔2022〕98号")
    with database.transaction() as session:
        register_document(session, other, actor=SYSTEM, at=at(10, 8))
        approve_document(session, number=other.number, basis="市政府常务会议议定", actor=OFFICE, at=at(10, 8))
        issue_document(session, number=other.number, actor=OFFICE, at=at(10, 8), by=BY)
    choose(city, K.MONTHLY, at(10, 25))
    change = {"unit_id": city.unit_id("swj"), "old": ["quarterly"], "new": ["monthly"], "first": "2022-11"}
    assert told(city, "task.interval_set")["changes"] == [change]


def test_a_deadline_ahead_is_asked_for_once_in_the_new_rhythm(database: Database) -> None:
    city = demanding_city(database, deadline_on=date(2022, 11, 20))
    assert city.rows("swj")["2022Q4"].final
    choose(city, K.MONTHLY, at(10, 12))
    finals = {code: row.state for code, row in city.rows("swj").items() if row.final}
    assert finals == {"2022Q4": "waived", "2022-11": "open"}
    assert_told(city, at(10, 12))


def _ask(city: OwedCity, topic: QuestionTopic = QuestionTopic.INTERVAL) -> int:
    with city.database.transaction() as session:
        item_id = session.get_one(TaskRow, city.task_id()).item_id
        question = QuestionRow(item_id=item_id, topic=topic.value, words="间隔不明。")
        session.add(question)
        session.flush()
        return question.id or 0


def _answer(city: OwedCity, question_id: int, kind: CadenceKind | None, when: datetime) -> None:
    with city.database.transaction() as session:
        answer = Answer(question_id=question_id, words="按此报送", interval=kind)
        answer_question(session, answer, actor=OFFICE, at=when, by=BY)


def _answered(city: OwedCity) -> dict[int, str | None]:
    with city.database.reading() as session:
        return {row.id or 0: row.answer for row in session.scalars(select(QuestionRow))}


def test_an_answer_that_sets_an_interval_asks_for_nothing_before_its_day(database: Database) -> None:
    city = demanding_city(database)
    _answer(city, _ask(city), K.MONTHLY, at(10, 12))
    assert open_rows(city) == ["2022-10", "2022-11"]
    assert_told(city, at(10, 12))


@pytest.mark.parametrize("when", [at(6, 8, year=2023), at(6, 20, year=2023)])
def test_a_task_registered_after_its_plan_goes_on_being_reported_in_the_new_rhythm(
    database: Database, when: datetime
) -> None:
    reading = replace(open_reading(), plan_end=PlanEnd(date(2022, 12, 31)))
    city = open_owed_city(database, reading=reading, when=at(6, 1, year=2023), from_on=date(2023, 4, 1))
    key(city, when)
    first = "2023-06" if when.day < 15 else "2023-07"
    assert min(code for code in open_rows(city) if "Q" not in code) == first
    assert not is_overdue(city, when)


def test_a_document_that_is_read_anew_keeps_the_interval_that_the_office_set(database: Database) -> None:
    city = demanding_city(database, IRREGULAR)
    choose(city, K.BIMONTHLY, at(10, 12))
    with database.transaction() as session:
        assert reread_documents(session, [open_reading(IRREGULAR)], at=at(10, 13)) == 1
        kinds = session.scalars(
            select(col(ItemCadenceRow.kind))
            .where(col(ItemCadenceRow.item_id) == city.task().item_id)
            .order_by(col(ItemCadenceRow.position))
        ).all()
        others = set(session.scalars(select(col(TaskRow.id)))) - {city.task_id()}
        assert interval_of_office(session, city.task_id()) is K.BIMONTHLY
        assert others
        assert {interval_of_office(session, task_id or 0) for task_id in others} == {None}
    assert kinds == ["irregular", "bimonthly"]


def test_what_one_change_of_the_interval_left_is_weighed_against_the_next(database: Database) -> None:
    city = demanding_city(database)
    choose(city, K.MONTHLY, at(12, 20))
    assert open_rows(city) == ["2022Q4", "2023-01"]
    choose(city, K.HALF_YEARLY, at(12, 21))
    assert open_rows(city) == ["2022H2", "2023H1"]
    assert_told(city, at(12, 21))


@pytest.mark.parametrize("by_deadline", [True, False])
def test_another_end_asks_for_no_window_before_the_one_with_which_a_unit_began(
    database: Database, by_deadline: bool
) -> None:
    city = open_owed_city(database, reading=replace(open_reading(), plan_end=PlanEnd(date(2022, 12, 31))))
    city.grow(at(11, 10))
    assert open_rows(city) == ["2022Q4"]

    def end(day: date, when: datetime) -> None:
        said = {"new_on": day, "reason": "会议议定", "actor": OFFICE, "at": when, "by": BY}
        with database.transaction() as session:
            if by_deadline:
                change_deadline(session, task_id=city.task_id(), **said)  # type: ignore[arg-type] # by name
            else:
                correct_plan_end(session, document_id=1, **said)  # type: ignore[arg-type] # by name

    end(date(2022, 12, 15), at(11, 15))
    city.grow(at(11, 16))
    assert open_rows(city) == ["2022Q4"]
    end(date(2022, 12, 31) if not by_deadline else date(2022, 12, 30), at(11, 17))
    city.grow(at(12, 5))
    assert open_rows(city) == ["2022Q4"]
    assert not is_overdue(city, at(12, 6))
    assert_told(city, at(12, 6))


def test_nobody_is_asked_for_the_weeks_after_a_deadline_that_was_moved_on_long_after(database: Database) -> None:
    city = demanding_city(database)
    choose(city, K.EVERY_10_DAYS, at(10, 12))
    with database.transaction() as session:
        task_id, said = city.task_id(), {"reason": "会议议定", "actor": LEADER, "by": BY}
        change_deadline(session, task_id=task_id, new_on=date(2022, 11, 8), at=at(10, 13), **said)  # type: ignore[arg-type] # by name
    city.grow(at(11, 9))
    before = {code for code, row in city.rows("swj").items() if row.state == "open"}
    with database.transaction() as session:
        change_deadline(session, task_id=task_id, new_on=date(2023, 2, 8), at=at(12, 14), **said)  # type: ignore[arg-type] # by name
    city.grow(at(12, 15))
    asked = {code for code, row in city.rows("swj").items() if row.state == "open"}
    assert sorted(asked - before) == ["2022-12T2", "2022-12T3"]
    assert_told(city, at(12, 15))
