"""A lead and the office ask other units of a task 「协办」: the whole way, who may what, and how it ends."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any, cast

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
from tracker.domain.errors import NotFound, TrackerError
from tracker.domain.filings import AlreadyUnderway, FilingKind, OnlyTheLead, RowEnded
from tracker.domain.inquiries import (
    CoordinationSought,
    InquiryOver,
    InquiryWordsMissing,
    NobodyAsked,
    NothingToCoordinate,
    NotToBeAsked,
    NotYetSilent,
    RemindedToday,
    WantedDayPast,
)
from tracker.steps.digests import keep_digests, plan_digests
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of
from tracker.store.queries.inquiries import (
    asked_days,
    asked_of_units,
    inquiries_on,
    inquiry_asked,
    open_of_askers,
    to_coordinate,
)
from tracker.store.queries.inquiry_views import Inquiry
from tracker.store.queries.sent_back import sent_back_envelopes
from tracker.store.queries.tasks import task_view
from tracker.store.tables.events import ReminderRow
from tracker.store.tables.inquiries import AskedRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import cancel_task, suspend_task
from tracker.usecases.filing import SubmitOne, send_back, sign_off, submit_one
from tracker.usecases.inquiring import (
    Ask,
    ask,
    ask_for_coordination,
    decide_coordination,
    remind,
    withdraw_inquiry,
)
from tracker.usecases.sharing import reassign_share, release_share

WORDS = "请报9月签约项目数，附项目清单"
BY_DAY = date(2022, 9, 28)
ASKED_AT, IN_TIME, LATE = at(9, 26), at(9, 27), at(9, 29)


@pytest.fixture
def city(database: Database) -> OwedCity:
    return open_owed_city(database)


def _ask(city: OwedCity, *codes: str, by: Actor | None = None, when: datetime = ASKED_AT, **more: Any) -> int:
    shares = [city.share(code).id or 0 for code in codes]
    # Any: fields of the command
    command = replace(Ask(city.task_id(), shares, WORDS, BY_DAY), **more)
    with city.database.transaction() as session:
        return ask(session, command, actor=by or city.liaison("swj"), at=when)


def _asked(city: OwedCity, code: str, inquiry_id: int) -> AskedRow:
    with city.database.reading() as session:
        wanted = select(AskedRow).where(
            col(AskedRow.inquiry_id) == inquiry_id, col(AskedRow.assignment_id) == city.share(code).id
        )
        return session.scalars(wanted.order_by(col(AskedRow.id).desc())).first()  # type: ignore[return-value] # asked


def _reply(city: OwedCity, code: str, inquiry_id: int, *, when: datetime = IN_TIME, asked_id: int | None = None) -> int:
    """Let a unit write its answer; return the envelope's id."""
    entry = Entry(city.share(code).id or 0, RowContent(text=f"{code}9月签约3个项目", claim=None))
    command = SubmitOne(FilingKind.REPLY, entry, answers=asked_id or _asked(city, code, inquiry_id).id)
    with city.database.transaction() as session:
        return submit_one(session, command, actor=city.liaison(code), at=when)


def _sign(city: OwedCity, code: str, filing_id: int, *, when: datetime = IN_TIME) -> None:
    with city.database.transaction() as session:
        sign_off(session, filing_id=filing_id, actor=city.head(code), at=when)


def _answer(city: OwedCity, code: str, inquiry_id: int) -> None:
    _sign(city, code, _reply(city, code, inquiry_id))


def _on(city: OwedCity, *codes: str) -> tuple[Inquiry, ...]:
    units = [city.unit_id(code) for code in codes] if codes else EVERY_UNIT
    with city.database.reading() as session:
        return inquiries_on(session, task_id=city.task_id(), unit_ids=units)


def _standing(city: OwedCity, inquiry_id: int) -> dict[str, str]:
    found = next(one for one in _on(city) if one.inquiry_id == inquiry_id)
    return {unit.unit_name: unit.state for unit in found.units}


