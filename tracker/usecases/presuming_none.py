"""What nobody reported counts as not having happened 「按没有计」: the office's decision, with its reason."""

from datetime import datetime

from sqlmodel import Session

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.errors import Rejected
from tracker.domain.filings import ReasonRequired
from tracker.domain.scoring.entries import Entry, Evidence, ReadScheme, Sourced, What
from tracker.steps.scoring import keep_inputs, lock_month, require_open, scheme_of, silent_of


class NothingSilent(Rejected):
    """Of each kind something was reported, or that nothing happened; facts: score_month."""

    code = "score_nothing_silent"


def presume_none(
    session: Session, month_id: int, *, reason: str, read: ReadScheme, actor: Actor, at: datetime
) -> tuple[What, ...]:
    """Let all kinds of which nobody told anything count as not having happened; return them.

    Whoever supplies them may still report; what the month came to says so and why. Records ScoringInputsEntered.
    Raises NotFound, NotYourTask, ReasonRequired, InputsClosed, NothingSilent.
    """
    require_role(actor, Role.SUPERVISOR, Role.SYSTEM, act="score_month")
    if not reason.strip():
        raise ReasonRequired()
    month = lock_month(session, month_id)
    scheme = scheme_of(session, month, read)
    require_open(session, month)
    silent = silent_of(session, month, scheme)
    if not silent:
        raise NothingSilent(score_month=month.month)
    told = [(Sourced(Entry(kind=kind, code=code, object=""), Evidence("")), None) for kind, code in silent]
    keep_inputs(session, month, told, reason=reason.strip(), unit_id=None, void=True, actor=actor, at=at)
    return silent
