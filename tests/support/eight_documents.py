"""The city of the eight documents: registered and issued by the real use cases, with no report filed by anybody."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import select
from sqlmodel import Session, col

from seeds.documents import load_documents
from seeds.registry import SEEDS, load_registry
from tests.support.office import BY, CALENDAR, OFFICE
from tests.support.remembered import remembered
from tracker.domain.accounts import SYSTEM, Actor, Role
from tracker.domain.calendar import at_local
from tracker.domain.cases import CaseCounts
from tracker.domain.claims import Claim, RowContent
from tracker.domain.deliveries import Outgoing
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind, Outcome
from tracker.domain.readings.reading import Reading
from tracker.store.database import Database
from tracker.store.queries.shares import share_facts
from tracker.store.queries.work import TaskStanding, task_standings
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.accepting import accept_filing
from tracker.usecases.filing import SubmitForm, SubmitOne, sign_off, submit_form, submit_one
from tracker.usecases.issuing import issue_document
from tracker.usecases.registering import approve_document, register_document, register_units
from tracker.usecases.sweeping import Swept, sweep

REGISTRY = load_registry(SEEDS / "units.toml")
BEGINS_ON = date(2022, 8, 15)
PLAN_49, POLICIES_54, PLAN_50 = "驻政办〔2022〕49号", "驻政办〔2022〕54号", "驻政办〔2022〕50号"


@cache
def readings() -> Mapping[str, Reading]:
    """Return the eight documents by their numbers."""
    return {reading.number: reading for reading in load_documents(SEEDS / "documents", REGISTRY)}


def at(month: int, day: int, *, year: int = 2022, hour: int = 9) -> datetime:
    """Return a time of a day in Shanghai."""
    return at_local(date(year, month, day), hour, 0)


@dataclass(frozen=True, slots=True)
class Documents:
    """A database in which documents are issued, and the people who act on them."""

    database: Database

    def unit_id(self, code: str) -> int:
        with self.database.reading() as session:
            return session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == code)).one() or 0

    def liaison(self, code: str) -> Actor:
        return Actor(None, "联络员", Role.LIAISON, self.unit_id(code), code)

    def head(self, code: str) -> Actor:
        return Actor(None, "负责人", Role.UNIT_HEAD, self.unit_id(code), code)

    def task_id(self, code: str) -> int:
        with self.database.reading() as session:
            return session.scalars(select(col(TaskRow.id)).join(ItemRow).where(col(ItemRow.code) == code)).one() or 0

    def tasks_of(self, number: str) -> list[TaskRow]:
        with self.database.reading() as session:
            wanted = select(TaskRow).join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
            return list(session.scalars(wanted.where(col(DocumentRow.number) == number).order_by(col(TaskRow.id))))

    def rows(self, item: str, unit: str) -> list[tuple[SeriesRow, PeriodRow, FormRow]]:
        """Return the rows of a unit's share of an item, the earliest first."""
        with self.database.reading() as session:
            return self.rows_in(session, item, unit)

    def rows_in(self, session: Session, item: str, unit: str) -> list[tuple[SeriesRow, PeriodRow, FormRow]]:
        wanted = (
            select(SeriesRow, PeriodRow, FormRow)
            .join(PeriodRow, col(PeriodRow.series_id) == col(SeriesRow.id))
            .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
            .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
            .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
            .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
            .join(UnitRow, col(UnitRow.id) == col(AssignmentRow.unit_id))
            .where(col(ItemRow.code) == item, col(UnitRow.code) == unit)
            .order_by(col(PeriodRow.due_at), col(FormRow.id))
        )
        return list(session.execute(wanted))

    def shares(self, item: str) -> dict[str, AssignmentRow]:
        """Return the shares of an item by the code of their unit."""
        with self.database.reading() as session:
            wanted = (
                select(col(UnitRow.code), AssignmentRow)
                .join(AssignmentRow, col(AssignmentRow.unit_id) == col(UnitRow.id))
                .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
                .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
                .where(col(ItemRow.code) == item)
            )
            return dict(session.execute(wanted).all())

    def sweep(self, now: datetime) -> Swept:
        return sweep(self.database, now=now, by=BY, outgoing=Outgoing(mail=False, machine_now=now))

    def file(self, unit: str, period_id: int, *, when: datetime, only: Iterable[str] = ()) -> int:
        """Hand in and sign the open rows of a form, or some of them; return the filing's id."""
        with self.database.transaction() as session:
            entries = tuple(self._entries(session, period_id, only=frozenset(only), day=when.date()))
            command = SubmitForm(period_id, entries, missed_words="前期漏报，已补齐")
            filing_id = submit_form(session, command, actor=self.liaison(unit), at=when)
            sign_off(session, filing_id=filing_id, actor=self.head(unit), at=when)
        return filing_id

    def accept(self, filing_id: int, *, when: datetime) -> None:
        with self.database.transaction() as session:
            accept_filing(session, filing_id=filing_id, actor=OFFICE, at=when)

    def complete(self, item: str, unit: str, *, when: datetime) -> int:
        """Let a lead ask to be done with an item that has no final row; return the filing's id."""
        share = self.shares(item)[unit]
        with self.database.transaction() as session:
            entry = _entry(session, share, day=when.date(), done=True)
            command = SubmitOne(FilingKind.COMPLETION, entry)
            filing_id = submit_one(session, command, actor=self.liaison(unit), at=when)
            sign_off(session, filing_id=filing_id, actor=self.head(unit), at=when)
        return filing_id

    def standing(self, item: str, *, now: datetime) -> TaskStanding:
        """Return the class and the lights of an item's task."""
        task_id = self.task_id(item)
        with self.database.reading() as session:
            [found] = task_standings(session, now=now, by=BY, task_ids=[task_id])
        return found

    def _entries(self, session: Session, period_id: int, *, only: frozenset[str], day: date) -> Iterable[Entry]:
        rows = session.execute(
            select(FormRow, AssignmentRow, ItemRow)
            .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
            .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
            .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
            .where(col(FormRow.period_id) == period_id, col(FormRow.state).in_(["open", "returned"]))
            .order_by(col(FormRow.id))
        ).all()
        for row, share, item in rows:
            if row.pending_at is not None or (only and item.code not in only):
                continue
            yield _entry(session, share, day=day, done=row.final)


