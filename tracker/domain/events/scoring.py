"""Facts about the evaluation by a scheme 「月度考评」: its rules, what was decided, and each month of it."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemeKept(Event):
    """A version of a scheme's rules was taken over; `sha256` is the digest of its file, `sealed` of the row."""

    type = "scoring.scheme_kept"
    scheme_id: int
    code: str
    document: str
    title: str
    sha256: str
    sealed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringDecided(Event):
    """The office decided what a scheme leaves open, from `first_month` to `last_month`, both included.

    They are written as 2022-09; empty or None is no bound.
    """

    type = "scoring.decided"
    decision_id: int
    scheme: str
    question: str
    version: int
    option: str
    number: str | None
    weights: str
    decider: str
    decided_on: date
    reason: str
    first_month: str
    last_month: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringMonthOpened(Event):
    """A month is evaluated by a version of the rules; inputs are to be there by `inputs_by`, that day included.

    `unit_ids` are the units that the rules print as their suppliers.
    """

    type = "scoring.month_opened"
    month_id: int
    scheme: str
    scheme_id: int
    month: str
    inputs_by: date
    unit_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringRulesRenewed(Event):
    """A month that is being collected goes by newer rules; `unit_ids` are its suppliers, by these.

    `gone_ids` are those that were by the rules before, and hand in nothing any more.
    """

    type = "scoring.rules_renewed"
    month_id: int
    scheme_id: int
    unit_ids: tuple[int, ...]
    gone_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringSuppliersNamed(Event):
    """By what was decided `unit_ids` hand in what others, or nobody, handed in of a month that is being collected.

    Inputs are to be there by `inputs_by`, that day included. `freed_ids` are the units that hand in less by it,
    `gone_ids` those that hand in nothing any more.
    """

    type = "scoring.suppliers_named"
    month_id: int
    inputs_by: date
    unit_ids: tuple[int, ...]
    freed_ids: tuple[int, ...] = ()
    gone_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredInput:
    """One input as it was handed in; numbers as text. `replaces_id` is the one that it corrects, for a `reason`.

    `void` takes the corrected one back and leaves nothing in its place.
    """

    id: int
    month_id: int
    kind: str
    code: str
    object: str
    value: str | None
    found: str | None
    reference: str
    items: str
    source: str
    behind: str
    source_words: str
    file_sha256: str | None
    file_name: str | None
    file_media_type: str | None
    reason: str
    replaces_id: int | None
    void: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringInputsEntered(Event):
    """A unit, or the office, handed in inputs of a month together."""

    type = "scoring.inputs_entered"
    month_id: int
    inputs: tuple[EnteredInput, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringMonthMoved(Event):
    """The office drafted the ranking of a month, or went back to collecting."""

    type = "scoring.month_moved"
    month_id: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringCheckOpened(Event):
    """The evaluated bodies `unit_ids` may check their marks and object until `check_until`, that day included."""

    type = "scoring.check_opened"
    month_id: int
    check_until: date
    unit_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedMarks:
    """What corrected inputs change for an evaluated body: place and total, before and now, totals as text.

    `items` are the codes of the items whose marks are others; `unit_id` is who has the body's work, None for nobody.
    """

    object: str
    unit_id: int | None
    rank_before: int | None
    rank: int | None
    total_before: str
    total: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringMarksChanged(Event):
    """Inputs were corrected in a month's check: the marks or the places of `unit_ids` are others than they read.

    They may object until `check_until`, that day included. `changed` is what of each; of older events nobody knows.
    """

    type = "scoring.marks_changed"
    month_id: int
    check_until: date
    unit_ids: tuple[int, ...]
    changed: tuple[CorrectedMarks, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksObjected(Event):
    """An evaluated body objected to its marks under an item."""

    type = "scoring.objected"
    objection_id: int
    month_id: int
    object: str
    item: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksObjectionAnswered(Event):
    """The office answered an objection; `state` says whether it holds.

    `inputs_after` is the number of the month's last input until then. `unit_ids` are the suppliers that may correct
    what it is about; none where it does not hold or the month takes no inputs.
    """

    type = "scoring.objection_answered"
    objection_id: int
    month_id: int
    item: str
    state: str
    answer: str
    inputs_after: int | None = None
    unit_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksObjectionSettled(Event):
    """The office said why nothing in the marks is to be changed though an objection holds."""

    type = "scoring.objection_settled"
    objection_id: int
    month_id: int
    item: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UncountedRecord:
    """What counting from the records of projects would have written or withdrawn when a result was kept without it.

    `kind`, `code`, `object` and `items` are those of the input; `projects` names the first of the `count` projects that
    stand behind it in the records and not in the marks, or the other way round, or by which it cannot be counted any
    more. `how` the marks differ from the records is `Uncounted`; `value` and `found` are what counting would write, or
    what it would withdraw, as text. Of older events nobody knows these.
    """

    kind: str
    code: str
    object: str
    items: tuple[str, ...]
    projects: tuple[str, ...]
    count: int
    how: str = ""
    value: str = ""
    found: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringMonthFrozen(Event):
    """A month's result is kept with its rules, decisions and inputs.

    `decided_up_to` is the number of the last decision that counts for it; `sealed` the digest of the kept text.
    `uncounted` records of projects are in no mark, for a reason; `uncounted_records` are those.
    """

    type = "scoring.month_frozen"
    month_id: int
    rule_version: str
    inputs_digest: str
    decided_up_to: int
    sealed: str
    uncounted: int = 0
    uncounted_reason: str = ""
    uncounted_records: tuple[UncountedRecord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringMonthIssued(Event):
    """The circular about a month went out, which publishes its result."""

    type = "scoring.month_issued"
    month_id: int
    circular_id: int
