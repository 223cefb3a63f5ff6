"""What may be typed into a paper beside its sentences: title, urgency, and no brace that is no figure's place.

Braces are how an editor names figures, so whatever else stands in braces would go to print as it was typed, and the
number that was meant would be missing: {Total}, ｛overdue｝ of a Chinese keyboard, {{ config }} of a template.
"""

import re
from enum import StrEnum

from tracker.domain import entered
from tracker.domain.circulars.content import TOKEN
from tracker.domain.errors import BadInput

# Braces of any width, e.g. ｛ ﹜ }
_BRACES = re.compile(r"[{}｛｝﹛﹜❴❵]")
_AROUND = 12  # characters that are shown on each side of a brace, so that it is found


class Urgency(StrEnum):
    """The degree of urgency 「紧急程度」 of a paper. Source: GB/T 9704-2012, 7.2.3, 党政机关公文处理工作条例 第九条."""

    NONE = ""
    URGENT = "加急"
    MOST_URGENT = "特急"


class UrgencyUnknown(BadInput):
    """A degree of urgency that there is not; facts: words."""

    code = "urgency_unknown"


class PaperTitleMissing(BadInput):
    """A paper has no title."""

    code = "paper_title_missing"


class StrayBrace(BadInput):
    """A sentence has a brace that is no figure's place; facts: words."""

    code = "stray_brace"


class BraceInField(BadInput):
    """A field in which no figure is put has a brace; facts: field."""

    code = "brace_in_field"


def check_braces(words: str) -> None:
    """Refuse a sentence in which a brace is not that of a figure's place, {overdue}. Raises StrayBrace."""
    if found := _BRACES.search(TOKEN.sub(lambda place: " " * len(place[0]), words)):
        raise StrayBrace(words=words[max(0, found.start() - _AROUND) : found.end() + _AROUND])


def has_brace(words: str) -> bool:
    """Tell whether words have a brace of any width."""
    return _BRACES.search(words) is not None


def check_field(words: str, *, field: str) -> None:
    """Refuse braces in a field that is printed as it was typed. Raises BraceInField."""
    if has_brace(words):
        raise BraceInField(field=field)


def check_title(words: str) -> str:
    """Return a title as it is kept. Raises PaperTitleMissing, TitleTooLong."""
    title = entered.check_title(words)
    if not title:
        raise PaperTitleMissing()
    return title


def check_urgency(words: str) -> str:
    """Return a degree of urgency, empty where there is none. Raises UrgencyUnknown."""
    urgency = words.strip()
    if urgency not in set(Urgency):
        raise UrgencyUnknown(words=urgency[:20])
    return urgency
