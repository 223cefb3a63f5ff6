"""Two acts on one task at the same moment: the later one decides by what the earlier one left, not by an older read."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from sqlalchemy import select, text
from sqlmodel import Session, col

from tests.support.owed_city import BY, OFFICE, OwedCity, assert_reckoned, at, open_owed_city
from tests.support.readings import small_reading
from tests.support.together import await_waiting, together
from tracker.domain.accounts import SYSTEM
from tracker.domain.claims import Claim, RowContent
from tracker.domain.entries import Entry
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.events.documents import DocumentReread
from tracker.domain.filings import FilingKind, ReturnReason
from tracker.domain.items import AssignmentRole, CadenceKind, Duty
from tracker.domain.outages import Outage
from tracker.domain.parts import NewShare
from tracker.domain.plan_ends import PlanEnd
from tracker.domain.verdicts import Verdict
from tracker.steps.entering import sealed_items
from tracker.steps.growing import extend_due
from tracker.steps.lapsing import lapse_expired
from tracker.store import event_log
from tracker.store.history.fold import fold
from tracker.store.history.log import cut
from tracker.store.queries.outages import recorded_outages
from tracker.store.queries.series import series_views
from tracker.store.row_digests import row_digest
from tracker.store.tables.documents import DocumentRow, ItemCadenceRow, ItemTargetRow
from tracker.store.tables.filings import ReportRow, RequestRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow
from tracker.usecases.accepting import accept_report
from tracker.usecases.ending import cancel_task
from tracker.usecases.filing import SubmitForm, SubmitOne, sign_off, submit_form, submit_one
from tracker.usecases.merging import merge_units
from tracker.usecases.plan_ends import correct_plan_end
from tracker.usecases.recording_outages import record_outage
from tracker.usecases.report_demands import mark_key, set_interval
from tracker.usecases.requesting import dispute_share
from tracker.usecases.returning import return_report
from tracker.usecases.sharing import add_share, grant_dispute, reassign_share, release_share

_Act = Callable[[OwedCity, Session], object]
_WHEN = at(1, 1, year=2023)  # the plan of the small document is over since midnight


def _swj(city: OwedCity) -> int:
    return city.share("swj").id or 0


def _reassign(city: OwedCity, session: Session) -> None:
    to = city.unit_id("wjw")
    reassign_share(session, assignment_id=_swj(city), to_unit_id=to, reason="职能划转", actor=OFFICE, at=_WHEN, by=BY)


def _release(city: OwedCity, session: Session) -> None:
    release_share(session, assignment_id=_swj(city), reason="职能划转", actor=OFFICE, at=_WHEN, by=BY)


def _cancel(city: OwedCity, session: Session) -> None:
    cancel_task(session, task_id=city.task_id(), reason="工作调整", actor=OFFICE, at=_WHEN)


def _key(city: OwedCity, session: Session) -> None:
    mark_key(session, task_id=city.task_id(), reason="市长点题", actor=OFFICE, at=_WHEN, by=BY)


def _choose(city: OwedCity, session: Session) -> None:
    kind = CadenceKind.BIMONTHLY
    set_interval(session, task_id=city.task_id(), interval=kind, reason="统筹", actor=OFFICE, at=_WHEN, by=BY)


def _lapse(_city: OwedCity, session: Session) -> None:
    lapse_expired(session, now=_WHEN, by=BY)


def _prolong(_city: OwedCity, session: Session) -> None:
    document_id, end = session.scalars(select(col(DocumentRow.id))).one() or 0, date(2023, 12, 31)
    correct_plan_end(session, document_id=document_id, new_on=end, reason="原文为两年", actor=OFFICE, at=_WHEN, by=BY)


def _grow(_city: OwedCity, session: Session) -> None:
    extend_due(session, now=at(12, 10), by=BY)


def _merge(city: OwedCity, session: Session) -> None:
    old, new, on = city.unit_id("swj"), city.unit_id("wjw"), date(2022, 12, 30)
    merge_units(session, from_unit_id=old, into_unit_id=new, on=on, reason="机构改革", actor=OFFICE, at=_WHEN)


def _sign(city: OwedCity, session: Session) -> None:
    waiting = select(col(ReportRow.filing_id)).where(col(ReportRow.state) == "awaiting_sign_off")
    sign_off(session, filing_id=session.scalars(waiting).first() or 0, actor=city.head("swj"), at=_WHEN)


def _strike(_city: OwedCity, session: Session) -> None:
    """Record an outage into which the moment of November's form fell."""
    record_outage(session, Outage(at(12, 5), at(12, 6)), reason="机房断电", actor=OFFICE, at=_WHEN, by=BY)


