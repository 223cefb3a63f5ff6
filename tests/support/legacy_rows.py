"""Databases as the version before series left them, and its rows, written by its own tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection, MetaData, Table, create_engine, text
from sqlalchemy.engine import make_url

from tracker.domain.calendar import at_local, end_of_day
from tracker.store import schema
from tracker.store.database import Database


@contextmanager
def old_database(kind: str, *, folder: Path, postgres_url: str | None) -> Iterator[Database]:
    """Give a database that stands where the version before left the schema."""
    if kind == "sqlite":
        database = Database(f"sqlite:///{folder / 'old.db'}")
        schema.upgrade_to(database, "0005")
        yield database
        database.dispose()
        return
    assert postgres_url is not None
    name = f"legacy_{folder.name.replace('-', '_').lower()[-40:]}"
    admin = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    database = Database(make_url(postgres_url).set(database=name).render_as_string(hide_password=False))
    schema.upgrade_to(database, "0005")
    yield database
    database.dispose()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@dataclass(slots=True)
class LegacyRows:
    """Writes rows of the version before; remembers the ids of shares, first periods and reports by their story."""

    connection: Connection
    tables: MetaData = field(default_factory=MetaData)
    shares: dict[str, int] = field(default_factory=dict)
    periods: dict[str, int] = field(default_factory=dict)
    reports: dict[str, int] = field(default_factory=dict)

    def put(self, table: str, **values: object) -> int:
        """Insert one row and return its id."""
        found = Table(table, self.tables, autoload_with=self.connection)
        inserted = self.connection.execute(found.insert().values(**values)).inserted_primary_key
        assert inserted is not None
        return int(inserted[0])

    def period(
        self,
        story: str,
        starts_on: date,
        ends_on: date,
        due_on: date,
        *,
        kind: str = "quarterly",
        code: str | None = None,
        state: str = "open",
        due_at: datetime | None = None,
        filed_at: datetime | None = None,
        late: bool = False,
    ) -> int:
        id_ = self.put(
            "period",
            assignment_id=self.shares[story],
            kind=kind,
            code=code or f"{starts_on.year}Q{(starts_on.month + 2) // 3}",
            starts_on=starts_on,
            ends_on=ends_on,
            scheduled_on=due_on,
            due_on=due_on,
            due_at=due_at or end_of_day(due_on),
            state=state,
            filed_at=filed_at,
            late=late,
            version=1,
        )
        self.periods.setdefault(story, id_)
        return id_

    def report(self, story: str, state: str, *, kind: str = "progress", period: str | None = None) -> int:
        filed_at = None if state in ("awaiting_sign_off", "sent_back") else at_local(date(2022, 10, 31), 15, 0)
        decided = state in ("accepted", "returned", "sent_back")
        self.reports[f"{story}/{state}"] = self.put(
            "report",
            assignment_id=self.shares[story],
            period_id=self.periods[period] if period else None,
            kind=kind,
            state=state,
            text=f"{story}：已完成三次走访",
            percent_done=60,
            nil_reason="awaits_policy" if kind == "nil" else None,
            written_by="联络员",
            written_at=at_local(date(2022, 10, 31), 10, 0),
            signed_by="负责人" if filed_at else None,
            filed_at=filed_at,
            late=False,
            decided_by="督查员" if decided else None,
            decided_at=at_local(date(2022, 10, 31), 16, 0) if decided else None,
            decision_reason="缺少数据来源" if state in ("returned", "sent_back") else None,
            version=1,
        )
        return self.reports[f"{story}/{state}"]

    def unit(self, code: str, name: str, *, order: int) -> int:
        return self.put(
            "unit",
            code=code,
            full_name=name,
            short_name=name,
            kind="市直部门",
            official_order=order,
            needs_sign_off=True,
        )

    def share(self, task: int, unit: int, *, role: str) -> int:
        return self.put(
            "assignment",
            task_id=task,
            unit_id=unit,
            role=role,
            duty="report",
            proposed=False,
            state="working",
            version=1,
        )

    def ask(self, story: str, state: str, old_due_on: date, new_due_on: date) -> None:
        decided = state != "pending"
        self.put(
            "extension",
            period_id=self.periods[story],
            state=state,
            reason="配套政策尚在会签",
            old_due_on=old_due_on,
            new_due_on=new_due_on,
            asked_by="联络员",
            asked_at=at_local(date(2022, 10, 9), 10, 0),
            decided_by="督查员" if decided else None,
            decided_at=at_local(date(2022, 10, 9), 16, 0) if decided else None,
        )
