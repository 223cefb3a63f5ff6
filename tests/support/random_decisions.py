"""What the office decides of documents, numbers, questions, disputes and lapsed tasks in a random life."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import Select, select
from sqlmodel import Session, col

from tests.support.office import BY, OFFICE
from tests.support.readings import edition_of, small_reading
from tracker.domain.accounts import SYSTEM
from tracker.domain.calendar import local_day
from tracker.domain.intervals import INTERVALS
from tracker.domain.items import QuestionTopic
from tracker.domain.readings.reading import Reading
from tracker.domain.schedule import Point
from tracker.steps.superseding import supersede
from tracker.store.database import Database
from tracker.store.tables.documents import DocumentRow, ItemGroupRow, ItemTargetRow, QuestionRow
from tracker.store.tables.filings import RequestRow
from tracker.store.tables.tasks import TaskRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.answering import Answer, answer_question
from tracker.usecases.ending import archive_task, reopen_task
from tracker.usecases.issuing import issue_document
from tracker.usecases.plan_ends import correct_plan_end
from tracker.usecases.registering import approve_document, register_document
from tracker.usecases.scheduling import SetPoints, set_points
from tracker.usecases.sharing import grant_dispute

BEGINS_AT = datetime(2022, 8, 25, 1, 0, tzinfo=UTC)
_FIRST_EDITION = 200

_Found = TypeVar("_Found")


@dataclass(slots=True)
class DecidingOffice:
    """An office that decides at random; `read` is the document whose new editions come."""

    database: Database
    made: random.Random
    now: datetime = BEGINS_AT
    read: Callable[..., Reading] = small_reading

    def _one(self, session: Session, wanted: Select[_Found]) -> _Found:
        return self.made.choice(session.scalars(wanted).all())

    def _day(self, first: int, last: int) -> date:
        return local_day(self.now) + timedelta(days=self.made.randint(first, last))

    def _supersede(self, session: Session) -> None:
        """Let a new edition take a document's place, mostly the last one's, and issue it, mostly at once."""
        documents = session.scalars(select(col(DocumentRow.number)).order_by(col(DocumentRow.id))).all()
        replaced = documents[-1] if self.made.random() < 0.9 else self.made.choice(documents)
        number = f"驻政办〔2022〕{_FIRST_EDITION + len(documents)}号"
        without = [self.made.choice(self.read().items).label] if self.made.random() < 0.5 else []
        reading = edition_of(self.read(), number=number, without=without)
        register_document(session, reading, actor=SYSTEM, at=self.now)
        session.flush()
        document_id = session.scalars(select(col(DocumentRow.id)).where(col(DocumentRow.number) == number)).one() or 0
        approve_document(session, number=number, basis="会议议定", actor=OFFICE, at=self.now)
        supersede(session, number=replaced, by_document_id=document_id, actor=OFFICE, at=self.now)
        if self.made.random() < 0.8:
            issue_document(session, number=number, actor=OFFICE, at=self.now, by=BY)

    def _correct_plan_end(self, session: Session) -> None:
        document = self._one(session, select(DocumentRow).where(col(DocumentRow.expires_on).is_(None)))
        assert isinstance(document, DocumentRow)
        new_on = self._day(-20, 120) if self.made.random() < 0.8 else None
        said = {"reason": "原文为两年", "actor": OFFICE, "at": self.now, "by": BY}
        correct_plan_end(session, document_id=document.id or 0, new_on=new_on, **said)  # type: ignore[arg-type] # said by the office

    def _set_points(self, session: Session) -> None:
        target = self._one(session, select(ItemTargetRow))
        assert isinstance(target, ItemTargetRow)
        task_id = session.scalars(select(col(TaskRow.id)).where(col(TaskRow.item_id) == target.item_id)).one() or 0
        first = self._day(-30, 30)
        points = tuple(
            Point(first + timedelta(days=15 * n), target.value * (n + 1) / 4) for n in range(self.made.randint(0, 3))
        )
        set_points(session, SetPoints(task_id, target.id or 0, points, "调度会议定"), actor=OFFICE, at=self.now)

    def _answer(self, session: Session) -> None:
        """Ask what a reader of the document would ask, and answer it."""
        topic = self.made.choice((QuestionTopic.DATE, QuestionTopic.INTERVAL, QuestionTopic.MEMBERS))
        task = self._one(session, select(TaskRow))
        assert isinstance(task, TaskRow)
        question = QuestionRow(item_id=task.item_id, topic=topic.value, words="原文没有写明。")
        session.add(question)
        session.flush()
        decided: dict[str, object] = {}
        match topic:
            case QuestionTopic.DATE:
                decided["day"] = self._day(-5, 90)
            case QuestionTopic.INTERVAL:
                decided["interval"] = self.made.choice(INTERVALS)
            case _:
                groups = select(col(ItemGroupRow.id)).where(col(ItemGroupRow.item_id) == task.item_id)
                decided["group_id"] = self._one(session, groups)
                decided["units"] = [self._one(session, select(col(UnitRow.id)))]
        answer = Answer(question_id=question.id or 0, words="督查室明确", **decided)  # type: ignore[arg-type] # one of three
        answer_question(session, answer, actor=OFFICE, at=self.now, by=BY)

    def _grant_dispute(self, session: Session) -> None:
        pending = select(RequestRow).where(col(RequestRow.state) == "pending", col(RequestRow.kind) == "dispute")
        request = self._one(session, pending)
        assert isinstance(request, RequestRow)
        to_unit = self._one(session, select(col(UnitRow.id))) if self.made.random() < 0.6 else None
        said = {"reason": "异议成立", "actor": OFFICE, "at": self.now, "by": BY}
        grant_dispute(session, request_id=request.id or 0, to_unit_id=to_unit, **said)  # type: ignore[arg-type] # as above

    def _end_lapsed(self, session: Session) -> None:
        """Put a lapsed task on file, or take it up again, mostly towards a deadline."""
        task = self._one(session, select(TaskRow).where(col(TaskRow.state) == "lapsed"))
        assert isinstance(task, TaskRow)
        said = {"task_id": task.id, "reason": "复核", "actor": OFFICE, "at": self.now}
        if self.made.random() < 0.3:
            archive_task(session, **said)  # type: ignore[arg-type] # as above
            return
        new_on = self._day(0, 60) if self.made.random() < 0.8 else None
        reopen_task(session, by=BY, new_deadline_on=new_on, **said)  # type: ignore[arg-type] # as above
