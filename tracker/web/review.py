"""The office reviews by row: envelopes with all they carry, and requests of units."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.claims import Claim
from tracker.domain.deadlines import due_day
from tracker.domain.errors import BadInput
from tracker.domain.filings import NotUnderReview, Outcome, RequestKind, ReturnReason
from tracker.domain.precedents import Precedent
from tracker.domain.verdicts import Verdict
from tracker.store.queries.editions_under_way import waiting_for
from tracker.store.queries.filings import filings_under_review, review_backlog
from tracker.store.queries.outages import terms
from tracker.store.queries.overtaking import on_reports
from tracker.store.queries.precedents import precedents_of
from tracker.store.queries.requests import WaitingRequest, pending_requests, request_backlog
from tracker.store.queries.review_walk import last_of_envelope
from tracker.usecases.accepting import accept_filing, accept_report
from tracker.usecases.requesting import grant_extension, refuse_request
from tracker.usecases.returning import return_report, return_untrue_report
from tracker.web.access import actor, allow, services
from tracker.web.clocks import OfficeClock, day_off_words, office_clock
from tracker.web.forms import Form, OptionalDay, Reason, Words, one_or_none_of, read_form
from tracker.web.paging import paging
from tracker.web.review_cards import filed_before, review_cards
from tracker.web.review_rows import WayOn, way_back, way_on, way_past
from tracker.web.seen import check_seen, note_seen
from tracker.wording.moments import far_words
from tracker.wording.work import CLAIM_NAMES

pages = Blueprint("review", __name__)


class VerdictForm(Form):
    claim: Annotated[Claim | None, one_or_none_of(Claim)] = Field(title="核定结果")
    reason: Words = Field(title="调低的理由")
    outcome: Annotated[Outcome | None, one_or_none_of(Outcome)] = Field(title="办结结果")
    let_pass: Words = Field(title="放行理由")


class ReturnForm(Form):
    reason_class: Annotated[ReturnReason | None, one_or_none_of(ReturnReason)] = Field(title="退回的类别")
    reason: Reason = Field(title="退回理由")


class GrantForm(Form):
    new_due_on: OptionalDay = Field(title="新时限")
    reason: str = Field(default="", title="理由")


class RefusalForm(Form):
    reason: Reason = Field(title="理由")


@pages.app_context_processor
def _offer() -> dict[str, object]:
    """Give pages that include what waits for an answer the office's clock of it, and how the like was decided."""
    return {"request_clock": _request_clock, "precedents_of": _precedents_of}


_PAGE = 20
# Under which head of the queue requests of a kind stand.
_HEADS: Mapping[str, str] = {
    RequestKind.EXTENSION: "h-ext",
    RequestKind.DISPUTE: "h-disputes",
    RequestKind.OBJECTION: "h-objections",
}
_MOST_PRINTED = 200  # forms, each with all its rows


class NoReturnReason(BadInput):
    """A return names none of the classes of reasons."""

    code = "no_return_reason"


@dataclass(frozen=True, slots=True)
class RequestCard:
    """A request that waits; `day_off` is what is to be known of the day that it asks for, where that is a day off.

    `far` says why it is a late one.
    """

    request: WaitingRequest
    clock: OfficeClock
    day_off: str
    far: str
    precedents: Sequence[Precedent]


@pages.get("/review")
@allow(Role.SUPERVISOR)
def queue() -> ResponseReturnValue:
    """Show what waits for the office; `?late=1` only what is past the office's own clock."""
    late = request.args.get("late") == "1"
    before = filed_before(late=late)
    with services().database.reading() as session:
        note_seen(session)
        backlog = review_backlog(session)
        shown = review_backlog(session, filed_before=before)
        part = paging(shown.envelopes, size=_PAGE, most=_MOST_PRINTED)
        filings = filings_under_review(session, limit=part.length, offset=part.first, filed_before=before)
        counted = terms(session, by=services().reckoning)
        cards = review_cards(session, filings, counted)
        requests = _request_cards(session, pending_requests(session, limit=_PAGE))
        asked = request_backlog(session)
    return render_template(
        "web/review/queue.html",
        cards=cards,
        backlog=backlog,
        shown=shown,
        late=late,
        requests=requests,
        requests_in_all=asked.office + asked.leader,
        reasons=list(ReturnReason),
        review_workdays=services().policy.review_workdays,
        extension_workdays=services().policy.extension_workdays,
        correction_workdays=services().policy.correction_workdays,
        paging=part,
    )


@pages.get("/review/leader")
@allow(Role.LEADER)
def leader() -> ResponseReturnValue:
    """Show the leader the papers and requests that are his to decide."""
    with services().database.reading() as session:
        editions = waiting_for(session, actor()).to_approve
        requests = _request_cards(session, pending_requests(session, by_leader=True))
    return render_template("web/review/leader.html", editions=editions, requests=requests)


