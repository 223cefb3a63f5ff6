"""The names units bore on a day: what is told of the past is told under the name of its time."""

from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.store.tables.units import UnitAliasRow, UnitRow

# How an alias that was a unit's own name is marked, besides aliases that documents merely print.
FULL = "原全称"
SHORT = "原简称"


def short_names_on(session: Session, day: date) -> dict[int, str]:
    """Return the short name of every unit as of a day in Asia/Shanghai."""
    return _names(session, day, kind=SHORT)


def full_names_on(session: Session, day: date) -> dict[int, str]:
    """Return the full name of every unit as of a day in Asia/Shanghai."""
    return _names(session, day, kind=FULL)


def _names(session: Session, day: date, *, kind: str) -> dict[int, str]:
    current = UnitRow.full_name if kind == FULL else UnitRow.short_name
    names = {row[0]: row[1] for row in session.execute(select(col(UnitRow.id), col(current)))}
    earlier = (
        select(col(UnitAliasRow.unit_id), col(UnitAliasRow.name))
        .where(col(UnitAliasRow.note) == kind, col(UnitAliasRow.valid_to) >= day)
        .order_by(col(UnitAliasRow.valid_to).desc(), col(UnitAliasRow.id).desc())
    )
    # From the latest name back to the one that was valid on the day: the last that is written wins.
    names.update({row[0]: row[1] for row in session.execute(earlier)})
    return names


def lock_names(session: Session) -> None:
    """Let one transaction at a time give names to units, until it ends: each name is read, found free, then taken.

    No column can keep them apart: a name may be a full or a short one of a unit or an alias, and old ones are kept.
    The unit with the lowest id stands for the list; its key stays free, so that work on units goes on meanwhile.
    """
    session.execute(select(col(UnitRow.id)).order_by(col(UnitRow.id)).limit(1).with_for_update(key_share=True))
