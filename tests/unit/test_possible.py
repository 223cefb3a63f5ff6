"""The detector of obligations: what no item claims and may oblige somebody stays open until it is decided."""

from dataclasses import replace

import pytest

from seeds.documents import load_documents
from seeds.registry import SEEDS, load_registry
from tracker.domain.items import SpanRole
from tracker.domain.readings.corrections import (
    DeciderNeeded,
    NoSuchPossible,
    SpanTaken,
    free_label,
    insert_item,
    settle,
)
from tracker.domain.readings.coverage import Span
from tracker.domain.readings.export import export_drafts
from tracker.domain.readings.item import TRUSTED, as_printed
from tracker.domain.readings.obstacles import DraftIncomplete, Obstacle, problems, registrable
from tracker.domain.readings.possible import PossibleReason
from tracker.domain.readings.reading import Reading
from tracker.intake import read_documents, read_stretch
from tracker.intake.outline import outline
from tracker.intake.possible import possible_items
from tracker.store.tables.drafts import content_of, read_content

REGISTRY = load_registry(SEEDS / "units.toml")
READINGS = list(load_documents(SEEDS / "documents", REGISTRY))
TEXT = """驻马店市人民政府办公室
关于做好储煤工作的通知
驻政办〔2022〕78号
各县区人民政府：
为做好储煤工作，根据有关规定，现通知如下。
市商务局要会同市统计局于9月底前建立储煤台账，每月通报一次，储煤量达到20万吨以上。
截至8月底，市商务局已建成储煤场3个。
1.开展驻点招商。每月外出招商不少于2次。（责任单位：市商务局）
2022年9月1日
"""
MISSED = "市商务局要会同市统计局于9月底前建立储煤台账，每月通报一次，储煤量达到20万吨以上。"


@pytest.fixture
def draft() -> Reading:
    (found,) = read_documents(TEXT)
    return found


def _reasons(words: str, role: SpanRole = SpanRole.BACKGROUND) -> list[PossibleReason]:
    return [one.reason for one in possible_items(words, [Span(0, len(words), role)], nodes=outline(words), title="")]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("市住建局要加快供热管网改造。", "body_and_duty"),
        ("由市重大项目办进行汇总排名。", "body_and_duty"),
        ("各县区于每月25日前报送进展。", "body_and_duty"),
        ("请于10月18日前书面反馈。", "day"),
        ("宣传无烟生活（责任单位：市卫健体委）", "body_and_duty"),
        ("驻青海关：负责进境苗木的检疫。", "body_and_duty"),
        ("力争新增绿地300公顷。", "number_and_goal"),
        ("2022年货物贸易较上年增长3%；", "number_and_goal"),
        ("年底前投入使用。", "day"),
        ("双月召开推进会点评。", "rhythm"),
        ("3.更换老旧阀门。", "measure"),
    ],
)
def test_what_duties_are_made_of_is_found_with_its_reason(words: str, reason: str) -> None:
    assert _reasons(words) == [PossibleReason(reason)]


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("为落实市委要求，结合我市实际，制定本方案。", SpanRole.BASIS),
        ("现将方案印发给你们，请认真贯彻执行。", SpanRole.BACKGROUND),
        ("本办法所称企业，是指年产值达到2000万元的企业。", SpanRole.DEFINITION),
        ("组长：市政府副市长，成员：市财政局局长负责协调。", SpanRole.NAME_LIST),
        ("截至8月底，市商务局已完成投资30亿元。", SpanRole.BACKGROUND),
        ("造成经济损失达到5000万元的；", SpanRole.BACKGROUND),
        ("今天天气晴朗。", SpanRole.BACKGROUND),
        ("本办法由市商务局负责解释。", SpanRole.CLOSING),
    ],
)
def test_words_whose_class_they_speak_for_oblige_nobody(words: str, role: SpanRole) -> None:
    assert _reasons(words, role) == []


def test_a_class_that_the_words_do_not_speak_for_settles_nothing() -> None:
    assert _reasons("市住建局要加快供热管网改造。", SpanRole.CLOSING) == [PossibleReason.BODY_AND_DUTY]


