"""Inquiries and leaders' instructions as the log tells them."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(slots=True, kw_only=True)
class PastInquiry:
    """What was asked on a task, by a lead's share or by the office, and what the office was asked about it."""

    task_id: int
    assignment_id: int | None
    words: str
    answer_by: date
    coordination_words: str | None = None
    coordination_at: datetime | None = None
    decision: str | None = None
    instruction_id: int | None = None
    given_on: date | None = None
    haste: str | None = None


@dataclass(slots=True, kw_only=True)
class PastInstruction:
    """A leader's instruction on a task, and whether he has read what was answered and ended it."""

    task_id: int
    leader_id: int
    read_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class PastAsked:
    """One share that was asked; `report_id` is its answer, once that has left the unit."""

    inquiry_id: int
    assignment_id: int
    state: str = "open"
    cause: str | None = None
    reminded_at: datetime | None = None
    closed_at: datetime | None = None
    report_id: int | None = None
