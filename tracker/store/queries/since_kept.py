"""Records of projects beside a month that is kept: from which its marks differ, and what came after."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.events.projects import (
    ProjectCheckedOnSite,
    ProjectKept,
    ProjectListed,
    ProjectMilestoneConfirmed,
    ProjectMilestoneTold,
    ProjectValueGiven,
)
from tracker.domain.events.score_corrections import (
    ScoringCorrectionDropped,
    ScoringCorrectionFrozen,
    ScoringCorrectionOpened,
)
from tracker.domain.events.scoring import ScoringMonthFrozen, UncountedRecord
from tracker.domain.projects.lists import ProjectLists
from tracker.domain.projects.records import first_day
from tracker.domain.projects.tallying import Tally, project_ids
from tracker.domain.scoring.aside import Uncounted
from tracker.domain.scoring.asked import weighs
from tracker.domain.scoring.entries import Entry, InputKind, InputSource
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.months import KEPT, read_month
from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.rules import Rules
from tracker.store.queries.counted_months import Held, held_against_projects
from tracker.store.tables.events import EventRow
from tracker.store.tables.projects import ProjectListingRow
from tracker.store.tables.scoring import ScoreMonthRow

_NAMED = 5  # projects behind one number: more make no sentence


def uncounted_records(held: Held) -> tuple[UncountedRecord, ...]:
    """Return what counting would write, then what it would withdraw, each with the projects that make it differ.

    What gives and takes no marks in the month is none: it keeps nobody from keeping the result.
    """
    return tuple(record for record, _behind in _uncounted(held))


def _uncounted(held: Held) -> Iterator[tuple[UncountedRecord, frozenset[int]]]:
    """Yield the same with the ids of all projects behind each, in the records or in the marks."""
    for record, behind in _records(held):
        if weighs(held.rules, held.month, (InputKind(record.kind), record.code)):
            yield record, behind


def _records(held: Held) -> Iterator[tuple[UncountedRecord, frozenset[int]]]:
    for found, before in held.recount.keep:
        counted = before is not None and before.source is InputSource.COUNTED and not before.void
        stood = frozenset(project_ids(before.behind) if before is not None and counted else ())
        how = Uncounted.OTHER if counted else Uncounted.LACKING
        behind = stood | {*found.projects}
        # Of another value of the same projects nobody knows which one it is of, unless there is one alone.
        differing = stood ^ {*found.projects} or (behind if len(behind) == 1 else frozenset())
        yield _record(held, found.entry, differing, how), behind
    for one in held.recount.withdraw:
        stood = frozenset(project_ids(one.behind))
        how, causing, members = _withdrawn(held.tally, one.entry, stood)
        yield _record(held, one.entry, causing, how), stood | {*members}


def _withdrawn(tally: Tally, entry: Entry, stood: frozenset[int]) -> tuple[Uncounted, Collection[int], Collection[int]]:
    """Return why counting would withdraw what `stood`, by which projects, and all behind what can't be counted now.

    A project that lacks its value, or whose values fall, leaves its body's figure uncounted, whoever stood behind it.
    """
    unvalued = {one.entry.key: one for one in tally.unvalued}
    impossible = {one.entry.key: one for one in tally.impossible}
    if found := unvalued.get(entry.key):
        return Uncounted.UNVALUED, found.without_value, found.projects
    if found := impossible.get(entry.key):
        return Uncounted.FALLING, found.falling, found.projects
    if entry.kind is InputKind.CHECK and stood <= {*tally.uncompared}:
        return Uncounted.UNVALUED, stood, ()
    return Uncounted.GONE, stood, ()


def _record(held: Held, entry: Entry, projects: Collection[int], how: Uncounted) -> UncountedRecord:
    names = [held.projects[one].name for one in sorted(projects) if one in held.projects]
    return UncountedRecord(
        kind=entry.kind.value,
        code=entry.code,
        object=entry.object,
        items=entry.items,
        projects=tuple(names[:_NAMED]),
        count=len(names),
        how=how.value,
        value=_text(entry.value),
        found=_text(entry.found),
    )


def _text(value: Decimal | None) -> str:
    return "" if value is None else number_text(value)


def digest_of_records(records: Iterable[UncountedRecord]) -> str:
    """Return what tells some records from others, of the same projects with other values too."""
    told = json.dumps([asdict(one) for one in records], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def kept_months(session: Session) -> Sequence[ScoreMonthRow]:
    """Return the months whose result is kept, the oldest first."""
    wanted = select(ScoreMonthRow).where(col(ScoreMonthRow.state).in_([one.value for one in KEPT]))
    return session.scalars(wanted.order_by(col(ScoreMonthRow.month), col(ScoreMonthRow.id))).all()


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found of a kept month when it was last held against the records of projects.

    `kept` is the number of the event that kept its result or began a correction of which nothing came, `until` that of
    the last event about projects that was read then; `behind` are the ids of the projects behind each record.
    """

    kept: int
    until: int
    records: tuple[UncountedRecord, ...] = ()
    behind: tuple[frozenset[int], ...] = ()


