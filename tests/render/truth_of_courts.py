"""Who has the next step with an item, and since which day, recomputed from the city then by the rules of the ledger."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from tests.render.city_then import Share, Task, at_utc, day_of, last_day, said_day
from tests.render.paper_matter import Matter
from tests.render.truth_of_text import causes_of, differs
from tests.render.truth_of_waiting import rows_of
from tracker.domain.deadlines import is_whole_day

Faults = Iterator[str]
_LIVE = ("open", "returned", "filed")
_BY_CAUSE = "（登记的原因）"
_CAUSE_OF = {
    "待上级文件或者政策出台": "等待上级文件或政策", "待资金落实": "等待资金",
    "待上级或者其他单位办理": "上级或其他单位原因",
    "待季节适宜": "季节性原因", "待诉讼了结": "涉诉", "待不可抗力影响消除": "疫情等不可抗力",
    "待市政府督查室明确职责": "职责存在争议",
}  # fmt: skip
_NOBODYS = ("completed", "closed", "archived", "cancelled", "suspended")
_LATEST = datetime.max.replace(tzinfo=UTC)


def faults_of_holder(task: Task, words: str, of: Matter) -> Faults:
    """Hold who is waited for, and since when, against the rows, reports and requests of the leads."""
    leads = sorted(of.leads(task), key=lambda one: one.unit.order)
    hands = [_hand(share, of) for share in leads]
    least = min((rank for rank, _who, _since in hands), default=None)
    alike = [(share, since) for share, (rank, _who, since) in zip(leads, hands, strict=True) if rank == least]
    first = None if least is None else least[0]
    if words.endswith(_BY_CAUSE):
        yield from _waits_for(task, words.removesuffix(_BY_CAUSE).split("、"), of)
        yield from differs(f"{task.code} held by a unit", first is not None and first != 1, True)
        return
    # A paper about a lead tells the class of its own part, which `flask state` does not give beside those of others.
    is_of_a_part = of.unit is not None and len(task.live_leads) > 1
    if words == "—" and of.to_all and (is_of_a_part or of.confirmed_behind(task) is not False):
        return  # who waits for whom would tell whose own doing it is
    may_be = [(share, since) for share, since in alike if share.unit.is_blamed]
    if task.state in _NOBODYS:
        true = "—"
    elif task.dormant and not any(_live(share, of) for share in task.held):
        true = "待触发"
    elif first is None:
        true = "市政府督查室"
    elif first == 1:
        waits = sorted((since or _LATEST, who) for rank, who, since in hands if rank == least)
        names = list(dict.fromkeys(who for _since, who in waits))
        since = {day_of(since) for since, _who in (waits if len(names) > 1 else waits[:1])}
        true = _said(names, {*since}, of)
    else:
        owing = [(share, since) for share, since in may_be if first == 0 or share in task.unsigned]
        days = {_day(share, since, of) for share, since in owing}
        true = _said([share.unit.short for share, _since in owing], days, of)
    # A completion that is missing or corrected is asked of whose part stands so, whatever rows say.
    if first not in (None, 1) and (task.work in ("overdue_work", "completion_pending") or of.is_open(task)):
        printed = set(words.split("（")[0].split("、"))
        if printed <= {"—", *(share.unit.short for share, _since in may_be)}:
            return
    yield from differs(f"{task.code} held by", words, true)


def _waits_for(task: Task, told: list[str], of: Matter) -> Faults:
    """Hold what a row says that work waits for against the causes that its leads recorded, as accepted."""
    known = {cause.split("（")[0] for share in of.leads(task) for cause in causes_of(share)}
    yield from differs(f"{task.code} confirmed behind", of.confirmed_behind(task) is False, False)
    yield from differs(f"{task.code} waits for, without such a cause", {_CAUSE_OF[one] for one in told} - known, set())


def _said(names: list[str], days: set[date | None], of: Matter) -> str:
    if not names:
        return "—"
    told = "、".join(names) if len(names) < 3 else f"牵头单位{len(names)}家"
    day = days.pop() if len(days) == 1 else None
    return told if day is None else f"{told}（{said_day(day)[0 if day.year != of.city.today.year else 5 :]}起）"


def _live(share: Share, of: Matter) -> bool:
    return any(row.state in _LIVE for row in rows_of(share, of))


def _pressing(share: Share, of: Matter) -> datetime | None:
    rows = [row for row in rows_of(share, of) if row.state in _LIVE and row.moment is not None]
    moments = [row.moment for row in rows if row.moment and (row.moment <= of.city.at or row.state == "returned")]
    return min(moments, default=None)


def _day(share: Share, since: datetime | None, of: Matter) -> date | None:
    """The day after what is owed fell due, else that on which the unit got the ball."""
    at = _pressing(share, of)
    if at is not None and at <= of.city.at:
        return last_day(at) + timedelta(days=1) if is_whole_day(at) else day_of(at)
    return since and day_of(since)


def _hand(share: Share, of: Matter) -> tuple[tuple[int, datetime], str, datetime | None]:
    """Who has the ball of one lead; of several the one that has pressed longest comes first, then the office."""
    presses = _pressing(share, of)
    filed = [one.filed_at for one in share.said if one.state == "filed" and one.filed_at]
    waiting = [(at, by_leader) for state, at, _decided, by_leader in share.asked if state == "pending"]
    rows = [of.city.rows[row.id] for row in rows_of(share, of) if row.state in _LIVE]
    pending = [at for row in rows if (at := at_utc(row["pending_at"])) is not None]
    office = min([*filed, *pending, *(at for at, _by in waiting)], default=None)
    if presses is None and office is not None:
        leader = bool(waiting) and min(waiting)[1] and not filed
        return (1, _LATEST), "市政府领导" if leader else "市政府督查室", office
    back = [one.decided_at for one in share.said if one.state in ("accepted", "returned") and one.decided_at]
    back += [decided for _state, _at, decided, _by in share.asked if decided]
    if share.got_on:
        back.append(datetime(share.got_on.year, share.got_on.month, share.got_on.day, tzinfo=UTC) - timedelta(hours=8))
    return (0, presses) if presses else (3, _LATEST), share.unit.short, max(back, default=None)
