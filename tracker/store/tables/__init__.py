"""Importing this package registers every table with SQLModel's metadata."""

from tracker.store.tables import documents, events, tasks, units

__all__ = ["documents", "events", "tasks", "units"]
