"""Loads the lists of projects and who keeps each, from their TOML file."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from tracker.domain.projects.lists import ProjectList, ProjectLists
from tracker.gateways.configuration import BadConfiguration


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _ListEntry(_Entry):
    code: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    name: str
    clause: str
    sentence: str
    keepers: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    batch: bool = False
    yearly: bool = False
    confirmed: bool = False
    in_statistics: bool = False


class _ListsFile(_Entry):
    document: str
    organiser: str
    statistics: str
    list: tuple[_ListEntry, ...]


def load_project_lists(path: Path) -> ProjectLists:
    """Return the lists of a file. Raises BadConfiguration where it cannot be read or two lists are called alike."""
    try:
        read = _ListsFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise BadConfiguration(path, problem=str(error)) from error
    lists = tuple(ProjectList(**entry.model_dump()) for entry in read.list)
    found = ProjectLists(read.document, read.organiser, read.statistics, lists)
    for one in lists:
        if any(found.called(name) is not one for name in (one.name, *one.aliases)) or found.get(one.code) is not one:
            raise BadConfiguration(path, problem=f"{one.code}: another list is called like it")
    return found
