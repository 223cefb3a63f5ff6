"""The messages of whoever is written to 「消息」: digests and single messages, the newest first."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from tracker.store.queries.addressees import HEARING_ROLES
from tracker.store.queries.reminders import count_unread, notices_for
from tracker.usecases.reading_notices import mark_read
from tracker.web.access import actor, allow, services

pages = Blueprint("notices", __name__)
_SHOWN = 60


@pages.get("/notices")
@allow(*HEARING_ROLES)
def show() -> ResponseReturnValue:
    """Show the latest messages; opening the page marks what it shows as read, but not for whom a deputy opens it."""
    user_id = actor().for_id or actor().user_id
    assert user_id is not None
    with services().database.reading() as session:
        rows = notices_for(session, user_id=user_id, limit=_SHOWN)
        shown = [row.id or 0 for row in rows]
        left = count_unread(session, user_id=user_id) - sum(row.read_at is None for row in rows)
        page = render_template("web/notices/list.html", rows=rows, left=left)
    if actor().for_id is None:
        with services().database.transaction() as session:
            mark_read(session, user_id=user_id, shown=shown, at=services().clock.now())
    return page
