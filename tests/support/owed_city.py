"""A small city whose small document is issued: its people, its shares and rows, and what must hold after every act."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.agreement import disagreements
from tests.support.readings import NUMBER, small_reading, small_registry
from tests.support.remembered import remembered
from tracker.domain.accounts import SYSTEM, Actor, Role
from tracker.domain.calendar import at_local, local_day
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind, Outcome, ReportKind, ReportState, RequestKind, RequestState
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.lifecycle import ASSIGNMENT_ENDED, TASK_OWING, AssignmentState, TaskState
from tracker.domain.owed import RowState, overdue_from
from tracker.domain.parts import NewShare
from tracker.domain.readings.reading import Reading
from tracker.domain.windows import Reckoning
from tracker.gateways.configuration import CONFIGURATION, load_calendar, load_policy
from tracker.steps.growing import extend_due
from tracker.steps.settling import with_ticked_shares
from tracker.store.database import Database
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.form_views import OPEN_ROWS
from tracker.store.queries.series import series_views
from tracker.store.queries.unasked import series_with_unasked
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.filings import CorrectionRow, ReportRow, RequestRow
from tracker.store.tables.series import DutyRow, FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.filing import SubmitForm, SubmitOne, sign_off, submit_form, submit_one
from tracker.usecases.issuing import issue_document
from tracker.usecases.merging import merge_units
from tracker.usecases.registering import approve_document, register_document, register_units
from tracker.usecases.sharing import add_share

BY = Reckoning(
    calendar=load_calendar(CONFIGURATION / "calendar.toml"), policy=load_policy(CONFIGURATION / "policy.toml")
)
UNPROVED = "材料正在整理，随后补报"  # why mandatory evidence lacks, where it does
OFFICE = Actor(1, "督查员", Role.SUPERVISOR)
LEADER = Actor(2, "秘书长", Role.LEADER)


def at(month: int, day: int, *, year: int = 2022, hour: int = 9) -> datetime:
    """Return a time of a day in Shanghai."""
    return at_local(date(year, month, day), hour, 0)


ISSUED_AT = at(8, 25)


@dataclass(frozen=True, slots=True)
class OwedCity:
    """The small document, issued on 2022-08-25: 市商务局 leads a monthly task, 市统计局 replies, two counties tick."""

    database: Database

    def unit_id(self, code: str) -> int:
        with self.database.reading() as session:
            return session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == code)).one() or 0

    def task_id(self) -> int:
        with self.database.reading() as session:
            return session.scalars(select(col(TaskRow.id)).order_by(col(TaskRow.id))).first() or 0

    def task(self) -> TaskRow:
        with self.database.reading() as session:
            return session.get_one(TaskRow, self.task_id())

    def share(self, code: str) -> AssignmentRow:
        with self.database.reading() as session:
            return session.scalars(
                select(AssignmentRow).where(
                    col(AssignmentRow.unit_id) == self.unit_id(code), col(AssignmentRow.task_id) == self.task_id()
                )
            ).one()

    def liaison(self, code: str) -> Actor:
        return Actor(10, f"{code}联络员", Role.LIAISON, self.unit_id(code), code)

    def head(self, code: str) -> Actor:
        return Actor(11, f"{code}负责人", Role.UNIT_HEAD, self.unit_id(code), code)

    def rows(self, code: str) -> dict[str, FormRow]:
        """Return the rows of a unit's share by the code of their period."""
        with self.database.reading() as session:
            found = session.execute(
                select(col(PeriodRow.code), FormRow)
                .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
                .where(col(FormRow.assignment_id) == self.share(code).id)
                .order_by(col(PeriodRow.starts_on), col(PeriodRow.ends_on))
            )
            return dict(found.all())

    def states(self, code: str) -> dict[str, str]:
        return {period: row.state for period, row in self.rows(code).items()}

    def grow(self, now: datetime) -> None:
        """Let the periods come into being that should exist by now."""
        with self.database.transaction() as session:
            extend_due(session, now=now, by=BY)

    def values(self, item_id: int = 1, *, on: date = date(2022, 9, 15)) -> dict[int, tuple[float, date | None]]:
        """Return a value for each number of an item that reaches it, as of a day."""
        with self.database.reading() as session:
            targets = session.scalars(select(ItemTargetRow).where(col(ItemTargetRow.item_id) == item_id)).all()
        return {target.id or 0: (target.value, on) for target in targets}

    def file(
        self,
        code: str,
        period: str,
        *,
        when: datetime,
        missed_words: str = "",
        claim: Claim = Claim.ON_SCHEDULE,
    ) -> int:
        """Let a unit file a form of its share; return the report's id. `claim` is not that of a completion."""
        row = self.rows(code)[period]
        content = RowContent(text="9月15日召开推进会，签约3个项目。", claim=Claim.DONE if row.final else claim)
        with self.database.reading() as session:
            share = session.get_one(AssignmentRow, row.assignment_id)
            item_id = session.get_one(TaskRow, share.task_id).item_id
        entry = Entry(row.assignment_id or 0, content, self.values(item_id))
        with self.database.transaction() as session:
            command = SubmitForm(row.period_id, (replace(entry, evidence_reason=UNPROVED),), missed_words=missed_words)
            filing_id = submit_form(session, command, actor=self.liaison(code), at=when)
            sign_off(session, filing_id=filing_id, actor=self.head(code), at=when)
        with self.database.reading() as session:
            wanted = select(col(ReportRow.id)).where(col(ReportRow.row_id) == row.id).order_by(col(ReportRow.id).desc())
            return session.scalars(wanted).first() or 0

    def tick(self, code: str, period: str, *, when: datetime) -> int:
        """Let a unit tick for its other shares in a form of the small document; return the report's id."""
        with self.database.transaction() as session:
            wanted = (
                select(col(PeriodRow.id))
                .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
                .where(col(SeriesRow.unit_id) == self.unit_id(code), col(PeriodRow.code) == period)
            )
            command = SubmitForm(session.scalars(wanted).one() or 0, (), ticked=True)
            filing_id = submit_form(session, command, actor=self.liaison(code), at=when)
            sign_off(session, filing_id=filing_id, actor=self.head(code), at=when)
            return session.scalars(select(col(ReportRow.id)).where(col(ReportRow.filing_id) == filing_id)).one() or 0

    def complete(self, code: str, *, when: datetime) -> int:
        """Let a lead report its share done; return the report's id."""
        share = self.share(code)
        with self.database.reading() as session:
            item_id = session.get_one(TaskRow, share.task_id).item_id
        content = RowContent(text="9月15日全部建成并投入使用。", claim=Claim.DONE)
        entry = Entry(share.id or 0, content, self.values(item_id), outcome=Outcome.MET)
        with self.database.transaction() as session:
            command = SubmitOne(FilingKind.COMPLETION, replace(entry, evidence_reason=UNPROVED))
            filing_id = submit_one(session, command, actor=self.liaison(code), at=when)
            sign_off(session, filing_id=filing_id, actor=self.head(code), at=when)
            return session.scalars(select(col(ReportRow.id)).where(col(ReportRow.filing_id) == filing_id)).one() or 0

    def merge(self, old: str, into: str, when: datetime) -> None:
        """Let a unit go up in another on a day."""
        with self.database.transaction() as session:
            ids = {"from_unit_id": self.unit_id(old), "into_unit_id": self.unit_id(into)}
            merge_units(session, **ids, on=local_day(when), reason="机构改革", actor=OFFICE, at=when)

    def add_lead(self, code: str, when: datetime) -> None:
        """Let a unit lead the first task beside others."""
        with self.database.transaction() as session:
            part = NewShare(self.unit_id(code), AssignmentRole.LEAD, Duty.REPORT)
            add_share(session, task_id=self.task_id(), share=part, reason="补", actor=OFFICE, at=when, by=BY)


