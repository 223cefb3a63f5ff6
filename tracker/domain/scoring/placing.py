"""Places: who comes before whom, and what becomes of those who cannot be compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Values = Mapping[str, Fraction | None]  # by object; None where the base of a rate is 0


@dataclass(frozen=True, slots=True)
class Choices:
    """What was decided about placing: names as in `questions.CHOICES`."""

    ties: str
    all_zero: str
    zero_base: str = "zero"


@dataclass(frozen=True, slots=True)
class Fate:
    """The place of an object, or that without one it gets `none`, the `full` marks or those of the `bottom` band."""

    rank: int | None
    instead: str | None = None


def ranked(values: Mapping[str, Fraction], *, ties: str) -> dict[str, int]:
    """Rank by value, the highest first: ties `skip` places (1-1-3) or stand `dense` (1-1-2)."""
    ordered = sorted(values.values(), reverse=True)
    if ties == "dense":
        ordered = sorted({*ordered}, reverse=True)
    return {unit: ordered.index(value) + 1 for unit, value in values.items()}


def fates(values: Values, choices: Choices) -> dict[str, Fate]:
    """Return each object's place by one metric, where all are 0 what is decided for that."""
    if is_all_zero([values], choices) and choices.all_zero != "tie":
        kept = {unit: Fraction(0) for unit, value in values.items() if value is not None or _stays(choices)}
        return _outside(values, choices) | {unit: Fate(None, choices.all_zero) for unit in kept}
    return places(values, choices)


def places(values: Values, choices: Choices) -> dict[str, Fate]:
    """Return each object's place by one metric, whatever its values."""
    compared = {unit: value for unit, value in values.items() if value is not None}
    behind = [unit for unit, value in values.items() if value is None]
    if choices.zero_base == "zero":
        compared |= dict.fromkeys(behind, Fraction(0))
        behind = []
    found = {unit: Fate(rank) for unit, rank in ranked(compared, ties=choices.ties).items()}
    if choices.zero_base == "last":
        last = 1 + (len(found) if choices.ties == "skip" else len({one.rank for one in found.values()}))
        return found | {unit: Fate(last) for unit in behind}
    return found | _outside(values, choices)


def is_all_zero(lines: Sequence[Values], choices: Choices) -> bool:
    """Whether no object has anything but 0 in any metric; those without a base count as 0 where they stay ranked."""
    kept = [value for line in lines for value in line.values() if value is not None or _stays(choices)]
    return bool(kept) and not any(kept)


def mean_values(lines: Sequence[Values], choices: Choices) -> Values:
    """Return per object the mean of its metrics; None where it has no base at all, or one is missing and that is last.

    With `none` and `full` a metric without a base is left out of the mean.
    """
    return {unit: _mean([line[unit] for line in lines], choices) for unit in lines[0]}


def mean_ranks(lines: Sequence[Values], choices: Choices) -> Values:
    """Return per object the mean of its places, below 0 so that more is better; None where it has no place at all."""
    ranks = [places(line, choices) for line in lines]
    return {unit: _mean_rank([one[unit] for one in ranks]) for unit in lines[0]}


def _stays(choices: Choices) -> bool:
    return choices.zero_base in {"zero", "last"}


def _outside(values: Values, choices: Choices) -> dict[str, Fate]:
    if _stays(choices):
        return {}
    return {unit: Fate(None, choices.zero_base) for unit, value in values.items() if value is None}


def _mean(values: Sequence[Fraction | None], choices: Choices) -> Fraction | None:
    if choices.zero_base == "zero":
        values = [value or Fraction(0) for value in values]
    there = [value for value in values if value is not None]
    if not there or (choices.zero_base == "last" and len(there) < len(values)):
        return None
    return sum(there, Fraction(0)) / len(there)


def _mean_rank(found: Sequence[Fate]) -> Fraction | None:
    ranks = [1 if one.instead == "full" else one.rank for one in found]
    there = [rank for rank in ranks if rank is not None]
    return -Fraction(sum(there), len(there)) if there else None
