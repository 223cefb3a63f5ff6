"""What waits for its receipt 「待签收」: pages, papers and the act itself say the same, and nothing ended does."""

import random

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.office import BY, CALENDAR, IN_TIME, ISSUED_AT, OFFICE, City, open_city
from tests.support.random_life import Life
from tests.support.readings import small_reading
from tracker.domain.accounts import SYSTEM, Actor, Role
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.figures import NothingToSay, compute
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.claims import Claim
from tracker.domain.lifecycle import AssignmentState, NothingToReceive, TaskState, awaits_receipt
from tracker.domain.units import UnitKind
from tracker.store.database import Database
from tracker.store.history.facts import facts_as_of
from tracker.store.queries.receipts import new_assignments
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.ending import cancel_task, resume_task, suspend_task
from tracker.usecases.filing import SubmitForm, acknowledge, submit_form
from tracker.usecases.issuing import issue_document
from tracker.usecases.registering import approve_document, register_document
from tracker.wording.codes import share_state_words


@pytest.fixture
def city(database: Database) -> City:
    return open_city(database)


def _waiting(session: Session, unit: UnitRow) -> set[int]:
    return {row.assignment_id for row in new_assignments(session, unit_ids=[unit.id or 0])}


def _told_by_the_paper(session: Session, life: Life, unit: UnitRow) -> int:
    """Return how many of a unit's items a paper about it calls unsigned."""
    scope = Scope(unit=unit.full_name)
    facts = facts_as_of(session, as_of=life.now, scope=scope)
    try:
        content = compute(CircularType.SUPERVISION, facts, scope=scope, calendar=CALENDAR)
    except NothingToSay:
        return 0
    return content.counts["own_unreceived"]


def _assert_one_truth(session: Session, life: Life) -> int:
    """Hold list, paper and act against each other for each unit; return how many shares were passed by."""
    passed = 0
    for unit in session.scalars(select(UnitRow).where(col(UnitRow.kind) != UnitKind.LEADING_GROUP.value)).all():
        waiting = _waiting(session, unit)
        assert len(waiting) == _told_by_the_paper(session, life, unit)
        held = select(AssignmentRow, TaskRow).join(TaskRow).where(col(AssignmentRow.unit_id) == unit.id)
        for share, task in session.execute(held).all():
            asked = awaits_receipt(AssignmentState(share.state), TaskState(task.state))
            assert asked is ((share.id or 0) in waiting)
            assert asked is (share_state_words(share.state, task.state) == "待签收")
            passed += share.state == AssignmentState.PENDING_RECEIPT.value and not asked
            if share.state == AssignmentState.PENDING_RECEIPT.value and not asked:
                with pytest.raises(NothingToReceive):
                    person = Actor(10, "联络员", Role.LIAISON, share.unit_id, "单位")
                    acknowledge(session, assignment_id=share.id or 0, actor=person, at=life.now)
    return passed


def test_the_list_the_papers_and_the_act_agree_on_what_waits_for_its_receipt(database: Database) -> None:
    life, passed = Life(database, random.Random(0)), 0
    life.begin()
    for _look in range(12):
        life.live(8)
        life.do(life.made.choice(life.office_acts))
        with database.reading() as session:
            passed += _assert_one_truth(session, life)
    assert passed > 0


def test_what_ended_needs_no_receipt_and_what_goes_on_again_does(city: City) -> None:
    liaison = city.liaison("swj")
    with city.database.transaction() as session:
        share = city.assignment("swj", session)
        share_id, task_id = share.id or 0, share.task_id
        suspend_task(session, task_id=task_id, reason="统筹安排", actor=OFFICE, at=IN_TIME)
        with pytest.raises(NothingToReceive):
            acknowledge(session, assignment_id=share_id, actor=liaison, at=IN_TIME)
        assert new_assignments(session, unit_ids=[share.unit_id]) == []
    with city.database.transaction() as session:
        resume_task(session, task_id=task_id, reason="恢复办理", actor=OFFICE, at=IN_TIME, by=BY)
    with city.database.transaction() as session:
        share = session.get_one(AssignmentRow, share_id)
        assert [row.assignment_id for row in new_assignments(session, unit_ids=[share.unit_id])] == [share_id]
        cancel_task(session, task_id=task_id, reason="不再实施", actor=OFFICE, at=IN_TIME)
        assert new_assignments(session, unit_ids=[share.unit_id]) == []


@pytest.mark.parametrize("said", [False, True], ids=["ticked alone", "with news on the share"])
def test_who_ticks_for_a_share_or_reports_on_it_has_received_it(city: City, said: bool) -> None:
    with city.database.transaction() as session:
        unit = session.get_one(UnitRow, city.unit_id("yc"))
        assert len(_waiting(session, unit)) == 1
        period_id = city.period("yc", session, name="2022H2").id or 0
        told = (city.entry("yc", session, claim=Claim.ONGOING_ACTIVE),) if said else ()
        command = SubmitForm(period_id, told, ticked=True)
        submit_form(session, command, actor=city.liaison("yc"), at=IN_TIME.replace(month=12, day=28))
    with city.database.reading() as session:
        assert _waiting(session, unit) == set()
        state = city.assignment("yc", session).state
    assert state == (AssignmentState.WORKING if said else AssignmentState.RECEIVED).value


def test_a_tick_receives_nothing_that_is_suspended(city: City) -> None:
    with city.database.transaction() as session:
        task_id = city.assignment("yc", session).task_id or 0
        suspend_task(session, task_id=task_id, reason="工作需要", actor=OFFICE, at=IN_TIME)
        period_id = city.period("yc", session, name="2022H2").id or 0
        command = SubmitForm(period_id, (), ticked=True)
        submit_form(session, command, actor=city.liaison("yc"), at=IN_TIME.replace(month=12, day=28))
    with city.database.reading() as session:
        assert city.assignment("yc", session).state == AssignmentState.PENDING_RECEIPT.value


def test_a_tick_receives_what_its_document_gives_its_unit_and_nothing_else(city: City) -> None:
    with city.database.transaction() as session:
        period_id = city.period("yc", session, name="2022H2").id or 0
        other = small_reading(number="驻政办〔2022〕98号")
        register_document(session, other, actor=SYSTEM, at=ISSUED_AT)
        approve_document(session, number=other.number, basis="市政府常务会议议定", actor=OFFICE, at=ISSUED_AT)
        issue_document(session, number=other.number, actor=OFFICE, at=ISSUED_AT, by=BY)
        before = _pending(session)
        submit_form(
            session,
            SubmitForm(period_id, (), ticked=True),
            actor=city.liaison("yc"),
            at=IN_TIME.replace(month=12, day=28),
        )
        assert before - _pending(session) == {(1, "yc")}


def _pending(session: Session) -> set[tuple[int, str]]:
    """Return which unit has a share to receive in which document."""
    wanted = (
        select(col(TaskRow.document_id), col(UnitRow.code))
        .join(AssignmentRow, col(AssignmentRow.task_id) == col(TaskRow.id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(col(AssignmentRow.state) == AssignmentState.PENDING_RECEIPT.value)
    )
    return {(document_id, code) for document_id, code in session.execute(wanted)}
