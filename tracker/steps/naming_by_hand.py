"""A paper names nobody for praise or criticism in words that somebody typed; who was heard may be named in more."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.domain.circulars.content import TOKEN, Content, tokens
from tracker.domain.circulars.named_by_hand import ByName, Said, check_heard, judges, said_by_name
from tracker.domain.circulars.paragraphs import Paragraph, paragraphs
from tracker.domain.circulars.proposals import NamingAct, is_naming
from tracker.domain.namings import NamingState, may_name
from tracker.steps.naming_units import served_by_key
from tracker.store.queries.namings import keys_of
from tracker.store.queries.unit_names import judged_names
from tracker.store.tables.circulars import CircularRow
from tracker.wording.papers import PLACES, paragraph_place

# Beside the text, whom it goes to and how soon: nothing in the text points there.
_APART = ("addressees", "copies", "urgency")


@dataclass(frozen=True, slots=True)
class ReadByName:
    """What was read of a paper's words before its act: the words and the units' names, and whom they judge by name."""

    told: Sequence[Said]
    units: Mapping[str, int | None]
    found: Sequence[ByName]


def read_by_name(session: Session, row: CircularRow, content: Content | None) -> ReadByName | None:
    """Return whom the typed words of a paper praise or criticise by name; None where they judge nobody.

    It reads the whole text, so an act asks for it in a read before its transaction.
    """
    told = list(_told(row, content))
    if not judges(one.typed for one in told):
        return None
    units = judged_names(session)
    return ReadByName(told, units, said_by_name(told, units=units))


def check_named_by_hand(
    session: Session, row: CircularRow, content: Content | None, *, at: datetime, read: ReadByName | None = None
) -> None:
    """Refuse a paper whose title, note or text praises or criticises a unit by name past its proposals.

    `read` is what was read of it before: it holds while words and names are the same, else they are read anew. Who was
    heard is always asked here, under the locks of the act. Raises NamedByHand.
    """
    told = list(_told(row, content))
    if not judges(one.typed for one in told):
        return
    units = judged_names(session)
    known = read is not None and read.told == told and read.units == units
    found = read.found if read is not None and known else said_by_name(told, units=units)
    if found:
        check_heard(found, heard=_heard(session, row, at=at))


def _told(row: CircularRow, content: Content | None) -> Iterator[Said]:
    yield Said(PLACES["title"], row.title, row.title)
    for n, one in enumerate(paragraphs(row.statements), start=1):
        if not _is_proposal(one):
            printed = content.fill(one.words) if content is not None else one.words
            yield Said(paragraph_place(n), printed, TOKEN.sub("", one.words))
    yield Said(PLACES["note"], row.note, row.note)
    for name in _APART:
        words = getattr(row, name)
        yield Said(PLACES[name], words, words, apart=True)


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
