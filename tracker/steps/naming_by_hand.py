"""A paper names nobody for praise or criticism in words that somebody typed; who was heard may be named in more."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.domain.circulars.content import Content
from tracker.domain.circulars.named_by_hand import check_heard
from tracker.domain.circulars.proposals import NamingAct
from tracker.domain.namings import NamingState, may_name
from tracker.steps.naming_units import served_by_key
from tracker.store.queries.namings import keys_of
from tracker.store.queries.typed_judgements import Judgements, judgements
from tracker.store.tables.circulars import CircularRow


def check_named_by_hand(
    session: Session, row: CircularRow, content: Content | None, *, at: datetime, known: Judgements | None = None
) -> None:
    """Refuse a paper any typed words of which praise or criticise a unit by name past its proposals.

    `known` is what was read of it before the act. Who was heard is always asked here, under its locks. Raises
    NamedByHand.
    """
    read = judgements(session, row, content, known=known)
    if read is not None and read.found:
        check_heard(read.found, heard=_heard(session, row, at=at))


def _heard(session: Session, row: CircularRow, *, at: datetime) -> Mapping[NamingAct, set[int]]:
    """Return the units whose praise or criticism stands in the paper, by its act, and may go out."""
    keys = keys_of(row)
    found: dict[NamingAct, set[int]] = {}
    for naming in served_by_key(session, row, keys).values() if keys else ():
        kept, state = naming.kept_because is not None, NamingState(naming.state)
        if may_name(state, answer_by=naming.answer_by, kept=kept, today=local_day(at)):
            found.setdefault(NamingAct(naming.act), set()).add(naming.unit_id)
    return found
