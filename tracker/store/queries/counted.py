"""In which rhythm each number that is counted in windows is counted, and of which day a count is."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.counting import Figure, counted_in, day_of_total, window_of
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


def day_counted(report: ReportRow, told: Figure, measure: str | None, rhythm: CadenceKind | None) -> date:
    """Return the day by which the latest of several values is found: a count in a form is none of a later window.

    That is the window of its `rhythm`: the year's count in a monthly form is of the day that it bears. A total in a
    form of the old year is none of the new one, whose own begins at nought.
    """
    day = told.on or local_day(report.written_at)
    if told.period is None:
        return day
    if measure == Measure.PER_PERIOD.value:
        window = window_of(rhythm, day, told.period)
        return day_spoken_of(day, window.ends_on if window is not None else told.period.ends_on)
    return day_of_total(day, told.period) if measure == Measure.CUMULATIVE.value else day
