"""A leader instructs units on a task 「批示」, or the office writes down that he did 「代录」; he reads and ends it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import full_date, local_day
from tracker.domain.entries import AttachedFile
from tracker.domain.errors import NotFound
from tracker.domain.events.instructions import InstructionClosed, InstructionGiven, InstructionRead
from tracker.domain.filings import RowEnded
from tracker.domain.inquiries import AskedState, NotToBeAsked, check_answer_by, check_inquiry_words
from tracker.domain.instructions import (
    TASK_INSTRUCTED,
    GivenAlready,
    Haste,
    InstructionOver,
    NobodyInstructed,
    NoSuchLeader,
    check_given_on,
    haste_workdays,
)
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, AssignmentState, TaskState
from tracker.domain.windows import Reckoning
from tracker.steps.asking import chosen_shares
from tracker.steps.inquiries import close_asked
from tracker.steps.instructions import Writing, open_asked, write
from tracker.steps.locking import lock_task
from tracker.store import event_log
from tracker.store.queries.instructions import count_news_on, instructable_shares, open_writings
from tracker.store.tables.documents import ItemRow
from tracker.store.tables.instructions import InstructionRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UserRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruct:
    """What a leader said on a day, to which shares of a task.

    `answer_by` is the last day, inclusive, for an answer, by default what the haste proposes. The office names the
    leader. `again` is the instruction on whose answers he writes anew. `files`, as a scan of his hand 「批示件」,
    are read by whom his words are read by.
    """

    task_id: int
    shares: Collection[int]
    words: str
    given_on: date
    haste: Haste
    answer_by: date | None = None
    leader_id: int | None = None
    again: int | None = None
    files: Sequence[AttachedFile] = ()


def instruct(session: Session, command: Instruct, *, actor: Actor, at: datetime, by: Reckoning) -> int:
    """Ask units in a leader's words; return the instruction's id, which is open from now on, also one that was ended.

    A task stays as it is. Records InstructionGiven, and InquiryEnded of what the same units were asked before. Raises
    NotYourTask, NotFound, RowEnded, InquiryWordsMissing, ReasonTooLong, DayOutOfBounds, GivenInTheFuture,
    WantedDayPast, NoSuchLeader, NobodyInstructed, NotToBeAsked, GivenAlready.
    """
    require_role(actor, Role.LEADER, Role.SUPERVISOR, act="instruct")
    task = _task(session, command.task_id)
    today = local_day(at)
    days = haste_workdays(by.policy)[command.haste]
    words = check_inquiry_words(command.words)
    given_on = check_given_on(command.given_on, today=today)
    answer_by = check_answer_by(command.answer_by or by.calendar.add_workdays(today, days), today=today)
    instruction, given_by = _opened(session, command, actor=actor)
    writing = Writing(
        words=words,
        given_by=given_by,
        given_on=given_on,
        haste=command.haste,
        answer_by=answer_by,
        recorded_by=actor.name if actor.role is Role.SUPERVISOR else None,
        files=command.files,
    )
    shares = _shares(session, task, command.shares)
    _check_not_given(session, instruction, writing, shares, again=command.again is not None)
    write(session, instruction, writing, shares, kind=InstructionGiven, actor=actor, at=at)
    return instruction.id or 0


def instruct_together(
    session: Session, command: Instruct, *, also: Collection[int], actor: Actor, at: datetime, by: Reckoning
) -> list[int]:
    """Ask the same units in the same words on several tasks of one document, by an instruction for each.

    `also` are the tasks besides that of the command, on each of which those of its units are asked that have a share
    there. Return the instructions' ids, in the order of the tasks; of all or none. Records and raises as `instruct`.
    """
    require_role(actor, Role.LEADER, Role.SUPERVISOR, act="instruct")
    tasks = sorted({command.task_id, *also})
    of = select(col(TaskRow.document_id)).where(col(TaskRow.id).in_(tasks)).distinct()
    if len(session.scalars(of).all()) != 1 or (also and command.again is not None):
        raise NotFound()
    wanted = select(col(AssignmentRow.unit_id)).where(col(AssignmentRow.id).in_(list(command.shares)))
    units, told = set(session.scalars(wanted)), []
    for task_id in tasks:
        shares = command.shares
        if task_id != command.task_id:
            shares = [
                one.assignment_id for one in instructable_shares(session, task_id=task_id) if one.unit_id in units
            ]
        own = replace(command, task_id=task_id, shares=shares)
        told.append(instruct(session, own, actor=actor, at=at, by=by))
    return told


def read_instruction(
    session: Session, *, instruction_id: int, actor: Actor, at: datetime, shown: int | None = None
) -> bool:
    """Note that the leader has read what was answered so far 「已阅」; False, where that is not what he was `shown`.

    `shown` is how many new answers his page had. Records InstructionRead. Raises NotYourTask, NotFound.
    """
    require_role(actor, Role.LEADER, act="instruct")
    instruction = _own(session, instruction_id, actor=actor)
    if shown is not None and count_news_on(session, instruction_id=instruction_id) != shown:
        return False
    instruction.read_at = at
    event = InstructionRead(task_id=instruction.task_id, instruction_id=instruction_id)
    event_log.record(session, event, actor=actor, at=at)
    return True


def close_instruction(session: Session, *, instruction_id: int, actor: Actor, at: datetime) -> None:
    """End an instruction 「了结」 as its leader, or as the office by his word; nobody silent is waited for any more.

    Records InstructionClosed. Raises NotYourTask, NotFound, InstructionOver.
    """
    require_role(actor, Role.LEADER, Role.SUPERVISOR, act="instruct")
    instruction = _own(session, instruction_id, actor=actor)
    if instruction.closed_at is not None:
        raise InstructionOver()
    silent = open_asked(session, instruction_id)
    for asked in silent:
        close_asked(asked, AskedState.WITHDRAWN, at=at)
    instruction.closed_at, instruction.closed_by = at, actor.name
    event = InstructionClosed(
        task_id=instruction.task_id, instruction_id=instruction_id, asked=tuple(row.id or 0 for row in silent)
    )
    event_log.record(session, event, actor=actor, at=at)


def read_instructions(
    session: Session, *, instruction_ids: Collection[int], actor: Actor, at: datetime, shown: int | None = None
) -> bool:
    """Note that the leader has read the answers to instructions that were given at once, as `read_instruction`.

    `shown` is how many new answers his page had of all of them; of all or none.
    """
    require_role(actor, Role.LEADER, act="instruct")
    ids = sorted(set(instruction_ids))
    for instruction_id in ids:
        _own(session, instruction_id, actor=actor)
    if shown is not None and sum(count_news_on(session, instruction_id=one) for one in ids) != shown:
        return False
    return all(read_instruction(session, instruction_id=one, actor=actor, at=at) for one in ids)


def close_instructions(session: Session, *, instruction_ids: Collection[int], actor: Actor, at: datetime) -> int:
    """End instructions that were given at once, as `close_instruction`, and return how many were open.

    Those of them that somebody ended meanwhile hold up nothing. Raises InstructionOver where none is open.
    """
    require_role(actor, Role.LEADER, Role.SUPERVISOR, act="instruct")
    ids = sorted(set(instruction_ids))
    still = [one for one in ids if _own(session, one, actor=actor).closed_at is None]
    for instruction_id in still or ids:
        close_instruction(session, instruction_id=instruction_id, actor=actor, at=at)
    return len(still)


def _task(session: Session, task_id: int) -> TaskRow:
    """Return an issued task, locked, that goes on or is done."""
    task = lock_task(session, task_id)
    if task is None or task.issued_at is None:
        raise NotFound()
    if TaskState(task.state) not in TASK_INSTRUCTED:
        raise RowEnded(item=session.get_one(ItemRow, task.item_id).label, reason=task.state)
    return task


def _opened(session: Session, command: Instruct, *, actor: Actor) -> tuple[InstructionRow, str]:
    """Return the instruction that is written, open, with the leader's name as he acts."""
    if command.again is not None:
        instruction = _own(session, command.again, actor=actor)
        if instruction.task_id != command.task_id:
            raise NotFound()
        instruction.closed_at = instruction.closed_by = None
    else:
        leader_id = _leads_as(actor) if actor.role is Role.LEADER else command.leader_id
        instruction = InstructionRow(task_id=command.task_id, leader_id=leader_id or 0)
    leader = session.get(UserRow, instruction.leader_id)
    if leader is None or leader.role != Role.LEADER.value or not leader.active:
        raise NoSuchLeader()
    session.add(instruction)
    session.flush()
    return instruction, actor.name if actor.role is Role.LEADER else leader.name


