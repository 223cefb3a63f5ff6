"""What one computation of a circular gives, for its text and its annexes alike."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.proposals import Proposal
from tracker.domain.errors import BadInput

_BETWEEN_NAMES = BETWEEN_CODES = "、"
_LISTS_ALL = frozenset({"standing", "progress", "item_progress"})
# A figure's place in a sentence: {overdue}
TOKEN = re.compile(r"\{([a-z_]+)\}")


class UnknownToken(BadInput):
    """A sentence names a figure that was not computed; facts: token."""

    code = "unknown_token"


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom or what a circular is about: a unit's full name, a document's number, or neither.

    `month_id` is the number of a month of evaluation, `edition` which of its results is meant: 1 the first that was
    kept, each correction the next.
    """

    unit: str | None = None
    document: str | None = None
    month_id: int | None = None
    edition: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One fact behind a figure."""

    item_code: str
    unit: str
    period: str
    due_on: date | None
    status: str
    events: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, a name or a list in a sentence: the words printed, what they count, the facts counted."""

    key: str
    words: str
    meaning: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of an annex, each with the fact behind it; `kind` chooses the columns, the third names the item.

    `heads` are the columns' own heads, where they differ from paper to paper.
    """

    kind: str
    title: str
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[Source, ...] = ()
    heads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What one computation gives: figures for the text, rows for the annexes, counts that the wording asks for.

    `proposals` say whom it may praise or criticise by name, each by the key of its figure.
    """

    type: CircularType
    scope: Scope
    as_of: datetime
    figures: Mapping[str, Figure]
    tables: tuple[Table, ...]
    addressees: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)
    proposals: tuple[Proposal, ...] = ()

    @property
    def goes_to(self) -> tuple[str, ...]:
        """Return by name whom it goes to, as `addressees` lists them; none of a paper to all units or the leaders."""
        return tuple(self.addressees.split(_BETWEEN_NAMES)) if self.addressees else ()

    @property
    def holds_against(self) -> tuple[str, ...]:
        """Return the units whose items stand in its annexes, each once; of those that list every item nobody's."""
        held = [table for table in self.tables if table.kind not in _LISTS_ALL]
        return tuple(
            dict.fromkeys(
                unit for table in held for source in table.sources for unit in source.unit.split(_BETWEEN_NAMES)
            )
        )

    def fill(self, words: str) -> str:
        """Put the figures into a sentence. Raises UnknownToken."""

        def word(found: re.Match[str]) -> str:
            if found[1] not in self.figures:
                raise UnknownToken(token=found[1])
            return self.figures[found[1]].words

        return TOKEN.sub(word, words)


def listed(names: Sequence[str]) -> str | None:
    """Write whom a paper goes to, as `Content.goes_to` reads it back."""
    return _BETWEEN_NAMES.join(names) or None


def tokens(words: str) -> list[str]:
    """Return the names of the figures in a sentence."""
    return TOKEN.findall(words)
