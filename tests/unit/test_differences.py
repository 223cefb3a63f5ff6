"""What a correction says otherwise than the paper whose place it takes."""

from tracker.domain.circulars.differences import Difference, Words, differences

_OLD = Words((("标题", "甲"), ("抄送", "")), ("一", "二", "三"))


def test_nothing_differs_from_itself() -> None:
    assert differences(_OLD, _OLD) == ()


def test_changed_added_and_left_out_are_told_where_they_stand() -> None:
    now = Words((("标题", "乙"), ("抄送", "")), ("零", "一", "二改"))
    assert differences(_OLD, now) == (
        Difference("标题", "甲", "乙"),
        Difference(1, "", "零"),
        Difference(3, "二", "二改"),
        Difference(3, "三", ""),
    )


def test_a_row_of_an_annex_is_told_by_its_title() -> None:
    old = Words((), (), (("逾期事项", ("甲，1", "乙，2")), ("迟报", ("丙",))))
    now = Words((), (), (("逾期事项", ("甲，1", "乙，3")), ("未签收", ("丁",))))
    assert differences(old, now) == (
        Difference("逾期事项", "乙，2", "乙，3"),
        Difference("未签收", "", "丁"),
        Difference("迟报", "丙", ""),
    )


def test_a_part_that_only_one_of_them_has_is_told() -> None:
    assert differences(Words((), ()), Words((("紧急程度", "特急"),), ())) == (Difference("紧急程度", "", "特急"),)
