"""Organs that issue papers together 「联合印发」 and what their heads have to countersign or said."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, label, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.accounts import Scope
from tracker.domain.circulars.joint import CoIssuerState, Purpose
from tracker.domain.events.decoding import decode_as
from tracker.domain.events.joint import Countersigned
from tracker.store.queries.scopes import within
from tracker.store.rows import as_views
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.co_issuers import CoIssuerRow
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.events import EventRow
from tracker.store.tables.units import UnitRow

_OWN = (
    *("version", "circular_id", "unit_id", "purpose", "place", "name", "state", "matter", "asked_by", "asked_at"),
    *("answer_by", "answer", "answered_by", "answered_at", "dropped_because"),
)


@dataclass(frozen=True, slots=True)
class CoIssuer:
    """One co-issuer of one paper; `answer_by` is inclusive, `version` that of what was asked.

    `corrects` is the number of the paper in whose place this one comes.
    """

    co_issuer_id: int
    version: int
    circular_id: int
    unit_id: int
    purpose: str
    place: int
    name: str
    state: str
    matter: str | None
    asked_by: str | None
    asked_at: datetime | None
    answer_by: date | None
    answer: str | None
    answered_by: str | None
    answered_at: datetime | None
    dropped_because: str | None
    unit_name: str
    type: str
    number: str | None
    title: str
    corrects: str | None

    @property
    def is_open(self) -> bool:
        return self.state == CoIssuerState.ASKED.value

    @property
    def withdraws(self) -> bool:
        return self.purpose == Purpose.WITHDRAWAL.value

    def is_late(self, today: date) -> bool:
        """Tell whether the answer that is wanted has not come by its day."""
        return self.is_open and self.answer_by is not None and self.answer_by < today


@dataclass(frozen=True, slots=True)
class Returned:
    """What a head said when he gave a paper back."""

    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CountersignCount:
    """How many organs co-issue a paper, how many of them agreed, and who was asked and has not answered since when."""

    organs: int
    agreed: int
    open: tuple[CoIssuer, ...]


def co_issuers_of(session: Session, *, circular_id: int, unit_ids: Scope) -> tuple[CoIssuer, ...]:
    """Return the co-issuers of a paper that are among some units, dropped ones too, the first printed first."""
    wanted = _heads().where(col(CoIssuerRow.circular_id) == circular_id, within(unit_ids, col(CoIssuerRow.unit_id)))
    return _read(session, wanted.order_by(col(CoIssuerRow.purpose), col(CoIssuerRow.place), col(CoIssuerRow.id)))


def other_co_issuers(session: Session, *, circular_id: int, unit_ids: frozenset[int]) -> tuple[CoIssuer, ...]:
    """Return the organs that issue a paper beside some units that do, too, the first printed first; else none.

    Who signs a paper sees who signs it with him and how far they are, not in what words.
    """
    among = select(col(CoIssuerRow.id)).where(*_issues(circular_id), col(CoIssuerRow.unit_id).in_(list(unit_ids)))
    wanted = _heads().where(*_issues(circular_id), col(CoIssuerRow.unit_id).not_in(list(unit_ids)), among.exists())
    found = _read(session, wanted.order_by(col(CoIssuerRow.place), col(CoIssuerRow.id)))
    return tuple(replace(one, answer=None) for one in found)


def returned_before(session: Session, *, circular_id: int) -> Mapping[int, tuple[Returned, ...]]:
    """Return by co-issuer what heads gave back of a paper, whatever was asked or signed since, the first first."""
    wanted = select(col(EventRow.payload), col(EventRow.actor), col(EventRow.occurred_at)).where(
        col(EventRow.type) == Countersigned.type, col(EventRow.payload).contains(f'"circular_id": {circular_id}')
    )
    found: dict[int, list[Returned]] = {}
    for payload, by, at in session.execute(wanted.order_by(col(EventRow.seq))):
        told = decode_as(Countersigned, json.loads(payload))
        if told.circular_id == circular_id and not told.agrees:
            found.setdefault(told.co_issuer_id, []).append(Returned(told.words, by, at))
    return {id_: tuple(several) for id_, several in found.items()}


def co_issuer(session: Session, *, co_issuer_id: int, unit_ids: Scope) -> CoIssuer | None:
    """Return one co-issuer that is among some units; None where it is not."""
    wanted = _heads().where(col(CoIssuerRow.id) == co_issuer_id, within(unit_ids, col(CoIssuerRow.unit_id)))
    return next(iter(_read(session, wanted)), None)


def joint_names(session: Session, circular_id: int) -> tuple[str, ...]:
    """Return the organs that a paper prints after its host, in their order."""
    wanted = select(col(CoIssuerRow.name)).where(*_issues(circular_id))
    return tuple(session.scalars(wanted.order_by(col(CoIssuerRow.place), col(CoIssuerRow.id))))


def joint_units(session: Session, circular_id: int) -> tuple[int, ...]:
    """Return the units that issue a paper with its host."""
    return tuple(session.scalars(select(col(CoIssuerRow.unit_id)).where(*_issues(circular_id))))


def issuing_names(session: Session, circular_id: int | None, *, host: str) -> frozenset[str]:
    """Return every name, full or short, of the units that issue a paper: its host's and its co-issuers'.

    Without a paper those of the host alone.
    """
    ids = joint_units(session, circular_id) if circular_id is not None else ()
    wanted = select(col(UnitRow.full_name), col(UnitRow.short_name)).where(
        or_(col(UnitRow.id).in_(ids), col(UnitRow.full_name) == host)
    )
    names = {name for both in session.execute(wanted) for name in both if name}
    return frozenset({host, *names, *(joint_names(session, circular_id) if circular_id is not None else ())})


def to_countersign(session: Session, *, unit_ids: Collection[int]) -> tuple[CoIssuer, ...]:
    """Return what the heads of units are asked to countersign, the first wanted first."""
    wanted = _heads().where(col(CoIssuerRow.unit_id).in_(list(unit_ids)), is_one_of(col(CoIssuerRow.state), "asked"))
    return _read(session, wanted.order_by(col(CoIssuerRow.answer_by), col(CoIssuerRow.id)))


def returned_countersigns(session: Session) -> tuple[CoIssuer, ...]:
    """Return what heads gave back and the office has not asked anew, the first given back first."""
    wanted = _heads().where(is_one_of(col(CoIssuerRow.state), "returned"))
    return _read(session, wanted.order_by(col(CoIssuerRow.answered_at), col(CoIssuerRow.id)))


def open_countersigns(session: Session) -> tuple[CoIssuer, ...]:
    """Return whatever any head was asked to countersign and has not answered, the first asked first."""
    wanted = _heads().where(is_one_of(col(CoIssuerRow.state), "asked"))
    return _read(session, wanted.order_by(col(CoIssuerRow.asked_at), col(CoIssuerRow.id)))


def countersign_counts(session: Session, circular_ids: Collection[int]) -> Mapping[int, CountersignCount]:
    """Count for papers that are issued jointly who agreed, and name who has not answered."""
    kept = col(CoIssuerRow.state) != CoIssuerState.DROPPED.value
    found: dict[int, list[CoIssuer]] = {}
    wanted = _heads().where(col(CoIssuerRow.circular_id).in_(list(circular_ids)), kept)
    for one in _read(session, wanted.order_by(col(CoIssuerRow.place), col(CoIssuerRow.id))):
        found.setdefault(one.circular_id, []).append(one)
    return {
        id_: CountersignCount(
            organs=sum(not one.withdraws for one in several),
            agreed=sum(not one.withdraws and one.state == CoIssuerState.AGREED.value for one in several),
            open=tuple(one for one in several if one.is_open),
        )
        for id_, several in found.items()
    }


def count_countersigns(
    session: Session, *, unit_ids: Collection[int], wanted_until: date | None = None
) -> dict[int, int]:
    """Count by unit what its head is asked to countersign; with `wanted_until` what is wanted by then, or was."""
    days = () if wanted_until is None else (col(CoIssuerRow.answer_by) <= wanted_until,)
    counted = (
        select(col(CoIssuerRow.unit_id), func.count())
        .where(col(CoIssuerRow.unit_id).in_(list(unit_ids)), is_one_of(col(CoIssuerRow.state), "asked"), *days)
        .group_by(col(CoIssuerRow.unit_id))
    )
    return dict(session.execute(counted).all())


def co_issuing_units(session: Session, kinds: Collection[str]) -> tuple[str, ...]:
    """Return the full names of units of some kinds that are none other's by now, in official order."""
    wanted = select(col(UnitRow.full_name)).where(
        col(UnitRow.kind).in_(list(kinds)), col(UnitRow.merged_into_unit_id).is_(None)
    )
    return tuple(session.scalars(wanted.order_by(col(UnitRow.official_order), col(UnitRow.id))))


