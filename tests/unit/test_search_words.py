"""How words are written alike, cut, and marked where they stand."""

import pytest

from tracker.domain.searching import (
    BETWEEN,
    Part,
    SearchKind,
    SearchTooLong,
    SearchTooShort,
    excerpt,
    folded,
    grams_of,
    marked,
    words_of,
)


@pytest.mark.parametrize(
    ("written", "alike"),
    [
        ("三（七）28", "三(七)28"),
        ("驻政〔2022〕 52号", "驻政[2022]52号"),
        ("ＡＢＣ１２", "abc12"),
        ("残疾\n预防", "残疾预防"),
        ("《条例》", "（条例）"),
    ],
)
def test_what_people_write_one_way_or_another_is_one(written: str, alike: str) -> None:
    assert folded(written) == folded(alike)


def test_a_question_is_cut_at_white_space_of_any_kind() -> None:
    assert words_of(" 残疾　筛查\t筛查 ") == ("残疾", "筛查")
    assert words_of("") == words_of(" \x00\x1f ") == ()
    assert words_of("招 通报") == ("招", "通报")


@pytest.mark.parametrize("question", ["招", "a", "招 商", "１"])
def test_a_question_without_two_characters_together_is_refused(question: str) -> None:
    with pytest.raises(SearchTooShort):
        words_of(question)


@pytest.mark.parametrize("question", ["招商" * 51, " ".join(f"词{n}" for n in range(9)), "ﷺ" * 101])
def test_a_question_that_is_too_long_is_refused(question: str) -> None:
    with pytest.raises(SearchTooLong):
        words_of(question)


def test_pairs_say_their_kind_and_do_not_go_over_the_edge_of_a_field() -> None:
    assert len(grams_of("招商引资", SearchKind.TASK)) == 3
    assert not grams_of("招商", SearchKind.TASK) & grams_of("招商", SearchKind.REPORT)
    assert grams_of(f"招商{BETWEEN}引资", SearchKind.TASK) == grams_of("招商", SearchKind.TASK) | grams_of(
        "引资", SearchKind.TASK
    )
    assert max(grams_of("\U0010ffff\U0010ffff", SearchKind.CIRCULAR)) < 2**63


def test_words_are_marked_as_they_were_written() -> None:
    assert marked("落实（七） 项", ("(七)项",)) == (Part("落实"), Part("（七） 项", hit=True))
    assert marked("工作工作", ("工作",)) == (Part("工作工作", hit=True),)
    assert marked("推进会", ("工作",)) == (Part("推进会"),)
    assert marked("", ("工作",)) == ()


def test_an_excerpt_shows_the_first_word_and_says_where_it_is_cut() -> None:
    parts = excerpt("前" * 200 + "招商" + "后" * 200, ("招商",), length=60)
    assert Part("招商", hit=True) in parts
    assert (parts[0], parts[-1]) == (Part("…"), Part("…"))
    assert sum(len(part.text) for part in parts) == 62
