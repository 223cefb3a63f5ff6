"""Whom the demands of a document bind and to whom its reports go; the sentences are invented."""

import pytest

from seeds.registry import SEEDS
from tests.support.eight_documents import REGISTRY
from tests.support.intake_whom import compare
from tracker.domain.items import Bearer
from tracker.domain.readings.demands import Bound
from tracker.domain.readings.item import DoubtField, Item
from tracker.domain.readings.obstacles import Obstacle, problems
from tracker.intake import read_documents

HEAD = "云泽市人民政府办公室\n关于印发云泽市水务工作方案的通知\n云政办〔2023〕18号\n2023年3月6日\n一、重点任务\n"


def _item(body: str) -> Item:
    return read_documents(HEAD + body + "\n")[0].items[0]


def _whom(bound: Bound) -> tuple[str, ...]:
    return (bound.bearer.value, *(body.printed for body in bound.named))


@pytest.mark.parametrize(
    ("body", "whom"),
    [
        ("1.管好河道。每月通报一次水质。（市水务局）", ("lead",)),
        ("1.管好河道。每月通报一次各县区巡河情况。（市水务局）", ("lead",)),
        ("1.管好河道。督促各县区每月巡河。（市水务局）", ("lead",)),
        ("1.管好河道。对各县区每月考核一次。（市水务局）", ("lead",)),
        ("1.管好河道。市水务局每月通报一次水质。（市水务局）", ("lead",)),
        ("1.管好河道。牵头单位每月调度一次。（牵头单位：市水务局；责任单位：市财政局）", ("lead",)),
        ("1.管好河道。各县区每月清淤一次。（市水务局，各县区）", ("group",)),
        ("1.管好河道。各县区每月清淤一次。（市水务局）", ("named", "各县区")),
        ("1.管好河道。各县（市、区）要建立台账，每月报送进展。（市水务局）", ("named", "各县（市、区）")),
        ("1.管好河道。由各灌区管理单位每周巡查一次。（市水务局）", ("named", "各灌区管理单位")),
        ("1.管好河道。6月底前各乡镇建立台账，每月更新。（市水务局）", ("named", "各乡镇")),
        ("1.管好河道。市水务局、各县区每月会商一次。（牵头单位：市水务局；责任单位：各县区）", ("both",)),
        ("1.管好河道。各责任单位每月报送进展。（牵头单位：市水务局；责任单位：各县区）", ("both",)),
        (
            "1.管好河道。各责任单位每月报送进展。（牵头单位：市水务局；责任单位：市财政局）",
            ("named", "市水务局", "市财政局"),
        ),
        (
            "1.管好河道。配合单位每月报送进展。（市水务局牵头，市财政局、市林业局配合）",
            ("named", "市财政局", "市林业局"),
        ),
        ("1.管好河道。市环保局每月公布水质。（市水务局）", ("named", "市环保局")),
        ("1.管好河道。同时由市水投集团每月检测水质。（市水务局）", ("named", "市水投集团")),
        ("1.管好河道。市林业局每月巡护一次。（牵头单位：市水务局、市林业局）", ("named", "市林业局")),
        ("1.管好河道。市本级财政每年安排经费80万元。（市水务局）", ("named", "市财政局")),
        ("1.管好河道。党政主要领导每月巡河不少于1次。（责任单位：各县区）", ("group",)),
        ("1.管好河道。党政主要领导每月巡河不少于1次。（牵头单位：市水务局；责任单位：各县区）", ("group",)),
        ("1.管好河道。各乡镇抓好清淤，党政主要领导每月巡河1次以上。（市水务局）", ("named", "各乡镇")),
        ("1.管好河道。主要负责同志每月调度一次。（市水务局）", ("lead",)),
        ("1.管好河道。各县区抓好清淤。市水务局每月通报。（牵头单位：市水务局；责任单位：各县区）", ("lead",)),
        ("1.压实责任。各责任单位主要负责人是第一责任人，每月25日前报送进展。", ("group",)),
        ("1.压实责任。各乡镇要抓好清淤。每月25日前报送进展。", ("group",)),
        ("1.畅通热线。接到群众投诉后，各县区要立即处置。（市水务局）", ("named", "各县区")),
    ],
)
def test_a_rhythm_binds_whom_its_sentence_names(body: str, whom: tuple[str, ...]) -> None:
    assert _whom(_item(body).cadences[0].bound) == whom


