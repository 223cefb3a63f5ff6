"""What is written on a share outside forms, and what was written in its place after it came back.

Only one form, request to be done or answer to a question waits at a time: the newest stands for all before it. News and
replies that nobody asked for wait beside each other, so that of these one takes the place of what had come back already
when it was written, of nothing that waited or left the unit beside it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from sqlalchemy import ColumnElement, case, label, select
from sqlmodel import Session, col

from tracker.domain.filings import ReportKind, ReportState
from tracker.store.rows import as_view
from tracker.store.tables.filings import FilingRow, ReportRow

# Of these a share has several under way at a time, unless they answer a question.
SIDE_BY_SIDE = (ReportKind.UPDATE.value, ReportKind.REPLY.value)


class Written(Protocol):
    """A report; `came_back_at` is when its unit had it again, None while it waits or where it left for good."""

    @property
    def report_id(self) -> int: ...
    @property
    def written_at(self) -> datetime: ...
    @property
    def came_back_at(self) -> datetime | None: ...


_Written = TypeVar("_Written", bound=Written)


@dataclass(frozen=True, slots=True)
class _Told:
    report_id: int
    filing_id: int
    assignment_id: int
    kind: str
    state: str
    written_at: datetime
    came_back_at: datetime | None


def came_back_at() -> ColumnElement[datetime | None]:
    """Return the moment at which the head, its writer or the office gave a report back; NULL where nobody did."""
    stopped = col(ReportRow.state).in_([ReportState.SENT_BACK.value, ReportState.WITHDRAWN.value])
    returned = col(ReportRow.state) == ReportState.RETURNED.value
    return case((stopped, col(FilingRow.stopped_at)), (returned, col(ReportRow.decided_at)), else_=None)


def attempts(kind: str, reports: Iterable[_Written]) -> list[list[_Written]]:
    """Put the reports of a kind on one share together with those whose place they took, in each the latest first."""
    found: list[list[_Written]] = []
    in_turn = sorted(reports, key=lambda one: one.report_id)
    if kind not in SIDE_BY_SIDE:
        return [in_turn[::-1]] if in_turn else []
    for report in in_turn:
        before = to_mend(found, at=report.written_at)
        if before:
            before.insert(0, report)
        else:
            found.append([report])
    return found


def to_mend(found: Iterable[list[_Written]], *, at: datetime | None = None) -> list[_Written]:
    """Return, of `attempts`, the one that came back last by a moment, on which one goes on; none where none has."""
    back = [
        (moment, one[0].report_id, one)
        for one in found
        if (moment := one[0].came_back_at) is not None and (at is None or moment <= at)
    ]
    return max(back, key=lambda each: each[:2])[2] if back else []


def mended(session: Session, filing_ids: Collection[int]) -> set[int]:
    """Return the envelopes, of some that a head sent back, whose news or unasked reply another took the place of.

    What was withdrawn took no place.
    """
    by_share: dict[tuple[int, str], list[_Told]] = defaultdict(list)
    for told in _told_beside(session, filing_ids):
        by_share[told.assignment_id, told.kind].append(told)
    found: set[int] = set()
    for (_share, kind), reports in by_share.items():
        for one in attempts(kind, reports):
            kept = [told.filing_id for told in one if told.state != ReportState.WITHDRAWN.value]
            found.update(kept[1:])
    return found.intersection(filing_ids)


def _told_beside(session: Session, filing_ids: Collection[int]) -> Sequence[_Told]:
    """Return all of the kinds and on the shares of what those envelopes carry."""
    side_by_side = (col(ReportRow.kind).in_(SIDE_BY_SIDE), col(ReportRow.answers_id).is_(None))
    carried = select(col(ReportRow.assignment_id), col(ReportRow.kind)).where(
        col(ReportRow.filing_id).in_(list(filing_ids)), *side_by_side
    )
    shares = {(share, kind) for share, kind in session.execute(carried)}
    rows = session.execute(
        select(
            label("report_id", col(ReportRow.id)),
            col(ReportRow.filing_id),
            col(ReportRow.assignment_id),
            col(ReportRow.kind),
            col(ReportRow.state),
            col(ReportRow.written_at),
            label("came_back_at", came_back_at()),
        )
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .where(col(ReportRow.assignment_id).in_([share for share, _kind in shares]), *side_by_side)
    )
    return [told for told in (as_view(_Told, row) for row in rows) if (told.assignment_id, told.kind) in shares]
