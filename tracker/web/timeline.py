"""What happened on a task, in words: the event's name, and what of its facts a reader wants."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.calendar import local_words
from tracker.domain.owed import RowState
from tracker.domain.triggers import told_late
from tracker.event_words import late_words
from tracker.messages import CADENCE_NAMES, RETURN_REASONS
from tracker.moments import day_words, due_words, inclusive
from tracker.store.queries.tasks import TaskEvent
from tracker.web.catalogue import CLAIMS, DUE_CAUSES, EDITION_ACTS, EVENTS, OUTCOMES, REQUEST_KINDS, SETTLED
from tracker.work_words import lead_opinion_words, points_told


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    occurred_at: datetime
    actor: str
    name: str
    words: str


def timeline(events: tuple[TaskEvent, ...]) -> tuple[TimelineEntry, ...]:
    """Word the events of a task, in their order."""
    return tuple(
        TimelineEntry(
            event.occurred_at,
            " ".join(part for part in (event.actor_unit, event.actor) if part),
            EVENTS[event.type],
            _WORDS.get(event.type, _said)(event.facts),
        )
        for event in events
    )


def _said(facts: Mapping[str, object]) -> str:
    return str(facts.get("reason") or "")


def _joined(*parts: str) -> str:
    return "，".join(part for part in parts if part)


def _moment(value: object) -> str:
    return due_words(datetime.fromisoformat(str(value)), today=None) if value else ""


def _day(value: object) -> str:
    return day_words(date.fromisoformat(str(value)), today=None) if value else "未定"


def _filed(facts: Mapping[str, object]) -> str:
    claim, outcome = facts.get("claim"), facts.get("outcome")
    return _joined(
        f"自报{CLAIMS[str(claim)]}" if claim else "",
        OUTCOMES[str(outcome)] if outcome else "",
        "迟报" if facts.get("late") and facts.get("first") else "",
    )


def _verified(facts: Mapping[str, object]) -> str:
    claim, own = facts.get("claim"), facts.get("own_claim")
    lowered = f"自报{CLAIMS[str(own)]}，核定{CLAIMS[str(claim)]}" if claim and own and claim != own else ""
    return _joined(lowered or (f"核定{CLAIMS[str(claim)]}" if claim else ""), _said(facts))


def _lead_verified(facts: Mapping[str, object]) -> str:
    claim = facts.get("claim")
    said = lead_opinion_words(str(facts["opinion"]), str(claim) if claim else None, _said(facts))
    return _joined(
        str(facts["lead_name"]), f"自报{CLAIMS[str(facts['own_claim'])]}" if facts.get("own_claim") else "", said
    )


def _given_back(facts: Mapping[str, object]) -> str:
    by = f"{inclusive(date.fromisoformat(str(facts['correct_by'])), today=None)}前补正"
    if facts.get("unfit"):
        by += "；两次无实质内容，记为未按要求报送"
    return _joined(f"{RETURN_REASONS[str(facts['reason_class'])]}：{_said(facts)}", by)


def _moved(facts: Mapping[str, object]) -> str:
    change = f"由{_moment(facts['old_due_at'])}调至{_moment(facts['new_due_at'])}"
    return _joined(DUE_CAUSES.get(str(facts["cause"]), ""), change, _said(facts))


def _requested(facts: Mapping[str, object]) -> str:
    until = f"至{_moment(facts['new_due_at'])}" if facts.get("new_due_at") else ""
    claim, own = facts.get("claim"), facts.get("own_claim")
    lowered = f"自报{CLAIMS[str(own)]}，核定{CLAIMS[str(claim)]}" if claim and own else ""
    restored = f"恢复自报{CLAIMS[str(claim)]}" if claim and not own else ""
    return _joined(REQUEST_KINDS[str(facts["kind"])] + until, lowered or restored, _said(facts))


def _settled(facts: Mapping[str, object]) -> str:
    return _joined(SETTLED[RowState(str(facts["state"]))], _said(facts))


def _completed(facts: Mapping[str, object]) -> str:
    let_pass = facts.get("let_pass")
    return _joined(OUTCOMES[str(facts["outcome"])], f"放行理由：{let_pass}" if let_pass else "")


def _deadline(facts: Mapping[str, object]) -> str:
    return _joined(f"由{_day(facts['old_on'])}改为{_day(facts['new_on'])}", _said(facts))


def _points_set(facts: Mapping[str, object]) -> str:
    return _joined(points_told(facts), _said(facts))


def _outage(facts: Mapping[str, object]) -> str:
    from_at, until_at = (local_words(datetime.fromisoformat(str(facts[name]))) for name in ("from_at", "until_at"))
    return _joined(f"{from_at}至{until_at}", _said(facts))


def _interval(facts: Mapping[str, object]) -> str:
    return _joined(CADENCE_NAMES[str(facts["interval"])], _said(facts))


def _superseded(facts: Mapping[str, object]) -> str:
    by_item = facts.get("by_item")
    return f"{facts['by_number']}" + (f"，由事项{by_item}承接" if by_item else "，不再列入")


_WORDS: Mapping[str, Callable[[Mapping[str, object]], str]] = {
    "report.filed": _filed,
    "report.verified": _verified,
    "report.lead_verified": _lead_verified,
    "report.given_back": _given_back,
    "due.moved": _moved,
    "request.asked": _requested,
    "request.granted": _requested,
    "request.refused": _requested,
    "row.settled": _settled,
    "task.completed": _completed,
    "task.deadline_changed": _deadline,
    "schedule.points_set": _points_set,
    "task.interval_set": _interval,
    "outage.recorded": _outage,
    "task.superseded": _superseded,
    "trigger.recorded": lambda facts: _joined(str(facts["matter"]), late_words(told_late(facts))),
    "circular.changed": lambda facts: _joined(EDITION_ACTS[str(facts["act"])], str(facts["words"])),
    "lateness.fixed": lambda facts: "迟报" if facts["late"] else "按时",
    "question.answered": lambda facts: str(facts["answer"]),
}
