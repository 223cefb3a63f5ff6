"""The intake reads documents as a careful person would: rules one by one, whole documents, and hostile text."""

import json
import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.intake_calibration import calibrate
from tests.support.intake_scoring import FIELDS, score_texts
from tracker.domain.items import CadenceKind, LeadBasis, SpanRole
from tracker.domain.ledgers import LedgerEntry, LedgerHead, draft_from_ledger
from tracker.domain.readings.reading import Reading
from tracker.intake import NothingToBreakDown, read_documents
from tracker.intake.annotations import annotations
from tracker.intake.cadences import cadences
from tracker.intake.deadlines import deadline
from tracker.intake.normalise import normalise
from tracker.intake.responsibility import read_annotations
from tracker.intake.targets import targets
from tracker.intake.written_down import with_numbers

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data" / "intake"
ISSUED = date(2022, 8, 13)


def _roles(note: str, *, first_leads: bool = False) -> tuple[Any, ...]:
    said = read_annotations([note])
    leads, supports, basis = said.settle(first_leads=first_leads)
    return leads, supports, tuple(said.groups), basis


@pytest.mark.parametrize(
    ("note", "leads", "supports", "groups", "basis"),
    [
        (
            "（责任单位：市商务局、发改委，各县区人民政府、管委会）",
            ["市商务局"],
            ["市发改委"],
            ["各县区人民政府、管委会"],
            "first_listed",
        ),
        (
            "（市残联、卫健体委牵头，市教育局、妇联按职责分工负责）",
            ["市残联", "市卫健体委"],
            ["市教育局", "市妇联"],
            [],
            "explicit",
        ),
        ("（市委宣传部、网信办，市教育局）", ["市委宣传部"], ["市委网信办", "市教育局"], [], "first_listed"),
        (
            "【牵头单位：省水利厅；责任单位：财政厅；协办单位：各设区市人民政府】",
            ["省水利厅"],
            ["省财政厅"],
            ["各设区市人民政府"],
            "explicit",
        ),
        ("(工业和信息化部、国家发展改革委)", ["工业和信息化部"], ["国家发展改革委"], [], "first_listed"),
        ("〔各区、县(市)人民政府，市民政局〕", ["市民政局"], [], ["各区、县(市)人民政府"], "explicit"),
        ("（统计局(商务局)）", ["统计局(商务局)"], [], [], "explicit"),
        ("（各县（市、区）人民政府）", [], [], ["各县（市、区）人民政府"], "collective"),
        (
            "（市公安局、市场监管局、驻马店海关、国网某市供电公司）",
            ["市公安局"],
            ["市市场监管局", "驻马店海关", "国网某市供电公司"],
            [],
            "first_listed",
        ),
        ("（示范区财政局、建设局）", ["示范区财政局"], ["示范区建设局"], [], "first_listed"),
    ],
)
def test_an_annotation_names_leads_supports_and_groups(
    note: str, leads: list[str], supports: list[str], groups: list[str], basis: str
) -> None:
    assert _roles(note) == (tuple(leads), tuple(supports), tuple(groups), LeadBasis(basis))


def test_where_the_document_says_so_the_first_one_leads_explicitly() -> None:
    assert _roles("（商务部、财政部）", first_leads=True)[3] is LeadBasis.EXPLICIT


@pytest.mark.parametrize(
    "text",
    [
        "实施“三个一批”（以下简称批次）活动。",
        "支持企业（含个体工商户）发展。",
        "落实用地（用林）政策。",
        "（一）加强领导。各县区（管委会）要重视。",
    ],
)
def test_an_ordinary_bracket_is_no_annotation(text: str) -> None:
    assert annotations(text) == []


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("2022年底前完成", "2022-12-31"),
        ("6月底前建成", "2022-06-30"),
        ("年内实现全覆盖", "2022-12-31"),
        ("到2025年，覆盖率提高", "2025-12-31"),
        ("2023年第三季度末完成", "2023-09-30"),
        ("明年6月底前完成", "2023-06-30"),
        ("自通知印发之日起30日内完成", "2022-09-12"),
        ("印发之日起三个月内报送", "2022-11-13"),
        ("二〇二四年六月底前投入使用", "2024-06-30"),
        ("9月中旬前对接", "2022-09-20"),
        ("每年3月底前报告", None),
        ("持续推进", None),
    ],
)
def test_a_day_is_read_in_every_form_and_resolved_against_the_documents_date(text: str, on: str | None) -> None:
    found = deadline(text, times=[], issued_on=ISSUED)
    assert (found.on.isoformat() if found else None) == on


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("每月通报一次，每季度召开推进会", ["monthly", "quarterly"]),
        ("每双月召开一次会议", ["bimonthly"]),
        ("发生疫情后24小时内报告", ["within_hours", "on_event"]),
        ("差评1个工作日内联系核实", ["within_workdays"]),
        ("长期坚持", ["continuous"]),
        ("办理时间压缩至3个工作日内", []),
    ],
)
def test_rhythms(text: str, kinds: list[str]) -> None:
    assert {cadence.kind for cadence in cadences(text)} <= {CadenceKind(kind) for kind in (*kinds, "on_event")}
    assert {CadenceKind(kind) for kind in kinds if kind != "on_event"} <= {c.kind for c in cadences(text)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("覆盖率达到90%以上", [(">=", 90, "%")]),
        ("不低于60%", [(">=", 60, "%")]),
        ("不良率控制在2%以下", [("<=", 2, "%")]),
        ("交易额突破80亿元", [(">", 80, "亿元")]),
        ("每年组织1—2次抽查", [(">=", 1, "次"), ("<=", 2, "次")]),
        ("建设面积5000平方米以上的楼宇台账", []),
        ("对25度以上坡耕地退耕", []),
        ("第62次常务会议", []),
    ],
)
def test_numbers_that_must_be_reached(text: str, found: list[tuple[str, float, str]]) -> None:
    assert [(target.op, target.value, target.unit) for target in targets(text)] == found


