"""Mandatory evidence that lacks is asked for before anything is sent, and overridden with a reason."""

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from tracker.domain.entries import Entry
from tracker.domain.errors import BadInput
from tracker.domain.filings import EvidenceReasonMissing, check_reason
from tracker.domain.quoting import quoted
from tracker.store.queries.asked_of_shares import asked_in, requirements_of_shares
from tracker.store.queries.evidence_states import judged
from tracker.store.queries.form_parts import reports_of_shares
from tracker.store.queries.shares import ShareFacts
from tracker.store.tables.series import PeriodRow

_NAMED = 3


def check_evidence(
    session: Session,
    entries: Iterable[Entry],
    shares: Mapping[int, ShareFacts],
    *,
    reason: str,
    faults: list[BadInput],
    period: PeriodRow | None = None,
) -> str | None:
    """Return why mandatory evidence lacks under entries of a form, as it is kept; None where none lacks.

    Adds EvidenceReasonMissing to `faults` where nobody says why. Raises ReasonTooLong.
    """
    given = {entry.assignment_id: entry.files for entry in entries}
    asked = requirements_of_shares(session, given)
    told = reports_of_shares(session, asked)
    days = (period.starts_on, period.ends_on) if period is not None else (None, None)
    gaps = [
        f"{shares[id_].item_label}{quoted(one.requirement.what)}"
        for id_, files in given.items()
        for one in judged(asked_in(asked.get(id_, ()), *days), files, told.get(id_, []))
        if one.lacks
    ]
    if not gaps:
        return None
    if reason.strip():
        return check_reason(reason)
    more = "等" if len(gaps) > _NAMED else ""
    faults.append(EvidenceReasonMissing(gaps="、".join(gaps[:_NAMED]) + more, count=len(gaps)))
    return None