def test_papers_know_whose_part_lies_with_others_while_a_unit_that_was_asked_is_silent(city: OwedCity) -> None:
    inquiry_id = _ask(city, "tjj")

    def waiting() -> frozenset[tuple[str, int]]:
        with city.database.reading() as session:
            return facts_as_of(session, as_of=LATE).leads.waiting

    assert waiting() == {("市商务局", city.task_id())}
    _answer(city, "tjj", inquiry_id)
    assert waiting() == frozenset()


def test_a_lead_asks_units_answer_through_their_heads_and_the_lead_sees_who_is_silent(city: OwedCity) -> None:
    inquiry_id = _ask(city, "sp", "tjj", "yc")
    [mine] = _on(city, "swj")
    assert [unit.unit_name for unit in mine.units] == ["市统计局", "驿城区", "遂平县"]  # official order
    with city.database.reading() as session:
        [waiting] = asked_of_units(session, unit_ids=[city.unit_id("tjj")])
        assert (waiting.asker, waiting.words, waiting.answer_by) == ("市商务局", WORDS, BY_DAY)
        assert [unit.unit_name for unit in waiting.units] == ["市统计局"]
        assert _waiting(session, unit_ids=[city.unit_id("tjj")]) == {city.unit_id("tjj"): 1}
    filing_id = _reply(city, "tjj", inquiry_id)
    assert _standing(city, inquiry_id)["市统计局"] == "open"  # its head has not signed
    with city.database.reading() as session:
        assert _waiting(session, unit_ids=[city.unit_id("tjj")]) == {}  # it lies with the head
        assert _on(city, "swj")[0].units[0].answer is None
    _sign(city, "tjj", filing_id)
    _answer(city, "yc", inquiry_id)
    [mine] = _on(city, "swj")
    assert [(unit.unit_name, unit.state) for unit in mine.units] == [
        *(("市统计局", "answered"), ("驿城区", "answered"), ("遂平县", "open")),
    ]
    assert [unit.answer.text for unit in mine.answered if unit.answer] == ["tjj9月签约3个项目", "yc9月签约3个项目"]
    assert [unit.unit_name for unit in mine.open] == ["遂平县"]
    with city.database.reading() as session:
        assert [one.inquiry_id for one in open_of_askers(session, unit_ids=[city.unit_id("swj")])] == [inquiry_id]
        assert open_of_askers(session, unit_ids=EVERY_UNIT) == ()
    assert_reckoned(city.database)


def test_nothing_is_owed_for_what_is_asked_however_long_a_unit_is_silent(city: OwedCity) -> None:
    before = {code: city.states(code) for code in ("swj", "tjj", "yc")}
    _ask(city, "tjj", "yc")
    assert {code: city.states(code) for code in before} == before
    city.file("swj", "2022-09", when=at(9, 30))  # the lead reports without them
    assert_reckoned(city.database)


def test_who_asks_reminds_once_a_day_and_withdraws(city: OwedCity) -> None:
    inquiry_id = _ask(city, "tjj", "yc")
    asked_id = _asked(city, "tjj", inquiry_id).id or 0

    def again(when: datetime, actor: Actor | None = None) -> None:
        with city.database.transaction() as session:
            remind(session, asked_id=asked_id, actor=actor or city.liaison("swj"), at=when)

    again(IN_TIME)
    with pytest.raises(RemindedToday):
        again(IN_TIME.replace(hour=8))
    again(at(9, 28))
    _answer(city, "yc", inquiry_id)
    with city.database.transaction() as session:
        withdraw_inquiry(session, inquiry_id=inquiry_id, actor=city.liaison("swj"), at=LATE)
    assert _standing(city, inquiry_id) == {"市统计局": "withdrawn", "驿城区": "answered"}
    with pytest.raises(InquiryOver):
        again(at(9, 30))
    with pytest.raises(InquiryOver), city.database.transaction() as session:
        withdraw_inquiry(session, inquiry_id=inquiry_id, actor=city.liaison("swj"), at=LATE)
    assert_reckoned(city.database)


