"""What a search finds, of each kind the newest first, and of nothing but what whoever asks may read.

An index of pairs of characters names where the rarest pairs of all words stand; the newest of these texts are compared
with the words, then those before them, and the rights are asked of the rows themselves. A frequent pair would lead a
unit through the whole city: of tasks, reports and files it goes through its own tasks then.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    Subquery,
    and_,
    func,
    join,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Mapped, aliased
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
# So many places are looked at first, for some may not be read; the index is counted no further than that.
_FEW = MOST + MOST // 4
_OF_TASKS = frozenset({SearchKind.TASK, SearchKind.REPORT, SearchKind.EVIDENCE})
_CITY = "市"
_Share, _OwnShare, _Report, _File = (
    aliased(AssignmentRow),
    aliased(AssignmentRow),
    aliased(ReportRow),
    aliased(EvidenceRow),
)


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


@dataclass(frozen=True, slots=True)
class _Way:
    """Where the words may stand: a statement of places, and what they are ordered by; `few` where all are few."""

    places: Select[Any]  # Any: a number
    newest: ColumnElement[int] | Mapped[int]
    few: bool = False


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
    ways = _ways(session, asked, kind, viewer)
    found = {row.place: row for way in ways for row in _newest(session, way, asked, kind, viewer)}
    newest = sorted(found.values(), key=lambda row: row.place, reverse=True)[: MOST + 1]
    shown = sorted(newest[:MOST], key=lambda row: (-row.newest, row.reading, row.place))
    return Found(kind, tuple(row.place for row in shown), more=len(newest) > MOST)


def _newest(
    session: Session, way: _Way, asked: Sought, kind: SearchKind, viewer: Viewer
) -> list[Any]:  # Any: of `_every`
    """Return the newest of what stands at the places of a way, no more than tell that more is there than is shown.

    The places are taken some at a time, then the text of each, and only these are compared: no planner reorders what
    has a limit. PostgreSQL takes a comparison for cheap, and left to itself makes it with every text of the city.
    """
    found: list[Any] = []
    step, left = _FEW, way.places.order_by(way.newest.desc())
    while True:
        some = left.limit(step).subquery()
        text = select(col(SearchTextRow.text)).where(
            col(SearchTextRow.kind) == kind.value, col(SearchTextRow.place) == some.c.place
        )
        texts = select(some.c.place, text.scalar_subquery().label("text")).limit(step).subquery()
        every = _every(kind, viewer, texts).where(*(_says(kind, asked, one, texts) for one in asked.words))
        found += session.execute(every.order_by(texts.c.place.desc()).limit(MOST + 1)).all()
        if way.few or len(found) > MOST:
            return found
        last = session.execute(left.offset(step - 1).limit(1)).scalar_one_or_none()
        if last is None:
            return found
        step, left = 2 * step, left.where(way.newest < last)


def _ways(session: Session, asked: Sought, kind: SearchKind, viewer: Viewer) -> list[_Way]:
    """Return the ways that together lead to all: by the rarest pairs of the words, by a unit, by tasks."""
    units = asked.units if kind in _OF_TASKS else {}
    counted = _rarest(session, kind, [word for word in asked.words if len(word) > 1])
    # What a unit is behind is added to what says its name, so such a word need not stand there.
    needed = [pair.gram for pair, word in sorted((pair, word) for word, pair in counted.items()) if not units.get(word)]
    # A rare word is the shortest way, then a unit; what is left is frequent.
    word = min(counted, key=lambda one: (1 if units.get(one) else 2 * (counted[one].count >= _FEW), counted[one]))
    fewest, named = counted[word], units.get(word)
    own: ColumnElement[bool] = true()
    if not isinstance(viewer.scope, EveryUnit):
        own = col(_Share.task_id).in_(_shared(viewer.scope))
        if fewest.count >= _FEW and kind in _OF_TASKS:
            return [_among(kind, needed, _places(kind, own))]
    by_pairs = [_with_pairs([fewest.gram, *needed], few=fewest.count < _FEW)] if fewest.count else []
    if not named:
        return by_pairs
    return [*by_pairs, _among(kind, needed, _places(kind, and_(own, col(_Share.unit_id).in_(named))))]


def _with_pairs(grams: Sequence[int], *, few: bool = False) -> _Way:
    """Return the places at which all of some pairs stand, the first of them the rarest."""
    first, *others = dict.fromkeys(grams)
    place = col(SearchGramRow.place)
    places = select(place).where(col(SearchGramRow.gram) == first)
    for gram in others:
        other = aliased(SearchGramRow)
        places = places.join(other, (col(other.place) == place) & (col(other.gram) == gram))
    return _Way(places, place, few)


def _among(kind: SearchKind, grams: Sequence[int], places: Select[Any]) -> _Way:  # Any: a number
    """Look only at some places: few of them are put in order, for a sum has no index that all could be read by."""
    if grams:
        way = _with_pairs(grams)
    else:
        place = col(SearchTextRow.place)
        way = _Way(select(place).where(col(SearchTextRow.kind) == kind.value), place)
    return _Way(way.places.where(way.newest.in_(places)), way.newest + 0)


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


@dataclass(frozen=True, slots=True, order=True)
class _Pair:
    """A pair of characters, and how many texts of its kind have it, counted no further than `_FEW`."""

    count: int
    gram: int


def _rarest(session: Session, kind: SearchKind, words: Sequence[str]) -> dict[str, _Pair]:
    """Return the rarest pair of each word."""
    grams = sorted({gram for word in words for gram in grams_of(word, kind)})
    counts = []
    for gram in grams:
        some = select(literal(1)).where(col(SearchGramRow.gram) == gram).limit(_FEW).subquery()
        counts.append(select(func.count()).select_from(some).scalar_subquery())
    counted = dict(zip(grams, session.execute(select(*counts)).one(), strict=True))
    return {word: min(_Pair(counted[gram], gram) for gram in grams_of(word, kind)) for word in words}


def _says(kind: SearchKind, asked: Sought, word: str, texts: Subquery) -> ColumnElement[bool]:
    """Return the condition that a word stands in a text, or names a unit that is behind it."""
    # Not LIKE: PostgreSQL guesses that hardly any text is, and plans what follows for one row. Of lengths it guesses
    # that a third is shorter.
    without = func.replace(texts.c.text, word, "")
    stands: ColumnElement[bool] = func.length(without) < func.length(texts.c.text)
    units = asked.units[word]
    if kind not in _OF_TASKS or not units:
        return stands
    if kind is SearchKind.TASK:
        return or_(stands, col(TaskRow.id).in_(_shared(units)))
    return or_(stands, col(AssignmentRow.unit_id).in_(units))


def _every(kind: SearchKind, viewer: Viewer, texts: Subquery) -> Select[Any]:  # Any: three numbers
    """Select of some texts of a kind those that a viewer may read, with what they are ordered by.

    That is the newest of something first, and within it as it is read.
    """
    place = texts.c.place
    by_place = select(place, place.label("newest"), literal(0).label("reading"))
    match kind:
        case SearchKind.TASK:
            by_clause = select(
                place, col(TaskRow.document_id).label("newest"), col(ItemRow.start_at).label("reading")
            ).select_from(texts)
            of_item = by_clause.join(TaskRow, col(TaskRow.id) == place).join(
                ItemRow, col(ItemRow.id) == col(TaskRow.item_id)
            )
            return of_item.where(tasks_listed_for(viewer.scope))
        case SearchKind.DOCUMENT:
            by_document = select(place, col(DocumentRow.id).label("newest"), place.label("reading")).select_from(texts)
            return by_document.join(DocumentRow, col(DocumentRow.id) == _document_of(place)).where(
                documents_for(viewer)
            )
        case SearchKind.REPORT:
            return _of_reports(by_place.join(ReportRow, col(ReportRow.id) == place), viewer)
        case SearchKind.EVIDENCE:
            of_file = by_place.join(EvidenceRow, col(EvidenceRow.id) == place)
            return _of_reports(of_file.join(ReportRow, col(ReportRow.id) == col(EvidenceRow.report_id)), viewer)
        case SearchKind.CIRCULAR:
            return by_place.join(CircularRow, col(CircularRow.id) == place).where(editions_for(viewer))
        case SearchKind.INSTRUCTION:
            return by_place.join(InquiryRow, col(InquiryRow.id) == place).where(writings_for(viewer.scope))


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


def _document_of(place: ColumnElement[int]) -> ColumnElement[int]:
    # Written out: a parameter would be a bigint, by which PostgreSQL shifts nothing.
    bits: ColumnElement[int] = literal_column(str(START_BITS))
    return place.op(">>", return_type=BigInteger())(bits)
