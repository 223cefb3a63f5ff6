"""What the text of an evaluation leaves open: the questions with their answers, and what the office decided on them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.domain.entered import read_exact
from tracker.domain.errors import BadInput, NotFound
from tracker.domain.quoting import quoted
from tracker.domain.scoring.marks import RankMark
from tracker.domain.scoring.months import read_month
from tracker.domain.scoring.questions import Decision, Option, Point, Question
from tracker.domain.scoring.rules import check_decided_on
from tracker.domain.scoring.scheme import Scheme
from tracker.domain.scoring.written import standing_before
from tracker.gateways.schemes import read_scheme
from tracker.store.queries.scoring_rules import DecisionLine, answers_beside, contents_of, decision_lines
from tracker.usecases.scoring_rules import Ruling, decide
from tracker.web.access import actor, allow, services
from tracker.web.forms import Day, FieldMissing, Form, Reason, RefusedForm, Version, Words, read_form
from tracker.web.parts import sent_fields
from tracker.web.scoring import VIEWERS
from tracker.web.scoring_views import MonthSeen, month_seen
from tracker.wording.refusals import sentence
from tracker.wording.scoring import exact_words
from tracker.wording.scoring_months import term_words

pages = Blueprint("scoring_rules", __name__)


class DecisionForm(Form):
    """`version` is the number of decisions that the page showed; shares of metrics have names of their own."""

    version: Version = Field(title="页面所列决定")
    option: Words = Field(title="选项")
    number: Words = Field(title="数值")
    decider: Reason = Field(title="决定人")
    decided_on: Day = Field(title="决定日期")
    reason: Reason = Field(title="理由")
    first_month: Words = Field(title="自哪一月起执行")
    last_month: Words = Field(title="执行到哪一月")


@dataclass(frozen=True, slots=True)
class ToldDecision:
    """A version of a decision; `holds` where it counts for the month at hand."""

    line: DecisionLine
    words: str
    term: str
    holds: bool


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question by its place in the scheme, from 1, with all that was decided on it, the newest first.

    `metrics` are what may be weighed, by the names of their fields.
    """

    place: int
    question: Question
    decisions: tuple[ToldDecision, ...]
    stands_before: bool
    metrics: Mapping[str, str]

    @property
    def decided(self) -> bool:
        return any(one.holds for one in self.decisions)

    @property
    def for_circular(self) -> bool:
        return self.question.point is Point.OFFICE and not self.question.marks_annexes

    @property
    def asks_number(self) -> bool:
        return any(one.asks_number for one in self.question.options)


@pages.get("/evaluation/<int:month_id>/questions")
@allow(*VIEWERS)
def questions(month_id: int) -> ResponseReturnValue:
    with services().database.reading() as session:
        seen = month_seen(session, month_id)
        known, elsewhere = decision_lines(session, seen.scheme.code), _options_of_all(session, seen.scheme.code)
        beside = answers_beside(session, seen.row, seen.scheme)
        holding = {(one.question, one.version) for one in (*seen.rules.decisions, *beside)}
        before = standing_before(seen.evaluated) if seen.takes_inputs else ()
        shown = [
            _shown(
                seen,
                place,
                one,
                [line for line in known if line.decision.question == one.code],
                before=before,
                elsewhere=elsewhere,
                holding=holding,
            )
            for place, one in enumerate(seen.scheme.questions, start=1)
        ]
        return render_template(
            "web/scoring/questions.html",
            seen=seen,
            questions=sorted(shown, key=lambda one: (one.decided, not one.stands_before)),
            today=local_day(services().clock.now()),
        )


def _options_of_all(session: Session, code: str) -> Mapping[tuple[str, str], Option]:
    """Return the answers that any rules of a scheme ever offered, by question and answer, in the newest words."""
    versions = [read_scheme(content) for content in contents_of(session, code)]
    return {(one.code, option.code): option for rules in versions for one in rules.questions for option in one.options}


def _shown(
    seen: MonthSeen,
    place: int,
    question: Question,
    lines: list[DecisionLine],
    *,
    before: tuple[str, ...],
    elsewhere: Mapping[tuple[str, str], Option],
    holding: Collection[tuple[str, int]],
) -> ShownQuestion:
    told = tuple(
        ToldDecision(
            line,
            _words(seen.scheme, question, line.decision, elsewhere=elsewhere),
            term_words(line.term),
            (question.code, line.decision.version) in holding,
        )
        for line in reversed(lines)
    )
    return ShownQuestion(place, question, told, question.code in before, metrics_of(seen.scheme, question))


