"""What of an envelope can leave its unit, over everything that may have happened since it was written."""

from itertools import product

from tracker.domain.filings import ReportKind
from tracker.domain.leaving import stays_because
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING, AssignmentState, TaskState
from tracker.domain.owed import RowState
from tracker.wording.endings import stayed_words

_OTHERWISE = stayed_words("another cause")


def test_every_report_leaves_or_stays_for_a_cause_that_has_words_of_its_own() -> None:
    rows, shares = [None, *RowState], [None, *AssignmentState]
    for kind, row, share, task in product(ReportKind, rows, shares, [None, *TaskState]):
        cause = stays_because(kind, row=row, settled_by="interval_set", share=share, task=task)
        paused = kind is ReportKind.COMPLETION and task is TaskState.SUSPENDED
        goes_on = task is None or task in TASK_OWING or task is TaskState.SUSPENDED
        taken = row in (None, RowState.OPEN, RowState.RETURNED)
        assert (cause is None) == (goes_on and taken and share not in ASSIGNMENT_ENDED and not paused)
        assert cause is None or stayed_words(cause) != _OTHERWISE


def test_what_ended_is_told_before_the_row_that_ended_with_it() -> None:
    def cause(**facts: object) -> str | None:
        known = {"row": RowState.WAIVED, "settled_by": "task_resumed", "share": None, "task": None, **facts}
        return stays_because(ReportKind.PROGRESS, **known)  # type: ignore[arg-type] # facts of a test

    released, reassigned = AssignmentState.RELEASED, AssignmentState.REASSIGNED
    assert cause(task=TaskState.IN_PROGRESS) == "task_resumed"
    assert cause(task=TaskState.CANCELLED, share=released) == "task_cancelled"
    assert cause(task=TaskState.CANCELLED, share=released, settled_by="task_superseded") == "task_superseded"
    assert cause(task=TaskState.IN_PROGRESS, share=reassigned) == "share_reassigned"
    assert cause(task=TaskState.IN_PROGRESS, row=RowState.FILED) == "already_reported"
