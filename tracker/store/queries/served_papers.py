"""Papers of the office as they were served: what units have to sign for and to answer, and what came of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, label, or_, select
from sqlmodel import Session, col

from tracker.domain.accounts import Scope
from tracker.domain.calendar import local_day
from tracker.domain.served_papers import ServedState, is_late_with_answer
from tracker.store.queries.circulars import chain_of
from tracker.store.queries.enclosures import Enclosure, enclosed_in_answers
from tracker.store.queries.scopes import within
from tracker.store.rows import as_view
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.served_papers import ServedPaperRow
from tracker.store.tables.units import UnitRow

_OWN = (
    *("version", "circular_id", "unit_id", "state", "wants_answer", "answer_on", "served_at"),
    *("received_by", "received_at", "answer", "written_by", "written_at", "sent_back_because"),
    *("signed_by", "signed_at", "read_by", "read_at"),
)


@dataclass(frozen=True, slots=True)
class ServedPaper:
    """A paper with a unit that it was served on; `answer_on` is inclusive, `version` is that of the service."""

    served_id: int
    version: int
    circular_id: int
    unit_id: int
    state: str
    wants_answer: bool
    answer_on: date | None
    served_at: datetime
    received_by: str | None
    received_at: datetime | None
    answer: str | None
    written_by: str | None
    written_at: datetime | None
    sent_back_because: str | None
    signed_by: str | None
    signed_at: datetime | None
    read_by: str | None
    read_at: datetime | None
    unit_name: str
    type: str
    number: str
    title: str
    files: tuple[Enclosure, ...]

    @property
    def to_receive(self) -> bool:
        return self.state == ServedState.SERVED.value

    @property
    def to_answer(self) -> bool:
        """Tell whether the unit has an answer to write."""
        return self.wants_answer and self.state in (ServedState.SERVED.value, ServedState.RECEIVED.value)

    @property
    def to_sign(self) -> bool:
        return self.state == ServedState.WRITTEN.value

    @property
    def is_unread(self) -> bool:
        """Whether it was answered and nobody of the office has read that."""
        return self.is_answered and self.read_at is None

    @property
    def is_answered(self) -> bool:
        return self.state == ServedState.ANSWERED.value

    @property
    def stands(self) -> bool:
        return self.state != ServedState.ENDED.value

    def is_owed(self, today: date) -> bool:
        """Tell whether an answer is missing after its day, also one that lies with the head of the unit."""
        return not self.is_answered and self.is_late(today)

    def is_late(self, today: date) -> bool:
        """Tell whether the answer came, or is missing, after its day."""
        if not self.wants_answer or not self.stands:
            return False
        answered_on = local_day(self.signed_at) if self.signed_at is not None else None
        return is_late_with_answer(self.answer_on, answered_on=answered_on, today=today)


@dataclass(frozen=True, slots=True)
class ServiceCount:
    """How many units a paper stands with, how many of them signed for it, and how many answered what it asks.

    `late` are the answers that came, or are missing, after their day, `owed` the missing ones of these; `unread` those
    that the office has not read yet.
    """

    units: int
    received: int
    asked: int
    answered: int
    late: int
    owed: int
    unread: int


def papers_with_units(session: Session, *, unit_ids: Collection[int]) -> tuple[ServedPaper, ...]:
    """Return what units have to sign for or to answer, also what lies with the head: the first wanted first."""
    wanted = _heads().where(col(ServedPaperRow.unit_id).in_(list(unit_ids)), _is_open())
    found = (paper for paper in _read(session, wanted) if paper.to_receive or paper.to_answer or paper.to_sign)
    return tuple(sorted(found, key=lambda one: (one.answer_on or date.max, one.served_id)))


def services_of_paper(session: Session, *, circular_id: int, unit_ids: Scope) -> tuple[ServedPaper, ...]:
    """Return with whom of some units a paper stands, in official order."""
    wanted = _heads().where(
        col(ServedPaperRow.circular_id) == circular_id, within(unit_ids, col(ServedPaperRow.unit_id))
    )
    return _read(session, wanted.order_by(col(UnitRow.official_order), col(ServedPaperRow.id)))


def services_before(session: Session, *, circular_id: int, unit_ids: Scope) -> tuple[ServedPaper, ...]:
    """Return how the editions that a paper corrects stood with some units, where words were written; the last first."""
    row = session.get(CircularRow, circular_id)
    earlier = chain_of(session, row)[1:] if row is not None else []
    wanted = _heads().where(
        col(ServedPaperRow.circular_id).in_(earlier),
        col(ServedPaperRow.answer).is_not(None),
        within(unit_ids, col(ServedPaperRow.unit_id)),
    )
    return _read(session, wanted.order_by(col(ServedPaperRow.circular_id).desc()))


def served_paper(session: Session, *, served_id: int, unit_ids: Scope) -> ServedPaper | None:
    """Return one paper that was served on one of some units; None where it was not."""
    wanted = _heads().where(col(ServedPaperRow.id) == served_id, within(unit_ids, col(ServedPaperRow.unit_id)))
    return next(iter(_read(session, wanted)), None)


def unread_answers(session: Session) -> tuple[ServedPaper, ...]:
    """Return the answers that the office has not read yet, the first signed first."""
    wanted = _heads().where(is_one_of(col(ServedPaperRow.state), "answered"), col(ServedPaperRow.read_at).is_(None))
    return _read(session, wanted.order_by(col(ServedPaperRow.signed_at), col(ServedPaperRow.id)))


def awaited_answers(session: Session) -> tuple[ServedPaper, ...]:
    """Return the answers that units owe by a day, before it and after it, the first day first."""
    asked = col(ServedPaperRow.wants_answer), col(ServedPaperRow.answer_on).is_not(None)
    wanted = _heads().where(_is_open(), *asked)
    return _read(session, wanted.order_by(col(ServedPaperRow.answer_on), col(ServedPaperRow.id)))


def service_counts(
    session: Session, circular_ids: Collection[int], *, unit_ids: Scope, today: date
) -> Mapping[int, ServiceCount]:
    """Count for papers that were served with how many of some units they stand, and what came of it."""
    found: dict[int, list[ServedPaper]] = {}
    wanted = col(ServedPaperRow.circular_id).in_(list(circular_ids)), within(unit_ids, col(ServedPaperRow.unit_id))
    for paper in _read(session, _heads().where(*wanted)):
        if paper.stands:
            found.setdefault(paper.circular_id, []).append(paper)
    return {
        id_: ServiceCount(
            units=len(papers),
            received=sum(paper.received_at is not None for paper in papers),
            asked=sum(paper.wants_answer for paper in papers),
            answered=sum(paper.is_answered for paper in papers),
            late=sum(paper.is_late(today) for paper in papers),
            owed=sum(paper.is_owed(today) for paper in papers),
            unread=sum(paper.is_unread for paper in papers),
        )
        for id_, papers in found.items()
    }


def count_papers(session: Session, *, unit_ids: Collection[int], wanted_until: date | None = None) -> dict[int, int]:
    """Count by unit the papers that wait for its receipt or its answer; what lies with its head is not counted.

    With `wanted_until` those whose answer is wanted by then, that day included, or was.
    """
    days = () if wanted_until is None else (col(ServedPaperRow.answer_on) <= wanted_until,)
    waits = or_(
        col(ServedPaperRow.state) == ServedState.SERVED.value,
        and_(col(ServedPaperRow.state) == ServedState.RECEIVED.value, col(ServedPaperRow.wants_answer)),
    )
    counted = (
        select(col(ServedPaperRow.unit_id), func.count())
        .where(col(ServedPaperRow.unit_id).in_(list(unit_ids)), _is_open(), waits, *days)
        .group_by(col(ServedPaperRow.unit_id))
    )
    return dict(session.execute(counted).all())


def _is_open() -> ColumnElement[bool]:
    """Select what is not over, in the words that the partial index has."""
    return is_one_of(col(ServedPaperRow.state), "served", "received", "written")


def _read(session: Session, wanted: Select[*tuple[Any, ...]]) -> tuple[ServedPaper, ...]:  # Any: the view types them
    rows = session.execute(wanted).all()
    files = enclosed_in_answers(session, [row.served_id for row in rows if row.answer is not None])
    return tuple(as_view(ServedPaper, row, files=files.get(row.served_id, ())) for row in rows)


def _heads() -> Select[*tuple[Any, ...]]:  # Any: the view types them
    columns = (
        label("served_id", col(ServedPaperRow.id)),
        *(col(getattr(ServedPaperRow, name)) for name in _OWN),
        label("unit_name", col(UnitRow.short_name)),
        *(col(getattr(CircularRow, name)) for name in ("type", "number", "title")),
    )
    return (
        select(*columns)
        .join(CircularRow, col(CircularRow.id) == col(ServedPaperRow.circular_id))
        .join(UnitRow, col(UnitRow.id) == col(ServedPaperRow.unit_id))
    )
