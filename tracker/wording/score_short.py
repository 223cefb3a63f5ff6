"""The working of an item in a few words, for a table that has a row for each: numbers, rates, places, marks."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from tracker.domain.scoring.marks import GapMark, Mark, PlacesMark, RankMark, TargetMark
from tracker.domain.scoring.results import ItemResult, MarkResult, Step, StepKind
from tracker.domain.scoring.scheme import Scheme
from tracker.wording.score_sheets import CHECKED_IN
from tracker.wording.scoring import exact_words, place_of_words, without_shared, working_words

_MEANS = {StepKind.MEAN_VALUE: "平均{}%", StepKind.MEAN_RANK: "名次平均{}"}
_MEASURES = frozenset({StepKind.RATE, StepKind.GROWTH, StepKind.ZERO_BASE})
_NAMED = _MEASURES | {StepKind.PLACE_OF}  # said with the name of what was measured


class ShortWords:
    """Says workings of a scheme; `ranked` is how many bodies have a place where nothing else is said.

    A place that is held by several, as `places` has it by (mark, place), is said to be shared.
    """

    def __init__(self, scheme: Scheme, *, ranked: int, places: Mapping[tuple[str, int], int] | None = None) -> None:
        self._scheme, self._ranked, self._places = scheme, ranked, places or {}
        self._money = CHECKED_IN if scheme.full_workings else ""
        self._marks = {mark.code: mark for _, mark in scheme.marks()}
        self._metrics = {one.code: one for one in scheme.metrics}
        self._figures = {one.code: one for one in scheme.figures}
        self._numbers_named = {one.name for one in scheme.figures}

    def item(self, told: ItemResult) -> str:
        """Say all parts of an item, each number once; empty where nothing happened."""
        shown = [part for part in told.parts if part.working or part.marks]
        known: set[str] = set()
        parts = [self._part(part, known, alone=len(shown) == 1) for part in shown]
        return "；".join([*filter(None, parts), *working_words(self._scheme, told.working)])

    def _part(self, told: MarkResult, known: set[str], *, alone: bool) -> str:
        mark = self._marks[told.mark]
        placed = [*self._placed(told)]
        named = placed or [*self._numbers(mark, told, known), *self._measures(told)]
        known |= {one.figure for one in told.inputs}
        unit = self._figures[told.inputs[0].figure].unit if told.inputs else ""
        tied = told.rank is not None and self._places.get((told.mark, told.rank), 0) > 1
        steps = [step for step in told.working if step.kind not in _NAMED]
        rest = [self._step(step, alone=alone, unit=unit, tied=tied) for step in steps]
        return "，".join(filter(None, [self._lead(mark, named, alone=alone or bool(placed)), *rest]))

    def _lead(self, mark: Mark, named: list[tuple[str, str]], *, alone: bool) -> str:
        """Return what was measured, under the name of the mark where the measure's own does not say it."""
        told = "、".join(name + words for name, words in _without_repeated(named))
        if alone or len(named) != 1 or not isinstance(mark, RankMark):
            return told if alone or isinstance(mark, GapMark) else f"{mark.name}：{told}" if told else mark.name
        [(name, words)] = named
        if name in self._numbers_named or mark.name == name:
            return mark.name + words
        return told if mark.name in name else f"{mark.name}：{told}"

    def _numbers(self, mark: Mark, told: MarkResult, known: Collection[str]) -> Iterator[tuple[str, str]]:
        """Go through the figures that stand in no rate; what is only added for places tells none again."""
        hidden = {code for step in told.working if step.kind in _MEASURES for code in self._of_metric(step)}
        if isinstance(mark, PlacesMark):
            hidden |= {*known}
        for code, value in {one.figure: one.value for one in told.inputs if one.figure not in hidden}.items():
            if not isinstance(mark, TargetMark):
                figure = self._figures[code]
                yield figure.name, f"{exact_words(value)}{figure.unit}"

    def _of_metric(self, step: Step) -> tuple[str, ...]:
        metric = self._metrics[str(step.facts["metric"])]
        return metric.figure, str(step.facts.get("base_figure", metric.base))

    def _placed(self, told: MarkResult) -> Iterator[tuple[str, str]]:
        """Go through the metrics whose places make a mean, each with its number and its place."""
        rates = dict(self._measures(told))
        for step in told.working:
            if step.kind is StepKind.PLACE_OF:
                metric = self._metrics[str(step.facts["metric"])]
                words = rates.get(metric.name)
                if words is None:
                    words = f"{exact_words(step.facts['value'])}{self._figures[metric.figure].unit}"
                place = place_of_words(step.facts)
                yield metric.name, words + (place if place.startswith(("列", "并列")) else f"，{place}")

    def _measures(self, told: MarkResult) -> Iterator[tuple[str, str]]:
        for step in told.working:
            if step.kind in _MEASURES:
                name = self._metrics[str(step.facts["metric"])].name
                words = working_words(self._scheme, [step])[0].removeprefix(f"{name}：")
                is_zero = step.kind is StepKind.ZERO_BASE
                yield name, f"{exact_words(step.facts['value'])}÷0（{words}）" if is_zero else words

    def _step(self, step: Step, *, alone: bool, unit: str, tied: bool) -> str:
        """Say a line of the working; the marks of a part that is `alone` are those of the item."""
        facts = step.facts
        if step.kind in _MEANS:
            return _MEANS[step.kind].format(exact_words(facts["value"]))
        if step.kind is not StepKind.PLACE:
            [words] = working_words(self._scheme, [step], unit=unit, money=self._money)
            return f"并{words}" if tied and step.kind is StepKind.ADDITION else words
        metric = self._metrics.get(str(facts["metric"]))
        of = "" if facts["of"] == self._ranked else f"（共{exact_words(facts['of'])}个）"
        marks = "" if alone and metric is None else f"，{exact_words(facts['marks'])}分"
        shared = "并列" if tied and metric is None else ""
        return f"{metric.name if metric else ''}{shared}第{exact_words(facts['rank'])}名{of}{marks}"


def _without_repeated(named: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    before = ""
    for name, words in named:
        yield without_shared(name, before), words
        before = name
