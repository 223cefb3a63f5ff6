"""Facts about what units ask for, and what is decided on it."""

from dataclasses import dataclass
from datetime import datetime

from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMooted(Event):
    """What a request was about ended before it was decided; `rows` waited for it, where not all of the share did."""

    type = "request.mooted"
    request_id: int
    kind: str
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRevived(Event):
    """What a dispute was about had not ended after all: it waits for its decision as since it was asked.

    `rows` were filed and wait with it; which rows that had ended do, their resets tell.
    """

    type = "request.revived"
    request_id: int
    kind: str
    asked_at: datetime
    rows: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAsked(Event):
    """A unit asked for more time on a row, or disputes its share; until it is decided the office has the ball.

    Of an answer to a lowered claim `claim` is what the office held to be true, `own_claim` the unit's word on its
    report; no row waits for it. `petition_id` is what the head signed; None where it left the unit at once.
    """

    type = "request.asked"
    request_id: int
    kind: str
    reason: str
    rows: tuple[int, ...]
    new_due_at: datetime | None = None
    report_id: int | None = None
    claim: str | None = None
    own_claim: str | None = None
    petition_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestGranted(Event):
    """What a unit asked for was granted; of an answered report `claim` is what is held to be true from now on.

    `asked_due_at` is the moment that was asked for, where another one was named.
    """

    type = "request.granted"
    request_id: int
    kind: str
    rows: tuple[int, ...]
    reason: str = ""
    new_due_at: datetime | None = None
    report_id: int | None = None
    claim: str | None = None
    asked_due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRefused(Event):
    type = "request.refused"
    request_id: int
    kind: str
    rows: tuple[int, ...]
    reason: str
