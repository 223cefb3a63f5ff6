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


def paired(work: Callable[[], object], floor: Callable[[], object], *, rounds: int) -> tuple[float, float]:
    """Run both by turns; return the median seconds of each. Turns share whatever else the machine does."""
    work_s, floor_s = [], []
    for function in (work, floor):
        function()
    for _ in range(rounds):
        work_s.append(_seconds(work))
        floor_s.append(_seconds(floor))
    return statistics.median(work_s), statistics.median(floor_s)


def _seconds(function: Callable[[], object]) -> float:
    start = time.perf_counter()
    function()
    return time.perf_counter() - start
