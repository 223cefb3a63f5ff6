"""The rules of an evaluation: a version of a scheme is taken over, what its text leaves open is decided once."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import SYSTEM, Actor, Role, require_role
from tracker.domain.calendar import local_day
from tracker.domain.errors import BadInput, NotFound, Rejected
from tracker.domain.events.scoring import SchemeKept, ScoringDecided, ScoringSuppliersNamed
from tracker.domain.scoring.entries import ReadScheme
from tracker.domain.scoring.months import MonthState, Term, read_month
from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.questions import BESIDE_MARKS, Decision
from tracker.domain.scoring.rules import Rules, answers_in, check_bounds, check_decision
from tracker.domain.scoring.scheme import Scheme
from tracker.steps.scoring import supplied_by
from tracker.store import event_log
from tracker.store.queries.scoring_rules import decision_lines, newest_scheme, scheme_in
from tracker.store.row_digests import row_digest
from tracker.store.tables.scoring import ScoreDecisionRow, ScoreMonthRow, ScoreSchemeRow


class DecidedMeanwhile(Rejected):
    """Somebody else decided on the question since the page was made; facts: question (its title)."""

    code = "score_decided_meanwhile"


class MonthDecidedAlready(Rejected):
    """A changed decision would touch a month whose ranking was drafted; facts: score_month, score_first."""

    code = "score_month_decided_already"


class DecidedBackwards(BadInput):
    """The last month for which a decision holds is before the first; facts: score_first, score_month."""

    code = "score_decision_months_reversed"


class DecidedInFuture(BadInput):
    """Nothing was decided on a day that has not come; facts: day."""

    code = "score_decided_in_future"


class DecidedBeforeDocument(BadInput):
    """Nothing was decided on a document before its day; facts: day, issued_on."""

    code = "score_decided_before_document"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What the office writes down of a decision.

    `seen` is the version that the page showed, 0 for none; `first_month`, 2022-09, is needed from the second on, and
    `last_month` ends what holds for some months alone. The rules of `first_month`, else those of `month`, ask the
    question; where neither is begun or told, the newest.
    """

    scheme: str
    question: str
    option: str
    decider: str
    decided_on: date
    reason: str
    seen: int
    first_month: str = ""
    last_month: str = ""
    month: str = ""
    number: Decimal | None = None
    weights: tuple[tuple[str, Decimal], ...] = ()


def keep_scheme(session: Session, content: str, *, read: ReadScheme, actor: Actor = SYSTEM, at: datetime) -> bool:
    """Take over a version of a scheme's rules; False where it is known already. Idempotent by its digest.

    Months that are open go on with the version that they began with. Records SchemeKept. Raises NotYourTask.
    """
    require_role(actor, Role.SYSTEM, act="score_scheme")
    scheme, sha256 = read(content), hashlib.sha256(content.encode()).hexdigest()
    known = select(col(ScoreSchemeRow.id)).where(
        col(ScoreSchemeRow.code) == scheme.code, col(ScoreSchemeRow.sha256) == sha256
    )
    if session.scalars(known).first() is not None:
        return False
    row = ScoreSchemeRow(
        code=scheme.code,
        document=scheme.document,
        title=scheme.title,
        content=content,
        sha256=sha256,
        kept_by=actor.name,
        kept_at=at,
    )
    session.add(row)
    session.flush()
    event = SchemeKept(
        scheme_id=row.id or 0,
        code=row.code,
        document=row.document,
        title=row.title,
        sha256=sha256,
        sealed=row_digest(row),
    )
    event_log.record(session, event, actor=actor, at=at)
    return True


