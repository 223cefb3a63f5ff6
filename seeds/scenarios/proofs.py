"""Small real files that lie under reports of a scenario 「佐证」: what the report says, always the same bytes."""

import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from html import escape
from io import BytesIO
from pathlib import Path

from docx import Document
from openpyxl import Workbook

from tracker.domain.calendar import full_date
from tracker.domain.entries import AttachedFile
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.gateways.upload_inspection import clean_name, inspect_within

_LARGEST_BYTES = 100_000
_EPOCH = (1980, 1, 1, 0, 0, 0)
_KEPT = ("officeDocument", "core-properties", "styles", "settings")
_STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_WRITTEN = b"2022-08-15T00:00:00Z"
_PLACES = ("heading", "unit", "day", "matter", "words", "figures")
_PLACE = re.compile(rb"\[(" + "|".join(_PLACES).encode() + rb")\]")
_WIDTH, _HEIGHT = 320, 200


@dataclass(frozen=True, slots=True)
class Proof:
    """What a file is called and proves; `figures` are the report's numbers in words, if it has any."""

    name: str
    unit: str
    day: date
    matter: str
    words: str
    figures: str = ""
    requirement_id: int | None = None

    def filled(self) -> Mapping[str, str]:
        """Return what stands in each place of a file."""
        heading = Path(self.name).stem
        figures = self.figures or "本期无量化指标"
        return dict(
            zip(_PLACES, (heading, self.unit, full_date(self.day), self.matter, self.words, figures), strict=True)
        )


def attach(proof: Proof, *, evidence: EvidenceFiles) -> AttachedFile:
    """Make a file and keep it as an upload is kept; its name's ending says of which kind it is.

    Idempotent: the same proof is the same bytes and is kept once.
    """
    name = clean_name(proof.name)
    content = _MAKERS[Path(name).suffix](proof)
    media_types: list[str] = []

    def inspect(path: Path) -> None:
        media_types.append(inspect_within(str(path), Path(name).suffix[1:]))  # our own file: it needs no limits

    stored = evidence.store(BytesIO(content), max_bytes=_LARGEST_BYTES, inspect=inspect)
    return AttachedFile(stored.sha256, name, stored.size_bytes, media_types[0], proof.requirement_id)


def _document(proof: Proof) -> bytes:
    return _packed(_document_parts(), proof)


def _workbook(proof: Proof) -> bytes:
    return _packed(_workbook_parts(), proof)


def _packed(parts: Sequence[tuple[str, bytes]], proof: Proof) -> bytes:
    """Put a proof into its places; the package tells no time, so that the same proof gives the same bytes."""
    filled = {place.encode(): escape(words, quote=False).encode() for place, words in proof.filled().items()}
    return packed_plainly((name, _PLACE.sub(lambda found: filled[found[1]], content)) for name, content in parts)


def packed_plainly(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a package that tells no time, so that the same parts are the same bytes."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts:
            made.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


@lru_cache(maxsize=1)
def _document_parts() -> tuple[tuple[str, bytes], ...]:
    """Return a Word file with places to be filled; the library takes a tenth of a second to make one."""
    document = Document()
    document.add_heading("[heading]", level=1)
    for line in ("单位：[unit]", "日期：[day]", "事项：[matter]", "内容：[words]", "数据：[figures]"):
        document.add_paragraph(line)
    # What the library's template brings along and a note does not need is nine tenths of its size.
    for held in (document.part.package, document.part):
        for id_ in [id_ for id_, told in held.rels.items() if told.reltype.rpartition("/")[2] not in _KEPT]:
            del held.rels[id_]
    saved = BytesIO()
    document.save(saved)
    return plain_parts(saved)


@lru_cache(maxsize=1)
def _workbook_parts() -> tuple[tuple[str, bytes], ...]:
    """Return a workbook with places to be filled."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # a new workbook has one sheet
    sheet.title = "台账"
    for row in (
        ("[heading]",),
        ("单位", "日期", "事项", "进展", "数据"),
        ("[unit]", "[day]", "[matter]", "[words]", "[figures]"),
    ):
        sheet.append(row)
    for column, width in zip("ABCDE", (18, 16, 40, 60, 40), strict=True):
        sheet.column_dimensions[column].width = width
    saved = BytesIO()
    book.save(saved)
    return plain_parts(saved)


def plain_parts(saved: BytesIO) -> tuple[tuple[str, bytes], ...]:
    """Return the parts of a package, the moments of its making set to one that never changes."""
    with zipfile.ZipFile(saved) as given:
        return tuple((name, _STAMP.sub(_WRITTEN, given.read(name))) for name in given.namelist())


def _picture(proof: Proof) -> bytes:
    """Draw a street of houses under a sky that differ by the report, with its words beside them in the file."""
    drawn = sha256(f"{proof.unit}/{proof.day}/{proof.words}".encode()).digest()
    rows = b"".join(b"\0" + _line(y, drawn) for y in range(_HEIGHT))
    header = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    said = f"{proof.unit} {full_date(proof.day)} {proof.words}"
    text = b"Description\0\0\0zh\0\0" + said.encode()
    chunks = ((b"IHDR", header), (b"iTXt", text), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in chunks)


def _line(y: int, drawn: bytes) -> bytes:
    sky = bytes((120 + y // 3, 170 + y // 4, 220)) if y < 150 else bytes((90, 100 + drawn[0] % 60, 80))
    line = bytearray(sky * _WIDTH)
    for house in range(8):
        top, left = 60 + drawn[house + 1] % 70, house * 40 + 4
        if top <= y < 160:
            window = (y - top) % 20 in range(6, 14)
            wall = bytes(150 + drawn[house + 9 + shade] % 80 for shade in range(3))
            line[left * 3 : (left + 32) * 3] = wall * 32
            for at in (left + 6, left + 20) if window else ():
                line[at * 3 : (at + 7) * 3] = bytes((70, 90, 110)) * 7
    return bytes(line)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


_MAKERS: Mapping[str, Callable[[Proof], bytes]] = {".docx": _document, ".xlsx": _workbook, ".png": _picture}
