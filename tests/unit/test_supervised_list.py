"""The list of a supervision notice says of each item where it stands, and what exactly clears its line."""

import random
from dataclasses import replace
from datetime import date

import pytest

from tests.support.circulars import AS_OF, city_facts, led_part
from tracker.domain.circulars.facts import Addressed, Facts, OverdueFact, OverdueSpan, TaskFact
from tracker.domain.circulars.led import OwnPart
from tracker.domain.circulars.row_facts import RowFact
from tracker.domain.circulars.supervised import supervised
from tracker.domain.owed import Paper
from tracker.domain.progress import Work, WorkClass, WorkReason

_WHEN, _STANDS, _CLEARS = 4, 5, 6


def _task(work: WorkClass, **changed: object) -> TaskFact:
    task = city_facts(random.Random(3), forms=1, units=1).tasks[0]
    own = {"task_id": 7, "leads": ("市商务局",), "deadline": "2022年12月31日", "work": work, **changed}
    return replace(task, **own)  # type: ignore[arg-type]  # by name


def _line(*, unit: str = "市商务局", correction: bool = False, run: int = 1, task_id: int = 7) -> OverdueFact:
    row = RowFact(task_id=task_id, item_code="48-07", label="三（一）", title="招商", paper=Paper.UNREPORTED)
    span = OverdueSpan(
        label="2022年9月",
        run=run,
        in_a_row=True,
        act=False,
        correction=correction,
        due_on=date(2022, 10, 10),
        rows=(row,),
    )
    return OverdueFact(
        series_id=1,
        period_id=2,
        unit=unit,
        unit_order=1,
        document="驻政办〔2022〕48号",
        due_on=span.due_on,
        since=AS_OF,
        spans=(span,),
        events=(41,),
    )


def _row(task: TaskFact, *overdue: OverdueFact, unit: Addressed | None = None) -> tuple[str, ...]:
    [row] = supervised(Facts(AS_OF, 9, (task,), (), overdue, unit), (task,)).rows
    return row


@pytest.mark.parametrize(
    ("work", "stands", "clears"),
    [
        (WorkClass(Work.ON_SCHEDULE), "达序时", "按期办结并报送办结报告"),
        (WorkClass(Work.ON_SCHEDULE, own_claim=True), "达序时（自报）", "按期办结并报送办结报告"),
        (WorkClass(Work.BEHIND), "未达序时", "赶上序时进度"),
        (WorkClass(Work.OVERDUE_WORK), "逾期未办结", "报送办结情况"),
        (WorkClass(Work.OVERDUE_WORK, WorkReason.UNCORRECTED), "逾期未办结", "补正办结报告"),
        (WorkClass(Work.AWAITING_FIGURES, WorkReason.FIGURES), "到期待核数", "报送核定数据"),
        (WorkClass(Work.AWAITING_FIGURES, WorkReason.COMPLETION_REPORT), "到期待核数", "报送办结报告"),
        (WorkClass(Work.COMPLETION_PENDING, WorkReason.UNDER_REVIEW), "办结待审", "办结报告正在审核，暂不需办理"),
        (WorkClass(Work.COMPLETION_PENDING, WorkReason.UNDER_CORRECTION), "办结待审", "补正办结报告"),
        (WorkClass(Work.SUSPENDED), "中止", "中止期间不需办理"),
        (WorkClass(Work.NOT_STARTED, WorkReason.NOT_RECEIVED), "报送期限未到", "按期办结并报送办结报告"),
    ],
)
def test_each_class_says_what_is_to_be_brought(work: WorkClass, stands: str, clears: str) -> None:
    row = _row(_task(work))
    assert (row[_STANDS], row[_CLEARS]) == (stands, clears)


def test_who_leads_signs_for_its_part_and_is_named_where_several_lead() -> None:
    task = _task(WorkClass(Work.NOT_STARTED, WorkReason.NOT_RECEIVED))
    [lead] = task.leads
    waits = replace(led_part(7, lead, task.work), awaits_receipt=True)
    assert _row(replace(task, parts=(waits,)))[_CLEARS] == "签收；按期办结并报送办结报告"
    two = replace(task, leads=(lead, "市财政局"), parts=(waits, led_part(7, "市财政局", task.work)))
    assert _row(two)[_CLEARS] == f"{lead}签收；按期办结并报送办结报告"
    assert _row(replace(task, parts=(led_part(7, lead, task.work),)))[_CLEARS] == "按期办结并报送办结报告"


def test_what_was_given_back_is_to_be_corrected_before_anything_else() -> None:
    task = _task(WorkClass(Work.NOT_STARTED))
    [lead] = task.leads
    row = _row(replace(task, parts=(replace(led_part(7, lead, task.work), returned=True),)))
    assert (row[_STANDS], row[_CLEARS]) == ("反馈已退回", "补正退回的反馈；按期办结并报送办结报告")


def test_what_has_no_deadline_is_reported_by_its_rhythm() -> None:
    row = _row(_task(WorkClass(Work.ONGOING), deadline="—"))
    assert (row[_WHEN], row[_CLEARS]) == ("每月", "按频次报送进展")
    assert _row(_task(WorkClass(Work.ONGOING)))[_WHEN] == "2022年12月31日；每月"
    assert _row(_task(WorkClass(Work.ONGOING), deadline="—", cadence="—"))[_WHEN] == "—"


def test_a_lapsed_item_names_who_hands_in_its_closing_report_by_when() -> None:
    closing = (("市商务局", date(2023, 1, 12)), ("市财政局", date(2023, 1, 12)))
    told = _row(_task(WorkClass(Work.LAPSED), closing=closing))[_CLEARS]
    assert told == "市商务局于2023年1月12日（含）前报送收尾报告；市财政局于2023年1月12日（含）前报送收尾报告"


def test_what_is_overdue_of_an_item_is_named_with_its_periods_and_nothing_of_others() -> None:
    task = _task(WorkClass(Work.UNKNOWN))
    others = (_line(unit="市财政局"), _line(task_id=8))
    assert _row(task, *others)[_CLEARS] == "按期办结并报送办结报告"
    told = _row(task, _line(run=3), *others)[_CLEARS]
    assert told == "补报2022年9月起连续3期反馈；按期办结并报送办结报告"
    assert _row(task, _line(correction=True))[_CLEARS].startswith("补正2022年9月反馈；")
    [source] = supervised(Facts(AS_OF, 9, (task,), (), (_line(), *others)), (task,)).sources
    assert (41 in source.events, source.status) == (True, "因反馈逾期情况不明")


def test_of_a_paper_about_a_unit_its_own_part_is_cleared() -> None:
    unit = Addressed("市财政局", may_be_ordered=True, instead="请以函商请")
    task = _task(WorkClass(Work.BEHIND), own=OwnPart(leads=False, awaits_receipt=True))
    told = _row(task, _line(unit="市财政局"), unit=unit)[_CLEARS]
    assert told == "签收；补报2022年9月反馈；配合牵头单位，按要求反馈"
    leads = _task(WorkClass(Work.BEHIND), own=OwnPart(leads=True, awaits_receipt=False))
    assert _row(leads, unit=unit)[_CLEARS] == "赶上序时进度"
