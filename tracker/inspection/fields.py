"""Fields of Word that read from elsewhere or start something, and where their links lead.

Word knows no other fields than those of the standard: a name that is none of them refers to a bookmark.
Source: ECMA-376 part 1, 17.16.5; MS-OE376, 2.1.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tracker.domain.errors import BadInput
from tracker.inspection.links import is_place, may_be_clicked
from tracker.inspection.refusals import FieldFetches, LinkOutside
from tracker.inspection.relationships import LONGEST_SHOWN, Standard

_FETCH_WORDS = """
    INCLUDETEXT INCLUDEPICTURE INCLUDE IMPORT DDE DDEAUTO LINK RD DATABASE MACROBUTTON EMBED AUTONEW MERGEREC CONTROL
    HTMLCONTROL HTMLACTIVEX PRINT SUBSCRIBER
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
# What may compute a piece of another field's instruction besides: a letter's data and who writes it.
_WITHIN_OTHERS = _OF_TEMPLATES | {"ASK", "COMPARE", "DOCVARIABLE", "FILLIN", "MERGEFIELD", "USERINITIALS", "USERNAME"}
_COMPUTED = "\0"  # in an instruction, where another field computes a piece of it: no XML has this sign
_NAME = re.compile(r"[\s\"“”]{0,200}(=|[^\s\"\\“”=]{1,40})")
_LINK = "HYPERLINK"
_TOKEN = re.compile(r'"([^"]*+)"?|[“”]([^“”]*+)[“”]?|\\([A-Za-z*#@!])|([^\s"\\“”]++)|(\\)')
_PLACE_SWITCHES, _WORD_SWITCHES = frozenset("ls"), frozenset("ot*#@")
_DEEPEST = 50
_MOST_LINKS = 20


@dataclass(slots=True)
class _Open:
    """A field that is not ended: its instruction so far."""

    pieces: list[str] = field(default_factory=list)
    is_within: bool = False  # the instruction of another one
    is_shown: bool = False  # what follows is its result


class Fields:
    """The fields of one part, whose instructions may be cut into runs and stand within each other."""

    def __init__(self) -> None:
        self._open: list[_Open] = []
        self._names: dict[str, bool] = {}  # and whether one of the name stands within another's instruction
        self._links: dict[str, None] = {}

    def mark(self, kind: str) -> None:
        """Begin, separate or end a field."""
        if kind == "begin":
            within = self.is_in_instruction
            if within:
                self._open[-1].pieces.append(_COMPUTED)
            self._open.append(_Open(is_within=within))
            if len(self._open) > _DEEPEST:
                self._note(self._open.pop(0))
        elif self._open:
            self._note(self._open[-1])
            self._open[-1] = _Open(is_shown=True)
            if kind == "end":
                self._open.pop()

    @property
    def is_in_instruction(self) -> bool:
        """Whether what follows belongs to an instruction, text that is no instruction's by its element too."""
        return bool(self._open) and not self._open[-1].is_shown

    def say(self, words: str) -> None:
        """Add to the instruction of the innermost field; without any, the words are one."""
        if self._open:
            self._open[-1].pieces.append(words)
        else:
            self._note(_Open([words]))

    def simple(self, instruction: str) -> None:
        self._note(_Open([instruction]))

    def refusals(self, standard: Standard, *, part: str) -> Iterator[BadInput]:
        """Yield a refusal for each name and link that may not stand in the part; fields left open count too."""
        for left in self._open:
            self._note(left)
        for name, is_within in self._names.items():
            unknown = name not in _OF_TEMPLATES if standard.is_strict else is_within and name not in _WITHIN_OTHERS
            if unknown or name in _FETCH or _COMPUTED in name:
                yield FieldFetches(part=part, field=name.replace(_COMPUTED, "{…}"))
        for target in self._links:
            yield LinkOutside(part=part, target=target)

    def _note(self, ended: _Open) -> None:
        instruction = "".join(ended.pieces)
        found = _NAME.match(instruction)
        if not found:
            return
        name = found[1].upper()
        self._names[name] = ended.is_within or self._names.get(name, False)
        if name == _LINK and len(self._links) < _MOST_LINKS:
            refused = (
                instruction.replace(_COMPUTED, "{…}").strip()
                if _COMPUTED in instruction
                else _leads_elsewhere(instruction[found.end() :])
            )
            if refused is not None:
                self._links[refused[:LONGEST_SHOWN]] = None


def _leads_elsewhere(rest: str) -> str | None:
    """Return where a HYPERLINK leads that may not be clicked; with an address a place is one of its page."""
    switch, places, targets = "", list[str](), list[str]()
    for quoted, curled, sign, bare, stray in _TOKEN.findall(rest):
        if sign:
            switch = sign.lower()
            continue
        words = quoted or curled or bare or stray
        if switch in _PLACE_SWITCHES:
            places.append(words)
        elif switch not in _WORD_SWITCHES and words.strip():
            targets.append(words)
        switch = ""
    if targets:
        return next((target for target in targets if not may_be_clicked(target)), None)
    return next((place for place in places if not is_place(place)), None)
