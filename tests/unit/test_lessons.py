"""What corrections teach, as the reader of documents is handed it: names that stand for units, labels of roles."""

import pytest

from tracker.domain.items import ItemKind
from tracker.domain.readings.item import Doubt, DoubtField, Item, PrintedUnit, as_printed
from tracker.domain.readings.lessons import LabelRole, LessonUnclear, Taught, names_replaced, with_units
from tracker.intake import read_documents
from tracker.intake.strange_labels import holds_label, respelled, strange_labels

_ROLES = {"主抓科室": LabelRole.LEAD, "协管": LabelRole.SUPPORT, "分管处": LabelRole.DUTY}
_TEXT = """青禾市人民政府办公室文件
青政办〔2024〕12号
青禾市人民政府办公室关于印发2024年消费促进工作方案的通知
各县区人民政府：
现将方案印发给你们，请认真贯彻执行。
一、重点任务
（一）办好消费节。组织不少于12场活动。
主抓科室:市商务局、市经贸口
（二）建设夜间街区。完成3条街区改造。（主抓科室：市住建局；协管：市财政局）
（三）完善服务。建立企业台账。【分管处】市统计局
2024年3月1日
"""


def test_labels_and_names_that_were_taught_are_read_verbatim_and_of_their_issuer_alone() -> None:
    taught = Taught({"市经贸口": "swj"}, _ROLES)
    [read] = read_documents(_TEXT, lessons={"青禾市人民政府办公室": taught})
    first, second, third = read.items
    assert first.leads == (PrintedUnit("市商务局"), PrintedUnit("市经贸口", "swj"))
    assert not first.doubts
    assert first.responsibility_span is not None
    assert read.text[slice(*first.responsibility_span)] == "主抓科室:市商务局、市经贸口"
    assert (second.leads, second.supports) == (as_printed(["市住建局"]), as_printed(["市财政局"]))
    assert third.leads == as_printed(["市统计局"])
    assert all(len(item.title) < 12 for item in read.items)
    [plain] = read_documents(_TEXT)
    assert plain.text == read.text
    assert read_documents(_TEXT, lessons={"别的机关": taught}) == (plain,)
    assert not any(item.leads for item in plain.items[:2])


@pytest.mark.parametrize(
    "printed", ["主抓科室：市商务局", "（主抓科室：市商务局）", "完成。主抓科室 :市商务局", "【主抓科室】市商务局"]
)
def test_a_label_keeps_its_place_and_the_texts_length(printed: str) -> None:
    assert strange_labels(printed) == ("主抓科室",)
    assert holds_label(printed, "主抓科室")
    known = respelled(printed, _ROLES)
    assert len(known) == len(printed)
    assert known.endswith(printed[-5:])
    assert strange_labels(known) == ()


@pytest.mark.parametrize("words", ["责任单位：市商务局", "原则如下：坚持统筹", "牵头单位：市商务局"])
def test_what_is_known_or_no_label_before_bodies_is_none_that_could_be_taught(words: str) -> None:
    assert strange_labels(words) == ()


def _item(leads: str, supports: str = "") -> Item:
    names = [as_printed(text.split("、") if text else []) for text in (leads, supports)]
    return Item("1", ItemKind.ACTION, "事项", (0, 4), leads=names[0], supports=names[1])


def test_names_are_paired_with_what_was_put_in_their_place_field_by_field() -> None:
    assert names_replaced(_item("甲局", "乙局、丙局"), _item("甲委", "丙局、乙委")) == (
        ("甲局", "甲委"),
        ("乙局", "乙委"),
    )
    assert names_replaced(_item("甲局", "乙局"), _item("丙委", "乙局、丁局")) == (("甲局", "丙委"),)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (_item("甲局"), _item("甲局")),
        (_item("甲局"), _item("")),
        (_item("甲局"), _item("甲局、乙局")),
        (_item("甲局"), _item("乙局、丙局")),
        (_item("甲局", "乙局"), _item("乙局", "甲局")),
    ],
)
def test_a_correction_that_replaces_no_name_teaches_none(before: Item, after: Item) -> None:
    with pytest.raises(LessonUnclear):
        names_replaced(before, after)


def test_a_name_that_was_taught_is_in_doubt_no_more() -> None:
    item = Item(
        "1",
        ItemKind.ACTION,
        "事项",
        (0, 4),
        leads=as_printed(["甲口"]),
        doubts=(Doubt(DoubtField.LEAD, 0.4, "甲口"), Doubt(DoubtField.SUPPORTS, 0.4, "乙口")),
    )
    read = with_units(item, {"甲口": "a"})
    assert read.leads == (PrintedUnit("甲口", "a"),)
    assert read.doubts == item.doubts[1:]
    assert with_units(item, {"乙口": "b"}) is item
