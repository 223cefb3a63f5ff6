"""What a search finds, of each kind the newest first, and of nothing but what whoever asks may read.

An index of pairs of characters names where the rarest pair stands; the text there is compared with all words, and the
rights are asked of the rows themselves. A frequent pair would lead a unit through the whole city: of tasks, reports
and files it goes through its own tasks then.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, func, join, literal, literal_column, or_, select, union
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from tracker.domain.accounts import EveryUnit
from tracker.domain.searching import SearchKind, folded, grams_of
from tracker.store.queries.audiences import Viewer, documents_for, editions_for
from tracker.store.queries.inquiry_views import writings_for
from tracker.store.queries.readable_reports import LEFT_THE_UNIT, readable_reports
from tracker.store.queries.scopes import tasks_listed_for
from tracker.store.tables.circulars import CircularRow
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.filings import EvidenceRow, FilingRow, ReportRow
from tracker.store.tables.inquiries import InquiryRow
from tracker.store.tables.search import START_BITS, SearchGramRow, SearchTextRow
from tracker.store.tables.tasks import AssignmentRow, TaskRow
from tracker.store.tables.units import UnitAliasRow, UnitRow

# So many of a kind are counted and can be looked through; of more it is said that there are more.
MOST = 1000
# So many places are looked at one by one; the index is counted no further than that.
_FEW = 2000
_OF_TASKS = frozenset({SearchKind.TASK, SearchKind.REPORT, SearchKind.EVIDENCE})
_CITY = "市"
_Share, _OwnShare, _Report, _File = (
    aliased(AssignmentRow),
    aliased(AssignmentRow),
    aliased(ReportRow),
    aliased(EvidenceRow),
)
# By what texts are ordered: the newest of something first, and within it as it is read.
_ORDERS: Mapping[SearchKind, tuple[Any, Any]] = {  # Any: columns of tables
    SearchKind.TASK: (col(TaskRow.document_id), col(ItemRow.start_at)),
    SearchKind.DOCUMENT: (col(DocumentRow.id), col(SearchTextRow.place)),
    SearchKind.REPORT: (col(SearchTextRow.place), literal(0)),
    SearchKind.EVIDENCE: (col(SearchTextRow.place), literal(0)),
    SearchKind.CIRCULAR: (col(SearchTextRow.place), literal(0)),
    SearchKind.INSTRUCTION: (col(SearchTextRow.place), literal(0)),
}


@dataclass(frozen=True, slots=True)
class Found:
    """Where all words stand among the texts of one kind, in the order in which they are shown."""

    kind: SearchKind
    places: tuple[int, ...]
    more: bool


@dataclass(frozen=True, slots=True)
class Sought:
    """Words as they are looked up: folded, each with the units that it names."""

    words: tuple[str, ...]
    units: Mapping[str, frozenset[int]]


def sought(session: Session, words: Sequence[str]) -> Sought:
    """Return words with the units whose present, former or printed name each is, with 市 before it or without."""
    names = [
        *session.execute(select(col(UnitRow.id), col(UnitRow.short_name))),
        *session.execute(select(col(UnitRow.id), col(UnitRow.full_name))),
        *session.execute(select(col(UnitAliasRow.unit_id), col(UnitAliasRow.name))),
    ]
    units: dict[str, set[int]] = {word: set() for word in words}
    for unit_id, name in names:
        whole = folded(name)
        for one in {whole, whole.removeprefix(_CITY)} & units.keys():
            units[one].add(unit_id)
    return Sought(tuple(words), {word: frozenset(found) for word, found in units.items()})


def find(session: Session, asked: Sought, kind: SearchKind, *, viewer: Viewer) -> Found:
    """Return where all words stand, at most `MOST` places, of what a viewer may read."""
    ways = [select(way.limit(MOST + 1).subquery()) for way in _ways(session, asked, kind, viewer)]
    rows = session.execute(union(*ways) if len(ways) > 1 else ways[0]).all()
    newest = sorted(rows, key=lambda row: row.place, reverse=True)[: MOST + 1]
    shown = sorted(newest[:MOST], key=lambda row: (-row.newest, row.reading, row.place))
    return Found(kind, tuple(row.place for row in shown), more=len(newest) > MOST)


def _ways(session: Session, asked: Sought, kind: SearchKind, viewer: Viewer) -> list[Select[Any]]:  # Any: three numbers
    """Return the statements that together find all, each the newest first: by the rarest pair, by a unit, by tasks."""
    counted = {word: _rarest(session, kind, word) for word in asked.words if len(word) > 1}
    # What a unit is behind is added to what says its name, so another word is the shorter way.
    word = min(counted, key=lambda one: counted[one][0] + _FEW * bool(asked.units[one]))
    how_many, gram = counted[word]
    every = _every(kind, viewer).where(*(_says(kind, asked, one) for one in asked.words))
    if how_many >= _FEW and kind in _OF_TASKS and not isinstance(viewer.scope, EveryUnit):
        return [_among(every, _places(kind, col(_Share.task_id).in_(_shared(viewer.scope))))]
    by_gram = (
        every.join(SearchGramRow, col(SearchGramRow.place) == col(SearchTextRow.place))
        .where(col(SearchGramRow.gram) == gram)
        .order_by(col(SearchGramRow.place).desc())
    )
    if kind not in _OF_TASKS or not asked.units[word]:
        return [by_gram]
    return [by_gram, _among(every, _places(kind, col(_Share.unit_id).in_(asked.units[word])))]


def _among(every: Select[Any], places: Select[Any]) -> Select[Any]:  # Any: as of `_ways`
    """Look only at some places: few of them are put in order, for a sum has no index that all could be read by."""
    return every.where(col(SearchTextRow.place).in_(places)).order_by((col(SearchTextRow.place) + 0).desc())


def _places(kind: SearchKind, of_share: ColumnElement[bool]) -> Select[Any]:  # Any: a number
    """Select the places of what belongs to some shares."""
    if kind is SearchKind.TASK:
        return select(col(_Share.task_id)).where(of_share)
    reports = join(_Share, _Report, col(_Report.assignment_id) == col(_Share.id))
    if kind is SearchKind.REPORT:
        return select(col(_Report.id)).select_from(reports).where(of_share)
    return (
        select(col(_File.id)).select_from(reports.join(_File, col(_File.report_id) == col(_Report.id))).where(of_share)
    )


def _shared(unit_ids: Collection[int]) -> Select[Any]:  # Any: a number
    return select(col(_OwnShare.task_id)).where(col(_OwnShare.unit_id).in_(list(unit_ids)))


def _rarest(session: Session, kind: SearchKind, word: str) -> tuple[int, int]:
    """Return how many texts have the rarest pair of a word, counted no further than `_FEW`, and the pair."""
    found = []
    for gram in sorted(grams_of(word, kind)):
        some = select(literal(1)).where(col(SearchGramRow.gram) == gram).limit(_FEW).subquery()
        found.append((session.execute(select(func.count()).select_from(some)).scalar_one(), gram))
    return min(found)


def _says(kind: SearchKind, asked: Sought, word: str) -> ColumnElement[bool]:
    """Return the condition that a word stands in a text, or names a unit that is behind it."""
    stands = col(SearchTextRow.text).contains(word, autoescape=True)
    units = asked.units[word]
    if kind not in _OF_TASKS or not units:
        return stands
    if kind is SearchKind.TASK:
        return or_(stands, col(TaskRow.id).in_(_shared(units)))
    return or_(stands, col(AssignmentRow.unit_id).in_(units))


def _every(kind: SearchKind, viewer: Viewer) -> Select[Any]:  # Any: three numbers
    """Select all texts of a kind that a viewer may read, with what they are ordered by."""
    newest, reading = _ORDERS[kind]
    texts = select(col(SearchTextRow.place), newest.label("newest"), reading.label("reading")).where(
        col(SearchTextRow.kind) == kind.value
    )
    match kind:
        case SearchKind.TASK:
            of_task = texts.join(TaskRow, col(TaskRow.id) == col(SearchTextRow.place))
            of_item = of_task.join(ItemRow, col(ItemRow.id) == col(TaskRow.item_id))
            return of_item.where(tasks_listed_for(viewer.scope))
        case SearchKind.DOCUMENT:
            whose = _document_of_place() == col(DocumentRow.id)
            return texts.join(DocumentRow, whose).where(documents_for(viewer))
        case SearchKind.REPORT:
            return _of_reports(texts.join(ReportRow, col(ReportRow.id) == col(SearchTextRow.place)), viewer)
        case SearchKind.EVIDENCE:
            of_file = texts.join(EvidenceRow, col(EvidenceRow.id) == col(SearchTextRow.place))
            return _of_reports(of_file.join(ReportRow, col(ReportRow.id) == col(EvidenceRow.report_id)), viewer)
        case SearchKind.CIRCULAR:
            return texts.join(CircularRow, col(CircularRow.id) == col(SearchTextRow.place)).where(editions_for(viewer))
        case SearchKind.INSTRUCTION:
            of_writing = texts.join(InquiryRow, col(InquiryRow.id) == col(SearchTextRow.place))
            return of_writing.where(writings_for(viewer.scope))


def _of_reports(reports: Select[Any], viewer: Viewer) -> Select[Any]:  # Any: as of `_every`
    """Let only what has left its unit be found, and of that what the page of its task shows the viewer."""
    return (
        reports.join(FilingRow, col(FilingRow.id) == col(ReportRow.filing_id))
        .join(AssignmentRow, col(AssignmentRow.id) == col(ReportRow.assignment_id))
        .join(TaskRow, col(TaskRow.id) == col(AssignmentRow.task_id))
        .where(
            col(ReportRow.state).in_(LEFT_THE_UNIT),
            readable_reports(viewer.scope),
            tasks_listed_for(viewer.scope),
        )
    )


def _document_of_place() -> ColumnElement[int]:
    # Written out: a parameter would be a bigint, by which PostgreSQL shifts nothing.
    bits: ColumnElement[int] = literal_column(str(START_BITS))
    return col(SearchTextRow.place).op(">>", return_type=BigInteger())(bits)
