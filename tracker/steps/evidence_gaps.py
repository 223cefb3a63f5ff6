"""Mandatory evidence that lacks is asked for before anything is sent, and overridden with a reason of its row."""

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
    faults: list[BadInput],
    period: PeriodRow | None = None,
) -> dict[int, str]:
    """Return by share why mandatory evidence lacks under entries of a form, as it is kept; of those that lack some.

    Adds EvidenceReasonMissing to `faults` for each that does not say why. Raises ReasonTooLong.
    """
    given = {entry.assignment_id: entry for entry in entries}
    asked = requirements_of_shares(session, given)
    told = reports_of_shares(session, asked)
    days = (period.starts_on, period.ends_on) if period is not None else (None, None)
    reasons = {}
    for id_, entry in given.items():
        evidence = judged(asked_in(asked.get(id_, ()), *days), entry.files, told.get(id_, []))
        gaps = [f"{shares[id_].item_label}{quoted(one.requirement.what)}" for one in evidence if one.lacks]
        if gaps and entry.evidence_reason.strip():
            reasons[id_] = check_reason(entry.evidence_reason)
        elif gaps:
            more = "等" if len(gaps) > _NAMED else ""
            named = "、".join(gaps[:_NAMED]) + more
            faults.append(EvidenceReasonMissing(gaps=named, count=len(gaps), shares=(id_,)))
    return reasons
