"""Whom the typed words of a paper praise or criticise by name, read before the act that asks for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from tracker.domain.circulars.content import TOKEN, Content, tokens
from tracker.domain.circulars.named_by_hand import ByName, Said, judges, said_by_name
from tracker.domain.circulars.paragraphs import Paragraph, paragraphs
from tracker.domain.circulars.proposals import is_naming
from tracker.store.queries.unit_names import judged_names
from tracker.store.tables.circulars import CircularRow
from tracker.wording.papers import PLACES, paragraph_place

# Beside the text, whom it goes to and how soon: nothing in the text points there.
_APART = ("addressees", "copies", "urgency")


@dataclass(frozen=True, slots=True)
class Judgements:
    """The words of a paper and the units' names as they were read, and whom the words judge by these names."""

    told: Sequence[Said]
    units: Mapping[str, int | None]
    found: Sequence[ByName]


def judgements(
    session: Session, row: CircularRow, content: Content | None, *, known: Judgements | None = None
) -> Judgements | None:
    """Return whom the typed words of a paper praise or criticise by name; None where they judge nobody at all.

    To read a long text takes a tenth of a second. What is `known` from a read before holds while words and names are
    the same, so that under the locks of an act these are compared only.
    """
    beside = (getattr(row, name) for name in ("title", "note", *_APART))
    if not judges((*beside, *map(_typed, _paragraphs(row).values()))):
        return None
    told = list(_told(row, content))
    units = judged_names(session)
    if known is not None and known.told == told and known.units == units:
        return known
    return Judgements(told, units, said_by_name(told, units=units))


def _told(row: CircularRow, content: Content | None) -> Iterator[Said]:
    yield Said(PLACES["title"], row.title, row.title)
    for n, one in _paragraphs(row).items():
        printed = content.fill(one.words) if content is not None else one.words
        yield Said(paragraph_place(n), printed, _typed(one))
    yield Said(PLACES["note"], row.note, row.note)
    for name in _APART:
        words = getattr(row, name)
        yield Said(PLACES[name], words, words, apart=True)


def _paragraphs(row: CircularRow) -> Mapping[int, Paragraph]:
    """Return the paragraphs that are no sentence of a proposal, by their numbers."""
    told = enumerate(paragraphs(row.statements), start=1)
    return {n: one for n, one in told if not any(is_naming(key) for key in tokens(one.words))}


def _typed(one: Paragraph) -> str:
    return TOKEN.sub("", one.words)
