"""What registered items demand of whom, in the shape from which series are decided."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.items import AssignmentRole, Basis, Bearer, CadenceKind, DemandKind, Duty, ItemKind, Measure
from tracker.domain.lifecycle import ASSIGNMENT_ENDED
from tracker.domain.series import Demand, DocumentFrame, ItemDemands, RhythmDemand, Shares, TargetDemand
from tracker.store.tables.documents import (
    DocumentRow,
    ItemBearerRow,
    ItemCadenceRow,
    ItemEvidenceRow,
    ItemRow,
    ItemTargetRow,
)
from tracker.store.tables.tasks import AssignmentRow, TaskRow

_Detail = TypeVar("_Detail", ItemCadenceRow, ItemTargetRow, ItemEvidenceRow, ItemBearerRow)
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Share:
    """One live share of a task; `member` where it stands for a collective, by its own part or by one taken over."""

    assignment_id: int
    unit_id: int
    is_lead: bool
    reports: bool
    member: bool
    got_on: date
    from_on: date | None


@dataclass(frozen=True, slots=True)
class TaskDemands:
    """A task with what its item demands and its live shares."""

    task_id: int
    document_id: int
    demands: ItemDemands
    shares: tuple[Share, ...]


def document_frames(session: Session, ids: Iterable[int]) -> dict[int, tuple[DocumentFrame, date | None]]:
    """Return each document's frame and the day its final figures are filed, where one is named."""
    wanted = set(ids)
    monitors = set(
        session.scalars(
            select(col(ItemRow.document_id))
            .join(ItemCadenceRow, col(ItemCadenceRow.item_id) == col(ItemRow.id))
            .where(col(ItemCadenceRow.basis) == Basis.DOCUMENT.value, col(ItemRow.document_id).in_(wanted))
            .distinct()
        )
    )
    rows = session.execute(
        select(
            col(DocumentRow.id),
            col(DocumentRow.issued_on),
            col(DocumentRow.ends_on),
            col(DocumentRow.expires_on),
            col(DocumentRow.filing_on),
        ).where(col(DocumentRow.id).in_(wanted))
    )
    return {
        row.id: (
            DocumentFrame(
                issued_on=row.issued_on or date.min,
                ends_on=row.ends_on,
                expires_on=row.expires_on,
                monitors_itself=row.id in monitors,
            ),
            row.filing_on,
        )
        for row in rows
    }


def end_of_task(session: Session, task: TaskRow) -> date | None:
    """Return the last day of a task's document or plan; None where it has no end or the measure outlives it."""
    document = session.get_one(DocumentRow, task.document_id)
    return None if session.get_one(ItemRow, task.item_id).outlives else document.expires_on or document.ends_on


def task_demands(session: Session, task_ids: Iterable[int]) -> list[TaskDemands]:
    """Return tasks with their demands and live shares, in order of their ids."""
    found: list[TaskDemands] = []
    wanted = sorted(set(task_ids))
    for start in range(0, len(wanted), _CHUNK):
        found += _chunk(session, wanted[start : start + _CHUNK])
    return found


def _chunk(session: Session, task_ids: list[int]) -> list[TaskDemands]:
    tasks = session.execute(
        select(TaskRow, ItemRow)
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(col(TaskRow.id).in_(task_ids))
        .order_by(col(TaskRow.id))
    ).all()
    items = [item.id for _task, item in tasks]
    details = _Details(
        _by_item(session, ItemCadenceRow, items),
        _by_item(session, ItemTargetRow, items),
        _by_item(session, ItemEvidenceRow, items),
        _by_item(session, ItemBearerRow, items),
    )
    shares = _shares(session, task_ids)
    return [
        TaskDemands(
            task_id=task.id,
            document_id=task.document_id,
            demands=details.of(item, task, shares[task.id]),
            shares=tuple(shares[task.id]),
        )
        for task, item in tasks
    ]


@dataclass(frozen=True, slots=True)
class _Details:
    cadences: dict[int, list[ItemCadenceRow]]
    targets: dict[int, list[ItemTargetRow]]
    evidence: dict[int, list[ItemEvidenceRow]]
    bearers: dict[int, list[ItemBearerRow]]

    def of(self, item: ItemRow, task: TaskRow, shares: Sequence[Share]) -> ItemDemands:
        assert item.id is not None
        return ItemDemands(
            kind=ItemKind(item.kind),
            shares=Shares(
                leads=tuple(share.unit_id for share in shares if share.is_lead),
                members=tuple(share.unit_id for share in shares if share.member),
                supports=tuple(share.unit_id for share in shares if not share.reports),
            ),
            rhythms=tuple(
                RhythmDemand(
                    kind=CadenceKind(row.kind),
                    basis=Basis(row.basis),
                    addressee=row.addressee,
                    addressee_unit=row.addressee_unit_id,
                    bearer=Bearer(row.bearer),
                    named=self._named(item.id, DemandKind.CADENCE, row.position),
                )
                for row in self.cadences[item.id]
            ),
            targets=tuple(
                TargetDemand(
                    measure=Measure(row.measure) if row.measure else None,
                    bearer=Bearer(row.bearer),
                    named=self._named(item.id, DemandKind.TARGET, row.position),
                )
                for row in self.targets[item.id]
            ),
            evidence=tuple(
                Demand(bearer=Bearer(row.bearer), named=self._named(item.id, DemandKind.EVIDENCE, row.position))
                for row in self.evidence[item.id]
                if row.basis == Basis.STATED.value
            ),
            deadline_on=task.due_on,
            deadline=Demand(bearer=Bearer(item.deadline_bearer), named=self._named(item.id, DemandKind.DEADLINE, 0)),
            waits=task.dormant,
            key=task.is_key,
        )

    def _named(self, item_id: int, demand: DemandKind, position: int) -> tuple[int, ...]:
        return tuple(
            row.unit_id
            for row in self.bearers[item_id]
            if row.demand == demand.value and row.demand_position == position and row.unit_id is not None
        )


def _by_item(session: Session, table: type[_Detail], items: Sequence[int | None]) -> dict[int, list[_Detail]]:
    found: dict[int, list[_Detail]] = defaultdict(list)
    for row in session.scalars(select(table).where(col(table.item_id).in_(items)).order_by(col(table.id))):
        found[row.item_id].append(row)
    return found


def is_member(share: AssignmentRow) -> bool:
    """Tell whether a share stands for a collective: a lead does where such a part is one of those that it unites."""
    parts = ((share.role, share.duty), (share.own_role, share.own_duty), (share.taken_role, share.taken_duty))
    return (AssignmentRole.SUPPORT.value, Duty.REPORT.value) in parts


def _shares(session: Session, task_ids: Sequence[int]) -> dict[int, list[Share]]:
    found: dict[int, list[Share]] = defaultdict(list)
    wanted = (
        select(AssignmentRow)
        .where(
            col(AssignmentRow.task_id).in_(task_ids),
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
            col(AssignmentRow.got_on).is_not(None),
        )
        .order_by(col(AssignmentRow.id))
    )
    for row in session.scalars(wanted):
        share = Share(
            row.id or 0,
            row.unit_id,
            row.role == AssignmentRole.LEAD.value,
            row.duty == Duty.REPORT.value,
            is_member(row),
            row.got_on or date.min,
            row.from_on,
        )
        found[row.task_id].append(share)
    return found
