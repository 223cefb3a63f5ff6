"""A unit hands in: acknowledge, write a form, sign it or give it back, withdraw it, tell news at any time."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import local_day
from tracker.domain.entries import Entry
from tracker.domain.errors import BadInput, NotFound, refuse
from tracker.domain.events.reports import FilingStopped, FilingSubmitted, NewsTold
from tracker.domain.filings import (
    FilingKind,
    FilingState,
    MissedWordsRequired,
    NotAwaitingSignOff,
    NothingFiled,
    OnlyTheLead,
    ReportKind,
    TickMissing,
    check_reason,
)
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.leaving import EnvelopeChanged, Signed
from tracker.domain.lifecycle import (
    TASK_OPEN,
    AssignmentAction,
    AssignmentState,
    NothingToReceive,
    TaskState,
    advance_assignment,
)
from tracker.domain.owed import RowState
from tracker.steps.asking_rows import answered_span
from tracker.steps.content_faults import content_faults
from tracker.steps.evidence_gaps import check_evidence
from tracker.steps.form_rows import Form, load_form, match_entries, refuse_ended
from tracker.steps.inquiries import check_asked
from tracker.steps.keeping_reports import keep_report, keep_tick, refuse_sent_twice
from tracker.steps.locking import lock_filing
from tracker.steps.receiving import receive, receive_ticked, unreceived_beside
from tracker.steps.shares import load_share
from tracker.steps.signing import leave_the_unit
from tracker.steps.underway import refuse_second_completion, refuse_second_envelope
from tracker.store import event_log
from tracker.store.queries.denied import rests_on_file
from tracker.store.queries.leaving import what_leaves
from tracker.store.queries.shares import facts_of_shares
from tracker.store.queries.told_before import on_file
from tracker.store.queries.units import units_acted_for
from tracker.store.report_words import words_digest
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.series import FormRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class SubmitForm:
    """A form of one period. `ticked` says that all other shares have nothing new."""

    period_id: int
    entries: tuple[Entry, ...]
    ticked: bool = False
    missed_words: str = ""


@dataclass(frozen=True, slots=True)
class SubmitOne:
    """A report outside forms: news 「进展动态」, a reply to the lead, or a request to be done without a final row.

    `answers` is what a reply answers, where somebody asked.
    """

    kind: FilingKind
    entry: Entry
    answers: int | None = None


def acknowledge(session: Session, *, assignment_id: int, actor: Actor, at: datetime) -> None:
    """Acknowledge receipt 「签收」 of an assignment that goes on; the task starts when its lead does.

    Records AssignmentReceived. Raises NotFound, NotYourTask, NothingToReceive, TransitionRefused.
    """
    assignment, task = load_share(session, assignment_id=assignment_id, actor=actor, act="acknowledge")
    if TaskState(task.state) not in TASK_OPEN:
        raise NothingToReceive()
    receive(session, assignment, task, actor=actor, at=at)


def submit_form(session: Session, command: SubmitForm, *, actor: Actor, at: datetime) -> int:
    """Hand a form to the head of the unit, or straight out where the unit needs no sign-off; return the filing's id.

    The first filing of a form speaks of every required row that is not extended, disputed or final; later ones of any
    that is open or under correction. A unit that reports, or ticks, has received the tasks. Records FilingSubmitted,
    AssignmentReceived, and what `leave_the_unit` records. Raises NotFound, NotYourTask, AlreadyUnderway, NothingFiled,
    RowEnded, TaskPaused, NotTakenYet, and all faults at once: RowsLacking, TickMissing, MissedWordsRequired and what
    `content_faults` and `check_evidence` return.
    """
    require_role(actor, Role.LIAISON, Role.UNIT_HEAD, act="report")
    told = [entry.assignment_id for entry in command.entries]
    ticked = unreceived_beside(session, command.period_id) if command.ticked else []
    form = load_form(session, period_id=command.period_id, shares=[*told, *ticked], actor=actor)
    refuse_second_envelope(session, period_id=command.period_id)
    if not command.entries:
        refuse(_unticked(form, command))
    rows, faults = match_entries(session, form, command.entries, ticked=command.ticked, actor=actor, now=at)
    faults += _unticked(form, command)
    ended = form.earlier_codes(rows, now=at)
    if ended and not command.missed_words.strip():
        faults.append(MissedWordsRequired(periods="、".join(ended)))
    unproved = check_evidence(session, command.entries, form.shares, faults=faults, period=form.period)
    refuse(faults)
    filing = _envelope(session, FilingKind.FORM, form.unit_id, actor=actor, at=at, period_id=command.period_id)
    filing.missed_words = command.missed_words.strip() or None
    for row, entry in rows:
        kind, why = _kind_of(form, row), unproved.get(entry.assignment_id)
        keep_report(session, filing, entry, row=row, kind=kind, actor=actor, at=at, evidence_reason=why)
    tick = form.tick_to_file(ticked=command.ticked)
    if tick is not None:
        others = _ticked(form, command)
        filing.ticked = len(others)
        keep_tick(session, filing, tick, actor=actor, at=at)
        receive_ticked(session, others.intersection(ticked), actor=actor, at=at)
    _hand_in(session, filing, actor=actor, at=at)
    return filing.id or 0


def submit_one(session: Session, command: SubmitOne, *, actor: Actor, at: datetime) -> int:
    """Hand in a report on one share outside forms; return the filing's id.

    Records FilingSubmitted, NewsTold of an update, AssignmentReceived with a unit's first word, and what
    `leave_the_unit` records. Raises NotFound, NotYourTask, OnlyTheLead, InquiryOver, AnswerWaits, AlreadyUnderway,
    SentAlready, NothingFiled, RowEnded, TaskPaused, and all of `content_faults` and `check_evidence` at once.
    """
    assignment, _task = load_share(session, assignment_id=command.entry.assignment_id, actor=actor, act="report")
    if command.kind is FilingKind.COMPLETION and assignment.role != AssignmentRole.LEAD.value:
        raise OnlyTheLead()
    if command.answers is not None:
        check_asked(session, command.answers, assignment_id=assignment.id)
    elif command.kind is FilingKind.REPLY and assignment.duty != Duty.REPLY.value:
        raise OnlyTheLead()
    if not command.entry.content.text.strip() and not command.entry.values:
        raise NothingFiled()
    final = command.kind is FilingKind.COMPLETION
    if final:
        refuse_second_completion(session, assignment)
    share = facts_of_shares(session, [assignment.id or 0])[assignment.id or 0]
    if command.answers is None:  # what is still asked is answered, also by whoever has done the work
        refuse_ended(share)
    # A claim moves the work's class as one in a form does; outside forms it may be left out.
    kind = ReportKind(command.kind.value)
    resting = [share.assignment_id] if rests_on_file(kind, command.entry.content.claim) else []
    before = on_file(session, resting)[share.assignment_id].before(None)
    answers = answered_span(session, assignment, at=at) if final else None
    faults = content_faults(command.entry, share, kind=kind, before=before, today=local_day(at), answers=answers)
    asked = [command.entry] if final else []
    shares = {share.assignment_id: share}
    why = check_evidence(session, asked, shares, faults=faults).get(share.assignment_id)
    refuse(faults)
    refuse_sent_twice(session, command.entry, kind=command.kind, answers=command.answers, at=at)
    filing = _envelope(session, command.kind, assignment.unit_id, actor=actor, at=at)
    entry, reply = command.entry, command.answers
    keep_report(session, filing, entry, row=None, kind=kind, answers=reply, evidence_reason=why, actor=actor, at=at)
    _hand_in(session, filing, actor=actor, at=at)
    return filing.id or 0


def sign_off(session: Session, *, filing_id: int, actor: Actor, at: datetime, shown: str | None = None) -> Signed:
    """Sign an envelope 「审签」; what of it can leaves the unit, and from now on the office holds the ball.

    `shown` is the mark of what the page said would leave; None where no page was asked. Return how much left and how
    much stayed. Records what `leave_the_unit` records. Raises NotFound, NotYourTask, NotAwaitingSignOff,
    EnvelopeChanged, NothingLeaves.
    """
    filing = _awaiting(session, filing_id=filing_id, actor=actor)
    if shown is not None and what_leaves(session, [filing_id])[filing_id].mark != shown:
        raise EnvelopeChanged()
    return leave_the_unit(session, filing, actor=actor, at=at)


def send_back(session: Session, *, filing_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Give an envelope back to the liaison with a reason; nothing has left the unit.

    Records FilingStopped. Raises NotFound, NotYourTask, NotAwaitingSignOff, ReasonRequired.
    """
    filing = _awaiting(session, filing_id=filing_id, actor=actor)
    _stop(session, filing, FilingState.SENT_BACK, reason=check_reason(reason), actor=actor, at=at)


