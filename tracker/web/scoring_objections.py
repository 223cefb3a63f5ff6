"""Objections to marks as whoever is logged in reads them, and what is still to be carried out of those that hold."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from sqlmodel import Session

from tracker.domain.scoring.entries import InputKind, What
from tracker.domain.scoring.objections import Became
from tracker.store.queries.scoring import objection_rows
from tracker.store.queries.scoring_objections import UpheldObjection, owed_objections, upheld_objections
from tracker.store.tables.scoring import ScoreObjectionRow
from tracker.web.scoring_grid import ItemGrid, grids_of
from tracker.web.scoring_views import MonthSeen, oversees
from tracker.wording.scoring_months import BECAME, OBJECTION_STATES


@dataclass(frozen=True, slots=True)
class ObjectionSeen:
    """An objection: `place` is that of its object, `said` its state in words, `by` who may correct what is owed.

    `anchor` is where the viewer's form of the month has what it is about; empty where it is not his to correct.
    """

    place: int
    row: ScoreObjectionRow
    said: str
    is_owed: bool
    by: str
    anchor: str = ""


def objections_read(session: Session, seen: MonthSeen, *, of: str | None = None) -> list[ObjectionSeen]:
    """Return the objections that the viewer reads, all or `of` one object: own, or all for overseers and organiser.

    That marks are read by everybody once they are out makes no body's objections and answers the others' to read.
    """
    own = {one.unit for _, one in seen.own}
    reads_all = oversees() or seen.party.organises
    read = [one.unit for _, one in seen.shown if (reads_all or one.unit in own) and of in (None, one.unit)]
    return objections_seen(session, seen, of=read) if read else []


def objections_seen(session: Session, seen: MonthSeen, *, of: Collection[str]) -> list[ObjectionSeen]:
    """Return the objections of some objects in the order in which they were raised."""
    places = {one.unit: place for place, one in enumerate(seen.scheme.objects, start=1)}
    upheld = {one.row.id: one for one in upheld_objections(session, seen.row, seen.rules)}
    return [_seen(seen, places[row.object], row, upheld.get(row.id)) for row in objection_rows(session, seen.id, of=of)]


def _seen(seen: MonthSeen, place: int, row: ScoreObjectionRow, upheld: UpheldObjection | None) -> ObjectionSeen:
    if upheld is None:
        return ObjectionSeen(place, row, OBJECTION_STATES[row.state], False, "")
    is_owed = upheld.became is Became.OWED
    by = "、".join(sorted({seen.handing_in(seen.whose[what]) for what in upheld.behind}))
    return ObjectionSeen(place, row, BECAME[upheld.became.value], is_owed, by if is_owed else "")


def owed_by_viewer(session: Session, seen: MonthSeen) -> list[ObjectionSeen]:
    """Return the objections that the viewer may carry out by correcting what is his to hand in."""
    if not seen.takes_inputs or not seen.party.supplies:
        return []
    owed = owed_objections(session, seen.row, seen.rules)
    own = {one.row.id: one.behind for one in owed if one.behind & seen.party.supplies}
    every, grids = [one.unit for one in seen.scheme.objects], grids_of(seen, seen.party.supplies) if own else ()
    return [
        replace(one, anchor=_anchor(grids, own[one.row.id], one.place))
        for one in (objections_seen(session, seen, of=every) if own else [])
        if one.row.id in own
    ]


def _anchor(grids: Iterable[ItemGrid], behind: Collection[What], place: int) -> str:
    """Return the row of an object under the first item that has a figure behind an objection, else where cases are."""
    for grid in grids:
        if any((InputKind.FIGURE, figure.code) in behind for figure in grid.own):
            return f"i{grid.number}-{place}" if grid.lines else f"i{grid.number}"
    return "cases"
