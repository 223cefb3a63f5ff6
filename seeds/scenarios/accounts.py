"""What units of a scenario report: a claim, a value on or off schedule, one dated fact, a cause and a next step."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from seeds.scenarios.scenario import Conduct
from tracker.domain.calendar import full_date
from tracker.domain.cases import CaseCounts
from tracker.domain.claims import CauseClass, Claim, RowContent
from tracker.domain.filings import Outcome
from tracker.domain.items import Measure
from tracker.usecases.form_rows import Entry

_FACTS = (
    "{day}召开推进会1次，研究“{title}”，明确{n}项具体任务",
    "{day}印发工作通知，“{title}”已落实到{n}个责任科室",
    "{day}开展现场督导1次，走访{n}家单位，推动“{title}”落实",
    "{day}建立工作台账，登记“{title}”有关事项{n}项",
)
_CAUSES = (
    (CauseClass.AWAITS_FUNDS, "配套资金尚未到位", "衔接财政部门落实资金计划"),
    (CauseClass.OWN_WORK, "前期工作推进不够", "倒排工期，每周调度一次"),
    (CauseClass.UPSTREAM, "上级有关政策细则尚未下发", "主动对接上级主管部门"),
)


@dataclass(frozen=True, slots=True)
class TargetToReport:
    """One target of an item that a row may give a value for."""

    target_id: int
    op: str
    value: float
    measure: str | None

    @property
    def is_progress(self) -> bool:
        """Whether the number tells how far the work is; ceilings and grants do not."""
        return self.measure not in (None, Measure.GRANT.value, Measure.CEILING.value)


def entry_for(
    *,
    assignment_id: int,
    title: str,
    targets: Sequence[TargetToReport],
    conduct: Conduct,
    final: bool,
    scheduled: bool,
    counts_cases: bool,
    day: date,
) -> Entry:
    """Return what a unit says about one share on a day; the same share says the same on the same day."""
    seed = int.from_bytes(sha256(f"{assignment_id}/{day}".encode()).digest()[:4])
    behind = seed % 7 == 0 and scheduled and conduct is not Conduct.NIL
    values = _values(targets, day=day, behind=behind, final=final)
    claim = _claim(conduct, scheduled=scheduled, behind=behind, final=final)
    number = seed % 9 + 2
    fact = _FACTS[seed % len(_FACTS)].format(day=full_date(day - timedelta(days=seed % 5 + 1)), title=title, n=number)
    cause_class, cause, step = _CAUSES[seed % len(_CAUSES)]
    content = RowContent(
        claim=claim,
        text=f"{fact}。",
        cause_class=cause_class if claim is Claim.BEHIND else None,
        cause=cause if claim is Claim.BEHIND else "",
        next_step=step if claim is Claim.BEHIND else "",
        next_on=day + timedelta(days=30) if claim is Claim.BEHIND else None,
        cases=CaseCounts(number + 20, number + 20) if counts_cases else None,
    )
    outcome = (Outcome.UNMET if behind else Outcome.MET) if final else None
    return Entry(assignment_id=assignment_id, content=content, values=values, outcome=outcome)


def _claim(conduct: Conduct, *, scheduled: bool, behind: bool, final: bool) -> Claim:
    if final:
        return Claim.BEHIND if behind else Claim.DONE
    if behind:
        return Claim.BEHIND
    if scheduled:
        return Claim.ON_SCHEDULE
    return Claim.ONGOING_ACTIVE


def _values(
    targets: Sequence[TargetToReport], *, day: date, behind: bool, final: bool
) -> dict[int, tuple[float, date | None]]:
    """Give every number its value: on schedule for the day of the year, a fifth below where the unit is behind."""
    found: dict[int, tuple[float, date | None]] = {}
    for target in targets:
        if not target.is_progress:
            continue
        share = 1.0
        if target.measure == Measure.CUMULATIVE.value and not final:
            share = day.timetuple().tm_yday / 365
        factor = 0.8 if behind else 1.02
        found[target.target_id] = (round(target.value * share * factor, 2), day)
    return found
