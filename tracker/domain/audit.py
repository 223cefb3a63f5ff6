"""What an audit finds, and the signed lines that hold the head of the chain outside of the database."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tracker.domain.errors import Unavailable


class ChainHeadGone(Unavailable):
    """The last link of the log is not there or cannot be read: nothing can be recorded, so nothing is done."""

    code = "chain_head_gone"


class FindingKind(StrEnum):
    """What does not hold: the chain, the tables against the log, a file, an edition, or an anchor."""

    LINK_GAP = "link_gap"
    LINK_JOINT = "link_joint"
    LINK_CONTENT = "link_content"
    LINK_HEAD = "link_head"
    LOG_UNGUARDED = "log_unguarded"
    LOG_UNREADABLE = "log_unreadable"
    TABLE_UNREADABLE = "table_unreadable"
    ROW_UNREADABLE = "row_unreadable"
    ROW_DIFFERS = "row_differs"
    ROW_GONE = "row_gone"
    ROW_UNTOLD = "row_untold"
    FILE_MISSING = "file_missing"
    FILE_ALTERED = "file_altered"
    FILE_UNREADABLE = "file_unreadable"
    EDITION_DIFFERS = "edition_differs"
    MONTH_DIFFERS = "month_differs"
    ANCHOR_UNREADABLE = "anchor_unreadable"
    ANCHOR_UNSIGNED = "anchor_unsigned"
    ANCHOR_OF_ANOTHER = "anchor_of_another"
    ANCHOR_CUT = "anchor_cut"
    ANCHOR_DIFFERS = "anchor_differs"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold; `facts` name it."""

    kind: FindingKind
    facts: Mapping[str, object] = field(default_factory=dict)


# tracker-anchor/1 1234 9f86d08… 2022-10-10T01:00:00+00:00 5d41402abc4b2a76 a-signature-in-base64=
_LINE = re.compile(
    r"tracker-anchor/1 (?P<seq>[0-9]{1,18}) (?P<hash>[0-9a-f]{64}) (?P<at>[0-9T:.+-]{19,40}) (?P<key>[0-9a-f]{16})"
    r" (?P<signature>[A-Za-z0-9+/=]{88})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The head of the chain at an aware time, signed with Ed25519 (RFC 8032); `key` is the short name of the key."""

    seq: int
    hash: str
    at: datetime
    key: str
    signature: str = ""

    @property
    def signed(self) -> str:
        """What the signature is of."""
        return f"tracker-anchor/1 {self.seq} {self.hash} {self.at.isoformat()} {self.key}"

    @property
    def line(self) -> str:
        return f"{self.signed} {self.signature}"


def read_anchor(line: str) -> Anchor | None:
    """Read a line as `Anchor.line` gives it; None where it is none."""
    found = _LINE.fullmatch(line.strip())
    if found is None:
        return None
    try:
        at = datetime.fromisoformat(found["at"])
    except ValueError:
        return None
    return Anchor(seq=int(found["seq"]), hash=found["hash"], at=at, key=found["key"], signature=found["signature"])


class Trail(StrEnum):
    """What the administrator of audit looks for, by the first words of the types of events."""

    LOG_INS = "log_ins"
    ACCOUNTS = "accounts"
    FILES = "files"
    PAPERS = "papers"
    SETTINGS = "settings"
    MATTERS = "matters"


# Of what else was done the log does not say whence.
WITH_ADDRESS = (Trail.LOG_INS, Trail.ACCOUNTS, Trail.FILES)
_BEGINNINGS: Mapping[Trail, frozenset[str]] = {
    Trail.LOG_INS: frozenset({"login"}),
    Trail.ACCOUNTS: frozenset({"account"}),
    Trail.FILES: frozenset({"file", "audit"}),
    Trail.PAPERS: frozenset({"circular", "co_issuer", "naming", "paper"}),
    Trail.SETTINGS: frozenset({"calendar", "clock", "outage", "reckoning", "reminder", "unit"}),
    Trail.MATTERS: frozenset(),
}


def trail_of(type_: str) -> Trail:
    """Return what an event belongs to; whatever is about no machinery is about matters."""
    beginning = type_.partition(".")[0]
    return next((trail for trail, known in _BEGINNINGS.items() if beginning in known), Trail.MATTERS)