def _issues(circular_id: int) -> tuple[Any, ...]:  # Any: conditions
    return (
        col(CoIssuerRow.circular_id) == circular_id,
        col(CoIssuerRow.purpose) == Purpose.ISSUE.value,
        col(CoIssuerRow.state) != CoIssuerState.DROPPED.value,
    )


def _read(session: Session, wanted: Select[*tuple[Any, ...]]) -> tuple[CoIssuer, ...]:  # Any: the view types them
    return tuple(as_views(CoIssuer, session.execute(wanted)))


def _heads() -> Select[*tuple[Any, ...]]:  # Any: the view types them
    original = aliased(CircularRow)
    columns = (
        label("co_issuer_id", col(CoIssuerRow.id)),
        *(col(getattr(CoIssuerRow, name)) for name in _OWN),
        label("unit_name", col(UnitRow.short_name)),
        *(col(getattr(CircularRow, name)) for name in ("type", "number", "title")),
        label("corrects", col(original.number)),
    )
    return (
        select(*columns)
        .join(CircularRow, col(CircularRow.id) == col(CoIssuerRow.circular_id))
        .join(UnitRow, col(UnitRow.id) == col(CoIssuerRow.unit_id))
        .outerjoin(original, col(original.id) == col(CircularRow.replaces_id))
    )
