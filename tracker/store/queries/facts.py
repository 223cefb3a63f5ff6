"""The city as it stood at a cut-off: rows give identity, the event log gives what had happened by then."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from tracker.domain.calendar import end_of_day, full_date, local_day
from tracker.domain.circulars import Facts, PeriodFact, Scope, TaskFact
from tracker.domain.items import AssignmentRole, UnitRole
from tracker.domain.reports import ExtensionState
from tracker.messages import CADENCE_NAMES, period_label
from tracker.store.tables.documents import (
    DocumentRow,
    ItemCadenceRow,
    ItemGroupRow,
    ItemRow,
    ItemTargetRow,
    ItemUnitRow,
)
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import AssignmentRow, ExtensionRow, PeriodRow, TaskRow
from tracker.store.tables.units import UnitAliasRow, UnitRow

_FILED, _ACCEPTED, _RETURNED = "report.signed_off", "report.accepted", "report.returned"
_OF_PERIODS = (_FILED, _ACCEPTED, _RETURNED, "period.opened", "period.overdue", "period.missed", "extension.granted")
_ENDS = ("task.closed", "task.lapsed", "task.superseded")


@dataclass(slots=True)
class _Story:
    """What the log says of one period up to the cut-off."""

    filed: bool = False
    late: bool = False
    nil: bool = False
    returned: int = 0
    reason: str | None = None
    extended: bool = False
    events: list[int] = field(default_factory=list)


def last_event(session: Session) -> int:
    """Return the number of the last event in the log, 0 where it is empty."""
    return int(session.execute(select(func.max(col(EventRow.seq)))).scalar_one() or 0)


def find_unit(session: Session, name: str) -> str | None:
    """Return the full name of a unit by its full name, short name or one of its other names."""
    own = select(col(UnitRow.full_name)).where(or_(col(UnitRow.full_name) == name, col(UnitRow.short_name) == name))
    found = session.execute(own).scalars().first()
    if found is None:
        other = select(col(UnitRow.full_name)).join(UnitAliasRow, col(UnitAliasRow.unit_id) == col(UnitRow.id))
        found = session.execute(other.where(col(UnitAliasRow.name) == name)).scalars().first()
    return found


def facts_as_of(session: Session, *, as_of: datetime, up_to: int | None = None, scope: Scope | None = None) -> Facts:
    """Return what the log had told by `as_of`, of events numbered `up_to` at most; the same at any later time."""
    scope = scope or Scope()
    limit = last_event(session) if up_to is None else up_to
    stories, ends, completed, task_events = _read_log(session, as_of=as_of, limit=limit)
    tasks = _tasks(session, as_of=as_of, scope=scope, ends=ends, completed=completed, events=task_events)
    known = {task.task_id for task in tasks}
    periods = _periods(session, as_of=as_of, scope=scope, known=known, stories=stories, ends=ends, completed=completed)
    return Facts(as_of, limit, tuple(tasks), tuple(periods))


def _read_log(
    session: Session, *, as_of: datetime, limit: int
) -> tuple[dict[int, _Story], dict[int, str], set[int], dict[int, list[int]]]:
    """Return the story of each period, how tasks ended, which were completed, and the events of each task's end."""
    wanted = (
        select(col(EventRow.seq), col(EventRow.type), col(EventRow.task_id), col(EventRow.payload))
        .where(col(EventRow.seq) <= limit, col(EventRow.occurred_at) <= as_of)
        .where(col(EventRow.type).in_([*_OF_PERIODS, *_ENDS]))
        .order_by(col(EventRow.seq))
    )
    stories: dict[int, _Story] = defaultdict(_Story)
    ends: dict[int, str] = {}
    completed: set[int] = set()
    task_events: dict[int, list[int]] = defaultdict(list)
    for seq, kind, task_id, payload in session.execute(wanted):
        facts = json.loads(payload)
        if kind in _ENDS:
            ends[task_id] = kind
            task_events[task_id].append(seq)
        elif kind == _ACCEPTED and facts.get("kind") == "completion":
            completed.add(task_id)
            task_events[task_id].append(seq)
        if facts.get("period_id") is not None and kind in _OF_PERIODS:
            _tell(stories[facts["period_id"]], kind, facts, seq)
    return stories, ends, completed, task_events


def _tell(story: _Story, kind: str, facts: dict[str, object], seq: int) -> None:
    story.events.append(seq)
    if kind == _FILED:
        story.filed, story.reason = True, None
        story.late, story.nil = bool(facts["late"]), facts["kind"] == "nil"
    elif kind == _RETURNED:
        story.filed, story.reason = False, str(facts["reason"])
        story.returned += 1
    elif kind == "extension.granted":
        story.extended = True


