"""Who in a unit handles what it has in a task 「经办」: the unit's own note, which nobody else reads."""

from datetime import datetime

from sqlmodel import Field

from tracker.store.tables.columns import Versioned


class ShareHandlerRow(Versioned, table=True):
    """The section and people of `unit_id` that handle a share, while it is that unit's; empty where nobody does.

    `person_id` is one of the unit's accounts, where such a person handles it.
    """

    __tablename__ = "share_handler"

    assignment_id: int = Field(foreign_key="assignment.id", primary_key=True)
    unit_id: int = Field(foreign_key="unit.id")
    words: str = ""
    person_id: int | None = Field(default=None, foreign_key="person.id")
    set_by: str
    set_at: datetime
