"""How a piece of evidence that is asked for stands: only what can be known of files without reading them."""

import calendar
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class EvidenceState(StrEnum):
    """`outside`: the names of all its files tell days of another time; `same`: all stood under earlier reports."""

    COMPLETE = "complete"
    LACKING = "lacking"
    TOO_FEW = "too_few"
    OUTSIDE = "outside"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Proof:
    """A file by its name and the digest of its bytes."""

    name: str
    sha256: str


# e.g. 现场照片3张
# e.g. 两份情况报告
# but not 3个项目清单
_COUNT = re.compile("([0-9]{1,2}|[一两二三四五六七八九十])(?:张|份|篇|幅)")
_NUMERALS = {"两": 2} | {word: number for number, word in enumerate("一二三四五六七八九十", 1)}
# e.g. 通报2022-09-15
# e.g. 2022年9月15日通报
# e.g. 20220915通报
# e.g. 2022年9月台账
# but not 遂政办〔2022〕31号
_DAY = re.compile(
    r"""(?<![0-9])(?P<year>20[0-9]{2})
    (?:[-._年](?P<month>1[0-2]|0?[1-9])[-._月](?P<day>3[01]|[12][0-9]|0?[1-9])(?![0-9])
    |(?P<month2>1[0-2]|0[1-9])(?P<day2>3[01]|[12][0-9]|0[1-9])(?![0-9])
    |年(?P<month3>1[0-2]|0?[1-9])月(?![0-9]))""",
    re.VERBOSE,
)


def evidence_state(
    what: str,
    proofs: Sequence[Proof],
    *,
    before: bool,
    known: Collection[str] = (),
    window: tuple[date, date] | None = None,
) -> EvidenceState:
    """Judge the files handed in for `what`; `before` where it is asked for once and was handed in before.

    `known` are the digests of files under earlier reports. The window, days inclusive, is that of which evidence is
    asked for each period; None where there is none.
    """
    if not proofs:
        return EvidenceState.COMPLETE if before else EvidenceState.LACKING
    if len(proofs) < files_needed(what):
        return EvidenceState.TOO_FEW
    if window is not None and all(proof.sha256 in known for proof in proofs):
        return EvidenceState.SAME
    if window is not None and all(_is_outside(proof.name, window) for proof in proofs):
        return EvidenceState.OUTSIDE
    return EvidenceState.COMPLETE


def files_needed(what: str) -> int:
    """Return how many files the words ask for; 1 where they print no number of what can be counted."""
    printed = _COUNT.search(what)
    return 1 if printed is None else _NUMERALS.get(printed[1]) or int(printed[1])


def _is_outside(name: str, window: tuple[date, date]) -> bool:
    days = list(_days(name))
    return bool(days) and all(last < window[0] or first > window[1] for first, last in days)


def _days(name: str) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of each time that a name tells in full; a month without a day is all of it."""
    for found in _DAY.finditer(name):
        year = int(found["year"])
        month = int(found["month"] or found["month2"] or found["month3"])
        length = calendar.monthrange(year, month)[1]
        first = date(year, month, 1)
        if found["month3"]:
            yield first, first + timedelta(days=length - 1)
        elif (day := int(found["day"] or found["day2"])) <= length:
            yield first.replace(day=day), first.replace(day=day)
