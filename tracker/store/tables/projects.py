"""Projects that a scheme of evaluation counts 「项目」: lists, values, milestones, checks, exports taken over.

Money is in whole 元, months are their first day.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, Column, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from tracker.domain.projects.checklists import Build, Milestone
from tracker.store.tables.columns import Versioned, partial_index, states

_MONEY = BigInteger


class ProjectRow(Versioned, table=True):
    """A project of a county; known by its code, else by county and name."""

    __tablename__ = "project"
    __table_args__ = (
        states("build", Build, table="project"),
        Index("project_of_unit", "unit_id", "name", unique=True),
        partial_index("project_code", "code", where="code <> ''", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    code: str = ""
    name: str
    unit_id: int = Field(foreign_key="unit.id")
    build: str
    total: int | None = Field(default=None, sa_column=Column(_MONEY))
    planned_start: date | None = None
    planned_finish: date | None = None
    strategic: bool = False
    in_statistics: date | None = None


class ProjectListingRow(SQLModel, table=True):
    """A project on a list of a year since a day; `until` is the day from which it stands there no more.

    Where it came back onto the list there is another row.
    """

    __tablename__ = "project_listing"
    __table_args__ = (
        UniqueConstraint("project_id", "list", "year", "since", name="project_listing_once"),
        Index("project_listing_of", "list", "year"),
    )

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    list: str
    year: int
    since: date
    planned: int | None = Field(default=None, sa_column=Column(_MONEY))
    until: date | None = None


class ProjectImportRow(Versioned, table=True):
    """An export that was put in; `taken_at` once its rows were taken over. `source` says what it comes from."""

    __tablename__ = "project_import"
    __table_args__ = (
        CheckConstraint("(taken_at IS NULL) = (taken_by IS NULL)", name="project_import_taken"),
        Index("project_import_put", "put_at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    list: str
    month: date
    since: date
    source: str
    name: str
    sha256: str
    size_bytes: int
    put_by: str
    put_by_unit_id: int | None = Field(default=None, foreign_key="unit.id", index=True)
    put_at: datetime
    taken_by: str | None = None
    taken_at: datetime | None = None


class ProjectValueRow(SQLModel, table=True):
    """The cumulative investment of the year until the end of a month, as last told."""

    __tablename__ = "project_value"
    __table_args__ = (
        UniqueConstraint("project_id", "month", name="project_value_once"),
        Index("project_value_of_month", "month", "told_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    month: date
    invested: int = Field(sa_column=Column(_MONEY, nullable=False))
    source: str
    told_by: str
    told_at: datetime
    import_id: int | None = Field(default=None, foreign_key="project_import.id", index=True)


class ProjectMilestoneRow(Versioned, table=True):
    """A milestone with its day and ticks: each with its evidence, who ticked and when.

    `confirmed_by` is of the organiser; another day or another tick takes it away.
    """

    __tablename__ = "project_milestone"
    __table_args__ = (
        states("milestone", Milestone, table="project_milestone"),
        UniqueConstraint("project_id", "milestone", name="project_milestone_once"),
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="project_milestone_confirmed"),
    )

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    milestone: str
    reached_on: date | None = None
    ticks: list[dict[str, Any]] = Field(sa_column=Column(JSON, nullable=False))  # Any: a JSON value
    told_by: str
    told_at: datetime
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None


class SiteCheckRow(SQLModel, table=True):
    """What was found on site of the report of a month; `reported` is what stood in the records then."""

    __tablename__ = "site_check"
    __table_args__ = (
        Index("site_check_of", "project_id", "month"),
        Index("site_check_of_month", "month", "checked_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    project_id: int = Field(foreign_key="project.id")
    month: date
    checked_on: date
    holds: bool
    reported: int | None = Field(default=None, sa_column=Column(_MONEY))
    found: int | None = Field(default=None, sa_column=Column(_MONEY))
    words: str
    checked_by: str
    checked_at: datetime


class SitePhotoRow(SQLModel, table=True):
    """A file that was taken on site."""

    __tablename__ = "site_photo"

    id: int | None = Field(default=None, primary_key=True)
    check_id: int = Field(foreign_key="site_check.id", index=True)
    sha256: str
    name: str
    size_bytes: int
    media_type: str
