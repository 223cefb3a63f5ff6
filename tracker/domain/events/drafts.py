"""Facts about what the intake read of a file, until a document is made of it."""

from dataclasses import dataclass
from enum import StrEnum

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


class CorrectionAct(StrEnum):
    """By which act a person corrected a draft; `AGAIN`: another item was read anew for what a correction taught."""

    HEAD = "head"
    ADD = "add"
    DECLARE = "declare"
    ASSIGN = "assign"
    REST = "rest"
    EDIT = "edit"
    CONFIRM = "confirm"
    SPLIT = "split"
    MERGE = "merge"
    DROP = "drop"
    MEMBERS = "members"
    ADOPT = "adopt"
    SETTLE = "settle"
    AGAIN = "again"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftCorrected(Event):
    """A person corrected what the intake read; `act` is a code of `CorrectionAct`.

    `item` is the place of the item, from 1, where it concerns one.
    """

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
