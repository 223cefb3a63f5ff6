"""A random life of a small city: after every step all lists, counts and partitions say the same."""

import random
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, ClassVar

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from sqlmodel import Session, col

from tests.support import random_life
from tests.support.accounts import NewUser, create_user
from tests.support.courts import assert_courts_told_alike
from tests.support.databases import drop_postgres, fresh_postgres, fresh_sqlite
from tests.support.lively_city import NUMBER, REGISTRY, lively_reading
from tests.support.office import BY, CALENDAR, LEADER, OFFICE, POLICY
from tests.support.site import PASSWORD, FixedClock, post
from tests.support.standings import work_counts
from tracker.domain.accounts import EVERY_UNIT, SYSTEM, Actor, Role
from tracker.domain.calendar import at_local, local_day
from tracker.domain.claims import CauseClass, Claim, RowContent, fitting_claims
from tracker.domain.deadlines import due_day
from tracker.domain.deliveries import Outgoing
from tracker.domain.entries import Entry
from tracker.domain.errors import BadInput, NotFound, Rejected
from tracker.domain.filings import (
    FilingKind,
    FilingState,
    Outcome,
    ReportState,
    RequestKind,
    RequestState,
    ReturnReason,
)
from tracker.domain.owed import (
    Paper,
    PeriodView,
    RowState,
    RowView,
    SeriesView,
    is_overdue,
    overdue_from,
    standing_paper,
)
from tracker.domain.plan_ends import PlanEnd
from tracker.domain.verdicts import Verdict
from tracker.gateways.evidence_files import EvidenceFiles
from tracker.gateways.passwords import hash_password
from tracker.services import Services
from tracker.settings import load_settings
from tracker.steps.rolling_up import roll_up
from tracker.store import event_log
from tracker.store.database import Database
from tracker.store.history.export import exported_state
from tracker.store.history.facts import facts_as_of
from tracker.store.history.log import cut
from tracker.store.queries.owed_lists import count_overdue, overdue_lines, owed_by_units
from tracker.store.queries.rollups import by_document, by_unit
from tracker.store.queries.series import series_views
from tracker.store.queries.shares import facts_of_shares
from tracker.store.tables.documents import ItemTargetRow
from tracker.store.tables.filings import FilingRow, ReportRow, RequestRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.filing import (
    SubmitForm,
    SubmitOne,
    acknowledge,
    send_back,
    sign_off,
    submit_form,
    submit_one,
    withdraw,
)
from tracker.usecases.issuing import issue_document
from tracker.usecases.moving_due import move_due
from tracker.usecases.objecting import object_to_claim, restore_claim
from tracker.usecases.registering import approve_document, register_document, register_units
from tracker.usecases.requesting import (
    RequestExtension,
    dispute_share,
    grant_extension,
    refuse_request,
    request_extension,
)
from tracker.usecases.returning import return_report
from tracker.usecases.sweeping import sweep
from tracker.web.app import create_app

_STARTS_AT = at_local(date(2022, 9, 1), 9, 0)
_PICK = st.integers(0, 999)
_OFFICE_ACTS = 17
_MERGER, _CORRECTION = 9, 12
_HASH = hash_password(PASSWORD)
_REFUSED = (BadInput, Rejected, NotFound)


