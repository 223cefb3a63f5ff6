"""Who fetched which file, from the log; for the office."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, label, select
from sqlalchemy.orm import Bundle
from sqlmodel import Session, col

from tracker.domain.downloads import Fetched, about
from tracker.store.queries.paper_hearers import told_of_issue
from tracker.store.queries.units import present_units, unit_names
from tracker.store.rows import as_view
from tracker.store.tables.events import EventRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class Fetcher:
    """A person who fetched a file, with the unit that was his then."""

    unit_name: str | None
    person: str
    times: int
    last_at: datetime


_FETCHER: Bundle[Any] = Bundle(  # Any: `Fetcher` types it
    "fetcher",
    label("unit_name", col(EventRow.actor_unit)),
    label("person", col(EventRow.actor)),
    label("times", func.count()),
    label("last_at", func.max(col(EventRow.occurred_at))),
)


@dataclass(frozen=True, slots=True)
class FetchedPaper:
    """Who fetched a paper, the last one first, and which units that were told of it did not yet."""

    by: tuple[Fetcher, ...]
    not_yet: tuple[str, ...]


def fetchers(session: Session, what: Fetched, object_ids: Collection[int]) -> Mapping[int, tuple[Fetcher, ...]]:
    """Return by the ids of objects who fetched their files, the last one first."""
    places = {about(what, id_): id_ for id_ in object_ids}
    wanted = (
        select(
            col(EventRow.about),
            _FETCHER,
        )
        .where(col(EventRow.about).is_not(None), col(EventRow.about).in_(sorted(places)))
        .group_by(col(EventRow.about), col(EventRow.actor_id), col(EventRow.actor), col(EventRow.actor_unit))
        .order_by(func.max(col(EventRow.seq)).desc())
    )
    found: dict[int, list[Fetcher]] = defaultdict(list)
    for row in session.execute(wanted):
        found[places[row.about]].append(as_view(Fetcher, row.fetcher))
    return {id_: tuple(people) for id_, people in found.items()}


def fetched_paper(session: Session, circular_id: int) -> FetchedPaper:
    """Return who fetched the file of a paper; a group's keeper fetches for it, whoever went up in another by that."""
    by = fetchers(session, Fetched.PAPER, [circular_id]).get(circular_id, ())
    wanted = select(col(EventRow.unit_id)).where(
        col(EventRow.about).is_not(None), col(EventRow.about) == about(Fetched.PAPER, circular_id)
    )
    units = {id_ for id_ in session.scalars(wanted.distinct()) if id_ is not None}
    have = set(present_units(session, units))
    kept = set(session.scalars(select(col(UnitRow.id)).where(col(UnitRow.kept_by_unit_id).in_(have))))
    told = present_units(session, told_of_issue(session, circular_id))
    return FetchedPaper(by, tuple(unit_names(session, {id_ for id_ in told if id_ not in have | kept}).values()))
