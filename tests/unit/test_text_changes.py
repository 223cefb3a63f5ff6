"""What changed between two reports: days and numbers as a whole, and how much of the words is the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.domain.text_changes import Change, text_changes

_BEFORE = "落实专人跟踪服务，截至6月30日实际到位省外资金13.9亿元。"
_NOW = "落实专人跟踪服务，截至9月30日实际到位省外资金20.6亿元。"


def test_days_and_numbers_change_as_a_whole_and_nothing_else_was_written_anew() -> None:
    found = text_changes(_BEFORE, _NOW)
    assert [(piece.change.value, piece.text) for piece in found.pieces] == [
        ("kept", "落实专人跟踪服务，截至"),
        ("taken", "6月30日"),
        ("added", "9月30日"),
        ("kept", "实际到位省外资金"),
        ("taken", "13.9亿元"),
        ("added", "20.6亿元"),
        ("kept", "。"),
    ]
    assert (found.same, found.nearly, found.only_numbers) == (False, True, True)


@pytest.mark.parametrize(
    ("before", "now", "same", "nearly"),
    [
        (_NOW, f" {_NOW}\n", True, False),
        ("", "", True, False),
        ("", "9月28日印发通报1期。", False, False),
        ("无变化", "9月28日印发通报1期。", False, False),
        (_BEFORE * 3, _BEFORE * 3 + "另报。", False, True),
        (_BEFORE * 100, _NOW * 100, False, True),  # longer than what is compared by single words
        ("召开推进会。", "召开推进会，签约3个项目，完成投资。", False, False),
    ],
)
def test_how_much_is_the_same(before: str, now: str, same: bool, nearly: bool) -> None:
    found = text_changes(before, now)
    assert (found.same, found.nearly) == (same, nearly), found


def test_what_was_written_anew_is_read_as_a_whole() -> None:
    before = "2022年9月27日核对进度，本项确定的2个具体任务已完成1个。下一步，按月调度，逐项销号。"
    now = "10月受理信用修复申请5件，均在1个工作日内完成初审。"
    told = [(piece.change, piece.text) for piece in text_changes(before, now).pieces]
    assert told == [(Change.TAKEN, before), (Change.ADDED, now)]


_TEXT = st.text(alphabet="推进会签约，。12月日 \n", max_size=40)


@given(before=_TEXT, now=_TEXT)
def test_both_texts_can_be_read_from_what_is_shown(before: str, now: str) -> None:
    pieces = text_changes(before, now).pieces
    told = "".join(piece.text for piece in pieces if piece.change is not Change.TAKEN)
    taken = "".join(piece.text for piece in pieces if piece.change is not Change.ADDED)
    assert told == now.strip()
    assert "".join(taken.split()) == "".join(before.split())
