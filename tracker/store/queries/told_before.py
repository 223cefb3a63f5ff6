"""What a share has on file beside what is told of it now: its latest values, and whether its work has begun."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from sqlalchemy import or_, select
from sqlmodel import Session, col

from tracker.domain.claims import BEGUN_CLAIMS, Claim
from tracker.domain.counting import Figure, period_span
from tracker.domain.filings import HEARD_NO_MORE, ReportState
from tracker.domain.items import AssignmentRole
from tracker.store.queries.counted import counting_of, day_counted, rhythms_of_counts
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.filings import ReportRow, ReportValueRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow


@dataclass(frozen=True, slots=True)
class ToldBefore:
    """`told` is what is on file of each target, the latest last; `grown` the latest that are more than nought.

    `begun` is the last claim that the office accepted and that says that the work has begun.
    """

    told: Sequence[tuple[int, Figure]] = ()
    grown: Mapping[int, Figure] = field(default_factory=dict)
    begun: Claim | None = None


@dataclass(slots=True)
class OnFile:
    """What left the unit of a share and was not given back: claims as accepted, by report; values, the latest last."""

    claims: dict[int, Claim] = field(default_factory=dict)
    values: list[tuple[int, int, Figure]] = field(default_factory=list)

    def before(self, report_id: int | None) -> ToldBefore:
        """Return what was told before a report, or until now before one that is still to be written."""

        def earlier(other: int) -> bool:
            return report_id is None or other < report_id

        # What has no day, as earlier versions kept some, is held against none.
        told = [(target_id, figure) for id_, target_id, figure in self.values if earlier(id_) and figure.on]
        begun = [claim for id_, claim in sorted(self.claims.items()) if earlier(id_) and claim in BEGUN_CLAIMS]
        grown = {target_id: figure for target_id, figure in told if figure.value > 0}
        return ToldBefore(told, grown, begun[-1] if begun else None)


def on_file(session: Session, share_ids: Collection[int]) -> dict[int, OnFile]:
    """Return what is on file of shares; of one that leads, nothing that was said before it led."""
    found: dict[int, OnFile] = defaultdict(OnFile)
    if not share_ids:
        return found
    reports = _reports(session, share_ids)
    for report in reports.values():
        if report.verified_claim:
            found[report.assignment_id or 0].claims[report.id or 0] = Claim(report.verified_claim)
    rows = session.execute(
        select(ReportValueRow, ItemTargetRow, col(TaskRow.due_on), col(PeriodRow.starts_on), col(PeriodRow.ends_on))
        .join(ReportRow, col(ReportRow.id) == col(ReportValueRow.report_id))
        .join(ItemTargetRow, col(ItemTargetRow.id) == col(ReportValueRow.target_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .outerjoin(FormRow, col(FormRow.id) == col(ReportRow.row_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(col(ReportValueRow.report_id).in_(list(reports)))
        .order_by(col(ReportRow.written_at), col(ReportRow.id))
    ).all()
    rhythms = rhythms_of_counts(session, {target.id: target for _value, target, *_ in rows}.values())
    dated = []
    for value, target, due_on, first, last in rows:
        report, figure = reports[value.report_id], Figure(value.value, value.value_on, period_span(first, last))
        day = day_counted(report, figure, counting_of(target, rhythms.get(target.id), due_on))
        dated.append((day, report, target.id or 0, figure))
    for _day, report, target_id, figure in sorted(dated, key=itemgetter(0)):
        found[report.assignment_id or 0].values.append((report.id or 0, target_id, figure))
    return found


def _reports(session: Session, share_ids: Collection[int]) -> dict[int, ReportRow]:
    """Return the reports of shares that count, by id."""
    wanted = (
        select(ReportRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .where(
            col(ReportRow.assignment_id).in_(share_ids),
            is_one_of(col(ReportRow.state), ReportState.FILED.value, ReportState.ACCEPTED.value),
            or_(col(AssignmentRow.role) != AssignmentRole.LEAD.value, col(ReportRow.by_lead).is_not(False)),
            or_(col(ReportRow.voice).is_(None), col(ReportRow.voice) != HEARD_NO_MORE),
        )
    )
    return {report.id or 0: report for report in session.scalars(wanted)}
