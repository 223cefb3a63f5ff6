"""Whom papers had praised and criticised by name at a cut: of each that was issued and stood then, word for word.

What a correction struck out was named once too, whatever became of the correction: the office decided on it, with the
leader, and told the unit that it is named for it no more.

The log says what was served, issued, corrected and withdrawn; which sentences a paper has stands in its row, which does
not change once it is issued.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.circulars.editions import EditionAction
from tracker.domain.circulars.led import NamedBefore
from tracker.domain.circulars.proposals import NamingAct
from tracker.store.history.identities import UnitFact
from tracker.store.history.log import Cut, Part, Told, told
from tracker.store.queries.namings import keys_of
from tracker.store.tables.circulars import CircularRow

_SERVED, _ISSUED, _CHANGED, _MERGED = "naming.served", "circular.issued", "circular.changed", "unit.merged"
_TOLD = frozenset({_SERVED, _ISSUED, _CHANGED})


def past_namings(session: Session, *, until: Cut, units: Mapping[int, UnitFact]) -> Iterator[NamedBefore]:
    """Yield what each paper that stood praised or criticised a unit for, the first issued first.

    Of a unit that went up in another it is the other's too, which has the same work: what was said once of that is not
    said of whoever took it over.
    """
    served, standing = _served_and_issued(session, until)
    if not served:
        return
    of_mergers = told(session, until=until, types=frozenset({_MERGED}), part=Part())
    merged = {event.unit_id or 0: int(event.facts["into_unit_id"]) for event in of_mergers}
    papers = {row.id or 0: row for row in session.scalars(select(CircularRow).where(col(CircularRow.id).in_(standing)))}
    for paper in (papers[id_] for id_ in standing):
        for row, key in _said(session, paper, stands=standing[paper.id or 0]):
            found = _served(session, served, row, key)
            if found is not None:
                act, words = NamingAct(found.facts["act"]), str(found.facts["words"])
                for unit_id in _went_up(found.unit_id or 0, merged):
                    yield NamedBefore(units[unit_id].short, act, words, row.as_of, row.last_event)


def _served_and_issued(session: Session, until: Cut) -> tuple[dict[tuple[int, str], Told], dict[int, bool]]:
    """Return what was served, by paper and sentence, and the papers that were issued by whether they stand.

    Of one that was withdrawn what it struck out does. One that was corrected has its say in the correction.
    """
    served: dict[tuple[int, str], Told] = {}
    standing: dict[int, bool] = {}
    for event in told(session, until=until, types=_TOLD, part=Part()):
        paper = event.facts["circular_id"]
        if event.type == _SERVED:
            served[paper, event.facts["proposal"]] = event
        elif event.type == _ISSUED:
            standing[paper] = True
        elif event.facts["act"] == EditionAction.CORRECT.value:
            standing.pop(paper, None)
        elif event.facts["act"] == EditionAction.WITHDRAW.value:
            standing[paper] = False
    return served, standing


def _went_up(unit_id: int, merged: Mapping[int, int]) -> Iterator[int]:
    """Yield a unit, then whom it went up in, and so on."""
    yield unit_id
    while unit_id in merged:
        unit_id = merged[unit_id]
        yield unit_id


def _said(session: Session, paper: CircularRow, *, stands: bool) -> Iterator[tuple[CircularRow, str]]:
    """Yield the sentences of a paper that stands, then those that it struck out as a correction, each with its edition.

    Who was told that something is struck out 「不再据此通报」 is not named for the same thing by the next paper.
    """
    known, one = set[str](), paper
    while True:
        if stands or one is not paper:
            yield from ((one, key) for key in keys_of(one) if key not in known)
        known |= {*keys_of(one)}
        before = session.get(CircularRow, one.replaces_id) if one.replaces_id is not None else None
        if before is None:
            return
        one = before


def _served(session: Session, served: Mapping[tuple[int, str], Told], row: CircularRow, key: str) -> Told | None:
    """Return what was served of a sentence: for the paper itself, else for the one that it corrects."""
    one: CircularRow | None = row
    while one is not None:
        if (found := served.get((one.id or 0, key))) is not None:
            return found
        one = session.get(CircularRow, one.replaces_id) if one.replaces_id is not None else None
    return None
