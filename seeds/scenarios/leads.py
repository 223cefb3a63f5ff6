"""The leads of a scenario verify what members of their tasks file, mostly finding it true."""

from collections.abc import Callable, Collection
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from seeds.scenarios.people import acting_unit, liaison
from seeds.scenarios.words import LEAD_LOWERS, LEAD_RETURNS
from tracker.domain.claims import Claim
from tracker.domain.verifying import LeadOpinion, LeadWord
from tracker.domain.windows import Reckoning
from tracker.store.queries.verifying import lies_before
from tracker.store.tables.filings import CorrectionRow, ReportRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.verifying import verify_report

_OF_TWELVE = 12
_SENT_BACK, _LOWERED = 5, 9
_MILDER = {Claim.ON_SCHEDULE.value: Claim.BEHIND, Claim.ONGOING_ACTIVE.value: Claim.ONGOING_QUIET}


def verify_members(
    session: Session, report_ids: Collection[int], *, at: datetime, by: Reckoning, plays: Callable[[UnitRow], bool]
) -> None:
    """Let the first lead that acts say its word on each report that lies before one; `plays` tells which units act.

    Raises what `verify_report` raises.
    """
    for report_id, leads in lies_before(session, report_ids).items():
        for lead_id in leads:
            acting = acting_unit(session, session.get_one(UnitRow, lead_id))
            if acting is not None and plays(acting):
                word = _word(session, report_id)
                verify_report(
                    session,
                    report_id=report_id,
                    word=word,
                    actor=liaison(acting),
                    at=at,
                    by=by,
                    seed=f"played {report_id}",
                )
                break


def _word(session: Session, report_id: int) -> LeadWord:
    """Draw a lead's word from the report's number; what was mended after a return is found true."""
    report = session.get_one(ReportRow, report_id)
    drawn = report_id % _OF_TWELVE
    mended = select(col(CorrectionRow.id)).where(col(CorrectionRow.row_id) == report.row_id)
    if drawn not in (_SENT_BACK, _LOWERED) or session.scalars(mended).first() is not None:
        return LeadWord(LeadOpinion.STANDS)
    if drawn == _SENT_BACK:
        return LeadWord(LeadOpinion.RETURN, reason=LEAD_RETURNS[report_id // _OF_TWELVE % len(LEAD_RETURNS)])
    lowered = _MILDER.get(report.claim or "")
    if lowered is None:
        return LeadWord(LeadOpinion.STANDS)
    return LeadWord(LeadOpinion.LOWER, lowered, LEAD_LOWERS[report_id // _OF_TWELVE % len(LEAD_LOWERS)])
