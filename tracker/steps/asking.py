"""Units of a task are asked, by whomever: which shares were chosen, and that each of them waits for an answer."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.errors import NotFound
from tracker.domain.events.inquiries import AskedShare
from tracker.steps.locking import lock_work
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UnitRow


def chosen_shares(session: Session, task_id: int, shares: Collection[int]) -> list[tuple[AssignmentRow, UnitRow]]:
    """Lock and return shares of a task with their units, in official order of these. Raises NotFound."""
    lock_work(session, shares)
    wanted = (
        select(AssignmentRow, UnitRow)
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(col(AssignmentRow.id).in_(shares), col(AssignmentRow.task_id) == task_id)
        .order_by(col(UnitRow.official_order), col(UnitRow.id))
    )
    found = [(share, unit) for share, unit in session.execute(wanted)]
    if len(found) < len(set(shares)):
        raise NotFound()
    return found


def keep_asked(session: Session, inquiry: InquiryRow, shares: Sequence[AssignmentRow]) -> tuple[AskedShare, ...]:
    """Keep an inquiry with the shares that it asks; return these as its event tells them."""
    session.add(inquiry)
    session.flush()
    rows = [AskedRow(inquiry_id=inquiry.id or 0, assignment_id=share.id or 0) for share in shares]
    session.add_all(rows)
    session.flush()
    return tuple(
        AskedShare(asked_id=row.id or 0, assignment_id=share.id or 0, unit_id=share.unit_id)
        for row, share in zip(rows, shares, strict=True)
    )
