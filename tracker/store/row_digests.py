"""Digests of what rows hold that events do not repeat, which events keep so that nobody changes it later.

A secret, an address or a text is not told by an event; its digest is, together with what nobody can guess or need not.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime

from sqlmodel import SQLModel

# By table: the columns that are digested together, in their order.
DIGESTED: Mapping[str, tuple[str, ...]] = {
    # How an account is opened and where it is written to; the hash has a salt, so that no address can be guessed.
    "person": ("id", "password_hash", "code_expires_at", "email", "code_second_hash", "new_email"),
    "second_factor": ("user_id", "sealed"),
    "handover": ("unit_id", "lines"),
    "document": (
        *("number", "title", "issuer", "issued_on", "effective_on", "expires_on", "ends_on", "filing_on"),
        *("text_sha256", "origin"),
    ),
    "item": (
        *("document_id", "code", "label", "kind", "title", "text", "start_at", "end_at", "responsibility"),
        *("responsibility_start_at", "responsibility_end_at", "lead_basis", "deadline_on", "deadline_basis"),
        *("deadline_quote", "deadline_bearer", "outlives", "level", "scoring", "note"),
    ),
    # What a paper says, once it is issued.
    "circular": (
        *("office", "unit_name", "document_number", "title", "addressees", "copies", "note", "urgency", "statements"),
        *("series", "year", "running_number"),
    ),
    # The rules of an evaluation, and what a month of it came to.
    "score_scheme": ("code", "content"),
    "score_month": ("result", "rule_version"),
    "score_correction": ("result", "rule_version"),
    # What the office's list says of a unit beside its names and its keeper.
    "unit": ("code", "kind", "official_order", "needs_sign_off", "tasked"),
    "evidence": (
        "report_id",
        "requirement_id",
        "sha256",
        "name",
        "size_bytes",
        "media_type",
        "uploaded_by",
        "from_report_id",
    ),
    "enclosure": ("served_id", "inquiry_id", "sha256", "name", "size_bytes", "media_type", "put_by"),
}

# Columns that came later: where they hold nothing a digest is what it was before there were any.
_LATER = frozenset({"code_second_hash", "new_email", "from_report_id"})


def digest_field(table: str) -> str:
    """Name the columns that are digested together, as findings do."""
    return "、".join(name for name in DIGESTED[table] if name != "id")


def row_digest(row: SQLModel) -> str:
    """Return the SHA-256, in hex, of what a row holds of the columns of its table."""
    table = str(row.__tablename__)
    return digest_of({name: getattr(row, name) for name in DIGESTED[table]})


def digest_of(facts: Mapping[str, object]) -> str:
    """Return the SHA-256, in hex, of columns in their order."""
    said = [
        [name, _plain(fact)] if name in _LATER else _plain(fact)
        for name, fact in facts.items()
        if fact is not None or name not in _LATER
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _plain(fact: object) -> object:
    if isinstance(fact, datetime):
        return fact.astimezone(UTC).isoformat()
    return fact.isoformat() if isinstance(fact, date) else fact
