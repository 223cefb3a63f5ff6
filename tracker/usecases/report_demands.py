"""The office's own say about how a task is reported after 交办 「报送要求」: 列为重点, 取消重点, 定报送间隔."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from tracker.domain.accounts import Actor
from tracker.domain.calendar import local_day
from tracker.domain.errors import Rejected
from tracker.domain.events.tasks import IntervalSet, KeyLifted, KeyMarked, RhythmChange
from tracker.domain.filings import check_reason
from tracker.domain.intervals import check_reports_open
from tracker.domain.items import CadenceKind
from tracker.domain.lifecycle import TaskState
from tracker.domain.series import RowDuty
from tracker.domain.windows import Reckoning
from tracker.steps.deciding_intervals import answer_all, decide_interval, interval_decided, open_interval_questions
from tracker.steps.realigning import realign
from tracker.steps.resetting import Act
from tracker.steps.rhythm_changes import duties_of_task, rhythm_changes
from tracker.steps.tasks import load_task
from tracker.store import event_log
from tracker.store.tables.columns import touched
from tracker.store.tables.tasks import TaskRow


class KeyAlready(Rejected):
    code = "key_already"


class NotKey(Rejected):
    code = "not_key"


class SameInterval(Rejected):
    """The item is reported in that interval already; facts: interval."""

    code = "same_interval"


def mark_key(session: Session, *, task_id: int, reason: str, actor: Actor, at: datetime, by: Reckoning) -> None:
    """Make a task a key item 「列为重点」: what the document leaves to the office is reported monthly from now on.

    Records KeyMarked and what settling and opening record. Raises NotYourTask, ReasonRequired, NotFound,
    ReportsNotOpen, OnlyCompletionLeft, KeyAlready.
    """
    act = Act(cause="key_marked", actor=actor, at=at, by=by, reason=check_reason(reason))
    task = _reported_task(session, task_id, actor=actor, today=local_day(at))
    if task.is_key:
        raise KeyAlready()
    before = duties_of_task(session, task_id)
    task.is_key, task.key_reason = True, act.reason
    changes = _change(session, task, before=before, act=act)
    event = KeyMarked(task_id=task_id, reason=act.reason, changes=changes)
    event_log.record(session, event, actor=actor, at=at)


def lift_key(session: Session, *, task_id: int, reason: str, actor: Actor, at: datetime, by: Reckoning) -> None:
    """Let a task be no key item any more 「取消重点」: it is reported as before it was one, from now on.

    Records KeyLifted and what settling and opening record. Raises NotYourTask, ReasonRequired, NotFound,
    ReportsNotOpen, OnlyCompletionLeft, NotKey.
    """
    act = Act(cause="key_lifted", actor=actor, at=at, by=by, reason=check_reason(reason))
    task = _reported_task(session, task_id, actor=actor, today=local_day(at))
    if not task.is_key:
        raise NotKey()
    before = duties_of_task(session, task_id)
    task.is_key, task.key_reason = False, None
    changes = _change(session, task, before=before, act=act)
    event = KeyLifted(task_id=task_id, reason=act.reason, changes=changes)
    event_log.record(session, event, actor=actor, at=at)


def set_interval(
    session: Session, *, task_id: int, interval: CadenceKind, reason: str, actor: Actor, at: datetime, by: Reckoning
) -> None:
    """Set how often a task is reported whose document leaves it open 「定报送间隔」, from now on.

    It answers what is asked about the interval of the item, so that no later answer overrides the decision.
    Records IntervalSet, QuestionAnswered and what settling and opening record. Raises NotYourTask, ReasonRequired,
    NotFound, ReportsNotOpen, OnlyCompletionLeft, NotForTheOffice, IntervalPrinted, IntervalNotAsked, KeyIsMonthly,
    SameInterval.
    """
    act = Act(cause="interval_set", actor=actor, at=at, by=by, reason=check_reason(reason))
    task = _reported_task(session, task_id, actor=actor, today=local_day(at))
    before, asked = duties_of_task(session, task_id), open_interval_questions(session, task.item_id)
    decide_interval(session, task, interval)
    if not asked and before == duties_of_task(session, task_id):
        raise SameInterval(interval=interval.value)
    changes = _change(session, task, before=before, act=act)
    event = IntervalSet(task_id=task_id, interval=interval.value, reason=act.reason, changes=changes)
    event_log.record(session, event, actor=actor, at=at)
    answer_all(session, task, asked, words=act.reason, decided=interval_decided(interval), actor=actor, at=at)


def _reported_task(session: Session, task_id: int, *, actor: Actor, today: date) -> TaskRow:
    task = load_task(session, task_id, actor=actor)
    check_reports_open(TaskState(task.state), due_on=task.due_on, today=today)
    return task


def _change(session: Session, task: TaskRow, *, before: Sequence[RowDuty], act: Act) -> tuple[RhythmChange, ...]:
    """Bring the series in line with what is asked for now; return whose forms change by it and how."""
    touched(task)
    task_id = task.id or 0
    if tuple(before) != duties_of_task(session, task_id):
        realign(session, task_id, act=act, asked_on=local_day(act.at))
    return rhythm_changes(session, task_id, before=before, today=local_day(act.at))
