"""Whether a draft still begins where the last circular of its kind and scope ends."""

from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import Session

from tracker.domain.circulars.editions import EditionState
from tracker.domain.circulars.kinds import KINDS, CircularType
from tracker.store.queries.circulars import last_besides
from tracker.store.tables.circulars import CircularRow


class Overtaking(StrEnum):
    """By what a draft is overtaken: another went out, or the one before it was corrected, or withdrawn."""

    ISSUED = "issued"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Overtaken:
    """By which papers a draft is overtaken: `by` went out, `previous` is the one that it is compared with."""

    how: Overtaking
    by: CircularRow | None
    previous: CircularRow | None


def overtaken_by(session: Session, row: CircularRow) -> Overtaken | None:
    """Return by what a draft is overtaken that begins where the circular before ends; None where by nothing.

    It begins where that one ends and cites it by number: what was corrected meanwhile ends there, too, but is void. A
    correction keeps the span of what it corrects.
    """
    if row.replaces_id is not None or not KINDS[CircularType(row.type)].tells_since:
        return None
    last = last_besides(session, row)
    if (last.id if last is not None else None) == row.previous_id:
        return None
    previous = session.get_one(CircularRow, row.previous_id) if row.previous_id is not None else None
    stands = previous is not None and previous.state == EditionState.ISSUED.value
    if last is not None and (previous is None or stands or last.as_of > previous.as_of):
        return Overtaken(Overtaking.ISSUED, last, previous)
    was_corrected = previous is not None and previous.state == EditionState.CORRECTED.value
    if last is not None and previous is not None and was_corrected and last.as_of == previous.as_of:
        return Overtaken(Overtaking.CORRECTED, last, previous)
    return Overtaken(Overtaking.WITHDRAWN, None, previous)
