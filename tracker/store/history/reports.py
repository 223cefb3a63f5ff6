"""What events say of reports, and of the rows that they were on."""

from collections.abc import Callable, Mapping
from datetime import date

from tracker.domain.filings import ReportKind, ReportState
from tracker.domain.owed import RowState
from tracker.store.history.log import Told
from tracker.store.history.state import PastReport, PastReturn, State
from tracker.store.history.told import day_told, row_told, time_told


def _report_filed(state: State, told: Told) -> None:
    facts = told.facts
    share = state.share_of(told.task_id, told.unit_id)
    row = row_told(state, told)
    told_before = state.reports.get(facts["report_id"])  # news, which was seen before its head signed it
    # What nobody reviews stands as soon as it has left the unit.
    unreviewed = facts["kind"] in (ReportKind.UPDATE.value, ReportKind.REPLY.value)
    state.reports[facts["report_id"]] = PastReport(
        report_id=facts["report_id"],
        filing_id=facts["filing_id"],
        assignment_id=share.assignment_id if share is not None else None,
        kind=facts["kind"],
        row_id=facts["row_id"],
        at=time_told(facts.get("written_at")) or told.at,
        filed_at=told.at,
        filed_by=told.unit_id,
        by_lead=facts.get("by_lead"),
        voice=told_before.voice if told_before is not None else None,
        claim=facts["claim"],
        words=facts.get("words"),
        state="accepted" if unreviewed else "filed",
        values={
            value["target_id"]: (value["value"], date.fromisoformat(value["value_on"]) if value["value_on"] else None)
            for value in facts.get("values", ())
        },
        events=[told.seq],
    )
    if row is None:
        return
    if row.state is RowState.RETURNED:
        row.correction_due_at = None
    elif row.filed_at is None:
        row.filed_at, row.late = told.at, facts["late"]
    row.state = RowState.FILED
    row.sent.append((told.seq, told.at))


def _news_told(state: State, told: Told) -> None:
    facts = told.facts
    state.reports[facts["report_id"]] = PastReport(
        report_id=facts["report_id"],
        filing_id=facts["filing_id"],
        assignment_id=facts["assignment_id"],
        kind=ReportKind.UPDATE.value,
        row_id=None,
        at=told.at,
        by_lead=facts.get("by_lead"),
        claim=facts["claim"],
        words=facts.get("words"),
        state=ReportState.AWAITING_SIGN_OFF.value,
    )


def _filing_stopped(state: State, told: Told) -> None:
    """What did not leave the unit is gone: of it only news was seen."""
    filing_id = told.facts["filing_id"]
    state.reports = {id_: report for id_, report in state.reports.items() if report.filing_id != filing_id}


def _reports_stayed(state: State, told: Told) -> None:
    """Of an envelope that left in part the rest is gone as if it had been stopped; its rows stay what they were."""
    stayed = {report["report_id"] for report in told.facts["reports"]}
    state.reports = {id_: report for id_, report in state.reports.items() if id_ not in stayed}


def _report_verified(state: State, told: Told) -> None:
    report = state.reports.get(told.facts["report_id"])
    if report is not None:
        report.state, report.verified, report.decided_at = "accepted", told.facts["claim"], told.at
        report.found_because = told.facts.get("reason") or ""
        report.events.append(told.seq)
    if (row := row_told(state, told)) is not None:
        row.state, row.correction_due_at = RowState.ACCEPTED, None


def _report_given_back(state: State, told: Told) -> None:
    facts = told.facts
    report = state.reports.get(facts["report_id"])
    once = PastReturn(
        seq=told.seq,
        filing_id=report.filing_id if report is not None else 0,
        reason=facts["reason"],
        reason_class=facts["reason_class"],
        unfit=bool(facts.get("unfit")),
    )
    if report is not None:
        report.state, report.correct_by = "returned", day_told(facts.get("correct_by"))
        report.decided_at, report.given_back, report.verified = told.at, once, None
    if (row := row_told(state, told)) is not None:
        if facts["correction_due_at"]:  # else nothing is corrected: what was filed last, or beside it, stands
            row.state, row.correction_due_at = RowState.RETURNED, time_told(facts["correction_due_at"])
        row.returns.append(once)


FOLDS: Mapping[str, Callable[[State, Told], None]] = {
    "news.told": _news_told,
    "filing.stopped": _filing_stopped,
    "report.filed": _report_filed,
    "reports.stayed": _reports_stayed,
    "report.verified": _report_verified,
    "report.given_back": _report_given_back,
}
