"""Which rows an act locks first: tasks, then shares, then what hangs on them; never the other way round.

On PostgreSQL two acts at once would otherwise wait for each other, or one would write over what the other decided: a
row that was read without a lock is as old as the read. SQLite lets one writer in at a time.
"""

from collections.abc import Iterable

from sqlmodel import Session, col, select

from tracker.store.tables.tasks import AssignmentRow, TaskRow


def lock_work(session: Session, assignment_ids: Iterable[int | None]) -> None:
    """Lock shares and their tasks for an act that decides by their states; what was read of them is read anew."""
    ids = sorted({id_ for id_ in assignment_ids if id_ is not None})
    if not ids:
        return
    tasks_of = select(AssignmentRow.task_id).where(col(AssignmentRow.id).in_(ids))
    for wanted in (
        select(TaskRow).where(col(TaskRow.id).in_(tasks_of)).order_by(col(TaskRow.id)),
        select(AssignmentRow).where(col(AssignmentRow.id).in_(ids)).order_by(col(AssignmentRow.id)),
    ):
        session.exec(wanted.with_for_update().execution_options(populate_existing=True)).all()
