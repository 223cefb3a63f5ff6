"""Layout of a text: tables by their heads, forms, blocks of labels, furniture, characters, numbers at line begins."""

from collections.abc import Iterable

import pytest

from tracker.domain.items import ItemKind
from tracker.domain.readings.item import Item, PrintedGroup, PrintedUnit
from tracker.intake import read_documents
from tracker.intake.decimals import numbered
from tracker.intake.normalise import normalise

_HEAD = "启明市人民政府办公室\n关于印发启明市河湖清洁行动方案的通知\n启政办〔2023〕12号\n2023年3月1日\n"


def _items(body: str) -> tuple[Item, ...]:
    (reading,) = read_documents(_HEAD + body)
    return reading.items


def _printed(names: Iterable[PrintedUnit | PrintedGroup]) -> list[str]:
    return [name.printed for name in names]


def _day(item: Item) -> str | None:
    return str(item.deadline.on) if item.deadline else None


_COLUMNS = """附件
清洁行动任务分解表
序号\t工作任务\t牵头单位\t配合单位\t完成时限\t成果形式
1\t清理河道垃圾30公里\t市水利局\t市城管局、市财政局\t2023年6月底前\t工作总结
2\t公布河长名单\t市河长办\t各县区人民政府\t持续推进\t
"""


@pytest.mark.parametrize("gap", ["\t", "    ", "\u3000\u3000"])
def test_a_row_is_read_by_the_heads_of_its_columns(gap: str) -> None:
    first, second = _items(
        _COLUMNS.replace("\t", gap) if gap == "\t" else _COLUMNS.replace("\t", gap).replace(gap + "\n", "\n")
    )
    assert (_printed(first.leads), _printed(first.supports), _day(first)) == (
        ["市水利局"],
        ["市城管局", "市财政局"],
        "2023-06-30",
    )
    assert (first.title, first.kind) == ("清理河道垃圾30公里", ItemKind.ACTION)
    assert [(target.value, target.unit) for target in first.targets] == [(30.0, "公里")]
    assert [each.what for each in first.evidence] == ["工作总结"]
    assert (_printed(second.leads), _printed(second.groups)) == (["市河长办"], ["各县区人民政府"])


def test_columns_apart_by_one_blank_are_told_by_their_heads() -> None:
    body = (
        "序号 任务 责任单位 完成时限\n1 清理垃圾30公里 市水利局 6月底前\n"
        "2 修补堤坝 市应急局 持续推进\n二、要求\n加强领导。\n"
    )
    first, second = _items(body)
    assert (_printed(first.leads), _printed(second.leads)) == (["市水利局"], ["市应急局"])


def test_what_is_missing_in_a_row_of_plain_text_is_not_guessed() -> None:
    body = "序号 任务 牵头单位 配合单位 完成时限\n1 清理垃圾30公里 市水利局 2023年6月底前\n"
    (item,) = _items(body)
    assert item.leads == ()
    assert item.doubts


def test_a_row_keeps_its_place_and_what_a_person_sees_is_verbatim() -> None:
    (reading,) = read_documents(_HEAD + _COLUMNS)
    for item in reading.items:
        words = reading.text[slice(*item.span)]
        for printed in [*_printed(item.leads), *_printed(item.supports), *_printed(item.groups)]:
            assert printed in words
        for target in item.targets:
            assert target.quote in words


def test_heads_of_two_rows_are_one_and_a_repeated_head_is_left_out() -> None:
    head = "序号\t任务\t责任单位\t\x1a责任单位\t时限\n\x1a序号\t\x1a任务\t牵头\t配合\t\x1a时限\n"
    rows = "1\t清理垃圾\t市水利局\t市城管局\t6月底前\n", "2\t修补堤坝\t\x1a市水利局\t市财政局\t9月底前\n"
    first, second = _items(head + rows[0] + head + rows[1])
    assert (_printed(first.leads), _printed(first.supports)) == (["市水利局"], ["市城管局"])
    assert (_printed(second.leads), _printed(second.supports), _day(second)) == (
        ["市水利局"],
        ["市财政局"],
        "2023-09-30",
    )


