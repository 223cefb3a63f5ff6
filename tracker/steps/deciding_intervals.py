"""The office decides how often an item is reported, on the task's page or with an answer 「待明确」: one decision."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.events.tasks import QuestionAnswered, RhythmChange
from tracker.domain.intervals import check_interval
from tracker.domain.items import CadenceKind, QuestionTopic
from tracker.steps.demanding import keep_interval
from tracker.store import event_log
from tracker.store.queries.demands import document_frames, task_demands
from tracker.store.tables.documents import QuestionRow
from tracker.store.tables.tasks import TaskRow


def decide_interval(session: Session, task: TaskRow, interval: CadenceKind) -> None:
    """Keep the interval of a task's item where the office may set it.

    Raises NotForTheOffice, IntervalPrinted, IntervalNotAsked, KeyIsMonthly.
    """
    [found] = task_demands(session, [task.id or 0])
    frame, _filing_on = document_frames(session, {task.document_id})[task.document_id]
    check_interval(found.demands, frame, interval)
    keep_interval(session, task.item_id, interval)


def interval_decided(interval: CadenceKind) -> str:
    """Return the code by which an answer is told to have set an interval."""
    return f"interval:{interval.value}"


def open_interval_questions(session: Session, item_id: int) -> list[QuestionRow]:
    """Return what is still asked about the interval of an item, locked; its task is locked already."""
    wanted = select(QuestionRow).where(
        col(QuestionRow.item_id) == item_id,
        col(QuestionRow.topic) == QuestionTopic.INTERVAL.value,
        col(QuestionRow.answered_at).is_(None),
    )
    return list(session.scalars(wanted.order_by(col(QuestionRow.id)).with_for_update()))


def answer_all(
    session: Session,
    task: TaskRow,
    questions: Iterable[QuestionRow],
    *,
    words: str,
    decided: str,
    actor: Actor,
    at: datetime,
    changes: tuple[RhythmChange, ...] = (),
) -> None:
    """Keep the answer to questions of a task's item; one decision, so that the first event tells what it changes.

    Records QuestionAnswered for each.
    """
    for place, question in enumerate(questions):
        question.answer, question.answered_by, question.answered_at = words, actor.name, at
        event = QuestionAnswered(
            task_id=task.id,
            question_id=question.id or 0,
            topic=question.topic,
            answer=words,
            decided=decided,
            changes=() if place else changes,
        )
        event_log.record(session, event, actor=actor, at=at)
