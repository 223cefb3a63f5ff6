"""State as of a moment, folded from the log alone: the same at any later time for the same cut."""

from sqlmodel import Session

from tracker.store.history import forms, inquiries, points, reports, requests, tasks
from tracker.store.history.log import Cut, Part, Told, readable, told
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
        _fold(state, event, part)
    return state


def fold_readable(session: Session, until: Cut, unread: set[int]) -> State:
    """Return the city as the whole log tells it but for events that say what no program wrote: they go to `unread`."""
    state = State(until)
    for event in readable(session, _TYPES, unread=unread):
        try:
            _fold(state, event, Part())
        except Exception:  # what no program wrote raises whatever it likes
            unread.add(event.seq)
    return state


def _fold(state: State, event: Told, part: Part) -> None:
    if not _is_elsewhere(event.facts.get("document_id"), part):
        for folds in _FOLDS:
            if event.type in folds:
                folds[event.type](state, event)


def _is_elsewhere(document_id: object, part: Part) -> bool:
    return part.document_id is not None and document_id is not None and document_id != part.document_id
