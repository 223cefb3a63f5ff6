"""What others did to a thing after somebody's page of it was made, or last: one side of a conflict."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import Session, col

from tracker.domain.accounts import EveryUnit, Scope
from tracker.domain.events.absences import AbsenceEnded, AbsenceSet, WorkHandedOver
from tracker.domain.events.accounts import (
    AccountChanged,
    AccountDisabled,
    AccountEnabled,
    AccountReset,
    EmailConfirmed,
    FactorRemoved,
    FactorReset,
    FactorSetUp,
    RoleGranted,
)
from tracker.domain.events.base import Event
from tracker.domain.events.documents import PlanEndCorrected
from tracker.domain.events.forms import DueMoved
from tracker.domain.events.reports import ReportLeadVerified, ReportSentBack, ReportVerified
from tracker.domain.events.shares import ShareAdded, ShareEnded, ShareLowered, ShareMoved
from tracker.domain.events.tasks import (
    DeadlineChanged,
    IntervalSet,
    KeyLifted,
    KeyMarked,
    SchedulePointsSet,
    TaskArchived,
    TaskCancelled,
    TaskClosed,
    TaskCompleted,
    TaskLapsed,
    TaskReopened,
    TaskResumed,
    TaskSuperseded,
    TaskSuspended,
)
from tracker.domain.events.triggers import TriggerEnded, TriggerRecorded
from tracker.domain.events.units import KeeperSet, UnitRenamed, UnitsMerged
from tracker.store.queries.inquiries import of_inquiries
from tracker.store.queries.leads import tasks_led_by
from tracker.store.queries.scopes import of_shared_work, read_by_all, tasks_for
from tracker.store.queries.tasks import TaskEvent, event_told
from tracker.store.tables.documents import QuestionRow
from tracker.store.tables.events import ChainHeadRow, EventRow
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.petitions import PetitionRow
from tracker.store.tables.series import FormRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow, TriggerRow

_Events = Select[str, datetime, str, str | None, str]
_MOST = 200  # events that are looked through for those about one thing
# What a lead verifies, it sees decided: its own people's word and the office's.
_OF_MEMBERS = (ReportLeadVerified.type, ReportVerified.type, ReportSentBack.type)
_OF_TASKS: tuple[type[Event], ...] = (
    TaskClosed,
    TaskLapsed,
    TaskSuperseded,
    TriggerRecorded,
    TaskCompleted,
    TaskReopened,
    TaskSuspended,
    TaskResumed,
    TaskCancelled,
    TaskArchived,
    DeadlineChanged,
    SchedulePointsSet,
    KeyMarked,
    KeyLifted,
    IntervalSet,
    TriggerEnded,
    ShareAdded,
    ShareEnded,
    ShareLowered,
    ShareMoved,
)
# Whose an account is, what it may do and how its person comes in: what the forms about it are decided by.
_OF_ACCOUNTS: tuple[type[Event], ...] = (
    *(AccountChanged, EmailConfirmed, RoleGranted, AccountDisabled, AccountEnabled, AccountReset),
    *(FactorSetUp, FactorRemoved, FactorReset),
)
_OF_LEAVE: tuple[type[Event], ...] = (AbsenceSet, AbsenceEnded, WorkHandedOver)


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions on one thing: events of these types, of a task or unit, or with facts that name it in one way or other.

    Each way is a set of facts that all hold.
    """

    types: frozenset[str]
    task_id: int | None = None
    unit_id: int | None = None
    ways: tuple[Mapping[str, int | None], ...] = ({},)


def on_task(task_id: int) -> Decisions:
    """Name what decides on a task: its state, deadline, units and how it is reported."""
    return Decisions(frozenset(kind.type for kind in _OF_TASKS), task_id=task_id)


def on_moment(row_id: int, *, period_id: int) -> Decisions:
    """Name what moves the moment of a row: its own, or that of its form, which an outage and a calendar move."""
    ways = ({"row_id": row_id}, {"period_id": period_id, "row_id": None})
    return Decisions(frozenset({DueMoved.type}), ways=ways)


def on_reports(report_ids: Collection[int]) -> Decisions:
    """Name what a lead says of reports before the office decides."""
    return Decisions(frozenset({ReportLeadVerified.type}), ways=tuple({"report_id": id_} for id_ in report_ids))


def on_plan_end(document_id: int) -> Decisions:
    """Name what corrects until when a document plans."""
    return Decisions(frozenset({PlanEndCorrected.type}), ways=({"document_id": document_id},))


def on_unit(unit_id: int) -> Decisions:
    """Name what renames a unit, merges it or says who keeps its office."""
    kinds = (UnitRenamed, UnitsMerged, KeeperSet)
    return Decisions(frozenset(kind.type for kind in kinds), unit_id=unit_id)


def on_account(user_id: int) -> Decisions:
    """Name what changes an account, by whomever: its administrators or, of his own part, its person."""
    return Decisions(frozenset(kind.type for kind in _OF_ACCOUNTS), ways=({"user_id": user_id},))


def on_leave(*user_ids: int) -> Decisions:
    """Name what changes whom leave or a hand-over is about: an account, other leave, another hand-over."""
    kinds: tuple[type[Event], ...] = (*_OF_ACCOUNTS, *_OF_LEAVE)
    return Decisions(frozenset(kind.type for kind in kinds), ways=tuple({"user_id": id_} for id_ in user_ids))


