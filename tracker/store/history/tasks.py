"""What events say of tasks and shares."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from tracker.domain.filings import ReportKind, ReportState, RequestKind
from tracker.domain.items import AssignmentRole, CadenceKind
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, AssignmentAction, AssignmentState, TaskAction, TaskState
from tracker.store.history.log import Told
from tracker.store.history.state import PastShare, PastTask, State
from tracker.store.history.told import correct_anew, day_told


def _document_issued(state: State, told: Told) -> None:
    document_id = told.facts["document_id"]
    for task_id in told.facts.get("task_ids", ()):
        state.tasks[task_id] = PastTask(task_id=task_id, document_id=document_id, issued_at=told.at, events=[told.seq])
    _keep_shares(state, told)


def _tasks_carried(state: State, told: Told) -> None:
    """Tasks that were issued before events told them all, as they stood then."""
    for task in told.facts["tasks"]:
        completed_at, due_on = task["completed_at"], task["due_on"]
        state.tasks[task["task_id"]] = PastTask(
            task_id=task["task_id"],
            document_id=told.facts["document_id"],
            issued_at=datetime.fromisoformat(task["issued_at"]),
            state=TaskState(task["state"]),
            outcome=task["outcome"],
            completed_at=datetime.fromisoformat(completed_at) if completed_at else None,
            deadline_moved=due_on is not None,
            due_on=date.fromisoformat(due_on) if due_on else None,
            triggered=task["triggered"],
            events=[told.seq],
        )
    _keep_shares(state, told)


def _keep_shares(state: State, told: Told) -> None:
    for share in told.facts.get("shares", ()):
        _keep_share(state, told, share)


def _keep_share(state: State, told: Told, share: Mapping[str, Any]) -> None:  # Any: a share as an event tells it
    task = state.tasks.get(share["task_id"])
    if task is None:
        return
    state.keep(
        PastShare(
            assignment_id=share["assignment_id"],
            task_id=share["task_id"],
            unit_id=share["unit_id"],
            role=AssignmentRole(share["role"]),
            duty=share.get("duty", "report"),
            got_at=max(told.at if told.type == "share.added" else task.issued_at, task.issued_at),
            state=AssignmentState(share.get("state", AssignmentState.PENDING_RECEIPT.value)),
            given=told.type == "share.added",
        )
    )


def _assignment_received(state: State, told: Told) -> None:
    share = state.shares.get(told.facts["assignment_id"])
    if share is None:
        return
    share.advance(AssignmentAction.RECEIVE, at=told.at)
    task = state.tasks[share.task_id]
    if share.is_lead and task.state is TaskState.ISSUED:
        task.advance(TaskAction.START)
        task.events.append(told.seq)


def _filing_submitted(state: State, told: Told) -> None:
    for assignment_id in told.facts.get("shares", ()):
        if (share := state.shares.get(assignment_id)) is not None:
            share.advance(AssignmentAction.START, at=told.at)


def _completion(share_action: AssignmentAction, task_action: TaskAction | None) -> Callable[[State, Told], None]:
    """Return what a lead's completion report does to its task, and anybody's to its share.

    One that is returned does nothing to either while another of the share is under review, `beside` it.
    """

    def fold(state: State, told: Told) -> None:
        share = state.share_of(told.task_id, told.unit_id)
        if share is None or told.facts["kind"] != ReportKind.COMPLETION.value or told.facts.get("beside"):
            return
        share.advance(share_action, at=told.at)
        if share.is_lead and task_action is not None and not _still_under_review(state, share, task_action):
            # A returned closing report leaves its task 失效待结, as it was before.
            _move(state, told, TaskAction.LAPSE if told.facts.get("closing") else task_action)

    return fold


def _still_under_review(state: State, share: PastShare, action: TaskAction) -> bool:
    """Tell whether another lead's completion keeps a task under review though this one's was returned."""
    leads = {other.assignment_id for other in state.shares_of(share.task_id) if other.is_lead}
    return action is TaskAction.RETURN and any(
        report.assignment_id in leads - {share.assignment_id}
        and report.kind == ReportKind.COMPLETION.value
        and report.state == ReportState.FILED.value
        for report in state.reports.values()
    )


def _move(state: State, told: Told, action: TaskAction) -> PastTask | None:
    """Advance the task that an event speaks of, the event noted; None where it is not in the part that is folded."""
    task = state.tasks.get(told.task_id or 0)
    if task is not None:
        task.advance(action)
        task.events.append(told.seq)
    return task


def _moved_by(action: TaskAction) -> Callable[[State, Told], None]:
    def fold(state: State, told: Told) -> None:
        task = _move(state, told, action)
        if task is not None and (due_on := told.facts.get("new_deadline_on")):
            task.deadline_moved, task.due_on = True, date.fromisoformat(due_on)

    return fold


def _task_completed(state: State, told: Told) -> None:
    if (task := _move(state, told, TaskAction.COMPLETE)) is not None:
        task.outcome, task.completed_at = told.facts["outcome"], told.at


def _task_superseded(state: State, told: Told) -> None:
    if (task := _move(state, told, TaskAction.CANCEL)) is not None:
        task.superseded = True
        _release(state, told, task)


def _task_cancelled(state: State, told: Told) -> None:
    if (task := _move(state, told, TaskAction.CANCEL)) is not None:
        _release(state, told, task)


def _release(state: State, told: Told, task: PastTask) -> None:
    for share in state.shares_of(task.task_id):
        share.advance(AssignmentAction.RELEASE, at=told.at)


def _task_resumed(state: State, told: Told) -> None:
    _moved_by(TaskAction.RESUME)(state, told)
    _begin_anew(state, told)
    correct_anew(state, told, day_told(told.facts.get("correct_by")))


def _task_reopened(state: State, told: Told) -> None:
    _moved_by(TaskAction.REOPEN)(state, told)
    if not told.facts.get("with_document"):  # else nobody gets it anew
        _begin_anew(state, told)
    if (task := state.tasks.get(told.task_id or 0)) is not None:
        task.outcome = task.completed_at = None
        for share in state.shares_of(task.task_id):
            share.advance(AssignmentAction.REOPEN, at=told.at)


def _begin_anew(state: State, told: Told) -> None:
    """Units get a task that goes on again on that day."""
    for share in state.shares_of(told.task_id):
        if share.state not in ASSIGNMENT_ENDED:
            share.got_at = told.at


def _task_archived(state: State, told: Told) -> None:
    task = state.tasks.get(told.task_id or 0)
    if task is not None:
        task.archived_from = task.state
        _move(state, told, TaskAction.ARCHIVE)


def _deadline_changed(state: State, told: Told) -> None:
    if (task := state.tasks.get(told.task_id or 0)) is not None:
        new_on = told.facts["new_on"]
        task.deadline_moved, task.due_on = True, date.fromisoformat(new_on) if new_on else None
        task.events.append(told.seq)


def _key_marked(state: State, told: Told) -> None:
    if (task := state.tasks.get(told.task_id or 0)) is not None:
        task.key_reason = told.facts["reason"]
        task.events.append(told.seq)


def _key_lifted(state: State, told: Told) -> None:
    if (task := state.tasks.get(told.task_id or 0)) is not None:
        task.key_reason = None
        task.events.append(told.seq)


def _interval_set(state: State, told: Told) -> None:
    if (task := state.tasks.get(told.task_id or 0)) is not None:
        task.interval = CadenceKind(told.facts["interval"])
        task.events.append(told.seq)


def _trigger_recorded(state: State, told: Told) -> None:
    if (task := state.tasks.get(told.task_id or 0)) is not None:
        task.triggered = True


def _share_added(state: State, told: Told) -> None:
    """A new share, one given back to a unit that had been let go, or a greater part of one that it has."""
    share = state.shares.get(told.facts["assignment_id"])
    if share is None:
        _keep_share(state, told, {**told.facts, "task_id": told.task_id, "unit_id": told.unit_id})
        return
    share.given, share.given_before = True, share.given and share.state not in ASSIGNMENT_ENDED
    share.advance(AssignmentAction.ENTRUST, at=told.at)
    share.role, share.duty = AssignmentRole(told.facts["role"]), told.facts["duty"]
    share.got_at = told.at


def _share_lowered(state: State, told: Told) -> None:
    if (share := state.shares.get(told.facts["assignment_id"])) is not None:
        share.advance(AssignmentAction.LOWER, at=told.at)
        share.given = share.given_before
        share.role, share.duty = AssignmentRole(told.facts["role"]), told.facts["duty"]
        share.got_at = told.at


def _share_ended(state: State, told: Told) -> None:
    if (share := state.shares.get(told.facts["assignment_id"])) is not None:
        share.enter(AssignmentState(told.facts["state"]), at=told.at)


def _disputed(action: AssignmentAction) -> Callable[[State, Told], None]:
    def fold(state: State, told: Told) -> None:
        share = state.share_of(told.task_id, told.unit_id)
        if share is None or told.facts["kind"] != RequestKind.DISPUTE.value:
            return
        # A merger makes one share of two: it is in dispute until the last of its disputes is decided.
        others = {id_ for id_, one in state.requests.items() if one.is_dispute_of(share.assignment_id)}
        if action is not AssignmentAction.UPHOLD or not others - {told.facts["request_id"]}:
            share.advance(action, at=told.at)

    return fold


def _share_moved(state: State, told: Told) -> None:
    """A merger moved a share; where the successor had one already the two became one."""
    facts = told.facts
    share, kept = state.shares.get(facts["assignment_id"]), state.shares.get(facts["into_assignment_id"])
    if share is None or kept is None:
        return
    kept.role, kept.duty, kept.succeeds = AssignmentRole(facts["role"]), facts["duty"], True
    if kept is share:
        share.unit_id = told.unit_id or 0
        state.keep(share)
        return
    over = kept.state in ASSIGNMENT_ENDED
    kept.got_at = share.got_at if over else min(share.got_at, kept.got_at)
    kept.enter(AssignmentState(facts.get("state") or (share if over else kept).state), at=told.at)
    for voiced in facts.get("voices", ()):
        if (report := state.reports.get(voiced["report_id"])) is not None:
            report.voice = voiced["voice"]
    share.enter(AssignmentState.REASSIGNED, at=told.at)
    for report in state.reports.values():
        if report.assignment_id == share.assignment_id and (report.state != "accepted" or facts.get("accepted_too")):
            report.assignment_id = kept.assignment_id


FOLDS: Mapping[str, Callable[[State, Told], None]] = {
    "document.issued": _document_issued,
    "tasks.carried": _tasks_carried,
    "assignment.received": _assignment_received,
    "filing.submitted": _filing_submitted,
    "report.filed": _completion(AssignmentAction.SUBMIT, TaskAction.REQUEST_COMPLETION),
    "report.verified": _completion(AssignmentAction.ACCEPT, None),
    "report.given_back": _completion(AssignmentAction.RETURN, TaskAction.RETURN),
    "request.asked": _disputed(AssignmentAction.DISPUTE),
    "request.refused": _disputed(AssignmentAction.UPHOLD),
    "request.mooted": _disputed(AssignmentAction.UPHOLD),
    "request.revived": _disputed(AssignmentAction.REVIVE),
    "task.completed": _task_completed,
    "task.closed": _moved_by(TaskAction.CLOSE),
    "task.reopened": _task_reopened,
    "task.suspended": _moved_by(TaskAction.SUSPEND),
    "task.resumed": _task_resumed,
    "task.cancelled": _task_cancelled,
    "task.archived": _task_archived,
    "task.lapsed": _moved_by(TaskAction.LAPSE),
    "task.superseded": _task_superseded,
    "task.deadline_changed": _deadline_changed,
    "task.key_marked": _key_marked,
    "task.key_lifted": _key_lifted,
    "task.interval_set": _interval_set,
    "trigger.recorded": _trigger_recorded,
    "share.added": _share_added,
    "share.ended": _share_ended,
    "share.lowered": _share_lowered,
    "share.moved": _share_moved,
}
