"""What waits for the head of a unit, or came back from him, as pages show it: until when it may leave the unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from tracker.domain.calendar import end_of_day, local_day
from tracker.domain.deadlines import due_day
from tracker.domain.filings import DISPUTE_WORKDAYS
from tracker.store.queries.outages import terms
from tracker.store.queries.petitions import Petition, petitions_on_task, petitions_sent_back, waiting_petitions
from tracker.store.queries.units import units_acted_for
from tracker.web.access import UNITS, actor, services
from tracker.web.clocks import day_off_words
from tracker.wording.moments import far_words


@dataclass(frozen=True, slots=True)
class PetitionLine:
    """One of them; `until` is the first moment at which it cannot leave any more, `passed` whether that has come.

    `day_off` says where the day that is asked for is no working day, `far` where it is a late one.
    """

    about: Petition
    until: datetime
    passed: bool
    day_off: str
    far: str

    @property
    def leaves(self) -> bool:
        """Whether a signature would let it leave the unit."""
        return self.about.live and not self.passed


def lines_that_wait(session: Session) -> tuple[PetitionLine, ...]:
    """Return what waits for the head of the viewer's units, also what cannot leave any more; the most urgent first."""
    return _sorted(_lines(session, waiting_petitions(session, unit_ids=_mine(session))))


def lines_sent_back(session: Session) -> tuple[PetitionLine, ...]:
    """Return what the head gave back and may still be asked."""
    found = _lines(session, petitions_sent_back(session, unit_ids=_mine(session)))
    return _sorted(line for line in found if line.leaves)


def lines_on(session: Session, task_id: int) -> tuple[PetitionLine, ...]:
    """Return what the viewer's units wrote on a task and did not leave them: what waits, came back, was withdrawn."""
    if actor().role not in UNITS:
        return ()
    return tuple(_lines(session, petitions_on_task(session, task_id=task_id, unit_ids=_mine(session))))


def _lines(session: Session, petitions: Iterable[Petition]) -> Iterable[PetitionLine]:
    now = services().clock.now()
    counted = terms(session, by=services().reckoning)
    for one in petitions:
        if one.decided_at is not None:
            workdays = services().policy.objection_workdays
            until = end_of_day(counted.last_day(local_day(one.decided_at), workdays=workdays))
        elif one.due_at is not None:
            until = one.due_at
        else:
            until = end_of_day(counted.last_day(one.got_on or local_day(now), workdays=DISPUTE_WORKDAYS))
        hint = day_off_words(one.new_due_on, services=services()) if one.new_due_on else ""
        old_on = due_day(one.due_at) if one.due_at else None
        far = far_words(one.new_due_on, old_on=old_on, deadline_on=one.deadline_on, ends_on=one.ends_on)
        yield PetitionLine(one, until, until <= now, hint, far)


def _sorted(lines: Iterable[PetitionLine]) -> tuple[PetitionLine, ...]:
    return tuple(sorted(lines, key=lambda line: (line.until, line.about.petition_id)))


def _mine(session: Session) -> list[int]:
    return list(units_acted_for(session, actor().unit_id))
