"""The views of the ledger that somebody keeps."""

from dataclasses import dataclass

from sqlalchemy import label, select
from sqlmodel import Session, col

from tracker.store.rows import as_views
from tracker.store.tables.saved_views import SavedViewRow


@dataclass(frozen=True, slots=True)
class SavedView:
    view_id: int
    name: str
    asked: str


def saved_views(session: Session, *, user_id: int) -> list[SavedView]:
    """Return the views of a person, in the order in which they were first kept."""
    wanted = select(label("view_id", col(SavedViewRow.id)), col(SavedViewRow.name), col(SavedViewRow.asked))
    return as_views(SavedView, session.execute(wanted.where(col(SavedViewRow.user_id) == user_id).order_by("view_id")))
