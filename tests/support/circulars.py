"""Circulars for tests: a small document, and cities made up at random."""

import random
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.circulars.facts import Addressed, Facts, FormFact, OverdueFact, OverdueSpan, ReturnFact, TaskFact
from tracker.domain.circulars.led import LeadPart, OwnPart
from tracker.domain.circulars.row_facts import RowFact
from tracker.domain.owed import Paper
from tracker.domain.progress import Work, WorkClass
from tracker.domain.responsibility import Responsibility
from tracker.paper.documents import Annex, Column, OfficialDocument

_SHAPE = re.compile(rb"<mc:AlternateContent>.*?<mc:Fallback>(.*?)</mc:Fallback></mc:AlternateContent>", re.DOTALL)
AS_OF = datetime(2022, 11, 1, 1, 0, tzinfo=UTC)
_NAMES = "商务科技教育财政民政林业水利交通卫健文旅统计审计应急气象邮政烟草税务粮储残联妇联䶮㙟𠮷喆堃"
_WORDS = "推进落实建立完善加快深化优化开展组织实施平台机制项目产业开放创新服务环境工作方案体系改革试点示范园区企业人才"


def small_document() -> OfficialDocument:
    return OfficialDocument(
        mark="驻马店市人民政府办公室文件",
        number="驻政办督〔2022〕1号",
        title="驻马店市人民政府办公室关于重点工作推进情况的督查通报",
        addressees="各县区人民政府，市直有关部门",
        body=((0, "现将有关情况通报如下："), (1, "一、总体情况"), (0, "纳入督查的事项共235项，已办结12项。")),
        signature="驻马店市人民政府办公室",
        dated_on=date(2022, 11, 1),
        print_office="驻马店市人民政府办公室",
        annexes=(Annex("逾期未报事项清单", (Column("序号", 844), Column("事项", 8000)), (("1", "甲"),)),),
        copies="市委办公室，市人大常委会办公室",
        note="联系人：张三，联系电话：0396-1234567",
    )


_PAPERS = (
    Paper.UNREPORTED,
    Paper.UNREPORTED,
    Paper.LATE,
    Paper.ON_TIME,
    Paper.ON_TIME,
    Paper.UNDER_REVIEW,
    Paper.CORRECTION,
    Paper.CORRECTION_OVERDUE,
    Paper.PENDING,
    Paper.HELD,
    Paper.WAIVED,
)


def city_facts(made: random.Random, *, forms: int, units: int) -> Facts:
    """Make up a city: forms in every class, some overdue for long; names with rare characters among them."""
    names = [f"市{''.join(made.sample(_NAMES, made.randint(2, 8)))}局" for _ in range(units)]
    tasks, found, overdue = [], [], []
    for n in range(forms):
        unit = made.randrange(units)
        task = _task(made, n, lead=names[unit], others=names)
        form = _form(made, n, task, unit=names[unit], unit_order=unit)
        tasks.append(task)
        found.append(form)
        if form.moment <= AS_OF and form.paper in (Paper.UNREPORTED, Paper.CORRECTION_OVERDUE):
            overdue.append(_overdue(made, form))
    return Facts(
        AS_OF,
        forms + 2,
        tuple(tasks),
        tuple(sorted(found, key=lambda form: (form.unit_order, form.moment))),
        tuple(sorted(overdue, key=lambda line: (line.unit_order, line.since))),
    )


def mixed_city_facts(made: random.Random, *, forms: int, units: int) -> tuple[Facts, frozenset[str]]:
    """Make up a city in which who reports, who leads and who may be ordered differ; return also the last of these.

    Every third unit is asked by letter, every sixth a leading group, which may be ordered and is not blamed.
    """
    facts = city_facts(made, forms=forms, units=units)
    names = sorted({task.leads[0] for task in facts.tasks})
    letters, groups = frozenset(names[2::3]), frozenset(names[3::6])
    spared = {**dict.fromkeys(letters, "垂直管理单位"), **dict.fromkeys(groups, "领导小组（指挥部）")}
    orderable = frozenset(names) - letters
    tasks = tuple(_led_by(made, task, names=names, orderable=orderable) for task in facts.tasks)
    overdue = tuple(replace(line, spared=spared.get(line.unit)) for line in facts.overdue)
    return replace(facts, tasks=tasks, overdue=overdue), orderable


def _led_by(made: random.Random, task: TaskFact, *, names: list[str], orderable: frozenset[str]) -> TaskFact:
    leads = tuple(made.sample(names, min(len(names), made.randint(1, 2))))
    due_on = local_day(AS_OF) + timedelta(days=made.randint(-5, 20))
    return replace(
        task,
        leads=leads,
        parts=tuple(led_part(task.task_id, name, task.work) for name in leads),
        orderable=tuple(name for name in leads if name in orderable),
        named=Responsibility(leads, (), first_listed=made.random() < 0.3, drafted=made.random() < 0.2, called=leads),
        closing=tuple((name, due_on) for name in leads if made.random() < 0.7),
    )


