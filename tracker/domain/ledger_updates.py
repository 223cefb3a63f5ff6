"""What a ledger that comes again would change: its rows held against the tasks that are there, by fingerprint.

A row is a task's where their document and their words are the same; the number tells apart those of the same words.
Each difference is held against the item as it was entered, so that what changed in the system since is not overwritten
unseen.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tracker.domain.ledger_sheets import LedgerRow, RowKind
from tracker.domain.ledgers import LedgerEntry

_NUMBER = re.compile(r"^\s*[（(]?[\d一二三四五六七八九十]{1,4}[）)、.．]\s*")


class Differs(StrEnum):
    """In what a row and its task differ; the last only the task's page changes."""

    LEADS = "leads"
    SUPPORTS = "supports"
    DUE = "due"
    RHYTHM = "rhythm"


class Since(StrEnum):
    """Who changed it since the item was entered: the ledger, the system, or both and differently."""

    LEDGER = "ledger"
    SYSTEM = "system"
    BOTH = "both"


class Fate(StrEnum):
    """What would become of a row that can be read."""

    NEW = "new"
    OTHER_WORDS = "other_words"
    SAME = "same"
    DIFFERS = "differs"
    NOT_ISSUED = "not_issued"
    ENDED = "ended"
    DRAFTED = "drafted"
    DRAFTED_OTHERWISE = "drafted_otherwise"
    UNKNOWN_UNIT = "unknown_unit"


@dataclass(frozen=True, slots=True)
class Standing:
    """Who does a task and by when: codes of units in order, of the supports in any."""

    leads: tuple[str, ...]
    supports: frozenset[str]
    due_on: date | None


@dataclass(frozen=True, slots=True)
class KnownTask:
    """A task of the same document; `entered` as its item has it, `now` as it stands; `shares` are ids by units' codes.

    `fate` says why nothing of it can be changed, None where it goes on.
    """

    task_id: int
    label: str
    words: str
    entered: Standing
    now: Standing
    rhythms: frozenset[str]
    shares: Mapping[str, int]
    fate: Fate | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a row differs from its task, in codes or as a day."""

    what: Differs
    since: Since
    entered: str
    now: str
    wanted: str


@dataclass(frozen=True, slots=True)
class PlannedRow:
    """One row of the file with what would become of it; `task` is that of its fingerprint."""

    row: LedgerRow
    fate: Fate | None
    task: KnownTask | None = None
    wanted: Standing | None = None
    differences: tuple[Difference, ...] = ()
    words: str = ""

    @property
    def is_disputed(self) -> bool:
        """Whether the task, too, changed since its item was entered."""
        return any(one.since is not Since.LEDGER for one in self.differences)

    @property
    def asks(self) -> bool:
        """Whether somebody has to say what becomes of it."""
        changes = any(one.what is not Differs.RHYTHM for one in self.differences)
        return self.fate is Fate.OTHER_WORDS or (self.fate is Fate.DIFFERS and changes)


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do; `absent` are numbers of tasks that the file does not have."""

    rows: tuple[PlannedRow, ...]
    absent: tuple[str, ...] = ()

    def of(self, *fates: Fate) -> tuple[PlannedRow, ...]:
        return tuple(row for row in self.rows if row.fate in fates)


@dataclass(frozen=True, slots=True)
class Present:
    """What is there of a document: its tasks, and the entries that wait in drafts."""

    tasks: Sequence[KnownTask] = ()
    drafted: Sequence[LedgerEntry] = ()
    codes: Callable[[str], tuple[str, ...]] = field(default=lambda _name: ())


def fingerprint(words: str) -> str:
    """Return the words without number, width, blanks and marks: what stays the same from one writing to the next."""
    plain = unicodedata.normalize("NFKC", _NUMBER.sub("", words, count=1))
    return "".join(sign for sign in plain if sign.isalnum()).casefold()


