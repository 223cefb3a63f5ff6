"""Importing this package registers every table with SQLModel's metadata."""

from tracker.store.tables import documents, drafts, events, tasks, units

__all__ = ["documents", "drafts", "events", "tasks", "units"]
