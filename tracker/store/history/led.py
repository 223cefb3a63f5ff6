"""What decided at a cut whom a paper may name: each lead's part, what was urged in vain, what said nothing.

The log says which report, file by file; what a report says, and which paper is meant, stands in rows that do not
change once they have left their maker.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.circulars.led import Confirmed, FoundUntrue, GivenBack, LeadPart, LedFacts, Untrue
from tracker.domain.claims import CauseClass, Claim
from tracker.domain.filings import HEARD_NO_MORE, ReportKind, ReportState, ReturnReason
from tracker.domain.inquiries import AskedState
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING, awaits_receipt
from tracker.domain.owed import RowState
from tracker.domain.progress import WorkClass
from tracker.store.history.identities import UnitFact
from tracker.store.history.letters import past_letters
from tracker.store.history.named import past_namings
from tracker.store.history.results import accepted_of_leads, in_parts
from tracker.store.history.state import PastReport, PastReturn, PastRow, PastShare, State
from tracker.store.tables.filings import EvidenceRow, ReportRow
from tracker.wording.periods import period_label, report_label

_MOST_TOLD = 2
_COMPLETION = "办结报告"
_REPORTS = frozenset({ReportKind.PROGRESS.value, ReportKind.COMPLETION.value})
# What was put into the wrong row, or given back for a reason that has no class, says nothing of what was reported.
_OF_SUBSTANCE = frozenset(
    reason.value
    for reason in (
        ReturnReason.NO_SUBSTANCE,
        ReturnReason.NO_EVIDENCE,
        ReturnReason.FIGURES,
        ReturnReason.CONTRADICTION,
        ReturnReason.FALSIFIED,
    )
)


def past_leads(
    session: Session, state: State, *, units: Mapping[int, UnitFact], works: Mapping[tuple[int, int], WorkClass]
) -> LedFacts:
    """Return what is known of the leads of a folded state; `works` are the classes of their parts, by task and unit."""
    waits, (unanswered, answered) = _waiting_shares(state), past_letters(session, until=state.until, units=units)
    return LedFacts(
        parts=tuple(_parts(session, state, units, works, waits)),
        held_up=frozenset(units[unit_id].short for unit_id in _held_up(state)),
        unanswered=unanswered,
        answered=answered,
        given_back=tuple(_given_back(state, units)),
        untrue=tuple(_found_untrue(state, units)),
        named=tuple(past_namings(session, until=state.until, units=units)),
        waiting=frozenset((units[one.unit_id].short, one.task_id) for one in _of_shares(state, waits)),
    )


def _parts(
    session: Session,
    state: State,
    units: Mapping[int, UnitFact],
    works: Mapping[tuple[int, int], WorkClass],
    waits: Collection[int],
) -> Iterator[LeadPart]:
    accepted = accepted_of_leads(state)
    ids = [report.report_id for reports in accepted.values() for report in reports]
    causes, proved = dict(_causes(session, ids)), _with_files(session, ids)
    rows: dict[int | None, list[PastRow]] = defaultdict(list)
    for row in state.rows.values():
        rows[row.assignment_id].append(row)
    completions, untrue, given_back = _completions(state), _untrue(state), _given_back_shares(state)
    for share in _leads(state):
        work = works.get((share.task_id, share.unit_id))
        if work is None:
            continue
        unit, reports = units[share.unit_id], accepted.get(share.assignment_id, [])
        yield LeadPart(
            task_id=share.task_id,
            unit=unit.short,
            unit_order=unit.order,
            may_be_blamed=unit.rule.may_be_blamed,
            work=work,
            waits=share.assignment_id in waits,
            awaits_receipt=awaits_receipt(share.state, state.tasks[share.task_id].state),
            mending=_is_mending(state, rows[share.assignment_id], completions[share.assignment_id]),
            completed_on=_first_day(completions[share.assignment_id]),
            silent=_is_silent(state, rows[share.assignment_id]),
            returned=not reports and share.assignment_id in given_back,
            next_due=_next_due(state, rows[share.assignment_id]),
            told=tuple(_confirmed(state, reports, causes)),
            proved=tuple(seq for report in reports if report.report_id in proved for seq in report.events),
            untrue=tuple(untrue[share.assignment_id, share.unit_id]),
        )


def _completions(state: State) -> Mapping[int | None, list[PastReport]]:
    found: dict[int | None, list[PastReport]] = defaultdict(list)
    for report in state.reports.values():
        if report.kind == ReportKind.COMPLETION.value:
            found[report.assignment_id].append(report)
    return found


def _given_back_shares(state: State) -> frozenset[int | None]:
    """Return the shares of which a report, not news, stands given back."""
    returned = (one for one in state.reports.values() if one.state == ReportState.RETURNED.value)
    return frozenset(one.assignment_id for one in returned if one.kind in _REPORTS)


def _found_untrue(state: State, units: Mapping[int, UnitFact]) -> Iterator[FoundUntrue]:
    """Yield whose reports were found untrue, whatever their unit has to do with the work."""
    for report in state.reports.values():
        once = report.given_back
        untrue = once is not None and once.reason_class == ReturnReason.FALSIFIED.value
        if untrue and report.decided_at is not None and report.filed_by is not None:
            yield FoundUntrue(units[report.filed_by].short, local_day(report.decided_at))


def _untrue(state: State) -> Mapping[tuple[int, int | None], list[Untrue]]:
    """Return what was found untrue, by the share that it speaks for and the unit that handed it in as a lead.

    Whoever has the share since did not say it.
    """
    found: dict[tuple[int, int | None], list[Untrue]] = defaultdict(list)
    for report in state.reports.values():
        once, heard = report.given_back, report.by_lead is not False and report.voice != HEARD_NO_MORE
        if heard and once is not None and once.reason_class == ReturnReason.FALSIFIED.value and report.decided_at:
            row = state.rows.get(report.row_id or 0)
            code = state.periods[row.period_id].code if row is not None else ""
            what = _COMPLETION if report.kind == ReportKind.COMPLETION.value else report_label(code)
            events = (*report.events, once.seq)
            found[report.assignment_id or 0, report.filed_by].append(Untrue(what, local_day(report.decided_at), events))
    return found


def _is_mending(state: State, rows: Iterable[PastRow], completions: Sequence[PastReport]) -> bool:
    """Tell whether a completion was given back once and the day for correcting it is not over, in a form or told apart.

    Given back again it excuses nobody any more: whoever files what says nothing would renew the days for ever.
    """
    if sum(one.given_back is not None for one in completions) > 1:
        return False
    as_of, today = state.until.as_of, local_day(state.until.as_of)
    of_rows = (row for row in rows if row.final and row.state is RowState.RETURNED)
    apart = (one for one in completions if one.row_id is None and one.state == ReportState.RETURNED.value)
    return any(row.correction_due_at is not None and row.correction_due_at > as_of for row in of_rows) or any(
        one.correct_by is not None and one.correct_by >= today for one in apart
    )


def _first_day(completions: Iterable[PastReport]) -> date | None:
    """Return when the first completion report of a share left its unit that was not given back for its content."""
    told = (one for one in completions if one.filed_at is not None and not _is_of_substance(one.given_back))
    return min((local_day(one.filed_at) for one in told if one.filed_at is not None), default=None)


def _is_of_substance(once: PastReturn | None) -> bool:
    return once is not None and once.reason_class in _OF_SUBSTANCE


def _of_shares(state: State, ids: Iterable[int]) -> Iterator[PastShare]:
    return (state.shares[id_] for id_ in ids if id_ in state.shares)


def _is_silent(state: State, rows: Iterable[PastRow]) -> bool:
    """Tell whether a report of a share was due by the cut and nothing was ever sent for it."""
    return any(
        row.required
        and row.filed_at is None
        and row.state in (RowState.OPEN, RowState.MISSED)
        and _due_at(state, row) <= state.until.as_of
        for row in rows
    )


def _next_due(state: State, rows: Iterable[PastRow]) -> datetime | None:
    """Return the moment of the next report of a share that its unit owes; None where none is known yet."""
    owed = (row for row in rows if row.required and row.state is RowState.OPEN and row.pending_at is None)
    due = [at for row in owed if (at := _due_at(state, row)) > state.until.as_of]
    return min(due, default=None)


def _due_at(state: State, row: PastRow) -> datetime:
    return row.due_at or state.periods[row.period_id].due_at


def _leads(state: State) -> Iterator[PastShare]:
    return (share for share in state.shares.values() if share.is_lead and share.state not in ASSIGNMENT_ENDED)


def _confirmed(state: State, reports: Sequence[PastReport], causes: Mapping[int, str | None]) -> Iterator[Confirmed]:
    """Yield the last accepted reports of a lead, the last first, of each period its last."""
    seen: set[int | None] = set()
    for report in reversed(reports):
        row = state.rows.get(report.row_id or 0)
        period = state.periods.get(row.period_id) if row is not None else None
        period_id = period.period_id if period is not None else None
        if period_id in seen or len(seen) == _MOST_TOLD:
            continue
        seen.add(period_id)
        lowered = report.verified is not None and report.claim is not None and report.verified != report.claim
        claim, cause = report.verified or report.claim, causes.get(report.report_id)
        yield Confirmed(
            Claim(claim) if claim else None,
            CauseClass(cause) if cause and not lowered else None,
            period_label(period.code) if period is not None else "",
            tuple(report.events),
        )


def _waiting_shares(state: State) -> set[int]:
    """Return the shares of which something lies with the office, the leader, or a unit that was asked."""
    found = {request.assignment_id for request in state.requests.values()} | set(state.objections.values())
    found |= {row.assignment_id or 0 for row in state.rows.values() if row.pending_at is not None}
    filed = (report for report in state.reports.values() if report.state == ReportState.FILED.value)
    found |= {report.assignment_id or 0 for report in filed}
    silent = {asked.inquiry_id for asked in state.asked.values() if asked.state == AskedState.OPEN.value}
    # Once all have answered the office has nothing to coordinate any more, whether it was asked to or not.
    found |= {one.assignment_id or 0 for id_, one in state.inquiries.items() if id_ in silent}
    return found - {0}


def _held_up(state: State) -> set[int]:
    """Return the units with a request undecided, or a report to correct."""
    shares = {request.assignment_id for request in state.requests.values()} | set(state.objections.values())
    found = {state.shares[id_].unit_id for id_ in shares if id_ in state.shares}
    for row in state.rows.values():
        # What is suspended or has ended is corrected by nobody now.
        if row.pending_at is not None or (row.state is RowState.RETURNED and state.is_live(row)):
            found.add(state.series[state.periods[row.period_id].series_id].unit_id)
    for share in _leads(state):
        told = [one for one in state.reports.values() if one.assignment_id == share.assignment_id and _is_apart(one)]
        back = told and told[-1].state == ReportState.RETURNED.value and told[-1].correct_by is not None
        if back and state.tasks[share.task_id].state in TASK_OWING:
            found.add(share.unit_id)
    return found


def _is_apart(report: PastReport) -> bool:
    """Tell whether it is a completion told on no form 「申请办结」."""
    return report.kind == ReportKind.COMPLETION.value and report.row_id is None


def _given_back(state: State, units: Mapping[int, UnitFact]) -> Iterator[GivenBack]:
    for row in state.rows.values():
        for once in row.returns:
            if _is_of_substance(once):
                series = state.series[state.periods[row.period_id].series_id]
                yield GivenBack(units[series.unit_id].short, once.seq)
    for report in state.reports.values():
        share = state.shares.get(report.assignment_id or 0)
        if share is not None and report.row_id is None and report.given_back and _is_of_substance(report.given_back):
            yield GivenBack(units[share.unit_id].short, report.given_back.seq)


def _causes(session: Session, report_ids: Iterable[int]) -> Iterator[tuple[int, str | None]]:
    for part in in_parts(report_ids):
        wanted = select(col(ReportRow.id), col(ReportRow.cause_class)).where(col(ReportRow.id).in_(part))
        for report_id, cause in session.execute(wanted):
            yield report_id or 0, cause


def _with_files(session: Session, report_ids: Iterable[int]) -> frozenset[int]:
    return frozenset(
        id_
        for part in in_parts(report_ids)
        for id_ in session.scalars(select(col(EvidenceRow.report_id)).where(col(EvidenceRow.report_id).in_(part)))
    )
