"""The office's points of a schedule: what is expected changes at once, what was said and was issued does not."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.owed_city import BY, LEADER, OFFICE, OwedCity, at, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.accounts import Actor, NotYourTask
from tracker.domain.claims import Claim, RowContent
from tracker.domain.contradictions import ClaimAboveValue
from tracker.domain.entries import Entry
from tracker.domain.errors import NotFound
from tracker.domain.filings import FilingKind, ReasonRequired
from tracker.domain.items import Measure
from tracker.domain.lifecycle import TaskNotOpen
from tracker.domain.light_kinds import LightReason
from tracker.domain.progress import Work
from tracker.domain.schedule import Point
from tracker.domain.schedule_points import PointPastTarget, PointsNotTaken, PointsUnchanged
from tracker.steps.rereading import reread_documents
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.identities import unit_facts
from tracker.store.history.log import cut
from tracker.store.history.work import past_standings
from tracker.store.queries.points import points_of_items, units_bound_by
from tracker.store.queries.work import TaskStanding, task_standings
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.tasks import TargetPointRow
from tracker.usecases.ending import cancel_task
from tracker.usecases.filing import SubmitForm, SubmitOne, sign_off, submit_form, submit_one
from tracker.usecases.scheduling import SetPoints, set_points
from tracker.usecases.sharing import change_deadline
from tracker.wording.lights import light_sentence

MID_SEPTEMBER, SEPTEMBER = date(2022, 9, 15), date(2022, 9, 30)
BOTH = (Point(MID_SEPTEMBER, 1.0), Point(SEPTEMBER, 2.0))


@pytest.fixture
def city(database: Database) -> OwedCity:
    """The year's goal of two is due by the end of the year."""
    made = open_owed_city(database)
    with database.transaction() as session:
        change_deadline(
            session,
            task_id=made.task_id(),
            new_on=date(2022, 12, 31),
            reason="会议议定",
            actor=OFFICE,
            at=at(8, 25, hour=10),
            by=BY,
        )
    return made


def _target(session: Session) -> int:
    return session.scalars(select(col(ItemTargetRow.id)).order_by(col(ItemTargetRow.id))).first() or 0


def _set(
    city: OwedCity, *points: Point, when: datetime, actor: Actor = OFFICE, reason: str = "调度会议定", task: int = 0
) -> None:
    with city.database.transaction() as session:
        command = SetPoints(task or city.task_id(), _target(session), points, reason)
        set_points(session, command, actor=actor, at=when)


def _tell(city: OwedCity, value: float, value_on: date, *, when: datetime) -> None:
    """Let the lead write news with a value, and sign it."""
    with city.database.transaction() as session:
        content = RowContent(claim=Claim.ON_SCHEDULE, text="9月20日通报1期。")
        entry = Entry(city.share("swj").id or 0, content, {_target(session): (value, value_on)})
        filing_id = submit_one(session, SubmitOne(FilingKind.UPDATE, entry), actor=city.liaison("swj"), at=when)
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=when)


def _fill_in(city: OwedCity, value: float, value_on: date, *, keep: bool = True) -> None:
    """Hand in the lead's form of September, on schedule by its own word, unless it is only tried out."""
    with city.database.transaction() as session:
        content = RowContent(claim=Claim.ON_SCHEDULE, text="9月20日通报1期。")
        entry = Entry(city.share("swj").id or 0, content, {_target(session): (value, value_on)})
        command = SubmitForm(city.rows("swj")["2022-09"].period_id, (entry,))
        submit_form(session, command, actor=city.liaison("swj"), at=at(9, 30))
        if not keep:
            session.rollback()


def _now(session: Session, city: OwedCity, now: datetime) -> TaskStanding:
    return task_standings(session, now=now, by=BY, task_ids=[city.task_id()])[0]


def _then(session: Session, city: OwedCity, moment: datetime) -> TaskStanding:
    state = fold(session, cut(session, as_of=moment))
    stood = past_standings(session, state, units=unit_facts(session, until=state.until), by=BY)
    return next(found for found in stood if found.task_id == city.task_id())


def test_points_change_the_light_at_once_and_the_class_stays_with_what_was_claimed(city: OwedCity) -> None:
    _tell(city, 1.5, date(2022, 9, 20), when=at(9, 20))
    with city.database.reading() as session:
        before = _now(session, city, at(9, 21))
    assert before.lights.progress.reason is LightReason.CLAIMED_ON_TRACK
    _set(city, Point(MID_SEPTEMBER, 2.0), when=at(9, 21))
    with city.database.reading() as session:
        after = _now(session, city, at(9, 21))
        [report] = session.scalars(select(ReportRow)).all()
    words = light_sentence(after.lights.progress, today=date(2022, 9, 21))
    assert words == "截至9月20日为1.5，按督查室设定的序时应为2，差0.5"
    assert (before.work.work, after.work) == (Work.ON_SCHEDULE, before.work)
    assert (report.claim, report.verified_claim) == ("on_schedule", None)


def test_what_a_form_says_is_held_against_the_points_of_the_day_of_its_value(city: OwedCity) -> None:
    _set(city, *BOTH, when=at(9, 1))
    with pytest.raises(ClaimAboveValue):
        _fill_in(city, 1.5, SEPTEMBER)
    _fill_in(city, 1.5, date(2022, 9, 29), keep=False)
    _set(city, when=at(9, 30), reason="恢复原安排")
    _fill_in(city, 1.5, SEPTEMBER)


