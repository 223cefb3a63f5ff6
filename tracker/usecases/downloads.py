"""Record that somebody was sent a file 「下载」."""

from datetime import datetime

from sqlmodel import Session

from tracker.domain.accounts import Actor, NotYourTask
from tracker.domain.downloads import Fetched
from tracker.domain.events.downloads import FileFetched
from tracker.store import event_log


def note_download(
    session: Session,
    what: Fetched,
    *,
    object_id: int | None,
    sha256: str,
    size_bytes: int,
    address: str | None,
    actor: Actor,
    at: datetime,
    title: str | None = None,
) -> None:
    """Record which bytes a person is about to be sent, of what; `title` is that of a list.

    Whoever sends the file has found that the person may read it. Records FileFetched. Raises NotYourTask for the
    system, which is nobody.
    """
    if actor.user_id is None:
        raise NotYourTask(act="download")
    event = FileFetched(
        unit_id=actor.unit_id,
        what=what.value,
        object_id=object_id,
        sha256=sha256,
        size_bytes=size_bytes,
        address=address,
        title=title,
    )
    event_log.record(session, event, actor=actor, at=at)
