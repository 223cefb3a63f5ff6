"""Paragraphs of a circular: kept and read back, moved, and written by hand on items that are cited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.circulars.paragraphs import (
    CitedUnknown,
    FigureByHand,
    NamingOutOfChapter,
    NothingCited,
    Paragraph,
    PlaceUnknown,
    check_by_hand,
    in_their_places,
    left_out,
    paragraphs,
    restored,
)
from tracker.domain.errors import BadInput

_ITEM = "驻政办〔2022〕48号三（一）1"
_TOLD = [Paragraph(1, "一"), Paragraph(0, "甲"), Paragraph(0, "乙"), Paragraph(0, "丙", (_ITEM,))]


def test_what_is_kept_is_read_back() -> None:
    kept = [one.kept() for one in _TOLD]
    assert kept[:2] == [[1, "一"], [0, "甲"]]
    assert paragraphs(kept) == _TOLD
    assert [one.by_hand for one in paragraphs(kept)] == [False, False, False, True]


@pytest.mark.parametrize(
    ("places", "after", "words"),
    [
        ([], None, "一甲乙丙新"),
        ([], 1, "一新甲乙丙"),
        (["1", "3", "2", "4"], 2, "一乙甲新丙"),
        (["1", "4", "2", "3"], None, "一乙丙甲新"),
        (["1", "4", "3", "4"], None, "一乙丙甲新"),
        (["1", "2", "3", "1"], 3, "丙一甲乙新"),
        (["1", "2", "3", "2"], 4, "一丙新甲乙"),
        (["2", "2", "3", "4"], None, "甲一乙丙新"),
        (["1", "1", "1", "1"], 99, "甲乙丙一新"),
    ],
)
def test_paragraphs_stand_where_they_were_put_and_a_new_one_after_the_one_that_was_meant(
    places: list[str], after: int | None, words: str
) -> None:
    told = in_their_places(_TOLD, places, added=Paragraph(0, "新", (_ITEM,)), after=after)
    assert "".join(one.words for one in told) == words


@given(st.integers(1, 10), st.integers(1, 10))
def test_a_paragraph_stands_at_the_number_that_was_typed_afterwards(moved: int, place: int) -> None:
    """Of ten paragraphs one is moved, up or down, and the others stay in their order."""
    told = [Paragraph(0, str(number)) for number in range(1, 11)]
    places = [str(place if number == moved else number) for number in range(1, 11)]
    stand = [one.words for one in in_their_places(told, places)]
    assert stand.index(str(moved)) == place - 1
    assert [words for words in stand if words != str(moved)] == [one.words for one in told if one.words != str(moved)]


def test_a_paragraph_that_is_cleared_takes_no_place() -> None:
    told = [Paragraph(0, words) for words in ("", "二", "三", "四")]
    assert [one.words for one in in_their_places(told, ["1", "2", "3", "2"])] == ["二", "四", "三"]
    added = in_their_places(told, [], added=Paragraph(0, "新", (_ITEM,)), after=1)
    assert [one.words for one in added] == ["新", "二", "三", "四"]


_TEMPLATE = [(1, "一"), (0, "甲"), (0, "乙"), (1, "二"), (0, "丙")]


@pytest.mark.parametrize(
    ("stand", "chosen", "words"),
    [
        ("一甲乙二丙", ["2"], "一甲乙二丙"),
        ("一乙二丙", ["2"], "一甲乙二丙"),
        ("二丙", ["1", "3", "2"], "一甲乙二丙"),
        ("丙二", ["5"], "丙二"),
        ("", ["4"], "二"),
        ("一手乙", ["5", "2"], "一甲手乙丙"),
    ],
)
def test_what_was_left_out_comes_back_where_the_template_has_it(stand: str, chosen: list[str], words: str) -> None:
    level = dict.fromkeys("一二", 1)
    told = [Paragraph(level.get(sign, 0), sign, (_ITEM,) if sign == "手" else ()) for sign in stand]
    assert "".join(one.words for one in restored(told, _TEMPLATE, chosen)) == words
    assert not {words for words in left_out(told, _TEMPLATE).values() if words in stand}


@pytest.mark.parametrize("number", ["0", "6", "-1", "甲", "1.0", ""])
def test_only_paragraphs_of_the_template_come_back(number: str) -> None:
    with pytest.raises(BadInput):
        restored(_TOLD, _TEMPLATE, [number])


@given(st.lists(st.integers(1, 99), min_size=4, max_size=4))
def test_no_paragraph_is_lost_wherever_it_is_put(places: list[int]) -> None:
    told = in_their_places(_TOLD, [str(place) for place in places])
    assert sorted(one.words for one in told) == sorted(one.words for one in _TOLD)


@pytest.mark.parametrize("place", ["0", "100", "-1", "一", "²", "1.5", "", "9" * 400])
def test_a_place_is_a_whole_number(place: str) -> None:
    with pytest.raises(PlaceUnknown):
        in_their_places(_TOLD, [place, "1", "2", "3"])


def test_whoever_writes_by_hand_cites_items_and_uses_no_figure() -> None:
    known = frozenset({_ITEM})
    assert check_by_hand("市财政局已拨付3000万元。", [_ITEM], known=known).by_hand
    with pytest.raises(NothingCited):
        check_by_hand("市财政局已拨付。", [], known=known)
    with pytest.raises(CitedUnknown):
        check_by_hand("市财政局已拨付。", [_ITEM, "驻政办〔2022〕48号九"], known=known)
    with pytest.raises(FigureByHand):
        check_by_hand("共{total}项。", [_ITEM], known=known)
    with pytest.raises(FigureByHand):
        check_by_hand("共｛total｝项。", [_ITEM], known=known)


def test_a_criticism_stands_in_a_chapter() -> None:
    naming = Paragraph(0, "{naming_a}，予以通报批评。")
    with pytest.raises(NamingOutOfChapter):
        in_their_places([Paragraph(1, "一"), naming], ["2", "1"])
    assert in_their_places([Paragraph(1, "一"), naming, Paragraph(0, "乙")], ["1", "3", "2"])[-1] == naming
    assert in_their_places([naming, Paragraph(0, "乙")], []) == [naming, Paragraph(0, "乙")]