def withdraw(session: Session, *, filing_id: int, actor: Actor, at: datetime) -> None:
    """Take an envelope back before it is signed; it never was a filing.

    Records FilingStopped. Raises NotFound, NotYourTask, NotAwaitingSignOff.
    """
    require_role(actor, Role.LIAISON, Role.UNIT_HEAD, act="report")
    filing = _of_unit(session, filing_id=filing_id, actor=actor)
    _stop(session, filing, FilingState.WITHDRAWN, reason="", actor=actor, at=at)


def _kind_of(form: Form, row: FormRow) -> ReportKind:
    return ReportKind.COMPLETION if row.final else ReportKind.PROGRESS


def _unticked(form: Form, command: SubmitForm) -> list[BadInput]:
    """A first filing of a form that is owed for its tick makes the tick: news on one share is silent on the others."""
    tick = form.rows.get(None)
    if tick is None or command.ticked or form.period.frozen_at is not None:
        return []
    owed = tick.required and tick.state == RowState.OPEN.value
    return [TickMissing(count=len(form.others))] if owed else []


def _ticked(form: Form, command: SubmitForm) -> set[int]:
    """Return the shares that the tick speaks of: those on which the form says nothing else."""
    return {share.assignment_id for share in form.others} - {entry.assignment_id for entry in command.entries}


