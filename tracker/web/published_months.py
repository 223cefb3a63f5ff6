"""Published months of an evaluation: their circulars, the meeting about them, the year, and their correction."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.domain.downloads import DOCX, Fetched
from tracker.domain.entered import FIRST_YEAR, LAST_YEAR
from tracker.domain.errors import NotFound
from tracker.domain.scoring.months import read_month
from tracker.domain.scoring.publishing import NoCorrection
from tracker.gateways.schemes import read_scheme
from tracker.rankings import as_word, meeting_told, meeting_waits, year_told
from tracker.store.queries.circulars import standing_ranking
from tracker.store.queries.published_months import published_months
from tracker.store.queries.scoring import corrections_of
from tracker.store.queries.scoring_rules import newest_scheme, newest_schemes, scheme_in
from tracker.store.tables.scoring import ScoreMonthRow
from tracker.usecases.correcting_months import drop_correction, freeze_correction, open_correction
from tracker.web.access import EVERYBODY, actor, allow, services
from tracker.web.downloads import send_made
from tracker.web.forms import Form, Reason, Version, read_form
from tracker.web.scoring import FreezeForm
from tracker.web.scoring_corrected import unkept_result
from tracker.web.scoring_progress import may_keep_correction, progress_of, todo_of
from tracker.web.scoring_records import Beside, beside_records
from tracker.web.scoring_views import month_seen, seen_of
from tracker.wording.score_several import Told
from tracker.wording.scoring_months import month_words

pages = Blueprint("published_months", __name__)


class CorrectionForm(Form):
    """Why a published month is corrected."""

    reason: Reason = Field(title="更正原因")


class CorrectedForm(FreezeForm):
    """`version` is the last input behind the corrected result that the page showed."""

    version: Version = Field(title="页面所列更正后的结果", default=0)


@pages.get("/published-months")
@allow(*EVERYBODY)
def index() -> ResponseReturnValue:
    """Show what was published of each scheme, its meetings and its years."""
    office = actor().role is Role.SUPERVISOR
    with services().database.reading() as session:
        schemes = [
            {
                "scheme": scheme,
                "years": sorted({row.month[:4] for row in rows}),
                "months": [_published(session, row, office=office) for row in reversed(rows)],
            }
            for one in newest_schemes(session)
            for rows in (published_months(session, one.code),)
            for scheme in (scheme_in(session, one.code, rows[-1].month if rows else "", read=read_scheme),)
        ]
        return render_template("web/published_months/index.html", schemes=schemes, office=office)


def _published(session: Session, row: ScoreMonthRow, *, office: bool) -> dict[str, object]:
    """Return a month as the page shows it; to the office with its correction and what that waits for."""
    seen = seen_of(session, row) if office else None
    opened = seen if seen is not None and seen.correction is not None else None
    beside = beside_records(session, opened) if opened else Beside()
    return {
        "waits": meeting_waits(session, row.scheme, read_month(row.month)),
        "row": row,
        "name": month_words(row.month),
        "paper": standing_ranking(session, month_id=row.id or 0, before=services().clock.now()),
        "last": next(reversed(corrections_of(session, row.id or 0)), None) if office else None,
        "beside": beside,
        "todo": todo_of(session, opened, beside)[0] if opened else "",
        "may_keep": opened is not None and may_keep_correction(opened, progress_of(session, opened)),
    }


@pages.get("/published-months/<code>/meeting/<month>")
@allow(*EVERYBODY)
def meeting(code: str, month: str) -> ResponseReturnValue:
    """Show the agenda of the meeting about the months that end with one, or send it as a Word file."""
    with services().database.reading() as session:
        if newest_scheme(session, code) is None:
            raise NotFound()
        told = meeting_told(session, code, read_month(month))
    return _shown(told)


@pages.get("/published-months/<code>/year/<int:year>")
@allow(*EVERYBODY)
def year(code: str, year: int) -> ResponseReturnValue:
    """Show a year's account, or send it as a Word file. Raises NotFound, also of a year that cannot be."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotFound()
    with services().database.reading() as session:
        told = year_told(session, code, year)
    return _shown(told)


@pages.post("/published-months/<int:month_id>/correct")
@allow(Role.SUPERVISOR)
def correct(month_id: int) -> ResponseReturnValue:
    """Take inputs of a published month again."""
    form = read_form(CorrectionForm)
    with services().database.transaction() as session:
        open_correction(
            session, month_id, reason=form.reason, read=read_scheme, actor=actor(), at=services().clock.now()
        )
    flash(
        "已开始更正，报送单位会收到消息，可以更正数据并写明理由；更正后再冻结更正结果。已通报的结果在更正通报印发前仍然有效。"
    )
    return redirect(url_for("published_months.index"), 303)


@pages.get("/published-months/<int:month_id>/correct/freeze")
@allow(Role.SUPERVISOR)
def compare(month_id: int) -> ResponseReturnValue:
    """Show what the corrected result would change before it is kept; looking changes nothing, and tells nobody."""
    with services().database.reading() as session:
        seen = month_seen(session, month_id)
        if seen.correction is None:
            raise NoCorrection(score_month=seen.row.month)
        beside, progress = beside_records(session, seen), progress_of(session, seen)
        return render_template(
            "web/published_months/freeze.html",
            seen=seen,
            unkept=unkept_result(session, seen),
            beside=beside,
            progress=progress,
            todo=todo_of(session, seen, beside)[0],
            may_keep=may_keep_correction(seen, progress),
        )


@pages.post("/published-months/<int:month_id>/correct/freeze")
@allow(Role.SUPERVISOR)
def freeze(month_id: int) -> ResponseReturnValue:
    """Keep the corrected result that was shown; its circular publishes it."""
    form = read_form(CorrectedForm)
    with services().database.transaction() as session:
        freeze_correction(
            session,
            month_id,
            read=read_scheme,
            lists=services().project_lists,
            aside=form.aside,
            seen=form.version,
            actor=actor(),
            at=services().clock.now(),
        )
    flash("更正结果已冻结，请到“通报”拟月度考评通报，印发后替代原通报。")
    return redirect(url_for("published_months.index"), 303)


@pages.post("/published-months/<int:month_id>/correct/drop")
@allow(Role.SUPERVISOR)
def drop(month_id: int) -> ResponseReturnValue:
    """Leave a published month as it is."""
    with services().database.transaction() as session:
        drop_correction(
            session,
            month_id,
            read=read_scheme,
            lists=services().project_lists,
            actor=actor(),
            at=services().clock.now(),
        )
    flash("已取消更正，原结果不变。")
    return redirect(url_for("published_months.index"), 303)


def _shown(told: Told) -> ResponseReturnValue:
    if request.args.get("form") == "word":
        docx = as_word(told, author="市政府督查室", on=local_day(services().clock.now()))
        return send_made(docx, name=f"{told.title}.docx", media_type=DOCX, what=Fetched.LIST, of=None, title=told.title)
    return render_template("web/published_months/paper.html", told=told)