def facts_about(facts: Facts, unit: str, *, may_be_ordered: bool) -> Facts:
    """Return the part of a city that a paper about one unit is made of."""
    own = tuple(
        replace(
            task,
            own=OwnPart(leads=unit in task.leads, awaits_receipt=False),
            closing=tuple(one for one in task.closing if one[0] == unit),
        )
        for task in facts.tasks
        if unit in task.leads or task.task_id % 3 == 0
    )
    return replace(
        facts,
        tasks=own,
        forms=tuple(form for form in facts.forms if form.unit == unit),
        overdue=tuple(line for line in facts.overdue if line.unit == unit),
        unit=Addressed(unit, may_be_ordered, "请以函商请"),
    )


def led_part(task_id: int, unit: str, work: WorkClass, *, may_be_blamed: bool = True) -> LeadPart:
    """Return the part of a lead whose own work stands as `work`."""
    return LeadPart(task_id=task_id, unit=unit, unit_order=0, may_be_blamed=may_be_blamed, work=work)


def _task(made: random.Random, n: int, *, lead: str, others: list[str]) -> TaskFact:
    work = WorkClass(made.choice(list(Work)), own_claim=made.random() < 0.2)
    return TaskFact(
        task_id=n,
        item_code=f"{made.choice((48, 49, 52))}-{n + 1:02}",
        label=f"三（{made.randint(1, 9)}）",
        title="".join(made.choice(_WORDS) for _ in range(made.choice((6, 12, 24, 60)))),
        document=made.choice(("驻政办〔2022〕48号", "驻政办〔2022〕49号", "驻政〔2022〕52号")),
        document_title="驻马店市人民政府办公室关于印发《2022年驻马店市招商引资工作方案》的通知",
        issued_on=date(2022, 8, 16),
        work=work,
        leads=(lead,),
        parts=(led_part(n, lead, work),),
        orderable=(lead,),
        named=Responsibility(
            (lead,),
            tuple(made.sample(others, min(len(others), made.randint(0, 6)))),
            first_listed=False,
            called=(lead,),
        ),
        deadline=made.choice(("—", "2022年12月31日")),
        cadence="每月",
        targets=made.choice(("", "签约项目不低于400个")),
        events=(n + 1,),
    )


def _form(made: random.Random, n: int, task: TaskFact, *, unit: str, unit_order: int) -> FormFact:
    due_on = local_day(AS_OF) + timedelta(days=made.randint(-50, 20))
    paper = made.choice(_PAPERS) if due_on < local_day(AS_OF) else Paper.NOT_DUE
    waiting = paper in (Paper.UNREPORTED, Paper.CORRECTION, Paper.CORRECTION_OVERDUE, Paper.NOT_DUE)
    row = RowFact(
        task_id=task.task_id,
        item_code=task.item_code,
        label=task.label,
        title=task.title,
        paper=paper,
        reason="佐证不足" if paper in (Paper.CORRECTION, Paper.CORRECTION_OVERDUE) else None,
    )
    return FormFact(
        series_id=n,
        period_id=n,
        unit=unit,
        unit_order=unit_order,
        document=task.document,
        rhythm="每月",
        label=made.choice(("2022年9月", "2022年第35周（8月29日—9月4日）")),
        due_on=due_on,
        moment=end_of_day(due_on),
        paper=paper,
        late=paper is Paper.LATE or made.random() < 0.1,
        reported=not waiting and paper is not Paper.WAIVED,
        returns=made.choice(((), (), _returned(n, task))),
        rows=(row,) if waiting and made.random() < 0.9 else (),
        events=(n + 1, n + 2),
    )


def _returned(n: int, task: TaskFact) -> tuple[ReturnFact, ...]:
    """Two rows of one filing, given back for different reasons."""
    return tuple(
        ReturnFact(filing_id=n, item_code=task.item_code, reason=reason, event=n + 3 + place)
        for place, reason in enumerate(("佐证不足", "无实质内容"))
    )


def _overdue(made: random.Random, form: FormFact) -> OverdueFact:
    return OverdueFact(
        series_id=form.series_id,
        period_id=form.period_id,
        unit=form.unit,
        unit_order=form.unit_order,
        document=form.document,
        due_on=form.due_on,
        since=form.moment,
        spans=(
            OverdueSpan(
                label=form.label,
                run=made.choice((1, 1, 3, 12)),
                in_a_row=made.random() < 0.5,
                act=made.random() < 0.5,
                correction=form.paper is Paper.CORRECTION_OVERDUE,
                due_on=form.due_on,
                rows=form.rows,
            ),
        ),
        row_ids=frozenset({form.period_id}),
        events=form.events,
    )


def with_xml(docx: bytes, before: str, after: str) -> bytes:
    """Return the file with some of its XML changed."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(docx)) as given, zipfile.ZipFile(packed, "w") as made:
        for name in given.namelist():
            made.writestr(name, given.read(name).replace(before.encode(), after.encode()))
    return packed.getvalue()


def without_shapes(docx: bytes) -> bytes:
    """Return the file as a program reads it that knows no drawn shapes: with what stands in for them."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(docx)) as given, zipfile.ZipFile(packed, "w") as made:
        for name in given.namelist():
            made.writestr(name, _SHAPE.sub(rb"\1", given.read(name)))
    return packed.getvalue()
