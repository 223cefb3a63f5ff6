"""Go over to reckoning by series, once, in a database that an earlier version filled."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.domain.accounts import SYSTEM
from tracker.domain.calendar import local_day
from tracker.domain.events.forms import CarriedForm, CarriedRow, SeriesCarried
from tracker.domain.events.machinery import ReckoningSwitched
from tracker.domain.lifecycle import TASK_OPEN
from tracker.domain.readings.reading import Reading
from tracker.domain.windows import Reckoning
from tracker.steps.carrying import Carried, carry_over
from tracker.steps.closing import ask_for_closing_of_lapsed
from tracker.steps.opening import open_for_tasks
from tracker.steps.rereading import reread_documents
from tracker.steps.telling_tasks import tell_tasks
from tracker.store import event_log
from tracker.store.queries.legacy import count_legacy_periods
from tracker.store.queries.requests import is_held
from tracker.store.tables.events import EventRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


@dataclass(frozen=True, slots=True)
class Switched:
    """How much the switch found and moved; `kept` are rows that keep the moment of the last window."""

    legacy_periods: int
    reread: int
    series: int
    periods: int
    rows: int
    kept: int
    reviews: int
    corrections: int
    requests: int
    waived: int


def switch_reckoning(session: Session, *, now: datetime, by: Reckoning, readings: Iterable[Reading]) -> Switched | None:
    """Reckon by series from now on; None where that was done before or nothing was reckoned otherwise.

    Documents are read anew, series begin with the running window, and what is still owed or in motion of the legacy
    periods moves over; all of it in the caller's transaction, so that a switch that fails leaves nothing behind.
    Idempotent: the log knows one switch. Records DocumentReread, what opening records, TasksCarried for each document,
    SeriesCarried for each series and ReckoningSwitched.
    """
    if not is_to_be_switched(session):
        return None
    legacy = count_legacy_periods(session)
    reread = reread_documents(session, readings, at=now)
    open_for_tasks(session, _running(session), at=now, by=by, running_on=local_day(now))
    ask_for_closing_of_lapsed(session, now=now, by=by)
    session.flush()
    carried = carry_over(session, now=now, by=by)
    tell_tasks(session, at=now)
    switched = _tell(session, carried, legacy=legacy, reread=reread, now=now)
    event = ReckoningSwitched(
        legacy_periods=legacy,
        series=switched.series,
        waived=switched.waived,
        reviews=switched.reviews,
        requests=switched.requests,
    )
    event_log.record(session, event, actor=SYSTEM, at=now)
    return switched


def is_to_be_switched(session: Session) -> bool:
    """Say whether an earlier version reckoned here and the switch is still to come."""
    done = select(col(EventRow.seq)).where(col(EventRow.type) == ReckoningSwitched.type).limit(1)
    if session.execute(done).first() is not None:
        return False
    if count_legacy_periods(session):
        return True
    no_series = session.execute(select(col(SeriesRow.id)).limit(1)).first() is None
    return no_series and bool(_running(session))


def _running(session: Session) -> list[int]:
    wanted = select(col(TaskRow.id)).where(col(TaskRow.state).in_([state.value for state in TASK_OPEN]))
    return list(session.scalars(wanted.order_by(col(TaskRow.id))))


def _tell(session: Session, carried: Carried, *, legacy: int, reread: int, now: datetime) -> Switched:
    """Record the opening state of every series, so that history can be told from the log alone."""
    forms = _forms(session)
    heads = session.scalars(select(SeriesRow).order_by(col(SeriesRow.id))).all()
    for head in heads:
        event = SeriesCarried(
            unit_id=head.unit_id,
            series_id=head.id or 0,
            periods=tuple(forms[head.id or 0]),
            waived=carried.waived.get(head.id, 0),
        )
        event_log.record(session, event, actor=SYSTEM, at=now)
    return Switched(
        legacy_periods=legacy,
        reread=reread,
        series=len(heads),
        periods=sum(len(found) for found in forms.values()),
        rows=session.execute(select(func.count()).select_from(FormRow)).scalar_one(),
        kept=carried.kept,
        reviews=carried.reviews,
        corrections=carried.corrections,
        requests=carried.requests,
        waived=sum(carried.waived.values()),
    )


def _forms(session: Session) -> dict[int, list[CarriedForm]]:
    rows: dict[int, list[CarriedRow]] = defaultdict(list)
    wanted = (
        select(FormRow, col(AssignmentRow.task_id), is_held())
        .outerjoin(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .order_by(col(FormRow.id))
    )
    for row, task_id, held in session.execute(wanted):
        rows[row.period_id].append(_carried_row(row, task_id, held=bool(held)))
    found: dict[int, list[CarriedForm]] = defaultdict(list)
    for period in session.scalars(select(PeriodRow).order_by(col(PeriodRow.due_at), col(PeriodRow.id))):
        found[period.series_id].append(
            CarriedForm(
                period_id=period.id or 0,
                code=period.code,
                starts_on=period.starts_on,
                ends_on=period.ends_on,
                opens_at=period.opens_at,
                due_at=period.due_at,
                rows=tuple(rows[period.id or 0]),
            )
        )
    return found


def _carried_row(row: FormRow, task_id: int | None, *, held: bool) -> CarriedRow:
    return CarriedRow(
        row_id=row.id or 0,
        assignment_id=row.assignment_id,
        task_id=task_id,
        required=row.required,
        act=row.act,
        soft=row.soft,
        final=row.final,
        due_at=row.due_at,
        state=row.state,
        filed_at=row.filed_at,
        late=row.late,
        correction_due_at=row.correction_due_at,
        pending=row.pending_at is not None,
        held=held,
        pending_at=row.pending_at,
    )
