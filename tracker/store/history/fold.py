"""State as of a moment, folded from the log alone: the same at any later time for the same cut."""

from sqlmodel import Session

from tracker.store.history import forms, inquiries, points, reports, requests, tasks
from tracker.store.history.log import Cut, Part, told
from tracker.store.history.state import State

_FOLDS = (forms.FOLDS, reports.FOLDS, tasks.FOLDS, points.FOLDS, requests.FOLDS, inquiries.FOLDS)
_TYPES = frozenset().union(*_FOLDS)


def fold(session: Session, until: Cut, *, part: Part | None = None) -> State:
    """Return the city, or a part of it, as the log told it up to a cut.

    Shares are told before the reports on them, so that of one event tasks and shares are folded after forms and
    reports, and requests, which are those of a share, at last.
    """
    part = part or Part()
    state = State(until)
    for event in told(session, until=until, types=_TYPES, part=part):
        if _is_elsewhere(event.facts.get("document_id"), part):
            continue
        for folds in _FOLDS:
            if event.type in folds:
                folds[event.type](state, event)
    return state


def _is_elsewhere(document_id: object, part: Part) -> bool:
    return part.document_id is not None and document_id is not None and document_id != part.document_id
