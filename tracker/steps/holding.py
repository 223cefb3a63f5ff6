"""While a lead's completion report lies with the office, so does what its share would owe meanwhile.

So do the rows that ask the other leads for the completion: one report on it is enough, and whether it is, is for the
office to say.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.events.forms import RowsFreed, RowsHeld
from tracker.domain.filings import ReportKind, ReportState
from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import ASSIGNMENT_ENDED
from tracker.domain.windows import CLOSING, Reckoning
from tracker.steps.behind_corrections import keep_behind_corrections
from tracker.steps.row_moments import give_back, hand_back, moment_of, was_overdue
from tracker.store import event_log
from tracker.store.queries.emergencies import is_of_emergency
from tracker.store.queries.form_views import OPEN_ROWS
from tracker.store.queries.requests import is_held
from tracker.store.tables.filings import ReportRow
from tracker.store.tables.series import FormRow, PeriodRow
from tracker.store.tables.tasks import AssignmentRow


def hold_rows(session: Session, share: AssignmentRow, *, report_id: int, actor: Actor, at: datetime) -> None:
    """Put the rows of a lead that are not overdue into the office's court until it has reviewed the completion.

    With the rows that ask for the completion, the other leads' too, it has them however late it came: nobody is told
    to hand in what lies there already. Nothing stops the clock of an emergency. Records RowsHeld.
    """
    session.flush()
    asking = {row.id for row in _finals(session, share)}
    rows = [row for row in _rows(session, share, OPEN_ROWS) if row.id in asking or moment_of(session, row) > at]
    _hold(session, share, rows, report_id=report_id, actor=actor, at=at)
    for other in other_leads(session, share):
        _hold(session, other, _finals(session, other), report_id=report_id, actor=actor, at=at)


def _hold(
    session: Session, share: AssignmentRow, rows: Iterable[FormRow], *, report_id: int, actor: Actor, at: datetime
) -> None:
    held = [row for row in rows if row.pending_at is None]
    for row in held:
        row.pending_at = at
    if held:
        ids = tuple(row.id or 0 for row in held)
        event = RowsHeld(task_id=share.task_id, unit_id=share.unit_id, report_id=report_id, rows=ids)
        event_log.record(session, event, actor=actor, at=at)


def other_leads(session: Session, share: AssignmentRow) -> Sequence[AssignmentRow]:
    """Return the other live leads of a lead's task; none where the share does not lead."""
    if share.role != AssignmentRole.LEAD.value:
        return ()
    wanted = select(AssignmentRow).where(
        col(AssignmentRow.task_id) == share.task_id,
        col(AssignmentRow.id) != share.id,
        col(AssignmentRow.role) == AssignmentRole.LEAD.value,
        col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
    )
    return session.scalars(wanted.order_by(col(AssignmentRow.id))).all()


def completion_under_review(session: Session, share: AssignmentRow) -> int | None:
    """Return the id of a lead's completion report that lies with the office; None where there is none."""
    if share.role != AssignmentRole.LEAD.value:
        return None
    waiting = select(col(ReportRow.id)).where(
        col(ReportRow.assignment_id) == share.id,
        col(ReportRow.kind) == ReportKind.COMPLETION.value,
        col(ReportRow.state) == ReportState.FILED.value,
    )
    return session.scalars(waiting).first()


def hold_again(session: Session, share: AssignmentRow, *, actor: Actor, at: datetime) -> None:
    """Hold what an act has just made a share's to report, where the lead's completion is still under review.

    Where a completion is corrected instead, what asks for it waits for that. Every act that gives rows back, opens
    them again, moves them or brings them to a share ends with this. Records RowsHeld and DueMoved.
    """
    report_id = completion_under_review(session, share)
    if report_id is not None:
        hold_rows(session, share, report_id=report_id, actor=actor, at=at)
        return
    others = other_leads(session, share)
    for other in others:
        report_id = completion_under_review(session, other)
        if report_id is not None:
            _hold(session, share, _finals(session, share), report_id=report_id, actor=actor, at=at)
            return
    if share.role == AssignmentRole.LEAD.value:
        keep_behind_corrections(session, (share, *others), actor=actor, at=at)


def hold_shares_again(session: Session, assignment_ids: Iterable[int], *, actor: Actor, at: datetime) -> None:
    """Hold what an act on several shares has made theirs to report, as `hold_again` does for one."""
    wanted = select(AssignmentRow).where(
        col(AssignmentRow.id).in_(sorted(set(assignment_ids))),
        col(AssignmentRow.state).not_in([state.value for state in ASSIGNMENT_ENDED]),
    )
    for share in session.scalars(wanted.order_by(col(AssignmentRow.id))).all():
        hold_again(session, share, actor=actor, at=at)


def free_rows(
    session: Session,
    share: AssignmentRow,
    *,
    report_id: int,
    actor: Actor,
    at: datetime,
    by: Reckoning,
) -> None:
    """Give the rows of a lead back when its completion is returned, with the grace that follows a refusal.

    So are those of the other leads, unless another completion is under review. What was overdue when the
    completion came is overdue as it was. What waits for an extension or a dispute goes on waiting. Records
    RowsFreed, DueMoved and LatenessFixed.
    """
    session.flush()
    _free(session, share, report_id=report_id, actor=actor, at=at, by=by)
    others = other_leads(session, share)
    if any(completion_under_review(session, other) is not None for other in others):
        return
    for other in others:
        _free(session, other, report_id=report_id, actor=actor, at=at, by=by)


def _free(
    session: Session,
    share: AssignmentRow,
    *,
    report_id: int,
    actor: Actor,
    at: datetime,
    by: Reckoning,
) -> None:
    held = set(session.scalars(select(col(FormRow.id)).where(col(FormRow.assignment_id) == share.id, is_held())))
    wanted = select(FormRow).where(col(FormRow.id).in_(sorted(id_ or 0 for id_ in held)))
    rows = session.scalars(wanted.order_by(col(FormRow.id)).with_for_update()).all()
    if not rows:
        return
    ids = tuple(row.id or 0 for row in rows)
    event = RowsFreed(task_id=share.task_id, unit_id=share.unit_id, report_id=report_id, rows=ids)
    event_log.record(session, event, actor=actor, at=at)
    for row in rows:
        if was_overdue(session, row):
            give_back(session, row, actor=actor, at=at)
        else:
            hand_back(session, row, actor=actor, at=at, by=by)


def _rows(session: Session, share: AssignmentRow, states: tuple[str, ...]) -> Iterator[FormRow]:
    wanted = select(FormRow).where(
        col(FormRow.assignment_id) == share.id, col(FormRow.state).in_(states), ~is_of_emergency()
    )
    yield from session.scalars(wanted.order_by(col(FormRow.id)).with_for_update())


def _finals(session: Session, share: AssignmentRow) -> list[FormRow]:
    """Return the rows that ask a lead for the completion or its correction; a closing report each owes by itself."""
    closing = select(col(PeriodRow.id)).where(col(PeriodRow.code) == CLOSING)
    wanted = select(FormRow).where(
        col(FormRow.assignment_id) == share.id,
        col(FormRow.state).in_(OPEN_ROWS),
        col(FormRow.final).is_(True),
        col(FormRow.period_id).not_in(closing),
        ~is_of_emergency(),
    )
    return list(session.scalars(wanted.order_by(col(FormRow.id)).with_for_update()))