def _tasks(
    session: Session,
    *,
    as_of: datetime,
    scope: Scope,
    ends: dict[int, str],
    completed: set[int],
    events: dict[int, list[int]],
) -> list[TaskFact]:
    wanted = (
        select(TaskRow, ItemRow, col(DocumentRow.number), col(DocumentRow.title))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(TaskRow.issued_at).is_not(None), col(TaskRow.issued_at) <= as_of)
        .order_by(col(DocumentRow.issued_on), col(DocumentRow.id), col(TaskRow.id))
    )
    if scope.document:
        wanted = wanted.where(col(DocumentRow.number) == scope.document)
    rows = [row for row in session.execute(wanted).all() if ends.get(row[0].id) != "task.superseded"]
    units = _units_of_tasks(session, [task.id for task, *_ in rows])
    cadences = _texts(session, ItemCadenceRow, [item.id for _, item, *_ in rows])
    supports = _supports(session, {item.id for _, item, *_ in rows})
    targets = _texts(session, ItemTargetRow, [item.id for _, item, *_ in rows])
    found = []
    for task, item, number, title in rows:
        named = units.get(task.id, [])
        if scope.unit and scope.unit not in {full for full, *_ in named}:
            continue
        found.append(
            TaskFact(
                task_id=task.id,
                item_code=item.code,
                label=item.label,
                title=item.title,
                document=number,
                document_title=title,
                issued_on=local_day(task.issued_at),
                done=task.id in completed or ends.get(task.id) == "task.closed",
                leads=tuple(short for _, short, role in named if role == AssignmentRole.LEAD.value),
                supports=tuple(supports.get(item.id, ())),
                deadline=full_date(item.deadline_on) if item.deadline_on else "—",
                cadence="、".join(cadences.get(item.id, ())),
                targets="；".join(targets.get(item.id, ())),
                events=tuple(events.get(task.id, ())),
            )
        )
    return found


def _periods(
    session: Session,
    *,
    as_of: datetime,
    scope: Scope,
    known: set[int],
    stories: dict[int, _Story],
    ends: dict[int, str],
    completed: set[int],
) -> list[PeriodFact]:
    wanted = (
        select(PeriodRow, TaskRow, ItemRow, UnitRow, col(DocumentRow.number))
        .select_from(PeriodRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(PeriodRow.assignment_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .where(col(PeriodRow.due_at).is_not(None))
        .order_by(col(UnitRow.official_order), col(PeriodRow.due_at), col(PeriodRow.id))
    )
    if scope.unit:
        wanted = wanted.where(col(UnitRow.full_name) == scope.unit)
    later = _due_days_changed_later(session, as_of)
    found = []
    for period, task, item, unit, number in session.execute(wanted):
        if task.id not in known:
            continue
        story = stories.get(period.id, _Story())
        due_on = later.get(period.id, period.due_on)
        due_at = end_of_day(due_on) if period.id in later else period.due_at
        ended = task.id in completed or task.id in ends
        found.append(
            PeriodFact(
                task_id=task.id,
                item_code=item.code,
                title=item.title,
                document=number,
                unit=unit.short_name,
                unit_order=unit.official_order,
                code=period.code,
                label=period_label(period.code),
                starts_on=period.starts_on,
                due_on=due_on,
                due_at=due_at,
                owed=not story.filed and not ended,
                late=story.late,
                nil=story.nil,
                returned=story.returned,
                return_reason=story.reason,
                extended=story.extended,
                ended=ended and not story.filed,
                events=tuple(story.events),
            )
        )
    return found


def _due_days_changed_later(session: Session, as_of: datetime) -> dict[int, date]:
    """Return the due days at the cut-off of periods whose extension was granted after it."""
    wanted = (
        select(col(ExtensionRow.period_id), col(ExtensionRow.old_due_on))
        .where(col(ExtensionRow.state) == ExtensionState.GRANTED.value, col(ExtensionRow.decided_at) > as_of)
        .order_by(col(ExtensionRow.decided_at).desc())
    )
    return {row[0]: row[1] for row in session.execute(wanted)}


def _units_of_tasks(session: Session, task_ids: Iterable[int | None]) -> dict[int, list[tuple[str, str, str]]]:
    wanted = (
        select(col(AssignmentRow.task_id), col(UnitRow.full_name), col(UnitRow.short_name), col(AssignmentRow.role))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .order_by(col(UnitRow.official_order))
    )
    wanted_ids = set(task_ids)
    found: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for task_id, full, short, role in session.execute(wanted):
        if task_id in wanted_ids:
            found[task_id].append((full, short, role))
    return found


def _supports(session: Session, ids: set[int | None]) -> dict[int, list[str]]:
    """Return the supporting units as the document names them: units by name, collectives as printed."""
    found: dict[int, list[str]] = defaultdict(list)
    units = (
        select(col(ItemUnitRow.item_id), col(UnitRow.short_name))
        .join(UnitRow, col(UnitRow.id) == col(ItemUnitRow.unit_id))
        .where(col(ItemUnitRow.role) == UnitRole.SUPPORT.value)
        .order_by(col(ItemUnitRow.item_id), col(ItemUnitRow.position))
    )
    groups = select(col(ItemGroupRow.item_id), col(ItemGroupRow.printed)).order_by(col(ItemGroupRow.position))
    for wanted in (units, groups):
        for item_id, name in session.execute(wanted):
            if item_id in ids:
                found[item_id].append(name)
    return found


def _texts(
    session: Session, table: type[ItemCadenceRow] | type[ItemTargetRow], ids: Iterable[int | None]
) -> dict[int, list[str]]:
    wanted_ids = set(ids)
    found: dict[int, list[str]] = defaultdict(list)
    for row in session.execute(select(table).order_by(col(table.position))).scalars():
        if row.item_id not in wanted_ids:
            continue
        words = _cadence(row) if isinstance(row, ItemCadenceRow) else _target(row)
        if words and words not in found[row.item_id]:
            found[row.item_id].append(words)
    return found


def _cadence(row: ItemCadenceRow) -> str:
    if row.kind == "within_hours":
        return f"{row.n}小时内"
    if row.kind == "within_workdays":
        return f"{row.n}个工作日内"
    return CADENCE_NAMES[row.kind]


def _target(row: ItemTargetRow) -> str:
    op = {">=": "不低于", "<=": "不超过", ">": "超过", "<": "低于", "=": ""}[row.op]
    return f"{row.metric}{op}{row.value:g}{row.unit or ''}"
