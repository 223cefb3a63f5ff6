"""What liaisons ask for that waits for the head of their unit, or came back from him."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, label, select, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.accounts import Scope
from tracker.domain.filings import RequestKind
from tracker.domain.lifecycle import (
    ASSIGNMENT_ENDED,
    ASSIGNMENT_TRANSITIONS,
    TASK_GOES_ON,
    TASK_OWING,
    AssignmentAction,
)
from tracker.domain.owed import RowState
from tracker.domain.petitions import PetitionState
from tracker.store.queries.scopes import within
from tracker.store.rows import as_view, as_views
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.petitions import PetitionRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

_OWED = (RowState.OPEN.value, RowState.RETURNED.value)
_DISPUTABLE = tuple(state.value for state, action in ASSIGNMENT_TRANSITIONS if action is AssignmentAction.DISPUTE)


@dataclass(frozen=True, slots=True)
class Petition:
    """One of them: `live` while it may still be asked but for its term, which is counted from the last three moments.

    Of an extension `due_at` is the row's moment now, of a dispute `got_on` the day of 交办, of an objection
    `decided_at` that of the lowered claim, with `own` and `verified`. `ended_by`, `ended_at` and
    `ended_reason` say who stopped it. `deadline_on` is the task's, `ends_on` the last day of its document or of what
    that plans.
    """

    petition_id: int
    kind: str
    state: str
    assignment_id: int
    task_id: int
    unit_name: str
    document_number: str
    document_title: str
    item_label: str
    item_title: str
    row_id: int | None
    report_id: int | None
    period_id: int | None
    period_code: str | None
    reason: str
    new_due_on: date | None
    written_by: str
    written_at: datetime
    ended_by: str | None
    ended_at: datetime | None
    ended_reason: str | None
    due_at: datetime | None
    got_on: date | None
    decided_at: datetime | None
    own: str | None
    verified: str | None
    verified_reason: str | None
    deadline_on: date | None
    ends_on: date | None
    live: bool

    @property
    def waits(self) -> bool:
        """Whether the head has yet to sign it or to send it back."""
        return self.state == PetitionState.AWAITING_SIGN_OFF.value

    @property
    def came_back(self) -> bool:
        return self.state == PetitionState.SENT_BACK.value


_RETURNED = col(FormRow.state) == RowState.RETURNED.value
_OWN = func.coalesce(col(FormRow.due_at), col(PeriodRow.due_at))
_COLUMNS = (
    label("petition_id", col(PetitionRow.id)),
    col(PetitionRow.kind),
    col(PetitionRow.state),
    col(PetitionRow.assignment_id),
    col(AssignmentRow.task_id),
    label("unit_name", col(UnitRow.short_name)),
    label("document_number", col(DocumentRow.number)),
    label("document_title", col(DocumentRow.title)),
    label("item_label", col(ItemRow.label)),
    label("item_title", col(ItemRow.title)),
    col(PetitionRow.row_id),
    col(PetitionRow.report_id),
    label("period_id", col(PeriodRow.id)),
    label("period_code", col(PeriodRow.code)),
    col(PetitionRow.reason),
    col(PetitionRow.new_due_on),
    col(PetitionRow.written_by),
    col(PetitionRow.written_at),
    col(PetitionRow.ended_by),
    col(PetitionRow.ended_at),
    col(PetitionRow.ended_reason),
    label("due_at", case((_RETURNED, func.coalesce(col(FormRow.correction_due_at), _OWN)), else_=_OWN)),
    col(AssignmentRow.got_on),
    label("decided_at", col(ReportRow.decided_at)),
    label("own", col(ReportRow.claim)),
    label("verified", col(ReportRow.verified_claim)),
    col(ReportRow.verified_reason),
    label("deadline_on", col(TaskRow.due_on)),
    label("ends_on", func.coalesce(col(DocumentRow.expires_on), col(DocumentRow.ends_on))),
)


def waiting_petitions(session: Session, *, unit_ids: Collection[int]) -> list[Petition]:
    """Return what waits for the head of units, the oldest first, also what it is about having ended meanwhile."""
    mine = col(AssignmentRow.unit_id).in_(list(unit_ids))
    wanted = _petitions().where(mine, is_one_of(col(PetitionRow.state), PetitionState.AWAITING_SIGN_OFF.value))
    return as_views(Petition, session.execute(wanted.order_by(col(PetitionRow.id))))


def petitions_sent_back(session: Session, *, unit_ids: Collection[int]) -> list[Petition]:
    """Return what came back to units and may be asked anew, the latest first; not what was written anew since."""
    wanted = _petitions().where(
        col(AssignmentRow.unit_id).in_(list(unit_ids)),
        is_one_of(col(PetitionRow.state), PetitionState.SENT_BACK.value),
        ~_followed(withdrawn=False),
        ~_asked_since(),
    )
    found = as_views(Petition, session.execute(wanted.order_by(col(PetitionRow.id).desc())))
    return [one for one in found if one.live]


def petition_of(session: Session, *, petition_id: int, unit_ids: Scope) -> Petition | None:
    """Return one of them; None where it is of none of the units."""
    wanted = _petitions().where(col(PetitionRow.id) == petition_id, within(unit_ids, col(AssignmentRow.unit_id)))
    row = session.execute(wanted).first()
    return None if row is None else as_view(Petition, row)


def petitions_of_rows(session: Session, row_ids: Collection[int]) -> dict[int, Petition]:
    """Return the last one about each row that has not become a request, nor was overtaken by one."""
    wanted = _petitions().where(col(PetitionRow.row_id).in_(list(row_ids)), *_last())
    return {one.row_id: one for one in as_views(Petition, session.execute(wanted)) if one.row_id is not None}


def petitions_on_task(session: Session, *, task_id: int, unit_ids: Collection[int]) -> list[Petition]:
    """Return the last one of units about each row, share and report of a task that has not become a request."""
    wanted = _petitions().where(
        col(AssignmentRow.task_id) == task_id, col(AssignmentRow.unit_id).in_(list(unit_ids)), *_last()
    )
    return as_views(Petition, session.execute(wanted.order_by(col(PetitionRow.id))))


def _petitions() -> Select[*tuple[Any, ...]]:  # Any: the columns fill a typed row at once
    return (
        select(
            *_COLUMNS,
            label("live", _is_live()),
        )
        .select_from(PetitionRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(PetitionRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .outerjoin(FormRow, col(FormRow.id) == col(PetitionRow.row_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .outerjoin(ReportRow, col(ReportRow.id) == col(PetitionRow.report_id))
    )


def _is_live() -> ColumnElement[bool]:
    """Tell whether what it is about has not ended and is not asked for already."""
    owed = and_(
        col(FormRow.state).in_(_OWED),
        col(FormRow.pending_at).is_(None),
        col(TaskRow.state).in_([state.value for state in TASK_OWING]),
    )
    asked = exists().where(col(RequestRow.report_id) == col(PetitionRow.report_id)).correlate(PetitionRow)
    answerable = and_(
        col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        col(TaskRow.state).in_([state.value for state in TASK_GOES_ON]),
        col(ReportRow.verified_claim) != col(ReportRow.claim),
        ~asked,
    )
    return case(
        (col(PetitionRow.kind) == RequestKind.EXTENSION.value, owed),
        (col(PetitionRow.kind) == RequestKind.DISPUTE.value, col(AssignmentRow.state).in_(_DISPUTABLE)),
        else_=answerable,
    )


def _alike(table: Any) -> ColumnElement[bool]:  # Any: a table or an alias of one, with these columns
    """Tell whether another is about the same row, share or report."""
    return and_(
        table.kind == col(PetitionRow.kind),
        table.assignment_id == col(PetitionRow.assignment_id),
        func.coalesce(table.row_id, 0) == func.coalesce(col(PetitionRow.row_id), 0),
        func.coalesce(table.report_id, 0) == func.coalesce(col(PetitionRow.report_id), 0),
    )


def _followed(*, withdrawn: bool) -> ColumnElement[bool]:
    """Tell whether another was written later about the same, with those that were `withdrawn` or without them."""
    later = aliased(PetitionRow)
    counts = true() if withdrawn else col(later.state) != PetitionState.WITHDRAWN.value
    return exists().where(_alike(later), col(later.id) > col(PetitionRow.id), counts).correlate(PetitionRow)


def _asked_since() -> ColumnElement[bool]:
    since = col(RequestRow.asked_at) >= col(PetitionRow.ended_at)
    return exists().where(_alike(RequestRow), since).correlate(PetitionRow)


def _last() -> tuple[ColumnElement[bool], ...]:
    return col(PetitionRow.state) != PetitionState.SIGNED.value, ~_followed(withdrawn=True), ~_asked_since()