def _envelope(
    session: Session, kind: FilingKind, unit_id: int, *, actor: Actor, at: datetime, period_id: int | None = None
) -> FilingRow:
    filing = FilingRow(kind=kind.value, unit_id=unit_id, period_id=period_id, written_by=actor.name, written_at=at)
    session.add(filing)
    session.flush()
    return filing


def _hand_in(session: Session, filing: FilingRow, *, actor: Actor, at: datetime) -> None:
    session.flush()
    shares = select(AssignmentRow, TaskRow).join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
    mine = shares.join(ReportRow, col(ReportRow.assignment_id) == col(AssignmentRow.id))
    told = session.execute(mine.where(col(ReportRow.filing_id) == filing.id)).all()
    for assignment, task in told:
        if assignment.state == AssignmentState.PENDING_RECEIPT.value:
            receive(session, assignment, task, actor=actor, at=at)
        if assignment.state == AssignmentState.RECEIVED.value:
            assignment.state = advance_assignment(AssignmentState.RECEIVED, AssignmentAction.START).value
    event = FilingSubmitted(
        unit_id=filing.unit_id,
        filing_id=filing.id or 0,
        kind=filing.kind,
        period_id=filing.period_id,
        shares=tuple(assignment.id or 0 for assignment, _task in told),
    )
    event_log.record(session, event, actor=actor, at=at)
    if filing.kind == FilingKind.UPDATE.value:
        _tell_news(session, filing, actor=actor, at=at)
    if not session.get_one(UnitRow, filing.unit_id).needs_sign_off:
        leave_the_unit(session, filing, actor=actor, at=at)


def _tell_news(session: Session, filing: FilingRow, *, actor: Actor, at: datetime) -> None:
    report = session.scalars(select(ReportRow).where(col(ReportRow.filing_id) == filing.id)).one()
    share = session.get_one(AssignmentRow, report.assignment_id)
    event = NewsTold(
        task_id=share.task_id,
        unit_id=filing.unit_id,
        filing_id=filing.id or 0,
        report_id=report.id or 0,
        assignment_id=share.id or 0,
        by_lead=report.by_lead,
        claim=report.claim,
        words=words_digest(report),
    )
    event_log.record(session, event, actor=actor, at=at)


def _awaiting(session: Session, *, filing_id: int, actor: Actor) -> FilingRow:
    require_role(actor, Role.UNIT_HEAD, act="sign_off")
    return _of_unit(session, filing_id=filing_id, actor=actor)


def _of_unit(session: Session, *, filing_id: int, actor: Actor) -> FilingRow:
    lock_filing(session, filing_id)
    wanted = select(FilingRow).where(col(FilingRow.id) == filing_id).with_for_update()
    filing = session.scalars(wanted).first()
    if filing is None or filing.unit_id not in units_acted_for(session, actor.unit_id):
        raise NotFound()
    if filing.state != FilingState.AWAITING_SIGN_OFF.value:
        raise NotAwaitingSignOff()
    return filing


def _stop(session: Session, filing: FilingRow, state: FilingState, *, reason: str, actor: Actor, at: datetime) -> None:
    filing.state, filing.stopped_reason = state.value, reason or None
    filing.stopped_by, filing.stopped_at = actor.name, at
    for report in session.scalars(select(ReportRow).where(col(ReportRow.filing_id) == filing.id)):
        report.state = state.value
    event = FilingStopped(unit_id=filing.unit_id, filing_id=filing.id or 0, state=state.value, reason=reason)
    event_log.record(session, event, actor=actor, at=at)
