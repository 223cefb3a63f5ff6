"""A unit's answer to a lowered claim 「核定异议」 on its task's page, and the office's decision in the review queue."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import EveryUnit, Role
from tracker.domain.calendar import local_day
from tracker.domain.filings import RequestKind
from tracker.domain.petitions import Asked
from tracker.store.queries.belonging import check_report_of_task
from tracker.store.queries.objections import LoweredClaim, ObjectionLine, lowered_claims, pending_objections
from tracker.store.queries.outages import terms
from tracker.usecases.objecting import restore_claim
from tracker.usecases.petitioning import petition
from tracker.web.access import UNITS, acted_for, actor, allow, services
from tracker.web.forms import Form, Reason, read_form

pages = Blueprint("objections", __name__)


class ReasonForm(Form):
    reason: Reason = Field(title="理由")


@dataclass(frozen=True, slots=True)
class LoweredLine:
    """A lowered claim with the last day, inclusive, to answer it."""

    claim: LoweredClaim
    until: date


@pages.app_context_processor
def _offer() -> dict[str, object]:
    """Give pages that include these forms what they show."""
    return {"lowered_of": _lowered_of, "open_objections": _open_objections}


@pages.post("/tasks/<int:task_id>/reports/<int:report_id>/objection")
@allow(*UNITS)
def raise_objection(task_id: int, report_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        check_report_of_task(session, task_id, report_id=report_id)
        asked = Asked(RequestKind.OBJECTION, report_id, _reason())
        waits = petition(session, asked, actor=actor(), at=services().clock.now(), by=services().reckoning)
    flash("核定异议已送本单位负责人审签，审签后报出。" if waits else "核定异议已送督查室，答复前按核定计。")
    return redirect(url_for("tasks.show", task_id=task_id), 303)


@pages.post("/objections/<int:request_id>/restore")
@allow(Role.SUPERVISOR)
def restore(request_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        restore_claim(session, request_id=request_id, reason=_reason(), actor=actor(), at=services().clock.now())
    flash("已恢复自报，已通知该单位。")
    return redirect(url_for("review.queue", _anchor="h-objections"), 303)


def lowered_lines(
    session: Session, *, unit_ids: Collection[int], task_id: int | None = None
) -> tuple[LoweredLine, ...]:
    """Return what was lowered for units and may be answered today, or was answered and waits for a decision."""
    now, workdays = services().clock.now(), services().policy.objection_workdays
    counted = terms(session, by=services().reckoning)
    since = counted.open_since(local_day(now), workdays=workdays)
    lines = (
        LoweredLine(claim, counted.last_day(local_day(claim.decided_at), workdays=workdays))
        for claim in lowered_claims(session, unit_ids=unit_ids, decided_since=since, task_id=task_id)
    )
    return tuple(line for line in lines if line.claim.objected_at or line.until >= local_day(now))


def _lowered_of(task_id: int) -> tuple[LoweredLine, ...]:
    with services().database.reading() as session:
        own = acted_for(session)
        return () if isinstance(own, EveryUnit) else lowered_lines(session, unit_ids=own, task_id=task_id)


def _open_objections() -> tuple[ObjectionLine, ...]:
    with services().database.reading() as session:
        return pending_objections(session)


def _reason() -> str:
    return read_form(ReasonForm).reason
