"""What the head of a unit sent back 「负责人退回」 and its liaison has yet to mend."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, func, label, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.filings import FilingKind, FilingState
from tracker.domain.inquiries import AskedState
from tracker.domain.lifecycle import TaskState
from tracker.store.queries.attempts import SIDE_BY_SIDE, mended
from tracker.store.queries.belonging import document_of_report
from tracker.store.queries.envelopes import INSTRUCTED, answers_an_instruction
from tracker.store.queries.filing_moments import moments_of_filings
from tracker.store.queries.leaving import what_leaves
from tracker.store.rows import as_view
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.inquiries import AskedRow
from tracker.store.tables.series import PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


@dataclass(frozen=True, slots=True)
class SentBackRow:
    """A share on which the envelope can be written anew; None of these for the tick for all other shares.

    `answers_id` is what the unit was asked, where it answered somebody; `words` is what it wrote.
    """

    answers_id: int | None
    task_id: int | None
    label: str | None
    title: str | None
    words: str


@dataclass(frozen=True, slots=True)
class SentBack:
    """An envelope that came back from the head of its unit, with the `rows` that can be handed in again.

    News, replies and requests are of no period; `due_at` is None where nothing of it has a moment.
    """

    filing_id: int
    kind: str
    instructed: bool
    period_id: int | None
    code: str | None
    document_number: str
    document_title: str
    reason: str | None
    stopped_by: str
    stopped_at: datetime
    due_at: datetime | None
    rows: tuple[SentBackRow, ...]

    @property
    def called(self) -> str:
        """The kind by which people know it."""
        return INSTRUCTED if self.instructed else self.kind


def _followed() -> ColumnElement[bool]:
    """Return the condition that a later envelope took the place of one: of its form, or of its share and kind.

    It is none for what waits side by side with its like, of which `attempts.mended` tells.
    """
    later, mine, theirs = aliased(FilingRow), aliased(ReportRow), aliased(ReportRow)
    not_withdrawn = col(later.state) != FilingState.WITHDRAWN.value
    form = select(later).where(
        col(later.period_id) == col(FilingRow.period_id), col(later.id) > col(FilingRow.id), not_withdrawn
    )
    one = (
        select(mine)
        .join(
            theirs,
            and_(
                col(theirs.assignment_id) == col(mine.assignment_id),
                col(theirs.kind) == col(mine.kind),
                func.coalesce(col(theirs.answers_id), 0) == func.coalesce(col(mine.answers_id), 0),
                col(theirs.id) > col(mine.id),
            ),
        )
        .join(later, col(later.id) == col(theirs.filing_id))
        .where(
            col(FilingRow.kind) != FilingKind.FORM.value,
            col(mine.filing_id) == col(FilingRow.id),
            or_(col(mine.kind).not_in(SIDE_BY_SIDE), col(mine.answers_id).is_not(None)),
            not_withdrawn,
        )
    )
    return form.exists() | one.exists()


_HEADS = (
    select(
        label("filing_id", col(FilingRow.id)),
        col(FilingRow.kind),
        label("instructed", answers_an_instruction()),
        col(FilingRow.period_id),
        col(PeriodRow.code),
        label("document_number", col(DocumentRow.number)),
        label("document_title", col(DocumentRow.title)),
        label("reason", col(FilingRow.stopped_reason)),
        col(FilingRow.stopped_by),
        col(FilingRow.stopped_at),
    )
    .select_from(FilingRow)
    .outerjoin(PeriodRow, col(PeriodRow.id) == col(FilingRow.period_id))
    .outerjoin(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
    .join(DocumentRow, col(DocumentRow.id) == func.coalesce(col(SeriesRow.document_id), document_of_report()))
    .where(
        col(FilingRow.unit_id).in_(bindparam("unit_ids", expanding=True)),
        is_one_of(col(FilingRow.state), "sent_back"),
        # Of the reckoning before series nothing is written on: such a form has no period.
        col(FilingRow.legacy_period_id).is_(None),
        ~_followed(),
    )
)


def sent_back_envelopes(session: Session, *, unit_ids: Collection[int]) -> list[SentBack]:
    """Return what came back to units and is to be mended: the one due first, then what has no due day.

    Left out is what a later envelope took the place of, unless the liaison withdrew it, and that of which nothing can
    be reported any more.
    """
    found = session.execute(_HEADS, {"unit_ids": list(unit_ids)}).all()
    replaced = mended(session, [head.filing_id for head in found if head.period_id is None]) if found else ()
    heads = [head for head in found if head.filing_id not in replaced]
    if not heads:
        return []
    ids = [head.filing_id for head in heads]
    leaving = what_leaves(session, ids).values()
    rows = _rows(session, {report_id for one in leaving for report_id in one.leave})
    moments = moments_of_filings(session, ids, but={report_id for one in leaving for report_id in one.stay})
    listed = [
        as_view(SentBack, head, due_at=moments.get(head.filing_id), rows=tuple(rows[head.filing_id]))
        for head in heads
        if head.filing_id in rows
    ]
    return sorted(listed, key=lambda one: (one.due_at is None, one.due_at or one.stopped_at, one.filing_id))


def _rows(session: Session, report_ids: Iterable[int]) -> dict[int, list[SentBackRow]]:
    """Return by envelope of which of the reports something can be written anew.

    Nothing is on suspended work, nor where nobody waits for an answer any more.
    """
    rows = session.execute(
        select(
            col(ReportRow.filing_id),
            col(ReportRow.answers_id),
            label("task_id", col(TaskRow.id)),
            col(ItemRow.label),
            col(ItemRow.title),
            label("words", col(ReportRow.text)),
        )
        .outerjoin(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .outerjoin(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .outerjoin(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .outerjoin(AskedRow, col(AskedRow.id) == col(ReportRow.answers_id))
        .where(
            col(ReportRow.id).in_(list(report_ids)),
            func.coalesce(col(TaskRow.state), "") != TaskState.SUSPENDED.value,
            func.coalesce(col(AskedRow.state), AskedState.OPEN.value) == AskedState.OPEN.value,
        )
        .order_by(col(ItemRow.start_at).is_(None), col(ItemRow.start_at), col(ReportRow.id))
    )
    found: dict[int, list[SentBackRow]] = defaultdict(list)
    for row in rows:
        found[row.filing_id].append(SentBackRow(row.answers_id, row.task_id, row.label, row.title, row.words))
    return found