def metrics_of(scheme: Scheme, question: Question) -> Mapping[str, str]:
    """Return the metrics that a decision on a question may weigh, by the names of their fields, with their names."""
    if not any(one.asks_weights for one in question.options):
        return {}
    codes = {
        code
        for _, mark in scheme.marks()
        if isinstance(mark, RankMark) and mark.code in question.covers
        for _, metrics in mark.readings
        for code in metrics
    }
    return {f"x{number}-share": one.name for number, one in enumerate(scheme.metrics) if one.code in codes}


def option_words(option: Option, number: Decimal | None = None) -> str:
    return option.words + (f"：{exact_words(number)}" if number is not None else "")


def _words(
    scheme: Scheme, question: Question, decision: Decision, *, elsewhere: Mapping[tuple[str, str], Option]
) -> str:
    """Say what was decided; what other rules of the scheme alone offer in their words, from `elsewhere`."""
    names = {one.code: one.name for one in scheme.metrics}
    option = next((one for one in question.options if one.code == decision.option), None)
    other = elsewhere.get((decision.question, decision.option))
    if option is None and other is not None:
        return f"{option_words(other, decision.number)}（本月所依规则没有这一选项）"
    told = option_words(option, decision.number) if option else decision.option
    shares = "、".join(f"{names.get(code, code)}{exact_words(share)}" for code, share in decision.weights)
    return f"{told}：{shares}" if shares else told


@pages.post("/evaluation/<int:month_id>/questions/<int:place>")
@allow(Role.SUPERVISOR)
def rule(month_id: int, place: int) -> ResponseReturnValue:
    """Write down what the office decided on a question."""
    with services().database.reading() as session:
        seen = month_seen(session, month_id)
    if not 1 <= place <= len(seen.scheme.questions):
        raise NotFound()
    question = seen.scheme.questions[place - 1]
    form = read_form(DecisionForm)
    number, weights = _numbers(seen.scheme, question, form)
    _check_days(form, seen.scheme)
    with services().database.transaction() as session:
        version = decide(
            session,
            Ruling(
                scheme=seen.scheme.code,
                question=question.code,
                option=form.option,
                decider=form.decider,
                decided_on=form.decided_on,
                reason=form.reason,
                seen=form.version,
                first_month=form.first_month,
                last_month=form.last_month,
                month=seen.row.month,
                number=number,
                weights=weights,
            ),
            read=read_scheme,
            actor=actor(),
            at=services().clock.now(),
        )
    flash(f"已记下对{quoted(question.title)}的决定" + (f"（第{version}版）。" if version > 1 else "。"))
    return redirect(url_for("scoring_rules.questions", month_id=month_id, _anchor=f"q{place}"), 303)


def _check_days(form: DecisionForm, scheme: Scheme) -> None:
    """Refuse a day and months that cannot be, each beside its field; an empty one is not written wrongly.

    Raises RefusedForm.
    """
    errors: dict[str, str] = {}
    today = local_day(services().clock.now())

    def hold(name: str, check: Callable[[], object]) -> None:
        try:
            check()
        except BadInput as fault:
            errors[name] = sentence(fault)

    hold("decided_on", lambda: check_decided_on(form.decided_on, scheme, today=today))
    if form.version and not form.first_month.strip():
        errors["first_month"] = sentence(FieldMissing(field=DecisionForm.model_fields["first_month"].title))
    for name, told in (("first_month", form.first_month), ("last_month", form.last_month)):
        if told.strip():
            hold(name, partial(read_month, told))
    if errors:
        raise RefusedForm(errors)


def _numbers(
    scheme: Scheme, question: Question, form: DecisionForm
) -> tuple[Decimal | None, tuple[tuple[str, Decimal], ...]]:
    """Return the number and the shares that a decision brings, where its option asks for them. Raises RefusedForm."""
    option = next((one for one in question.options if one.code == form.option), None)
    errors: dict[str, str] = {}

    def read(name: str, text: str, label: str) -> Decimal | None:
        try:
            return read_exact(text, field=label) if text.strip() else None
        except BadInput as fault:
            errors[name] = sentence(fault)
            return None

    number = read("number", form.number, "数值") if option is None or option.asks_number else None
    weights = []
    if option is not None and option.asks_weights:
        for name, label in metrics_of(scheme, question).items():
            share = read(name, sent_fields().get(name, ""), f"{label}的权重")
            if share is not None:
                weights.append((scheme.metrics[int(name[1:].partition("-")[0])].code, share))
    if errors:
        raise RefusedForm(errors)
    return number, tuple(weights)
