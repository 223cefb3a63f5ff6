"""Two rows about the same item and window become one in a merger: one state, one first filing, one correction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import IntEnum

from sqlalchemy import update
from sqlmodel import Session, col

from tracker.domain.accounts import Actor
from tracker.domain.events.forms import UNITS_MERGED
from tracker.domain.owed import RowState
from tracker.steps.for_the_leader import pass_to_the_leader
from tracker.steps.resetting import DOCUMENT_EXPIRED, disputed_since
from tracker.steps.settling import end_correction, end_what_runs, settle_rows
from tracker.store.queries.granted import Granted
from tracker.store.tables.filings import CorrectionRow, ReportRow, RequestRow
from tracker.store.tables.series import FormRow, PeriodRow

_OfRow = type[ReportRow] | type[CorrectionRow] | type[RequestRow]
_OF_ROWS: tuple[_OfRow, ...] = (ReportRow, CorrectionRow, RequestRow)


class _Weight(IntEnum):
    """Of two rows about the same item and window the weightier says what becomes of both."""

    ENDED = 0
    MAY_COME_BACK = 1  # it ended with its document, which may turn out to go on
    OWED = 2
    STANDS = 3
    IN_CORRECTION = 4
    HANDED_IN = 5
    ACCEPTED = 6


_WEIGHTS = {
    RowState.ACCEPTED.value: _Weight.ACCEPTED,
    RowState.FILED.value: _Weight.HANDED_IN,
    RowState.RETURNED.value: _Weight.IN_CORRECTION,
    RowState.STANDS.value: _Weight.STANDS,
    RowState.OPEN.value: _Weight.OWED,
}


def weight(row: FormRow) -> int:
    """Return what a row weighs beside another about the same item and window."""
    return _WEIGHTS.get(row.state, _Weight.MAY_COME_BACK if row.settled_by == DOCUMENT_EXPIRED else _Weight.ENDED)


def unite_rows(
    session: Session,
    row: FormRow,
    known: FormRow,
    *,
    own: datetime | None,
    form: PeriodRow,
    granted: Granted,
    actor: Actor,
    at: datetime,
) -> None:
    """Make `row` one with `known`, which goes on in `form`; `own` is the first one's moment where not the form's.

    The weightier says what becomes of both; what was asked for the lighter is decided by nobody any more, and its
    correction ends. Late is decided by the first filing of either. The row that goes up in the other is waived where it
    stood, its reports belong to the other. Records RowSettled, RequestMooted and CorrectionEnded.
    """
    lighter = min(row, known, key=weight) if weight(row) != weight(known) else None
    # What was filed while the office had the ball was in time where nobody decides on that any more.
    filings = [
        (one.filed_at, bool(one.late) if one is lighter else one.late)
        for one in (known, row)
        if one.filed_at is not None
    ]
    along: Sequence[_OfRow] = ()
    if lighter is known:
        end_what_runs(session, known, RowState.WAIVED, actor=actor, at=at)
        _take_over(session, row, known, own=own)
        along = _OF_ROWS
    elif lighter is None:
        along = (RequestRow,)
        if _join(row, known, own=own, form=form, granted=granted):
            end_correction(session, known, RowState.WAIVED, actor=actor, at=at)
            known.correction_due_at, along = row.correction_due_at, _OF_ROWS
    if filings:
        known.filed_at, known.late = min(filings, key=lambda filing: filing[0])
    _bring(session, row, known, along)
    settle_rows(session, [row], RowState.WAIVED, cause=UNITS_MERGED, actor=actor, at=at)
    _bring(session, row, known, _OF_ROWS)
    pass_to_the_leader(session, known)


def _take_over(session: Session, row: FormRow, known: FormRow, *, own: datetime | None) -> None:
    """Let a row be what the weightier one is that goes up in it; a dispute of its own share still holds it."""
    known.state, known.settled_by, known.correction_due_at = row.state, row.settled_by, row.correction_due_at
    known.due_at, known.final = own, row.final
    known.pending_at = row.pending_at or (known.pending_at and disputed_since(session, known.assignment_id))


def _join(row: FormRow, known: FormRow, *, own: datetime | None, form: PeriodRow, granted: Granted) -> bool:
    """Let a row ask what two alike asked; tell whether the correction that goes on is that of the other.

    The earlier moment holds; where one of the two asks for the completion, that one's. A moment that an extension or
    the office gave stays, of two such the later one: no merger takes back what was granted.
    """
    corrections = [(one, one.correction_due_at) for one in (known, row) if one.correction_due_at is not None]
    if known.state == RowState.OPEN.value:
        moments = [(known, known.due_at or form.due_at), (row, own or form.due_at)]
        known.due_at = own if _first(moments, granted, correction=False) is row else known.due_at
    others = bool(corrections) and _first(corrections, granted, correction=True) is row
    known.required, known.act = row.required or known.required, row.act or known.act
    known.final, known.soft = row.final or known.final, row.soft and known.soft
    known.pending_at = known.pending_at or row.pending_at
    return others


def _first(both: Sequence[tuple[FormRow, datetime]], granted: Granted, *, correction: bool) -> FormRow:
    """Return the row whose moment holds."""
    asked = [one for one in both if one[0].final] or both
    given = [one for one in asked if (one[0].id, correction) in granted]
    held = max(given, key=lambda one: one[1]) if given else min(asked, key=lambda one: one[1])
    return held[0]


def _bring(session: Session, row: FormRow, known: FormRow, tables: Iterable[_OfRow]) -> None:
    for table in tables:
        session.execute(update(table).where(col(table.row_id) == row.id).values(row_id=known.id))
