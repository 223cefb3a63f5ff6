"""A draft as whoever works on it finds it."""

from sqlmodel import Session

from tracker.domain.errors import NotFound, Rejected, Stale
from tracker.store.tables.drafts import DraftRow, DraftState


class DraftClosed(Rejected):
    """The draft was approved or discarded already."""

    code = "draft_closed"


def open_draft(session: Session, *, draft_id: int, version: int) -> DraftRow:
    row = session.get(DraftRow, draft_id, with_for_update=True)
    if row is None:
        raise NotFound()
    if row.state != DraftState.OPEN.value:
        raise DraftClosed()
    if row.version != version:
        raise Stale()
    return row
