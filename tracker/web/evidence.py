"""A file that a unit handed in: to be saved, or looked at where a browser shows it without running anything."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import Role
from tracker.domain.downloads import LOOKED_AT, Fetched
from tracker.domain.errors import NotFound
from tracker.store.queries.evidence import EvidenceFile, evidence_file
from tracker.web.access import EVERYBODY, allow, reads_for, services
from tracker.web.downloads import send_kept

pages = Blueprint("evidence", __name__)


@pages.get("/evidence/<int:evidence_id>")
@allow(*EVERYBODY - {Role.READER})
def download(evidence_id: int) -> ResponseReturnValue:
    """Send the stored bytes of a file under a report that this person may read, always as a download."""
    found = _file(evidence_id)
    return send_kept(found.sha256, name=found.name, media_type=found.media_type, what=Fetched.EVIDENCE, of=evidence_id)


@pages.get("/evidence/<int:evidence_id>/preview")
@allow(*EVERYBODY - {Role.READER})
def preview(evidence_id: int) -> ResponseReturnValue:
    """Show a picture or a PDF of those files; there is none of another file. Recorded as any other sending."""
    found = _file(evidence_id)
    if found.media_type not in LOOKED_AT:
        raise NotFound()
    return send_kept(
        found.sha256,
        name=found.name,
        media_type=found.media_type,
        what=Fetched.EVIDENCE,
        of=evidence_id,
        to_look_at=True,
    )


def _file(evidence_id: int) -> EvidenceFile:
    with services().database.reading() as session:
        found = evidence_file(session, evidence_id=evidence_id, unit_ids=reads_for(session))
    if found is None:
        raise NotFound()
    return found
