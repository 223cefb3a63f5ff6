"""A correction teaches 「沿用更正」: what was corrected once is read so in later documents of the issuer.

Until the office takes it back; nothing is taught that names of the registry contradict.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.accounts import Actor, Role, require_role
from tracker.domain.errors import BadInput, NotFound, Rejected
from tracker.domain.events.drafts import CorrectionAct
from tracker.domain.events.lessons import LessonTaught, LessonWithdrawn
from tracker.domain.quoting import quoted
from tracker.domain.readings.corrections import NoSuchItem, replace_item
from tracker.domain.readings.item import Item
from tracker.domain.readings.lessons import (
    LabelRole,
    LessonUnclear,
    Taught,
    names_replaced,
    responsible_as,
    with_units,
)
from tracker.domain.readings.reading import Reading
from tracker.domain.units import NameTaken, UnitRegistry
from tracker.intake import read_stretch
from tracker.intake.strange_labels import holds_label, strange_labels
from tracker.steps.drafts import Correction, keep_corrections, open_draft
from tracker.store import event_log
from tracker.store.queries.unit_names import lock_names
from tracker.store.tables.drafts import DraftRow, read_content
from tracker.store.tables.lessons import LessonRow
from tracker.store.tables.units import UnitRow


class IssuerMissing(BadInput):
    """Nobody said yet whose document a draft is, so nothing can be taught of the issuer's others."""

    code = "issuer_missing"


class TaughtOtherwise(Rejected):
    """Something else was taught of a name or label of this issuer's; facts: name, issuer."""

    code = "taught_otherwise"


class UnitNotInRegistry(BadInput):
    """A name is to stand for a unit that the registry does not know; facts: name."""

    code = "unit_not_in_registry"


class LabelNotPrinted(BadInput):
    """The text holds no such label that the intake does not know; facts: name."""

    code = "label_not_printed"


class WithdrawnAlready(Rejected):
    """Somebody took the lesson back already."""

    code = "lesson_withdrawn_already"


@dataclass(frozen=True, slots=True)
class ToTeach:
    """What a correction teaches: the names that it replaces, where `names`, and roles of labels."""

    names: bool = False
    labels: Mapping[str, LabelRole] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return self.names or bool(self.labels)


NOTHING_TO_TEACH = ToTeach()


@dataclass(frozen=True, slots=True)
class _Class:
    """Of which draft, and for which issuer, a person teaches."""

    session: Session
    row: DraftRow
    issuer: str
    actor: Actor
    at: datetime


def correct_and_teach(
    session: Session,
    change: Callable[[Reading], Reading],
    to_teach: ToTeach,
    *,
    draft_id: int,
    version: int,
    act: str,
    place: int,
    registry: UnitRegistry,
    actor: Actor,
    at: datetime,
) -> int:
    """Correct one item and teach what the correction says; return how many other items are read so now, too.

    Records DraftCorrected, of each item that changes, and LessonTaught. Raises NotFound, DraftClosed, Stale,
    NoSuchItem, IssuerMissing, LessonUnclear, NameTaken, TaughtOtherwise, UnitNotInRegistry, LabelNotPrinted, and what
    the change itself refuses.
    """
    require_role(actor, Role.SUPERVISOR, act="break_down")
    row = open_draft(session, draft_id=draft_id, version=version)
    before = read_content(row.content)
    after = change(before)
    if place >= len(before.items):
        raise NoSuchItem(index=place + 1)
    if after != before:
        step = Correction(before=before, after=after, place=place)
        keep_corrections(session, row, [step], act=act, actor=actor, at=at)
    room = _room(session, row, actor=actor, at=at)
    old, new = before.items[place], after.items[place]
    units = _unit_codes(names_replaced(old, new), registry) if to_teach.names else {}
    _refuse_other_labels(before.text[slice(*old.span)], to_teach.labels)
    _teach(room, Taught(units, to_teach.labels), registry)
    return _read_again(room, Taught(units, to_teach.labels))


def teach_names(
    session: Session,
    names: Mapping[str, int],
    *,
    draft_id: int,
    version: int,
    registry: UnitRegistry,
    actor: Actor,
    at: datetime,
) -> int:
    """Teach which units (by id) printed names of a draft mean in its issuer's documents; return how many items changed.

    Records LessonTaught, and DraftCorrected of each item. Raises NotFound, DraftClosed, Stale, IssuerMissing,
    LessonUnclear, NameTaken, TaughtOtherwise.
    """
    require_role(actor, Role.SUPERVISOR, act="break_down")
    room = _room(session, open_draft(session, draft_id=draft_id, version=version), actor=actor, at=at)
    wanted = select(col(UnitRow.id), col(UnitRow.code)).where(col(UnitRow.id).in_(names.values()))
    codes = dict(session.execute(wanted).all())
    if not set(names.values()) <= set(codes):
        raise NotFound()
    if not all(names):
        raise LessonUnclear()
    taught = Taught({name: codes[unit_id] for name, unit_id in names.items()})
    _teach(room, taught, registry)
    return _read_again(room, taught)