def test_figures_of_an_earlier_moment_use_the_points_of_that_moment(city: OwedCity) -> None:
    _tell(city, 1.5, date(2022, 9, 20), when=at(9, 20))
    seen = {}
    for day, points in ((21, (Point(MID_SEPTEMBER, 2.0),)), (23, (Point(SEPTEMBER, 2.0),)), (25, ())):
        _set(city, *points, when=at(9, day), reason=f"{day}日议定")
        with city.database.reading() as session:
            seen[day] = _now(session, city, at(9, day, hour=12))
    with city.database.reading() as session:
        assert {day: _then(session, city, at(9, day, hour=12)) for day in seen} == seen
        assert _then(session, city, at(9, 20, hour=12)).lights.progress.reason is LightReason.CLAIMED_ON_TRACK
    reasons = [found.lights.progress.reason for found in seen.values()]
    assert reasons == [LightReason.BEHIND_PLAN, LightReason.CLAIMED_ON_TRACK, LightReason.CLAIMED_ON_TRACK]


def test_the_last_points_stand_with_who_set_them_when_and_why_and_each_act_is_in_the_log(city: OwedCity) -> None:
    _set(city, Point(MID_SEPTEMBER, 2.0), when=at(9, 1))
    version = city.task().version
    _set(city, *BOTH, when=at(9, 2), reason="按季调度")
    with city.database.reading() as session:
        rows = session.scalars(select(TargetPointRow).order_by(col(TargetPointRow.due_on))).all()
        told = session.scalars(select(EventRow).where(col(EventRow.type) == "schedule.points_set")).all()
    assert [(row.due_on, row.value) for row in rows] == [(point.day, point.value) for point in BOTH]
    assert {(row.reason, row.set_by, row.set_at) for row in rows} == {("按季调度", OFFICE.name, at(9, 2))}
    assert [event.task_id for event in told] == [city.task_id()] * 2
    assert city.task().version == version + 1


def test_another_deadline_lets_only_the_points_before_it_hold_and_no_page_falls_over(city: OwedCity) -> None:
    _set(city, Point(MID_SEPTEMBER, 1.0), Point(date(2022, 11, 30), 1.5), when=at(9, 1))
    with city.database.transaction() as session:
        change_deadline(
            session, task_id=city.task_id(), new_on=date(2022, 10, 31), reason="提前", actor=OFFICE, at=at(9, 2), by=BY
        )
    _tell(city, 1.0, date(2022, 9, 20), when=at(9, 20))
    with city.database.reading() as session:
        assert _now(session, city, at(9, 21)) == _then(session, city, at(9, 21))
        assert _now(session, city, at(9, 21)).lights.progress.reason is LightReason.CLAIMED_ON_TRACK


def test_points_of_a_limit_and_of_a_number_whose_measure_nobody_knows_are_refused(city: OwedCity) -> None:
    for measure in (Measure.CEILING.value, None):
        with city.database.transaction() as session:
            session.get_one(ItemTargetRow, _target(session)).measure = measure
        with pytest.raises(PointsNotTaken):
            _set(city, *BOTH, when=at(9, 1))


def test_what_the_office_may_not_set_changes_nothing(city: OwedCity) -> None:
    with pytest.raises(PointsUnchanged):
        _set(city, when=at(9, 1))
    _set(city, *BOTH, when=at(9, 1))
    with pytest.raises(PointsUnchanged):
        _set(city, *BOTH, when=at(9, 2))
    with pytest.raises(PointPastTarget):
        _set(city, Point(SEPTEMBER, 3.0), when=at(9, 2))
    with pytest.raises(ReasonRequired):
        _set(city, when=at(9, 2), reason=" ")
    for actor in (LEADER, city.liaison("swj")):
        with pytest.raises(NotYourTask):
            _set(city, when=at(9, 2), actor=actor)
    for task in (2, 99):
        with pytest.raises(NotFound):
            _set(city, when=at(9, 2), task=task)
    with city.database.transaction() as session:
        cancel_task(session, task_id=city.task_id(), reason="职能划转", actor=OFFICE, at=at(9, 3))
    with pytest.raises(TaskNotOpen):
        _set(city, when=at(9, 3))
    with city.database.reading() as session:
        assert len(session.scalars(select(TargetPointRow)).all()) == 2


def test_only_units_that_the_number_binds_hear_of_its_points(city: OwedCity) -> None:
    with city.database.reading() as session:
        bound = units_bound_by(session, task_id=city.task_id(), target_id=_target(session))
    assert bound == [city.unit_id("swj")]


def test_a_number_that_a_mended_reading_drops_takes_its_points_with_it(city: OwedCity) -> None:
    _set(city, *BOTH, when=at(9, 1))
    reading = small_reading()
    first = reading.items[0]
    mended = replace(reading, items=(replace(first, targets=(replace(first.targets[0], value=3),)), *reading.items[1:]))
    with city.database.transaction() as session:
        reread_documents(session, [mended], at=at(9, 2))
    with city.database.reading() as session:
        assert session.scalars(select(TargetPointRow)).all() == []
        assert session.scalars(select(col(ItemTargetRow.value))).all() == [3]


def test_the_points_of_an_item_are_those_of_its_own_numbers(city: OwedCity) -> None:
    _set(city, *BOTH, when=at(9, 1))
    with city.database.reading() as session:
        target = session.get_one(ItemTargetRow, _target(session))
        assert points_of_items(session, [target.item_id]) == {target.id: list(BOTH)}
        assert points_of_items(session, [target.item_id + 1]) == {}
