"""What a rate is divided by, where that was decided: form, workbook, count, working and annex go by it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.random_months import SCHEME, decisions_of, random_months
from tracker.domain.projects.tallying import countable, tally
from tracker.domain.scoring.asked import decided_suppliers, items_asked
from tracker.domain.scoring.entries import InputKind
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.month import compute_month
from tracker.domain.scoring.plain import as_plain
from tracker.domain.scoring.questions import BESIDE_MARKS, Point, Question
from tracker.domain.scoring.results import State
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.soundness import InvalidScheme, check_scheme, without_effect
from tracker.gateways.project_lists import load_project_lists
from tracker.gateways.schemes import BadScheme, load_scheme
from tracker.wording.score_rows import marked_rows
from tracker.wording.score_views import object_sheets

_MONTH = next(random_months(1, seed=3))
_FOLDER = Path(__file__).parents[2] / "seeds" / "documents" / "53"
_BASES = [one.code for one in SCHEME.questions if one.point is Point.BASE]


def _rules(question: str, option: str) -> Rules:
    [told] = [one for one in _MONTH.decisions if one.question == question]
    answer = replace(told, option=option)
    return Rules(SCHEME, tuple(answer if one.question == question else one for one in _MONTH.decisions))


def _reached(question: Question, option: str) -> Iterator[object]:
    """Go through what people meet of an answer: what is asked of whom, counted, computed and said."""
    rules = _rules(question.code, option)
    yield [one.name for item in items_asked(rules, _MONTH.inputs.month) for one in item.figures]
    yield countable(rules)
    yield decided_suppliers(rules)
    result = compute_month(rules, _MONTH.inputs)
    yield [line for _, line in marked_rows(SCHEME, result)]
    sheets = [item for sheet in object_sheets(SCHEME, result) for annex in sheet.annexes for item in annex.items]
    yield [line for item in sheets for part in item.parts for line in part.working]


@pytest.mark.parametrize("code", _BASES)
def test_every_answer_about_a_base_has_its_own_numbers_labels_and_workings(code: str) -> None:
    [question] = [one for one in SCHEME.questions if one.code == code]
    reached = [[*_reached(question, option.code)] for option in question.options]
    for at, one in enumerate(reached):
        for other in reached[at + 1 :]:
            changed = [mine != theirs for mine, theirs in zip(one, other, strict=True)]
            assert changed[0], "the form and the workbook ask for another number"
            assert changed[3:] == [True, True], "annex and working name what it is divided by"


def test_what_records_of_projects_say_is_counted_by_the_answer() -> None:
    measured = {one.code: one.measure for one in SCHEME.figures}
    asked = {
        option: {measured[dict(one.bases)[option]] for one in SCHEME.metrics if one.asked == "rate-base"}
        for option in ("year_plan", "total", "platform")
    }
    assert asked == {"year_plan": {"planned_investment"}, "total": {"total_investment"}, "platform": {None}}
    counted = {option: countable(_rules("rate-base", option)) for option in asked}
    total, plan = (InputKind.FIGURE, "bonds-total"), (InputKind.FIGURE, "bonds-year-plan")
    assert (total in counted["total"], plan in counted["total"]) == (True, False)
    assert (total in counted["year_plan"], plan in counted["year_plan"]) == (False, True)
    assert not {total, plan} & counted["platform"], "no record of ours has it: it is reported"


def test_counting_names_what_is_to_be_decided_first() -> None:
    lists = load_project_lists(_FOLDER.parents[2] / "config" / "project_lists.toml")
    undecided = Rules(SCHEME, tuple(one for one in decisions_of(SCHEME) if one.question not in _BASES))
    assert tally(undecided, (), lists=lists, month=Month(2022, 9)).asked == ("rate-base",)
    assert tally(Rules(SCHEME, decisions_of(SCHEME)), (), lists=lists, month=Month(2022, 9)).asked == ()


@pytest.mark.parametrize("code", _BASES)
def test_marks_wait_for_what_they_are_divided_by_and_the_answer_is_a_note(code: str) -> None:
    decisions = tuple(one for one in decisions_of(SCHEME) if one.question != code)
    result = compute_month(Rules(SCHEME, decisions), _MONTH.inputs)
    waits = {
        part.mark
        for annex in result.objects[0].annexes
        for item in annex.items
        for part in item.parts
        if part.state is State.ASKED and part.asked == (code,)
    }
    known = {one.code for one in SCHEME.metrics if one.asked == code}
    assert waits == {
        mark.code for _, mark in SCHEME.marks() for _, metrics in getattr(mark, "readings", ()) if known & {*metrics}
    }
    asked = {one.code for item in items_asked(Rules(SCHEME, decisions), Month(2022, 9)) for one in item.figures}
    bases = {base for one in SCHEME.metrics if one.asked == code for base in one.every_base}
    assert not asked & bases, "nobody hands in a number before it is known which"
    assert code in [one.question for one in compute_month(_rules(code, _option(code)), _MONTH.inputs).notes]


def _option(code: str) -> str:
    return next(one.options[0].code for one in SCHEME.questions if one.code == code)


def test_a_question_beside_the_marks_that_nothing_reads_is_refused(tmp_path: Path) -> None:
    assert not without_effect(SCHEME)
    assert {one.point for one in SCHEME.questions} & BESIDE_MARKS, "there are such questions"
    file, text = tmp_path / "scheme.toml", _FOLDER / "text.txt"
    written = (_FOLDER / "scheme.toml").read_text(encoding="utf-8")
    file.write_text(written.replace('code = "circular-due"', 'code = "circular-colour"'), encoding="utf-8")
    with pytest.raises(BadScheme, match="no answer to circular-colour changes anything"):
        load_scheme(file, text=text)


def test_a_base_for_each_answer_or_one() -> None:
    [metric] = [one for one in SCHEME.metrics if one.code == "bonds-invested-rate"]
    others = tuple(one for one in SCHEME.metrics if one is not metric)
    for wrong in (
        replace(metric, base="bonds-plan"),
        replace(metric, asked=""),
        replace(metric, asked="ties"),
        replace(metric, bases=metric.bases[1:]),
    ):
        with pytest.raises(InvalidScheme):
            check_scheme(replace(SCHEME, metrics=(*others, wrong)))


def test_rules_that_were_kept_before_have_the_plain_form_that_they_had() -> None:
    [metric] = [one for one in SCHEME.metrics if one.code == "bonds-start-rate"]
    assert {*as_plain(metric)} == {"", "code", "name", "kind", "figure", "base"}  # type: ignore[misc]


def test_the_reading_of_a_months_rate_of_investment_has_its_own_figures_both_above_and_below() -> None:
    own = {"year_plan": ("invested-year", "year-plan"), "month": ("invested", "plan")}
    for option, ends in own.items():
        rules = _rules("reading-industry", option)
        asked = {one.code for item in items_asked(rules, _MONTH.inputs.month) for one in item.figures}
        wanted = {f"{name}-{end}" for name in ("industry", "renewal") for end in ends}
        others = {f"{name}-{end}" for name in ("industry", "renewal") for told in own.values() for end in told} - wanted
        assert wanted <= asked, "form and workbook"
        assert not others & asked
        measured = {one.code for one in SCHEME.figures if one.measure is not None}
        counted = {code for kind, code in countable(rules) if kind is InputKind.FIGURE}
        assert counted & (wanted | others) == wanted & measured, "what records of projects say"
        assert "reading-industry" in [one.question for one in compute_month(rules, _MONTH.inputs).notes]
    reached = [[*_reached(_question("reading-industry"), option)] for option in own]
    assert all(one != other for one, other in zip(reached[0][3:], reached[1][3:], strict=True)), "annex and working"


def test_the_note_on_what_rates_are_divided_by_names_only_what_it_binds() -> None:
    question = _question("rate-base")
    bound = {
        item.code
        for item, mark in SCHEME.marks()
        for _, metrics in getattr(mark, "readings", ())
        for one in SCHEME.metrics
        if one.asked == "rate-base" and one.code in metrics
    }
    assert bound == {"1-5", "1-6", "1-8"}
    assert {one.clause for one in question.sources} == {"附件1一（五）", "附件1一（六）", "附件1一（八）"}
    assert "工业" not in question.title


def _question(code: str) -> Question:
    return next(one for one in SCHEME.questions if one.code == code)
