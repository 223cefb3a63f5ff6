"""Which moments a published calendar may move: each condition with what it alone keeps out."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.office import BY, IN_TIME, OFFICE, City, open_city
from tests.support.owed_city import at
from tests.support.readings import NUMBER, small_reading
from tests.support.started_city import open_started_city
from tracker.domain.accounts import SYSTEM
from tracker.domain.calendar import end_of_day
from tracker.domain.calendar_changes import GRACE, RETURNED, Clock
from tracker.domain.events.calendar import CalendarPublished
from tracker.domain.holidays import DaysOff
from tracker.domain.items import CadenceKind
from tracker.store.database import Database
from tracker.store.history.log import last_event
from tracker.store.queries.calendar import ClockedRow, clocked_rows, moved_by, open_periods, open_rows
from tracker.store.tables.events import EventRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.usecases.issuing import issue_document
from tracker.usecases.publishing_calendar import publish_notices
from tracker.usecases.registering import approve_document, register_document
from tracker.usecases.requesting import RequestExtension, refuse_request, request_extension

DUE = end_of_day(date(2022, 10, 10))  # the form of September
OWN = end_of_day(date(2022, 10, 12))
NOW = DUE - timedelta(days=3)
KNOWN = BY.calendar.notices[2022]
MORE_OFF = replace(
    KNOWN, source="放假补充通知", holidays=(*KNOWN.holidays, DaysOff(date(2022, 10, 12), date(2022, 10, 13), "休假"))
)

Change = Callable[[PeriodRow, FormRow], None]


@pytest.fixture
def city(database: Database) -> City:
    return open_city(database)


def _nothing(_period: PeriodRow, _row: FormRow) -> None:
    """Leave the form as the calendar gave it and the row with a moment of its own."""


def _moved(period: PeriodRow, _row: FormRow) -> None:
    period.scheduled_at = DUE - timedelta(days=1)


def _filed(_period: PeriodRow, row: FormRow) -> None:
    row.state = "filed"


def _asked(_period: PeriodRow, row: FormRow) -> None:
    row.pending_at = NOW


def _set(city: City, change: Change, *, own: datetime | None = OWN) -> None:
    with city.database.transaction() as session:
        period, row = city.period("swj", session), city.row("swj", session)
        row.due_at = own
        change(period, row)


@pytest.mark.parametrize(
    ("change", "now", "expected"),
    [(_nothing, NOW, True), (_nothing, DUE, False), (_moved, NOW, False), (_filed, NOW, False)],
)
def test_the_calendar_moves_forms_ahead_that_it_set_and_that_await_something(
    city: City, change: Change, now: datetime, expected: bool
) -> None:
    _set(city, change)
    with city.database.reading() as session:
        period_id = city.period("swj", session).id
        assert (period_id in {form.period.id for form in open_periods(session, now=now)}) is expected


@pytest.mark.parametrize(
    ("change", "now", "expected"),
    [(_nothing, NOW, True), (_nothing, OWN, False), (_filed, NOW, False), (_asked, NOW, False)],
)
def test_the_calendar_moves_moments_ahead_of_rows_that_nobody_reported_or_asked_about(
    city: City, change: Change, now: datetime, expected: bool
) -> None:
    _set(city, change)
    with city.database.reading() as session:
        row_id = city.row("swj", session).id
        assert (row_id in {row.row.id for row in open_rows(session, now=now)}) is expected


def test_what_an_event_started_does_not_follow_the_calendar(database: Database) -> None:
    open_started_city(database, CadenceKind.DAILY, happened=at(9, 5), recorded=at(9, 5))
    with database.reading() as session:
        kinds = {form.kind for form in open_periods(session, now=at(9, 5))}
    assert kinds
    assert CadenceKind.DAILY.value not in kinds


def _clocked(city: City, session: Session, *, now: datetime) -> list[ClockedRow]:
    return [one for one in clocked_rows(session, now=now) if one.row.row.id == city.row("swj", session).id]


def test_a_correction_counts_from_its_return_until_it_is_past_and_never_ends_before_the_moment_of_its_row(
    city: City,
) -> None:
    city.give_back(city.file("swj"))
    with city.database.transaction() as session:
        share = city.assignment("swj", session)
        told = EventRow(
            seq=last_event(session) + 1,
            type="extension.granted",  # bears no class any more
            task_id=share.task_id,
            occurred_at=IN_TIME,
            actor="督查室",
            payload="{}",
            previous_hash="",
            hash="",
        )
        session.add(told)
    with city.database.reading() as session:
        until = city.row("swj", session).correction_due_at
        assert until is not None
        [found] = _clocked(city, session, now=IN_TIME)
        assert (found.clock, found.due_at, found.correction) == (Clock(RETURNED, IN_TIME.date()), until, True)
        assert found.within(OWN) == Clock(RETURNED, IN_TIME.date(), OWN)
        assert _clocked(city, session, now=until) == []


def test_the_grace_after_a_refusal_never_ends_before_what_was_asked_to_be_moved(city: City) -> None:
    with city.database.transaction() as session:
        command = RequestExtension(city.row("swj", session).id or 0, date(2022, 10, 20), "等统计口径")
        request_id = request_extension(session, command, actor=city.liaison("swj"), at=at(10, 10))
        refuse_request(session, request_id=request_id, reason="理由不足", actor=OFFICE, at=at(10, 10), by=BY)
    with city.database.reading() as session:
        own = city.row("swj", session).due_at
        assert own is not None
        [found] = _clocked(city, session, now=at(10, 10))
        assert found.within(OWN) == found.clock == Clock(GRACE, date(2022, 10, 10), DUE)
        assert _clocked(city, session, now=own) == []


def test_a_moment_that_no_act_is_told_to_have_given_counts_from_none(city: City) -> None:
    _set(city, _nothing)
    with city.database.reading() as session:
        assert _clocked(city, session, now=NOW) == []


def test_what_moved_is_told_with_its_document_and_what_is_to_be_reported_by_it(city: City) -> None:
    city.give_back(city.file("swj"), at=at(10, 10))
    other = small_reading(number="驻政办〔2022〕98号")
    with city.database.transaction() as session:
        register_document(session, other, actor=SYSTEM, at=at(10, 10))
        approve_document(session, number=other.number, basis="市政府常务会议议定", actor=OFFICE, at=at(10, 10))
        issue_document(session, number=other.number, actor=OFFICE, at=at(10, 10), by=BY)
    with city.database.transaction() as session:
        publish_notices(session, [MORE_OFF], actor=OFFICE, at=at(10, 11), by=BY, replace=True)
    with city.database.reading() as session:
        published = session.scalars(select(EventRow).where(col(EventRow.type) == CalendarPublished.type)).one()
        moved = moved_by(session, after=published.seq, count=json.loads(published.payload)["moved"])
    told = {(one.document_number, one.code, one.correction, one.awaited) for one in moved[city.unit_id("swj")]}
    assert {fact for fact in told if fact[1] == "2022-09"} == {(NUMBER, "2022-09", True, True)}