def plan_of(rows: Sequence[LedgerRow], present: Present) -> Plan:
    """Say what would become of each row; `present.codes` gives the units that a printed name stands for."""
    tasks, drafted = _by_print(present.tasks), defaultdict(list)
    for entry in present.drafted:
        drafted[fingerprint(entry.words)].append(entry)
    labels = {task.label: task for task in present.tasks}
    pairs = _pairs(rows, tasks)
    taken = {task.task_id for task in pairs.values()}
    planned = []
    for place, row in enumerate(rows):
        if row.kind is not RowKind.ENTRY or row.entry is None:
            planned.append(PlannedRow(row, None))
        elif (task := pairs.get(place)) is not None:
            planned.append(_held_against(row, row.entry, task, present.codes))
        elif waiting := drafted.get(fingerprint(row.entry.words)):
            planned.append(_drafted(row, row.entry, waiting))
        elif (other := labels.get(row.entry.label)) is not None and other.task_id not in taken:
            planned.append(PlannedRow(row, Fate.OTHER_WORDS, words=other.words))
        else:
            planned.append(PlannedRow(row, Fate.NEW))
    return Plan(tuple(planned), tuple(task.label for task in present.tasks if task.task_id not in taken))


def _by_print(tasks: Sequence[KnownTask]) -> Mapping[str, list[KnownTask]]:
    found: dict[str, list[KnownTask]] = defaultdict(list)
    for task in tasks:
        found[fingerprint(task.words)].append(task)
    return found


def _pairs(rows: Sequence[LedgerRow], tasks: Mapping[str, list[KnownTask]]) -> Mapping[int, KnownTask]:
    """Give each row its task: of several with the same words that of its number, the rest in their order."""
    found: dict[int, KnownTask] = {}
    left = {words: list(known) for words, known in tasks.items()}
    entries = [(place, row.entry) for place, row in enumerate(rows) if row.kind is RowKind.ENTRY and row.entry]
    for by_label in (True, False):
        for place, entry in entries:
            known = left.get(fingerprint(entry.words), [])
            task = next((one for one in known if not by_label or one.label == entry.label), None)
            if place not in found and task is not None:
                found[place] = task
                known.remove(task)
    return found


def _drafted(row: LedgerRow, entry: LedgerEntry, waiting: list[LedgerEntry]) -> PlannedRow:
    """Tell whether the same waits in a draft already; what differs is corrected there."""
    same = next((one for one in waiting if _said(one) == _said(entry)), None)
    waiting.remove(same or waiting[0])
    return PlannedRow(row, Fate.DRAFTED if same else Fate.DRAFTED_OTHERWISE)


def _said(entry: LedgerEntry) -> tuple[object, ...]:
    return entry.leads, frozenset(entry.supports), entry.due_on, entry.cadence


def _held_against(
    row: LedgerRow, entry: LedgerEntry, task: KnownTask, codes: Callable[[str], tuple[str, ...]]
) -> PlannedRow:
    names = (*entry.leads, *entry.supports)
    unknown = [name for name in names if not codes(name)]
    if unknown:
        return PlannedRow(row, Fate.UNKNOWN_UNIT, task, words="、".join(unknown))
    leads = tuple(dict.fromkeys(code for name in entry.leads for code in codes(name)))
    supports = frozenset(code for name in entry.supports for code in codes(name)) - set(leads)
    # What a ledger leaves empty it does not say.
    wanted = Standing(leads, supports if entry.supports else task.now.supports, entry.due_on or task.now.due_on)
    differences = tuple(_differences(entry, task, wanted))
    if not differences:
        return PlannedRow(row, Fate.SAME, task, wanted)
    return PlannedRow(row, task.fate or Fate.DIFFERS, task, wanted, differences)


def _differences(entry: LedgerEntry, task: KnownTask, wanted: Standing) -> Iterator[Difference]:
    for what, read in _READ:
        entered, now, new = read(task.entered), read(task.now), read(wanted)
        if new != now and not (what is Differs.SUPPORTS and not entry.supports):
            since = Since.LEDGER if now == entered else Since.SYSTEM if new == entered else Since.BOTH
            yield Difference(what, since, entered, now, new)
    if entry.cadence is not None and entry.cadence.value not in task.rhythms:
        yield Difference(Differs.RHYTHM, Since.LEDGER, "", "、".join(sorted(task.rhythms)), entry.cadence.value)


_READ: Sequence[tuple[Differs, Callable[[Standing], str]]] = (
    (Differs.LEADS, lambda standing: "、".join(sorted(standing.leads))),
    (Differs.SUPPORTS, lambda standing: "、".join(sorted(standing.supports))),
    (Differs.DUE, lambda standing: standing.due_on.isoformat() if standing.due_on else ""),
)