def test_a_row_broken_between_pages_is_made_whole() -> None:
    body = (
        "序号\t任务\t责任单位\t时限\n1\t清理河道\t市水利局\t6月底前\n\t垃圾30公里\t\t\n2\t修补堤坝\t市应急局\t9月底前\n"
    )
    first, _ = _items(body)
    assert first.title == "清理河道垃圾30公里"
    assert _day(first) == "2023-06-30"


def test_a_section_inside_a_table_is_a_heading() -> None:
    section = "\t".join(["一、水面", *["\x1a一、水面"] * 3])
    body = f"附件\n序号\t任务\t责任单位\t时限\n{section}\n1\t清理垃圾\t市水利局\t6月底前\n"
    (item,) = _items(body)
    assert item.label.endswith("一1")


def test_rows_of_one_task_that_name_several_bodies_are_one_item() -> None:
    body = (
        "序号\t任务\t责任单位\t时限\n1\t清理垃圾\t市水利局\t6月底前\n"
        "\x1a1\t\x1a清理垃圾\t市城管局\t6月底前\n"
        "2\t修补堤坝\t市应急局\t9月底前\n"
    )
    first, second = _items(body)
    assert (_printed(first.leads), _printed(first.supports)) == (["市水利局"], ["市城管局"])
    assert second.title == "修补堤坝"


def test_a_table_of_problems_says_problem_and_measure() -> None:
    body = "序号\t存在问题\t整改措施\t责任单位\t整改时限\n1\t河岸堆放垃圾\t清运垃圾20吨\t市城管局\t2023年5月底\n"
    (item,) = _items(body)
    assert (item.title, _printed(item.leads), _day(item)) == ("河岸堆放垃圾", ["市城管局"], "2023-05-31")
    assert [target.value for target in item.targets] == [20.0]


def test_a_table_of_indicators_gives_name_value_and_unit() -> None:
    body = (
        "序号\t指标名称\t计量单位\t2022年完成值\t2023年目标值\t责任单位\n"
        "1\t河湖水质优良比例\t%\t88\t≥92\t市生态环境局\n"
    )
    (item,) = _items(body)
    assert item.kind is ItemKind.INDICATOR
    assert [(t.metric, t.op, t.value, t.unit) for t in item.targets] == [("河湖水质优良比例", ">=", 92.0, "%")]
    assert _printed(item.leads) == ["市生态环境局"]


@pytest.mark.parametrize("gap", ["\t", "  "])
def test_a_form_is_one_item(gap: str) -> None:
    rows = (
        ("督办事项", "关于清河排污口问题"),
        ("承办单位", "市水利局"),
        ("协办单位", "市财政局、东湖区人民政府"),
        ("办理要求", "请于2023年4月20日前办结并报送结果。"),
        ("联系人", "林某"),
    )
    (item,) = _items("".join(f"{label}{gap}{words}\n" for label, words in rows))
    assert (_printed(item.leads), _day(item)) == (["市水利局"], "2023-04-20")
    assert "清河排污口" in item.title


def test_a_block_of_labels_is_one_item_with_its_measures_inside() -> None:
    body = (
        "一、问题清单\n问题一：河岸垃圾堆放。\n整改目标：垃圾清零。\n整改措施：\n1.清运垃圾20吨。\n2.建立巡河台账。\n"
        "责任单位：市水利局\n责任人：林某\n督导单位：市纪委监委\n整改时限：2023年5月底\n"
        "问题二：船只乱停。\n整改措施：划定泊位。\n责任单位：市交通运输局\n整改时限：2023年6月底\n"
    )
    first, second = _items(body)
    assert (_printed(first.leads), _day(first)) == (["市水利局"], "2023-05-31")
    assert (_printed(second.leads), _day(second)) == (["市交通运输局"], "2023-06-30")


