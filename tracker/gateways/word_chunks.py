"""Parts that a Word file takes in as a whole (w:altChunk): another Word file, a page of HTML, plain text."""

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator

from lxml import etree

from tracker.domain.readings.layout import CELL
from tracker.gateways.word_package import WordPackage
from tracker.inspection.files import decode_text
from tracker.inspection.refusals import FileTooComplex, MemberNotAllowed

_READ = "docx、html、txt"
_NO_TEXT = {"script", "style", "head", "title", "template"}
_BLOCKS = {
    *("p", "div", "li", "ul", "ol", "table", "section", "article", "blockquote", "pre", "body", "html", "br", "hr"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "dl", "dt", "dd", "caption", "thead", "tbody", "tfoot"),
}


def chunk_lines(name: str, content: bytes, *, deeper: Callable[[WordPackage], Iterable[str]] | None) -> Iterator[str]:
    """Yield the lines of a part by its kind; `deeper` reads a Word file, None where they lie too deep.

    Raises MemberNotAllowed, FileTooComplex and what the parsers raise.
    """
    ending = name.rsplit(".", 1)[-1].lower()
    if ending in {"docx", "docm", "dotx"}:
        if deeper is None:
            raise FileTooComplex()
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            yield from deeper(WordPackage(package))
    elif ending in {"htm", "html", "xhtml"}:
        yield from _html_lines(content)
    elif ending == "txt":
        text = decode_text(content)
        if text is None:
            raise MemberNotAllowed(part=name, allowed=_READ)
        yield from text.splitlines()
    else:
        raise MemberNotAllowed(part=name, allowed=_READ)


def _html_lines(content: bytes) -> Iterator[str]:
    text = decode_text(content) or content.decode("utf-8", "replace")
    root = etree.fromstring(text.encode("utf-8"), etree.HTMLParser(no_network=True, encoding="utf-8"))
    words: list[str] = []
    _gather(root, words)
    for line in "".join(words).split("\n"):
        if line.strip(" "):
            yield line.strip(" ")


def _gather(element: etree._Element, words: list[str]) -> None:
    """Collect the words of a page; blocks and rows begin lines, cells are told apart."""
    tag = element.tag if isinstance(element.tag, str) else "script"
    if tag in _NO_TEXT:
        return
    if tag == "tr":
        cells = [_flat(cell) for cell in element if cell.tag in {"td", "th"}]
        words += ["\n", CELL.join(cells), "\n"]
        return
    edge = "\n" if tag in _BLOCKS else ""
    words += [edge, " ".join((element.text or "").split())]
    for inner in element:
        _gather(inner, words)
        words.append(" ".join((inner.tail or "").split()))
    words.append(edge)


def _flat(cell: etree._Element) -> str:
    return " ".join("".join(cell.itertext()).split())
