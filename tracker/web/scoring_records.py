"""How a month of evaluation stands beside the records of projects, for whoever looks at it."""

from dataclasses import asdict, dataclass

from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.domain.projects.tallying import countable
from tracker.domain.scoring.entries import What
from tracker.store.history.log import cut
from tracker.store.history.ranking import left_aside
from tracker.store.queries.counted_months import held_against_projects
from tracker.store.queries.since_kept import digest_of_records, uncounted_records
from tracker.web.access import services
from tracker.web.scoring_views import MonthSeen, oversees
from tracker.wording.score_aside import aside_words


@dataclass(frozen=True, slots=True)
class Beside:
    """From how many records the marks differ, and how many entered inputs the records contradict.

    `records` names those, `digest` tells them from others.
    """

    uncounted: int = 0
    differing: int = 0
    records: tuple[str, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """What the last kept result left aside of the records of projects: how many, why, and those that the viewer reads.

    Which they were is not known of results that were kept before that was told.
    """

    count: int = 0
    reason: str = ""
    records: tuple[str, ...] = ()


def aside_records(session: Session, seen: MonthSeen) -> Aside:
    """Return what was left aside where a result is kept; of bodies whose marks the viewer does not read, nothing."""
    if seen.row.result is None or not seen.shown:
        return Aside()
    told = left_aside(session, seen.id, until=cut(session, as_of=services().clock.now()))
    read = {one.unit for _, one in seen.shown}
    records = [one for one in told.get("uncounted_records", ()) if one["object"] in read]
    return Aside(told.get("uncounted", 0), told.get("uncounted_reason", ""), tuple(aside_words(seen.scheme, records)))


def counts(seen: MonthSeen) -> frozenset[What]:
    """Return which figures and kinds the viewer counts, or, as one of the overseers, looks at."""
    if not seen.takes_inputs:  # its projects have changed since a month was kept
        return frozenset()
    found = countable(seen.rules)
    return found if oversees() else found & seen.party.supplies


def beside_records(session: Session, seen: MonthSeen) -> Beside:
    """Hold a month against the records of projects; before it is over nothing is counted, so nothing is missing.

    What reached the records after the last count, a check on site above all, is in no mark until somebody counts again.
    """
    whats = counts(seen)
    if not whats or not seen.month.is_over(local_day(services().clock.now())):
        return Beside()
    held = held_against_projects(session, seen.row, seen.rules, lists=services().project_lists, whats=whats)
    told = uncounted_records(held)
    named = tuple(aside_words(seen.scheme, [asdict(one) for one in told]))
    return Beside(len(told), len(held.recount.differing), named, digest_of_records(told))
