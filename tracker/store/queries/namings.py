"""Praise and criticism by name as they were served on units: of a paper, of a unit, what waits for an answer."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, exists, label, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.accounts import Role, Scope
from tracker.domain.circulars.content import Source, tokens
from tracker.domain.circulars.editions import EditionState
from tracker.domain.circulars.paragraphs import paragraphs
from tracker.domain.circulars.proposals import is_naming
from tracker.domain.circulars.work_done import UNTRUE
from tracker.domain.events.decoding import decode_as
from tracker.domain.events.namings import NamingLeftOut
from tracker.domain.events.reports import ReportSentBack
from tracker.domain.namings import NamingState
from tracker.store.queries.circulars import chain_of
from tracker.store.queries.nobody import somebody
from tracker.store.queries.scopes import within
from tracker.store.queries.units import present_units
from tracker.store.rows import as_views
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.events import EventRow
from tracker.store.tables.namings import NamingRow
from tracker.store.tables.units import UnitRow

_OWN = (
    *("version", "circular_id", "unit_id", "act", "key", "words", "state", "served_at", "answer_by"),
    *("answer", "answered_by", "answered_at", "kept_because", "kept_by"),
)


@dataclass(frozen=True, slots=True)
class Told:
    """One edition by its number, None of a draft: its state, and whether it names a unit for what was served on it."""

    number: str | None
    state: str
    named: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What the office wrote when it gave a report back as untrue."""

    at: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Naming:
    """What a paper would say, or says, of a unit; `answer_by` is inclusive, `paper_state` that of the edition."""

    naming_id: int
    version: int
    circular_id: int
    unit_id: int
    act: str
    key: str
    words: str
    state: str
    served_at: datetime
    answer_by: date
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None
    kept_because: str | None
    kept_by: str | None
    unit_name: str
    title: str
    number: str | None
    paper_state: str
    is_redrafted: bool

    def is_open(self, today: date, *, head: bool) -> bool:
        """Tell whether somebody of the unit may answer it yet: the liaison once, the head until its days are over."""
        runs = self.state != NamingState.ENDED.value and self.paper_state == EditionState.DRAFT.value
        return runs and today <= self.answer_by and (head or self.answered_at is None)

    @property
    def is_proposed(self) -> bool:
        """Tell whether a liaison agreed, and the head may object yet."""
        return self.state == NamingState.SERVED.value and self.answered_at is not None

    @property
    def to_keep(self) -> bool:
        """Tell whether the office has to say why it names the unit all the same, or to leave it out."""
        return self.state == NamingState.OBJECTED.value and self.kept_because is None


def namings_of_paper(session: Session, *, circular_id: int) -> tuple[Naming, ...]:
    """Return what was served for an edition and for those that it corrects, in the order of service."""
    row = session.get(CircularRow, circular_id)
    if row is None:
        return ()
    wanted = _heads().where(col(NamingRow.circular_id).in_(chain_of(session, row)))
    return _read(session, wanted.order_by(col(NamingRow.id)))


def open_namings(session: Session, *, unit_ids: Collection[int], today: date, head: bool = False) -> tuple[Naming, ...]:
    """Return what units have to answer yet, the first wanted first; for a `head` also to what a liaison agreed."""
    unanswered = () if head else (col(NamingRow.answered_at).is_(None),)
    wanted = _heads().where(
        *unanswered,
        col(NamingRow.unit_id).in_(list(unit_ids)),
        is_one_of(col(NamingRow.state), "served"),
        col(NamingRow.answer_by) >= today,
        col(CircularRow.state) == EditionState.DRAFT.value,
    )
    return _read(session, wanted.order_by(col(NamingRow.answer_by), col(NamingRow.id)))


def outcome_of(session: Session, naming: Naming) -> tuple[list[Told], bool]:
    """Return what the paper and each issued one that took its place said of it, and whether it was taken out.

    The last of them is the one that is valid, unless it was withdrawn. Taken out by the office after an objection.
    """
    one: CircularRow | None = session.get_one(CircularRow, naming.circular_id)
    found: list[Told] = []
    while one is not None:
        found.append(Told(one.number, one.state, naming.key in keys_of(one)))
        later = select(CircularRow).where(col(CircularRow.replaces_id) == one.id, col(CircularRow.number).is_not(None))
        one = session.scalars(later).first()
    return found, naming.naming_id in _left_out(session, {naming.unit_id})


