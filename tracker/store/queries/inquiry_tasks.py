"""A task as the page of its inquiries shows it: its sentence, whom its lead may ask, which forms take the answers."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, label, or_, select
from sqlmodel import Session, col

from tracker.domain.accounts import EveryUnit, Scope
from tracker.domain.filings import FilingState
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING
from tracker.domain.owed import RowState
from tracker.store.queries.form_views import OPEN_ROWS
from tracker.store.queries.leads import tasks_led_by
from tracker.store.queries.scopes import tasks_for
from tracker.store.rows import as_view, as_views
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import FilingRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

_IS_ASKABLE = and_(
    col(AssignmentRow.role) == AssignmentRole.SUPPORT.value,
    col(AssignmentRow.state).not_in(sorted(state.value for state in ASSIGNMENT_ENDED)),
)


@dataclass(frozen=True, slots=True)
class AskedTask:
    """A task with its sentence; `live` while units may be asked on it."""

    task_id: int
    document_number: str
    label: str
    title: str
    text: str
    state: str

    @property
    def live(self) -> bool:
        return self.state in {state.value for state in TASK_OWING}


@dataclass(frozen=True, slots=True)
class Askable:
    """A share that the lead or the office may ask; `replies` where its unit is a support by name."""

    assignment_id: int
    unit_name: str
    replies: bool


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A form in which a lead may say now what others answered."""

    period_id: int
    code: str


def asked_task(session: Session, *, task_id: int, unit_ids: Scope) -> AskedTask | None:
    """Return a task to whoever reads it."""
    wanted = (
        select(
            label("task_id", col(TaskRow.id)),
            label("document_number", col(DocumentRow.number)),
            col(ItemRow.label),
            col(ItemRow.title),
            col(ItemRow.text),
            col(TaskRow.state),
        )
        .select_from(TaskRow)
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(TaskRow.id) == task_id, tasks_for(unit_ids))
    )
    row = session.execute(wanted).first()
    return as_view(AskedTask, row) if row else None


def leads_task(session: Session, *, task_id: int, unit_ids: Scope) -> bool:
    """Tell whether one of some units leads a task now."""
    if isinstance(unit_ids, EveryUnit):
        return False
    return task_id in set(session.scalars(tasks_led_by(unit_ids)))


def askable_shares(session: Session, *, task_id: int) -> tuple[Askable, ...]:
    """Return the shares of a task that may be asked, in official order: those of other units than its leads."""
    rows = session.execute(
        select(
            label("assignment_id", col(AssignmentRow.id)),
            label("unit_name", col(UnitRow.short_name)),
            label("replies", col(AssignmentRow.duty) == Duty.REPLY.value),
        )
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(col(AssignmentRow.task_id) == task_id, _IS_ASKABLE)
        .order_by(col(UnitRow.official_order), col(UnitRow.id))
    )
    return tuple(as_views(Askable, rows))


def tasks_to_ask_on(session: Session, *, unit_ids: Scope) -> frozenset[int]:
    """Return the tasks that go on and are led by one of the units, with somebody beside them whom it may ask."""
    if isinstance(unit_ids, EveryUnit):
        return frozenset()
    rows = session.scalars(
        select(col(AssignmentRow.task_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(
            _IS_ASKABLE,
            col(TaskRow.id).in_(tasks_led_by(unit_ids)),
            col(TaskRow.state).in_([state.value for state in TASK_OWING]),
        )
    )
    return frozenset(rows)


def open_forms(session: Session, *, assignment_id: int, now: datetime) -> tuple[OpenForm, ...]:
    """Return the forms in which a share may be written about now, the one due first."""
    signed_now = select(col(FilingRow.id)).where(
        col(FilingRow.period_id) == col(PeriodRow.id), col(FilingRow.state) == FilingState.AWAITING_SIGN_OFF.value
    )
    rows = session.execute(
        select(label("period_id", col(PeriodRow.id)), col(PeriodRow.code))
        .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
        .where(
            col(FormRow.assignment_id) == assignment_id,
            col(FormRow.state).in_(OPEN_ROWS),
            or_(
                col(PeriodRow.opens_at) <= now,
                col(FormRow.final).is_(True),
                col(FormRow.state) == RowState.RETURNED.value,
            ),
            ~signed_now.exists(),
        )
        .order_by(col(PeriodRow.due_at), col(PeriodRow.id))
    )
    return tuple(as_views(OpenForm, rows))
