"""A task's lead verifies what members filed, before the office decides 「牵头单位核实」: one word a report."""

from collections.abc import Collection
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
    in_sample,
)
from tracker.domain.windows import Reckoning
from tracker.steps.locking import lock_work
from tracker.store import event_log
from tracker.store.queries.lead_words import lead_words
from tracker.store.queries.leads import leads_of
from tracker.store.queries.outages import terms
from tracker.store.queries.shares import facts_of_shares
from tracker.store.queries.units import units_acted_for
from tracker.store.queries.verifying import first_found_true, lies_before
from tracker.store.tables.filings import LeadVerificationRow, ReportRow
from tracker.store.tables.tasks import AssignmentRow
from tracker.store.tables.units import UnitRow


def verify_report(
    session: Session, *, report_id: int, word: LeadWord, actor: Actor, at: datetime, by: Reckoning
) -> None:
    """Give a lead's word on a member's report, once and in time; it decides nothing and no moment moves.

    Records ReportLeadVerified. Raises NotYourTask, NotFound, NothingToVerify, VerifiedAlready, VerifyingTooLate, and
    what `check_word` raises.
    """
    report, share, lead_id = _before_actor(session, report_id=report_id, actor=actor)
    _check_time(session, report, at=at, by=by)
    scheduled = facts_of_shares(session, [share.id or 0])[share.id or 0].scheduled
    own, final = Claim(report.claim) if report.claim else None, report.kind == ReportKind.COMPLETION.value
    kept = check_word(word, own=own, scheduled=scheduled, final=final)
    first = kept.opinion is LeadOpinion.STANDS and first_found_true(session, report_id=report_id, lead_unit_id=lead_id)
    row = LeadVerificationRow(
        report_id=report_id,
        lead_unit_id=lead_id,
        opinion=kept.opinion.value,
        claim=kept.claim.value if kept.claim else None,
        reason=kept.reason or None,
        sampled=kept.opinion is LeadOpinion.STANDS
        and in_sample(report_id, one_in=by.policy.sample_one_in, first=first),
        given_by=actor.name,
        given_at=at,
    )
    session.add(row)
    session.flush()
    event_log.record(session, _event(session, row, report, share), actor=actor, at=at)


def _event(session: Session, row: LeadVerificationRow, report: ReportRow, share: AssignmentRow) -> ReportLeadVerified:
    return ReportLeadVerified(
        task_id=share.task_id,
        unit_id=share.unit_id,
        report_id=row.report_id,
        lead_unit_id=row.lead_unit_id,
        lead_name=session.get_one(UnitRow, row.lead_unit_id).short_name,
        opinion=row.opinion,
        claim=row.claim,
        own_claim=report.claim,
        reason=row.reason or "",
        sampled=row.sampled,
    )


def confirm_reports(session: Session, *, report_ids: Collection[int], actor: Actor, at: datetime, by: Reckoning) -> int:
    """Find several reports of members true 「属实」 and return how many; what waits no more is left out.

    Records ReportLeadVerified for each. Raises NotYourTask, NotFound, and where none of them waits what the first
    of them raises.
    """
    shares = session.scalars(select(col(ReportRow.assignment_id)).where(col(ReportRow.id).in_(report_ids))).all()
    lock_work(session, shares)
    done, refused = 0, None
    for report_id in sorted(set(report_ids)):
        try:
            verify_report(session, report_id=report_id, word=LeadWord(LeadOpinion.STANDS), actor=actor, at=at, by=by)
            done += 1
        except (NothingToVerify, VerifiedAlready, VerifyingTooLate) as error:
            refused = refused or error
    if not done:
        raise refused or NothingToVerify()
    return done


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