def test_wrapped_lines_furniture_and_glued_numbers_are_undone() -> None:
    raw = "\n".join(
        [
            "　　一、主要任务",
            "　　为了做好本项工作，各级各部门要提高认识，加强组织，明确责",
            "任，细化措施，确保各项任务落到实处，取得扎扎实实的成效，现将有",
            "关事项通知如下，请各地各部门结合实际情况认真抓好贯彻落实。",
            "　　（一）科学编制规划。以县域为单元编制农村供水保障规划，统",
            "筹布局水源、水厂和管网，年底前完成规划审批等工作任务。〔省水利",
            "— 12 —",
            "江省人民政府公报 2019年第18期",
            "厅牵头，财政厅配合〕（二）推进规模化供水工程建设。优先利用",
            "大中型水库等优质水源，新建、改扩建千吨万人供水工程一百处。",
            "〔省水利厅、发展改革委、自然资源厅、生态环境厅按职责负责〕",
        ]
    )
    lines = normalise(raw).split("\n")
    assert [line[:8] for line in lines] == ["一、主要任务", "为了做好本项工作", "（一）科学编制规", "（二）推进规模化"]
    assert "省水利厅牵头" in lines[2]


def _check_whole(draft: Reading) -> None:
    spans = draft.cover()
    assert spans[0].start == 0
    assert spans[-1].end == len(draft.text)
    assert all(a.end == b.start for a, b in pairwise(spans))
    assert SpanRole.UNCLASSIFIED not in {span.role for span in spans}


def _raw(path: Path) -> str:
    data = path.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _texts(folder: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        (_raw(path.with_suffix(".txt")), json.loads(path.read_text(encoding="utf-8")))
        for path in sorted((DATA / folder).glob("*.json"))
    ]


@pytest.mark.parametrize(
    ("folder", "floors"),
    [
        ("development", (0.97, 0.96, 0.95, 0.95, 0.95, 0.95, 0.93)),
        ("held_out", (0.97, 0.97, 0.96, 0.92, 0.97, 0.97, 0.92)),
        ("unseen", (0.97, 0.93, 0.94, 0.85, 0.97, 0.97, 0.97)),
    ],
)
def test_whole_documents_are_read_as_a_person_reads_them(folder: str, floors: tuple[float, ...]) -> None:
    score = score_texts(_texts(folder))
    assert {name: score.f1(name) for name, floor in zip(FIELDS, floors, strict=True) if score.f1(name) < floor} == {}


@pytest.mark.parametrize("folder", ["development", "held_out"])
def test_the_intake_knows_when_it_is_unsure(folder: str) -> None:
    found = calibrate(DATA / folder)
    assert found.flagged < 0.12
    assert found.wrong_flagged > 0.7
    assert [(shown, right) for shown, right, number in found.buckets() if number > 30 and right < shown - 0.05] == []


def test_every_character_of_every_document_is_classified() -> None:
    texts = [raw for folder in ("development", "held_out", "unseen", "last") for raw, _ in _texts(folder)]
    texts += [path.read_text(encoding="utf-8") for path in (ROOT / "seeds" / "documents").glob("*/text.txt")]
    for raw in texts:
        for draft in read_documents(raw):
            _check_whole(draft)


