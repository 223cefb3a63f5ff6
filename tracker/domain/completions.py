"""Is the completion of the work in hand, and since when is it missing: one answer for class, lights and pages.

The rows that ask for it say since when, and nothing else does: a deadline alone makes no work overdue of which nobody
is asked for the completion.
"""

from dataclasses import dataclass
from datetime import datetime

from tracker.domain.lifecycle import TaskState
from tracker.domain.work_facts import Completion, LeadFacts, TaskFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class CompletionStanding:
    """How the completion stands for one lead at a moment.

    `in_hand` is where it is, whichever lead handed it in: one report is the work's. `corrected_here` where it is this
    lead's that is being corrected. `due_at` is the moment from which on it is missing, past or future; None where it is
    in hand, this lead is not asked, or its row lies with the office. `asked_at` while that clock stands still.
    `missing` where the moment is past: the work is 「逾期未办结」; `returned` where it was handed in, so that what is
    missing is its correction. `told_by_row` where that moment is the one of a correction, which is told of its own
    row, as 未补正.
    """

    in_hand: Completion
    corrected_here: bool
    due_at: datetime | None
    asked_at: datetime | None
    missing: bool
    returned: bool
    told_by_row: bool


def completion_standing(facts: TaskFacts, lead: LeadFacts, *, now: datetime) -> CompletionStanding:
    """Return how the completion of a task stands for one of its leads at `now`, an aware time.

    With the office it is in hand however late it came. While it is corrected it is so only where no lead that is asked
    for it is past its moment: what was filed in time moves the rows of all of them behind its correction.
    """
    in_hand, own = _in_hand(facts, now=now), lead.completion
    due_at = own.due_at if in_hand is Completion.NONE else None
    return CompletionStanding(
        in_hand=in_hand,
        corrected_here=in_hand is Completion.UNDER_CORRECTION and own.report is in_hand,
        due_at=due_at,
        asked_at=own.asked_at,
        missing=due_at is not None and own.is_past(now),
        returned=own.returned,
        told_by_row=own.told_by_row,
    )


def _in_hand(facts: TaskFacts, *, now: datetime) -> Completion:
    completions = [lead.completion for lead in facts.leads]
    reviewed = any(one.report is Completion.UNDER_REVIEW for one in completions)
    if reviewed or facts.state is TaskState.UNDER_REVIEW:
        return Completion.UNDER_REVIEW
    corrected = any(one.report is Completion.UNDER_CORRECTION for one in completions)
    past = any(one.is_past(now) for one in completions)
    return Completion.UNDER_CORRECTION if corrected and not past else Completion.NONE
