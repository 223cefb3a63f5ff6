"""What is asked of shares: targets and evidence, each with whom its words bind."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from tracker.domain.counting import Counting
from tracker.domain.evidence_rhythms import is_asked_in, rhythm_named
from tracker.domain.items import AssignmentRole, Bearer, CadenceKind, DemandKind
from tracker.store.queries.counted import counting_of, rhythms_of_counts
from tracker.store.queries.demands import is_member
from tracker.store.tables.documents import ItemBearerRow, ItemEvidenceRow, ItemTargetRow
from tracker.store.tables.series import DutyRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


@dataclass(frozen=True, slots=True)
class Target:
    """A number the item prints; `value` is the goal in `unit`, reached `per` what the words say.

    `counting` is how it is judged: by its measure and in its windows, until the deadline of its task.
    """

    target_id: int
    metric: str
    op: str
    value: float
    unit: str | None
    per: str | None
    counting: Counting


_EACH_PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Requirement:
    """Evidence that the item or the office asks for.

    `rhythm` is that which its words name, where it is asked for each time, `forms` those in which the share reports.
    """

    requirement_id: int
    what: str
    basis: str
    mandatory: bool
    per: str
    rhythm: CadenceKind | None = None
    forms: frozenset[CadenceKind] = frozenset()


def asked_in(asked: Iterable[Requirement], starts_on: date | None, ends_on: date | None) -> tuple[Requirement, ...]:
    """Return what of evidence is asked for in the period of a form, else with what has none."""
    period = None if starts_on is None or ends_on is None else (starts_on, ends_on)
    return tuple(one for one in asked if is_asked_in(one.rhythm, forms=one.forms, period=period))


def binding_targets(session: Session, rows: Iterable[tuple[AssignmentRow, ItemTargetRow]]) -> dict[int, frozenset[int]]:
    """Return the ids of the numbers whose words bind each share, of those that `targets_by_share` gives."""
    bound: dict[int, set[int]] = defaultdict(set)
    rows = list(rows)
    named = _named(session, (target for _share, target in rows), DemandKind.TARGET)
    for share, row in rows:
        if binds(share, row.bearer, named.get((row.item_id, row.position), set())):
            bound[share.id or 0].add(row.id or 0)
    return {share_id: frozenset(ids) for share_id, ids in bound.items()}


def targets_of_shares(session: Session, assignment_ids: Collection[int]) -> dict[int, tuple[Target, ...]]:
    """Return the numbers that bind each share, in reading order; all of its item's where none binds it by name."""
    rows = targets_by_share(session, assignment_ids)
    named = _named(session, (target for _share, target in rows), DemandKind.TARGET)
    rhythms = rhythms_of_counts(session, {row.id: row for _share, row in rows}.values())
    deadlines = _deadlines(session, {share.task_id for share, _row in rows})
    every: dict[int, list[Target]] = defaultdict(list)
    bound: dict[int, list[Target]] = defaultdict(list)
    for share, row in rows:
        assert row.id is not None
        assert share.id is not None
        counting = counting_of(row, rhythms.get(row.id), deadlines.get(share.task_id))
        target = Target(row.id, row.metric, row.op, row.value, row.unit, row.per, counting)
        every[share.id].append(target)
        if binds(share, row.bearer, named.get((row.item_id, row.position), set())):
            bound[share.id].append(target)
    return {key: tuple(bound.get(key) or targets) for key, targets in every.items()}


def _deadlines(session: Session, task_ids: Collection[int]) -> dict[int, date | None]:
    if not task_ids:
        return {}
    rows = session.execute(select(col(TaskRow.id), col(TaskRow.due_on)).where(col(TaskRow.id).in_(list(task_ids))))
    return {id_ or 0: due_on for id_, due_on in rows}


def targets_by_share(session: Session, assignment_ids: Collection[int]) -> list[tuple[AssignmentRow, ItemTargetRow]]:
    """Return shares with each number of their item, in reading order."""
    return [(share, target) for share, target in session.execute(_TARGETS, {"ids": list(assignment_ids)})]


