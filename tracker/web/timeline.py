"""What happened on a task, in words: the event's name, and what of its facts a reader wants."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.calendar import local_words
from tracker.domain.owed import RowState
from tracker.domain.schedule_points import told_points
from tracker.domain.triggers import told_late
from tracker.store.queries.tasks import TaskEvent
from tracker.wording.accounts import act_words
from tracker.wording.catalogue import (
    CLAIMS,
    DRAFT_ACTS,
    DUE_CAUSES,
    EVENTS,
    OUTCOMES,
    REQUEST_KINDS,
    SETTLED,
)
from tracker.wording.codes import CADENCE_NAMES, EDITION_ACTS, RETURN_REASONS, STATE_NAMES
from tracker.wording.decisions import not_corrected_words
from tracker.wording.inquiries import OF_INSTRUCTIONS, asked_words, ended_words, told_instruction_words
from tracker.wording.joint import JOINT_TOLD
from tracker.wording.late_demands import late_words
from tracker.wording.moments import day_words, due_words, inclusive
from tracker.wording.namings import answer_words
from tracker.wording.work import lead_opinion_words, part_words, points_words


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One event; `about` names the unit on whose work somebody else acted."""

    occurred_at: datetime
    actor: str
    name: str
    words: str
    about: str = ""


def timeline(
    events: tuple[TaskEvent, ...], *, units: Mapping[int, str], writings: Collection[int] = ()
) -> tuple[TimelineEntry, ...]:
    """Word the events of a task, in their order; `units` names those that `units_of` finds in them.

    `writings` are the inquiries among them that are a leader's.
    """
    return tuple(
        TimelineEntry(
            event.occurred_at,
            " ".join(part for part in (event.actor_unit, event.actor) if part),
            _name(event, writings),
            _words(event, units),
            units.get(id_, "") if (id_ := _unit_acted_on(event)) is not None else "",
        )
        for event in events
    )


def units_of(events: Iterable[TaskEvent]) -> set[int]:
    """Return the units that the words of events name."""
    told = tuple(events)
    named = [event.facts.get(_NAMED_UNITS[event.type]) for event in told if event.type in _NAMED_UNITS]
    named += [event.facts.get(name) for event in told if event.type == _MOVED for name in _FROM_TO]
    named += map(_unit_acted_on, told)
    return {id_ for id_ in named if isinstance(id_, int)}


def _name(event: TaskEvent, writings: Collection[int]) -> str:
    of_leader = event.facts.get("inquiry_id") in writings
    return OF_INSTRUCTIONS.get(event.type, EVENTS[event.type]) if of_leader else EVENTS[event.type]


def _unit_acted_on(event: TaskEvent) -> int | None:
    """Return the unit of an event that somebody of no unit caused, and whose words do not name it anyway."""
    id_ = event.facts.get("unit_id")
    return id_ if isinstance(id_, int) and event.actor_unit is None and event.type not in _NAMED_UNITS else None


def _words(event: TaskEvent, units: Mapping[int, str]) -> str:
    if event.type in _OF_ACCOUNTS:
        ids = {name: event.facts.get(name) for name in _FROM_TO}
        names = {name: units.get(id_, "") for name, id_ in ids.items() if isinstance(id_, int)}
        return _joined(act_words(event.type, event.facts, names), _said(event.facts))
    if event.type not in _NAMED_UNITS:
        return _WORDS.get(event.type, _said)(event.facts)
    id_ = event.facts.get(_NAMED_UNITS[event.type])
    name = units.get(id_, "") if isinstance(id_, int) else ""
    return _joined(_OF_UNITS[event.type](name, event.facts), _said(event.facts))


def _said(facts: Mapping[str, object]) -> str:
    return str(facts.get("reason") or "")


def _joined(*parts: str) -> str:
    """Make one clause of several; what somebody wrote as a sentence ends it only where it stands last."""
    said = [part for part in parts if part]
    return "，".join([*(part.rstrip("。；，") for part in said[:-1]), *said[-1:]])


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
    outcome, own_outcome = facts.get("outcome"), facts.get("own_outcome")
    ends = (
        f"自报{OUTCOMES[str(own_outcome)]}，核定{OUTCOMES[str(outcome)]}" if own_outcome != outcome and outcome else ""
    )
    return _joined(lowered or (f"核定{CLAIMS[str(claim)]}" if claim else ""), ends, _said(facts))


def _lead_verified(facts: Mapping[str, object]) -> str:
    claim = facts.get("claim")
    said = lead_opinion_words(str(facts["opinion"]), str(claim) if claim else None, _said(facts))
    return _joined(
        str(facts["lead_name"]), f"自报{CLAIMS[str(facts['own_claim'])]}" if facts.get("own_claim") else "", said
    )


