"""What was invested in a project in a window, by its cumulative values, and what of that is not on record."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.projects.records import Project, first_day, month_of
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.scheme import Window


@dataclass(frozen=True, slots=True)
class YearUnknown:
    """An earlier year of a project whose end is not on record: `until` is its last value's month, None without any.

    It counts with that value, or with nothing.
    """

    project: int
    year: int
    until: Month | None


@dataclass(frozen=True, slots=True)
class Invested:
    """An amount in 元; `is_known` tells whether each value that it hangs on is on record."""

    amount: int
    is_known: bool
    years_unknown: tuple[YearUnknown, ...] = ()


def invested(project: Project, window: Window, month: Month, *, since: int | None, finished: date | None) -> Invested:
    """Return the investment done in a window, by the values of its months.

    That of one month is the difference of two values, and both are to be there. What is done until the month's end
    begins with January of the year `since`, or with the project. `finished` is the day from which nobody reports on
    the project any more.
    """
    value, is_known = _cumulative(project, Month(month.year, 12) if window is Window.YEAR else month, finished)
    if window is Window.MONTH and month.number > 1:
        before, was_known = _cumulative(project, Month(month.year, month.number - 1), finished)
        return Invested(value - before, is_known and was_known)
    if window is Window.TO_MONTH_END:
        years = range(_first_year(project, month) if since is None else since, month.year)
        told = [(year, *_cumulative(project, Month(year, 12), finished)) for year in years]
        unknown = tuple(
            YearUnknown(project.id, year, last[0] if (last := project.value_at(Month(year, 12))) else None)
            for year, _, of_its_end in told
            if not of_its_end
        )
        return Invested(value + sum(amount for _, amount, _ in told), is_known, unknown)
    return Invested(value, is_known)


def _cumulative(project: Project, month: Month, finished: date | None) -> tuple[int, bool]:
    """Return what was done in a year until a month's end in 元, and whether that is on record.

    The last value of a project that was finished before the month stands, if it reaches the month in which that was:
    of what was done after it no record says anything. In a later year nothing is done.
    """
    told = project.value_at(month)
    value = told[1] if told else 0
    if (told and told[0] == month) or finished is None or finished >= first_day(month):
        return value, told is not None and told[0] == month
    return value, finished.year < month.year or (told is not None and told[0] >= month_of(finished))


def _first_year(project: Project, month: Month) -> int:
    """Return the first year of which a record says that the project was there."""
    years = {one.year for one in project.values} | {one.year for one in project.listings}
    return min({one for one in years if one <= month.year}, default=month.year)
