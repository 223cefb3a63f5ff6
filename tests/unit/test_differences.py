"""What a correction says otherwise than the paper whose place it takes."""

from tracker.domain.circulars.content import Table
from tracker.domain.circulars.differences import Difference, Words, comparison, differences
from tracker.paper.annex_columns import uncounted_rows

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
    old = Words((), (), (("逾期事项", (("甲", "1"), ("乙", "2"))), ("迟报", (("丙",),))))
    now = Words((), (), (("逾期事项", (("甲", "1"), ("乙", "3"))), ("未签收", (("丁",),))))
    assert differences(old, now) == (
        Difference("逾期事项", "乙，2", "乙，3"),
        Difference("未签收", "", "丁"),
        Difference("迟报", "丙", ""),
    )


def test_a_part_that_only_one_of_them_has_is_told() -> None:
    assert differences(Words((), ()), Words((("紧急程度", "特急"),), ())) == (Difference("紧急程度", "", "特急"),)


def _annex(*rows: tuple[str, ...]) -> Words:
    return Words((), (), (("附件", rows),))


def test_a_row_that_stands_elsewhere_is_compared_with_itself() -> None:
    """A body that falls from the first place moves all others: what differs are places, not who stands where."""
    old = _annex(("1", "甲县", "9.5"), ("2", "乙县", "9"), ("3", "丙县", "8"))
    now = _annex(("1", "乙县", "9"), ("2", "甲县", "8.5"), ("3", "丙县", "8"))
    assert differences(old, now) == (
        Difference("附件", "2，乙县，9", "1，乙县，9"),
        Difference("附件", "1，甲县，9.5", "2，甲县，8.5"),
    )


def test_a_row_is_known_by_as_many_cells_as_tell_all_apart() -> None:
    old = _annex(("甲县", "开工", "2个", "3"), ("甲县", "投产", "1个", "2"), ("乙县", "开工", "2个", "3"))
    now = _annex(("乙县", "开工", "2个", "3"), ("甲县", "开工", "5个", "4"), ("丙县", "开工", "1个", "1"))
    assert differences(old, now) == (
        Difference("附件", "甲县，开工，2个，3", "甲县，开工，5个，4"),
        Difference("附件", "", "丙县，开工，1个，1"),
        Difference("附件", "甲县，投产，1个，2", ""),
    )


def test_rows_that_nothing_tells_apart_are_counted() -> None:
    twice = _annex(("甲县", "通报"), ("甲县", "通报"))
    assert differences(twice, _annex(("甲县", "通报"))) == (Difference("附件", "甲县，通报", ""),)
    assert differences(twice, twice) == ()


def test_the_number_that_counts_a_row_is_not_compared_and_the_place_of_a_body_is() -> None:
    decided = Table("decided", "决定", (("1", "并列", "并列排名", "市政府", "没有规定"),))
    assert uncounted_rows(decided) == (("并列", "并列排名", "市政府", "没有规定"),)
    ranked = Table("ranked", "排名", (("1", "甲县", "9"),), (), ("名次", "考评对象", "总分"))
    assert uncounted_rows(ranked) == ranked.rows


def test_a_comparison_on_paper_leaves_out_what_both_paragraphs_say() -> None:
    before = "总体平稳。逾期3份；未签收2项。请抓紧办理。"
    changed = (
        Difference("标题", "甲。乙", "甲。丙"),
        Difference(2, before, "总体平稳。逾期4份；未签收2项。请抓紧办理。"),
        Difference(3, before, "逾期3份；未签收2项。请抓紧办理。立即。"),
        Difference(4, before, "总体平稳。逾期3份；未签收2项。"),
        Difference(5, "甲。", "甲。甲。"),
        Difference(6, "", "新段。"),
        Difference(7, "旧段。", ""),
    )
    assert comparison(changed).rows == (
        ("1", "标题", "甲。乙", "甲。丙"),
        ("2", "第2段", "……逾期3份；……", "……逾期4份；……"),
        ("3", "第3段", before, "逾期3份；未签收2项。请抓紧办理。立即。"),
        ("4", "第4段", "……请抓紧办理。", "（删去）"),
        ("5", "第5段", "（没有）", "……甲。"),
        ("6", "第6段", "（没有）", "新段。"),
        ("7", "原第7段", "旧段。", "（删去）"),
    )
