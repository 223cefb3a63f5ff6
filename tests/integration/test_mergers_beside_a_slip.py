"""Units merge while a plan is wrongly held to have ended: what was reported is not asked again of the successor."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.calendar import end_of_day
from tracker.domain.claims import Claim
from tracker.domain.items import AssignmentRole, Basis, Bearer, CadenceKind, Duty
from tracker.domain.parts import NewShare
from tracker.domain.plan_ends import PlanEnd
from tracker.domain.readings.demands import Bound, Cadence, NamedBearer
from tracker.domain.verdicts import Verdict
from tracker.steps.lapsing import lapse_expired
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.series import series_views
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import resume_task, suspend_task
from tracker.usecases.plan_ends import correct_plan_end
from tracker.usecases.requesting import dispute_share
from tracker.usecases.sharing import add_share, reassign_share, release_share

YEAR_END, WRONG_END = date(2022, 12, 31), date(2022, 10, 10)
ACCEPTED_AT, LAPSED_AT, MERGED_AT, RIGHT_AT, GROWN_AT = at(10, 8), at(10, 15), at(10, 17), at(10, 18), at(12, 2)


def _plan(
    database: Database,
    *,
    kind: CadenceKind = CadenceKind.MONTHLY,
    bearers: tuple[str, ...] | None = None,
    ends_on: date = YEAR_END,
) -> OwedCity:
    reading = small_reading()
    first, waiting = reading.items
    cadence = Cadence(kind, Basis.STATED, 1, "每月通报一次")
    if bearers:
        cadence = replace(cadence, bound=Bound(Bearer.NAMED, (NamedBearer("市商务局、市统计局", bearers),)))
    items = (replace(first, cadences=(cadence,), targets=()), waiting)
    return open_owed_city(database, reading=replace(reading, plan_end=PlanEnd(ends_on), items=items))


def _file(city: OwedCity, code: str, period: str, when: datetime, *, accepted: bool = True, words: str = "") -> None:
    report_id = city.file(code, period, when=when, claim=Claim.ONGOING_ACTIVE, missed_words=words)
    if accepted:
        with city.database.transaction() as session:
            verdict = Verdict(Claim.ONGOING_ACTIVE)
            accept_report(session, report_id=report_id, actor=OFFICE, at=when, verdict=verdict)


def _merge(city: OwedCity, old: str, new: str, when: datetime = MERGED_AT) -> None:
    city.merge(old, new, when)
    _assert_told_alike(city, when)


def _end(city: OwedCity, on: date, when: datetime) -> None:
    with city.database.transaction() as session:
        correct_plan_end(session, document_id=1, new_on=on, reason="更正", actor=OFFICE, at=when, by=BY)
    _assert_told_alike(city, when)


def _let_lapse(city: OwedCity, when: datetime = LAPSED_AT, *, on: date = WRONG_END) -> None:
    _end(city, on, when)
    _sweep(city, when)


def _sweep(city: OwedCity, now: datetime) -> None:
    with city.database.transaction() as session:
        assert lapse_expired(session, now=now, by=BY) > 0


def _pause(city: OwedCity) -> None:
    with city.database.transaction() as session:
        suspend_task(session, task_id=city.task_id(), reason="疫情", actor=OFFICE, at=at(10, 9))


def _resume(city: OwedCity) -> None:
    with city.database.transaction() as session:
        resume_task(session, task_id=city.task_id(), reason="复工", actor=OFFICE, at=at(10, 20), by=BY)


def _dispute(city: OwedCity) -> None:
    said = {"reason": "非本部门职责", "actor": city.liaison("swj"), "at": at(8, 26), "by": BY}
    with city.database.transaction() as session:
        dispute_share(session, assignment_id=city.share("swj").id or 0, **said)  # type: ignore[arg-type] # by name


def _add(city: OwedCity, code: str, when: datetime) -> None:
    with city.database.transaction() as session:
        part = NewShare(city.unit_id(code), AssignmentRole.LEAD, Duty.REPORT)
        add_share(session, task_id=city.task_id(), share=part, reason="补", actor=OFFICE, at=when, by=BY)


def _assert_told_alike(city: OwedCity, now: datetime) -> None:
    assert_reckoned(city.database)
    with city.database.reading() as session:
        ids = [id_ for id_ in session.scalars(select(col(SeriesRow.id))) if id_]
        assert fold(session, cut(session, as_of=now)).views() == series_views(session, ids)


def _nothing(_city: OwedCity) -> None:
    """Let nothing else happen."""


def _merge_once(city: OwedCity, into: str) -> str:
    _merge(city, "swj", into)
    return into


def _merge_twice(city: OwedCity, into: str) -> str:
    last = {"wjw": "tjj", "tjj": "wjw", "sp": "yc"}[into]
    _merge(city, "swj", into)
    _merge(city, into, last)
    return last


def _right(city: OwedCity) -> None:
    _end(city, YEAR_END, RIGHT_AT)


def _right_in_two_steps(city: OwedCity) -> None:
    _end(city, date(2022, 10, 14), RIGHT_AT)
    _end(city, YEAR_END, at(10, 19))


def _right_after_a_second_slip(city: OwedCity) -> None:
    _end(city, date(2022, 10, 19), RIGHT_AT)
    _sweep(city, at(10, 20))
    _end(city, YEAR_END, at(10, 20))


@pytest.mark.parametrize("into", ["wjw", "tjj", "sp"])
@pytest.mark.parametrize("before", [_nothing, _pause, _dispute])
@pytest.mark.parametrize(
    ("merge", "correct"),
    [
        (_merge_once, _right),
        (_merge_twice, _right),
        (_merge_once, _right_in_two_steps),
        (_merge_once, _right_after_a_second_slip),
    ],
)
def test_a_successor_goes_on_after_what_the_old_unit_reported(
    database: Database,
    into: str,
    before: Callable[[OwedCity], None],
    merge: Callable[[OwedCity, str], str],
    correct: Callable[[OwedCity], None],
) -> None:
    """The successor had no share, a part that only replies, or a tick."""
    city = _plan(database)
    if before is _dispute:
        _dispute(city)
    city.grow(ACCEPTED_AT)
    _file(city, "swj", "2022-09", ACCEPTED_AT)
    if before is _pause:
        _pause(city)
    _let_lapse(city)
    successor = merge(city, into)
    correct(city)
    if before is _pause:
        _resume(city)
    city.grow(GROWN_AT)
    states = city.states(successor)
    october = "waived" if before is _pause else "open"  # resumed on the 20th, by the half rule
    owed = {"2022-09": "accepted", "2022-10": october, "2022-11": "open", "2022-12": "open"}
    assert {code: states[code] for code in owed} == owed
    assert _asked_of_others(city, successor) == set()
    _assert_told_alike(city, GROWN_AT)


def _asked_of_others(city: OwedCity, successor: str) -> set[tuple[str, str]]:
    """Return what is owed for the task beside the successor's own, by unit and period, ticks apart."""
    share_id = city.share(successor).id
    with city.database.reading() as session:
        found = session.execute(
            select(col(UnitRow.code), col(PeriodRow.code))
            .join(SeriesRow, col(SeriesRow.unit_id) == col(UnitRow.id))
            .join(PeriodRow, col(PeriodRow.series_id) == col(SeriesRow.id))
            .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
            .where(
                col(FormRow.state) == "open",
                col(FormRow.assignment_id).is_not(None),
                col(FormRow.assignment_id) != share_id,
            )
        )
        return {(unit, period) for unit, period in found}


