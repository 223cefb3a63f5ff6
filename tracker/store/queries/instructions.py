"""Leaders' instructions 「批示」 with what units answered to each writing, for the leader, the office and the task."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, label, or_, select
from sqlmodel import Session, col

from tracker.domain.accounts import EVERY_UNIT, Role
from tracker.domain.inquiries import AskedState
from tracker.domain.instructions import TASK_INSTRUCTED
from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import ASSIGNMENT_ENDED
from tracker.store.queries.inquiry_views import Inquiry, filled, heads
from tracker.store.queries.tasks import TaskEvent
from tracker.store.rows import as_views
from tracker.store.tables.documents import ItemRow
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.instructions import InstructionRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow, UserRow

_ENDED = sorted(state.value for state in ASSIGNMENT_ENDED)


@dataclass(frozen=True, slots=True)
class Instruction:
    """An instruction with its writings, the latest first; open until `closed_at`."""

    instruction_id: int
    task_id: int
    task_state: str
    leader_id: int
    leader: str
    read_at: datetime | None
    closed_at: datetime | None
    closed_by: str | None
    writings: tuple[Inquiry, ...]

    @property
    def last(self) -> Inquiry:
        return self.writings[0]

    @property
    def news(self) -> int:
        """How many answers came since the leader last read."""
        told = [unit.closed_at for one in self.writings for unit in one.answered if unit.state == "answered"]
        return sum(at is not None and (self.read_at is None or at > self.read_at) for at in told)

    @property
    def silent(self) -> int:
        """How many units are waited for."""
        return sum(len(one.open) for one in self.writings)


@dataclass(frozen=True, slots=True)
class Instructable:
    """A share that a leader may instruct; its unit leads the task or not."""

    assignment_id: int
    unit_id: int
    unit_name: str
    leads: bool


@dataclass(frozen=True, slots=True)
class TaskBeside:
    task_id: int
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class LeaderChoice:
    user_id: int
    name: str


@dataclass(frozen=True, slots=True)
class OpenWriting:
    """One writing of an open instruction, with the shares that it asked and those of them that have not answered."""

    words: str
    given_on: date | None
    shares: frozenset[int]
    silent: frozenset[int]


def open_writings(session: Session, *, task_id: int, leader_id: int) -> list[OpenWriting]:
    """Return what a leader instructed on a task and has not ended, each writing by itself."""
    asked = session.execute(
        select(InquiryRow, AskedRow)
        .join(InstructionRow, col(InstructionRow.id) == col(InquiryRow.instruction_id))
        .join(AskedRow, col(AskedRow.inquiry_id) == col(InquiryRow.id))
        .where(
            col(InstructionRow.task_id) == task_id,
            col(InstructionRow.leader_id) == leader_id,
            col(InstructionRow.closed_at).is_(None),
        )
        .order_by(col(InquiryRow.id))
    )
    found: dict[int, list[tuple[InquiryRow, AskedRow]]] = defaultdict(list)
    for inquiry, one in asked:
        found[inquiry.id or 0].append((inquiry, one))
    return [
        OpenWriting(
            ones[0][0].words,
            ones[0][0].given_on,
            frozenset(one.assignment_id for _inquiry, one in ones),
            frozenset(one.assignment_id for _inquiry, one in ones if one.state == AskedState.OPEN.value),
        )
        for ones in found.values()
    ]


def instructions_of(session: Session, *, leader_id: int, limit: int, offset: int) -> tuple[Instruction, ...]:
    """Return a leader's instructions: the open ones first, of these and of the others the newest first."""
    mine = _wanted().where(col(InstructionRow.leader_id) == leader_id)
    ordered = mine.order_by(col(InstructionRow.closed_at).is_not(None), col(InstructionRow.id).desc())
    return tuple(_with_writings(session, ordered.limit(limit).offset(offset)))


def count_instructions(session: Session, *, leader_id: int) -> int:
    counted = select(func.count()).select_from(InstructionRow).where(col(InstructionRow.leader_id) == leader_id)
    return session.scalars(counted).one()


def count_news(session: Session, *, leader_id: int) -> int:
    """Count the answers to a leader's instructions that came since he last read them."""
    return session.scalars(_NEWS.where(col(InstructionRow.leader_id) == leader_id)).one()


def count_news_on(session: Session, *, instruction_id: int) -> int:
    """Count the answers to one instruction that came since its leader last read them."""
    return session.scalars(_NEWS.where(col(InstructionRow.id) == instruction_id)).one()


_NEWS = (
    select(func.count())
    .select_from(InstructionRow)
    .join(InquiryRow, col(InquiryRow.instruction_id) == col(InstructionRow.id))
    .join(AskedRow, col(AskedRow.inquiry_id) == col(InquiryRow.id))
    .where(
        col(AskedRow.state) == AskedState.ANSWERED.value,
        or_(col(InstructionRow.read_at).is_(None), col(AskedRow.closed_at) > col(InstructionRow.read_at)),
    )
)


