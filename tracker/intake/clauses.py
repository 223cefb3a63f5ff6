"""The clause around a stretch of words, as a quote is kept: verbatim, up to the next mark of punctuation."""

_CLAUSE_MARKS = "，。；：！？\n,;（）()【】[]〔〕［］"


def clause(text: str, start: int, end: int) -> str:
    """Return the clause around a stretch, verbatim."""
    while start > 0 and text[start - 1] not in _CLAUSE_MARKS:
        start -= 1
    while end < len(text) and text[end] not in _CLAUSE_MARKS:
        end += 1
    return text[start:end].strip()
