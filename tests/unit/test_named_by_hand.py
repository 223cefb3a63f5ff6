"""Typed words that praise or criticise a unit by name are found, however they are put; others are let through."""

import pytest

from tracker.domain.circulars.named_by_hand import NamedByHand, Said, check_by_name
from tracker.domain.circulars.proposals import NamingAct

_UNITS: dict[str, int | None] = {"驻马店市商务局": 1, "市商务局": 1, "市商务委": 1, "市教育局": 2, "驻马店市教育局": 2}
_UNITS |= {"西平县": 3, "西平县人民政府": 3, "市表彰奖励办公室": 4}
_ABOVE: dict[str, int | None] = {"市政府": None, "省教育局": None}


def _found(*texts: str, heard: dict[NamingAct, set[int]] | None = None) -> tuple[str, str] | None:
    """Return whom texts praise or criticise, and where; None where they are let through."""
    told = [Said(f"第{n}段", words, words) for n, words in enumerate(texts, start=1)]
    try:
        check_by_name(told, units=_UNITS | _ABOVE, heard=heard or {})
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
        "省教育局予以表扬。",
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
    check_by_name([told], units=_UNITS | _ABOVE, heard={})