@pages.post("/reports/<int:report_id>/accept")
@allow(Role.SUPERVISOR)
def accept(report_id: int) -> ResponseReturnValue:
    form, back = read_form(VerdictForm), read_form(WayOn)
    verdict = Verdict(claim=form.claim, reason=form.reason, outcome=form.outcome, let_pass=form.let_pass)
    try:
        with services().database.transaction() as session:
            accept_report(session, report_id=report_id, actor=actor(), at=services().clock.now(), verdict=verdict)
            check_seen(session, on_reports([report_id]))
    except NotUnderReview:
        # What somebody wrote is shown beside what the other decided, not dropped.
        if not back.walks or form.reason or form.let_pass:
            raise
        return way_past(back, report_id)
    flash(f"已核定为“{CLAIM_NAMES[verdict.claim]}”，自报和核定都已留存。" if verdict.claim else "审核通过。")
    return way_on(back, report_id)


@pages.post("/filings/<int:filing_id>/accept")
@allow(Role.SUPERVISOR)
def accept_all(filing_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        count = accept_filing(session, filing_id=filing_id, actor=actor(), at=services().clock.now())
        last = last_of_envelope(session, filing_id)
    flash(f"已通过{count}行。")
    return way_back(read_form(WayOn), last)


@pages.post("/reports/<int:report_id>/return")
@allow(Role.SUPERVISOR)
def give_back(report_id: int) -> ResponseReturnValue:
    form = read_form(ReturnForm)
    if form.reason_class is None:
        raise NoReturnReason()
    with services().database.transaction() as session:
        return_report(
            session,
            report_id=report_id,
            reason=form.reason,
            reason_class=form.reason_class,
            actor=actor(),
            at=services().clock.now(),
            by=services().reckoning,
        )
        check_seen(session, on_reports([report_id]))
    flash("本行已退回，理由已送单位，其他行不受影响。")
    return way_on(read_form(WayOn), report_id)


@pages.post("/reports/<int:report_id>/untrue")
@allow(Role.SUPERVISOR)
def find_untrue(report_id: int) -> ResponseReturnValue:
    """Return what was accepted and is found untrue afterwards."""
    form = read_form(RefusalForm)
    with services().database.transaction() as session:
        task_id = return_untrue_report(
            session,
            report_id=report_id,
            reason=form.reason,
            actor=actor(),
            at=services().clock.now(),
            by=services().reckoning,
        )
    flash("已按弄虚作假退回，理由已送单位。")
    return redirect(url_for("tasks.show", task_id=task_id), 303)


@pages.post("/requests/<int:request_id>/grant")
@allow(Role.SUPERVISOR, Role.LEADER)
def grant(request_id: int) -> ResponseReturnValue:
    """Grant an extension, as asked or to another day."""
    form = read_form(GrantForm)
    with services().database.transaction() as session:
        grant_extension(
            session,
            request_id=request_id,
            actor=actor(),
            at=services().clock.now(),
            by=services().reckoning,
            new_due_on=form.new_due_on,
            reason=form.reason,
        )
    flash(f"已同意延期，其他期次的时限不变。{day_off_words(form.new_due_on, services=services())}")
    return _to_the_requests(RequestKind.EXTENSION)


@pages.post("/requests/<int:request_id>/refuse")
@allow(Role.SUPERVISOR, Role.LEADER)
def refuse(request_id: int) -> ResponseReturnValue:
    """Refuse an extension, or uphold a disputed share or a lowered claim."""
    form = read_form(RefusalForm)
    with services().database.transaction() as session:
        kinds = {one.request_id: one.kind for one in pending_requests(session)}
        refuse_request(
            session,
            request_id=request_id,
            reason=form.reason,
            actor=actor(),
            at=services().clock.now(),
            by=services().reckoning,
        )
    flash("已答复单位。")
    return _to_the_requests(kinds.get(request_id, ""))


def _request_cards(session: Session, waiting: Sequence[WaitingRequest]) -> list[RequestCard]:
    before = precedents_of(session, [row.request_id for row in waiting])
    cards = []
    for row in waiting:
        old_on, new_on = (due_day(at) if at else None for at in (row.old_due_at, row.new_due_at))
        day_off = day_off_words(new_on, services=services())
        far = far_words(new_on, old_on=old_on, deadline_on=row.deadline_on, ends_on=row.ends_on)
        cards.append(RequestCard(row, _request_clock(row.asked_at), day_off, far, before[row.request_id]))
    return cards


def _precedents_of(request_ids: Collection[int]) -> Mapping[int, Sequence[Precedent]]:
    if actor().role not in (Role.SUPERVISOR, Role.LEADER):
        return {}
    with services().database.reading() as session:
        return precedents_of(session, request_ids)


def _request_clock(asked_at: datetime) -> OfficeClock:
    return office_clock(
        asked_at, workdays=services().policy.extension_workdays, now=services().clock.now(), services=services()
    )


def _to_the_requests(kind: str) -> ResponseReturnValue:
    """Lead back to where requests of a kind stand."""
    if actor().role is Role.LEADER:
        return redirect(url_for("review.leader"), 303)
    return redirect(url_for("review.queue", _anchor=_HEADS.get(kind)), 303)
