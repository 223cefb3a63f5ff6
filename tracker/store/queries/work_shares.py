"""What a lead's rows and reports say of its share: claim, completion, what is overdue."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.counting import Figure, period_span
from tracker.domain.filings import HEARD_NO_MORE, ReportKind, ReportState, ReturnReason, day_spoken_of
from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import ASSIGNMENT_ENDED
from tracker.domain.owed import RowState
from tracker.domain.schedule import Standing
from tracker.store.queries.counted import counting_of, day_counted, rhythms_of_counts
from tracker.store.queries.silence import Asked, lasting_rows
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.filings import ReportRow, ReportValueRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

# Who speaks: a lead by the id of its share, and of those that went up in it which (`steps/voices.py`).
Speaker = tuple[int, int | None]
Standings = Mapping[Speaker, Standing]
# What says how the work stands: it left its unit, or is news that its head has not signed yet.
IS_SAID = col(ReportRow.state).in_(
    [ReportState.FILED.value, ReportState.ACCEPTED.value, ReportState.RETURNED.value]
) | ((col(ReportRow.state) == ReportState.AWAITING_SIGN_OFF.value) & (col(ReportRow.kind) == ReportKind.UPDATE.value))
_COUNTING = (ReportState.FILED.value, ReportState.ACCEPTED.value)


@dataclass(slots=True)
class WorkShare:
    """One live share with what its rows and reports say; `lasting` are its rows of lasting work, ended ones too.

    `values` are the latest ones for each target, by the voice that told them.
    """

    row: AssignmentRow
    unit: str
    rows: list[tuple[FormRow, PeriodRow]] = field(default_factory=list)
    reports: list[ReportRow] = field(default_factory=list)
    lasting: list[Asked] = field(default_factory=list)
    values: dict[int | None, dict[int, Figure]] = field(default_factory=lambda: defaultdict(dict))

    @property
    def is_lead(self) -> bool:
        return self.row.role == AssignmentRole.LEAD.value

    def hear(self, report: ReportRow) -> None:
        """Keep what a report says, but where the share leads now and did not when the report spoke for its part."""
        if not self.is_lead or report.by_lead is not False:
            self.reports.append(report)

    def hear_value(self, report: ReportRow, target_id: int, told: Figure) -> None:
        """Keep a value that is of a later day than those before, but where `hear` would not keep its report."""
        if self.is_lead and report.by_lead is not False and report.voice != HEARD_NO_MORE:
            self.values[report.voice][target_id] = told

    def standing_reports(self) -> list[ReportRow]:
        """Return the reports without those that the office gave back: nothing of them counts, as their values.

        Where a correction ended with the work, the last word stands, unless it was found untrue. Of two reports that a
        merger brought to one row the one that was not given back counts, whether it is decided or not.
        """
        taken_back = {None, *(row.id for row, _period in self.rows if row.state == RowState.RETURNED.value)}
        taken_back |= {report.row_id for report in self.reports if report.state in _COUNTING}
        return [
            report
            for report in self.reports
            if report.state != ReportState.RETURNED.value
            or (report.row_id not in taken_back and report.reason_class != ReturnReason.FALSIFIED.value)
        ]

    @property
    def speaks(self) -> bool:
        """Whether the unit has said itself how the work stands since the last merger that brought it another's word."""
        return None in self._heard()

    def voices(self) -> list[int | None]:
        """Return whose words the share's are: its own, or until it speaks those of the leads that became one."""
        heard = self._heard()
        former: list[int | None] = [*sorted(voice for voice in heard if voice is not None)]
        return [None] if None in heard else former or [None]

    def _heard(self) -> set[int | None]:
        said = {report.voice for report in self.standing_reports() if report.claim}
        return (said | {voice for voice, told in self.values.items() if told}) - {HEARD_NO_MORE}


