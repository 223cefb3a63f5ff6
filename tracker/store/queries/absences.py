"""Who is away, and who may act for him."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, bindparam, exists, label, select, text, true
from sqlalchemy.orm import Mapped, aliased
from sqlmodel import Session, col

from tracker.domain.absences import WITH_DEPUTIES, Person
from tracker.domain.accounts import Role
from tracker.store.rows import as_view, as_views
from tracker.store.tables.absences import IS_STANDING, AbsenceRow
from tracker.store.tables.units import UserRow


@dataclass(frozen=True, slots=True)
class Absence:
    """Leave that has not ended; both days inclusive."""

    absence_id: int
    user_id: int
    name: str
    deputy_id: int | None
    deputy: str | None
    first_on: date
    last_on: date
    reason: str
    set_by: str
    deputy_fits: bool

    @property
    def acting(self) -> str | None:
        """Who acts for him: nobody where the deputy's account, role or unit, or his own, is another by now."""
        return self.deputy if self.deputy_fits else None


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody at work in a unit or in the office, in his role."""

    user_id: int
    name: str
    role: str


def is_away(person_id: Mapped[int | None], on: date) -> ColumnElement[bool]:
    """Select who is away on a day."""
    return exists().where(col(AbsenceRow.user_id) == person_id, *_within(on, on))


def _within(first_on: date, last_on: date) -> tuple[ColumnElement[bool], ...]:
    standing = text(IS_STANDING)
    return (and_(standing), col(AbsenceRow.first_on) <= last_on, col(AbsenceRow.last_on) >= first_on)


def away_within(session: Session, *, first_on: date, last_on: date) -> frozenset[int]:
    """Return who is away on one of these days at least."""
    return frozenset(session.scalars(select(col(AbsenceRow.user_id)).where(*_within(first_on, last_on))))


def absences_of(session: Session, *, user_id: int, since: date) -> list[Absence]:
    """Return somebody's leave that lasts until a day or later, the earliest first."""
    return _absences(session, col(AbsenceRow.user_id) == user_id, col(AbsenceRow.last_on) >= since)


def deputised_by(session: Session, *, user_id: int, since: date) -> list[Absence]:
    """Return the leave in which somebody may act that lasts until a day or later, the earliest first."""
    return _absences(session, col(AbsenceRow.deputy_id) == user_id, col(AbsenceRow.last_on) >= since, _FITS)


def lost_deputies(session: Session, *, user_id: int, since: date) -> list[Absence]:
    """Return the leave of or with somebody, until a day or later, whose deputy may not act (any more)."""
    of_him = (col(AbsenceRow.user_id) == user_id) | (col(AbsenceRow.deputy_id) == user_id)
    return _absences(session, of_him, col(AbsenceRow.deputy_id).is_not(None), col(AbsenceRow.last_on) >= since, ~_FITS)


_ABSENT, _DEPUTY = aliased(UserRow), aliased(UserRow)
_FITS = and_(
    col(_DEPUTY.role).is_not_distinct_from(col(_ABSENT.role)),  # nobody's, where there is no deputy, is none
    col(_DEPUTY.unit_id).is_not_distinct_from(col(_ABSENT.unit_id)),
    col(_DEPUTY.active).is_not_distinct_from(true()),
    col(_ABSENT.active).is_(True),
)
_ABSENCES = (
    select(
        label("absence_id", col(AbsenceRow.id)),
        col(AbsenceRow.user_id),
        label("name", col(_ABSENT.name)),
        col(AbsenceRow.deputy_id),
        label("deputy", col(_DEPUTY.name)),
        col(AbsenceRow.first_on),
        col(AbsenceRow.last_on),
        col(AbsenceRow.reason),
        col(AbsenceRow.set_by),
        label("deputy_fits", _FITS),
    )
    .join(_ABSENT, col(_ABSENT.id) == col(AbsenceRow.user_id))
    .outerjoin(_DEPUTY, col(_DEPUTY.id) == col(AbsenceRow.deputy_id))
    .where(text(IS_STANDING))
    .order_by(col(AbsenceRow.first_on), col(AbsenceRow.id))
)
# Asked with every page.
_TO_ACT_FOR = _ABSENCES.where(
    col(AbsenceRow.deputy_id) == bindparam("deputy_id"),
    col(AbsenceRow.first_on) <= bindparam("on"),
    col(AbsenceRow.last_on) >= bindparam("on"),
    _FITS,
)


def may_act_for(session: Session, *, user_id: int, on: date) -> list[Absence]:
    """Return for whom somebody may act on a day: nobody whose account, role or unit is another by now."""
    return as_views(Absence, session.execute(_TO_ACT_FOR, {"deputy_id": user_id, "on": on}))


def _absences(session: Session, *conditions: ColumnElement[bool]) -> list[Absence]:
    return as_views(Absence, session.execute(_ABSENCES.where(*conditions)))


def person(session: Session, *, user_id: int) -> Person | None:
    """Return whom an arrangement is about; None where there is no such account."""
    found = session.execute(
        select(label("user_id", col(UserRow.id)), col(UserRow.role), col(UserRow.unit_id), col(UserRow.active)).where(
            col(UserRow.id) == user_id
        )
    ).first()
    return as_view(Person, found) if found else None


def heads_of(session: Session, *, unit_id: int | None) -> Sequence[int]:
    """Return the heads at work in a unit; the office has none."""
    of_unit = col(UserRow.unit_id) == unit_id, col(UserRow.role) == Role.UNIT_HEAD.value
    return session.scalars(select(col(UserRow.id)).where(*of_unit, col(UserRow.active).is_(True))).all()  # type: ignore[return-value]


def colleagues(session: Session, *, unit_id: int | None) -> Sequence[Colleague]:
    """Return who is at work in a unit, or in the office and among the leaders, in the order of their accounts."""
    of_unit = col(UserRow.unit_id).is_(None) if unit_id is None else col(UserRow.unit_id) == unit_id
    wanted = select(label("user_id", col(UserRow.id)), col(UserRow.name), col(UserRow.role)).where(
        of_unit, col(UserRow.active).is_(True), col(UserRow.role).in_([role.value for role in WITH_DEPUTIES])
    )
    return as_views(Colleague, session.execute(wanted.order_by(col(UserRow.id))))
