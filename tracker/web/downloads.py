"""Send a file whole, recorded: who, when, whence, which bytes, of what. What cannot be recorded is not sent."""

import hashlib
from io import BytesIO

from flask import request, send_file
from flask.typing import ResponseReturnValue

from tracker.domain.downloads import Fetched
from tracker.usecases.downloads import note_download
from tracker.web.access import actor, services
from tracker.web.came import came


def send_made(
    content: bytes, *, name: str, media_type: str, what: Fetched, of: int | None, title: str | None = None
) -> ResponseReturnValue:
    """Send what was made for this answer; `title` is that of a list."""
    _note(what, of, title=title, sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content))
    return send_file(
        BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name, etag=False, conditional=False
    )


def send_kept(
    sha256: str, *, name: str, media_type: str, what: Fetched, of: int, to_look_at: bool = False
) -> ResponseReturnValue:
    """Send a file that is kept under its digest; `to_look_at`: a browser shows it, else it is saved.

    Raises EvidenceMissing, EvidenceAltered.
    """
    services().evidence.verify(sha256)
    path = services().evidence.path(sha256)
    _note(what, of, sha256=sha256, size_bytes=path.stat().st_size)
    # No part is sent by itself: each answer has all the bytes whose digest was recorded.
    return send_file(
        path, mimetype=media_type, as_attachment=not to_look_at, download_name=name, etag=False, conditional=False
    )


def _note(what: Fetched, of: int | None, *, sha256: str, size_bytes: int, title: str | None = None) -> None:
    """Record the answer in a transaction of its own, unless it carries no bytes."""
    if request.method == "HEAD":
        return
    with services().database.transaction() as session:
        note_download(
            session,
            what,
            object_id=of,
            sha256=sha256,
            size_bytes=size_bytes,
            address=came().address,
            actor=actor(),
            at=services().clock.now(),
            title=title,
        )
