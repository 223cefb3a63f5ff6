"""Facts about documents: registered, read anew, approved, issued, ended, replaced."""

from dataclasses import dataclass
from datetime import date

from tracker.domain.events.base import Event
from tracker.domain.events.shares import IssuedShare


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRow:
    """The digest of a row (`store/row_digests.py`); of an item also of what it demands (`store/demand_digests.py`)."""

    id: int
    sha256: str
    demands: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRegistered(Event):
    """A document was entered; `sealed` and `sealed_items` are the digests of it and its items, none of before."""

    type = "document.registered"
    document_id: int
    number: str
    text_sha256: str
    items: int
    sealed: str | None = None
    sealed_items: tuple[SealedRow, ...] = ()

    def key(self) -> str:
        return f"document.registered/{self.document_id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retitled:
    """An item that reading anew gave another title."""

    item: str
    old_title: str
    new_title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReread(Event):
    """A registered document was read anew: whom its demands bind, how its numbers count, what it leaves open.

    `changed` and `added` are codes of items; what was added waits for the office to approve and issue it. `titles` are
    the items of `changed` that bear another title now.
    """

    type = "document.reread"
    document_id: int
    number: str
    changed: tuple[str, ...]
    added: tuple[str, ...]
    questions: int
    titles: tuple[Retitled, ...] = ()
    sealed: str | None = None
    sealed_items: tuple[SealedRow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEndCorrected(Event):
    """The office corrected until when a registered document plans; None where it has no end."""

    type = "document.plan_end_corrected"
    document_id: int
    number: str
    old_on: date | None
    new_on: date | None
    reason: str
    sealed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentApproved(Event):
    """All proposed tasks of a document were approved 「立项」; Source: 国务院令第733号 第十一条."""

    type = "document.approved"
    document_id: int
    tasks: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentIssued(Event):
    """All approved tasks of a document were issued 「交办」 to their units, with the shares that came of it."""

    type = "document.issued"
    document_id: int
    tasks: int
    task_ids: tuple[int, ...] = ()
    shares: tuple[IssuedShare, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentEnded(Event):
    """A document's validity or its plan was over on `ended_on`, and open tasks of it lapsed by that."""

    type = "document.ended"
    document_id: int
    ended_on: date

    def key(self) -> str:
        return f"{self.type}/{self.document_id}/{self.ended_on}"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedPart:
    """One unit's live share of a task that a newer edition ended; `by_item` is the code of the item that goes on.

    `goes_on` where that item tasks the unit too; editions of before it was told count as if it did.
    """

    unit_id: int
    item: str
    by_item: str | None
    goes_on: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSuperseded(Event):
    """A newer edition took a document's place; `parts` are the shares of its open tasks that ended by that."""

    type = "document.superseded"
    document_id: int
    by_document_id: int
    parts: tuple[EndedPart, ...]

    def key(self) -> str:
        return f"{self.keys_of(self.document_id)}{self.by_document_id}"

    @classmethod
    def keys_of(cls, document_id: int) -> str:
        """Return what the key of whatever replaced a document begins with."""
        return f"{cls.type}/{document_id}/"
