"""The office of a scenario decides what units filed, with a view to what leads said of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from seeds.scenarios.words import OF_MEETINGS, RETURNS, Return
from tracker.domain.accounts import Actor, Role
from tracker.domain.claims import Claim
from tracker.domain.filings import ReportState, ReturnReason
from tracker.domain.verdicts import Verdict
from tracker.domain.verifying import LeadOpinion
from tracker.domain.windows import Reckoning
from tracker.store.queries.lead_words import LeadSaid, lead_words
from tracker.store.tables.filings import EvidenceRow, ReportRow, ReportValueRow
from tracker.usecases.accepting import accept_filing, accept_report
from tracker.usecases.returning import return_report

OFFICE = Actor(None, "督查员", Role.SUPERVISOR)


def decide_filing(session: Session, filing_id: int, *, returns: bool, at: datetime, by: Reckoning) -> None:
    """Return a whole envelope, or accept it as far as its leads found it true.

    What a lead advised to send back goes back, what it advised to lower is lowered. Raises what the acts raise.
    """
    wanted = select(ReportRow).where(
        col(ReportRow.filing_id) == filing_id, col(ReportRow.state) == ReportState.FILED.value
    )
    reports = session.scalars(wanted.order_by(col(ReportRow.id))).all()
    said = lead_words(session, [report.id for report in reports])
    together = []
    for report in reports:
        word = said.get(report.id or 0)
        if returns:
            chosen = _reason(session, report)
            _give_back(session, report, chosen.words, chosen.kind, at=at, by=by)
        elif word is not None and word.opinion == LeadOpinion.RETURN.value:
            reason = f"{word.lead_name}核实：{word.reason}"
            _give_back(session, report, reason, ReturnReason.CONTRADICTION, at=at, by=by)
        elif word is not None and word.singly:
            accept_report(session, report_id=report.id or 0, actor=OFFICE, at=at, verdict=_verdict(word))
        else:
            together.append(report)
    if together:
        accept_filing(session, filing_id=filing_id, actor=OFFICE, at=at)


def _verdict(word: LeadSaid) -> Verdict:
    if word.claim is None:
        return Verdict()
    return Verdict(claim=Claim(word.claim), reason=f"{word.lead_name}核实：{word.reason}")


def _give_back(
    session: Session, report: ReportRow, reason: str, kind: ReturnReason, *, at: datetime, by: Reckoning
) -> None:
    return_report(session, report_id=report.id or 0, reason=reason, reason_class=kind, actor=OFFICE, at=at, by=by)


def _reason(session: Session, report: ReportRow) -> Return:
    """Draw a reason that is true of a report: nobody misses a file that lies there, doubts figures not given, or finds
    only meetings in what tells of work.
    """
    files = select(col(EvidenceRow.id)).where(col(EvidenceRow.report_id) == report.id)
    values = select(col(ReportValueRow.report_id)).where(col(ReportValueRow.report_id) == report.id)
    has_file = session.scalars(files).first() is not None
    there = {
        "files": has_file,
        "no_files": not has_file,
        "values": session.scalars(values).first() is not None,
        "meetings": any(word in report.text for word in OF_MEETINGS),
    }
    fitting: Sequence[Return] = [one for one in RETURNS if there.get(one.needs, True)]
    return fitting[(report.id or 0) % len(fitting)]
