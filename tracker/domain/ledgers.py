"""Tasks that no document carries: resolutions of meetings, leaders' instructions, ledgers kept in Excel → a draft."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.domain.errors import BadInput
from tracker.domain.items import Basis, CadenceKind, ItemKind, LeadBasis, Origin, SpanRole
from tracker.domain.plan_ends import read_plan_end
from tracker.domain.readings.coverage import Span
from tracker.domain.readings.demands import Cadence, Deadline
from tracker.domain.readings.item import Item, as_printed
from tracker.domain.readings.reading import Reading

_LONGEST_TITLE = 40


class NoEntry(BadInput):
    """Not one task was written down."""

    code = "no_entry"


class HeadIncomplete(BadInput):
    """Number or title are missing; facts: field."""

    code = "head_incomplete"


@dataclass(frozen=True, slots=True)
class LedgerHead:
    """Where the tasks come from; `source` is 会议议定事项, 领导批示 or 台账."""

    source: str
    number: str
    title: str
    issued_on: date | None


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One task as somebody wrote it down; units by their names. `label` is its number, else it is counted."""

    words: str
    leads: tuple[str, ...]
    supports: tuple[str, ...] = ()
    due_on: date | None = None
    cadence: CadenceKind | None = None
    label: str = ""


def draft_from_ledger(head: LedgerHead, entries: Sequence[LedgerEntry]) -> Reading:
    """Write the entries as a text with numbered items, so that they go the way of a document.

    Raises HeadIncomplete, NoEntry.
    """
    check_head(head)
    if not entries:
        raise NoEntry()
    text = f"{head.source}\n{head.title.strip()}\n{head.number.strip()}\n"
    if head.issued_on:
        text += f"{head.issued_on.year}年{head.issued_on.month}月{head.issued_on.day}日\n"
    declared = (Span(0, len(text), SpanRole.HEADING),)
    items = []
    for number, entry in enumerate(entries, start=1):
        start = len(text)
        label = entry.label or str(number)
        text += f"{label}.{entry.words.strip()}"
        note_start = len(text)
        text += _note(entry)
        items.append(_item(entry, label, (start, len(text)), (note_start, len(text)), text))
        text += "\n"
    return Reading(
        number=head.number.strip(),
        title=head.title.strip(),
        issuer=None,
        issued_on=head.issued_on,
        effective_on=None,
        expires_on=None,
        text=text.rstrip("\n"),
        items=tuple(items),
        declared=declared,
        plan_end=read_plan_end(head.title.strip(), issued_on=head.issued_on),
        origin=Origin.INTERNAL,
    )


def check_head(head: LedgerHead) -> None:
    """Raises HeadIncomplete."""
    for field, value in (("编号", head.number), ("名称", head.title)):
        if not value.strip():
            raise HeadIncomplete(field=field)


def _note(entry: LedgerEntry) -> str:
    parts = [f"牵头单位：{'、'.join(entry.leads)}"]
    if entry.supports:
        parts.append(f"配合单位：{'、'.join(entry.supports)}")
    if entry.due_on:
        parts.append(f"完成时限：{_day(entry.due_on)}")
    return f"（{'；'.join(parts)}）"


def _item(entry: LedgerEntry, label: str, span: tuple[int, int], note: tuple[int, int], text: str) -> Item:
    title = entry.words.strip().split("。", 1)[0].split("\n", 1)[0]
    return Item(
        label=label,
        kind=ItemKind.ACTION,
        title=title[:_LONGEST_TITLE],
        span=span,
        responsibility_span=note,
        lead_basis=LeadBasis.EXPLICIT,
        leads=as_printed(entry.leads),
        supports=as_printed(entry.supports),
        cadences=(Cadence(entry.cadence, Basis.DEFAULT),) if entry.cadence else (),
        deadline=Deadline(entry.due_on, Basis.STATED, _day(entry.due_on)) if entry.due_on else None,
    )


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日前"
