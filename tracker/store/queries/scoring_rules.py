"""The rules of evaluations: versions of schemes, what was decided on them, and by which of both a month goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.domain.errors import NotFound
from tracker.domain.scoring.entries import ReadScheme
from tracker.domain.scoring.months import Term
from tracker.domain.scoring.questions import BESIDE_MARKS, Decision
from tracker.domain.scoring.rules import Rules, answers_in
from tracker.domain.scoring.scheme import Scheme
from tracker.store.tables.scoring import ScoreDecisionRow, ScoreMonthRow, ScoreSchemeRow

_NEWEST = select(func.max(col(ScoreSchemeRow.id))).group_by(col(ScoreSchemeRow.code))  # versions of the rules


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """A decision as it was written down, with the months for which it holds."""

    id: int
    term: Term
    entered_by: str
    entered_at: datetime
    decision: Decision


def newest_scheme(session: Session, code: str) -> ScoreSchemeRow | None:
    """Return the newest version of a scheme's rules."""
    wanted = select(ScoreSchemeRow).where(col(ScoreSchemeRow.code) == code)
    return session.scalars(wanted.order_by(col(ScoreSchemeRow.id).desc()).limit(1)).first()


def newest_schemes(session: Session) -> list[ScoreSchemeRow]:
    """Return the newest version of each scheme, in the order in which they came."""
    wanted = select(ScoreSchemeRow).where(col(ScoreSchemeRow.id).in_(_NEWEST))
    return list(session.scalars(wanted.order_by(col(ScoreSchemeRow.id))))


def contents_of(session: Session, code: str) -> Sequence[str]:
    """Return every version of a scheme's rules, the newest last."""
    wanted = select(col(ScoreSchemeRow.content)).where(col(ScoreSchemeRow.code) == code)
    return session.scalars(wanted.order_by(col(ScoreSchemeRow.id))).all()


def has_newer_rules(session: Session, row: ScoreMonthRow) -> bool:
    """Tell whether a month goes by an earlier version of its scheme's rules."""
    newest = select(func.max(col(ScoreSchemeRow.id))).where(col(ScoreSchemeRow.code) == row.scheme)
    return (session.scalar(newest) or 0) > row.scheme_id


def month_named(session: Session, *, scheme: str, month: str) -> ScoreMonthRow | None:
    """Return a month of a scheme; `month` is written as 2022-09."""
    wanted = select(ScoreMonthRow).where(col(ScoreMonthRow.scheme) == scheme, col(ScoreMonthRow.month) == month)
    return session.scalars(wanted).first()


def decision_lines(session: Session, scheme: str) -> list[DecisionLine]:
    """Return every decision on a scheme's questions, by question and version."""
    wanted = select(ScoreDecisionRow).where(col(ScoreDecisionRow.scheme) == scheme)
    rows = session.scalars(wanted.order_by(col(ScoreDecisionRow.question), col(ScoreDecisionRow.version)))
    return [DecisionLine(row.id or 0, term_of(row), row.entered_by, row.entered_at, decision_of(row)) for row in rows]


def decisions_with_terms(session: Session, scheme: str, *, up_to: int | None = None) -> list[tuple[Term, Decision]]:
    """Return every decision on a scheme's questions with its months, by question and version.

    With `up_to`, those that were written down when the decision of that number was the last.
    """
    lines = decision_lines(session, scheme)
    return [(line.term, line.decision) for line in lines if up_to is None or line.id <= up_to]


def term_of(row: ScoreDecisionRow) -> Term:
    """Return for which months a decision holds."""
    return Term(row.first_month, row.last_month or "")


def decision_of(row: ScoreDecisionRow) -> Decision:
    """Return a decision as the rules take it."""
    weights = tuple((name, Decimal(share)) for name, _, share in (one.partition("=") for one in row.weights.split()))
    return Decision(
        question=row.question,
        option=row.option,
        decider=row.decider,
        decided_on=row.decided_on,
        reason=row.reason,
        version=row.version,
        number=None if row.number is None else Decimal(row.number),
        weights=weights,
    )


def decisions_for(session: Session, row: ScoreMonthRow) -> list[tuple[Term, Decision]]:
    """Return what was decided on a month's scheme, each with its months: of a kept month what counted then."""
    return decisions_with_terms(session, row.scheme, up_to=row.decided_up_to)


def answers_beside(session: Session, row: ScoreMonthRow, scheme: Scheme) -> tuple[Decision, ...]:
    """Return what was decided at any time for a month on what no mark hangs: its paper goes by it, kept or not."""
    beside = {one.code for one in scheme.questions if one.point in BESIDE_MARKS}
    every = decisions_with_terms(session, row.scheme)
    return tuple(one for one in answers_in(scheme, every, month=row.month) if one.question in beside)


def rules_of(session: Session, row: ScoreMonthRow, read: ReadScheme) -> Rules:
    """Return the rules of a month with the decisions that hold for it."""
    scheme = read(session.get_one(ScoreSchemeRow, row.scheme_id).content)
    return Rules(scheme, answers_in(scheme, decisions_for(session, row), month=row.month))


def scheme_in(session: Session, code: str, month: str, *, read: ReadScheme) -> Scheme:
    """Return the rules that a scheme has in a month, 2022-09: those it goes by, the newest where it was not begun.

    Raises NotFound where there is no such scheme.
    """
    known = month_named(session, scheme=code, month=month)
    found = session.get_one(ScoreSchemeRow, known.scheme_id) if known is not None else newest_scheme(session, code)
    if found is None:
        raise NotFound()
    return read(found.content)


def versions_in_use(session: Session) -> Sequence[tuple[int, str]]:
    """Return number and digest of every version of the rules that some month goes by or the next one would.

    The newest stands last. That is less to read than the rules.
    """
    used = select(col(ScoreMonthRow.scheme_id))
    wanted = select(col(ScoreSchemeRow.id), col(ScoreSchemeRow.sha256)).where(
        col(ScoreSchemeRow.id).in_(_NEWEST) | col(ScoreSchemeRow.id).in_(used)
    )
    return [(id_ or 0, sha256) for id_, sha256 in session.execute(wanted.order_by(col(ScoreSchemeRow.id)))]
