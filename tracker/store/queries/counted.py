"""In which rhythm each number that is counted in windows is counted, and of which day a count is."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.counting import Counting, Figure, counted_in, window_of
from tracker.domain.filings import day_spoken_of
from tracker.domain.items import Basis, CadenceKind, Measure
from tracker.store.tables.documents import ItemCadenceRow, ItemTargetRow
from tracker.store.tables.filings import ReportRow


def rhythms_of_counts(session: Session, targets: Iterable[ItemTargetRow]) -> dict[int | None, CadenceKind | None]:
    """Return the rhythms of those of some numbers that are counted in windows, by id, each by its own words first."""
    counted = [target for target in targets if target.measure == Measure.PER_PERIOD.value]
    stated = _stated(session, {target.item_id for target in counted}) if counted else {}
    return {target.id: counted_in(target.per, stated.get(target.item_id, ())) for target in counted}


def _stated(session: Session, item_ids: Collection[int]) -> dict[int, list[CadenceKind]]:
    """Return the rhythms that the words of items state, in reading order."""
    wanted = (
        select(col(ItemCadenceRow.item_id), col(ItemCadenceRow.kind))
        .where(col(ItemCadenceRow.item_id).in_(item_ids), col(ItemCadenceRow.basis) == Basis.STATED.value)
        .order_by(col(ItemCadenceRow.position))
    )
    found: dict[int, list[CadenceKind]] = defaultdict(list)
    for item_id, kind in session.execute(wanted):
        found[item_id].append(CadenceKind(kind))
    return found


def counting_of(target: ItemTargetRow, rhythm: CadenceKind | None, reach_on: date | None) -> Counting:
    """Return how a number counts, given its rhythm, as of `rhythms_of_counts`, and the deadline of its task."""
    return Counting(Measure(target.measure) if target.measure else None, rhythm, reach_on)


def day_counted(report: ReportRow, told: Figure, counting: Counting) -> date:
    """Return the day by which the latest of several values is found: a count in a form is none of a later window.

    That is the window of its rhythm: the year's count in a monthly form is of the day that it bears. A total in a form
    of the old year is none of the new one, whose own begins at nought.
    """
    dated = replace(told, on=told.on or local_day(report.written_at))
    day = counting.day_of(dated) or local_day(report.written_at)
    if told.period is None or counting.measure is not Measure.PER_PERIOD:
        return day
    window = window_of(counting.rhythm, day, told.period)
    return day_spoken_of(day, window.ends_on if window is not None else told.period.ends_on)
