"""The office settles what a document leaves open 「督查室明确」: in words, and by a day, an interval or members."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import full_date, local_day
from tracker.domain.entered import YEARS_FOR_WORK, check_day_ahead
from tracker.domain.errors import BadInput, NotFound, Rejected
from tracker.domain.events.tasks import DeadlineChanged, RhythmChange
from tracker.domain.filings import check_reason
from tracker.domain.intervals import check_reports_open
from tracker.domain.items import CadenceKind, QuestionTopic
from tracker.domain.lifecycle import TASK_NOT_ISSUED, TASK_OPEN, TaskState
from tracker.domain.unit_classes import check_takes_work
from tracker.domain.units import UnitKind
from tracker.domain.windows import Reckoning
from tracker.steps.deciding_intervals import answer_all, decide_interval, interval_decided, open_interval_questions
from tracker.steps.entrusting import let_report
from tracker.steps.locking import lock_task
from tracker.steps.realigning import realign
from tracker.steps.resetting import Act
from tracker.steps.rhythm_changes import duties_of_task, rhythm_changes
from tracker.steps.tasks import check_deadline
from tracker.store import event_log
from tracker.store.tables.documents import DocumentRow, ItemGroupMemberRow, ItemGroupRow, QuestionRow
from tracker.store.tables.series import DutyRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

_DEADLINE = "期限"


class QuestionAnsweredAlready(Rejected):
    code = "question_answered_already"


class AnswerUnfit(BadInput):
    """A day, an interval or members are decided only where the question is about them."""

    code = "answer_unfit"


class DeadlineSet(Rejected):
    """The item has a deadline; another one is set as a change of the task, not as an answer; facts: due_on."""

    code = "deadline_set"


class DeadlineBeforeIssue(BadInput):
    """No work ends before its document was issued; facts: due_on, issued_on."""

    code = "deadline_before_issue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the office says, and what it decides with it, at most one of a day, a rhythm and members.

    `day` is in Asia/Shanghai, inclusive. `units` are named as members of `group_id`.
    """

    question_id: int
    words: str
    day: date | None = None
    interval: CadenceKind | None = None
    group_id: int | None = None
    units: Sequence[int] = ()


def answer_question(session: Session, command: Answer, *, actor: Actor, at: datetime, by: Reckoning) -> None:
    """Answer a question; what is decided takes effect at once, for issued tasks by opening series.

    An interval is decided once for the item: it answers whatever is asked about it.
    Records QuestionAnswered, and DeadlineChanged, ShareAdded and what opening records. Raises NotYourTask, NotFound,
    QuestionAnsweredAlready, ReasonRequired, AnswerUnfit, DeadlineSet, DayOutOfBounds, DeadlineInThePast,
    DeadlineBeforeIssue, UnitGone, NeverTasked, and what setting an interval on the task's page raises.
    """
    require_role(actor, Role.SUPERVISOR, act="answer_question")
    words = check_reason(command.words)
    of_task = select(col(TaskRow.id)).join(QuestionRow, col(QuestionRow.item_id) == col(TaskRow.item_id))
    task = lock_task(session, session.scalars(of_task.where(col(QuestionRow.id) == command.question_id)).first())
    if task is None:
        raise NotFound()
    question = session.scalars(
        select(QuestionRow).where(col(QuestionRow.id) == command.question_id).with_for_update()
    ).one()
    if question.answered_at is not None:
        raise QuestionAnsweredAlready()
    act = Act(cause="question_answered", actor=actor, at=at, by=by, reason=words)
    before = duties_of_task(session, task.id or 0)
    decided = _decide(session, QuestionTopic(question.topic), task, command, act=act)
    sets_interval = command.interval is not None
    answered = open_interval_questions(session, task.item_id) if sets_interval else [question]
    changes: tuple[RhythmChange, ...] = ()
    if decided and TaskState(task.state) in TASK_OPEN:
        asked_on = local_day(at) if sets_interval else None
        realign(session, task.id or 0, act=act, asked_on=asked_on)
        if sets_interval:
            changes = rhythm_changes(session, task.id or 0, before=before, today=local_day(at))
    answer_all(session, task, answered, words=words, decided=decided, actor=actor, at=at, changes=changes)


def _decide(session: Session, topic: QuestionTopic, task: TaskRow, command: Answer, *, act: Act) -> str:
    """Take the decision that comes with an answer; return it as a code, empty where there is none."""
    given = [command.day is not None, command.interval is not None, bool(command.units)]
    topics = (QuestionTopic.DATE, QuestionTopic.INTERVAL, QuestionTopic.MEMBERS)
    if sum(given) > 1 or any(there and topic is not fit for there, fit in zip(given, topics, strict=True)):
        raise AnswerUnfit()
    if command.day is not None:
        _set_deadline(session, task, command.day, act=act)
        return f"deadline:{command.day.isoformat()}"
    if command.interval is not None:
        if TaskState(task.state) not in TASK_NOT_ISSUED:
            check_reports_open(TaskState(task.state), due_on=task.due_on, today=local_day(act.at))
        decide_interval(session, task, command.interval)
        return interval_decided(command.interval)
    if command.units:
        _name_members(session, task, command, act=act)
        return f"members:{len(command.units)}"
    return ""


def _set_deadline(session: Session, task: TaskRow, day: date, *, act: Act) -> None:
    """Set the deadline; once the task is issued, the answer takes effect at once and names no day that is past.

    Before that a past day says what the document meant, and issuing gives what is past its ten working days.
    """
    if task.due_on is not None:
        raise DeadlineSet(due_on=task.due_on)
    check_day_ahead(day, field=_DEADLINE, since=local_day(act.at), years=YEARS_FOR_WORK)
    issued_on = session.get_one(DocumentRow, task.document_id).issued_on
    if issued_on is not None and day < issued_on:
        raise DeadlineBeforeIssue(due_on=full_date(day), issued_on=full_date(issued_on))
    if TaskState(task.state) not in TASK_NOT_ISSUED:
        check_deadline(day, today=local_day(act.at), field=_DEADLINE)
    task.due_on = day
    # The rows of a share end with the deadline from now on; those that are open stay as they were announced.
    duties = (
        select(DutyRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(DutyRow.assignment_id))
        .where(col(AssignmentRow.task_id) == task.id, col(DutyRow.ended_at).is_(None))
    )
    for duty in session.scalars(duties):
        duty.until_on = day
    event = DeadlineChanged(task_id=task.id, old_on=None, new_on=day, reason=act.reason)
    event_log.record(session, event, actor=act.actor, at=act.at)


def _name_members(session: Session, task: TaskRow, command: Answer, *, act: Act) -> None:
    group = session.get(ItemGroupRow, command.group_id) if command.group_id else None
    if group is None or group.item_id != task.item_id:
        raise NotFound()
    known = set(
        session.scalars(
            select(col(ItemGroupMemberRow.unit_id)).where(col(ItemGroupMemberRow.item_group_id) == command.group_id)
        )
    )
    for unit_id in dict.fromkeys(command.units):
        unit = session.get(UnitRow, unit_id)
        if unit is None:
            raise NotFound()
        check_takes_work(
            unit.short_name, UnitKind(unit.kind), tasked=unit.tasked, gone=unit.merged_into_unit_id is not None
        )
        if unit_id not in known:
            session.add(ItemGroupMemberRow(item_group_id=command.group_id or 0, unit_id=unit_id))
        if TaskState(task.state) not in TASK_NOT_ISSUED:
            let_report(session, task, unit_id, act=act)
    session.flush()
