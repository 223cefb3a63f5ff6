"""Half-done input is kept for the unit 「草稿」: it is no act, is told to nobody, and goes when the form is sent."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.errors import NotFound
from tracker.domain.filings import FilingKind
from tracker.domain.jottings import JottedElsewhere, JottedMeanwhile, Merged, Sheet, digest, merge, older_field
from tracker.steps.underway import refuse_second_envelope
from tracker.store.queries.jottings import written_by_oneself
from tracker.store.queries.units import units_acted_for, units_read_for
from tracker.store.tables.jottings import JottingRow
from tracker.store.tables.series import PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow


@dataclass(frozen=True, slots=True)
class Place:
    """On which page somebody writes: on the form of a period, else on that of a share, of another kind."""

    kind: FilingKind
    period_id: int | None = None
    assignment_id: int | None = None


@dataclass(frozen=True, slots=True)
class Jot:
    """What a page sent; `shares` are its fields with the share that each is about, `begun` what stands in them."""

    place: Place
    sheet: Sheet
    shares: Mapping[str, int | None]
    begun: Mapping[str, str]


def jot(session: Session, command: Jot, *, actor: Actor, at: datetime) -> Merged:
    """Keep what a page sent where nobody else changed it since the page was opened; return what became of it.

    What the writer kept himself from another page gives way to it, and stays readable.

    Records nothing: nobody has said anything yet. Raises NotFound, NotYourTask, FormSent.
    """
    require_role(actor, Role.LIAISON, Role.UNIT_HEAD, act="report")
    unit_id = _locked(session, command.place, actor=actor)
    if command.place.period_id is not None:
        refuse_second_envelope(session, period_id=command.place.period_id)
    kept = _kept(session, command.place)
    merged = _merge(session, command, kept, actor=actor)
    _keep_older(session, command, merged, kept, unit_id=unit_id)
    for field, text in merged.mine.items():
        share_id = command.shares[field]
        _write(session, command.place, kept.get(field), unit_id, share_id, _Text(field, text, actor.name, at))
    return merged


@dataclass(frozen=True, slots=True)
class _Text:
    """What stands in a field, and who wrote it when."""

    field: str
    text: str
    by: str
    at: datetime


def _write(
    session: Session, place: Place, row: JottingRow | None, unit_id: int, share_id: int | None, written: _Text
) -> None:
    if row is None:
        row = JottingRow(
            unit_id=unit_id,
            kind=place.kind.value,
            period_id=place.period_id,
            assignment_id=share_id,
            field=written.field,
            text=written.text,
            written_by=written.by,
            written_at=written.at,
        )
        session.add(row)
    row.text, row.written_by, row.written_at = written.text, written.by, written.at


def _keep_older(
    session: Session, command: Jot, merged: Merged, kept: Mapping[str, JottingRow], *, unit_id: int
) -> None:
    """Keep the texts of which their own writer's newer words take the place, under names of their own."""
    for field, text in merged.older.items():
        before, name = kept[field], older_field(field)
        written = _Text(name, text, before.written_by, before.written_at)
        _write(session, command.place, kept.get(name), unit_id, command.shares[field], written)


def _merge(session: Session, command: Jot, kept: Mapping[str, JottingRow], *, actor: Actor) -> Merged:
    written = {name: row.written_by for name, row in kept.items()}
    own = written_by_oneself(session, written, user_id=actor.user_id)
    texts = {name: row.text for name, row in kept.items()}
    return merge(command.sheet, kept=texts, begun=command.begun, own=own)


def use_up(session: Session, command: Jot, *, actor: Actor) -> None:
    """Let a draft go with the form that was sent in the same transaction, unless the sender has not seen all of it.

    What stands in fields that the page does not have stays, as does what the sender wrote on another page before his
    newer words. Raises NotFound, NotYourTask, JottedMeanwhile, JottedElsewhere.
    """
    require_role(actor, Role.LIAISON, Role.UNIT_HEAD, act="report")
    unit_id = _locked(session, command.place, actor=actor)
    kept = _kept(session, command.place)
    merged = _merge(session, command, kept, actor=actor)
    if unseen := len(merged.theirs) + len(merged.disputed) - len(merged.own):
        raise JottedMeanwhile(count=unseen)
    if merged.own:
        raise JottedElsewhere(count=len(merged.own))
    _keep_older(session, command, merged, kept, unit_id=unit_id)
    for field, row in kept.items():
        if field in command.shares:
            session.delete(row)


def drop(session: Session, shown: Mapping[int, str], *, actor: Actor) -> int:
    """Delete what of a draft still stands as it was shown, by ids and digests of its texts; return how much did.

    What is gone already is none of it. Raises NotFound, NotYourTask.
    """
    require_role(actor, Role.LIAISON, Role.UNIT_HEAD, act="report")
    rows = session.scalars(select(JottingRow).where(col(JottingRow.id).in_(shown)).with_for_update()).all()
    if not {row.unit_id for row in rows} <= units_read_for(session, actor.unit_id):
        raise NotFound()
    gone = [row for row in rows if digest(row.text) == shown[row.id or 0]]
    for row in gone:
        session.delete(row)
    return len(gone)


def forget(session: Session, place: Place, fields: Collection[str], *, actor: Actor) -> None:
    """Let go what is kept of fields whose words have become an act in the same transaction.

    Raises NotFound, NotYourTask.
    """
    require_role(actor, Role.LIAISON, Role.UNIT_HEAD, act="report")
    _locked(session, place, actor=actor)
    for field, row in _kept(session, place).items():
        if field in fields:
            session.delete(row)


def _locked(session: Session, place: Place, *, actor: Actor) -> int:
    """Let one write at a time on a page; return whose it is. Raises NotFound."""
    if place.period_id is not None:
        period = select(col(PeriodRow.series_id)).where(col(PeriodRow.id) == place.period_id).with_for_update()
        series_id = session.scalars(period).first()
        owner = select(col(SeriesRow.unit_id)).where(col(SeriesRow.id) == series_id)
    else:
        owner = select(col(AssignmentRow.unit_id)).where(col(AssignmentRow.id) == place.assignment_id).with_for_update()
    unit_id = session.scalars(owner).first()
    if unit_id is None or unit_id not in units_acted_for(session, actor.unit_id):
        raise NotFound()
    return unit_id


def _kept(session: Session, place: Place) -> dict[str, JottingRow]:
    wanted = select(JottingRow)
    if place.period_id is not None:
        wanted = wanted.where(col(JottingRow.period_id) == place.period_id)
    else:
        wanted = wanted.where(
            col(JottingRow.period_id).is_(None),
            col(JottingRow.assignment_id) == place.assignment_id,
            col(JottingRow.kind) == place.kind.value,
        )
    return {row.field: row for row in session.scalars(wanted)}
