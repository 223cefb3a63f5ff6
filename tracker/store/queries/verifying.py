"""Which reports of members lie before which lead of their task: one condition for every list and act."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, label, select
from sqlalchemy.orm import Bundle, aliased
from sqlmodel import Session, col

from tracker.domain.accounts import Role
from tracker.domain.items import AssignmentRole
from tracker.domain.lifecycle import TASK_GOES_ON
from tracker.domain.verifying import VERIFIED_KINDS, LeadOpinion
from tracker.store.queries.denied import denied_reports
from tracker.store.queries.filings import ReportView, fill_reports, report_columns
from tracker.store.queries.leads import is_lead_now, tasks_led_by
from tracker.store.queries.nobody import somebody
from tracker.store.rows import as_view
from tracker.store.tables.columns import is_one_of
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import EvidenceRow, FilingRow, LeadVerificationRow, ReportRow
from tracker.store.tables.series import FormRow, PeriodRow, SeriesRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

_Member, _Lead = aliased(AssignmentRow), aliased(AssignmentRow)
_MemberUnit, _LeadUnit = aliased(UnitRow), aliased(UnitRow)
# A person acts for his unit and the groups that it keeps.
_FEW_LEADS = 5
# A document by its id and the code of a period, None for what belongs to none.
Form = tuple[int, str | None]


@dataclass(frozen=True, slots=True)
class MemberReport:
    """A member's report that its lead may verify, with whose it is and which period it answers.

    `denied` where its numbers deny its claim.
    """

    report: ReportView
    unit_name: str
    document_number: str
    period_code: str | None
    filed_at: datetime
    denied: bool


def lies_before(session: Session, report_ids: Collection[int | None]) -> dict[int, dict[int, str]]:
    """Return before which leads reports lie that no lead has verified: report to unit to name.

    A report of a member lies before the leads of its task from its filing until the office decides, where it is
    addressed to the office and the task goes on. A lead whose people are the member's own, and one with nobody to
    remind, does not verify. The days of the policy are the caller's.
    """
    found: dict[int, dict[int, str]] = defaultdict(dict)
    columns = (col(ReportRow.id), col(_LeadUnit.id), col(_LeadUnit.short_name))
    wanted = _before(select(*columns)).where(col(ReportRow.id).in_(report_ids))
    for report_id, lead_id, name in session.execute(wanted.order_by(col(_LeadUnit.official_order))):
        found[report_id][lead_id] = name
    return dict(found)


def count_before_leads(session: Session, *, unit_ids: Collection[int], filed_since: datetime) -> dict[int, int]:
    """Return how many reports of members filed since a time wait for each of some leads."""
    return dict(
        Counter(lead_id for _report_id, lead_id in _waiting(session, unit_ids=unit_ids, filed_since=filed_since))
    )


def _waiting(session: Session, *, unit_ids: Collection[int], filed_since: datetime) -> list[tuple[int, int]]:
    """Return pairs of report and lead.

    Of few leads the shares are fewer than what is under review in a city; of many they are more, and the index of what
    is under review gives few.
    """
    wanted = _before(select(col(ReportRow.id), col(_LeadUnit.id))).where(col(ReportRow.filed_at) >= filed_since)
    if len(unit_ids) <= _FEW_LEADS:
        wanted = wanted.where(col(_Lead.unit_id).in_(unit_ids))
    return [(report, lead) for report, lead in session.execute(wanted) if report and lead and lead in unit_ids]


_WHOSE: Bundle[Any] = Bundle(  # Any: `MemberReport` types it
    "whose",
    label("unit_name", col(UnitRow.short_name)),
    label("document_number", col(DocumentRow.number)),
    label("period_code", col(PeriodRow.code)),
    col(ReportRow.filed_at),
)


def reports_before_leads(
    session: Session, *, unit_ids: Collection[int], filed_since: datetime
) -> tuple[MemberReport, ...]:
    """Return the reports of members filed since a time that wait for some leads, by document, item and member."""
    waiting = {report_id for report_id, _lead_id in _waiting(session, unit_ids=unit_ids, filed_since=filed_since)}
    wanted = (
        report_columns()
        .add_columns(_WHOSE)
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .join(UnitRow, col(UnitRow.id) == col(FilingRow.unit_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(FilingRow.period_id))
        .where(col(ReportRow.id).in_(waiting))
        .order_by(
            col(TaskRow.document_id),
            col(ItemRow.start_at),
            col(TaskRow.id),
            col(UnitRow.official_order),
            col(ReportRow.id),
        )
    )
    rows = session.execute(wanted).all()
    reports = fill_reports(session, [row.report for row in rows])
    denied = denied_reports(session, waiting)
    return tuple(
        as_view(MemberReport, row.whose, report=report, denied=report.report_id in denied)
        for report, row in zip(reports, rows, strict=True)
    )


def may_read_file(session: Session, *, evidence_id: int, unit_ids: Collection[int]) -> bool:
    """Tell whether a file belongs to a report that one of some units verifies, or has verified and still leads."""
    report_id = session.execute(
        select(col(EvidenceRow.report_id)).where(col(EvidenceRow.id) == evidence_id)
    ).scalar_one_or_none()
    given = (
        select(col(LeadVerificationRow.report_id))
        .join(ReportRow, col(ReportRow.id) == col(LeadVerificationRow.report_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .where(
            col(LeadVerificationRow.report_id) == report_id,
            col(LeadVerificationRow.lead_unit_id).in_(unit_ids),
            col(AssignmentRow.task_id).in_(tasks_led_by(unit_ids)),
        )
    )
    before = lies_before(session, [report_id]).get(report_id or 0, {})
    return not before.keys().isdisjoint(unit_ids) or session.execute(given).first() is not None


def _before(wanted: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:  # Any: pairs, ids or a count
    people = func.coalesce(col(_LeadUnit.kept_by_unit_id), col(_LeadUnit.id))
    return (
        wanted.select_from(ReportRow)
        .join(_Member, col(_Member.id) == col(ReportRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(_Member.task_id))
        .join(_Lead, col(_Lead.task_id) == col(TaskRow.id))
        .join(_MemberUnit, col(_MemberUnit.id) == col(_Member.unit_id))
        .join(_LeadUnit, col(_LeadUnit.id) == col(_Lead.unit_id))
        .outerjoin(FormRow, col(FormRow.id) == col(ReportRow.row_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(FormRow.period_id))
        .outerjoin(SeriesRow, col(SeriesRow.id) == col(PeriodRow.series_id))
        .outerjoin(LeadVerificationRow, col(LeadVerificationRow.report_id) == col(ReportRow.id))
        .where(
            is_one_of(col(ReportRow.state), "filed"),
            col(ReportRow.kind).in_(sorted(kind.value for kind in VERIFIED_KINDS)),
            col(LeadVerificationRow.report_id).is_(None),
            col(SeriesRow.addressee).is_(None),
            col(TaskRow.state).in_(sorted(state.value for state in TASK_GOES_ON)),
            col(_Member.role) != AssignmentRole.LEAD.value,
            is_lead_now(_Lead),
            people != func.coalesce(col(_MemberUnit.kept_by_unit_id), col(_MemberUnit.id)),
            somebody(Role.LIAISON, unit_id=col(_LeadUnit.id), keeper_id=col(_LeadUnit.kept_by_unit_id)),
        )
    )


def form_of(session: Session, report_id: int) -> Form:
    """Return the document and the period of a report, None for one of no period."""
    document_id, code = session.execute(_document_and_period().where(col(ReportRow.id) == report_id)).one()
    return document_id, code


def first_found_true(session: Session, form: Form, *, lead_unit_id: int) -> bool:
    """Tell whether no report of a document and period has been found true by that lead before."""
    document_id, code = form
    earlier = (
        _document_and_period()
        .join(LeadVerificationRow, col(LeadVerificationRow.report_id) == col(ReportRow.id))
        .where(
            col(LeadVerificationRow.lead_unit_id) == lead_unit_id,
            col(LeadVerificationRow.opinion) == LeadOpinion.STANDS.value,
            col(TaskRow.document_id) == document_id,
            col(PeriodRow.code).is_not_distinct_from(code),
        )
    )
    return session.execute(earlier.limit(1)).first() is None


def _document_and_period() -> Select[*tuple[int, str | None]]:
    return (
        select(col(TaskRow.document_id), col(PeriodRow.code))
        .select_from(ReportRow)
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .outerjoin(PeriodRow, col(PeriodRow.id) == col(FilingRow.period_id))
    )
