"""Tasks as circulars tell them: their class, whom they name, and what is owed for them by whom at a cut-off."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.calendar import full_date, local_day
from tracker.domain.circulars.facts import TaskFact
from tracker.domain.circulars.led import LeadPart, OwnPart
from tracker.domain.circulars.results import Result
from tracker.domain.items import Duty, UnitRole
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, awaits_receipt
from tracker.domain.progress import WorkClass
from tracker.domain.responsibility import (
    ADDED,
    REASSIGNED,
    SUCCEEDS,
    NamedUnit,
    Responsibility,
    responsibility,
)
from tracker.domain.unit_classes import Tasking
from tracker.domain.units import UnitKind
from tracker.store.history.identities import ItemFact, NamedIn, UnitFact
from tracker.store.history.rhythms import DONE_WITH, Rhythms
from tracker.store.history.state import PastShare, PastTask, State
from tracker.store.history.work import PastWork


@dataclass(frozen=True, slots=True)
class Said:
    """What leads said of tasks: what was last accepted of each, and what is behind by their word that nobody judged."""

    accepted: Mapping[int, tuple[Result, ...]]
    unjudged: Mapping[int, tuple[Result, ...]]


class PastTasks:
    """Tells the tasks of a folded state; with `unit_id` those in which that unit has a share, and its own part."""

    def __init__(
        self,
        state: State,
        *,
        units: Mapping[int, UnitFact],
        items: Mapping[int, ItemFact],
        work: PastWork,
        parts: Iterable[LeadPart],
        said: Said,
        unit_id: int | None,
    ) -> None:
        self._state, self._units, self._items = state, units, items
        self._work, self._said, self._unit_id = work, said, unit_id
        self._rhythms = Rhythms(state)
        self._parts: dict[int, list[LeadPart]] = defaultdict(list)
        for part in sorted(parts, key=lambda one: one.unit_order):
            self._parts[part.task_id].append(part)
        self._shares: dict[int, list[PastShare]] = defaultdict(list)
        for share in state.shares.values():
            self._shares[share.task_id].append(share)

    def facts(self) -> Iterator[TaskFact]:
        """Yield the tasks in the order of their documents; what a newer edition replaced is told there."""
        for item in self._items.values():
            task = self._state.tasks[item.task_id]
            every = self._shares[task.task_id]
            held = [share for share in every if share.state not in ASSIGNMENT_ENDED] or every
            outside = self._unit_id is not None and all(share.unit_id != self._unit_id for share in held)
            if not task.superseded and not outside:
                yield self._task(task, item, held)

    def _task(self, task: PastTask, item: ItemFact, held: Sequence[PastShare]) -> TaskFact:
        due_on = task.due_on if task.deadline_moved else item.deadline_on
        leads = sorted((self._units[share.unit_id] for share in held if share.is_lead), key=lambda unit: unit.order)
        others = sorted(
            (self._units[share.unit_id] for share in held if not share.is_lead), key=lambda unit: unit.order
        )
        own = next((share for share in held if share.unit_id == self._unit_id), None)
        named, work = self._named(task, item, held), self._work.tasks[task.task_id]
        # A paper about a lead says nothing of another's part.
        of = None if own is None or not own.is_lead else self._units[own.unit_id].short
        return TaskFact(
            task_id=task.task_id,
            item_code=item.code,
            label=item.label,
            title=item.title,
            document=item.document,
            document_title=item.document_title,
            issued_on=local_day(task.issued_at),
            work=work,
            leads=tuple(unit.short for unit in leads),
            orderable=tuple(unit.short for unit in leads if _may_be_ordered(unit)),
            named=named,
            deadline=self._deadline(due_on, work),
            due_on=due_on,
            cadence=self._rhythms.words(task, item, work, held, own=own),
            closing=self._closing(held if own is None else (own,)),
            targets="；".join(item.targets),
            own=None if own is None else OwnPart(own.is_lead, awaits_receipt(own.state, task.state)),
            court=self._work.courts[task.task_id],
            parts=tuple(one for one in self._parts[task.task_id] if of in (None, one.unit)),
            results=tuple(one for one in self._said.accepted.get(task.task_id, ()) if of in (None, one.unit)),
            claims=tuple(one for one in self._said.unjudged.get(task.task_id, ()) if of in (None, one.unit)),
            beside=tuple(unit.short for unit in others if _may_be_ordered(unit)),
            unsigned=self._unsigned(task, held),
            internal=item.internal,
            events=tuple(task.events),
        )

    def _unsigned(self, task: PastTask, held: Iterable[PastShare]) -> tuple[str, ...]:
        """Return who may be ordered and has yet to sign for its part, in official order."""
        waiting = (self._units[one.unit_id] for one in held if awaits_receipt(one.state, task.state))
        return tuple(unit.short for unit in sorted(waiting, key=lambda unit: unit.order) if _may_be_ordered(unit))

    def _closing(self, held: Iterable[PastShare]) -> tuple[tuple[str, date], ...]:
        """Return who owes the closing report of a lapsed task, or its correction, by when."""
        owing = sorted(self._rhythms.closing_on(held).items(), key=lambda one: self._units[one[0]].order)
        return tuple((self._units[unit_id].short, due_on) for unit_id, due_on in owing)

    def _deadline(self, due_on: date | None, work: WorkClass) -> str:
        """Write a deadline; of work that still has to be done one that is past says so."""
        if due_on is None:
            return "—"
        past = work.work not in DONE_WITH and due_on < local_day(self._state.until.as_of)
        return f"{full_date(due_on)}（时限已过）" if past else full_date(due_on)

    def _named(self, task: PastTask, item: ItemFact, held: Sequence[PastShare]) -> Responsibility:
        """Name whom the document names, less whom the office relieved, and whom the office put in their place."""
        printed, supports = item.named.get(UnitRole.LEAD, ()), item.named.get(UnitRole.SUPPORT, ())
        assigned = item.named.get(UnitRole.ASSIGNED_LEAD, ())
        held = sorted(held, key=lambda share: self._units[share.unit_id].order)
        leading = {share.unit_id: share for share in held if share.is_lead}
        relieved = [one for one in printed if not self._leads_on(one, held)]
        relieved += [one for one in assigned if one.unit_id not in leading]
        known = {one.unit_id for one in (*printed, *assigned)}
        beside = {one.unit_id for one in supports}
        return responsibility(
            basis=item.lead_basis,
            printed=[self._unit(one) for one in printed],
            assigned=[
                NamedUnit(self._units[one.unit_id].short, str(one.unit_id))
                for one in sorted(assigned, key=lambda one: self._units[one.unit_id].order)
            ],
            relieved={str(one.unit_id) for one in relieved},
            taken_over=[self._changed(share, REASSIGNED) for share in leading.values() if share.unit_id not in known],
            supports=[
                *(self._unit(one) for one in supports if self._goes_on(one, held)),
                *(
                    self._changed(share, ADDED)
                    for share in held
                    if _was_put_beside(share) and share.unit_id not in beside
                ),
            ],
            groups=item.groups,
        )

    def _leads_on(self, named: NamedIn, held: Sequence[PastShare]) -> bool:
        """Tell whether a body that is printed first still leads; one that is asked by letter never had the lead."""
        by_letter = self._units[named.unit_id].rule.may_task is not Tasking.TASK
        return self._goes_on(named, [share for share in held if share.is_lead or by_letter])

    def _goes_on(self, named: NamedIn, held: Iterable[PastShare]) -> bool:
        """Tell whether a named body still has its part; one that is never tasked has no share to lose."""
        has_it = any(share.unit_id == named.unit_id for share in held)
        return has_it or self._units[named.unit_id].rule.may_task is Tasking.NEVER

    def _changed(self, share: PastShare, act: str) -> NamedUnit:
        """Name a unit that the text does not name in its part, by the merger or else the act that gave it."""
        change = SUCCEEDS if share.succeeds else act
        return NamedUnit(self._units[share.unit_id].short, str(share.unit_id), change=change)

    def _unit(self, named: NamedIn) -> NamedUnit:
        return NamedUnit(named.printed, str(named.unit_id), name=self._units[named.unit_id].short)


def _was_put_beside(share: PastShare) -> bool:
    """Tell whether a unit supports by an act after 交办; of what a merger moved, members of a collective do not."""
    return not share.is_lead and (share.given or (share.succeeds and share.duty == Duty.REPLY.value))


def _may_be_ordered(unit: UnitFact) -> bool:
    """Tell whether an order may go to a unit; to a leading group only where somebody acts for it."""
    return unit.rule.may_task is Tasking.TASK and (unit.kind is not UnitKind.LEADING_GROUP or unit.kept)