def open_instructions(session: Session, *, limit: int, offset: int = 0) -> tuple[Instruction, ...]:
    """Return the open instructions of all leaders, the newest first."""
    wanted = _wanted().where(col(InstructionRow.closed_at).is_(None)).order_by(col(InstructionRow.id).desc())
    return tuple(_with_writings(session, wanted.limit(limit).offset(offset)))


def instructions_among(session: Session, ids: Collection[int]) -> tuple[Instruction, ...]:
    """Return some instructions, the open ones first, of these and of the others the newest first."""
    wanted = _wanted().where(col(InstructionRow.id).in_(list(ids)))
    ordered = wanted.order_by(col(InstructionRow.closed_at).is_not(None), col(InstructionRow.id).desc())
    return tuple(_with_writings(session, ordered))


def count_open_instructions(session: Session) -> int:
    counted = select(func.count()).select_from(InstructionRow).where(col(InstructionRow.closed_at).is_(None))
    return session.scalars(counted).one()


def instructions_on(session: Session, *, task_id: int) -> tuple[Instruction, ...]:
    """Return the instructions on a task, the newest first."""
    wanted = _wanted().where(col(InstructionRow.task_id) == task_id).order_by(col(InstructionRow.id).desc())
    return tuple(_with_writings(session, wanted))


def writings_among(session: Session, events: Iterable[TaskEvent]) -> frozenset[int]:
    """Return the inquiries that some events are of and that are a leader's writings."""
    named = {id_ for event in events if isinstance(id_ := event.facts.get("inquiry_id"), int)}
    leaders_own = col(InquiryRow.id).in_(named), col(InquiryRow.instruction_id).is_not(None)
    return frozenset(id_ or 0 for id_ in session.scalars(select(col(InquiryRow.id)).where(*leaders_own)))


def instructable_shares(session: Session, *, task_id: int) -> tuple[Instructable, ...]:
    """Return the shares of a task that have not ended, leads first, then in official order."""
    leads = col(AssignmentRow.role) == AssignmentRole.LEAD.value
    rows = session.execute(
        select(
            label("assignment_id", col(AssignmentRow.id)),
            label("unit_id", col(UnitRow.id)),
            label("unit_name", col(UnitRow.short_name)),
            label("leads", leads),
        )
        .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
        .where(col(AssignmentRow.task_id) == task_id, col(AssignmentRow.state).not_in(_ENDED))
        .order_by(leads.desc(), col(UnitRow.official_order), col(UnitRow.id))
    )
    return tuple(as_views(Instructable, rows))


def instructable_beside(session: Session, *, task_id: int, task_ids: Collection[int]) -> tuple[TaskBeside, ...]:
    """Return those of some tasks that may be instructed together with another of their document, in its order."""
    of = select(col(TaskRow.document_id)).where(col(TaskRow.id) == task_id).scalar_subquery()
    rows = session.execute(
        select(label("task_id", col(TaskRow.id)), col(ItemRow.label), col(ItemRow.title))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(
            col(TaskRow.id).in_(task_ids),
            col(TaskRow.id) != task_id,
            col(TaskRow.document_id) == of,
            col(TaskRow.issued_at).is_not(None),
            col(TaskRow.state).in_(sorted(state.value for state in TASK_INSTRUCTED)),
        )
        .order_by(col(ItemRow.start_at), col(TaskRow.id))
    )
    return tuple(as_views(TaskBeside, rows))


def leaders(session: Session) -> tuple[LeaderChoice, ...]:
    """Return whose instructions the office may write down, in the order of their accounts."""
    rows = session.execute(
        select(label("user_id", col(UserRow.id)), col(UserRow.name))
        .where(col(UserRow.role) == Role.LEADER.value, col(UserRow.active).is_(True))
        .order_by(col(UserRow.id))
    )
    return tuple(as_views(LeaderChoice, rows))


def _wanted() -> Any:  # Any: a statement of which `Instruction` types the columns
    wanted = select(
        label("instruction_id", col(InstructionRow.id)),
        col(InstructionRow.task_id),
        label("task_state", col(TaskRow.state)),
        col(InstructionRow.leader_id),
        label("leader", col(UserRow.name)),
        col(InstructionRow.read_at),
        col(InstructionRow.closed_at),
        col(InstructionRow.closed_by),
    )
    people = wanted.join(UserRow, col(UserRow.id) == col(InstructionRow.leader_id))
    return people.join(TaskRow, col(TaskRow.id) == col(InstructionRow.task_id))


def _with_writings(session: Session, wanted: Any) -> Iterator[Instruction]:  # Any: as of `_wanted`
    rows: Sequence[Any] = session.execute(wanted).all()
    ids = [row.instruction_id for row in rows]
    found: dict[int, list[Inquiry]] = defaultdict(list)
    for one in filled(session, heads().where(col(InquiryRow.instruction_id).in_(ids)), EVERY_UNIT):
        found[one.instruction_id or 0].append(one)
    for row in rows:
        yield Instruction(**row._mapping, writings=tuple(found[row.instruction_id]))
