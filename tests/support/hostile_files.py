"""Files as people hand them in, good ones and bad ones, written by hand part by part."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence

OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
MAIN_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def packed(*parts: tuple[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return buffer.getvalue()


def open_xml(ending: str, *parts: tuple[str, bytes], content_type: str = "") -> bytes:
    """Return a package with its content types; `content_type` declares one more."""
    more = f'<Default Extension="dat" ContentType="{content_type}"/>' if content_type else ""
    types = f'<Types>{more}<Override PartName="/main.xml" ContentType="{MAIN_TYPES[ending]}"/></Types>'
    return packed(("[Content_Types].xml", types.encode()), *parts)


def word_part(body: str) -> bytes:
    return f'<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>'.encode()


def paragraph(*runs: str) -> str:
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def field(*runs: str) -> str:
    """Return a field whose instruction is cut into runs."""
    inner = "".join(f"<w:r><w:instrText>{run}</w:instrText></w:r>" for run in runs)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return f"<w:p>{begin}{inner}{end}</w:p>"


def word(body: str, *parts: tuple[str, bytes]) -> bytes:
    return open_xml("docx", ("word/document.xml", word_part(body)), *parts)


def relationship(kind: str, target: str, *, mode: str = ' TargetMode="External"') -> str:
    return f'<Relationship Id="r1" Type="{RELATIONSHIPS}/{kind}" Target="{target}"{mode}/>'


def pdf(objects: Sequence[bytes], *, trailer: bytes = b"") -> bytes:
    """Return a PDF whose objects are numbered from 1, the first its catalog."""
    pieces, offsets, at = [b"%PDF-1.7\n"], [], len(b"%PDF-1.7\n")
    for number, content in enumerate(objects, start=1):
        offsets.append(at)
        pieces.append(b"%d 0 obj%s\nendobj\n" % (number, content))
        at += len(pieces[-1])
    pieces.append(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    pieces += [b"%010d 00000 n \n" % place for place in offsets]
    pieces.append(b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, at))
    return b"".join(pieces)


PAGES = (b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>")


def plain_pdf(*more: bytes, catalog: bytes = b"", trailer: bytes = b"") -> bytes:
    """Return a PDF of one empty page; `catalog` adds entries to its catalog, `more` objects from number 4 on."""
    return pdf((b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog, *PAGES, *more), trailer=trailer)


def pdf_with_object_stream(hidden: bytes) -> bytes:
    """Return a PDF whose catalog leads to object 5, which stands compressed in an object stream."""
    head = b"5 0 "
    packed_objects = zlib.compress(head + hidden)
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/Extra 5 0 R>>",
        2: PAGES[0],
        3: PAGES[1],
        4: b"<</Type/ObjStm/N 1/First %d/Length %d/Filter/FlateDecode>>stream\n%s\nendstream"
        % (len(head), len(packed_objects), packed_objects),
    }
    out, offsets = b"%PDF-1.7\n", {}
    for number, content in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj%s\nendobj\n" % (number, content)
    start = len(out)
    entries = [struct.pack("!BLB", 0, 0, 0)]
    entries += [struct.pack("!BLB", 1, offsets[number], 0) for number in (1, 2, 3, 4)]
    entries += [struct.pack("!BLB", 2, 4, 0), struct.pack("!BLB", 1, start, 0)]
    table = b"".join(entries)
    out += b"6 0 obj<</Type/XRef/Size 7/W[1 4 1]/Root 1 0 R/Length %d>>stream\n%s\nendstream\nendobj\n" % (
        len(table),
        table,
    )
    return out + b"startxref\n%d\n%%%%EOF" % start


def pdf_text(*lines: str) -> bytes:
    """Return a PDF of one page with a text layer, its letters mapped to Unicode."""
    shown, fonts = drawn("".join(lines), [(50, 780 - 20 * at, line) for at, line in enumerate(lines)])
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    return pdf((b"<</Type/Catalog/Pages 2 0 R>>", PAGES[0], page, stream(shown), *fonts))


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(content), content)


def drawn(letters: str, pieces: Sequence[tuple[int, int, str]]) -> tuple[bytes, tuple[bytes, bytes, bytes]]:
    """Return what draws pieces at their places in font F1, and that font, whose objects are numbered from 5."""
    codes = {letter: number for number, letter in enumerate(sorted(set(letters)), start=1)}
    shown = "".join(
        f"1 0 0 1 {x} {y} Tm <{''.join(f'{codes[letter]:04x}' for letter in words)}> Tj\n" for x, y, words in pieces
    )
    maps = "".join(f"<{code:04x}> <{letter.encode('utf-16-be').hex()}>\n" for letter, code in codes.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        f"{len(codes)} beginbfchar\n{maps}endbfchar\nendcmap end end"
    ).encode()
    return f"BT /F1 12 Tf\n{shown}ET".encode(), (
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[6 0 R]/ToUnicode 7 0 R>>",
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/X"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000>>",
        stream(cmap),
    )


def ole2(streams: Mapping[str, bytes] | None = None, *, text: str = "") -> bytes:
    """Return a compound file with the names of its streams in the directory, and a text in a sector of its own."""
    names = ["Root Entry", *(streams or {"WordDocument": b""})]
    entries = b"".join(
        (name.encode("utf-16-le") + b"\0\0").ljust(64, b"\0") + struct.pack("<H", 2 * len(name) + 2) + b"\0" * 62
        for name in names
    )
    directory = entries.ljust(-(-len(entries) // 512) * 512, b"\0")
    sectors = len(directory) // 512
    end, table = 0xFFFFFFFE, 0xFFFFFFFD
    chain = [table, *(number + 2 for number in range(sectors - 1)), end]
    header = OLE2.ljust(24, b"\0") + struct.pack("<HHHH", 0x3E, 3, 0xFFFE, 9) + struct.pack("<H", 6)
    header = header.ljust(44, b"\0") + struct.pack("<LL", 1, 1) + struct.pack("<LL", 0, 4096)
    header += struct.pack("<LLLL", end, 0, end, 0) + struct.pack("<L", 0) + struct.pack("<L", 0xFFFFFFFF) * 108
    words = text.encode("utf-16-le")
    return header + struct.pack(f"<{len(chain)}L", *chain).ljust(512, b"\xff") + directory + words.ljust(512, b"\0")
