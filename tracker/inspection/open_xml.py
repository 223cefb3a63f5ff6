"""Office Open XML and OFD: what a document fetches, embeds, runs or says, part by part.

Source: ECMA-376 part 2, 9 (relationships, content types).
"""

import re
from collections.abc import Iterator, Mapping

from tracker.domain.errors import BadInput
from tracker.inspection import programs
from tracker.inspection.ole2 import OLE2
from tracker.inspection.packages import Package
from tracker.inspection.parts import Part
from tracker.inspection.refusals import MacrosInside, ObjectInside, PartNotAllowed, ProgramInside
from tracker.inspection.relationships import LONGEST_SHOWN, Standard, read_relationships
from tracker.inspection.xml_parts import looks_like_xml, read_xml

CONTENT_TYPES, OFD_ROOT = "[Content_Types].xml", "OFD.xml"
_XML_ENDINGS = (".xml", ".rels", ".vml")
_MACRO_TYPES = ("macroenabled", "vbaproject", "vbadata", "macrosheet", "intlmacrosheet")
_OBJECT_TYPES = ("activex", "oleobject", "externallink", "connections+xml", "querytable")
# What parts may be besides those two: families of what Office, WPS and LibreOffice write and we know how to examine.
_ALLOWED_TYPES = re.compile(
    r"(?:image|audio|video)/|font/|application/(?:xml|octet-stream|x-font[a-z-]*|postscript)\Z|text/(?:plain|xml)\Z|"
    r"application/vnd\.(?:openxmlformats-|ms-(?:office|excel|word|powerpoint|opentype)|wps-office|ms-package)"
)
_NOT_ALLOWED_TYPES = ("webextension", "customui", "extensibility", "attachedtoolbar", "xml+html", "mailmerge")


def faults(package: Package, standard: Standard) -> Iterator[BadInput]:
    """Yield what is wrong with a document, each as the refusal that says it; what cannot be read is raised."""
    yield from _content_types(package)
    for name in package.parts:
        head = package.read(name, at_most=programs.HEAD_BYTES)
        if programs.is_program(head) and not looks_like_xml(head):
            yield ProgramInside(part=name)
        elif head.startswith(OLE2) or name.rpartition("/")[2].lower().startswith("vbaproject"):
            yield MacrosInside(part=name) if "vba" in name.lower() else ObjectInside(part=name)
        elif name.lower().endswith(".rels"):
            yield from read_relationships(package, name, standard)
        elif looks_like_xml(head) or name.lower().endswith(_XML_ENDINGS):
            yield from Part(package, name, standard).faults()
        elif programs.is_archive(head) and not _is_chart_data(name):
            yield ObjectInside(part=name)


def content_types(package: Package) -> tuple[str, ...]:
    """Return the content types that a document declares, in lower case. Raises FileDamaged, DoctypeInside."""
    found: list[str] = []

    def starts(_name: str, attributes: Mapping[str, str]) -> None:
        if "ContentType" in attributes:
            found.append(attributes["ContentType"].strip().lower())

    if CONTENT_TYPES in package.parts:
        read_xml(package.chunks(CONTENT_TYPES), part=CONTENT_TYPES, starts=starts)
    return tuple(found)


def is_document(package: Package) -> bool:
    """Say whether a package is no mere archive but Office Open XML or OFD, whatever it is called."""
    return any(name.lower() in (CONTENT_TYPES.lower(), OFD_ROOT.lower()) for name in package.parts)


def chart_data(package: Package) -> Iterator[str]:
    """Yield the names of the workbooks that hold the figures of charts; each is examined as a file of its own."""
    yield from (name for name in package.parts if _is_chart_data(name))


def _is_chart_data(name: str) -> bool:
    return "/embeddings/" in name.lower() and name.lower().endswith(".xlsx")


def _content_types(package: Package) -> Iterator[BadInput]:
    for kind in content_types(package):
        if any(word in kind for word in _MACRO_TYPES):
            yield MacrosInside(part=CONTENT_TYPES)
        elif any(word in kind for word in _OBJECT_TYPES):
            yield ObjectInside(part=CONTENT_TYPES)
        elif any(word in kind for word in _NOT_ALLOWED_TYPES) or not _ALLOWED_TYPES.match(kind):
            yield PartNotAllowed(part=CONTENT_TYPES, kind=kind[:LONGEST_SHOWN])