def test_after_the_day_wanted_the_lead_has_the_office_coordinate_which_decides_in_words(city: OwedCity) -> None:
    inquiry_id = _ask(city, "tjj", "yc")

    def plead(when: datetime = LATE, words: str = "两次提醒未反馈，请协调") -> None:
        with city.database.transaction() as session:
            lead = city.liaison("swj")
            ask_for_coordination(session, inquiry_id=inquiry_id, words=words, actor=lead, at=when)

    def decide(words: str = "请市统计局9月30日前提供") -> None:
        with city.database.transaction() as session:
            decide_coordination(session, inquiry_id=inquiry_id, words=words, actor=OFFICE, at=at(9, 30))

    with pytest.raises(NothingToCoordinate):
        decide()
    with pytest.raises(NotYetSilent):
        plead(at(9, 28, hour=23))
    with pytest.raises(InquiryWordsMissing):
        plead(words=" ")
    _answer(city, "yc", inquiry_id)
    plead()
    with pytest.raises(CoordinationSought):
        plead()
    with city.database.reading() as session:
        assert [one.inquiry_id for one in to_coordinate(session, unit_ids=EVERY_UNIT)] == [inquiry_id]
    assert [one.coordination_words for one in _on(city, "swj")] == ["两次提醒未反馈，请协调"]
    assert [one.coordination_words for one in _on(city, "tjj")] == [None], "what the lead tells the office of a unit"
    decide()
    assert [(one.coordination_words, one.coordination_by) for one in _on(city, "yc")] == [(None, None)]
    assert _standing(city, inquiry_id) == {"市统计局": "decided", "驿城区": "answered"}
    [read] = _on(city, "tjj")
    assert (read.decision, read.decided_by) == ("请市统计局9月30日前提供", "督查员")
    with city.database.reading() as session:
        assert to_coordinate(session, unit_ids=EVERY_UNIT) == ()
    with pytest.raises(InquiryOver):
        _reply(city, "tjj", inquiry_id, when=at(9, 30))
    assert_reckoned(city.database)


def test_the_office_has_nothing_to_coordinate_once_all_have_answered(city: OwedCity) -> None:
    inquiry_id = _ask(city, "tjj")
    with city.database.transaction() as session:
        lead = city.head("swj")
        ask_for_coordination(session, inquiry_id=inquiry_id, words="请协调", actor=lead, at=LATE)
    _sign(city, "tjj", _reply(city, "tjj", inquiry_id, when=LATE), when=LATE)
    with city.database.reading() as session:
        assert to_coordinate(session, unit_ids=EVERY_UNIT) == ()
        assert facts_as_of(session, as_of=LATE).leads.waiting == frozenset(), "nor does anything wait for it in papers"
    with pytest.raises(NothingToCoordinate), city.database.transaction() as session:
        decide_coordination(session, inquiry_id=inquiry_id, words="请提供", actor=OFFICE, at=LATE)
    assert_reckoned(city.database)


def test_the_office_asks_too_and_its_inquiry_is_no_leads(city: OwedCity) -> None:
    inquiry_id = _ask(city, "yc", by=OFFICE)
    with city.database.reading() as session:
        assert [one.asker for one in open_of_askers(session, unit_ids=EVERY_UNIT)] == [None]
        assert open_of_askers(session, unit_ids=[city.unit_id("swj")]) == ()
    for act in (
        partial(withdraw_inquiry, inquiry_id=inquiry_id),
        partial(ask_for_coordination, inquiry_id=inquiry_id, words="请协调"),
        partial(remind, asked_id=_asked(city, "yc", inquiry_id).id or 0),
    ):
        with pytest.raises(NotFound), city.database.transaction() as session:
            act(session, actor=city.liaison("swj"), at=LATE)
    _answer(city, "yc", inquiry_id)
    assert_reckoned(city.database)


