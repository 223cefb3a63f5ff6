"""Tasks that several units lead, for papers: each lead with its own class and its own reports."""

import random
from dataclasses import replace
from datetime import date

from tests.support.circulars import city_facts, led_part
from tracker.domain.circulars.facts import TaskFact
from tracker.domain.circulars.results import Result
from tracker.domain.claims import CauseClass, Claim
from tracker.domain.progress import Work, WorkClass
from tracker.wording.work import CAUSE_NAMES


def behind_task(
    n: int, cause: CauseClass | None, *, named: bool = True, internal: bool = False, own: bool = False
) -> TaskFact:
    """A task that its lead called behind for a recorded cause."""
    task = city_facts(random.Random(n), forms=1, units=1).tasks[0]
    told = Result(
        unit=f"市{n}局",
        claim=Claim.BEHIND,
        fact="9月28日召开推进会1次",
        values=("截至2022年9月30日，签约项目3个（目标不低于9个）",),
        cause_class=cause,
        cause_words=CAUSE_NAMES[cause] if cause else "",
        cause="前期分解不细",
        told_on=date(2022, 10, 8),
        events=(n, n + 1),
    )
    work = WorkClass(Work.BEHIND, own_claim=own)
    return replace(
        task,
        task_id=n,
        item_code=f"48-{n}",
        title=f"第{n}件事",
        leads=(f"市{n}局",),
        parts=(led_part(n, f"市{n}局", work, may_be_blamed=named),),
        work=work,
        results=(told,),
        internal=internal,
    )


def led_beside(task: TaskFact, *others: tuple[str, WorkClass, str]) -> TaskFact:
    """Let other units lead a task too, each with its own class and what it reported."""
    parts = tuple(led_part(task.task_id, unit, work) for unit, work, _fact in others)
    told = tuple(
        Result(unit=unit, claim=Claim.ONGOING_ACTIVE, fact=fact, told_on=date(2022, 10, 8))
        for unit, _work, fact in others
    )
    units = tuple(unit for unit, _work, _fact in others)
    named = replace(task.named, leads=(*task.leads, *units), called=(*task.leads, *units))
    return replace(
        task,
        leads=(*task.leads, *units),
        parts=(*task.parts, *parts),
        results=(*task.results, *told),
        named=named,
    )
