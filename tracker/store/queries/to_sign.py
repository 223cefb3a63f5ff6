"""How much waits for the heads of units 「待审签」: reports, what liaisons ask for, answers to papers."""

from collections import Counter
from collections.abc import Collection

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.domain.petitions import PetitionState
from tracker.domain.served_papers import ServedState
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.filings import FilingRow
from tracker.store.tables.petitions import PetitionRow
from tracker.store.tables.served_papers import ServedPaperRow
from tracker.store.tables.tasks import AssignmentRow


def count_to_sign(session: Session, *, unit_ids: Collection[int]) -> dict[int, int]:
    """Count by unit what waits for its head, also what cannot leave any more; units with nothing are left out."""
    filings = select(col(FilingRow.unit_id), func.count()).where(
        col(FilingRow.unit_id).in_(list(unit_ids)), is_one_of(col(FilingRow.state), "awaiting_sign_off")
    )
    petitions = (
        select(col(AssignmentRow.unit_id), func.count())
        .join(PetitionRow, col(PetitionRow.assignment_id) == col(AssignmentRow.id))
        .where(
            col(AssignmentRow.unit_id).in_(list(unit_ids)),
            is_one_of(col(PetitionRow.state), PetitionState.AWAITING_SIGN_OFF.value),
        )
    )
    answers = select(col(ServedPaperRow.unit_id), func.count()).where(
        col(ServedPaperRow.unit_id).in_(list(unit_ids)), is_one_of(col(ServedPaperRow.state), ServedState.WRITTEN.value)
    )
    found: Counter[int] = Counter()
    for wanted, unit_id in (
        (filings, col(FilingRow.unit_id)),
        (petitions, col(AssignmentRow.unit_id)),
        (answers, col(ServedPaperRow.unit_id)),
    ):
        found.update(dict(session.execute(wanted.group_by(unit_id)).all()))
    return dict(found)
