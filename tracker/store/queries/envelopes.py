"""Envelopes that wait for the head of a unit, with all they carry: nobody signs what he cannot see."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, label, select
from sqlmodel import Session, col

from tracker.domain.accounts import Scope
from tracker.domain.leaving import Leaving
from tracker.store.queries.asked_of_shares import Target, targets_of_shares
from tracker.store.queries.beside_reports import Beside, beside_reports
from tracker.store.queries.filing_moments import moments_of_filings
from tracker.store.queries.form_parts import (
    GivenBack,
    LastValue,
    Report,
    last_cases,
    last_values,
    reports_of_filings,
)
from tracker.store.queries.leaving import what_leaves
from tracker.store.queries.scopes import within
from tracker.store.rows import as_view
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import FilingRow, ReportRow
from tracker.store.tables.inquiries import AskedRow, InquiryRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

# What a reply is called that answers a leader.
INSTRUCTED = "instruction"


@dataclass(frozen=True, slots=True)
class EnvelopeRow:
    """What the envelope says of one share, against what the item asks.

    `stays` is the cause for which it cannot leave the unit any more, None where it can.
    """

    report: Report
    task_id: int
    label: str
    title: str
    final: bool
    targets: tuple[Target, ...]
    before: dict[int, LastValue]
    cases_before: Report | None
    beside: Beside
    stays: str | None


@dataclass(frozen=True, slots=True)
class Envelope:
    """One envelope; period and document are those of its form, `due_at` the earliest moment of what it carries.

    News, replies and requests have none of these. `mark` names what would leave and what would stay, `leaves` where a
    signature would let anything of it leave the unit, `causes` say why the rest would stay; `ticked` is 0 where the
    tick would, for the cause `tick_stays`.
    """

    filing_id: int
    kind: str
    instructed: bool
    unit_name: str
    period_id: int | None
    code: str | None
    due_at: datetime | None
    addressee: str | None
    document_number: str | None
    document_title: str | None
    ticked: int
    missed_words: str | None
    evidence_reason: str | None
    written_by: str
    written_at: datetime
    rows: tuple[EnvelopeRow, ...]
    mark: str
    leaves: bool
    causes: tuple[str, ...]
    tick_mends: GivenBack | None
    tick_stays: str | None = None

    @property
    def called(self) -> str:
        """The kind by which people know it."""
        return INSTRUCTED if self.instructed else self.kind

    @property
    def answers_id(self) -> int | None:
        """What was asked of the unit that a reply answers; None of anything else."""
        return self.rows[0].report.answers_id if self.rows else None

    @property
    def leaving(self) -> tuple[EnvelopeRow, ...]:
        """The rows that leave the unit with the signature."""
        return tuple(row for row in self.rows if row.stays is None)

    @property
    def staying(self) -> tuple[EnvelopeRow, ...]:
        """The rows that do not, though they were written."""
        return tuple(row for row in self.rows if row.stays is not None)


def answers_an_instruction() -> ColumnElement[bool]:
    """Return the condition that a filing answers what a leader instructed."""
    answered = (
        select(col(ReportRow.id))
        .join(AskedRow, col(AskedRow.id) == col(ReportRow.answers_id))
        .join(InquiryRow, col(InquiryRow.id) == col(AskedRow.inquiry_id))
        .where(col(ReportRow.filing_id) == col(FilingRow.id), col(InquiryRow.instruction_id).is_not(None))
    )
    return answered.exists()


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
            label("instructed", answers_an_instruction()),
            label("unit_name", col(UnitRow.short_name)),
            label("period_id", col(PeriodRow.id)),
            col(PeriodRow.code),
            col(PeriodRow.due_at),
            col(SeriesRow.addressee),
            label("document_number", col(DocumentRow.number)),
            label("document_title", col(DocumentRow.title)),
            col(FilingRow.ticked),
            col(FilingRow.missed_words),
            col(FilingRow.evidence_reason),
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
    inside = [report for id_ in ids for report in reports.get(id_, ())]
    beside = beside_reports(session, inside)
    leaving = what_leaves(session, ids)
    rows = _rows(session, [report for report in inside if report.assignment_id is not None], beside, leaving)
    ticks = {report.filing_id: beside[report.report_id] for report in inside if report.assignment_id is None}
    moments = moments_of_filings(session, ids, but={stays for one in leaving.values() for stays in one.stay})
    found = []
    for head in heads:
        parted = leaving[head.filing_id]
        causes = tuple(dict.fromkeys(parted.stay.values()))
        mends = ticks[head.filing_id].mends if head.filing_id in ticks else None
        one = as_view(
            Envelope,
            head,
            rows=tuple(rows[head.filing_id]),
            mark=parted.mark,
            leaves=bool(parted.leave),
            causes=causes,
            tick_mends=mends,
        )
        found.append(_with_tick(replace(one, due_at=moments.get(one.filing_id)), parted.stay))
    return found


def _rows(
    session: Session, reports: Sequence[Report], beside: Mapping[int, Beside], leaving: Mapping[int, Leaving]
) -> dict[int, list[EnvelopeRow]]:
    """Return the rows of each envelope for its reports on shares."""
    shares = {report.assignment_id or 0 for report in reports}
    facts, final = _facts(session, sorted(shares)), _final(session, [report.row_id for report in reports])
    targets = targets_of_shares(session, shares)
    found: dict[int, list[EnvelopeRow]] = defaultdict(list)
    for report in reports:
        share, said = report.assignment_id or 0, beside[report.report_id]
        task_id, item_label, title = facts[share]
        row = EnvelopeRow(
            report=report,
            task_id=task_id,
            label=item_label,
            title=title,
            final=final.get(report.row_id, report.kind == "completion"),
            targets=targets.get(share, ()),
            before=last_values(said.before),
            cases_before=last_cases(said.before),
            beside=said,
            stays=leaving[report.filing_id].stay.get(report.report_id),
        )
        found[report.filing_id].append(row)
    return found


def _with_tick(envelope: Envelope, stay: Mapping[int, str]) -> Envelope:
    """Say of an envelope why its tick stays, where it does."""
    written = {row.report.report_id for row in envelope.rows}
    tick = next((cause for report_id, cause in stay.items() if report_id not in written), None)
    return replace(envelope, ticked=0 if tick else envelope.ticked, tick_stays=tick)


def _facts(session: Session, ids: list[int]) -> dict[int, tuple[int, str, str]]:
    rows = session.execute(
        select(col(AssignmentRow.id), col(TaskRow.id), col(ItemRow.label), col(ItemRow.title))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .where(col(AssignmentRow.id).in_(ids))
    )
    return {id_: (task_id, label, title) for id_, task_id, label, title in rows}


def _final(session: Session, ids: list[int | None]) -> dict[int | None, bool]:
    """Tell of rows whether they ask for the completion."""
    known = [id_ for id_ in ids if id_ is not None]
    rows = session.execute(select(col(FormRow.id), col(FormRow.final)).where(col(FormRow.id).in_(known)))
    return dict(rows.all())
