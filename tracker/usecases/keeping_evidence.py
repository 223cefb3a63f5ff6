"""A unit keeps files at hand for its reports 「佐证箱」: put in, given a last day, replaced, taken out.

What reports carry is theirs: nothing that happens here changes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.boxes import BoxFileChanged, BoxFileGone, is_expired
from tracker.domain.calendar import local_day
from tracker.domain.entries import AttachedFile
from tracker.domain.errors import NotFound
from tracker.domain.events.boxes import BoxFileOut, BoxFilePut, BoxFileTermSet
from tracker.store import event_log
from tracker.store.queries.boxes import numbers_of
from tracker.store.queries.units import units_read_for
from tracker.store.tables.boxes import BoxFileRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as the page showed it, by its number and version."""

    number: int
    version: int


def put_in_box(
    session: Session, file: AttachedFile, *, unit_id: int, good_until: date | None = None, actor: Actor, at: datetime
) -> int:
    """Put a file that is kept into the box of a unit; return its number. Idempotent by unit, name and bytes.

    A file that lies there already keeps its term unless another is named or it is over: who puts it in anew says that
    it is good. Records BoxFilePut, BoxFileTermSet. Raises NotFound, NotYourTask.
    """
    require_role(actor, Role.LIAISON, Role.UNIT_HEAD, act="box")
    if unit_id not in units_read_for(session, actor.unit_id):
        raise NotFound()
    known = _lying_there(session, file, unit_id=unit_id)
    if known is None:
        return _put(session, file, unit_id=unit_id, good_until=good_until, actor=actor, at=at)
    if good_until is not None or is_expired(known.good_until, today=local_day(at)):
        _set_term(session, known, good_until, actor=actor, at=at)
    return known.id or 0


def take_over(
    session: Session, files: Sequence[AttachedFile], *, unit_id: int, actor: Actor, at: datetime
) -> list[int]:
    """Put files that another unit laid under its answer into the box of a unit; return their numbers.

    Of bytes that may be attached from there already, under whatever name, there is no second copy. The caller has
    looked whether the unit reads the answer. Records BoxFilePut. Raises NotFound, NotYourTask.
    """
    session.execute(select(col(UnitRow.id)).where(col(UnitRow.id) == unit_id).with_for_update())  # of two one puts it
    there = numbers_of(session, [file.sha256 for file in files], unit_id=unit_id, today=local_day(at))
    for file in files:
        if file.sha256 not in there:
            there[file.sha256] = put_in_box(session, file, unit_id=unit_id, actor=actor, at=at)
    return [there[file.sha256] for file in files]


def replace_in_box(
    session: Session, seen: Seen, file: AttachedFile, *, good_until: date | None, actor: Actor, at: datetime
) -> int:
    """Put a new version in a file's place; return its number. The same file again is no version, and keeps its own.

    Records BoxFileOut, BoxFilePut. Raises NotFound, NotYourTask, BoxFileGone, BoxFileChanged.
    """
    row = _own(session, seen, actor=actor)
    if (row.sha256, row.name) == (file.sha256, file.name):
        _set_term(session, row, good_until, actor=actor, at=at)
        return row.id or 0
    _take_out(session, row, actor=actor, at=at)
    known = _lying_there(session, file, unit_id=row.unit_id)
    if known is not None:  # it has its own past
        _set_term(session, known, good_until, actor=actor, at=at)
        return known.id or 0
    return _put(session, file, unit_id=row.unit_id, good_until=good_until, replaces_id=row.id, actor=actor, at=at)


def set_term(session: Session, seen: Seen, good_until: date | None, *, actor: Actor, at: datetime) -> None:
    """Set the last day on which a file may be attached, inclusive, or that it has none.

    Records BoxFileTermSet. Raises NotFound, NotYourTask, BoxFileGone, BoxFileChanged.
    """
    _set_term(session, _own(session, seen, actor=actor), good_until, actor=actor, at=at)


def take_out(session: Session, seen: Seen, *, actor: Actor, at: datetime) -> None:
    """Offer a file no more; it is still listed among those taken out.

    Records BoxFileOut. Raises NotFound, NotYourTask, BoxFileGone, BoxFileChanged.
    """
    _take_out(session, _own(session, seen, actor=actor), actor=actor, at=at)


def _own(session: Session, seen: Seen, *, actor: Actor) -> BoxFileRow:
    require_role(actor, Role.LIAISON, Role.UNIT_HEAD, act="box")
    wanted = select(BoxFileRow).where(col(BoxFileRow.id) == seen.number).with_for_update()
    row = session.scalars(wanted).first()
    if row is None or row.unit_id not in units_read_for(session, actor.unit_id):
        raise NotFound()
    if row.out_at is not None:
        raise BoxFileGone(number=row.id, name=row.name)
    if row.version != seen.version:
        raise BoxFileChanged(number=row.id, name=row.name)
    return row


def _lying_there(session: Session, file: AttachedFile, *, unit_id: int) -> BoxFileRow | None:
    session.execute(select(col(UnitRow.id)).where(col(UnitRow.id) == unit_id).with_for_update())  # of two one puts it
    there = select(BoxFileRow).where(
        col(BoxFileRow.unit_id) == unit_id,
        col(BoxFileRow.sha256) == file.sha256,
        col(BoxFileRow.name) == file.name,
        col(BoxFileRow.out_at).is_(None),
    )
    return session.scalars(there).first()


def _put(
    session: Session,
    file: AttachedFile,
    *,
    unit_id: int,
    good_until: date | None,
    replaces_id: int | None = None,
    actor: Actor,
    at: datetime,
) -> int:
    row = BoxFileRow(
        unit_id=unit_id,
        name=file.name,
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        media_type=file.media_type,
        good_until=good_until,
        replaces_id=replaces_id,
        from_report_id=file.from_report_id,
        put_by=actor.name,
        put_at=at,
    )
    session.add(row)
    session.flush()
    number = row.id or 0
    event = BoxFilePut(
        unit_id=unit_id,
        box_file_id=number,
        name=row.name,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        media_type=row.media_type,
        good_until=good_until,
        replaces_id=replaces_id,
        from_report_id=row.from_report_id,
    )
    event_log.record(session, event, actor=actor, at=at)
    return number


def _set_term(session: Session, row: BoxFileRow, good_until: date | None, *, actor: Actor, at: datetime) -> None:
    if row.good_until == good_until:
        return
    row.good_until = good_until
    event = BoxFileTermSet(unit_id=row.unit_id, box_file_id=row.id or 0, good_until=good_until)
    event_log.record(session, event, actor=actor, at=at)


def _take_out(session: Session, row: BoxFileRow, *, actor: Actor, at: datetime) -> None:
    row.out_at, row.out_by = at, actor.name
    event_log.record(session, BoxFileOut(unit_id=row.unit_id, box_file_id=row.id or 0), actor=actor, at=at)
