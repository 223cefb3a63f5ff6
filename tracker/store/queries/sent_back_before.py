"""What the head of a unit had sent back before it was written anew, and why: whoever signs it looks for that.

What was signed since was mended; what is written after that takes the place of the signed one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.filings import FilingKind
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.filings import FilingRow, ReportRow


@dataclass(frozen=True, slots=True)
class SentBackBefore:
    """The last time that the same form, or the same word on a share, came back: why, from whom and when."""

    reason: str
    by: str
    at: datetime


def sent_back_before(session: Session, filing_ids: Collection[int]) -> dict[int, SentBackBefore]:
    """Return by envelope what it takes the place of, where a head had sent that back."""
    found: dict[int, tuple[int, SentBackBefore]] = {}
    for wanted in (_of_forms(filing_ids), _of_shares(filing_ids)):
        for filing_id, earlier in session.execute(wanted):
            told = SentBackBefore(earlier.stopped_reason or "", earlier.stopped_by or "", earlier.stopped_at)
            if filing_id not in found or found[filing_id][0] < earlier.id:
                found[filing_id] = earlier.id, told
    return {filing_id: told for filing_id, (_id, told) in found.items()}


def _of_forms(filing_ids: Collection[int]) -> Select[*tuple[Any, ...]]:  # Any: an id and a row
    earlier, signed = aliased(FilingRow), aliased(FilingRow)
    return (
        select(col(FilingRow.id), earlier)
        .join(
            earlier,
            and_(
                col(earlier.period_id) == col(FilingRow.period_id),
                col(earlier.unit_id) == col(FilingRow.unit_id),
                col(earlier.id) < col(FilingRow.id),
            ),
        )
        .where(
            col(FilingRow.id).in_(filing_ids),
            col(FilingRow.kind) == FilingKind.FORM.value,
            is_one_of(col(earlier.state), "sent_back"),
            ~exists().where(
                col(signed.period_id) == col(FilingRow.period_id),
                col(signed.unit_id) == col(FilingRow.unit_id),
                col(signed.id).between(col(earlier.id), col(FilingRow.id)),
                col(signed.filed_at).is_not(None),
            ),
        )
    )


def _of_shares(filing_ids: Collection[int]) -> Select[*tuple[Any, ...]]:  # Any: an id and a row
    mine, theirs, signed, earlier = aliased(ReportRow), aliased(ReportRow), aliased(ReportRow), aliased(FilingRow)
    return (
        select(col(mine.filing_id), earlier)
        .join(FilingRow, col(FilingRow.id) == col(mine.filing_id))
        .join(
            theirs,
            and_(
                col(theirs.assignment_id) == col(mine.assignment_id),
                col(theirs.kind) == col(mine.kind),
                func.coalesce(col(theirs.answers_id), 0) == func.coalesce(col(mine.answers_id), 0),
                col(theirs.id) < col(mine.id),
            ),
        )
        .join(earlier, and_(col(earlier.id) == col(theirs.filing_id), col(earlier.kind) != FilingKind.FORM.value))
        .where(
            col(mine.filing_id).in_(filing_ids),
            col(FilingRow.kind) != FilingKind.FORM.value,
            is_one_of(col(earlier.state), "sent_back"),
            ~exists().where(
                col(signed.assignment_id) == col(mine.assignment_id),
                col(signed.kind) == col(mine.kind),
                func.coalesce(col(signed.answers_id), 0) == func.coalesce(col(mine.answers_id), 0),
                col(signed.id).between(col(theirs.id), col(mine.id)),
                col(signed.filed_at).is_not(None),
            ),
        )
    )
