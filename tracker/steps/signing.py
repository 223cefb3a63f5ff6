"""An envelope leaves its unit: rows are filed, lateness is decided once, corrections end, completions are asked for."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.events.documents import SealedRow
from tracker.domain.events.forms import LATER_PERIOD_FILED, CorrectionEnded
from tracker.domain.events.reports import FilingSigned, ReportedValue, ReportFiled, ReportsStayed, StayedReport
from tracker.domain.filings import CorrectionOutcome, FilingKind, FilingState, Outcome, ReportKind, ReportState, is_late
from tracker.domain.items import AssignmentRole
from tracker.domain.leaving import Leaving, NothingLeaves, Signed
from tracker.domain.lifecycle import (
    ASSIGNMENT_TRANSITIONS,
    TASK_TRANSITIONS,
    AssignmentAction,
    AssignmentState,
    TaskAction,
    TaskState,
    advance_assignment,
    advance_task,
)
from tracker.domain.owed import RowState
from tracker.steps.asking_rows import answered_row
from tracker.steps.holding import hold_rows
from tracker.steps.inquiries import note_answer
from tracker.steps.locking import lock_rows_of
from tracker.steps.settling import settle_rows
from tracker.store import event_log
from tracker.store.queries.form_views import waits_in_time
from tracker.store.queries.leaving import what_leaves
from tracker.store.queries.narrative import earlier_narrative_rows
from tracker.store.report_words import words_digest
from tracker.store.row_digests import row_digest
from tracker.store.tables.documents import ItemRow
from tracker.store.tables.filings import CorrectionRow, EvidenceRow, FilingRow, ReportRow, ReportValueRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.wording.codes import TICKED_NAME
from tracker.wording.endings import stayed_words

# Kinds that the office does not review: news is the unit's own word, a reply goes to the lead.
_UNREVIEWED = frozenset({ReportKind.UPDATE.value, ReportKind.REPLY.value})


class _About(TypedDict):
    task_id: int | None
    unit_id: int
    report_id: int
    filing_id: int


@dataclass(frozen=True, slots=True)
class _Told:
    values: tuple[ReportedValue, ...]
    files: tuple[SealedRow, ...]


def leave_the_unit(session: Session, filing: FilingRow, *, actor: Actor, at: datetime) -> Signed:
    """File what of a signed envelope can leave by `what_leaves`, and return how much did.

    What cannot is kept with the unit, readable, and its liaisons are told; on work that goes on it is written on in the
    next row. The caller has locked the work that the envelope reports on. Records FilingSigned, a ReportFiled for each,
    ReportsStayed, CorrectionEnded, InquiryAnswered, and RowSettled for periods that it ends 「漏报」. Raises
    NothingLeaves where all of it stays.
    """
    filing_id = filing.id or 0
    wanted = select(ReportRow).where(col(ReportRow.filing_id) == filing_id).order_by(col(ReportRow.id))
    reports = session.scalars(wanted.execution_options(populate_existing=True)).all()
    period = _lock_period(session, filing)
    rows = lock_rows_of(session, reports)
    told = _told(session, reports)
    leaving = what_leaves(session, [filing_id])[filing_id]
    if not leaving.leave:
        raise _nothing_leaves(session, reports, leaving)
    filing.state, filing.signed_by, filing.filed_at = FilingState.FILED.value, actor.name, at
    for report in reports:
        if report.id in leaving.leave:
            row = rows.get(report.row_id)
            _file_report(session, filing, report, row=row, period=period, told=told[report.id], actor=actor, at=at)
            note_answer(session, report, actor=actor, at=at)
    _keep_back(session, filing, reports, leaving, actor=actor, at=at)
    if period is not None:
        _end_earlier(session, filing, period, actor=actor, at=at)
    event = FilingSigned(
        unit_id=filing.unit_id,
        filing_id=filing_id,
        kind=filing.kind,
        reports=len(leaving.leave),
        ticked=filing.ticked,
        period_id=filing.period_id,
    )
    event_log.record(session, event, actor=actor, at=at)
    left = sum(report.id in leaving.leave for report in reports if report.assignment_id is not None)
    return Signed(left=left, stayed=len(leaving.stay), ticked=filing.ticked)


def _nothing_leaves(session: Session, reports: Sequence[ReportRow], leaving: Leaving) -> NothingLeaves:
    shares = [report.assignment_id for report in reports if report.assignment_id is not None]
    items = session.scalars(
        select(col(ItemRow.label))
        .join(TaskRow, col(TaskRow.item_id) == col(ItemRow.id))
        .join(AssignmentRow, col(AssignmentRow.task_id) == col(TaskRow.id))
        .where(col(AssignmentRow.id).in_(shares))
        .order_by(col(ItemRow.id))
    )
    named = "、".join(dict.fromkeys(items)) or TICKED_NAME
    return NothingLeaves(items=named, why="、".join(dict.fromkeys(leaving.stay.values())))


def _keep_back(
    session: Session, filing: FilingRow, reports: Sequence[ReportRow], leaving: Leaving, *, actor: Actor, at: datetime
) -> None:
    """Keep what cannot leave as the unit's own words, each with the reason."""
    stayed = [report for report in reports if report.id in leaving.stay]
    if not stayed:
        return
    for report in stayed:
        report.state = ReportState.WITHDRAWN.value
        report.decision_reason = stayed_words(leaving.stay[report.id or 0])
        if report.kind == ReportKind.TICK.value:
            filing.ticked = 0
    told = tuple(
        StayedReport(report_id=report.id or 0, row_id=report.row_id, cause=leaving.stay[report.id or 0])
        for report in stayed
    )
    event = ReportsStayed(unit_id=filing.unit_id, filing_id=filing.id or 0, period_id=filing.period_id, reports=told)
    event_log.record(session, event, actor=actor, at=at)


