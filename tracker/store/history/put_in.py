"""Rows of which no event told: what somebody put in past the program.

Of each table that events tell of each row is told, but for those of `UNTOLD` and of `OLDER`.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Table, and_, false, or_, select
from sqlmodel import Session, SQLModel, col

from tracker.domain.events.documents import DocumentRegistered, DocumentReread
from tracker.domain.events.reports import ReportFiled
from tracker.domain.filings import ReportState
from tracker.store.history.disagreement import Disagreement, pages
from tracker.store.history.log import readable
from tracker.store.history.told_rows import ToldRows
from tracker.store.stored_rows import stored_rows
from tracker.store.tables.documents import QuestionRow
from tracker.store.tables.filings import EvidenceRow, ReportRow
from tracker.store.tables.second_factors import SecondFactorRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow

# What was written and never left its unit is told by no event.
_NEVER_LEFT = (ReportState.AWAITING_SIGN_OFF.value, ReportState.WITHDRAWN.value, ReportState.SENT_BACK.value)
_unissued = select(col(TaskRow.id)).where(col(TaskRow.issued_at).is_(None))
_kept_back = select(col(ReportRow.id)).where(col(ReportRow.state).in_(_NEVER_LEFT))

# By table: which of its rows no event tells.
UNTOLD: Mapping[str, ColumnElement[bool]] = {
    # No unit got it yet; each has an item of its own, which is told.
    "task": col(TaskRow.issued_at).is_(None),
    "assignment": col(AssignmentRow.task_id).in_(_unissued),
    # It never left its unit.
    "report": col(ReportRow.state).in_(_NEVER_LEFT),
    "evidence": col(EvidenceRow.report_id).in_(_kept_back),
    # What is asked is told once it is answered.
    "question": and_(
        *(
            column.is_(None)
            for column in map(col, (QuestionRow.answer, QuestionRow.answered_by, QuestionRow.answered_at))
        )
    ),
    # It was begun, and opens nothing yet.
    "second_factor": col(SecondFactorRow.sealed).is_(None),
}
# Tables that had rows before events told how these came to be: up to the first of which they do, rows are older.
OLDER = ("person", "circular", "circular_template", "draft", "filing", "request", "trigger_event", "unit")


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows that are told together, those of one thing at once, by events of some types.

    `thing` names the fact and the column of the rows that say of what they are, `rows` the fact that lists them.
    """

    types: tuple[str, ...]
    thing: str
    rows: str


_LISTED: Mapping[str, Listed] = {
    "item": Listed((DocumentRegistered.type, DocumentReread.type), "document_id", "sealed_items"),
    "evidence": Listed((ReportFiled.type,), "report_id", "files"),
}


def put_in(session: Session, name: str, known: Collection[int], told: ToldRows) -> Iterator[Disagreement]:
    """Yield the rows of a table that are not known, though an event would have told of them."""
    table = SQLModel.metadata.tables[name]
    (key,) = table.primary_key.columns
    expected = ~UNTOLD[name] if name in UNTOLD else key.is_not(None)
    if name in OLDER:
        first = min(told.born[name], default=None)
        expected &= or_(key < 1, key > first if first is not None else false())
    found = session.scalars(select(key).where(expected).order_by(key)).all()
    unknown = [id_ for id_ in found if id_ not in known]
    if name in _LISTED:
        unknown = list(_of_what_was_listed(session, table, unknown))
    yield from (Disagreement(name, id_, "", "stored", None) for id_ in unknown)


def _of_what_was_listed(session: Session, table: Table, ids: Collection[int]) -> Iterator[int]:
    """Yield those rows that belong to something whose rows an event listed; earlier ones listed none."""
    listed = _LISTED[table.name]
    events = readable(session, listed.types) if ids else ()
    named = (event.facts.get(listed.thing) for event in events if listed.rows in event.facts)
    told = {id_ for id_ in named if isinstance(id_, int)}
    for page in pages(ids):
        for held in stored_rows(session, table, (listed.thing,), table.c.id.in_(page)):
            if held[listed.thing] in told:
                yield held["id"]
