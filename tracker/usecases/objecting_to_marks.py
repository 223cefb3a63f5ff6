"""Objections to marks of a month of evaluation: raised by the head of the evaluated body, answered by the office."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound, Rejected
from tracker.domain.events.scoring import MarksObjected, MarksObjectionAnswered, MarksObjectionSettled
from tracker.domain.filings import check_reason
from tracker.domain.scoring.asked import inputs_behind
from tracker.domain.scoring.entries import ReadScheme
from tracker.domain.scoring.months import MonthNotReady, MonthState, ObjectionState, read_month
from tracker.domain.scoring.objections import NothingOwed
from tracker.steps.scoring import is_open, lock_month, scheme_of, supplier_ids
from tracker.store import event_log
from tracker.store.queries.scoring import last_input_id
from tracker.store.queries.scoring_objections import owed_objections
from tracker.store.queries.scoring_rules import rules_of
from tracker.store.queries.units import present_ids, units_acted_for
from tracker.store.tables.scoring import ScoreMonthRow, ScoreObjectionRow


class CheckOver(Rejected):
    """The window for objections is over; facts: until."""

    code = "score_check_over"


class ObjectedAlready(Rejected):
    """An objection to the same item waits for its answer."""

    code = "score_objected_already"


class ObjectionAnswered(Rejected):
    """An objection is answered already."""

    code = "score_objection_answered"


def object_to_marks(
    session: Session,
    month_id: int,
    *,
    object_code: str,
    item: str,
    words: str,
    read: ReadScheme,
    actor: Actor,
    at: datetime,
) -> int:
    """Object to one's own marks under an item, within the window or once they are published; return its number.

    Records MarksObjected. Raises NotYourTask, NotFound, MonthNotReady, CheckOver, ReasonRequired, ObjectedAlready.
    """
    require_role(actor, Role.UNIT_HEAD, act="score_object")
    month = lock_month(session, month_id)
    scheme = scheme_of(session, month, read)
    unit_id = present_ids(session).get(object_code)
    known = {(one.unit, it.code) for one in scheme.objects for _, it in scheme.items()}
    if (object_code, item) not in known or unit_id not in units_acted_for(session, actor.unit_id):
        raise NotFound()
    _check_window(month, at=at)
    _check_new(session, month_id, object_code=object_code, item=item)
    row = ScoreObjectionRow(
        month_id=month_id,
        unit_id=unit_id or 0,
        object=object_code,
        item=item,
        words=check_reason(words),
        raised_by=actor.name,
        raised_at=at,
    )
    session.add(row)
    session.flush()
    told = {name: getattr(row, name) for name in ("month_id", "unit_id", "object", "item", "words")}
    event_log.record(session, MarksObjected(objection_id=row.id or 0, **told), actor=actor, at=at)
    return row.id or 0


def _check_window(month: ScoreMonthRow, *, at: datetime) -> None:
    if month.state == MonthState.ISSUED.value:  # what was published is corrected in the open
        return
    if month.state != MonthState.CHECK.value:
        raise MonthNotReady(score_month=month.month, score_state=month.state, score_act="object")
    if month.check_until is not None and local_day(at) > month.check_until:
        raise CheckOver(until=month.check_until)


def _check_new(session: Session, month_id: int, *, object_code: str, item: str) -> None:
    waiting = select(col(ScoreObjectionRow.id)).where(
        col(ScoreObjectionRow.month_id) == month_id,
        col(ScoreObjectionRow.object) == object_code,
        col(ScoreObjectionRow.item) == item,
        col(ScoreObjectionRow.state) == ObjectionState.OPEN.value,
    )
    if session.scalars(waiting).first() is not None:
        raise ObjectedAlready()


def answer_objection(
    session: Session, objection_id: int, *, upheld: bool, answer: str, read: ReadScheme, actor: Actor, at: datetime
) -> None:
    """Say whether an objection holds, and why; what it corrects is handed in anew by the suppliers of the item.

    Records MarksObjectionAnswered. Raises NotYourTask, NotFound, ReasonRequired, ObjectionAnswered.
    """
    require_role(actor, Role.SUPERVISOR, act="score_answer")
    month, row = _locked(session, objection_id)
    if row.state != ObjectionState.OPEN.value:
        raise ObjectionAnswered()
    row.state = (ObjectionState.UPHELD if upheld else ObjectionState.REFUSED).value
    row.answer, row.answered_by, row.answered_at = check_reason(answer), actor.name, at
    row.inputs_after = last_input_id(session, row.month_id)
    event = MarksObjectionAnswered(
        objection_id=objection_id,
        month_id=row.month_id,
        unit_id=row.unit_id,
        item=row.item,
        state=row.state,
        answer=row.answer,
        inputs_after=row.inputs_after,
        unit_ids=_correcting(session, month, row.item, read) if upheld else (),
    )
    event_log.record(session, event, actor=actor, at=at)


def settle_objection(
    session: Session, objection_id: int, *, reason: str, read: ReadScheme, actor: Actor, at: datetime
) -> None:
    """Say why nothing in the marks is to be changed though an objection holds 「属实，不影响计分」.

    Records MarksObjectionSettled. Raises NotYourTask, NotFound, ReasonRequired, NothingOwed.
    """
    require_role(actor, Role.SUPERVISOR, act="score_answer")
    month, row = _locked(session, objection_id)
    owed = owed_objections(session, month, rules_of(session, month, read))
    if objection_id not in {one.row.id for one in owed}:
        raise NothingOwed()
    row.settled_because, row.settled_by, row.settled_at = check_reason(reason), actor.name, at
    event = MarksObjectionSettled(
        objection_id=objection_id,
        month_id=row.month_id,
        unit_id=row.unit_id,
        item=row.item,
        because=row.settled_because,
    )
    event_log.record(session, event, actor=actor, at=at)


def _locked(session: Session, objection_id: int) -> tuple[ScoreMonthRow, ScoreObjectionRow]:
    """Lock an objection and its month; return them read anew. Raises NotFound."""
    row = session.get(ScoreObjectionRow, objection_id)
    if row is None:
        raise NotFound()
    month = lock_month(session, row.month_id)
    wanted = select(ScoreObjectionRow).where(col(ScoreObjectionRow.id) == objection_id)
    return month, session.scalars(wanted.with_for_update()).one()


def _correcting(session: Session, month: ScoreMonthRow, item: str, read: ReadScheme) -> tuple[int, ...]:
    """Return the units that may correct what makes the marks under an item; none of a month that takes no inputs."""
    if not is_open(session, month):
        return ()
    rules = rules_of(session, month, read)
    return supplier_ids(session, rules, of=inputs_behind(rules, read_month(month.month), item))
