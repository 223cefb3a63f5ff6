"""Mandatory evidence that lacks is asked for before anything is sent, and overridden with a reason."""

from collections.abc import Iterable, Mapping

from sqlmodel import Session

from tracker.domain.entries import Entry
from tracker.domain.errors import BadInput
from tracker.domain.filings import EvidenceReasonMissing, check_reason
from tracker.domain.quoting import quoted
from tracker.store.queries.asked_of_shares import requirements_of_shares
from tracker.store.queries.beside_reports import lacking_evidence
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
    given = {entry.assignment_id: [file.requirement_id for file in entry.files] for entry in entries}
    asked = requirements_of_shares(session, given)
    told = reports_of_shares(session, asked)
    gaps = [
        f"{shares[id_].item_label}{quoted(wanted.what)}"
        for id_, files in given.items()
        for wanted in lacking_evidence(asked.get(id_, ()), files, told.get(id_, []))
    ]
    if not gaps:
        return None
    if reason.strip():
        return check_reason(reason)
    more = "等" if len(gaps) > _NAMED else ""
    faults.append(EvidenceReasonMissing(gaps="、".join(gaps[:_NAMED]) + more, count=len(gaps)))
    return None
