"""A paper names nobody for praise or criticism in words that somebody typed; who was heard may be named in more."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.domain.circulars.content import TOKEN, Content, tokens
from tracker.domain.circulars.named_by_hand import JUDGING, Said, check_by_name
from tracker.domain.circulars.paragraphs import Paragraph, paragraphs
from tracker.domain.circulars.proposals import NamingAct, is_naming
from tracker.domain.namings import NamingState, may_name
from tracker.steps.naming_units import served_by_key
from tracker.store.queries.namings import keys_of
from tracker.store.queries.unit_names import judged_names
from tracker.store.tables.circulars import CircularRow
from tracker.wording.papers import PLACES, paragraph_place


def check_named_by_hand(session: Session, row: CircularRow, content: Content | None, *, at: datetime) -> None:
    """Refuse a paper whose title, note or text praises or criticises a unit by name past its proposals.

    Raises NamedByHand.
    """
    typed = (row.title, row.note, *(TOKEN.sub("", one.words) for one in _paragraphs(row)))
    if any(word in one for one in typed for words in JUDGING.values() for word in words):
        check_by_name(list(_told(row, content)), units=judged_names(session), heard=_heard(session, row, at=at))


def _told(row: CircularRow, content: Content | None) -> Iterator[Said]:
    yield Said(PLACES["title"], row.title, row.title)
    for n, one in enumerate(paragraphs(row.statements), start=1):
        if not _is_proposal(one):
            printed = content.fill(one.words) if content is not None else one.words
            yield Said(paragraph_place(n), printed, TOKEN.sub("", one.words))
    yield Said(PLACES["note"], row.note, row.note)


def _paragraphs(row: CircularRow) -> list[Paragraph]:
    return [one for one in paragraphs(row.statements) if not _is_proposal(one)]


def _is_proposal(one: Paragraph) -> bool:
    return any(is_naming(key) for key in tokens(one.words))


def _heard(session: Session, row: CircularRow, *, at: datetime) -> Mapping[NamingAct, set[int]]:
    """Return the units whose praise or criticism stands in the paper, by its act, and may go out."""
    keys = keys_of(row)
    found: dict[NamingAct, set[int]] = {}
    for naming in served_by_key(session, row, keys).values() if keys else ():
        kept, state = naming.kept_because is not None, NamingState(naming.state)
        if may_name(state, answer_by=naming.answer_by, kept=kept, today=local_day(at)):
            found.setdefault(NamingAct(naming.act), set()).add(naming.unit_id)
    return found