@pytest.mark.parametrize("accepted", [True, False])
def test_what_lies_with_the_office_is_not_asked_again_either(database: Database, accepted: bool) -> None:
    city = _plan(database)
    city.grow(ACCEPTED_AT)
    _file(city, "swj", "2022-09", ACCEPTED_AT, accepted=accepted)
    _let_lapse(city)
    _merge(city, "swj", "wjw")
    _right(city)
    assert city.states("wjw")["2022-09"] == ("accepted" if accepted else "filed")
    _assert_told_alike(city, RIGHT_AT)


@pytest.mark.parametrize("slip", [True, False])
@pytest.mark.parametrize(
    ("filed_by", "state"), [(("swj",), "accepted"), (("tjj",), "accepted"), (("swj", "tjj"), "accepted"), ((), "open")]
)
def test_of_two_bearers_it_is_enough_that_one_reported(
    database: Database, filed_by: tuple[str, ...], state: str, slip: bool
) -> None:
    city = _plan(database, bearers=("swj", "tjj"))
    city.grow(ACCEPTED_AT)
    for code in filed_by:
        _file(city, code, "2022-09", ACCEPTED_AT)
    if slip:
        _let_lapse(city)
    _merge(city, "swj", "tjj")
    if slip:
        _right(city)
    city.grow(GROWN_AT)
    states = city.states("tjj")
    assert (states["2022-09"], states["2022-10"], states["2022-12"]) == (state, "open", "open")
    assert _asked_of_others(city, "tjj") == set()
    _assert_told_alike(city, GROWN_AT)


