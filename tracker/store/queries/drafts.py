"""Drafts as the workbench 「文件拆解」 shows them: text, items, what blocks approval, names that nobody knows."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from sqlalchemy import label, select
from sqlmodel import Session, col

from tracker.domain.events.units import UnitRegistered
from tracker.domain.items import SpanRole
from tracker.domain.readings.editions import compare_editions
from tracker.domain.readings.item import TRUSTED, Item
from tracker.domain.readings.lessons import taught_units
from tracker.domain.readings.obstacles import Obstacle, Problem, problems
from tracker.domain.readings.reading import Reading
from tracker.domain.units import UnitKind, UnitRegistry
from tracker.store.queries.draft_groups import DraftGroup, draft_groups
from tracker.store.queries.possible_entries import PossibleEntry, possible_entries
from tracker.store.tables.documents import DocumentRow, ItemRow
from tracker.store.tables.drafts import DraftRow, DraftState, read_content
from tracker.store.tables.events import EventRow
from tracker.store.tables.tasks import TaskRow
from tracker.store.tables.units import UnitAliasRow, UnitRow
from tracker.wording.unit_names import entered_words

_NEAR = 0.5
_SURE = 0.8
_SUGGESTIONS = 3
_KINDS = (
    (re.compile(r"^(?:河南)?省(?!.*驻)|^国务院"), UnitKind.UPPER_LEVEL),
    (re.compile(r"人民银行|银保监|证监|中心支行"), UnitKind.VERTICAL),
    (re.compile(r"公司|集团|银行(?!.*分行)"), UnitKind.CITY_INSTITUTION),
    (re.compile(r"海关|分行|支行|国家|铁路|供电|移动|联通|电信|邮政|军分区|武警"), UnitKind.VERTICAL),
    (re.compile(r"大学|学院|学校|日报社|电视台"), UnitKind.CITY_INSTITUTION),
    (re.compile(r"示范区|开发区|高新区|管委会"), UnitKind.ZONE),
    (re.compile(r"领导小组|指挥部|专班|工作委员会|绿化委员会"), UnitKind.LEADING_GROUP),
    (re.compile(r"(?:[区县旗]|街道|乡|镇)(?:人民政府|政府)?$"), UnitKind.LOWER_GOVERNMENT),
    (re.compile(r"工会|妇联|团|残联|科协|侨联|文联|红十字会|工商联|计生协"), UnitKind.MASS_ORGANISATION),
    (re.compile(r"委(?:办公室|组织部|宣传部|统战部|政法委|网信办|编办)|^[市县区]委"), UnitKind.PARTY_DEPARTMENT),
    (re.compile(r"人大|政协|人民代表大会"), UnitKind.CONGRESS),
    (re.compile(r"法院|检察院"), UnitKind.JUDICIARY),
)


@dataclass(frozen=True, slots=True)
class DraftLine:
    draft_id: int
    number: str
    title: str
    file_name: str
    items: int
    uploaded_by: str
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class DraftStretch:
    """A piece of the text; `items` are places in the list, from 0."""

    text: str
    role: str
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class DraftEntry:
    """One item in the list beside the text; the uncertain ones stand first."""

    place: int
    item: Item
    text: str
    problems: tuple[Problem, ...]

    @property
    def blocks(self) -> bool:
        return any(problem.blocks for problem in self.problems)

    @property
    def uncertain(self) -> bool:
        return bool(self.problems or self.item.doubts)

    @property
    def trusted(self) -> bool:
        """Whether every field was read in a way that is right nearly always."""
        return all(entry.share >= TRUSTED for entry in self.item.confidence)


@dataclass(frozen=True, slots=True)
class Suggestion:
    unit_id: int
    name: str


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A printed name that stands for no registered unit, with registered ones that look like it.

    `sure` where the first of them is very likely meant; `kinds` are those of units, first what the name suggests.
    """

    name: str
    near: tuple[Suggestion, ...]
    sure: bool
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditionLine:
    """How one item of the replaced document and one of the draft belong together; either may be missing."""

    change: str
    old_label: str | None
    old_title: str | None
    old_text: str | None
    task_id: int | None
    task_state: str | None
    new_label: str | None
    new_title: str | None
    new_text: str | None


