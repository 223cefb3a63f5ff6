"""What a paper criticises units for, held against what would be said now."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session

from tracker.domain.circulars.blame_now import Overtaken, overtaken
from tracker.domain.circulars.content import Content
from tracker.domain.circulars.proposals import NamingAct, Proposal
from tracker.store.queries.namings import keys_of, namings_of_paper
from tracker.store.queries.units import present_units, unit_names
from tracker.store.tables.circulars import CircularRow


@dataclass(frozen=True, slots=True)
class FactsNow:
    """What a paper would say if it were drafted now: computed of the log's events up to `last_event`.

    `content` is None where there would be nothing to say. `again` computes it anew, which takes as long as a draft.
    """

    content: Content | None
    last_event: int
    again: Callable[[Session], Content | None]


def newly_blamed(session: Session, row: CircularRow, proposals: Iterable[Proposal]) -> list[Proposal]:
    """Return the proposals to criticise but for those whose sentences stand in the paper that this one corrects."""
    corrected = session.get(CircularRow, row.replaces_id) if row.replaces_id is not None else None
    before = set(keys_of(corrected)) if corrected is not None else set()
    return [one for one in proposals if one.act is NamingAct.BLAME and one.key not in before]


def overtaken_of(
    session: Session, row: CircularRow, proposals: Iterable[Proposal], content: Content, now: Content | None
) -> Mapping[str, Overtaken]:
    """Return by the keys of proposals to criticise, once they were served, what of them holds no more."""
    blames = {one.key: one for one in proposals if one.act is NamingAct.BLAME}
    served = {one.key: one for one in namings_of_paper(session, circular_id=row.id or 0) if one.key in blames}
    found = {}
    for key, naming in served.items():
        [present] = present_units(session, [naming.unit_id])
        into = unit_names(session, {present})[present] if present != naming.unit_id else ""
        told = overtaken(blames[key], content, now, unit_now=naming.unit_name, into=into)
        if told is not None:
            found[key] = told
    return found
