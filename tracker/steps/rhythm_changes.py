"""Whose forms change how when the office asks for other reports of a task: told to each unit it concerns."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.events.tasks import RhythmChange
from tracker.domain.intervals import forms_of_units
from tracker.domain.items import CadenceKind
from tracker.domain.owed import RowState
from tracker.domain.series import RowDuty, row_duties
from tracker.store.queries.demands import document_frames, task_demands
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow


def duties_of_task(session: Session, task_id: int) -> tuple[RowDuty, ...]:
    """Return what is asked for a task now: what is bound by its words and by the office."""
    session.flush()
    [found] = task_demands(session, [task_id])
    frame, _filing_on = document_frames(session, {found.document_id})[found.document_id]
    return row_duties(found.demands, frame)


def rhythm_changes(
    session: Session, task_id: int, *, before: Sequence[RowDuty], today: date
) -> tuple[RhythmChange, ...]:
    """Return whose forms differ from what was asked before, how, and from which period on."""
    old, new = forms_of_units(before), forms_of_units(duties_of_task(session, task_id))
    return tuple(
        RhythmChange(
            unit_id=unit_id,
            old=tuple(kind.value for kind in old.get(unit_id, ())),
            new=tuple(kind.value for kind in kinds),
            first=_first_period(session, task_id, unit_id, set(kinds) - set(old.get(unit_id, ())), today=today),
        )
        for unit_id, kinds in sorted(new.items())
        if kinds != old.get(unit_id)
    )


def _first_period(session: Session, task_id: int, unit_id: int, kinds: set[CadenceKind], *, today: date) -> str | None:
    """Return the code of the period with which a unit begins in its new forms."""
    codes = (
        select(col(PeriodRow.code))
        .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
        .where(
            col(AssignmentRow.task_id) == task_id,
            col(AssignmentRow.unit_id) == unit_id,
            col(SeriesRow.kind).in_([kind.value for kind in kinds]),
            col(FormRow.state) == RowState.OPEN.value,
            col(PeriodRow.ends_on) >= today,
        )
        .order_by(col(PeriodRow.starts_on), col(PeriodRow.id))
    )
    return session.scalars(codes).first()
