"""Download a file that a unit handed in."""

from flask import Blueprint, send_file
from flask.typing import ResponseReturnValue

from tracker.domain.accounts import EVERY_UNIT, EveryUnit, Role
from tracker.domain.errors import NotFound
from tracker.store.queries.evidence import evidence_file
from tracker.store.queries.verifying import may_read_file
from tracker.web.access import EVERYBODY, acted_for, allow, services

pages = Blueprint("evidence", __name__)


@pages.get("/evidence/<int:evidence_id>")
@allow(*EVERYBODY - {Role.READER})
def download(evidence_id: int) -> ResponseReturnValue:
    """Send the stored bytes, always as a download; units get their own files, and those that they verify as leads."""
    with services().database.reading() as session:
        own = acted_for(session)
        as_lead = not isinstance(own, EveryUnit) and may_read_file(session, evidence_id=evidence_id, unit_ids=own)
        found = evidence_file(session, evidence_id=evidence_id, unit_ids=EVERY_UNIT if as_lead else own)
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
