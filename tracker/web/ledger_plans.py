"""A ledger that was handed in: read again from where it is kept, held against what is there, carried out.

The page carries no row of it: a signed ticket says which file it was, of which head, and what was shown.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from itsdangerous import BadData
from sqlmodel import Session

from tracker.domain.errors import BadInput, Rejected
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.ledger_sheets import RowKind, Sheet, rows_of
from tracker.domain.ledger_updates import Differs, Fate, KnownTask, Plan, PlannedRow, Present, Standing, plan_of
from tracker.domain.ledgers import LedgerEntry, LedgerHead, NoEntry, draft_from_ledger
from tracker.domain.parts import NewShare
from tracker.gateways.evidence_files import EvidenceMissing
from tracker.gateways.ledger_files import NAMED_RHYTHMS
from tracker.gateways.ledger_sheets import read_sheets
from tracker.intake.written_down import with_numbers
from tracker.store.queries.ledger_tasks import SUPPLEMENT, drafted_entries, known_tasks, numbers_taken
from tracker.store.queries.registry import unit_registry
from tracker.store.queries.units import present_ids
from tracker.usecases.drafting import upload_draft
from tracker.usecases.sharing import add_share, change_deadline, reassign_share, release_share
from tracker.web.access import actor, services
from tracker.web.cookies import signer
from tracker.wording.refusals import sentence

_SALT = "ledger import"
_HOLDS_SECONDS = 12 * 3600  # less than a file that nothing names is kept


class ImportForgotten(Rejected):
    """What was checked is too long ago, or no check of ours: the file is to be chosen again."""

    code = "import_forgotten"


class ImportOvertaken(Rejected):
    """Since the check somebody changed what the ledger would change, or imported it."""

    code = "import_overtaken"


class RowNotTaken(Rejected):
    """An act that a row asks for is refused, so nothing of the ledger is done; facts: row, refused."""

    code = "row_not_taken"


class _Tried(Exception):
    """Ends a transaction that was for trying only."""


@dataclass(frozen=True, slots=True)
class HandedIn:
    """Which file came, and where its tasks come from."""

    head: LedgerHead
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Check:
    """What an import would do; `refused` says by places of rows why their acts cannot be done."""

    of: HandedIn
    sheets: tuple[Sheet, ...]
    plan: Plan
    refused: Mapping[str, str]
    names: Mapping[str, str]

    @property
    def asking(self) -> tuple[PlannedRow, ...]:
        return tuple(one for one in self.plan.rows if one.asks and one.row.place not in self.refused)

    @property
    def faulty(self) -> tuple[PlannedRow, ...]:
        return tuple(one for one in self.plan.rows if one.row.kind is RowKind.FAULTY)


def ticket_of(check: Check) -> str:
    """Return what lets the page that shows a check carry it out."""
    head = asdict(check.of.head) | {"issued_on": check.of.head.issued_on and check.of.head.issued_on.isoformat()}
    told = {"head": head, "name": check.of.name, "sha256": check.of.sha256, "shown": _digest(check.plan)}
    return str(signer(_SALT).dumps(told))


def handed_in(ticket: str) -> tuple[HandedIn, str]:
    """Return what a ticket is for, and the digest of what was shown. Raises ImportForgotten."""
    try:
        told: Any = signer(_SALT).loads(ticket, max_age=_HOLDS_SECONDS)
    except BadData:
        raise ImportForgotten() from None
    head = told["head"]
    issued_on = date.fromisoformat(head["issued_on"]) if head["issued_on"] else None
    return HandedIn(LedgerHead(**head | {"issued_on": issued_on}), told["name"], told["sha256"]), told["shown"]


def read_again(of: HandedIn) -> tuple[Sheet, ...]:
    """Return the sheets of a file that was handed in. Raises ImportForgotten where it is not kept any more."""
    try:
        path = services().evidence.path(of.sha256)
    except EvidenceMissing:
        raise ImportForgotten() from None
    return read_sheets(path, name=of.name)


def checked(of: HandedIn, sheets: tuple[Sheet, ...]) -> Check:
    """Say what an import would do, and try what it would ask of tasks; nothing of it stays. Raises NoEntry."""
    with services().database.reading() as session:
        plan = _plan(session, of, sheets)
        names = {unit.code: unit.short_name for unit in unit_registry(session, groups=services().groups).units}
    if not any(one.row.entry for one in plan.rows):
        raise NoEntry()
    return Check(of, sheets, plan, _tried(of, plan), names)


def carry_out(of: HandedIn, sheets: tuple[Sheet, ...], *, taken: frozenset[str], shown: str) -> int | None:
    """Do what the ledger asks, all in one transaction: acts on tasks, and a draft of what is new; return its id.

    `taken` are the places of rows that somebody chose. Raises ImportOvertaken, RowNotTaken and what drafting raises.
    """
    with services().database.transaction() as session:
        plan = _plan(session, of, sheets)
        if _digest(plan) != shown:
            raise ImportOvertaken()
        for one in _by_task(plan):
            if one.row.place in taken:
                try:
                    _change(session, of, one)
                except (BadInput, Rejected) as error:
                    raise RowNotTaken(row=one.row.place, refused=sentence(error)) from error
        other = [one for one in plan.of(Fate.OTHER_WORDS) if one.row.place in taken]
        wanted = {one.row.place for one in (*plan.of(Fate.NEW), *other)}
        entries = [one.row.entry for one in plan.rows if one.row.entry and one.row.place in wanted]
        return _draft(session, of, entries) if entries else None


def _plan(session: Session, of: HandedIn, sheets: tuple[Sheet, ...]) -> Plan:
    registry = unit_registry(session, groups=services().groups)

    def codes(name: str) -> tuple[str, ...]:
        group = registry.group(name)
        if group is not None:
            return tuple(unit.code for unit in registry.members(group))
        unit = registry.resolve(name, on=of.head.issued_on) or registry.resolve(name)
        return (unit.code,) if unit else ()

    number = of.head.number.strip()
    tasks, drafted = known_tasks(session, number=number), drafted_entries(session, number=number)
    return plan_of(rows_of(sheets, rhythms=NAMED_RHYTHMS), Present(tasks, drafted, codes))


def _digest(plan: Plan) -> str:
    """Return what tells one plan from another: what each row would do, and the tasks that it was held against."""
    told = [(one.row.place, one.fate, one.task and one.task.task_id, one.differences, one.words) for one in plan.rows]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _tried(of: HandedIn, plan: Plan) -> Mapping[str, str]:
    """Say by their places which rows ask for what is refused, and why; nothing of it stays."""
    found: dict[str, str] = {}
    changes = list(_by_task(plan))
    if not changes:
        return found
    try:
        with services().database.transaction() as session:
            for one in changes:
                try:
                    _change(session, of, one)
                except (BadInput, Rejected) as error:
                    found[one.row.place] = sentence(error)
            raise _Tried
    except _Tried:
        return found


def _by_task(plan: Plan) -> Iterator[PlannedRow]:
    """Yield the rows that ask something of a task, in the order in which tasks are locked."""
    rows = [one for one in plan.of(Fate.DIFFERS) if one.asks]
    yield from sorted(rows, key=lambda one: one.task.task_id if one.task else 0)


def _change(session: Session, of: HandedIn, one: PlannedRow) -> None:
    """Do for one row what its page would do: 改时限, 改派, 补协办, 免除. Raises what these raise."""
    assert one.task is not None
    assert one.wanted is not None
    reason = f"按台账{of.head.number.strip()}（{of.name}，{one.row.place}）更新"
    differ = {difference.what for difference in one.differences}
    if Differs.DUE in differ and one.wanted.due_on is not None:
        change_deadline(
            session, task_id=one.task.task_id, new_on=one.wanted.due_on, reason=reason, **_by(), by=services().reckoning
        )
    if differ & {Differs.LEADS, Differs.SUPPORTS}:
        _hand_over(session, one.task, one.wanted, reason=reason)


def _hand_over(session: Session, task: KnownTask, wanted: Standing, *, reason: str) -> None:
    """Give shares as wanted: a lead that goes hands its share to one that comes, the rest is added and released."""
    units = present_ids(session)
    by = services().reckoning
    gone = [code for code in task.now.leads if code not in wanted.leads and code in task.shares]
    come = [code for code in wanted.leads if code not in task.now.leads]
    for old, new in zip(gone, come, strict=False):
        share = task.shares[old]
        reassign_share(session, assignment_id=share, to_unit_id=units[new], reason=reason, **_by(), by=by)
    ended = set(gone[: len(come)])
    added = [(code, AssignmentRole.LEAD, Duty.REPORT) for code in come[len(gone) :]]
    joining = sorted(wanted.supports - task.now.supports)
    added += [(code, AssignmentRole.SUPPORT, Duty.REPLY) for code in joining]
    for code, role, duty in added:
        new_share = NewShare(units[code], role, duty)
        add_share(session, task_id=task.task_id, share=new_share, reason=reason, **_by(), by=by)
    leaving = {*gone[len(come) :], *(task.now.supports - wanted.supports - set(wanted.leads))} - ended
    for code in sorted(leaving & task.shares.keys()):
        release_share(session, assignment_id=task.shares[code], reason=reason, **_by(), by=by)


def _by() -> dict[str, Any]:
    return {"actor": actor(), "at": services().clock.now()}


def _draft(session: Session, of: HandedIn, entries: list[LedgerEntry]) -> int:
    """Keep what is new as a draft; of a document that is there already it is a supplement 「补1」."""
    head = replace(of.head, number=of.head.number.strip())
    taken = numbers_taken(session, number=head.number)
    if taken:
        count = next(n for n in range(1, len(taken) + 2) if f"{head.number}{SUPPLEMENT}{n}）" not in taken)
        mark = f"{SUPPLEMENT}{count}）"
        head = replace(head, number=head.number + mark, title=head.title.strip() + mark)
    draft = with_numbers(draft_from_ledger(head, entries))
    return upload_draft(session, draft, file_name=of.name, file_sha256=of.sha256, **_by())
