"""What papers say of the work: by document, from accepted reports alone, with the causes that were recorded."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.support.led_tasks import behind_task
from tests.support.office import BY, CALENDAR, IN_TIME, OFFICE, City, open_city
from tests.support.papers import annex, cells, paper, said
from tests.support.played_autumn import ENDS_AT, PlayedAutumn
from tracker.domain.circulars.content import BETWEEN_CODES, Content, Figure, Scope
from tracker.domain.circulars.facts import Addressed, Facts, FormFact, ReturnFact, TaskFact
from tracker.domain.circulars.figures import compute
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.led import OwnPart
from tracker.domain.circulars.results import first_sentence
from tracker.domain.circulars.work_done import classes
from tracker.domain.claims import CauseClass, Claim
from tracker.domain.filings import ReturnReason
from tracker.domain.owed import Paper
from tracker.domain.progress import Work, WorkClass, WorkReason
from tracker.domain.quoting import quoted
from tracker.store.database import Database
from tracker.store.queries.citations import items_cited
from tracker.store.tables.documents import ItemRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.tasks import TaskRow
from tracker.usecases.returning import return_report

ON_THE_WORK = [CircularType.SUPERVISION, CircularType.SPECIAL]
_LATER = IN_TIME + timedelta(days=1)
_HOURS = timedelta(hours=3)
_BECAME = ("已认可", "审核中", "退回补正", "未补正", "待批")


@pytest.fixture(scope="module")
def autumn(played_autumn: PlayedAutumn, tmp_path_factory: pytest.TempPathFactory) -> Database:
    return played_autumn.open(ENDS_AT, tmp_path_factory.mktemp("work"))


@pytest.mark.parametrize("kind", ON_THE_WORK)
def test_each_task_stands_once_in_the_table_and_its_classes_add_up(autumn: Database, kind: CircularType) -> None:
    content = paper(autumn, kind)
    rows = annex(content, "standing").rows
    for row in rows:
        assert sum(int(cell) for cell in row[4:] if cell != "—") == int(row[3])
    *told, of_all = rows
    whole = {row[1]: int(row[3]) for row in told if row[2] == "全部"}
    assert of_all[:4] == ("", "合计", "全部", str(content.counts["total"]))
    assert sum(whole.values()) == content.counts["total"]
    for document, total in whole.items():
        assert sum(int(row[3]) for row in told if row[1] == document and row[2] != "全部") in (0, total)


@pytest.mark.parametrize("kind", ON_THE_WORK)
def test_every_result_stands_in_a_report_that_the_office_had_accepted(autumn: Database, kind: CircularType) -> None:
    content = paper(autumn, kind)
    results = [figure for figure in content.figures.values() if figure.key.startswith("results_")]
    assert len(results) > 2
    for figure in results:
        assert figure.sources
        for told in _reports(autumn, figure):
            assert first_sentence(told.text) in figure.words
            assert told.state == "accepted"
            assert (told.verified_claim or told.claim) in ("done", "on_schedule", "ongoing_active")


def _reports(database: Database, figure: Figure) -> Iterator[ReportRow]:
    """Yield the reports behind a figure by the events that it names: each left its unit and was accepted."""
    with database.reading() as session:
        for source in figure.sources:
            wanted = select(EventRow).where(col(EventRow.seq).in_(source.events)).order_by(col(EventRow.seq))
            filed, verified = session.scalars(wanted).all()
            assert (filed.type, verified.type) == ("report.filed", "report.verified")
            assert verified.occurred_at <= ENDS_AT
            of_filed, of_verified = (json.loads(event.payload)["report_id"] for event in (filed, verified))
            assert of_filed == of_verified
            yield session.get_one(ReportRow, of_filed)


def test_what_is_filed_and_undecided_or_given_back_is_no_result(database: Database) -> None:
    city = open_city(database)
    filing_id = city.file("swj")
    assert "印发通报" not in said(_supervised(city, at=IN_TIME + timedelta(minutes=1)))
    city.accept(filing_id, at=_LATER)
    accepted = _supervised(city, at=_LATER + timedelta(minutes=1))
    assert "印发通报1期" in said(accepted)
    assert "印发通报1期" in "".join(annex(accepted, "item_progress").rows[0])
    assert "印发通报" not in said(_supervised(city, at=IN_TIME + timedelta(minutes=1)))


def test_where_the_office_found_less_its_reason_stands_and_not_the_figure_that_it_refused(database: Database) -> None:
    city = open_city(database)
    filing_id = city.file("swj")
    city.accept(filing_id, at=_LATER, claim=Claim.BEHIND, reason="与统计口径不一致，按1次计。")
    content = _supervised(city, at=_LATER + timedelta(minutes=1))
    assert "未达序时的1项。" in said(content)
    assert cells(annex(content, "items_behind"), "进度") == ["—"], "why stands in papers to few, beside whom it is told"


def test_who_sends_again_what_has_no_substance_is_named_once_for_each_item(database: Database) -> None:
    city, empty = open_city(database), ReturnReason.NO_SUBSTANCE
    city.give_back(city.file("swj"), at=_LATER, reason_class=empty)
    assert "未按要求报送" not in said(_supervised(city, at=_LATER + timedelta(hours=1)))
    again = city.file("swj", at=_LATER + timedelta(hours=2))
    with database.transaction() as session:
        report_id = session.scalars(select(col(ReportRow.id)).where(col(ReportRow.filing_id) == again)).one() or 0
        return_report(
            session, report_id=report_id, reason="空", reason_class=empty, actor=OFFICE, at=_LATER + _HOURS, by=BY
        )
    content = _supervised(city, at=_LATER + 2 * _HOURS)
    assert "按未按要求报送登记的1项：市商务局1项" in said(content)


def test_of_a_report_that_is_given_back_nothing_is_told(database: Database) -> None:
    city = open_city(database)
    city.give_back(city.file("swj"), at=_LATER, reason_class=ReturnReason.NO_EVIDENCE)
    content = _supervised(city, at=_LATER + timedelta(minutes=1))
    assert "目前尚无经审核认可的进展情况" in said(content)
    assert "印发通报" not in said(content)


def _supervised(city: City, *, at: datetime) -> Content:
    return paper(city.database, CircularType.SUPERVISION, as_of=at)


def test_no_name_stands_beside_a_cause_that_is_the_units_own_doing() -> None:
    tasks = (
        behind_task(1, CauseClass.OWN_WORK),
        behind_task(2, CauseClass.UPSTREAM),
        behind_task(3, CauseClass.OWN_WORK, named=False),
        behind_task(4, CauseClass.OWN_WORK, internal=True),
        behind_task(5, None),
        behind_task(6, CauseClass.OWN_WORK, own=True),
    )
    content = _computed(tasks)
    words = said(content)
    assert (content.counts["behind_confirmed"], content.counts["behind_claimed"]) == (5, 1)
    assert "单位自报未达序时、尚未核定的1项，核定后写明进度。" in words
    assert "未达序时的5项。" in words
    assert "受其他单位影响" not in words, "what one of them waits for excuses no other"
    assert not [n for n in range(1, 7) if f"市{n}局" in words]
    assert [row[1] for row in annex(content, "items_behind").rows] == ["市1局", "市2局", "市5局"]
    for kind, with_words in ((CircularType.SUPERVISION, []), (CircularType.SPECIAL, ["市2局"])):
        told = annex(_computed(tasks, kind=kind), "items_behind").rows
        assert not [row for row in told if "工作推进不力" in row[-1]]
        assert [row[1] for row in told if "前期分解不细" in row[-1]] == with_words, "who waits for others, to few"
    upwards = _computed(tasks, kind=CircularType.SPECIAL)
    assert "市4局" in [row[1] for row in annex(upwards, "items_behind").rows], "leaders read what is internal"


def test_what_is_past_its_deadline_is_named_without_the_units_own_doing() -> None:
    work = WorkClass(Work.OVERDUE_WORK)
    task = behind_task(1, CauseClass.OWN_WORK)
    past = replace(task, work=work, parts=(replace(task.parts[0], work=work),))
    content = _computed((past, behind_task(2, CauseClass.UPSTREAM)))
    assert "列举如下：市1局承办的" in said(content)
    for words in (said(content), annex(content, "items_behind").rows[0][-1]):
        assert "工作推进不力" not in words
        assert "前期分解不细" not in words


@pytest.mark.parametrize(
    ("causes", "told"),
    [
        ([CauseClass.OWN_WORK], "未达序时的1项。"),
        ([CauseClass.UPSTREAM], "未达序时的1项。"),
        ([CauseClass.OWN_WORK, CauseClass.OWN_WORK], "未达序时的2项。"),
        ([CauseClass.OWN_WORK, CauseClass.UPSTREAM], "未达序时的2项。"),
        ([CauseClass.UPSTREAM, None], "未达序时的2项。"),
        ([CauseClass.UPSTREAM, CauseClass.OTHER], "未达序时的2项。"),
        ([CauseClass.UPSTREAM, CauseClass.UPSTREAM], "未达序时的2项，登记的原因有：上级或其他单位原因。"),
    ],
)
def test_causes_are_named_only_where_all_lie_outside_of_the_leads_as_what_is_left_says_whose_the_others_are(
    causes: list[CauseClass | None], told: str
) -> None:
    content = _computed(tuple(behind_task(n, cause) for n, cause in enumerate(causes, 1)))
    words = said(content)
    assert told in words
    assert "工作推进不力" not in words + str(content.tables)
    assert "要倒排工期" in words
    assert ("受其他单位影响" in words) == ("登记的原因" in told), "demands follow from what is told"
    table = annex(content, "items_behind")
    assert len(set(cells(table, "进度"))) == 1, "beside a cause a blank would tell whose own doing it is"
    assert "登记的原因" not in str(table.rows)


def test_leaders_are_told_the_cause_of_each_item_by_its_name_and_of_the_others_nothing() -> None:
    causes = (CauseClass.OWN_WORK, CauseClass.FORCE_MAJEURE, None, CauseClass.OTHER)
    tasks = tuple(behind_task(n, cause) for n, cause in enumerate(causes, 1))
    content = _computed((*tasks, behind_task(5, CauseClass.UPSTREAM, named=False)), kind=CircularType.SPECIAL)
    [told] = re.findall("据登记，([^。]*)。", said(content))
    assert told.endswith("“第2件事”未达序时的原因为疫情等不可抗力（前期分解不细）")
    assert not [n for n in (1, 3, 4, 5) if f"第{n}件事" in told]
    assert "登记的原因有" not in said(content)
    assert "建议由市政府协调解决" not in said(content), "what is drawn from a cause follows from one that is told"
    assert "据登记" not in said(_computed(tasks[:1], kind=CircularType.SPECIAL))


def test_what_is_past_its_deadline_bears_its_cause_in_papers_to_leaders_alone() -> None:
    work = WorkClass(Work.OVERDUE_WORK)
    tasks = (behind_task(1, CauseClass.OWN_WORK), behind_task(2, CauseClass.UPSTREAM))
    past = tuple(replace(task, work=work, parts=(replace(task.parts[0], work=work),)) for task in tasks)
    assert "原因为上级或其他单位原因" not in said(_computed(past)), "a blank beside it would tell whose own doing it is"
    assert said(_computed(past, kind=CircularType.SPECIAL)).count("原因为上级或其他单位原因") == 1


@pytest.mark.parametrize("spoilt", [False, True])
def test_a_paper_about_a_unit_names_causes_only_where_none_is_its_own_doing(spoilt: bool) -> None:
    own = OwnPart(leads=True, awaits_receipt=False)
    causes = [one for one in CauseClass if one not in (CauseClass.OWN_WORK, CauseClass.OTHER)]
    told = [*causes, *([CauseClass.OWN_WORK] if spoilt else [])]
    tasks = tuple(replace(behind_task(n, cause), own=own) for n, cause in enumerate(told, 1))
    facts = Facts(datetime(2022, 11, 1, 1, tzinfo=UTC), 99, tasks, (), ())
    facts = replace(facts, unit=Addressed("市某局", may_be_ordered=True, instead=""))
    content = compute(CircularType.SUPERVISION, facts, scope=Scope("市某局"), calendar=CALENDAR)
    assert f"未达序时的{len(tasks)}项{'。' if spoilt else '，登记的原因有：'}" in said(content)
    assert "工作推进不力" not in said(content)


def test_work_is_told_by_where_it_comes_from_and_what_is_internal_by_name_to_the_leaders_alone() -> None:
    meeting = {"document": "常务会〔2022〕6号", "document_title": "市政府第6次常务会议议定事项"}
    tasks = (
        behind_task(1, CauseClass.UPSTREAM),
        behind_task(2, CauseClass.UPSTREAM, internal=True),
        replace(behind_task(3, CauseClass.UPSTREAM, internal=True), **meeting),  # type: ignore[arg-type]  # by name
        replace(behind_task(4, None, internal=True), **meeting, work=WorkClass(Work.COMPLETED_MET)),  # type: ignore[arg-type]  # by name
    )
    to_all, upwards = said(_computed(tasks)), said(_computed(tasks, kind=CircularType.SPECIAL))
    told = "按来源分，文件部署的1项；会议议定、领导批示等3项，已办结1项、未达序时2项"
    assert f"{told}。" in to_all
    assert "第6次常务会议" not in to_all
    assert f"{told}，分别为：" in upwards
    assert "《市政府第6次常务会议议定事项》（常务会〔2022〕6号）2项，已办结1项、未达序时1项" in upwards
    for alike in (tasks[:1], tasks[1:]):
        assert "按来源分" not in said(_computed(alike)), "all of it comes from one kind of source"


def _computed(tasks: tuple[TaskFact, ...], *, kind: CircularType = CircularType.SUPERVISION) -> Content:
    facts = Facts(datetime(2022, 11, 1, 1, tzinfo=UTC), 99, tasks, (), ())
    return compute(kind, facts, scope=Scope(), calendar=CALENDAR)


def test_demands_follow_from_the_causes_that_were_recorded() -> None:
    demands = {
        CauseClass.UPSTREAM: "要主动衔接",
        CauseClass.AWAITS_FUNDS: "要提出资金需求",
        CauseClass.UNCLEAR_DUTY: "由牵头单位召集会商",
        CauseClass.FORCE_MAJEURE: "要调整工作安排",
    }
    for cause, words in demands.items():
        told = said(_computed((behind_task(1, cause), behind_task(2, cause))))
        assert [other for other in demands.values() if other in told] == [words]
        assert "要倒排工期" in told, "asked of all that is behind, whyever"


def test_what_is_behind_stands_with_its_number_its_day_and_what_was_expected_by_then(autumn: Database) -> None:
    """Its bureau stands in the annex: 49号's 346.8 over the year are 267.93 by 9 October (282 of 365 days)."""
    content = paper(autumn, CircularType.SUPERVISION)
    [told] = re.findall("进度为：([^。]*)。", said(content))
    assert "驻政办〔2022〕49号二“" in told
    pattern = r"截至2022年(10月\d+日)，[^（]*?([\d.]+)亿元（目标不低于346.8亿元，按序时应为([\d.]+)亿元）"
    [(day, value, expected)] = re.findall(pattern, told)
    assert float(value) < float(expected) < 346.8
    passed = (date(2022, 10, int(day.removeprefix("10月").removesuffix("日"))) - date(2021, 12, 31)).days
    assert abs(float(expected) - 346.8 * passed / 365) <= 0.01
    assert "招商投资促进局" not in told
    assert "按序时应为" in "".join(cells(annex(content, "items_behind"), "进度"))


