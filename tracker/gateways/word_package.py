"""The parts of a Word file: found by the package's relationships, whatever they are called, in either namespace.

Source: ECMA-376 part 2, 9.3 (relationships); ISO/IEC 29500-1 (strict) differs from it by its namespaces alone.
"""

import posixpath
import zipfile
from dataclasses import dataclass

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TRANSITIONAL = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": W[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": R[1:-1].encode(),
    b"http://purl.oclc.org/ooxml/officeDocument/math": M[1:-1].encode(),
}


@dataclass(frozen=True, slots=True)
class _Target:
    kind: str
    part: str


class WordPackage:
    """An opened Word file; its parts are read when they are asked for. Raises KeyError, lxml's and zipfile's errors."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self._names = set(package.namelist())
        begin = self._targets("")
        self._main = next((target.part for target in begin.values() if target.kind == "officeDocument"), "")
        if self._main not in self._names:
            self._main = "word/document.xml"
        self._of_main = self._targets(self._main)

    def body(self) -> etree._Element:
        """Return the root of the main part."""
        return self._root(self._main)

    def part(self, kind: str) -> etree._Element | None:
        """Return the root of the part that the main part names as `kind`: styles, numbering, footnotes …"""
        for target in self._of_main.values():
            if target.kind == kind and target.part in self._names:
                return self._root(target.part)
        usual = posixpath.join(posixpath.dirname(self._main), f"{kind}.xml")
        return self._root(usual) if usual in self._names else None

    def chunk(self, relation: str) -> tuple[str, bytes]:
        """Return name and bytes of a part that the main part takes in as a whole. Raises KeyError."""
        part = self._of_main[relation].part
        return part, self._package.read(part)

    def _root(self, name: str) -> etree._Element:
        content = self._package.read(name)
        for strict, transitional in _TRANSITIONAL.items():
            content = content.replace(strict, transitional)
        return xml(content)

    def _targets(self, part: str) -> dict[str, _Target]:
        """Return what a part refers to inside of the package, by the relationship's id."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        if path not in self._names:
            return {}
        found = {}
        for entry in xml(self._package.read(path)).iter(f"{_PACKAGE}Relationship"):
            if entry.get("TargetMode") != "External":
                kind = entry.get("Type", "").rsplit("/", 1)[-1]
                target = posixpath.normpath(posixpath.join("/", folder, entry.get("Target", "")))
                found[entry.get("Id", "")] = _Target(kind, target.lstrip("/"))
        return found


def xml(content: bytes) -> etree._Element:
    """Parse a part without entities and without the network. Raises XMLSyntaxError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(content, parser)
