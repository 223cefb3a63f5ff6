"""Facts about papers of the office that were served on units: receipt, and the answer that a paper asks for."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.events.base import Event
from tracker.domain.events.documents import SealedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperServed(Event):
    """A paper went to a unit; `answer_on` is the day by which an answer is wanted, that day included."""

    type = "paper.served"
    served_id: int
    circular_id: int
    wants_answer: bool
    answer_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperReceived(Event):
    """The unit signed for a paper 「签收」."""

    type = "paper.received"
    served_id: int
    circular_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAnswerWritten(Event):
    """An answer waits for the head of the unit, with its files; those of an earlier wording are `taken_out`."""

    type = "paper.answer_written"
    served_id: int
    circular_id: int
    words: str
    files: tuple[SealedRow, ...] = ()
    taken_out: tuple[SealedRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAnswerStopped(Event):
    """An answer does not leave the unit: its head gave it back, `reason` says why, or it was taken back."""

    type = "paper.answer_stopped"
    served_id: int
    circular_id: int
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAnswered(Event):
    """The head of the unit signed its answer; `words` are those that he signed."""

    type = "paper.answered"
    served_id: int
    circular_id: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperAnswerRead(Event):
    """The office has read an answer."""

    type = "paper.answer_read"
    served_id: int
    circular_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperServiceEnded(Event):
    """A paper that was not answered yet asks for nothing any more: it was withdrawn or corrected."""

    type = "paper.service_ended"
    served_id: int
    circular_id: int
