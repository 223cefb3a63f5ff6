"""Circulars: titles in lines, the fitting of pages, the check of the format, transitions of editions."""

import itertools
import random
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from docx import Document
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.support.circulars import city_facts, small_document, with_xml
from tests.support.office import CALENDAR
from tracker.domain.circulars.addressing import ScopeMissing
from tracker.domain.circulars.comparing import Previous
from tracker.domain.circulars.content import Content, Scope, Table, tokens
from tracker.domain.circulars.editions import EditionAction, EditionRefused, EditionState, advance_edition
from tracker.domain.circulars.facts import OverdueFact, ReturnFact
from tracker.domain.circulars.figures import NothingToSay, compute
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.meanings import PAPER_FIGURES
from tracker.domain.circulars.not_begun import NotBegun
from tracker.domain.circulars.orders import ordered
from tracker.domain.progress import Work, WorkClass, WorkReason
from tracker.paper.checking import deviations
from tracker.paper.circulars import word
from tracker.paper.documents import Annex, Column, Form, OfficialDocument
from tracker.paper.fitting import estimated_pages, fit
from tracker.paper.letterheads import NoSuchLetterhead, letterhead, letterheads
from tracker.paper.official import render
from tracker.paper.press import matter_of
from tracker.paper.titles import title_lines

TITLES = [
    "驻马店市人民政府办公室关于重点工作推进情况的督查通报",
    "驻马店市人民政府办公室关于交办《2022年驻马店市对外开放行动方案》任务的通知",
    "驻马店市人民政府办公室关于印发驻马店市林业有害生物灾害应急预案的通知",
    "驻马店市人民政府办公室关于印发《驻马店市“十四五”残疾预防行动计划（2022—2025年）》任务分解表的通知",
]


def _width(line: str) -> float:
    """Return how many characters wide a line is: a digit or letter a little over half, ¼ between it and Chinese."""
    beside = re.findall("(?<=[0-9A-Za-z])(?=[一-龥])|(?<=[一-龥])(?=[0-9A-Za-z])", line)
    return sum(0.56 if character.isascii() else 1.0 for character in line) + 0.25 * len(beside)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (
            "驻马店市人民政府办公室关于《2022年驻马店市对外开放行动方案》推进情况的督查通报",
            ["驻马店市人民政府办公室", "关于《2022年驻马店市对外开放行动方案》", "推进情况的督查通报"],
        ),
        (
            "驻马店市人民政府办公室关于印发《驻马店市2022年“千企提质”活动实施方案》任务分解表的通知",
            ["驻马店市人民政府办公室", "关于印发《驻马店市2022年“千企提质”", "活动实施方案》任务分解表的通知"],
        ),
    ],
)
def test_a_title_breaks_neither_a_name_that_has_room_nor_what_is_quoted(title: str, lines: list[str]) -> None:
    assert title_lines(title) == lines


@pytest.mark.parametrize("title", TITLES)
def test_a_title_breaks_at_words_into_a_trapezoid_or_a_diamond(title: str) -> None:
    lines = title_lines(title)
    sizes = list(map(_width, lines))
    assert "".join(lines) == title
    assert max(sizes) <= 20
    assert all(a != b for a, b in itertools.pairwise(sizes))
    top = sizes.index(max(sizes))
    assert sizes[: top + 1] == sorted(sizes[: top + 1])
    assert sizes[top:] == sorted(sizes[top:], reverse=True)
    for line in lines[1:]:
        assert line[0] not in "的年、》）"
    for line in lines[:-1]:
        assert line[-1] not in "《（"
        assert not line.endswith("关于")


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("matter", ["{}重点项目建设月度考评", "更正{}重点项目建设月度考评"])
@pytest.mark.parametrize("name", [one.name for one in letterheads()])
def test_the_title_of_each_month_fits_its_lines_as_word_sets_them(name: str, matter: str, month: int) -> None:
    """A line that is wider in Word than was reckoned leaves its last character alone on another."""
    lines = title_lines(f"{name}关于{matter.format(f'2022年{month}月')}情况的通报")
    assert max(map(_width, lines)) <= 20
    assert min(map(len, lines)) >= 8
    for whole in ("领导小组", "重点项目"):
        assert sum(whole in line for line in lines) == "".join(lines).count(whole)


