"""Praise by name that would stand beside a report of the same unit that was found untrue."""

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import select
from sqlmodel import Session, col

from tracker.domain.calendar import end_of_day
from tracker.domain.circulars.naming import clean_since
from tracker.domain.circulars.proposals import NamingAct, Proposal
from tracker.domain.filings import ReturnReason
from tracker.store.queries.namings import namings_of_paper
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.filings import FilingRow, ReportRow


def untrue_praise(
    session: Session, row: CircularRow, proposals: Iterable[Proposal], *, today: date
) -> tuple[Proposal, ...]:
    """Return the proposals to praise, once they were served, of whose unit a report was found untrue within a year."""
    praised = {one.key: one for one in proposals if one.act is NamingAct.PRAISE}
    if not praised:
        return ()
    units = {one.key: one.unit_id for one in namings_of_paper(session, circular_id=row.id or 0) if one.key in praised}
    untrue = found_untrue(session, among=units.values(), today=today)
    return tuple(praised[key] for key, unit_id in units.items() if unit_id in untrue)


def found_untrue(session: Session, *, among: Collection[int], today: date) -> frozenset[int]:
    """Return of which units a report that they handed in was found untrue within a year."""
    untrue = select(col(ReportRow.filing_id)).where(
        is_one_of(col(ReportRow.reason_class), ReturnReason.FALSIFIED.value),
        col(ReportRow.decided_at) >= end_of_day(clean_since(today)),
    )
    units = select(col(FilingRow.unit_id)).where(col(FilingRow.unit_id).in_(among), col(FilingRow.id).in_(untrue))
    return frozenset(session.scalars(units))
