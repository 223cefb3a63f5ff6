"""Units that were renamed, or went up in others, since a paper was drafted, which may still name them as they were."""

import json
import re
from collections.abc import Iterator

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.circulars.content import Content
from tracker.domain.circulars.paragraphs import paragraphs
from tracker.domain.events.units import UnitRenamed, UnitsMerged
from tracker.store.queries.unit_names import all_names
from tracker.store.queries.units import present_units
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import EventRow
from tracker.store.tables.units import UnitRow


def outdated_names(session: Session, row: CircularRow, content: Content | None) -> dict[str, str]:
    """Return names in a paper that units bore when it was drafted and bear no more, each with who has its work now.

    A correction keeps the facts of what it corrects, and with them the names of that day: nothing is returned of one.
    """
    former = {} if row.replaces_id is not None else _former_names(session, since=row.last_event)
    if not former:
        return {}
    told = [words for words in _words(row, content) if any(name in words for name in former)]
    # The longest name counts: within 「市教育体育局」 nobody says 「市教育局」.
    longest = sorted(all_names(session) | former.keys(), key=len, reverse=True)
    names = re.compile("|".join(map(re.escape, filter(None, longest))))
    found = {name for words in told for name in names.findall(words)}
    return {name: now for name, now in former.items() if name in found}


def _former_names(session: Session, *, since: int) -> dict[str, str]:
    """Return the names that units gave up after an event, each with the short name of who has their work today."""
    acts = select(col(EventRow.type), col(EventRow.unit_id), col(EventRow.payload)).where(
        col(EventRow.type).in_((UnitRenamed.type, UnitsMerged.type)), col(EventRow.seq) > since
    )
    names: dict[str, int] = {}
    for kind, unit_id, payload in session.execute(acts.order_by(col(EventRow.seq))):
        unit, told = session.get_one(UnitRow, unit_id), json.loads(payload)
        if kind == UnitRenamed.type:
            names |= dict.fromkeys((told["old_name"], told.get("old_short_name")), unit.id or 0)
        else:
            names |= dict.fromkeys((unit.full_name, unit.short_name), unit.id or 0)
    found = {}
    for name, unit_id in names.items():
        [now] = present_units(session, [unit_id])
        present = session.get_one(UnitRow, now)
        if name and name not in (present.full_name, present.short_name):
            found[name] = present.short_name
    return found


def _words(row: CircularRow, content: Content | None) -> Iterator[str]:
    yield from (row.unit_name or "", row.title, row.addressees, row.copies, row.note)
    for one in paragraphs(row.statements):
        yield content.fill(one.words) if content is not None else one.words
    if content is not None:
        yield from (cell for table in content.tables for cells in table.rows for cell in cells)
