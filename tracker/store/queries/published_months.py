"""Published months of an evaluation, each by the last of its results that went out."""

import json
from collections.abc import Sequence
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.scoring.entries import ReadScheme
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.months import CorrectionState, MonthState, read_month
from tracker.domain.scoring.needs import TOTAL
from tracker.domain.scoring.publishing import MonthsNotPublished
from tracker.domain.scoring.questions import Point
from tracker.domain.scoring.rules import Rules
from tracker.domain.scoring.several import PublishedMonth
from tracker.store.queries.scoring import corrections_of
from tracker.store.queries.scoring_rules import rules_of
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.scoring import ScoreMonthRow


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
