"""A draft is sent for approval 「送批」, approved 「签批」 by another person, or given back."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.circulars.content import Content
from tracker.domain.circulars.differences import Difference
from tracker.domain.circulars.editions import EditionAction
from tracker.domain.filings import check_reason
from tracker.steps.co_issuers import check_countersigned
from tracker.steps.editions import advance, check_approver, refuse_outdated_names
from tracker.steps.going_out import check_goes_out
from tracker.store.queries.circulars import find_edition
from tracker.store.queries.overtaken_blame import FactsNow
from tracker.store.queries.typed_judgements import Judgements


def submit_circular(
    session: Session,
    *,
    circular_id: int,
    version: int,
    content: Content | None,
    actor: Actor,
    at: datetime,
    facts_now: FactsNow | None = None,
    typed: Judgements | None = None,
    corrects: Sequence[Difference] | None = None,
) -> None:
    """Send a draft for approval 「送批」; `content` is what it was made of, where that is kept.

    `facts_now` is what it would be made of now, wanted of a paper that criticises by name; `typed` whom its typed words
    judge, read before; `corrects` in what a correction differs from what it corrects.

    Raises NotFound, Stale, EditionRefused, NothingCorrected, CorrectionObjected, ObjectedSinceDrafted, OrderedDayPast,
    NamedByHand, NamingNotServed, NamingTooEarly, NamingObjected, at the transaction's end ExcusedSince,
    SpanToldOtherwise, NamesOutdated, BlameOvertaken.
    """
    require_role(actor, Role.SUPERVISOR, act="draft_circular")
    row = find_edition(session, circular_id=circular_id, version=version)
    check_goes_out(session, row, content, facts_now, at=at, typed=typed, corrects=corrects)
    row.sent_back_because = None
    advance(session, row, EditionAction.SUBMIT, "", actor=actor, at=at)
    refuse_outdated_names(session, row, content)


def approve_circular(
    session: Session,
    *,
    circular_id: int,
    version: int,
    basis: str,
    content: Content | None,
    actor: Actor,
    at: datetime,
    facts_now: FactsNow | None = None,
    typed: Judgements | None = None,
    corrects: Sequence[Difference] | None = None,
) -> None:
    """Approve a draft 「签批」; praise and criticism need the leader, everything a person other than the drafter.

    What a deputy drafts or approves is his and that of whom he acts for.

    Raises NotFound, Stale, EditionRefused, LeaderNeeded, OtherPersonNeeded, NothingCorrected, CorrectionObjected,
    ObjectedSinceDrafted,
    OrderedDayPast, NamedByHand, NamingNotServed, NamingTooEarly, NamingObjected, CoIssuerChanged, NotCountersigned,
    ReasonRequired, at the transaction's end ExcusedSince, SpanToldOtherwise, NamesOutdated, BlameOvertaken.
    """
    require_role(actor, Role.SUPERVISOR, Role.LEADER, act="approve_circular")
    row = find_edition(session, circular_id=circular_id, version=version)
    check_approver(row, actor)
    check_goes_out(session, row, content, facts_now, at=at, typed=typed, corrects=corrects)
    check_countersigned(session, row)
    row.approved_by, row.approved_at, row.approval_basis = actor.name, at, check_reason(basis)
    advance(session, row, EditionAction.APPROVE, basis, actor=actor, at=at)
    refuse_outdated_names(session, row, content)


def send_back_circular(
    session: Session, *, circular_id: int, version: int, reason: str, actor: Actor, at: datetime
) -> None:
    """Give a draft back to be changed. Raises NotFound, Stale, EditionRefused, ReasonRequired."""
    require_role(actor, Role.SUPERVISOR, Role.LEADER, act="approve_circular")
    row = find_edition(session, circular_id=circular_id, version=version)
    row.sent_back_because = check_reason(reason)
    row.approved_by = row.approved_at = row.approval_basis = None
    advance(session, row, EditionAction.SEND_BACK, reason, actor=actor, at=at)
