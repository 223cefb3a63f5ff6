"""How forms and exports have projects stand on lists: one rule says which row becomes another, and what it becomes."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from tracker.domain.projects.acts import Place
from tracker.domain.projects.frames import Frame, planning
from tracker.domain.projects.imports import Column, RowPlan
from tracker.domain.projects.records import Listing, came_until, first_day, month_of, newest


def placed(listings: Iterable[Listing], place: Place, former: Listing | None = None) -> tuple[Listing | None, Listing]:
    """Return which row on a list of a year a place is about, None where it adds one, and how the project stands by it.

    `listings` are all its rows there, `former` the newest of years before where the list is of no year: its end holds
    for the first row of a later year too, unless the project comes back after it or is said to be back. People say
    months: a row that came in the month is the one that is meant; else the one by which it stands there at the month's
    end, to stand since then; else, where it was off by then, that which came later, or a new one. Whoever comes back
    does so at earliest on the day on which he was off, so that no month before is another; a row keeps its plan where
    none is said, and its end unless it is said to be back.
    """
    rows = sorted(listings, key=lambda one: one.since)
    meant = next((one for one in reversed(rows) if month_of(one.since) == month_of(place.since)), None)
    since = meant.since if meant else place.since
    before = next((one for one in reversed(rows) if one.since < since), None)
    if meant is None and before and before.ended(month_of(since).last_day):
        since = max(since, before.until or since)
        meant = next((one for one in rows if one.since > since), None)
    elif meant is None:
        meant = before or next(iter(rows), None)
    own = meant or before
    planned = own.planned if own and place.planned is None else place.planned
    if meant is None:
        return None, _after(former if not rows else None, Listing(place.list, place.year, since, planned), place)
    return meant, replace(meant, since=since, planned=planned, until=None if place.back else meant.until)


def _after(former: Listing | None, row: Listing, place: Place) -> Listing:
    """Return the first row of a year beside the end of the row before: of a month ahead of that end it holds yet."""
    if former is None or former.until is None or place.back:
        return row
    if former.ended(month_of(row.since).last_day):
        return replace(row, since=max(row.since, former.until))
    return replace(row, until=former.until)


def former_of(listings: Iterable[Listing], code: str, year: int, *, of_year: int | None) -> Listing | None:
    """Return the newest row of a list from before a year; None where the list is `of_year`."""
    known = [one for one in listings if one.list == code and one.year < year]
    return None if of_year is not None else max(known, key=lambda one: (one.year, one.since), default=None)


def ended_before(listings: Iterable[Listing], row: Listing | None, now: Listing, former: Listing | None) -> date | None:
    """Return the end that held until now of a row, or, where there was none, of that which a new one comes after.

    `listings` are all rows there of the year of `now`, `former` as for `placed`.
    """
    held = row or came_until(listings, now.list, on=now.since) or former
    return held.until if held else None


def going_along(listings: Iterable[Listing], now: Listing, ended: date | None) -> list[tuple[Listing, Listing]]:
    """Return which rows of later years, on a list of no year, took over an end that holds no more, and as what.

    `ended` is that end; they end from now on as `now` does. Where the project came back by `now` after the end, they
    begin at earliest with it, so that no month before is another. Which rows those are goes by the day alone: one that
    somebody ended on it goes along too. `listings` are all rows of the project.
    """
    if ended is None or ended == now.until:
        return []
    known = [one for one in listings if one.list == now.list and one.year > now.year]
    found = []
    for one in sorted((one for one in known if one.until == ended), key=lambda one: (one.year, one.since)):
        since = one.since if now.since < ended else max(one.since, now.since)
        if since == one.since or newest(known, now.list, year=one.year) == one:  # else its year's own rows say more
            found.append((one, replace(one, since=since, until=now.until)))
    return found


def came_in(listings: Iterable[Listing], month: date) -> bool:
    """Tell whether a project came onto a list in the month of a day."""
    return any(month_of(one.since) == month_of(month) for one in listings)


def place_of(plan: RowPlan, frame: Frame) -> Place | None:
    """Return how a row has its project stand on the list; None where it says nothing of that.

    Who comes back stands there again from the export's month (`placed`).
    """
    columns, listing = {one.column for one in plan.differences}, None
    if not columns & {None, Column.PLANNED}:
        return None
    told = plan.row.told.get(Column.PLANNED)
    planned = told if isinstance(told, int) else None
    if plan.project and None not in columns:
        listing = planning(plan.project, frame)
    if listing:
        return Place(frame.list, listing.year, listing.since, planned)
    since = first_day(frame.month) if plan.off else frame.since
    return Place(frame.list, frame.month.year, since, planned, back=plan.off is not None)
