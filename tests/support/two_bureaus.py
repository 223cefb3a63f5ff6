"""Two bureaus with an instruction each, to which the same things have happened: nothing of one is the other's.

Whatever is written for 市商务局 says 鹿鸣, for 市交通运输局 鹤唳, so that a word tells where a page or a query shows
somebody what is not his. What each of them writes itself, and is told by the office, says 内情 too: that is for the
office and the bureau, whoever else has a share. The office's own papers say 雁行, which no unit reads.

`two_bureaus_life` plays the city.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from tests.support.owed_city import at
from tracker.domain.accounts import SYSTEM, Actor, Role
from tracker.services import Services
from tracker.store.database import Database
from tracker.store.tables.series import FormRow
from tracker.store.tables.units import LoginRow, UnitRow, UserRow

OFFICE_WORD, INSIDE = "雁行", "内情"
# A unit that has no share in anything.
IDLE = "dag"
GOT, FILED, NOW = at(8, 26), at(9, 27), at(9, 28)
_OF_LOG_INS = SQLModel.metadata.tables[str(LoginRow.__tablename__)]


@dataclass(frozen=True, slots=True)
class Bureau:
    """One of the two: its code, the word that marks its matter, its instruction and its names."""

    code: str
    word: str
    number: str
    name: str
    full_name: str


OURS = Bureau("swj", "鹿鸣", "市长批示〔2022〕7号", "市商务局", "驻马店市商务局")
THEIRS = Bureau("jtj", "鹤唳", "市长批示〔2022〕8号", "市交通运输局", "驻马店市交通运输局")


@dataclass(frozen=True, slots=True)
class TwoBureaus:
    """The city as it stands on 28 September 2022, and the ids in it by name, `swj.working share` for one."""

    services: Services
    ids: Mapping[str, int]

    @property
    def database(self) -> Database:
        return self.services.database

    def actor(self, login: str) -> Actor:
        """Return whom an account stands for; `system` is nobody's.

        `nobody` is asked in the name of no unit, which no account can: his own unit has nothing to do.
        """
        if login == "system":
            return SYSTEM
        with self.database.reading() as session:
            user = session.scalars(select(UserRow).where(col(UserRow.login) == login)).one()
            unit_id = user.unit_id if login != "nobody" else None
            unit = session.get(UnitRow, unit_id) if unit_id else None
            return Actor(user.id, user.name, Role(user.role), unit_id, unit.short_name if unit else None)

    def of(self, bureau: Bureau, name: str) -> int:
        return self.ids[f"{bureau.code}.{name}"]

    def row(self, session: Session, bureau: Bureau, matter: str) -> FormRow:
        """Return the first row of a bureau's share in the task of a matter."""
        wanted = select(FormRow).where(col(FormRow.assignment_id) == self.of(bureau, f"{matter} share"))
        return session.scalars(wanted.order_by(col(FormRow.id)).limit(1)).one()


def all_rows(database: Database) -> Mapping[str, list[tuple[Any, ...]]]:  # Any: what the columns hold
    """Return all that there is, but for who is logged in."""
    tables = [table for table in SQLModel.metadata.sorted_tables if table is not _OF_LOG_INS]
    with database.engine.connect() as connection:
        return {table.name: [tuple(row) for row in connection.execute(table.select())] for table in tables}
