"""Units and deadlines of a task change after it was given out."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.owed_city import BY, LEADER, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.items import AssignmentRole, Basis, CadenceKind, Duty, ItemKind, QuestionTopic
from tracker.domain.lifecycle import TaskNotOpen
from tracker.domain.parts import NewShare
from tracker.domain.readings.demands import Cadence, Deadline
from tracker.steps.entrusting import HasAShare
from tracker.steps.for_the_leader import LeaderDecides
from tracker.steps.growing import extend_due
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.series import series_views
from tracker.store.tables.documents import ItemBearerRow, ItemGroupRow, QuestionRow
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.answering import Answer, answer_question
from tracker.usecases.ending import cancel_task
from tracker.usecases.requesting import (
    RequestExtension,
    dispute_share,
    grant_extension,
    refuse_request,
    request_extension,
)
from tracker.usecases.sharing import (
    LastLead,
    SameDeadline,
    add_share,
    change_deadline,
    grant_dispute,
    reassign_share,
    release_share,
)


def _add(city: OwedCity, code: str, *, role: AssignmentRole = AssignmentRole.SUPPORT, duty: Duty = Duty.REPLY) -> int:
    with city.database.transaction() as session:
        part = NewShare(city.unit_id(code), role, duty)
        return add_share(
            session, task_id=city.task_id(), share=part, reason="工作需要", actor=OFFICE, at=at(10, 12), by=BY
        )


def _deadline(city: OwedCity, new_on: date, *, month: int = 8, day: int = 26) -> None:
    with city.database.transaction() as session:
        change_deadline(
            session, task_id=city.task_id(), new_on=new_on, reason="会议议定", actor=OFFICE, at=at(month, day), by=BY
        )


def test_a_second_lead_gets_the_task_that_day_and_begins_with_the_running_window(database: Database) -> None:
    city = open_owed_city(database)
    _add(city, "wjw", role=AssignmentRole.LEAD)
    assert min(city.rows("wjw")) == "2022-10"
    assert city.share("wjw").got_on == date(2022, 10, 12)
    assert_reckoned(database)


def test_a_support_unit_that_is_added_answers_the_lead_and_has_no_rows(database: Database) -> None:
    city = open_owed_city(database)
    _add(city, "wjw")
    assert city.rows("wjw") == {}
    with pytest.raises(HasAShare):
        _add(city, "wjw")
    share = city.share("swj")
    with pytest.raises(HasAShare), database.transaction() as session:
        said = {"reason": "改派", "actor": OFFICE, "at": at(10, 12), "by": BY}
        reassign_share(session, assignment_id=share.id or 0, to_unit_id=share.unit_id, **said)  # type: ignore[arg-type] # by name


def test_a_share_that_had_ended_can_be_given_to_its_unit_again(database: Database) -> None:
    city = open_owed_city(database)
    _add(city, "wjw", role=AssignmentRole.LEAD)
    with database.transaction() as session:
        share_id = city.share("swj").id or 0
        release_share(session, assignment_id=share_id, reason="职能划转", actor=OFFICE, at=at(10, 13), by=BY)
    assert set(city.states("swj").values()) <= {"missed", "waived"}
    with database.transaction() as session:
        part = NewShare(city.unit_id("swj"), AssignmentRole.LEAD, Duty.REPORT)
        add_share(session, task_id=city.task_id(), share=part, reason="划回", actor=OFFICE, at=at(11, 2), by=BY)
    assert city.states("swj")["2022-09"] == "missed"
    assert city.states("swj")["2022-11"] == "open"
    assert city.share("swj").state == "pending_receipt"
    assert_reckoned(database)


def test_the_last_lead_cannot_be_released(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session, pytest.raises(LastLead):
        release_share(session, assignment_id=city.share("swj").id or 0, reason="x", actor=OFFICE, at=at(9, 1), by=BY)


def test_a_share_changes_hands_and_what_was_overdue_stays_with_the_old_unit(database: Database) -> None:
    city = open_owed_city(database)
    city.grow(at(10, 12))
    with database.transaction() as session:
        reassign_share(
            session,
            assignment_id=city.share("swj").id or 0,
            to_unit_id=city.unit_id("wjw"),
            reason="职能划转",
            actor=OFFICE,
            at=at(10, 12),
            by=BY,
        )
    assert city.share("swj").state == "reassigned"
    assert city.states("swj") == {"2022-09": "missed", "2022-10": "waived", "2022-11": "waived"}
    assert min(city.rows("wjw")) == "2022-10"
    assert (city.share("wjw").role, city.share("wjw").duty) == ("lead", "report")
    assert_reckoned(database)


def test_a_share_handed_to_a_unit_that_supports_already_makes_it_the_lead(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        reassign_share(
            session,
            assignment_id=city.share("swj").id or 0,
            to_unit_id=city.unit_id("tjj"),
            reason="职能划转",
            actor=OFFICE,
            at=at(10, 12),
            by=BY,
        )
    assert (city.share("tjj").role, city.share("tjj").duty) == ("lead", "report")
    assert min(city.rows("tjj")) == "2022-10"
    assert_reckoned(database)


def _act(city: OwedCity, act: str, code: str, *, to: str = "", day: int) -> None:
    """Take a unit's share away by release, by reassigning it, or by granting a dispute."""
    share_id, when = city.share(code).id or 0, at(10, day)
    to_unit_id = city.unit_id(to) if to else None
    with city.database.transaction() as session:
        if act == "release":
            release_share(session, assignment_id=share_id, reason="职能划转", actor=OFFICE, at=when, by=BY)
        elif act == "reassign":
            reassign_share(
                session,
                assignment_id=share_id,
                to_unit_id=to_unit_id or 0,
                reason="职能划转",
                actor=OFFICE,
                at=when,
                by=BY,
            )
        else:
            liaison = city.liaison(code)
            dispute_share(session, assignment_id=share_id, reason="非我单位职责", actor=liaison, at=when, by=BY)
            request_id = (
                session.scalars(select(col(RequestRow.id)).where(col(RequestRow.state) == "pending")).one() or 0
            )
            grant_dispute(
                session, request_id=request_id, reason="属实", actor=OFFICE, at=when, by=BY, to_unit_id=to_unit_id
            )


