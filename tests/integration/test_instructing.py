"""A leader instructs units 「批示」: whom he asks, what comes back to him, how it opens again, and who reads of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.accounts import NewUser, create_user
from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.together import together
from tracker.domain.accounts import EVERY_UNIT, Actor, NotYourTask, Role
from tracker.domain.claims import RowContent
from tracker.domain.deliveries import Outgoing
from tracker.domain.entries import Entry
from tracker.domain.errors import BadInput, NotFound
from tracker.domain.filings import FilingKind, RowEnded
from tracker.domain.inquiries import InquiryOver, InquiryWordsMissing, WantedDayPast
from tracker.domain.instructions import (
    GivenAlready,
    GivenInTheFuture,
    Haste,
    InstructionOver,
    NobodyInstructed,
    NoSuchLeader,
)
from tracker.store.database import Database
from tracker.store.queries.earlier import before
from tracker.store.queries.form_parts import reports_of_shares
from tracker.store.queries.inquiries import asked_of_units, inquiries_on
from tracker.store.queries.inquiry_views import Inquiry
from tracker.store.queries.instructions import (
    Instruction,
    count_news,
    instructions_of,
    leaders,
    open_instructions,
)
from tracker.store.queries.task_ledger import last_facts
from tracker.store.queries.tasks import task_view
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UserRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import cancel_task, suspend_task
from tracker.usecases.filing import SubmitOne, sign_off, submit_one
from tracker.usecases.inquiring import remind, withdraw_inquiry
from tracker.usecases.instructing import Instruct, close_instruction, instruct, instruct_together, read_instruction
from tracker.usecases.sharing import release_share
from tracker.usecases.sweeping import sweep

WORDS = "请商务局说明签约为何落后，下月如何赶上。"
GIVEN = at(9, 26)  # a Monday


@pytest.fixture
def city(database: Database) -> OwedCity:
    opened = open_owed_city(database)
    with database.transaction() as session:
        for login, name in (("mayor", "张市长"), ("deputy", "李副市长")):
            create_user(session, NewUser(login, name, Role.LEADER, "x"))
    return opened


def _leader(city: OwedCity, login: str = "mayor") -> Actor:
    with city.database.reading() as session:
        found = session.scalars(select(UserRow).where(col(UserRow.login) == login)).one()
        return Actor(found.id, found.name, Role.LEADER)


def _instruct(city: OwedCity, *codes: str, by: Actor | None = None, when: datetime = GIVEN, **more: Any) -> int:
    shares = [city.share(code).id or 0 for code in codes]
    command = Instruct(task_id=city.task_id(), shares=shares, words=WORDS, given_on=when.date(), haste=Haste.URGENT)
    with city.database.transaction() as session:
        return instruct(session, replace(command, **more), actor=by or _leader(city), at=when, by=BY)


def _asked(city: OwedCity, code: str) -> AskedRow:
    """Return what a unit was asked last."""
    with city.database.reading() as session:
        wanted = select(AskedRow).where(col(AskedRow.assignment_id) == city.share(code).id)
        return session.scalars(wanted.order_by(col(AskedRow.id).desc())).first()  # type: ignore[return-value] # asked


def _answer(city: OwedCity, code: str, *, when: datetime = GIVEN, text: str = "因项目入库晚，10月底赶上。") -> None:
    entry = Entry(city.share(code).id or 0, RowContent(text=text, claim=None))
    with city.database.transaction() as session:
        command = SubmitOne(FilingKind.REPLY, entry, answers=_asked(city, code).id)
        filing_id = submit_one(session, command, actor=city.liaison(code), at=when)
    with city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head(code), at=when)


def _echo(city: OwedCity, login: str = "mayor") -> list[Instruction]:
    with city.database.reading() as session:
        return list(instructions_of(session, leader_id=_leader(city, login).user_id or 0, limit=50, offset=0))


def _standing(inquiry: Inquiry) -> list[tuple[str, str, str | None]]:
    return [(unit.unit_name, unit.state, unit.answer.text if unit.answer else None) for unit in inquiry.units]


def _close(city: OwedCity, instruction_id: int, actor: Actor, *, when: datetime = GIVEN) -> None:
    with city.database.transaction() as session:
        close_instruction(session, instruction_id=instruction_id, actor=actor, at=when)


def _sweep(city: OwedCity, when: datetime) -> None:
    sweep(city.database, now=when, by=BY, outgoing=Outgoing(mail=False, machine_now=when))


def test_an_answer_is_neither_the_last_fact_of_the_work_nor_what_the_next_form_goes_on_from(city: OwedCity) -> None:
    told = city.file("swj", "2022-09", when=at(9, 27))
    city.grow(at(10, 2))
    _instruct(city, "swj", when=at(10, 10))
    _answer(city, "swj", when=at(10, 11))
    with city.database.reading() as session:
        filed = session.get_one(ReportRow, told)
        fact = last_facts(session, [city.task_id()], unit_ids=EVERY_UNIT)[city.task_id()]
        share = city.share("swj").id or 0
        reports = reports_of_shares(session, [share])[share]
        earlier = before(reports, ends_on=date(2022, 10, 31), row_id=None)
    assert len(reports) == 2
    assert (fact.text, fact.at) == (filed.text, filed.filed_at)
    assert [one.report_id for one in earlier] == [told]


def _asks(city: OwedCity) -> list[tuple[date, str | None]]:
    with city.database.reading() as session:
        rows = session.scalars(select(InquiryRow).order_by(col(InquiryRow.id))).all()
        return [(row.answer_by, row.haste) for row in rows]


def test_each_unit_named_is_asked_by_a_working_day_and_its_answer_comes_back_to_the_leader(city: OwedCity) -> None:
    _instruct(city, "swj", "tjj")
    with city.database.reading() as session:
        [asked] = asked_of_units(session, unit_ids=[city.unit_id("swj")])  # a lead is asked as any other
    assert (asked.words, asked.asked_by, asked.given_on, asked.haste) == (WORDS, "张市长", date(2022, 9, 26), "urgent")
    assert asked.answer_by == date(2022, 10, 8)  # five working days on: the holiday is none of them, the Saturday is
    _answer(city, "swj")
    [echo] = _echo(city)
    assert _standing(echo.writings[0]) == [
        ("市商务局", "answered", "因项目入库晚，10月底赶上。"),
        ("市统计局", "open", None),
    ]
    assert echo.news
    read = partial(read_instruction, instruction_id=echo.instruction_id, actor=_leader(city), at=at(9, 27))
    with city.database.transaction() as session:
        assert not read(session, shown=0), "of a page from before the answer"
    assert _echo(city)[0].news
    with city.database.transaction() as session:
        assert read(session, shown=echo.news)
    assert not _echo(city)[0].news
    assert_reckoned(city.database)


@pytest.mark.parametrize(
    ("haste", "until"),
    [(Haste.URGENT, date(2022, 10, 8)), (Haste.ORDINARY, date(2022, 10, 20)), (Haste.STANDING, date(2022, 10, 8))],
)
def test_the_haste_proposes_the_day_and_the_leader_may_set_another(city: OwedCity, haste: Haste, until: date) -> None:
    _instruct(city, "swj", haste=haste)
    _instruct(city, "tjj", haste=haste, answer_by=date(2022, 9, 27))
    assert [day for day, _haste in _asks(city)] == [until, date(2022, 9, 27)]


def test_the_office_writes_down_a_leaders_words_and_says_so(city: OwedCity) -> None:
    leader = _leader(city)
    _instruct(city, "swj", by=OFFICE, leader_id=leader.user_id, given_on=date(2022, 9, 23))
    [echo] = _echo(city)
    assert (echo.writings[0].asked_by, echo.writings[0].recorded_by) == ("张市长", "督查员")
    with city.database.reading() as session:
        view = task_view(session, task_id=city.task_id(), unit_ids=EVERY_UNIT, now=GIVEN)
    assert view is not None
    assert view.events[0].type == "instruction.given"
    _close(city, echo.instruction_id, OFFICE)  # by his word
    assert_reckoned(city.database)


def test_a_new_writing_asks_again_and_opens_what_was_ended(city: OwedCity) -> None:
    instruction_id = _instruct(city, "swj", "tjj")
    _answer(city, "swj")
    _close(city, instruction_id, _leader(city))
    assert _asked(city, "tjj").state == "withdrawn"
    with pytest.raises(InstructionOver):
        _close(city, instruction_id, _leader(city))
    again = _instruct(city, "swj", words="再报一次", when=at(9, 29), again=instruction_id)
    assert again == instruction_id
    [echo] = _echo(city)
    assert echo.closed_at is None
    assert [(one.words, [unit.state for unit in one.units]) for one in echo.writings] == [
        ("再报一次", ["open"]),
        (WORDS, ["answered", "withdrawn"]),
    ]
    assert_reckoned(city.database)


def test_what_was_sent_twice_is_given_once(city: OwedCity) -> None:
    """Back and send again, another session, the office besides: the same words to the same units stand once."""
    first = _instruct(city, "swj", "tjj")
    mayor = _leader(city)
    for sent in ({}, {"haste": Haste.ORDINARY}, {"by": OFFICE, "leader_id": mayor.user_id}, {"again": first}):
        with pytest.raises(GivenAlready):
            _instruct(city, "tjj", "swj", **sent)
    assert [echo.instruction_id for echo in _echo(city)] == [first]
    assert len(_asks(city)) == 1
    _instruct(city, "swj", "tjj", by=_leader(city, "deputy"))
    _instruct(city, "swj")
    _instruct(city, "swj", "tjj", words="再报一次")
    _instruct(city, "swj", "tjj", when=at(9, 27))
    assert len(_asks(city)) == 5
    assert_reckoned(city.database)


def test_the_same_words_may_be_written_again_once_somebody_answered_or_it_was_ended(city: OwedCity) -> None:
    first = _instruct(city, "swj")
    _answer(city, "swj")
    with pytest.raises(GivenAlready):
        _instruct(city, "swj")
    _instruct(city, "swj", again=first)
    _close(city, first, _leader(city))
    _instruct(city, "swj")
    assert len(_asks(city)) == 3
    both = _instruct(city, "tjj", "yc")
    _answer(city, "tjj")  # one of two is enough
    _instruct(city, "tjj", "yc", again=both)
    assert len(_asks(city)) == 5


def test_two_who_send_the_same_at_once_give_it_once(city: OwedCity) -> None:
    def give() -> bool:
        try:
            return bool(_instruct(city, "swj"))
        except GivenAlready:
            return False

    assert sorted(together(give, give)) == [False, True]
    assert len(_asks(city)) == 1


def test_a_unit_that_is_asked_anew_answers_once(city: OwedCity) -> None:
    instruction_id = _instruct(city, "swj", "tjj")
    _instruct(city, "swj", words="今天就报", when=at(9, 27), again=instruction_id)
    with city.database.reading() as session:
        [asked] = asked_of_units(session, unit_ids=[city.unit_id("swj")])
        [other] = asked_of_units(session, unit_ids=[city.unit_id("tjj")])
    assert (asked.words, other.words) == ("今天就报", WORDS)
    assert_reckoned(city.database)


def test_an_answer_that_lies_with_the_head_is_not_lost_when_the_unit_is_asked_anew(city: OwedCity) -> None:
    instruction_id = _instruct(city, "swj", haste=Haste.STANDING, when=at(10, 10))
    entry = Entry(city.share("swj").id or 0, RowContent(text="已赶上", claim=None))
    with city.database.transaction() as session:
        command = SubmitOne(FilingKind.REPLY, entry, answers=_asked(city, "swj").id)
        filing_id = submit_one(session, command, actor=city.liaison("swj"), at=at(10, 17))
    _sweep(city, at(10, 18))
    with city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=at(10, 18, hour=11))
    [echo] = _echo(city)
    assert [[(unit.state, unit.answer is not None) for unit in one.units] for one in echo.writings] == [
        [("open", False)],
        [("answered", True)],
    ]
    assert echo.instruction_id == instruction_id
    assert_reckoned(city.database)


def _complete(city: OwedCity) -> None:
    report_id = city.complete("swj", when=at(9, 27))
    with city.database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(9, 27))


def test_an_instruction_outlives_the_completion_and_opens_again_after_it_without_the_task(city: OwedCity) -> None:
    instruction_id = _instruct(city, "swj")
    _complete(city)
    assert _asked(city, "swj").state == "open"
    _answer(city, "swj", when=at(9, 28))
    assert _asked(city, "swj").state == "answered"
    _close(city, instruction_id, _leader(city), when=at(9, 28))
    _instruct(city, "swj", words="成效如何", when=at(10, 10), again=instruction_id)
    assert city.task().state == "completed"
    with city.database.reading() as session:
        assert [one.instruction_id for one in open_instructions(session, limit=50)] == [instruction_id]
    _answer(city, "swj", when=at(10, 11))
    assert _echo(city)[0].writings[0].answered
    assert_reckoned(city.database)


def test_it_ends_with_the_task_or_the_share_that_is_gone(city: OwedCity) -> None:
    _instruct(city, "tjj", "yc")
    with city.database.transaction() as session:
        release_share(session, assignment_id=city.share("yc").id or 0, reason="调整", actor=OFFICE, at=at(9, 27), by=BY)
    assert (_asked(city, "yc").cause, _asked(city, "tjj").state) == ("share_released", "open")
    with city.database.transaction() as session:
        cancel_task(session, task_id=city.task_id(), reason="调整", actor=OFFICE, at=at(9, 28))
    assert _asked(city, "tjj").cause == "task_cancelled"
    with pytest.raises(RowEnded):
        _instruct(city, "tjj", when=at(9, 29))
    assert_reckoned(city.database)


def test_an_answer_that_lay_with_the_head_when_the_work_was_suspended_is_told_to_the_leader(city: OwedCity) -> None:
    _instruct(city, "tjj")
    entry = Entry(city.share("tjj").id or 0, RowContent(text="因项目入库晚，10月底赶上。", claim=None))
    with city.database.transaction() as session:
        command = SubmitOne(FilingKind.REPLY, entry, answers=_asked(city, "tjj").id)
        filing_id = submit_one(session, command, actor=city.liaison("tjj"), at=at(9, 27))
    with city.database.transaction() as session:
        suspend_task(session, task_id=city.task_id(), reason="调整", actor=OFFICE, at=at(9, 28))
    assert _asked(city, "tjj").state == "ended"
    with city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head("tjj"), at=at(9, 28))
    (told,) = _echo(city)
    assert (told.news, _standing(told.last)) == (1, [("市统计局", "answered", "因项目入库晚，10月底赶上。")])
    with city.database.reading() as session:
        assert count_news(session, leader_id=told.leader_id) == 1
    assert_reckoned(city.database)


def test_a_standing_instruction_asks_each_week_until_it_is_ended(city: OwedCity) -> None:
    instruction_id = _instruct(city, "swj", "tjj", haste=Haste.STANDING, when=at(10, 10))
    assert _asks(city) == [(date(2022, 10, 17), "standing")]
    _answer(city, "swj", when=at(10, 12))
    _sweep(city, at(10, 17))
    assert len(_asks(city)) == 1, "its day is not over"
    for when in (at(10, 18), at(10, 18, hour=11)):
        _sweep(city, when)
    assert _asks(city) == [(date(2022, 10, 17), "standing"), (date(2022, 10, 25), "standing")]
    [echo] = _echo(city)
    assert [[unit.state for unit in one.units] for one in echo.writings] == [["open", "open"], ["answered", "ended"]]
    _close(city, instruction_id, _leader(city), when=at(10, 19))
    _sweep(city, at(10, 28))
    assert len(_asks(city)) == 2
    assert_reckoned(city.database)


def test_the_week_is_asked_for_once_by_passes_at_once_and_goes_on_in_a_merged_unit(city: OwedCity) -> None:
    _instruct(city, "tjj", haste=Haste.STANDING, when=at(10, 10))
    _answer(city, "tjj", when=at(10, 12))
    city.merge("tjj", "wjw", at(10, 13))
    together(lambda: _sweep(city, at(10, 18)), lambda: _sweep(city, at(10, 18)))
    assert len(_asks(city)) == 2
    with city.database.reading() as session:
        assert len(asked_of_units(session, unit_ids=[city.unit_id("wjw")])) == 1
    assert_reckoned(city.database)


def test_who_is_not_named_reads_nothing_of_it(city: OwedCity) -> None:
    _instruct(city, "tjj", "yc")
    _answer(city, "tjj", text="只给领导看")
    for code, told in (("swj", ()), ("sp", ()), ("tjj", ("市统计局",)), ("yc", ("驿城区",))):
        with city.database.reading() as session:
            mine = [city.unit_id(code)]
            seen = inquiries_on(session, task_id=city.task_id(), unit_ids=mine)
            view = task_view(session, task_id=city.task_id(), unit_ids=mine, now=GIVEN)
        assert tuple(unit.unit_name for one in seen for unit in one.units) == told
        assert view is not None
        types = {event.type for event in view.events if event.type.startswith(("inquiry.", "instruction."))}
        assert types == (
            {"instruction.given", "inquiry.answered"} if code == "tjj" else {"instruction.given"} if told else set()
        )
        assert any(row.report.text == "只给领导看" for row in view.reports) == (code == "tjj")
    assert _echo(city, "deputy") == []


def test_what_is_instructed_needs_words_units_a_day_and_a_leader(city: OwedCity) -> None:
    cases: list[tuple[type[Exception], dict[str, Any]]] = [
        (InquiryWordsMissing, {"words": "　"}),
        (GivenInTheFuture, {"given_on": date(2022, 9, 27)}),
        (WantedDayPast, {"answer_by": date(2022, 9, 25)}),
        (NobodyInstructed, {"shares": ()}),
        (NotFound, {"shares": (9999,)}),
        (NotFound, {"task_id": 9999}),
        (NoSuchLeader, {"by": OFFICE}),
        (NoSuchLeader, {"by": OFFICE, "leader_id": 9999}),
        (NotYourTask, {"by": city.liaison("swj")}),
        (NotYourTask, {"by": Actor(9, "读者", Role.READER)}),
    ]
    for error, more in cases:
        with pytest.raises(error):
            _instruct(city, "swj", **more)
    assert issubclass(GivenInTheFuture, BadInput)
    assert _asks(city) == []


def test_the_office_writes_down_the_words_of_a_leader_in_office_only(city: OwedCity) -> None:
    """Whose account is out of use, and whoever is no leader, is neither offered nor taken."""
    gone, mayor = _leader(city, "deputy"), _leader(city)
    with city.database.transaction() as session:
        session.get_one(UserRow, gone.user_id).active = False
        create_user(session, NewUser("clerk", "王督查", Role.SUPERVISOR, "x"))
    with city.database.reading() as session:
        assert [one.user_id for one in leaders(session)] == [mayor.user_id]
        clerk = session.scalars(select(col(UserRow.id)).where(col(UserRow.login) == "clerk")).one()
    for leader_id in (gone.user_id, clerk):
        with pytest.raises(NoSuchLeader):
            _instruct(city, "swj", by=OFFICE, leader_id=leader_id)
    assert _asks(city) == []
    _instruct(city, "swj", by=OFFICE, leader_id=mayor.user_id)


_Act = Callable[[Session, int], object]


def test_a_leader_ends_his_own_the_office_does_not_take_it_back_and_may_remind(city: OwedCity) -> None:
    instruction_id = _instruct(city, "swj")
    other, asked = _leader(city, "deputy"), _asked(city, "swj")
    with pytest.raises(NotFound):
        _close(city, instruction_id, other)
    with pytest.raises(NotFound):
        _instruct(city, "swj", by=other, again=instruction_id)
    with pytest.raises(NotFound), city.database.transaction() as session:
        read_instruction(session, instruction_id=instruction_id, actor=other, at=GIVEN)
    with pytest.raises(NotFound), city.database.transaction() as session:
        withdraw_inquiry(session, inquiry_id=asked.inquiry_id, actor=OFFICE, at=GIVEN)
    with city.database.transaction() as session:
        remind(session, asked_id=asked.id or 0, actor=OFFICE, at=GIVEN)
    _close(city, instruction_id, _leader(city))
    with pytest.raises(InquiryOver):
        _answer(city, "swj")
    assert_reckoned(city.database)


def _second_task(city: OwedCity) -> tuple[int, int]:
    """Return another task of the document, and its lead's share."""
    with city.database.reading() as session:
        task = session.scalars(select(TaskRow).where(col(TaskRow.id) != city.task_id())).one()
        share = session.scalars(select(AssignmentRow).where(col(AssignmentRow.task_id) == task.id)).one()
        return task.id or 0, share.id or 0