def decide(session: Session, ruling: Ruling, *, read: ReadScheme, actor: Actor, at: datetime) -> int:
    """Write down what the office decided on a question; return the decision's version.

    The first one holds for every month that is not frozen. A changed one is a new version and holds from a month on; it
    may be no other answer for a month of which a ranking was drafted, or, where no mark hangs on it, whose circular is
    out. An answer that the rules of such a month do not offer is none for it.
    Records ScoringDecided, and ScoringSuppliersNamed where others hand in something by it.
    Raises NotYourTask, NotFound, InvalidDecision, NumberOutside,
    NumberNotWhole, DecidedBackwards, DecidedInFuture, DecidedBeforeDocument, DecidedMeanwhile, MonthUnreadable,
    MonthDecidedAlready.
    """
    require_role(actor, Role.SUPERVISOR, Role.SYSTEM, act="score_decide")
    found = newest_scheme(session, ruling.scheme)
    if found is None:
        raise NotFound()
    session.scalars(select(ScoreSchemeRow).where(col(ScoreSchemeRow.id) == found.id).with_for_update()).one()
    if ruling.decided_on > local_day(at):
        raise DecidedInFuture(day=ruling.decided_on)
    asked_in = ruling.first_month or ruling.month
    month = str(read_month(asked_in)) if asked_in else ""
    scheme = scheme_in(session, ruling.scheme, month, read=read)
    if scheme.issued_on is not None and ruling.decided_on < scheme.issued_on:
        raise DecidedBeforeDocument(day=ruling.decided_on, issued_on=scheme.issued_on)
    known = [
        (line.term, line.decision)
        for line in decision_lines(session, ruling.scheme)
        if line.decision.question == ruling.question
    ]
    if len(known) != ruling.seen:
        titles = {one.code: one.title for one in scheme.questions}
        raise DecidedMeanwhile(question=titles.get(ruling.question, ruling.question))
    decision = _decision(ruling, version=len(known) + 1)
    check_decision(scheme, decision)
    check_bounds(scheme, decision)
    term = _term(ruling) if known else Term()
    _leave_drafted(session, scheme, [*known, (term, decision)], read=read)
    version = _keep(session, ruling, decision, term=term, actor=actor, at=at)
    _tell_suppliers(session, ruling.scheme, [*known, (term, decision)], read=read, actor=actor, at=at)
    return version


def _term(ruling: Ruling) -> Term:
    """Return for which months a changed decision holds. Raises MonthUnreadable, DecidedBackwards."""
    first = str(read_month(ruling.first_month))
    last = str(read_month(ruling.last_month)) if ruling.last_month.strip() else ""
    if last and last < first:
        raise DecidedBackwards(score_first=first, score_month=last)
    return Term(first, last)


def _tell_suppliers(
    session: Session,
    code: str,
    decisions: Sequence[tuple[Term, Decision]],
    *,
    read: ReadScheme,
    actor: Actor,
    at: datetime,
) -> None:
    """Record ScoringSuppliersNamed for each month being collected in which the last decision has others hand in what.

    The decisions are those on one question.
    """
    wanted = select(ScoreMonthRow).where(
        col(ScoreMonthRow.scheme) == code, col(ScoreMonthRow.state) == MonthState.COLLECTING.value
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
                month_id=row.id or 0, inputs_by=row.inputs_by, unit_ids=named, freed_ids=freed
            )
            event_log.record(session, event, actor=actor, at=at)


def _leave_drafted(
    session: Session, scheme: Scheme, decisions: Sequence[tuple[Term, Decision]], *, read: ReadScheme
) -> None:
    """Refuse a decision, the last of those on its question, that gives a month another answer than it went by.

    Those are months of which a draft was made, or whose paper is out where no mark hangs on it. Raises
    MonthDecidedAlready.
    """
    term, question = decisions[-1][0], decisions[-1][1].question
    is_beside = any(one.code == question and one.point in BESIDE_MARKS for one in scheme.questions)
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


def _decision(ruling: Ruling, *, version: int) -> Decision:
    return Decision(
        question=ruling.question,
        option=ruling.option,
        decider=ruling.decider,
        decided_on=ruling.decided_on,
        reason=ruling.reason,
        version=version,
        number=ruling.number,
        weights=ruling.weights,
    )


def _keep(session: Session, ruling: Ruling, decision: Decision, *, term: Term, actor: Actor, at: datetime) -> int:
    row = ScoreDecisionRow(
        scheme=ruling.scheme,
        question=decision.question,
        version=decision.version,
        option=decision.option,
        number=None if decision.number is None else number_text(decision.number),
        weights=" ".join(f"{metric}={number_text(share)}" for metric, share in decision.weights),
        decider=decision.decider,
        decided_on=decision.decided_on,
        reason=decision.reason,
        first_month=term.first,
        last_month=term.last or None,
        entered_by=actor.name,
        entered_at=at,
    )
    session.add(row)
    session.flush()
    told = {name: getattr(row, name) for name in ScoringDecided.__dataclass_fields__ if hasattr(row, name)}
    event_log.record(session, ScoringDecided(decision_id=row.id or 0, **told), actor=actor, at=at)
    return row.version