def _strike_nothing(_city: OwedCity, session: Session) -> None:
    record_outage(session, Outage(at(9, 1), at(9, 2)), reason="机房断电", actor=OFFICE, at=_WHEN, by=BY)


def _strike_beside(_city: OwedCity, session: Session) -> None:
    """Record an outage that begins where that one ends: together they give another moment than each alone."""
    record_outage(session, Outage(at(9, 2), at(9, 3)), reason="机房断电", actor=OFFICE, at=_WHEN, by=BY)


def _submit(city: OwedCity, session: Session) -> None:
    december = _december(city, session)
    command = SubmitForm(december.period_id, (_entry(city, session, Claim.ON_SCHEDULE),), missed_words="未形成进展")
    submit_form(session, command, actor=city.liaison("swj"), at=_WHEN)


def _return(_city: OwedCity, session: Session) -> None:
    report_id = session.scalars(select(col(ReportRow.id)).where(col(ReportRow.state) == "filed")).one() or 0
    why = ReturnReason.NO_EVIDENCE
    return_report(session, report_id=report_id, reason="缺少佐证", reason_class=why, actor=OFFICE, at=_WHEN, by=BY)


def _accept(_city: OwedCity, session: Session) -> None:
    report_id = session.scalars(select(col(ReportRow.id)).where(col(ReportRow.kind) == "completion")).one() or 0
    accept_report(session, report_id=report_id, actor=OFFICE, at=_WHEN, verdict=Verdict(let_pass="另行通报"))


def _find_for_the_unit(city: OwedCity, session: Session) -> None:
    request_id = session.scalars(select(col(RequestRow.id))).one() or 0
    to = city.unit_id("wjw")
    grant_dispute(session, request_id=request_id, to_unit_id=to, reason="职能不符", actor=OFFICE, at=_WHEN, by=BY)


