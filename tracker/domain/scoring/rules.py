"""A scheme with what was decided on it: the rules that a month is computed by, and their version."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from tracker.domain.errors import BadInput
from tracker.domain.scoring.marks import Mark, RankMark
from tracker.domain.scoring.months import Term, in_effect
from tracker.domain.scoring.needs import TOTAL, bases_asked, metrics_in, needs_of
from tracker.domain.scoring.plain import digest, number_text
from tracker.domain.scoring.questions import Decision, Option, Point, Question, Settled
from tracker.domain.scoring.scheme import Metric, Scheme


class InvalidDecision(BadInput):
    """A decision that does not answer its question; facts: question, decision_fault."""

    code = "score_decision_invalid"


@dataclass(frozen=True, slots=True)
class Chosen:
    """What holds on a point for a mark; `question` None where the text itself settles it."""

    choice: str
    number: Decimal | None = None
    weights: tuple[tuple[str, Decimal], ...] = ()
    question: str | None = None


@dataclass(frozen=True)
class Rules:
    """A scheme and the decisions that hold for a month: the newest of each question.

    Raises InvalidDecision.
    """

    scheme: Scheme
    decisions: tuple[Decision, ...] = ()

    def __post_init__(self) -> None:
        for decision in self.decisions:
            check_decision(self.scheme, decision)

    @cached_property
    def version(self) -> str:
        """The version of the rules: a digest of the scheme and of all that was decided."""
        return digest((self.scheme, tuple(sorted(self.holding.values(), key=lambda one: one.question))))

    @cached_property
    def holding(self) -> Mapping[str, Decision]:
        """The newest decision by question."""
        return {one.question: one for one in sorted(self.decisions, key=lambda one: one.version)}

    @cached_property
    def needs(self) -> Mapping[str, frozenset[Point]]:
        """On which points each mark hangs, by its code, and the totals."""
        return needs_of(self.scheme)

    @cached_property
    def _points(self) -> Mapping[tuple[str, Point], Question | Settled]:
        return {(mark, one.point): one for one in spoken(self.scheme) for mark in covered(self.needs, one)}

    def chosen(self, point: Point, mark: str) -> Chosen | None:
        """Return what holds on a point for a mark, None while it is open."""
        one = self._points[mark, point]
        if isinstance(one, Settled):
            return Chosen(one.choice)
        decision = self.holding.get(one.code)
        if decision is None:
            return None
        option = option_of(one, decision)
        number = decision.number if option.asks_number else option.number
        return Chosen(option.choice, number, decision.weights, one.code)

    def open_for(self, mark: Mark) -> tuple[str, ...]:
        """Return the codes of the questions that stand before a mark."""
        found = [point for point in self.needs[mark.code] if self.chosen(point, mark.code) is None]
        if not found and isinstance(mark, RankMark) and self._weights_missing(mark):
            found = [Point.COMBINE]
        bases = bases_asked(self.scheme, self.metrics_of(mark)) - {*self.holding}
        return tuple(sorted({self.question_on(mark.code, point) for point in found} | bases))

    def open_for_totals(self) -> tuple[str, ...]:
        """Return the codes of the questions that stand before the totals."""
        return tuple(
            sorted(self.question_on(TOTAL, point) for point in self.needs[TOTAL] if self.chosen(point, TOTAL) is None)
        )

    def metrics(self, mark: RankMark) -> tuple[str, ...]:
        """Return what a mark ranks by, in the reading that holds."""
        if len(mark.readings) == 1:
            return mark.readings[0][1]
        chosen = self.chosen(Point.READING, mark.code)
        return dict(mark.readings)[chosen.choice] if chosen else ()

    def metrics_of(self, mark: Mark) -> tuple[str, ...]:
        """Return the codes of the metrics that a mark is given by; of an open reading all of them."""
        return (self.metrics(mark) if isinstance(mark, RankMark) else ()) or metrics_in(mark)

    def base(self, metric: Metric) -> str | None:
        """Return the code of the figure that a metric is divided by, empty of a number; None while that is open."""
        if not metric.asked:
            return metric.base
        decision = self.holding.get(metric.asked)
        if decision is None:
            return None
        question = next(one for one in self.scheme.questions if one.code == metric.asked)
        return dict(metric.bases)[option_of(question, decision).choice]

    @cached_property
    def unused(self) -> frozenset[str]:
        """The codes of the figures that marks are made of only by another reading or base than was decided."""
        marks = [mark for _, mark in self.scheme.marks()]
        offered = {code for mark in marks for code in metrics_in(mark)}
        read = {code for mark in marks for code in self.metrics_of(mark)}
        metrics = self.scheme.metrics
        every = {code for one in metrics if one.code in offered for code in (one.figure, *one.every_base)}
        used = {code for one in metrics if one.code in read for code in (one.figure, self.base(one))}
        return frozenset({*self.scheme.parts_of(every)} - {*self.scheme.parts_of(used)})

    @cached_property
    def undecided(self) -> frozenset[str]:
        """Those of the unused figures that an answer to a question which is still open may yet make marks of."""
        read = {code for _, mark in self.scheme.marks() for code in self.metrics_of(mark)}
        open_ = (one for one in self.scheme.metrics if one.code in read and self.base(one) is None)
        return self.unused & frozenset(self.scheme.parts_of({code for one in open_ for code in one.every_base}))

    def open_questions(self) -> tuple[str, ...]:
        """Return the codes of all questions that nobody decided, in the scheme's order."""
        weights = {code for _, mark in self.scheme.marks() for code in self.open_for(mark)}
        return tuple(one.code for one in self.scheme.questions if one.code not in self.holding or one.code in weights)

    def _weights_missing(self, mark: RankMark) -> bool:
        metrics = self.metrics(mark)
        chosen = self.chosen(Point.COMBINE, mark.code) if len(metrics) > 1 else None
        # Another reading was decided since: its metrics were never weighed.
        return chosen is not None and chosen.choice == "weights" and {*metrics} != {one for one, _ in chosen.weights}

    def question_on(self, mark: str, point: Point) -> str:
        """Return the code of the question on a point that a mark hangs on, empty where the text settles it."""
        one = self._points[mark, point]
        return one.code if isinstance(one, Question) else ""


