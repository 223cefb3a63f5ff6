"""Marks that change after the evaluated bodies read them: they are told, in the check with a working day to object."""

from datetime import datetime
from decimal import Decimal

from sqlmodel import Session

from tracker.domain.accounts import Actor
from tracker.domain.calendar import WorkdayCalendar, local_day
from tracker.domain.events.scoring import CorrectedMarks, ScoringMarksChanged
from tracker.domain.scoring.changes import changed_objects, items_changed
from tracker.domain.scoring.entries import ReadScheme
from tracker.domain.scoring.months import MonthState
from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.results import MonthResult
from tracker.domain.scoring.written import evaluate
from tracker.store import event_log
from tracker.store.queries.scoring import material_of
from tracker.store.queries.units import present_ids
from tracker.store.tables.scoring import ScoreMonthRow

_WORKDAYS_AFTER = 1


def marks_in_check(session: Session, month: ScoreMonthRow, read: ReadScheme) -> MonthResult | None:
    """Return what a month that is being checked comes to; None of any other, whose marks its bodies do not read yet."""
    if month.state != MonthState.CHECK.value:
        return None
    material = material_of(session, month)
    return evaluate(material, read(material.content)).result


def tell_changed_marks(
    session: Session,
    month: ScoreMonthRow,
    before: MonthResult | None,
    *,
    read: ReadScheme,
    calendar: WorkdayCalendar,
    actor: Actor,
    at: datetime,
) -> None:
    """Tell the bodies whose marks or place are others than `before`, and keep the window open for the next working day.

    Records ScoringMarksChanged.
    """
    now = marks_in_check(session, month, read)
    if before is None or now is None:
        return
    changed = changed_objects(before, now)
    if not changed:
        return
    last = calendar.add_workdays(local_day(at), _WORKDAYS_AFTER)
    month.check_until = last if month.check_until is None else max(month.check_until, last)
    ids = present_ids(session)
    event = ScoringMarksChanged(
        month_id=month.id or 0,
        check_until=month.check_until,
        unit_ids=tuple(sorted({ids[code] for code in changed if code in ids})),
        changed=corrected_marks(session, before, now),
    )
    event_log.record(session, event, actor=actor, at=at)


def corrected_marks(session: Session, before: MonthResult, now: MonthResult) -> tuple[CorrectedMarks, ...]:
    """Return what corrected inputs change for each body whose total, place or marks are others than it read."""
    ids, changed = present_ids(session), changed_objects(before, now)
    old = {one.object: one for one in before.objects}
    return tuple(
        CorrectedMarks(
            object=one.object,
            unit_id=ids.get(one.object),
            rank_before=old[one.object].rank,
            rank=one.rank,
            total_before=_text(old[one.object].total),
            total=_text(one.total),
            items=items_changed(old[one.object], one),
        )
        for one in now.objects
        if one.object in changed
    )


def _text(total: Decimal | None) -> str:
    return "" if total is None else number_text(total)