@given(st.text(alphabet="关于的通知驻马店市政府2022年重点工作《》（）", min_size=1, max_size=120))
def test_any_title_keeps_its_words_and_its_width(title: str) -> None:
    lines = title_lines(title)
    assert "".join(lines) == title
    assert max(map(_width, lines)) <= 20


def test_a_file_without_a_fault_has_no_deviation_and_each_fault_is_named() -> None:
    document = small_document()
    assert deviations(render(document)) == []
    assert "发文字号不合规范（7.2.5）。" in deviations(render(replace(document, number="驻政办督[2022]01号")))
    wrong = replace(document, body=(*document.body[:1], (1, "二、总体情况"), (0, "截至2022年08月1日,完成。")))
    found = " ".join(deviations(render(wrong)))
    assert "应为“一、”" in found
    assert "虚位" in found
    narrow = Annex("清单", (Column("序号", 900), Column("事项", 3000)), (("1", "甲"),))
    assert any("不等宽" in words for words in deviations(render(replace(document, annexes=(narrow,)))))
    assert any("版心" in words for words in deviations(with_xml(render(document), 'w:top="2098"', 'w:top="1440"')))
    assert any("22行" in words for words in deviations(with_xml(render(document), 'w:line="579"', 'w:line="560"')))
    wide = with_xml(render(document), 'w:spacing w:val="-5"', 'w:spacing w:val="0"')
    assert any("28字" in words for words in deviations(wide))


def test_the_same_document_gives_the_same_bytes_and_nothing_of_the_template_s_maker() -> None:
    document = small_document()
    assert render(document) == render(document)
    with zipfile.ZipFile(BytesIO(render(document))) as package:
        names = package.namelist()
        assert not any("thumbnail" in name or "customXml" in name for name in names)
        assert b"python-docx" not in b"".join(package.read(name) for name in names)
    properties = Document(BytesIO(render(document))).core_properties
    assert (properties.title, properties.author, properties.language) == (document.title, document.signature, "zh-CN")


@pytest.mark.parametrize("form", list(Form))
def test_every_form_opens_and_shows_its_words(form: Form) -> None:
    document = replace(small_document(), form=form)
    texts = [paragraph.text for paragraph in Document(BytesIO(render(document))).paragraphs]
    assert any(document.title.startswith(text) for text in texts if len(text) > 3)
    assert ("2022年11月1日" in texts) == (form is not Form.BRIEF)


@pytest.mark.parametrize(("fits", "remarks"), [("gap", 1), ("pitch", 2), ("never", 2)])
def test_a_note_that_ends_on_the_next_page_is_brought_to_its_date(fits: str, remarks: int) -> None:
    document = replace(small_document(), note="因数字有误，本件更正驻政办函〔2022〕1号，原件同时废止")
    text = [words for _, words in document.body] + [document.signature, "2022年11月1日"]
    note = ["（因数字有误，本件更正驻政办函〔2022〕1号，原件同", "时废止）"]

    def paginate(trial: OfficialDocument) -> list[list[str]]:
        closer = trial.adjusted.gap < 300 and (fits == "gap" or trial.adjusted.pitch < 560)
        return [text + note] if closer and fits != "never" else [text + note[:1], note[1:]]

    said = fit(document, paginate).remarks
    assert len([one for one in said if one.startswith("附注转入次页")]) == remarks
    assert ("附注仍转入次页，请精简附注。" in said) == (fits == "never")
    assert not [one for one in fit(replace(document, note=""), paginate).remarks if "附注" in one]


def test_a_signature_alone_is_brought_to_its_text() -> None:
    document = small_document()
    text, tail = [words for _, words in document.body], [document.signature, "2022年11月1日"]

    def breaks_until_the_gap_is_small(trial: OfficialDocument) -> list[list[str]]:
        return [text, tail] if trial.adjusted.gap > 300 else [text + tail]

    fitting = fit(document, breaks_until_the_gap_is_small)
    assert fitting.remarks == ("落款单独成页，已将落款前空行压缩为半行。",)
    hopeless = fit(document, lambda _trial: [text, tail])
    assert hopeless.document.adjusted.tighter == {len(text) - 1}
    assert "落款与正文不在同一页，请增删文字。" in hopeless.remarks


