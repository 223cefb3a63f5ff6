"""A deadline that changes: one row asks for the completion, by whatever act it came, and the classes follow."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.completing import DAY, due_of, give_back, standing_at, stands, started, to_deadline
from tests.support.owed_city import BY, ISSUED_AT, LEADER, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.accounts import EVERY_UNIT
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.filings import ReturnReason
from tracker.domain.items import Basis, CadenceKind
from tracker.domain.progress import Work
from tracker.domain.readings.demands import Cadence, Deadline
from tracker.steps.lapsing import lapse_expired
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.identities import unit_facts
from tracker.store.history.log import cut
from tracker.store.history.work import past_classes
from tracker.store.queries.owed_lists import count_overdue
from tracker.store.queries.work import task_standings
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import reopen_task, resume_task, suspend_task
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import change_deadline
from tracker.usecases.triggers import RecordTrigger, record_trigger

_K = CadenceKind
PRINTED, EARLIER, LATER = date(2022, 12, 31), date(2022, 11, 30), date(2024, 6, 30)


def _city(
    database: Database, kind: CadenceKind, *, expires_on: date | None = None, when: datetime = ISSUED_AT
) -> OwedCity:
    reading = small_reading(expires_on=expires_on)
    item = replace(
        reading.items[0],
        cadences=(Cadence(kind, Basis.STATED, 1, "每月通报一次"),),
        deadline=Deadline(PRINTED, Basis.STATED, "全年"),
    )
    return open_owed_city(database, reading=replace(reading, items=(item, *reading.items[1:])), when=when)


def _change(city: OwedCity, new_on: date, when: datetime, *, task_id: int | None = None) -> None:
    of_task = city.task_id() if task_id is None else task_id
    with city.database.transaction() as session:
        change_deadline(session, task_id=of_task, new_on=new_on, reason="会议议定", actor=LEADER, at=when, by=BY)


def _open_rows(city: OwedCity) -> list[tuple[str, bool, date]]:
    with city.database.reading() as session:
        found = session.execute(
            select(FormRow, PeriodRow)
            .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
            .where(col(FormRow.assignment_id) == city.share("swj").id, col(FormRow.state) == "open")
            .order_by(col(PeriodRow.ends_on))
        ).all()
        return [(period.code, row.final, local_day(row.due_at or period.due_at)) for row, period in found]


def _class(city: OwedCity, now: datetime, *, task_id: int | None = None) -> Work:
    """Return the class of a task, which the log tells as the tables do."""
    of_task = city.task_id() if task_id is None else task_id
    with city.database.reading() as session:
        [stands] = task_standings(session, now=now, by=BY, task_ids=[of_task])
        until = cut(session, as_of=now)
        state, units = fold(session, until), unit_facts(session, until=until)
        assert past_classes(session, state, units=units)[of_task].work is stands.work.work
    return stands.work.work


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        (_K.ONCE, EARLIER),
        (_K.ONCE, LATER),
        (_K.MIDTERM_AND_FINAL, LATER),
        (_K.MONTHLY, EARLIER),
        (_K.MONTHLY, LATER),
        (_K.QUARTERLY, LATER),
    ],
)
def test_a_deadline_that_comes_back_asks_for_the_completion_as_before(
    database: Database, kind: CadenceKind, other: date
) -> None:
    city = _city(database, kind)
    city.grow(at(11, 10))
    before = _open_rows(city)
    assert [final for _code, final, _due in before][-1] is True
    _change(city, other, at(11, 10))
    _change(city, PRINTED, at(11, 10, hour=10))
    assert _open_rows(city) == before
    assert_reckoned(database)


@pytest.mark.parametrize("kind", [_K.ONCE, _K.MIDTERM_AND_FINAL])
@pytest.mark.parametrize("act", ["changed", "resumed", "reopened"])
def test_windows_that_a_deadline_makes_go_with_it_by_whatever_act_it_changes(
    database: Database, kind: CadenceKind, act: str
) -> None:
    city = _city(database, kind)
    _change(city, date(2023, 3, 31), at(8, 26))
    _act(city, act, LATER)
    rows = _open_rows(city)
    assert [final for _code, final, _due in rows] == [False, True][-len(rows) :]
    assert len(rows) == (1 if kind is _K.ONCE else 2)
    assert rows[-1][2] >= LATER
    assert_reckoned(database)


def _act(city: OwedCity, act: str, new_on: date) -> None:
    said = {"task_id": city.task_id(), "reason": "会议议定", "actor": OFFICE}
    if act == "changed":
        _change(city, new_on, at(10, 8))
    elif act == "resumed":
        with city.database.transaction() as session:
            suspend_task(session, at=at(10, 2), **said)  # type: ignore[arg-type] # said once
            resume_task(session, at=at(10, 8), by=BY, new_deadline_on=new_on, **said)  # type: ignore[arg-type]
    else:
        code = next(code for code, final, _due in _open_rows(city) if final)
        report_id = city.file("swj", code, when=at(10, 2))
        with city.database.transaction() as session:
            accept_report(session, report_id=report_id, actor=OFFICE, at=at(10, 3))
            reopen_task(session, at=at(10, 8), by=BY, new_deadline_on=new_on, **said)  # type: ignore[arg-type]


def test_a_completion_that_was_returned_before_its_deadline_moved_on_is_uncorrected_and_not_overdue_work(
    database: Database,
) -> None:
    city = _city(database, _K.ONCE)
    report_id = city.file("swj", "D2022-12-31", when=at(12, 20))
    said = {"reason": "未见数据", "reason_class": ReturnReason.OTHER, "actor": OFFICE}
    with database.transaction() as session:
        return_report(session, report_id=report_id, at=at(12, 21), by=BY, **said)  # type: ignore[arg-type] # said once
    _change(city, LATER, at(12, 22))
    assert _class(city, at(12, 23)) is Work.COMPLETION_PENDING
    assert _class(city, at(3, 1, year=2023)) is Work.UNKNOWN
    with database.reading() as session:
        assert count_overdue(session, now=at(3, 1, year=2023), unit_ids=[city.unit_id("swj")]) == 1
    assert_reckoned(database)


def _waiting_task(city: OwedCity) -> int:
    with city.database.reading() as session:
        return session.scalars(select(col(TaskRow.id)).where(col(TaskRow.dormant))).one() or 0


def test_a_deadline_never_makes_work_overdue_that_events_start(database: Database) -> None:
    city = _city(database, _K.MONTHLY)
    waiting = _waiting_task(city)
    _change(city, date(2022, 9, 9), at(9, 1), task_id=waiting)
    assert _class(city, at(9, 20), task_id=waiting) is Work.NOT_STARTED
    event = RecordTrigger(waiting, at(9, 20), "甲地发生疫情")
    with database.transaction() as session:
        record_trigger(session, event, actor=OFFICE, at=at(9, 20, hour=10), calendar=BY.calendar)
    assert _class(city, at(9, 20, hour=11), task_id=waiting) is Work.NOT_STARTED
    assert _class(city, at(9, 22), task_id=waiting) is Work.UNKNOWN
    assert_reckoned(database)


def test_work_that_waits_for_an_event_lapses_with_its_document_whatever_its_deadline(database: Database) -> None:
    city = _city(database, _K.MONTHLY, expires_on=date(2022, 10, 31))
    waiting = _waiting_task(city)
    _change(city, date(2022, 9, 9), at(9, 1), task_id=waiting)
    with database.transaction() as session:
        lapse_expired(session, now=at(11, 1), by=BY)
    assert _class(city, at(11, 2), task_id=waiting) is Work.LAPSED
    with database.reading() as session:
        share = col(FormRow.assignment_id) == col(AssignmentRow.id)
        rows = select(col(PeriodRow.code), col(FormRow.state)).join(
            FormRow, col(FormRow.period_id) == col(PeriodRow.id)
        )
        owed = session.execute(rows.join(AssignmentRow, share).where(col(AssignmentRow.task_id) == waiting)).all()
    assert owed == [("closing", "open")]
    assert_reckoned(database)


def test_an_earlier_deadline_opens_no_window_before_the_one_with_which_the_unit_began(database: Database) -> None:
    """Given late in the third quarter the unit began with the fourth, which no other deadline changes."""
    city = _city(database, _K.QUARTERLY, when=at(9, 20))
    city.grow(at(11, 10))
    _change(city, EARLIER, at(11, 10))
    city.grow(at(11, 11))
    with database.reading() as session:
        assert count_overdue(session, now=at(11, 11), unit_ids=EVERY_UNIT) == 0
    assert {code: row.due_at for code, row in city.rows("swj").items()} == {"2022Q4": end_of_day(date(2022, 12, 28))}
    assert_reckoned(database)


def test_an_old_correction_dates_nothing_once_the_present_completion_is_corrected_too(database: Database) -> None:
    """The correction for the deadline of 11 November was never made; the completion for that of 30 December came."""
    city = started(database, "swj")
    due = due_of(city, "swj")
    give_back(city, city.file("swj", "2022-11", when=due - 3 * DAY), due - 2 * DAY)
    to_deadline(city, date(2022, 12, 30), due - DAY)
    city.grow(at(12, 28))
    assert standing_at(city, at(12, 20)).work.work is not Work.OVERDUE_WORK
    give_back(city, city.file("swj", "2022-12", when=at(12, 28)), at(12, 29))
    assert [row.state for row in city.rows("swj").values() if row.final] == ["returned", "returned"]
    corrected_by = city.rows("swj")["2022-12"].correction_due_at
    assert corrected_by is not None
    for moment in (at(12, 29, hour=11), at(1, 20, year=2023), corrected_by - DAY):
        assert stands(city, moment)[0] is Work.COMPLETION_PENDING
    assert stands(city, corrected_by)[0] is Work.OVERDUE_WORK
    assert_reckoned(database)
