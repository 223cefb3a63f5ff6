"""What events say of requests that wait for a decision: a row asked for is not one held for a completion."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from tracker.domain.filings import RequestKind
from tracker.store.history.log import Told
from tracker.store.history.state import PastRequest, State
from tracker.store.history.told import time_told


def _asked(state: State, told: Told) -> None:
    facts = told.facts
    share = state.share_of(told.task_id, told.unit_id)
    if share is None:
        return
    if facts["kind"] == RequestKind.OBJECTION.value:  # no row waits for it
        state.objections[facts["request_id"]] = share.assignment_id
        return
    row_id = facts["rows"][0] if facts["kind"] == RequestKind.EXTENSION.value else None
    request = PastRequest(assignment_id=share.assignment_id, row_id=row_id, asked_at=told.at)
    state.requests[facts["request_id"]] = request


def _carried(state: State, told: Told) -> None:
    """What is asked for when reckoning by series begins waits for an extension, whose number the log did not tell."""
    for form in told.facts["periods"]:
        for row in form["rows"]:
            if row.get("pending_at") and row["assignment_id"] is not None and not row.get("held"):
                asked_at = time_told(row["pending_at"])
                request = PastRequest(assignment_id=row["assignment_id"], row_id=row["row_id"], asked_at=asked_at)
                state.requests[-row["row_id"]] = request


def _decided(state: State, told: Told) -> None:
    state.objections.pop(told.facts["request_id"], None)
    for id_ in (told.facts["request_id"], *(-row_id for row_id in told.facts["rows"])):
        if (request := state.requests.pop(id_, None)) is not None:
            state.decided[request.assignment_id] = told.at


def _row_moved(state: State, told: Told) -> None:
    row_id, into_row_id = told.facts["row_id"], told.facts["into_row_id"]
    for id_, request in state.requests.items():
        if request.row_id == row_id:
            state.requests[id_] = replace(request, row_id=into_row_id)


def _share_moved(state: State, told: Told) -> None:
    assignment_id, goes_on = told.facts["assignment_id"], told.facts["into_assignment_id"]
    for id_, request in state.requests.items():
        if request.assignment_id == assignment_id:
            state.requests[id_] = replace(request, assignment_id=goes_on)
    for id_, share_id in state.objections.items():
        if share_id == assignment_id:
            state.objections[id_] = goes_on


FOLDS: Mapping[str, Callable[[State, Told], None]] = {
    "series.carried": _carried,
    "request.asked": _asked,
    "request.granted": _decided,
    "request.refused": _decided,
    "request.mooted": _decided,
    "request.revived": _asked,
    "row.moved": _row_moved,
    "share.moved": _share_moved,
}
