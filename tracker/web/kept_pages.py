"""What became of a page of several forms that was kept: the forms' own answers in one, by the names of the page."""

from collections.abc import Iterable

from tracker.web.marking import as_part
from tracker.web.pads import Jotted
from tracker.web.parts import on_page, start_of


def of_page(kept: Iterable[tuple[int, Jotted]]) -> Jotted:
    """Put together what became of each form, by its period."""
    seen: dict[str, str] = {}
    theirs: dict[str, str] = {}
    beside: dict[str, str] = {}
    unplaced, replaced, own = 0, 0, frozenset[str]()
    for period_id, one in kept:
        start = start_of(period_id)
        seen |= on_page(period_id, one.seen)
        theirs |= on_page(period_id, one.theirs)
        own |= on_page(period_id, dict.fromkeys(one.own, "")).keys()
        unplaced += one.unplaced
        replaced += one.replaced
        beside |= {start + name: as_part(aside, start) for name, aside in one.beside.items()}
    return Jotted(seen, theirs, beside, unplaced, own, replaced)