@dataclass(frozen=True, slots=True)
class DraftView:
    draft_id: int
    version: int
    state: str
    file_name: str
    uploaded_by: str
    hands: tuple[int, ...]
    draft: Reading
    stretches: tuple[DraftStretch, ...]
    entries: tuple[DraftEntry, ...]
    possible: tuple[PossibleEntry, ...]
    unknown: tuple[UnknownName, ...]
    entered: tuple[str, ...]
    taught: Mapping[str, str]
    general: tuple[Problem, ...]
    groups: tuple[DraftGroup, ...]
    blocking: int
    doubtful: int
    without_lead: int
    editions: tuple[EditionLine, ...]
    classified_percent: int


def open_drafts(session: Session) -> list[DraftLine]:
    """Return the drafts that are neither approved nor discarded, the newest first."""
    rows = session.scalars(
        select(DraftRow).where(col(DraftRow.state) == DraftState.OPEN.value).order_by(col(DraftRow.id).desc())
    )
    return [_line(row, read_content(row.content)) for row in rows]


def waiting_drafts(session: Session) -> list[tuple[int, datetime]]:
    """Return the ids of the open drafts with when they were uploaded, without reading what they hold."""
    rows = session.execute(
        select(col(DraftRow.id), col(DraftRow.uploaded_at))
        .where(col(DraftRow.state) == DraftState.OPEN.value)
        .order_by(col(DraftRow.uploaded_at))
    )
    return [(draft_id or 0, uploaded_at) for draft_id, uploaded_at in rows]


def _line(row: DraftRow, draft: Reading) -> DraftLine:
    return DraftLine(
        row.id or 0, draft.number, draft.title, row.file_name, len(draft.items), row.uploaded_by, row.uploaded_at
    )


