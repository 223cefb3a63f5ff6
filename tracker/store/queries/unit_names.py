"""The marks by which a unit's own former names are told from other aliases, and the lock for giving names."""

from sqlalchemy import select, union
from sqlmodel import Session, col

from tracker.store.tables.units import UnitAliasRow, UnitRow

# How an alias that was a unit's own name is marked, besides aliases that documents merely print.
FULL = "原全称"
SHORT = "原简称"


def all_names(session: Session) -> frozenset[str]:
    """Return every name that a unit bears or bore, full or short, and every alias that documents print."""
    names = union(select(col(UnitRow.full_name)), select(col(UnitRow.short_name)), select(col(UnitAliasRow.name)))
    return frozenset(session.scalars(names))


def lock_names(session: Session) -> None:
    """Let one transaction at a time give names to units, until it ends: each name is read, found free, then taken.

    No column can keep them apart: a name may be a full or a short one of a unit or an alias, and old ones are kept.
    The unit with the lowest id stands for the list; its key stays free, so that work on units goes on meanwhile.
    """
    session.execute(select(col(UnitRow.id)).order_by(col(UnitRow.id)).limit(1).with_for_update(key_share=True))
