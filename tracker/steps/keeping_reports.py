"""What a unit wrote becomes rows: a report a share, with its values and files, and the tick for all other shares."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.cases import check_cases
from tracker.domain.entered import check_day, check_number
from tracker.domain.entries import AttachedFile, Entry
from tracker.domain.errors import NotFound
from tracker.domain.filings import FilingKind, FilingState, ReportKind, SentAlready
from tracker.domain.items import AssignmentRole
from tracker.domain.quoting import quoted
from tracker.domain.twice import A_MOMENT
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow, ReportValueRow
from tracker.store.tables.series import FormRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


def keep_report(
    session: Session,
    filing: FilingRow,
    entry: Entry,
    *,
    row: FormRow | None,
    kind: ReportKind,
    actor: Actor,
    at: datetime,
    answers: int | None = None,
    evidence_reason: str | None = None,
) -> None:
    """Keep what a unit wrote of one share: words, claim, values, counted cases and files.

    `evidence_reason` says why mandatory evidence is not among these.

    Raises NotFound, NotACount, NumberOutOfBounds, DayOutOfBounds.
    """
    content = entry.content
    if content.next_on is not None:
        check_day(content.next_on, field="下一步措施完成日期")
    share = session.get_one(AssignmentRow, entry.assignment_id)
    report = ReportRow(
        filing_id=filing.id or 0,
        assignment_id=share.id,
        row_id=row.id if row else None,
        answers_id=answers,
        evidence_reason=evidence_reason,
        kind=kind.value,
        by_lead=share.role == AssignmentRole.LEAD.value,
        outcome=entry.outcome.value if entry.outcome and kind is ReportKind.COMPLETION else None,
        written_by=actor.name,
        written_at=at,
        **_written(entry),
    )
    session.add(report)
    session.flush()
    _keep_values(session, entry, task_id=share.task_id, report_id=report.id or 0)
    for attached in entry.files:
        session.add(_evidence(attached, report_id=report.id or 0, actor=actor, at=at))


def _written(entry: Entry) -> dict[str, Any]:  # Any: values of unlike types
    """Return what was written of a share, as its report keeps it."""
    content = entry.content
    cases = check_cases(content.cases, item="") if content.cases is not None else None
    return {
        "claim": content.claim.value if content.claim else None,
        "text": content.text.strip(),
        "cause_class": content.cause_class.value if content.cause_class else None,
        "cause": content.cause.strip() or None,
        "next_step": content.next_step.strip() or None,
        "next_on": content.next_on,
        "cases_received": cases.received if cases else None,
        "cases_in_time": cases.in_time if cases else None,
    }


def refuse_sent_twice(session: Session, entry: Entry, *, kind: FilingKind, answers: int | None, at: datetime) -> None:
    """Refuse what waits for the head with the same words, numbers and files since a moment ago. Raises SentAlready."""
    same = (
        select(col(ReportRow.id))
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .where(
            col(ReportRow.assignment_id) == entry.assignment_id,
            col(ReportRow.written_at) > at - A_MOMENT,
            col(FilingRow.kind) == kind.value,
            col(FilingRow.state) == FilingState.AWAITING_SIGN_OFF.value,
            col(ReportRow.answers_id).is_not_distinct_from(answers),
            *(col(getattr(ReportRow, name)).is_not_distinct_from(said) for name, said in _written(entry).items()),
        )
    )
    for report_id in session.scalars(same):
        values = select(ReportValueRow).where(col(ReportValueRow.report_id) == report_id)
        told = {row.target_id: (row.value, row.value_on) for row in session.scalars(values)}
        files = select(col(EvidenceRow.sha256)).where(col(EvidenceRow.report_id) == report_id)
        if told == dict(entry.values) and set(session.scalars(files)) == {file.sha256 for file in entry.files}:
            raise SentAlready()


def _evidence(attached: AttachedFile, *, report_id: int, actor: Actor, at: datetime) -> EvidenceRow:
    return EvidenceRow(
        report_id=report_id,
        requirement_id=attached.requirement_id,
        from_report_id=attached.from_report_id,
        sha256=attached.sha256,
        name=attached.name,
        size_bytes=attached.size_bytes,
        media_type=attached.media_type,
        uploaded_by=actor.name,
        uploaded_at=at,
    )


def _keep_values(session: Session, entry: Entry, *, task_id: int, report_id: int) -> None:
    if not entry.values:
        return
    own = select(col(ItemTargetRow.id), col(ItemTargetRow.metric)).join(
        TaskRow, col(TaskRow.item_id) == col(ItemTargetRow.item_id)
    )
    known = dict(session.execute(own.where(col(TaskRow.id) == task_id)).all())
    for target_id, (value, value_on) in entry.values.items():
        if target_id not in known:
            raise NotFound()
        field = f"{quoted(known[target_id])}"
        check_number(value, field=field)
        if value_on is not None:
            check_day(value_on, field=f"{field}的截至日期")
        session.add(ReportValueRow(report_id=report_id, target_id=target_id, value=value, value_on=value_on))


def keep_tick(session: Session, filing: FilingRow, tick: FormRow, *, actor: Actor, at: datetime) -> None:
    """Keep the one tick for all other shares of a form."""
    report = ReportRow(
        filing_id=filing.id or 0,
        row_id=tick.id,
        kind=ReportKind.TICK.value,
        text="",
        written_by=actor.name,
        written_at=at,
    )
    session.add(report)
