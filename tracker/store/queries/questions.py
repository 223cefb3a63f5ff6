"""What documents leave open, put to the office 「待督查室明确」, with what a decision would be about."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, label, select
from sqlmodel import Session, col

from tracker.store.rows import as_view
from tracker.store.tables.documents import DocumentRow, ItemGroupRow, ItemRow, QuestionRow
from tracker.store.tables.tasks import TaskRow


@dataclass(frozen=True, slots=True)
class QuestionLine:
    """One question on an item; `groups` are its collectives, whose members may be named."""

    question_id: int
    topic: str
    words: str
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None
    item_id: int
    item_label: str
    item_title: str
    item_text: str
    task_id: int
    deadline_on: date | None
    document_number: str
    groups: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class QuestionCounts:
    open: int
    answered: int


def question_counts(session: Session) -> QuestionCounts:
    answered = func.count(col(QuestionRow.answered_at))
    total, done = session.execute(select(func.count(), answered).select_from(QuestionRow)).one()
    return QuestionCounts(total - done, done)


def question_lines(session: Session, *, answered: bool, limit: int, offset: int = 0) -> list[QuestionLine]:
    """Return open questions in reading order, or answered ones, the latest first."""
    wanted = (
        select(
            label("question_id", col(QuestionRow.id)),
            col(QuestionRow.topic),
            col(QuestionRow.words),
            col(QuestionRow.answer),
            col(QuestionRow.answered_by),
            col(QuestionRow.answered_at),
            label("item_id", col(ItemRow.id)),
            label("item_label", col(ItemRow.label)),
            label("item_title", col(ItemRow.title)),
            label("item_text", col(ItemRow.text)),
            label("task_id", col(TaskRow.id)),
            label("deadline_on", col(TaskRow.due_on)),
            label("document_number", col(DocumentRow.number)),
        )
        .select_from(QuestionRow)
        .join(ItemRow, col(ItemRow.id) == col(QuestionRow.item_id))
        .join(TaskRow, col(TaskRow.item_id) == col(ItemRow.id))
        .join(DocumentRow, col(DocumentRow.id) == col(ItemRow.document_id))
    )
    if answered:
        wanted = wanted.where(col(QuestionRow.answered_at).is_not(None)).order_by(
            col(QuestionRow.answered_at).desc(), col(QuestionRow.id).desc()
        )
    else:
        wanted = wanted.where(col(QuestionRow.answered_at).is_(None)).order_by(
            col(DocumentRow.issued_on), col(DocumentRow.id), col(ItemRow.start_at), col(QuestionRow.id)
        )
    rows = session.execute(wanted.limit(limit).offset(offset)).all()
    groups = _groups(session, [row.item_id for row in rows])
    return [as_view(QuestionLine, row, groups=groups.get(row.item_id, ())) for row in rows]


def _groups(session: Session, item_ids: list[int]) -> dict[int, tuple[tuple[int, str], ...]]:
    rows = session.execute(
        select(col(ItemGroupRow.item_id), col(ItemGroupRow.id), col(ItemGroupRow.printed))
        .where(col(ItemGroupRow.item_id).in_(item_ids))
        .order_by(col(ItemGroupRow.position))
    )
    found: dict[int, tuple[tuple[int, str], ...]] = {}
    for item_id, group_id, printed in rows:
        if group_id is not None:
            found[item_id] = (*found.get(item_id, ()), (group_id, printed))
    return found
