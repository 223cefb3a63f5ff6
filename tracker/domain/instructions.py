"""A leader's instruction 「批示」 on a task: exact words that ask units for an answer by a day, until he ends it.

Each writing of it is an inquiry (`domain/inquiries.py`): no duty, no moment of a form, no light.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from tracker.domain.entered import check_day
from tracker.domain.errors import BadInput, Rejected
from tracker.domain.lifecycle import TASK_OWING, TaskState
from tracker.domain.policy import ReminderPolicy

# Completed work may be asked about again: that opens the instruction, never the task.
TASK_INSTRUCTED: frozenset[TaskState] = TASK_OWING | {TaskState.COMPLETED, TaskState.CLOSED}
# What a unit owes a leader's answer for outlives these ends of its work.
OUTLIVED = frozenset({"task_completed", "document_expired"})
# Why what was asked before is not waited for any more: the same unit is asked anew.
ASKED_ANEW = "asked_anew"


class Haste(StrEnum):
    """How soon units answer 「急缓」: once within days, or every week until the leader ends it 「长期」."""

    URGENT = "urgent"
    ORDINARY = "ordinary"
    STANDING = "standing"


class GivenInTheFuture(BadInput):
    """An instruction is dated after today; facts: day."""

    code = "given_in_the_future"


class NobodyInstructed(BadInput):
    """No unit was chosen."""

    code = "nobody_instructed"


class NoSuchLeader(BadInput):
    """Whose instruction is recorded is no leader with an account in use."""

    code = "no_such_leader"


class GivenAlready(Rejected):
    """The same words to the same units are open already, of the same leader and day: it was sent twice; facts: day."""

    code = "given_already"


class InstructionOver(Rejected):
    """The instruction was ended already."""

    code = "instruction_over"


def haste_workdays(policy: ReminderPolicy) -> Mapping[Haste, int]:
    """Return the working days that each haste proposes, counted from the day after units are told."""
    return {
        Haste.URGENT: policy.urgent_instruction_workdays,
        Haste.ORDINARY: policy.instruction_workdays,
        Haste.STANDING: policy.standing_instruction_workdays,
    }


def check_given_on(day: date, *, today: date) -> date:
    """Return the day of an instruction. Raises DayOutOfBounds, GivenInTheFuture."""
    check_day(day, field="批示日期")
    if day > today:
        raise GivenInTheFuture(day=day)
    return day