def _check_not_given(
    session: Session, instruction: InstructionRow, writing: Writing, shares: Collection[AssignmentRow], *, again: bool
) -> None:
    """Refuse what was sent twice, while its task is locked. Raises GivenAlready.

    An instruction that is written anew may repeat its words once somebody has answered.
    """
    asked = frozenset(share.id or 0 for share in shares)
    for given in open_writings(session, task_id=instruction.task_id, leader_id=instruction.leader_id):
        same = (given.words, given.given_on, given.shares) == (writing.words, writing.given_on, asked)
        if same and (not again or given.silent == asked):
            raise GivenAlready(day=full_date(writing.given_on))


def _own(session: Session, instruction_id: int, *, actor: Actor) -> InstructionRow:
    """Return an instruction, its task locked: a leader's own, the office's any."""
    instruction = session.get(InstructionRow, instruction_id)
    if instruction is None or (actor.role is Role.LEADER and instruction.leader_id != _leads_as(actor)):
        raise NotFound()
    lock_task(session, instruction.task_id)
    session.refresh(instruction)
    return instruction


def _leads_as(actor: Actor) -> int | None:
    """Return whose instructions a leader's are: those of whom he acts for."""
    return actor.for_id or actor.user_id


def _shares(session: Session, task: TaskRow, shares: Collection[int]) -> list[AssignmentRow]:
    if not shares:
        raise NobodyInstructed()
    found = chosen_shares(session, task.id or 0, shares)
    for share, unit in found:
        if AssignmentState(share.state) in ASSIGNMENT_ENDED:
            raise NotToBeAsked(unit=unit.short_name)
    return [share for share, _unit in found]
