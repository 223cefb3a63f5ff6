"""Two people write on one form: what each changed since the page was opened is held against what the other did.

A page tells by a digest of each field what stood there when it was opened, so that nobody's words are taken for older
than they are, and none are written over unseen.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from tracker.domain.errors import BadInput, Rejected
from tracker.domain.filings import AlreadyUnderway

# More than ten pages of an official document; a field of a form holds a paragraph.
LONGEST_JOTTING = 10_000
_SIGNS = 12
MINE, THEIRS = "mine", "theirs"
OLDER = "older-"


class JottingTooLong(BadInput):
    """A field is too long to be kept as a draft; facts: most, length."""

    code = "jotting_too_long"


class FormSent(AlreadyUnderway):
    """Somebody has sent this form, which waits for the head of the unit; facts: by, sent_at."""

    code = "form_sent"


class JottedMeanwhile(Rejected):
    """Somebody else changed fields of the form after the page was opened; facts: count."""

    code = "jotted_meanwhile"


class JottedElsewhere(Rejected):
    """The writer himself changed fields of the form on another page after this one was opened; facts: count."""

    code = "jotted_elsewhere"


def digest(text: str) -> str:
    """Return what a page says of a text that stood in a field; empty of an empty one."""
    return hashlib.sha256(text.encode()).hexdigest()[:_SIGNS] if text else ""


def digests(texts: Mapping[str, str], fields: Iterable[str]) -> dict[str, str]:
    """Return what a page says of all its fields: those that are empty are left out."""
    return {name: digest(texts[name]) for name in fields if texts.get(name)}


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
    """By fields: `mine` is to be kept, `theirs` stands instead of what was sent, of `disputed` nobody has chosen.

    What the writer kept himself from another page is in `older` where `mine` takes its place, and in `theirs` and
    `own` where he changed nothing here.
    """

    mine: Mapping[str, str]
    theirs: Mapping[str, str]
    disputed: frozenset[str]
    older: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()


def choice(whose: str, theirs: str) -> str:
    """Return the choice of one of two texts, as a page sends it, of which the other's is `theirs`."""
    return f"{whose} {digest(theirs)}"


def merge(
    sheet: Sheet, *, kept: Mapping[str, str], begun: Mapping[str, str], own: Collection[str] = frozenset()
) -> Merged:
    """Hold what a page sent against what is kept; `begun` is what stands in fields of which nothing is kept.

    Of `own` the kept text is the writer's as well: his newest words win, nobody has to choose.
    """
    mine: dict[str, str] = {}
    theirs: dict[str, str] = {}
    older: dict[str, str] = {}
    disputed: set[str] = set()
    for name, text in sheet.sent.items():
        now = kept.get(name, begun.get(name, ""))
        before = sheet.seen.get(name, "")
        if text == now:
            continue
        changed, moved = digest(text) != before, name in kept and digest(now) != before
        chosen = sheet.chosen.get(name, "")
        if moved and (not changed or chosen == choice(THEIRS, now)):
            theirs[name] = now
        elif moved and name not in own and chosen != choice(MINE, now):
            disputed.add(name)
        elif changed:
            mine[name] = text
            if moved and name in own and now not in text:  # nothing is lost of what goes on in the newer one
                older[name] = now
    return Merged(mine, theirs, frozenset(disputed), older, frozenset(name for name in theirs if name in own))


def older_field(name: str) -> str:
    """Return under which name the text stays readable of which its own writer's newer words took the place."""
    return name if name.startswith(OLDER) else f"{OLDER}{name}"
