"""What of an envelope can leave its unit: the one rule for the page that asks for a signature and the act.

An envelope is as old as its writing. What the office did to the work since decides what of it is still asked for.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from tracker.domain.errors import Rejected
from tracker.domain.filings import ReportKind
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING, AssignmentState, TaskState
from tracker.domain.owed import RowState

# Causes besides those by which rows are settled.
ALREADY_REPORTED = "already_reported"
_SIGNS = 16
_BY_TASK = {
    TaskState.CANCELLED: "task_cancelled",
    TaskState.SUSPENDED: "task_suspended",
    TaskState.ARCHIVED: "task_archived",
}
_BY_SHARE = {AssignmentState.REASSIGNED: "share_reassigned", AssignmentState.RELEASED: "share_released"}


class NothingLeaves(Rejected):
    """Nothing of an envelope can leave the unit any more; facts: items, why (the causes)."""

    code = "nothing_leaves"


class EnvelopeChanged(Rejected):
    """What of an envelope can leave is not what its page showed: nobody signs what he has not seen."""

    code = "envelope_changed"


@dataclass(frozen=True, slots=True)
class Leaving:
    """The reports of one envelope by their ids: those that can leave now, and why each of the others stays."""

    leave: frozenset[int] = frozenset()
    stay: Mapping[int, str] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """What a page names this by; of the same reports, of which others leave or stay, it is another one."""
        parted = f"{sorted(self.leave)}{sorted(self.stay.items())}"
        return hashlib.sha256(parted.encode()).hexdigest()[:_SIGNS]


@dataclass(frozen=True, slots=True)
class Signed:
    """What became of an envelope that was signed: how many rows left the unit, and how many stayed, the tick too.

    `ticked` is how many other shares its tick speaks of.
    """

    left: int
    stayed: int
    ticked: int


def stays_because(
    kind: ReportKind,
    *,
    row: RowState | None,
    settled_by: str | None,
    share: AssignmentState | None,
    task: TaskState | None,
    wanted: bool = False,
) -> str | None:
    """Return the cause for which a report cannot leave its unit now, as rows are settled by; None where it can.

    What ended is told before the row that ended with it. A completion of suspended work could not be decided; progress
    that was made before the suspension is told. Outside forms there is no row, and a tick has no share. An answer that
    is still `wanted` leaves: what was asked ends with the work, or outlives it.
    """
    if wanted:
        return None
    if task is not None and task not in TASK_OWING and task is not TaskState.SUSPENDED:
        return "task_superseded" if settled_by == "task_superseded" else _BY_TASK.get(task, "task_completed")
    if share is not None and share in ASSIGNMENT_ENDED:
        return _BY_SHARE[share]
    if row not in (None, RowState.OPEN, RowState.RETURNED):
        return ALREADY_REPORTED if row in (RowState.FILED, RowState.ACCEPTED) else settled_by or "settled"
    if kind is ReportKind.COMPLETION and task is TaskState.SUSPENDED:
        return _BY_TASK[task]
    return None
