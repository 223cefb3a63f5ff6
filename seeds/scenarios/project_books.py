"""Exports of lists of projects as workbooks: a head and a line for each project, always the same bytes."""

from collections.abc import Mapping, Sequence
from datetime import date
from io import BytesIO

from openpyxl import Workbook

from seeds.scenarios.proofs import packed_plainly, plain_parts
from tracker.domain.entries import AttachedFile
from tracker.domain.projects.imports import Column, Told
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.gateways.upload_inspection import inspect_within
from tracker.wording.projects import COLUMN_WORDS, told_words

_LARGEST_BYTES = 1_000_000
_KIND = "xlsx"


def kept_book(
    name: str, columns: Sequence[Column], cells: Sequence[Mapping[Column, Told | None]], *, evidence: EvidenceFiles
) -> tuple[AttachedFile, list[list[str]]]:
    """Make a workbook and keep it as an upload is kept; return it with the texts that stand in it.

    Idempotent: the same projects are the same bytes and are kept once.
    """
    rows = [[COLUMN_WORDS[one] for one in columns], *([_text(line[one], one) for one in columns] for line in cells)]
    media_types: list[str] = []
    stored = evidence.store(
        BytesIO(_book(rows)),
        max_bytes=_LARGEST_BYTES,
        inspect=lambda path: media_types.append(inspect_within(str(path), _KIND)),
    )
    return AttachedFile(stored.sha256, name, stored.size_bytes, media_types[0]), rows


def _text(value: Told | None, column: Column) -> str:
    """Return what stands in a cell, money in 万元; a blank one says nothing."""
    if value is None:
        return ""
    if isinstance(value, bool | date):
        return told_words(value, column)
    return str(value)


def _book(rows: Sequence[Sequence[str]]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None  # a new workbook has one sheet
    for at, row in enumerate(rows):
        sheet.append([int(cell) if at and cell.isdecimal() else cell or None for cell in row])
    for column in "AD":
        sheet.column_dimensions[column].width = 40
    saved = BytesIO()
    book.save(saved)
    return packed_plainly(plain_parts(saved))
