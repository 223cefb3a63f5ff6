"""Which 催办单 had been answered at a cut, and which stood without an answer."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.led import Answered, Unanswered
from tracker.store.history.identities import UnitFact
from tracker.store.history.log import Cut, Part, Told, told
from tracker.store.history.results import in_parts
from tracker.store.tables.circulars import CircularRow

_SERVED, _SIGNED, _ANSWERED = "paper.served", "paper.received", "paper.answered"
_ENDS = frozenset({_ANSWERED, "paper.service_ended"})


def past_letters(
    session: Session, *, until: Cut, units: Mapping[int, UnitFact]
) -> tuple[tuple[Unanswered, ...], tuple[Answered, ...]]:
    """Return each 催办单 that stands with a unit which has not answered it, and those answered, in order of service."""
    served: dict[int, Told] = {}
    signed: dict[int, Told] = {}
    answered: list[Told] = []
    for event in told(session, until=until, types=_ENDS | {_SERVED, _SIGNED}, part=Part()):
        if event.type == _SIGNED:
            signed[event.facts["served_id"]] = event
        elif event.type in _ENDS:
            was = served.pop(event.facts["served_id"], None)
            if was is not None and event.type == _ANSWERED:
                answered.append(was)
        elif event.facts["wants_answer"] and event.facts["answer_on"]:
            served[event.facts["served_id"]] = event
    urges = dict(_urges(session, {event.facts["circular_id"] for event in (*served.values(), *answered)}))
    standing, over = [], []
    for served_id, event in served.items():
        unit, paper = units.get(event.unit_id or 0), urges.get(event.facts["circular_id"])
        if paper is not None and unit is not None:
            standing.append(_unanswered(event, signed.get(served_id), unit, paper))
    for event in answered:
        unit, paper = units.get(event.unit_id or 0), urges.get(event.facts["circular_id"])
        if paper is not None and unit is not None:
            over.append(Answered(unit.short, paper.as_of, paper.document_number))
    return tuple(standing), tuple(over)


def _unanswered(event: Told, receipt: Told | None, unit: UnitFact, paper: CircularRow) -> Unanswered:
    return Unanswered(
        unit=unit.short,
        number=paper.number or "",
        as_of=paper.as_of,
        answer_on=date.fromisoformat(event.facts["answer_on"]),
        document=paper.document_number,
        signed_on=local_day(receipt.at) if receipt is not None else None,
        events=(event.seq, *((receipt.seq,) if receipt is not None else ())),
    )


def _urges(session: Session, circular_ids: Collection[int]) -> Iterator[tuple[int, CircularRow]]:
    for part in in_parts(sorted(circular_ids)):
        wanted = select(CircularRow).where(col(CircularRow.id).in_(part))
        for row in session.scalars(wanted.where(col(CircularRow.type) == CircularType.URGE.value)):
            yield row.id or 0, row
