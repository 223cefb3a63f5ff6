"""Refusals and failures. Choose the class by what should happen next; `code` keys the Chinese sentence."""

from collections.abc import Sequence
from typing import ClassVar


class TrackerError(Exception):
    """Base of everything the application raises on purpose.

    `facts` fill the placeholders of the sentence that `tracker.wording` keeps for `code`.
    """

    code: ClassVar[str] = "error"

    def __init__(self, **facts: object) -> None:
        super().__init__(self.code, facts)
        self.facts = facts


class Rejected(TrackerError):
    """The request contradicts the state of the work; a person corrects it (HTTP 409)."""

    code = "rejected"


class Forbidden(TrackerError):
    """This person may not do this (HTTP 403)."""

    code = "forbidden"


class NotFound(TrackerError):
    """No such thing, or none that this person may see (HTTP 404)."""

    code = "not_found"


class BadInput(TrackerError):
    """What was handed in cannot be read; says where (HTTP 400)."""

    code = "bad_input"


class Faults(BadInput):
    """Several things in one form cannot be taken; `faults` are all, each with its own sentence. Facts: count."""

    code = "several_faults"

    def __init__(self, faults: Sequence[BadInput]) -> None:
        super().__init__(count=len(faults))
        self.faults = tuple(faults)


def refuse(faults: Sequence[BadInput]) -> None:
    """Refuse what has faults, all of them at once. Raises the one fault that there is, or Faults."""
    if len(faults) == 1:
        raise faults[0]
    if faults:
        raise Faults(faults)


class Unavailable(TrackerError):
    """A part we depend on is away; try later (HTTP 503)."""

    code = "unavailable"


class Stale(Rejected):
    """Somebody else changed the row since this person read it."""

    code = "stale"
