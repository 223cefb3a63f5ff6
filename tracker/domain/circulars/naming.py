"""Who is proposed for praise and for criticism by name, by rules that are data, each with its figures and facts.

Source: 国务院令第733号 第二十一条. A proposal stands in no draft until somebody puts it there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from tracker.domain.calendar import full_date, local_day
from tracker.domain.circulars.comparing import Previous
from tracker.domain.circulars.content import Content, Figure, Source
from tracker.domain.circulars.facts import Facts, TaskFact
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.circulars.led import LeadPart, NamedBefore, Untrue
from tracker.domain.circulars.proposals import NamingAct, NamingGround, Proposal, naming_key
from tracker.domain.circulars.urged_in_vain import left_unanswered, urged_in_vain
from tracker.domain.circulars.work_done import CLASS_WORDS, UNTRUE, cited, said_missing
from tracker.domain.circulars.work_tables import came_late
from tracker.domain.claims import BEHIND_CLAIMS, CauseClass
from tracker.domain.progress import Work

FEWEST_LED = 3  # tasks that have begun, of whom praise is proposed
ONE_OF = 10  # units that lead something: as many may be praised, and one where they are fewer
LEFT_OUT = "praise_left_out"  # among the counts: who meets the rule beyond that
MEANINGS: Mapping[NamingAct, str] = {
    NamingAct.PRAISE: "拟表扬的单位和依据",
    NamingAct.BLAME: "拟批评的单位和依据",
}
_PAST = "时限已过"  # behind an item of which the completion is missing
_IN_PERIODS = "在"  # between an item that is behind and the periods
_DONE = Work.COMPLETED_MET
_GOOD = frozenset({_DONE, Work.ON_SCHEDULE})
# What a recorded cause may be for a unit to be named: nothing recorded excuses nobody.
_OWN_OR_NONE = frozenset({CauseClass.OWN_WORK, None})


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of one unit: what is said of it after the unit's name, and the facts behind."""

    ground: NamingGround
    words: str
    sources: tuple[Source, ...]


def clean_since(today: date) -> date:
    """Return the day after which no report of a unit may have been found untrue for it to be praised: a year before."""
    before = today.replace(day=28) if (today.month, today.day) == (2, 29) else today
    return before.replace(year=today.year - 1)


def with_proposals(content: Content, facts: Facts, previous: Previous | None) -> Content:
    """Add to a 督查通报 whom it may name; one about a single unit, and any other paper, proposes nobody."""
    if content.type is not CircularType.SUPERVISION or content.scope.unit:
        return content
    leads = _Leads(facts, previous, content.scope.document)
    praised = leads.praised()
    found = [(unit, NamingAct.PRAISE, [reason]) for unit, reason in praised.items()]
    found += [(unit, NamingAct.BLAME, reasons) for unit, reasons in leads.blamed().items()]
    proposals, figures = [], dict(content.figures)
    for n, (unit, act, reasons) in enumerate(found):
        key = naming_key(_letters(n))
        sources = tuple(source for reason in reasons for source in reason.sources)
        said = f"截至{full_date(local_day(facts.as_of))}，{unit}{'；'.join(one.words for one in reasons)}"
        figures[key] = Figure(key, said, MEANINGS[act], sources)
        proposals.append(Proposal(key, unit, act, tuple(one.ground for one in reasons)))
    counts = {**content.counts, LEFT_OUT: leads.left_out}
    return replace(content, figures=figures, proposals=tuple(proposals), counts=counts)


