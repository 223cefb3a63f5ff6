"""What a package's parts point to: the relationships of every .rels part.

Source: ECMA-376 part 2, 9.3.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from tracker.domain.errors import BadInput
from tracker.inspection.links import is_within, may_be_clicked
from tracker.inspection.packages import Package
from tracker.inspection.refusals import LinkOutside, MacrosInside, ObjectInside, PartNotAllowed
from tracker.inspection.xml_parts import read_xml

# By the last word of a relationship's type. What is in none of these lists (add-ins, custom ribbons, data feeds …) is
# refused as well; these two have sentences of their own.
_MACROS = frozenset(("vbaproject", "wordvbadata", "xlmacrosheet", "xlintlmacrosheet", "dialogsheet"))
_OBJECTS_WORDS = """
    oleobject control activexcontrolbinary externallink externallinkpath afchunk subdocument frame connections
    querytable mailmergesource mailmergeheadersource mailmergerecipientdata
"""
_OBJECTS = frozenset(_OBJECTS_WORDS.split())
_ALLOWED_WORDS = """
    officedocument core-properties extended-properties custom-properties thumbnail docmetadata classificationlabels
    origin signature certificate customxml customxmlprops theme themeoverride image hdphoto hyperlink font package
    chart chartex chartusershapes chartcolorstyle chartstyle drawing vmldrawing ink inkxml
    diagramdata diagramlayout diagramquickstyle diagramcolors diagramdrawing

    styles styleswitheffects settings attachedtemplate websettings fonttable numbering footnotes endnotes header footer
    glossarydocument comments commentsextended commentsids commentsextensible people keymapcustomizations documenttasks

    worksheet chartsheet sharedstrings calcchain table tablesinglecells pivottable pivotcachedefinition
    pivotcacherecords slicer slicercache timeline timelinecache printersettings sheetmetadata usernames revisionheaders
    revisionlog xmlmaps threadedcomment person rdrichvalue rdrichvaluestructure rdrichvaluetypes rdarray
    rdsupportingpropertybag rdsupportingpropertybagstructure richstyles richvaluerel featurepropertybag ctrlprop
    customproperty namedsheetview

    slide slidelayout slidemaster notesslide notesmaster handoutmaster presprops viewprops tablestyles tags
    commentauthors authors audio video media mediametadata legacydiagramtext legacydoctextinfo
"""
_ALLOWED = frozenset(_ALLOWED_WORDS.split())
# WPS has types of its own for pictures in cells and the like; what they lead to is XML and is examined as such.
_OF_WPS = re.compile(r"https?://(?:www|web)\.wps\.cn/", re.IGNORECASE)
LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Standard:
    """How strictly links are judged: evidence may have links that a reader clicks, a strict document none at all."""

    is_strict: bool


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
    of = attributes.get("Type", "").strip()
    kind = of.rstrip("/").rpartition("/")[2].lower()
    target = attributes.get("Target", "").strip()
    if kind in _MACROS:
        return MacrosInside(part=part)
    if kind in _OBJECTS or (kind == "package" and not target.lower().endswith(".xlsx")):
        return ObjectInside(part=part)
    if kind not in _ALLOWED and not (_OF_WPS.match(of) and target.lower().endswith(".xml")):
        return PartNotAllowed(part=part, kind=kind[:LONGEST_SHOWN])
    external = attributes.get("TargetMode", "").strip().lower() == "external"
    if kind == "hyperlink" and not standard.is_strict:
        fits = may_be_clicked(target)
    else:
        fits = not external and is_within(target)
    return None if fits else LinkOutside(part=part, target=target[:LONGEST_SHOWN])