def test_what_is_asked_needs_words_a_day_ahead_and_units_that_do_not_lead(city: OwedCity) -> None:
    for error, more in (
        (InquiryWordsMissing, {"words": "　"}),
        (WantedDayPast, {"answer_by": date(2022, 9, 25)}),
        (NobodyAsked, {"shares": ()}),
        (NotToBeAsked, {"shares": (city.share("swj").id,)}),
        (NotFound, {"shares": (9999,)}),
    ):
        with pytest.raises(error):
            _ask(city, "tjj", **more)
    with pytest.raises(NotYourTask):
        _ask(city, "tjj", by=Actor(9, "读者", Role.READER))
    for code in ("tjj", "yc", "wjw"):  # who does not lead the task cannot tell it from none
        with pytest.raises(NotFound):
            _ask(city, "tjj", by=city.liaison(code))
    _ask(city, "tjj", answer_by=date(2022, 9, 26))  # today counts


def test_other_units_neither_read_nor_answer_what_one_is_asked(city: OwedCity) -> None:
    inquiry_id = _ask(city, "tjj", "yc")
    _answer(city, "yc", inquiry_id)
    [seen] = _on(city, "tjj")
    assert [unit.unit_name for unit in seen.units] == ["市统计局"]
    assert _on(city, "sp") == () == _on(city, "wjw")
    asked_id = _asked(city, "tjj", inquiry_id).id or 0
    with city.database.reading() as session:
        assert inquiry_asked(session, asked_id=asked_id, unit_ids=[city.unit_id("yc")]) is None
        assert inquiry_asked(session, asked_id=asked_id, unit_ids=[city.unit_id("tjj")]) is not None
    with pytest.raises(NotFound):
        _reply(city, "sp", inquiry_id, asked_id=asked_id)
    for code in ("tjj", "yc", "sp"):
        with pytest.raises(NotFound), city.database.transaction() as session:
            withdraw_inquiry(session, inquiry_id=inquiry_id, actor=city.liaison(code), at=LATE)
    events = {
        code: [event.type for event in view.events if event.type.startswith("inquiry.")]
        for code in ("swj", "tjj", "yc", "sp")
        if (view := _view(city, code)) is not None
    }
    assert events == {
        "swj": ["inquiry.answered", "inquiry.asked"],
        "tjj": ["inquiry.asked"],
        "yc": ["inquiry.answered", "inquiry.asked"],
        "sp": [],
    }


def _view(city: OwedCity, code: str):  # type: ignore[no-untyped-def] # as the query types it
    with city.database.reading() as session:
        return task_view(session, task_id=city.task_id(), unit_ids=[city.unit_id(code)], now=LATE)


def test_a_reply_nobody_asked_for_is_still_a_supports_only(city: OwedCity) -> None:
    entry = Entry(city.share("yc").id or 0, RowContent(text="9月签约3个项目", claim=None))
    with pytest.raises(OnlyTheLead), city.database.transaction() as session:
        submit_one(session, SubmitOne(FilingKind.REPLY, entry), actor=city.liaison("yc"), at=IN_TIME)


def test_one_answer_at_a_time_waits_for_the_head_who_may_give_it_back(city: OwedCity) -> None:
    inquiry_id = _ask(city, "tjj")
    first = _reply(city, "tjj", inquiry_id)
    with pytest.raises(AlreadyUnderway):
        _reply(city, "tjj", inquiry_id)
    with city.database.transaction() as session:
        send_back(session, filing_id=first, reason="请附清单", actor=city.head("tjj"), at=IN_TIME)
    with city.database.reading() as session:
        [back] = sent_back_envelopes(session, unit_ids=[city.unit_id("tjj")])
    assert back.rows[0].answers_id == _asked(city, "tjj", inquiry_id).id
    _answer(city, "tjj", inquiry_id)
    with city.database.reading() as session:
        assert sent_back_envelopes(session, unit_ids=[city.unit_id("tjj")]) == []
    with pytest.raises(InquiryOver):
        _reply(city, "tjj", inquiry_id)


