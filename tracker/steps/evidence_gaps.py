"""Mandatory evidence that lacks is asked for before anything is sent, and overridden with a reason."""

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from tracker.domain.entries import Entry
from tracker.domain.errors import BadInput
from tracker.domain.filings import EvidenceReasonMissing, check_reason
from tracker.domain.quoting import quoted
from tracker.store.queries.asked_of_shares import requirements_of_shares
from tracker.store.queries.evidence_states import judged
from tracker.store.queries.form_parts import reports_of_shares
from tracker.store.queries.shares import ShareFacts

_NAMED = 3


def check_evidence(
    session: Session,
    entries: Iterable[Entry],
    shares: Mapping[int, ShareFacts],
    *,
    reason: str,
    faults: list[BadInput],
) -> str | None:
    """Return why mandatory evidence lacks under entries, as it is kept; None where none lacks.

    Adds EvidenceReasonMissing to `faults` where nobody says why. Raises ReasonTooLong.
    """
    given = {entry.assignment_id: entry.files for entry in entries}
    asked = requirements_of_shares(session, given)
    told = reports_of_shares(session, asked)
    gaps = [
        f"{shares[id_].item_label}{quoted(one.requirement.what)}"
        for id_, files in given.items()
        for one in judged(asked.get(id_, ()), files, told.get(id_, []))
        if one.lacks
    ]
    if not gaps:
        return None
    if reason.strip():
        return check_reason(reason)
    more = "等" if len(gaps) > _NAMED else ""
    faults.append(EvidenceReasonMissing(gaps="、".join(gaps[:_NAMED]) + more, count=len(gaps)))
    return None
