"""Months of evaluation 「月度考评」: the list, a month's page with what is to be done next, the office's acts on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.calendar import full_date, local_day
from tracker.domain.scoring.aside import LeftAside
from tracker.domain.scoring.months import read_month
from tracker.gateways.schemes import read_scheme
from tracker.store.queries.scoring import entry_of, month_lines, objection_rows
from tracker.store.queries.scoring_rules import has_newer_rules, newest_schemes
from tracker.store.tables.scoring import ScoreInputRow, ScoreMonthRow
from tracker.usecases.presuming_none import presume_none
from tracker.usecases.renewing_rules import renew_rules
from tracker.usecases.scoring_months import collect_again, draft_ranking, freeze_month, open_check, open_month
from tracker.web.access import EVERYBODY, actor, allow, services
from tracker.web.forms import Day, Form, Reason, Version, Words, read_form
from tracker.web.scoring_corrected import corrected_lines
from tracker.web.scoring_objections import objections_read, owed_by_viewer
from tracker.web.scoring_progress import (
    circular_due,
    contradictions,
    days_left,
    may_freeze,
    may_keep_correction,
    progress_of,
    todo_of,
)
from tracker.web.scoring_records import Beside, aside_records, beside_records
from tracker.web.scoring_since import since_kept
from tracker.web.scoring_views import MonthSeen, is_office, month_seen, oversees, require_part, seen_of
from tracker.wording.score_rows import presumed_words
from tracker.wording.scoring_months import MONTH_STATES, month_words

pages = Blueprint("scoring", __name__)
VIEWERS = EVERYBODY - {Role.READER}


class MonthForm(Form):
    scheme: Words = Field(title="考评办法")
    month: Words = Field(title="月份")
    inputs_by: Day = Field(title="数据报送期限")


class SilentForm(Form):
    reason: Reason = Field(title="按没有计的理由")


class FreezeForm(Form):
    """What is left aside of the records of projects when a result is kept; nothing where the marks count all."""

    uncounted: Version = Field(title="与得分不一致的处数", default=0)
    reason: Words = Field(title="不再更正的理由", default="")
    records: Words = Field(title="与得分不一致的各处", default="")

    @property
    def aside(self) -> LeftAside:
        return LeftAside(self.uncounted, self.reason, self.records)


@dataclass(frozen=True, slots=True)
class ListedMonth:
    """A month in the list; `todo` is what the viewer has to do next, or what the month waits for."""

    id: int
    name: str
    state: str
    document: str
    inputs_by: date
    check_until: date | None
    todo: str
    is_own: bool


@pages.get("/evaluation")
@allow(*VIEWERS)
def index() -> ResponseReturnValue:
    with services().database.reading() as session:
        require_part(session)
        schemes = newest_schemes(session) if is_office() else []
        months = [_listed(session, line.id, document=line.document) for line in month_lines(session)]
        return render_template(
            "web/scoring/index.html",
            months=[one for one in months if one is not None],
            schemes=schemes,
            today=local_day(services().clock.now()),
        )


def _listed(session: Session, month_id: int, *, document: str) -> ListedMonth | None:
    seen = seen_of(session, session.get_one(ScoreMonthRow, month_id))
    if not seen.party and not oversees():
        return None
    todo, is_own = todo_of(session, seen)
    row = seen.row
    return ListedMonth(seen.id, seen.name, seen.state_name, document, row.inputs_by, row.check_until, todo, is_own)


@pages.post("/evaluation")
@allow(Role.SUPERVISOR)
def begin() -> ResponseReturnValue:
    form = read_form(MonthForm)
    with services().database.transaction() as session:
        month_id = open_month(
            session,
            scheme=form.scheme,
            month=form.month,
            inputs_by=form.inputs_by,
            read=read_scheme,
            actor=actor(),
            at=services().clock.now(),
        )
    flash(f"{month_words(str(read_month(form.month)))}考评已经开始，报送单位会收到消息。")
    return redirect(url_for("scoring.show", month_id=month_id), 303)


@pages.get("/evaluation/<int:month_id>")
@allow(*VIEWERS)
def show(month_id: int) -> ResponseReturnValue:
    with services().database.reading() as session:
        seen = month_seen(session, month_id)
        beside = beside_records(session, seen) if is_office() else Beside()
        todo, is_own = todo_of(session, seen, beside)
        progress = progress_of(session, seen) if oversees() else None
        since = since_kept(session, seen.row) if oversees() else None
        return render_template(
            "web/scoring/month.html",
            seen=seen,
            todo=todo,
            is_own=is_own,
            progress=progress,
            beside=beside,
            has_newer_rules=is_office() and has_newer_rules(session, seen.row),
            aside=aside_records(session, seen),
            since=since,
            corrected=corrected_lines(session, seen, of=[one.unit for one in seen.scheme.objects]),
            may_freeze=progress is not None and may_freeze(seen, progress),
            may_keep=progress is not None and may_keep_correction(seen, progress),
            suppliers=seen.suppliers if oversees() else seen.own_suppliers,
            reported=_reported(seen),
            days_left=days_left(seen),
            circular_due=circular_due(session, seen) if oversees() else None,
            today=local_day(services().clock.now()),
            objections=objections_read(session, seen),
            to_correct=owed_by_viewer(session, seen),
            contradictions=[one for one in contradictions(seen) if oversees() or one[1] in seen.party.supplies],
            presumed=presumed_words(seen.scheme, seen.presumed, whose=seen.whose, units=seen.names),
            states=MONTH_STATES,
        )


@pages.post("/evaluation/<int:month_id>/draft")
@allow(Role.SUPERVISOR)
def draft(month_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        draft_ranking(session, month_id, read=read_scheme, actor=actor(), at=services().clock.now())
    flash("排名初稿已经形成，核对无误后送各考评对象核对。")
    return redirect(url_for("scoring_results.ranking", month_id=month_id), 303)


@pages.post("/evaluation/<int:month_id>/rules")
@allow(Role.SUPERVISOR)
def renew(month_id: int) -> ResponseReturnValue:
    """Let a month that is being collected go on by the newest rules."""
    with services().database.transaction() as session:
        renew_rules(session, month_id, read=read_scheme, actor=actor(), at=services().clock.now())
    flash("本月考评已经改用新版规则，报送单位会收到消息。")
    return redirect(url_for("scoring.show", month_id=month_id), 303)


@pages.post("/evaluation/<int:month_id>/silent")
@allow(Role.SUPERVISOR)
def presume(month_id: int) -> ResponseReturnValue:
    """Let what nobody reported count as not having happened, with the office's reason."""
    form = read_form(SilentForm)
    with services().database.transaction() as session:
        now = services().clock.now()
        kinds = presume_none(session, month_id, reason=form.reason, read=read_scheme, actor=actor(), at=now)
    flash(f"{len(kinds)}类事项按没有计，理由随通报印出；报送单位仍可填报。")
    return redirect(url_for("scoring.show", month_id=month_id), 303)


