"""Fields of Word and formulas of Excel that read from elsewhere or start something.

Source: ECMA-376 part 1, 17.16.5; MS-OE376, 2.1.
"""

import re
from collections.abc import Iterator

from tracker.inspection.refusals import FieldFetches
from tracker.inspection.relationships import Standard

_FETCH_WORDS = """
    INCLUDETEXT INCLUDEPICTURE INCLUDE IMPORT DDE DDEAUTO LINK RD DATABASE MACROBUTTON EMBED AUTONEW MERGEREC
"""
_FETCH = frozenset(_FETCH_WORDS.split())
# What a template of the office may compute: places, days and properties of the document itself.
_OF_TEMPLATES_WORDS = """
    = ADVANCE AUTHOR CREATEDATE DATE DOCPROPERTY EDITTIME EQ FILENAME FILESIZE FORMCHECKBOX FORMDROPDOWN
    FORMTEXT IF INFO KEYWORDS LASTSAVEDBY LISTNUM MERGEFORMAT NOTEREF NUMCHARS NUMPAGES NUMWORDS PAGE PAGEREF
    PRINTDATE QUOTE REF REVNUM SAVEDATE SECTION SECTIONPAGES SEQ SET STYLEREF SUBJECT SYMBOL TC TEMPLATE TIME
    TITLE TOA TOC XE
"""
_OF_TEMPLATES = frozenset(_OF_TEMPLATES_WORDS.split())
_NAME = re.compile(r"[\s\"“”]{0,200}(=|[^\s\"\\“”=]{1,40})")
_FORMULA = re.compile(
    r"\b(WEBSERVICE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|SQL\.REQUEST)\s{0,20}\(|"  # e.g. WEBSERVICE("http://example.org")
    r"[A-Z0-9_]{1,40}\|'?[^'!|]{0,200}'?!",  # e.g. cmd|'/c calc'!A1
    re.IGNORECASE,
)
_DEEPEST = 50


class Fields:
    """The fields of one part, whose instructions may be cut into runs and stand within each other."""

    def __init__(self) -> None:
        self._open: list[list[str]] = []
        self._names: dict[str, None] = {}

    def mark(self, kind: str) -> None:
        """Begin, separate or end a field."""
        if kind == "begin":
            self._open.append([])
            if len(self._open) > _DEEPEST:
                self._note(self._open.pop(0))
        elif self._open:
            self._note(self._open[-1])
            self._open[-1] = []
            if kind == "end":
                self._open.pop()

    def say(self, words: str) -> None:
        """Add to the instruction of the innermost field; without any, the words are one."""
        if self._open:
            self._open[-1].append(words)
        else:
            self._note([words])

    def simple(self, instruction: str) -> None:
        self._note([instruction])

    def refusals(self, standard: Standard, *, part: str) -> Iterator[FieldFetches]:
        """Yield a refusal for each name that may not stand in the part; fields left open count too."""
        for left in self._open:
            self._note(left)
        for name in self._names:
            refused = name not in _OF_TEMPLATES if standard.is_strict else name in _FETCH
            if refused:
                yield self.refusal(name, part=part)

    def refusal(self, name: str, *, part: str) -> FieldFetches:
        return FieldFetches(part=part, field=name)

    def _note(self, pieces: list[str]) -> None:
        found = _NAME.match("".join(pieces))
        if found:
            self._names[found[1].upper()] = None


def formula_that_fetches(formula: str) -> str | None:
    """Return what in a formula reads from elsewhere, None if nothing does."""
    found = _FORMULA.search(formula)
    return (found[1] or found[0])[:40].upper() if found else None