def open_owed_city(
    database: Database,
    *,
    expires_on: date | None = None,
    when: datetime = ISSUED_AT,
    from_on: date | None = None,
    reading: Reading | None = None,
) -> OwedCity:
    """Register, approve and issue the small document, or another reading of it."""
    read = reading or small_reading(expires_on=expires_on)

    def issue(database: Database) -> None:
        with database.transaction() as session:
            register_units(session, small_registry(), at=when)
            register_document(session, read, actor=SYSTEM, at=when)
            approve_document(session, number=NUMBER, basis="市政府常务会议议定", actor=OFFICE, at=when)
            issue_document(session, number=NUMBER, actor=OFFICE, at=when, by=BY, from_on=from_on)

    remembered(database, issue, "the owed city", repr(read), when, from_on)
    return OwedCity(database)


def assert_reckoned(database: Database) -> None:
    """What is stored of series follows from their rows, nothing ended is open or in dispute, a unit ticks once.

    It ticks for something, and owes nothing where it went up in another. A returned row has one running correction, any
    other row none. No later account ended what waits for the head. Of work that goes on the office has no completion
    but one that it reviews. The tables say what the log tells.
    """
    with database.reading() as session:
        stored = {row.id: row.overdue_from for row in session.scalars(select(SeriesRow))}
        assert stored == {view.series_id: overdue_from(view) for view in series_views(session, list(stored))}  # type: ignore[arg-type]
        flagged = set(session.scalars(select(col(SeriesRow.id)).where(col(SeriesRow.unasked).is_(True))))
        assert flagged == series_with_unasked(session, [id_ for id_ in stored if id_])
        assert _open_rows_of_ended(session) == []
        assert _owed_by_gone_units(session) == []
        assert _disputed_without_a_dispute(session) == []
        assert _missed_at_the_head(session) == []
        assert _completions_of_before(session) == []
        assert _rows_in_correction(session) == _returned_rows(session)
        told = fold(session, cut(session, as_of=datetime(9999, 1, 1, tzinfo=UTC)))
        assert list(disagreements(session, told)) == []
        ticks = _ticking_series(session)
        ticking = {(unit_id, document_id) for unit_id, document_id, _series_id in ticks}
        assert len(ticking) == len(ticks)
        assert ticking <= with_ticked_shares(session, ticking)


