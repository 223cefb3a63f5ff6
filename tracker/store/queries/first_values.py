"""What was told first of a project's investment in a month, whatever it was corrected to."""

import json
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.events.projects import ProjectValueGiven, about_project
from tracker.domain.projects.records import month_of
from tracker.domain.scoring.inputs import Month
from tracker.store.tables.events import EventRow
from tracker.store.tables.projects import SiteCheckRow


def first_values(session: Session, checks: Sequence[SiteCheckRow]) -> dict[tuple[int, Month], int]:
    """Return what was told first, in 元, of the months of checks that were registered before it, by project and month.

    A correction of it is none: by then everybody knew what was found on site, and no difference would ever be left.
    """
    wanted = {(one.project_id, month_of(one.month)) for one in checks}
    told = select(col(EventRow.payload)).where(
        col(EventRow.about).in_(sorted({about_project(one.project_id) for one in checks})),
        col(EventRow.about).is_not(None),
        col(EventRow.type) == ProjectValueGiven.type,
    )
    first: dict[tuple[int, Month], int] = {}
    for facts in map(json.loads, session.scalars(told.order_by(col(EventRow.seq))) if wanted else ()):
        key = facts["project_id"], month_of(date.fromisoformat(facts["month"]))
        if key in wanted:
            first.setdefault(key, facts["invested"])
    return first
