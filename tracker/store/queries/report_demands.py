"""What the office may say about how a task is reported, and what it said 「报送要求」."""

import json
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.events.decoding import decode
from tracker.domain.events.tasks import IntervalSet, QuestionAnswered
from tracker.domain.intervals import printed_rhythms, reports_are_open, takes_interval
from tracker.domain.items import CadenceKind
from tracker.domain.lifecycle import TaskState
from tracker.domain.series import DocumentFrame, ItemDemands, office_interval, row_duties
from tracker.store.queries.demands import document_frames, task_demands
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import TaskRow

_DECIDED = "interval:"
_ONE_MORE = 0  # the id of no unit


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDemands:
    """`changeable` while reports go on; `takes_interval` where the document leaves the interval open.

    `interval` is the one in force, None where the usual one holds; `printed` are the rhythms of the document. `waits`
    until an event starts its clocks; `member` are the rhythms in which one more member would report, none where it
    would only tick with its other shares.
    """

    changeable: bool
    key_reason: str | None
    takes_interval: bool
    interval: CadenceKind | None
    printed: tuple[CadenceKind, ...]
    waits: bool
    member: tuple[CadenceKind, ...]


def report_demands(session: Session, task: TaskRow, *, today: date) -> ReportDemands:
    """Return how a task is reported and what of it may be changed."""
    [found] = task_demands(session, [task.id or 0])
    frame, _filing_on = document_frames(session, {task.document_id})[task.document_id]
    return ReportDemands(
        changeable=reports_are_open(TaskState(task.state), due_on=task.due_on, today=today),
        key_reason=task.key_reason,
        takes_interval=takes_interval(found.demands, frame),
        interval=office_interval(found.demands),
        printed=printed_rhythms(found.demands),
        waits=found.demands.waits,
        member=_of_one_more_member(found.demands, frame),
    )


def _of_one_more_member(item: ItemDemands, frame: DocumentFrame) -> tuple[CadenceKind, ...]:
    shares = replace(item.shares, members=(*item.shares.members, _ONE_MORE))
    duties = row_duties(replace(item, shares=shares), frame)
    return tuple(duty.form.kind for duty in duties if duty.unit_id == _ONE_MORE)


def interval_of_office(session: Session, task_id: int) -> CadenceKind | None:
    """Return the interval that the office set last after registration, by an act or an answer, as the log tells it."""
    wanted = select(col(EventRow.type), col(EventRow.payload)).where(
        col(EventRow.task_id) == task_id, col(EventRow.type).in_([IntervalSet.type, QuestionAnswered.type])
    )
    for kind, payload in session.execute(wanted.order_by(col(EventRow.seq).desc())):
        match decode(kind, json.loads(payload)):
            case IntervalSet(interval=interval):
                return CadenceKind(interval)
            case QuestionAnswered(decided=decided) if decided.startswith(_DECIDED):
                return CadenceKind(decided.removeprefix(_DECIDED))
    return None
