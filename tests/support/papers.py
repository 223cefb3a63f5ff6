"""Papers computed from a played city, and their text."""

from datetime import datetime

from tests.support.office import CALENDAR
from tests.support.played_autumn import ENDS_AT
from tracker.domain.circulars.content import Content, Scope, Table
from tracker.domain.circulars.kinds import CircularType
from tracker.paper.annex_columns import column_names
from tracker.paper.circulars import word
from tracker.paper.letterheads import letterhead
from tracker.store.database import Database
from tracker.store.history.contents import content_as_of
from tracker.store.history.facts import find_unit


def paper(
    database: Database,
    kind: CircularType,
    *,
    unit: str | None = None,
    document: str | None = None,
    as_of: datetime = ENDS_AT,
) -> Content:
    """Compute a paper about a unit by any of its names, or about a document."""
    with database.reading() as session:
        full = find_unit(session, unit) if unit else None
        return content_as_of(
            session,
            kind=kind,
            scope=Scope(full, document),
            as_of=as_of,
            up_to=None,
            previous=None,
            calendar=CALENDAR,
        )


def annex(content: Content, kind: str = "overdue") -> Table:
    """Return one annex of a paper by its kind."""
    return next(table for table in content.tables if table.kind == kind)


def cells(table: Table, head: str) -> list[str]:
    """Return what stands in a column of an annex, row by row; nothing where it has no such column."""
    names = column_names(table)
    return [row[names.index(head)] if head in names else "—" for row in table.rows]


def said(content: Content) -> str:
    """Return the paper's text, figures filled in."""
    draft = word(content, letterhead(content.type))
    return "\n".join(content.fill(words) for _level, words in draft.statements)