def test_an_answer_that_came_back_is_mended_no_more_once_nobody_waits_for_it(city: OwedCity) -> None:
    inquiry_id = _ask(city, "tjj")
    with city.database.transaction() as session:
        filing_id = submit_one(
            session,
            SubmitOne(
                FilingKind.REPLY,
                Entry(city.share("tjj").id or 0, RowContent(text="3个", claim=None)),
                answers=_asked(city, "tjj", inquiry_id).id,
            ),
            actor=city.liaison("tjj"),
            at=IN_TIME,
        )
        send_back(session, filing_id=filing_id, reason="请附清单", actor=city.head("tjj"), at=IN_TIME)
        withdraw_inquiry(session, inquiry_id=inquiry_id, actor=city.liaison("swj"), at=IN_TIME)
    with city.database.reading() as session:
        assert sent_back_envelopes(session, unit_ids=[city.unit_id("tjj")]) == []


def test_an_answer_signed_after_the_withdrawal_leaves_as_a_reply_to_the_lead(city: OwedCity) -> None:
    inquiry_id = _ask(city, "tjj")
    filing_id = _reply(city, "tjj", inquiry_id)
    with city.database.transaction() as session:
        withdraw_inquiry(session, inquiry_id=inquiry_id, actor=city.liaison("swj"), at=IN_TIME)
    _sign(city, "tjj", filing_id)
    [mine] = _on(city, "swj")
    assert [(unit.state, unit.answer is not None) for unit in mine.units] == [("withdrawn", True)]
    assert_reckoned(city.database)


def test_of_two_answers_at_once_one_is_taken(city: OwedCity) -> None:
    inquiry_id = _ask(city, "tjj")

    def tried() -> str:
        try:
            _reply(city, "tjj", inquiry_id)
        except TrackerError as error:
            return error.code
        return "done"

    assert sorted(together(tried, tried)) == ["answer_waits", "done"]


def test_an_answer_and_a_withdrawal_at_once_agree_on_who_was_first(city: OwedCity) -> None:
    inquiry_id = _ask(city, "tjj")
    filing_id = _reply(city, "tjj", inquiry_id)

    def taken_back() -> str:
        try:
            with city.database.transaction() as session:
                withdraw_inquiry(session, inquiry_id=inquiry_id, actor=city.liaison("swj"), at=IN_TIME)
        except InquiryOver:
            return "over"
        return "withdrawn"

    def signed() -> str:
        _sign(city, "tjj", filing_id)
        return "signed"

    done = together(signed, taken_back)
    assert _standing(city, inquiry_id)["市统计局"] == ("withdrawn" if done[1] == "withdrawn" else "answered")
    assert_reckoned(city.database)


_By = Callable[[Session, OwedCity], object]


def _whole(act: Callable[..., object]) -> _By:
    return lambda session, city: act(session, task_id=city.task_id(), reason="调整", actor=OFFICE, at=IN_TIME)


def _of_share(act: Callable[..., object], code: str, **more: object) -> _By:
    return lambda session, city: act(
        session, assignment_id=city.share(code).id, reason="调整", actor=OFFICE, at=IN_TIME, by=BY, **_units(city, more)
    )


def _units(city: OwedCity, more: Mapping[str, object]) -> dict[str, object]:
    return {name: city.unit_id(str(value)) for name, value in more.items()}


def _complete(session: Session, city: OwedCity) -> None:
    report_id = city.complete("swj", when=IN_TIME)
    accept_report(session, report_id=report_id, actor=OFFICE, at=IN_TIME)


