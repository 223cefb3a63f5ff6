"""Typed words that praise or criticise a unit by name are found, however they are put; others are let through."""

import sys
from collections.abc import Mapping, Sequence
from types import FrameType
from typing import Any

import pytest

from tracker.domain.circulars.named_by_hand import NamedByHand, Said, check_heard, said_by_name
from tracker.domain.circulars.proposals import NamingAct

_UNITS: dict[str, int | None] = {"驻马店市商务局": 1, "市商务局": 1, "市商务委": 1, "市教育局": 2, "驻马店市教育局": 2}
_UNITS |= {"西平县": 3, "西平县人民政府": 3, "市表彰奖励办公室": 4}
_ABOVE: dict[str, int | None] = {"市政府": None, "省教育局": None}


def _found(*texts: str, heard: dict[NamingAct, set[int]] | None = None) -> tuple[str, str] | None:
    """Return whom texts praise or criticise, and where; None where they are let through."""
    told = [Said(f"第{n}段", words, words) for n, words in enumerate(texts, start=1)]
    try:
        check_heard(said_by_name(told, units=_UNITS | _ABOVE), heard=heard or {})
    except NamedByHand as refused:
        return str(refused.facts["unit"]), str(refused.facts["where"])
    return None


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("市商务局领导不重视、推进不力，予以通报批评。", "市商务局"),
        ("市教育局工作成效突出，予以表扬。", "市教育局"),
        ("对驻马店市商务局提出批评。", "驻马店市商务局"),
        ("点名批评市商务委。", "市商务委"),
        ("商务局推进不力，予以批评。", "商务局"),
        ("市 商务局推进不力，予以通报批 评。", "市商务局"),
        ("市政府对西平县予以通报表扬。", "西平县"),
        ("会议要求“对市商务局予以通报批评”。", "市商务局"),
        ("市商务局推进不力。予以通报批评。", "市商务局"),
        ("市商务局推进不力。对该单位予以通报批评。", "市商务局"),
        ("市商务局推进不力；对其提出批评。", "市商务局"),
        ("对以下单位予以通报批评。市商务局，市教育局。", "市商务局"),
        ("不得不予以批评的有市商务局。", "市商务局"),
        ("《关于对市商务局通报批评的决定》已经印发。", "市商务局"),
        ("市表彰奖励办公室、市商务局受到嘉奖。", "市表彰奖励办公室"),
        ("西平县人民政府被谴责。", "西平县人民政府"),
        ("对市商务局提出批评意见。", "市商务局"),
        ("对市商务局提出批评建议。", "市商务局"),
        ("在全市范围内给予市商务局批评意见。", "市商务局"),
        ("市商务局推进不力。在全市范围内给予批评意见。", "市商务局"),
        ("市商务局办理事项不力提出批评意见。", "市商务局"),
        ("市商务局收到市政府批评意见。", "市商务局"),
        ("听取对市商务局的批评意见。", "市商务局"),
        ("对市商务局的批评意见，限期办理。", "市商务局"),
        ("对市商务局提出建议、批评和意见。", "市商务局"),
        ("市商务局收到批评意见后仍不改正，予以批评。", "市商务局"),
        ("责令市商务局作自我批评。", "市商务局"),
        ("要求市商务局开展批评与自我批评。", "市商务局"),
        ("对市商务局开展批评与自我批评。", "市商务局"),
        ("市教育局获评选表彰。", "市教育局"),
        ("市教育局被评选表彰为先进单位。", "市教育局"),
        ("为市教育局召开表彰大会。", "市教育局"),
        ("对市教育局按表彰奖励办法奖励。", "市教育局"),
        ("向市教育局发《表扬信》。", "市教育局"),
        ("给予市商务局《通报批评》。", "市商务局"),
        ("对市商务局不可不予以批评。", "市商务局"),
        ("对市商务局并非不予批评。", "市商务局"),
        ("市商务局虚报数据、弄虚作假。", "市商务局"),
        ("市商务局报送的数据与台账不符。该单位存在瞒报。", "市商务局"),
        ("并非未发现市商务局数据造假。", "市商务局"),
    ],
)
def test_who_is_praised_or_criticised_by_name_is_found(words: str, unit: str) -> None:
    assert _found(words) == (unit, "第1段")


