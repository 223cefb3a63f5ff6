"""Reading a long document: 55,000 characters of text, as many as a file may hold, and a Word file of that size."""

import re
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from docx import Document
from lxml import etree

from tests.bench.measuring import Measurement, paired
from tests.support.intake_calibration import lines_of
from tracker.gateways.document_files import LONGEST_TEXT, read_document_file
from tracker.intake import read_documents

_CHARACTERS = 55_000
_PATTERN = re.compile(r"(?:牵头|责任|配合)?单位[:：]|\d+(?:\.\d+)?(?:%|个|家|项|万元|亿元)|每[年月季周]")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def measure() -> list[Measurement]:
    for folder in ("held_out", "last"):
        print("\n".join(lines_of(Path(__file__).parents[1] / "data" / "intake" / folder)))
    text = _long_text()
    seconds, floor = paired(lambda: read_documents(text), lambda: _PATTERN.findall(text), rounds=15)
    found = [Measurement("intake of 55,000 characters", seconds, "one pass of one pattern", floor, 20)]
    found.append(_of_longest(text, seconds))
    found += [_of_many(name, many) for name, many in _MANY.items()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.docx"
        document = Document()
        for line in text.split("\n"):
            document.add_paragraph(line)
        document.save(str(path))
        seconds, floor = paired(lambda: read_document_file(path, name=path.name), lambda: _parse(path), rounds=15)
    found.append(
        Measurement("text of a Word file of that size", seconds, "lxml parses its parts and joins its words", floor, 3)
    )
    return found


def _of_longest(text: str, seconds: float) -> Measurement:
    """Hold the longest text that is taken against what its share of the shorter one takes: linear is 1."""
    longest = (text * (LONGEST_TEXT // len(text) + 1))[:LONGEST_TEXT]
    start = time.perf_counter()
    read_documents(longest)
    taken = time.perf_counter() - start
    share = seconds * len(longest) / len(text)
    return Measurement(f"intake of {LONGEST_TEXT:,} characters", taken, "as many times 55,000", share, 1.3)


_LONG = "各县区要抓紧开展工作并完成建设任务，确保全年新增项目不少于三十个。"
_FEW = 1_000
# Texts of so many lines that are all alike: where each asked all others, they would be the slow ones.
_MANY: dict[str, Callable[[int], str]] = {
    "long items": lambda lines: "".join(f"{n % 900 + 1}.{_LONG}\n" for n in range(lines)),
    "items of one number": lambda lines: "一、开展工作。\n" * lines,
    "lines of one wrapped paragraph": lambda lines: f"1.{_LONG}\n" + f"{_LONG[:-1]}无穷\n" * lines,
}


def _of_many(name: str, many: Callable[[int], str]) -> Measurement:
    """Hold ten times as many lines against ten times what the few take: linear is 1."""
    few, ten = many(_FEW), many(10 * _FEW)
    seconds, floor = paired(lambda: read_documents(ten), lambda: [read_documents(few) for _ in range(10)], rounds=2)
    return Measurement(f"intake of {10 * _FEW:,} {name}", seconds, f"ten times {_FEW:,}", floor, 1.4)


def _long_text() -> str:
    folder = Path(__file__).parents[2] / "seeds" / "documents"
    text = "\n".join(path.read_text(encoding="utf-8").strip() for path in sorted(folder.glob("*/text.txt")))
    return (text + "\n" + text)[:_CHARACTERS]


def _parse(path: Path) -> str:
    """Do what no reader of text, lists and styles can do without."""
    with zipfile.ZipFile(path) as package:
        for part in ("word/styles.xml", "word/numbering.xml"):
            etree.fromstring(package.read(part))
        body = etree.fromstring(package.read("word/document.xml"))
    return "\n".join("".join(word.text or "" for word in line.iter(f"{_W}t")) for line in body.iter(f"{_W}p"))
