"""Which instructions were given at once 「一并批示」, so that a list is parted between cards, not within one."""

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.store.tables.inquiries import InquiryRow
from tracker.store.tables.instructions import InstructionRow
from tracker.store.tables.tasks import TaskRow


def given_at_once(session: Session, *, leader_id: int | None) -> list[tuple[int, ...]]:
    """Return the ids of a leader's instructions, without one of the open ones of all, in the order of their list.

    Those of one act stand together where the first of them stands, while nothing else was written on them; an ended
    one does not stand with those that are open.
    """
    closed = col(InstructionRow.closed_at).is_not(None)
    mine = ~closed if leader_id is None else col(InstructionRow.leader_id) == leader_id
    rows = session.execute(
        select(
            col(InstructionRow.id),
            closed,
            func.count(col(InquiryRow.id)),
            col(InstructionRow.leader_id),
            func.max(col(InquiryRow.asked_at)),
            col(TaskRow.document_id),
            func.max(col(InquiryRow.words)),
            func.max(col(InquiryRow.answer_by)),
        )
        .join(TaskRow, col(TaskRow.id) == col(InstructionRow.task_id))
        .join(InquiryRow, col(InquiryRow.instruction_id) == col(InstructionRow.id))
        .where(mine)
        .group_by(col(InstructionRow.id), col(TaskRow.id))
        .order_by(closed, col(InstructionRow.id).desc())
    )
    found: dict[object, list[int]] = {}
    for id_, ended, writings, *given in rows:
        found.setdefault((ended, *given) if writings == 1 else id_, []).append(id_)
    return [tuple(ids) for ids in found.values()]
