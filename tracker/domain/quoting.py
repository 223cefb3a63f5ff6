"""Words of others between “ ”: what they quote themselves stands between ‘ ’ (GB/T 15834)."""

_TURNED = str.maketrans("“”‘’", "‘’“”")


def nested(words: str) -> str:
    """Turn the quotation marks of words that will stand between “ ”: double ones become single, and these double."""
    return words.translate(_TURNED) if "“" in words else words


def quoted(words: str) -> str:
    """Put the words of a document or a person between “ ”."""
    return f"“{nested(words)}”"
