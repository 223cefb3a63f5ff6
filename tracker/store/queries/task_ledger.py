"""The ledger of tasks 「台账」: how each stands, who holds the ball, what is due next, what was last told.

How a task stands is judged in `queries/work`, once for the whole list; here stands only what is beside it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, case, func, label, select, true
from sqlmodel import Session, col

from tracker.domain.accounts import EveryUnit, Scope
from tracker.domain.courts import Court
from tracker.domain.filings import ReportKind
from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING, AssignmentState, TaskState, awaits_receipt
from tracker.domain.windows import Reckoning
from tracker.store.queries.handlers import Handler, handlers
from tracker.store.queries.lead_facts import pressing_moment
from tracker.store.queries.readable_reports import readable_reports
from tracker.store.queries.receipts import receipt_moment
from tracker.store.queries.scopes import within
from tracker.store.queries.task_courts import Waits, court_of_task, waits_of
from tracker.store.queries.work import JudgedTask, TaskStanding, judged_tasks
from tracker.store.queries.work_shares import WorkShare
from tracker.store.rows import as_views
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.filings import FilingRow, ReportRow, ReportValueRow
from tracker.store.tables.series import DutyRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

_COUNTING = ("filed", "accepted")
_ENDED = sorted(state.value for state in ASSIGNMENT_ENDED)
_OWING = frozenset(state.value for state in TASK_OWING)


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be reported next: the period, its moment; `stopped` while the office has to decide on it."""

    code: str
    at: datetime
    stopped: bool


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A unit that has not signed for its share 「未签收」, and by when it was to."""

    unit: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class LedgerTask:
    """One line of the ledger. `own_role` is the viewer's part, None for who is of no unit.

    `dues` is what the leads owe, for a unit what it owes itself, each form once by its moment: what is overdue first,
    then what comes, last what the office has to decide on. `share_ids` are the shares it is about. `writable`
    tells whether the viewer's unit may send news on it. `unsigned` are the units that have not signed for their shares,
    leads or not, by their ids; for a unit itself. `handler` is who of that unit handles it.
    """

    standing: TaskStanding
    text: str
    lead_basis: str
    key_reason: str | None
    deadline_on: date | None
    leads: Mapping[int, str]
    supports: Mapping[int, str]
    own_role: str | None
    court: Court
    dues: tuple[Due, ...]
    share_ids: tuple[int, ...]
    writable: bool
    unsigned: Mapping[int, Unsigned]
    handler: Handler | None = None

    @property
    def due(self) -> Due | None:
        """What is owed next."""
        return self.dues[0] if self.dues else None


@dataclass(frozen=True, slots=True)
class FactValue:
    report_id: int
    metric: str
    value: float
    unit: str | None
    value_on: date | None


@dataclass(frozen=True, slots=True)
class LastFact:
    """The latest report of the work that counts, of those that the viewer may read; no answer to a question."""

    unit: str
    text: str
    at: datetime
    values: tuple[FactValue, ...]


def ledger_tasks(session: Session, *, unit_ids: Scope, now: datetime, by: Reckoning) -> list[LedgerTask]:
    """Return the issued tasks of a scope in reading order; of units those in which they have a share."""
    judged = judged_tasks(session, _with_share(unit_ids), now=now, by=by)
    leads = [share.row.id or 0 for one in judged for share in one.shares if share.is_lead]
    waits = waits_of(session, leads, unit_ids=unit_ids)
    handled = {} if isinstance(unit_ids, EveryUnit) else handlers(session, unit_ids=unit_ids)
    return [
        replace(_line(one, unit_ids, waits, now=now, by=by), handler=handled.get(one.standing.task_id))
        for one in judged
    ]


def roles_counted(session: Session, *, unit_ids: Scope) -> Mapping[AssignmentRole, int]:
    """Count the tasks of `ledger_tasks` by the part that some units have in them, without judging any."""
    leads = func.max(case((col(AssignmentRow.role) == AssignmentRole.LEAD.value, 1), else_=0))
    parts = (
        select(label("is_lead", leads))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(within(unit_ids, col(AssignmentRow.unit_id)), col(AssignmentRow.state).not_in(_ENDED))
        .where(col(TaskRow.issued_at).is_not(None))
        .group_by(col(AssignmentRow.task_id))
    )
    found = session.scalars(parts).all()
    return {AssignmentRole.LEAD: sum(found), AssignmentRole.SUPPORT: len(found) - sum(found)}


def standing_on(
    session: Session, *, task_id: int, unit_ids: Scope, now: datetime, by: Reckoning
) -> tuple[TaskStanding, Court] | None:
    """Return how one task stands and who holds its ball, as the ledger of a scope has it; None before it is issued."""
    for judged in judged_tasks(session, col(TaskRow.id) == task_id, now=now, by=by):
        leads = [share.row.id or 0 for share in judged.shares if share.is_lead]
        waits = waits_of(session, leads, unit_ids=unit_ids)
        return judged.standing, court_of_task(judged.task, judged.shares, waits, now=now)
    return None


def _with_share(unit_ids: Scope) -> ColumnElement[bool]:
    if isinstance(unit_ids, EveryUnit):
        return true()
    shares = select(col(AssignmentRow.task_id)).where(within(unit_ids, col(AssignmentRow.unit_id)))
    return col(TaskRow.id).in_(shares.where(col(AssignmentRow.state).not_in(_ENDED)))


def _line(judged: JudgedTask, unit_ids: Scope, waits: Waits, *, now: datetime, by: Reckoning) -> LedgerTask:
    leads = [share for share in judged.shares if share.is_lead]
    own = leads if isinstance(unit_ids, EveryUnit) else [one for one in judged.shares if one.row.unit_id in unit_ids]
    roles = [] if isinstance(unit_ids, EveryUnit) else [share.row.role for share in own]
    return LedgerTask(
        standing=judged.standing,
        text=judged.item.text,
        lead_basis=judged.item.lead_basis,
        key_reason=judged.task.key_reason if judged.task.is_key else None,
        deadline_on=judged.task.due_on,
        leads={share.row.unit_id: share.unit for share in leads},
        supports={share.row.unit_id: share.unit for share in judged.shares if not share.is_lead},
        own_role=min(roles, key=lambda role: role != AssignmentRole.LEAD.value, default=None),
        court=court_of_task(judged.task, judged.shares, waits, now=now),
        dues=_dues(own),
        share_ids=tuple(share.row.id or 0 for share in own),
        writable=bool(roles) and judged.task.state in _OWING,
        unsigned=_unsigned(judged, judged.shares if isinstance(unit_ids, EveryUnit) else own, by=by),
    )


def _unsigned(judged: JudgedTask, shares: Iterable[WorkShare], *, by: Reckoning) -> Mapping[int, Unsigned]:
    state = TaskState(judged.task.state)
    return {
        share.row.unit_id: Unsigned(share.unit, receipt_moment(share.row.got_on, by=by))
        for share in shares
        if share.row.got_on is not None and awaits_receipt(AssignmentState(share.row.state), state)
    }


def _dues(shares: Sequence[WorkShare]) -> tuple[Due, ...]:
    """Return what shares owe; what the office has to decide on after all else that is owed."""
    owed = sorted(
        (row.pending_at is not None, row.soft, pressing_moment(row, period) or row.due_at or period.due_at, period.code)
        for share in shares
        for row, period in share.rows
        if pressing_moment(row, period) is not None or (row.required and row.pending_at is not None)
    )
    return tuple(dict.fromkeys(Due(code, at, stopped) for stopped, _soft, at, code in owed))


def last_facts(session: Session, task_ids: Iterable[int], *, unit_ids: Scope) -> dict[int, LastFact]:
    """Return the last report that counts on each task, of those that a scope reads, with its values."""
    # The shares first: else PostgreSQL may go through all reports to come to those of a few tasks.
    shares = session.scalars(select(col(AssignmentRow.id)).where(col(AssignmentRow.task_id).in_(list(task_ids))))
    latest = (
        select(func.max(col(ReportRow.id)))
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .where(
            col(ReportRow.assignment_id).in_(shares.all()),
            col(ReportRow.state).in_(_COUNTING),
            col(ReportRow.kind) != ReportKind.REPLY.value,
            readable_reports(unit_ids),
        )
        .group_by(col(AssignmentRow.task_id))
    )
    ids = [id_ or 0 for id_ in session.scalars(latest)]
    values = _values(session, ids)
    told = session.execute(
        select(
            col(AssignmentRow.task_id),
            label("report_id", col(ReportRow.id)),
            label("unit", col(UnitRow.short_name)),
            col(ReportRow.text),
            func.coalesce(col(ReportRow.filed_at), col(ReportRow.written_at)).label("at"),
        )
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(col(ReportRow.id).in_(ids))
    )
    return {row.task_id: LastFact(row.unit, row.text, row.at, tuple(values[row.report_id])) for row in told}


def _values(session: Session, report_ids: Sequence[int]) -> Mapping[int, list[FactValue]]:
    found: dict[int, list[FactValue]] = defaultdict(list)
    rows = session.execute(
        select(
            col(ReportValueRow.report_id),
            col(ItemTargetRow.metric),
            col(ReportValueRow.value),
            col(ItemTargetRow.unit),
            col(ReportValueRow.value_on),
        )
        .join(ItemTargetRow, col(ItemTargetRow.id) == col(ReportValueRow.target_id))
        .where(col(ReportValueRow.report_id).in_(report_ids))
        .order_by(col(ReportValueRow.report_id), col(ReportValueRow.target_id))
    )
    for value in as_views(FactValue, rows):
        found[value.report_id].append(value)
    return found


def rhythms_of_shares(session: Session, share_ids: Iterable[int]) -> Mapping[int, Sequence[str]]:
    """Return in which rhythms each share is reported on now, by share."""
    found: dict[int, list[str]] = defaultdict(list)
    wanted = (
        select(col(DutyRow.assignment_id), col(SeriesRow.kind))
        .join(SeriesRow, col(SeriesRow.id) == col(DutyRow.series_id))
        .where(col(DutyRow.assignment_id).in_(list(share_ids)), col(DutyRow.ended_at).is_(None))
        .order_by(col(DutyRow.assignment_id), col(DutyRow.id))
    )
    for share_id, kind in session.execute(wanted):
        if share_id is not None and kind not in found[share_id]:
            found[share_id].append(kind)
    return found
