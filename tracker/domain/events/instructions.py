"""Facts about leaders' instructions 「批示」; what units answer is told by the events of inquiries."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.events.base import Event
from tracker.domain.events.documents import SealedRow
from tracker.domain.events.inquiries import AskedShare, about_inquiry


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionGiven(Event):
    """A leader asks units in his words, by a day, inclusive, or the office wrote down that he does 「代录」.

    The instruction is open from now on; the event is looked for by its inquiry.
    """

    type = "instruction.given"
    instruction_id: int
    inquiry_id: int
    leader_id: int
    given_by: str
    given_on: date
    haste: str
    words: str
    answer_by: date
    asked: tuple[AskedShare, ...]
    recorded_by: str | None = None
    files: tuple[SealedRow, ...] = ()

    def about(self) -> str | None:
        return about_inquiry(self.inquiry_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionRepeated(InstructionGiven):
    """The next answer to a standing instruction is asked for."""

    type = "instruction.repeated"


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionRead(Event):
    """The leader has read what was answered so far 「已阅」."""

    type = "instruction.read"
    instruction_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionClosed(Event):
    """The leader ended it 「了结」; nobody waits for an answer of those asked who were silent."""

    type = "instruction.closed"
    instruction_id: int
    asked: tuple[int, ...]