def _entry(session: Session, share: AssignmentRow, *, day: date, done: bool) -> Entry:
    document_id = session.get_one(TaskRow, share.task_id).document_id
    facts = share_facts(session, unit_id=share.unit_id, document_id=document_id)[share.id or 0]
    claim = Claim.ON_SCHEDULE if facts.scheduled else Claim.ONGOING_ACTIVE
    return Entry(
        assignment_id=share.id or 0,
        content=RowContent(
            claim=Claim.DONE if done else claim,
            text=f"{day.month}月{day.day}日召开推进会1次。",
            cases=CaseCounts(3, 3) if facts.counts_cases else None,
        ),
        values={target_id: (facts.targets[target_id].value, day) for target_id in facts.bound},
        outcome=Outcome.MET if done else None,
        evidence_reason="材料正在整理",
    )


def issue(
    database: Database,
    numbers: Iterable[str] | None = None,
    *,
    when: datetime | None = None,
    from_on: date | None = None,
) -> Documents:
    """Register the city, and issue all documents or some: at one time, or each on the working day after its own."""
    wanted = None if numbers is None else frozenset(numbers)
    chosen = [reading for number, reading in readings().items() if wanted is None or number in wanted]
    remembered(database, lambda empty: _issue(empty, chosen, when=when, from_on=from_on), wanted, when, from_on)
    return Documents(database)


def _issue(database: Database, chosen: Sequence[Reading], *, when: datetime | None, from_on: date | None) -> None:
    with database.transaction() as session:
        register_units(session, REGISTRY, at=when or at_local(BEGINS_ON, 9, 0))
        for reading in chosen:
            register_document(session, reading, actor=SYSTEM, at=when or at_local(BEGINS_ON, 9, 0))
    for reading in chosen:
        first = max(reading.issued_on or BEGINS_ON, BEGINS_ON)
        given = when or at_local(CALENDAR.add_workdays(first, 1), 9, 0)
        with database.transaction() as session:
            approve_document(session, number=reading.number, basis="市政府常务会议议定", actor=OFFICE, at=given)
            issue_document(session, number=reading.number, actor=OFFICE, at=given, by=BY, from_on=from_on)
