"""Papers of a city that lives on: what was computed for each of them is computed from the log again, byte for byte."""

import random

from sqlmodel import Session

from tests.support.office import CALENDAR
from tests.support.random_life import NUMBERS, Life
from tracker.domain.calendar import WorkdayCalendar
from tracker.domain.circulars.content import Scope
from tracker.domain.circulars.kinds import CircularType
from tracker.domain.errors import BadInput
from tracker.store.database import Database
from tracker.store.history.contents import content_as_of
from tracker.store.history.log import last_event
from tracker.store.queries.calendar import imported_notices
from tracker.store.queries.edition_facts import read_facts, write_facts
from tracker.store.tables.circulars import CircularRow

LOOKS, STEPS = 8, 10
_KINDS = (CircularType.SUPERVISION, CircularType.SPECIAL, CircularType.NOTICE)


def _calendar(session: Session) -> WorkdayCalendar:
    """Return the calendar as it stands, with what was imported since."""
    return CALENDAR.with_notices(imported_notices(session))


def _facts(life: Life, edition: CircularRow, previous: CircularRow | None) -> bytes:
    with life.database.reading() as session:
        content = content_as_of(
            session,
            kind=CircularType(edition.type),
            scope=Scope(None, edition.document_number),
            as_of=edition.as_of,
            up_to=edition.last_event,
            previous=previous,
            calendar=_calendar(session),
        )
    return write_facts(content)


def test_every_edition_is_recomputed_to_the_byte_whatever_came_after_it(database: Database) -> None:
    life = Life(database, random.Random(5))
    life.begin()
    kept: list[tuple[CircularRow, CircularRow | None, bytes]] = []
    previous: CircularRow | None = None
    for look in range(LOOKS):
        life.live(STEPS)
        life.do(life.made.choice(life.office_acts))
        with database.reading() as session:
            seen = last_event(session)
        for kind in _KINDS:
            document = NUMBERS[0] if kind is CircularType.NOTICE else None
            edition = CircularRow(
                type=kind.value,
                document_number=document,
                as_of=life.now,
                last_event=seen,
                number=f"第{look}号",
                title="",
                series="",
                statements=[],
                remarks=[],
            )
            before = previous if kind is CircularType.SUPERVISION else None
            try:
                kept.append((edition, before, _facts(life, edition, before)))
            except BadInput:  # nothing to say in that scope at that moment
                continue
            if kind is CircularType.SUPERVISION:
                previous = edition
    assert len(kept) > LOOKS
    for edition, before, facts in kept:
        assert _facts(life, edition, before) == facts
        assert write_facts(read_facts(facts)) == facts
