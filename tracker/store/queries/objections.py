"""Lowered claims that units may answer, and the answers 「核定异议」 that wait for the office."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, label, or_, select
from sqlmodel import Session, col

from tracker.domain.filings import ReportKind, ReportState, RequestKind
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_GOES_ON
from tracker.domain.petitions import PetitionState
from tracker.store.rows import as_views
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import FilingRow, ReportRow, RequestRow
from tracker.store.tables.petitions import PetitionRow
from tracker.store.tables.series import PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class LoweredClaim:
    """A claim that the office lowered at `decided_at`; `objected_at` where the unit's answer is undecided.

    `written_at` is when an answer was written that the head has not signed.
    """

    report_id: int
    task_id: int
    document_number: str
    item_label: str
    item_title: str
    period_code: str | None
    own: str
    verified: str
    verified_reason: str | None
    decided_at: datetime
    objected_at: datetime | None
    written_at: datetime | None


@dataclass(frozen=True, slots=True)
class ObjectionLine:
    request_id: int
    task_id: int
    unit_name: str
    document_number: str
    item_label: str
    item_title: str
    own: str
    verified: str
    verified_reason: str | None
    reason: str
    asked_by: str
    asked_at: datetime


def lowered_claims(
    session: Session, *, unit_ids: Collection[int], decided_since: datetime, task_id: int | None = None
) -> tuple[LoweredClaim, ...]:
    """Return what was lowered for units since a time and is not answered, and what waits for a decision.

    What has ended is left out: nobody answers it any more. The latest decision comes first.
    """
    wanted = (
        select(
            label("report_id", col(ReportRow.id)),
            label("task_id", col(TaskRow.id)),
            label("document_number", col(DocumentRow.number)),
            label("item_label", col(ItemRow.label)),
            label("item_title", col(ItemRow.title)),
            label("period_code", col(PeriodRow.code)),
            label("own", col(ReportRow.claim)),
            label("verified", col(ReportRow.verified_claim)),
            col(ReportRow.verified_reason),
            col(ReportRow.decided_at),
            label("objected_at", col(RequestRow.asked_at)),
            label("written_at", col(PetitionRow.written_at)),
        )
        .select_from(ReportRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(FilingRow.period_id))
        .outerjoin(RequestRow, col(RequestRow.report_id) == col(ReportRow.id))
        .outerjoin(PetitionRow, (col(PetitionRow.report_id) == col(ReportRow.id)) & _waits_for_the_head())
        .where(
            col(AssignmentRow.unit_id).in_(unit_ids), _was_lowered(), _goes_on(), _is_open(decided_since=decided_since)
        )
        .order_by(col(ReportRow.decided_at).desc(), col(ReportRow.id).desc())
    )
    if task_id is not None:
        wanted = wanted.where(col(TaskRow.id) == task_id)
    return tuple(as_views(LoweredClaim, session.execute(wanted)))


def _waits_for_the_head() -> ColumnElement[bool]:
    return is_one_of(col(PetitionRow.state), PetitionState.AWAITING_SIGN_OFF.value)


def _was_lowered() -> ColumnElement[bool]:
    return and_(
        col(ReportRow.verified_claim) != col(ReportRow.claim),
        col(ReportRow.kind) == ReportKind.PROGRESS.value,
        col(ReportRow.state) == ReportState.ACCEPTED.value,
    )


def _goes_on() -> ColumnElement[bool]:
    return and_(
        col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        col(TaskRow.state).in_([state.value for state in TASK_GOES_ON]),
    )


def _is_open(*, decided_since: datetime) -> ColumnElement[bool]:
    """Tell whether the answer to a lowered claim is undecided, or may still be given."""
    answerable = and_(col(RequestRow.id).is_(None), col(ReportRow.decided_at) >= decided_since)
    return or_(is_one_of(col(RequestRow.state), "pending"), answerable)


def pending_objections(session: Session) -> tuple[ObjectionLine, ...]:
    """Return the answers to lowered claims that nobody has decided, the oldest first."""
    rows = session.execute(
        select(
            label("request_id", col(RequestRow.id)),
            col(AssignmentRow.task_id),
            label("unit_name", col(UnitRow.short_name)),
            label("document_number", col(DocumentRow.number)),
            label("item_label", col(ItemRow.label)),
            label("item_title", col(ItemRow.title)),
            label("own", col(ReportRow.claim)),
            label("verified", col(ReportRow.verified_claim)),
            col(ReportRow.verified_reason),
            col(RequestRow.reason),
            col(RequestRow.asked_by),
            col(RequestRow.asked_at),
        )
        .select_from(RequestRow)
        .join(ReportRow, col(ReportRow.id) == col(RequestRow.report_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(RequestRow.assignment_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(RequestRow.kind) == RequestKind.OBJECTION.value, is_one_of(col(RequestRow.state), "pending"))
        .order_by(col(RequestRow.asked_at), col(RequestRow.id))
    )
    return tuple(as_views(ObjectionLine, rows))