def objections_waiting(session: Session) -> tuple[Naming, ...]:
    """Return the objections to which the office owes an answer in a draft, the first raised first.

    What it took out of the text after the objection waits no more, unless it stands there again.
    """
    wanted = _heads().where(
        is_one_of(col(NamingRow.state), "objected"),
        col(NamingRow.kept_because).is_(None),
        col(CircularRow.state) == EditionState.DRAFT.value,
    )
    found = _read(session, wanted.order_by(col(NamingRow.answered_at), col(NamingRow.id)))
    out = _left_out(session, {one.unit_id for one in found})
    return tuple(one for one in found if one.naming_id not in out or _is_said(session, one))


def _left_out(session: Session, unit_ids: Collection[int]) -> set[int]:
    """Return the namings that were taken out of the text after an objection, or left out at the issue."""
    told = select(col(EventRow.payload)).where(
        col(EventRow.type) == NamingLeftOut.type, col(EventRow.unit_id).in_(list(unit_ids))
    )
    return {decode_as(NamingLeftOut, json.loads(payload)).naming_id for payload in session.scalars(told)}


def _is_said(session: Session, one: Naming) -> bool:
    return one.key in keys_of(session.get_one(CircularRow, one.circular_id))


def has_head(session: Session, *, unit_id: int) -> bool:
    """Tell whether who has the work of a unit today, or its keeper, has a head with an account."""
    wanted = select(col(UnitRow.id)).where(
        col(UnitRow.id).in_(present_units(session, [unit_id])),
        somebody(Role.UNIT_HEAD, unit_id=col(UnitRow.id), keeper_id=col(UnitRow.kept_by_unit_id)),
    )
    return session.scalars(wanted).first() is not None


def naming_of_unit(session: Session, *, naming_id: int, unit_ids: Scope) -> Naming | None:
    """Return what was served on one of some units, with the title of its paper; None where it was not."""
    wanted = _heads().where(col(NamingRow.id) == naming_id, within(unit_ids, col(NamingRow.unit_id)))
    return next(iter(_read(session, wanted)), None)


def findings_of(session: Session, sources: Iterable[Source]) -> tuple[Finding, ...]:
    """Return in its own words what the office found of the reports for which a unit would be named as untrue."""
    events = [seq for source in sources if source.status == UNTRUE for seq in source.events]
    told = select(EventRow).where(col(EventRow.seq).in_(events), col(EventRow.type) == ReportSentBack.type)
    rows = session.scalars(told.order_by(col(EventRow.seq)))
    return tuple(Finding(row.occurred_at, decode_as(ReportSentBack, json.loads(row.payload)).reason) for row in rows)


def keys_of(row: CircularRow) -> list[str]:
    """Return the keys of the proposals whose sentences stand in a paper."""
    return [key for one in paragraphs(row.statements) for key in tokens(one.words) if is_naming(key)]


def _read(session: Session, wanted: Select[*tuple[Any, ...]]) -> tuple[Naming, ...]:  # Any: the view types them
    return tuple(as_views(Naming, session.execute(wanted)))


def _heads() -> Select[*tuple[Any, ...]]:  # Any: the view types them
    anew = aliased(CircularRow)
    columns = (
        label("naming_id", col(NamingRow.id)),
        *(col(getattr(NamingRow, name)) for name in _OWN),
        label("unit_name", col(UnitRow.short_name)),
        label("title", col(CircularRow.title)),
        label("number", col(CircularRow.number)),
        label("paper_state", col(CircularRow.state)),
        exists().where(col(anew.redrafted_from_id) == col(CircularRow.id)).label("is_redrafted"),
    )
    return (
        select(*columns)
        .join(CircularRow, col(CircularRow.id) == col(NamingRow.circular_id))
        .join(UnitRow, col(UnitRow.id) == col(NamingRow.unit_id))
    )
