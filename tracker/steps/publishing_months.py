"""The circular about an evaluated month publishes its result when it is issued."""

from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.circulars.editions import EditionState
from tracker.domain.events.score_corrections import ScoringCorrectionIssued
from tracker.domain.events.scoring import ScoringMonthIssued
from tracker.domain.scoring.months import CorrectionState, MonthAct, MonthState, next_state
from tracker.domain.scoring.publishing import (
    CorrectedResultWaits,
    CorrectionObjected,
    MonthCorrectedSince,
    ObjectedSinceDrafted,
    RankingOutAlready,
)
from tracker.steps.scoring import lock_month
from tracker.store import event_log
from tracker.store.queries.published_months import objected_since, objections_before, tells_newest
from tracker.store.queries.scoring import corrections_of
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.scoring import ScoreMonthRow


def publish_month(session: Session, row: CircularRow, *, actor: Actor, at: datetime) -> None:
    """Publish the result that an issued circular tells of; of a month that is out already nothing changes.

    A correction does not go out beside an objection without an answer: its marks were not sent for check again.
    Records ScoringMonthIssued, ScoringCorrectionIssued. Raises RankingOutAlready, MonthCorrectedSince, MonthNotReady,
    CorrectionObjected.
    """
    if row.score_month_id is None:
        return
    month = lock_month(session, row.score_month_id)
    _check_alone(session, row)
    if not tells_newest(session, row):
        raise MonthCorrectedSince(score_month=month.month)
    kept = [one for one in corrections_of(session, row.score_month_id) if one.edition is not None]
    if not kept:
        _publish_first(session, month, row, actor=actor, at=at)
    elif (last := kept[-1]).state == CorrectionState.FROZEN.value:
        check_answered(session, row)
        last.state = CorrectionState.ISSUED.value
        event = ScoringCorrectionIssued(
            correction_id=last.id or 0, month_id=row.score_month_id, circular_id=row.id or 0
        )
        event_log.record(session, event, actor=actor, at=at)


def check_answered(session: Session, row: CircularRow) -> None:
    """Refuse each step of a correction's paper beside an objection without an answer, or one of which it does not say.

    Raises CorrectionObjected, ObjectedSinceDrafted.
    """
    for count_of, refusal in ((objections_before, CorrectionObjected), (objected_since, ObjectedSinceDrafted)):
        if count := count_of(session, row):
            raise refusal(score_month=session.get_one(ScoreMonthRow, row.score_month_id).month, count=count)


def check_tells_newest(session: Session, row: CircularRow) -> None:
    """Refuse to go on with the words of a paper whose month has a newer kept result. Raises CorrectedResultWaits."""
    if row.score_month_id is None:
        return
    month = lock_month(session, row.score_month_id)  # no result is kept meanwhile
    if not tells_newest(session, row):
        raise CorrectedResultWaits(score_month=month.month)


def _publish_first(session: Session, month: ScoreMonthRow, row: CircularRow, *, actor: Actor, at: datetime) -> None:
    if month.state == MonthState.ISSUED.value:  # a correction of words alone, or another after one was withdrawn
        return
    month.state = next_state(MonthState(month.state), MonthAct.ISSUE, month=month.month).value
    event = ScoringMonthIssued(month_id=month.id or 0, circular_id=row.id or 0)
    event_log.record(session, event, actor=actor, at=at)


def _check_alone(session: Session, row: CircularRow) -> None:
    """Refuse a second paper about a month beside one that stands, except in its place. Raises RankingOutAlready."""
    standing = select(CircularRow).where(
        col(CircularRow.score_month_id) == row.score_month_id,
        col(CircularRow.state) == EditionState.ISSUED.value,
        col(CircularRow.id).not_in([row.id, row.replaces_id or 0]),
    )
    if (other := session.scalars(standing).first()) is not None:
        raise RankingOutAlready(number=other.number or "")
