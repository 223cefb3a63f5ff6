"""A place where the tables say other than the log, and the pages in which rows are looked through."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

_PAGE = 2_000


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A field of a row in which the tables say other than the log; the field is empty where one knows no such row."""

    table: str
    row_id: int
    field: str
    stored: object
    told: object


def pages(told: Iterable[int]) -> Iterator[Collection[int]]:
    """Yield ids in their order, as many at a time as one statement asks for."""
    ids = sorted(told)
    return (ids[start : start + _PAGE] for start in range(0, len(ids), _PAGE))
