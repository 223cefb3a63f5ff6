"""Importing this package registers every table with SQLModel's metadata."""

from tracker.store.tables import circulars, documents, drafts, events, tasks, units

__all__ = ["circulars", "documents", "drafts", "events", "tasks", "units"]