_TARGETS = (
    select(AssignmentRow, ItemTargetRow)
    .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
    .join(ItemTargetRow, col(ItemTargetRow.item_id) == col(TaskRow.item_id))
    .where(col(AssignmentRow.id).in_(bindparam("ids", expanding=True)))
    .order_by(col(ItemTargetRow.position))
)


def requirements_of_shares(session: Session, assignment_ids: Collection[int]) -> dict[int, tuple[Requirement, ...]]:
    """Return the evidence each share owes: what its item asks of the lead, of members, of all or of named units."""
    rows = session.execute(
        select(AssignmentRow, ItemEvidenceRow)
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemEvidenceRow, col(ItemEvidenceRow.item_id) == col(TaskRow.item_id))
        .where(col(AssignmentRow.id).in_(list(assignment_ids)))
        .order_by(col(ItemEvidenceRow.position))
    ).all()
    named = _named(session, (evidence for _share, evidence in rows), DemandKind.EVIDENCE)
    rhythms = {row.id: rhythm_named(row.what, row.quote) for _share, row in rows if row.per == _EACH_PERIOD}
    forms = _forms(session, {share.id for share, row in rows if rhythms.get(row.id) is not None})
    found: dict[int, list[Requirement]] = defaultdict(list)
    for share, row in rows:
        if binds(share, row.bearer, named.get((row.item_id, row.position), set())):
            rhythm, of = rhythms.get(row.id), frozenset(forms.get(share.id, ()))
            found[share.id].append(Requirement(row.id, row.what, row.basis, row.mandatory, row.per, rhythm, of))
    return {key: tuple(asked) for key, asked in found.items()}


def _forms(session: Session, assignment_ids: Collection[int]) -> dict[int, set[CadenceKind]]:
    """Return the rhythms of the forms in which shares report."""
    found: dict[int, set[CadenceKind]] = defaultdict(set)
    if not assignment_ids:
        return found
    rows = session.execute(
        select(col(DutyRow.assignment_id), col(SeriesRow.kind))
        .join(SeriesRow, col(SeriesRow.id) == col(DutyRow.series_id))
        .where(col(DutyRow.assignment_id).in_(list(assignment_ids)), col(DutyRow.ended_at).is_(None))
    )
    for share_id, kind in rows:
        found[share_id].add(CadenceKind(kind))
    return found


def binds(share: AssignmentRow, bearer: str, named: Collection[int | None]) -> bool:
    """Tell whether words bind a share: the lead's, the members', everybody's, or that of a unit they name."""
    is_lead = share.role == AssignmentRole.LEAD.value
    if bearer == Bearer.NAMED.value:
        return share.unit_id in named
    if is_lead and bearer == Bearer.GROUP.value:
        return is_member(share)
    return bearer == Bearer.BOTH.value or is_lead == (bearer == Bearer.LEAD.value)


def _named(
    session: Session, demands: Iterable[ItemTargetRow | ItemEvidenceRow], kind: DemandKind
) -> dict[tuple[int, int], set[int | None]]:
    """Return whom demands of a kind name, by item and position; most name nobody."""
    items = {demand.item_id for demand in demands if demand.bearer == Bearer.NAMED.value}
    return named_units(session, items, kind) if items else {}


def named_units(
    session: Session, item_ids: Collection[int], demand: DemandKind
) -> dict[tuple[int, int], set[int | None]]:
    """Return the units that words of items name, by item and position."""
    found: dict[tuple[int, int], set[int | None]] = defaultdict(set)
    rows = session.execute(
        select(col(ItemBearerRow.item_id), col(ItemBearerRow.demand_position), col(ItemBearerRow.unit_id)).where(
            col(ItemBearerRow.item_id).in_(list(item_ids)), col(ItemBearerRow.demand) == demand.value
        )
    )
    for item_id, position, unit_id in rows:
        found[item_id, position].add(unit_id)
    return found
