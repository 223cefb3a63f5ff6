"""The worst that each kind of file can be, as large as asked for: what makes a careless parser slow, deep or fat."""

import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO

from tests.support.hostile_files import MAIN_TYPES, RELATIONSHIPS, ole2, pdf, plain_pdf, word_part


def _package(ending: str, part: str, piece: bytes, size: int, *, head: bytes = b"", tail: bytes = b"") -> bytes:
    """Return a package with one part of the size, stored as it is, so that it is no bomb."""
    types = f'<Types><Override ContentType="{MAIN_TYPES[ending]}"/></Types>'
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr(part, head + piece * (size // len(piece)) + tail)
    return made.getvalue()


def _word(piece: bytes, *, whole: bool = True) -> Callable[[int], bytes]:
    head, tail = word_part("|").split(b"|")
    return lambda size: _package(
        "docx", "word/document.xml", piece, size, head=head if whole else b"", tail=tail if whole else b""
    )


def _attributes(form: str) -> Callable[[int], bytes]:
    def make(size: int) -> bytes:
        attributes = " ".join(form.format(number) for number in range(size // (len(form) + 6)))
        return _package("docx", "word/a.xml", b" ", 0, head=f"<a {attributes}/>".encode())

    return make


def _relationships(size: int) -> bytes:
    piece = f'<Relationship Id="r" Type="{RELATIONSHIPS}/hyperlink" Target="http://a" TargetMode="External"/>'.encode()
    return _package("docx", "word/_rels/d.rels", piece, size, head=b"<Relationships>", tail=b"</Relationships>")


def _entries(size: int) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for number in range(min(size // 100, 60_000)):
            archive.writestr(f"{number}.txt", "")
    return made.getvalue()


def _documents(size: int) -> bytes:
    made = BytesIO()
    inner = _word(b"<w:p/>")(size // 50)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for number in range(50):
            archive.writestr(f"{number}.docx", inner)
    return made.getvalue()


def _zeros(size: int) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b" " * size)
    return made.getvalue()


def _strings(size: int) -> bytes:
    return _package("xlsx", "xl/sharedStrings.xml", b"<si><t>a</t></si>", size, head=b"<sst>", tail=b"</sst>")


def _objects(size: int) -> bytes:
    return plain_pdf(*(b"<</A 1>>" for _ in range(size // 55)))


def _chain(size: int) -> bytes:
    """Return a PDF whose objects each lead to the next one, the last to the first."""
    count = size // 60
    return plain_pdf(*(b"[%d 0 R]" % (number + 5) for number in range(count)), b"[4 0 R]", catalog=b"/Extra 4 0 R")


def _tables(size: int) -> bytes:
    """Return a PDF whose tables of cross-references lead to each other for ever."""
    at = len(b"%PDF-1.7\n")
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer<</Size 1/Root 1 0 R/Prev %d>>\n" % at
    return b"%PDF-1.7\n" + table + b" " * size + b"\nstartxref\n%d\n%%%%EOF" % at


def _pages(size: int) -> bytes:
    """Return a PDF whose tree of pages goes round in a circle."""
    tree = b"<</Type/Pages/Kids[2 0 R 3 0 R 2 0 R]/Count 1000000>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
    content = b"BT " + b"(" * 100 + b") Tj" * (size // 4)
    stream = b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)
    return pdf((b"<</Type/Catalog/Pages 2 0 R>>", tree, page, stream))


def _content(piece: bytes) -> Callable[[int], bytes]:
    def make(size: int) -> bytes:
        tree = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
        page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
        font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
        content = b"BT /F1 12 Tf " + piece * (size // len(piece))
        stream = b"<</Length %d>>stream\n%s\nendstream" % (len(content), content)
        return pdf((b"<</Type/Catalog/Pages 2 0 R>>", tree, page, stream, font))

    return make


# By a name: the ending, and what makes a file of about so many bytes.
WORST: Mapping[str, tuple[str, Callable[[int], bytes]]] = {
    "tags that never end": ("docx", _word(b"<x", whole=False)),
    "brackets": ("docx", _word(b"<", whole=False)),
    "tags that never close": ("docx", _word(b"<w:p>")),
    "empty paragraphs": ("docx", _word(b"<w:p/>")),
    "words of one letter": ("docx", _word("<w:p><w:t>密</w:t></w:p>".encode())),
    "levels of secrecy": ("docx", _word("<w:t>机密 机密文件</w:t>".encode())),
    "spaces": ("docx", _word(b" ")),
    "one long attribute": (
        "docx",
        lambda size: _package("docx", "word/a.xml", b"a", size, head=b'<a b="', tail=b'"/>'),
    ),
    "many attributes": ("docx", _attributes("b{}=''")),
    "many namespaces": ("docx", _attributes("xmlns:b{}='c'")),
    "a comment that never ends": ("docx", lambda size: _package("docx", "word/a.xml", b"-", size, head=b"<!--")),
    "relationships": ("docx", _relationships),
    "fields in fields": ("docx", _word(b'<w:fldChar w:fldCharType="begin"/><w:instrText>IF </w:instrText>')),
    "shared strings": ("xlsx", _strings),
    "one long formula": (
        "xlsx",
        lambda size: _package("xlsx", "xl/a.xml", b"A|'", size, head=b"<c><f>", tail=b"</f></c>"),
    ),
    "entries": ("zip", _entries),
    "documents": ("zip", _documents),
    "a bomb": ("zip", _zeros),
    "a text of spaces": ("txt", lambda size: b" " * size),
    "a text of lines": ("txt", lambda size: b"\n" * size),
    "a text of secrets": ("txt", lambda size: "机密 秘密文件".encode() * (size // 22)),
    "a text of labels": ("txt", lambda size: "密级：机密文".encode() * (size // 18)),
    "a text of brackets": ("txt", lambda size: "（（（机密".encode() * (size // 15)),
    "a text in GB18030": ("txt", lambda size: "密".encode("gb18030") * (size // 2)),
    "objects": ("pdf", _objects),
    "a chain of objects": ("pdf", _chain),
    "tables that go round": ("pdf", _tables),
    "pages that go round": ("pdf", _pages),
    "arrays in arrays": ("pdf", lambda size: plain_pdf(catalog=b"/Extra " + b"[" * size)),
    "dictionaries in dictionaries": ("pdf", lambda size: plain_pdf(catalog=b"/Extra " + b"<</A" * (size // 4))),
    "parentheses": ("pdf", lambda size: plain_pdf(catalog=b"/Extra " + b"(" * size)),
    "a long array": ("pdf", lambda size: plain_pdf(catalog=b"/Extra [" + b"0 " * (size // 2) + b"]")),
    "no table": ("pdf", lambda size: b"%PDF-1.7\n" + b"1 0 obj<<>>endobj\n" * (size // 18)),
    "objects that never end": ("pdf", lambda size: b"%PDF-1.7\n" + b"1 0 obj" * (size // 7)),
    "a table's end that is nowhere": ("pdf", lambda size: b"%PDF-1.7\n" + b" " * size + b"startxref\n0\n%%EOF"),
    "strings": ("pdf", lambda size: plain_pdf(catalog=b"/Extra [" + "(密级：机密文)".encode() * (size // 20) + b"]")),
    "a page of escapes": ("pdf", _content(b"(((\\(")),
    "a page of rows": ("pdf", _content("[(密)-3(b)4]TJ ".encode())),
    "a page of parentheses": ("pdf", _content(b"(")),
    "a page of words": ("pdf", _content(b"(a) Tj ")),
    "a page of moves": ("pdf", _content(b"1 0 0 1 5 5 Tm (a) Tj ")),
    "a page of numbers": ("pdf", _content(b"0 ")),
    "an old text": ("doc", lambda size: ole2(text="机密" * (size // 4))),
    "an old text of nothing": ("doc", lambda size: ole2() + b"\0" * size),
}
