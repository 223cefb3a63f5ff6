"""Hand-over 「移交」: what of somebody's work is open, as the sheet lists it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracker.domain.errors import Rejected


class OpenKind(StrEnum):
    """What is open: of the unit for which somebody works, and what names himself (the last four).

    A liaison's are the lists of 「今天」 (`test_handed_over_lists` holds both together). `MESSAGE` is
    nothing to be done: it says how many messages are unread.
    """

    FORM = "form"
    SENT_BACK = "sent_back"
    INSTRUCTED = "instructed"
    ASKED = "asked"
    ASKING = "asking"
    SERVED = "served"
    RECEIPT = "receipt"
    SIGNATURE = "signature"
    APPROVAL = "approval"
    REQUEST = "request"
    MESSAGE = "message"
    PAPER = "paper"
    DRAFT = "draft"
    DEPUTY = "deputy"


@dataclass(frozen=True, slots=True)
class OpenLine:
    """One thing that is open, with its last moment where it has one.

    `number` and `clause` are those of the document, `why` says why it is open, `since` from when on it is overdue.
    """

    kind: OpenKind
    title: str
    due_at: datetime | None = None
    number: str = ""
    clause: str = ""
    why: str = ""
    since: datetime | None = None

    def as_kept(self) -> list[str]:
        """Return the line as the sheet keeps it."""
        due_at, since = (moment.isoformat() if moment else "" for moment in (self.due_at, self.since))
        return [self.kind.value, self.title, due_at, self.number, self.clause, self.why, since]


def read_kept(line: list[str]) -> OpenLine:
    """Read a line of a sheet back; earlier sheets end with the moment."""
    kind, title, due_at, number, clause, why, since = [*line, "", "", "", ""][:7]
    due, overdue = (datetime.fromisoformat(moment) if moment else None for moment in (due_at, since))
    return OpenLine(OpenKind(kind), title, due, number, clause, why, overdue)


class ReceiverUnfit(Rejected):
    """Work goes to another active account of the same unit with the same role only."""

    code = "receiver_unfit"


class ReceiverAway(Rejected):
    """Work goes to somebody who is away today knowingly only; facts: name, until, deputy."""

    code = "receiver_away"


class OpenWorkLeft(Rejected):
    """An account whose person has open work of his own is disabled after a hand-over, or knowingly.

    Facts: open, unread (messages).
    """

    code = "open_work_left"


class HandedOverAlready(Rejected):
    """All of it was handed over to the same person already, and nothing came since."""

    code = "handed_over_already"