_ENDS: dict[str, tuple[_By, dict[str, tuple[str, str | None]]]] = {
    "cancelled": (_whole(cancel_task), {"tjj": ("ended", "task_cancelled"), "yc": ("ended", "task_cancelled")}),
    "suspended": (_whole(suspend_task), {"tjj": ("ended", "task_suspended"), "yc": ("ended", "task_suspended")}),
    "one asked let go": (_of_share(release_share, "yc"), {"tjj": ("open", None), "yc": ("ended", "share_released")}),
    "one asked replaced": (
        _of_share(reassign_share, "tjj", to_unit_id="wjw"),
        {"tjj": ("ended", "share_reassigned"), "yc": ("open", None)},
    ),
    "the lead replaced": (
        _of_share(reassign_share, "swj", to_unit_id="wjw"),
        {"tjj": ("ended", "share_reassigned"), "yc": ("ended", "share_reassigned")},
    ),
}


@pytest.mark.parametrize("end", _ENDS)
def test_what_is_asked_ends_with_the_work_or_a_share_and_says_why(city: OwedCity, end: str) -> None:
    inquiry_id = _ask(city, "tjj", "yc")
    act, then = _ENDS[end]
    with city.database.transaction() as session:
        act(session, city)
    found = {code: _asked(city, code, inquiry_id) for code in then}
    assert {code: (row.state, row.cause) for code, row in found.items()} == then
    with city.database.reading() as session:
        waiting = {code: bool(asked_of_units(session, unit_ids=[city.unit_id(code)])) for code in then}
    assert waiting == {code: state == "open" for code, (state, _cause) in then.items()}
    assert_reckoned(city.database)


def test_what_is_asked_ends_with_the_completion(city: OwedCity) -> None:
    inquiry_id = _ask(city, "tjj")
    report_id = city.complete("swj", when=IN_TIME)
    assert _standing(city, inquiry_id) == {"市统计局": "open"}  # under review the work goes on
    with city.database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=IN_TIME)
    assert _asked(city, "tjj", inquiry_id).cause == "task_completed"
    with pytest.raises(RowEnded):
        _ask(city, "tjj")
    assert_reckoned(city.database)


def _merge(city: OwedCity, code: str, into: str) -> None:
    city.merge(code, into, IN_TIME)


@pytest.mark.parametrize("code", ["swj", "tjj"])
def test_a_merger_takes_along_what_a_unit_asks_and_is_asked(city: OwedCity, code: str) -> None:
    inquiry_id = _ask(city, "tjj", "yc")
    _merge(city, code, "wjw")
    [read] = _on(city)
    if code == "swj":
        assert read.asker == "市卫生健康体育委"
        with city.database.transaction() as session:
            withdraw_inquiry(session, inquiry_id=inquiry_id, actor=city.liaison("wjw"), at=LATE)
    else:
        assert [unit.unit_name for unit in read.open] == ["市卫生健康体育委", "驿城区"]
        _answer(city, "wjw", inquiry_id)
    assert_reckoned(city.database)


def test_who_goes_up_in_a_unit_that_is_asked_too_is_asked_once_and_nobody_asks_himself(city: OwedCity) -> None:
    inquiry_id = _ask(city, "tjj", "yc")
    filing_id = _reply(city, "tjj", inquiry_id)
    _merge(city, "tjj", "yc")
    with city.database.reading() as session:
        assert _waiting(session, unit_ids=[city.unit_id("yc")]) == {city.unit_id("yc"): 1}
    _sign(city, "yc", filing_id)  # what was written leaves as a reply
    _merge(city, "yc", "swj")
    with city.database.reading() as session:
        rows = session.scalars(select(AskedRow).order_by(col(AskedRow.id))).all()
        assert [(row.state, row.cause) for row in rows] == [("ended", "units_merged")] * 2
    assert_reckoned(city.database)


def test_a_unit_that_goes_on_leading_without_its_part_of_another_asks_no_more(city: OwedCity) -> None:
    with city.database.transaction() as session:
        said = {"reason": "调整", "actor": OFFICE, "at": ASKED_AT, "by": BY}
        reassign_share(session, assignment_id=city.share("swj").id or 0, to_unit_id=city.unit_id("yc"), **said)  # type: ignore[arg-type] # by name
    inquiry_id = _ask(city, "tjj", by=city.liaison("yc"))
    with city.database.transaction() as session:
        reassign_share(session, assignment_id=city.share("yc").id or 0, to_unit_id=city.unit_id("swj"), **said)  # type: ignore[arg-type] # by name
    assert _asked(city, "tjj", inquiry_id).cause == "share_lowered"
    assert_reckoned(city.database)


