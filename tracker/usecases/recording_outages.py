"""The office records that the system was not to be used; what was due meanwhile is due after it, for everybody."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.deadlines import due_day
from tracker.domain.errors import Stale
from tracker.domain.events.calendar import OutageRecorded
from tracker.domain.events.forms import DueMoved
from tracker.domain.filings import check_reason
from tracker.domain.outages import OUTAGE, Outage, Relief, Reliefs, check_outage, clear_of, refuse_overlap, relief_after
from tracker.domain.owed import RowState
from tracker.domain.windows import Reckoning
from tracker.steps.locking import lock_forms
from tracker.steps.row_moments import excuse_filing
from tracker.store import event_log, reckoning
from tracker.store.queries.outages import (
    StruckForm,
    recorded_outages,
    recorded_reliefs,
    struck_completions,
    struck_forms,
    struck_periods,
)
from tracker.store.tables.series import FormRow


@dataclass(frozen=True, slots=True)
class Postponed:
    """A moment that an outage moves: of a whole form, of the row that is given, or of its correction."""

    form: StruckForm
    old_due_at: datetime
    new_due_at: datetime
    row: FormRow | None = None
    task_id: int | None = None
    correction: bool = False


@dataclass(frozen=True, slots=True)
class Consequences:
    """What an outage changes: moments, and first filings that were late by the old ones only."""

    moves: tuple[Postponed, ...]
    excused: tuple[FormRow, ...]


def preview_outage(session: Session, outage: Outage, *, now: datetime, by: Reckoning) -> Consequences:
    """Return what recording an outage would change; nothing is written.

    Raises OutageEmpty, OutageNotOver, OutageTooLong, OutageOverlaps.
    """
    reliefs = _reliefs(session, outage, now=now, by=by)
    _refuse_overlaps(session, outage)
    return _consequences(struck_forms(session, struck_periods(session, reliefs.leading)), reliefs)


def record_outage(
    session: Session, outage: Outage, *, reason: str, actor: Actor, at: datetime, by: Reckoning
) -> Consequences:
    """Move what was due in an outage 「系统停用」 to after it, for everybody; return what changed.

    So does what was due before the next working day began. The clocks of emergencies go on: they are kept by telephone
    and on paper too, and a recorded receipt counts. Records OutageRecorded, then DueMoved for each moment, then
    LatenessFixed for each filing that is in time by the new one. Raises NotYourTask, ReasonRequired, OutageEmpty,
    OutageNotOver, OutageTooLong, OutageOverlaps, and Stale where another outage was recorded at the same time.
    """
    require_role(actor, Role.SUPERVISOR, act="record_outage")
    reason = check_reason(reason)
    reliefs = _reliefs(session, outage, now=at, by=by)
    relief = reliefs.added
    struck = struck_periods(session, reliefs.leading)
    lock_forms(session, struck, shares=[report.assignment_id or 0 for report in struck_completions(session, relief)])
    found = _consequences(struck_forms(session, struck), reliefs)
    event = OutageRecorded(
        from_at=outage.from_at,
        until_at=outage.until_at,
        reason=reason,
        moved=len(found.moves),
        reports=_postpone_completions(session, relief),
        new_due_at=relief.new_due_at,
    )
    event_log.record(session, event, actor=actor, at=at)
    for move in found.moves:
        _apply(session, move, reason=reason, actor=actor, at=at)
    for row in found.excused:
        excuse_filing(session, row, actor=actor, at=at)
    # Of two records at once the later one must see the earlier, and nobody waits for a series after the log.
    reckoning.reckon(session)
    event_log.hold(session)
    _refuse_overlaps(session, outage)
    if recorded_reliefs(session, by=by) != reliefs.known:
        raise Stale()
    return found


def _reliefs(session: Session, outage: Outage, *, now: datetime, by: Reckoning) -> Reliefs:
    check_outage(outage, now=now)
    own = relief_after(outage, calendar=by.calendar, workdays=by.policy.outage_workdays)
    known = recorded_reliefs(session, by=by)
    return Reliefs(clear_of(own, known), known)


def _refuse_overlaps(session: Session, outage: Outage) -> None:
    for known in recorded_outages(session):
        refuse_overlap(outage, known.outage)


def _consequences(forms: Sequence[StruckForm], reliefs: Reliefs) -> Consequences:
    excused = [row for form in forms for row, _task_id in form.rows if _is_excused(row, form, reliefs)]
    return Consequences(tuple(move for form in forms for move in _moves(form, reliefs)), tuple(excused))


def _moves(form: StruckForm, reliefs: Reliefs) -> Iterator[Postponed]:
    """Yield the moments of a form that move: its own where a row goes by it, then those of single rows."""
    period = form.period
    asked = [(row, task_id) for row, task_id in form.rows if _moves_first(row, form, reliefs)]
    if any(row.due_at is None for row, _task_id in asked):
        yield Postponed(form, period.due_at, reliefs.moment(period.due_at))
    for row, task_id in asked:
        if row.due_at is not None:
            yield Postponed(form, row.due_at, reliefs.moment(row.due_at), row, task_id)
    for row, task_id in form.rows:
        corrected_by = row.correction_due_at if row.state == RowState.RETURNED.value else None
        if corrected_by is not None and reliefs.added.moves(corrected_by):
            yield Postponed(form, corrected_by, reliefs.moment(corrected_by), row, task_id, correction=True)


def _moves_first(row: FormRow, form: StruckForm, reliefs: Reliefs) -> bool:
    """Tell whether the moment of a row's first filing moves: it still decides what is owed, or what was late."""
    undecided = row.filed_at is not None and row.late is None
    if undecided or (row.state == RowState.OPEN.value and row.required):
        return reliefs.added.moves(row.due_at or form.period.due_at)
    return _is_excused(row, form, reliefs)


def _is_excused(row: FormRow, form: StruckForm, reliefs: Reliefs) -> bool:
    if row.filed_at is None or not row.late:
        return False
    return reliefs.excuses(row.due_at or form.period.due_at, filed_at=row.filed_at)


def _postpone_completions(session: Session, relief: Relief) -> tuple[int, ...]:
    reports = struck_completions(session, relief)
    for report in reports:
        report.correct_by = due_day(relief.new_due_at)
    return tuple(report.id or 0 for report in reports)


def _apply(session: Session, move: Postponed, *, reason: str, actor: Actor, at: datetime) -> None:
    period, row = move.form.period, move.row
    if row is None:
        period.due_at = move.new_due_at
    else:
        if move.correction:
            row.correction_due_at = move.new_due_at
        else:
            row.due_at = move.new_due_at
    event = DueMoved(
        task_id=move.task_id,
        unit_id=move.form.unit_id,
        period_id=period.id or 0,
        row_id=row.id if row is not None else None,
        old_due_at=move.old_due_at,
        new_due_at=move.new_due_at,
        cause=OUTAGE,
        correction=move.correction,
        reason=reason,
    )
    event_log.record(session, event, actor=actor, at=at)