def withdraw_lesson(session: Session, *, lesson_id: int, actor: Actor, at: datetime) -> None:
    """Take a lesson back: later documents are read without it. Records LessonWithdrawn.

    What was read with it stays as it was corrected or approved. Raises NotFound, WithdrawnAlready.
    """
    require_role(actor, Role.SUPERVISOR, act="break_down")
    row = session.get(LessonRow, lesson_id, with_for_update=True)
    if row is None:
        raise NotFound()
    if row.withdrawn_at is not None:
        raise WithdrawnAlready()
    row.withdrawn_by, row.withdrawn_at = actor.name, at
    event = LessonWithdrawn(lesson_id=lesson_id, unit_id=row.unit_id, issuer=row.issuer, printed=row.printed)
    event_log.record(session, event, actor=actor, at=at)


def _room(session: Session, row: DraftRow, *, actor: Actor, at: datetime) -> _Class:
    issuer = read_content(row.content).issuer
    if not issuer:
        raise IssuerMissing()
    return _Class(session, row, issuer, actor, at)


def _unit_codes(pairs: tuple[tuple[str, str], ...], registry: UnitRegistry) -> dict[str, str]:
    """Return by each name the code of the unit that was put in its place."""
    found: dict[str, str] = {}
    for printed, meant in pairs:
        unit = registry.resolve(meant)
        if unit is None:
            raise UnitNotInRegistry(name=meant)
        if found.setdefault(printed, unit.code) != unit.code:
            raise LessonUnclear()
    return found


def _refuse_other_labels(text: str, labels: Mapping[str, LabelRole]) -> None:
    strange = strange_labels(text)
    for name in labels:
        if name not in strange:
            raise LabelNotPrinted(name=name)


def _teach(room: _Class, taught: Taught, registry: UnitRegistry) -> None:
    """Keep what is taught and not known yet; meanwhile nobody else enters a name."""
    lock_names(room.session)
    wanted = select(col(UnitRow.code), col(UnitRow.id)).where(col(UnitRow.code).in_(taught.units.values()))
    ids = dict(room.session.execute(wanted).all())
    for printed, code in taught.units.items():
        if registry.knows(printed):
            raise NameTaken(name=printed)
        _keep(room, printed, unit_id=ids[code])
    for printed, role in taught.labels.items():
        _keep(room, printed, role=role)


def _keep(room: _Class, printed: str, *, unit_id: int | None = None, role: LabelRole | None = None) -> None:
    """Keep one lesson, unless it stands already. Records LessonTaught. Raises TaughtOtherwise."""
    standing = select(LessonRow).where(
        col(LessonRow.issuer) == room.issuer,
        col(LessonRow.printed) == printed,
        col(LessonRow.withdrawn_at).is_(None),
    )
    known = room.session.scalars(standing).first()
    if known is not None:
        if (known.unit_id, known.role) != (unit_id, role):
            raise TaughtOtherwise(name=printed, issuer=room.issuer)
        return
    row = LessonRow(
        issuer=room.issuer,
        printed=printed,
        unit_id=unit_id,
        role=role.value if role else None,
        draft_id=room.row.id or 0,
        taught_by=room.actor.name,
        taught_at=room.at,
    )
    room.session.add(row)
    room.session.flush()
    event = LessonTaught(
        lesson_id=row.id or 0,
        draft_id=row.draft_id,
        unit_id=unit_id,
        issuer=row.issuer,
        printed=printed,
        role=row.role,
    )
    event_log.record(room.session, event, actor=room.actor, at=room.at)


def _read_again(room: _Class, taught: Taught) -> int:
    """Read the draft's items with what was taught, each as a correction of its own; return how many changed."""
    about = "、".join(map(quoted, (*taught.units, *taught.labels)))
    draft, steps = read_content(room.row.content), []
    for place, item in enumerate(draft.items):
        read = with_units(_with_labels(draft, item, taught), taught.units)
        if read != item:
            after = replace_item(draft, place, read)
            steps.append(Correction(before=draft, after=after, place=place, about=about))
            draft = after
    if steps:
        keep_corrections(room.session, room.row, steps, act=CorrectionAct.AGAIN.value, actor=room.actor, at=room.at)
    return len(steps)


def _with_labels(draft: Reading, item: Item, taught: Taught) -> Item:
    """Read who is responsible for an item of which nobody has been found, by the labels that are known now."""
    text = draft.text[slice(*item.span)]
    if item.leads or item.supports or item.assigned_leads or not any(holds_label(text, one) for one in taught.labels):
        return item
    read = read_stretch(draft, *item.span, label=item.label, taught=taught)
    if not read.leads and not read.supports:
        return item
    return responsible_as(item, read)
