"""What a package's parts point to: the relationships of every .rels part.

Source: ECMA-376 part 2, 9.3.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tracker.domain.errors import BadInput
from tracker.inspection.packages import Package
from tracker.inspection.refusals import LinkOutside, MacrosInside, ObjectInside
from tracker.inspection.xml_parts import read_xml

_SCHEME = re.compile(r"\s{0,40}(?:[a-z][a-z0-9+.-]{1,40}:|[/\\]{2}|[a-z]:[/\\])", re.IGNORECASE)
_INNOCENT = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
# The last word of a relationship's type. What is named here is refused wherever it leads.
_MACROS = frozenset(("vbaproject", "wordvbadata", "xlmacrosheet", "xlintlmacrosheet"))
_OBJECTS_WORDS = """
    oleobject control activexcontrolbinary externallink externallinkpath afchunk subdocument frame connections
    querytable mailmergesource mailmergeheadersource mailmergerecipientdata
"""
_OBJECTS = frozenset(_OBJECTS_WORDS.split())
_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Standard:
    """How strictly links are judged: evidence may have links that a reader clicks, a strict document none at all."""

    is_strict: bool

    def is_outside(self, target: str) -> bool:
        """Say whether what a part itself points to lies elsewhere; data within the part does not."""
        return _SCHEME.match(target) is not None and not target.lower().startswith("data:")


EVIDENCE, TEMPLATE = Standard(is_strict=False), Standard(is_strict=True)


def read_relationships(package: Package, part: str, standard: Standard) -> Iterator[BadInput]:
    """Yield what is wrong with the relationships of a part.

    Raises DoctypeInside, FileDamaged, FileTooComplex, ArchiveDamaged.
    """
    found: list[BadInput] = []

    def starts(name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship":
            refusal = _judge(attributes, part, standard)
            if refusal is not None and len(found) < 20:
                found.append(refusal)

    read_xml(package.chunks(part), part=part, starts=starts)
    yield from found


def _judge(attributes: Mapping[str, str], part: str, standard: Standard) -> BadInput | None:
    kind = attributes.get("Type", "").strip().rstrip("/").rpartition("/")[2].lower()
    target = attributes.get("Target", "").strip()
    if kind in _MACROS:
        return MacrosInside(part=part)
    if kind in _OBJECTS or (kind == "package" and not _is_workbook(target)):
        return ObjectInside(part=part)
    outside = attributes.get("TargetMode", "").strip().lower() == "external" or standard.is_outside(target)
    if not outside:
        return None
    clicked = kind == "hyperlink" and (_INNOCENT.match(target) or target.startswith("#"))
    if clicked and not standard.is_strict:
        return None
    return LinkOutside(part=part, target=target[:_LONGEST_SHOWN])


def _is_workbook(target: str) -> bool:
    return target.lower().endswith(".xlsx")
