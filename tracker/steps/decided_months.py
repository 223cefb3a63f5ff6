"""What a decision on a scheme's question may not change, and whom it tells."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.errors import Rejected
from tracker.domain.events.scoring import ScoringSuppliersNamed
from tracker.domain.scoring.entries import ReadScheme
from tracker.domain.scoring.months import TAKES_INPUTS, MonthState, Term, read_month
from tracker.domain.scoring.publishing import MeetingNotOrdered, RankingHeldBack
from tracker.domain.scoring.questions import BESIDE_MARKS, MEETING_MONTHS, MEETING_ORDER, Decision
from tracker.domain.scoring.rules import Rules, answers_in
from tracker.domain.scoring.scheme import Scheme
from tracker.domain.scoring.several import MeetingRule, meeting_rule
from tracker.steps.scoring import supplied_by
from tracker.store import event_log
from tracker.store.queries.scoring_rules import scheme_in
from tracker.store.tables.scoring import ScoreMonthRow


class MonthDecidedAlready(Rejected):
    """A changed decision would touch a month that was drafted, or is out; facts: score_month, score_first."""

    code = "score_month_decided_already"


def leave_drafted(
    session: Session, scheme: Scheme, decisions: Sequence[tuple[Term, Decision]], *, read: ReadScheme
) -> None:
    """Refuse a decision, the last of those on its question, that gives a month another answer than it went by.

    Those are months of which a draft was made, or whose paper is out where neither marks nor suppliers hang on it.
    Raises MonthDecidedAlready.
    """
    term, question = decisions[-1][0], decisions[-1][1].question
    asked = [one for one in scheme.questions if one.code == question]
    is_beside = any(one.point in BESIDE_MARKS and not one.marks_annexes for one in asked)
    free = set(MonthState) - {MonthState.ISSUED} if is_beside else {MonthState.COLLECTING}
    wanted = select(ScoreMonthRow).where(
        col(ScoreMonthRow.scheme) == scheme.code,
        col(ScoreMonthRow.state).not_in([state.value for state in free]),
        col(ScoreMonthRow.month) >= term.first,
    )
    for row in session.scalars(wanted.order_by(col(ScoreMonthRow.month).desc())):
        rules = scheme_in(session, row.scheme, row.month, read=read)
        before = answers_in(rules, decisions[:-1], month=row.month)
        if before and answers_in(rules, decisions, month=row.month) != before:
            raise MonthDecidedAlready(score_month=row.month, score_first=term.first)


def leave_meetings(
    session: Session, code: str, decisions: Sequence[tuple[Term, Decision]], *, read: ReadScheme
) -> None:
    """Refuse a decision, the last of all of a scheme, that changes the meeting of a month whose paper is out.

    The paper says with which month it is held and whose places count. Raises MonthDecidedAlready.
    """
    term, decision = decisions[-1]
    if decision.question not in (MEETING_MONTHS, MEETING_ORDER):
        return
    wanted = select(ScoreMonthRow).where(
        col(ScoreMonthRow.scheme) == code, col(ScoreMonthRow.state) == MonthState.ISSUED.value
    )
    for row in session.scalars(wanted.order_by(col(ScoreMonthRow.month).desc())):
        rules = scheme_in(session, code, row.month, read=read)
        before, after = (_meeting(rules, told, row.month) for told in (decisions[:-1], decisions))
        if before is not None and (after is None or (after.months, after.order) != (before.months, before.order)):
            raise MonthDecidedAlready(score_month=row.month, score_first=term.first or row.month)


def _meeting(rules: Scheme, decisions: Sequence[tuple[Term, Decision]], month: str) -> MeetingRule | None:
    try:
        return meeting_rule(rules, decisions, read_month(month))
    except (MeetingNotOrdered, RankingHeldBack):
        return None


def tell_suppliers(
    session: Session,
    code: str,
    decisions: Sequence[tuple[Term, Decision]],
    *,
    read: ReadScheme,
    actor: Actor,
    at: datetime,
) -> None:
    """Record ScoringSuppliersNamed for each month that takes inputs in which the last decision has others hand in what.

    The decisions are those on one question.
    """
    wanted = select(ScoreMonthRow).where(
        col(ScoreMonthRow.scheme) == code, col(ScoreMonthRow.state).in_([state.value for state in TAKES_INPUTS])
    )
    for row in session.scalars(wanted.order_by(col(ScoreMonthRow.month))):
        scheme = scheme_in(session, code, row.month, read=read)
        now, before = (
            supplied_by(session, Rules(scheme, answers_in(scheme, told, month=row.month)))
            for told in (decisions, decisions[:-1])
        )
        named, freed = (
            tuple(sorted(one for one in these if these[one] - those.get(one, frozenset())))
            for these, those in ((now, before), (before, now))
        )
        if named or freed:
            event = ScoringSuppliersNamed(
                month_id=row.id or 0,
                inputs_by=row.inputs_by,
                unit_ids=named,
                freed_ids=tuple(one for one in freed if one in now),
                gone_ids=tuple(one for one in freed if one not in now),
            )
            event_log.record(session, event, actor=actor, at=at)
