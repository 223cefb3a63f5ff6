"""What the top of every page tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import g
from sqlalchemy.exc import DBAPIError

from tracker.domain.accounts import Actor, Role
from tracker.store.queries.absences import Absence
from tracker.store.queries.addressees import HEARING_ROLES
from tracker.store.queries.reminders import count_unread
from tracker.store.troubles import trouble_of
from tracker.web.access import acts_for
from tracker.web.access import services as present_services
from tracker.web.project_readers import has_projects
from tracker.web.scoring_views import has_part


@dataclass(frozen=True, slots=True)
class OfTheMoment:
    """The time, for whom the viewer acts, and how much is unread, his own and of each for whom he acts.

    `evaluates` where he has something to do with an evaluation.
    """

    now: datetime | None = None
    acts_for: Sequence[Absence] = ()
    unread: int = 0
    unread_of: Mapping[int, int] = field(default_factory=dict)
    evaluates: bool = False
    projects: bool = True


def of_the_moment(viewer: Actor | None) -> OfTheMoment:
    """Return what the top of a page tells; nothing on a page that says what failed, for it may be just that.

    A page that says another error has them where the database gives them.
    """
    if g.get("failed"):
        return OfTheMoment()
    services = present_services()
    try:
        now = services.clock.now()
        absent = acts_for(viewer) if viewer else []
        if viewer is None or viewer.role not in {*HEARING_ROLES, Role.LEADER}:
            return OfTheMoment(now, absent)
        with services.database.reading() as session:
            evaluates = has_part(session)
            if viewer.role not in HEARING_ROLES:
                return OfTheMoment(now, absent, evaluates=evaluates)
            unread = count_unread(session, user_id=viewer.for_id or viewer.user_id or 0)
            unread_of = {one.user_id: count_unread(session, user_id=one.user_id) for one in absent}
            return OfTheMoment(now, absent, unread, unread_of, evaluates, has_projects(session))
    except DBAPIError as error:
        if trouble_of(error) is None or not g.get("is_refused"):
            raise
        return OfTheMoment()
