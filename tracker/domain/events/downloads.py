"""Facts about files that were handed out."""

from dataclasses import dataclass

from tracker.domain.downloads import Fetched, about
from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFetched(Event):
    """Somebody was sent a file whole: which bytes, of what; `unit_id` is his unit, `address` whence he asked.

    `title` is that of a list, which has no number; None in events of earlier versions.
    """

    type = "file.fetched"
    what: str
    object_id: int | None = None
    sha256: str
    size_bytes: int
    address: str | None = None
    title: str | None = None

    def about(self) -> str:
        return about(Fetched(self.what), self.object_id)
