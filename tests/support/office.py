"""The small city at work: its people, and a document that has been issued.

The document is issued on 25 August 2022, too late in the month for August to count: the first monthly form is that of
September, taken from 27 September on and due on 10 October.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.readings import NUMBER, small_reading, small_registry
from tests.support.remembered import remembered
from tracker.domain.accounts import SYSTEM, Actor, Role
from tracker.domain.claims import Claim, RowContent
from tracker.domain.deliveries import Outgoing
from tracker.domain.entries import AttachedFile, Entry
from tracker.domain.filings import Outcome, ReturnReason
from tracker.domain.verdicts import Verdict
from tracker.domain.windows import Reckoning
from tracker.gateways.configuration import CONFIGURATION, load_calendar, load_policy
from tracker.store.database import Database
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.filing import SubmitForm, sign_off, submit_form
from tracker.usecases.issuing import issue_document
from tracker.usecases.registering import approve_document, register_document, register_units
from tracker.usecases.returning import return_report
from tracker.usecases.sweeping import Swept, sweep

CALENDAR = load_calendar(CONFIGURATION / "calendar.toml")
POLICY = load_policy(CONFIGURATION / "policy.toml")
BY = Reckoning(calendar=CALENDAR, policy=POLICY)
UNPROVED = "材料正在整理，随后补报"  # why mandatory evidence lacks, where it does
OFFICE = Actor(1, "督查员", Role.SUPERVISOR)
LEADER = Actor(2, "领导", Role.LEADER)
ISSUED_AT = datetime(2022, 8, 25, 1, 0, tzinfo=UTC)
IN_TIME = datetime(2022, 9, 28, 1, 0, tzinfo=UTC)
LATE = datetime(2022, 10, 11, 1, 0, tzinfo=UTC)
FIRST = "2022-09"


@dataclass(frozen=True, slots=True)
class City:
    """A database in which the small document is issued and its first forms are open."""

    database: Database

    def liaison(self, code: str) -> Actor:
        return Actor(10, f"{code}联络员", Role.LIAISON, self.unit_id(code), code)

    def head(self, code: str) -> Actor:
        return Actor(11, f"{code}负责人", Role.UNIT_HEAD, self.unit_id(code), code)

    def unit_id(self, code: str) -> int:
        with self.database.reading() as session:
            return session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == code)).one() or 0

    def assignment(self, code: str, session: Session) -> AssignmentRow:
        wanted = select(AssignmentRow).join(UnitRow).where(col(UnitRow.code) == code)
        return session.scalars(wanted).one()

    def series(self, code: str, session: Session, *, kind: str = "monthly") -> SeriesRow:
        wanted = select(SeriesRow).join(UnitRow, col(UnitRow.id) == col(SeriesRow.unit_id))
        return session.scalars(wanted.where(col(UnitRow.code) == code, col(SeriesRow.kind) == kind)).one()

    def period(self, code: str, session: Session, *, name: str = FIRST) -> PeriodRow:
        wanted = (
            select(PeriodRow)
            .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
            .join(UnitRow, col(UnitRow.id) == col(SeriesRow.unit_id))
        )
        return session.scalars(wanted.where(col(UnitRow.code) == code, col(PeriodRow.code) == name)).one()

    def row(self, code: str, session: Session, *, name: str = FIRST) -> FormRow:
        period = self.period(code, session, name=name)
        wanted = select(FormRow).where(col(FormRow.period_id) == period.id, col(FormRow.assignment_id).is_not(None))
        return session.scalars(wanted).one()

    def entry(
        self,
        code: str,
        session: Session,
        *,
        claim: Claim | None = None,
        text: str = "9月28日印发通报1期。",
        files: tuple[AttachedFile, ...] = (),
        outcome: Outcome | None = None,
        value_on: date = date(2022, 9, 28),
    ) -> Entry:
        """Return what a unit says about its share: on schedule, with a value for each number of the item."""
        share = self.assignment(code, session)
        item_id = session.get_one(TaskRow, share.task_id).item_id
        targets = session.scalars(select(ItemTargetRow).where(col(ItemTargetRow.item_id) == item_id)).all()
        values = {target.id or 0: (target.value, value_on) for target in targets}
        return Entry(
            assignment_id=share.id or 0,
            content=RowContent(claim=claim or Claim.ON_SCHEDULE, text=text),
            values=values,
            files=files,
            outcome=outcome,
        )

    def submit(
        self, code: str = "swj", *, at: datetime = IN_TIME, name: str = FIRST, missed_words: str = "", **facts: object
    ) -> int:
        """Hand a unit's form to its head; return the filing's id."""
        actor = self.liaison(code)
        with self.database.transaction() as session:
            entry = self.entry(code, session, **facts)  # type: ignore[arg-type] # facts of a test
            period_id = self.period(code, session, name=name).id or 0
            command = SubmitForm(period_id, (replace(entry, evidence_reason=UNPROVED),), missed_words=missed_words)
            return submit_form(session, command, actor=actor, at=at)

    def file(self, code: str = "swj", *, at: datetime = IN_TIME, name: str = FIRST, **facts: object) -> int:
        """Hand in a unit's form and sign it; return the filing's id."""
        filing_id = self.submit(code, at=at, name=name, **facts)  # type: ignore[arg-type] # facts of a test
        actor = self.head(code)
        with self.database.transaction() as session:
            sign_off(session, filing_id=filing_id, actor=actor, at=at)
        return filing_id

    def report_of(self, filing_id: int, session: Session) -> ReportRow:
        return session.scalars(select(ReportRow).where(col(ReportRow.filing_id) == filing_id)).one()

    def accept(self, filing_id: int, *, at: datetime = IN_TIME, **verdict: object) -> None:
        with self.database.transaction() as session:
            report_id = self.report_of(filing_id, session).id or 0
            said = Verdict(**verdict)  # type: ignore[arg-type] # facts of a test
            accept_report(session, report_id=report_id, actor=OFFICE, at=at, verdict=said)

    def give_back(
        self,
        filing_id: int,
        *,
        at: datetime = IN_TIME,
        reason_class: ReturnReason = ReturnReason.NO_EVIDENCE,
        reason: str = "缺少数据",
    ) -> None:
        with self.database.transaction() as session:
            return_report(
                session,
                report_id=self.report_of(filing_id, session).id or 0,
                reason=reason,
                reason_class=reason_class,
                actor=OFFICE,
                at=at,
                by=BY,
            )

    def sweep(self, now: datetime) -> Swept:
        return sweep(self.database, now=now, by=BY, outgoing=Outgoing(mail=False, machine_now=now))

    def row_states(self, code: str = "swj") -> Mapping[str, str]:
        """Return the state of a unit's rows by the code of their period."""
        with self.database.reading() as session:
            wanted = (
                select(col(PeriodRow.code), col(FormRow.state))
                .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
                .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
                .join(UnitRow, col(UnitRow.id) == col(SeriesRow.unit_id))
                .where(col(UnitRow.code) == code)
            )
            return dict(session.execute(wanted).all())


def open_city(database: Database) -> City:
    """Register, approve and issue the small document; its series are open then."""
    remembered(database, _open, "the small city")
    return City(database)


def _open(database: Database) -> None:
    with database.transaction() as session:
        register_units(session, small_registry(), at=ISSUED_AT)
        register_document(session, small_reading(), actor=SYSTEM, at=ISSUED_AT)
        approve_document(session, number=NUMBER, basis="市政府常务会议议定", actor=OFFICE, at=ISSUED_AT)
        issue_document(session, number=NUMBER, actor=OFFICE, at=ISSUED_AT, by=BY)
