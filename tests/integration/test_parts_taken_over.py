"""A unit that took another's part over besides its own has its own again afterwards, whatever the other added to it."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.items import AssignmentRole, Basis, Bearer, CadenceKind, Duty
from tracker.domain.parts import NewShare
from tracker.domain.plan_ends import PlanEnd
from tracker.domain.readings.demands import Bound, Cadence
from tracker.steps.entrusting import let_report
from tracker.steps.lapsing import lapse_expired
from tracker.steps.realigning import realign
from tracker.steps.resetting import Act
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.series import series_views
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import TaskRow
from tracker.usecases.merging import merge_units
from tracker.usecases.plan_ends import correct_plan_end
from tracker.usecases.requesting import dispute_share
from tracker.usecases.sharing import LastLead, add_share, grant_dispute, reassign_share, release_share


@pytest.fixture
def city(database: Database) -> OwedCity:
    """市商务局 leads, 市统计局 replies, a county reports as a member; 市卫生健康委 leads beside from 12 October."""
    city = open_owed_city(database)
    city.add_lead("wjw", at(10, 12))
    return city


def _hand(city: OwedCity, code: str, *, to: str, month: int = 10, day: int = 13) -> None:
    with city.database.transaction() as session:
        reassign_share(
            session,
            assignment_id=city.share(code).id or 0,
            to_unit_id=city.unit_id(to),
            reason="职能划转",
            actor=OFFICE,
            at=at(month, day),
            by=BY,
        )


def _release(city: OwedCity, code: str) -> None:
    with city.database.transaction() as session:
        share_id = city.share(code).id or 0
        release_share(session, assignment_id=share_id, reason="职能划转", actor=OFFICE, at=at(10, 17), by=BY)


def _part(city: OwedCity, code: str) -> tuple[str, str, bool, bool]:
    share = city.share(code)
    return share.role, share.duty, share.proposed, share.state in ("reassigned", "released")


def _open_rows(city: OwedCity, code: str) -> int:
    """Count what a unit has to report, ticks too."""
    with city.database.reading() as session:
        wanted = (
            select(col(FormRow.id))
            .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
            .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
            .where(col(SeriesRow.unit_id) == city.unit_id(code), col(FormRow.state) == "open")
        )
        return len(session.scalars(wanted).all())


def _own_open(city: OwedCity) -> list[FormRow]:
    return [row for row in city.rows("swj").values() if row.state == "open"]


def _assert_told_alike(city: OwedCity, *codes: str) -> None:
    assert_reckoned(city.database)
    with city.database.reading() as session:
        state = fold(session, cut(session, as_of=at(12, 31)))
        ids = [id_ or 0 for id_ in session.scalars(select(col(SeriesRow.id)).order_by(col(SeriesRow.id)))]
        assert sorted(state.views(), key=lambda view: view.series_id) == series_views(session, ids)
        told = state.shares
    for stored in map(city.share, codes):
        share = told[stored.id or 0]
        assert (share.role.value, share.duty, share.state.value) == (stored.role, stored.duty, stored.state)


@pytest.mark.parametrize(
    ("giver", "taker"),
    [("tjj", "yc"), ("tjj", "swj"), ("yc", "swj"), ("swj", "wjw"), ("wjw", "swj"), ("yc", "tjj"), ("swj", "yc")],
)
def test_a_part_that_was_handed_over_and_back_leaves_both_units_what_they_were(
    city: OwedCity, giver: str, taker: str
) -> None:
    before = [_part(city, giver), _part(city, taker)]
    reporting = _open_rows(city, taker) > 0
    _hand(city, giver, to=taker)
    _hand(city, taker, to=giver, day=14)
    given = _part(city, giver)
    assert ((given[0], given[1], given[3]), _part(city, taker)) == ((*before[0][:2], False), before[1])
    assert (_open_rows(city, taker) > 0) == reporting
    _assert_told_alike(city, giver, taker)


def test_a_second_unit_gets_what_was_taken_over_and_no_more(city: OwedCity) -> None:
    _hand(city, "tjj", to="swj")
    _hand(city, "swj", to="sp", day=14)
    _hand(city, "sp", to="tjj", day=17)
    assert _part(city, "tjj")[:2] == ("support", "reply")
    assert _part(city, "sp") == ("support", "report", False, False)
    assert _part(city, "swj") == ("lead", "report", False, False)
    _assert_told_alike(city, "swj", "sp", "tjj")


@pytest.mark.parametrize(("first", "second"), [("tjj", "yc"), ("yc", "tjj")])
def test_parts_of_two_units_are_handed_on_together(city: OwedCity, first: str, second: str) -> None:
    _hand(city, first, to="swj")
    _hand(city, second, to="swj", day=14)
    _hand(city, "swj", to="tjj", day=17)
    assert _part(city, "tjj") == ("support", "report", False, False)
    assert _part(city, "swj") == ("lead", "report", False, False)
    _assert_told_alike(city, "swj", "yc", "tjj")


def test_what_an_answer_asks_of_a_unit_is_its_own_and_stays_when_anothers_part_leaves_it(city: OwedCity) -> None:
    _hand(city, "yc", to="tjj")
    with city.database.transaction() as session:
        act = Act(cause="question_answered", actor=OFFICE, at=at(10, 14), by=BY, reason="列为成员单位")
        let_report(session, session.get_one(TaskRow, city.task_id()), city.unit_id("tjj"), act=act)
        realign(session, city.task_id(), act=act)
    _hand(city, "tjj", to="yc", day=17)
    assert _part(city, "tjj") == ("support", "report", False, False)
    _assert_told_alike(city, "yc")


def test_a_unit_has_its_own_part_again_from_the_day_on_which_anothers_leaves_it(city: OwedCity) -> None:
    _hand(city, "tjj", to="swj")
    city.grow(at(12, 20))
    _hand(city, "swj", to="tjj", month=12, day=20)
    assert city.share("swj").got_on == date(2022, 12, 20)
    with city.database.reading() as session:
        owed_by = {row.due_at or session.get_one(PeriodRow, row.period_id).due_at for row in _own_open(city)}
    assert min(owed_by) > at(12, 20)
    _assert_told_alike(city, "swj", "tjj")


def test_the_only_lead_loses_what_it_took_over_and_still_leads(city: OwedCity) -> None:
    _release(city, "wjw")
    _hand(city, "tjj", to="swj")
    _release(city, "swj")
    assert _part(city, "swj") == ("lead", "report", False, False)
    assert _open_rows(city, "swj") > 0
    with pytest.raises(LastLead):
        _release(city, "swj")
    _assert_told_alike(city, "swj", "tjj")


def test_a_dispute_that_is_granted_takes_only_what_was_taken_over(city: OwedCity) -> None:
    _hand(city, "tjj", to="yc")
    with city.database.transaction() as session:
        share_id = city.share("yc").id or 0
        dispute_share(
            session, assignment_id=share_id, reason="非我单位职责", actor=city.liaison("yc"), at=at(10, 14), by=BY
        )
        request_id = session.scalars(select(col(RequestRow.id))).one() or 0
        grant_dispute(session, request_id=request_id, reason="属实", actor=OFFICE, at=at(10, 14), by=BY)
    assert _part(city, "yc") == ("support", "report", False, False)
    assert _open_rows(city, "yc") > 0
    _assert_told_alike(city, "yc")


@pytest.mark.parametrize(("into", "came"), [("sp", "reply"), ("wjw", "report")])  # a lead was no member itself
def test_a_successor_keeps_apart_what_its_predecessor_had_and_took_over(city: OwedCity, into: str, came: str) -> None:
    own, got_on = _part(city, into), city.share(into).got_on
    _hand(city, "tjj", to="yc")
    with city.database.transaction() as session:
        merge_units(
            session,
            from_unit_id=city.unit_id("yc"),
            into_unit_id=city.unit_id(into),
            on=date(2022, 10, 14),
            reason="区划调整",
            actor=OFFICE,
            at=at(10, 14),
        )
    assert city.share(into).got_on == got_on  # of two days the earlier
    _hand(city, into, to="tjj", day=17)
    assert _part(city, "tjj")[:2] == ("support", came)
    assert _part(city, into) == own
    _assert_told_alike(city, into, "tjj")


def test_papers_name_a_unit_by_the_part_it_has_and_not_by_the_one_that_it_had(city: OwedCity) -> None:
    def named() -> tuple[tuple[str, ...], tuple[str, ...]]:
        with city.database.reading() as session:
            [fact, _waiting] = facts_as_of(session, as_of=at(10, 30)).tasks
        return fact.named.leads, fact.named.supports

    def give(code: str) -> None:
        part = NewShare(city.unit_id(code), AssignmentRole.SUPPORT, Duty.REPLY)
        with city.database.transaction() as session:
            add_share(session, task_id=city.task_id(), share=part, reason="协助", actor=OFFICE, at=at(10, 16), by=BY)

    before = leads, supports = named()
    assert leads == ("市商务局（责任单位首位）", "市卫生健康体育委（督查室改派）")
    _hand(city, "swj", to="wjw")
    give("swj")
    leads, more = named()
    assert leads == ("市卫生健康体育委（责任单位首位，督查室改派）",)
    assert more == (*supports[:1], "市商务局（督查室补充）", *supports[1:])
    _hand(city, "wjw", to="swj", day=18)
    assert named() == before


def _bound_group(database: Database) -> OwedCity:
    """A plan whose words bind its counties monthly, while the lead reports quarterly."""
    reading = small_reading()
    first, second = reading.items
    monthly = Cadence(CadenceKind.MONTHLY, Basis.STATED, 1, "每月通报一次", bound=Bound(Bearer.GROUP))
    items = (replace(first, cadences=(monthly,), targets=()), second)
    return open_owed_city(database, reading=replace(reading, plan_end=PlanEnd(date(2022, 12, 31)), items=items))


def _kinds(city: OwedCity, code: str) -> set[str]:
    with city.database.reading() as session:
        wanted = select(col(SeriesRow.kind)).join(DutyRow, col(DutyRow.series_id) == col(SeriesRow.id))
        live = wanted.where(col(DutyRow.ended_at).is_(None), col(SeriesRow.unit_id) == city.unit_id(code))
        return set(session.scalars(live.where(col(DutyRow.assignment_id).is_not(None))))


def _monthly(city: OwedCity, code: str) -> dict[str, str]:
    """Return what became of the monthly rows; the default rhythm of a lead is not asked beside what words state."""
    return {window: state for window, state in city.states(code).items() if window.startswith("2022-")}


def test_what_binds_a_collective_binds_the_lead_that_takes_a_members_part_over(database: Database) -> None:
    city = _bound_group(database)
    assert _kinds(city, "yc") == {"monthly"}
    before = _kinds(city, "swj")
    assert "monthly" not in before
    _hand(city, "yc", to="swj")
    assert "monthly" in _kinds(city, "swj")
    _hand(city, "swj", to="yc", day=14)
    assert (_kinds(city, "swj"), _kinds(city, "yc")) == (before, {"monthly"})
    assert_reckoned(database)


def _merge(city: OwedCity, code: str, *, to: str, day: int) -> None:
    city.merge(code, to, at(10, day))


@pytest.mark.parametrize(
    "acts",
    [
        "hand swj sp",
        "hand sp swj",
        "merge swj sp",
        "merge sp swj",
        "hand swj tjj, hand sp tjj",
        "hand sp tjj, hand swj tjj",
        "hand sp swj, hand wjw swj",
        "hand swj tjj, merge sp tjj",
        "hand swj tjj, merge tjj sp",
        "hand sp tjj, merge tjj swj",
        "hand sp swj, merge wjw swj",
        "hand sp swj, merge swj wjw",
        "merge sp tjj, hand swj tjj",
        "merge sp swj, merge swj wjw",
        "merge wjw sp, merge swj sp",
    ],
)
def test_who_comes_to_lead_as_a_member_too_owes_what_binds_members_by_whichever_acts(
    database: Database, acts: str
) -> None:
    city = _bound_group(database)
    with database.transaction() as session:
        lead = NewShare(city.unit_id("wjw"), AssignmentRole.LEAD, Duty.REPORT)
        add_share(session, task_id=city.task_id(), share=lead, reason="共同牵头", actor=OFFICE, at=at(10, 12), by=BY)
    for day, act in enumerate(acts.split(", "), 13):
        kind, giver, taker = act.split()
        {"hand": _hand, "merge": _merge}[kind](city, giver, to=taker, day=day)
    assert "monthly" in _kinds(city, taker)
    owed = _monthly(city, taker)
    with database.transaction() as session:  # an act that has nothing to do with it
        realign(session, city.task_id(), act=Act(cause="share_added", actor=OFFICE, at=at(10, 17), by=BY, reason="补"))
    assert "open" in owed.values()
    assert _monthly(city, taker) == owed
    _assert_told_alike(city, taker)


@pytest.mark.parametrize(("old", "new"), [("swj", "sp"), ("sp", "swj")])
def test_what_a_merged_unit_owes_as_lead_and_as_member_comes_back_after_a_wrong_end(
    database: Database, old: str, new: str
) -> None:
    city = _bound_group(database)
    _merge(city, old, to=new, day=4)
    city.grow(at(10, 12))
    before = _monthly(city, new)
    for end, when in ((date(2022, 10, 10), at(10, 12)), (date(2022, 12, 31), at(10, 13))):
        with database.transaction() as session:
            correct_plan_end(session, document_id=1, new_on=end, reason="更正", actor=OFFICE, at=when, by=BY)
            lapse_expired(session, now=when, by=BY)
    assert _monthly(city, new) == before
    assert_reckoned(database)


@pytest.mark.parametrize(("old", "new", "left"), [("swj", "sp", "support"), ("sp", "swj", "lead")])
def test_who_leads_and_is_a_member_by_a_merger_may_hand_on_what_came_with_it(
    database: Database, old: str, new: str, left: str
) -> None:
    city = _bound_group(database)
    _merge(city, old, to=new, day=13)
    _hand(city, new, to="wjw", day=14)
    assert _part(city, new) == (left, "report", False, False)
    assert _part(city, "wjw")[:2] == ({"support": "lead", "lead": "support"}[left], "report")
    _assert_told_alike(city, new, "wjw")