def _ticking_series(session: Session) -> list[tuple[int, int, int]]:
    """Return which unit ticks in which document, with the series in which it does."""
    ticks = (
        select(col(SeriesRow.unit_id), col(SeriesRow.document_id), col(SeriesRow.id))
        .join(DutyRow, col(DutyRow.series_id) == col(SeriesRow.id))
        .where(col(DutyRow.assignment_id).is_(None), col(DutyRow.ended_at).is_(None))
    )
    return [(unit_id, document_id, id_ or 0) for unit_id, document_id, id_ in session.execute(ticks)]


def _open_rows_of_ended(session: Session) -> list[int | None]:
    """Return open rows whose share or task has ended, and open ticks of a series in which their unit ticks no more."""
    live = [*(state.value for state in TASK_OWING), "suspended"]
    ended = [state.value for state in ASSIGNMENT_ENDED]
    ticking = select(col(DutyRow.series_id)).where(
        col(DutyRow.assignment_id).is_(None), col(DutyRow.ended_at).is_(None)
    )
    return list(
        session.scalars(
            select(col(FormRow.id))
            .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
            .outerjoin(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
            .outerjoin(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
            .where(
                col(FormRow.state).in_(OPEN_ROWS),
                col(TaskRow.state).not_in(live)
                | col(AssignmentRow.state).in_(ended)
                | (col(FormRow.assignment_id).is_(None) & col(PeriodRow.series_id).not_in(ticking)),
            )
        )
    )


def _missed_at_the_head(session: Session) -> list[int | None]:
    """Return rows that a later account ended while a report on them waited for the head of the unit."""
    waits = select(col(ReportRow.row_id)).where(col(ReportRow.state) == "awaiting_sign_off")
    missed = select(col(FormRow.id)).where(col(FormRow.settled_by) == "later_period_filed", col(FormRow.id).in_(waits))
    return list(session.scalars(missed))


def _completions_of_before(session: Session) -> list[int | None]:
    """Return completions of leads that lie with the office while their work goes on as if there were none."""
    going_on = [TaskState.ISSUED.value, TaskState.IN_PROGRESS.value, TaskState.RETURNED.value, TaskState.LAPSED.value]
    return list(
        session.scalars(
            select(col(ReportRow.id))
            .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
            .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
            .where(
                col(ReportRow.kind) == ReportKind.COMPLETION.value,
                col(ReportRow.state) == ReportState.FILED.value,
                col(AssignmentRow.role) == AssignmentRole.LEAD.value,
                col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
                col(TaskRow.state).in_(going_on),
            )
        )
    )


def _rows_in_correction(session: Session) -> list[int]:
    """Return the row of each correction that runs, one that has two of them twice."""
    running = select(col(CorrectionRow.row_id)).where(col(CorrectionRow.ended_at).is_(None))
    return list(session.scalars(running.order_by(col(CorrectionRow.row_id))))


def _returned_rows(session: Session) -> list[int | None]:
    returned = select(col(FormRow.id)).where(col(FormRow.state) == RowState.RETURNED.value)
    return list(session.scalars(returned.order_by(col(FormRow.id))))


def _owed_by_gone_units(session: Session) -> list[tuple[str, int | None]]:
    """Return what a unit that went up in another still has: open rows, duties, shares of what goes on."""
    gone = select(col(UnitRow.id)).where(col(UnitRow.merged_into_unit_id).is_not(None))
    series = select(col(SeriesRow.id)).where(col(SeriesRow.unit_id).in_(gone))
    rows = (
        select(col(FormRow.id))
        .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .where(col(PeriodRow.series_id).in_(series), col(FormRow.state).in_(OPEN_ROWS))
    )
    duties = select(col(DutyRow.id)).where(col(DutyRow.series_id).in_(series), col(DutyRow.ended_at).is_(None))
    shares = (
        select(col(AssignmentRow.id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(
            col(AssignmentRow.unit_id).in_(gone),
            col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
            col(TaskRow.state).in_([*(state.value for state in TASK_OWING), "suspended"]),
        )
    )
    found = (("row", rows), ("duty", duties), ("share", shares))
    return [(what, id_) for what, wanted in found for id_ in session.scalars(wanted)]


def _disputed_without_a_dispute(session: Session) -> list[int | None]:
    undecided = select(col(RequestRow.assignment_id)).where(
        col(RequestRow.kind) == RequestKind.DISPUTE.value, col(RequestRow.state) == RequestState.PENDING.value
    )
    return list(
        session.scalars(
            select(col(AssignmentRow.id)).where(
                col(AssignmentRow.state) == AssignmentState.DISPUTED.value, col(AssignmentRow.id).not_in(undecided)
            )
        )
    )
