"""A hand-over sheet counts the items of a form, of which several may have one number in the document."""

import pytest

from tracker.wording.open_work import clauses


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([], ""),
        (["二"], "二"),
        (["二", "二", "三（一）1"], "二、三（一）1，共3项"),
        (["一", "二", "三", "四", "五", "六"], "一、二、三、四、五、六"),
        (["一", "二", "三", "四", "五", "六", "七", "七"], "一、二、三、四、五、六等8项"),
    ],
)
def test_every_item_counts_and_each_number_is_named_once(labels: list[str], words: str) -> None:
    assert clauses(labels) == words