def _december(city: OwedCity, session: Session) -> FormRow:
    rows = select(FormRow).join(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
    return session.scalars(rows.where(col(PeriodRow.code) == "2022-12", col(FormRow.assignment_id) == _swj(city))).one()


def _entry(city: OwedCity, session: Session, claim: Claim) -> Entry:
    item_id = session.get_one(TaskRow, city.task_id()).item_id
    targets = session.scalars(select(ItemTargetRow).where(col(ItemTargetRow.item_id) == item_id)).all()
    values = {target.id or 0: (target.value or 0.0, date(2022, 9, 15)) for target in targets}
    return Entry(_swj(city), RowContent(text="9月15日召开推进会，签约3个项目。", claim=claim), values)


def _nothing(_city: OwedCity) -> None:
    """Nothing has been handed in."""


def _leave_interval_open(city: OwedCity) -> None:
    """Let the document have left the interval of the task to the office, which asked for it monthly."""
    with city.database.transaction() as session:
        session.scalars(select(ItemCadenceRow).where(col(ItemCadenceRow.item_id) == 1)).one().basis = "default"
        document = session.scalars(select(DocumentRow)).one()
        document_id = document.id or 0
        reread = DocumentReread(
            document_id=document_id,
            number=document.number,
            changed=(),
            added=(),
            questions=0,
            sealed=row_digest(document),
            sealed_items=sealed_items(session, document_id),
        )
        event_log.record(session, reread, actor=SYSTEM, at=_WHEN)


def _file_form_that_leaves_it_open(city: OwedCity) -> None:
    _leave_interval_open(city)
    _file_form(city)


def _write_completion(city: OwedCity) -> None:
    with city.database.transaction() as session:
        command = SubmitOne(FilingKind.COMPLETION, _entry(city, session, Claim.DONE))
        submit_one(session, command, actor=city.liaison("swj"), at=at(12, 29))


def _write_form(city: OwedCity) -> None:
    with city.database.transaction() as session:
        _submit(city, session)


def _file_form(city: OwedCity) -> None:
    city.file("swj", "2022-12", when=at(12, 29), missed_words="当月未形成进展")


def _file_form_and_completion(city: OwedCity) -> None:
    _file_form(city)
    _write_completion(city)
    with city.database.transaction() as session:
        _sign(city, session)


def _dispute(city: OwedCity) -> None:
    with city.database.transaction() as session:
        actor, got_at = city.liaison("swj"), at(8, 26)
        dispute_share(session, assignment_id=_swj(city), reason="职能不符", actor=actor, at=got_at, by=BY)


def _with_second_lead(city: OwedCity) -> None:
    _write_completion(city)
    part = NewShare(city.unit_id("wjw"), AssignmentRole.LEAD, Duty.REPORT)
    with city.database.transaction() as session:
        add_share(session, task_id=city.task_id(), share=part, reason="共同牵头", actor=OFFICE, at=at(12, 29), by=BY)


_PAIRS = [
    (_write_completion, _sign, _reassign),
    (_with_second_lead, _sign, _release),
    (_write_completion, _sign, _cancel),
    (_write_completion, _sign, _lapse),
    (_write_completion, _sign, _merge),
    (_write_form, _sign, _merge),
    (_file_form, _return, _reassign),
    (_file_form, _return, _cancel),
    (_file_form, _return, _lapse),
    (_file_form_and_completion, _accept, _cancel),
    (_nothing, _submit, _cancel),
    (_nothing, _submit, _reassign),
    (_nothing, _submit, _lapse),
    (_nothing, _grow, _cancel),
    (_file_form_that_leaves_it_open, _return, _choose),
    (_leave_interval_open, _submit, _choose),
    (_leave_interval_open, _key, _choose),
    (_leave_interval_open, _key, _lapse),
    (_leave_interval_open, _choose, _cancel),
    (_dispute, _find_for_the_unit, _cancel),
    (_dispute, _find_for_the_unit, _reassign),
    (_write_completion, _sign, _prolong),
    (_nothing, _lapse, _prolong),
    (_nothing, _cancel, _prolong),
    (_nothing, _reassign, _prolong),
    (_nothing, _submit, _strike),
]
_TOGETHER = [
    (_write_completion, _sign, _reassign),
    (_with_second_lead, _sign, _release),
    (_write_completion, _sign, _lapse),
    (_file_form, _return, _cancel),
    (_nothing, _submit, _lapse),
    (_leave_interval_open, _key, _choose),
    (_leave_interval_open, _submit, _key),
    (_nothing, _submit, _strike),
]
_ORDERS = [pair for setting, one, other in _PAIRS for pair in ((setting, one, other), (setting, other, one))]


@pytest.fixture
def city(request: pytest.FixtureRequest) -> Iterator[OwedCity]:
    """The small city whose plan is over, on PostgreSQL: SQLite lets one writer in at a time."""
    with request.getfixturevalue("spare_postgres").taken() as database:
        yield open_owed_city(database, reading=replace(small_reading(), plan_end=PlanEnd(date(2022, 12, 31))))


def _prepare(city: OwedCity, setting: Callable[[OwedCity], None], *acts: _Act) -> None:
    city.grow(at(10, 10) if _grow in acts else at(12, 10))
    setting(city)


def _follow(city: OwedCity, act: _Act) -> None:
    """Let an act be done or refused; an error of the database is neither."""
    with suppress(Rejected, NotFound), city.database.transaction() as session:
        act(city, session)


def _overlap(city: OwedCity, first: _Act, second: _Act) -> None:
    """Let the second act begin while the first is done but not committed, and commit when the second waits for it."""
    with ThreadPoolExecutor(1) as pool:
        with city.database.transaction() as session:
            first(city, session)
            session.flush()
            following = pool.submit(_follow, city, second)
            await_waiting(city.database, following)
        following.result()


def _assert_the_log_tells_it(city: OwedCity) -> None:
    assert_reckoned(city.database)
    with city.database.reading() as session:
        told = fold(session, cut(session, as_of=at(1, 2, year=2023)))
        for task in session.scalars(select(TaskRow)):
            assert told.tasks[task.id or 0].state.value == task.state
        for share in session.scalars(select(AssignmentRow)):
            assert told.shares[share.id or 0].state.value == share.state
        views = sorted(told.views(), key=lambda view: view.series_id)
        assert views == series_views(session, [view.series_id for view in views])


@pytest.mark.parametrize(("setting", "first", "second"), _ORDERS)
def test_the_log_tells_of_two_acts_at_once_what_the_tables_keep(
    city: OwedCity, setting: Callable[[OwedCity], None], first: _Act, second: _Act
) -> None:
    _prepare(city, setting, first, second)
    _overlap(city, first, second)
    _assert_the_log_tells_it(city)


@pytest.mark.parametrize(("setting", "one", "other"), _TOGETHER)
def test_two_acts_that_start_together_do_not_wait_for_each_other(
    city: OwedCity, setting: Callable[[OwedCity], None], one: _Act, other: _Act
) -> None:
    _prepare(city, setting, one, other)
    together(partial(_follow, city, one), partial(_follow, city, other))
    _assert_the_log_tells_it(city)


@pytest.mark.parametrize("second", [_strike_nothing, _strike_beside])
def test_of_two_records_of_outages_at_once_the_later_one_is_refused_even_where_it_moves_nothing(
    city: OwedCity, second: _Act
) -> None:
    _overlap(city, _strike_nothing, second)
    with city.database.reading() as session:
        assert len(recorded_outages(session)) == 1


@pytest.mark.parametrize(
    "lock",
    [
        lambda session, id_: session.scalars(select(UnitRow).where(col(UnitRow.id) == id_).with_for_update()).one(),
        lambda session, id_: session.get(UnitRow, id_, with_for_update=True),
        lambda session, id_: session.get_one(UnitRow, id_, with_for_update={"read": True}),
    ],
)
def test_what_is_locked_is_read_anew_however_it_is_asked_for(
    city: OwedCity, lock: Callable[[Session, int], UnitRow]
) -> None:
    unit_id = city.unit_id("swj")
    with city.database.transaction() as session:
        session.get_one(UnitRow, unit_id)
        with city.database.transaction() as other:
            other.get_one(UnitRow, unit_id).short_name = "市商贸局"
        assert lock(session, unit_id).short_name == "市商贸局"


def test_who_corrects_the_end_of_a_plan_holds_all_its_tasks_until_it_is_done(city: OwedCity) -> None:
    with city.database.reading() as session:
        ids = session.scalars(select(col(TaskRow.id)).order_by(col(TaskRow.id))).all()
    free = text("SELECT id FROM task ORDER BY id FOR UPDATE SKIP LOCKED")
    with city.database.engine.connect() as other:
        assert other.scalars(free).all() == ids
        other.rollback()
        with city.database.transaction() as session:
            _prolong(city, session)
            assert other.scalars(free).all() == []
            other.rollback()