def test_who_came_late_and_who_has_not_signed_is_named_unless_no_paper_blames_him(autumn: Database) -> None:
    content = paper(autumn, CircularType.SUPERVISION)
    late = annex(content, "came_late").rows
    assert len(late) == content.counts["late_named"] > 0
    for unit in {row[1] for row in late}:
        assert f"{unit}{sum(row[1] == unit for row in late)}期" in content.figures["late_list"].words
    for row in late:
        assert row[7] in _BECAME
        assert re.match(r"\S*[一二三四五六七八九十（）\d]+ \S|其他配合事项$", row[2])
    waiting = annex(content, "unreceived").rows
    assert sum(len(row[1].split("、")) for row in waiting) == content.counts["unreceived_named"] > 0


def test_nothing_internal_is_held_against_anybody_for_coming_late_or_saying_nothing_in_a_paper_to_all() -> None:
    returned = ReturnFact(filing_id=1, item_code="48-1", reason="无实质内容", event=5, unfit=True)
    open_to_all = FormFact(
        series_id=1,
        period_id=1,
        unit="市1局",
        unit_order=1,
        document="驻政办〔2022〕48号",
        rhythm="每月",
        label="2022年9月",
        due_on=date(2022, 10, 10),
        moment=datetime(2022, 10, 10, 16, tzinfo=UTC),
        paper=Paper.LATE,
        late=True,
        returns=(returned,),
    )
    internal = replace(open_to_all, period_id=2, unit="市2局", document="常务会〔2022〕6号", internal=True)
    facts = Facts(datetime(2022, 11, 1, 1, tzinfo=UTC), 99, (behind_task(1, None),), (open_to_all, internal), ())
    to_all = compute(CircularType.SUPERVISION, facts, scope=Scope(), calendar=CALENDAR)
    assert "首次报送即已逾期的1期：市1局1期；另有1期不在此列名。" in said(to_all)
    assert "未按要求报送登记的1项：市1局1项；另有1项不在此列名。" in said(to_all)
    assert [row[1] for row in annex(to_all, "came_late").rows] == ["市1局"]
    upwards = compute(CircularType.SPECIAL, facts, scope=Scope(), calendar=CALENDAR)
    assert "首次报送即已逾期的2期：市1局1期、市2局1期。" in said(upwards)


