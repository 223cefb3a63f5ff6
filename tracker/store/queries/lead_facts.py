"""What is known of a lead by its share: where its completion is, what it owes past its moment, what it said."""

from datetime import date, datetime

from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.claims import Claim, is_better
from tracker.domain.filings import ReportKind, ReportState
from tracker.domain.owed import OwedKind, RowState
from tracker.domain.schedule import Standing
from tracker.domain.windows import CLOSING
from tracker.domain.work_facts import Completion, LeadCompletion, LeadFacts
from tracker.store.queries.asking_row import asking_row
from tracker.store.queries.work_shares import WorkShare
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import FormRow, PeriodRow


def lead_facts(
    share: WorkShare, voice: int | None, stands: Standing, *, deadline_on: date | None, now: datetime
) -> LeadFacts:
    """Return what is known of a lead's share in a task with a deadline, or none."""
    claimed = [report for report in share.standing_reports() if report.claim and report.voice == voice]
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
        return LeadCompletion(report=report, asked=final is not None, returned=_was_returned_apart(share))
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
        returned=final.state == RowState.RETURNED.value or _was_returned_apart(share),
        asked_at=asked_at,
    )


def _completion_report(share: WorkShare, *, now: datetime) -> Completion:
    """Tell where a lead's completion report is; a merger may leave two, and it is enough that one waits."""
    completions = [report for report in share.reports if report.kind == ReportKind.COMPLETION.value]
    if any(report.state == ReportState.FILED.value for report in completions):
        return Completion.UNDER_REVIEW
    corrected = any(_is_corrected(share, report, now=now) for report in completions)
    return Completion.UNDER_CORRECTION if corrected else Completion.NONE


def _was_returned_apart(share: WorkShare) -> bool:
    """Tell whether the completion that was told last was told in no row, and given back."""
    told = [report for report in share.reports if report.kind == ReportKind.COMPLETION.value]
    last = max(told, key=lambda report: report.id or 0, default=None)
    return last is not None and last.row_id is None and last.state == ReportState.RETURNED.value


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
