"""The city counted once more, from its tables with statements of its own: nothing here asks the code that it checks.

A moment is when a row turns overdue. Everything is decided by the rules on paper (docs/owed.md), row by row.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import delete
from sqlmodel import Session, col

from tracker.steps.digests import DIGEST
from tracker.store.tables.events import DigestPassRow, ReminderRow

Cell = tuple[str, str]

_ROWS = """
SELECT s.id, u.short_name, d.number, s.kind, p.id, p.code, p.opens_at, p.due_at,
       r.id, r.state, r.required, r.due_at, r.correction_due_at, r.pending_at, r.filed_at, r.late, i.code,
       r.assignment_id IS NULL
       OR (t.state IN ('issued', 'in_progress', 'under_review', 'returned', 'lapsed')
           AND a.state NOT IN ('released', 'reassigned')),
       p.starts_on, p.ends_on, s.unit_id,
       EXISTS (SELECT 1 FROM request q WHERE q.state = 'pending' AND (
           (q.kind = 'extension' AND q.row_id = r.id) OR (q.kind = 'dispute' AND q.assignment_id = r.assignment_id)))
FROM form_row r
JOIN period p ON p.id = r.period_id
JOIN series s ON s.id = p.series_id
JOIN unit u ON u.id = s.unit_id
JOIN document d ON d.id = s.document_id
LEFT JOIN assignment a ON a.id = r.assignment_id
LEFT JOIN task t ON t.id = a.task_id
LEFT JOIN item i ON i.id = t.item_id
ORDER BY s.id, p.due_at, p.id, r.id
"""
_FIRST_FILINGS = """
SELECT row_id, min(filed_at)
FROM report
WHERE row_id IS NOT NULL AND filed_at IS NOT NULL
GROUP BY row_id
"""
_GRANTED = """
SELECT row_id, asked_at, decided_at, old_due_at, new_due_at FROM request
WHERE kind = 'extension' AND state = 'granted' ORDER BY decided_at DESC
"""
# The worst first: the first class that one of its rows has is the class of a form.
_WORST_FIRST = (
    "correction_overdue", "unreported", "pending", "correction", "under_review", "held", "not_due", "late", "on_time",
    "waived",
)  # fmt: skip
_PRESSING = _WORST_FIRST[:6]


@dataclass(frozen=True, slots=True)
class Row:
    id: int
    state: str
    required: bool
    due_at: datetime
    correction_due_at: datetime | None
    pending: bool
    asked: bool
    filed_at: datetime | None
    late: bool | None
    item: str | None
    live: bool

    @property
    def moment(self) -> datetime | None:
        """When it turns overdue; None where its unit owes nothing or the office has the ball."""
        if self.pending or not self.live:
            return None
        if self.state == "returned":
            return self.correction_due_at
        return self.due_at if self.state == "open" and self.required else None

    def paper(self, now: datetime) -> str:
        ended = {"missed": "unreported", "waived": "waived"}
        if self.state in ended:
            return ended[self.state]
        if self.state in ("accepted", "stands"):
            return "late" if self.late and self.required else "on_time"
        if self.state == "filed":
            return "pending" if self.asked else "under_review"
        if not self.live or (self.state == "open" and not self.required):
            return "waived"
        if self.asked:
            return "pending"
        if self.pending and self.state == "open":
            return "held"
        past = self.moment is not None and self.moment <= now
        if self.state == "returned":
            return "correction_overdue" if past else "correction"
        return "unreported" if past else "not_due"


@dataclass(slots=True)
class Form:
    id: int
    code: str
    opens_at: datetime
    starts_on: str
    ends_on: str
    rows: list[Row] = field(default_factory=list)

    def paper(self, now: datetime) -> str:
        found = {row.paper(now) for row in self.rows}
        return next(one for one in _WORST_FIRST if one in found)

    def standing(self, now: datetime) -> str:
        """The class without what ended unreported, by which its series is counted."""
        found = {row.paper(now) for row in self.rows if row.state != "missed"}
        return next((one for one in _WORST_FIRST if one in found), "waived")

    @property
    def moments(self) -> list[datetime]:
        return [row.moment for row in self.rows if row.moment is not None]

    @property
    def presses(self) -> bool:
        """Whether it still asks something of somebody."""
        return any(
            row.state == "filed" or (row.live and (row.state == "returned" or (row.state == "open" and row.required)))
            for row in self.rows
        )


@dataclass(slots=True)
class Series:
    id: int
    unit_id: int
    unit: str
    document: str
    kind: str
    forms: list[Form] = field(default_factory=list)

    @property
    def overdue_from(self) -> datetime | None:
        return min((moment for form in self.forms for moment in form.moments), default=None)

    def is_overdue(self, now: datetime) -> bool:
        return self.overdue_from is not None and self.overdue_from <= now

    def run(self, now: datetime) -> int:
        """Count the forms with an unreported row past its moment."""
        return sum(
            any(row.state == "open" and row.moment is not None and row.moment <= now for row in form.rows)
            for form in self.forms
        )

    def counted(self, now: datetime) -> Form:
        """Return the form by which it counts: the worst that presses, else the latest that has begun."""
        pressing = [form for form in self.forms if form.presses and form.standing(now) in _PRESSING]
        if pressing:
            return min(pressing, key=lambda form: _WORST_FIRST.index(form.standing(now)))
        begun = [form for form in self.forms if form.opens_at <= now]
        return begun[-1] if begun else self.forms[0]


def counted_anew(file: Path) -> list[Series]:
    """Return every series of a database file with its forms and rows."""
    found: dict[int, Series] = {}
    forms: dict[int, Form] = {}
    with sqlite3.connect(file) as connection:
        for line in connection.execute(_ROWS):
            head, (period_id, code, opens_at, due_at), tail = line[:4], line[4:8], line[8:]
            (
                row_id,
                state,
                required,
                own_due,
                correction,
                pending,
                filed_at,
                late,
                item,
                live,
                starts,
                ends,
                unit,
                asked,
            ) = tail
            series = found.setdefault(head[0], Series(head[0], unit, head[1], head[2], head[3]))
            if period_id not in forms:
                forms[period_id] = Form(period_id, code, _at(opens_at), starts, ends)
                series.forms.append(forms[period_id])
            forms[period_id].rows.append(
                Row(
                    id=row_id,
                    state=state,
                    required=bool(required),
                    due_at=_at(own_due or due_at),
                    correction_due_at=_at(correction) if correction else None,
                    pending=pending is not None,
                    asked=pending is not None and bool(asked),
                    filed_at=_at(filed_at) if filed_at else None,
                    late=None if late is None else bool(late),
                    item=item,
                    live=bool(live),
                )
            )
    return list(found.values())


def overdue_cells(city: list[Series], *, now: datetime) -> Counter[Cell]:
    """Count the overdue series of each unit and document."""
    return Counter((series.unit, series.document) for series in city if series.is_overdue(now))


def paper_cells(city: list[Series], *, now: datetime) -> dict[str, Counter[str]]:
    """Count the series of each unit by the class of the form that counts."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for series in city:
        found[series.unit][series.counted(now).standing(now)] += 1
    return dict(found)


