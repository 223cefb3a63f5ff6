"""Two people write on one form: what each changed since the page was opened is held against what the other did.

A page tells by a digest of each field what stood there when it was opened, so that nobody's words are taken for older
than they are, and none are written over unseen.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tracker.domain.errors import BadInput, Rejected

# More than ten pages of an official document; a field of a form holds a paragraph.
LONGEST_JOTTING = 10_000
_SIGNS = 12
MINE, THEIRS = "mine", "theirs"


class JottingTooLong(BadInput):
    """A field is too long to be kept as a draft; facts: most, length."""

    code = "jotting_too_long"


class JottedMeanwhile(Rejected):
    """Somebody else changed fields of the form after the page was opened; facts: count."""

    code = "jotted_meanwhile"


def digest(text: str) -> str:
    """Return what a page says of a text that stood in a field; empty of an empty one."""
    return hashlib.sha256(text.encode()).hexdigest()[:_SIGNS] if text else ""


def digests(texts: Mapping[str, str], fields: Iterable[str]) -> dict[str, str]:
    """Return what a page says of all its fields: those that are empty are left out."""
    return {field: digest(texts[field]) for field in fields if texts.get(field)}


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a page sent, by its fields: `seen` are digests of what stood there when it was opened.

    `chosen` says whose text of two is wanted, MINE or THEIRS, with the digest of the other's that was shown.
    """

    sent: Mapping[str, str]
    seen: Mapping[str, str]
    chosen: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Merged:
    """By fields: `mine` is to be kept, `theirs` stands instead of what was sent, of `disputed` nobody has chosen."""

    mine: Mapping[str, str]
    theirs: Mapping[str, str]
    disputed: frozenset[str]


def choice(whose: str, theirs: str) -> str:
    """Return the choice of one of two texts, as a page sends it, of which the other's is `theirs`."""
    return f"{whose} {digest(theirs)}"


def merge(sheet: Sheet, *, kept: Mapping[str, str], begun: Mapping[str, str]) -> Merged:
    """Hold what a page sent against what is kept; `begun` is what stands in fields of which nothing is kept."""
    mine: dict[str, str] = {}
    theirs: dict[str, str] = {}
    disputed: set[str] = set()
    for field, text in sheet.sent.items():
        now = kept.get(field, begun.get(field, ""))
        before = sheet.seen.get(field, "")
        if text == now:
            continue
        changed, moved = digest(text) != before, field in kept and digest(now) != before
        chosen = sheet.chosen.get(field, "")
        if moved and (not changed or chosen == choice(THEIRS, now)):
            theirs[field] = now
        elif moved and chosen != choice(MINE, now):
            disputed.add(field)
        elif changed:
            mine[field] = text
    return Merged(mine, theirs, frozenset(disputed))
