"""How an export has projects stand on its list."""

from tracker.domain.projects.acts import Place
from tracker.domain.projects.frames import Frame, planning
from tracker.domain.projects.imports import Column, RowPlan
from tracker.domain.projects.records import first_day


def place_of(plan: RowPlan, frame: Frame) -> Place | None:
    """Return how a row has its project stand on the list; None where it says nothing of that.

    Who comes back stands there again from the export's month: no month before it is another for that.
    """
    columns, listing = {one.column for one in plan.differences}, None
    if not columns & {None, Column.PLANNED}:
        return None
    told = plan.row.told.get(Column.PLANNED)
    planned = told if isinstance(told, int) else None
    if plan.project and None not in columns:
        listing = planning(plan.project, frame)
    if listing:
        return Place(frame.list, listing.year, listing.since, planned, listing.until)
    since = max(first_day(frame.month), plan.off) if plan.off else frame.since
    return Place(frame.list, frame.month.year, since, planned)