def _together(city: OwedCity, *codes: str, also: list[int], **more: Any) -> list[int]:
    shares = [city.share(code).id or 0 for code in codes]
    command = Instruct(task_id=city.task_id(), shares=shares, words=WORDS, given_on=GIVEN.date(), haste=Haste.URGENT)
    with city.database.transaction() as session:
        return instruct_together(session, replace(command, **more), also=also, actor=_leader(city), at=GIVEN, by=BY)


def test_tasks_of_one_document_are_instructed_together_each_with_its_own_answer_or_none_is(city: OwedCity) -> None:
    task_id, share_id = _second_task(city)
    with pytest.raises(NobodyInstructed):  # none of the units has a share there: of all or none
        _together(city, "swj", also=[task_id])
    assert _echo(city) == []
    with city.database.transaction() as session:
        session.get_one(AssignmentRow, share_id).unit_id = city.unit_id("swj")
    assert len(_together(city, "swj", "tjj", also=[task_id])) == 2
    second, first = _echo(city)
    assert {first.task_id, second.task_id} == {city.task_id(), task_id}
    by_task = {one.task_id: one.last for one in (first, second)}
    assert [unit.unit_name for unit in by_task[city.task_id()].units] == ["市商务局", "市统计局"]
    assert [unit.unit_name for unit in by_task[task_id].units] == ["市商务局"]
    assert {one.words for one in by_task.values()} == {WORDS}
    with pytest.raises(GivenAlready):
        _together(city, "swj", "tjj", also=[task_id])


def test_what_is_of_another_document_or_written_anew_is_not_instructed_together(city: OwedCity) -> None:
    instruction = _instruct(city, "swj")
    task_id, _share_id = _second_task(city)
    with pytest.raises(NotFound):
        _together(city, "swj", also=[task_id], again=instruction)
    with city.database.transaction() as session:
        own = session.get_one(DocumentRow, session.get_one(TaskRow, task_id).document_id)
        other = DocumentRow(**{**own.model_dump(exclude={"id"}), "number": "驻政办〔2022〕98号"})
        session.add(other)
        session.flush()
        session.get_one(TaskRow, task_id).document_id = other.id or 0
    with pytest.raises(NotFound):
        _together(city, "swj", also=[task_id], words="另一批示")
    assert len(_echo(city)) == 1