def _given_back(facts: Mapping[str, object]) -> str:
    # Events of earlier versions name a day also where the row of what had ended was not to be corrected any more.
    asked = facts.get("correct_by") and (facts.get("correction_due_at") or not facts.get("row_id"))
    reason_class, unfit = str(facts["reason_class"]), "；两次无实质内容，记为未按要求报送" if facts.get("unfit") else ""
    by = f"{inclusive(date.fromisoformat(str(facts['correct_by'])), today=None)}前补正" if asked else ""
    by = by or not_corrected_words(reason_class, reopened=bool(facts.get("reopened")))
    return _joined(f"{RETURN_REASONS[reason_class]}：{_said(facts)}", f"{by}{unfit}")


def _moved(facts: Mapping[str, object]) -> str:
    change = f"由{_moment(facts['old_due_at'])}调至{_moment(facts['new_due_at'])}"
    return _joined(DUE_CAUSES.get(str(facts["cause"]), ""), change, _said(facts))


def _requested(facts: Mapping[str, object]) -> str:
    until = f"至{_moment(facts['new_due_at'])}" if facts.get("new_due_at") else ""
    claim, own = facts.get("claim"), facts.get("own_claim")
    lowered = f"自报{CLAIMS[str(own)]}，核定{CLAIMS[str(claim)]}" if claim and own else ""
    restored = f"恢复自报{CLAIMS[str(claim)]}" if claim and not own else ""
    return _joined(REQUEST_KINDS[str(facts["kind"])] + until, lowered or restored, _said(facts))


def _petitioned(facts: Mapping[str, object]) -> str:
    until = f"至{_day(facts['new_due_on'])}" if facts.get("new_due_on") else ""
    ended = _PETITION_ENDS.get(str(facts.get("state")), "")
    return _joined(REQUEST_KINDS[str(facts["kind"])] + until, ended, _said(facts))


def _settled(facts: Mapping[str, object]) -> str:
    return _joined(SETTLED[RowState(str(facts["state"]))], _said(facts))


def _completed(facts: Mapping[str, object]) -> str:
    let_pass = facts.get("let_pass")
    return _joined(OUTCOMES[str(facts["outcome"])], f"放行理由：{let_pass}" if let_pass else "")


def _deadline(facts: Mapping[str, object]) -> str:
    return _joined(f"由{_day(facts['old_on'])}改为{_day(facts['new_on'])}", _said(facts))


def _plan_end(facts: Mapping[str, object]) -> str:
    old, new = (_day(facts[name]) if facts[name] else "无截止日期" for name in ("old_on", "new_on"))
    return _joined(f"由{old}改为{new}", _said(facts))


def _resumed(facts: Mapping[str, object]) -> str:
    return _joined(f"时限{_day(facts['new_deadline_on'])}" if facts.get("new_deadline_on") else "", _said(facts))


def _renamed(facts: Mapping[str, object]) -> str:
    return _joined(f"{facts['old_name']}更名为{facts['new_name']}，{_day(facts['valid_from'])}起", _said(facts))


def _corrected(facts: Mapping[str, object]) -> str:
    item = facts.get("item")
    return _joined(f"第{item}项" if item else "", DRAFT_ACTS[str(facts["act"])])


def _part(facts: Mapping[str, object]) -> str:
    return part_words(facts["role"], facts["duty"])


def _points_set(facts: Mapping[str, object]) -> str:
    metric, op, unit = (str(facts[name] or "") for name in ("metric", "op", "unit"))
    return _joined(points_words(metric, op=op, unit=unit, points=told_points(facts)), _said(facts))


def _outage(facts: Mapping[str, object]) -> str:
    from_at, until_at = (local_words(datetime.fromisoformat(str(facts[name]))) for name in ("from_at", "until_at"))
    return _joined(f"{from_at}至{until_at}", _said(facts))


def _interval(facts: Mapping[str, object]) -> str:
    return _joined(CADENCE_NAMES[str(facts["interval"])], _said(facts))


def _superseded(facts: Mapping[str, object]) -> str:
    by_item = facts.get("by_item")
    return f"{facts['by_number']}" + (f"，由事项{by_item}承接" if by_item else "，不再列入")


