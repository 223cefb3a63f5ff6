"""The office reviews row by row 「逐行审核」: one row on one page with all it is held against, then the next."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask import session as of_browser
from flask.typing import ResponseReturnValue
from pydantic import Field
from sqlmodel import Session

from tracker.domain.accounts import Role
from tracker.domain.errors import NotFound
from tracker.domain.filings import ReturnReason
from tracker.store.queries.close_up import close_up
from tracker.store.queries.filings import FilingView, ReportView
from tracker.store.queries.outages import terms
from tracker.store.queries.review_walk import envelope_of, first_to_review, place_in_queue
from tracker.web.access import allow, services
from tracker.web.form_fields import read_id
from tracker.web.forms import Form, Version, Words
from tracker.web.review_cards import filed_before, review_cards
from tracker.web.seen import note_seen
from tracker.wording.catalogue import REPORT_STATES

pages = Blueprint("review_rows", __name__)
# The last step of a walk, from which row to which.
_WALK = "review_walk"


class WayOn(Form):
    """Where an act on a row leads: back to its place in the queue, or on with `walk`.

    `onward` is the row that was shown as the next; 0 for none.
    """

    page: Version = Field(title="页")
    late: Words = Field(title="超期")
    walk: Words = Field(title="逐行")
    onward: Version = Field(title="下一行")

    @property
    def walks(self) -> bool:
        """Whether the act stands on the page of one row."""
        return self.walk == "1"


@pages.get("/review/rows")
@allow(Role.SUPERVISOR)
def begin() -> ResponseReturnValue:
    """Lead to the first row that waits; `?late=1` as in the queue."""
    late = request.args.get("late") == "1"
    with services().database.reading() as session:
        first = first_to_review(session, filed_before=filed_before(late=late))
    return _to(first, late=late)


@pages.get("/review/rows/<int:report_id>")
@allow(Role.SUPERVISOR)
def show(report_id: int) -> ResponseReturnValue:
    """Show one row. `?onward=1` asks for it as the next: decided meanwhile, it is named and skipped.

    Whichever is shown has an address of its own, that of the row and of no other, to be loaded anew and gone back to.
    """
    late, onward = request.args.get("late") == "1", request.args.get("onward") == "1"
    came_from = read_id(request.args.get("came_from", ""))
    with services().database.reading() as session:
        note_seen(session)
        filing, report = _found(session, report_id)
        place = place_in_queue(session, report_id, filing, filed_before=filed_before(late=late))
        if onward and report.state != "filed":
            flash(_skipped(filing, report))
            return _to(place.following, late=late, came_from=came_from)
        if onward or came_from:
            return _to(report_id, late=late, came_from=came_from)
        card = review_cards(session, [filing], terms(session, by=services().reckoning))[0]
        near = close_up(session, report_id)
    return render_template(
        "web/review/row.html",
        card=card,
        row=next(row for row in card.rows if row.report.report_id == report_id),
        near=near,
        place=place,
        back_to=_came_from(report_id) or place.previous,
        late=late,
        walk=True,
        reasons=list(ReturnReason),
        correction_workdays=services().policy.correction_workdays,
    )


def way_on(back: WayOn, report_id: int) -> ResponseReturnValue:
    """Lead from a decision on a row to the next, or back to its place in the queue.

    What the page named as the next may be decided by now: that is said.
    """
    if not back.walks:
        return way_back(back, report_id)
    late = back.late == "1"
    with services().database.reading() as session:
        filing, _report = _found(session, report_id)
        place = place_in_queue(session, report_id, filing, filed_before=filed_before(late=late))
        if back.onward and back.onward != place.following:
            _tell_if_decided(session, back.onward)
    return _to(place.following, late=late, came_from=report_id)


def way_past(back: WayOn, report_id: int) -> ResponseReturnValue:
    """Lead on from a row on which somebody else has decided, and say so."""
    with services().database.reading() as session:
        flash(_skipped(*_found(session, report_id)))
    return way_on(back, report_id)


def way_back(back: WayOn, report_id: int | None) -> ResponseReturnValue:
    """Lead back to the page of the queue from which an act was asked for, to the row that waits after a decided one."""
    page, late = back.page if back.page > 1 else None, back.late == "1"
    following = None
    if report_id is not None:
        with services().database.reading() as session:
            filing, _report = _found(session, report_id)
            following = place_in_queue(session, report_id, filing, filed_before=filed_before(late=late)).following
    anchor = f"row{following}" if following is not None else None
    return redirect(url_for("review.queue", page=page, late=_asked(late), _anchor=anchor), 303)


def _found(session: Session, report_id: int) -> tuple[FilingView, ReportView]:
    filing = envelope_of(session, report_id)
    if filing is None:
        raise NotFound()
    return filing, next(report for report in filing.reports if report.report_id == report_id)


def _tell_if_decided(session: Session, report_id: int) -> None:
    filing = envelope_of(session, report_id)
    for report in filing.reports if filing is not None else ():
        if filing is not None and report.report_id == report_id and report.state != "filed":
            flash(_skipped(filing, report))


def _skipped(filing: FilingView, report: ReportView) -> str:
    named = f"{report.item_label} {report.item_title}".strip() or "其他配合事项"
    by = f"由{report.decided_by}办理" if report.decided_by else "不在待审核之列"
    return f"{filing.unit_name}“{named}”已{by}（{REPORT_STATES[report.state]}），本次跳过。"


def _to(report_id: int | None, *, late: bool, came_from: int | None = None) -> ResponseReturnValue:
    if report_id is None:
        flash("后面没有待审核的行。" if came_from else "没有待审核的行。")
        return redirect(url_for("review.queue", late=_asked(late)), 303)
    of_browser[_WALK] = [came_from, report_id]
    return redirect(url_for("review_rows.show", report_id=report_id, late=_asked(late)), 303)


def _came_from(report_id: int) -> int | None:
    """Return the row from which the viewer's last step led to a row; None where it led elsewhere."""
    match of_browser.get(_WALK):
        case [int() as before, led_to] if led_to == report_id:
            return before
        case _:
            return None


def _asked(late: bool) -> int | None:
    return 1 if late else None
