"""The trend of what is overdue, as the pages that draw it show it."""

from sqlmodel import Session

from tracker.domain.calendar import local_day
from tracker.store.queries.rollups import by_week
from tracker.web.access import services
from tracker.wording.trends import trend_words

_WEEKS = 12


def trend_shown(session: Session) -> dict[str, object]:
    """Return the weeks that `macros/weeks.html` draws, and what they say."""
    weeks = by_week(session, weeks=_WEEKS)
    figures = [(week.begins_on, week.overdue) for week in weeks]
    return {"weeks": weeks, "trend": trend_words(figures, today=local_day(services().clock.now()))}