@pages.post("/evaluation/<int:month_id>/collect")
@allow(Role.SUPERVISOR)
def collect(month_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        collect_again(session, month_id, actor=actor(), at=services().clock.now())
    flash("已退回收集数据。")
    return redirect(url_for("scoring.show", month_id=month_id), 303)


@pages.post("/evaluation/<int:month_id>/check")
@allow(Role.SUPERVISOR)
def check(month_id: int) -> ResponseReturnValue:
    with services().database.transaction() as session:
        until = open_check(
            session,
            month_id,
            read=read_scheme,
            calendar=services().calendar,
            workdays=services().policy.score_check_workdays,
            actor=actor(),
            at=services().clock.now(),
        )
    flash(f"已送各考评对象核对，异议提至{full_date(until)}（含）。")
    return redirect(url_for("scoring.show", month_id=month_id), 303)


@pages.get("/evaluation/<int:month_id>/freeze")
@allow(Role.SUPERVISOR)
def confirm(month_id: int) -> ResponseReturnValue:
    """Say what freezing would keep; looking changes nothing."""
    with services().database.reading() as session:
        seen = month_seen(session, month_id)
        progress = progress_of(session, seen)
        return render_template(
            "web/scoring/freeze.html",
            seen=seen,
            progress=progress,
            beside=beside_records(session, seen),
            over=days_left(seen) is None,
            may_freeze=may_freeze(seen, progress),
            answered=len(objection_rows(session, month_id)),
        )


@pages.post("/evaluation/<int:month_id>/freeze")
@allow(Role.SUPERVISOR)
def freeze(month_id: int) -> ResponseReturnValue:
    form = read_form(FreezeForm)
    with services().database.transaction() as session:
        freeze_month(
            session,
            month_id,
            read=read_scheme,
            lists=services().project_lists,
            aside=form.aside,
            actor=actor(),
            at=services().clock.now(),
        )
    flash("考评结果已经冻结，数据、决定和得分不再变动。")
    return redirect(url_for("scoring.show", month_id=month_id), 303)


def _reported(seen: MonthSeen) -> Mapping[frozenset[str], ScoreInputRow]:
    """Return what was handed in last of each supplier's."""
    found: dict[frozenset[str], ScoreInputRow] = {}
    for row in seen.rows:
        what = entry_of(row).what
        if oversees() or what in seen.party.supplies:
            found[seen.whose[what]] = row
    return found
