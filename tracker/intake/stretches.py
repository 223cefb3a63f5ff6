"""A stretch of the text that is one item, and the title that its words give it."""

from dataclasses import dataclass
from itertools import pairwise

from tracker.domain.items import ItemKind
from tracker.intake.expressions import expression

# e.g. 加强组织领导。各县区要成立专班
_SENTENCE_END = expression(r"[。：:\n]")
# e.g. 完善工作机制，强化督导检查
_CLAUSE_END = expression(r"[，；。]")
_LONGEST_SENTENCE = 30


@dataclass(frozen=True, slots=True)
class Record:
    """What the layout says of an item: a row by the heads of its columns, a block by the labels of its fields.

    `words` are the stretches that say what is to be done, `notes` what is to be read as annotations, `evidence` the
    products that stand under such a head; `measured` is an indicator's name, value and unit, where they stand apart;
    `facts` are those of the words that tell a problem beside its measures: what is so demands nothing.
    """

    words: tuple[tuple[int, int], ...]
    notes: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    measured: tuple[str, str, str] | None = None
    facts: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """One item's stretch [start, end), its printed label, kind, title and annotations (document offsets)."""

    label: str
    kind: ItemKind
    title: str
    start: int
    end: int
    annotations: tuple[tuple[int, int], ...]
    subject: str | None = None
    record: Record | None = None

    @property
    def is_noted_in_one(self) -> bool:
        """Whether the annotations are one stretch, as lines of fields are."""
        return bool(self.annotations) and all(b[0] - a[1] <= 1 for a, b in pairwise(self.annotations))


def title_of(body: str, *, marks: list[tuple[int, int]]) -> str:
    """Return the first sentence without annotations, or its first clause where the sentence is long."""
    words = body
    for start, end in sorted(marks, reverse=True):
        words = words[:start] + words[end:]
    words = words.strip()
    first = _SENTENCE_END.split(words, maxsplit=1)[0]
    if len(first) > _LONGEST_SENTENCE:
        first = _CLAUSE_END.split(words, maxsplit=1)[0]
    return first.strip() or words[:40] or "—"
