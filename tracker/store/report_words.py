"""The digest of what a report says, which its event keeps so that nobody changes the words later."""

import hashlib
import json
from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.store.tables.filings import ReportRow

_WORDS = ("text", "cause_class", "cause", "next_step", "next_on", "cases_received", "cases_in_time")
_ALSO = ("percent_done", "nil_reason", "outcome")


def words_digest(report: ReportRow) -> str:
    """Return the SHA-256, in hex, of what a unit wrote into a report; its claim and values the event names itself."""
    return _digest([getattr(report, name) for name in (*_WORDS, *_ALSO)])


def words_digests(session: Session, report_ids: Collection[int]) -> dict[int, str]:
    """Return the digests of some reports as they are stored now."""
    columns = (getattr(ReportRow, name) for name in (*_WORDS, *_ALSO))
    wanted = select(col(ReportRow.id), *columns).where(col(ReportRow.id).in_(report_ids))
    found = session.execute(wanted).mappings()
    return {said["id"]: _digest([said[name] for name in (*_WORDS, *_ALSO)]) for said in found}


def _digest(facts: list[object]) -> str:
    said = [str(fact) if fact is not None else None for fact in facts]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
