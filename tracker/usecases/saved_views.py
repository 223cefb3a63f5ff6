"""Somebody keeps a view of the ledger, calls it otherwise, or keeps it no more: his own, and nobody else sees it.

No event tells of it: it changes nothing of any matter.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session, col

from tracker.domain.errors import NotFound
from tracker.domain.saved_views import MOST_VIEWS, TooManyViews, ViewNameTaken, check_view_name
from tracker.store.tables.saved_views import SavedViewRow


def keep_view(session: Session, *, user_id: int, name: str, asked: str, at: datetime) -> None:
    """Keep a question under a name; what stood under it before is replaced.

    Raises ViewNameMissing, ViewNameTooLong, TooManyViews.
    """
    name = check_view_name(name)
    kept = _named(session, user_id, name)
    if kept is not None:
        kept.asked, kept.saved_at = asked, at
        return
    count = select(func.count()).select_from(SavedViewRow).where(col(SavedViewRow.user_id) == user_id)
    if session.scalars(count).one() >= MOST_VIEWS:
        raise TooManyViews(most=MOST_VIEWS)
    session.add(SavedViewRow(user_id=user_id, name=name, asked=asked, saved_at=at))


def rename_view(session: Session, *, user_id: int, view_id: int, name: str) -> None:
    """Call a view otherwise. Raises NotFound, ViewNameMissing, ViewNameTooLong, ViewNameTaken."""
    view, name = _own(session, user_id, view_id), check_view_name(name)
    other = _named(session, user_id, name)
    if other is not None and other.id != view.id:
        raise ViewNameTaken(name=name)
    view.name = name


def drop_view(session: Session, *, user_id: int, view_id: int) -> None:
    """Keep a view no more. Raises NotFound."""
    session.delete(_own(session, user_id, view_id))


def _own(session: Session, user_id: int, view_id: int) -> SavedViewRow:
    own = select(SavedViewRow).where(col(SavedViewRow.id) == view_id, col(SavedViewRow.user_id) == user_id)
    view = session.scalars(own).first()
    if view is None:
        raise NotFound()
    return view


def _named(session: Session, user_id: int, name: str) -> SavedViewRow | None:
    own = select(SavedViewRow).where(col(SavedViewRow.user_id) == user_id, col(SavedViewRow.name) == name)
    return session.scalars(own).first()
