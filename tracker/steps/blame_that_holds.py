"""A paper names units only for what holds at the moment when it goes a step further."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import not_, or_, select
from sqlmodel import Session, col

from tracker.domain.calendar import local_day
from tracker.domain.circulars.blame_now import Overtaken, PraiseOvertaken
from tracker.domain.circulars.content import Content
from tracker.domain.circulars.proposals import NamingAct, Proposal
from tracker.domain.errors import Stale
from tracker.store import event_log
from tracker.store.queries.namings import keys_of
from tracker.store.queries.overtaken_blame import FactsNow, newly_blamed, overtaken_of
from tracker.store.queries.untrue_praise import found_untrue, untrue_praise
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.events import EventRow

# Events that change nothing of what a unit is criticised for.
_BESIDE = ("login.", "account.", "reminder.", "file.", "box.", "naming.", "draft.")


def check_blame_holds(session: Session, row: CircularRow, content: Content | None, now: FactsNow | None) -> None:
    """Refuse a paper on its way out that criticises a unit for what holds no more.

    What a correction takes over from the paper that it corrects was said then, with its day, and is not asked again.
    Decided when the transaction ends, with what others recorded until then. Raises BlameOvertaken, and Stale where
    nobody computed what holds now.
    """
    if content is None:
        return
    keys = set(keys_of(row))
    blames = [one for one in newly_blamed(session, row, content.proposals) if one.key in keys]
    if not blames:
        return
    if now is None:
        raise Stale()
    _refuse(overtaken_of(session, row, blames, content, now.content))

    def check() -> None:
        if _went_on(session, now.last_event):
            _refuse(overtaken_of(session, row, blames, content, now.again(session)))

    event_log.check_last(session, check)


def check_praise_holds(session: Session, row: CircularRow, content: Content | None, *, at: datetime) -> None:
    """Refuse a paper on its way out that praises a unit of which a report was found untrue within a year.

    A correction says it again today, so it is asked of that too. Decided once more when the transaction ends. Raises
    PraiseOvertaken.
    """
    keys = set(keys_of(row))
    said = [one for one in content.proposals if one.key in keys] if content is not None else []
    if not said:
        return

    def check() -> None:
        for one in untrue_praise(session, row, said, today=local_day(at)):
            raise PraiseOvertaken(unit=one.unit)

    check()
    event_log.check_last(session, check)


def check_praise(session: Session, proposal: Proposal, *, unit_id: int, at: datetime) -> None:
    """Refuse to tell a unit that it would be praised within a year of a report that was found untrue.

    Raises PraiseOvertaken.
    """
    if proposal.act is NamingAct.PRAISE and found_untrue(session, among=[unit_id], today=local_day(at)):
        raise PraiseOvertaken(unit=proposal.unit)


def _refuse(found: Mapping[str, Overtaken]) -> None:
    for one in found.values():
        raise one.refusal()


def _went_on(session: Session, last_event: int) -> bool:
    """Tell whether anything came to the log since that may bear on it."""
    beside = or_(*(col(EventRow.type).startswith(kind) for kind in _BESIDE))
    wanted = select(col(EventRow.seq)).where(col(EventRow.seq) > last_event, not_(beside)).limit(1)
    return session.scalars(wanted).first() is not None
