"""What every fact that has happened is: the event log, the outbox and the timeline are made of these."""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact. `task_id` and `unit_id` say whose timeline it belongs to."""

    type: ClassVar[str]

    task_id: int | None = None
    unit_id: int | None = None

    def key(self) -> str | None:
        """Return what makes two records the same fact; None where each record is a fact of its own."""
        return None

    def about(self) -> str | None:
        """Return by what else than its task and unit the event is looked for; None where by nothing."""
        return None

    def payload(self) -> dict[str, object]:
        """Return the fields as JSON values; days and times in ISO form."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, dict):
        return {name: _plain(entry) for name, entry in value.items()}
    return value
