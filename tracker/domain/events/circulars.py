"""Facts about papers that go out, and the templates that they are made by."""

from dataclasses import dataclass
from datetime import date, datetime

from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularDrafted(Event):
    """A paper was drafted; of a correction `because` says why it takes the place of another.

    `score_month_id` and `score_edition` say of which result of an evaluated month it tells. `redrafts` is the draft
    that was given up for it.
    """

    type = "circular.drafted"
    circular_id: int
    kind: str
    as_of: datetime
    last_event: int
    because: str = ""
    score_month_id: int | None = None
    score_edition: int | None = None
    redrafts: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularChanged(Event):
    """A circular's words or state changed; `words` are the reason or basis where one was given.

    `closed` is what its page says of one that another took the place of; None before that was kept.
    """

    type = "circular.changed"
    circular_id: int
    act: str
    words: str = ""
    closed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularTemplateKept(Event):
    """The office uploaded a template of its own, or retired one."""

    type = "circular.template_kept"
    template_id: int
    kind: str
    name: str
    sha256: str
    retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularIssued(Event):
    """A circular got its number; its file is drawn of the facts with this digest, none of editions that keep none.

    `unit_ids` are the units that hear of it, `answer_on` is the day by which it wants an answer, that day included.
    `sealed` is the digest of what the paper says (`store/row_digests.py`), None where it was issued before that was
    kept.
    """

    type = "circular.issued"
    circular_id: int
    number: str
    facts_sha256: str | None = None
    unit_ids: tuple[int, ...] = ()
    answer_on: date | None = None
    sealed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CircularDrawn(Event):
    """The file of an issued circular was drawn and kept."""

    type = "circular.drawn"
    circular_id: int
    sha256: str
