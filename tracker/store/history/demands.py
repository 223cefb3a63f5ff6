"""What items demand, held against what was sealed when their documents were entered or read anew."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from sqlmodel import Session

from tracker.domain.events.documents import DocumentRegistered, DocumentReread
from tracker.store.demand_digests import stored_demands
from tracker.store.history.disagreement import Disagreement, digests_differ, pages
from tracker.store.history.log import NO_FACTS, Told, readable

_SEALING = (DocumentRegistered.type, DocumentReread.type)


def changed_demands(session: Session) -> Iterator[Disagreement]:
    """Yield items that demand other than when they were sealed last."""
    sealed: dict[int, str] = {}
    for event in readable(session, _SEALING):
        with suppress(*NO_FACTS):
            sealed |= {item["id"]: item["demands"] for item in _sealed_items(event) if item.get("demands")}
    for page in pages(sealed):
        for id_, demands in stored_demands(session, page).items():
            yield from digests_differ("item", id_, "demands", demands, sealed[id_])


def _sealed_items(event: Told) -> Iterable[Mapping[str, Any]]:  # Any: an item as an event tells it
    found: Iterable[Mapping[str, Any]] = event.facts.get("sealed_items", ())
    return found
