"""What a report carries besides words: values, each beside that of the period before, and files."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, func, label, select
from sqlalchemy.orm import Bundle
from sqlmodel import Session, col

from tracker.domain.cadences import Span
from tracker.domain.counting import Counting, Figure, period_span
from tracker.domain.values import Filed
from tracker.store.queries.counted import counting_of, rhythms_of_counts
from tracker.store.queries.earlier import said_before, stands_beside
from tracker.store.queries.origins import Origin, origins
from tracker.store.rows import as_view
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow, ReportValueRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow

_STARTS_ON = label("period_starts_on", col(PeriodRow.starts_on))
_ENDS_ON = label("period_ends_on", col(PeriodRow.ends_on))
_LEFT_THE_UNIT = ("filed", "accepted", "returned")


@dataclass(frozen=True, slots=True)
class ValueView:
    """A reported value beside its target and the value of the period before; days are those the values are of.

    `period` is that of the form it stands in, `counting` how it is judged. `before_returned` where the office gave back
    what gave that one. `filed` is what else is on file of the number.
    """

    report_id: int
    target_id: int
    metric: str
    op: str
    target: float
    unit: str | None
    value: float
    value_on: date | None
    period: Span | None
    before: float | None
    before_on: date | None
    before_period: Span | None
    before_returned: bool
    counting: Counting
    filed: tuple[Filed, ...]

    @property
    def figure(self) -> Figure:
        return Figure(self.value, self.value_on, self.period)

    @property
    def judged_on(self) -> date | None:
        """The day that it is of; of a total none after the year of its form."""
        return self.counting.day_of(self.figure)


@dataclass(frozen=True, slots=True)
class FileView:
    """A file under a report; `origin` where it came with another unit's answer."""

    evidence_id: int
    name: str
    size_bytes: int
    origin: Origin | None


def values_of(session: Session, report_ids: Sequence[int]) -> dict[int, list[ValueView]]:
    """Return the values of reports by the reports' ids, in the order of the targets."""
    rows = _values(session, report_ids)
    rhythms = rhythms_of_counts(session, {target.id: target for _value, target, *_ in rows}.values())
    earlier = _earlier(session, {share for _value, _target, share, *_ in rows})
    found: dict[int, list[ValueView]] = defaultdict(list)
    for value, target, share, row_id, due_on, starts_on, ends_on in rows:
        told = earlier[share, target.id]
        beside = stands_beside(told, row_id=row_id, report_id=value.report_id)
        before = next(iter(said_before(told, ends_on=ends_on, row_id=row_id, report_id=value.report_id)), None)
        found[value.report_id].append(
            ValueView(
                report_id=value.report_id,
                target_id=value.target_id,
                metric=target.metric,
                op=target.op,
                target=target.value,
                unit=target.unit,
                value=value.value,
                value_on=value.value_on,
                period=period_span(starts_on, ends_on),
                before=before.value if before else None,
                before_on=before.value_on if before else None,
                before_period=before.figure.period if before else None,
                before_returned=before is not None and before.state == "returned",
                counting=counting_of(target, rhythms.get(target.id), due_on),
                filed=tuple(Filed(one.report_id, one.figure) for one in beside),
            )
        )
    return found


def _values(
    session: Session, report_ids: Sequence[int]
) -> Sequence[Row[*tuple[Any, ...]]]:  # Any: a value, its target, and what its report and its task say of it
    wanted = (
        select(
            ReportValueRow,
            ItemTargetRow,
            col(ReportRow.assignment_id),
            col(ReportRow.row_id),
            col(TaskRow.due_on),
            _STARTS_ON,
            _ENDS_ON,
        )
        .join(ItemTargetRow, col(ItemTargetRow.id) == col(ReportValueRow.target_id))
        .join(ReportRow, col(ReportRow.id) == col(ReportValueRow.report_id))
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .outerjoin(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .outerjoin(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .outerjoin(FormRow, col(FormRow.id) == col(ReportRow.row_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == func.coalesce(col(FormRow.period_id), col(FilingRow.period_id)))
        .where(col(ReportValueRow.report_id).in_(report_ids))
        .order_by(col(ReportValueRow.report_id), col(ItemTargetRow.position))
    )
    return session.execute(wanted).all()


@dataclass(frozen=True, slots=True)
class _Earlier:
    report_id: int
    row_id: int | None
    period_starts_on: date | None
    period_ends_on: date | None
    written_at: datetime
    state: str
    value: float
    value_on: date | None

    @property
    def value_day(self) -> date | None:
        return self.value_on

    @property
    def figure(self) -> Figure:
        return Figure(self.value, self.value_on, period_span(self.period_starts_on, self.period_ends_on))


def _earlier(session: Session, shares: set[int | None]) -> dict[tuple[int | None, int | None], list[_Earlier]]:
    """Return what shares have reported on each target, of whatever period."""
    rows = session.execute(
        select(
            col(ReportRow.assignment_id),
            col(ReportValueRow.target_id),
            Bundle(
                "said",
                label("report_id", col(ReportRow.id)),
                col(ReportRow.row_id),
                _STARTS_ON,
                _ENDS_ON,
                col(ReportRow.written_at),
                col(ReportRow.state),
                col(ReportValueRow.value),
                col(ReportValueRow.value_on),
            ),
        )
        .join(ReportRow, col(ReportRow.id) == col(ReportValueRow.report_id))
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .outerjoin(FormRow, col(FormRow.id) == col(ReportRow.row_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == func.coalesce(col(FormRow.period_id), col(FilingRow.period_id)))
        .where(col(ReportRow.assignment_id).in_(shares), col(ReportRow.state).in_(_LEFT_THE_UNIT))
    )
    found: dict[tuple[int | None, int | None], list[_Earlier]] = defaultdict(list)
    for share, target_id, said in rows:
        found[share, target_id].append(as_view(_Earlier, said))
    return found


def files_of(session: Session, report_ids: Sequence[int]) -> dict[int, list[FileView]]:
    """Return the files of reports by the reports' ids, in the order in which they came."""
    rows = session.execute(
        select(
            col(EvidenceRow.report_id),
            col(EvidenceRow.from_report_id),
            Bundle(
                "file", label("evidence_id", col(EvidenceRow.id)), col(EvidenceRow.name), col(EvidenceRow.size_bytes)
            ),
        )
        .where(col(EvidenceRow.report_id).in_(report_ids))
        .order_by(col(EvidenceRow.id))
    ).all()
    of = origins(session, {row.from_report_id for row in rows})
    found: dict[int, list[FileView]] = defaultdict(list)
    for row in rows:
        found[row.report_id].append(as_view(FileView, row.file, origin=of.get(row.from_report_id)))
    return found
