"""What was done, for the administrator of audit: nothing of what matters say."""

from datetime import timedelta
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker.auditing import chain_findings, table_findings
from tracker.domain.accounts import Role
from tracker.domain.audit import Trail, trail_of
from tracker.domain.calendar import at_local
from tracker.domain.entered import clean_words, read_day
from tracker.store import event_log
from tracker.store.queries.audit_trail import AuditQuestion, audit_lines
from tracker.web.access import allow, services
from tracker.web.form_fields import asked_page
from tracker.wording.audit import TRAIL_NAMES, place_words
from tracker.wording.catalogue import EVENTS

pages = Blueprint("audit", __name__)

_PAGE = 50
_FINDINGS_SHOWN = 200


@pages.get("/audit")
@allow(Role.AUDIT_ADMIN)
def show() -> ResponseReturnValue:
    """Show events, the latest first, by kind, day and person."""
    page = asked_page()
    with services().database.reading() as session:
        lines = audit_lines(session, _question(), limit=_PAGE + 1, offset=(page - 1) * _PAGE)
        head = event_log.head(session)
    return render_template(
        "web/audit/show.html",
        lines=lines[:_PAGE],
        page=page,
        more=len(lines) > _PAGE,
        asked={name: request.args.get(name, "") for name in ("trail", "since", "until", "who")},
        trails=TRAIL_NAMES,
        head=head,
        address=_address,
    )


@pages.post("/audit/verify")
@allow(Role.AUDIT_ADMIN)
def verify() -> ResponseReturnValue:
    """Hold the chain, and the tables against it, and show where they do not agree, without what they say."""
    with services().database.reading() as session:
        head = event_log.head(session)
        broken = [place_words(found) for found in chain_findings(session)]
        # Of a log that was rewritten nothing can be folded.
        broken += [] if broken else [place_words(found) for found in table_findings(session)]
    return render_template(
        "web/audit/verified.html", head=head, found=len(broken), broken=list(dict.fromkeys(broken))[:_FINDINGS_SHOWN]
    )


def _question() -> AuditQuestion:
    args = request.args
    since, until = (
        read_day(text, field=label) if (text := args.get(name, "").strip()) else None
        for name, label in (("since", "自"), ("until", "至"))
    )
    trail = args.get("trail", "")
    return AuditQuestion(
        types=[type_ for type_ in EVENTS if trail_of(type_) == trail] if trail in list(Trail) else None,
        since=at_local(since, 0, 0) if since else None,
        until=at_local(until + timedelta(days=1), 0, 0) if until else None,
        who=clean_words(args.get("who", ""))[:40],
    )


def _address(page: int) -> str:
    kept = {name: request.args[name] for name in ("trail", "since", "until", "who") if request.args.get(name)}
    return f"{url_for('audit.show')}?{urlencode({**kept, 'page': page})}"
