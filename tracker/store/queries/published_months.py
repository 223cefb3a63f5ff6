"""Published months of an evaluation, each by the last of its results that went out."""

import json
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.events.scoring import MarksObjected, MarksObjectionAnswered
from tracker.domain.scoring.entries import ReadScheme
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.months import CorrectionState, MonthState, read_month
from tracker.domain.scoring.needs import TOTAL
from tracker.domain.scoring.publishing import MonthsNotPublished
from tracker.domain.scoring.questions import Point
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.several import PublishedMonth
from tracker.store.queries.scoring import corrections_of, count_open_objections
from tracker.store.queries.scoring_objections import owed_objections
from tracker.store.queries.scoring_rules import rules_of
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.scoring import ScoreCorrectionRow, ScoreMonthRow


def published_months(session: Session, code: str, *, year: int | None = None) -> tuple[ScoreMonthRow, ...]:
    """Return the published months of a scheme, all or those of a year, the first first."""
    wanted = select(ScoreMonthRow).where(
        col(ScoreMonthRow.scheme) == code, col(ScoreMonthRow.state) == MonthState.ISSUED.value
    )
    if year is not None:
        wanted = wanted.where(col(ScoreMonthRow.month).startswith(f"{year:04d}-"))
    return tuple(session.scalars(wanted.order_by(col(ScoreMonthRow.month))))


def months_told(
    session: Session, code: str, months: Sequence[Month], *, read: ReadScheme
) -> tuple[PublishedMonth, ...]:
    """Return the results of months, which all must be published. Raises MonthsNotPublished."""
    rows = {row.month: row for row in published_months(session, code)}
    if missing := [str(one) for one in months if str(one) not in rows]:
        raise MonthsNotPublished(score_months="、".join(missing))
    return tuple(result_of(session, rows[str(one)], read=read) for one in months)


def result_of(session: Session, row: ScoreMonthRow, *, read: ReadScheme) -> PublishedMonth:
    """Return what a published month came to."""
    out = [one for one in corrections_of(session, row.id or 0) if one.state == CorrectionState.ISSUED.value]
    return result_told((out[-1].result if out else row.result) or "{}", row=row, rules=rules_of(session, row, read))


def tells_newest(session: Session, paper: CircularRow) -> bool:
    """Tell whether a circular says the last result that is kept of its month; of no month, it has nothing newer."""
    kept = corrections_of(session, paper.score_month_id) if paper.score_month_id is not None else ()
    return (paper.score_edition or 1) == max((one.edition or 1 for one in kept), default=paper.score_edition or 1)


def objections_before(session: Session, paper: CircularRow) -> int:
    """Return how many objections without an answer keep a paper about a correction from going out, 0 of any other.

    The marks of a correction were not sent for check again; whoever objects to them is answered before.
    """
    if paper.score_month_id is None or _waiting(session, paper) is None:
        return 0
    return count_open_objections(session, paper.score_month_id)


def objected_since(session: Session, paper: CircularRow) -> int:
    """Return how many objections were raised or answered since a paper about a correction was drafted, 0 of any other.

    Its words were made of the log up to its cut-off and say nothing of them.
    """
    if paper.score_month_id is None or _waiting(session, paper) is None:
        return 0
    told = (MarksObjected, MarksObjectionAnswered)
    wanted = select(col(EventRow.payload)).where(
        col(EventRow.type).in_([one.type for one in told]), col(EventRow.seq) > paper.last_event
    )
    found = [json.loads(payload) for payload in session.scalars(wanted)]
    return len({one["objection_id"] for one in found if one["month_id"] == paper.score_month_id})


def objections_left(session: Session, paper: CircularRow, *, read: ReadScheme) -> int:
    """Return how many objections hold that the correction which a paper tells of did not carry out."""
    if paper.score_month_id is None or _waiting(session, paper) is None:
        return 0
    month = session.get_one(ScoreMonthRow, paper.score_month_id)
    return len(owed_objections(session, month, rules_of(session, month, read)))


def _waiting(session: Session, paper: CircularRow) -> ScoreCorrectionRow | None:
    """Return the kept correction of its month that a paper is to publish."""
    kept = [one for one in corrections_of(session, paper.score_month_id or 0) if one.edition is not None]
    waits = bool(kept) and kept[-1].state == CorrectionState.FROZEN.value and tells_newest(session, paper)
    return kept[-1] if waits else None


def result_told(text: str, *, row: ScoreMonthRow, rules: Rules) -> PublishedMonth:
    """Read a kept result of a month: totals and places, and how equal totals were placed by its rules."""
    objects = json.loads(text)["result"]["objects"]
    ties = rules.chosen(Point.TIES, TOTAL)
    assert ties is not None  # no result is kept before
    return PublishedMonth(
        read_month(row.month),
        {one["object"]: Decimal(one["total"]) for one in objects},
        {one["object"]: int(one["rank"]) for one in objects},
        ties.choice,
        {one.unit: one.name for one in rules.scheme.objects},
    )
