"""Circulars: their types, their editions, and what one computation gives for text and tables alike."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from tracker.domain.accounts import Role
from tracker.domain.errors import BadInput, Rejected

_TOKEN = re.compile(r"\{([a-z_]+)\}")


class CircularType(StrEnum):
    """What the office issues. Source: design of the office's documents; wording follows each type's template."""

    SUPERVISION = "supervision"
    NOTICE = "notice"
    URGE = "urge"
    ASSIGNMENT = "assignment"
    BREAKDOWN = "breakdown"
    SPECIAL = "special"
    RECTIFICATION = "rectification"


NEEDS_UNIT = frozenset({CircularType.URGE, CircularType.RECTIFICATION})
NEEDS_DOCUMENT = frozenset({CircularType.ASSIGNMENT, CircularType.BREAKDOWN})
NEEDS_EITHER = frozenset({CircularType.NOTICE})
# What goes to a unit as an order: bodies that are asked by letter get none of these.
ORDERS = frozenset({*NEEDS_UNIT, CircularType.NOTICE, CircularType.ASSIGNMENT})
# What praises or criticises by name goes to the leader before it goes out.
NEEDS_LEADER = frozenset({CircularType.SUPERVISION, CircularType.SPECIAL, CircularType.RECTIFICATION})


class EditionState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    ISSUED = "issued"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


# What went out stays readable for those whom it went to, also once it is corrected or withdrawn.
PUBLISHED = frozenset({EditionState.ISSUED, EditionState.CORRECTED, EditionState.WITHDRAWN})


class EditionAction(StrEnum):
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    APPROVE = "approve"
    ISSUE = "issue"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    DISCARD = "discard"


_S, _A = EditionState, EditionAction
EDITION_TRANSITIONS: Mapping[tuple[EditionState, EditionAction], EditionState] = {
    (_S.DRAFT, _A.SUBMIT): _S.SUBMITTED,
    (_S.DRAFT, _A.DISCARD): _S.DISCARDED,
    (_S.SUBMITTED, _A.SEND_BACK): _S.DRAFT,
    (_S.SUBMITTED, _A.APPROVE): _S.APPROVED,
    (_S.APPROVED, _A.SEND_BACK): _S.DRAFT,
    (_S.APPROVED, _A.ISSUE): _S.ISSUED,
    (_S.ISSUED, _A.CORRECT): _S.CORRECTED,
    (_S.ISSUED, _A.WITHDRAW): _S.WITHDRAWN,
}


class EditionRefused(Rejected):
    """The act is not allowed in this state; facts: state, action."""

    code = "edition_refused"


class CorrectionUnderWay(Rejected):
    """Somebody has drafted a correction of this circular already."""

    code = "correction_under_way"


class NotDrawnYet(Rejected):
    """The circular has its number, its file is being drawn."""

    code = "not_drawn_yet"


class ExcusedSince(Rejected):
    """An outage that was recorded after the facts were computed excuses what the paper counts; facts: moments."""

    code = "excused_since"


class ScopeMissing(BadInput):
    """This type is written to a unit or about a document; facts: needs."""

    code = "scope_missing"


class NothingToSay(BadInput):
    """No fact in the scope gives this circular a matter; facts: type."""

    code = "nothing_to_say"


class AskedByLetter(BadInput):
    """A body that takes no orders of the office is neither urged nor told to mend; facts: unit, type, instead."""

    code = "asked_by_letter"


class NobodyActs(BadInput):
    """Nobody was named yet who keeps this leading group's office and could be urged; facts: unit, type."""

    code = "nobody_acts"


class UnknownToken(BadInput):
    """A sentence names a figure that was not computed; facts: token."""

    code = "unknown_token"


class DigitTyped(BadInput):
    """A sentence carries a number that is neither a figure nor in the template's words; facts: words."""

    code = "digit_typed"


def advance_edition(state: EditionState, action: EditionAction) -> EditionState:
    """Return the next state. Raises EditionRefused."""
    try:
        return EDITION_TRANSITIONS[state, action]
    except KeyError:
        raise EditionRefused(state=state.value, action=action.value) from None


def approvers(kind: CircularType) -> frozenset[Role]:
    """Return which roles may approve a type; of these nobody approves what he drafted himself."""
    return frozenset({Role.LEADER}) if kind in NEEDS_LEADER else frozenset({Role.SUPERVISOR, Role.LEADER})


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom or what a circular is about: a unit's full name, a document's number, or neither."""

    unit: str | None = None
    document: str | None = None


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
    """Rows of an annex, each with the fact behind it; `kind` chooses the columns, the third names the item."""

    kind: str
    title: str
    rows: tuple[tuple[str, ...], ...]
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """What one computation gives: figures for the text, rows for the annexes, counts that the wording asks for."""

    type: CircularType
    scope: Scope
    as_of: datetime
    figures: Mapping[str, Figure]
    tables: tuple[Table, ...]
    addressees: str | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    def fill(self, words: str) -> str:
        """Put the figures into a sentence. Raises UnknownToken."""

        def word(found: re.Match[str]) -> str:
            if found[1] not in self.figures:
                raise UnknownToken(token=found[1])
            return self.figures[found[1]].words

        return _TOKEN.sub(word, words)


def tokens(words: str) -> list[str]:
    """Return the names of the figures in a sentence."""
    return _TOKEN.findall(words)


def check_sentence(words: str, *, content: Content, before: Sequence[str]) -> None:
    """Refuse figures that nobody computed and numbers typed by hand: figures stay bound to their facts.

    `before` are the template's sentences; numbers that stand in them may stay. Raises UnknownToken, DigitTyped.
    """
    content.fill(words)
    known = set(re.findall(r"\d+", " ".join(before)))
    typed = [number for number in re.findall(r"\d+", _TOKEN.sub("", words)) if number not in known]
    if typed:
        raise DigitTyped(words=typed[0])
