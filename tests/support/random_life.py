"""A random life of the small city: units report, ask and dispute, the office decides, days pass, a document expires."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlmodel import Session, col

from tests.support.office import BY, CALENDAR, LEADER, OFFICE
from tests.support.random_decisions import DecidingOffice
from tests.support.readings import small_registry
from tracker.domain.accounts import SYSTEM, Actor, Role
from tracker.domain.calendar import local_day
from tracker.domain.claims import CauseClass, Claim, RowContent
from tracker.domain.deliveries import Outgoing
from tracker.domain.entries import Entry
from tracker.domain.errors import TrackerError
from tracker.domain.filings import FilingKind, ReturnReason
from tracker.domain.intervals import INTERVALS
from tracker.domain.items import AssignmentRole, Duty
from tracker.domain.outages import Outage
from tracker.domain.parts import NewShare
from tracker.domain.plan_ends import PlanEnd
from tracker.domain.verdicts import Verdict
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.filings import FilingRow, ReportRow, RequestRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow, TriggerRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import archive_task, cancel_task, close_task, reopen_task, resume_task, suspend_task
from tracker.usecases.filing import SubmitForm, SubmitOne, acknowledge, sign_off, submit_form, submit_one, withdraw
from tracker.usecases.issuing import issue_document
from tracker.usecases.merging import merge_units
from tracker.usecases.moving_due import move_due
from tracker.usecases.objecting import object_to_claim, restore_claim
from tracker.usecases.publishing_calendar import publish_notices
from tracker.usecases.recording_outages import record_outage
from tracker.usecases.registering import approve_document, register_document, register_units
from tracker.usecases.renaming import rename_unit
from tracker.usecases.report_demands import lift_key, mark_key, set_interval
from tracker.usecases.requesting import (
    RequestExtension,
    dispute_share,
    grant_extension,
    refuse_request,
    request_extension,
)
from tracker.usecases.returning import return_report, return_untrue_report
from tracker.usecases.sharing import add_share, change_deadline, reassign_share, release_share
from tracker.usecases.sweeping import sweep
from tracker.usecases.triggers import RecordTrigger, end_trigger, record_trigger

NUMBERS = ("驻政办〔2022〕97号", "驻政办〔2022〕98号")
EXPIRES_ON = date(2022, 12, 20)


@dataclass(slots=True)
class Life(DecidingOffice):
    """A city with a document that lasts and one that expires or whose plan ends; `now` is how far its life has come."""

    def begin(self) -> None:
        with self.database.transaction() as session:
            register_units(session, small_registry(), at=self.now)
            for number, expires_on in zip(NUMBERS, (None, EXPIRES_ON), strict=True):
                reading = self.read(number=number, expires_on=expires_on)
                if expires_on and self.made.random() < 0.5:
                    reading = replace(reading, expires_on=None, plan_end=PlanEnd(expires_on))
                register_document(session, reading, actor=SYSTEM, at=self.now)
                approve_document(session, number=number, basis="会议议定", actor=OFFICE, at=self.now)
                issue_document(session, number=number, actor=OFFICE, at=self.now, by=BY)

    def live(self, steps: int) -> int:
        """Let that many things happen, refused ones included; return how many were not refused."""
        acts: tuple[Callable[[Session], object], ...] = (
            self._receive,
            self._report,
            self._report,
            self._report,
            self._sign,
            self._sign,
            self._sign,
            self._withdraw,
            self._review,
            self._review,
            self._review,
            self._review,
            self._find_untrue,
            self._ask,
            self._ask,
            self._decide,
            self._decide,
            self._dispute,
            self._object,
            self._object,
            self._move,
            self._complete,
            *self.office_acts[:7],
        )
        done = 0
        for _step in range(steps):
            self.now += timedelta(hours=self.made.choice((1, 3, 7, 20)))
            if self.made.random() < 0.3:
                self.sweep()
            with suppress(TrackerError, IndexError), self.database.transaction() as session:
                self.made.choice(acts)(session)
                done += 1
        return done

    def do(self, act: Callable[[Session], object]) -> None:
        """Let one thing happen, unless it is refused."""
        with suppress(TrackerError, IndexError), self.database.transaction() as session:
            act(session)

    @property
    def office_acts(self) -> tuple[Callable[[Session], object], ...]:
        """What only the office and its leaders do to a task, a unit or the calendar."""
        return (
            self._trigger,
            self._end_trigger,
            self._pause,
            self._end,
            self._share,
            self._deadline,
            self._say_how_to_report,
            self._rename,
            self._publish_calendar,
            self._merge,
            self._record_outage,
            self._supersede,
            self._correct_plan_end,
            self._set_points,
            self._answer,
            self._grant_dispute,
            self._end_lapsed,
        )

    def sweep(self) -> None:
        self.now += timedelta(hours=self.made.choice((12, 36, 80)))
        sweep(self.database, now=self.now, by=BY, outgoing=Outgoing(mail=False, machine_now=self.now))

    def _unit(self, unit_id: int, role: Role = Role.LIAISON) -> Actor:
        return Actor(10, "联络员", role, unit_id, "单位")

    def _receive(self, session: Session) -> None:
        share = self._one(session, select(AssignmentRow).where(col(AssignmentRow.state) == "pending_receipt"))
        assert isinstance(share, AssignmentRow)
        acknowledge(session, assignment_id=share.id or 0, actor=self._unit(share.unit_id), at=self.now)

    def _report(self, session: Session) -> None:
        """Fill a form that has open rows; now and then about a share that is only ticked as well."""
        open_forms = (
            select(PeriodRow, SeriesRow)
            .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
            .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
            .where(col(FormRow.state).in_(["open", "returned"]), col(PeriodRow.opens_at) <= self.now)
            .order_by(col(PeriodRow.id))
        )
        period, series = self.made.choice(session.execute(open_forms).all())
        rows = session.scalars(select(FormRow).where(col(FormRow.period_id) == period.id)).all()
        shares = [row.assignment_id for row in rows if row.assignment_id and row.state in ("open", "returned")]
        if self.made.random() < 0.5:
            own = select(col(AssignmentRow.id)).join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
            mine = own.where(
                col(AssignmentRow.unit_id) == series.unit_id, col(TaskRow.document_id) == series.document_id
            )
            shares = list(dict.fromkeys([*shares, *session.scalars(mine)]))
        entries = tuple(self._entry(session, share or 0) for share in shares)
        ticked = any(row.assignment_id is None for row in rows)
        command = SubmitForm(period.id or 0, entries, ticked=ticked, missed_words="人员变动，未能报送。")
        submit_form(session, command, actor=self._unit(series.unit_id), at=self.now)

    def _entry(self, session: Session, assignment_id: int) -> Entry:
        share = session.get_one(AssignmentRow, assignment_id)
        item_id = session.get_one(TaskRow, share.task_id).item_id
        targets = session.scalars(select(ItemTargetRow).where(col(ItemTargetRow.item_id) == item_id)).all()
        content = RowContent(
            claim=self.made.choice((Claim.ON_SCHEDULE, Claim.BEHIND, Claim.DIFFICULT)),
            text="9月28日印发通报1期。",
            cause_class=CauseClass.OTHER,
            cause="资金尚未到位。",
            next_step="10月底前完成招标。",
            next_on=local_day(self.now) + timedelta(days=30),
        )
        values = {target.id or 0: (float(self.made.randint(0, 3)), local_day(self.now)) for target in targets}
        return Entry(assignment_id=assignment_id, content=content, values=values, evidence_reason="材料正在整理。")

    def _sign(self, session: Session) -> None:
        filing = self._one(session, select(FilingRow).where(col(FilingRow.state) == "awaiting_sign_off"))
        assert isinstance(filing, FilingRow)
        sign_off(session, filing_id=filing.id or 0, actor=self._unit(filing.unit_id, Role.UNIT_HEAD), at=self.now)

    def _withdraw(self, session: Session) -> None:
        filing = self._one(session, select(FilingRow).where(col(FilingRow.state) == "awaiting_sign_off"))
        assert isinstance(filing, FilingRow)
        withdraw(session, filing_id=filing.id or 0, actor=self._unit(filing.unit_id), at=self.now)

    def _review(self, session: Session) -> None:
        report = self._one(session, select(ReportRow).where(col(ReportRow.state) == "filed"))
        assert isinstance(report, ReportRow)
        if self.made.random() < 0.5:
            lowered = report.kind == "progress" and report.claim == Claim.ON_SCHEDULE and self.made.random() < 0.5
            verdict = Verdict(Claim.BEHIND if lowered else None, "只有1期", let_pass="资料已齐")
            accept_report(session, report_id=report.id or 0, actor=OFFICE, at=self.now, verdict=verdict)
            return
        return_report(
            session,
            report_id=report.id or 0,
            reason="缺少具体数据，所附材料与实际不符",
            reason_class=self.made.choice(list(ReturnReason)),
            actor=OFFICE,
            at=self.now,
            by=BY,
        )

    def _find_untrue(self, session: Session) -> None:
        report = self._one(session, select(ReportRow).where(col(ReportRow.state) == "accepted"))
        assert isinstance(report, ReportRow)
        found = "现场核查，所报项目均未开工"
        return_untrue_report(session, report_id=report.id or 0, reason=found, actor=OFFICE, at=self.now, by=BY)

    def _ask(self, session: Session) -> None:
        open_rows = select(FormRow).where(
            col(FormRow.state).in_(["open", "returned"]), col(FormRow.assignment_id).is_not(None)
        )
        row = self._one(session, open_rows)
        assert isinstance(row, FormRow)
        share = session.get_one(AssignmentRow, row.assignment_id)
        later = local_day(self.now) + timedelta(days=self.made.randint(1, 60))
        asked = RequestExtension(row.id or 0, later, "等待上级口径")
        request_extension(session, asked, actor=self._unit(share.unit_id), at=self.now)

    def _decide(self, session: Session) -> None:
        request = self._one(session, select(RequestRow).where(col(RequestRow.state) == "pending"))
        assert isinstance(request, RequestRow)
        actor = LEADER if request.by_leader else OFFICE
        if request.kind == "extension" and self.made.random() < 0.5:
            grant_extension(session, request_id=request.id or 0, actor=actor, at=self.now, by=BY)
            return
        if request.kind == "objection" and self.made.random() < 0.5:
            restore_claim(session, request_id=request.id or 0, reason="佐证充分", actor=actor, at=self.now)
            return
        refuse_request(session, request_id=request.id or 0, reason="理由不充分", actor=actor, at=self.now, by=BY)

    def _dispute(self, session: Session) -> None:
        share = self._one(session, select(AssignmentRow))
        assert isinstance(share, AssignmentRow)
        actor = self._unit(share.unit_id)
        dispute_share(session, assignment_id=share.id or 0, reason="非我单位职责", actor=actor, at=self.now, by=BY)

    def _object(self, session: Session) -> None:
        """Answer one of the latest lowered claims, most of which may still be answered."""
        lowered = select(ReportRow).where(col(ReportRow.verified_claim) != col(ReportRow.claim))
        report = session.scalars(lowered.order_by(col(ReportRow.decided_at).desc(), col(ReportRow.id).desc())).all()[0]
        actor = self._unit(session.get_one(AssignmentRow, report.assignment_id).unit_id)
        object_to_claim(session, report_id=report.id or 0, reason="已印发3期", actor=actor, at=self.now, by=BY)

    def _move(self, session: Session) -> None:
        row = self._one(session, select(FormRow).where(col(FormRow.state).in_(["open", "returned"])))
        assert isinstance(row, FormRow)
        later = local_day(self.now) + timedelta(days=self.made.randint(0, 20))
        move_due(session, row_id=row.id or 0, new_due_on=later, reason="系统停机", actor=OFFICE, at=self.now)

    def _complete(self, session: Session) -> None:
        """Ask to be done, rarely, so that most tasks go on."""
        share = self._one(session, select(AssignmentRow).where(col(AssignmentRow.role) == "lead"))
        assert isinstance(share, AssignmentRow)
        if self.made.random() < 0.2:
            entry = self._entry(session, share.id or 0)
            done = SubmitOne(FilingKind.COMPLETION, replace(entry, content=replace(entry.content, claim=Claim.DONE)))
            submit_one(session, done, actor=self._unit(share.unit_id), at=self.now)

    def _trigger(self, session: Session) -> None:
        """Record an event of now, or of some days ago."""
        task = self._one(session, select(TaskRow).where(col(TaskRow.dormant).is_(True)))
        assert isinstance(task, TaskRow)
        occurred_at = self.now - timedelta(hours=self.made.choice((0, 0, 7, 100, 500)))
        command = RecordTrigger(task_id=task.id or 0, occurred_at=occurred_at, matter="演练")
        record_trigger(session, command, actor=OFFICE, at=self.now, calendar=BY.calendar)

    def _end_trigger(self, session: Session) -> None:
        trigger = self._one(session, select(TriggerRow))
        assert isinstance(trigger, TriggerRow)
        end_trigger(session, trigger_id=trigger.id or 0, reason="疫情结束", actor=OFFICE, at=self.now)

    def _task(self, session: Session, *states: str) -> int:
        task = self._one(session, select(TaskRow).where(col(TaskRow.state).in_(states)))
        assert isinstance(task, TaskRow)
        return task.id or 0

    def _pause(self, session: Session) -> None:
        if self.made.random() < 0.5:
            task_id = self._task(session, "issued", "in_progress", "returned")
            suspend_task(session, task_id=task_id, reason="等待上级政策", actor=OFFICE, at=self.now)
            return
        task_id = self._task(session, "suspended")
        resume_task(session, task_id=task_id, reason="政策已出台", actor=OFFICE, at=self.now, by=BY)

    def _end(self, session: Session) -> None:
        """Close and reopen what is done, put on file, and now and then withdraw a task."""
        what = self.made.random()
        if what < 0.4:
            task_id = self._task(session, "completed", "closed")
            untrue, why = self.made.random() < 0.3, "复核发现所报办结情况与实际不符"
            reopen_task(session, task_id=task_id, reason=why, actor=OFFICE, at=self.now, by=BY, falsified=untrue)
        elif what < 0.6:
            close_task(session, task_id=self._task(session, "completed"), reason="已核", actor=OFFICE, at=self.now)
        elif what < 0.7:
            task_id = self._task(session, "closed", "cancelled")
            archive_task(session, task_id=task_id, reason="归档", actor=OFFICE, at=self.now)
        elif what < 0.8:
            task_id = self._task(session, "issued", "in_progress")
            cancel_task(session, task_id=task_id, reason="任务取消", actor=OFFICE, at=self.now)

    def _share(self, session: Session) -> None:
        share = self._one(session, select(AssignmentRow))
        unit = self._one(session, select(UnitRow))
        assert isinstance(share, AssignmentRow)
        assert isinstance(unit, UnitRow)
        said = {"reason": "职责调整", "actor": OFFICE, "at": self.now, "by": BY}
        match self.made.randint(0, 3):
            case 0:
                duty = self.made.choice((Duty.REPLY, Duty.REPORT))
                part = NewShare(unit.id or 0, AssignmentRole.SUPPORT, duty)
                add_share(session, task_id=share.task_id, share=part, **said)  # type: ignore[arg-type] # as above
            case 1:
                release_share(session, assignment_id=share.id or 0, **said)  # type: ignore[arg-type] # as above
            case _:
                to_unit = unit.id or 0
                reassign_share(session, assignment_id=share.id or 0, to_unit_id=to_unit, **said)  # type: ignore[arg-type] # as above

    def _deadline(self, session: Session) -> None:
        task_id = self._task(session, "issued", "in_progress", "suspended")
        new_on = local_day(self.now) + timedelta(days=self.made.randint(5, 90))
        change_deadline(session, task_id=task_id, new_on=new_on, reason="倒排工期", actor=LEADER, at=self.now, by=BY)

    def _say_how_to_report(self, session: Session) -> None:
        """Make a task a key item or no longer, or choose how often it is reported."""
        task_id = self._task(session, "issued", "in_progress", "returned", "under_review")
        said = {"task_id": task_id, "reason": "统筹报送", "actor": OFFICE, "at": self.now, "by": BY}
        if self.made.random() < 0.5:
            set_interval(session, interval=self.made.choice(INTERVALS), **said)  # type: ignore[arg-type] # as above
        elif session.get_one(TaskRow, task_id).is_key:
            lift_key(session, **said)  # type: ignore[arg-type] # as above
        else:
            mark_key(session, **said)  # type: ignore[arg-type] # as above

    def _rename(self, session: Session) -> None:
        unit = self._one(session, select(UnitRow))
        assert isinstance(unit, UnitRow)
        rename_unit(
            session,
            unit_id=unit.id or 0,
            full_name=f"新{unit.full_name}",
            short_name=f"新{unit.short_name}",
            valid_from=local_day(self.now),
            reason="机构改革",
            actor=OFFICE,
            at=self.now,
        )

    def _publish_calendar(self, session: Session) -> None:
        """Replace a year's notice by one with other make-up days."""
        known = CALENDAR.notices[self.made.choice((2022, 2023))]
        kept = known.make_ups[: self.made.randint(0, len(known.make_ups))]
        notice = replace(known, source=f"国办发明电〔2022〕{self.made.randint(10, 99)}号", make_ups=kept)
        publish_notices(session, [notice], actor=OFFICE, at=self.now, by=BY, replace=True)

    def _record_outage(self, session: Session) -> None:
        """Record that nobody could use the system for some hours or weeks, until some hours ago."""
        until_at = self.now - timedelta(hours=self.made.choice((0, 5, 30)))
        outage = Outage(until_at - timedelta(hours=self.made.choice((2, 40, 500))), until_at)
        record_outage(session, outage, reason="机房断电", actor=OFFICE, at=self.now, by=BY)

    def merge(self) -> None:
        """Let one county go up in the other."""
        with self.database.transaction() as session:
            self._merge(session)

    def _merge(self, session: Session) -> None:
        old, new = (
            session.scalars(select(col(UnitRow.id)).where(col(UnitRow.code) == code)).one() or 0
            for code in ("sp", "yc")
        )
        today = local_day(self.now)
        merge_units(session, from_unit_id=old, into_unit_id=new, on=today, reason="区划调整", actor=OFFICE, at=self.now)