@pytest.mark.parametrize(
    ("words", "expires"),
    [
        ("有效期两年。", "2024-03-03"),
        ("有效期至2023年12月31日。", "2023-12-31"),
        ("有效期3年。", "2025-03-03"),
        ("", None),
    ],
)
def test_validity_is_read_from_the_closing_words(words: str, expires: str | None) -> None:
    head = "某市政府\n关于绿化的意见\n某政〔2022〕3号\n2022年3月4日\n1.植树。（责任单位：市林业局）\n"
    raw = f"{head}本意见自印发之日起施行，{words}"
    (draft,) = read_documents(raw)
    assert (draft.expires_on.isoformat() if draft.expires_on else None) == expires
    assert (draft.issuer, draft.title) == ("某市政府", "关于绿化的意见")


def test_a_text_without_items_is_refused() -> None:
    for raw in ("", "\n\n", "今天天气很好。", "会议通知\n请于明日到会。"):
        with pytest.raises(NothingToBreakDown):
            read_documents(raw)


_PIECES = re.findall(
    r"[^。；\n]+[。；\n]?", (DATA / "development" / "county-rural-tasks-2023.txt").read_text(encoding="utf-8")
)


@settings(max_examples=150, deadline=5000, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.one_of(
            st.sampled_from(_PIECES),
            st.text("（）【】〔〕()[]、，。；：1234567890一二三.．%年月日 \n\f牵头单位市县区", max_size=40),
        ),
        max_size=60,
    )
)
def test_mutated_texts_neither_break_nor_leave_a_gap(pieces: list[str]) -> None:
    try:
        drafts = read_documents("".join(pieces))
    except NothingToBreakDown:
        return
    for draft in drafts:
        _check_whole(draft)
        for item in draft.items:
            assert 0 <= item.span[0] < item.span[1] <= len(draft.text)


@pytest.mark.parametrize(
    "piece", ["（", "市、", "1.", "责任单位：", "（市局、", "一、\n", "9", "每年", "各县（市", "。1"]
)
def test_hostile_repetition_takes_no_time(piece: str) -> None:
    try:
        read_documents("一、任务\n1.开展工作。" + piece * (40_000 // len(piece)))
    except NothingToBreakDown:
        return


def test_a_group_names_the_item_whose_words_extend_it_and_every_field_has_its_confidence() -> None:
    text = (
        "某市人民政府办公室\n关于印发某市招商方案的通知\n某政办〔2023〕8号\n各县区：\n一、重点任务\n"
        "（一）加强统筹。建立招商机制，推进项目落地。（责任单位：市商务局；以下均需各县区人民政府负责落实，以下不再列出）\n"
        "（二）优化服务。每月通报一次招商情况，签约项目不少于40个。（责任单位：市统计局）\n2023年3月1日\n"
    )
    first, second = read_documents(text)[0].items
    assert [(group.printed, group.inherited_from) for group in second.groups] == [("各县区人民政府", first.label)]
    assert [group.inherited_from for group in first.groups if group.inherited_from] == []
    shares = {entry.field.value: entry.share for entry in second.confidence}
    assert set(shares) == {"lead", "supports", "groups", "cadence", "deadline", "targets", "evidence"}
    assert all(0 < share < 1 for share in shares.values())


def test_a_hyphenated_word_is_made_whole_and_two_words_are_kept_apart() -> None:
    lines = ["甲乙丙丁戊己庚辛壬癸甲乙丙丁戊己庚辛壬癸"] * 6 + [
        "建设高水平的开放平台，积极发展infor-",
        "mation技术产业，加快推进digital",
        "economy发展，不断优化营商环境，持续提升",
        "服务水平和能力。",
    ]
    text = normalise("\n".join(lines))
    assert "information技术" in text
    assert "digital economy发展" in text


def test_a_long_first_clause_is_a_title_as_a_whole() -> None:
    clause = "自2022年4月1日起交通运输仓储和邮政业行业企业享受按月全额退还增值税增量留抵税额政策"
    text = f"关于支持物流的若干措施\n一、财税\n（一）{clause}，按规定办理。\n责任单位：市财政局、市税务局\n"
    [draft] = read_documents(text)
    assert [item.title for item in draft.items] == [clause]


def test_what_is_written_down_directly_has_the_numbers_of_its_words() -> None:
    head = LedgerHead("领导批示", "批示〔2022〕32号", "关于夜间经济的批示", date(2022, 9, 1))
    entries = [
        LedgerEntry("年底前培育夜间经济示范街区3个以上", ("市商务局",), due_on=date(2022, 12, 31)),
        LedgerEntry("2.研究提出工作方案", ("市商务局",)),
    ]
    first, second = with_numbers(draft_from_ledger(head, entries)).items
    assert [(one.op, one.value, one.unit) for one in first.targets] == [(">=", 3.0, "个")]
    assert second.targets == ()