# What an account is since is told as its own page tells it.
_MOVED, _FROM_TO = "account.changed", ("old_unit_id", "new_unit_id")
_OF_ACCOUNTS = frozenset({_MOVED, "account.created", "account.role_granted"})
# Which fact names the unit that an event is told with, and how.
_NAMED_UNITS = {
    "share.added": "unit_id",
    "share.ended": "unit_id",
    "share.lowered": "unit_id",
    "share.moved": "unit_id",
    "unit.merged": "into_unit_id",
    "unit.keeper_set": "keeper_unit_id",
    "inquiry.reminded": "unit_id",
    "inquiry.answered": "unit_id",
    "inquiry.ended": "unit_id",
}
_PETITION_ENDS = {"sent_back": "负责人退回", "withdrawn": "撤回"}
_OF_UNITS: Mapping[str, Callable[[str, Mapping[str, object]], str]] = {
    "share.added": lambda unit, facts: f"{unit}{_part(facts)}",
    "share.ended": lambda unit, facts: f"{unit}{STATE_NAMES['assignment', str(facts['state'])]}",
    "share.lowered": lambda unit, facts: f"{unit}恢复{_part(facts)}",
    "share.moved": lambda unit, facts: f"由{unit}{_part(facts)}",
    "unit.merged": lambda unit, facts: f"并入{unit}，{_day(facts['merged_on'])}起",
    "inquiry.reminded": lambda unit, _facts: unit,
    "inquiry.answered": lambda unit, _facts: unit,
    "inquiry.ended": lambda unit, facts: _joined(unit, ended_words(str(facts["cause"]))),
    "unit.keeper_set": lambda unit, _facts: f"办公室设在{unit}" if unit else "取消办公室所在单位",
}
_WORDS: Mapping[str, Callable[[Mapping[str, object]], str]] = {
    "account.absence_set": lambda facts: f"{_day(facts['first_on'])}至{_day(facts['last_on'])}，{_said(facts)}",
    "report.filed": _filed,
    "share.handler_set": lambda facts: str(facts["words"]),
    "report.verified": _verified,
    "report.lead_verified": _lead_verified,
    "report.given_back": _given_back,
    "due.moved": _moved,
    "request.asked": _requested,
    "petition.written": _petitioned,
    "petition.stopped": _petitioned,
    "request.granted": _requested,
    "request.refused": _requested,
    "row.settled": _settled,
    "task.completed": _completed,
    "task.deadline_changed": _deadline,
    "task.reopened": _resumed,
    "task.resumed": _resumed,
    "document.plan_end_corrected": _plan_end,
    "unit.renamed": _renamed,
    "unit.registered": lambda facts: str(facts["name"]),
    "draft.corrected": _corrected,
    **dict.fromkeys(("lesson.taught", "lesson.withdrawn"), lambda facts: f"{facts['printed']}，{facts['issuer']}"),
    "task.lapsed": lambda facts: _day(facts["expired_on"]),
    "document.ended": lambda facts: _day(facts["ended_on"]),
    "document.registered": lambda facts: str(facts["number"]),
    "draft.uploaded": lambda facts: str(facts["file_name"]),
    **dict.fromkeys(("draft.approved", "document.approved"), lambda facts: str(facts["basis"])),
    "circular.issued": lambda facts: str(facts["number"]),
    "paper.answer_written": lambda facts: str(facts["words"]),
    "paper.answered": lambda facts: str(facts["words"]),
    "naming.served": lambda facts: str(facts["words"]),
    "naming.answered": lambda facts: _joined(answer_words(facts), str(facts["words"])),
    "naming.left_out": lambda facts: "印发的通报没有写入" if facts["issued"] else "提出异议后移出",
    **JOINT_TOLD,
    "circular.template_kept": lambda facts: _joined(str(facts["name"]), "停用" if facts["retired"] else ""),
    "calendar.published": lambda facts: f"{facts['year']}年，{facts['source']}",
    "schedule.points_set": _points_set,
    "task.interval_set": _interval,
    "outage.recorded": _outage,
    "task.superseded": _superseded,
    "trigger.recorded": lambda facts: _joined(str(facts["matter"]), late_words(told_late(facts))),
    "circular.changed": lambda facts: _joined(EDITION_ACTS[str(facts["act"])], str(facts["words"])),
    "lateness.fixed": lambda facts: "迟报" if facts["late"] else "按时",
    "inquiry.asked": lambda facts: asked_words(
        str(facts["words"]), date.fromisoformat(str(facts["answer_by"])), today=None
    ),
    "instruction.given": told_instruction_words,
    "instruction.repeated": told_instruction_words,
    "inquiry.coordination_asked": lambda facts: str(facts["words"]),
    "inquiry.coordination_decided": lambda facts: str(facts["words"]),
    "question.answered": lambda facts: str(facts["answer"]),
}
