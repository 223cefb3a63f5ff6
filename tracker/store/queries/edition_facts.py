"""What was computed for an edition of a circular, as JSON: written once, read by its page, its tables and its file."""

import hashlib
import json

from pydantic import TypeAdapter

from tracker.domain.circulars.content import Content

_CONTENT = TypeAdapter(Content)


def write_facts(content: Content) -> bytes:
    """Return figures, tables and counts as JSON, the same bytes for the same content."""
    plain = _CONTENT.dump_python(content, mode="json")
    return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_facts(facts: bytes) -> Content:
    """Return what was computed. Raises ValueError where these are not the facts of an edition."""
    return _CONTENT.validate_json(facts)


def digest_of(facts: bytes) -> str:
    """Return the digest under which facts are kept."""
    return hashlib.sha256(facts).hexdigest()
