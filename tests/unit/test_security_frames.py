"""What the two frames ask stands in `docs/security-frames.md`, each with a test that shows it or with a reason."""

import re
from collections import Counter
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_PAGE = (_ROOT / "docs" / "security-frames.md").read_text(encoding="utf-8")
_ASVS = (_ROOT / "tests" / "data" / "asvs-4.0.3-level-2.txt").read_text(encoding="utf-8").split()
# The clauses of 8.1.4, by their numbers and letters.
_CLAUSES = {
    "8.1.4.1": "abcd",
    "8.1.4.2": "abcdefg",
    "8.1.4.3": "abcd",
    "8.1.4.4": "abcdef",
    "8.1.4.5": "",
    "8.1.4.6": "",
    "8.1.4.7": "ab",
    "8.1.4.8": "ab",
    "8.1.4.9": "abc",
    "8.1.4.10": "ab",
    "8.1.4.11": "ab",
}
_ROW = re.compile(r"^\| (\d[^|]*) \| ([^|]+) \| ([^|]*)\| ([^|]+) \|$", re.MULTILINE)
_SHOWN = re.compile(r"`test_\w+`")
_REASON = re.compile(r"(?:n/a|\*\*not met\*\*|\*\*partly\*\*)[^:;]*[:;] *\S")


def _rows(part: str) -> list[tuple[str, str]]:
    return [(asked.strip(), last) for asked, _what, _how, last in _ROW.findall(part)]


_INTERNATIONAL, _NATIONAL = (_rows(part) for part in _PAGE.split("## GB/T", 1))


def _numbers(asked: str) -> list[str]:
    """Return each number of a cell: "2.1.2–2.1.4, 2.1.7" are four."""
    found = []
    for part in asked.split(", "):
        first, _, last = part.partition("–")
        section, _, start = first.rpartition(".")
        end = last.rpartition(".")[2] or start
        found += [f"{section}.{n}" for n in range(int(start), int(end) + 1)]
    return found


def test_each_requirement_of_the_level_stands_there_once() -> None:
    known = set(_ASVS)
    # A range may pass over what the standard has deleted, or asks of a higher level.
    said = Counter(number for asked, _last in _INTERNATIONAL for number in _numbers(asked) if number in known)
    assert len(known) == 259
    assert known - said.keys() == set()
    assert [number for number, times in said.items() if times > 1] == []


def _clauses(asked: str) -> list[str]:
    """Return each clause of a cell: "8.1.4.4 a–c" are three, "8.1.4.2 a, b" two, a number without letters is itself."""
    number, _, letters = asked.partition(" ")
    first, _, last = letters.partition("–")
    named = [chr(code) for code in range(ord(first), ord(last) + 1)] if last else letters.split(", ")
    return [f"{number} {letter}".strip() for letter in named]


def test_each_clause_stands_there_once() -> None:
    said = Counter(clause for asked, _last in _NATIONAL if asked.startswith("8.1.4.") for clause in _clauses(asked))
    wanted = [f"{number} {letter}".strip() for number, letters in _CLAUSES.items() for letter in letters or [""]]
    assert said == Counter(wanted)


@pytest.mark.parametrize(("asked", "last"), [*_INTERNATIONAL, *_NATIONAL])
def test_each_names_a_test_or_says_why_not(asked: str, last: str) -> None:
    assert _SHOWN.search(last) or _REASON.search(last), asked
    if "not met" in last or "partly" in last:
        assert _REASON.search(last), f"{asked}: what is not met is said"
