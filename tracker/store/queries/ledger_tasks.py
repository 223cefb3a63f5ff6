"""What is there of a ledger that comes again: the tasks of its number, who does them, and what waits in drafts."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlmodel import Session, col

from tracker.domain.items import AssignmentRole, UnitRole
from tracker.domain.ledger_updates import Fate, KnownTask, Standing
from tracker.domain.ledgers import LedgerEntry
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_GOES_ON, AssignmentState, TaskState
from tracker.domain.readings.item import Item
from tracker.domain.readings.reading import Reading
from tracker.store.tables.documents import (
    DocumentRow,
    ItemCadenceRow,
    ItemGroupMemberRow,
    ItemGroupRow,
    ItemRow,
    ItemUnitRow,
)
from tracker.store.tables.drafts import DraftRow, DraftState, read_content
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

# A document that has its tasks takes no more: what a ledger adds to it is one of its own 「补1」.
SUPPLEMENT = "（补"
_NOT_ISSUED = frozenset({TaskState.REGISTERED, TaskState.PROPOSED, TaskState.APPROVED})
_Units = Mapping[int, str]


def known_tasks(session: Session, *, number: str) -> list[KnownTask]:
    """Return the tasks of a document and its supplements, in reading order, superseded ones left out."""
    rows = session.execute(
        select(ItemRow, TaskRow)
        .join(TaskRow, col(TaskRow.item_id) == col(ItemRow.id))
        .join(DocumentRow, col(DocumentRow.id) == col(ItemRow.document_id))
        .where(_of(number))
        .where(col(TaskRow.state) != TaskState.CANCELLED.value)
        .order_by(col(ItemRow.document_id), col(ItemRow.start_at))
    ).all()
    codes = {id_ or 0: code for id_, code in session.execute(select(col(UnitRow.id), col(UnitRow.code)))}
    documents = sorted({item.document_id for item, _task in rows})
    entered, rhythms = _entered(session, documents, codes), _rhythms(session, documents)
    shares = _shares(session, documents)
    return [
        _known(item, task, entered.get(item.id or 0, {}), shares.get(task.id or 0, []), codes, rhythms)
        for item, task in rows
    ]


def numbers_taken(session: Session, *, number: str) -> set[str]:
    """Return which numbers of a document and its supplements are registered or wait in drafts."""
    found = set(session.scalars(select(col(DocumentRow.number)).where(_of(number))))
    return found | {draft.number for draft in _drafts(session, number)}


def drafted_entries(session: Session, *, number: str) -> list[LedgerEntry]:
    """Return the entries that wait in open drafts of a document or its supplements."""
    return [_as_entry(draft, item) for draft in _drafts(session, number) for item in draft.items]


def _of(number: str) -> ColumnElement[bool]:
    return or_(
        col(DocumentRow.number) == number, col(DocumentRow.number).startswith(number + SUPPLEMENT, autoescape=True)
    )


def _drafts(session: Session, number: str) -> list[Reading]:
    wanted = select(col(DraftRow.content)).where(col(DraftRow.state) == DraftState.OPEN.value)
    drafts = (read_content(content) for content in session.scalars(wanted.order_by(col(DraftRow.id))))
    return [one for one in drafts if one.number == number or one.number.startswith(number + SUPPLEMENT)]


def _as_entry(draft: Reading, item: Item) -> LedgerEntry:
    start, end = item.span
    if item.responsibility_span:
        end = min(end, item.responsibility_span[0])
    return LedgerEntry(
        draft.text[start:end].removeprefix(f"{item.label}.").strip(),
        tuple(unit.printed for unit in item.leads or item.assigned_leads),
        (*(unit.printed for unit in item.supports), *(group.printed for group in item.groups)),
        item.deadline.on if item.deadline else None,
        item.cadences[0].kind if item.cadences else None,
        item.label,
    )


def _entered(session: Session, documents: Sequence[int], codes: _Units) -> dict[int, dict[str, list[str]]]:
    """Return the units of items by their roles; the members of groups are supports."""
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    named = (
        select(col(ItemUnitRow.item_id), col(ItemUnitRow.role), col(ItemUnitRow.unit_id))
        .join(ItemRow, col(ItemRow.id) == col(ItemUnitRow.item_id))
        .where(col(ItemRow.document_id).in_(documents))
        .order_by(col(ItemUnitRow.item_id), col(ItemUnitRow.position))
    )
    for item_id, role, unit_id in session.execute(named):
        found[item_id][role].append(codes[unit_id])
    members = (
        select(col(ItemGroupRow.item_id), col(ItemGroupMemberRow.unit_id))
        .join(ItemGroupMemberRow, col(ItemGroupMemberRow.item_group_id) == col(ItemGroupRow.id))
        .join(ItemRow, col(ItemRow.id) == col(ItemGroupRow.item_id))
        .where(col(ItemRow.document_id).in_(documents))
    )
    for item_id, unit_id in session.execute(members):
        found[item_id][UnitRole.SUPPORT.value].append(codes[unit_id])
    return found


def _rhythms(session: Session, documents: Sequence[int]) -> dict[int, frozenset[str]]:
    asked = (
        select(col(ItemCadenceRow.item_id), col(ItemCadenceRow.kind))
        .join(ItemRow, col(ItemRow.id) == col(ItemCadenceRow.item_id))
        .where(col(ItemRow.document_id).in_(documents))
    )
    found: dict[int, set[str]] = defaultdict(set)
    for item_id, kind in session.execute(asked):
        found[item_id].add(kind)
    return {item_id: frozenset(kinds) for item_id, kinds in found.items()}


def _shares(session: Session, documents: Sequence[int]) -> dict[int, list[AssignmentRow]]:
    wanted = (
        select(AssignmentRow)
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(col(TaskRow.document_id).in_(documents))
        .order_by(col(AssignmentRow.id))
    )
    found: dict[int, list[AssignmentRow]] = defaultdict(list)
    for share in session.scalars(wanted):
        found[share.task_id].append(share)
    return found


def _known(
    item: ItemRow,
    task: TaskRow,
    named: Mapping[str, list[str]],
    shares: Sequence[AssignmentRow],
    codes: _Units,
    rhythms: Mapping[int, frozenset[str]],
) -> KnownTask:
    leads = named.get(UnitRole.ASSIGNED_LEAD.value) or named.get(UnitRole.LEAD.value, [])
    supports = frozenset(named.get(UnitRole.SUPPORT.value, [])) - set(leads)
    live = [share for share in shares if AssignmentState(share.state) not in ASSIGNMENT_ENDED]
    ever = {codes[share.unit_id] for share in shares}
    now: dict[str, list[str]] = {role.value: [] for role in AssignmentRole}
    for share in live:
        now[share.role].append(codes[share.unit_id])
    # Whom nobody may task has no share, and stands as the item names it.
    now["lead"] += [code for code in leads if code not in ever]
    now["support"] += [code for code in supports if code not in ever]
    state = TaskState(task.state)
    fate = None if state in TASK_GOES_ON else Fate.NOT_ISSUED if state in _NOT_ISSUED else Fate.ENDED
    return KnownTask(
        task_id=task.id or 0,
        label=item.label,
        words=_words(item),
        entered=Standing(tuple(leads), supports, item.deadline_on),
        now=Standing(tuple(now["lead"]), frozenset(now["support"]), task.due_on),
        rhythms=rhythms.get(item.id or 0, frozenset()),
        shares={codes[share.unit_id]: share.id or 0 for share in live},
        fate=fate,
    )


def _words(item: ItemRow) -> str:
    """Return an item's words without its number; its text has no annotation."""
    return item.text.removeprefix(f"{item.label}.").strip()