def _waiting(session: Session, *, unit_ids: list[int]) -> dict[int, int]:
    return {unit_id: len(days) for unit_id, days in asked_days(session, unit_ids=unit_ids).items()}


def _digest(city: OwedCity, when: datetime) -> list[tuple[str, list[str]]]:
    with city.database.transaction() as session:
        planned = plan_digests(session, now=when, by=BY, outgoing=Outgoing(mail=False, machine_now=when))
        keep_digests(session, planned)
    with city.database.reading() as session:
        rows = session.scalars(select(ReminderRow).order_by(col(ReminderRow.id))).all()
    lines = [cast(list[dict[str, str]], row.content["lines"]) for row in rows]
    return [(row.subject, [line["sentence"] for line in told]) for row, told in zip(rows, lines, strict=True)]


def test_the_digest_of_who_is_asked_says_how_many_wait_when_the_day_is_near(city: OwedCity) -> None:
    with city.database.transaction() as session:
        create_user(session, NewUser("tjj", "李四", Role.LIAISON, "x", "tjj"))
    _ask(city, "tjj", when=at(9, 13))
    _ask(city, "tjj", when=at(9, 13), answer_by=date(2022, 11, 30))
    assert _digest(city, at(9, 14)) == []  # nothing is owed and no day is near
    [(subject, lines)] = _digest(city, at(9, 27))
    assert subject == "督办提醒：协办、批示待反馈2件"
    assert lines == ["协办、批示待反馈2件，请在“今天”中反馈。"]


def test_a_merger_moves_what_is_asked_of_a_share_that_goes_up_in_another(city: OwedCity) -> None:
    inquiry_id = _ask(city, "tjj")
    _merge(city, "tjj", "yc")
    _answer(city, "yc", inquiry_id)
    [read] = _on(city, "swj")
    assert [(unit.unit_name, unit.state) for unit in read.units] == [("驿城区", "answered")]
    assert_reckoned(city.database)


def test_a_merger_moves_what_is_asked_by_a_share_that_goes_up_in_another(city: OwedCity) -> None:
    inquiry_id = _ask(city, "tjj")
    _merge(city, "swj", "yc")  # a member before, which leads from now on
    with city.database.transaction() as session:
        withdraw_inquiry(session, inquiry_id=inquiry_id, actor=city.liaison("yc"), at=LATE)
    assert_reckoned(city.database)


def test_the_digest_says_of_an_answer_whose_day_is_over_the_day_and_the_delay(city: OwedCity) -> None:
    with city.database.transaction() as session:
        create_user(session, NewUser("tjj", "李四", Role.LIAISON, "x", "tjj"))
    _ask(city, "tjj", when=at(9, 13), answer_by=date(2022, 9, 15))
    [(_subject, [line])] = _digest(city, at(9, 19))
    assert line == "协办、批示待反馈1件，应于2022年9月15日（周四，含）前反馈，已过反馈时间2个工作日，请在“今天”中反馈。"
    _ask(city, "tjj", when=at(9, 13), answer_by=date(2022, 11, 30))
    [_before, (_subject, [line])] = _digest(city, at(9, 20))
    assert "2件，其中1件已过反馈时间，最早的应于2022年9月15日" in line


def test_on_the_day_wanted_itself_the_digest_does_not_call_an_answer_late(city: OwedCity) -> None:
    with city.database.transaction() as session:
        create_user(session, NewUser("tjj", "李四", Role.LIAISON, "x", "tjj"))
    _ask(city, "tjj", when=at(9, 13), answer_by=date(2022, 9, 15))
    [(_subject, [line])] = _digest(city, at(9, 15))
    assert line == "协办、批示待反馈1件，请在“今天”中反馈。"
