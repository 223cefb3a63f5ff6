"""Whom a paper names to be asked about it, in its note 「附注」: 联系人：王明，联系电话：0396-2600000."""

# A note's parts are divided by this sign; one of them names the person.
_BETWEEN = "；"
NAMES_ONE = "联系人"


def contact_in(note: str) -> str:
    """Return the part of a note that names whom to ask, empty where none does."""
    return next((part.strip() for part in note.split(_BETWEEN) if part.strip().startswith(NAMES_ONE)), "")


def with_contact(note: str, contact: str) -> str:
    """Put it last into a note that names nobody."""
    if not contact or contact_in(note):
        return note
    return f"{note}{_BETWEEN}{contact}" if note else contact
