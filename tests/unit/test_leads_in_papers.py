"""Each sentence and row of a paper tells a lead's own part: never what another lead did or left undone."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.support.circulars import led_part
from tests.support.led_tasks import behind_task, led_beside
from tests.support.office import CALENDAR
from tests.support.papers import annex, cells, said
from tracker.domain.calendar import end_of_day
from tracker.domain.circulars.content import Content, Scope
from tracker.domain.circulars.facts import Facts, OverdueFact, OverdueSpan, TaskFact
from tracker.domain.circulars.figures import compute
from tracker.domain.circulars.held import held
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.row_facts import RowFact
from tracker.domain.claims import CauseClass, Claim
from tracker.domain.courts import Court, Holder
from tracker.domain.items import LeadBasis
from tracker.domain.owed import Paper
from tracker.domain.progress import Work, WorkClass, WorkReason
from tracker.domain.responsibility import NamedUnit, responsibility
from tracker.paper.annex_columns import annexes, column_names

_HELD, _PROGRESS = "待谁办理（自何日起等待）", "最近经审核认可的进展"


def _of(tasks: tuple[TaskFact, ...], *, kind: CircularType = CircularType.SUPERVISION) -> Content:
    facts = Facts(datetime(2022, 11, 1, 1, tzinfo=UTC), 99, tasks, (), ())
    to_all = kind is CircularType.SUPERVISION
    return compute(kind, replace(facts, to_all=to_all), scope=Scope(), calendar=CALENDAR)


def test_nobody_is_named_for_what_another_lead_did_or_left_undone() -> None:
    ongoing = WorkClass(Work.ONGOING, WorkReason.ACTIVE)
    behind = led_beside(
        behind_task(1, CauseClass.OWN_WORK), ("市甲局", ongoing, "建成站点2个"), ("市乙局", ongoing, "")
    )
    past = replace(led_beside(behind_task(2, None), ("市丙局", ongoing, "")), work=WorkClass(Work.OVERDUE_WORK))
    past = replace(past, parts=(replace(past.parts[0], work=past.work), past.parts[1]))
    content = _of((behind, past))
    assert "列举如下：市2局承办的" in said(content)
    assert not [unit for unit in ("市1局", "市甲局", "市乙局", "市丙局") if unit in said(content)]
    assert [row[1] for row in annex(content, "items_behind").rows] == ["市2局", "市1局"]
    progress = cells(annex(content, "item_progress"), _PROGRESS)[0]
    assert "市1局：9月28日召开推进会1次" in progress
    assert "市甲局：建成站点2个" in progress


def test_of_several_leads_that_are_behind_each_has_its_own_cause() -> None:
    task = led_beside(
        behind_task(1, CauseClass.OWN_WORK),
        ("市甲局", WorkClass(Work.BEHIND), ""),
        ("市乙局", WorkClass(Work.BEHIND), ""),
    )
    upstream = replace(
        task.results[1], claim=Claim.BEHIND, cause_class=CauseClass.UPSTREAM, cause_words="上级或其他单位原因"
    )
    own = replace(task.results[2], claim=Claim.DIFFICULT, cause_class=CauseClass.OWN_WORK, cause_words="工作推进不力")
    content = _of((replace(task, results=(task.results[0], upstream, own)), behind_task(2, None)))
    assert "未达序时的2项。" in said(content), "one lead's own doing is told of none"
    to_all = annex(content, "items_behind")
    assert to_all.rows[0][1] == "市1局、市甲局、市乙局"
    [told, _alone] = cells(to_all, "进度")
    assert "市1局：截至2022年9月30日" in told
    few = annex(
        _of((replace(task, results=(task.results[0], upstream, own)),), kind=CircularType.SPECIAL), "items_behind"
    )
    [told_few] = cells(few, "进度和原因")
    assert ("市甲局：上级或其他单位原因" in told, "市甲局：上级或其他单位原因" in told_few) == (False, True)
    assert "工作推进不力" not in told + told_few


def test_what_was_handed_in_and_given_back_is_not_said_to_be_unreported() -> None:
    given_back = WorkClass(Work.OVERDUE_WORK, WorkReason.UNCORRECTED)
    never = WorkClass(Work.OVERDUE_WORK)

    def of(n: int, work: WorkClass) -> TaskFact:
        task = replace(behind_task(n, None), results=(), work=work)
        return replace(task, parts=(replace(task.parts[0], work=work),))

    alone, both = said(_of((of(1, given_back),))), said(_of((of(1, given_back), of(2, never))))
    assert "时限已过、办结情况退回后尚未补正的1项，列举如下：市1局承办的" in alone
    assert "未报" not in alone.split("、存在问题")[1].split("、报送情况")[0]
    assert "时限已过的2项，其中应报而未报办结情况的1项、退回后尚未补正的1项，均列举如下：" in both
    assert "市1局承办的" in both
    assert "，办结情况退回后尚未补正；" in both
    assert "时限已过、应报而未报办结情况的1项" in said(_of((of(2, never),)))


def test_a_lead_that_has_not_signed_is_told_whatever_the_others_did() -> None:
    task = led_beside(
        behind_task(1, CauseClass.OWN_WORK),
        ("市甲局", WorkClass(Work.NOT_STARTED), ""),
        ("市乙局", WorkClass(Work.ONGOING), ""),
    )
    parts = (task.parts[0], replace(task.parts[1], awaits_receipt=True), task.parts[2])
    late = replace(behind_task(2, None), work=WorkClass(Work.OVERDUE_WORK))
    late = replace(late, parts=(replace(late.parts[0], work=late.work, awaits_receipt=True),))
    spared = replace(behind_task(3, None, named=False), work=WorkClass(Work.UNKNOWN))
    spared = replace(spared, parts=(replace(spared.parts[0], awaits_receipt=True),))
    content = _of((replace(task, parts=parts), late, spared))
    assert "按牵头单位逐个统计，尚未签收2项次：市甲局1项、市2局1项；另有1项次不在此列名" in said(content)
    assert [row[1] for row in annex(content, "unreceived").rows] == ["市甲局", "市2局"]
    facts = Facts(datetime(2022, 11, 1, 1, tzinfo=UTC), 99, (replace(task, parts=parts), late), (), ())
    facts = replace(facts, to_all=True, official=("市2局", "市甲局"))
    official = compute(CircularType.SUPERVISION, facts, scope=Scope(), calendar=CALENDAR)
    assert "尚未签收2项次：市2局1项、市甲局1项" in said(official), "in official order, as the annex"
    assert [row[1] for row in annex(official, "unreceived").rows] == ["市2局", "市甲局"]


def test_the_text_counts_as_unsigned_what_the_annex_calls_so_and_the_rest_as_not_due() -> None:
    work = WorkClass(Work.NOT_STARTED, WorkReason.NOT_RECEIVED)

    def waiting(n: int, *, named: bool = True) -> TaskFact:
        task = behind_task(n, None, named=named)
        return replace(task, work=work, results=(), parts=(replace(task.parts[0], work=work, awaits_receipt=True),))

    content = _of((waiting(1), waiting(2), waiting(3, named=False)))
    assert "报送期限未到1项、牵头单位均未签收2项" in said(content)
    assert [row[4] for row in annex(content, "item_progress").rows] == ["市1局未签收", "市2局未签收", "报送期限未到"]


@pytest.mark.parametrize(
    ("causes", "held"),
    [
        ((CauseClass.UPSTREAM,), "待上级或者其他单位办理（登记的原因）"),
        ((CauseClass.AWAITS_FUNDS, CauseClass.LITIGATION), "待资金落实、待诉讼了结（登记的原因）"),
        ((CauseClass.OWN_WORK,), "市1局（10月11日起）"),
        ((CauseClass.UPSTREAM, CauseClass.OWN_WORK), "市1局（10月11日起）"),
        ((None,), "市1局（10月11日起）"),
    ],
)
def test_of_what_waits_for_others_no_annex_says_that_its_lead_holds_it(
    causes: tuple[CauseClass | None, ...], held: str
) -> None:
    since = datetime(2022, 10, 9, 1, tzinfo=UTC)
    leads = [behind_task(n, cause) for n, cause in enumerate(causes, 1)]
    task = replace(
        leads[0],
        parts=tuple(part for one in leads for part in one.parts),
        results=tuple(told for one in leads for told in one.results),
        court=Court(Holder.LIAISON, "市1局", since, presses_at=end_of_day(date(2022, 10, 10))),
        orderable=("市1局",),
    )
    to_all, to_few = _of((task,)), _of((task,), kind=CircularType.SPECIAL)
    assert cells(annex(to_few, "items_behind"), _HELD) == [held]
    told = {cells(annex(to_all, kind), _HELD)[0] for kind in ("items_behind", "item_progress")}
    assert told == {"—"}, "beside what waits for others it would tell everybody whose own doing the rest is"
    facts = Facts(datetime(2022, 11, 1, 1, tzinfo=UTC), 99, (task,), (), ())
    about = compute(CircularType.SUPERVISION, facts, scope=Scope(document=task.document), calendar=CALENDAR)
    assert {cells(annex(about, kind), _HELD)[0] for kind in ("items_behind", "item_progress")} == {"—"}
    assert "前期分解不细" not in str(annex(about, "items_behind").rows), (
        "everybody reads one about a published document"
    )
    office = replace(task, court=Court(Holder.OFFICE, since=since))
    content = _of((office,))
    assert cells(annex(content, "items_behind"), _HELD) == ["市政府督查室（10月9日起）"], "which has a report to review"


def test_of_two_leads_behind_one_cause_says_nothing_of_the_other() -> None:
    told, silent = behind_task(1, CauseClass.UPSTREAM), behind_task(2, None)
    since = datetime(2022, 10, 9, 1, tzinfo=UTC)
    task = replace(
        told,
        parts=(*told.parts, *silent.parts),
        court=Court(Holder.LIAISON, "市1局", since, presses_at=end_of_day(date(2022, 10, 10))),
        orderable=("市1局",),
    )
    assert cells(annex(_of((task,), kind=CircularType.SPECIAL), "items_behind"), _HELD) == ["市1局（10月11日起）"]


def test_the_heads_of_the_table_of_classes_stand_above_their_numbers() -> None:
    behind = behind_task(1, None)
    past = replace(behind_task(2, None), work=WorkClass(Work.OVERDUE_WORK))
    past = replace(past, parts=(replace(past.parts[0], work=past.work),))
    known = replace(behind_task(3, None), work=WorkClass(Work.UNKNOWN))
    content = _of((behind, past, replace(past, task_id=4), known))
    [table] = [one for one in annexes(content.tables) if one.title == "办理情况统计表"]
    heads = [column.head for column in table.columns]
    last = dict(zip(heads, table.rows[-1], strict=True))
    assert (last["合计"], last["未达序时"], last["逾期未办结"], last["情况不明"]) == ("4", "1", "2", "1")


def test_every_item_stands_in_the_annex_also_what_has_not_begun() -> None:
    waits = replace(behind_task(2, None), work=WorkClass(Work.NOT_STARTED), results=())
    content = _of((behind_task(1, None), waits))
    table = annex(content, "item_progress")
    assert [row[4] for row in table.rows] == ["未达序时", "报送期限未到"]
    assert cells(table, _PROGRESS)[1] == "—"
    assert len(table.rows) == sum(int(row[3]) for row in annex(content, "standing").rows if row[2] == "全部")


@pytest.mark.parametrize(
    ("work", "claims", "said"),
    [
        (WorkClass(Work.NOT_STARTED, WorkReason.NOT_DUE), (), "报送期限未到"),
        (WorkClass(Work.NOT_STARTED, WorkReason.NOT_DUE), (Claim.NOT_STARTED_YET,), "启动时间未到"),
        (WorkClass(Work.NOT_STARTED, WorkReason.NOT_DUE, own_claim=True), (), "启动时间未到（自报）"),
        (WorkClass(Work.NOT_STARTED, WorkReason.NOT_RECEIVED), (), "市1局未签收"),
        (WorkClass(Work.NOT_STARTED, WorkReason.WAITS_FOR_EVENT), (), "待触发"),
    ],
)
def test_of_whom_no_report_was_asked_yet_no_annex_says_that_nothing_began(
    work: WorkClass, claims: tuple[Claim, ...], said: str
) -> None:
    """A unit may be at work since the day it was told; nobody asked."""
    task = behind_task(1, None)
    if work.reason is WorkReason.NOT_RECEIVED:
        task = replace(task, parts=tuple(replace(part, awaits_receipt=True) for part in task.parts))
    told = tuple(replace(one, claim=claim) for one, claim in zip(task.results, claims, strict=False))
    [row] = annex(_of((replace(task, work=work, results=told),)), "item_progress").rows
    assert row[4] == said


@pytest.mark.parametrize("correction", [False, True])
def test_an_item_whose_form_stands_among_the_overdue_is_called_so_where_nothing_is_reported(correction: bool) -> None:
    """A form of lasting work turns its item into nothing: 「尚无报告」 stood beside a list that said 逾期未报."""
    item = replace(behind_task(1, None), work=WorkClass(Work.NOT_STARTED, WorkReason.NOT_DUE), results=())
    row = RowFact(task_id=1, item_code=item.item_code, label=item.label, title=item.title, paper=Paper.UNREPORTED)
    span = OverdueSpan(
        label="2022年9月",
        run=1,
        in_a_row=True,
        act=False,
        correction=correction,
        due_on=date(2022, 10, 10),
        rows=(row,),
    )
    line = OverdueFact(
        series_id=1,
        period_id=1,
        unit="市1局",
        unit_order=1,
        document=item.document,
        due_on=span.due_on,
        since=datetime(2022, 10, 10, 15, 59, tzinfo=UTC),
        spans=(span,),
    )
    owed = "反馈逾期未补正" if correction else "反馈逾期未报"
    for told, words in (((line,), owed), ((replace(line, unit="市乙局"),), "报送期限未到")):
        facts = Facts(datetime(2022, 11, 1, 1, tzinfo=UTC), 99, (item,), (), told)
        content = compute(CircularType.SUPERVISION, facts, scope=Scope(), calendar=CALENDAR)
        [cells] = annex(content, "item_progress").rows
        assert cells[4] == words
    spared = replace(line, spared="党委部门")
    facts = Facts(datetime(2022, 11, 1, 1, tzinfo=UTC), 99, (item,), (), (spared,))
    [cells] = annex(compute(CircularType.SUPERVISION, facts, scope=Scope(), calendar=CALENDAR), "item_progress").rows
    assert cells[4] == "报送期限未到", "whom no paper lists is not told so beside its name"


def test_what_was_not_due_yet_is_told_apart_from_silence_in_text_and_annex_alike() -> None:
    """118 of 119 rows said 「尚无报告」 while the forms of three alone had fallen due."""
    item = replace(behind_task(1, None), work=WorkClass(Work.NOT_STARTED, WorkReason.NOT_DUE), results=())
    [part] = item.parts
    silent = replace(part, silent=True, next_due=end_of_day(date(2022, 11, 3)))
    tasks = (
        replace(item, parts=(replace(part, next_due=end_of_day(date(2023, 1, 5))),)),
        replace(item, task_id=2),
        replace(item, task_id=3, parts=(silent,)),
        replace(item, task_id=4, parts=(replace(silent, returned=True),)),
    )
    content = _of(tasks)
    told = [row[4] for row in annex(content, "item_progress").rows]
    assert told == ["报送期限未到，2023年1月5日（含）前报送", "报送期限未到", "尚无报告", "反馈已退回"]
    assert "待启动或待报告（报送期限未到2项、尚无报告1项、反馈已退回1项）" in said(content)


@pytest.mark.parametrize("work", [Work.NOT_STARTED, Work.UNKNOWN])
def test_the_text_counts_what_stands_among_the_overdue_under_the_word_of_the_annex(work: Work) -> None:
    """Of one form 18 items were 情况不明, two 反馈逾期未报, which the text counted as not due, or unsigned."""
    item = replace(behind_task(1, None), work=WorkClass(work, WorkReason.NOT_RECEIVED), results=())
    item = replace(item, parts=tuple(replace(part, awaits_receipt=True) for part in item.parts))
    row = RowFact(task_id=1, item_code=item.item_code, label=item.label, title=item.title, paper=Paper.UNREPORTED)
    day = date(2022, 10, 10)
    span = OverdueSpan(label="2022年9月", run=1, in_a_row=True, act=False, correction=False, due_on=day, rows=(row,))
    line = OverdueFact(
        series_id=1,
        period_id=1,
        unit="市1局",
        unit_order=1,
        document=item.document,
        due_on=day,
        since=datetime(2022, 10, 10, 16, tzinfo=UTC),
        spans=(span,),
    )
    facts = Facts(datetime(2022, 11, 1, 1, tzinfo=UTC), 99, (item, behind_task(2, None)), (), (line,))
    content = compute(CircularType.SUPERVISION, facts, scope=Scope(), calendar=CALENDAR)
    word = annex(content, "item_progress").rows[0][4]
    assert word in ("反馈逾期未报", "因反馈逾期情况不明")
    assert word in said(content)
    assert "牵头单位未签收" not in said(content)


def _held(task: TaskFact, *, kind: CircularType = CircularType.SUPERVISION) -> str:
    facts = Facts(datetime(2022, 11, 1, 1, tzinfo=UTC), 99, (task,), (), ())
    return held(task, replace(facts, to_all=kind is CircularType.SUPERVISION))


def _owing(*units: str, due_on: date | None = date(2022, 10, 10), orderable: tuple[str, ...] | None = None) -> TaskFact:
    """Return lasting work that some units lead, each of which owes a form since a day, or nothing now."""
    ongoing = WorkClass(Work.ONGOING, WorkReason.ACTIVE)
    at = end_of_day(due_on) if due_on is not None else None
    first, *others = [Court(Holder.LIAISON, unit, datetime(2022, 8, 16, tzinfo=UTC), presses_at=at) for unit in units]
    return replace(
        behind_task(1, None),
        work=ongoing,
        leads=units,
        orderable=units if orderable is None else orderable,
        parts=tuple(led_part(1, unit, ongoing) for unit in units),
        results=(),
        court=replace(first, beside=tuple(others)),
    )


def test_leads_that_stand_alike_are_all_waited_for_from_the_day_after_what_they_owe_fell_due() -> None:
    assert _held(_owing("市1局", "市乙局")) == "市1局、市乙局（10月11日起）"
    assert _held(_owing("市1局", "市乙局", "市丙局")) == "牵头单位3家（10月11日起）"
    task = _owing("市1局", "市乙局")
    [other] = task.court.beside
    apart = replace(task.court, beside=(replace(other, presses_at=end_of_day(date(2022, 10, 12))),))
    assert _held(replace(task, court=apart)) == "市1局、市乙局"


def test_of_what_owes_nothing_now_no_unit_is_waited_for() -> None:
    """74 rows of lasting work in order read as if their units were waited for since their last report was taken."""
    task = _owing("市1局", due_on=None)
    assert _held(task) == "—"
    unsigned = replace(task, parts=tuple(replace(part, awaits_receipt=True) for part in task.parts))
    assert _held(unsigned) == "市1局（8月16日起）"
    corrects = replace(task.court, presses_at=end_of_day(date(2022, 11, 8)), since=datetime(2022, 10, 28, tzinfo=UTC))
    assert _held(replace(task, court=corrects)) == "市1局（10月28日起）", "from the day on which it was given back"


@pytest.mark.parametrize("kind", [CircularType.SUPERVISION, CircularType.SPECIAL])
def test_whom_the_office_may_not_order_no_paper_waits_for(kind: CircularType) -> None:
    """市气象局, 驻马店海关 and others stood in a paper to all as those who hold items up."""
    assert _held(_owing("市气象局", orderable=()), kind=kind) == "—"
    assert _held(_owing("驻马店海关", "市口岸办", orderable=("市口岸办",)), kind=kind) == "市口岸办（10月11日起）"
    spared = _owing("市委组织部")
    parts = tuple(replace(part, may_be_blamed=False) for part in spared.parts)
    assert _held(replace(spared, parts=parts), kind=kind) == "—"


def test_an_annex_leaves_out_what_no_row_says_and_says_what_it_lists() -> None:
    """「待谁办理」 was a blank beside every item, and 「进度和原因」 held no cause."""
    behind, past = behind_task(1, CauseClass.UPSTREAM), replace(behind_task(2, None), work=WorkClass(Work.OVERDUE_WORK))
    past = replace(past, parts=tuple(replace(part, work=past.work) for part in past.parts))
    behind = replace(behind, court=Court(Holder.LIAISON, "市1局"))
    to_all = annex(_of((behind,)), "items_behind")
    assert column_names(to_all) == ["序号", "责任单位", "事项", "依据文件", "办理情况", "进度"]
    assert to_all.title == "经审核确认未达序时事项清单"
    few = annex(_of((behind, past), kind=CircularType.SPECIAL), "items_behind")
    assert column_names(few)[5:] == [_HELD, "进度和原因"]
    assert few.title == "经审核确认未达序时和逾期未办结事项清单"
    assert annex(_of((past,)), "items_behind").title == "逾期未办结事项清单"
    [made] = annexes([to_all])
    assert [column.head for column in made.columns] == column_names(to_all)


def test_the_class_says_what_the_office_confirmed_to_be_behind_apart_from_what_units_say() -> None:
    """The text counted three as 未达序时, and the annex of that name had two."""
    confirmed, claimed = behind_task(1, None), behind_task(2, None, own=True)
    assert "未达序时（经审核确认1项、单位自报1项）" in said(_of((confirmed, claimed)))
    assert "未达序时（系单位自报）" in said(_of((claimed,)))
    assert "均未达序时；" not in said(_of((confirmed, behind_task(3, None))))


def test_a_unit_bears_one_name_in_a_row_whatever_the_document_calls_it() -> None:
    """市住房和建设局 was waited for as 市住建局 in the same row."""
    printed = [NamedUnit("市住房和建设局", "1", name="市住建局")]
    named = responsibility(basis=LeadBasis.FIRST_LISTED, printed=printed)
    task = replace(_owing("市住建局"), named=named)
    content = _of((task,))
    assert cells(annex(content, "item_progress"), "牵头（责任）单位") == ["市住建局（责任单位首位）"]
    assert cells(annex(content, "item_progress"), _HELD) == ["市住建局（10月11日起）"]
    assert named.leads == ("市住房和建设局（责任单位首位）",), "a list of what the text says has its words"
