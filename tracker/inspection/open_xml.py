"""Office Open XML and OFD: what a document fetches, embeds, runs or says, part by part.

Sources: ECMA-376 part 2, 9 (relationships, content types); part 1, 17.16 (fields); MS-OE376.
"""

from collections.abc import Iterator, Mapping

from tracker.domain.errors import BadInput
from tracker.inspection import programs
from tracker.inspection.fields import Fields, formula_that_fetches
from tracker.inspection.packages import Package
from tracker.inspection.refusals import LinkOutside, MacrosInside, ObjectInside, ProgramInside
from tracker.inspection.relationships import Standard, read_relationships
from tracker.inspection.texts import Lines, head_words
from tracker.inspection.xml_parts import looks_like_xml, read_xml

CONTENT_TYPES = "[Content_Types].xml"
_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XML_ENDINGS = (".xml", ".rels", ".vml")
_MACRO_TYPES = ("macroenabled", "vbaproject", "vbadata", "macrosheet", "intlmacrosheet")
_OBJECT_TYPES = ("activex", "oleobject", "externallink", "connections+xml", "querytable")
# Elements after which a new line begins; what stands between them is one line, however it is cut into runs.
_BREAKS_WORDS = """
    p br cr si is c v row f cell TextObject oddHeader oddFooter evenHeader evenFooter firstHeader firstFooter
    title subject keywords description category contentStatus lpwstr lpstr Company Manager txbxContent tc
    comment definedName creator
"""
_BREAKS = frozenset(_BREAKS_WORDS.split())
_READ = frozenset(("fldChar", "fldSimple", "tab", "textpath", "sheet"))
_HEADS = frozenset(["oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"])


def faults(package: Package, standard: Standard) -> Iterator[BadInput]:
    """Yield what is wrong with a document, each as the refusal that says it; what cannot be read is raised."""
    yield from _content_types(package)
    for name in package.parts:
        head = package.read(name, at_most=programs.HEAD_BYTES)
        if programs.is_program(head) and not looks_like_xml(head):
            yield ProgramInside(part=name)
        elif head.startswith(_OLE2) or name.rpartition("/")[2].lower().startswith("vbaproject"):
            yield MacrosInside(part=name) if "vba" in name.lower() else ObjectInside(part=name)
        elif name.lower().endswith(".rels"):
            yield from read_relationships(package, name, standard)
        elif looks_like_xml(head) or name.lower().endswith(_XML_ENDINGS):
            yield from _Part(package, name, standard).faults()
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


class _Part:
    """One part of XML: its fields, its formulas, what its drawings point to, and its text."""

    def __init__(self, package: Package, name: str, standard: Standard) -> None:
        self._package, self._name, self._standard = package, name, standard
        self._lines = Lines(name)
        self._fields = Fields()
        self._found: list[BadInput] = []
        self._open: list[str] = []
        self._formula: list[str] = []

    def faults(self) -> Iterator[BadInput]:
        """Read the part. Raises SecrecyMarked, DoctypeInside, FileDamaged, FileTooComplex, ArchiveDamaged."""
        chunks = self._package.chunks(self._name)
        if self._name.lower().endswith(".vml"):
            # Excel writes the breaks of a comment as HTML does.
            chunks = iter((self._package.read(self._name).replace(b"<br>", b"<br/>"),))
        read_xml(chunks, part=self._name, starts=self._start, ends=self._end, words=self._say)
        self._lines.end()
        self._found += self._fields.refusals(self._standard, part=self._name)
        yield from self._found

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._open.append(name)
        if name in _BREAKS:
            self._lines.break_line()
        elif name in _READ:
            self._read(name, attributes)
        if attributes:
            self._look_at(attributes)

    def _read(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "fldChar":
            self._fields.mark(attributes.get("fldCharType", ""))
        elif name == "fldSimple":
            self._fields.simple(attributes.get("instr", ""))
        elif name == "tab":
            self._lines.say("\t")
        else:
            self._lines.say("\n" + (attributes.get("string") or attributes.get("name") or "") + "\n")

    def _look_at(self, attributes: Mapping[str, str]) -> None:
        """Note what an attribute would fetch or start without any relationship, as in drawings and slides."""
        for key, value in attributes.items():
            if key in ("src", "href") and self._standard.is_outside(value):
                self._found.append(LinkOutside(part=self._name, target=value[:80]))
            elif key == "action" and value.lower().startswith(
                ("ppaction://program", "ppaction://macro", "ppaction://ole")
            ):
                self._found.append(MacrosInside(part=self._name))

    def _end(self, name: str) -> None:
        self._open.pop()
        if name == "f":
            function = formula_that_fetches("".join(self._formula))
            if function is not None:
                self._found.append(self._fields.refusal(function, part=self._name))
            self._formula = []
        if name in _BREAKS:
            self._lines.break_line()

    def _say(self, words: str) -> None:
        name = self._open[-1] if self._open else ""
        if name in ("instrText", "delInstrText"):
            self._fields.say(words)
        elif name == "HyperlinkBase" and self._standard.is_strict and words.strip():
            self._found.append(LinkOutside(part=self._name, target=words.strip()[:80]))
        else:
            if name == "f":
                self._formula.append(words)
            self._lines.say(head_words(words) if name in _HEADS else words)
