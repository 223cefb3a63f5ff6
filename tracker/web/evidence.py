"""Download a file that a unit handed in."""

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.domain.errors import NotFound
from tracker.store.queries.evidence import evidence_file
from tracker.web.access import EVERYBODY, allow, reads_for, services

pages = Blueprint("evidence", __name__)


@pages.get("/evidence/<int:evidence_id>")
@allow(*EVERYBODY - {Role.READER})
def download(evidence_id: int) -> ResponseReturnValue:
    """Send the stored bytes of a file under a report that this person may read, always as a download."""
    with services().database.reading() as session:
        found = evidence_file(session, evidence_id=evidence_id, unit_ids=reads_for(session))
    if found is None:
        raise NotFound()
    services().evidence.verify(found.sha256)
    return send_file(
        services().evidence.path(found.sha256),
        mimetype=found.media_type,
        as_attachment=True,
        download_name=found.name,
        etag=False,
    )
