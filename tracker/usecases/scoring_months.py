"""A month of evaluation from opening to freezing: the office's acts."""

from datetime import date, datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import WorkdayCalendar, local_day
from tracker.domain.entered import check_day_ahead
from tracker.domain.errors import BadInput, NotFound, Rejected
from tracker.domain.events.scoring import (
    ScoringCheckOpened,
    ScoringMonthFrozen,
    ScoringMonthMoved,
    ScoringMonthOpened,
)
from tracker.domain.projects.lists import ProjectLists
from tracker.domain.scoring.aside import NOTHING_ASIDE, LeftAside
from tracker.domain.scoring.entries import ReadScheme
from tracker.domain.scoring.months import (
    MonthAct,
    MonthState,
    next_state,
    read_month,
    require_from,
    require_over,
)
from tracker.domain.scoring.objections import ObjectionsOwed
from tracker.steps.complete_months import complete_result
from tracker.steps.records_aside import require_counted
from tracker.steps.scoring import lock_month, object_ids, require_answered, supplier_ids
from tracker.store import event_log
from tracker.store.queries.scoring import material_of
from tracker.store.queries.scoring_objections import owed_objections
from tracker.store.queries.scoring_rules import month_named, newest_scheme, rules_of
from tracker.store.row_digests import row_digest
from tracker.store.tables.scoring import ScoreDecisionRow, ScoreMonthRow, ScoreSchemeRow


class MonthOpenAlready(Rejected):
    """There is such a month already; facts: score_month."""

    code = "score_month_open_already"


class MonthAhead(BadInput):
    """A month is not evaluated before it has begun; facts: score_month."""

    code = "score_month_ahead"


class InputsDueInPast(BadInput):
    """Inputs are not asked for by a day that has passed; facts: day."""

    code = "score_inputs_due_in_past"


class InputsDueEarly(BadInput):
    """Figures of a month are not all there before it is over; facts: score_month, until (its last day), day.

    Source: 驻政办〔2022〕53号 附件1一（五）: 截至当月末.
    """

    code = "score_inputs_due_early"


class CheckRunning(Rejected):
    """The window for objections is not over; facts: until."""

    code = "score_check_running"


def open_month(
    session: Session, *, scheme: str, month: str, inputs_by: date, read: ReadScheme, actor: Actor, at: datetime
) -> int:
    """Begin a month with the newest rules; return its number.

    Records ScoringMonthOpened. Raises NotYourTask, NotFound, MonthUnreadable, MonthBeforeScheme, MonthAhead,
    InputsDueInPast, InputsDueEarly, MonthOpenAlready.
    """
    require_role(actor, Role.SUPERVISOR, Role.SYSTEM, act="score_month")
    found = newest_scheme(session, scheme)
    if found is None:
        raise NotFound()
    session.scalars(select(ScoreSchemeRow).where(col(ScoreSchemeRow.id) == found.id).with_for_update()).one()
    wanted, today = read_month(month), local_day(at)
    require_from(wanted, read(found.content).from_month)
    if (wanted.year, wanted.number) > (today.year, today.month):
        raise MonthAhead(score_month=str(wanted))
    if check_day_ahead(inputs_by, field="数据报送期限", since=today) < today:
        raise InputsDueInPast(day=inputs_by)
    if not wanted.is_over(inputs_by):
        raise InputsDueEarly(score_month=str(wanted), until=wanted.last_day, day=inputs_by)
    if month_named(session, scheme=scheme, month=str(wanted)) is not None:
        raise MonthOpenAlready(score_month=str(wanted))
    row = ScoreMonthRow(
        scheme=scheme,
        scheme_id=found.id or 0,
        month=str(wanted),
        inputs_by=inputs_by,
        opened_by=actor.name,
        opened_at=at,
    )
    session.add(row)
    session.flush()
    event = ScoringMonthOpened(
        month_id=row.id or 0,
        scheme=scheme,
        scheme_id=row.scheme_id,
        month=row.month,
        inputs_by=inputs_by,
        unit_ids=supplier_ids(session, rules_of(session, row, read)),
    )
    event_log.record(session, event, actor=actor, at=at)
    return row.id or 0


def draft_ranking(session: Session, month_id: int, *, read: ReadScheme, actor: Actor, at: datetime) -> None:
    """Make what is handed in the draft of the ranking 「排名初稿」; everything must be there and decided.

    Records ScoringMonthMoved. Raises NotFound, NotYourTask, MonthNotReady, MonthRunning, MonthIncomplete,
    KindsSilent, PartOverWhole.
    """
    row = _begin(session, month_id, actor=actor)
    state = next_state(MonthState(row.state), MonthAct.DRAFT, month=row.month)
    require_over(read_month(row.month), today=local_day(at))
    _hold_decisions(session, row)  # from the draft on no changed decision touches the month
    complete_result(session, row, material_of(session, row), read)
    _move(session, row, state, actor=actor, at=at)