@pytest.mark.parametrize("slip", [True, False])
@pytest.mark.parametrize("filed_by", ["tjj", None])
def test_a_wrong_end_leaves_no_account_missed_with_the_old_unit_that_the_successor_has_too(
    database: Database, filed_by: str | None, slip: bool
) -> None:
    city = _plan(database, bearers=("swj", "tjj"))
    city.grow(ACCEPTED_AT)
    if filed_by:
        _file(city, filed_by, "2022-09", ACCEPTED_AT)
    if slip:
        _let_lapse(city, at(10, 12))
    _merge(city, "swj", "tjj")
    if slip:
        _right(city)
    assert city.states("swj")["2022-09"] == "waived"
    assert city.states("tjj")["2022-09"] == ("accepted" if filed_by else "open")


@pytest.mark.parametrize("slip", [True, False])
def test_a_successor_that_began_later_is_not_asked_for_what_was_reported_before_it_began(
    database: Database, slip: bool
) -> None:
    city = _plan(database)
    city.grow(ACCEPTED_AT)
    _file(city, "swj", "2022-09", ACCEPTED_AT)
    _add(city, "wjw", at(10, 9))
    if slip:
        _let_lapse(city)
    _merge(city, "swj", "wjw")
    if slip:
        _right(city)
    city.grow(GROWN_AT)
    states = city.states("wjw")
    assert [states[code] for code in ("2022-09", "2022-10", "2022-11")] == ["accepted", "open", "open"]
    _assert_told_alike(city, GROWN_AT)


@pytest.mark.parametrize("slip", [True, False])
def test_what_is_owed_goes_on_where_the_successors_own_part_had_been_let_go(database: Database, slip: bool) -> None:
    city = _plan(database)
    _add(city, "wjw", at(8, 25))
    with database.transaction() as session:
        share = city.share("wjw").id or 0
        release_share(session, assignment_id=share, reason="职能调整", actor=OFFICE, at=at(9, 5), by=BY)
    city.grow(ACCEPTED_AT)
    assert set(city.states("wjw").values()) == {"waived"}
    if slip:
        _let_lapse(city)
    _merge(city, "swj", "wjw")
    if slip:
        _right(city)
    rows = city.rows("wjw")
    arrears = end_of_day(date(2022, 11, 1))  # ten working days later
    assert (rows["2022-09"].state, rows["2022-10"].state) == ("open", "open")
    assert (rows["2022-09"].due_at == arrears) == slip
    _assert_told_alike(city, RIGHT_AT)


def test_an_account_that_was_missed_is_history_for_the_successor_too(database: Database) -> None:
    """It only replied, so that the old unit's rows become those of its share."""
    city = _plan(database, kind=CadenceKind.CONTINUOUS, ends_on=date(2024, 12, 31))
    city.grow(at(3, 29, year=2023))
    _file(city, "swj", "2023Q1", at(3, 30, year=2023), words="人员变动")
    assert city.states("swj")["2022Q4"] == "missed"
    _merge(city, "swj", "tjj", at(3, 31, year=2023))
    city.grow(at(7, 3, year=2023))
    states = city.states("tjj")
    assert [states[code] for code in ("2022Q4", "2023Q1", "2023Q2")] == ["missed", "accepted", "open"]
    _assert_told_alike(city, at(7, 3, year=2023))


def test_a_share_that_the_office_gives_to_another_unit_begins_there_with_the_running_window(database: Database) -> None:
    city = _plan(database)
    city.grow(ACCEPTED_AT)
    _file(city, "swj", "2022-09", ACCEPTED_AT)
    _end(city, WRONG_END, at(10, 14))
    with database.transaction() as session:
        ids = {"assignment_id": city.share("swj").id or 0, "to_unit_id": city.unit_id("wjw")}
        reassign_share(session, **ids, reason="职能划转", actor=OFFICE, at=at(10, 14), by=BY)
    with database.transaction() as session:
        lapse_expired(session, now=LAPSED_AT, by=BY)
    _end(city, YEAR_END, RIGHT_AT)
    city.grow(GROWN_AT)
    assert "2022-09" not in city.states("wjw")
    assert city.states("swj")["2022-09"] == "accepted"
    _assert_told_alike(city, GROWN_AT)
