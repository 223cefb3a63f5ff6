"""What every benchmark returns, and how a time is taken."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measurement:
    """`seconds` against `floor_seconds` of the same run; `bound` is the ratio that the project aims at."""

    name: str
    seconds: float
    floor: str
    floor_seconds: float
    bound: float

    @property
    def ratio(self) -> float:
        return self.seconds / self.floor_seconds

    @property
    def missed(self) -> bool:
        return self.ratio > self.bound


@dataclass(frozen=True, slots=True)
class Count:
    """How often something happened that should happen at most `bound` times."""

    name: str
    count: int
    bound: int

    @property
    def missed(self) -> bool:
        return self.count > self.bound


def paired(work: Callable[[], object], floor: Callable[[], object], *, rounds: int) -> tuple[float, float]:
    """Run both by turns; return the median seconds of each. Turns share whatever else the machine does."""
    work_s, floor_s = by_turns(work, floor, rounds=rounds)
    return work_s, floor_s


def by_turns(*works: Callable[[], object], rounds: int) -> list[float]:
    """Run all of them by turns, once for nothing, then `rounds` times; return the median seconds of each."""
    taken: list[list[float]] = [[] for _ in works]
    for work in works:
        work()
    for _ in range(rounds):
        for place, work in enumerate(works):
            taken[place].append(_seconds(work))
    return [statistics.median(seconds) for seconds in taken]


def _seconds(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
