"""An outage of the system moves what was due in it for everybody, and nothing else, on both databases."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.accounts import NewUser, create_user
from tests.support.announced import announced
from tests.support.office import POLICY
from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import NUMBER
from tracker.domain.accounts import EVERY_UNIT, NotYourTask, Role
from tracker.domain.calendar import end_of_day
from tracker.domain.deliveries import Outgoing
from tracker.domain.errors import TrackerError
from tracker.domain.events.calendar import OutageRecorded
from tracker.domain.filings import ReturnReason
from tracker.domain.outages import Outage, OutageEmpty, OutageNotOver, OutageOverlaps, OutageTooLong
from tracker.steps.lapsing import lapse_expired
from tracker.store import event_log
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.filings import filing_views
from tracker.store.queries.owed_lists import count_overdue
from tracker.store.queries.series import series_views
from tracker.store.tables.events import DeliveryRow, EventRow, ReminderRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.subscriptions import Surroundings, follow
from tracker.usecases.deliveries import fan_out
from tracker.usecases.plan_ends import correct_plan_end
from tracker.usecases.recording_outages import Consequences, preview_outage, record_outage
from tracker.usecases.requesting import RequestExtension, grant_extension, refuse_request, request_extension
from tracker.usecases.returning import return_report

FORM, DUE_ON = "2022-09", date(2022, 10, 10)
# From the morning of the due day, a Monday, until noon of the day after.
STRUCK = Outage(at(10, 10), at(10, 11, hour=12))
NOW, NEW_DUE_ON = at(10, 12), date(2022, 10, 12)


def _record(city: OwedCity, outage: Outage = STRUCK, *, when: datetime = NOW) -> Consequences:
    with city.database.transaction() as session:
        return record_outage(session, outage, reason="机房断电", actor=OFFICE, at=when, by=BY)


def _due(city: OwedCity) -> datetime:
    row = city.rows("swj")[FORM]
    with city.database.reading() as session:
        return row.correction_due_at or row.due_at or session.get_one(PeriodRow, row.period_id).due_at


def _overdue(city: OwedCity, now: datetime = NOW) -> int:
    with city.database.reading() as session:
        return count_overdue(session, now=now, unit_ids=EVERY_UNIT)


def _facts(session: Session, kind: str) -> list[dict[str, object]]:
    told = session.scalars(select(col(EventRow.payload)).where(col(EventRow.type) == kind).order_by(col(EventRow.seq)))
    return [json.loads(payload) for payload in told]


def _assert_told_alike(database: Database, *, now: datetime = NOW) -> None:
    """The chain holds, the stored value equals the rule, and the log folded equals the tables."""
    assert_reckoned(database)
    with database.reading() as session:
        assert list(event_log.broken_links(session)) == []
        ids = [id_ for id_ in session.scalars(select(col(SeriesRow.id))) if id_]
        assert fold(session, cut(session, as_of=now)).views() == series_views(session, ids)


def _ask(city: OwedCity, until: date, *, when: datetime) -> int:
    command = RequestExtension(city.rows("swj")[FORM].id or 0, until, "等统计口径")
    with city.database.transaction() as session:
        return request_extension(session, command, actor=city.liaison("swj"), at=when)


def _extend(city: OwedCity, until: date) -> None:
    request_id = _ask(city, until, when=at(9, 30))
    with city.database.transaction() as session:
        grant_extension(session, request_id=request_id, actor=OFFICE, at=at(9, 30), by=BY)


def _return(city: OwedCity, *, when: datetime) -> None:
    report_id = city.file("swj", FORM, when=at(9, 28))
    said = {"reason": "缺少数据", "reason_class": ReturnReason.NO_EVIDENCE, "actor": OFFICE, "at": when, "by": BY}
    with city.database.transaction() as session:
        return_report(session, report_id=report_id, **said)  # type: ignore[arg-type] # as above


def test_what_was_overdue_only_because_of_an_outage_is_not(database: Database) -> None:
    city = open_owed_city(database)
    assert _overdue(city) == 1
    done = _record(city)
    assert _overdue(city) == 0
    assert _due(city) == end_of_day(NEW_DUE_ON)
    with database.reading() as session:
        (recorded,) = _facts(session, "outage.recorded")
        (moved,) = _facts(session, "due.moved")
        assert session.get_one(PeriodRow, moved["period_id"]).code == FORM
    assert (recorded["moved"], recorded["reason"], len(done.moves)) == (1, "机房断电", 1)
    assert (moved["cause"], moved["unit_id"]) == ("outage", city.unit_id("swj"))
    assert (moved["old_due_at"], moved["new_due_at"]) == (
        end_of_day(DUE_ON).isoformat(),
        end_of_day(NEW_DUE_ON).isoformat(),
    )
    _assert_told_alike(database)
    assert _overdue(city, end_of_day(NEW_DUE_ON)) == 1


@pytest.mark.parametrize(
    ("outage", "due_on"),
    [
        pytest.param(Outage(at(10, 10, hour=8), at(10, 10)), date(2022, 10, 11), id="it ends on the due day"),
        pytest.param(Outage(at(10, 1), at(10, 11, hour=0)), date(2022, 10, 11), id="it ends with the due day"),
        pytest.param(Outage(at(10, 11, hour=0), at(10, 11)), DUE_ON, id="it begins when the moment has passed"),
        pytest.param(Outage(at(10, 8), at(10, 9, hour=18)), DUE_ON, id="it ends on the working day before"),
        pytest.param(Outage(at(9, 28), at(9, 30)), DUE_ON, id="it ends before the holiday"),
    ],
)
def test_a_moment_moves_where_nobody_had_a_whole_working_day_left_for_it(
    database: Database, outage: Outage, due_on: date
) -> None:
    city = open_owed_city(database)
    _record(city, outage)
    assert _due(city) == end_of_day(due_on)


@pytest.mark.parametrize(
    ("granted_on", "due_on"),
    [
        pytest.param(date(2022, 10, 14), date(2022, 10, 17), id="a Friday"),
        pytest.param(date(2022, 10, 16), date(2022, 10, 17), id="the Sunday after it"),
        pytest.param(date(2022, 10, 17), date(2022, 10, 17), id="the next working day"),
        pytest.param(date(2022, 10, 20), date(2022, 10, 20), id="a later day"),
    ],
)
def test_a_row_with_a_moment_of_its_own_moves_and_a_later_moment_stays(
    database: Database, granted_on: date, due_on: date
) -> None:
    city = open_owed_city(database)
    _extend(city, granted_on)
    _record(city, Outage(at(10, 14), at(10, 14, hour=15)), when=at(10, 18))
    assert _due(city) == end_of_day(due_on)
    _assert_told_alike(database, now=at(10, 18))


def test_a_row_that_has_a_later_moment_than_its_struck_form_stays(database: Database) -> None:
    city = open_owed_city(database)
    _extend(city, date(2022, 10, 20))
    assert _record(city).moves == ()
    assert _due(city) == end_of_day(date(2022, 10, 20))


def test_a_row_under_correction_moves(database: Database) -> None:
    city = open_owed_city(database)
    _return(city, when=at(10, 8))
    corrected_by = date(2022, 10, 11)
    assert _due(city) == end_of_day(corrected_by)
    _record(city)
    assert _due(city) == end_of_day(NEW_DUE_ON)
    with database.reading() as session:
        (moved,) = _facts(session, "due.moved")
    assert (moved["correction"], moved["row_id"]) == (True, city.rows("swj")[FORM].id)
    _assert_told_alike(database)


@pytest.mark.parametrize(
    ("filed_at", "recorded_at", "late"),
    [
        pytest.param(at(10, 11, hour=15), NOW, False, id="the day on which it ended"),
        pytest.param(at(10, 12, hour=20), at(10, 13), False, id="the last hours of the new moment"),
        pytest.param(end_of_day(NEW_DUE_ON), at(10, 14), True, id="after it"),
    ],
)
def test_a_filing_that_was_late_only_because_of_an_outage_is_punctual(
    database: Database, filed_at: datetime, recorded_at: datetime, late: bool
) -> None:
    city = open_owed_city(database)
    report_id = city.file("swj", FORM, when=filed_at)
    assert city.rows("swj")[FORM].late
    done = _record(city, when=recorded_at)
    assert city.rows("swj")[FORM].late is late
    assert len(done.excused) == len(done.moves) == (0 if late else 1)
    with database.reading() as session:
        assert [fact["late"] for fact in _facts(session, "lateness.fixed")] == [False] * len(done.excused)
        [shown] = filing_views(session, [session.get_one(ReportRow, report_id).filing_id])
        assert [report.late for report in shown.reports] == [late]
    _assert_told_alike(database, now=recorded_at)


@pytest.mark.parametrize("filed", [False, True])
def test_what_lies_with_the_office_moves_too_and_is_handed_back_as_ever(database: Database, filed: bool) -> None:
    city = open_owed_city(database)
    request_id = _ask(city, date(2022, 10, 30), when=at(10, 10, hour=8))
    if filed:
        city.file("swj", FORM, when=at(10, 11, hour=15))
        assert city.rows("swj")[FORM].late is None
    assert len(_record(city).moves) == 1
    assert _due(city) == end_of_day(NEW_DUE_ON)
    _assert_told_alike(database)
    with database.transaction() as session:
        refuse_request(session, request_id=request_id, reason="理由不充分", actor=OFFICE, at=NOW, by=BY)
    assert _due(city) == end_of_day(BY.calendar.add_workdays(NEW_DUE_ON, BY.policy.decision_grace_workdays))
    assert city.rows("swj")[FORM].late is (False if filed else None)
    _assert_told_alike(database)


def test_a_tick_moves_its_form_where_the_form_asks_for_nothing_else_and_not_beside_a_later_row(
    database: Database,
) -> None:
    city = open_owed_city(database)
    _extend(city, date(2022, 10, 20))
    with database.transaction() as session:
        beside = city.rows("swj")[FORM].period_id
        session.add(FormRow(period_id=beside, assignment_id=None, required=False))
        ticked = select(PeriodRow).join(FormRow).where(col(FormRow.assignment_id).is_(None), col(FormRow.required))
        alone = session.scalars(ticked.where(col(PeriodRow.code) == "2022H2").order_by(col(PeriodRow.id))).all()
    assert _record(city).moves == ()
    [due_at] = {form.due_at for form in alone}
    moves = _record(city, Outage(due_at - timedelta(hours=6), due_at - timedelta(hours=1)), when=due_at).moves
    assert sorted(move.form.period.id or 0 for move in moves) == [form.id for form in alone]
    assert {move.row for move in moves} == {None}


def test_an_outage_is_recorded_once_when_it_is_over_and_by_the_office(database: Database) -> None:
    city = open_owed_city(database)
    _record(city, when=STRUCK.until_at)
    day = timedelta(days=1)
    refused: list[tuple[Outage, type[TrackerError]]] = [
        (STRUCK, OutageOverlaps),
        (Outage(STRUCK.until_at - timedelta(minutes=1), NOW), OutageOverlaps),
        (Outage(STRUCK.from_at - day, STRUCK.until_at + timedelta(hours=1)), OutageOverlaps),
        (Outage(NOW - day, NOW + timedelta(minutes=1)), OutageNotOver),
        (Outage(NOW, NOW), OutageEmpty),
        (Outage(NOW - 31 * day, NOW), OutageTooLong),
    ]
    for outage, error in refused:
        with pytest.raises(error), database.reading() as session:
            preview_outage(session, outage, now=NOW, by=BY)
        with pytest.raises(error):
            _record(city, outage)
    for actor in (city.liaison("swj"), city.head("swj")):
        assert actor.role is not Role.SUPERVISOR
        with pytest.raises(NotYourTask), database.transaction() as session:
            record_outage(session, STRUCK, reason="机房断电", actor=actor, at=NOW, by=BY)
    _record(city, Outage(STRUCK.until_at, NOW))
    with database.reading() as session:
        assert len(_facts(session, "outage.recorded")) == 2
    assert _due(city) == end_of_day(date(2022, 10, 13))


@pytest.mark.parametrize("later_first", [False, True])
def test_outages_come_to_the_same_in_whatever_order_they_are_recorded(database: Database, later_first: bool) -> None:
    city = open_owed_city(database)
    city.grow(at(10, 1))
    outages = [Outage(at(10, 10, hour=8), at(10, 11, hour=12)), Outage(at(10, 12, hour=8), at(10, 13, hour=12))]
    for outage in reversed(outages) if later_first else outages:
        with database.transaction() as session:
            record_outage(session, outage, reason="机房断电", actor=OFFICE, at=at(10, 14), by=BY)
    with database.reading() as session:
        row = city.rows("swj")[FORM]
        assert (row.due_at or session.get_one(PeriodRow, row.period_id).due_at) == end_of_day(date(2022, 10, 14))
    _assert_told_alike(database, now=at(10, 14))


@pytest.mark.parametrize("later_first", [False, True])
def test_a_filing_is_punctual_by_the_moment_that_outages_give_together(database: Database, later_first: bool) -> None:
    city = open_owed_city(database)
    city.file("swj", FORM, when=at(10, 14, hour=15))  # the first of the two alone gives until 10-13
    city.grow(at(10, 14, hour=16))
    outages = [Outage(at(10, 10, hour=8), at(10, 12, hour=12)), Outage(at(10, 12, hour=12), at(10, 14, hour=14))]
    for outage in reversed(outages) if later_first else outages:
        _record(city, outage, when=at(10, 15))
    assert city.rows("swj")[FORM].late is False
    _assert_told_alike(database, now=at(10, 15))


@pytest.mark.parametrize("outage_first", [False, True])
def test_an_outage_moves_what_stood_wrongly_ended_then(database: Database, outage_first: bool) -> None:
    city = open_owed_city(database)
    city.grow(at(10, 1))

    def correct(new_on: date, when: datetime) -> None:
        with database.transaction() as session:
            correct_plan_end(session, document_id=1, new_on=new_on, reason="有误", actor=OFFICE, at=when, by=BY)

    def record() -> None:
        with database.transaction() as session:
            outage = Outage(at(10, 10, hour=8), at(10, 12, hour=12))
            record_outage(session, outage, reason="机房断电", actor=OFFICE, at=at(10, 12, hour=15), by=BY)

    correct(date(2022, 10, 11), at(10, 3))
    with database.transaction() as session:
        lapse_expired(session, now=at(10, 12), by=BY)
    acts: list[Callable[[], object]] = [record, lambda: correct(date(2022, 12, 31), at(10, 12, hour=16))]
    for act in acts if outage_first else reversed(acts):
        act()
    with database.reading() as session:
        row = city.rows("swj")[FORM]
        moment = row.due_at or session.get_one(PeriodRow, row.period_id).due_at
    assert (row.state, moment) == ("open", end_of_day(date(2022, 10, 13)))
    _assert_told_alike(database, now=at(10, 13))


@pytest.mark.parametrize(
    ("filed_at", "recorded_at", "asked"),
    [
        (None, NOW, "请按新时限报送"),
        (at(10, 11), NOW, "已报送的不需再报，按新时限认定，因停用记为迟报的改为按时"),
        (None, at(10, 13), "新时限也已过，请尽快补报"),
    ],
)
def test_a_unit_is_told_what_is_asked_of_it_by_the_moment_that_an_outage_moved(
    database: Database, filed_at: datetime | None, recorded_at: datetime, asked: str
) -> None:
    city = open_owed_city(database)
    if filed_at is not None:
        city.file("swj", FORM, when=filed_at)
    _record(city, when=recorded_at)
    (message,) = announced(database, "outage.recorded")
    moved = f"{NUMBER}2022年9月，2022年10月10日（周一，含）改为2022年10月12日（周三，含）。"
    assert message.reason == f"督查系统停用期间到期的报送时限顺延。说明：机房断电。{asked}：{moved}"


@pytest.mark.parametrize(
    ("which", "moved"),
    [
        (0, "2022年10月10日（周一，含）改为2022年10月12日（周三，含）"),
        (1, "2022年10月12日（周三，含）改为2022年10月14日（周五，含）"),
    ],
)
def test_a_unit_is_told_of_an_outage_what_that_one_moved(database: Database, which: int, moved: str) -> None:
    city = open_owed_city(database)
    _record(city)
    _record(city, Outage(at(10, 12), at(10, 13)), when=at(10, 14))
    (message,) = announced(database, "outage.recorded", which=which)
    assert message.reason.endswith(f"：{NUMBER}2022年9月，{moved}。")


def test_a_unit_is_told_once_which_of_its_moments_an_outage_moved(database: Database) -> None:
    city = open_owed_city(database)
    machine_now = datetime(2026, 1, 5, 3, 0, tzinfo=UTC)
    with database.transaction() as session:
        create_user(session, NewUser("swj", "张三", Role.LIAISON, "x", "swj"))
        create_user(session, NewUser("yc", "李四", Role.LIAISON, "x", "yc"))
    _record(city)
    with database.transaction() as session:
        fan_out(session, {OutageRecorded: ("notice",)}, machine_now=machine_now)
    around = Surroundings(BY.calendar, POLICY, Outgoing(mail=False, machine_now=machine_now))
    with database.transaction() as session:
        delivery = session.scalars(select(DeliveryRow)).one()
        assert follow(session, delivery.id or 0, around)
        (message,) = session.scalars(select(ReminderRow)).all()
    assert message.recipient == "市商务局 张三"
    assert "系统停用" in message.subject
    assert "2022年10月10日9时00分至2022年10月11日12时00分，1处" in message.subject
    assert "2022年10月10日（周一，含）改为2022年10月12日（周三，含）" in message.reason
    assert "机房断电" in message.reason
