"""What other units told a lead by themselves: news 「进展动态」 and replies 「协办反馈」 that answer no question."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, label, select
from sqlmodel import Session, col

from tracker.domain.filings import ReportKind
from tracker.store.queries.leads import tasks_led_by
from tracker.store.rows import as_views
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UnitRow

_BY_THEMSELVES = (ReportKind.UPDATE.value, ReportKind.REPLY.value)
_STANDS = ("filed", "accepted")


@dataclass(frozen=True, slots=True)
class OthersWord:
    """What a unit's head let go, at `filed_at`; `files` counts what lies under it.

    The unit is the one that said it: what went up in another since speaks under its own name still.
    """

    task_id: int
    unit_name: str
    kind: str
    text: str
    filed_at: datetime
    files: int


def words_of_others(
    session: Session, task_ids: Iterable[int], *, since: datetime, unit_ids: Collection[int]
) -> dict[int, list[OthersWord]]:
    """Return by task what others told its leads, some units, from a moment on, in the order in which it came."""
    led = select(col(AssignmentRow.id)).where(
        col(AssignmentRow.task_id).in_(list(task_ids)),
        col(AssignmentRow.task_id).in_(tasks_led_by(unit_ids)),
        col(AssignmentRow.unit_id).not_in(list(unit_ids)),
    )
    files = select(func.count()).where(col(EvidenceRow.report_id) == col(ReportRow.id)).scalar_subquery()
    rows = session.execute(
        select(
            col(AssignmentRow.task_id),
            label("unit_name", col(UnitRow.short_name)),
            col(ReportRow.kind),
            col(ReportRow.text),
            col(ReportRow.filed_at),
            label("files", files),
        )
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .join(UnitRow, col(UnitRow.id) == col(FilingRow.unit_id))
        .where(
            # The shares first, as of `last_facts`.
            col(ReportRow.assignment_id).in_(session.scalars(led).all()),
            col(ReportRow.kind).in_(_BY_THEMSELVES),
            col(ReportRow.state).in_(_STANDS),
            col(ReportRow.answers_id).is_(None),
            col(ReportRow.filed_at) >= since,
        )
        .order_by(col(ReportRow.filed_at), col(ReportRow.id))
    )
    found: dict[int, list[OthersWord]] = defaultdict(list)
    for one in as_views(OthersWord, rows):
        found[one.task_id].append(one)
    return dict(found)
