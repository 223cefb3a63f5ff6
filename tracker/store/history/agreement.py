"""Where the tables say other than the log: what somebody changed past the program, or a fault of the program.

Each table is held against the log by itself, so that one that cannot be compared hides no other.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import Any

from sqlmodel import Session, SQLModel

from tracker.store.history import peculiar
from tracker.store.history.demands import changed_demands
from tracker.store.history.disagreement import Disagreement, compared
from tracker.store.history.put_in import put_in
from tracker.store.history.state import State
from tracker.store.history.told_rows import ToldRows, differing_rows, told_tables

# Field of a row: where it stands in what is folded.
_TASK = {
    name: name for name in ("state", "outcome", "completed_at", "issued_at", "document_id", "is_key", "key_reason")
}
_SHARE = {name: name for name in ("task_id", "unit_id", "role", "duty", "state")}
_SERIES = {name: name for name in ("unit_id", "document_id", "kind", "addressee", "trigger_id")}
_PERIOD = {name: name for name in ("series_id", "code", "starts_on", "ends_on", "opens_at", "due_at")}
_FORM_ROW = {
    name: name
    for name in (
        *("period_id", "assignment_id", "required", "act", "soft", "final", "state"),
        *("due_at", "correction_due_at", "pending_at", "filed_at", "late"),
    )
}
_REPORT = {
    name: name
    for name in ("filing_id", "assignment_id", "row_id", "kind", "by_lead", "voice", "claim", "state", "correct_by")
} | {"verified_claim": "verified", "written_at": "at"}
_INQUIRY = {
    name: name
    for name in (
        *("task_id", "assignment_id", "words", "answer_by", "coordination_words", "coordination_at", "decision"),
        *("instruction_id", "given_on", "haste"),
    )
}
_INSTRUCTION = {name: name for name in ("task_id", "leader_id", "read_at", "closed_at")}
_ASKED = {name: name for name in ("inquiry_id", "assignment_id", "state", "cause", "reminded_at", "closed_at")}
# By table: where its rows stand in what is folded, and their fields there.
_FOLDED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "task": ("tasks", _TASK),
    "assignment": ("shares", _SHARE),
    "series": ("series", _SERIES),
    "period": ("periods", _PERIOD),
    "form_row": ("rows", _FORM_ROW),
    "report": ("reports", _REPORT),
    "inquiry": ("inquiries", _INQUIRY),
    "inquiry_asked": ("asked", _ASKED),
    "instruction": ("instructions", _INSTRUCTION),
}
# Tables that are compared with the folded state in ways of their own, and those that need none of it.
_WITH_STATE: tuple[tuple[str, Callable[[Session, State], Iterator[Disagreement]]], ...] = (
    ("task", peculiar.deadlines),
    ("assignment", peculiar.endings),
    ("report", peculiar.answers),
    ("report", peculiar.words),
    ("report_value", peculiar.values),
    ("target_point", peculiar.points),
)
_WITHOUT: tuple[tuple[str, Callable[[Session], Iterator[Disagreement]]], ...] = (
    ("item", changed_demands),
    ("person", peculiar.must_change),
    ("document", peculiar.texts),
    ("draft", peculiar.hands),
    ("second_factor", peculiar.factors),
    ("reminder", peculiar.reminders),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A table that is held against the log, of which `find` yields where they disagree."""

    table: str
    find: Callable[[], Iterator[Disagreement]]


def comparisons(session: Session, state: State, told: ToldRows) -> Iterator[Comparison]:
    """Yield what is to be compared with the state, and the facts, that the whole log tells up to now."""
    known: dict[str, Mapping[int, Any]] = {table: told.rows[table] for table in told_tables()}
    for table, (name, fields) in _FOLDED.items():
        known[table] = getattr(state, name)
        yield Comparison(table, partial(_folded, session, table, known[table], fields))
    for table in told_tables():
        yield Comparison(table, partial(differing_rows, session, table, told))
    for table, rows in known.items():
        yield Comparison(table, partial(put_in, session, table, rows, told))
    for table, with_state in _WITH_STATE:
        yield Comparison(table, partial(with_state, session, state))
    for table, without in _WITHOUT:
        yield Comparison(table, partial(without, session))


def _folded(session: Session, table: str, told: Mapping[int, Any], fields: Mapping[str, str]) -> Iterator[Disagreement]:
    def facts(id_: int) -> Mapping[str, object]:
        return {field: _plain(getattr(told[id_], of_past)) for field, of_past in fields.items()}

    yield from compared(session, SQLModel.metadata.tables[table], told, facts, tuple(fields))


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value
