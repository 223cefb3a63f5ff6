"""Who reads which projects, and whether projects are any of somebody's business."""

from datetime import timedelta

from sqlmodel import Session

from tracker.domain.audiences import OVERSEERS
from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound
from tracker.domain.projects.lists import Keeper, keeps_any, kept_by, read_by, says_statistics
from tracker.domain.projects.records import Project, answered_lists, month_of
from tracker.domain.scoring.inputs import Month
from tracker.domain.units import Unit, UnitKind
from tracker.store.queries.counted_months import month_collected
from tracker.store.queries.projects import EVERY_PROJECT, ProjectScope, projects, reads_any_project, unit_code
from tracker.store.queries.registry import unit_registry
from tracker.store.queries.units import units_read_for
from tracker.web.access import actor, services
from tracker.web.scoring_views import is_evaluated

_OBJECTS = frozenset({UnitKind.LOWER_GOVERNMENT, UnitKind.ZONE})


def keeper(session: Session) -> Keeper:
    """Return who is asking, as far as projects are concerned."""
    return Keeper(actor().role, unit_code(session, actor().unit_id))


def scope(session: Session) -> ProjectScope:
    """Return whose projects the viewer reads: all, or those of his county and of the lists that his unit supplies."""
    if actor().role in OVERSEERS:
        return EVERY_PROJECT
    return ProjectScope(units_read_for(session, actor().unit_id), read_by(keeper(session), services().project_lists))


def has_projects(session: Session) -> bool:
    """Tell whether projects are any of the viewer's business: who keeps a list, reads some or is evaluated by them.

    An evaluated body is led to its projects before the first is on record: it is to see that none is. Overseers anyway.
    """
    if actor().role in OVERSEERS or read_by(keeper(session), services().project_lists):
        return True
    return is_evaluated(session) or reads_any_project(session, scope=scope(session))


def own_project(project_id: int) -> Project:
    """Return a project that the viewer may read: what he may not is not there. Raises NotFound."""
    with services().database.reading() as session:
        found = projects(session, scope=scope(session), ids=[project_id])
    if not found:
        raise NotFound()
    return found[0]


def require_list(code: str) -> None:
    """Look whether the viewer keeps a list: to anybody else it is none. Raises NotFound."""
    with services().database.reading() as session:
        if code not in {one.code for one in kept_by(keeper(session), services().project_lists)}:
            raise NotFound()


def kept_project(project_id: int, *, or_statistics: bool = False) -> Project:
    """Return a project that the viewer enters and corrects: to anybody else there is no such way. Raises NotFound."""
    project, lists = own_project(project_id), services().project_lists
    codes = answered_lists(project.listings, today=local_day(services().clock.now()))
    with services().database.reading() as session:
        who = keeper(session)
    if not keeps_any(who, lists, codes=codes) and not (or_statistics and says_statistics(who, lists)):
        raise NotFound()
    return project


def counties(session: Session) -> dict[str, Unit]:
    """Return the objects of the evaluation by their codes: counties, districts and zones."""
    known = unit_registry(session, groups=services().groups)
    return {unit.code: unit for unit in known.units if unit.kind in _OBJECTS}


def last_month() -> Month:
    """Return the last month that is over: what is due in the running one may still be done in it."""
    first = local_day(services().clock.now()).replace(day=1)
    return month_of(first - timedelta(days=1))


def this_month() -> Month:
    return month_of(local_day(services().clock.now()))


def month_to_tell(session: Session) -> Month:
    """Return the month with which forms begin: the newest of which data is collected, for it is told when it is over.

    The running one where none is collected.
    """
    return month_collected(session, services().project_lists.document) or this_month()
