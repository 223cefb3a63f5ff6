"""A file beside an answer to a served paper or a leader's instruction 「附件」: to be saved, or looked at."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.domain.downloads import LOOKED_AT, Fetched
from tracker.domain.errors import NotFound
from tracker.store.queries.readable_enclosures import enclosure_file
from tracker.web.access import EVERYBODY, allow, reads_for, services
from tracker.web.downloads import send_kept

pages = Blueprint("enclosures", __name__)


@pages.app_template_filter("looked_at")
def is_looked_at(media_type: str) -> bool:
    """Tell whether a browser shows such a file without running anything of it."""
    return media_type in LOOKED_AT


@pages.get("/enclosures/<int:enclosure_id>")
@allow(*EVERYBODY - {Role.READER})
def download(enclosure_id: int) -> ResponseReturnValue:
    """Send a file that this person may read, always as a download."""
    return _send(enclosure_id, to_look_at=False)


@pages.get("/enclosures/<int:enclosure_id>/preview")
@allow(*EVERYBODY - {Role.READER})
def preview(enclosure_id: int) -> ResponseReturnValue:
    """Show a picture or a PDF of those files; there is none of another file. Recorded as any other sending."""
    return _send(enclosure_id, to_look_at=True)


def _send(enclosure_id: int, *, to_look_at: bool) -> ResponseReturnValue:
    with services().database.reading() as session:
        found = enclosure_file(session, enclosure_id=enclosure_id, unit_ids=reads_for(session))
    if found is None or (to_look_at and not is_looked_at(found.media_type)):
        raise NotFound()
    return send_kept(
        found.sha256,
        name=found.name,
        media_type=found.media_type,
        what=Fetched.ENCLOSURE,
        of=enclosure_id,
        to_look_at=to_look_at,
    )
