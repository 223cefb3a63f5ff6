"""What items demand, held against what was sealed when their documents were entered or read anew."""

import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.events.documents import DocumentRegistered, DocumentReread
from tracker.store.demand_digests import stored_demands
from tracker.store.history.disagreement import Disagreement, digests_differ, pages
from tracker.store.tables.events import EventRow

_SEALING = (DocumentRegistered.type, DocumentReread.type)


def changed_demands(session: Session) -> Iterator[Disagreement]:
    """Yield items that demand other than when they were sealed last."""
    sealed: dict[int, str] = {}
    events = select(col(EventRow.payload)).where(col(EventRow.type).in_(_SEALING)).order_by(col(EventRow.seq))
    for payload in session.scalars(events):
        for item in json.loads(payload).get("sealed_items", ()):
            if item.get("demands"):
                sealed[item["id"]] = item["demands"]
    for page in pages(sealed):
        for id_, demands in stored_demands(session, page).items():
            yield from digests_differ("item", id_, "demands", demands, sealed[id_])
