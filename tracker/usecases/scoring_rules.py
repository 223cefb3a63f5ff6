"""The rules of an evaluation: a version of a scheme is taken over, what its text leaves open is decided once."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import SYSTEM, Actor, Role, require_role
from tracker.domain.calendar import local_day
from tracker.domain.errors import BadInput, NotFound, Rejected
from tracker.domain.events.scoring import SchemeKept, ScoringDecided
from tracker.domain.scoring.entries import ReadScheme
from tracker.domain.scoring.months import Term, read_month
from tracker.domain.scoring.plain import number_text
from tracker.domain.scoring.questions import Decision
from tracker.domain.scoring.rules import check_bounds, check_decided_on, check_decision
from tracker.steps.decided_months import leave_drafted, leave_meetings, tell_suppliers
from tracker.store import event_log
from tracker.store.queries.scoring_rules import decisions_with_terms, newest_scheme, scheme_in
from tracker.store.row_digests import row_digest
from tracker.store.tables.scoring import ScoreDecisionRow, ScoreSchemeRow


class DecidedMeanwhile(Rejected):
    """Somebody else decided on the question since the page was made; facts: question (its title)."""

    code = "score_decided_meanwhile"


class DecidedBackwards(BadInput):
    """The last month for which a decision holds is before the first; facts: score_first, score_month."""

    code = "score_decision_months_reversed"


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

    The first one holds for every month that is not frozen, unless it says for which. A changed one is a new version and
    holds from a month on; it may be no other answer for a month of which a ranking was drafted, or, where no mark hangs
    on it, whose circular is out. An answer that the rules of such a month do not offer is none for it.
    Records ScoringDecided, and ScoringSuppliersNamed where others hand in something by it.
    Raises NotYourTask, NotFound, InvalidDecision, NumberOutside, NumberNotWhole, DecidedBackwards, DecidedInFuture,
    DecidedBeforeDocument, DecidedMeanwhile, MonthUnreadable, MonthDecidedAlready.
    """
    require_role(actor, Role.SUPERVISOR, Role.SYSTEM, act="score_decide")
    found = newest_scheme(session, ruling.scheme)
    if found is None:
        raise NotFound()
    session.scalars(select(ScoreSchemeRow).where(col(ScoreSchemeRow.id) == found.id).with_for_update()).one()
    asked_in = ruling.first_month.strip() or ruling.month
    month = str(read_month(asked_in)) if asked_in else ""
    scheme = scheme_in(session, ruling.scheme, month, read=read)
    check_decided_on(ruling.decided_on, scheme, today=local_day(at))
    every = decisions_with_terms(session, ruling.scheme)
    known = [(term, one) for term, one in every if one.question == ruling.question]
    if len(known) != ruling.seen:
        titles = {one.code: one.title for one in scheme.questions}
        raise DecidedMeanwhile(question=titles.get(ruling.question, ruling.question))
    decision = _decision(ruling, version=len(known) + 1)
    check_decision(scheme, decision)
    check_bounds(scheme, decision)
    term = _term(ruling, changed=bool(known))
    leave_drafted(session, scheme, [*known, (term, decision)], read=read)
    leave_meetings(session, scheme.code, [*every, (term, decision)], read=read)
    version = _keep(session, ruling, decision, term=term, actor=actor, at=at)
    tell_suppliers(session, ruling.scheme, [*known, (term, decision)], read=read, actor=actor, at=at)
    return version


def _term(ruling: Ruling, *, changed: bool) -> Term:
    """Return for which months a decision holds; a `changed` one says from when. Raises MonthUnreadable,
    DecidedBackwards.
    """
    first = str(read_month(ruling.first_month)) if changed or ruling.first_month.strip() else ""
    last = str(read_month(ruling.last_month)) if ruling.last_month.strip() else ""
    if last and last < first:
        raise DecidedBackwards(score_first=first, score_month=last)
    return Term(first, last)


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
