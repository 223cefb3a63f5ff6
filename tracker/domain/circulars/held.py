"""Who has to take the next step with an item 「待谁办理」, as an annex says it to its readers, and since which day.

A unit is waited for while it owes something: a form or a correction, a signature for its part, a completion. Nobody is
whom the office may not order, or whom no paper may criticise.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from tracker.domain.calendar import full_date, local_day
from tracker.domain.circulars.facts import Facts, TaskFact
from tracker.domain.circulars.led import LeadPart
from tracker.domain.circulars.work_done import behind
from tracker.domain.claims import CauseClass
from tracker.domain.courts import MOST_NAMED, Court, Holder
from tracker.domain.deadlines import due_day, is_whole_day
from tracker.domain.progress import Work, WorkReason

NOBODY = "—"
_HOLDERS: Mapping[Holder, str] = {Holder.OFFICE: "市政府督查室", Holder.LEADER: "市政府领导", Holder.EVENT: "待触发"}
# What work waits for that is behind for a cause which is not the unit's; of its own and others it is the unit.
_WAITS_FOR: Mapping[CauseClass, str] = {
    CauseClass.AWAITS_POLICY: "待上级文件或者政策出台",
    CauseClass.AWAITS_FUNDS: "待资金落实",
    CauseClass.UPSTREAM: "待上级或者其他单位办理",
    CauseClass.OUT_OF_SEASON: "待季节适宜",
    CauseClass.LITIGATION: "待诉讼了结",
    CauseClass.FORCE_MAJEURE: "待不可抗力影响消除",
    CauseClass.UNCLEAR_DUTY: "待市政府督查室明确职责",
}
_BY_CAUSE = "（登记的原因）"
_CORRECTS = (WorkReason.UNDER_CORRECTION, WorkReason.UNCORRECTED)


def held(task: TaskFact, facts: Facts) -> str:
    """Say who has to take the next step, and since when; nothing of what has ended or waits for nobody.

    Of what the office confirmed to be behind for causes outside of its leads it says what that waits for: no lead holds
    up what its superiors have not decided. In a paper to all causes are not told, and nobody is said to hold it up.
    """
    court, now = task.court, facts.as_of
    if court.unit is None:
        names = dict.fromkeys(_HOLDERS.get(one.holder, NOBODY) for one in court.every)
        return _since(list(names), {court.since_day}, now)
    if facts.to_all and any(behind((task,))):
        return NOBODY
    if outside := _outside(task):
        return f"{'、'.join(outside)}{_BY_CAUSE}"
    waited = [(part.unit, _day(task, part, one, now)) for part, one in _units(task) if _is_waited_for(task, part, one)]
    return _since([unit for unit, _day in waited], {day for _unit, day in waited}, now)


def _units(task: TaskFact) -> Iterable[tuple[LeadPart, Court]]:
    """Return the leads that have the ball alike, in official order."""
    courts = {one.unit: one for one in task.court.every}
    return [(part, courts[part.unit]) for part in task.parts if part.unit in courts]


def _is_waited_for(task: TaskFact, part: LeadPart, court: Court) -> bool:
    if not part.may_be_blamed or part.unit not in task.orderable:
        return False
    owes = court.presses_at is not None or part.awaits_receipt
    return owes or part.work.work is Work.OVERDUE_WORK or part.work.reason in _CORRECTS


def _day(task: TaskFact, part: LeadPart, court: Court, now: datetime) -> date | None:
    """Return since which day a unit is waited for: the one after what it owes fell due, else when it got the ball."""
    at = court.presses_at
    if at is None and part.work.work is Work.OVERDUE_WORK and part.work.reason not in _CORRECTS:
        return task.due_on + timedelta(days=1) if task.due_on is not None else None
    if at is None or at > now:
        return local_day(court.since) if court.since is not None else None
    return due_day(at) + timedelta(days=1) if is_whole_day(at) else local_day(at)


def _since(names: list[str], days: set[date | None], now: datetime) -> str:
    """Name each, or how many there are, with a day where it is that of all."""
    if not names or names == [NOBODY]:
        return NOBODY
    told = "、".join(names) if len(names) <= MOST_NAMED else f"牵头单位{len(names)}家"
    since = days.pop() if len(days) == 1 else None
    if since is None:
        return told
    return f"{told}（{full_date(since)[0 if since.year != local_day(now).year else 5 :]}起）"


def _outside(task: TaskFact) -> tuple[str, ...]:
    """Return what work that is behind waits for outside of its leads; nothing where one has no such cause recorded."""
    late = next(iter(behind((task,))), None)
    if late is None or len(late.results) < len(late.parts):
        return ()
    causes = dict.fromkeys(one.cause_class for one in late.results)
    told = tuple(_WAITS_FOR[cause] for cause in causes if cause is not None and cause in _WAITS_FOR)
    return told if len(told) == len(causes) else ()
