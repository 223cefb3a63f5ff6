"""Facts about what the intake read of a file, until a document is made of it."""

from dataclasses import dataclass

from tracker.domain.events.base import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftUploaded(Event):
    """A document came in and was read by the intake, with the `lessons` that its issuer's earlier ones taught."""

    type = "draft.uploaded"
    draft_id: int
    file_name: str
    file_sha256: str
    items: int
    lessons: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCorrected(Event):
    """A person corrected what the intake read; `item` is the place of the item, from 1, where it concerns one."""

    type = "draft.corrected"
    draft_id: int
    act: str
    item: int | None = None
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftApproved(Event):
    """A second person approved a draft 「立项」; it became a registered document."""

    type = "draft.approved"
    draft_id: int
    document_id: int
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftDiscarded(Event):
    type = "draft.discarded"
    draft_id: int
    reason: str