def _lock_period(session: Session, filing: FilingRow) -> PeriodRow | None:
    if filing.period_id is None:
        return None
    return session.scalars(select(PeriodRow).where(col(PeriodRow.id) == filing.period_id).with_for_update()).one()


def _file_report(
    session: Session,
    filing: FilingRow,
    report: ReportRow,
    *,
    row: FormRow | None,
    period: PeriodRow | None,
    told: _Told,
    actor: Actor,
    at: datetime,
) -> None:
    report.state = (ReportState.ACCEPTED if report.kind in _UNREVIEWED else ReportState.FILED).value
    report.filed_at = at
    share = session.get(AssignmentRow, report.assignment_id) if report.assignment_id else None
    row, period = (row, period) if row is not None else _answer_row(session, share, report, period, at=at)
    first = row is not None and row.filed_at is None
    if row is not None and period is not None:
        _file_row(session, row, period, actor=actor, at=at)
        report.late = bool(row.late)
    if report.kind == ReportKind.COMPLETION.value and share is not None:
        _ask_for_completion(session, share, report, actor=actor, at=at)
    event = ReportFiled(
        **_about(filing, report, share),
        kind=report.kind,
        by_lead=report.by_lead,
        written_at=report.written_at,
        row_id=report.row_id,
        period_id=period.id if period is not None else None,
        claim=report.claim,
        outcome=report.outcome,
        first=first,
        late=row.late if row is not None else None,
        values=told.values,
        cases_received=report.cases_received,
        cases_in_time=report.cases_in_time,
        words=words_digest(report),
        written_by=report.written_by,
        files=told.files,
    )
    event_log.record(session, event, actor=actor, at=at)


def _answer_row(
    session: Session, share: AssignmentRow | None, report: ReportRow, period: PeriodRow | None, *, at: datetime
) -> tuple[FormRow | None, PeriodRow | None]:
    """Let a completion outside forms be on the row that it answers; return that row with its period."""
    if share is None or report.kind != ReportKind.COMPLETION.value:
        return None, period
    row, its_period = answered_row(session, share, at=at) or (None, period)
    report.row_id = row.id if row is not None else None
    return row, its_period


def _about(filing: FilingRow, report: ReportRow, share: AssignmentRow | None) -> _About:
    return {
        "task_id": share.task_id if share else None,
        "unit_id": filing.unit_id,
        "report_id": report.id or 0,
        "filing_id": filing.id or 0,
    }


