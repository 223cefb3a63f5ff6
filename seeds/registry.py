"""Loads the registry of units from its TOML file.

It checks the entries by itself: `flask items extract` needs them and starts before a library for that is loaded.
"""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from tracker.domain.units import Alias, Group, Unit, UnitKind, UnitRegistry

SEEDS = Path(__file__).parent
_CODE = re.compile(r"[a-z][a-z0-9-]*")
# What each key holds, first what must be there, then what may be.
_Keys = Mapping[str, type]
_FILE: tuple[_Keys, _Keys] = ({"unit": list, "group": list}, {})
_UNIT: tuple[_Keys, _Keys] = (
    {"code": str, "full_name": str, "short_name": str, "kind": str, "order": int},
    {"tasked": bool, "kept_by": str, "note": str, "aliases": list},
)
_ALIAS: tuple[_Keys, _Keys] = ({"name": str}, {"valid_from": date, "valid_to": date, "document": str, "note": str})
_GROUP: tuple[_Keys, _Keys] = ({"code": str, "printed": list, "members": list}, {"note": str})


class BadSeedFile(ValueError):
    """A seed file cannot be read; the message names the file, the entry and what is wrong with it."""

    def __init__(self, path: Path, *, problem: str) -> None:
        super().__init__(f"{path.name}: {problem}")


class _BadEntry(ValueError):
    def __init__(self, entry: object, *, problem: str) -> None:
        super().__init__(f"{entry}: {problem}")


def load_registry(path: Path) -> UnitRegistry:
    """Read `units.toml`. Raises BadSeedFile, and InvalidRegistry where its entries contradict each other."""
    try:
        entries = _checked(tomllib.loads(path.read_text(encoding="utf-8")), _FILE)
        units = [_unit(_checked(entry, _UNIT)) for entry in entries["unit"]]
        groups = [_group(_checked(entry, _GROUP)) for entry in entries["group"]]
    except (tomllib.TOMLDecodeError, _BadEntry) as error:
        raise BadSeedFile(path, problem=str(error)) from error
    return UnitRegistry(units, groups=groups)


def _unit(entry: Mapping[str, Any]) -> Unit:
    if entry["kind"] not in [*UnitKind]:
        raise _BadEntry(entry, problem=f"{entry['kind']} is no class of units")
    aliases = tuple(Alias(**_checked(alias, _ALIAS)) for alias in entry.get("aliases", ()))
    return Unit(**{**entry, "kind": UnitKind(entry["kind"]), "aliases": aliases})


def _group(entry: Mapping[str, Any]) -> Group:
    printed, members = tuple(entry["printed"]), tuple(entry["members"])
    if not printed or not all(isinstance(name, str) for name in printed + members):
        raise _BadEntry(entry, problem="a collective has printed forms, and members that are codes")
    return Group(entry["code"], printed, members, entry.get("note"))


def _checked(entry: Any, keys: tuple[_Keys, _Keys]) -> Mapping[str, Any]:
    """Return an entry whose keys are all known, there and of their kind, and whose code may be one."""
    needed, known = keys[0], {**keys[0], **keys[1]}
    if not isinstance(entry, dict):
        raise _BadEntry(entry, problem="is no table")
    for key, value in entry.items():
        if key not in known or type(value) is not known[key]:
            raise _BadEntry(entry, problem=f"{key} is unknown or of another kind")
    for key in needed:
        if key not in entry:
            raise _BadEntry(entry, problem=f"{key} is missing")
    if "code" in needed and not _CODE.fullmatch(entry["code"]):
        raise _BadEntry(entry, problem="the code is no slug")
    return entry
