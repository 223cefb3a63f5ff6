"""Months of an evaluation: what holds for them, what was handed in, what was objected to."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.scoring.asked import silent_kinds
from tracker.domain.scoring.entries import Entry, InputKind, What
from tracker.domain.scoring.inputs import Month
from tracker.domain.scoring.months import CORRECTIONS_UNDER_WAY, CorrectionState, MonthState, ObjectionState
from tracker.domain.scoring.scheme import Scheme
from tracker.domain.scoring.written import Material, Presumed
from tracker.store.queries.scoring_rules import decisions_for
from tracker.store.rows import as_views
from tracker.store.tables.scoring import (
    ScoreCorrectionRow,
    ScoreInputRow,
    ScoreMonthRow,
    ScoreObjectionRow,
    ScoreSchemeRow,
)


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month as a list shows it; `month` is written as 2022-09."""

    id: int
    scheme: str
    month: str
    state: str
    inputs_by: date
    check_until: date | None
    frozen_at: datetime | None
    document: str
    title: str


def month_lines(session: Session) -> list[MonthLine]:
    """Return all months, the newest first."""
    rows = session.execute(
        select(
            col(ScoreMonthRow.id),
            col(ScoreMonthRow.scheme),
            col(ScoreMonthRow.month),
            col(ScoreMonthRow.state),
            col(ScoreMonthRow.inputs_by),
            col(ScoreMonthRow.check_until),
            col(ScoreMonthRow.frozen_at),
            col(ScoreSchemeRow.document),
            col(ScoreSchemeRow.title),
        )
        .join(ScoreSchemeRow, col(ScoreSchemeRow.id) == col(ScoreMonthRow.scheme_id))
        .order_by(col(ScoreMonthRow.month).desc(), col(ScoreMonthRow.id).desc())
    )
    return as_views(MonthLine, rows)


def standing_inputs(session: Session, month_id: int, *, up_to: int | None = None) -> list[ScoreInputRow]:
    """Return what holds of a month's inputs: what no other corrects and was not taken back, in the order it came.

    With `up_to`, what held when the input of that number was the last.
    """
    return [row for row in last_inputs(session, month_id, up_to=up_to) if not row.void]


def last_inputs(session: Session, month_id: int, *, up_to: int | None = None) -> list[ScoreInputRow]:
    """Return the last row of each figure, occurrence and check of a month, those that were taken back among them.

    With `up_to`, as it was when the input of that number was the last.
    """
    later = aliased(ScoreInputRow)
    correcting = select(col(later.id)).where(col(later.replaces_id) == col(ScoreInputRow.id))
    wanted = select(ScoreInputRow).where(col(ScoreInputRow.month_id) == month_id)
    if up_to is not None:
        correcting = correcting.where(col(later.id) <= up_to)
        wanted = wanted.where(col(ScoreInputRow.id) <= up_to)
    return list(session.scalars(wanted.where(~correcting.exists()).order_by(col(ScoreInputRow.id))))


def inputs_behind_marks(session: Session, row: ScoreMonthRow, *, edition: int | None = None) -> list[ScoreInputRow]:
    """Return the inputs of which the marks of a month are made, as `material_of` takes them."""
    return standing_inputs(session, row.id or 0, up_to=_last_counted(session, row, edition))


def last_behind_marks(session: Session, row: ScoreMonthRow) -> list[ScoreInputRow]:
    """Return what `last_inputs` had when the marks that a month shows were made, without what a correction brings."""
    return last_inputs(session, row.id or 0, up_to=_last_counted(session, row, None))


def last_kept(session: Session, row: ScoreMonthRow) -> list[ScoreInputRow]:
    """Return what `last_inputs` has of a month: all while it takes inputs, else nothing of a dropped correction."""
    known = corrections_of(session, row.id or 0)
    if row.result is None or any(one.state == CorrectionState.OPEN.value for one in known):
        return last_inputs(session, row.id or 0)
    newest = max((one.edition or 1 for one in known), default=1)
    return last_inputs(session, row.id or 0, up_to=inputs_until(session, row.id or 0, newest))