@pytest.mark.parametrize("lines", range(1, 50))
def test_the_estimate_keeps_the_last_line_with_the_signature(lines: int) -> None:
    document = replace(small_document(), body=tuple((0, "甲" * 26) for _ in range(lines)), note="")
    assert any("甲" in line for line in estimated_pages(document)[-1])


def test_a_last_line_of_one_character_is_drawn_up() -> None:
    document = replace(small_document(), body=((0, "甲" * 54 + "乙。"),))
    fitting = fit(document, estimated_pages)
    assert fitting.document.adjusted.tighter == {0}
    assert "1段末行仅一字，已收紧字距。" in fitting.remarks


def test_figures_add_up_and_the_table_has_the_rows_that_the_text_counts() -> None:
    facts = city_facts(random.Random(7), forms=300, units=40)
    content = compute(CircularType.SUPERVISION, facts, scope=Scope(), calendar=CALENDAR)
    counts = content.counts
    assert sum(counts[work.value] for work in Work) == counts["total"]
    assert sum(counts[key] for key in NotBegun) == counts["not_started"]
    assert sum(counts[key] for key in PAPER_FIGURES.values()) == counts["reports_due"]
    table = _overdue_table(content)
    assert [source.unit for source in table.sources] == [row[1] for row in table.rows]
    assert len(table.rows) == counts["overdue"] == len(content.figures["overdue"].sources)
    for figure in content.figures.values():
        if figure.words.isdigit() and figure.sources and figure.key != "longest" and "count" not in figure.key:
            assert int(figure.words) == len(figure.sources), figure.key


def test_each_overdue_item_bears_its_own_day_and_its_own_fault_and_nought_working_days_are_no_number() -> None:
    facts = city_facts(random.Random(7), forms=300, units=40)
    line = next(line for line in facts.overdue if line.rows)
    span = line.spans[0]
    saturday = date(2022, 11, 5)
    old = replace(span, due_on=date(2022, 10, 10), correction=True, run=1)
    fresh = replace(span, due_on=date(2022, 11, 4), correction=False, run=1)
    facts = replace(facts, as_of=datetime(2022, 11, 5, 1, tzinfo=UTC), overdue=(replace(line, spans=(old, fresh)),))
    assert not CALENDAR.is_workday(saturday)
    rows = _overdue_table(compute(CircularType.SUPERVISION, facts, scope=Scope(), calendar=CALENDAR)).rows
    assert [(row[0], row[5], row[6]) for row in rows] == [
        ("1", "2022年10月10日", "19"),
        ("", "2022年11月4日", "已过时限"),
    ]
    assert [row[4].endswith("（未补正）") for row in rows] == [True, False]
    letter = compute(CircularType.RECTIFICATION, facts, scope=Scope(line.unit), calendar=CALENDAR)
    assert [row[4] for row in letter.tables[0].rows[:2]] == ["退回后逾期19个工作日未补正", "已过时限未报"]


@pytest.mark.parametrize("kind", [CircularType.SUPERVISION, CircularType.SPECIAL, CircularType.URGE])
def test_no_paper_says_that_something_is_nought_working_days_overdue(kind: CircularType) -> None:
    facts = city_facts(random.Random(7), forms=300, units=40)
    day = facts.as_of.date()
    line = replace(facts.overdue[0], due_on=day)
    line = replace(line, spans=tuple(replace(span, due_on=day) for span in line.spans))
    scope = Scope(line.unit) if kind is CircularType.URGE else Scope()
    content = compute(kind, replace(facts, overdue=(line,)), scope=scope, calendar=CALENDAR)
    said = "".join(content.fill(words) for _level, words in word(content, letterhead(kind)).statements)
    assert "0个工作日" not in said
    assert _overdue_table(content).rows[0][6] == "已过时限"


