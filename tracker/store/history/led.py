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
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.led import Confirmed, LeadPart, LedFacts, SaidNothing, Unanswered
from tracker.domain.claims import CauseClass, Claim
from tracker.domain.filings import ReportState, ReturnReason
from tracker.domain.inquiries import AskedState
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, awaits_receipt
from tracker.domain.owed import RowState
from tracker.domain.progress import WorkClass
from tracker.store.history.identities import UnitFact
from tracker.store.history.log import Part, Told, told
from tracker.store.history.named import past_namings
from tracker.store.history.results import accepted_of_leads, in_parts
from tracker.store.history.state import PastReport, PastRow, PastShare, State
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.filings import EvidenceRow, ReportRow
from tracker.wording.periods import period_label

_MOST_TOLD = 2
_SERVED, _SIGNED = "paper.served", "paper.received"
_ENDS = frozenset({"paper.answered", "paper.service_ended"})


def past_leads(
    session: Session, state: State, *, units: Mapping[int, UnitFact], works: Mapping[tuple[int, int], WorkClass]
) -> LedFacts:
    """Return what is known of the leads of a folded state; `works` are the classes of their parts, by task and unit."""
    return LedFacts(
        parts=tuple(_parts(session, state, units, works)),
        held_up=frozenset(units[unit_id].short for unit_id in _held_up(state)),
        unanswered=tuple(_unanswered(session, state, units)),
        said_nothing=tuple(_said_nothing(state, units)),
        named=tuple(past_namings(session, until=state.until, units=units)),
    )


def _parts(
    session: Session, state: State, units: Mapping[int, UnitFact], works: Mapping[tuple[int, int], WorkClass]
) -> Iterator[LeadPart]:
    accepted, waits = accepted_of_leads(state), _waiting_shares(state)
    ids = [report.report_id for reports in accepted.values() for report in reports]
    causes, proved = dict(_causes(session, ids)), _with_files(session, ids)
    rows: dict[int | None, list[PastRow]] = defaultdict(list)
    for row in state.rows.values():
        rows[row.assignment_id].append(row)
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
            silent=_is_silent(state, rows[share.assignment_id]),
            next_due=_next_due(state, rows[share.assignment_id]),
            told=tuple(_confirmed(state, reports, causes)),
            proved=tuple(seq for report in reports if report.report_id in proved for seq in report.events),
        )


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
    for id_, inquiry in state.inquiries.items():
        undecided = inquiry.coordination_at is not None and inquiry.decision is None
        if inquiry.assignment_id is not None and (undecided or id_ in silent):
            found.add(inquiry.assignment_id)
    return found


def _held_up(state: State) -> set[int]:
    """Return the units with a request undecided, or a report to correct."""
    shares = {request.assignment_id for request in state.requests.values()} | set(state.objections.values())
    found = {state.shares[id_].unit_id for id_ in shares if id_ in state.shares}
    for row in state.rows.values():
        if row.pending_at is not None or row.state is RowState.RETURNED:
            found.add(state.series[state.periods[row.period_id].series_id].unit_id)
    return found


def _said_nothing(state: State, units: Mapping[int, UnitFact]) -> Iterator[SaidNothing]:
    for row in state.rows.values():
        for once in row.returns:
            if once.reason_class == ReturnReason.NO_SUBSTANCE.value:
                series = state.series[state.periods[row.period_id].series_id]
                yield SaidNothing(units[series.unit_id].short, once.seq)


def _unanswered(session: Session, state: State, units: Mapping[int, UnitFact]) -> Iterator[Unanswered]:
    """Yield each 催办单 that stands with a unit which has not answered it, the first served first."""
    served: dict[int, Told] = {}
    signed: dict[int, Told] = {}
    for event in told(session, until=state.until, types=_ENDS | {_SERVED, _SIGNED}, part=Part()):
        if event.type == _SIGNED:
            signed[event.facts["served_id"]] = event
        elif event.type in _ENDS:
            served.pop(event.facts["served_id"], None)
        elif event.facts["wants_answer"] and event.facts["answer_on"]:
            served[event.facts["served_id"]] = event
    urges = dict(_urges(session, {event.facts["circular_id"] for event in served.values()}))
    for served_id, event in served.items():
        receipt = signed.get(served_id)
        paper = urges.get(event.facts["circular_id"])
        unit = units.get(event.unit_id or 0)
        if paper is not None and unit is not None:
            yield Unanswered(
                unit=unit.short,
                number=paper.number or "",
                as_of=paper.as_of,
                answer_on=date.fromisoformat(event.facts["answer_on"]),
                document=paper.document_number,
                signed_on=local_day(receipt.at) if receipt is not None else None,
                events=(event.seq, *((receipt.seq,) if receipt is not None else ())),
            )


def _urges(session: Session, circular_ids: Collection[int]) -> Iterator[tuple[int, CircularRow]]:
    for part in in_parts(sorted(circular_ids)):
        wanted = select(CircularRow).where(col(CircularRow.id).in_(part))
        for row in session.scalars(wanted.where(col(CircularRow.type) == CircularType.URGE.value)):
            yield row.id or 0, row


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