def _letters(n: int) -> str:
    """Number in letters, as the places of figures are named: a, b … z, aa, ab …"""
    letter = chr(ord("a") + n % 26)
    return letter if n < 26 else _letters(n // 26 - 1) + letter


class _Leads:
    """The leads of a paper's tasks, unit by unit, and what is proposed for them."""

    def __init__(self, facts: Facts, previous: Previous | None, document: str | None) -> None:
        self._facts, self._previous, self._document = facts, previous, document
        self._as_of = local_day(facts.as_of)
        self._tasks = {task.task_id: task for task in facts.tasks}
        self._parts: dict[str, list[LeadPart]] = {}
        told = [part for part in facts.leads.parts if part.task_id in self._tasks]
        for part in sorted(told, key=lambda one: one.unit_order):
            if part.work.work is not Work.CANCELLED:
                self._parts.setdefault(part.unit, []).append(part)

    @property
    def left_out(self) -> int:
        """How many meet the rule of praise and are not proposed, for there are too many."""
        return len(self._qualified) - len(self.praised())

    def praised(self) -> dict[str, Reason]:
        """Return who is proposed for praise, in official order: of too many those who have ended most."""
        most = max(1, len(self._parts) // ONE_OF)
        first = sorted(self._qualified, key=lambda unit: -_count(self._parts[unit], _DONE))[:most]
        return {unit: reason for unit, reason in self._qualified.items() if unit in first}

    @cached_property
    def _qualified(self) -> dict[str, Reason]:
        """Return who meets the rule, in official order."""
        found = {}
        for unit, parts in self._parts.items():
            begun = [part for part in parts if part.work.work is not Work.NOT_STARTED]
            told = [part for part in begun if not self._hides(part)]
            proved = [part for part in told if part.proved]
            new = self._is_more_than_praised(unit, proved)
            if len(told) >= FEWEST_LED and new and self._is_faultless(unit, parts, begun):
                words = self._praise(begun, told, proved)
                found[unit] = Reason(NamingGround.WORK_DONE, words, tuple(map(self._source, told)))
        return found

    def _is_faultless(self, unit: str, parts: Sequence[LeadPart], begun: Sequence[LeadPart]) -> bool:
        """Tell whether all that a unit leads is done or on schedule by the office's word, and it owes nothing.

        What everybody's paper may not name counts too; nor is a unit praised that the same paper names as late, or that
        let the day of a 催办单 pass.
        """
        leads, facts = self._facts.leads, self._facts
        return (
            all(part.may_be_blamed for part in parts)
            and not any(part.awaits_receipt for part in parts)
            # A task that another lead completed is done; who reported nothing on it did no part of that.
            and all(_is_good(part) and part.told for part in begun)
            and unit not in leads.held_up
            and unit not in {line.unit for line in facts.overdue}
            and unit not in self._missed
            and not any(form.unit == unit and came_late(form, facts) for form in facts.forms)
            and not any(map(self._is_late, begun))
            and not any(one.unit == unit and one.on > clean_since(self._as_of) for one in leads.untrue)
            and unit not in left_unanswered(facts)
            and all(once.unit != unit or not self._is_new(once.event) for once in leads.given_back)
        )

    def _is_late(self, part: LeadPart) -> bool:
        """Tell whether its completion was first reported after the deadline."""
        due_on = self._tasks[part.task_id].due_on
        return due_on is not None and part.completed_on is not None and part.completed_on > due_on

    def _is_more_than_praised(self, unit: str, proved: Sequence[LeadPart]) -> bool:
        """Tell whether something with files was accepted since a paper praised the unit, or ever where none did."""
        praised = (one.last_event for one in self._named(unit, NamingAct.PRAISE))
        last = max(praised, default=0)
        return any(max(part.proved) > last for part in proved)

    @cached_property
    def _missed(self) -> frozenset[str]:
        """Who let a form lapse unreported since the circular before, or ever where there is none."""
        before = self._previous.facts.forms if self._previous is not None else ()
        known = {form.period_id for form in before if form.missed}
        return frozenset(form.unit for form in self._facts.forms if form.missed and form.period_id not in known)

    def _is_new(self, event: int) -> bool:
        return self._previous is None or event > self._previous.facts.last_event

    def _hides(self, part: LeadPart) -> bool:
        return self._facts.to_all and self._tasks[part.task_id].internal

    def _praise(self, begun: Sequence[LeadPart], told: Sequence[LeadPart], proved: Sequence[LeadPart]) -> str:
        done, whose = _count(told, _DONE), "" if len(told) == len(begun) else "、文件部署"
        stands = "均已办结" if done == len(told) else "均已办结或者达序时" if done else "均达序时"
        files = "均附有" if len(proved) == len(told) else f"其中{len(proved)}项附有"
        listed = f"{self._document}所列" if self._document else ""
        return f"牵头{whose}并已启动的{listed}{len(told)}项事项{stands}，{files}经审核的佐证"

    def _source(self, part: LeadPart) -> Source:
        task = self._tasks[part.task_id]
        events = dict.fromkeys((*task.events, *(seq for one in part.told for seq in one.events), *part.proved))
        past = part.work.work is Work.OVERDUE_WORK
        status = said_missing(part) if past else CLASS_WORDS[part.work.work]
        return Source(task.item_code, part.unit, "", None, status, tuple(events))

    def blamed(self) -> dict[str, list[Reason]]:
        """Return who is proposed for criticism, in official order, with all its grounds."""
        urged = urged_in_vain(self._facts)
        orders = {unit: parts[0].unit_order for unit, parts in self._parts.items()}
        orders |= {unit: one.unit_order for unit, one in urged.items()}
        found = {}
        for unit in sorted(orders, key=lambda name: orders[name]):
            parts = [part for part in self._parts.get(unit, ()) if part.may_be_blamed and not self._hides(part)]
            reasons = [*self._of_work(parts), *self._of_falsity(parts)]
            if unit in urged:
                reasons.append(Reason(NamingGround.URGED_IN_VAIN, urged[unit].words, urged[unit].sources))
            if reasons:
                found[unit] = reasons
        return found

    def _of_work(self, parts: Sequence[LeadPart]) -> Iterator[Reason]:
        rules: tuple[tuple[NamingGround, Callable[[LeadPart], bool], Callable[[LeadPart, TaskFact], str]], ...] = (
            (NamingGround.OVERDUE_WORK, self._is_newly_past, _said_past),
            (NamingGround.BEHIND_TWICE, self._is_newly_behind_twice, _said_behind),
        )
        for ground, holds, say in rules:
            told = [part for part in parts if holds(part)]
            if told:
                words = "；".join(say(part, self._tasks[part.task_id]) for part in told)
                yield Reason(ground, f"牵头的{words}", tuple(map(self._source, told)))

    def _of_falsity(self, parts: Sequence[LeadPart]) -> Iterator[Reason]:
        """Yield what the office found untrue: no cause excuses it, and no correction takes it back."""
        told = [(part, one) for part in parts for one in part.untrue if self._is_newly_untrue(part, one)]
        if told:
            words = "；".join(dict.fromkeys(_said_untrue(one, self._tasks[part.task_id]) for part, one in told))
            sources = (
                Source(self._tasks[part.task_id].item_code, part.unit, one.what, None, UNTRUE, one.events)
                for part, one in told
            )
            yield Reason(NamingGround.FALSITY, f"牵头的{words}", tuple(sources))

    def _is_newly_untrue(self, part: LeadPart, one: Untrue) -> bool:
        """Tell whether it was found since a paper named the unit in the same words, or ever where none did."""
        said = _said_untrue(one, self._tasks[part.task_id])
        named = (before.last_event for before in self._named(part.unit) if said in before.words)
        return max(one.events) > max(named, default=0)

    def _is_newly_past(self, part: LeadPart) -> bool:
        """Tell whether a deadline passed for which no paper has named the unit since."""
        task = self._tasks[part.task_id]
        named = (one for one in self._named(part.unit) if f"{_item(task)}{_PAST}" in one.words)
        return _is_past(part) and not any(task.due_on is None or task.due_on < local_day(one.as_of) for one in named)

    def _is_newly_behind_twice(self, part: LeadPart) -> bool:
        """Tell whether it is behind in two periods that no paper has named the unit for: both were accepted since."""
        task = self._tasks[part.task_id]
        named = [one.last_event for one in self._named(part.unit) if f"{_item(task)}{_IN_PERIODS}" in one.words]
        return _is_behind_twice(part) and all(max(one.events) > max(named, default=0) for one in part.told)

    def _named(self, unit: str, act: NamingAct = NamingAct.BLAME) -> list[NamedBefore]:
        return [one for one in self._facts.leads.named if one.unit == unit and one.act is act]


def _count(parts: Sequence[LeadPart], work: Work) -> int:
    return sum(part.work.work is work for part in parts)


def _is_good(part: LeadPart) -> bool:
    return part.work.work in _GOOD and not part.work.own_claim and not part.work.unsigned


def _is_past(part: LeadPart) -> bool:
    """Past its deadline without a completion report, nobody else being waited for; what is not recorded excuses not.

    Who was given a report back has the time that the office set to correct it.
    """
    cause = part.told[0].cause if part.told else None
    return part.work.work is Work.OVERDUE_WORK and not (part.waits or part.mending) and cause in _OWN_OR_NONE


def _is_behind_twice(part: LeadPart) -> bool:
    """Behind by the office's word in the last two periods that it accepted, both times by the unit's own doing."""
    confirmed = part.work.work is Work.BEHIND and not part.work.own_claim and not part.waits
    own = [one for one in part.told if one.claim in BEHIND_CLAIMS and one.cause is CauseClass.OWN_WORK and one.period]
    return confirmed and len(own) > 1


def _said_past(part: LeadPart, task: TaskFact) -> str:
    return f"{_item(task)}{_PAST}，{said_missing(part)}"


def _said_behind(part: LeadPart, task: TaskFact) -> str:
    periods = "、".join(one.period for one in reversed(part.told))
    return f"{_item(task)}{_IN_PERIODS}{periods}均经审核确认未达序时，登记的原因均为工作推进不力"


def _said_untrue(one: Untrue, task: TaskFact) -> str:
    """Say what was found, by whom and when; the office's own words stay out, as nobody checks what they say of whom."""
    return f"{_item(task)}的{one.what}，经督查室审核{UNTRUE}（{full_date(one.found_on)}）"


def _item(task: TaskFact) -> str:
    return f"{task.document}{cited(task)}"