@pytest.mark.parametrize("kind", [CircularType.SUPERVISION, CircularType.SPECIAL, CircularType.URGE])
def test_of_what_is_overdue_for_equally_long_none_is_said_to_be_the_longest(kind: CircularType) -> None:
    facts = city_facts(random.Random(7), forms=300, units=40)
    day = facts.as_of.date() - timedelta(days=14)
    unit = facts.overdue[0].unit
    lines = [replace(one, unit=unit, due_on=day, spared=None, internal=False) for one in facts.overdue[:3]]

    def said(*overdue: OverdueFact) -> str:
        scope = Scope(unit) if kind is CircularType.URGE else Scope()
        content = compute(kind, replace(facts, overdue=overdue), scope=scope, calendar=CALENDAR)
        text = "".join(content.fill(words) for _level, words in word(content, letterhead(kind)).statements)
        return "".join(re.findall(r"[。，](列名的)?(均?已逾期|逾期最长的已达)\d+个工作日", text)[0])

    assert said(*lines[:1]) == "已逾期"
    assert said(*lines) == "均已逾期"
    assert said(*lines[:2], replace(lines[2], due_on=day - timedelta(days=7))) == "逾期最长的已达"
    if kind is not CircularType.URGE:
        spared = replace(lines[2], unit="领导小组", spared="市级领导小组")
        assert said(*lines[:2], spared) == "列名的均已逾期"
        assert said(lines[0], spared) == "列名的已逾期"


def _overdue_table(content: Content) -> Table:
    return next(table for table in content.tables if table.kind == "overdue")


_FORMS = st.sampled_from([0, 1, 2, 6, 12])
# A number that others are held against stands although it is nought.
_COMPARED = {"previous_overdue", "overdue"}


@given(st.integers(0, 999), _FORMS, _FORMS, st.integers(1, 3), st.sampled_from(["supervision", "special", "notice"]))
@settings(max_examples=30, phases=[Phase.generate])
def test_no_paper_counts_what_is_not_there_or_the_units_where_there_is_one(
    seed: int, forms: int, before: int, units: int, type_name: str
) -> None:
    kind = CircularType(type_name)
    facts = city_facts(random.Random(seed), forms=forms + 1, units=units)
    then = Previous("驻政办督〔2022〕1号", city_facts(random.Random(seed + 1), forms=before + 1, units=units))
    scope = Scope(document=facts.tasks[0].document) if kind is CircularType.NOTICE else Scope()
    try:
        content = compute(kind, facts, scope=scope, calendar=CALENDAR, previous=then)
    except NothingToSay:
        assert kind is CircularType.NOTICE
        assert not any(task.goes_on for task in facts.tasks)
        return
    statements = [words for _level, words in word(content, letterhead(kind)).statements]
    empty = {token for words in statements for token in tokens(words) if content.figures[token].words == "0"}
    assert empty <= _COMPARED
    said = "".join(map(content.fill, statements))
    assert re.search(r"(?<!\d)1个单位\d+份", said) is None
    for name, key in (("免报", "waived"), ("待批", "pending"), ("随办结待审", "held")):
        deducted = re.search(r"扣除(.*?)后的", said)
        assert deducted is None or (name in deducted[1]) == (content.counts[key] > 0)


@pytest.mark.parametrize(
    ("filed", "words"),
    [
        (0, "共3项，均因文件到期待收尾"),
        (1, "共3项，均文件到期未办结（待收尾2项、已归档1项）"),
        (3, "共3项，均文件到期未办结并已归档"),
    ],
)
def test_what_lapsed_and_was_put_on_file_is_waited_for_no_more(filed: int, words: str) -> None:
    facts = city_facts(random.Random(7), forms=3, units=2)
    lapsed = [WorkClass(Work.LAPSED, WorkReason.ARCHIVED if n < filed else None) for n in range(3)]
    tasks = tuple(replace(task, work=work) for task, work in zip(facts.tasks, lapsed, strict=True))
    content = compute(CircularType.SUPERVISION, replace(facts, tasks=tasks), scope=Scope(), calendar=CALENDAR)
    said = "".join(
        content.fill(line) for _level, line in word(content, letterhead(CircularType.SUPERVISION)).statements
    )
    assert words in said
    assert len(ordered(CircularType.NOTICE, tasks)) == 3 - filed