def last_input_id(session: Session, month_id: int) -> int:
    """Return the number of the last input of a month, 0 where there is none."""
    wanted = select(func.max(col(ScoreInputRow.id))).where(col(ScoreInputRow.month_id) == month_id)
    return session.scalar(wanted) or 0


def entry_of(row: ScoreInputRow) -> Entry:
    """Return an input as the rules take it."""
    return Entry(
        kind=InputKind(row.kind),
        code=row.code,
        object=row.object,
        value=None if row.value is None else Decimal(row.value),
        found=None if row.found is None else Decimal(row.found),
        reference=row.reference,
        items=tuple(row.items.split()),
    )


def corrections_of(session: Session, month_id: int) -> Sequence[ScoreCorrectionRow]:
    """Return the corrections of a published month in the order in which they were opened."""
    wanted = select(ScoreCorrectionRow).where(col(ScoreCorrectionRow.month_id) == month_id)
    return session.scalars(wanted.order_by(col(ScoreCorrectionRow.id))).all()


def published_edition(session: Session, month_id: int) -> int:
    """Return which of its results a month shows: the last one that went out, else its own."""
    out = [one.edition or 0 for one in corrections_of(session, month_id) if one.state == CorrectionState.ISSUED.value]
    return max(out, default=1)


def material_of(session: Session, row: ScoreMonthRow, *, edition: int | None = None) -> Material:
    """Return what a month is computed from: of a frozen one the decisions that counted then, else those that hold.

    Of a corrected month `edition` is the result that is meant, without it the last one that went out.
    """
    return _material(session, row, up_to=_last_counted(session, row, edition))


def material_corrected(session: Session, row: ScoreMonthRow) -> Material:
    """Return what a published month would be computed from with all that was handed in for its correction."""
    return _material(session, row, up_to=None)


def inputs_until(session: Session, month_id: int, edition: int | None) -> int | None:
    """Return the last input that counts for a kept result: that before the next correction, None where none came."""
    known, wanted = corrections_of(session, month_id), edition or published_edition(session, month_id)
    since = next((one.id or 0 for one in known if one.edition == wanted), 0)
    return next((one.inputs_after for one in known if (one.id or 0) > since), None)


def _last_counted(session: Session, row: ScoreMonthRow, edition: int | None) -> int | None:
    return None if row.result is None else inputs_until(session, row.id or 0, edition)


def _material(session: Session, row: ScoreMonthRow, *, up_to: int | None) -> Material:
    scheme = session.get_one(ScoreSchemeRow, row.scheme_id)
    rows = standing_inputs(session, row.id or 0, up_to=up_to)
    behind = {(one.code, one.object, one.reference): tuple(one.behind.split("\n")) for one in rows if one.behind}
    entries = tuple(map(entry_of, rows))
    cases = select(ScoreInputRow).where(
        col(ScoreInputRow.month_id) == row.id, col(ScoreInputRow.kind) != InputKind.FIGURE.value
    )
    if up_to is not None:
        cases = cases.where(col(ScoreInputRow.id) <= up_to)
    presumed = presumed_none(session.scalars(cases.order_by(col(ScoreInputRow.id))))
    known = tuple(decisions_for(session, row))
    return Material(row.month, scheme.content, scheme.sha256, known, entries, behind, presumed)


def objection_rows(
    session: Session, month_id: int, *, of: Collection[str] | None = None
) -> Sequence[ScoreObjectionRow]:
    """Return the objections to a month's marks in the order in which they were raised, all or those `of` objects."""
    wanted = select(ScoreObjectionRow).where(col(ScoreObjectionRow.month_id) == month_id)
    if of is not None:
        wanted = wanted.where(col(ScoreObjectionRow.object).in_(of))
    return session.scalars(wanted.order_by(col(ScoreObjectionRow.id))).all()


