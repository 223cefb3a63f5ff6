"""Units by any of their names, the marks by which their own former names are told from other aliases, and the lock for
giving names.
"""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, union
from sqlmodel import Session, col

from tracker.domain.units import UnitKind, fold_name
from tracker.store.tables.units import UnitAliasRow, UnitRow

# In whose name papers are written, or who is above it.
_ABOVE = (UnitKind.CITY_GOVERNMENT.value, UnitKind.UPPER_LEVEL.value)

# How an alias that was a unit's own name is marked, besides aliases that documents merely print.
FULL = "原全称"
SHORT = "原简称"


def all_names(session: Session) -> frozenset[str]:
    """Return every name that a unit bears or bore, full or short, and every alias that documents print."""
    names = union(select(col(UnitRow.full_name)), select(col(UnitRow.short_name)), select(col(UnitAliasRow.name)))
    return frozenset(session.scalars(names))


def held_name(session: Session, names: Iterable[str], *, but_of: int | None = None) -> str | None:
    """Return the first of some names by which another unit goes or went, also within one document; None if none does.

    `but_of` is the unit that may go on bearing its own. Brackets of either width are the same, as in the registry,
    which knows no name twice.
    """
    alias = select(col(UnitAliasRow.name), col(UnitAliasRow.unit_id))
    own = (select(name, col(UnitRow.id)) for name in (col(UnitRow.full_name), col(UnitRow.short_name)))
    held = {fold_name(name) for asked in (alias, *own) for name, unit_id in session.execute(asked) if unit_id != but_of}
    return next((name for name in names if fold_name(name) in held), None)


def judged_names(session: Session) -> dict[str, int | None]:
    """Return the units by every name that they bear or bore, full or short; None of the city's government and above.

    What a document calls a unit within itself alone, as 「指挥部」, is no name of it elsewhere.
    """
    units = dict(session.execute(select(col(UnitRow.id), col(UnitRow.kind))).all())
    aliases = select(col(UnitAliasRow.name), col(UnitAliasRow.unit_id)).where(col(UnitAliasRow.document).is_(None))
    found = dict(session.execute(aliases).all())
    for name in (col(UnitRow.full_name), col(UnitRow.short_name)):
        found |= dict(session.execute(select(name, col(UnitRow.id))).all())
    return {name: None if units[unit_id] in _ABOVE else unit_id for name, unit_id in found.items()}


def is_called(words: str) -> ColumnElement[bool]:
    """Select the unit that bears or bore a name, full, short or by an alias; also where the words are its code.

    Not by what a single document calls it for itself, which may be another unit's name in another document.
    """
    return or_(col(UnitRow.code) == words, _of_names(lambda name: name == words))


def is_called_like(words: str) -> ColumnElement[bool]:
    """Select the units one of whose names, present or former, holds the words."""
    return _of_names(lambda name: name.contains(words, autoescape=True))


def _of_names(fits: Callable[[Any], ColumnElement[bool]]) -> ColumnElement[bool]:  # Any: a column of names
    alias = exists().where(
        col(UnitAliasRow.unit_id) == col(UnitRow.id), col(UnitAliasRow.document).is_(None), fits(col(UnitAliasRow.name))
    )
    return or_(fits(col(UnitRow.short_name)), fits(col(UnitRow.full_name)), alias)


def lock_names(session: Session) -> None:
    """Let one transaction at a time give names to units, until it ends: each name is read, found free, then taken.

    No column can keep them apart: a name may be a full or a short one of a unit or an alias, and old ones are kept.
    The unit with the lowest id stands for the list; its key stays free, so that work on units goes on meanwhile.
    """
    session.execute(select(col(UnitRow.id)).order_by(col(UnitRow.id)).limit(1).with_for_update(key_share=True))
