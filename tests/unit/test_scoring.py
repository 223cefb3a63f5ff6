"""Marks one by one: what the document settles, what it asks, and what a decision changes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest

from tests.support.random_months import SCHEME, RandomMonth, decisions_of, random_month
from tests.support.small_scheme import SMALL_SCHEME, SMALL_TEXT
from tracker.domain.errors import Faults
from tracker.domain.scoring.doubts import difference_base
from tracker.domain.scoring.fitting import ImpossibleInput, UnknownInput
from tracker.domain.scoring.inputs import Check, Inputs, Month, Occurrence
from tracker.domain.scoring.metrics import rounded
from tracker.domain.scoring.month import compute_month, inputs_digest
from tracker.domain.scoring.questions import Decision
from tracker.domain.scoring.results import Lacking, MarkResult, MonthResult, State
from tracker.domain.scoring.rules import InvalidDecision, Rules
from tracker.domain.scoring.scheme import Scheme
from tracker.gateways.schemes import load_scheme
from tracker.wording.refusals import sentence
from tracker.wording.scoring import note_words, working_words

_AUGUST: RandomMonth = random_month(Random(8), number=8)


def _month(number: int = 8, **figures: dict[str, str]) -> Inputs:
    """An August with everything handed in; `figures` sets those told (with _ for -)."""
    told = {
        (code.replace("_", "-"), unit): Decimal(value)
        for code, values in figures.items()
        for unit, value in values.items()
    }
    inputs = replace(_AUGUST.inputs, month=Month(2022, number), occurrences=(), checks=())
    return replace(inputs, figures={**inputs.figures, **told})


def _part(result: MonthResult, mark: str, unit: str) -> MarkResult:
    return next(
        part
        for one in result.objects
        if one.object == unit
        for annex in one.annexes
        for item in annex.items
        for part in item.parts
        if part.mark == mark
    )


def _item(result: MonthResult, item: str, unit: str) -> Decimal | None:
    objects = [one for one in result.objects if one.object == unit]
    return next(found.marks for one in objects for annex in one.annexes for found in annex.items if found.item == item)


def _words(result: MonthResult, mark: str, unit: str) -> str:
    return "；".join(working_words(SCHEME, _part(result, mark, unit).working, unit="个"))


@pytest.mark.parametrize(
    ("unit", "count", "marks"),
    [
        ("suiping", "3", "4"),
        ("suiping", "5", "4"),
        ("suiping", "2", "3"),
        ("suiping", "1", "2"),
        ("suiping", "0", "0"),
        ("jingkaiqu", "2", "4"),
        ("jingkaiqu", "1", "3"),
        ("shifanqu", "1", "4"),
        ("shifanqu", "0", "0"),
    ],
)
def test_targets_go_by_class_and_none_at_all_is_nothing(unit: str, count: str, marks: str) -> None:
    result = compute_month(Rules(SCHEME, decisions_of(SCHEME)), _month(reserve={unit: count}))
    assert _part(result, "1-1-reserve", unit).marks == Decimal(marks)


@pytest.mark.parametrize(
    ("done", "marks"),
    [("60", "12"), ("59.001", "12"), ("59", "11.7"), ("58.001", "11.7"), ("40", "6"), ("19.999", "0"), ("0", "0")],
)
def test_the_gap_counts_whole_percentage_points_only(done: str, marks: str) -> None:
    inputs = _month(provincial_planned={"suiping": "100"}, provincial_invested={"suiping": done})
    inputs = replace(inputs, common={**inputs.common, "provincial-schedule": Decimal(60)})
    result = compute_month(Rules(SCHEME, decisions_of(SCHEME, schedule="announced")), inputs)
    assert _part(result, "2-1-gap", "suiping").marks == Decimal(marks)


def test_august_looks_at_starts_and_september_at_finishes() -> None:
    rules = Rules(SCHEME, decisions_of(SCHEME))
    for number, held in ((8, "start"), (9, "finish")):
        items = [item for annex in compute_month(rules, _month(number)).objects[0].annexes for item in annex.items]
        marks = [part.mark for item in items if item.item == "2-2" for part in item.parts]
        assert marks == [f"2-2-{held}-rate", f"2-2-{held}ed", "2-2-late"]


@pytest.mark.parametrize(("edge", "marks"), [("lower", "-1"), ("upper", "-2")])
def test_exactly_twenty_percent_is_what_was_decided(edge: str, marks: str) -> None:
    check = Check("suiping", "site", "某项目", ("1-14",), Decimal(120), Decimal(100))
    result = compute_month(Rules(SCHEME, decisions_of(SCHEME, tier_edge=edge)), replace(_month(), checks=(check,)))
    assert _part(result, "1-14-site", "suiping").marks == Decimal(marks)
    assert "某项目：上报120，核查100，相差20%" in _words(result, "1-14-site", "suiping")


@pytest.mark.parametrize("base", ["reported", "found"])
def test_what_is_pointed_at_on_site_goes_by_the_base_that_was_decided(base: str) -> None:
    decided = decisions_of(SCHEME, difference_base=base)
    assert difference_base(Rules(SCHEME, decided)) == base
    open_ = tuple(one for one in decided if one.question != "difference-base")
    assert difference_base(Rules(SCHEME, open_)) is None


def test_checks_take_at_most_five_in_annex_1_and_the_marks_of_the_target_elsewhere() -> None:
    items = ("1-14", "3-5")
    checks = tuple(Check("suiping", "site", f"项目{at}", items, Decimal(200), Decimal(100)) for at in range(5))
    inputs = _month(municipal_planned={"suiping": "100"}, municipal_invested={"suiping": "1"})
    result = compute_month(Rules(SCHEME, decisions_of(SCHEME)), replace(inputs, checks=checks))
    assert _part(result, "1-14-site", "suiping").marks == -5
    assert (_item(result, "3-1", "suiping"), _item(result, "3-5", "suiping")) == (Decimal(0), Decimal(0))
    full = compute_month(Rules(SCHEME, decisions_of(SCHEME, cap_basis="full")), replace(inputs, checks=checks))
    assert _item(full, "3-5", "suiping") == -8


def test_both_acts_or_nothing_and_the_item_stays_between_0_and_5() -> None:
    def told(*kinds: str) -> Decimal | None:
        things = tuple(Occurrence("suiping", kind, f"{kind}{at}", ("2-4",)) for at, kind in enumerate(kinds))
        return _item(compute_month(rules, replace(_month(), occurrences=things)), "2-4", "suiping")

    rules = Rules(SCHEME, decisions_of(SCHEME))
    acts = ("leaders_visit", "county_meeting")
    assert told("leaders_visit") == 0
    assert told(*acts) == 3
    assert told(*acts, "national_media", "national_media", "provincial_honour") == 5
    assert told("provincial_criticism") == 0
    assert told(*acts, "municipal_criticism") == Decimal("2.5")


def test_an_open_question_holds_back_what_hangs_on_it_and_nothing_else() -> None:
    decisions = tuple(one for one in decisions_of(SCHEME) if one.question != "tier-edge")
    result = compute_month(Rules(SCHEME, decisions), _month())
    part = _part(result, "1-14-site", "suiping")
    assert (part.state, part.marks, part.asked) == (State.ASKED, None, ("tier-edge",))
    assert _part(result, "1-1-reserve", "suiping").state is State.COMPUTED
    assert result.asked == ("tier-edge",)
    assert {one.total for one in result.objects} == {one.rank for one in result.objects} == {None}


def test_with_nothing_decided_every_question_is_open_and_only_settled_marks_are_there() -> None:
    result = compute_month(Rules(SCHEME), _month())
    assert result.asked == tuple(one.code for one in SCHEME.questions)
    parts = [part for annex in result.objects[0].annexes for item in annex.items for part in item.parts]
    assert [part.mark for part in parts if part.state is State.COMPUTED] == [
        "1-1-reserve",
    ]


def test_a_question_about_an_office_holds_no_marks_back() -> None:
    decisions = tuple(one for one in decisions_of(SCHEME) if one.question != "issuer")
    result = compute_month(Rules(SCHEME, decisions), _month())
    assert (result.asked, result.complete) == (("issuer",), True)


def test_a_missing_figure_is_named_and_a_ranking_waits_for_it() -> None:
    inputs = _month()
    inputs = replace(inputs, figures={key: one for key, one in inputs.figures.items() if key != ("reserve", "suiping")})
    inputs = replace(
        inputs, figures={key: one for key, one in inputs.figures.items() if key != ("foreign-count", "xiping")}
    )
    result = compute_month(Rules(SCHEME, decisions_of(SCHEME)), inputs)
    assert result.lacking == (Lacking("foreign-count", "xiping"), Lacking("reserve", "suiping"))
    assert _part(result, "1-10-count", "suiping").state is State.LACKING
    assert _part(result, "1-1-reserve", "xiping").state is State.COMPUTED


def test_a_changed_decision_is_another_version_and_the_old_one_replays() -> None:
    first = decisions_of(SCHEME)
    old = Rules(SCHEME, first)
    changed = replace(next(one for one in first if one.question == "ties"), option="dense", version=2)
    new = Rules(SCHEME, (*first, changed))
    assert new.version != old.version
    assert compute_month(old, _month()) == compute_month(Rules(SCHEME, tuple(reversed(first))), _month())
    assert [one.option for one in compute_month(new, _month()).notes if one.question == "ties"] == ["dense"]
    other = replace(SCHEME, title="另一个办法")
    assert Rules(other, first).version != old.version


def test_the_order_of_inputs_changes_nothing() -> None:
    inputs = _AUGUST.inputs
    turned = replace(
        inputs,
        figures=dict(reversed(list(inputs.figures.items()))),
        occurrences=inputs.occurrences[::-1],
        checks=inputs.checks[::-1],
    )
    rules = Rules(SCHEME, _AUGUST.decisions)
    assert inputs_digest(turned) == inputs_digest(inputs)
    assert compute_month(rules, turned) == compute_month(rules, inputs)
    more = replace(inputs, common={**inputs.common, "provincial-schedule": Decimal("0.01")})
    assert inputs_digest(more) != inputs_digest(inputs)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"question": "moon"}, "没有这个疑义"),
        ({"option": "third"}, "没有这个选项"),
        ({"decider": " "}, "没有写决定人"),
        ({"reason": ""}, "没有写理由"),
        ({"version": 0}, "版次"),
        ({"number": Decimal(1)}, "不要数值"),
        ({"weights": (("signed-count", Decimal(1)),)}, "不要权重"),
        ({"question": "falsity-size", "option": "fixed"}, "要填数值"),
        ({"question": "falsity-size", "option": "fixed", "number": Decimal("0.001")}, "最多两位小数"),
        ({"question": "combine-zone", "option": "weights", "weights": (("zone-growth", Decimal(1)),)}, "逐个指标"),
        (
            {
                "question": "combine-zone",
                "option": "weights",
                "weights": (("zone-growth", Decimal("0.5")), ("zone-invested-rate", Decimal("0.4"))),
            },
            "合计为1",
        ),
    ],
)
def test_a_decision_that_answers_nothing_is_refused(change: dict[str, object], fault: str) -> None:
    decision = Decision("ties", "skip", "主任会议", date(2022, 9, 1), "议定")
    with pytest.raises(InvalidDecision) as refused:
        Rules(SCHEME, (replace(decision, **change),))  # type: ignore[arg-type]
    assert fault in sentence(refused.value)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"figures": {("moon", "suiping"): Decimal(1)}}, UnknownInput, "数据项：“moon”"),
        ({"figures": {("reserve", "moon"): Decimal(1)}}, UnknownInput, "考评对象：“moon”"),
        ({"figures": {("reserve", "suiping"): Decimal(-1)}}, ImpossibleInput, "-1"),
        ({"figures": {("reserve", "suiping"): Decimal("NaN")}}, ImpossibleInput, "NaN"),
        ({"common": {"reserve": Decimal(1)}}, UnknownInput, "reserve"),
        ({"occurrences": (Occurrence("suiping", "falsity", "甲", ("2-4",)),)}, UnknownInput, "falsity 2-4"),
        ({"occurrences": (Occurrence("suiping", "falsity", "甲", ()),)}, UnknownInput, "甲"),
        ({"occurrences": (Occurrence("suiping", "falsity", "甲", ("4-1",), Decimal(-1)),)}, ImpossibleInput, "甲"),
        ({"checks": (Check("suiping", "site", "甲", ("1-14",), Decimal(-1), Decimal(1)),)}, ImpossibleInput, "甲"),
        ({"month": Month(2022, 13)}, UnknownInput, "2022-13"),
    ],
)
def test_inputs_that_do_not_belong_to_the_scheme_are_refused(
    change: dict[str, object], error: type[Exception], words: str
) -> None:
    with pytest.raises(error) as refused:
        compute_month(Rules(SCHEME), replace(Inputs(Month(2022, 8)), **change))  # type: ignore[arg-type]
    assert not isinstance(refused.value, Faults)
    assert words in sentence(refused.value)  # type: ignore[arg-type]


def test_one_project_has_one_set_of_numbers() -> None:
    one = Check("suiping", "site", "甲", ("1-14",), Decimal(2), Decimal(1))
    inputs = Inputs(Month(2022, 8), checks=(one, replace(one, items=("2-5",), found=Decimal(2))))
    rules = Rules(SCHEME, decisions_of(SCHEME))
    lacking = compute_month(rules, inputs).lacking
    assert [one for one in lacking if one.reference] == [Lacking("site", "suiping", "甲")], "and nothing is raised"
    assert not any(one.reference for one in compute_month(rules, replace(inputs, checks=(one, one))).lacking)


def test_the_working_says_why() -> None:
    inputs = _month(
        9, provincial_planned={"suiping": "300"}, provincial_invested={"suiping": "200"}, reserve={"suiping": "2"}
    )
    inputs = replace(inputs, occurrences=(Occurrence("suiping", "late_start", "某厂", ("2-2",)),))
    result = compute_month(Rules(SCHEME, decisions_of(SCHEME)), inputs)
    assert _words(result, "1-1-reserve", "suiping") == "目标3个，完成2个，少1个，得3分"
    assert _words(result, "2-1-gap", "suiping") == (
        "累计完成投资占年度计划投资的比例：200÷300＝约66.6667%；时序进度75%；"
        "与时序进度相差约8.3333个百分点，满1个百分点的计8个，每个扣0.3分：12－0.3×8＝9.6分"
    )
    assert _words(result, "2-2-late", "suiping") == "应开未开：某厂，不在计扣的月份，不计"
    told = [note_words(SCHEME, one) for one in result.notes]
    assert told[0] == "名次并列：并列占位，后面的名次顺延（1、1、3）（市重大项目办主任会议2022年9月1日决定：会议议定）"


def test_every_step_of_random_months_has_words() -> None:
    for number in (8, 9):
        month = random_month(Random(number), number=number)
        result = compute_month(Rules(SCHEME, month.decisions), month.inputs)
        for one in result.objects:
            for annex in one.annexes:
                for item in annex.items:
                    lines = [working_words(SCHEME, part.working) for part in item.parts]
                    assert all(lines[at] or not part.working for at, part in enumerate(item.parts))


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(2, 3), 2, "0.67"),
        (Fraction(5, 2), 0, "3"),
    ],
)
def test_rounding_is_half_up_away_from_zero(value: Fraction, places: int, expected: str) -> None:
    assert rounded(value, places) == Decimal(expected)


@pytest.fixture
def small(tmp_path: Path) -> Scheme:
    (tmp_path / "scheme.toml").write_text(SMALL_SCHEME, encoding="utf-8")
    (tmp_path / "text.txt").write_text(SMALL_TEXT, encoding="utf-8")
    return load_scheme(tmp_path / "scheme.toml", text=tmp_path / "text.txt")


def test_another_scheme_is_only_data(small: Scheme) -> None:
    figures = {
        ("projects", "yc"): Decimal(3),
        ("projects", "sp"): Decimal(2),
        ("started", "yc"): Decimal(3),
        ("started", "sp"): Decimal(3),
        ("planned", "yc"): Decimal(4),
        ("planned", "sp"): Decimal(4),
    }
    happened = (Occurrence("yc", "meeting", "推进会", ("1-2",)), Occurrence("sp", "criticism", "批评", ("1-2",)))
    inputs = Inputs(Month(2022, 9), figures, occurrences=happened, checks=())
    assert compute_month(Rules(small), inputs).asked == ("ties", "over-full", "issuer")
    chosen = [
        Decision(code, option, "张主任", date(2022, 10, 8), "会议研究")
        for code, option in (("ties", "skip"), ("over-full", "allowed"))
    ]
    result = compute_month(Rules(small, tuple(chosen)), inputs)
    assert result.asked == ("issuer",)
    assert [(one.object, one.total, one.rank) for one in result.objects] == [
        ("yc", Decimal(10), 1),
        ("sp", Decimal(6), 2),
    ]
