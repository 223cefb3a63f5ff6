"""A task's lead verifies what members filed, before the office decides 「牵头单位核实」: one word a report."""

import secrets
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.calendar import local_day
from tracker.domain.claims import Claim
from tracker.domain.errors import NotFound
from tracker.domain.events.reports import ReportLeadVerified
from tracker.domain.filings import ReportKind
from tracker.domain.items import AssignmentRole
from tracker.domain.verifying import (
    LeadOpinion,
    LeadWord,
    NothingToVerify,
    VerifiedAlready,
    VerifyingTooLate,
    check_word,
    draw,
)
from tracker.domain.windows import Reckoning
from tracker.steps.locking import lock_work
from tracker.store import event_log
from tracker.store.queries.lead_words import lead_words
from tracker.store.queries.leads import leads_of
from tracker.store.queries.outages import terms
from tracker.store.queries.shares import facts_of_shares
from tracker.store.queries.units import units_acted_for
from tracker.store.queries.verifying import first_found_true, form_of, lies_before
from tracker.store.tables.filings import LeadVerificationRow, ReportRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UnitRow

_SEED_BYTES = 16


def verify_report(
    session: Session,
    *,
    report_id: int,
    word: LeadWord,
    actor: Actor,
    at: datetime,
    by: Reckoning,
    seed: str | None = None,
) -> None:
    """Give a lead's word on a member's report, once and in time; it decides nothing and no moment moves.

    `seed` is for what is played and is to go the same way again: else one is made that nobody can foresee.

    Records ReportLeadVerified. Raises NotYourTask, NotFound, NothingToVerify, VerifiedAlready, VerifyingTooLate, and
    what `check_word` raises.
    """
    heard = [_heard(session, report_id, word, actor=actor, at=at, by=by)]
    _keep(session, heard, actor=actor, at=at, by=by, seed=seed)


def confirm_reports(session: Session, *, report_ids: Collection[int], actor: Actor, at: datetime, by: Reckoning) -> int:
    """Find several reports of members true 「属实」 and return how many; what waits no more is left out.

    Records ReportLeadVerified for each. Raises NotYourTask, NotFound, and where none of them waits what the first
    of them raises.
    """
    shares = session.scalars(select(col(ReportRow.assignment_id)).where(col(ReportRow.id).in_(report_ids))).all()
    lock_work(session, shares)
    heard, refused = [], None
    for report_id in sorted(set(report_ids)):
        try:
            heard.append(_heard(session, report_id, LeadWord(LeadOpinion.STANDS), actor=actor, at=at, by=by))
        except (NothingToVerify, VerifiedAlready, VerifyingTooLate) as error:
            refused = refused or error
    if not heard:
        raise refused or NothingToVerify()
    _keep(session, heard, actor=actor, at=at, by=by)
    return len(heard)


@dataclass(frozen=True, slots=True)
class _Heard:
    """A lead's word that may be kept."""

    report: ReportRow
    share: AssignmentRow
    lead_id: int
    word: LeadWord


@dataclass(frozen=True, slots=True)
class _Draw:
    """What was drawn of the reports that a lead found true of one form in one act."""

    drawn: frozenset[int]
    seed: str
    first: bool


_NO_DRAW = _Draw(frozenset(), "", False)


def _heard(session: Session, report_id: int, word: LeadWord, *, actor: Actor, at: datetime, by: Reckoning) -> _Heard:
    report, share, lead_id = _before_actor(session, report_id=report_id, actor=actor)
    _check_time(session, report, at=at, by=by)
    scheduled = facts_of_shares(session, [share.id or 0])[share.id or 0].scheduled
    own, final = Claim(report.claim) if report.claim else None, report.kind == ReportKind.COMPLETION.value
    return _Heard(report, share, lead_id, check_word(word, own=own, scheduled=scheduled, final=final))


def _keep(
    session: Session,
    heard: Sequence[_Heard],
    *,
    actor: Actor,
    at: datetime,
    by: Reckoning,
    seed: str | None = None,
) -> None:
    drawn_with = secrets.token_hex(_SEED_BYTES) if seed is None else seed
    draws = _draws(session, heard, one_in=by.policy.sample_one_in, seed=drawn_with)
    for one in heard:
        report_id, word = one.report.id or 0, one.word
        draw_of = draws.get(report_id, _NO_DRAW)
        row = LeadVerificationRow(
            report_id=report_id,
            lead_unit_id=one.lead_id,
            opinion=word.opinion.value,
            claim=word.claim.value if word.claim else None,
            reason=word.reason or None,
            sampled=report_id in draw_of.drawn,
            given_by=actor.name,
            given_at=at,
        )
        session.add(row)
        session.flush()
        event_log.record(session, _event(session, row, one, draw_of), actor=actor, at=at)


def _draws(session: Session, heard: Sequence[_Heard], *, one_in: int, seed: str) -> dict[int, _Draw]:
    """Draw the sample of what was found true in one act, of each lead and form by itself; by report."""
    forms = defaultdict(list)
    for one in heard:
        if one.word.opinion is LeadOpinion.STANDS:
            forms[one.lead_id, form_of(session, one.report.id or 0)].append(one.report.id or 0)
    found: dict[int, _Draw] = {}
    for (lead_id, form), ids in forms.items():
        first = first_found_true(session, form, lead_unit_id=lead_id)
        found |= dict.fromkeys(ids, _Draw(draw(ids, one_in=one_in, first=first, seed=seed), seed, first))
    return found


def _event(session: Session, row: LeadVerificationRow, one: _Heard, draw_of: _Draw) -> ReportLeadVerified:
    return ReportLeadVerified(
        task_id=one.share.task_id,
        unit_id=one.share.unit_id,
        report_id=row.report_id,
        lead_unit_id=row.lead_unit_id,
        lead_name=session.get_one(UnitRow, row.lead_unit_id).short_name,
        opinion=row.opinion,
        claim=row.claim,
        own_claim=one.report.claim,
        reason=row.reason or "",
        sampled=row.sampled,
        draw_seed=draw_of.seed,
        draw_first=draw_of.first,
    )


def _before_actor(session: Session, *, report_id: int, actor: Actor) -> tuple[ReportRow, AssignmentRow, int]:
    """Return a report that lies before a lead the actor acts for, locked, with its share and that lead's unit."""
    require_role(actor, Role.LIAISON, Role.UNIT_HEAD, act="verify")
    share_id = session.scalars(select(col(ReportRow.assignment_id)).where(col(ReportRow.id) == report_id)).first()
    if share_id is None:
        raise NotFound()
    lock_work(session, [share_id])
    locked = select(ReportRow).where(col(ReportRow.id) == report_id).with_for_update()
    report = session.scalars(locked.execution_options(populate_existing=True)).one()
    share = session.get_one(AssignmentRow, share_id)
    own = units_acted_for(session, actor.unit_id)
    if not leads_of(session, share.task_id) & own or share.role == AssignmentRole.LEAD.value:
        raise NotFound()
    if said := lead_words(session, [report_id]).get(report_id):
        raise VerifiedAlready(lead=said.lead_name)
    before = lies_before(session, [report_id]).get(report_id, {})
    mine = [unit_id for unit_id in before if unit_id in own]
    if not mine:
        raise NothingToVerify()
    return report, share, mine[0]


def _check_time(session: Session, report: ReportRow, *, at: datetime, by: Reckoning) -> None:
    assert report.filed_at is not None  # only what was filed lies before a lead
    until = terms(session, by=by).last_day(local_day(report.filed_at), workdays=by.policy.lead_verifies_workdays)
    if local_day(at) > until:
        raise VerifyingTooLate(until=until)
