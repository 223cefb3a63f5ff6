"""Facts about organs that issue a paper together and countersign it."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CoIssuerNamed(Event):
    """The office named a unit as co-issuer, at a place after the host; `name` is what the paper prints."""

    type = "co_issuer.named"
    co_issuer_id: int
    circular_id: int
    purpose: str
    place: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CountersignAsked(Event):
    """The head of a co-issuer was asked to countersign words with this digest; `matter` is why one is withdrawn."""

    type = "co_issuer.asked"
    co_issuer_id: int
    circular_id: int
    purpose: str
    digest: str
    answer_by: date
    matter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Countersigned(Event):
    """The head agreed, or returned the words and said why."""

    type = "co_issuer.answered"
    co_issuer_id: int
    circular_id: int
    purpose: str
    agrees: bool
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountersignEnded(Event):
    """What was asked or signed counts no more; `because` is a code of `AskEnd`, `answered`: the head had signed."""

    type = "co_issuer.ask_ended"
    co_issuer_id: int
    circular_id: int
    because: str
    answered: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoIssuerDropped(Event):
    """A unit is no co-issuer any more; `cause` is a code of `DropCause`, `shown`: its head had the words before him."""

    type = "co_issuer.dropped"
    co_issuer_id: int
    circular_id: int
    cause: str
    shown: bool
    reason: str = ""
