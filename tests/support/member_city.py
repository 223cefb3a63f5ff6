"""The small city where the monthly reports bind the counties besides the lead, 市商务局, which has a liaison."""

from dataclasses import replace

from tests.support.accounts import NewUser, create_user
from tests.support.owed_city import OwedCity, open_owed_city
from tests.support.readings import small_reading
from tracker.domain.accounts import Role
from tracker.domain.items import Bearer
from tracker.domain.readings.demands import Bound
from tracker.domain.readings.reading import Reading
from tracker.store.database import Database


def reading_that_binds_counties() -> Reading:
    read = small_reading()
    monthly, bound = read.items[0], Bound(Bearer.BOTH)
    cadences = tuple(replace(cadence, bound=bound) for cadence in monthly.cadences)
    targets = tuple(replace(target, bound=bound) for target in monthly.targets)
    return replace(read, items=(replace(monthly, cadences=cadences, targets=targets), *read.items[1:]))


def open_member_city(database: Database, *, lead_hears: bool = True) -> OwedCity:
    """Issue the document; with `lead_hears` the lead has a liaison with an account."""
    city = open_owed_city(database, reading=reading_that_binds_counties())
    if lead_hears:
        with database.transaction() as session:
            create_user(session, NewUser("swj", "王五", Role.LIAISON, "x", "swj"))
    return city
