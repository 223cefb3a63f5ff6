"""Totals that a lead hands in by the name of their number, in a form or outside."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlmodel import Session

from tests.support.owed_city import OwedCity
from tracker.domain.claims import RowContent
from tracker.domain.entries import Entry
from tracker.domain.filings import FilingKind, Outcome
from tracker.store.tables.documents import ItemTargetRow
from tracker.usecases.filing import SubmitForm, SubmitOne, sign_off, submit_form, submit_one


def told_numbers(
    session: Session, given: Mapping[str, float], on: Mapping[str, date] | date
) -> dict[int, tuple[float, date | None]]:
    """Return numbers by the id of their target, with the day they are of, each its own or one for all."""
    ids = {target.metric: target.id or 0 for target in session.scalars(select(ItemTargetRow))}
    return {ids[metric]: (value, on if isinstance(on, date) else on[metric]) for metric, value in given.items()}


def fill(
    city: OwedCity,
    code: str,
    content: RowContent,
    given: Mapping[str, float],
    *,
    on: Mapping[str, date] | date,
    when: datetime,
    outcome: Outcome | None = None,
) -> int:
    """Hand in and sign the form of a period with numbers by name; return its envelope."""
    row = city.rows("swj")[code]
    with city.database.transaction() as session:
        entry = Entry(row.assignment_id or 0, content, told_numbers(session, given, on), outcome=outcome)
        command = SubmitForm(row.period_id, (replace(entry, evidence_reason="材料整理中"),), missed_words="此前漏报")
        filing_id = submit_form(session, command, actor=city.liaison("swj"), at=when)
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=when)
    return filing_id


def tell(
    city: OwedCity,
    kind: FilingKind,
    content: RowContent,
    given: Mapping[str, float],
    *,
    on: date,
    when: datetime,
    outcome: Outcome | None = None,
) -> int:
    """Hand in and sign what is told outside of forms, with numbers by name; return its envelope."""
    with city.database.transaction() as session:
        entry = Entry(city.share("swj").id or 0, content, told_numbers(session, given, on), outcome=outcome)
        command = SubmitOne(kind, replace(entry, evidence_reason="材料整理中"))
        filing_id = submit_one(session, command, actor=city.liaison("swj"), at=when)
        sign_off(session, filing_id=filing_id, actor=city.head("swj"), at=when)
    return filing_id
