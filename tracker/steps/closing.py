"""A lead says once how what had lapsed was left 「收尾情况」: one closing form a lead and document."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from tracker.domain.accounts import SYSTEM
from tracker.domain.calendar import at_local, end_of_day, local_day
from tracker.domain.errors import Rejected
from tracker.domain.events.forms import FormOpened, OpenedRow, RowsAdded, RowsReset, SeriesOpened
from tracker.domain.items import AssignmentRole, CadenceKind
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TaskState
from tracker.domain.owed import ROW_ENDED, RowState
from tracker.domain.windows import CLOSING, Reckoning, closing_window
from tracker.steps.growing import opened_row
from tracker.steps.resetting import DOCUMENT_EXPIRED, Act, reset_row
from tracker.steps.settling import ends_as, settle_rows
from tracker.store import event_log
from tracker.store.tables.documents import DocumentRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


class ClosingUnderReview(Rejected):
    """A closing report lies with the office: behind it the task has lapsed, and changes by no other act until then.

    Facts: units.
    """

    code = "closing_under_review"


def check_no_closing_waits(session: Session, of: ColumnElement[bool]) -> None:
    """Refuse what would change tasks of which a closing report waits for the office: accepted it ends them.

    `of` selects by their shares or series. Raises ClosingUnderReview.
    """
    waiting = (
        select(col(UnitRow.short_name))
        .join(SeriesRow, col(SeriesRow.unit_id) == col(UnitRow.id))
        .join(PeriodRow, col(PeriodRow.series_id) == col(SeriesRow.id))
        .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .where(of, col(PeriodRow.code) == CLOSING, col(FormRow.state) == RowState.FILED.value)
        .order_by(col(UnitRow.official_order), col(UnitRow.id))
    )
    if units := list(dict.fromkeys(session.scalars(waiting))):
        raise ClosingUnderReview(units="、".join(units))


def ask_for_closing(
    session: Session,
    unit_id: int,
    document_id: int,
    expired_on: date,
    owed: Iterable[tuple[AssignmentRow, TaskRow]],
    *,
    at: datetime,
    by: Reckoning,
) -> None:
    """Open one closing form a lead and document, a row for each lapsed task."""
    series = _closing_series(session, unit_id, document_id, at=at)
    period = session.scalars(
        select(PeriodRow).where(col(PeriodRow.series_id) == series.id, col(PeriodRow.code) == CLOSING)
    ).first()
    # A pass that comes late, or an end that was entered late, must not make a lead overdue before it is asked.
    window = closing_window(expired_on, opens_on=local_day(at), by=by)
    due_at = end_of_day(window.due_on)
    if period is None:
        period = PeriodRow(
            series_id=series.id or 0,
            code=CLOSING,
            starts_on=expired_on,
            ends_on=expired_on,
            opens_at=at_local(window.opens_on, 0, 0),
            scheduled_at=due_at,
            due_at=due_at,
        )
        session.add(period)
        session.flush()
        _tell(session, period, _add_rows(session, period, owed, due_at=due_at), unit_id=unit_id, at=at)
        return
    owed = list(owed)
    _ask_again(session, period, owed, unit_id=unit_id, due_at=due_at, at=at)
    if rows := _add_rows(session, period, owed, due_at=due_at):
        event = RowsAdded(unit_id=unit_id, series_id=period.series_id, period_id=period.id or 0, rows=rows)
        event_log.record(session, event, actor=SYSTEM, at=at)


def _closing_series(session: Session, unit_id: int, document_id: int, *, at: datetime) -> SeriesRow:
    """Return the series that asks a unit for the closing of a document, opened where there is none."""
    key = f"{CadenceKind.ONCE.value}/{CLOSING}"
    known = select(SeriesRow).where(
        col(SeriesRow.unit_id) == unit_id, col(SeriesRow.document_id) == document_id, col(SeriesRow.key) == key
    )
    series = session.scalars(known).first()
    if series is None:
        series = SeriesRow(unit_id=unit_id, document_id=document_id, kind=CadenceKind.ONCE.value, key=key)
        session.add(series)
        session.flush()
        opened = SeriesOpened(unit_id=unit_id, series_id=series.id or 0, document_id=document_id, kind=series.kind)
        event_log.record(session, opened, actor=SYSTEM, at=at)
    return series


def let_closing_go(session: Session, assignment_ids: Sequence[int], *, ended_on: date | None, act: Act) -> None:
    """End the closing reports that shares still owe of a task that goes on.

    One that was overdue stays 漏报, but not where the end that asked for it was corrected: `ended_on` is the last day
    of the document or plan as it stands now. Records what settling records.
    """
    rows = session.execute(
        select(FormRow, PeriodRow)
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(
            col(FormRow.assignment_id).in_(assignment_ids),
            col(PeriodRow.code) == CLOSING,
            col(FormRow.state).in_([RowState.OPEN.value, RowState.RETURNED.value]),
        )
        .order_by(col(FormRow.id))
        .with_for_update(of=FormRow)
    )
    for row, period in rows.all():
        owed = ended_on is not None and ended_on < local_day(act.at)
        state = ends_as(row, row.due_at or period.due_at, now=act.at) if owed else RowState.WAIVED
        settle_rows(session, [row], state, cause=act.cause, reason=act.reason, actor=act.actor, at=act.at)


def _add_rows(
    session: Session,
    period: PeriodRow,
    owed: Iterable[tuple[AssignmentRow, TaskRow]],
    *,
    due_at: datetime,
) -> tuple[OpenedRow, ...]:
    rows: list[OpenedRow] = []
    for share, task in owed:
        if _closing_row(session, period, share) is not None:
            continue
        own = _own_moment(period, due_at)
        row = FormRow(period_id=period.id or 0, assignment_id=share.id, act=True, final=True, due_at=own)
        session.add(row)
        session.flush()
        rows.append(opened_row(row, task.id))
    return tuple(rows)


def _ask_again(
    session: Session,
    period: PeriodRow,
    owed: Iterable[tuple[AssignmentRow, TaskRow]],
    *,
    unit_id: int,
    due_at: datetime,
    at: datetime,
) -> None:
    """Ask anew where the closing report of an earlier end was decided: the task was reopened and has ended again."""
    for share, task in owed:
        row = _closing_row(session, period, share)
        if row is None or RowState(row.state) not in ROW_ENDED:
            continue
        row.state, row.settled_by, row.pending_at = RowState.OPEN.value, None, None
        row.final, row.due_at = True, _own_moment(period, due_at)
        event = RowsReset(
            task_id=task.id,
            unit_id=unit_id,
            series_id=period.series_id,
            period_id=period.id or 0,
            cause=DOCUMENT_EXPIRED,
            rows=(reset_row(row, task.id),),
        )
        event_log.record(session, event, actor=SYSTEM, at=at)


def _closing_row(session: Session, period: PeriodRow, share: AssignmentRow) -> FormRow | None:
    wanted = select(FormRow).where(col(FormRow.period_id) == period.id, col(FormRow.assignment_id) == share.id)
    return session.scalars(wanted.with_for_update()).first()


def _own_moment(period: PeriodRow, due_at: datetime) -> datetime | None:
    return due_at if due_at > period.due_at else None


def _tell(session: Session, period: PeriodRow, rows: tuple[OpenedRow, ...], *, unit_id: int, at: datetime) -> None:
    event = FormOpened(
        unit_id=unit_id,
        series_id=period.series_id,
        period_id=period.id or 0,
        code=period.code,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        opens_at=period.opens_at,
        due_at=period.due_at,
        rows=rows,
    )
    event_log.record(session, event, actor=SYSTEM, at=at)


def ask_for_closing_of_lapsed(session: Session, *, now: datetime, by: Reckoning) -> int:
    """Ask the leads of tasks that lapsed before series were reckoned for their closing report; return how many owe one.

    It is due as if the document had expired today, so that nobody is overdue by the switch itself. Idempotent.
    Records what opening records.
    """
    wanted = (
        select(TaskRow, AssignmentRow, DocumentRow)
        .join(AssignmentRow, col(AssignmentRow.task_id) == col(TaskRow.id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(
            col(TaskRow.state) == TaskState.LAPSED.value,
            col(AssignmentRow.role) == AssignmentRole.LEAD.value,
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        )
        .order_by(col(AssignmentRow.id))
    )
    closing: dict[tuple[int, int], list[tuple[AssignmentRow, TaskRow]]] = {}
    for task, share, document in session.execute(wanted).all():
        due_on = None if task.dormant else task.due_on
        if due_on is None or document.expires_on is None or due_on > document.expires_on:
            closing.setdefault((share.unit_id, task.document_id), []).append((share, task))
    for (unit_id, document_id), owed in closing.items():
        ask_for_closing(session, unit_id, document_id, local_day(now), owed, at=now, by=by)
    return sum(len(owed) for owed in closing.values())
