"""Every disagreement of the tables with the log, where a test wants them all at once."""

from collections.abc import Iterator

from sqlmodel import Session

from tracker.store.history.agreement import comparisons
from tracker.store.history.disagreement import Disagreement
from tracker.store.history.state import State
from tracker.store.history.told_rows import read_told_rows


def disagreements(session: Session, state: State) -> Iterator[Disagreement]:
    """Yield where the tables differ from the state that the whole log tells up to now."""
    for comparison in comparisons(session, state, read_told_rows(session)):
        yield from comparison.find()
