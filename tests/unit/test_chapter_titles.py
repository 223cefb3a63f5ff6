"""Chapters are called by the headings of their document, the first of a number, an annex by the line after it."""

import pytest

from tests.unit.test_plan_readings import READINGS
from tracker.domain.items import chapter_of, titled_chapters
from tracker.intake.outline import outline


def test_headings_name_chapters() -> None:
    told = [
        "关于印发方案的通知",
        "一、指导思想",
        "二、工作目标",
        "（一）总体目标",
        "1总则",
        "1.1目的",
        "4监测预警",
        "附件1",
    ]
    told += ["考评细则", "一、考评内容", "附件", "名单"]
    assert titled_chapters(told) == {
        "一": "指导思想",
        "二": "工作目标",
        "1": "总则",
        "4": "监测预警",
        "附件1": "考评细则",
    }


@pytest.mark.parametrize(
    ("label", "chapter"),
    [
        *(("三（二）4", "三"), ("附件1一（二）", "附件1"), ("5.3.1/2", "5"), ("指标9", "指标"), ("四18", "四")),
        ("三、保障措施（一）", "三、保障措施"),
    ],
)
def test_a_label_names_its_chapter(label: str, chapter: str) -> None:
    assert chapter_of(label) == chapter


def test_chapters_that_bear_one_number_are_told_apart_by_their_heading_where_items_are_cited() -> None:
    chapters = "三、工作重点\n（一）落实防控\n1.查验。\n三、保障措施\n（一）加强领导"
    text = f"{chapters}\n附件1\n三、名单\n（一）甲\n三、名单\n（一）乙"
    assert [node.label for node in outline(text)] == [
        *("三", "三（一）", "三（一）1", "三、保障措施", "三、保障措施（一）"),
        *("附件1", "附件1三", "附件1三（一）", "附件1三、名单", "附件1三、名单（一）"),
    ]


def test_what_a_shipped_document_prints_twice_is_read_so() -> None:
    labels = [item.label for item in READINGS["驻政办〔2022〕48号"].items]
    assert labels[-4:] == [f"三、保障措施（{n}）" for n in "一二三四"]
