"""Facts about what leads and the office ask of other units of a task, and what became of it."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.events.base import Event

# Why an inquiry ends with a merger: the units are one now, or the one was asked the same already.
UNITED = "units_merged"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedShare:
    """One unit's share that is asked, with the unit as it was then."""

    asked_id: int
    assignment_id: int
    unit_id: int


class _OfInquiry:
    """An event is looked for by its inquiry."""

    __slots__ = ()
    inquiry_id: int

    def about(self) -> str | None:
        return about_inquiry(self.inquiry_id)


def about_inquiry(inquiry_id: int) -> str:
    """Return by what the events of an inquiry are looked for."""
    return f"inquiry:{inquiry_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryAsked(_OfInquiry, Event):
    """A lead asked, by its share, or the office, without one; an answer is wanted by a day, inclusive."""

    type = "inquiry.asked"
    inquiry_id: int
    assignment_id: int | None
    words: str
    answer_by: date
    asked: tuple[AskedShare, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryReminded(_OfInquiry, Event):
    """Who asked reminded one unit."""

    type = "inquiry.reminded"
    inquiry_id: int
    asked_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryAnswered(_OfInquiry, Event):
    """A unit's answer has left it."""

    type = "inquiry.answered"
    inquiry_id: int
    asked_id: int
    report_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryWithdrawn(_OfInquiry, Event):
    """Who asked wants no answer any more of those who have not answered."""

    type = "inquiry.withdrawn"
    inquiry_id: int
    asked: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryEnded(_OfInquiry, Event):
    """The work, or a share that it is about, ended before the unit answered."""

    type = "inquiry.ended"
    inquiry_id: int
    asked_id: int
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinationAsked(_OfInquiry, Event):
    """A lead asks the office to coordinate with those who were silent past the day wanted 「提请协调」."""

    type = "inquiry.coordination_asked"
    inquiry_id: int
    words: str
    silent: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinationDecided(_OfInquiry, Event):
    """The office said what is to be done; nobody waits for an answer of those any more."""

    type = "inquiry.coordination_decided"
    inquiry_id: int
    words: str
    silent: tuple[int, ...]
