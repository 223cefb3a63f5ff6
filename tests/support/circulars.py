"""Circulars for tests: a small document, and cities made up at random."""

import random
from datetime import UTC, date, datetime, timedelta

from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.circulars import Facts, PeriodFact, TaskFact
from tracker.paper.official import Annex, Column, OfficialDocument

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


def city_facts(made: random.Random, *, periods: int, units: int) -> Facts:
    """Make up a city: some reports in time, some late, some owed; names with rare characters among them."""
    names = [f"市{''.join(made.sample(_NAMES, made.randint(2, 8)))}局" for _ in range(units)]
    day = local_day(AS_OF)
    tasks, found = [], []
    for n in range(periods):
        unit = made.randrange(units)
        title = "".join(made.choice(_WORDS) for _ in range(made.choice((6, 12, 24, 60))))
        document = made.choice(("驻政办〔2022〕48号", "驻政办〔2022〕49号", "驻政〔2022〕52号"))
        tasks.append(
            TaskFact(
                task_id=n,
                item_code=f"{made.choice((48, 49, 52))}-{n + 1:02}",
                label=f"三（{made.randint(1, 9)}）",
                title=title,
                document=document,
                document_title="驻马店市人民政府办公室关于印发《2022年驻马店市招商引资工作方案》的通知",
                issued_on=date(2022, 8, 16),
                done=made.random() < 0.1,
                leads=(names[unit],),
                supports=tuple(made.sample(names, min(len(names), made.randint(0, 6)))),
                deadline=made.choice(("—", "2022年12月31日")),
                cadence="每月",
                targets=made.choice(("", "签约项目不低于400个")),
                events=(n + 1,),
            )
        )
        due_on = day + timedelta(days=made.randint(-50, 20))
        state = made.choice(("owed", "owed", "late", "in time"))
        found.append(
            PeriodFact(
                task_id=n,
                item_code=tasks[-1].item_code,
                title=title,
                document=document,
                unit=names[unit],
                unit_order=unit,
                code="2022-09",
                label=made.choice(("2022年9月", "2022年第35周（8月29日—9月4日）")),
                starts_on=day - timedelta(days=60),
                due_on=due_on,
                due_at=end_of_day(due_on),
                owed=state == "owed",
                late=state == "late",
                nil=state != "owed" and made.random() < 0.2,
                returned=made.choice((0, 0, 1)),
                return_reason=made.choice((None, "佐证不足")) if state == "owed" else None,
                extended=False,
                ended=False,
                events=(n + 1, n + 2),
            )
        )
    return Facts(AS_OF, periods + 2, tuple(tasks), tuple(sorted(found, key=lambda p: (p.unit_order, p.due_at))))
