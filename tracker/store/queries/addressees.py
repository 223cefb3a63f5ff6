"""Who hears what a unit must hear: its liaisons, else whoever stands in for them.

Whoever is away hears too, and his deputy does in any case, for he has the same role in the same unit.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import label, select
from sqlmodel import Session, col

from tracker.domain.accounts import Role
from tracker.store.queries.absences import is_away
from tracker.store.queries.reminders import Recipient
from tracker.store.tables.units import UnitRow, UserRow
from tracker.wording.catalogue import ROLES
from tracker.wording.codes import OFFICE_NAME

# Whoever may be written to must have a page to read it on, see `web/notices.py`.
HEARING_ROLES = (Role.LIAISON, Role.UNIT_HEAD, Role.SUPERVISOR)


class Route(StrEnum):
    """Why a person hears for a unit."""

    OWN = "own"
    KEEPER = "keeper"
    HEAD = "head"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Hearing:
    """The people who hear for one unit, all for the same reason; `unit_name` is the unit's, not theirs.

    `above` are those to whom its delays climb, where that is asked for.
    """

    unit_name: str
    route: Route
    people: tuple[Recipient, ...]
    above: tuple[Recipient, ...] = ()


class Addressees:
    """Everybody with an active account, ready to be asked who hears for a unit."""

    def __init__(
        self,
        units: Mapping[int, tuple[str, int | None]],
        people: Mapping[tuple[Role, int], list[Recipient]],
        away: Collection[int],
    ):
        self._units, self._people, self._away = units, people, away

    def for_unit(self, unit_id: int) -> Hearing:
        """Return who hears for a unit: its liaisons, else its keeper's, else a head, else the office.

        Where all of them are away whoever comes next hears besides, as long as there is somebody of the unit or its
        keeper. The office's people may be none; everybody in the answer is active.
        """
        name, keeper = self._units[unit_id]
        found: Hearing | None = None
        for route, role, whose in (
            (Route.OWN, Role.LIAISON, unit_id),
            (Route.KEEPER, Role.LIAISON, keeper),
            (Route.HEAD, Role.UNIT_HEAD, unit_id),
            (Route.HEAD, Role.UNIT_HEAD, keeper),
        ):
            if whose is not None and (people := self._people.get((role, whose))):
                more = tuple(people)
                found = replace(found, people=found.people + more) if found else Hearing(name, route, more)
                if any(person.user_id not in self._away for person in more):
                    return found
        return found or Hearing(name, Route.OFFICE, tuple(self._people.get((Role.SUPERVISOR, _NO_UNIT), ())))

    def with_heads(self, unit_id: int) -> Hearing:
        """Return who hears for a unit, and besides its heads, or its keeper's, where they do not hear for it anyway."""
        hearing = self.for_unit(unit_id)
        more = tuple(head for head in self._heads(unit_id) if head not in hearing.people)
        return replace(hearing, people=hearing.people + more)

    def _heads(self, unit_id: int) -> Sequence[Recipient]:
        keeper = self._units[unit_id][1]
        return self._people.get((Role.UNIT_HEAD, unit_id)) or self._people.get((Role.UNIT_HEAD, keeper or _NO_UNIT), [])

    def hearings(self) -> dict[int, Hearing]:
        """Return who hears for every unit that was asked for, and above them its heads and the office."""
        office = self._people.get((Role.SUPERVISOR, _NO_UNIT), [])
        found = {}
        for unit_id in self._units:
            hearing = self.for_unit(unit_id)
            above = (person for person in (*self._heads(unit_id), *office) if person not in hearing.people)
            found[unit_id] = replace(hearing, above=tuple(above))
        return found


_NO_UNIT = 0


def office_people(session: Session) -> Hearing:
    """Return the office's own people, in the order of their accounts."""
    rows = session.execute(
        select(col(UserRow.id), col(UserRow.name), col(UserRow.email))
        .where(col(UserRow.active).is_(True), col(UserRow.role) == Role.SUPERVISOR.value)
        .order_by(col(UserRow.id))
    )
    people = tuple(Recipient(id_, name, email, None, OFFICE_NAME, Role.SUPERVISOR) for id_, name, email in rows)
    return Hearing(OFFICE_NAME, Route.OWN, people)


def one_person(session: Session, *, user_id: int, anybody: bool = False) -> Hearing:
    """Return a person who hears for himself; nobody where he has no page to read it on, but for what `anybody` hears.

    Whoever is of no unit and not of the office stands there by his role.
    """
    roles = Role if anybody else HEARING_ROLES
    wanted = (
        select(col(UserRow.name), col(UserRow.email), col(UserRow.unit_id), col(UnitRow.short_name), col(UserRow.role))
        .outerjoin(UnitRow, col(UnitRow.id) == col(UserRow.unit_id))
        .where(
            col(UserRow.id) == user_id,
            col(UserRow.active).is_(True),
            col(UserRow.role).in_([role.value for role in roles]),
        )
    )
    people = tuple(
        Recipient(user_id, name, email, unit_id, unit_name or _of_no_unit(Role(role)), Role(role))
        for name, email, unit_id, unit_name, role in session.execute(wanted)
    )
    return Hearing(people[0].unit_name if people else OFFICE_NAME, Route.OWN, people)


def _of_no_unit(role: Role) -> str:
    return OFFICE_NAME if role in HEARING_ROLES else ROLES[role]


def chosen_hours(session: Session) -> list[int]:
    """Return the hours, rising, that people with an active account chose for their digests."""
    wanted = select(col(UserRow.digest_hour)).where(
        col(UserRow.active).is_(True), col(UserRow.digest_hour).is_not(None)
    )
    return sorted({hour for hour in session.scalars(wanted) if hour is not None})


def addressees(session: Session, *, on: date, unit_id: int | None = None) -> Addressees:
    """Return who hears on a day for all units, or for one; the people of each in the order of their accounts."""
    units = select(col(UnitRow.id), col(UnitRow.short_name), col(UnitRow.kept_by_unit_id))
    if unit_id is not None:
        units = units.where(col(UnitRow.id) == unit_id)
    known = {id_: (name, keeper_id) for id_, name, keeper_id in session.execute(units)}
    people = (
        select(
            *(col(UserRow.role), col(UserRow.digest_hour)),
            label("user_id", col(UserRow.id)),
            col(UserRow.name),
            col(UserRow.email),
            col(UserRow.unit_id),
            label("unit_name", col(UnitRow.short_name)),
            label("away", is_away(col(UserRow.id), on)),
        )
        .outerjoin(UnitRow, col(UnitRow.id) == col(UserRow.unit_id))
        .where(
            col(UserRow.active).is_(True),
            col(UserRow.role).in_([role.value for role in HEARING_ROLES]),
        )
        .order_by(col(UserRow.id))
    )
    if unit_id is not None:
        near = [unit_id, known[unit_id][1]]
        people = people.where(col(UserRow.unit_id).in_(near) | (col(UserRow.role) == Role.SUPERVISOR.value))
    found: dict[tuple[Role, int], list[Recipient]] = {}
    rows = session.execute(people).all()
    for row in rows:
        role = Role(row.role)
        person = Recipient(
            user_id=row.user_id,
            name=row.name,
            address=row.email,
            unit_id=row.unit_id,
            unit_name=row.unit_name or OFFICE_NAME,
            role=role,
            digest_hour=row.digest_hour,
        )
        found.setdefault((role, _NO_UNIT if role is Role.SUPERVISOR else row.unit_id or _NO_UNIT), []).append(person)
    return Addressees(known, found, {row.user_id for row in rows if row.away})