def test_a_block_whose_measures_name_their_own_bodies_is_not_one_item() -> None:
    body = "问题一：垃圾堆放。\n1.清运垃圾。\n责任单位：市水利局\n2.巡查河岸。\n责任单位：市城管局\n"
    assert len(_items(body)) == 2


def test_a_field_that_is_repeated_beside_a_page_number_stays() -> None:
    body = (
        "1.设立窗口。\n责任单位：市水利局\n2.压缩环节。\n责任单位：市水利局\n— 3 —\n3.公开事项。\n责任单位：市水利局\n"
    )
    assert [_printed(item.leads) for item in _items(body)] == [["市水利局"]] * 3


def test_a_field_that_stands_beside_page_numbers_alone_stays() -> None:
    pages = "".join(f"{n}.公开事项。\n责任单位：市水利局\n— {n} —\n" for n in range(1, 5))
    assert [_printed(item.leads) for item in _items(pages)] == [["市水利局"]] * 4


def test_a_bracket_that_a_line_breaks_is_made_whole() -> None:
    body = (
        "1.做强渔业。市场有序。（牵头单位：市水利局；\n责任单位：市商务局，\n"
        "各县区人民政府）\n2.巡查河岸。（责任单位：市城管局）\n"
    )
    first, second = _items(body)
    assert (_printed(first.leads), _printed(first.groups)) == (["市水利局"], ["各县区人民政府"])
    assert _printed(second.leads) == ["市城管局"]


def test_a_bracket_that_never_ends_holds_nothing_of_the_next_number() -> None:
    assert normalise("1.做强渔业。（责任单位：市水利局\n2.巡查河岸。（责任单位：市城管局）").count("\n") == 1


def test_a_number_before_a_year_begins_an_item() -> None:
    body = (
        "1.设立窗口，提升服务。\n2.2024年底前建成数据平台。（责任单位：市水利局）\n"
        "3.12月底前完成验收。（责任单位：市城管局）\n"
    )
    assert [item.label for item in _items(body)][-2:] == ["2", "3"]


def test_a_line_that_begins_with_a_decimal_is_no_heading() -> None:
    assert numbered(["2.1指挥机构", "0.9‰以下", "2.2办事机构", "7.2张床位", "2.2.1职责", "3.1预警"]) == {0, 2, 4, 5}


def test_stars_half_brackets_and_large_numbers_are_labels() -> None:
    text = (
        "★1.改造堤坝。（责任单位：市水利局）\n2.疏浚河道。（责任单位：市水利局）\n"
        "1）东河。（责任单位：市城管局）\n（100）西河。（责任单位：市财政局）"
    )
    assert [_printed(item.leads)[0] for item in _items(text)] == ["市水利局", "市水利局", "市城管局", "市财政局"]


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("市⺠政局牵头，⼈⼒资源⻓期⾜额", "市民政局牵头，人力资源长期足额"),
        ("２０２３年９月１日，达到９８．５％", "2023年9月1日，达到98.5%"),
        ("１．改造堤坝。", "1．改造堤坝。"),
        ("﹙责任单位﹕市水利局﹚", "（责任单位：市水利局）"),
        ("甲\u2028乙\x85丙\u2029丁", "甲\n乙\n丙\n丁"),
        ("市政府\u200b办公\u00ad室", "市政府办公室"),
    ],
)
def test_one_character_for_each_thing(printed: str, read: str) -> None:
    assert normalise(printed) == read


@pytest.mark.parametrize(
    "piece",
    [
        "\t",
        "甲\t乙\t丙\n",
        "任务 责任单位 ",
        "（责任单位：\n",
        "★1.\n",
        "督办事项  某事\n",
        "问题一：甲\n责任单位：市局\n",
        "序号\t任务\t责任单位\n",
    ],
)
def test_layout_is_read_in_linear_time(piece: str) -> None:
    normalise(piece * (200_000 // len(piece)))
