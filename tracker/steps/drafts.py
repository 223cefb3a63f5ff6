"""A draft as whoever works on it finds it and leaves it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from tracker.domain.accounts import Actor
from tracker.domain.errors import NotFound, Rejected, Stale
from tracker.domain.events.drafts import CorrectionAct, DraftCorrected
from tracker.domain.readings.item import PrintedGroup, PrintedUnit
from tracker.domain.readings.reading import Reading
from tracker.store import event_log
from tracker.store.tables.drafts import DraftRow, DraftState, content_of

_LONGEST_TRACE = 300


class DraftClosed(Rejected):
    """The draft was approved or discarded already."""

    code = "draft_closed"


def open_draft(session: Session, *, draft_id: int, version: int) -> DraftRow:
    row = session.get(DraftRow, draft_id, with_for_update=True)
    if row is None:
        raise NotFound()
    if row.state != DraftState.OPEN.value:
        raise DraftClosed()
    if row.version != version:
        raise Stale()
    return row


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One change of a draft; `place` is the item it concerns, from 0, `about` what the log is told besides."""

    before: Reading
    after: Reading
    place: int | None
    about: str = ""


def keep_corrections(
    session: Session,
    row: DraftRow,
    steps: Sequence[Correction],
    *,
    act: str,
    actor: Actor,
    at: datetime,
) -> None:
    """Keep a draft after corrections; whoever corrects has a hand in it. Records DraftCorrected of each."""
    row.content = content_of(steps[-1].after)
    row.hands = sorted({*row.hands, *actor.persons})
    for step in steps:
        event_log.record(session, _told(row, step, act=act), actor=actor, at=at)


def _told(row: DraftRow, step: Correction, *, act: str) -> DraftCorrected:
    place = step.place
    return DraftCorrected(
        draft_id=row.id or 0,
        act=CorrectionAct(act).value,
        item=None if place is None else place + 1,
        before=_trace(step.before, place),
        after=" | ".join(filter(None, [step.about, _trace(step.after, place)]))[:_LONGEST_TRACE],
    )


def _trace(draft: Reading, place: int | None) -> str:
    """Write down what a correction concerned, briefly."""
    if place is None or not 0 <= place < len(draft.items):
        days = [day.isoformat() if day else "" for day in (draft.issued_on, draft.expires_on, draft.plan_end.on)]
        return " ".join([draft.number, draft.title, str(len(draft.items)), "/".join(days)])[-_LONGEST_TRACE:]
    item = draft.items[place]
    words = [item.label, item.kind.value, item.title, _names(item.leads), _names(item.supports)]
    words += [_names(item.groups), "、".join(c.kind.value for c in item.cadences)]
    words += [item.deadline.on.isoformat() if item.deadline else "", f"{item.span[0]}-{item.span[1]}"]
    return " | ".join(words)[:_LONGEST_TRACE]


def _names(printed: Iterable[PrintedUnit | PrintedGroup]) -> str:
    return "、".join(name.printed for name in printed)
