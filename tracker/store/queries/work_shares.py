"""What a lead's rows and reports say of its share: claim, completion, what is overdue."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import itemgetter

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.claims import Claim, is_better
from tracker.domain.counting import Figure, period_span
from tracker.domain.filings import HEARD_NO_MORE, ReportKind, ReportState, day_spoken_of
from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import ASSIGNMENT_ENDED
from tracker.domain.owed import OwedKind, RowState
from tracker.domain.schedule import Standing
from tracker.domain.windows import CLOSING
from tracker.domain.work_facts import Completion, LeadCompletion, LeadFacts
from tracker.store.queries.asking_row import asking_row
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
        said = {report.voice for report in _standing_reports(self) if report.claim}
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


def lead_facts(
    share: WorkShare, voice: int | None, stands: Standing, *, deadline_on: date | None, now: datetime
) -> LeadFacts:
    """Return what is known of a lead's share in a task with a deadline, or none."""
    claimed = [report for report in _standing_reports(share) if report.claim and report.voice == voice]
    verified = [report for report in claimed if report.verified_claim]
    last, confirmed = (claimed[-1] if claimed else None), (verified[-1] if verified else None)
    # News moves the class as the unit's own word until a report speaks of a later day, but undoes no lowered claim:
    # that stands until the office hears the unit or decides on its next report.
    news = last is not None and last.kind == ReportKind.UPDATE.value and last is not confirmed
    if news and not (confirmed is not None and _raises(last, confirmed)):
        confirmed = None
    return LeadFacts(
        overdue=overdue_kind(share, now=now),
        confirmed=Claim(confirmed.verified_claim) if confirmed is not None and confirmed.verified_claim else None,
        claim=Claim(last.claim) if last is not None and last.claim else None,
        claim_confirmed=last is not None and last is confirmed,
        completion=_completion(share, deadline_on=deadline_on, now=now),
        report_waiting=any(report.state == ReportState.FILED.value for report in share.reports),
        standing=stands.kind,
        unsigned=last is not None and last.state == ReportState.AWAITING_SIGN_OFF.value,
    )


def _standing_reports(share: WorkShare) -> list[ReportRow]:
    """Return the reports of a share without those that the office gave back: nothing of them counts, as their values.

    Where a correction ended with the work, the last word stands. Of two reports that a merger brought to one row the
    one that was not given back counts, whether it is decided or not.
    """
    taken_back = {None, *(row.id for row, _period in share.rows if row.state == RowState.RETURNED.value)}
    taken_back |= {report.row_id for report in share.reports if report.state in _COUNTING}
    return [
        report
        for report in share.reports
        if report.state != ReportState.RETURNED.value or report.row_id not in taken_back
    ]


def _raises(news: ReportRow | None, confirmed: ReportRow) -> bool:
    """Tell whether news claims more than the office left of an earlier claim when it lowered it."""
    if news is None or not news.claim or not confirmed.claim or not confirmed.verified_claim:
        return False
    own, verified = Claim(confirmed.claim), Claim(confirmed.verified_claim)
    return verified is not own and is_better(Claim(news.claim), verified)


def final_row(share: WorkShare, *, deadline_on: date | None) -> tuple[FormRow, PeriodRow] | None:
    """Return the row that asks a lead for the completion by its task's deadline, with its period."""
    finals = [pair for pair in share.rows if pair[0].final and pair[1].code != CLOSING]
    return asking_row(finals, deadline_on=deadline_on)


def _completion(share: WorkShare, *, deadline_on: date | None, now: datetime) -> LeadCompletion:
    """Return what a lead's rows and reports say of the completion.

    The row that asks for it dates it: by its own moment, or by that of its correction where it was filed in time.
    """
    final, period = final_row(share, deadline_on=deadline_on) or (None, None)
    report = _completion_report(share, now=now)
    if final is None or period is None or final.state == RowState.FILED.value:
        return LeadCompletion(report=report, asked=final is not None)
    asked_by = final.due_at or period.due_at
    # Work that was suspended or ended since, and goes on, is not late by what was before.
    anew = share.row.got_on is not None and local_day(asked_by) < share.row.got_on
    in_correction = final.state == RowState.RETURNED.value and (anew or not final.late)
    due_at = final.correction_due_at if in_correction else asked_by
    # More time for the correction of what was late, or asked for when it was late already, undoes no delay.
    in_time = final.pending_at is not None and due_at is not None and final.pending_at < due_at
    asked_at = final.pending_at if in_time else None
    told_by_row = in_correction and not final.soft  # a form of lasting work turns nothing red
    return LeadCompletion(
        report=report,
        asked=True,
        due_at=due_at,
        told_by_row=told_by_row,
        returned=final.state == RowState.RETURNED.value,
        asked_at=asked_at,
    )


def _completion_report(share: WorkShare, *, now: datetime) -> Completion:
    """Tell where a lead's completion report is; a merger may leave two, and it is enough that one waits."""
    completions = [report for report in share.reports if report.kind == ReportKind.COMPLETION.value]
    if any(report.state == ReportState.FILED.value for report in completions):
        return Completion.UNDER_REVIEW
    corrected = any(_is_corrected(share, report, now=now) for report in completions)
    return Completion.UNDER_CORRECTION if corrected else Completion.NONE


def _is_corrected(share: WorkShare, report: ReportRow, *, now: datetime) -> bool:
    """Tell whether a completion that was returned is being corrected, and its correction has not run out.

    It is as long as its row is corrected and nothing else was told in that since, whatever the row has become (another
    act may have opened it anew). One that no row asked for is until its days for a correction are over.
    """
    if report.state != ReportState.RETURNED.value:
        return False
    if report.row_id is None:
        later = any(other.kind == report.kind and (other.id or 0) > (report.id or 0) for other in share.reports)
        return not later and report.correct_by is not None and end_of_day(report.correct_by) > now
    if any(other.row_id == report.row_id and (other.id or 0) > (report.id or 0) for other in share.reports):
        return False
    rows = [row for row, _period in share.rows if row.id == report.row_id and row.state == RowState.RETURNED.value]
    return any(row.pending_at is not None or (row.correction_due_at or now) > now for row in rows)


def overdue_kind(share: WorkShare, *, now: datetime) -> OwedKind | None:
    """Return what the share owes past its moment; lasting and irregular work never leaves a task unknown."""
    kinds = []
    for row, period in share.rows:
        moment = pressing_moment(row, period)
        if moment is not None and moment <= now and not row.soft:
            kinds.append(OwedKind.CORRECTION if row.state == RowState.RETURNED.value else OwedKind.UNREPORTED)
    return kinds[0] if kinds else None


def pressing_moment(row: FormRow, period: PeriodRow) -> datetime | None:
    if row.pending_at is not None or row.state == RowState.FILED.value:
        return None
    if row.state == RowState.RETURNED.value:
        return row.correction_due_at
    return (row.due_at or period.due_at) if row.required else None
