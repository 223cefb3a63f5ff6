"""A computed month as people read it: marks by object, item and rule, with figures, place and working in words."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from tracker.domain.projects.tallying import project_ids
from tracker.domain.quoting import quoted
from tracker.domain.scoring.entries import kind_names
from tracker.domain.scoring.marks import Mark
from tracker.domain.scoring.needs import kinds_of
from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.results import (
    AnnexResult,
    ItemResult,
    Lacking,
    MarkResult,
    MonthResult,
    State,
    StepKind,
    Used,
)
from tracker.domain.scoring.scheme import Annex, Item, Scheme, clause_label
from tracker.domain.scoring.written import NOTHING_BEHIND, Behind
from tracker.wording.score_sheets import CHECKED_IN, AnnexSheet, FigureSheet, ItemSheet, ObjectSheet, PartSheet
from tracker.wording.scoring import STATES, WINDOWS, exact_words, note_words, working_words

# Lines that say a place without the number that has it, and lines that say what was measured.
_BARE = frozenset({StepKind.PLACE, StepKind.NOT_RANKED, StepKind.ADDITION})
_MEASURED = frozenset({StepKind.RATE, StepKind.GROWTH, StepKind.ZERO_BASE, StepKind.PLACE_OF})
_TAKEN = "的认定扣分"  # what a case takes, where that was left to the case


def object_sheets(scheme: Scheme, result: MonthResult, *, behind: Behind = NOTHING_BEHIND) -> list[ObjectSheet]:
    """Return every object, the first place first; in the scheme's order while there is no ranking.

    `behind` is what inputs were counted from.
    """
    views, totals = _Views(scheme, behind, places=places_held(result)), Counter(one.rank for one in result.objects)
    found = [
        ObjectSheet(
            one.object,
            views.names[one.object],
            _marks(one.total),
            one.rank,
            tuple(working_words(scheme, one.working)),
            tuple(
                views.annex(annex, told, one.object) for annex, told in zip(scheme.annexes, one.annexes, strict=True)
            ),
            one.rank is not None and totals[one.rank] > 1,
        )
        for one in result.objects
    ]
    return sorted(found, key=lambda one: one.rank or 0)


def places_held(result: MonthResult) -> Counter[tuple[str, int]]:
    """Count how many bodies have each place, by (mark, place)."""
    parts = (part for one in result.objects for annex in one.annexes for item in annex.items for part in item.parts)
    return Counter((part.mark, part.rank) for part in parts if part.rank is not None)


def month_told(scheme: Scheme, result: MonthResult, *, behind: Behind = NOTHING_BEHIND) -> dict[str, object]:
    """Return a computed month for other programs: numbers as text, workings in words."""
    return {
        "month": str(result.month),
        "complete": result.complete,
        "rule_version": result.rule_version,
        "inputs_digest": result.inputs_digest,
        "notes": [note_words(scheme, one) for one in result.notes],
        "asked": list(result.asked),
        "lacking": [{"figure": one.figure, "object": one.object} for one in result.lacking],
        "objects": [_object_told(one) for one in object_sheets(scheme, result, behind=behind)],
    }


def _object_told(one: ObjectSheet) -> dict[str, object]:
    items = [_item_told(annex, item) for annex in one.annexes for item in annex.items]
    return {"object": one.object, "name": one.name, "total": one.total, "rank": one.rank, "items": items}


def _item_told(annex: AnnexSheet, item: ItemSheet) -> dict[str, object]:
    ranks = {part.rank for part in item.parts}
    return {
        "item": item.item,
        "label": clause_label(annex.label, item.label),
        "title": item.title,
        "full": item.full,
        "state": item.state,
        "marks": item.marks,
        "rank": next(iter(ranks)) if len(ranks) == 1 else None,
        "inputs": [_figure_told(figure) for part in item.parts for figure in part.figures],
        "working": [*(line for part in item.parts for line in part.working), *item.working],
        "projects": sorted({one for part in item.parts for one in part.projects}),
        "parts": [_part_told(part) for part in item.parts],
    }


def _figure_told(one: FigureSheet) -> dict[str, object]:
    return {
        "figure": one.code,
        "name": one.name,
        "of": one.of,
        "value": one.value,
        "projects": list(one.projects),
    }


def _part_told(part: PartSheet) -> dict[str, object]:
    return {
        "mark": part.mark,
        "name": part.name,
        "marks": part.marks,
        "rank": part.rank,
        "inputs": [_figure_told(figure) for figure in part.figures],
        "references": list(part.references),
        "projects": list(part.projects),
        "working": list(part.working),
        "asked": list(part.asked),
        "lacking": list(part.lacking),
    }


class _Views:
    """Names of a scheme, and its results in words."""

    def __init__(
        self, scheme: Scheme, behind: Behind = NOTHING_BEHIND, *, places: Mapping[tuple[str, int], int] | None = None
    ) -> None:
        self._scheme, self._behind, self._places = scheme, behind, places or {}
        self._figures = {one.code: one for one in scheme.figures}
        self._marks: Mapping[str, Mark] = {mark.code: mark for _, mark in scheme.marks()}
        self._kinds = {code: name for (_, code), name in kind_names(scheme).items()}
        self._questions = {one.code: one.title for one in scheme.questions}
        self.names = {one.unit: one.name for one in scheme.objects}

    def annex(self, annex: Annex, told: AnnexResult, unit: str) -> AnnexSheet:
        items = tuple(self._item(item, one, unit) for item, one in zip(annex.items, told.items, strict=True))
        working = tuple(working_words(self._scheme, told.working))
        return AnnexSheet(
            annex.code, annex.label, annex.title, number_text(annex.full), _marks(told.marks), working, items
        )

    def _item(self, item: Item, told: ItemResult, unit: str) -> ItemSheet:
        return ItemSheet(
            item.code,
            item.label,
            item.title,
            number_text(item.full),
            STATES[told.state],
            _marks(told.marks),
            tuple(working_words(self._scheme, told.working)),
            tuple(self._part(one, unit) for one in told.parts),
        )

    def _part(self, told: MarkResult, unit: str) -> PartSheet:
        mark = self._marks[told.mark]
        figures = tuple(map(self._figure, told.inputs))
        things = self._figures[told.inputs[0].figure].unit if told.inputs else ""
        happened = [self._projects(kind, unit, one) for kind in kinds_of(mark) for one in told.references]
        return PartSheet(
            told.mark,
            mark.name,
            STATES[told.state],
            _marks(told.marks) if told.state is State.COMPUTED else None,
            told.rank,
            figures,
            told.references,
            self._working(told, figures, unit, things),
            tuple(self._questions.get(code, code) for code in told.asked),
            tuple(map(self.lacking, told.lacking)),
            mark.sources,
            tuple(sorted({one for found in (*(figure.projects for figure in figures), *happened) for one in found})),
            self._tied(told),
        )

    def _working(self, told: MarkResult, figures: tuple[FigureSheet, ...], unit: str, things: str) -> tuple[str, ...]:
        """Say each line of a working; a place says of which number: 项目个数6个，列第2名（共13个）.

        Rates, growths and targets say their numbers themselves.
        """
        words = working_words(self._scheme, told.working, unit=things, money=CHECKED_IN)
        if self._tied(told):
            words = [f"并{one}" if one.startswith("列第") else one for one in words]
        if not any(step.kind in _BARE for step in told.working):
            return tuple(words)
        metrics = {one.code: one for one in self._scheme.metrics}
        measured = [metrics[str(step.facts["metric"])] for step in told.working if step.kind in _MEASURED]
        hidden = {code for one in measured for code in (one.figure, *one.every_base)}
        own = [one for one in figures if one.of in ("", self.names[unit]) and one.code not in hidden]
        numbers = [f"{one.name}{one.value}" for one in own]
        if len(numbers) == len(told.working) == 1:
            metric = metrics.get(str(told.working[0].facts.get("metric")))
            return (f"{numbers[0]}，{words[0].removeprefix(metric.name if metric else '')}",)
        return (*numbers, *words)

    def _tied(self, told: MarkResult) -> bool:
        return told.rank is not None and self._places.get((told.mark, told.rank), 0) > 1

    def _figure(self, used: Used) -> FigureSheet:
        figure = self._figures[used.figure]
        value = f"{exact_words(used.value)}{figure.unit}"
        of = self.names.get(used.object, "")
        parts = figure.sum_of or (figure.code,)
        projects = tuple(dict.fromkeys(id_ for one in parts for id_ in self._projects(one, used.object, "")))
        return FigureSheet(used.figure, figure.name, of, WINDOWS[figure.window], value, projects)

    def _projects(self, code: str, unit: str, reference: str) -> tuple[int, ...]:
        return project_ids(self._behind.get((code, unit, reference), ()))

    def lacking(self, one: Lacking) -> str:
        figure = self._figures.get(one.figure)
        of_case = f"{quoted(one.reference)}报数不一致" if one.reference else _TAKEN
        name = self._kinds[one.figure] + of_case if figure is None else figure.name
        return f"{self.names.get(one.object, '')}{name}"


def lacking_words(scheme: Scheme, result: MonthResult) -> list[str]:
    """Name every number that nobody handed in: 遂平县已开工项目个数; what stands there twice is named apart."""
    return [*map(_Views(scheme).lacking, (one for one in result.lacking if not one.reference))]


def _marks(value: Decimal | None) -> str | None:
    return None if value is None else number_text(value)