def _folds_as_stored(city: OwedCity, *codes: str) -> None:
    """The log tells shares and series as the tables have them."""
    shares = [city.share(code) for code in codes]
    with city.database.reading() as session:
        state = fold(session, cut(session, as_of=at(10, 31)))
        for stored in shares:
            told = state.shares[stored.id or 0]
            assert (told.role.value, told.duty, told.state.value) == (stored.role, stored.duty, stored.state)
        ids = [id_ or 0 for id_ in session.scalars(select(col(SeriesRow.id)).order_by(col(SeriesRow.id)))]
        assert sorted(state.views(), key=lambda view: view.series_id) == series_views(session, ids)


@pytest.mark.parametrize(("code", "printed"), [("tjj", ("support", "reply")), ("yc", ("support", "report"))])
@pytest.mark.parametrize(
    ("act", "to"), [("release", ""), ("reassign", "wjw"), ("reassign", "sp"), ("dispute", ""), ("dispute", "wjw")]
)
def test_a_unit_that_loses_what_it_took_over_is_again_what_it_was_before(
    database: Database, code: str, printed: tuple[str, str], act: str, to: str
) -> None:
    city = open_owed_city(database)
    if not to:
        _add(city, "wjw", role=AssignmentRole.LEAD)
    _act(city, "reassign", "swj", to=code, day=12)
    assert (city.share(code).role, city.share(code).duty) == ("lead", "report")
    assert "open" in city.states(code).values()
    _act(city, act, code, to=to, day=13)
    share = city.share(code)
    assert (share.role, share.duty) == printed
    assert (share.own_role, share.own_duty, share.ended_at, share.proposed) == (None, None, None, False)
    assert share.state in ("pending_receipt", "received")
    assert "open" not in city.states(code).values()
    assert city.share(to or "wjw").role == "lead"
    assert_reckoned(database)
    _folds_as_stored(city, code, to or "wjw")
    _act(city, "release", code, day=14)
    assert city.share(code).state == "released"
    assert_reckoned(database)


