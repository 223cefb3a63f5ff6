"""A report's way: liaison, head of the unit, office; and whom each step refuses."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import select

from tests.support.office import CALENDAR, ISSUED_AT, OFFICE, POLICY, City, open_city
from tracker.domain.accounts import NotYourTask
from tracker.domain.errors import NotFound
from tracker.domain.lifecycle import AssignmentState, PeriodState, TaskState, TransitionRefused
from tracker.domain.reports import (
    AlreadyUnderway,
    EmptyReport,
    ExtensionAlreadyDecided,
    NilNeedsReason,
    NilReason,
    NoDueDate,
    NotAwaitingSignOff,
    NotUnderReview,
    OnlyTheLead,
    PercentOutOfRange,
    ReasonRequired,
    ReportKind,
)
from tracker.store import event_log
from tracker.store.database import Database
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import EvidenceRow, PeriodRow, ReportRow, ReportValueRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.extensions import RequestExtension, grant_extension, refuse_extension, request_extension
from tracker.usecases.reporting import AttachedFile, SubmitReport, acknowledge, send_back, sign_off, submit_report
from tracker.usecases.review import accept_report, close_task, return_report

IN_TIME = datetime(2022, 9, 2, 1, 0, tzinfo=UTC)
LATE = datetime(2022, 9, 6, 1, 0, tzinfo=UTC)


@pytest.fixture
def city(database: Database) -> City:
    return open_city(database)


def _submit(city: City, code: str = "swj", *, at: datetime = IN_TIME, **changes: object) -> int:
    with city.database.transaction() as session:
        assignment = city.assignment(code, session)
        if assignment.state == AssignmentState.PENDING_RECEIPT.value:
            acknowledge(session, assignment_id=assignment.id or 0, actor=city.liaison(code), at=ISSUED_AT)
        facts: dict[str, object] = {"kind": ReportKind.PROGRESS, "text": "已印发8月份通报。", **changes}
        if facts["kind"] in (ReportKind.PROGRESS, ReportKind.NIL) and "period_id" not in facts:
            facts["period_id"] = session.exec(_first_period(assignment.id)).one()
        command = SubmitReport(assignment_id=assignment.id or 0, **facts)  # type: ignore[arg-type] # facts of a test
        return submit_report(session, command, actor=city.liaison(code), at=at)


def _first_period(assignment_id: int | None):  # type: ignore[no-untyped-def] # SQLModel's select has no short type
    return select(PeriodRow.id).where(PeriodRow.assignment_id == assignment_id).order_by(PeriodRow.id).limit(1)


def _filed(city: City, code: str = "swj", *, at: datetime = IN_TIME, **changes: object) -> int:
    report_id = _submit(city, code, at=at, **changes)
    with city.database.transaction() as session:
        sign_off(session, report_id=report_id, actor=city.head(code), at=at)
    return report_id


def _states(city: City, code: str = "swj") -> tuple[str, bool]:
    with city.database.reading() as session:
        period = city.period(code, session)
        return period.state, period.late


def test_the_task_starts_when_its_lead_acknowledges(city: City) -> None:
    with city.database.transaction() as session:
        acknowledge(
            session, assignment_id=city.assignment("tjj", session).id or 0, actor=city.liaison("tjj"), at=ISSUED_AT
        )
        assert session.get_one(TaskRow, 1).state == TaskState.ISSUED.value
        acknowledge(
            session, assignment_id=city.assignment("swj", session).id or 0, actor=city.liaison("swj"), at=ISSUED_AT
        )
        assert session.get_one(TaskRow, 1).state == TaskState.IN_PROGRESS.value


def test_a_report_leaves_the_unit_only_when_its_head_signs(city: City) -> None:
    report_id = _submit(city)
    assert _states(city) == (PeriodState.OPEN.value, False)
    with city.database.transaction() as session:
        sign_off(session, report_id=report_id, actor=city.head("swj"), at=IN_TIME)
    assert _states(city) == (PeriodState.SUBMITTED.value, False)
    with city.database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=IN_TIME)
    assert _states(city) == (PeriodState.ACCEPTED.value, False)


def test_a_report_on_a_task_never_acknowledged_acknowledges_it(city: City) -> None:
    with city.database.transaction() as session:
        assignment, period = city.assignment("swj", session), city.period("swj", session)
        command = SubmitReport(assignment.id or 0, ReportKind.PROGRESS, "已印发通报。", period_id=period.id)
        submit_report(session, command, actor=city.liaison("swj"), at=IN_TIME)
        assert assignment.state == AssignmentState.WORKING.value
        assert session.get_one(TaskRow, 1).state == TaskState.IN_PROGRESS.value


def test_a_unit_without_sign_off_files_at_once(city: City) -> None:
    with city.database.transaction() as session:
        for unit in session.exec(select(UnitRow)):
            unit.needs_sign_off = False
    _submit(city)
    assert _states(city) == (PeriodState.SUBMITTED.value, False)


def test_a_report_signed_after_the_due_day_is_late(city: City) -> None:
    _filed(city, at=LATE)
    assert _states(city) == (PeriodState.SUBMITTED.value, True)


def test_a_nil_report_is_no_silence(city: City) -> None:
    _filed(city, kind=ReportKind.NIL, text="", nil_reason=NilReason.AWAITS_POLICY)
    assert _states(city) == (PeriodState.NIL_REPORT.value, False)


def test_values_and_files_stay_with_the_report(city: City) -> None:
    attached = AttachedFile(sha256="a" * 64, name="通报.docx", size_bytes=12, media_type="application/x")
    report_id = _submit(city, values={1: 1.0}, files=[attached], percent_done=50)
    with city.database.reading() as session:
        assert [row.value for row in session.exec(select(ReportValueRow))] == [1.0]
        assert [(row.report_id, row.name) for row in session.exec(select(EvidenceRow))] == [(report_id, "通报.docx")]


def test_a_target_of_another_task_is_refused_and_nothing_is_kept(city: City) -> None:
    with pytest.raises(NotFound):
        _submit(city, values={99: 1.0})
    with city.database.reading() as session:
        assert session.exec(select(ReportRow)).all() == []


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"text": " "}, EmptyReport),
        ({"percent_done": 101}, PercentOutOfRange),
        ({"kind": ReportKind.NIL}, NilNeedsReason),
        ({"period_id": None}, NotFound),
        ({"kind": ReportKind.REPLY}, OnlyTheLead),
    ],
)
def test_a_report_that_says_nothing_is_refused(city: City, changes: dict[str, object], error: type[Exception]) -> None:
    with pytest.raises(error):
        _submit(city, **changes)


def test_another_units_period_is_as_good_as_missing(city: City) -> None:
    with city.database.reading() as session:
        foreign = city.period("swj", session).id
    with pytest.raises(NotFound):
        _submit(city, "wjw", period_id=foreign)
    with pytest.raises(NotFound), city.database.transaction() as session:
        acknowledge(
            session, assignment_id=city.assignment("swj", session).id or 0, actor=city.liaison("wjw"), at=IN_TIME
        )


def test_only_people_of_units_report_and_only_heads_sign(city: City) -> None:
    report_id = _submit(city)
    with pytest.raises(NotYourTask), city.database.transaction() as session:
        acknowledge(session, assignment_id=1, actor=OFFICE, at=IN_TIME)
    with pytest.raises(NotYourTask), city.database.transaction() as session:
        sign_off(session, report_id=report_id, actor=city.liaison("swj"), at=IN_TIME)
    with pytest.raises(NotFound), city.database.transaction() as session:
        sign_off(session, report_id=report_id, actor=city.head("tjj"), at=IN_TIME)


def test_a_period_takes_one_report_at_a_time(city: City) -> None:
    report_id = _submit(city)
    with pytest.raises(AlreadyUnderway):
        _submit(city)
    with city.database.transaction() as session:
        send_back(session, report_id=report_id, reason="请补充数据", actor=city.head("swj"), at=IN_TIME)
    with pytest.raises(NotAwaitingSignOff), city.database.transaction() as session:
        sign_off(session, report_id=report_id, actor=city.head("swj"), at=IN_TIME)
    _submit(city)


def test_a_returned_report_is_written_again(city: City) -> None:
    report_id = _filed(city)
    with pytest.raises(ReasonRequired), city.database.transaction() as session:
        return_report(
            session, report_id=report_id, reason="", actor=OFFICE, at=IN_TIME, calendar=CALENDAR, policy=POLICY
        )
    with city.database.transaction() as session:
        return_report(
            session, report_id=report_id, reason="缺通报文号", actor=OFFICE, at=LATE, calendar=CALENDAR, policy=POLICY
        )
    with city.database.reading() as session:
        period = city.period("swj", session)
        assert (period.state, period.scheduled_on) == (PeriodState.RETURNED.value, date(2022, 9, 5))
        assert period.due_at == datetime(2022, 9, 9, 16, 0, tzinfo=UTC)
    with pytest.raises(NotUnderReview), city.database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=LATE)
    _filed(city, at=LATE)
    assert _states(city) == (PeriodState.SUBMITTED.value, False)


def test_a_support_unit_replies_and_never_blocks_the_lead(city: City) -> None:
    _filed(city, "tjj", kind=ReportKind.REPLY, text="数据已提供。")
    with city.database.reading() as session:
        assert session.get_one(ReportRow, 1).state == "accepted"
        assert session.get_one(TaskRow, 1).state == TaskState.ISSUED.value


def test_completing_and_closing_a_task(city: City) -> None:
    with pytest.raises(OnlyTheLead):
        _submit(city, "yc", kind=ReportKind.COMPLETION)
    report_id = _filed(city, kind=ReportKind.COMPLETION, text="全年任务完成。")
    with pytest.raises(TransitionRefused), city.database.transaction() as session:
        close_task(session, task_id=1, reason="完成", actor=OFFICE, at=LATE)
    with city.database.transaction() as session:
        return_report(
            session, report_id=report_id, reason="缺佐证", actor=OFFICE, at=LATE, calendar=CALENDAR, policy=POLICY
        )
        assert session.get_one(TaskRow, 1).state == TaskState.RETURNED.value
    again = _filed(city, kind=ReportKind.COMPLETION, text="补齐佐证。")
    with city.database.transaction() as session:
        accept_report(session, report_id=again, actor=OFFICE, at=LATE)
        assert session.get_one(TaskRow, 1).state == TaskState.COMPLETED.value
        close_task(session, task_id=1, reason="经核查属实", actor=OFFICE, at=LATE)
        assert session.get_one(TaskRow, 1).state == TaskState.CLOSED.value
    with pytest.raises(NotFound), city.database.transaction() as session:
        close_task(session, task_id=99, reason="无", actor=OFFICE, at=LATE)


def _ask(city: City, *, new_due_on: date = date(2022, 9, 20), reason: str = "等待统计口径") -> int:
    with city.database.transaction() as session:
        period = city.period("swj", session)
        command = RequestExtension(period_id=period.id or 0, new_due_on=new_due_on, reason=reason)
        return request_extension(session, command, actor=city.liaison("swj"), at=IN_TIME)


def test_a_granted_extension_moves_the_due_day_and_keeps_the_scheduled_one(city: City) -> None:
    extension_id = _ask(city)
    with pytest.raises(AlreadyUnderway):
        _ask(city)
    with city.database.transaction() as session:
        grant_extension(session, extension_id=extension_id, actor=OFFICE, at=IN_TIME)
    with city.database.reading() as session:
        period = city.period("swj", session)
        assert (period.scheduled_on, period.due_on) == (date(2022, 9, 5), date(2022, 9, 20))
    with pytest.raises(ExtensionAlreadyDecided), city.database.transaction() as session:
        refuse_extension(session, extension_id=extension_id, reason="不批", actor=OFFICE, at=IN_TIME)
    _filed(city, at=LATE)
    assert _states(city) == (PeriodState.SUBMITTED.value, False)


def test_a_refused_extension_leaves_the_due_day(city: City) -> None:
    extension_id = _ask(city)
    with pytest.raises(NotYourTask), city.database.transaction() as session:
        refuse_extension(session, extension_id=extension_id, reason="不批", actor=city.liaison("swj"), at=IN_TIME)
    with city.database.transaction() as session:
        refuse_extension(session, extension_id=extension_id, reason="时间充足", actor=OFFICE, at=IN_TIME)
    with city.database.reading() as session:
        assert city.period("swj", session).due_on == date(2022, 9, 5)


def test_more_time_is_asked_for_during_a_correction(city: City) -> None:
    report_id = _filed(city)
    with city.database.transaction() as session:
        return_report(
            session, report_id=report_id, reason="缺数据", actor=OFFICE, at=LATE, calendar=CALENDAR, policy=POLICY
        )
    with city.database.transaction() as session:
        command = RequestExtension(city.period("swj", session).id or 0, date(2022, 9, 20), "等待数据")
        request_extension(session, command, actor=city.liaison("swj"), at=LATE)


def test_nothing_is_extended_that_is_not_owed(city: City) -> None:
    with pytest.raises(ReasonRequired):
        _ask(city, reason=" ")
    _filed(city)
    with pytest.raises(NoDueDate):
        _ask(city)


def test_every_step_is_an_event_of_one_unbroken_chain(city: City) -> None:
    report_id = _filed(city)
    with city.database.transaction() as session:
        accept_report(session, report_id=report_id, actor=OFFICE, at=IN_TIME)
    with city.database.reading() as session:
        assert event_log.verify(session) is None
        rows = session.exec(select(EventRow).where(EventRow.task_id == 1).order_by(EventRow.seq)).all()  # type: ignore[arg-type] # a column
        types = [row.type for row in rows if row.actor_unit in ("swj", None) and not row.type.startswith("period")]
    assert types == ["assignment.received", "report.submitted", "report.signed_off", "report.accepted"]
