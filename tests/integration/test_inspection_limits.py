"""Whatever is handed in, its inspection ends: within limits of time and memory, in a process of its own."""

import os
import resource
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.support.hostile_files import open_xml
from tests.support.keys import SECRET_KEY
from tests.support.worst_files import WORST
from tracker.domain.errors import BadInput
from tracker.gateways import bounded
from tracker.gateways.bounded import ReaderFailed, read_bounded
from tracker.gateways.document_files import read_document_file
from tracker.gateways.evidence_files import LARGEST_FILE_BYTES
from tracker.gateways.ledger_files import COLUMNS
from tracker.gateways.ledger_sheets import MOST_ROWS, LedgerTooLong, read_sheets
from tracker.gateways.upload_inspection import inspect_upload
from tracker.inspection.refusals import EmptyFile, FileTooComplex

_LARGEST = LARGEST_FILE_BYTES - 1_000_000  # the frame of a file takes some
# What takes longest for its size is tried as large as it may be, the rest at a tenth.
_SLOWEST = ("empty paragraphs", "shared strings", "documents", "objects", "a text of labels")


@pytest.mark.parametrize("name", WORST)
def test_the_worst_file_is_taken_or_refused(tmp_path: Path, name: str) -> None:
    """The child is stopped after five seconds of computing; a file that would need more is refused by that."""
    ending, make = WORST[name]
    path = tmp_path / f"upload.{ending}"
    path.write_bytes(make(_LARGEST if name in _SLOWEST else _LARGEST // 10))
    assert path.stat().st_size <= LARGEST_FILE_BYTES
    try:
        inspect_upload(path, f"材料.{ending}")
    except BadInput:
        return


def spin() -> None:
    while True:
        pass


def swell() -> None:
    assert bytearray(2 * bounded.MEMORY_BYTES)


def descend() -> None:
    descend()


def break_down() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def fail() -> None:
    raise KeyError("words of the file")


def refuse() -> None:
    raise EmptyFile()


def limits() -> list[int]:
    """Return seconds of computing, bytes of memory and of files that this process may have."""
    return [resource.getrlimit(of)[0] for of in (resource.RLIMIT_CPU, resource.RLIMIT_AS, resource.RLIMIT_FSIZE)]


def told(words: str) -> object:
    return [words, sorted(name for name in os.environ if name.startswith("TRACKER_"))]


@pytest.mark.parametrize("goes_wrong", [spin, swell, descend, break_down])
def test_a_reader_that_goes_beyond_its_limits_is_a_refusal(goes_wrong: Callable[[], None]) -> None:
    with pytest.raises(FileTooComplex):
        read_bounded(goes_wrong, cpu_seconds=1)


def test_a_reader_has_its_limits_and_writes_no_file() -> None:
    assert read_bounded(limits, cpu_seconds=3) == [3, bounded.MEMORY_BYTES, 0]
    assert read_bounded(limits) == [bounded.CPU_SECONDS, bounded.MEMORY_BYTES, 0]


def test_a_reader_hands_on_its_answer_and_its_refusals_and_knows_no_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_SECRET_KEY", SECRET_KEY)
    assert read_bounded(told, "机密") == ["机密", []]
    with pytest.raises(EmptyFile):
        read_bounded(refuse)
    with pytest.raises(ReaderFailed) as failed:
        read_bounded(fail)
    assert "KeyError" in str(failed.value)
    assert "words of the file" not in str(failed.value)


def test_a_reader_that_waits_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded, "_WAITS_SECONDS", 2)
    with pytest.raises(FileTooComplex):
        read_bounded(signal.pause)


def _ledger(path: Path, *, rows: int) -> Path:
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(COLUMNS)
    for number in range(rows):
        sheet.append([number, "事项", "市商务局"])
    book.save(path)
    return path


def test_a_ledger_has_five_thousand_rows_at_most(tmp_path: Path) -> None:
    (sheet,) = read_sheets(_ledger(tmp_path / "a.xlsx", rows=MOST_ROWS), name="台账.xlsx")
    assert len(sheet.rows) == MOST_ROWS
    with pytest.raises(LedgerTooLong):
        read_sheets(_ledger(tmp_path / "b.xlsx", rows=MOST_ROWS + 40), name="台账.xlsx")


def test_a_ledger_with_millions_of_strings_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(WORST["shared strings"][1](LARGEST_FILE_BYTES - 1_000_000))
    with pytest.raises(BadInput):
        read_sheets(path, name="台账.xlsx")


def test_a_document_of_tables_in_tables_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    deep = b"<w:tbl><w:tr><w:tc>" * 400
    path.write_bytes(open_xml("docx", ("word/document.xml", b'<w:body xmlns:w="urn:w">' + deep)))
    with pytest.raises(FileTooComplex):
        read_document_file(path, name="a.docx")
