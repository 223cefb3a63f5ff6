"""What an editor may make of a circular's sentences: other words around the figures, and no other assertion."""

import random
from dataclasses import replace

import pytest

from tests.support.circulars import city_facts
from tests.support.office import CALENDAR
from tracker.domain.circulars.content import Content, Scope, UnknownToken, tokens
from tracker.domain.circulars.figures import compute
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.sentences import DigitTyped, FigureMoved, UnitTyped, check_sentence
from tracker.paper.circulars import word
from tracker.paper.letterheads import letterhead

_UNITS = ("市财政局", "市商务局", "平舆县")


@pytest.fixture(scope="module")
def content() -> Content:
    return compute(
        CircularType.SUPERVISION, city_facts(random.Random(3), forms=120, units=9), scope=Scope(), calendar=CALENDAR
    )


@pytest.fixture(scope="module")
def before(content: Content) -> list[str]:
    return [words for _level, words in word(content, letterhead(content.type)).statements]


def _with(before: list[str], token: str) -> str:
    return next(words for words in before if token in tokens(words))


def test_what_the_template_says_may_stay_and_other_words_may_stand_beside_it(
    content: Content, before: list[str]
) -> None:
    for words in before:
        check_sentence(words, content=content, before=before, units=_UNITS)
        if tokens(words):
            check_sentence(f"经核对，{words}请认真对照检查。", content=content, before=before, units=_UNITS)


@pytest.mark.parametrize(("one", "other"), [("on_time", "late"), ("behind", "on_schedule"), ("owed", "under_review")])
def test_two_figures_that_change_places_are_refused(content: Content, before: list[str], one: str, other: str) -> None:
    words = _with(before, one)
    assert other in tokens(words)
    swapped = words.replace(f"{{{one}}}", "{}").replace(f"{{{other}}}", f"{{{one}}}").replace("{}", f"{{{other}}}")
    with pytest.raises(FigureMoved) as refused:
        check_sentence(swapped, content=content, before=before)
    assert refused.value.facts["meaning"] in {content.figures[one].meaning, content.figures[other].meaning}


def test_a_list_stands_only_behind_the_words_that_say_what_its_units_did(content: Content, before: list[str]) -> None:
    assert "behind_list" in tokens(_with(before, "behind_list"))
    for words in (
        "{behind_list}工作成效明显，予以表扬。",
        "存在弄虚作假的单位有：{behind_list}。",
        "表现突出，{return_reasons}。",
        "未签收的有{late_list}。",
    ):
        with pytest.raises(FigureMoved):
            check_sentence(words, content=content, before=before)


def test_what_turns_an_assertion_round_is_refused(content: Content, before: list[str]) -> None:
    words = _with(before, "on_time")
    assert "按时{on_time}期" in words
    with pytest.raises(FigureMoved):
        check_sentence(words.replace("按时{on_time}期", "未按时{on_time}期"), content=content, before=before)
    check_sentence(words.replace("按时{on_time}期", "按时报送{on_time}期"), content=content, before=before)


@pytest.mark.parametrize(
    "words",
    [
        "逾期报送由{previous_overdue}份变为{overdue}份。",
        "督查室对{since}至{until}的办理情况进行了督查。",
        "以下{behind_count}个单位{blamed}份：{behind_list}。",
    ],
)
def test_two_figures_of_one_clause_keep_their_places(content: Content, words: str) -> None:
    known = {key: replace(content.figures["until"], key=key) for key in tokens(words)}
    made = replace(content, figures={**content.figures, **known})
    check_sentence(f"经核对，{words}", content=made, before=[words])
    one, other = tokens(words)[:2]
    swapped = words.replace(f"{{{one}}}", "{}").replace(f"{{{other}}}", f"{{{one}}}").replace("{}", f"{{{other}}}")
    with pytest.raises(FigureMoved):
        check_sentence(swapped, content=made, before=[words])


@pytest.mark.parametrize(
    "number",
    [
        *("12", "１２", "⑫", "Ⅻ", "㈢", "九十个单位", "三十余项", "两家", "百分之三十", "百分之九十五点五", "二十九期"),
        *("十五所学校", "三处", "十余万吨", "五十", "壹拾项", "廿项", "三分之一", "过半", "翻一番", "二十大项工程"),
    ],
)
def test_a_number_in_whatever_script_comes_from_a_figure(content: Content, before: list[str], number: str) -> None:
    with pytest.raises(DigitTyped):
        check_sentence(f"另有{number}没有落实。", content=content, before=before)


@pytest.mark.parametrize(
    "words",
    [
        "要进一步压实责任，一是加强领导，二是统一思想。",
        "各单位要一抓到底、万无一失。",
        "要对照“十四五”规划和党的二十大精神，千万不能松劲，一一对应，一批一批推进。",
    ],
)
def test_words_that_count_nothing_are_no_numbers(content: Content, before: list[str], words: str) -> None:
    check_sentence(words, content=content, before=before)


def test_a_unit_is_named_by_figures_alone(content: Content, before: list[str]) -> None:
    for words in ("市财政局弄虚作假，予以通报批评。", "市商务局、平舆县成绩突出。"):
        with pytest.raises(UnitTyped):
            check_sentence(words, content=content, before=before, units=_UNITS)
    check_sentence("市财政局要配合。", content=content, before=["由市财政局安排。"], units=_UNITS)


def test_a_figure_that_nobody_computed_is_refused(content: Content) -> None:
    with pytest.raises(UnknownToken):
        check_sentence("共{nobody}项。", content=content, before=[])