def count_open_objections(session: Session, month_id: int) -> int:
    """Return how many objections to a month's marks wait for their answer."""
    waiting = select(func.count()).select_from(ScoreObjectionRow).where(col(ScoreObjectionRow.month_id) == month_id)
    return session.scalar(waiting.where(col(ScoreObjectionRow.state) == ObjectionState.OPEN.value)) or 0


def frozen_month_ids(session: Session) -> list[int]:
    """Return the months whose result is kept, in their order."""
    wanted = select(col(ScoreMonthRow.id)).where(col(ScoreMonthRow.result).is_not(None)).order_by(col(ScoreMonthRow.id))
    return [id_ for id_ in session.scalars(wanted) if id_ is not None]


def said_none(rows: Iterable[ScoreInputRow]) -> frozenset[What]:
    """Return of which kinds, of a month's last rows in their order, somebody said last that nothing of it happened."""
    return frozenset(none_rows(rows))


def none_rows(rows: Iterable[ScoreInputRow]) -> Mapping[What, ScoreInputRow]:
    """Return by kind the row by which somebody said last, of a month's last rows in their order, that nothing happened.

    That is a row which counts nowhere and takes nothing back. What was handed in or taken back since comes after it.
    """
    return {what: row for what, row in _of_nothing(rows).items() if not row.reason}


def presumed_none(rows: Iterable[ScoreInputRow]) -> Presumed:
    """Return for which kinds the office wrote last why they count as not having happened, though nobody reported.

    Rows as `said_none` takes them; those of the office have its reason.
    """
    return tuple((what, row.reason) for what, row in sorted(_of_nothing(rows).items()) if row.reason)


def _of_nothing(rows: Iterable[ScoreInputRow]) -> dict[What, ScoreInputRow]:
    last = {(InputKind(row.kind), row.code): row for row in rows if row.kind != InputKind.FIGURE.value}
    return {what: row for what, row in last.items() if row.void and row.replaces_id is None}


def silent_among(scheme: Scheme, month: Month, rows: Collection[ScoreInputRow]) -> tuple[What, ...]:
    """Return the kinds of which nobody told anything, and of which the office did not decide either.

    Rows as `said_none` takes them.
    """
    standing = [entry_of(row) for row in rows if not row.void]
    answered = said_none(rows) | {what for what, _ in presumed_none(rows)}
    return silent_kinds(scheme, month, standing, answered=answered)


def months_of_scheme(session: Session, code: str) -> list[ScoreMonthRow]:
    """Return all months of a scheme, the last first."""
    wanted = select(ScoreMonthRow).where(col(ScoreMonthRow.scheme) == code)
    return list(session.scalars(wanted.order_by(col(ScoreMonthRow.month).desc(), col(ScoreMonthRow.id))))


def months_under_way(session: Session) -> list[ScoreMonthRow]:
    """Return the months of which something is still to be handed in, checked, decided or issued, the oldest first.

    Published ones are among them while a correction of them is under way, and with an objection that nobody answered,
    or that was held to be right since the result was kept: whether it was carried out its inputs tell.
    """
    correcting = select(col(ScoreCorrectionRow.month_id)).where(
        col(ScoreCorrectionRow.state).in_(CORRECTIONS_UNDER_WAY)
    )
    objected = select(col(ScoreObjectionRow.id)).where(
        col(ScoreObjectionRow.month_id) == col(ScoreMonthRow.id),
        (col(ScoreObjectionRow.state) == ObjectionState.OPEN.value)
        | (
            (col(ScoreObjectionRow.state) == ObjectionState.UPHELD.value)
            & col(ScoreObjectionRow.settled_because).is_(None)
            & (col(ScoreObjectionRow.answered_at) >= col(ScoreMonthRow.frozen_at))
        ),
    )
    is_out = col(ScoreMonthRow.state) == MonthState.ISSUED.value
    wanted = select(ScoreMonthRow).where(~is_out | col(ScoreMonthRow.id).in_(correcting) | objected.exists())
    return list(session.scalars(wanted.order_by(col(ScoreMonthRow.month), col(ScoreMonthRow.id))))
