"""Facts about praise and criticism by name, served on the unit before it is published."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingServed(Event):
    """A unit was told what a draft would say of it; it may answer until `answer_by`, that day included."""

    type = "naming.served"
    naming_id: int
    circular_id: int
    act: str
    proposal: str
    words: str
    answer_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingAnswered(Event):
    """The unit agreed, or objected and said why.

    `proposed` where a liaison agreed whose head may object yet: it waives no day.
    """

    type = "naming.answered"
    naming_id: int
    circular_id: int
    agrees: bool
    words: str = ""
    proposed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingKept(Event):
    """The office said why the unit is named in spite of its objection."""

    type = "naming.kept"
    naming_id: int
    circular_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingEnded(Event):
    """Nothing is to be answered any more: the paper was issued, or put away; `redrafted`: for one made anew."""

    type = "naming.ended"
    naming_id: int
    circular_id: int
    issued: bool
    redrafted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NamingLeftOut(Event):
    """What was served is not said: the office took it out after an objection, or the paper was `issued` without it."""

    type = "naming.left_out"
    naming_id: int
    circular_id: int
    issued: bool
