"""What never changes of units and items, or is told as it was: names, places, demands in the words of documents."""

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Select, or_, select
from sqlmodel import Session, col

from tracker.domain.events.documents import DocumentReread
from tracker.domain.events.units import KeeperSet, UnitRenamed
from tracker.domain.items import CadenceKind, LeadBasis, Origin, UnitRole, printed_label
from tracker.domain.unit_classes import UnitClass, class_of
from tracker.domain.units import UnitKind
from tracker.store.history.log import Cut
from tracker.store.tables.columns import is_one_of
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

_LIMITED = (CadenceKind.WITHIN_HOURS.value, CadenceKind.WITHIN_WORKDAYS.value)
OPERATOR_WORDS = {">=": "不低于", "<=": "不超过", ">": "超过", "<": "低于", "=": ""}


@dataclass(frozen=True, slots=True)
class UnitFact:
    """A unit under its name at a cut; `kept` where another unit acted for it then."""

    unit_id: int
    full: str
    short: str
    order: int
    kind: UnitKind
    tasked: bool | None
    kept: bool

    @property
    def rule(self) -> UnitClass:
        """How the office deals with it."""
        return class_of(self.kind, tasked=self.tasked)


@dataclass(frozen=True, slots=True)
class NamedIn:
    """A unit as an item names it, or as the office wrote it in."""

    unit_id: int
    printed: str


@dataclass(frozen=True, slots=True)
class ItemFact:
    """The item of a task with its document; `named` are its units by role, `groups` its collectives as printed.

    `limits` are the hours or working days within which its clocks ask for a report.
    """

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
    internal: bool
    lead_basis: LeadBasis
    level: str | None
    named: Mapping[UnitRole, tuple[NamedIn, ...]]
    groups: tuple[str, ...]
    targets: tuple[str, ...]
    limits: Mapping[CadenceKind, int]


def unit_facts(session: Session, *, until: Cut) -> dict[int, UnitFact]:
    """Return every unit under the name that it bore at a cut, and whether somebody acted for it then."""
    rows = session.execute(
        select(
            col(UnitRow.id),
            col(UnitRow.full_name),
            col(UnitRow.short_name),
            col(UnitRow.official_order),
            col(UnitRow.kind),
            col(UnitRow.tasked),
            col(UnitRow.kept_by_unit_id).is_not(None).label("kept"),
        )
    )
    found = {
        row.id: UnitFact(
            unit_id=row.id,
            full=row.full_name,
            short=row.short_name,
            order=row.official_order,
            kind=UnitKind(row.kind),
            tasked=row.tasked,
            kept=row.kept,
        )
        for row in rows
    }
    for kind, unit_id, payload in session.execute(_later(until, UnitRenamed.type, KeeperSet.type)):
        if unit_id not in found:
            continue
        old = json.loads(payload)
        if kind == KeeperSet.type:
            found[unit_id] = replace(found[unit_id], kept=old["old_keeper_unit_id"] is not None)
        else:
            short = old["old_short_name"] or old["old_name"]
            found[unit_id] = replace(found[unit_id], full=old["old_name"], short=short)
    return found


def item_facts(session: Session, task_ids: Collection[int], *, until: Cut) -> dict[int, ItemFact]:
    """Return the items of tasks by task, in the order of their documents, under the titles they bore at a cut."""
    wanted = (
        select(TaskRow, ItemRow, DocumentRow)
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .order_by(col(DocumentRow.issued_on), col(DocumentRow.id), col(TaskRow.id))
    )
    named, groups, targets, limits = _named(session), _groups(session), _targets(session), _limits(session)
    titles = _titles_before(session, until)
    found: dict[int, ItemFact] = {}
    for task, item, document in session.execute(wanted):
        if task.id not in task_ids:
            continue
        found[task.id] = ItemFact(
            task.id,
            task.dormant,
            item.code,
            printed_label(item.label),
            titles.get((document.id, item.code), item.title),
            item.start_at,
            item.deadline_on,
            document.id,
            document.number,
            document.title,
            document.origin == Origin.INTERNAL.value,
            LeadBasis(item.lead_basis),
            item.level,
            {role: tuple(units) for role, units in named[item.id].items()},
            tuple(groups[item.id]),
            tuple(targets[item.id]),
            limits[item.id],
        )
    return found


def _titles_before(session: Session, until: Cut) -> dict[tuple[int | None, str], str]:
    """Return the titles at a cut of items that a document read anew retitled later, by document and code."""
    found: dict[tuple[int | None, str], str] = {}
    for payload in session.scalars(_later(until, DocumentReread.type).with_only_columns(col(EventRow.payload))):
        facts = json.loads(payload)
        for retitled in facts.get("titles", ()):
            found[facts["document_id"], retitled["item"]] = retitled["old_title"]
    return found


def _later(until: Cut, *types: str) -> Select[str, int | None, str]:
    """Return the events of some types after a cut, the last first."""
    return (
        select(col(EventRow.type), col(EventRow.unit_id), col(EventRow.payload))
        .where(col(EventRow.type).in_(types))
        .where(or_(col(EventRow.seq) > until.last_event, col(EventRow.occurred_at) > until.as_of))
        .order_by(col(EventRow.seq).desc())
    )


def _named(session: Session) -> dict[int | None, dict[UnitRole, list[NamedIn]]]:
    """Return the units of items by role, in the order in which the document names them."""
    found: dict[int | None, dict[UnitRole, list[NamedIn]]] = defaultdict(lambda: defaultdict(list))
    for row in session.scalars(select(ItemUnitRow).order_by(col(ItemUnitRow.position))):
        found[row.item_id][UnitRole(row.role)].append(NamedIn(row.unit_id, row.printed))
    return found


def _groups(session: Session) -> dict[int | None, list[str]]:
    found: dict[int | None, list[str]] = defaultdict(list)
    groups = select(col(ItemGroupRow.item_id), col(ItemGroupRow.printed)).order_by(col(ItemGroupRow.position))
    for item_id, printed in session.execute(groups):
        found[item_id].append(printed)
    return found


def _targets(session: Session) -> dict[int | None, list[str]]:
    found: dict[int | None, list[str]] = defaultdict(list)
    for row in session.scalars(select(ItemTargetRow).order_by(col(ItemTargetRow.position))):
        name = f"{row.metric}{OPERATOR_WORDS[row.op]}{row.value:g}{row.unit or ''}"
        if name not in found[row.item_id]:
            found[row.item_id].append(name)
    return found


def _limits(session: Session) -> dict[int | None, dict[CadenceKind, int]]:
    found: dict[int | None, dict[CadenceKind, int]] = defaultdict(dict)
    stated = select(col(ItemCadenceRow.item_id), col(ItemCadenceRow.kind), col(ItemCadenceRow.n)).where(
        is_one_of(col(ItemCadenceRow.kind), *_LIMITED), col(ItemCadenceRow.n).is_not(None)
    )
    for item_id, kind, n in session.execute(stated.order_by(col(ItemCadenceRow.position))):
        found[item_id].setdefault(CadenceKind(kind), n)
    return found