class Life(RuleBasedStateMachine):
    """Acts are drawn at random; what the domain refuses leaves everything as it was."""

    make: Callable[[], tuple[Database, Callable[[], None]]]
    apps: ClassVar[list[Flask]] = []  # one for all lives: its templates are compiled once

    def __init__(self) -> None:
        super().__init__()
        self.database, self._drop = type(self).make()
        self.now = _STARTS_AT
        self.waiting: Counter[str] = Counter()
        self.clock = FixedClock(self.now)
        self.steps = 0
        self.folder = tempfile.TemporaryDirectory(prefix="tracker-life-")

    def teardown(self) -> None:
        with self.database.reading() as session:
            assert list(event_log.broken_links(session)) == []
        self.database.dispose()
        self._drop()
        self.folder.cleanup()

    # ---- acts ----

    @initialize(late=st.booleans(), planned=st.booleans())
    def issue(self, late: bool, planned: bool) -> None:
        """Register and issue the document, at once or two months after it was made; it expires, or its plan ends."""
        reading = lively_reading()
        if planned:
            reading = replace(reading, expires_on=None, plan_end=PlanEnd(reading.expires_on))
        if late:
            self.now += timedelta(days=60)
        with self.database.transaction() as session:
            register_units(session, REGISTRY, at=self.now)
            register_document(session, reading, actor=SYSTEM, at=self.now)
            approve_document(session, number=NUMBER, basis="常务会议议定", actor=OFFICE, at=self.now)
            from_on = reading.issued_on if late else None
            issue_document(session, number=NUMBER, actor=OFFICE, at=self.now, by=BY, from_on=from_on)
            create_user(session, NewUser("office", "督查员", Role.SUPERVISOR, _HASH))
        with self.database.reading() as session:
            assert count_overdue(session, now=self.now, unit_ids=EVERY_UNIT) == 0

    @rule(days=st.integers(1, 20))
    def advance(self, days: int) -> None:
        self.now += timedelta(days=days)
        sweep(self.database, now=self.now, by=BY, outgoing=Outgoing(mail=False, machine_now=self.now))

    @rule(pick=_PICK)
    def receive(self, pick: int) -> None:
        self._try(
            lambda s: self._with_share(s, pick, lambda a, who: acknowledge(s, assignment_id=a, actor=who, at=self.now))
        )

    @rule(
        pick=_PICK, claim=_PICK, whole=st.sampled_from([True, True, False]), signed=st.sampled_from([True, True, False])
    )
    def write_form(self, pick: int, claim: int, whole: bool, signed: bool) -> None:
        self._try(lambda s: self._write(s, pick, claim, whole=whole, signed=signed))

    @precondition(lambda self: self.waiting["to_sign"])
    @rule(pick=_PICK)
    def sign(self, pick: int) -> None:
        self._try(
            lambda s: self._with_envelope(s, pick, lambda f, who: sign_off(s, filing_id=f, actor=who, at=self.now))
        )

    @precondition(lambda self: self.waiting["to_sign"])
    @rule(pick=_PICK)
    def give_back_to_liaison(self, pick: int) -> None:
        self._try(
            lambda s: self._with_envelope(
                s, pick, lambda f, who: send_back(s, filing_id=f, reason="改", actor=who, at=self.now)
            )
        )

    @precondition(lambda self: self.waiting["to_sign"])
    @rule(pick=_PICK)
    def take_back(self, pick: int) -> None:
        self._try(
            lambda s: self._with_envelope(s, pick, lambda f, who: withdraw(s, filing_id=f, actor=who, at=self.now))
        )

    @precondition(lambda self: self.waiting["to_review"])
    @rule(pick=_PICK, let_pass=st.booleans(), outcome=st.sampled_from(list(Outcome)), lower=st.booleans())
    def accept(self, pick: int, let_pass: bool, outcome: Outcome, lower: bool) -> None:
        claim = Claim.DIFFICULT if lower else None
        verdict = Verdict(claim, "佐证不足", outcome=outcome, let_pass="已核实" if let_pass else "")
        self._try(
            lambda s: self._with_report(
                s, pick, lambda r: accept_report(s, report_id=r, actor=OFFICE, at=self.now, verdict=verdict)
            )
        )

    @precondition(lambda self: self.waiting["to_review"])
    @rule(pick=_PICK)
    def give_back(self, pick: int) -> None:
        self._try(
            lambda s: self._with_report(
                s,
                pick,
                lambda r: return_report(
                    s,
                    report_id=r,
                    reason="缺数据",
                    reason_class=ReturnReason.NO_SUBSTANCE,
                    actor=OFFICE,
                    at=self.now,
                    by=BY,
                ),
            )
        )

    @rule(pick=_PICK, days=st.integers(1, 40))
    def ask_for_time(self, pick: int, days: int) -> None:
        def ask(session: Session) -> None:
            rows = session.execute(
                select(FormRow, PeriodRow, SeriesRow)
                .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
                .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
                .where(col(FormRow.state).in_(["open", "returned"]), col(FormRow.assignment_id).is_not(None))
                .order_by(col(FormRow.id))
            ).all()
            row, period, series = rows[pick % len(rows)]
            day = due_day(row.correction_due_at or row.due_at or period.due_at) + timedelta(days=days)
            command = RequestExtension(row.id or 0, day, "待会签")
            request_extension(session, command, actor=_of_unit(session, series.unit_id, Role.LIAISON), at=self.now)

        self._try(ask)

    @rule(pick=_PICK)
    def dispute(self, pick: int) -> None:
        self._try(
            lambda s: self._with_share(
                s,
                pick,
                lambda a, who: dispute_share(
                    s, assignment_id=a, reason="不属本单位职责", actor=who, at=self.now, by=BY
                ),
            )
        )

    @rule(pick=_PICK)
    def object_to_a_lowered_claim(self, pick: int) -> None:
        def answer(session: Session) -> None:
            lowered = select(ReportRow).where(col(ReportRow.verified_claim) != col(ReportRow.claim))
            reports = session.scalars(lowered.order_by(col(ReportRow.id).desc())).all()
            report = reports[pick % min(len(reports), 3)]
            who = _of_unit(session, session.get_one(AssignmentRow, report.assignment_id).unit_id, Role.LIAISON)
            object_to_claim(session, report_id=report.id or 0, reason="已补佐证", actor=who, at=self.now, by=BY)

        self._try(answer)

    @precondition(lambda self: self.waiting["to_decide"])
    @rule(pick=_PICK, yes=st.booleans())
    def decide_request(self, pick: int, yes: bool) -> None:
        def decide(session: Session) -> None:
            pending = session.scalars(
                select(RequestRow)
                .where(col(RequestRow.state) == RequestState.PENDING.value)
                .order_by(col(RequestRow.id))
            ).all()
            request = pending[pick % len(pending)]
            actor = LEADER if request.by_leader else OFFICE
            if yes and request.kind == RequestKind.OBJECTION.value:
                restore_claim(session, request_id=request.id or 0, reason="佐证齐全", actor=actor, at=self.now)
            elif yes:
                grant_extension(session, request_id=request.id or 0, actor=actor, at=self.now, by=BY)
            else:
                refuse_request(session, request_id=request.id or 0, reason="不同意", actor=actor, at=self.now, by=BY)

        self._try(decide)

    @rule(pick=_PICK, days=st.integers(0, 30))
    def office_moves(self, pick: int, days: int) -> None:
        def move(session: Session) -> None:
            ids = session.scalars(select(col(FormRow.id)).where(col(FormRow.state).in_(["open", "returned"]))).all()
            day = local_day(self.now) + timedelta(days=days)
            move_due(
                session, row_id=ids[pick % len(ids)] or 0, new_due_on=day, reason="统筹安排", actor=OFFICE, at=self.now
            )

        self._try(move)

    @rule(pick=_PICK, kind=st.sampled_from([FilingKind.UPDATE, FilingKind.COMPLETION, FilingKind.REPLY]))
    def tell(self, pick: int, kind: FilingKind) -> None:
        content = RowContent(claim=Claim.DONE, text="9月1日已印发方案1份")

        def tell(session: Session, share_id: int, actor: Actor) -> None:
            targets = facts_of_shares(session, [share_id])[share_id].targets
            values = {target_id: (1.0, local_day(self.now)) for target_id in targets}
            submit_one(session, SubmitOne(kind, Entry(share_id, content, values)), actor=actor, at=self.now)

        self._try(lambda s: self._with_share(s, pick, lambda a, who: tell(s, a, who)))

    @rule(which=st.integers(0, _OFFICE_ACTS - 1), seed=_PICK)
    def office_acts(self, which: int, seed: int) -> None:
        """Let the office do one of the acts that nobody else does: to a task, a document, a unit or the calendar."""
        life = random_life.Life(self.database, random.Random(seed), self.now, lively_reading)
        assert len(life.office_acts) == _OFFICE_ACTS
        # A merger makes one of two rows that may differ in their moments: what was overdue is known by its window.
        # A corrected end of a plan undoes a lapse, and with it the end of rows that were overdue before.
        self._try(life.office_acts[which], by_window=which == _MERGER, undoes=which == _CORRECTION)

    # ---- what always holds ----

    @invariant()
    def pages_and_papers_agree(self) -> None:
        """Look at what is shown and printed, every tenth step."""
        self.steps += 1
        if self.steps % 10:
            return
        with self.database.reading() as session:
            lines = overdue_lines(session, now=self.now, unit_ids=EVERY_UNIT, limit=999)
            cells = Counter((line.unit_name, line.document_number) for line in lines)
            facts = facts_as_of(session, as_of=self.now)
            told = exported_state(session, cut(session, as_of=self.now), by=BY)
            work = work_counts(session, now=self.now, by=BY)
            assert_courts_told_alike(session, now=self.now)
        assert Counter((line.unit, line.document) for line in facts.overdue) == cells
        series: list[dict[str, Any]] = told["series"]  # type: ignore[assignment] # JSON
        owing = [one for one in series if one["owed"] is not None and one["owed"]["since"] is not None]
        assert Counter((one["unit"], one["document"]) for one in owing) == cells
        assert told["work"] == {key.value: count for key, count in work.items()}
        self.clock.at = self.now
        with self._page() as page:
            assert _figure(page, "/desk", "反馈逾期未报") == len(lines)
            assert _figure(page, "/tasks?overdue=1", "共") == len(lines)
            for unit_id, overdue in Counter(line.unit_id for line in lines).items():
                assert _figure(page, f"/tasks?overdue=1&unit={unit_id}", "共") == overdue
            for address in ("/overview", "/nobody", "/review", *(f"/series/{line.series_id}" for line in lines[:3])):
                assert page.get(address).status_code == 200, address

    @invariant()
    def everything_agrees(self) -> None:
        with self.database.reading() as session:
            ids = list(session.scalars(select(col(SeriesRow.id))).all())
            views = series_views(session, [id_ or 0 for id_ in ids])
            stored = dict(session.execute(select(col(SeriesRow.id), col(SeriesRow.overdue_from))).all())
            for view in views:
                assert stored[view.series_id] == overdue_from(view)
            overdue = Counter(view.unit_id for view in views if is_overdue(view, now=self.now))
            total = sum(overdue.values())
            assert count_overdue(session, now=self.now, unit_ids=EVERY_UNIT) == total
            assert (
                Counter(line.unit_id for line in overdue_lines(session, now=self.now, unit_ids=EVERY_UNIT, limit=999))
                == overdue
            )
            assert {line.key: line.overdue for line in by_unit(session, now=self.now)} == overdue
            assert sum(line.overdue for line in by_document(session, now=self.now)) == total
            assert sum(n for _unit, _document, n in roll_up(session, now=self.now)) == total
            digest = [line for line in owed_by_units(session, unit_ids=EVERY_UNIT, now=self.now) if line.owed.since]
            assert Counter(line.unit_id for line in digest) == overdue
            self._partitions_add_up(session, views)
            self._nobody_is_late_before_he_may_report(views)
            self._what_waits_with_a_completion_is_held(session, views)
            self.waiting = Counter(
                to_sign=len(
                    session.scalars(select(col(FilingRow.id)).where(col(FilingRow.state) == "awaiting_sign_off")).all()
                ),
                to_review=len(session.scalars(select(col(ReportRow.id)).where(col(ReportRow.state) == "filed")).all()),
                to_decide=len(
                    session.scalars(select(col(RequestRow.id)).where(col(RequestRow.state) == "pending")).all()
                ),
            )
            self._nothing_of_the_ended_is_owed(session)

    def _partitions_add_up(self, session: Session, views: list) -> None:  # type: ignore[type-arg] # views of series
        work = work_counts(session, now=self.now, by=BY)
        issued = session.scalars(select(col(TaskRow.id)).where(col(TaskRow.issued_at).is_not(None))).all()
        assert sum(work.values()) == len(issued)
        classes: Counter[Paper] = Counter()
        for view in views:
            found = standing_paper(view.periods, now=self.now)
            classes[found[1] if found else Paper.WAIVED] += 1
        assert classes.total() == len(views)
        pressing = classes[Paper.UNREPORTED] + classes[Paper.CORRECTION_OVERDUE]
        assert pressing == sum(is_overdue(view, now=self.now) for view in views)

    def _nothing_of_the_ended_is_owed(self, session: Session) -> None:
        open_rows = session.scalars(
            select(col(FormRow.id))
            .join(AssignmentRow, col(AssignmentRow.id) == col(FormRow.assignment_id))
            .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
            .where(
                col(FormRow.state).in_(["open", "returned"]),
                col(TaskRow.state).in_(["completed", "closed", "cancelled"])
                | col(AssignmentRow.state).in_(["released", "reassigned"]),
            )
        ).all()
        assert open_rows == []

    def _nobody_is_late_before_he_may_report(self, views: list) -> None:  # type: ignore[type-arg] # views of series
        early = [
            (form.code, row.row_id)
            for view in views
            for form in view.periods
            for row in form.rows
            if row.state is RowState.OPEN and row.moment is not None and not row.final and row.moment <= form.opens_at
        ]
        assert early == []

    def _what_waits_with_a_completion_is_held(self, session: Session, views: list) -> None:  # type: ignore[type-arg]
        waiting = (
            select(col(AssignmentRow.task_id))
            .join(ReportRow, col(ReportRow.assignment_id) == col(AssignmentRow.id))
            .where(
                col(ReportRow.kind) == "completion", col(ReportRow.state) == "filed", col(AssignmentRow.role) == "lead"
            )
        )
        under_review = set(session.scalars(waiting).all())
        rows = [row for view in views for form in view.periods for row in form.rows if row.held]
        assert {row.task_id for row in rows} <= under_review

    # ---- how an act is drawn ----

    @contextmanager
    def _page(self) -> Iterator[FlaskClient]:
        """Log the office in."""
        folder = Path(self.folder.name)
        settings = load_settings({"TRACKER_MODE": "demo", "TRACKER_DATA_DIR": str(folder)})
        services = Services(settings, self.database, self.clock, CALENDAR, POLICY, EvidenceFiles(folder))
        app = self.apps[0] if self.apps else create_app(services)
        app.extensions["tracker"], self.apps[:] = services, [app]
        with app.test_client() as client:
            assert post(client, "/login", at="/login", login="office", password=PASSWORD).status_code == 303
            yield client

    def _try(self, act: Callable[[Session], object], *, by_window: bool = False, undoes: bool = False) -> None:
        """Do an act in a transaction of its own; a refusal rolls back, and nothing to act on is no act."""
        overdue = self._overdue_windows if by_window else self._overdue_rows
        before = overdue() | self._waiting_late() | (self._missed_rows() if undoes else set())
        try:
            with self.database.transaction() as session:
                act(session)
        except (*_REFUSED, ZeroDivisionError, IndexError):
            return
        assert overdue() <= before, "an act made a row overdue at its own minute"

    def _overdue_rows(self) -> set[object]:
        return {row.row_id for _series, _form, row in self._overdue()}

    def _waiting_late(self) -> set[object]:
        """Return rows that were overdue when another lead handed the completion in: returned, they are so again."""
        moment = func.coalesce(col(FormRow.correction_due_at), col(FormRow.due_at), col(PeriodRow.due_at))
        with self.database.reading() as session:
            return set(
                session.scalars(
                    select(col(FormRow.id))
                    .join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
                    .where(col(FormRow.final).is_(True), col(FormRow.pending_at) >= moment)
                )
            )

    def _missed_rows(self) -> set[object]:
        with self.database.reading() as session:
            return set(session.scalars(select(col(FormRow.id)).where(col(FormRow.state) == RowState.MISSED.value)))

    def _overdue_windows(self) -> set[object]:
        return {(series.document_id, row.task_id, form.code) for series, form, row in self._overdue()}

    def _overdue(self) -> list[tuple[SeriesView, PeriodView, RowView]]:
        with self.database.reading() as session:
            views = series_views(session, [id_ or 0 for id_ in session.scalars(select(col(SeriesRow.id))).all()])
        rows = ((view, form, row) for view in views for form in view.periods for row in form.rows)
        return [found for found in rows if found[2].moment is not None and found[2].moment <= self.now]

    def _with_share(self, session: Session, pick: int, act: Callable[[int, Actor], object]) -> None:
        shares = session.scalars(select(AssignmentRow).order_by(col(AssignmentRow.id))).all()
        share = shares[pick % len(shares)]
        act(share.id or 0, _of_unit(session, share.unit_id, Role.LIAISON))

    def _with_envelope(self, session: Session, pick: int, act: Callable[[int, Actor], object]) -> None:
        waiting = session.scalars(
            select(FilingRow)
            .where(col(FilingRow.state) == FilingState.AWAITING_SIGN_OFF.value)
            .order_by(col(FilingRow.id))
        ).all()
        filing = waiting[pick % len(waiting)]
        act(filing.id or 0, _of_unit(session, filing.unit_id, Role.UNIT_HEAD))

    def _with_report(self, session: Session, pick: int, act: Callable[[int], object]) -> None:
        filed = session.scalars(
            select(col(ReportRow.id)).where(col(ReportRow.state) == ReportState.FILED.value).order_by(col(ReportRow.id))
        ).all()
        act(filed[pick % len(filed)] or 0)

    def _write(self, session: Session, pick: int, claim: int, *, whole: bool, signed: bool) -> None:
        """Fill in a form: all its open rows, or the first only."""
        periods = session.execute(
            select(PeriodRow, SeriesRow)
            .join(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
            .join(FormRow, col(FormRow.period_id) == col(PeriodRow.id))
            .where(col(PeriodRow.opens_at) <= self.now, col(FormRow.state).in_(["open", "returned"]))
            .order_by(col(PeriodRow.id))
            .distinct()
        ).all()
        period, series = periods[pick % len(periods)]
        rows = session.scalars(
            select(FormRow).where(col(FormRow.period_id) == period.id, col(FormRow.state).in_(["open", "returned"]))
        ).all()
        entries = [self._entry(session, row, claim) for row in rows if row.assignment_id is not None]
        command = SubmitForm(
            period.id or 0, tuple(entries if whole else entries[:1]), ticked=whole, missed_words="人员调整漏报"
        )
        liaison, head = (_of_unit(session, series.unit_id, role) for role in (Role.LIAISON, Role.UNIT_HEAD))
        filing_id = submit_form(session, command, actor=liaison, at=self.now)
        if signed:
            sign_off(session, filing_id=filing_id, actor=head, at=self.now)

    def _entry(self, session: Session, row: FormRow, claim: int) -> Entry:
        share = session.get_one(AssignmentRow, row.assignment_id)
        task = session.get_one(TaskRow, share.task_id)
        targets = session.scalars(select(ItemTargetRow).where(col(ItemTargetRow.item_id) == task.item_id)).all()
        fitting = sorted(fitting_claims(scheduled=bool(targets or task.due_on), final=False))
        content = RowContent(
            claim=Claim.DONE if row.final else fitting[claim % len(fitting)],
            text="9月1日召开推进会1次",
            cause="资金未到位",
            cause_class=CauseClass.AWAITS_FUNDS,
            next_step="落实资金",
            next_on=local_day(self.now) + timedelta(days=20),
        )
        values = {target.id or 0: (target.value, local_day(self.now)) for target in targets}
        return Entry(share.id or 0, content, values, outcome=Outcome.MET if row.final else None)


def _figure(page: FlaskClient, address: str, words: str) -> int:
    """Return the number that a page's first sentence tells after these words; 0 where it tells none."""
    answer = page.get(address)
    assert answer.status_code == 200
    # 「反馈逾期未报 11 份」 and 「共 <b>11 份</b>」
    found = re.search(rf'class="lede">.*?{words}(?: <b>| )(\d+) 份', answer.get_data(as_text=True))
    return int(found[1]) if found else 0


def _of_unit(session: Session, unit_id: int, role: Role) -> Actor:
    return Actor(None, "某人", role, unit_id, session.get_one(UnitRow, unit_id).short_name)


def _sqlite() -> tuple[Database, Callable[[], None]]:
    folder = Path(tempfile.mkdtemp(prefix="tracker-life-"))
    return fresh_sqlite(folder), lambda: shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.timeout(300)
def test_a_random_life_keeps_every_list_and_count_the_same(kind: str, request: pytest.FixtureRequest) -> None:
    if kind == "sqlite":
        make = _sqlite
    else:
        url = request.getfixturevalue("postgres_url")

        def make() -> tuple[Database, Callable[[], None]]:
            database, name = fresh_postgres(url)
            return database, lambda: drop_postgres(url, name)

    machine = type("Lived", (Life,), {"make": staticmethod(make)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=6 if kind == "sqlite" else 3,
            stateful_step_count=30,
            phases=[Phase.explicit, Phase.generate],  # to shrink a life takes longer than a test may
            suppress_health_check=list(HealthCheck),
        ),
    )
