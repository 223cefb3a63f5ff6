"""Facts about the boxes of evidence of units 「佐证箱」."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxFilePut(Event):
    """A file was put into a unit's box; `replaces_id` is the version that it takes the place of.

    `from_report_id` is the other unit's answer that it came with.
    """

    type = "box.file_put"
    box_file_id: int
    name: str
    sha256: str
    size_bytes: int
    media_type: str
    good_until: date | None = None
    replaces_id: int | None = None
    from_report_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxFileTermSet(Event):
    """The last day on which a file may be attached was set, or that it has none."""

    type = "box.term_set"
    box_file_id: int
    good_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxFileOut(Event):
    """A file was taken out of a unit's box; reports that carry it keep it."""

    type = "box.file_out"
    box_file_id: int