def test_what_is_lost_from_careful_readings_is_found_again() -> None:
    found, lost = 0, []
    for reading in READINGS:
        for item in reading.items:
            left = replace(reading, items=tuple(each for each in reading.items if each is not item))
            spans = [span for span in left.cover() if span.role is SpanRole.UNCLASSIFIED]
            inside = [
                one
                for one in possible_items(reading.text, spans, nodes=outline(reading.text), title=reading.title)
                if one.start < item.span[1]
            ]
            found += bool(inside)
            lost += [] if inside else [item.code]
    assert found / (found + len(lost)) > 0.93, lost


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: reading.number)
def test_every_open_sentence_of_the_bundled_documents_is_decided_by_its_class(reading: Reading) -> None:
    found = possible_items(reading.text, reading.cover(), nodes=outline(reading.text), title=reading.title)
    assert [reading.text[one.start : one.end] for one in found] == []


def test_missed_words_stand_in_the_export_and_block_approval(draft: Reading) -> None:
    (one,) = draft.undecided
    assert draft.text[one.start : one.end] == MISSED
    documents = export_drafts([draft], REGISTRY)["documents"]
    assert isinstance(documents, list)
    assert documents[0]["possible"] == [
        {"start": one.start, "end": one.end, "reason": "body_and_duty", "quote": MISSED}
    ]
    assert [p.words for p in problems(draft, REGISTRY) if p.obstacle is Obstacle.POSSIBLE] == [MISSED]
    with pytest.raises(DraftIncomplete):
        registrable(draft, REGISTRY, code_prefix="78", assigned_because="x")


def test_missed_words_become_an_item_as_the_readers_read_it(draft: Reading) -> None:
    (one,) = draft.undecided
    item = read_stretch(draft, one.start, one.end, label=free_label(draft))
    assert (item.label, item.leads, item.supports) == ("补1", as_printed(["市商务局"]), as_printed(["市统计局"]))
    assert item.deadline is not None
    assert item.deadline.on.isoformat() == "2022-09-30"
    assert [(target.op, target.value, target.unit) for target in item.targets] == [(">=", 20, "万吨")]
    after = insert_item(draft, item)
    assert after.undecided == ()
    assert free_label(after) == "补2"
    registrable(after, REGISTRY, code_prefix="78", assigned_because="x")
    with pytest.raises(SpanTaken):
        insert_item(after, item)
    with pytest.raises(NoSuchPossible):
        settle(after, 0, role=SpanRole.BACKGROUND, decided_by="张三")


def test_background_needs_a_class_of_the_words_or_a_person(draft: Reading) -> None:
    with pytest.raises(DeciderNeeded):
        settle(draft, 0, role=SpanRole.BACKGROUND, decided_by=" ")
    after = settle(draft, 0, role=SpanRole.BACKGROUND, decided_by="张三")
    assert after.undecided == ()
    assert read_content(content_of(after)) == after
    spoken = replace(draft, possible=(replace(draft.possible[0], classes=(SpanRole.BASIS,)),))
    assert settle(spoken, 0, role=SpanRole.BASIS, decided_by="").undecided == ()


def test_doubtful_fields_stand_in_the_export_with_their_reason() -> None:
    text = TEXT.replace("每月外出招商不少于2次。", "每月通报，每季度调度，适时检查，制定招商方案。")
    documents = export_drafts(read_documents(text), REGISTRY)["documents"]
    assert isinstance(documents, list)
    (item,) = documents[0]["items"]
    assert {doubt["field"]: doubt["reason"] for doubt in item["doubts"]} == {
        field: "two_readings" for field, share in item["confidence"].items() if share < TRUSTED
    }
    assert item["confidence"]["cadence"] < TRUSTED < item["confidence"]["lead"]


def test_a_draft_of_before_the_detector_is_read(draft: Reading) -> None:
    old = content_of(replace(draft, possible=()))
    old = old.replace(',"possible":[]', "").replace(',"decided_by":""', "")
    assert "possible" not in old
    assert "decided_by" not in old
    assert read_content(old).undecided == ()


def test_a_document_without_items_beside_others_is_kept_for_its_open_words() -> None:
    other = TEXT.replace("1.开展驻点招商。每月外出招商不少于2次。（责任单位：市商务局）\n", "").replace("78号", "79号")
    drafts = read_documents(TEXT + other)
    assert [(draft.number, bool(draft.items), len(draft.undecided)) for draft in drafts] == [
        ("驻政办〔2022〕78号", True, 1),
        ("驻政办〔2022〕79号", False, 1),
    ]
