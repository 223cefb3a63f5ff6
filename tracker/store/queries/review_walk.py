"""The rows under review in their order, walked one by one: what is next, what was before, how many are left."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select, tuple_
from sqlmodel import Session, SQLModel, col

from tracker.store.queries.filings import READING_ORDER, FilingView, filing_views, report_columns
from tracker.store.queries.readable_reports import LEFT_THE_UNIT
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.filings import ReportRow

_PLACE = (col(ReportRow.filed_at), col(ReportRow.filing_id))
# Of a row of values the database is not told by itself how each is written.
_TYPES = [SQLModel.metadata.tables["report"].c[name].type for name in ("filed_at", "filing_id")]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report stands in the queue: after how many rows that wait, of how many, and its neighbours.

    `following` waits; `previous` is the row before in the list, decided or not. None at the ends.
    """

    before: int
    in_all: int
    previous: int | None
    following: int | None


def envelope_of(session: Session, report_id: int) -> FilingView | None:
    """Return the envelope of a report that has left its unit; None where there is none."""
    wanted = select(col(ReportRow.filing_id)).where(
        col(ReportRow.id) == report_id, col(ReportRow.state).in_(LEFT_THE_UNIT)
    )
    filing_id = session.scalars(wanted).first()
    return filing_views(session, [filing_id])[0] if filing_id is not None else None


def first_to_review(session: Session, *, filed_before: datetime | None = None) -> int | None:
    """Return the first row of the queue; with `filed_before` of what was filed until then."""
    return _end_of(session, _next_envelope(session, _waiting(filed_before)), waiting=True)


def last_of_envelope(session: Session, filing_id: int) -> int | None:
    """Return the last row of an envelope, decided or not."""
    return _end_of(session, filing_id, waiting=False)


def place_in_queue(
    session: Session, report_id: int, envelope: FilingView, *, filed_before: datetime | None = None
) -> Place:
    """Return where a report of an envelope stands among the rows that wait; arguments as of `first_to_review`."""
    rows = [(report.report_id, report.state == "filed") for report in envelope.reports]
    at = [id_ for id_, _waits in rows].index(report_id)
    here = tuple_(*_PLACE)
    where = tuple_(envelope.filed_at, envelope.filing_id, types=_TYPES)
    waiting = _waiting(filed_before)
    following = next((id_ for id_, waits in rows[at + 1 :] if waits), None)
    if following is None:
        following = _end_of(session, _next_envelope(session, [*waiting, here > where]), waiting=True)
    if at:
        previous: int | None = rows[at - 1][0]
    else:
        previous = _end_of(session, _next_envelope(session, [*waiting, here < where], back=True), waiting=False)
    return Place(
        before=_count(session, [*waiting, here < where]) + sum(waits for _id, waits in rows[:at]),
        in_all=_count(session, waiting),
        previous=previous,
        following=following,
    )


def _waiting(filed_before: datetime | None) -> list[ColumnElement[bool]]:
    waiting = [is_one_of(col(ReportRow.state), "filed")]
    return waiting if filed_before is None else [*waiting, col(ReportRow.filed_at) < filed_before]


def _count(session: Session, wanted: list[ColumnElement[bool]]) -> int:
    return int(session.execute(select(func.count()).select_from(ReportRow).where(*wanted)).scalar_one())


def _next_envelope(session: Session, wanted: list[ColumnElement[bool]], *, back: bool = False) -> int | None:
    """Return the first envelope of rows that wait, or the last."""
    order = [column.desc() if back else column for column in _PLACE]
    found: Select[int] = select(col(ReportRow.filing_id)).where(*wanted).order_by(*order).limit(1)
    return session.scalars(found).first()


def _end_of(session: Session, filing_id: int | None, *, waiting: bool) -> int | None:
    """Return the first row of an envelope that waits, or the last of all its rows."""
    if filing_id is None:
        return None
    rows = report_columns().where(col(ReportRow.filing_id) == filing_id).order_by(*READING_ORDER)
    found = [report.report_id for report in session.scalars(rows) if report.state == "filed" or not waiting]
    return next(iter(found if waiting else reversed(found)), None)
