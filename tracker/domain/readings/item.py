"""One action item 「事项」, from the intake's draft to registration."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from tracker.domain.items import ItemKind, LeadBasis, QuestionTopic
from tracker.domain.readings.demands import Bound, Cadence, Deadline, EvidenceRequirement, Target

# Below it a field is shown to a person as doubtful.
TRUSTED = 0.85


@dataclass(frozen=True, slots=True)
class PrintedUnit:
    """A printed unit, its elided prefix restored; `unit_code` is None until the name is resolved."""

    printed: str
    unit_code: str | None = None

    @property
    def code(self) -> str:
        """The code of the registered unit that the name stands for; only a resolved name has one."""
        assert self.unit_code is not None, self.printed
        return self.unit_code


@dataclass(frozen=True, slots=True)
class AssignedLead(PrintedUnit):
    """A lead that the office assigned 「督查室拟定」 where the text prints none; a draft has no reason yet."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class PrintedGroup:
    """A printed collective; nobody may have said yet, or ever, who its members are.

    `inherited_from` is the label of the item whose words extend the group to this one.
    """

    printed: str
    member_codes: tuple[str, ...] = ()
    inherited_from: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Something the text leaves open, put to the office in a sentence."""

    topic: QuestionTopic
    words: str


class DoubtField(StrEnum):
    """What of an item the intake could not decide."""

    UNITS = "units"
    LEAD = "lead"
    SUPPORTS = "supports"
    GROUPS = "groups"
    CADENCE = "cadence"
    DEADLINE = "deadline"
    TARGETS = "targets"
    EVIDENCE = "evidence"
    BEARER = "bearer"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A field with its confidence, 0 to 1, and the words that left it undecided."""

    field: DoubtField
    confidence: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class Confidence:
    """How likely a field was read right, 0 to 1."""

    field: DoubtField
    share: float


@dataclass(frozen=True, slots=True)
class Item:
    """One action item; `span` is [start, end) in code points, annotation included.

    `code` is empty until registration. `responsibility` is the annotation as a person wrote it down, else it is taken
    from its span when names are resolved. `outlives` where the words give the measure a term of its own beyond the
    document's 「除外」. `doubts` and `confidence` are as the intake left them; a person's reading has none.
    """

    label: str
    kind: ItemKind
    title: str
    span: tuple[int, int]
    lead_basis: LeadBasis = LeadBasis.NONE
    code: str = ""
    responsibility: str | None = None
    responsibility_span: tuple[int, int] | None = None
    leads: tuple[PrintedUnit, ...] = ()
    supports: tuple[PrintedUnit, ...] = ()
    groups: tuple[PrintedGroup, ...] = ()
    assigned_leads: tuple[AssignedLead, ...] = ()
    cadences: tuple[Cadence, ...] = ()
    deadline: Deadline | None = None
    targets: tuple[Target, ...] = ()
    evidence: tuple[EvidenceRequirement, ...] = ()
    level: str | None = None
    scoring: dict[str, object] | None = None
    note: str | None = None
    questions: tuple[Question, ...] = ()
    outlives: bool = False
    doubts: tuple[Doubt, ...] = ()
    confidence: tuple[Confidence, ...] = ()

    @property
    def bounds(self) -> tuple[Bound, ...]:
        """Whom each demand binds: rhythms, numbers, evidence, then the day."""
        demands: list[Cadence | Target | EvidenceRequirement | Deadline]
        demands = [*self.cadences, *self.targets, *self.evidence, *([self.deadline] if self.deadline else [])]
        return tuple(demand.bound for demand in demands)


def as_printed(names: Iterable[str]) -> tuple[PrintedUnit, ...]:
    """Return the names as printed units that nobody has looked up yet."""
    return tuple(PrintedUnit(name) for name in names)
