"""Download a file that a unit handed in."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.domain.downloads import Fetched
from tracker.domain.errors import NotFound
from tracker.store.queries.evidence import evidence_file
from tracker.web.access import EVERYBODY, allow, reads_for, services
from tracker.web.downloads import send_kept

pages = Blueprint("evidence", __name__)


@pages.get("/evidence/<int:evidence_id>")
@allow(*EVERYBODY - {Role.READER})
def download(evidence_id: int) -> ResponseReturnValue:
    """Send the stored bytes of a file under a report that this person may read, always as a download."""
    with services().database.reading() as session:
        found = evidence_file(session, evidence_id=evidence_id, unit_ids=reads_for(session))
    if found is None:
        raise NotFound()
    return send_kept(found.sha256, name=found.name, media_type=found.media_type, what=Fetched.EVIDENCE, of=evidence_id)
