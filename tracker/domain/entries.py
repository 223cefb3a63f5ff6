"""What a form says, as it comes from a page, a sheet or a scenario."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tracker.domain.claims import RowContent
from tracker.domain.filings import Outcome


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file that lies in the evidence store already; `from_report_id` is the other unit's answer it came with."""

    sha256: str
    name: str
    size_bytes: int
    media_type: str
    requirement_id: int | None = None
    from_report_id: int | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What a form says about one share: `values` maps a target's id to its value and the day it is of.

    `evidence_reason` is kept where mandatory evidence lacks.
    """

    assignment_id: int
    content: RowContent
    values: Mapping[int, tuple[float, date | None]] = field(default_factory=dict)
    files: Sequence[AttachedFile] = ()
    outcome: Outcome | None = None
    evidence_reason: str = ""
