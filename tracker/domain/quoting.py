"""Words of others between “ ”, titles between 《 》: what stands in them is marked by ‘ ’ and 〈 〉 (GB/T 15834)."""

_TURNED = str.maketrans("“”‘’", "‘’“”")
_TITLES_TURNED = str.maketrans("《》〈〉", "〈〉《》")


def nested(words: str) -> str:
    """Turn the quotation marks of words that will stand between “ ”: double ones become single, and these double."""
    return words.translate(_TURNED) if "“" in words else words


def quoted(words: str) -> str:
    """Put the words of a document or a person between “ ”."""
    return f"“{nested(words)}”"


def titled(title: str) -> str:
    """Put a title between 《 》; titles in it stand between 〈 〉."""
    return f"《{title.translate(_TITLES_TURNED) if '《' in title else title}》"
