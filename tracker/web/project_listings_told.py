"""What whoever changes how a project stands on lists is told: what became of the row, and what goes along with it."""

from dataclasses import replace
from datetime import date

from tracker.domain.projects.acts import Place
from tracker.domain.projects.placing import ended_before, former_of, going_along, placed
from tracker.domain.projects.records import Listing, Project, came_until
from tracker.web.access import services
from tracker.wording.projects import along_words, left_words, placed_words


def placed_told(project: Project, place: Place) -> str:
    """Say what placing a project does to its rows as they stood before."""
    known = [one for one in project.listings if (one.list, one.year) == (place.list, place.year)]
    former = former_of(project.listings, place.list, place.year, of_year=_of_year(place.list, place.year))
    before, now = placed(known, place, former)
    return placed_words(known, before, now) + _along(project, now, ended_before(known, before, now, former))


def left_told(project: Project, code: str, year: int, on: date) -> str:
    """Say from which row on a list of a year a project is taken off on a day, as its rows stood before."""
    left = came_until(project.listings, code, on=on, year=year)
    along = _along(project, replace(left, until=on), left.until) if left else ""
    return left_words(left, on) + along


def _along(project: Project, now: Listing, ended: date | None) -> str:
    """Say which rows of later years go along where a row ends otherwise than it did."""
    return "" if _of_year(now.list, now.year) else along_words(going_along(project.listings, now, ended))


def _of_year(code: str, year: int) -> int | None:
    return services().project_lists.need(code).of_year(year)
