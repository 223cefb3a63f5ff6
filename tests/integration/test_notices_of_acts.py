"""Units hear at once what the office changed about their work."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.accounts import NewUser, create_user
from tests.support.announced import announced
from tests.support.owed_city import BY, ISSUED_AT, OFFICE, OwedCity, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.report_demands import demanding_city, key
from tracker.domain.accounts import SYSTEM, Role
from tracker.domain.claims import Claim
from tracker.domain.filings import ReportKind
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.parts import NewShare
from tracker.domain.plan_ends import PlanEnd
from tracker.domain.schedule import Point
from tracker.domain.verdicts import Verdict
from tracker.steps.lapsing import lapse_expired
from tracker.store.database import Database
from tracker.store.queries.points import units_bound_by
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UserRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import cancel_task, suspend_task
from tracker.usecases.issuing import issue_document
from tracker.usecases.objecting import object_to_claim, restore_claim
from tracker.usecases.plan_ends import correct_plan_end
from tracker.usecases.registering import approve_document, register_document
from tracker.usecases.requesting import refuse_request
from tracker.usecases.scheduling import SetPoints, set_points
from tracker.usecases.sharing import add_share, release_share


def test_every_unit_hears_that_a_task_is_suspended_and_why(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        suspend_task(session, task_id=city.task_id(), reason="疫情防控", actor=OFFICE, at=at(9, 1))
    rows = announced(database, "task.suspended")
    assert len(rows) == 3
    assert all("疫情防控" in row.reason for row in rows)


def test_only_the_units_that_a_number_binds_hear_what_is_expected_of_it_and_why(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        points = (Point(date(2022, 9, 15), 1.0), Point(date(2022, 9, 30), 1.5))
        set_points(session, SetPoints(city.task_id(), 1, points, "调度会议定"), actor=OFFICE, at=at(9, 1))
    [row] = announced(database, "schedule.points_set")
    with database.reading() as session:
        assert session.get_one(UserRow, row.recipient_id).login == "swj"
    assert "“通报次数”到2022年9月15日应达1次；到2022年9月30日应达1.5次。调度会议定" in row.reason


def test_units_that_were_let_go_do_not_hear_of_points(database: Database) -> None:
    city = open_owed_city(database)
    with database.transaction() as session:
        lead = NewShare(city.unit_id("wjw"), AssignmentRole.LEAD, Duty.REPORT)
        add_share(session, task_id=city.task_id(), share=lead, reason="共同牵头", actor=OFFICE, at=at(8, 31), by=BY)
        share_id = session.scalars(
            select(col(AssignmentRow.id))
            .where(col(AssignmentRow.unit_id) == lead.unit_id)
            .order_by(col(AssignmentRow.task_id))
        ).first()
        assert set(units_bound_by(session, task_id=city.task_id(), target_id=1)) == {
            city.unit_id("swj"),
            lead.unit_id,
        }
        release_share(session, assignment_id=share_id or 0, reason="职能划转", actor=OFFICE, at=at(8, 31), by=BY)
    with database.reading() as session:
        assert units_bound_by(session, task_id=city.task_id(), target_id=1) == [city.unit_id("swj")]


def test_a_unit_whose_forms_change_hears_how_and_why_and_the_others_hear_nothing(database: Database) -> None:
    city = demanding_city(database)
    key(city, at(10, 12))
    [row] = announced(database, "task.key_marked")
    assert "由每季度改为每月，自2022年10月起" in row.reason
    assert "市长点题" in row.reason


def test_the_units_that_a_cancelled_task_let_go_hear_of_it_and_one_let_go_before_does_not(database: Database) -> None:
    city = open_owed_city(database)
    share_id = city.share("tjj").id or 0
    with database.transaction() as session:
        release_share(session, assignment_id=share_id, reason="职能划转", actor=OFFICE, at=at(8, 31), by=BY)
    with database.transaction() as session:
        cancel_task(session, task_id=city.task_id(), reason="职能划转", actor=OFFICE, at=at(9, 1))
    assert len(announced(database, "task.cancelled")) == 2


def test_the_lead_of_a_lapsed_task_is_asked_for_its_closing_report_by_its_day(database: Database) -> None:
    open_owed_city(database, expires_on=date(2022, 10, 31))
    with database.transaction() as session:
        lapse_expired(session, now=at(11, 1), by=BY)
    [row] = announced(database, "task.lapsed")
    assert "2022年11月21日（周一，含）前报送" in row.reason


def test_the_office_hears_once_that_a_plan_ended(database: Database) -> None:
    open_owed_city(database, reading=replace(small_reading(), plan_end=PlanEnd(date(2022, 12, 31))))
    with database.transaction() as session:
        create_user(session, NewUser("duban", "督查员", Role.SUPERVISOR, "hash"))
        assert lapse_expired(session, now=at(1, 1, year=2023), by=BY) == 2
    [row] = announced(database, "document.ended")
    assert row.recipient == "督查室 督查员"
    assert "没有办结的事项转为失效待结" in row.reason
    assert "2022年12月31日" in row.reason


YEAR_END, NEXT_YEAR_END = date(2022, 12, 31), date(2023, 12, 31)
GOES_ON = ("恢复办理", "不再要求报送收尾情况", "仍须报送")


@pytest.mark.parametrize(
    ("corrected_at", "new_on", "words", "unsaid"),
    [
        (at(9, 1), NEXT_YEAR_END, ("更正为2023年12月31日，此后各期次以此为准。依据",), "失效待结"),
        (at(9, 1), None, ("说明：不再设计划截止日期。依据",), "以此为准"),
        (at(3, 1, year=2023), NEXT_YEAR_END, ("更正为2023年12月31日。", *GOES_ON), "以此为准"),
        (at(3, 1, year=2023), None, ("不再设计划截止日期。", *GOES_ON), "以此为准"),
        (at(11, 5), date(2022, 10, 31), ("该日已过", "转为失效待结", "由牵头单位报送收尾情况"), "以此为准"),
        (at(1, 3, year=2023), date(2022, 12, 1), ("该日也已过", "收尾情况仍按原时限报送"), "恢复办理"),
    ],
)
def test_every_unit_hears_once_until_when_a_plan_goes_on_and_what_follows(
    database: Database, corrected_at: datetime, new_on: date | None, words: tuple[str, ...], unsaid: str
) -> None:
    open_owed_city(database, reading=replace(small_reading(), plan_end=PlanEnd(YEAR_END)))
    with database.transaction() as session:
        lapse_expired(session, now=corrected_at, by=BY)
    with database.transaction() as session:
        document_id = session.scalars(select(col(DocumentRow.id))).one() or 0
        why = "原文为两年"
        correct_plan_end(
            session, document_id=document_id, new_on=new_on, reason=why, actor=OFFICE, at=corrected_at, by=BY
        )
    rows = announced(database, "document.plan_end_corrected")
    assert len(rows) == 3
    for row in rows:
        assert all(said in row.reason for said in words)
        assert unsaid not in row.reason
        assert row.reason.endswith("依据：原文为两年。")


def _correct_end(city: OwedCity) -> None:
    with city.database.transaction() as session:
        document_id = session.scalars(select(col(DocumentRow.id))).one() or 0
        end, why = date(2023, 12, 31), "原文为两年"
        correct_plan_end(session, document_id=document_id, new_on=end, reason=why, actor=OFFICE, at=at(9, 1), by=BY)


def test_a_unit_that_was_let_go_does_not_hear_until_when_a_plan_goes_on(database: Database) -> None:
    city = open_owed_city(database, reading=replace(small_reading(), plan_end=PlanEnd(date(2022, 12, 31))))
    with database.transaction() as session:
        share_id = city.share("tjj").id or 0
        release_share(session, assignment_id=share_id, reason="职能划转", actor=OFFICE, at=at(8, 31), by=BY)
    _correct_end(city)
    assert len(announced(database, "document.plan_end_corrected")) == 2


def test_nobody_hears_until_when_a_plan_goes_on_of_which_nothing_is_issued(database: Database) -> None:
    city = open_owed_city(database, reading=replace(small_reading(), plan_end=PlanEnd(date(2022, 12, 31))))
    with database.transaction() as session:
        for task in session.scalars(select(TaskRow)):
            task.issued_at = None
    _correct_end(city)
    assert announced(database, "document.plan_end_corrected") == []


@pytest.mark.parametrize("completes", [False, True])
def test_a_unit_hears_until_when_it_may_answer_a_lowered_claim_where_it_may(
    database: Database, completes: bool
) -> None:
    city = open_owed_city(database)
    report_id = city.file("swj", "2022-09", when=at(9, 27))
    with database.transaction() as session:
        if completes:
            session.get_one(ReportRow, report_id).kind = ReportKind.COMPLETION.value
    with database.transaction() as session:
        verdict = Verdict(Claim.DIFFICULT, "只有1期", let_pass="已核实")
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(9, 28), verdict=verdict)
    [row] = announced(database, "report.verified")
    assert "只有1期" in row.reason
    assert ("2022年9月30日（含）前在事项页面书面提出" in row.reason) is not completes


@pytest.mark.parametrize(("granted", "words"), [(True, "恢复自报"), (False, "维持核定")])
def test_a_unit_hears_what_became_of_its_answer(database: Database, granted: bool, words: str) -> None:
    city = open_owed_city(database)
    report_id = city.file("swj", "2022-09", when=at(9, 27))
    said = {"reason": "佐证已核", "actor": OFFICE, "at": at(9, 30)}
    with database.transaction() as session:
        accept_report(
            session, report_id=report_id, actor=OFFICE, at=at(9, 28), verdict=Verdict(Claim.BEHIND, "只有1期")
        )
        liaison = city.liaison("swj")
        request_id = object_to_claim(session, report_id=report_id, reason="已有2期", actor=liaison, at=at(9, 29), by=BY)
        if granted:
            restore_claim(session, request_id=request_id, **said)  # type: ignore[arg-type] # said by the office
        else:
            refuse_request(session, request_id=request_id, by=BY, **said)  # type: ignore[arg-type] # said by the office
    [row] = announced(database, "request.granted" if granted else "request.refused")
    assert row.subject.startswith(words)
    assert words in row.reason
    assert "佐证已核" in row.reason


def test_a_unit_hears_of_a_document_what_that_document_gives_it_not_another_of_the_same_minute(
    database: Database,
) -> None:
    city = open_owed_city(database)
    other = small_reading(number="驻政办〔2022〕98号")
    with database.transaction() as session:
        register_document(session, other, actor=SYSTEM, at=ISSUED_AT)
        approve_document(session, number=other.number, basis="市政府常务会议议定", actor=OFFICE, at=ISSUED_AT)
        issue_document(session, number=other.number, actor=OFFICE, at=ISSUED_AT, by=BY)
    told = announced(city.database, "document.issued")
    assert len(told) == 3
    assert "99-01" in str([row.content for row in told])
    assert "98-01" not in str([row.content for row in told])


def test_a_unit_whose_claim_is_confirmed_hears_nothing(database: Database) -> None:
    city = open_owed_city(database)
    report_id = city.file("swj", "2022-09", when=at(9, 27))
    with database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=at(9, 28), verdict=Verdict(Claim.ON_SCHEDULE))
    assert announced(database, "report.verified") == []
