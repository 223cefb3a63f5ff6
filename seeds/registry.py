"""Loads the registry of units and the working-day calendar from their TOML files."""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tracker.domain.calendar import DayKind, WorkdayCalendar
from tracker.domain.units import Alias, Group, Unit, UnitKind, UnitRegistry

_SATURDAY = 5


class BadSeedFile(ValueError):
    """A seed file cannot be read; the message names the file, the entry and what is wrong with it."""

    def __init__(self, path: Path, *, problem: str) -> None:
        super().__init__(f"{path.name}: {problem}")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _AliasEntry(_Entry):
    name: str
    valid_from: date | None = None
    valid_to: date | None = None
    document: str | None = None
    note: str | None = None

    def alias(self) -> Alias:
        return Alias(self.name, self.valid_from, self.valid_to, self.document, self.note)


class _UnitEntry(_Entry):
    code: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    full_name: str
    short_name: str
    kind: UnitKind
    order: int
    note: str | None = None
    aliases: tuple[_AliasEntry, ...] = ()

    def unit(self) -> Unit:
        return Unit(
            code=self.code,
            full_name=self.full_name,
            short_name=self.short_name,
            kind=self.kind,
            order=self.order,
            aliases=tuple(entry.alias() for entry in self.aliases),
            note=self.note,
        )


class _GroupEntry(_Entry):
    code: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    printed: tuple[str, ...] = Field(min_length=1)
    members: tuple[str, ...]
    note: str | None = None

    def group(self) -> Group:
        return Group(self.code, self.printed, self.members, self.note)


class _RegistryFile(_Entry):
    unit: tuple[_UnitEntry, ...]
    group: tuple[_GroupEntry, ...]


class _Holiday(_Entry):
    first_on: date = Field(alias="from")
    last_on: date = Field(alias="to")
    name: str

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "_Holiday":
        if self.last_on < self.first_on:
            raise ValueError(f"{self.name} ends before it begins")
        return self

    def days(self) -> Iterator[date]:
        for offset in range((self.last_on - self.first_on).days + 1):
            yield self.first_on + timedelta(days=offset)


class _Year(_Entry):
    year: int
    source: str
    issued_on: date
    status: Literal["published"]
    holidays: tuple[_Holiday, ...]
    workdays: tuple[date, ...]

    @model_validator(mode="after")
    def _workdays_are_weekends_and_no_holidays(self) -> "_Year":
        off = {day for holiday in self.holidays for day in holiday.days()}
        for day in self.workdays:
            if day in off or day.weekday() < _SATURDAY:
                raise ValueError(f"{day} cannot be a make-up workday: it is a holiday or no weekend")
        return self

    def days(self) -> Iterator[tuple[date, DayKind]]:
        for holiday in self.holidays:
            for day in holiday.days():
                yield day, DayKind.HOLIDAY
        for day in self.workdays:
            yield day, DayKind.MAKE_UP


class _CalendarFile(_Entry):
    year: tuple[_Year, ...]


_File = TypeVar("_File", _RegistryFile, _CalendarFile)


def load_registry(path: Path) -> UnitRegistry:
    """Read `units.toml`. Raises BadSeedFile, and InvalidRegistry where its entries contradict each other."""
    entries = _read(path, _RegistryFile)
    return UnitRegistry((entry.unit() for entry in entries.unit), groups=(entry.group() for entry in entries.group))


def load_calendar(path: Path) -> WorkdayCalendar:
    """Read `calendar.toml`. Raises BadSeedFile."""
    years = _read(path, _CalendarFile).year
    days = {day: kind for year in years for day, kind in year.days()}
    return WorkdayCalendar(days, published_years=(year.year for year in years))


def _read(path: Path, shape: type[_File]) -> _File:
    try:
        return shape.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadSeedFile(path, problem=str(error)) from error
