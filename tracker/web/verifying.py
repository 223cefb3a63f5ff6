"""What members filed lies before their task's lead 「成员报送核实」; the office accepts at once what was found true."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.domain.claims import Claim, lower_claims
from tracker.domain.filings import ReportKind
from tracker.domain.terms import Terms
from tracker.domain.verifying import LeadOpinion, LeadWord, OpinionMissing
from tracker.store.queries.filings import FilingView
from tracker.store.queries.lead_words import ConfirmedByLead, confirmed_by_leads
from tracker.store.queries.outages import terms
from tracker.store.queries.units import units_acted_for
from tracker.store.queries.verifying import MemberReport, count_before_leads, lies_before, reports_before_leads
from tracker.usecases.accepting import accept_confirmed
from tracker.usecases.verifying import confirm_reports, verify_report
from tracker.web.access import UNITS, actor, allow, services
from tracker.web.forms import Form, Ids, Words, one_or_none_of, read_form
from tracker.wording.work import CLAIM_NAMES

pages = Blueprint("verifying", __name__)


class LeadWordForm(Form):
    opinion: Annotated[LeadOpinion | None, one_or_none_of(LeadOpinion)] = Field(title="核实意见")
    claim: Annotated[Claim | None, one_or_none_of(Claim)] = Field(title="建议调整为")
    reason: Words = Field(title="说明")


class ReportsForm(Form):
    report: Ids = Field(title="勾选的行")


@dataclass(frozen=True, slots=True)
class VerifyingLine:
    """A member's report with the last day, inclusive, to verify it, and what it may be advised to be lowered to."""

    member: MemberReport
    until: date
    lower: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LeadMark:
    """Before whom a report lies that the office reviews; `over` where the days of the lead are past."""

    leads: tuple[str, ...]
    since: datetime
    until: date
    over: bool


@pages.app_context_processor
def _offer() -> dict[str, object]:
    """Give pages that lead here, or include the office's part, what they show."""
    return {"rows_to_verify": _rows_to_verify, "confirmed_rows": _confirmed_rows}


@pages.get("/verifying")
@allow(*UNITS)
def show() -> ResponseReturnValue:
    """List what members filed and the viewer's unit may verify as the lead, by task and member."""
    found = lines_to_verify()
    tasks: dict[int | None, list[VerifyingLine]] = {}
    for line in found:
        tasks.setdefault(line.member.report.task_id, []).append(line)
    return render_template(
        "web/verifying/list.html",
        tasks=list(tasks.values()),
        count=len(found),
        workdays=services().policy.lead_verifies_workdays,
    )


def lines_to_verify() -> list[VerifyingLine]:
    """Return what members filed and the viewer's units may verify as leads."""
    with services().database.reading() as session:
        mine = units_acted_for(session, actor().unit_id)
        counted = terms(session, by=services().reckoning)
        return [
            _line(member, counted)
            for member in reports_before_leads(session, unit_ids=mine, filed_since=_since(counted))
        ]


@pages.post("/verifying/reports/<int:report_id>")
@allow(*UNITS)
def decide(report_id: int) -> ResponseReturnValue:
    """Give the lead's word on one report."""
    form = read_form(LeadWordForm)
    if form.opinion is None:
        raise OpinionMissing()
    word = LeadWord(form.opinion, form.claim, form.reason)
    with services().database.transaction() as session:
        verify_report(
            session,
            report_id=report_id,
            word=word,
            actor=actor(),
            at=services().clock.now(),
            by=services().reckoning,
        )
    flash("核实意见已送督查室和成员单位。")
    return redirect(url_for("verifying.show"), 303)


@pages.post("/verifying/confirm")
@allow(*UNITS)
def confirm() -> ResponseReturnValue:
    """Find all ticked reports true."""
    ids = read_form(ReportsForm).report
    if not ids:
        flash("没有勾选任何行。")
        return redirect(url_for("verifying.show"), 303)
    with services().database.transaction() as session:
        done = confirm_reports(
            session, report_ids=ids, actor=actor(), at=services().clock.now(), by=services().reckoning
        )
    left = f"，另有{len(ids) - done}行已由他人核实或者督查室审核" if done < len(ids) else ""
    flash(f"已核实属实{done}行{left}。")
    return redirect(url_for("verifying.show"), 303)


@pages.post("/review/confirmed")
@allow(Role.SUPERVISOR)
def accept() -> ResponseReturnValue:
    """Accept what a lead found true, as far as it is shown and not in the sample 「按牵头意见通过」."""
    ids = read_form(ReportsForm).report
    with services().database.transaction() as session:
        count = accept_confirmed(session, report_ids=ids, actor=actor(), at=services().clock.now())
    flash(f"按牵头意见通过{count}行。")
    return redirect(url_for("review.queue", _anchor="confirmed"), 303)


def lead_marks(session: Session, filings: Sequence[FilingView], *, counted: Terms) -> dict[int, LeadMark]:
    """Return before whom those reports of envelopes lie that no lead has verified, by report."""
    filed = {report.report_id: filing.filed_at or filing.written_at for filing in filings for report in filing.reports}
    before, today = lies_before(session, filed.keys()), local_day(services().clock.now())
    found = {}
    for id_, leads in before.items():
        until = _until(filed[id_], counted)
        found[id_] = LeadMark(tuple(leads.values()), filed[id_], until, today > until)
    return found


def _line(member: MemberReport, counted: Terms) -> VerifyingLine:
    report = member.report
    lower: tuple[Claim, ...] = ()
    if report.claim:
        final = report.kind == ReportKind.COMPLETION.value
        lower = lower_claims(Claim(report.claim), scheduled=report.scheduled, final=final)
    return VerifyingLine(
        member, _until(member.filed_at, counted), tuple((claim.value, CLAIM_NAMES[claim]) for claim in lower)
    )


def _until(filed_at: datetime, counted: Terms) -> date:
    return counted.last_day(local_day(filed_at), workdays=services().policy.lead_verifies_workdays)


def _since(counted: Terms) -> datetime:
    return counted.open_since(local_day(services().clock.now()), workdays=services().policy.lead_verifies_workdays)


def _rows_to_verify() -> int:
    with services().database.reading() as session:
        mine = units_acted_for(session, actor().unit_id)
        return sum(
            count_before_leads(
                session, unit_ids=mine, filed_since=_since(terms(session, by=services().reckoning))
            ).values()
        )


def _confirmed_rows() -> list[ConfirmedByLead]:
    with services().database.reading() as session:
        return confirmed_by_leads(session)