def first_filings(file: Path) -> dict[int, tuple[datetime, bool]]:
    """Return when each row was first filed and whether that was late, from the envelopes and the decided requests.

    An extension that was granted after the filing counts where it had been asked before it. Nobody is late with what
    nobody asked for.
    """
    rows = [row for series in counted_anew(file) for form in series.forms for row in form.rows]
    moments, asked = {row.id: row.due_at for row in rows}, {row.id for row in rows if row.required}
    with sqlite3.connect(file) as connection:
        filed = {row_id: _at(filed_at) for row_id, filed_at in connection.execute(_FIRST_FILINGS)}
        for row_id, asked_at, decided_at, old_due_at, _new in connection.execute(_GRANTED):
            if row_id in filed and _at(decided_at) > filed[row_id] and _at(asked_at) > filed[row_id]:
                moments[row_id] = _at(old_due_at)
    return {row_id: (at, row_id in asked and at >= moments[row_id]) for row_id, at in filed.items()}


def rows_of(city: list[Series]) -> Iterator[tuple[Series, Form, Row]]:
    for series in city:
        for form in series.forms:
            for row in form.rows:
                yield series, form, row


def _at(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


def forget_digests(session: Session) -> None:
    """Undo a played city's digests and passes, so that those of a moment can be planned as on its first pass."""
    session.execute(delete(ReminderRow).where(col(ReminderRow.kind) == DIGEST))
    session.execute(delete(DigestPassRow))
