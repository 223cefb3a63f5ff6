"""How many tasks of a city stand in each class, counted from what pages and papers show of them."""

from collections import Counter
from datetime import datetime

from sqlmodel import Session

from tracker.domain.progress import Work
from tracker.domain.windows import Reckoning
from tracker.store.queries.work import task_standings


def work_counts(session: Session, *, now: datetime, by: Reckoning) -> dict[Work, int]:
    """Count the issued tasks by class; every class is named."""
    counted = Counter(found.work.work for found in task_standings(session, now=now, by=by))
    return {work: counted[work] for work in Work}