@pytest.mark.parametrize(
    ("body", "to"),
    [
        ("1.管好河道。每月5日前将进展报市水务局。（各县区）", "市水务局"),
        ("1.管好河道。每月5日前将进展报送市治水办汇总。（各县区）", "市治水办"),
        ("1.管好河道。每半年向市水务局报送一次。（各县区）", "市水务局"),
        ("1.管好河道。每月汇总进展，报市政府备案。（市水务局）", "市政府"),
        ("1.管好河道。每年开展一次评估，结果报市政府。（市水务局）", "市政府"),
        ("1.管好河道。实行周报告制度，及时将情况上报县政府和市治水办。（各县区）", "县政府"),
        ("1.处置险情。险情发生后，属地政府要及时向市防汛抗旱指挥部报告。（各县区）", "市防汛抗旱指挥部"),
        ("1.管好河道。每季度末向市督查室报送进展。（市水务局）", None),
        ("1.管好河道。每月将进展报市政府督查室。（市水务局）", None),
        ("1.管好河道。每月向社会公布水质。（市水务局）", None),
        ("1.管好河道。每月报送工作进展。（市水务局）", None),
        ("1.管好河道。每月调度进展，重大情况及时报市政府。（市水务局）", None),
        ("1.管好河道。每年修订计划，报市政府批准。（市水务局）", None),
    ],
)
def test_a_report_goes_to_the_body_that_its_sentence_names_else_to_the_office(body: str, to: str | None) -> None:
    addressee = _item(body).cadences[0].addressee
    assert (addressee and addressee.printed) == to


def test_a_day_and_a_number_bind_whom_their_clause_names() -> None:
    item = _item(
        "1.管好河道。市水务局牵头编制规划，各县区要于9月底前清淤30公里。（牵头单位：市水务局；责任单位：各县区）"
    )
    assert item.deadline is not None
    assert _whom(item.deadline.bound) == ("group",)
    assert [_whom(target.bound) for target in item.targets] == [("group",)]


def test_a_day_of_a_field_binds_the_lead() -> None:
    item = _item("1.管好河道。各县区每月清淤。（牵头单位：市水务局；责任单位：各县区；完成时限：2023年9月底）")
    assert item.deadline is not None
    assert item.deadline.bound.bearer is Bearer.LEAD


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("1.管好河道。护河员每天巡河不少于2次。（市水务局）", "护河员"),
        ("1.管好河道。供水单位每日检测水质。（市水务局）", "供水单位"),
        ("1.管好河道。村级河长每周巡河。（市水务局）", "村级河长"),
    ],
)
def test_somebody_who_acts_and_cannot_be_told_is_doubted(body: str, words: str) -> None:
    doubts = [doubt.words for doubt in _item(body).doubts if doubt.field is DoubtField.BEARER]
    assert doubts == [words]


def test_names_are_kept_as_they_are_printed_at_half_width() -> None:
    item = _item("1.管好河道.各县(市、区)每月10日前将进展报市水务局(市治水办).[牵头单位:市水务局]")
    assert _whom(item.cadences[0].bound) == ("named", "各县(市、区)")


def test_whom_a_demand_names_and_nobody_knows_is_told_and_does_not_block() -> None:
    (draft,) = read_documents(HEAD + "1.管好河道。供水单位每日检测水质，市统计局每月通报。（市财政局）\n")
    told = [one for one in problems(draft, REGISTRY) if one.obstacle is Obstacle.UNKNOWN_BEARER]
    assert [(one.words, one.blocks) for one in told] == [("供水单位", False)]


def test_the_eight_documents_are_read_as_their_careful_readings_have_them_but_for_few() -> None:
    folder = SEEDS / "documents"
    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.glob("*/text.txt"))]
    right, whole, _ = compare(draft for text in texts for draft in read_documents(text))
    wrong = {name: number - right[name] for name, number in whole.items()}
    most = {"bound by a rhythm": 4, "addressee": 2, "bound by a day": 0, "bound by a number": 2, "measure": 1, "per": 1}
    assert {name: number for name, number in wrong.items() if number > most[name]} == {}
