"""Loads the registry of units from its TOML file."""

import tomllib
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tracker.domain.units import Alias, Group, Unit, UnitKind, UnitRegistry

SEEDS = Path(__file__).parent


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
    tasked: bool | None = None
    kept_by: str | None = None
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
            tasked=self.tasked,
            kept_by=self.kept_by,
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


def load_registry(path: Path) -> UnitRegistry:
    """Read `units.toml`. Raises BadSeedFile, and InvalidRegistry where its entries contradict each other."""
    entries = _read(path)
    return UnitRegistry((entry.unit() for entry in entries.unit), groups=(entry.group() for entry in entries.group))


def _read(path: Path) -> _RegistryFile:
    try:
        return _RegistryFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadSeedFile(path, problem=str(error)) from error