def live_shares(session: Session, task_ids: Sequence[int]) -> dict[int, list[WorkShare]]:
    """Return the live shares of tasks with their rows and the reports that left their units, leads first."""
    found: dict[int, list[WorkShare]] = defaultdict(list)
    by_id: dict[int, WorkShare] = {}
    rows = session.execute(
        select(AssignmentRow, col(UnitRow.short_name))
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(
            col(AssignmentRow.task_id).in_(task_ids),
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
        )
        .order_by(col(AssignmentRow.role), col(UnitRow.official_order), col(UnitRow.id))
    )
    for share, unit in rows:
        by_id[share.id] = WorkShare(share, unit)
        found[share.task_id].append(by_id[share.id])
    for row, period in session.execute(
        select(FormRow, PeriodRow)
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(
            col(FormRow.assignment_id).in_(list(by_id)),
            col(FormRow.state).in_([RowState.OPEN.value, RowState.RETURNED.value, RowState.FILED.value]),
        )
        .order_by(col(PeriodRow.due_at), col(FormRow.id))
    ):
        by_id[row.assignment_id].rows.append((row, period))
    for share_id, lasting in lasting_rows(session, by_id).items():
        by_id[share_id].lasting = lasting
    _hear_reports(session, by_id)
    _hear_values(session, by_id)
    return found


def _hear_reports(session: Session, shares: Mapping[int, WorkShare]) -> None:
    reports = session.execute(
        select(ReportRow, col(PeriodRow.ends_on))
        .outerjoin(FormRow, col(FormRow.id) == col(ReportRow.row_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(col(ReportRow.assignment_id).in_(list(shares)), IS_SAID)
        .order_by(col(ReportRow.written_at), col(ReportRow.id))
    ).all()
    for report, _ends_on in sorted(reports, key=lambda one: day_spoken_of(local_day(one[0].written_at), one[1])):
        shares[report.assignment_id or 0].hear(report)


def _hear_values(session: Session, shares: Mapping[int, WorkShare]) -> None:
    values = session.execute(
        select(
            ReportRow,
            ReportValueRow,
            ItemTargetRow,
            col(TaskRow.due_on),
            col(PeriodRow.starts_on),
            col(PeriodRow.ends_on),
        )
        .join(ReportRow, col(ReportRow.id) == col(ReportValueRow.report_id))
        .join(ItemTargetRow, col(ItemTargetRow.id) == col(ReportValueRow.target_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .outerjoin(FormRow, col(FormRow.id) == col(ReportRow.row_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(
            col(ReportRow.assignment_id).in_([id_ for id_, share in shares.items() if share.is_lead]),
            col(ReportRow.state).in_(_COUNTING),
        )
        .order_by(col(ReportRow.written_at), col(ReportRow.id))
    ).all()
    rhythms = rhythms_of_counts(session, {target.id: target for _report, _value, target, *_ in values}.values())
    dated = []
    for report, value, target, due_on, first, last in values:
        figure = Figure(value.value, value.value_on, period_span(first, last))
        day = day_counted(report, figure, counting_of(target, rhythms.get(target.id), due_on))
        dated.append((day, report, target.id or 0, figure))
    for _day, report, target_id, figure in sorted(dated, key=itemgetter(0)):
        shares[report.assignment_id or 0].hear_value(report, target_id, figure)


def speakers(shares: Iterable[WorkShare]) -> list[tuple[WorkShare, int | None]]:
    """Return the leads among shares with each of their voices, in their order."""
    return [(share, voice) for share in shares if share.is_lead for voice in share.voices()]


def latest_values(shares: Iterable[WorkShare]) -> Iterator[tuple[Speaker, int, Figure]]:
    """Yield the latest values of leads by voice and target; the others' of a target that the unit did not tell yet."""
    for share, voice in speakers(shares):
        own = share.values.get(voice, {})
        others = [told for other, told in share.values.items() if voice is None and other is not None]
        for target_id, value in own.items():
            yield (share.row.id or 0, voice), target_id, value
        for told in others:
            yield from (((share.row.id or 0, voice), id_, value) for id_, value in told.items() if id_ not in own)
