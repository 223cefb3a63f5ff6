"""The evaluated month of a document's scheme that a form of the same month stands beside."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.scoring.entries import Entry
from tracker.domain.scoring.months import MonthState
from tracker.store.queries.scoring import entry_of, material_of, standing_inputs
from tracker.store.queries.scoring_rules import month_named
from tracker.store.tables.scoring import ScoreSchemeRow


@dataclass(frozen=True, slots=True)
class MonthBeside:
    """A month with the rules that hold for it, as written, and what was handed in."""

    content: str
    state: MonthState
    entries: Sequence[Entry]


def month_beside(session: Session, *, document: str, month: str) -> MonthBeside | None:
    """Return the month of the scheme of a document, written as 2022-09; None where there is none."""
    wanted = select(col(ScoreSchemeRow.code)).where(col(ScoreSchemeRow.document) == document)
    code = session.scalars(wanted.order_by(col(ScoreSchemeRow.id).desc()).limit(1)).first()
    row = month_named(session, scheme=code, month=month) if code is not None else None
    if row is None:
        return None
    entries = [entry_of(one) for one in standing_inputs(session, row.id or 0)]
    return MonthBeside(material_of(session, row).content, MonthState(row.state), entries)
