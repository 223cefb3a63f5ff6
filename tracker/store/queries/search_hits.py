"""What a page shows of the places that `queries/searching` has found for somebody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, label, literal, null, select
from sqlmodel import Session, col

from tracker.domain.searching import SearchKind, first_place
from tracker.store.queries.audiences import Viewer
from tracker.store.queries.readable_reports import name_of_report
from tracker.store.queries.scopes import tasks_for
from tracker.store.rows import as_views
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow
from tracker.store.tables.inquiries import InquiryRow
from tracker.store.tables.instructions import InstructionRow
from tracker.store.tables.search import START_BITS
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitRow

_START = (1 << START_BITS) - 1


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found. `number` and `clause` say where it belongs, `state` how it stands, `text` what it says.

    `unit` is whose it is, of an instruction who gave it. `kind` of a report is as of `name_of_report`.
    `page_id` is of the task, document or paper whose page shows it; of a file `object_id` is its own.
    """

    page_id: int
    object_id: int
    number: str | None
    clause: str | None
    title: str
    unit: str | None
    state: str | None
    kind: str | None
    at: datetime | None
    text: str


def hits(
    session: Session, kind: SearchKind, places: Sequence[int], *, words: Sequence[str], viewer: Viewer
) -> list[Hit]:
    """Return what stands at places of one kind, in their order."""
    match kind:
        case SearchKind.TASK:
            wanted = _TASKS.where(col(TaskRow.id).in_(places))
        case SearchKind.DOCUMENT:
            return _paragraphs(session, places, words, viewer)
        case SearchKind.REPORT:
            wanted = _REPORTS.where(col(ReportRow.id).in_(places))
        case SearchKind.EVIDENCE:
            wanted = _FILES.where(col(EvidenceRow.id).in_(places))
        case SearchKind.CIRCULAR:
            return _circulars(session, places)
        case SearchKind.INSTRUCTION:
            wanted = _WRITINGS.where(col(InquiryRow.id).in_(places))
    by_place = {one.object_id: one for one in as_views(Hit, session.execute(wanted))}
    return [by_place[place] for place in places]


def _of_reports(*columns: Any) -> Select[Any]:  # Any: `Hit` types them
    return (
        select(*columns)
        .select_from(ReportRow)
        .join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
        .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
        .join(UnitRow, col(UnitRow.id) == col(FilingRow.unit_id))
    )


_TASKS = (
    select(
        label("page_id", col(TaskRow.id)),
        label("object_id", col(TaskRow.id)),
        label("number", col(DocumentRow.number)),
        label("clause", col(ItemRow.label)),
        col(ItemRow.title),
        label("unit", null()),
        col(TaskRow.state),
        label("kind", null()),
        label("at", null()),
        label("text", col(ItemRow.text) + func.coalesce(literal(" ") + col(ItemRow.responsibility), "")),
    )
    .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
    .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
)
_REPORTS = _of_reports(
    label("page_id", col(TaskRow.id)),
    label("object_id", col(ReportRow.id)),
    label("number", col(DocumentRow.number)),
    label("clause", col(ItemRow.label)),
    col(ItemRow.title),
    label("unit", col(UnitRow.short_name)),
    col(ReportRow.state),
    label("kind", name_of_report()),
    label("at", col(ReportRow.filed_at)),
    label(
        "text",
        col(ReportRow.text)
        + func.coalesce(literal(" ") + col(ReportRow.cause), "")
        + func.coalesce(literal(" ") + col(ReportRow.next_step), ""),
    ),
)
_FILES = _of_reports(
    label("page_id", col(TaskRow.id)),
    label("object_id", col(EvidenceRow.id)),
    label("number", col(DocumentRow.number)),
    label("clause", col(ItemRow.label)),
    label("title", col(EvidenceRow.name)),
    label("unit", col(UnitRow.short_name)),
    col(ReportRow.state),
    label("kind", name_of_report()),
    label("at", col(EvidenceRow.uploaded_at)),
    label("text", col(ItemRow.title)),
).join(EvidenceRow, col(EvidenceRow.report_id) == col(ReportRow.id))


_WRITINGS = (
    select(
        label("page_id", col(TaskRow.id)),
        label("object_id", col(InquiryRow.id)),
        label("number", col(DocumentRow.number)),
        label("clause", col(ItemRow.label)),
        col(ItemRow.title),
        label("unit", col(InquiryRow.asked_by)),
        label("state", case((col(InstructionRow.closed_at).is_(None), "open"), else_="over")),
        label("kind", col(InquiryRow.haste)),
        label("at", col(InquiryRow.asked_at)),
        label("text", col(InquiryRow.words)),
    )
    .join(InstructionRow, col(InstructionRow.id) == col(InquiryRow.instruction_id))
    .join(TaskRow, col(TaskRow.id) == col(InquiryRow.task_id))
    .join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
    .join(DocumentRow, col(DocumentRow.id) == col(TaskRow.document_id))
)


def _paragraphs(session: Session, places: Sequence[int], words: Sequence[str], viewer: Viewer) -> list[Hit]:
    """Return paragraphs, each with the clause in which the first of the words stands."""
    ids = {place >> START_BITS for place in places}
    documents = {row.id or 0: row for row in session.scalars(select(DocumentRow).where(col(DocumentRow.id).in_(ids)))}
    clauses = _clauses(session, ids, viewer)
    found = []
    for place in places:
        row, start = documents[place >> START_BITS], place & _START
        text = row.text[start:].split("\n", 1)[0]
        hit = Hit(row.id or 0, place, row.number, None, row.title, None, None, None, None, text)
        at = start + (first_place(text, words) or 0)
        clause = next((one for one in clauses.get(hit.page_id, ()) if one.start_at <= at < one.end_at), None)
        found.append(replace(hit, clause=clause.label, state=clause.state) if clause else hit)
    return found


@dataclass(frozen=True, slots=True)
class _Clause:
    document_id: int
    label: str
    start_at: int
    end_at: int
    state: str | None


def _clauses(session: Session, document_ids: Iterable[int], viewer: Viewer) -> dict[int, list[_Clause]]:
    """Return the items of documents; what became of them only where the viewer may open that."""
    rows = session.execute(
        select(ItemRow, col(TaskRow.state), tasks_for(viewer.scope).label("opens"))
        .join(TaskRow, col(TaskRow.item_id) == col(ItemRow.id))
        .where(col(ItemRow.document_id).in_(document_ids))
        .order_by(col(ItemRow.start_at), col(ItemRow.id))
    )
    found: dict[int, list[_Clause]] = {}
    for item, state, opens in rows:
        clause = _Clause(item.document_id, item.label, item.start_at, item.end_at, state if opens else None)
        found.setdefault(item.document_id, []).append(clause)
    return found


def _circulars(session: Session, places: Sequence[int]) -> list[Hit]:
    rows = session.scalars(select(CircularRow).where(col(CircularRow.id).in_(places)))
    known = {row.id or 0: row for row in rows}
    return [_circular(known[place]) for place in places]


def _circular(row: CircularRow) -> Hit:
    words = row.said or " ".join(str(statement[1]) for statement in row.statements)
    id_, at = row.id or 0, row.issued_at or row.drafted_at
    return Hit(id_, id_, row.number, None, row.title, row.unit_name or row.addressees, row.state, row.type, at, words)