def collect_again(session: Session, month_id: int, *, actor: Actor, at: datetime) -> None:
    """Go back from the draft to collecting. Records ScoringMonthMoved. Raises NotFound, NotYourTask, MonthNotReady."""
    row = _begin(session, month_id, actor=actor)
    _move(session, row, next_state(MonthState(row.state), MonthAct.COLLECT, month=row.month), actor=actor, at=at)


def open_check(
    session: Session,
    month_id: int,
    *,
    read: ReadScheme,
    calendar: WorkdayCalendar,
    workdays: int,
    actor: Actor,
    at: datetime,
) -> date:
    """Show the evaluated bodies their marks; return the last day on which they may object, included.

    Records ScoringCheckOpened. Raises NotFound, NotYourTask, MonthNotReady, MonthRunning, MonthIncomplete,
    KindsSilent, PartOverWhole.
    """
    row = _begin(session, month_id, actor=actor)
    row_state = next_state(MonthState(row.state), MonthAct.CHECK, month=row.month)
    require_over(read_month(row.month), today=local_day(at))
    evaluated = complete_result(session, row, material_of(session, row), read)
    row.state, row.check_opened_at = row_state.value, at
    row.check_until = calendar.add_workdays(local_day(at), workdays)
    event = ScoringCheckOpened(
        month_id=month_id,
        check_until=row.check_until,
        unit_ids=object_ids(session, evaluated.rules.scheme),
    )
    event_log.record(session, event, actor=actor, at=at)
    return row.check_until


def freeze_month(
    session: Session,
    month_id: int,
    *,
    read: ReadScheme,
    lists: ProjectLists,
    actor: Actor,
    at: datetime,
    aside: LeftAside = NOTHING_ASIDE,
) -> str:
    """Keep a month's result with its rules, decisions and inputs; return the version of its rules.

    Records ScoringMonthFrozen, with the records of projects that are left `aside`. Raises NotFound, NotYourTask,
    MonthNotReady, CheckRunning, ObjectionsOpen, MonthIncomplete, ObjectionsOwed, KindsSilent, PartOverWhole,
    RecordsUncounted, ReasonRequired, ReasonTooLong, ListsDiffer.
    """
    row = _begin(session, month_id, actor=actor)
    state = next_state(MonthState(row.state), MonthAct.FREEZE, month=row.month)
    if row.check_until is not None and local_day(at) <= row.check_until:
        raise CheckRunning(until=row.check_until)
    require_answered(session, month_id)
    _hold_decisions(session, row)  # what is decided later does not count for this month
    row.decided_up_to = session.scalar(select(func.max(col(ScoreDecisionRow.id)))) or 0
    evaluated = complete_result(session, row, material_of(session, row), read)
    if owed := owed_objections(session, row, evaluated.rules):
        raise ObjectionsOwed(count=len(owed))
    uncounted = require_counted(session, row, evaluated.rules, lists=lists, aside=aside)
    row.state, row.frozen_by, row.frozen_at = state.value, actor.name, at
    row.rule_version, row.inputs_digest = evaluated.result.rule_version, evaluated.result.inputs_digest
    row.result = evaluated.text
    event = ScoringMonthFrozen(
        month_id=month_id,
        rule_version=row.rule_version,
        inputs_digest=row.inputs_digest,
        decided_up_to=row.decided_up_to,
        sealed=row_digest(row),
        **uncounted,
    )
    event_log.record(session, event, actor=actor, at=at)
    return row.rule_version


def _hold_decisions(session: Session, row: ScoreMonthRow) -> None:
    """Let nobody decide on a month's scheme until the transaction ends; whoever decides locks the newest rules."""
    session.scalars(select(ScoreSchemeRow).where(col(ScoreSchemeRow.code) == row.scheme).with_for_update()).all()


def _begin(session: Session, month_id: int, *, actor: Actor) -> ScoreMonthRow:
    require_role(actor, Role.SUPERVISOR, Role.SYSTEM, act="score_month")
    return lock_month(session, month_id)


def _move(session: Session, row: ScoreMonthRow, state: MonthState, *, actor: Actor, at: datetime) -> None:
    row.state = state.value
    event_log.record(session, ScoringMonthMoved(month_id=row.id or 0, state=row.state), actor=actor, at=at)
