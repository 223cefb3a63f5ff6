"""Envelopes that wait for the head of a unit, with all they carry: nobody signs what he cannot see."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, label, select
from sqlmodel import Session, col

from tracker.domain.accounts import Scope
from tracker.store.queries.asked_of_shares import Requirement, Target, requirements_of_shares, targets_of_shares
from tracker.store.queries.filing_moments import moments_of_filings
from tracker.store.queries.form_parts import (
    Report,
    Value,
    before,
    last_cases,
    last_values,
    office_reason,
    reports_of_filings,
    reports_of_shares,
)
from tracker.store.queries.leaving import what_leaves
from tracker.store.queries.scopes import within
from tracker.store.rows import as_view
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import FilingRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow


@dataclass(frozen=True, slots=True)
class EnvelopeRow:
    """What the envelope says of one share, against what the item asks; `lacking` is evidence without a file.

    `office_reason` says why the office gave back what this mends. `stays` is the cause for which it cannot leave the
    unit any more, None where it can.
    """

    report: Report
    task_id: int
    label: str
    title: str
    final: bool
    returned: bool
    office_reason: str
    targets: tuple[Target, ...]
    before: dict[int, Value]
    cases_before: Report | None
    lacking: tuple[Requirement, ...]
    stays: str | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """One envelope; period and document are those of its form, `due_at` the earliest moment of what it carries.

    News, replies and requests have none of these. `leaves` where a signature would let anything of it leave the unit,
    `causes` say why the rest would stay; `ticked` is 0 where the tick would, for the cause `tick_stays`.
    """

    filing_id: int
    kind: str
    unit_name: str
    period_id: int | None
    code: str | None
    due_at: datetime | None
    addressee: str | None
    document_number: str | None
    document_title: str | None
    ticked: int
    missed_words: str | None
    written_by: str
    written_at: datetime
    rows: tuple[EnvelopeRow, ...]
    leaves: bool
    causes: tuple[str, ...]
    tick_stays: str | None = None

    @property
    def leaving(self) -> tuple[EnvelopeRow, ...]:
        """The rows that leave the unit with the signature."""
        return tuple(row for row in self.rows if row.stays is None)

    @property
    def staying(self) -> tuple[EnvelopeRow, ...]:
        """The rows that do not, though they were written."""
        return tuple(row for row in self.rows if row.stays is not None)


def waiting_envelopes(session: Session, *, unit_ids: Collection[int]) -> list[Envelope]:
    """Return the envelopes that wait for the head of units: the one due first, then what has no due day."""
    unsigned = is_one_of(col(FilingRow.state), "awaiting_sign_off")
    wanted = _envelopes().where(col(FilingRow.unit_id).in_(unit_ids), unsigned)
    found = _filled(session, session.execute(wanted.order_by(col(FilingRow.id))).all())
    return sorted(found, key=lambda one: (one.due_at is None, one.due_at or one.written_at))


def envelope(session: Session, *, filing_id: int, unit_ids: Scope) -> Envelope | None:
    """Return an envelope; None where it is of none of the units."""
    wanted = _envelopes().where(col(FilingRow.id) == filing_id, within(unit_ids, col(FilingRow.unit_id)))
    return next(iter(_filled(session, session.execute(wanted).all())), None)


def _envelopes() -> Select[*tuple[Any, ...]]:  # Any: the columns fill a typed row at once
    return (
        select(
            label("filing_id", col(FilingRow.id)),
            col(FilingRow.kind),
            label("unit_name", col(UnitRow.short_name)),
            label("period_id", col(PeriodRow.id)),
            col(PeriodRow.code),
            col(PeriodRow.due_at),
            col(SeriesRow.addressee),
            label("document_number", col(DocumentRow.number)),
            label("document_title", col(DocumentRow.title)),
            col(FilingRow.ticked),
            col(FilingRow.missed_words),
            col(FilingRow.written_by),
            col(FilingRow.written_at),
        )
        .join(UnitRow, col(UnitRow.id) == col(FilingRow.unit_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(FilingRow.period_id))
        .outerjoin(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        .outerjoin(DocumentRow, col(DocumentRow.id) == col(SeriesRow.document_id))
    )


def _filled(session: Session, heads: Sequence[Any]) -> list[Envelope]:  # Any: rows of `_envelopes`
    ids = [head.filing_id for head in heads]
    reports = reports_of_filings(session, ids)
    shares = {report.assignment_id or 0 for inside in reports.values() for report in inside}
    facts = _facts(session, sorted(shares))
    row_states = _row_states(session, [report.row_id for inside in reports.values() for report in inside])
    targets, asked = targets_of_shares(session, shares), requirements_of_shares(session, shares)
    history = reports_of_shares(session, shares)
    leaving = what_leaves(session, ids)

    def row(report: Report) -> EnvelopeRow:
        share = report.assignment_id or 0
        final, state = row_states.get(report.row_id, (report.kind == "completion", ""))
        earlier = [old for old in history.get(share, []) if old.report_id < report.report_id]
        previous = _before(report, history.get(share, []))
        lacking = report.lacking(asked.get(share, ())) if report.kind in ("progress", "completion") else ()
        return EnvelopeRow(
            report=report,
            task_id=facts[share][0],
            label=facts[share][1],
            title=facts[share][2],
            final=final,
            returned=state == "returned",
            office_reason=office_reason(_same_matter(report, earlier)),
            targets=targets.get(share, ()),
            before=last_values(previous),
            cases_before=last_cases(previous),
            lacking=tuple(wanted for wanted in lacking if not _given_before(wanted, earlier)),
            stays=leaving[report.filing_id].stay.get(report.report_id),
        )

    rows = {id_: tuple(row(report) for report in reports.get(id_, ())) for id_ in ids}
    moments = moments_of_filings(session, ids, but={stays for one in leaving.values() for stays in one.stay})
    found = []
    for head in heads:
        parted = leaving[head.filing_id]
        causes = tuple(dict.fromkeys(parted.stay.values()))
        one = as_view(Envelope, head, rows=rows[head.filing_id], leaves=bool(parted.leave), causes=causes)
        found.append(_with_tick(replace(one, due_at=moments.get(one.filing_id)), parted.stay))
    return found


def _with_tick(envelope: Envelope, stay: Mapping[int, str]) -> Envelope:
    """Say of an envelope why its tick stays, where it does."""
    written = {row.report.report_id for row in envelope.rows}
    tick = next((cause for report_id, cause in stay.items() if report_id not in written), None)
    return replace(envelope, ticked=0 if tick else envelope.ticked, tick_stays=tick)


def _before(report: Report, reports: Iterable[Report]) -> list[Report]:
    return before(reports, ends_on=report.period_ends_on, row_id=report.row_id, report_id=report.report_id)


def _same_matter(report: Report, earlier: list[Report]) -> list[Report]:
    """Return the earlier reports on the same row; outside forms those of the same kind."""
    if report.row_id is not None:
        return [old for old in earlier if old.row_id == report.row_id]
    return [old for old in earlier if old.row_id is None and old.kind == report.kind]


def _given_before(asked: Requirement, earlier: list[Report]) -> bool:
    """Tell whether evidence that is asked for once, not each period, was handed in before."""
    left = [report for report in earlier if report.state in ("filed", "accepted")]
    return asked.per != "period" and any(
        file.requirement_id == asked.requirement_id for report in left for file in report.files
    )


def _facts(session: Session, ids: list[int]) -> dict[int, tuple[int, str, str]]:
    rows = session.execute(
        select(col(AssignmentRow.id), col(TaskRow.id), col(ItemRow.label), col(ItemRow.title))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(col(AssignmentRow.id).in_(ids))
    )
    return {id_: (task_id, label, title) for id_, task_id, label, title in rows}


def _row_states(session: Session, ids: list[int | None]) -> dict[int | None, tuple[bool, str]]:
    known = [id_ for id_ in ids if id_ is not None]
    rows = session.execute(
        select(col(FormRow.id), col(FormRow.final), col(FormRow.state)).where(col(FormRow.id).in_(known))
    )
    return {row_id: (final, state) for row_id, final, state in rows}
