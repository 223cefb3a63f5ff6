"""Reads the XML of a part once, in whatever encoding it is written, without building a tree or opening an entity."""

from collections.abc import Callable, Iterable, Mapping
from xml.parsers import expat

from tracker.inspection.refusals import DoctypeInside, FileDamaged, FileTooComplex

# As deep as libxml2 goes, which reads the part after us.
DEEPEST = 250
_MOST_NAMES = 10_000

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def looks_like_xml(head: bytes) -> bool:
    """Say whether the beginning of a part is that of XML, whatever its encoding."""
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return head.replace(b"\0", b"").lstrip().startswith(b"<")


class _LocalNames(dict[str, str]):
    """Names without their namespaces; a part repeats few names millions of times."""

    def __missing__(self, name: str) -> str:
        found = name.rpartition(" ")[2]
        if len(self) < _MOST_NAMES:
            self[name] = found
        return found


def read_xml(
    chunks: Iterable[bytes],
    *,
    part: str,
    starts: Callable[[str, Mapping[str, str]], None],
    ends: Callable[[str], None] = lambda _name: None,
    words: Callable[[str], None] | None = None,
) -> None:
    """Call back with the local names of elements as they start and end, and with the text between.

    Attributes come by their local names. Raises DoctypeInside, FileDamaged, FileTooComplex.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    depth = 0

    local = _LocalNames()

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise FileTooComplex(part=part)
        if attributes:
            attributes = {local[key]: value for key, value in attributes.items()}
        starts(local[name], attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        ends(local[name])

    def doctype(*_: object) -> None:
        raise DoctypeInside(part=part)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = doctype
    parser.CharacterDataHandler = words
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise FileDamaged from error
