"""Reads the working-day calendar's TOML: notices of years, and the days that the moon sets; text in, notices out."""

import tomllib
from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tracker.domain.errors import BadInput
from tracker.domain.holidays import ContradictoryNotice, DaysOff, HolidayNotice, LunarDays
from tracker.domain.quoting import quoted
from tracker.intake.expressions import expression

# e.g. Expected newline (at line 7, column 12)
_AT_LINE = expression(r"\(at line (\d+), column \d+\)")


class CalendarFileUnreadable(BadInput):
    """A calendar's TOML cannot be read; facts: place, problem."""

    code = "calendar_file_unreadable"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _DaysOff(_Entry):
    first_on: date = Field(alias="from")
    last_on: date = Field(alias="to")
    name: str


class _Year(_Entry):
    year: int
    source: str = Field(min_length=1)
    issued_on: date
    status: Literal["published"] = "published"
    holidays: tuple[_DaysOff, ...]
    workdays: tuple[date, ...]

    def notice(self) -> HolidayNotice:
        return HolidayNotice(
            year=self.year,
            source=self.source,
            issued_on=self.issued_on,
            holidays=tuple(DaysOff(entry.first_on, entry.last_on, entry.name) for entry in self.holidays),
            make_ups=self.workdays,
        )


class _Lunar(_Entry):
    year: int
    spring_festival: date
    qingming: date
    dragon_boat: date
    mid_autumn: date

    def days(self) -> LunarDays:
        return LunarDays(
            year=self.year,
            spring_festival_on=self.spring_festival,
            qingming_on=self.qingming,
            dragon_boat_on=self.dragon_boat,
            mid_autumn_on=self.mid_autumn,
        )


class _CalendarFile(_Entry):
    year: tuple[_Year, ...] = ()
    lunar: tuple[_Lunar, ...] = ()


def read_calendar_file(text: str) -> tuple[tuple[HolidayNotice, ...], tuple[LunarDays, ...]]:
    """Return the notices and the lunar days of a TOML file shaped like `config/calendar.toml`.

    Raises CalendarFileUnreadable, which names the line or the entry.
    """
    try:
        entries = _CalendarFile.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = _AT_LINE.search(str(error))
        place = f"第{found[1]}行" if found else "文件末尾"
        raise CalendarFileUnreadable(place=place, problem="不是有效的TOML") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in first["loc"])
        raise CalendarFileUnreadable(place=f"{quoted(place)}", problem="缺少、多余或者格式不对") from error
    years = [entry.year for entry in entries.year]
    if twice := next((year for year in years if years.count(year) > 1), None):
        raise CalendarFileUnreadable(place=f"{twice}年", problem="出现两次")
    return tuple(_notice(entry) for entry in entries.year), tuple(entry.days() for entry in entries.lunar)


def _notice(entry: _Year) -> HolidayNotice:
    try:
        return entry.notice()
    except ContradictoryNotice as error:
        raise CalendarFileUnreadable(place=f"{entry.year}年", problem=str(error)) from error
