"""What never changes of units and items, or is told as it was: names, places, demands in the words of documents."""

import json
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlmodel import Session, col

from tracker.domain.items import UnitRole
from tracker.messages import CADENCE_NAMES
from tracker.store.history.log import Cut
from tracker.store.tables.documents import (
    DocumentRow,
    ItemCadenceRow,
    ItemGroupRow,
    ItemRow,
    ItemTargetRow,
    ItemUnitRow,
)
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import TaskRow
from tracker.store.tables.units import UnitRow

_OPERATORS = {">=": "不低于", "<=": "不超过", ">": "超过", "<": "低于", "=": ""}


@dataclass(frozen=True, slots=True)
class UnitFact:
    unit_id: int
    full: str
    short: str
    order: int


@dataclass(frozen=True, slots=True)
class ItemFact:
    """The item of a task with its document; demands in words."""

    task_id: int
    dormant: bool
    code: str
    label: str
    title: str
    start_at: int
    deadline_on: date | None
    document_id: int
    document: str
    document_title: str
    supports: tuple[str, ...]
    cadences: tuple[str, ...]
    targets: tuple[str, ...]


def unit_facts(session: Session, *, until: Cut) -> dict[int, UnitFact]:
    """Return every unit under the name that it bore at a cut."""
    rows = session.execute(
        select(col(UnitRow.id), col(UnitRow.full_name), col(UnitRow.short_name), col(UnitRow.official_order))
    )
    found = {row[0]: UnitFact(*row) for row in rows}
    renamed = (
        select(col(EventRow.unit_id), col(EventRow.payload))
        .where(col(EventRow.type) == "unit.renamed")
        .where(or_(col(EventRow.seq) > until.last_event, col(EventRow.occurred_at) > until.as_of))
        .order_by(col(EventRow.seq).desc())
    )
    for unit_id, payload in session.execute(renamed):
        if unit_id in found:
            old = json.loads(payload)
            short = old["old_short_name"] or old["old_name"]
            found[unit_id] = UnitFact(unit_id, old["old_name"], short, found[unit_id].order)
    return found


def item_facts(session: Session, task_ids: Collection[int]) -> dict[int, ItemFact]:
    """Return the items of tasks by task, in the order of their documents."""
    wanted = (
        select(TaskRow, ItemRow, DocumentRow)
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .order_by(col(DocumentRow.issued_on), col(DocumentRow.id), col(TaskRow.id))
    )
    supports, cadences, targets = _supports(session), _cadences(session), _targets(session)
    found: dict[int, ItemFact] = {}
    for task, item, document in session.execute(wanted):
        if task.id not in task_ids:
            continue
        found[task.id] = ItemFact(
            task.id,
            task.dormant,
            item.code,
            item.label,
            item.title,
            item.start_at,
            item.deadline_on,
            document.id,
            document.number,
            document.title,
            tuple(supports[item.id]),
            tuple(cadences[item.id]),
            tuple(targets[item.id]),
        )
    return found


def _supports(session: Session) -> dict[int | None, list[str]]:
    """Return the supporting units as the document names them: units by name, collectives as printed."""
    found: dict[int | None, list[str]] = defaultdict(list)
    units = (
        select(col(ItemUnitRow.item_id), col(UnitRow.short_name))
        .join(UnitRow, col(UnitRow.id) == col(ItemUnitRow.unit_id))
        .where(col(ItemUnitRow.role) == UnitRole.SUPPORT.value)
        .order_by(col(ItemUnitRow.item_id), col(ItemUnitRow.position))
    )
    groups = select(col(ItemGroupRow.item_id), col(ItemGroupRow.printed)).order_by(col(ItemGroupRow.position))
    for wanted in (units, groups):
        for item_id, name in session.execute(wanted):
            found[item_id].append(name)
    return found


def _cadences(session: Session) -> dict[int | None, list[str]]:
    found: dict[int | None, list[str]] = defaultdict(list)
    for row in session.execute(select(ItemCadenceRow).order_by(col(ItemCadenceRow.position))).scalars():
        words = {"within_hours": f"{row.n}小时内", "within_workdays": f"{row.n}个工作日内"}
        name = words.get(row.kind, CADENCE_NAMES[row.kind])
        if name not in found[row.item_id]:
            found[row.item_id].append(name)
    return found


def _targets(session: Session) -> dict[int | None, list[str]]:
    found: dict[int | None, list[str]] = defaultdict(list)
    for row in session.execute(select(ItemTargetRow).order_by(col(ItemTargetRow.position))).scalars():
        name = f"{row.metric}{_OPERATORS[row.op]}{row.value:g}{row.unit or ''}"
        if name not in found[row.item_id]:
            found[row.item_id].append(name)
    return found