def spoken(scheme: Scheme) -> Iterator[Question | Settled]:
    """Go through all points on which the scheme says something or asks."""
    yield from scheme.questions
    yield from scheme.settled


def covered(needs: Mapping[str, frozenset[Point]], one: Question | Settled) -> Iterator[str]:
    """Go through the codes of the marks that a question or a settled point is for, `TOTAL` among them."""
    for mark, points in needs.items():
        if one.point in points and (not one.covers or mark in one.covers):
            yield mark


def option_of(question: Question, decision: Decision) -> Option:
    """Return the chosen option. Raises InvalidDecision."""
    for option in question.options:
        if option.code == decision.option:
            return option
    raise InvalidDecision(question=question.title, decision_fault="option")


def is_answer(scheme: Scheme, decision: Decision) -> bool:
    """Tell whether a scheme asks what was decided and takes the answer as it is.

    Another version may ask and offer more, ask a number or weights with the answer, or weigh other metrics.
    """
    try:
        check_decision(scheme, decision)
    except InvalidDecision:
        return False
    return True


def answers_in(scheme: Scheme, decisions: Iterable[tuple[Term, Decision]], *, month: str) -> tuple[Decision, ...]:
    """Return what holds in a month as `in_effect` does, of what this version of the scheme asks and offers.

    An answer that other rules alone offer leaves the one before it, and what these ask, as they are.
    """
    return in_effect([(term, one) for term, one in decisions if is_answer(scheme, one)], month=month)


def check_decision(scheme: Scheme, decision: Decision) -> None:
    """Refuse a decision without decider, reason or what its option asks for. Raises InvalidDecision."""
    question = next((one for one in scheme.questions if one.code == decision.question), None)
    if question is None:
        raise InvalidDecision(question=decision.question, decision_fault="question")
    problem = _problem(scheme, question, decision)
    if problem:
        raise InvalidDecision(question=question.title, decision_fault=problem)


class DecidedInFuture(BadInput):
    """Nothing was decided on a day that has not come; facts: day."""

    code = "score_decided_in_future"


class DecidedBeforeDocument(BadInput):
    """Nothing was decided on a document before its day; facts: day, issued_on."""

    code = "score_decided_before_document"


def check_decided_on(day: date, scheme: Scheme, *, today: date) -> None:
    """Refuse a day on which nothing was decided. Raises DecidedInFuture, DecidedBeforeDocument."""
    if day > today:
        raise DecidedInFuture(day=day)
    if scheme.issued_on is not None and day < scheme.issued_on:
        raise DecidedBeforeDocument(day=day, issued_on=scheme.issued_on)


class NumberOutside(BadInput):
    """A number does not lie where its option has it; facts: question, least, most, value (all as written)."""

    code = "score_number_outside"


class NumberNotWhole(NumberOutside):
    """A whole number is asked for; facts as of `NumberOutside`."""

    code = "score_number_not_whole"


def check_bounds(scheme: Scheme, decision: Decision) -> None:
    """Refuse a number that its option does not allow. Raises InvalidDecision, NumberOutside, NumberNotWhole.

    Apart from `check_decision`, for what was decided before an option had such bounds still holds.
    """
    question = next(one for one in scheme.questions if one.code == decision.question)
    option, number = option_of(question, decision), decision.number
    if number is None or not option.asks_number:
        return
    facts = {name: number_text(one) for name, one in (("least", option.least), ("most", option.most))}
    if option.whole and number != number.to_integral_value():
        raise NumberNotWhole(question=question.title, value=number_text(number), **facts)
    if not option.least <= number <= option.most:
        raise NumberOutside(question=question.title, value=number_text(number), **facts)


def _problem(scheme: Scheme, question: Question, decision: Decision) -> str | None:
    option = option_of(question, decision)
    wrong = {
        "decider": not decision.decider.strip(),
        "reason": not decision.reason.strip(),
        "version": decision.version < 1,
        "number": (decision.number is not None) != option.asks_number,
        "number_size": decision.number is not None and not _sensible(decision.number),
        "weights": bool(decision.weights) != option.asks_weights,
        "weights_sum": option.asks_weights and not _whole(scheme, question, decision.weights),
    }
    return next((name for name, is_wrong in wrong.items() if is_wrong), None)


def _sensible(number: Decimal) -> bool:
    return number.is_finite() and 0 <= number <= 100 and number == number.quantize(Decimal("0.01"))


def _whole(scheme: Scheme, question: Question, weights: Iterable[tuple[str, Decimal]]) -> bool:
    """Whether the weights are those of one reading of each mark, none negative, 1 together."""
    shares = dict(weights)
    if any(not one.is_finite() or one < 0 for one in shares.values()) or sum(shares.values()) != 1:
        return False
    marks = [mark for _, mark in scheme.marks() if mark.code in question.covers and isinstance(mark, RankMark)]
    return all(any({*metrics} == {*shares} for _, metrics in mark.readings) for mark in marks)
