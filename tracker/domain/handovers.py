"""Hand-over 「移交」: what of somebody's work is open, as the sheet lists it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tracker.domain.errors import Rejected


class OpenKind(StrEnum):
    """What is open: of the unit for which somebody works, and what names himself (the last four).

    `MESSAGE` is nothing to be done: it says how many messages are unread.
    """

    FORM = "form"
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
    """One thing that is open, with its last moment where it has one."""

    kind: OpenKind
    title: str
    due_at: datetime | None = None

    def as_kept(self) -> list[str]:
        """Return the line as the sheet keeps it."""
        return [self.kind.value, self.title, self.due_at.isoformat() if self.due_at else ""]


def read_kept(line: list[str]) -> OpenLine:
    """Read a line of a sheet back."""
    kind, title, due_at = line
    return OpenLine(OpenKind(kind), title, datetime.fromisoformat(due_at) if due_at else None)


class ReceiverUnfit(Rejected):
    """Work goes to another active account of the same unit with the same role only."""

    code = "receiver_unfit"


class OpenWorkLeft(Rejected):
    """An account whose person has open work of his own is disabled after a hand-over, or knowingly.

    Facts: open, unread (messages).
    """

    code = "open_work_left"