def log_head(session: Session) -> int:
    """Return the number of the last event of the log."""
    return int(session.execute(select(col(ChainHeadRow.seq))).scalar_one())


def decided_since(session: Session, what: Decisions, *, seen: int) -> tuple[TaskEvent, ...]:
    """Return the decisions on a thing that the log holds after the event `seen`, the newest first."""
    wanted = _events().where(col(EventRow.seq) > seen, col(EventRow.type).in_(what.types))
    if what.task_id is not None:
        wanted = wanted.where(col(EventRow.task_id) == what.task_id)
    if what.unit_id is not None:
        wanted = wanted.where(col(EventRow.unit_id) == what.unit_id)
    found = _read(session, wanted)
    return tuple(event for event in found if any(way.items() <= event.facts.items() for way in what.ways))


def last_acts(
    session: Session, named: Mapping[str, int], *, types: Collection[str], unit_ids: Scope
) -> tuple[TaskEvent, ...]:
    """Return what happened last to the thing that an address names, the newest first.

    `named` are the ids of the address by their names: `report_id`, `circular_id` … Of what belongs to tasks, the events
    of those tasks; else those of `types` that name the thing. For units a task in which these have no share is as
    good as missing, as on its page, and the events of other units are left out, but for what a lead reads of members;
    of what belongs to no task they read what names them.
    For a refusal, not for lists: what belongs to no task is looked for among the newest events of its types.
    """
    tasks = _tasks_of(session, named)
    if not isinstance(unit_ids, EveryUnit):
        tasks = set(session.scalars(select(col(TaskRow.id)).where(col(TaskRow.id).in_(tasks), tasks_for(unit_ids))))
    wanted = _events().limit(_MOST)
    if tasks:
        wanted = wanted.where(col(EventRow.task_id).in_(tasks))
    elif types:
        wanted = wanted.where(col(EventRow.type).in_(types))
        if not isinstance(unit_ids, EveryUnit):
            wanted = wanted.where(col(EventRow.unit_id).in_(unit_ids))
    else:
        return ()
    wanted = wanted.where(read_by_all() if isinstance(unit_ids, EveryUnit) else read_by(unit_ids, tasks))
    found = _read(session, wanted)
    about = tuple(event for event in found if any(event.facts.get(name) == id_ for name, id_ in named.items()))
    return found if not about and (tasks or not named) else about


def read_by(unit_ids: Collection[int], tasks: Collection[int] | None = None) -> ColumnElement[bool]:
    """Select what units read of tasks: what names no unit or one of them; of those they lead, decisions on members.

    What became of others' shares is for everybody who has one of the task. `tasks` bounds the tasks of which of those
    that units lead is asked.
    """
    led = tasks_led_by(unit_ids)
    if tasks is not None:
        led = led.where(col(AssignmentRow.task_id).in_(tasks))
    # What the office or a leader asks names no unit and is for those whom it asks.
    own = (col(EventRow.unit_id).is_(None) & ~of_inquiries()) | col(EventRow.unit_id).in_(unit_ids)
    own |= of_shared_work(unit_ids)
    return own | (col(EventRow.type).in_(_OF_MEMBERS) & col(EventRow.task_id).in_(led))


def _events() -> _Events:
    return select(
        col(EventRow.type),
        col(EventRow.occurred_at),
        col(EventRow.actor),
        col(EventRow.actor_unit),
        col(EventRow.payload),
    ).order_by(col(EventRow.seq).desc())


def _read(session: Session, wanted: _Events) -> tuple[TaskEvent, ...]:
    return tuple(event_told(row) for row in session.execute(wanted))


def _tasks_of(session: Session, named: Mapping[str, int]) -> set[int]:
    """Return the tasks that the thing named by an address belongs to."""
    if "task_id" in named:
        return {named["task_id"]}
    of_shares = {
        "report_id": select(col(ReportRow.assignment_id)).where(col(ReportRow.id) == named.get("report_id")),
        "filing_id": select(col(ReportRow.assignment_id)).where(col(ReportRow.filing_id) == named.get("filing_id")),
        "row_id": select(col(FormRow.assignment_id)).where(col(FormRow.id) == named.get("row_id")),
        "period_id": select(col(FormRow.assignment_id)).where(col(FormRow.period_id) == named.get("period_id")),
        "petition_id": select(col(PetitionRow.assignment_id)).where(col(PetitionRow.id) == named.get("petition_id")),
        "request_id": select(col(RequestRow.assignment_id)).where(col(RequestRow.id) == named.get("request_id")),
    }
    by_item = select(col(QuestionRow.item_id)).where(col(QuestionRow.id) == named.get("question_id"))
    by_event = select(col(TriggerRow.task_id)).where(col(TriggerRow.id) == named.get("trigger_id"))
    wanted: list[Select[int | None]] = [
        select(col(AssignmentRow.task_id)).where(col(AssignmentRow.id).in_(shares))
        for name, shares in of_shares.items()
        if name in named
    ]
    if "question_id" in named:
        wanted.append(select(col(TaskRow.id)).where(col(TaskRow.item_id).in_(by_item)))
    if "trigger_id" in named:
        wanted.append(by_event)
    found = {task_id for statement in wanted for task_id in session.scalars(statement)}
    return {task_id for task_id in found if task_id is not None}