def _told(session: Session, reports: Sequence[ReportRow]) -> Mapping[int | None, _Told]:
    """Return what each report gives for its numbers, and the digests of the files under it."""
    ids = [report.id for report in reports]
    values: dict[int | None, list[ReportedValue]] = defaultdict(list)
    given = select(ReportValueRow).where(col(ReportValueRow.report_id).in_(ids))
    for row in session.scalars(given.order_by(col(ReportValueRow.target_id))):
        value = ReportedValue(target_id=row.target_id, value=row.value, value_on=row.value_on)
        values[row.report_id].append(value)
    files: dict[int | None, list[SealedRow]] = defaultdict(list)
    attached = select(EvidenceRow).where(col(EvidenceRow.report_id).in_(ids))
    for file in session.scalars(attached.order_by(col(EvidenceRow.id))):
        files[file.report_id].append(SealedRow(id=file.id or 0, sha256=row_digest(file)))
    return {id_: _Told(tuple(values[id_]), tuple(files[id_])) for id_ in ids}


def _file_row(session: Session, row: FormRow, period: PeriodRow, *, actor: Actor, at: datetime) -> None:
    if row.state == RowState.RETURNED.value:
        _end_correction(session, row, actor=actor, at=at)
    elif row.filed_at is None:
        row.filed_at = at
        due_at = row.due_at or period.due_at
        row.late = is_late(due_at, filed_at=at, required=row.required, pending=waits_in_time(row, due_at))
    row.state = RowState.FILED.value
    if not row.final and period.frozen_at is None:
        period.frozen_at = at


def _end_correction(session: Session, row: FormRow, *, actor: Actor, at: datetime) -> None:
    running = select(CorrectionRow).where(col(CorrectionRow.row_id) == row.id, col(CorrectionRow.ended_at).is_(None))
    for correction in session.scalars(running):
        due_at = row.correction_due_at or correction.due_at
        correction.ended_at = at
        # Asked in time and undecided: whatever is decided gives a moment after this one.
        late = at >= due_at and not waits_in_time(row, due_at)
        correction.outcome = (CorrectionOutcome.LATE if late else CorrectionOutcome.IN_TIME).value
        event = CorrectionEnded(row_id=row.id or 0, outcome=correction.outcome)
        event_log.record(session, event, actor=actor, at=at)
    row.correction_due_at = None


def _ask_for_completion(
    session: Session, share: AssignmentRow, report: ReportRow, *, actor: Actor, at: datetime
) -> None:
    """A lead's completion report asks for the task to be done; another bearer's only for its own share."""
    report.outcome = report.outcome or (Outcome.MET if report.claim == "done" else Outcome.UNMET).value
    if (AssignmentState(share.state), AssignmentAction.SUBMIT) in ASSIGNMENT_TRANSITIONS:
        share.state = advance_assignment(AssignmentState(share.state), AssignmentAction.SUBMIT).value
    if share.role != AssignmentRole.LEAD.value:
        return
    hold_rows(session, share, report_id=report.id or 0, actor=actor, at=at)
    task = session.get_one(TaskRow, share.task_id)
    if (TaskState(task.state), TaskAction.REQUEST_COMPLETION) in TASK_TRANSITIONS:
        task.state = advance_task(TaskState(task.state), TaskAction.REQUEST_COMPLETION).value


def _end_earlier(session: Session, filing: FilingRow, period: PeriodRow, *, actor: Actor, at: datetime) -> None:
    """A later account ends earlier narrative rows of its shares past their moment: they stay 漏报 in history.

    Without a word on them it ends none: whoever wrote it was not asked to explain any.
    """
    if filing.kind != FilingKind.FORM.value or not filing.missed_words:
        return
    earlier = earlier_narrative_rows(session, filing, period, now=at)
    settle_rows(
        session,
        earlier,
        RowState.MISSED,
        cause=LATER_PERIOD_FILED,
        reason=filing.missed_words,
        actor=actor,
        at=at,
    )