@pytest.mark.parametrize(
    "words",
    [
        "市商务局牵头的事项未达序时，逾期反馈2份。",
        "本月未点名批评任何单位。",
        "市商务局3项事项已办结。本月未点名批评任何单位。",
        "市商务局已补报，不再通报批评。",
        "对推进不力的单位予以通报批评。",
        "市商务局已办结。对逾期不报的单位予以通报批评。",
        "市政府对各县区予以通报表扬。",
        "市表彰奖励办公室牵头的事项达序时。",
        "市商务局按照《关于表彰先进集体的通知》办理。",
        "市教育局组织评选表彰，参加表彰大会。",
        "市商务局收到人大代表批评意见3件。",
        "市商务局征求社会各界批评建议。",
        "市商务局听取群众批评意见，采纳批评建议2条。",
        "市商务局征求对市教育局的批评意见。",
        "市商务局办理人大代表建议、批评和意见12件。",
        "市商务局收到代表提出的批评意见3件。",
        "市商务局人大代表批评意见均已办结。",
        "市商务局开展批评与自我批评。",
        "市商务局作自我批评。",
        "市教育局制定表彰奖励办法。",
        "市教育局作为市政府承办单位筹备表彰大会。",
        "省教育局予以表扬。",
        "市商务局要如实报送，严禁弄虚作假。",
        "市商务局做到不虚报、不瞒报，未发现数据造假。",
        "市商务局要逐项核对。如有虚报、瞒报，依规处理。",
        "市商务局要逐项核对。对弄虚作假的单位严肃追责。",
    ],
)
def test_what_names_nobody_or_judges_nobody_is_let_through(words: str) -> None:
    assert _found(words) is None


def test_whom_another_paragraph_names_is_found_where_a_sentence_points_to_it() -> None:
    assert _found("逾期未报的有市商务局。", "对上述单位予以通报批评。") == ("市商务局", "第2段")
    assert _found("对下列单位予以表扬。", "市教育局。") == ("市教育局", "第1段")
    assert _found("逾期未报的有市商务局。", "对逾期不报的单位予以通报批评。") is None


def test_who_was_heard_on_it_may_be_named_and_nobody_else() -> None:
    words = "对市商务局和市教育局予以通报批评。"
    assert _found(words, heard={NamingAct.BLAME: {1, 2}}) is None
    assert _found(words, heard={NamingAct.BLAME: {1}, NamingAct.PRAISE: {2}}) == ("市教育局", "第1段")


def test_words_that_nobody_typed_judge_nobody() -> None:
    told = Said("第1段", "市商务局牵头的“表彰先进企业”未达序时。", "未达序时。")
    assert said_by_name([told], units=_UNITS | _ABOVE) == []


def test_each_unit_is_told_once_for_each_act_where_it_is_judged_first() -> None:
    texts = [
        "市商务局逾期。予以批评。市教育局逾期。予以批评。对上述单位予以通报批评。对上述单位予以表扬。",
        "西平县予以表扬。",
    ]
    told = [Said(f"第{n}段", words, words) for n, words in enumerate(texts, start=1)]
    found = [(one.where, one.unit, one.act.value) for one in said_by_name(told, units=_UNITS | _ABOVE)]
    assert found == [
        ("第1段", "市商务局", "blame"),
        ("第1段", "市教育局", "blame"),
        ("第1段", "市商务局", "praise"),
        ("第1段", "市教育局", "praise"),
        ("第2段", "西平县", "praise"),
    ]


def test_a_text_that_stands_apart_is_read_and_nothing_points_to_it() -> None:
    told = [Said("第1段", "推进不力。予以通报批评。", "推进不力。予以通报批评。")]
    addressees = Said("主送", "市商务局", "市商务局", apart=True)
    assert said_by_name([*told, addressees], units=_UNITS) == said_by_name([addressees, *told], units=_UNITS) == []
    blamed = Said("主送", "市商务局（予以通报批评）", "市商务局（予以通报批评）", apart=True)
    assert [one.where for one in said_by_name([*told, blamed], units=_UNITS)] == ["主送"]


# Texts that make a sentence mean what stands before it, behind it, beside it, or nothing.
_LONG = {
    "nobody named": "批评。",
    "one named, then all point back": "批评该。",
    "all point ahead": "对以下单位批评。",
    "each names": "市商务局批评。",
    "named and pointed back": "市商务局。对其批评。",
    "denied": "不予批评。",
    "collected": "收到批评意见。",
    "one sentence": "收到代表和委员提出的市商务局批评",
    "titles": "《表扬信》",
    "beginnings of names": "驻马店市驻马店批评",
}


def _work(told: Sequence[Said], units: Mapping[str, int | None]) -> int:
    """Return how many steps the program makes, whatever the machine: those of its byte code."""
    steps = 0

    def trace(frame: FrameType, event: str, _arg: object) -> Any:  # Any: a tracer returns itself
        nonlocal steps
        frame.f_trace_opcodes = True
        steps += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        said_by_name(told, units=units)
    finally:
        sys.settrace(before)
    return steps


@pytest.mark.parametrize("kind", sorted(_LONG))
@pytest.mark.parametrize("parts", [1, 3])
def test_the_work_grows_with_the_text_and_no_faster(kind: str, parts: int) -> None:
    """Twice the text is little more than twice the work; what is told anew for each sentence would be four times."""

    def said(times: int) -> list[Said]:
        words = "市商务局、市教育局。" + _LONG[kind] * times + "西平县。"
        return [Said(f"第{n}段", words, words) for n in range(parts)]

    units = _UNITS | {f"市第{n}局": n for n in range(10, 250)}
    none = _work([], units)
    once, twice = (_work(said(times), units) - none for times in (60, 120))
    assert twice < 2.5 * once, kind
    assert len(said_by_name(said(20_000 // len(_LONG[kind])), units=units)) <= len(set(units.values())) * 2