def draft_view(session: Session, *, draft_id: int, registry: UnitRegistry) -> DraftView | None:
    """Return one draft with everything its page needs; None where it does not exist."""
    row = session.get(DraftRow, draft_id)
    if row is None:
        return None
    draft = read_content(row.content)
    found = problems(draft, registry)
    spans = draft.cover()
    open_characters = sum(span.end - span.start for span in spans if span.role is SpanRole.UNCLASSIFIED)
    of_item: dict[int | None, list[Problem]] = {}
    for problem in found:
        of_item.setdefault(problem.item, []).append(problem)
    entries = [
        DraftEntry(place, item, draft.text[slice(*item.span)], tuple(of_item.get(place, ())))
        for place, item in enumerate(draft.items)
    ]
    names = {problem.words for problem in found if problem.obstacle is Obstacle.UNKNOWN_UNIT}
    return DraftView(
        draft_id=draft_id,
        version=row.version,
        state=row.state,
        file_name=row.file_name,
        uploaded_by=row.uploaded_by,
        hands=tuple(row.hands),
        draft=draft,
        stretches=tuple(
            DraftStretch(draft.text[s.start : s.end], s.role.value, tuple(int(code) for code in s.items)) for s in spans
        ),
        entries=tuple(sorted(entries, key=lambda entry: (not entry.blocks, not entry.uncertain, entry.trusted))),
        possible=possible_entries(draft),
        without_lead=sum(problem.obstacle is Obstacle.NO_LEAD for problem in found),
        unknown=_unknown(session, sorted(names)),
        entered=_entered(session, draft, since=row.uploaded_at),
        taught={name: registry.unit(code).short_name for name, code in taught_units(draft, registry).items()},
        general=tuple(p for p in of_item.get(None, ()) if p.obstacle is not Obstacle.POSSIBLE),
        groups=draft_groups(draft, registry),
        doubtful=sum(entry.uncertain for entry in entries),
        blocking=sum(problem.blocks for problem in found),
        editions=_editions(session, draft),
        classified_percent=100 - -(-100 * open_characters // max(1, len(draft.text))),
    )


def _editions(session: Session, draft: Reading) -> tuple[EditionLine, ...]:
    """Compare the draft with the document it replaces; empty where it replaces none that is registered."""
    if not draft.replaces:
        return ()
    rows = session.execute(
        select(
            col(ItemRow.label),
            col(ItemRow.title),
            col(ItemRow.text),
            label("task_id", col(TaskRow.id)),
            col(TaskRow.state),
        )
        .join(DocumentRow, col(DocumentRow.id) == col(ItemRow.document_id))
        .join(TaskRow, col(TaskRow.item_id) == col(ItemRow.id))
        .where(col(DocumentRow.number) == draft.replaces)
        .order_by(col(ItemRow.id))
    ).all()
    if not rows:
        return ()
    words = [draft.item_text(item) for item in draft.items]
    lines = []
    for change in compare_editions([row.text for row in rows], words):
        old = rows[change.old] if change.old is not None else None
        item = draft.items[change.new] if change.new is not None else None
        new_text = words[change.new] if change.new is not None else None
        title = item.title if item else None
        lines.append(
            EditionLine(
                change=change.change.value,
                old_label=old.label if old else None,
                old_title=old.title if old else None,
                old_text=old.text if old else None,
                task_id=old.task_id if old else None,
                task_state=old.state if old else None,
                new_label=item.label if item else None,
                new_title=title,
                new_text=new_text,
            )
        )
    return tuple(lines)


def _unknown(session: Session, names: Sequence[str]) -> tuple[UnknownName, ...]:
    units = session.execute(select(col(UnitRow.id), col(UnitRow.short_name), col(UnitRow.full_name))).all()
    found = []
    for name in names:
        scored = sorted(
            ((_likeness(name, short, full), unit_id, short) for unit_id, short, full in units), reverse=True
        )
        near = tuple(Suggestion(unit_id, short) for score, unit_id, short in scored[:_SUGGESTIONS] if score >= _NEAR)
        found.append(UnknownName(name, near, bool(scored) and scored[0][0] >= _SURE, _kinds(name)))
    return tuple(found)


def _kinds(name: str) -> tuple[str, ...]:
    """Return the kinds of units, the one that a name suggests first."""
    found = next((kind for pattern, kind in _KINDS if pattern.search(name)), UnitKind.CITY_DEPARTMENT)
    return (found.value, *(kind.value for kind in UnitKind if kind is not found))


def _entered(session: Session, draft: Reading, *, since: datetime) -> tuple[str, ...]:
    """Say which names of a draft were entered since a time and as what, in the order of their entering."""
    printed = {name.printed for item in draft.items for name in (*item.leads, *item.supports, *item.assigned_leads)}
    wanted = select(col(EventRow.payload)).where(
        col(EventRow.type) == UnitRegistered.type, col(EventRow.occurred_at) >= since
    )
    names = [json.loads(payload)["name"] for payload in session.scalars(wanted.order_by(col(EventRow.seq)))]
    return tuple(words for name in names if name in printed and (words := entered_as(session, name)))


def entered_as(session: Session, name: str) -> str:
    """Say which unit bears a name that the office entered; nothing where none does any more."""
    aliased = select(col(UnitAliasRow.unit_id)).where(col(UnitAliasRow.name) == name)
    wanted = select(col(UnitRow.short_name), col(UnitRow.kind)).where(
        (col(UnitRow.short_name) == name) | col(UnitRow.id).in_(aliased)
    )
    found = session.execute(wanted.order_by(col(UnitRow.id))).first()
    return entered_words(name, unit=found.short_name, kind=found.kind) if found is not None else ""


def _likeness(name: str, *others: str) -> float:
    return max(SequenceMatcher(None, name, other).ratio() for other in others)
