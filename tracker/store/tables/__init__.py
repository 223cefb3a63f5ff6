"""Importing this package registers every table with SQLModel's metadata."""

from tracker.store.tables import (
    absences,
    calendar,
    circulars,
    documents,
    drafts,
    events,
    filings,
    inquiries,
    jottings,
    saved_views,
    search,
    second_factors,
    series,
    tasks,
    units,
    uploads,
)

__all__ = [
    "absences",
    "calendar",
    "circulars",
    "documents",
    "drafts",
    "events",
    "filings",
    "inquiries",
    "jottings",
    "saved_views",
    "search",
    "second_factors",
    "series",
    "tasks",
    "units",
    "uploads",
]
