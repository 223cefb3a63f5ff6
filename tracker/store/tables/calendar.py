"""Holiday notices that the office imported: they take the place of those that came with the program."""

from datetime import date, datetime

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel


class CalendarYearRow(SQLModel, table=True):
    """The notice about one year; `days` are its holidays and make-up workdays, shaped as in `config/calendar.toml`.

    `imported_at` grows with every import, so that a process sees by it whether its calendar is still right.
    """

    __tablename__ = "calendar_year"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    source: str
    issued_on: date
    days: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))
    imported_at: datetime
    imported_by: str