def _name_as_member(city: OwedCity, code: str) -> None:
    with city.database.transaction() as session:
        group = ItemGroupRow(item_id=1, position=9, printed="有关单位")
        question = QuestionRow(item_id=1, topic=QuestionTopic.MEMBERS.value, words="没有列明成员。")
        session.add_all([group, question])
        session.flush()
        named = Answer(question_id=question.id or 0, words="已商定", group_id=group.id, units=(city.unit_id(code),))
        answer_question(session, named, actor=OFFICE, at=at(10, 14), by=BY)


@pytest.mark.parametrize(
    ("code", "before", "role"),
    [("wjw", "", "support"), ("tjj", "", "support"), ("tjj", "release", "support"), ("swj", "", "lead")],
)
def test_a_unit_that_the_office_names_as_a_member_has_a_reporting_share_whatever_it_had_before(
    database: Database, code: str, before: str, role: str
) -> None:
    city = open_owed_city(database)
    if before:
        _act(city, before, code, day=13)
    _name_as_member(city, code)
    share = city.share(code)
    assert (share.role, share.duty) == (role, "report")
    assert share.state not in ("released", "reassigned")
    assert_reckoned(database)
    _folds_as_stored(city, code)


def test_whom_the_words_name_stays_bound_when_it_loses_what_it_took_over(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        item_id = session.get_one(TaskRow, city.task_id()).item_id
        for code in ("swj", "tjj"):
            unit_id = city.unit_id(code)
            session.add(
                ItemBearerRow(item_id=item_id, demand="cadence", demand_position=0, printed=code, unit_id=unit_id)
            )

    def bound() -> list[tuple[str, str]]:
        with database.reading() as session:
            named = select(col(ItemBearerRow.printed), col(UnitRow.code))
            rows = session.execute(named.join(UnitRow, col(ItemBearerRow.unit_id) == col(UnitRow.id)))
            return sorted(rows.all())

    _act(city, "reassign", "swj", to="tjj", day=12)
    assert bound() == [("swj", "tjj"), ("tjj", "tjj")]
    _act(city, "reassign", "tjj", to="wjw", day=13)
    assert bound() == [("swj", "wjw"), ("tjj", "tjj")]
    _add(city, "swj", role=AssignmentRole.LEAD)
    _act(city, "release", "wjw", day=14)
    assert bound() == [("swj", "swj"), ("tjj", "tjj")]


def test_a_later_deadline_moves_the_completion_and_lets_reports_go_on(database: Database) -> None:
    city = open_owed_city(database)
    _deadline(city, date(2022, 9, 30))
    assert city.rows("swj")["2022-09"].final
    _deadline(city, date(2022, 11, 30), month=9, day=5)
    city.grow(at(11, 2))
    finals = {code: row.final for code, row in city.rows("swj").items()}
    assert finals == {"2022-09": False, "2022-10": False, "2022-11": True}
    assert_reckoned(database)


def test_an_earlier_deadline_waives_the_rows_after_it(database: Database) -> None:
    city = open_owed_city(database)
    city.grow(at(10, 2))
    _deadline(city, date(2022, 10, 31), month=10, day=8)
    rows = city.rows("swj")
    assert (rows["2022-10"].final, rows["2022-11"].state) == (True, "waived")
    city.grow(at(12, 2))
    assert max(city.rows("swj")) == "2022-11"
    assert_reckoned(database)


def _two_tasks_with_monthly_reports(database: Database) -> OwedCity:
    """Issue a document that ends with October: 市商务局 leads the first of its tasks, 市卫生健康体育委 the second."""
    reading = small_reading(expires_on=date(2022, 10, 31))
    first, second = reading.items
    second = replace(second, kind=ItemKind.ACTION, level=None, cadences=())
    city = open_owed_city(database, reading=replace(reading, items=(first, second)))
    city.grow(at(10, 2))
    return city


def _lead_second_task(city: OwedCity, *, day: int) -> None:
    with city.database.transaction() as session:
        part = NewShare(city.unit_id("swj"), AssignmentRole.LEAD, Duty.REPORT)
        add_share(session, task_id=2, share=part, reason="工作需要", actor=OFFICE, at=at(10, day), by=BY)


def _october_rows(city: OwedCity) -> dict[int, str]:
    """Return the state of each row of 市商务局's form of October by its task."""
    with city.database.reading() as session:
        rows = session.execute(
            select(col(AssignmentRow.task_id), col(FormRow.state))
            .join(FormRow, col(FormRow.assignment_id) == col(AssignmentRow.id))
            .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
            .where(col(AssignmentRow.unit_id) == city.unit_id("swj"), col(PeriodRow.code) == "2022-10")
        )
        return dict(rows.all())


def test_a_share_that_comes_once_the_form_is_filed_enters_the_next_form_only(database: Database) -> None:
    city = _two_tasks_with_monthly_reports(database)
    city.file("swj", "2022-10", when=at(10, 27))
    _lead_second_task(city, day=28)
    assert _october_rows(city) == {1: "filed"}


def test_a_row_that_was_waived_before_the_form_was_filed_is_not_asked_for_in_it_again(database: Database) -> None:
    city = _two_tasks_with_monthly_reports(database)
    _lead_second_task(city, day=8)
    with database.transaction() as session:
        unit_id = city.unit_id("swj")
        share = select(col(AssignmentRow.id)).where(
            col(AssignmentRow.task_id) == 2, col(AssignmentRow.unit_id) == unit_id
        )
        share_id = session.scalars(share).one() or 0
        release_share(session, assignment_id=share_id, reason="职能划转", actor=OFFICE, at=at(10, 12), by=BY)
    city.file("swj", "2022-10", when=at(10, 27))
    _lead_second_task(city, day=28)
    assert _october_rows(city) == {1: "filed", 2: "waived"}


def test_a_deadline_past_the_printed_date_is_the_leaders_to_set(database: Database) -> None:
    city = open_owed_city(database, expires_on=date(2022, 12, 31))
    with database.transaction() as session:
        common = {"task_id": city.task_id(), "reason": "会议议定", "at": at(9, 1), "by": BY}
        with pytest.raises(LeaderDecides):
            change_deadline(session, new_on=date(2023, 1, 31), actor=OFFICE, **common)  # type: ignore[arg-type]
        change_deadline(session, new_on=date(2023, 1, 31), actor=LEADER, **common)  # type: ignore[arg-type]
        with pytest.raises(SameDeadline):
            change_deadline(session, new_on=date(2023, 1, 31), actor=LEADER, **common)  # type: ignore[arg-type]
    assert city.task().due_on == date(2023, 1, 31)


def test_another_units_share_leaves_an_extended_completion_where_it_is(database: Database) -> None:
    city = open_owed_city(database)
    _deadline(city, date(2022, 9, 30))
    row_id = city.rows("swj")["2022-09"].id or 0
    with database.transaction() as session:
        command = RequestExtension(row_id, date(2022, 11, 30), "数据未出")
        request_id = request_extension(session, command, actor=city.liaison("swj"), at=at(9, 28))
    with database.transaction() as session:
        session.get_one(RequestRow, request_id).by_leader = False
        grant_extension(session, request_id=request_id, actor=OFFICE, at=at(9, 29), by=BY)
    before = city.rows("swj")["2022-09"].due_at
    _add(city, "wjw")
    assert city.rows("swj")["2022-09"].due_at == before


def test_shares_of_an_ended_task_do_not_change(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        cancel_task(session, task_id=city.task_id(), reason="职能划转", actor=OFFICE, at=at(9, 12))
    with pytest.raises(TaskNotOpen):
        _add(city, "wjw")


def _dispute(city: OwedCity) -> int:
    with city.database.transaction() as session:
        return dispute_share(
            session,
            assignment_id=city.share("swj").id or 0,
            reason="不属我局职责",
            actor=city.liaison("swj"),
            at=at(8, 26),
            by=BY,
        )


def test_rows_that_open_during_a_dispute_are_the_offices_to_decide(database: Database) -> None:
    city = open_owed_city(database)
    request_id = _dispute(city)
    with database.transaction() as session:
        extend_due(session, now=at(10, 12), by=BY)
    assert all(row.pending_at is not None for row in city.rows("swj").values())
    assert_reckoned(database)
    with database.transaction() as session:
        refuse_request(session, request_id=request_id, reason="三定方案", actor=OFFICE, at=at(10, 12), by=BY)
    assert all(row.pending_at is None for row in city.rows("swj").values())
    assert city.share("swj").state == "received"
    assert_reckoned(database)


def test_what_opens_after_a_dispute_was_decided_is_the_units_to_report(database: Database) -> None:
    city = open_owed_city(database)
    request_id = _dispute(city)
    with database.transaction() as session:
        refuse_request(session, request_id=request_id, reason="三定方案", actor=OFFICE, at=at(8, 29), by=BY)
    city.grow(at(11, 2))
    assert {code: row.pending_at for code, row in city.rows("swj").items() if code > "2022-10"} == {
        "2022-11": None,
        "2022-12": None,
    }


def test_a_dispute_that_is_granted_hands_the_share_on_in_the_same_act(database: Database) -> None:
    city = open_owed_city(database)
    request_id = _dispute(city)
    with database.transaction() as session:
        grant_dispute(
            session,
            request_id=request_id,
            reason="三定方案",
            actor=OFFICE,
            at=at(8, 29),
            by=BY,
            to_unit_id=city.unit_id("wjw"),
        )
    assert city.share("swj").state == "reassigned"
    assert set(city.states("swj").values()) == {"waived"}
    assert city.share("wjw").role == "lead"
    with database.reading() as session:
        assert session.get_one(RequestRow, request_id).state == "granted"
        stray = select(FormRow).where(col(FormRow.pending_at).is_not(None))
        assert session.scalars(stray).all() == []
    assert_reckoned(database)


def _open_finals(city: OwedCity) -> list[tuple[str, date]]:
    with city.database.reading() as session:
        wanted = select(FormRow, PeriodRow).join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        finals = session.execute(wanted.where(col(FormRow.final), col(FormRow.state) == "open")).all()
        return [(period.code, local_day(row.due_at or period.due_at)) for row, period in finals]


@pytest.mark.parametrize("days", [(date(2023, 3, 31), date(2024, 6, 28)), (date(2023, 3, 31), date(2022, 11, 30))])
def test_the_completion_is_asked_for_once_however_often_its_deadline_changes(
    database: Database, days: tuple[date, date]
) -> None:
    reading = small_reading()
    item = replace(
        reading.items[0],
        cadences=(Cadence(CadenceKind.ONCE, Basis.STATED, 1, "每月通报一次"),),
        deadline=Deadline(date(2022, 12, 31), Basis.STATED, "全年"),
    )
    city = open_owed_city(database, reading=replace(reading, items=(item, *reading.items[1:])))
    for day, new_on in enumerate(days, start=26):
        with database.transaction() as session:
            change_deadline(
                session, task_id=city.task_id(), new_on=new_on, reason="会议议定", actor=LEADER, at=at(8, day), by=BY
            )
        assert len(_open_finals(city)) == 1, _open_finals(city)
        assert _open_finals(city)[0][1] >= new_on
    assert_reckoned(database)


def test_an_act_after_passes_that_did_not_run_makes_nobody_overdue_at_its_own_minute(database: Database) -> None:
    city, late = open_owed_city(database), at(11, 25)
    before = set(city.rows("swj"))
    with database.transaction() as session:
        new_on = date(2023, 6, 30)
        change_deadline(session, task_id=city.task_id(), new_on=new_on, reason="会议议定", actor=LEADER, at=late, by=BY)
    opened = {code: row for code, row in city.rows("swj").items() if code not in before}
    assert opened["2022-10"].due_at == end_of_day(BY.calendar.add_workdays(late.date(), BY.policy.arrears_workdays))
    assert_reckoned(database)
