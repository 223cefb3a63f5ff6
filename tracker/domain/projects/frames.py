"""What an export is of, and by which rows a project stands on its list."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from tracker.domain.projects.lists import ProjectList
from tracker.domain.projects.records import Listing, Project, last_day, newest, standing
from tracker.domain.scoring.inputs import Month


@dataclass(frozen=True, slots=True)
class Frame:
    """What holds for a whole export: the list and year, the month of its cumulative values.

    `of_year` is the year of the rows that say who stands on the list, None where those of any do (`ProjectList`).
    """

    list: str
    month: Month
    since: date
    of_year: int | None

    @classmethod
    def of(cls, wanted: ProjectList, month: Month, since: date) -> Self:
        """Return what holds for an export of a list."""
        return cls(wanted.code, month, since, wanted.of_year(month.year))


def planning(project: Project, frame: Frame) -> Listing | None:
    """Return the row of the export's year, which has its plan: the one of the month's end, else the newest."""
    return _row(project, frame, year=frame.month.year)


def newest_of(project: Project, frame: Frame) -> Listing | None:
    """Return the row that says whether a project stands on the list, by the rule of what is counted from it."""
    return _row(project, frame, year=frame.of_year)


def off_since(project: Project, frame: Frame) -> date | None:
    """Return the day from which a project stands on the list no more, where that came until the month's end."""
    row = newest_of(project, frame)
    return row.until if row and row.ended(last_day(frame.month)) else None


def _row(project: Project, frame: Frame, *, year: int | None) -> Listing | None:
    stands = standing(project.listings, frame.list, on=last_day(frame.month), year=year)
    return stands or newest(project.listings, frame.list, year=year)
