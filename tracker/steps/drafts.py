"""A draft as whoever works on it finds it."""

from pydantic import TypeAdapter
from sqlmodel import Session

from tracker.domain.drafts import Draft
from tracker.domain.errors import NotFound, Rejected, Stale
from tracker.store.tables.drafts import DraftRow, DraftState

_DRAFTS = TypeAdapter(Draft)


class DraftClosed(Rejected):
    """The draft was approved or discarded already."""

    code = "draft_closed"


def read_draft(row: DraftRow) -> Draft:
    return _DRAFTS.validate_json(row.content)


def open_draft(session: Session, *, draft_id: int, version: int) -> DraftRow:
    row = session.get(DraftRow, draft_id, with_for_update=True)
    if row is None:
        raise NotFound()
    if row.state != DraftState.OPEN.value:
        raise DraftClosed()
    if row.version != version:
        raise Stale()
    return row
