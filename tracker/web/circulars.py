"""Circulars 「通报」: the office issues, everybody who may read downloads."""

from io import BytesIO

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.domain.calendar import local_day
from tracker.domain.errors import NotFound
from tracker.domain.events import CircularIssued
from tracker.paper.supervision import SERIES, STANDARD_HEAD, render_supervision
from tracker.store import event_log
from tracker.store.queries.circulars import issued_circulars, last_running_number, supervision_figures
from tracker.store.tables.events import CircularRow
from tracker.web.access import EVERYBODY, actor, allow, services

pages = Blueprint("circulars", __name__)
_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_LARGEST_BYTES = 50 * 1024 * 1024


@pages.get("/circulars")
@allow(*EVERYBODY)
def index() -> ResponseReturnValue:
    with services().database.reading() as session:
        issued = issued_circulars(session)
    return render_template("web/circulars/index.html", issued=issued, may_issue=actor().role is Role.SUPERVISOR)


@pages.post("/circulars")
@allow(Role.SUPERVISOR)
def issue() -> ResponseReturnValue:
    """Number, render and keep a circular; its bytes are kept as issued, under their digest."""
    now = services().clock.now()
    day = local_day(now)
    with services().database.transaction() as session:
        running = last_running_number(session, series=SERIES, year=day.year) + 1
        number = f"{SERIES}〔{day.year}〕{running}号"
        calendar, policy = services().calendar, services().policy
        figures = supervision_figures(session, as_of=now, calendar=calendar, policy=policy)
        made = render_supervision(figures, head=STANDARD_HEAD, number=number, issued_on=day)
        stored = services().evidence.store(BytesIO(made), max_bytes=_LARGEST_BYTES)
        row = CircularRow(
            type="supervision",
            series=SERIES,
            year=day.year,
            running_number=running,
            number=number,
            title=STANDARD_HEAD.title,
            as_of=now,
            issued_at=now,
            issued_by=actor().name,
            sha256=stored.sha256,
            name=f"督查通报{number}.docx",
        )
        session.add(row)
        session.flush()
        assert row.id is not None
        event = CircularIssued(circular_id=row.id, number=number, sha256=stored.sha256)
        event_log.record(session, event, actor=actor(), at=now)
    flash(f"已印发{number}。")
    return redirect(url_for("circulars.index"), 303)


@pages.get("/circulars/<int:circular_id>")
@allow(*EVERYBODY)
def download(circular_id: int) -> ResponseReturnValue:
    with services().database.reading() as session:
        found = next((row for row in issued_circulars(session) if row.circular_id == circular_id), None)
    if found is None:
        raise NotFound()
    services().evidence.verify(found.sha256)
    path = services().evidence.path(found.sha256)
    return send_file(path, mimetype=_DOCX, as_attachment=True, download_name=found.name, etag=False)
