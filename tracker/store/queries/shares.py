"""Shares as forms and reviewers need them: what numbers bind them, whether the work has a schedule."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, bindparam, label, select
from sqlmodel import Session, col

from tracker.domain.items import Duty, Measure
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING
from tracker.domain.quoting import quoted
from tracker.domain.schedule import Point, ScheduledTarget
from tracker.domain.values import Number
from tracker.store.queries.asked_of_shares import binding_targets, targets_by_share
from tracker.store.queries.case_clocks import counting_shares
from tracker.store.queries.counted import rhythms_of_counts
from tracker.store.queries.points import points_of_items
from tracker.store.rows import as_view
from tracker.store.tables.documents import DocumentRow, ItemRow, ItemTargetRow
from tracker.store.tables.series import DutyRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow

_NUMBERS = frozenset({Measure.CUMULATIVE, Measure.LEVEL, Measure.BASELINE, Measure.PER_PERIOD})


@dataclass(frozen=True, slots=True)
class ShareFacts:
    """One share as a form needs it; `targets` are the numbers of its item by their ids, `bound` those that bind it.

    `numbers` are all of them by their names, also those held against nothing; `issued_on` is the document's day.

    `counts_cases` where a clock runs for each case.
    """

    assignment_id: int
    task_id: int
    task_state: str
    assignment_state: str
    item_id: int
    item_label: str
    item_title: str
    deadline_on: date | None
    issued_on: date | None
    numbers: Mapping[int, Number]
    targets: Mapping[int, ScheduledTarget]
    bound: frozenset[int]
    counts_cases: bool = False

    @property
    def named(self) -> str:
        """The item by clause and title: clauses repeat within a document, and say little away from their row."""
        return f"{self.item_label}{quoted(self.item_title)}"

    @property
    def live(self) -> bool:
        """Whether reports on it are taken."""
        owing = self.task_state in {state.value for state in TASK_OWING}
        return owing and self.assignment_state not in {state.value for state in ASSIGNMENT_ENDED}

    @property
    def numeric(self) -> bool:
        """Whether a report is about a number that binds the unit; ceilings and grants are no progress."""
        return any(target.measure in _NUMBERS for id_, target in self.targets.items() if id_ in self.bound)

    @property
    def points(self) -> dict[int, Sequence[Point]]:
        """Return what the office set for the numbers, by their ids, as far as it holds."""
        return {id_: target.points for id_, target in self.targets.items() if target.points}

    @property
    def scheduled(self) -> bool:
        """Whether the work has a schedule to be on or behind: a number or a deadline."""
        return self.numeric or self.deadline_on is not None


def share_facts(session: Session, *, unit_id: int, document_id: int) -> dict[int, ShareFacts]:
    """Return a unit's shares in a document by their ids, in reading order."""
    return _facts(session, session.execute(_OF_UNIT, {"unit_id": unit_id, "document_id": document_id}).all())


def facts_of_shares(session: Session, assignment_ids: Collection[int]) -> dict[int, ShareFacts]:
    """Return shares by their ids, in reading order."""
    return _facts(session, session.execute(_OF_IDS, {"ids": list(assignment_ids)}).all())


_SHARES = (
    select(
        label("assignment_id", col(AssignmentRow.id)),
        label("task_id", col(TaskRow.id)),
        label("task_state", col(TaskRow.state)),
        label("assignment_state", col(AssignmentRow.state)),
        label("item_id", col(ItemRow.id)),
        label("item_label", col(ItemRow.label)),
        label("item_title", col(ItemRow.title)),
        label("deadline_on", col(TaskRow.due_on)),
        col(DocumentRow.issued_on),
    )
    .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
    .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
    .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
    .order_by(col(ItemRow.start_at), col(ItemRow.id))
)
_OF_IDS = _SHARES.where(col(AssignmentRow.id).in_(bindparam("ids", expanding=True)))
_OF_UNIT = _SHARES.where(
    col(AssignmentRow.unit_id) == bindparam("unit_id"), col(TaskRow.document_id) == bindparam("document_id")
)


def _facts(session: Session, rows: Sequence[Row[*tuple[Any, ...]]]) -> dict[int, ShareFacts]:  # Any: typed below
    ids = [row.assignment_id for row in rows]
    numbers = targets_by_share(session, ids)
    # Most work has no number, and a form is loaded with every act: what only numbers have is not asked for nothing.
    numbered = {target.item_id for _share, target in numbers}
    deadlines = {row.item_id: row.deadline_on for row in rows if row.item_id in numbered}
    points = points_of_items(session, deadlines) if deadlines else {}
    targets = scheduled_targets(session, deadlines, points=points) if deadlines else {}
    bound = binding_targets(session, numbers)
    counting = counting_shares(session, ids)
    named: dict[int, dict[int, Number]] = defaultdict(dict)
    for _share, target in numbers:
        measure = Measure(target.measure) if target.measure else None
        named[target.item_id][target.id or 0] = Number(target.metric, target.unit, measure)
    return {
        row.assignment_id: as_view(
            ShareFacts,
            row,
            numbers=named.get(row.item_id, {}),
            targets=targets.get(row.item_id, {}),
            bound=bound.get(row.assignment_id, frozenset()),
            counts_cases=row.assignment_id in counting,
        )
        for row in rows
    }


_TARGETS = (
    select(ItemTargetRow)
    .where(col(ItemTargetRow.item_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(ItemTargetRow.position))
)


def scheduled_targets(
    session: Session, items: Mapping[int, date | None], *, points: Mapping[int, Sequence[Point]]
) -> dict[int, dict[int, ScheduledTarget]]:
    """Return the numbers of items with their schedules, given each item's deadline.

    `points` are what the office set at the moment that is looked at, by target.
    """
    found: dict[int, dict[int, ScheduledTarget]] = {}
    rows = session.scalars(_TARGETS, {"ids": list(items)}).all()
    rhythms = rhythms_of_counts(session, rows)
    for row in rows:
        if row.measure is not None and row.id is not None:
            target = ScheduledTarget(
                measure=Measure(row.measure),
                op=row.op,
                value=row.value,
                reach_on=items[row.item_id],
                rhythm=rhythms.get(row.id),
            )
            found.setdefault(row.item_id, {})[row.id] = target.under(points.get(row.id, ()))
    return found


def other_shares(session: Session, shares: Iterable[ShareFacts], *, unit_id: int) -> list[ShareFacts]:
    """Return those of a unit's shares that are live and have no row in any series: what the tick speaks of."""
    wanted = set(session.scalars(_WITHOUT_ROWS, {"unit_id": unit_id}))
    return [share for share in shares if share.assignment_id in wanted and share.live]


_WITH_ROWS = (
    select(col(DutyRow.assignment_id))
    .join(SeriesRow, col(SeriesRow.id) == col(DutyRow.series_id))
    .where(col(SeriesRow.unit_id) == bindparam("unit_id"), col(DutyRow.assignment_id).is_not(None))
)
_WITHOUT_ROWS = select(col(AssignmentRow.id)).where(
    col(AssignmentRow.unit_id) == bindparam("unit_id"),
    col(AssignmentRow.duty) == Duty.REPORT.value,
    col(AssignmentRow.id).not_in(_WITH_ROWS),
)