@pytest.mark.parametrize("going", [0, 1])
def test_a_notice_orders_nothing_of_what_lapsed_and_says_so_though_no_closing_report_is_owed(going: int) -> None:
    facts = city_facts(random.Random(7), forms=3, units=2)
    works = [WorkClass(Work.BEHIND if n < going else Work.LAPSED) for n in range(3)]
    tasks = tuple(replace(task, work=work, closing=()) for task, work in zip(facts.tasks, works, strict=True))
    facts, scope = replace(facts, tasks=tasks, overdue=()), Scope(document=tasks[0].document)
    if not going:
        with pytest.raises(NothingToSay):
            compute(CircularType.NOTICE, facts, scope=scope, calendar=CALENDAR)
        return
    content = compute(CircularType.NOTICE, facts, scope=scope, calendar=CALENDAR)
    said = "".join(content.fill(line) for _level, line in word(content, letterhead(CircularType.NOTICE)).statements)
    assert "所依据文件已经到期的事项不再按期报送。反馈由牵头单位按附件所列频次报送" in said


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        (("99-01", "99-02"), "1份反馈被退回（2项次）"),
        (("99-01", ""), "1份反馈被退回（2项次，其中1项次系对其他配合事项的一并确认）"),
        (("",), "1份反馈被退回（1项次，系对其他配合事项的一并确认）"),
    ],
)
def test_a_tick_that_was_given_back_is_told_as_no_item(codes: tuple[str, ...], words: str) -> None:
    city = city_facts(random.Random(7), forms=1, units=1)
    returns = tuple(ReturnFact(filing_id=1, item_code=code, reason="佐证不足", event=9) for code in codes)
    facts = replace(city, forms=(replace(city.forms[0], returns=returns),))
    for kind in (CircularType.SUPERVISION, CircularType.SPECIAL):
        content = compute(kind, facts, scope=Scope(), calendar=CALENDAR)
        assert words in "".join(content.fill(line) for _level, line in word(content, letterhead(kind)).statements)


def test_few_reports_give_counts_and_no_rate() -> None:
    few = city_facts(random.Random(1), forms=4, units=2)
    many = city_facts(random.Random(1), forms=60, units=9)
    for facts, told in ((few, False), (many, True)):
        content = compute(CircularType.SUPERVISION, facts, scope=Scope(), calendar=CALENDAR)
        assert ("rate" in content.figures) is told


def test_a_scope_that_is_missing_or_empty_is_refused() -> None:
    facts = replace(city_facts(random.Random(2), forms=5, units=2), forms=(), overdue=(), tasks=())
    for kind, scope, error in (
        (CircularType.URGE, Scope(), ScopeMissing),
        (CircularType.BREAKDOWN, Scope(), ScopeMissing),
        (CircularType.NOTICE, Scope(), ScopeMissing),
        (CircularType.URGE, Scope(unit="市商务局"), NothingToSay),
    ):
        with pytest.raises(error):
            compute(kind, facts, scope=scope, calendar=CALENDAR)


@pytest.mark.parametrize("state", list(EditionState))
@pytest.mark.parametrize("action", list(EditionAction))
def test_an_edition_moves_only_along_its_way(state: EditionState, action: EditionAction) -> None:
    allowed = {
        ("draft", "submit"),
        ("draft", "discard"),
        ("submitted", "send_back"),
        ("submitted", "approve"),
        ("approved", "send_back"),
        ("approved", "issue"),
        ("issued", "correct"),
        ("issued", "withdraw"),
        *((state, "redraft") for state in ("draft", "submitted", "approved")),
    }
    if (state.value, action.value) in allowed:
        assert advance_edition(state, action) is not state
    else:
        with pytest.raises(EditionRefused):
            advance_edition(state, action)


def test_the_first_office_has_paper_for_every_type_and_numbers_as_the_standard_writes_them() -> None:
    assert {head.type for head in letterheads() if head.office == "office"} == set(CircularType)
    assert letterhead(CircularType.SUPERVISION).number(2022, 3) == "驻政办督〔2022〕3号"
    assert letterhead(CircularType.SPECIAL).number(2022, 3) == "第3期"
    with pytest.raises(NoSuchLetterhead):
        letterhead(CircularType.URGE, office="nobody")


