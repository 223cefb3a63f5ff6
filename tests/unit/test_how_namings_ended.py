"""A unit reads of what was served on it how it stands by the edition that is valid now."""

import pytest

from tracker.wording.namings import outcome_words

_Edition = tuple[str | None, str, bool]


@pytest.mark.parametrize(
    ("editions", "said"),
    [
        ([("1号", "issued", True)], "已在1号中通报。"),
        ([("1号", "issued", False)], "通报已以1号印发，没有写入这项内容。"),
        ([("1号", "withdrawn", True)], "已在1号中通报，该通报已撤回；以后的通报再拟写的，另行送核。"),
        (
            [("1号", "corrected", True), ("2号", "issued", False)],
            "已在1号中通报，2号更正时已删去这项内容，不再据此通报。",
        ),
        (
            [("1号", "corrected", True), ("2号", "issued", True)],
            "已在1号中通报，其后由2号更正，更正件仍写有这项内容。",
        ),
        (
            [("1号", "corrected", True), ("2号", "corrected", True), ("3号", "withdrawn", True)],
            "已在1号中通报，其后由3号更正，更正件仍写有这项内容，3号已撤回；以后的通报再拟写的，另行送核。",
        ),
        (
            [("1号", "corrected", True), ("2号", "corrected", False), ("3号", "withdrawn", False)],
            "已在1号中通报，2号更正时已删去这项内容，不再据此通报。",
        ),
        ([("1号", "corrected", False), ("2号", "issued", True)], "已在2号中通报。"),
        ([(None, "draft", True)], ""),
    ],
)
def test_how_it_ended_is_told_by_the_last_edition(editions: list[_Edition], said: str) -> None:
    assert outcome_words(editions, left_out=False) == said
