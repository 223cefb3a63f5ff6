"""The small city once more: a leading group leads its monthly task, and a bureau may keep the group's office."""

from dataclasses import replace

from sqlmodel import Session

from tests.support.accounts import NewUser, create_user
from tests.support.office import BY, ISSUED_AT, OFFICE, City
from tests.support.readings import NUMBER, small_reading, small_registry
from tests.support.remembered import remembered
from tracker.domain.accounts import SYSTEM, Role
from tracker.domain.readings.item import AssignedLead, PrintedUnit
from tracker.domain.readings.reading import Reading
from tracker.domain.units import Unit, UnitKind, UnitRegistry
from tracker.store.database import Database
from tracker.usecases.issuing import issue_document
from tracker.usecases.registering import approve_document, register_document, register_units

GROUP = "lxz"


def city_led_by(
    database: Database, *leads: str, kept_by: str | None = None, assigned: tuple[AssignedLead, ...] = ()
) -> City:
    """Issue the small document with other leads of its monthly task: the group, a party body, a provincial one."""
    key = ("the city led by", leads, kept_by, repr(assigned))
    remembered(database, lambda empty: _open(empty, leads, kept_by, assigned), *key)
    return City(database)


def _open(database: Database, leads: tuple[str, ...], kept_by: str | None, assigned: tuple[AssignedLead, ...]) -> None:
    small = small_registry()
    others = [
        Unit(GROUP, "驻马店市招商引资工作领导小组", "招商领导小组", UnitKind.LEADING_GROUP, 60, kept_by=kept_by),
        Unit("zzb", "中共驻马店市委组织部", "市委组织部", UnitKind.PARTY_DEPARTMENT, 5),
        Unit("sheng", "河南省商务厅", "省商务厅", UnitKind.UPPER_LEVEL, 70),
    ]
    with database.transaction() as session:
        register_units(session, UnitRegistry([*small.units, *others], groups=small.groups), at=ISSUED_AT)
        register_document(session, _reading(leads, assigned), actor=SYSTEM, at=ISSUED_AT)
        approve_document(session, number=NUMBER, basis="市政府常务会议议定", actor=OFFICE, at=ISSUED_AT)
        issue_document(session, number=NUMBER, actor=OFFICE, at=ISSUED_AT, by=BY)


def _reading(leads: tuple[str, ...], assigned: tuple[AssignedLead, ...]) -> Reading:
    reading = small_reading()
    monthly, waiting = reading.items
    printed = tuple(PrintedUnit("市商务局", code) for code in leads)
    return replace(reading, items=(replace(monthly, leads=printed, assigned_leads=assigned), waiting))


def person(session: Session, login: str, *, role: Role, unit: str | None = None) -> None:
    """Enter an account nobody can log in with."""
    create_user(session, NewUser(login, login, role, "!", unit))
