"""The digest of what a report says, which its event keeps so that nobody changes the words later."""

import hashlib
import json
from collections.abc import Mapping

from tracker.store.tables.filings import ReportRow

_ALWAYS = (
    *("text", "cause_class", "cause", "next_step", "next_on", "cases_received", "cases_in_time"),
    *("percent_done", "nil_reason", "outcome"),
)
# Came later: digested where it says something, so that what was told before stays as it was.
_LATER = "evidence_reason"
# The columns that are digested together, in their order.
WORDS = (*_ALWAYS, _LATER)


def words_digest(report: ReportRow) -> str:
    """Return the SHA-256, in hex, of what a unit wrote into a report; its claim and values the event names itself."""
    return digest_of_words({name: getattr(report, name) for name in WORDS})


def digest_of_words(said: Mapping[str, object]) -> str:
    """Return the SHA-256, in hex, of what such columns hold."""
    facts = [str(said[name]) if said[name] is not None else None for name in _ALWAYS]
    facts += [str(said[_LATER])] if said[_LATER] is not None else []
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False).encode()).hexdigest()