def records_since(
    session: Session, row: ScoreMonthRow, rules: Rules, *, lists: ProjectLists, before: Looked | None
) -> Looked | None:
    """Return from which records of projects the marks of a kept month differ, but those that were left aside openly.

    None where it was never kept. Order is that of the log, never of a clock: two acts may have one time. Nothing is
    counted again where nothing that is about the month came since `before`.
    """
    kept = _kept(session, row)
    if kept is None:
        return None
    known = before if before is not None and before.kept == kept.seq else Looked(kept.seq, kept.seq)
    last, moved = _moved(session, read_month(row.month), known.until)
    if not moved:
        return replace(known, until=last)
    held = held_against_projects(session, row, rules, lists=lists)
    found = [
        (record, behind)
        for record, behind in _uncounted(held)
        if not any(_is_left(record, known) for known in kept.aside)
    ]
    return Looked(kept.seq, last, tuple(one for one, _ in found), tuple(behind for _, behind in found))


def _is_left(record: UncountedRecord, aside: Mapping[str, Any]) -> bool:
    """Tell whether a record is one that was left aside, with the same values; an older event told none."""
    now = json.loads(json.dumps(asdict(record)))
    return all(now[name] == value for name, value in aside.items())


@dataclass(frozen=True, slots=True)
class _Kept:
    seq: int
    aside: Sequence[Mapping[str, Any]] = ()


def _kept(session: Session, row: ScoreMonthRow) -> _Kept | None:
    """Return since which event the office has not looked at the records beside a month, and what it left aside."""
    opened: dict[int, int] = {}
    found: int | None = None
    aside: tuple[Mapping[str, Any], ...] = ()
    wanted = select(EventRow).where(col(EventRow.type).in_(_LOOKED)).order_by(col(EventRow.seq))
    for event in session.scalars(wanted):
        facts = json.loads(event.payload)
        if facts["month_id"] != row.id:
            continue
        if event.type == ScoringCorrectionOpened.type:
            opened[facts["correction_id"]] = event.seq
        elif event.type == ScoringCorrectionDropped.type and facts.get("uncounted_records") is None:
            found = max(found or 0, opened[facts["correction_id"]])
        elif event.type == ScoringCorrectionDropped.type:
            found, aside = event.seq, (*aside, *facts["uncounted_records"])
        else:
            found, aside = event.seq, tuple(facts.get("uncounted_records", ()))
    return _Kept(found, aside) if found is not None else None


def moved_since(session: Session, month: Month, seq: int) -> bool:
    """Tell whether an event after a number may change what counts for a month."""
    return _moved(session, month, seq)[1]


def _moved(session: Session, month: Month, seq: int) -> tuple[int, bool]:
    """Return the last event about projects after a number, else that number, and whether one may be about a month.

    What is told of later months, of years after it, or of a project that stands on no list until then, is not.
    """
    wanted = select(EventRow).where(col(EventRow.seq) > seq, col(EventRow.type).in_(sorted(_TOLD)))
    last, moved, kept, again = seq, False, set[int](), defaultdict[str, list[EventRow]](list)
    for event in session.scalars(wanted.order_by(col(EventRow.seq))):
        last, facts = event.seq, json.loads(event.payload)
        if event.type == ProjectKept.type:
            kept.add(facts["project_id"])
        if event.type in _SAME:
            again[event.type].append(event)
        moved = moved or _TOLD[event.type](facts, month)
    told_before = (_were_told_before(session, events, month, until=seq) for events in again.values())
    return last, moved or any(told_before) or _stand_until(session, kept, month)


def _were_told_before(session: Session, events: Sequence[EventRow], month: Month, *, until: int) -> bool:
    """Tell whether events of one type tell anew of what was told of a day by a month's end until a number.

    That may have counted, wherever it is now.
    """
    told, key = events[0].type, _SAME[events[0].type]
    own = {json.loads(one.payload)[key] for one in events}
    wanted = select(col(EventRow.payload)).where(
        col(EventRow.about).in_({one.about for one in events}),
        col(EventRow.type) == told,
        col(EventRow.seq) <= until,
    )
    before = map(json.loads, session.scalars(wanted))
    return any(facts[key] in own and _TOLD[told](facts, month) for facts in before)


def _stand_until(session: Session, projects: Collection[int], month: Month) -> bool:
    """Tell whether one of some projects stands on a list of a year until a month's, or since a day until its end."""
    listing = ProjectListingRow
    until = (col(listing.year) <= month.year) | (col(listing.since) <= month.last_day)
    wanted = select(col(listing.id)).where(col(listing.project_id).in_(projects), until)
    return bool(projects) and session.scalars(wanted.limit(1)).first() is not None


def _until(facts: Mapping[str, Any], month: Month) -> bool:
    return date.fromisoformat(facts["month"]) <= first_day(month)


def _since(facts: Mapping[str, Any], month: Month) -> bool:
    return date.fromisoformat(facts["since"]) <= month.last_day


def _reached(facts: Mapping[str, Any], month: Month) -> bool:
    return not facts["reached_on"] or date.fromisoformat(facts["reached_on"]) <= month.last_day


# By what two events of a type tell of the same thing, whose day may move.
_SAME = {ProjectMilestoneTold.type: "milestone_id", ProjectListed.type: "listing_id"}
# What may be about a month; of a project that was kept its lists say it.
_TOLD: Mapping[str, Callable[[Mapping[str, Any], Month], bool]] = {
    ProjectKept.type: lambda facts, month: False,
    ProjectListed.type: lambda facts, month: facts["year"] <= month.year or _since(facts, month),
    ProjectValueGiven.type: _until,
    ProjectCheckedOnSite.type: _until,
    ProjectMilestoneTold.type: _reached,
    ProjectMilestoneConfirmed.type: lambda facts, month: True,
}
_LOOKED = (
    ScoringMonthFrozen.type,
    ScoringCorrectionOpened.type,
    ScoringCorrectionDropped.type,
    ScoringCorrectionFrozen.type,
)
