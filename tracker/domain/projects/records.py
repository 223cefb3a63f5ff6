"""A project as it is on record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from tracker.domain.projects.checklists import Build, Milestone, checklist
from tracker.domain.scoring.inputs import Month


@dataclass(frozen=True, slots=True)
class Listing:
    """A project on a list of a year. `since` is the day it came in, `until` the day from which it stands there no more.

    `planned` is the planned investment of that year in 元.
    """

    list: str
    year: int
    since: date
    planned: int | None = None
    until: date | None = None

    def ended(self, on: date) -> bool:
        """Tell whether the project was off by this row at the end of a day."""
        return self.until is not None and self.until <= on


@dataclass(frozen=True, slots=True)
class Reached:
    """A milestone as told: the day, which statements are ticked, and whether the organiser confirmed it."""

    on: date | None
    ticked: frozenset[str] = frozenset()
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class SiteCheck:
    """What was found on site. `month` is the one whose report was checked; money in 元, None where not compared."""

    id: int
    month: Month
    on: date
    true: bool
    reported: int | None = None
    found: int | None = None

    @property
    def compares(self) -> bool:
        """Tell whether there is a reported and a found value."""
        return self.reported is not None and self.found is not None


@dataclass(frozen=True, slots=True)
class Project:
    """A project. `unit` is the code of the county; `values` the cumulative investment of the year by its months, in 元.

    `planned_start` and `planned_finish` are months, on their first day. `in_statistics` is the day from which it
    stands in the investment statistics.
    """

    id: int
    code: str
    name: str
    unit: str
    build: Build
    total: int | None = None
    planned_start: date | None = None
    planned_finish: date | None = None
    strategic: bool = False
    in_statistics: date | None = None
    listings: tuple[Listing, ...] = ()
    values: Mapping[Month, int] = field(default_factory=lambda: MappingProxyType({}))
    reached: Mapping[Milestone, Reached] = field(default_factory=lambda: MappingProxyType({}))
    checks: tuple[SiteCheck, ...] = ()

    @property
    def reference(self) -> str:
        """What names the project wherever it is counted."""
        return f"project:{self.id}"

    def reached_on(self, milestone: Milestone, *, confirmed: bool = False) -> date | None:
        """Return the day of a milestone that counts: its checklist is met, and it is confirmed where that is asked."""
        told = self.reached.get(milestone)
        if told is None or not checklist(milestone, self.build).is_met(told.ticked):
            return None
        return told.on if told.confirmed or not confirmed else None

    @property
    def last_checks(self) -> Mapping[Month, SiteCheck]:
        """The check on site of each month's report that holds: the last that was entered, which mends the others."""
        return {one.month: one for one in sorted(self.checks, key=lambda one: one.id)}

    def value_at(self, month: Month) -> tuple[Month, int] | None:
        """Return the last cumulative value of the year until a month, with its own month; None where there is none."""
        known = [one for one in self.values if one.year == month.year and one <= month]
        return (max(known), self.values[max(known)]) if known else None


def newest(listings: Iterable[Listing], code: str, *, year: int | None = None) -> Listing | None:
    """Return the row of a list, of a year where one is asked, that says how a project stands; None where none does.

    Each yearly export makes a new one and ends none, so that an older one that nobody ended says nothing any more.
    """
    known = [one for one in listings if one.list == code and year in (None, one.year)]
    return max(known, key=lambda one: (one.year, one.since), default=None)


def came_until(listings: Iterable[Listing], code: str, *, on: date, year: int | None = None) -> Listing | None:
    """Return the row of the last time that a project came onto a list until the end of a day; None where it had not."""
    return newest((one for one in listings if one.since <= on), code, year=year)


def standing(listings: Iterable[Listing], code: str, *, on: date, year: int | None = None) -> Listing | None:
    """Return the row by which a project stands on a list at the end of a day; None where it does not."""
    found = came_until(listings, code, on=on, year=year)
    return None if found is None or found.ended(on) else found


def came(listings: Iterable[Listing], code: str, *, year: int | None = None) -> date | None:
    """Return the first day of a project on a list, of a year where one is asked; None where it had none.

    Who was taken off and comes back has a row more, and is not new by that. A row that was over by the end of the month
    in which it began says that the project never came: no month counts it.
    """
    known = (one for one in listings if one.list == code and year in (None, one.year))
    stood = (one.since for one in known if not one.ended(month_of(one.since).last_day))
    return min(stood, default=None)


def answered_lists(listings: Iterable[Listing], *, today: date) -> frozenset[str]:
    """Return the codes of the lists whose keepers enter and correct what a project on them did.

    Also through the year after it was taken off: the months in which it stood are reckoned with it, and may be
    corrected yet.
    """
    known = tuple(listings)
    rows = {code: newest(known, code) for code in {one.list for one in known}}
    return frozenset(code for code, row in rows.items() if row and not row.ended(date(today.year - 2, 12, 31)))


def month_of(day: date) -> Month:
    return Month(day.year, day.month)


def first_day(month: Month) -> date:
    return date(month.year, month.number, 1)


def last_day(month: Month) -> date:
    return month.last_day