def test_of_what_lapsed_and_was_put_on_file_no_paper_says_that_its_end_is_waited_for() -> None:
    lapsed = replace(behind_task(1, None), work=WorkClass(Work.LAPSED))
    on_file = replace(behind_task(2, None), work=WorkClass(Work.LAPSED, WorkReason.ARCHIVED))
    done = replace(behind_task(3, None, internal=True), work=WorkClass(Work.COMPLETED_MET))
    assert classes((lapsed, on_file, done)) == "已办结1项、文件到期待收尾1项、文件到期已归档1项"
    rows = annex(_computed((lapsed, on_file)), "item_progress").rows
    assert [row[4] for row in rows] == ["文件到期待收尾", "文件到期已归档"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("9月28日印发通报1期。下一步继续。", "9月28日印发通报1期"),
        ("9月28日印发通报1期；10月2日又1期。", "9月28日印发通报1期"),
        ("9月28日印发通报1期", "9月28日印发通报1期"),
        ("长" * 91 + "。", ""),
        ("", ""),
    ],
)
def test_a_paper_says_the_first_sentence_of_a_report(text: str, sentence: str) -> None:
    assert first_sentence(text) == sentence


def test_facts_behind_figures_are_cited_as_papers_cite_them(autumn: Database) -> None:
    content = paper(autumn, CircularType.SUPERVISION)
    codes = {
        code
        for figure in content.figures.values()
        for source in figure.sources
        for code in source.item_code.split(BETWEEN_CODES)
        if re.fullmatch(r"\d+-\d+", code)
    }
    assert len(codes) > 100
    with autumn.reading() as session:
        cited = items_cited(session, codes)
        assert cited.keys() == codes
        for code in sorted(codes)[:20]:
            item = session.scalars(select(ItemRow).where(col(ItemRow.code) == code)).one()
            assert quoted(item.title) in cited[code].words
            assert session.get_one(TaskRow, cited[code].task_id).item_id == item.id