def test_a_serial_brief_to_the_units_has_its_own_name_and_issues_and_is_copied_to_others() -> None:
    head = letterhead(CircularType.SUPERVISION, office="brief")
    assert (head.mark, head.form, head.number(2022, 20)) == ("政务督查", Form.BRIEF, "第20期")
    assert head.series not in {one.series for one in letterheads() if one is not head}
    up = replace(small_document(), form=Form.BRIEF, addressees="", copies="市政府领导同志")
    for document, label in ((up, "报送："), (replace(up, addressees="各县区人民政府"), "抄送：")):
        cells = [cell.text for table in Document(BytesIO(render(document))).tables for cell in table._cells]
        assert f"{label}市政府领导同志。" in cells


def test_a_document_is_named_within_a_title() -> None:
    assert (
        matter_of("驻马店市人民政府办公室关于印发《2022年驻马店市招商引资工作方案》的通知")
        == "《2022年驻马店市招商引资工作方案》"
    )
    assert matter_of("关于印发驻马店市林业有害生物灾害应急预案的通知") == "《驻马店市林业有害生物灾害应急预案》"
    assert matter_of("驻马店市人民政府办公室关于科学绿化的实施意见") == "《关于科学绿化的实施意见》"
    assert matter_of("驻马店市人民政府关于开展消费季活动的通知") == "《关于开展消费季活动的通知》"
    assert matter_of("李书记关于外贸企业用工的批示") == "《李书记关于外贸企业用工的批示》"
    assert matter_of("市政府第12次常务会议纪要") == "《市政府第12次常务会议纪要》"
    assert matter_of(None) == ""


def test_the_cut_off_s_day_is_the_day_of_the_document() -> None:
    facts = replace(city_facts(random.Random(4), forms=9, units=3), as_of=datetime(2022, 10, 31, 16, 30, tzinfo=UTC))
    content = compute(CircularType.SPECIAL, facts, scope=Scope(), calendar=CALENDAR)
    assert content.figures["until"].words == "2022年11月1日"
    assert date(2022, 11, 1) == small_document().dated_on


def test_a_row_longer_than_a_page_may_go_over_two_and_one_that_may_not_is_found() -> None:
    columns = (Column("序号", 844), Column("事项", 8000))
    long = Annex("清单", columns, (("1", "甲"), ("2", "逐项落实工作要求，" * 180)))
    docx = render(replace(small_document(), annexes=(long,)))
    rows = Document(BytesIO(docx)).tables[0].rows
    kept = [row._tr.find(".//{*}cantSplit") is not None for row in rows]
    assert kept == [True, True, False]
    assert deviations(docx) == []
    assert (
        "附件“清单”有1行较长，已允许跨页断行。"
        in fit(replace(small_document(), annexes=(long,)), estimated_pages).remarks
    )
    unsplit = with_xml(
        docx,
        '<w:tr><w:tc><w:tcPr><w:tcW w:w="844"',
        '<w:tr><w:trPr><w:cantSplit/></w:trPr><w:tc><w:tcPr><w:tcW w:w="844"',
    )
    assert any("第2行高过一页" in words for words in deviations(unsplit))


def test_a_count_and_a_list_of_names_never_share_a_figure() -> None:
    facts = city_facts(random.Random(11), forms=80, units=12)
    content = compute(CircularType.SUPERVISION, facts, scope=Scope(), calendar=CALENDAR)
    for key, count in content.counts.items():
        if key in content.figures:
            assert content.figures[key].words == str(count), key


@pytest.mark.timeout(20)
@pytest.mark.parametrize("organs", ["", "驻马店市教育局 驻马店市财政局 "])
def test_a_title_that_nobody_writes_is_broken_at_once(organs: str) -> None:
    title = organs + "关于重点工作推进情况的督查通报" * 100
    lines = title_lines(title)
    assert "".join(lines) == title
    assert all(len(line) <= 20 for line in lines)
