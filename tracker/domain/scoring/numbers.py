"""Numbers that cannot be: below the least of their figure, broken where things are counted, a part above its whole."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tracker.domain.scoring.fitting import ImpossibleInput
from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.scheme import Figure, Scheme

_NOUGHT = Decimal(0)


class BelowLeast(ImpossibleInput):
    """A figure is below what it can be; facts: name, value, least (with its unit)."""

    code = "score_below_least"


class NotWhole(ImpossibleInput):
    """Things are counted, and there is a part of one; facts: name, value."""

    code = "score_not_whole"


class PartOverWhole(ImpossibleInput):
    """More are handed in than those of which they are a part; facts: name, value, whole (its name), of."""

    code = "score_part_over_whole"


@dataclass(frozen=True, slots=True)
class Part:
    """A figure of an object that is more than the whole that its scheme makes it a part of."""

    part: Figure
    whole: Figure
    object: str
    value: Decimal
    of: Decimal

    @property
    def keys(self) -> frozenset[tuple[str, str]]:
        """Both figures as inputs have them: (figure, object); those of a sum in its place."""
        return frozenset((one, self.object) for one in (self.part.code, *(self.whole.sum_of or (self.whole.code,))))

    def refused(self, *, name: str) -> PartOverWhole:
        return PartOverWhole(name=name, value=number_text(self.value), whole=self.whole.name, of=number_text(self.of))


def check_figure(figure: Figure, value: Decimal, *, name: str) -> None:
    """Refuse a number that its figure cannot have. Raises BelowLeast, NotWhole."""
    least = figure.least if figure.signed else _NOUGHT
    if least is not None and value < least:
        raise BelowLeast(
            name=name, value=number_text(value), least=f"{number_text(least)}{figure.unit if least else ''}"
        )
    if figure.whole and value != value.to_integral_value():
        raise NotWhole(name=name, value=number_text(value))


def parts_over(scheme: Scheme, figures: Mapping[tuple[str, str], Decimal]) -> Iterator[Part]:
    """Go through what is more than its whole, of (figure, object), where both numbers are there."""
    known = {one.code: one for one in scheme.figures}
    for part in scheme.figures:
        if not part.part_of:
            continue
        for one in scheme.objects:
            value, of = figures.get((part.code, one.unit)), _whole(known[part.part_of], one.unit, figures)
            if value is not None and of is not None and value > of:
                yield Part(part, known[part.part_of], one.unit, value, of)


def _whole(figure: Figure, unit: str, figures: Mapping[tuple[str, str], Decimal]) -> Decimal | None:
    """Return a figure of an object, a sum once all that it adds up is there."""
    told = [figures.get((one, unit)) for one in figure.sum_of or (figure.code,)]
    known = [one for one in told if one is not None]
    return sum(known, Decimal(0)) if len(known) == len(told) else None
